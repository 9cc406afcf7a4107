"""Find the notebooks of a class in whatever an instructor has of it. Called by ``course grade``; knows nothing of marks.

Taken are nbgrader's tree, a flat folder, one file, and the zips that Canvas and Moodle hand out, also in folders.
Nothing is unpacked: a submission is read into memory when it is asked for, one at a time. Names of files and of people
come from students, so no name is ever used as a path: each student gets a folder name made here.
"""

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from helpers import match

MAX_NOTEBOOK_BYTES = 64 * 2**20
MAX_ZIP_MEMBERS = 20_000
MAX_NAME = 1_000

_ENDING = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)  # browsers add the second one
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|gz|bz2|xz|7z|rar)$", re.IGNORECASE)
# Moodle: mod/assign/classes/downloader.php; an underscore in a name is turned into a blank there.
_MOODLE = re.compile(r"^(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_[a-z]+(_|$)(?P<file>.*)$")
# Canvas: lib/content_zipper.rb; "anon" and a code in place of the name where grading is anonymous.
_CANVAS = re.compile(
    r"^(?:(?P<name>.+?)_(?:LATE_)?(?P<id>[1-9]\d*)|(?:LATE_)?anon_(?P<code>[A-Za-z0-9]+))_(?P<attachment>[1-9]\d*)_(?P<file>.+)$"
)
_COPY = re.compile(r"^(copy[ _]of[ _])+", re.IGNORECASE)
_NUMBER = re.compile(r"[ _]?\((\d+)\)$")
_JOINERS = "\u200c\u200d"  # Persian and Indian names need them
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}


class SubmissionError(ValueError):
    """A submission, or the folder of them, cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where the bytes of a submission lie: a file, or the member of that number in a zip."""

    path: Path
    member: int | None = None

    def read(self):
        """The bytes.

        Returns
        -------
        bytes
            At most ``MAX_NOTEBOOK_BYTES``.

        Raises
        ------
        SubmissionError
            If the file is gone, damaged or too large.
        """
        try:
            if self.member is None:
                with open(self.path, "rb") as file:
                    data = file.read(MAX_NOTEBOOK_BYTES + 1)
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(archive.infolist()[self.member]) as file:
                    data = file.read(MAX_NOTEBOOK_BYTES + 1)
        except (
            OSError,
            EOFError,
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            IndexError,
        ) as error:
            raise SubmissionError(f"the file cannot be read: {error}; download it again") from None
        if len(data) > MAX_NOTEBOOK_BYTES:
            raise SubmissionError(_TOO_LARGE)
        return data


_TOO_LARGE = f"the file is larger than {MAX_NOTEBOOK_BYTES // 2**20} MB: clear its outputs and hand it in again"


@dataclass(frozen=True)
class Submission:
    """One student's notebook.

    Attributes
    ----------
    student : str
        Safe as the name of a folder on every system, and always the same for the same name: see :func:`folder_name`.
    name : str
        What the file called the student, for people to read.
    id : str
        Number that Canvas or Moodle gave the student; empty elsewhere.
    source : str
        Which file it was, for people to read.
    modified : float
        Seconds since 1970: when it was handed in (nbgrader), else when the file was changed.
    place : Place
    """

    student: str
    name: str
    id: str
    source: str
    modified: float
    place: Place

    def read(self):
        """The notebook's bytes; see :meth:`Place.read`."""
        return self.place.read()

    def read_or_reason(self):
        """The notebook's bytes or, where there are none, a text that says why: it is graded as the file that it is."""
        try:
            return self.read()
        except SubmissionError as error:
            return f"({error})".encode()


@dataclass(frozen=True)
class Skipped:
    """A file that is not graded, and why."""

    source: str
    reason: str


@dataclass(frozen=True)
class Collected:
    """The newest notebook of each student, by folder name, and all that was left aside."""

    submissions: tuple
    skipped: tuple


@dataclass(frozen=True)
class _File:
    """A file of a container, by its parts below it; ``around`` are names of folders above, nearest last."""

    parts: tuple
    around: tuple
    source: str
    place: Place
    modified: float


@dataclass(frozen=True)
class _Owned:
    """A notebook with its owner; of one owner the one with the greatest ``version`` counts."""

    file: _File
    name: str
    id: str
    version: tuple

    @property
    def identity(self):
        return f"{self.name}_{self.id}" if self.id else self.name


def collect(path, lesson, *, pattern=None):
    """Find each student's newest notebook of a lesson.

    Parameters
    ----------
    path : Path
        A notebook, a zip, or a folder: nbgrader's ``submitted``, or the folder around it; notebooks; zips.
    lesson : str
        Name of the lesson, to tell it from the student's name in ``02_dense_mlp_ada.ipynb``.
    pattern : str, optional
        Regular expression with a group ``student``, searched in the path of each notebook below ``path`` (or below the
        top of its zip), with ``/``. For namings not known here; a notebook that it does not fit is left aside.

    Returns
    -------
    Collected

    Raises
    ------
    SubmissionError
        If ``path`` is not there, or the pattern is none.
    """
    path, search = Path(path), _compiled(pattern)
    if not path.exists():
        raise SubmissionError(f"{path} is not there")
    for inner in ("submitted", ".build/nbgrader/submitted"):
        if (path / inner).is_dir():
            path = path / inner
            break
    skipped, owners = [], defaultdict(list)
    for files in _containers(path, lesson, skipped):
        for one in _owned(files, lesson, search, skipped):
            owners[unicodedata.normalize("NFC", one.identity)].append(one)
    submissions = {}
    for identity, versions in sorted(owners.items()):
        *older, newest = sorted(versions, key=lambda one: (one.version, one.file.source))
        student = folder_name(identity)
        if student in submissions:  # two names with one digest: not by chance
            older, reason = versions, f"its student's name was made to look like that of {submissions[student].source}"
        else:
            submissions[student] = Submission(
                student, printable(newest.name), newest.id, newest.file.source, newest.file.modified, newest.file.place
            )
            reason = f"another version of this student's notebook: {newest.file.source} counts"
        skipped += [Skipped(one.file.source, reason) for one in older]
    return Collected(
        tuple(submissions[student] for student in sorted(submissions)),
        tuple(sorted(skipped, key=lambda one: one.source)),
    )


def folder_name(identity):
    """A folder name for a student: the name itself if it is safe everywhere, else what is safe of it and a digest.

    Safe are small letters and digits with single ``.``, ``_`` or ``-`` between them. Two names never share a folder, not
    even on a system that takes ``Ada`` for ``ada``, and a name gets the same folder in every run and on every machine.

    Parameters
    ----------
    identity : str
        Any text.

    Returns
    -------
    str
        1 to 80 characters.
    """
    identity = unicodedata.normalize("NFC", identity).strip()
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", identity) if not unicodedata.combining(letter))
    safe = re.sub(r"[^a-z0-9]*([._-])[^a-z0-9]*|[^a-z0-9]+", lambda found: found.group(1) or "-", plain.lower())
    safe = safe[:60].strip("._-")
    digested = re.search(r"-[0-9a-f]{12}$", safe)  # a name of this form could take the folder of another student
    if safe and safe == identity and safe.split(".")[0] not in _RESERVED and not digested:
        return safe
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{safe.replace('.', '-') or 'student'}-{digest}"


def printable(text):
    """Text that cannot steer a terminal or turn its neighbours round: such characters are written as their codes."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(letter):04x}"
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in _JOINERS
        else letter
        for letter in text
    )


def _compiled(pattern):
    if pattern is None:
        return None
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SubmissionError(f"the pattern for submissions is not a regular expression: {error}") from None
    if "student" not in compiled.groupindex:
        raise SubmissionError(f"the pattern for submissions {pattern!r} has no group (?P<student>...)")
    return compiled


# --- what there is --------------------------------------------------------------------------------------------------


def _containers(path, lesson, skipped):
    """The files in groups: those of the folder itself, and those of each zip. Links and oddities go to ``skipped``."""
    if not path.is_dir():
        if path.suffix.lower() == ".zip":
            return [_zip_files(path, path.name, lesson, skipped)]
        parent = path.resolve().parent
        return [
            [_File((path.name,), (parent.parent.name, parent.name), printable(path.name), Place(path), _mtime(path))]
        ]
    loose, groups = [], []
    above = path.resolve()
    for folder, folders, names in os.walk(path):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted([*links, *names]):
            file = Path(folder) / name
            parts = file.relative_to(path).parts
            shown = "/".join(parts)
            mode = file.lstat().st_mode
            if not stat.S_ISREG(mode):
                reason = "a link is not followed" if stat.S_ISLNK(mode) else "not a file"
                skipped.append(Skipped(printable(shown), reason))
            elif file.suffix.lower() == ".zip":
                groups.append(_zip_files(file, shown, lesson, skipped))
            else:
                around = (above.parent.name, above.name)
                loose.append(_File(parts, around, printable(shown), Place(file), _mtime(file)))
    return [loose, *groups]


def _mtime(path):
    return path.stat().st_mtime


def _zip_files(path, shown, lesson, skipped):
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, EOFError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        skipped.append(Skipped(printable(shown), f"not a zip that can be read: {error}"))
        return []
    if len(members) > MAX_ZIP_MEMBERS:
        skipped.append(Skipped(printable(shown), f"a zip of {len(members)} files; at most {MAX_ZIP_MEMBERS} are taken"))
        return []
    overlapping, around = _overlapping(members), _given_name(path.stem, lesson)
    files = []
    for number, member in enumerate(members):
        name = _member_name(member)
        source = printable(f"{shown}: {name[:MAX_NAME]}")
        parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
        if member.is_dir() or not parts:
            continue
        if reason := _refused(member, member.header_offset in overlapping):
            skipped.append(Skipped(source, reason))
        else:
            files.append(_File(parts, (around,), source, Place(path, number), _member_time(member)))
    return files


def _member_name(member):
    """The name as it was meant: zips made on Windows and macOS hold UTF-8 without saying so."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            return member.filename
    return member.filename


def _member_time(member):
    try:
        return datetime(*member.date_time).timestamp()
    except (ValueError, OverflowError):  # a zip may say month 0
        return 0.0


def _overlapping(members):
    """Offsets of members that share bytes with another, as in a bomb whose files all lie on one another."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    shared = set()
    for one, after in zip(ordered, ordered[1:], strict=False):
        if one.header_offset + one.compress_size > after.header_offset:
            shared |= {one.header_offset, after.header_offset}
    return shared


def _refused(member, overlaps):
    if overlaps:
        return "it shares its bytes with another file of the zip, as in a zip bomb: refused"
    if len(member.filename) > MAX_NAME:
        return "its name is too long"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link is not followed"
    if member.flag_bits & 0x1:
        return "locked with a password: ask for it without"
    if _ENDING.search(member.filename) and member.file_size > MAX_NOTEBOOK_BYTES:
        return _TOO_LARGE
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"packed by a method that is not read here ({member.compress_type}): pack the zip again"
    return ""


# --- whose it is ----------------------------------------------------------------------------------------------------


def _owned(files, lesson, search, skipped):
    """The notebooks of one container with their owners; what is none goes to ``skipped``."""
    others = sorted(set(match.released_lessons()) - {lesson})
    times = {file.parts[:-1]: _handed_in(file) for file in files if file.parts[-1] == "timestamp.txt"}
    folders = defaultdict(list)
    for file in files:
        if file.parts[-1] == "timestamp.txt":
            continue
        if reason := _not_wanted(file, lesson, others):
            skipped.append(Skipped(file.source, reason))
        else:
            folders[file.parts[:-1]].append(replace(file, modified=times.get(file.parts[:-1]) or file.modified))
    places = defaultdict(set)
    for parts, inside in folders.items():
        for file in inside:
            places[_given_name(file.parts[-1], lesson)].add(parts)
    for inside in folders.values():
        for file in inside:
            if search is not None:
                one = _by_pattern(file, search)
            else:
                one = _by_lms(file, lesson) or _by_place(file, lesson, inside, places)
            if one is None:
                skipped.append(Skipped(file.source, "the pattern for submissions does not fit its name"))
            else:
                yield one


def _handed_in(file):
    """Seconds since 1970 from nbgrader's timestamp.txt; None if it says nothing that can be read."""
    text = file.place.read()[:100].decode("utf-8", "replace").strip()
    try:
        return datetime.fromisoformat(re.sub(r" ?UTC$", "+00:00", text)).timestamp()
    except (ValueError, OverflowError):
        return None


def _not_wanted(file, lesson, others):
    name = file.parts[-1]
    if name.startswith("._") or {".ipynb_checkpoints", "__MACOSX"} & set(file.parts):
        return "a copy that an editor or a Mac made by itself"
    if not _ENDING.search(name):
        if _ARCHIVE.search(name):
            return "an archive inside: it is not opened; unpack it and grade that folder"
        return "not a notebook"
    if file.place.member is None and file.place.path.stat().st_size > MAX_NOTEBOOK_BYTES:
        return _TOO_LARGE
    if not _words(lesson).search(name):
        for other in others:
            if _words(other).search(name) or other == "/".join(file.parts[-2:-1]):
                return f"a notebook of the lesson {other}"
    return ""


def _words(lesson):
    """A lesson's name in a file name, with whatever a download or a student put between its words."""
    return re.compile(r"(?<![0-9])" + r"[ _-]+".join(map(re.escape, lesson.split("_"))), re.IGNORECASE)


def _stem(name):
    """A file's name without ending, ``Copy_of_`` and the number of a second download."""
    stem = _COPY.sub("", _ENDING.sub("", unicodedata.normalize("NFC", name)))
    while found := _NUMBER.search(stem):
        stem = stem[: found.start()]
    return stem


def _number(name):
    """Which download it was: 2 for ``name (2).ipynb`` and, as Canvas writes it, for ``name-2.ipynb``."""
    found = re.search(r"(?:\((\d{1,4})\)|-(\d{1,4}))$", _ENDING.sub("", name))
    return int(found.group(1) or found.group(2)) if found else 0


def _given_name(name, lesson):
    """The student's name in the name of a file or zip: what is left without the lesson's; empty if nothing is."""
    stem = _stem(name)
    if not _words(lesson).search(stem):
        return stem.strip()
    return re.sub(_words(lesson).pattern + r"(-\d{1,4}$)?", " ", stem, count=1, flags=re.IGNORECASE).strip(" _-.")


def _version(file, fits=True, upload=0, number=0):
    """What is compared: whether the name fits the lesson, what the platform counts, then time, then downloads."""
    return (fits, upload, number, file.modified, _number(file.parts[-1]))


def _by_pattern(file, search):
    found = search.search("/".join(file.parts))
    student = (found["student"] or "").strip() if found else ""
    return _Owned(file, student, "", _version(file)) if student else None


def _by_lms(file, lesson):
    """The owner by the naming of Moodle or Canvas; None if it is neither."""
    last = file.parts[-1]
    for part in file.parts:
        if found := _MOODLE.match(part):
            name = found["file"] if part == last else last
            fits = bool(_words(lesson).search(name))
            return _Owned(file, found["name"], found["id"], _version(file, fits, 0, _number(name)))
    found = _CANVAS.match(last)
    if found is None or (_words(lesson).search(last) and not _words(lesson).search(found["file"])):
        return None
    owner, number = (found["name"], found["id"]) if found["name"] else ("anon", found["code"])
    fits = bool(_words(lesson).search(found["file"]))
    return _Owned(file, owner, number, _version(file, fits, int(found["attachment"]), _number(found["file"])))


def _by_place(file, lesson, inside, places):
    """The owner by nbgrader's tree, or by the name of the file, or, where that says nothing, of a folder or zip."""
    given = _given_name(file.parts[-1], lesson)
    version = _version(file)
    if len(file.parts) > 2 and file.parts[-2] == lesson:
        if len(inside) == 1 or any(not _given_name(other.parts[-1], lesson) for other in inside):
            return _Owned(file, file.parts[-3], "", _version(file, fits=not given))
    alone = len(inside) == 1 and len(file.parts) > 1 and len(places[given]) > 1  # ada/hw.ipynb, ben/hw.ipynb
    if given and not alone:
        return _Owned(file, given, "", version)
    folders = [name for name in (*file.around, *file.parts[:-1]) if name and name != lesson]
    downloads = file.place.member is None and len(file.parts) == 1 and file.around[-1] != lesson
    return _Owned(file, _stem(file.parts[-1]) if downloads or not folders else folders[-1], "", version)
