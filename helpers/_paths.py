"""The folders that the course writes to: where they are, and what to do where they are read-only or their disk is full."""

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
#: What an OSError says when the disk or the folder is to blame, and not the program.
DISK_ERRORS = _READ_ONLY | _NO_FOLDER | _FULL | {errno.EFBIG}
_SYSTEM_ERROR = 2  # libsndfile's number for "the system refused": it does not pass on the reason
_LITTLE = 1 << 20  # with fewer bytes free than these, a refused write means a full disk


def data_dir():
    """Find the folder for all data: ``COURSE_DATA_DIR``, else the cache folder of the user.

    Where that is read-only (a home without write access, as on some servers), it is a folder of this user under the
    system's temporary one, and a line says so once.

    Returns
    -------
    Path
        It need not exist yet.

    Raises
    ------
    OSError
        No folder can be written to: the message names ``COURSE_DATA_DIR``.
    """
    chosen = os.environ.get("COURSE_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    own = Path(platformdirs.user_cache_dir("instrument-course", appauthor=False))
    if can_write(own):
        return own
    spare = spare_dir()
    _tell(f"{own} cannot be written to: data go to {spare}, which may not outlive a restart. "
          "Set COURSE_DATA_DIR to a folder that you may write to if you want to keep them.")
    return spare


@cache
def _tell(line):
    """Print a line the first time that it is due."""
    print(line)


def can_write(folder):
    """Whether files may be written into a folder, or into the one that it would be made in."""
    if not os.path.isabs(folder):  # a home that nobody knows stays "~"
        return False
    there = next(place for place in (Path(folder), *Path(folder).parents) if os.path.exists(place))
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def spare_dir():
    """Make the folder of this user under the system's temporary one; `OSError` where there is none, or it is another's."""
    ask = "Set COURSE_DATA_DIR, NUMBA_CACHE_DIR and MPLCONFIGDIR to folders that you may write to"
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    try:
        spare = Path(tempfile.gettempdir()) / f"instrument-course-{user}"
        spare.mkdir(mode=0o700, exist_ok=True)
        found = spare.lstat()
    except OSError as error:
        raise OSError(f"neither the home folder nor the temporary one can be written to ({error}). {ask}") from error
    # what numba keeps is run as code: nobody else may have put it there
    if spare.is_symlink() or hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        raise OSError(f"the home folder cannot be written to, and others can write to {spare}. {ask}")
    return spare


def prepare():
    """Give numba and matplotlib a place for what they keep, where their own is read-only.

    numba refuses librosa's functions without one ("cannot cache function"); matplotlib would look through all fonts at
    each start.
    """
    missing = [(name, kind) for name, kind, has_place in (("NUMBA_CACHE_DIR", "numba", _numba_has_place),
                                                          ("MPLCONFIGDIR", "matplotlib", _matplotlib_has_place))
               if not os.environ.get(name) and not has_place()]
    for name, kind in missing:
        os.environ[name] = str(spare_dir() / kind)
        if kind == "numba" and "numba" in sys.modules:  # it has read the environment already
            sys.modules["numba"].config.CACHE_DIR = os.environ[name]
        if kind == "matplotlib":
            os.makedirs(os.environ[name], exist_ok=True)


def _numba_has_place():
    """Whether numba can write beside librosa's files, where it looks first, or into the user's cache folder."""
    spec = find_spec("librosa")
    beside = [Path(place) / "util" / "__pycache__" for place in (spec.submodule_search_locations if spec else ())]
    if any(map(can_write, beside)):
        return True
    import platformdirs

    return can_write(platformdirs.user_cache_dir("numba", appauthor=False))


def _matplotlib_has_place():
    """Whether matplotlib can write into its two folders in the home."""
    home = Path(os.path.expanduser("~"))
    if not sys.platform.startswith(("linux", "freebsd")):
        return can_write(home / ".matplotlib")
    return all(can_write(Path(os.environ.get(name) or home / default) / "matplotlib")
               for name, default in (("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache")))


# ------------------------------------------------------------------------------------- disks that take nothing more


def disk_problem(error, folder, need=None):
    """Say in words why nothing could be written into a folder; "" where the error has nothing to do with it.

    Parameters
    ----------
    error : Exception
    folder : Path
    need : int or None
        Bytes that were to be written in all, where known.

    Returns
    -------
    str
    """
    sndfile = sys.modules.get("soundfile")
    number = error.errno if isinstance(error, OSError) else None
    if sndfile is not None and isinstance(error, getattr(sndfile, "LibsndfileError", ())) and error.code == _SYSTEM_ERROR:
        number = errno.ENOSPC
    if number not in DISK_ERRORS:
        return ""
    if number in _NO_FOLDER:
        return f"{getattr(error, 'filename', None) or folder} is in the way: a folder is needed there"
    if number in _READ_ONLY:
        return (f"{folder} cannot be written to ({os.strerror(number)}). Set COURSE_DATA_DIR to a folder that you may "
                "write to")
    disk, free = _disk_of(folder)
    if number == errno.EFBIG:
        return (f"the disk {disk} takes no file as large as this one for {folder} (4 GB at most on FAT32, or a limit of "
                "your account). Set COURSE_DATA_DIR to a folder on another disk")
    state = (f"is full: {free:,} bytes are free" if free < max(_LITTLE, need or 0) else
             f"takes nothing more, though {free:,} bytes are free: your quota may be used up")
    needed = "" if need is None else f", {need:,} are needed"
    return (f"the disk {disk} with {folder} {state}{needed}. Make room, or set COURSE_DATA_DIR to a folder on a larger "
            "disk")


def _disk_of(folder):
    """Where the disk of a folder is mounted, and the bytes that are free on it."""
    there = next(place for place in (Path(folder).absolute(), *Path(folder).absolute().parents) if os.path.exists(place))
    disk = next(place for place in (there, *there.parents) if os.path.ismount(place) or place == place.parent)
    return disk, shutil.disk_usage(there).free


@contextlib.contextmanager
def writing(folder, what, kind, need=None):
    """Turn what a full or read-only disk raises in the block into a `kind` that says so; other errors pass unchanged.

    Parameters
    ----------
    folder : Path
    what : str
        What did not come about: the beginning of the message.
    kind : type
        The exception to raise.
    need : int or None
        Bytes that were to be written in all, where known.
    """
    try:
        yield
    except kind:
        raise
    except Exception as error:
        problem = disk_problem(error, folder, need)
        if not problem:
            raise
        raise kind(f"{what}: {problem}") from error


def keep(path, write):
    """Keep a file that spares work next time: whole or not at all; without room for it, a line says so and work goes on.

    Parameters
    ----------
    path : Path
    write : function of a binary file
    """
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as draft:
            write(draft.file)
        os.replace(draft.name, path)
    except BaseException as error:
        if draft is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft.name)
        problem = disk_problem(error, path.parent)
        if not problem:
            raise
        print(f"{path.name} was not kept for next time: {problem}.")
