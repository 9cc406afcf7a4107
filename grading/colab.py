"""Dated lists of what Colab has installed, and the lock that follows the newest. Called by ``course colab``, ``make lock``
(``python -m grading.colab``), ``make test-colab``, and the grader, which holds its own versions against them.

A list is a file in ``tests/colab/`` called ``DATE-pythonX.Y.txt`` and has a line ``name==version`` a package.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from grading.build import write_atomically
from grading.course import CourseError, find_root

FOLDER, LOCK = Path("tests") / "colab", "requirements.lock"
# What student code can touch, and what must move with it.
TOUCHED = (
    "numpy", "scipy", "pandas", "scikit-learn", "matplotlib", "seaborn", "librosa", "soundfile", "tensorflow", "keras",
    "joblib",
)  # fmt: skip
WITH_IT = ("numba", "llvmlite", "soxr")

_HEAD = "# What Colab has installed, as its makers list it (those packages that have a released version).\n"
_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^;\s]+)")
_NAME = re.compile(r"(\d{4}-\d{2}(?:-\d{2})?)-python(\d+\.\d+)")


@dataclass(frozen=True)
class Listed:
    """A dated list: ``date`` as in its name, ``python`` such as "3.13", ``packages`` versions by canonical name."""

    path: Path
    date: str
    python: str
    packages: dict


def pins(text):
    """Versions by canonical name from the lines of a freeze-style list that have a released version.

    Left out are packages from an address or a folder, local versions such as ``2.11.0+cpu``, and comments.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict of str to str
    """
    return {canonicalize_name(found[1]): found[2] for found in _released(text)}


def _released(text):
    found = (_PIN.fullmatch(line.strip()) for line in text.splitlines())
    return [line for line in found if line and "+" not in line[2]]


def lists(root):
    """All dated lists of a course, oldest first.

    Parameters
    ----------
    root : Path

    Returns
    -------
    tuple of Listed
        Empty for a course that has none.
    """
    found = []
    for path in (Path(root) / FOLDER).glob("*-python*.txt"):
        if name := _NAME.fullmatch(path.stem):
            found.append(Listed(path, name[1], name[2], pins(path.read_text(encoding="utf-8"))))
    return tuple(sorted(found, key=_age))


def _age(listed):
    return listed.date, tuple(map(int, listed.python.split(".")))


def constraints(listed):
    """What the lock takes from a list: a line ``name==version`` for each package that student code can touch.

    Returns
    -------
    list of str

    Raises
    ------
    CourseError
        If the list lacks one of them.
    """
    missing = [name for name in TOUCHED if name not in listed.packages]
    if missing:
        raise CourseError(f"{listed.path.name} has no version of {', '.join(missing)}: is it a list of Colab's packages?")
    return [f"{name}=={listed.packages[name]}" for name in (*TOUCHED, *WITH_IT) if name in listed.packages]


def lock(root, listed):
    """The text of ``requirements.lock``: ``pyproject.toml`` resolved with the versions of a list.

    Versions that nothing forces to move stay as they are in the present lock.

    Parameters
    ----------
    root : Path
    listed : Listed

    Returns
    -------
    bytes

    Raises
    ------
    CourseError
        With what the resolver said, if the versions do not go together; nothing is written in any case.
    """
    wanted = constraints(listed)
    requires = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    if listed.python not in SpecifierSet(requires):
        raise CourseError(
            f"Colab has Python {listed.python}, and pyproject.toml has requires-python {requires!r}: "
            "move the bound there and in environment.yml first"
        )
    lowest = re.search(r">=\s*([\d.]+)", requires)[1]
    with tempfile.TemporaryDirectory() as folder:
        made, pinned = Path(folder) / LOCK, Path(folder) / "colab.txt"
        pinned.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        if (root / LOCK).is_file():
            made.write_bytes((root / LOCK).read_bytes())
        command = [
            str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes",
            "--no-emit-index-url", "--no-header", "--no-annotate", "--all-extras", "--python-version", lowest,
            "--constraints", str(pinned), "--output-file", str(made), "pyproject.toml",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
        if done.returncode:
            raise CourseError(
                f"{LOCK} cannot be made with the versions of {listed.path.name}; nothing was changed:\n{done.stderr[-3000:]}"
            )
        return made.read_bytes()


def relock(root):
    """Write ``requirements.lock`` again, from the newest list.

    Parameters
    ----------
    root : Path

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    CourseError
        If there is no list, or as :func:`lock`.
    """
    found = lists(root)
    if not found:
        raise CourseError(f"{FOLDER} has no list DATE-pythonX.Y.txt: `course colab LIST` puts one there")
    return [root / LOCK] if write_atomically(root / LOCK, lock(root, found[-1])) else []


def take(root, path, date=None, python=None):
    """Put a freeze-style list of Colab's packages into place, and write the lock from the newest list.

    Parameters
    ----------
    root : Path
    path : Path
    date, python : str, optional
        Such as "2026-09" and "3.13"; read from the file's name where they are not given.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    CourseError
        If date or Python is not known, the list is none, or as :func:`lock`; nothing is written then.
    """
    date = date or next(iter(re.findall(r"\d{4}-\d{2}(?:-\d{2})?", path.stem)), None)
    python = python or next(iter(re.findall(r"python(\d+\.\d+)", path.stem)), None)
    name = f"{date}-python{python}"
    if not _NAME.fullmatch(name):
        raise CourseError(
            f"which month and Python is {path.name} of? Give --date 2026-09 and --python 3.13, or name it DATE-pythonX.Y.txt"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not text: a list with lines name==version was expected") from None
    target = Path(root) / FOLDER / f"{name}.txt"
    new = Listed(target, date, python, pins(text))
    constraints(new)  # an older list is not locked, but must be one
    newest = max([new, *(one for one in lists(root) if one.path != target)], key=_age)
    locked = lock(root, newest)
    kept = _HEAD + "".join(f"{line[0]}\n" for line in _released(text))
    return [file for file, data in ((target, kept.encode()), (root / LOCK, locked)) if write_atomically(file, data)]


if __name__ == "__main__":
    try:
        print("\n".join(map(str, relock(find_root()))) or f"{LOCK} is up to date")
    except CourseError as error:
        sys.exit(str(error))
