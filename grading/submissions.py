"""Find the notebooks of a class in whatever an instructor has of it; knows nothing of marks.

Taken are nbgrader's tree, a flat folder, one file, and the zips that Canvas and Moodle hand out, also in folders.
Nothing is unpacked: a submission is read into memory when it is asked for, one at a time. Names of files and of people
come from students, so no name is ever used as a path: each student gets a folder name made here.

Whose a notebook is, the outermost level decides: the name that the platform gave, the student's folder, the student's
zip. What a student packed into a hand-in can name another person, and carry any date: neither is believed.
"""

import hashlib
import os
import re
import stat
import time
import unicodedata
import zipfile
from collections import Counter, defaultdict
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

    def read(self, limit=None):
        """The bytes.

        Parameters
        ----------
        limit : int, optional
            How many of them are wanted; without it all, and more than ``MAX_NOTEBOOK_BYTES`` are an error.

        Returns
        -------
        bytes

        Raises
        ------
        SubmissionError
            If the file is gone, damaged or too large.
        """
        try:
            if self.member is None:
                with open(self.path, "rb") as file:
                    data = file.read(limit or MAX_NOTEBOOK_BYTES + 1)
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(archive.infolist()[self.member]) as file:
                    data = file.read(limit or MAX_NOTEBOOK_BYTES + 1)
        except Exception as error:  # of damaged archives zipfile says so in a dozen ways, struct.error among them
            raise SubmissionError(f"the file cannot be read: {printable(str(error))}; download it again") from None
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
    """A file of a container, by its parts below it; ``around`` are names of folders above, nearest last.

    ``modified`` is when it was handed in, as far as the outermost level tells; ``packed`` are the hand-in's own notebooks
    where the file is a student's zip, and ``inner`` is the time that such a notebook has in the zip.
    """

    parts: tuple
    around: tuple
    source: str
    place: Place
    modified: float
    inner: float = 0.0
    packed: tuple = ()


@dataclass(frozen=True)
class _Owned:
    """A notebook with its owner; of one owner the one with the greatest ``version`` counts.

    ``by`` is the part of the path that named the owner.
    """

    file: _File
    name: str
    id: str
    version: tuple
    by: int = 0

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
        Regular expression with a group ``student``, searched in the path of each notebook or student's zip below ``path``
        (or below the top of a class's zip), with ``/``. For namings not known here; what it does not fit is left aside.

    Returns
    -------
    Collected

    Raises
    ------
    SubmissionError
        If ``path`` is not there, or the pattern is none.
    """
    path, search = start(path), _compiled(pattern)
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


def start(path):
    """Where collecting begins: nbgrader's ``submitted`` where the folder has one, else the path itself.

    Raises
    ------
    SubmissionError
        If ``path`` is not there.
    """
    path = Path(path)
    if not path.exists():
        raise SubmissionError(f"{path} is not there")
    return next((path / inner for inner in ("submitted", ".build/nbgrader/submitted") if (path / inner).is_dir()), path)


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
    """The files in groups: those of the folder itself, and those of each class's zip. Oddities go to ``skipped``."""
    if not path.is_dir():
        if path.suffix.lower() == ".zip":
            return [_zip_files(path, path.name, lesson, skipped)]
        parent = path.resolve().parent
        return [
            [_File((path.name,), (parent.parent.name, parent.name), printable(path.name), Place(path), _mtime(path))]
        ]
    loose, zips = [], []
    around = (path.resolve().parent.name, path.resolve().name)
    for file, shown in _regular_files(path, skipped):
        try:
            one = _File(file.relative_to(path).parts, around, printable(shown), Place(file), _mtime(file))
        except OSError as error:  # it went away meanwhile
            skipped.append(Skipped(printable(shown), f"it cannot be read: {error.strerror}"))
            continue
        if file.suffix.lower() == ".zip":
            zips.append((one, _zip_files(file, shown, lesson, skipped)))
        else:
            loose.append(one)
    # A platform's zip of a class is told from a student's by what is around it: among hand-ins there are only hand-ins,
    # whatever the names inside say.
    hand_ins = any(_ENDING.search(one.parts[-1]) for one in loose) or len({one.parts[:-1] for one, _ in zips}) > 1
    if zips and not hand_ins and all(_is_of_a_class(files) and not _platform(one.parts) for one, files in zips):
        return [loose, *(files for _, files in zips)]
    if len(zips) == 1 and not hand_ins and not _platform(zips[0][0].parts) and lesson not in zips[0][0].parts:
        return [loose, zips[0][1]]  # nothing but one zip: as if it had been named itself
    for one, files in zips:
        if _is_of_a_class(files) and len({file.parts[0] for file in files}) > 1:
            reason = "among other hand-ins it is taken for one student's; if it is a whole class's, grade it by itself"
            skipped.append(Skipped(one.source, reason))
        inside = tuple(replace(file, modified=one.modified, inner=file.modified) for file in files)
        loose.append(replace(one, packed=inside))
    return [loose]


def _regular_files(path, skipped):
    """Each file below a folder and how it is called; links, oddities and what may not be read go to ``skipped``."""

    def unreadable(error):
        shown = Path(error.filename).relative_to(path)
        skipped.append(Skipped(printable(str(shown)), f"this folder cannot be read: {error.strerror}; nothing in it is graded"))

    for folder, folders, names in os.walk(path, onerror=unreadable):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted([*links, *names]):
            file = Path(folder) / name
            shown = "/".join(file.relative_to(path).parts)
            try:
                mode = file.lstat().st_mode
            except OSError as error:
                skipped.append(Skipped(printable(shown), f"it cannot be read: {error.strerror}"))
                continue
            if stat.S_ISREG(mode):
                yield file, shown
            else:
                skipped.append(Skipped(printable(shown), "a link is not followed" if stat.S_ISLNK(mode) else "not a file"))


def _is_of_a_class(files):
    """Whether the notebooks of a zip are named by a platform."""
    notebooks = [file for file in files if _ENDING.search(file.parts[-1])]
    return bool(notebooks) and all(_platform(file.parts[:1]) for file in notebooks)


def _platform(parts):
    """The outermost part that Moodle or Canvas named, and what it says; None if there is none."""
    for place, part in enumerate(parts):
        found = _MOODLE.match(part) or (_CANVAS.match(part) if place == len(parts) - 1 else None)
        if found:
            return place, found
    return None


def _mtime(path):
    return path.stat().st_mtime


def _zip_files(path, shown, lesson, skipped):
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except Exception as error:  # of damaged archives zipfile says so in a dozen ways, struct.error among them
        skipped.append(Skipped(printable(shown), f"not a zip that can be read: {printable(str(error))}"))
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
    times = {file.parts[:-1]: _handed_in(file) for file in files if _is_timestamp(file, lesson)}
    folders = defaultdict(list)
    for file in files:
        if file.parts[-1] == "timestamp.txt":
            continue
        if file.packed:  # a student's zip: one hand-in, whatever is in it
            inside = []
            for one in file.packed:
                if reason := _not_wanted(one, lesson, others):
                    skipped.append(Skipped(one.source, reason))
                else:
                    inside.append(one)
            if inside:
                folders[file.parts[:-1]].append(replace(file, packed=tuple(inside)))
        elif file.parts[-1].lower().endswith(".zip") and file.place.member is None:
            continue  # nothing in it can be graded; that was said when it was opened
        elif reason := _not_wanted(file, lesson, others):
            skipped.append(Skipped(file.source, reason))
        else:
            folders[file.parts[:-1]].append(replace(file, modified=times.get(file.parts[:-1]) or file.modified))
    units = [file for inside in folders.values() for file in inside]
    named = _named_by_platform(units)
    place = _Layout(folders, lesson)
    owned = []
    for unit in units:
        if search is not None:
            found = search.search("/".join(unit.parts))
            student = (found["student"] or "").strip() if found else ""
            one = _Owned(unit, student, "", ()) if student else None
        elif named and (told := _platform(unit.parts)) and told[0] in named:
            one = _by_platform(unit, told, lesson)
        else:
            one = place.owner(unit)
        if one is None:
            skipped.append(Skipped(unit.source, "the pattern for submissions does not fit its name"))
        else:
            owned.append(one)
    for one in _by_the_outermost(owned):
        yield from _versions(one, lesson)


def _is_timestamp(file, lesson):
    """Whether this is the file into which nbgrader wrote when a student's folder was handed in, and no student's own."""
    return file.parts[-1] == "timestamp.txt" and lesson in file.parts and file.parts.index(lesson) == len(file.parts) - 2


def _handed_in(file):
    """Seconds since 1970 from nbgrader's timestamp.txt; None if it says nothing that can be believed."""
    try:
        text = file.place.read(100).decode("utf-8", "replace").strip()
        seconds = datetime.fromisoformat(re.sub(r" ?UTC$", "+00:00", text)).timestamp()
    except (SubmissionError, ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < time.time() + 86400 else None  # a day: clocks and time zones differ


def _named_by_platform(units):
    """At which depth the names of a platform are believed: at the top, and deeper only where all notebooks have one there.

    A single such name inside a student's folder is the student's own invention.
    """
    depths = [told[0] if (told := _platform(unit.parts)) else None for unit in units]
    return {0} | ({depths[0]} if depths and len(set(depths)) == 1 and depths[0] is not None else set())


class _Layout:
    """How the folders of a container tell whose a notebook is: nbgrader's tree, a folder a student, or names of files."""

    def __init__(self, folders, lesson):
        self._folders, self._lesson = folders, lesson
        self._places = defaultdict(set)  # folders by the names that files give
        for parts, inside in folders.items():
            for file in inside:
                self._places[_given_name(file.parts[-1], lesson)].add(parts)
        self._trees = {parts[self._tree(parts)] for parts in folders if self._tree(parts) is not None}
        below = Counter(parts[0] for parts, inside in folders.items() for _ in inside if parts)
        self._one_each = len(below) > 1 and set(below.values()) == {1} and () not in folders

    def _tree(self, folder):
        """Where in a folder's parts the student of nbgrader's tree is; None if there is none."""
        return next((i for i in range(len(folder) - 1) if folder[i + 1] == self._lesson), None)

    def owner(self, file):
        """The owner of a notebook or of a student's zip."""
        folder = file.parts[:-1]
        inside, given = self._folders[folder], _given_name(file.parts[-1], self._lesson)
        tree = self._tree(folder)
        if tree is not None:
            plain = len(inside) == 1 or any(not _given_name(other.parts[-1], self._lesson) for other in inside)
            if plain or len(self._trees) > 1:
                return _Owned(file, folder[tree], "", (), tree)
        alone = len(inside) == 1 and folder and len(self._places[given]) > 1  # ada/hw.ipynb, ben/hw.ipynb
        if given and not alone and not self._one_each:
            return _Owned(file, given, "", (), len(folder))
        if self._one_each:
            return _Owned(file, folder[0], "", (), 0)
        names = [(name, -1) for name in file.around] + [(name, place) for place, name in enumerate(folder)]
        names = [(name, place) for name, place in names if name and name != self._lesson]
        downloads = file.place.member is None and not folder and file.around[-1] != self._lesson
        if downloads or not names:
            return _Owned(file, _stem(file.parts[-1]), "", (), len(folder))
        name, place = names[-1]
        return _Owned(file, name, "", (), max(place, 0))


def _by_the_outermost(owned):
    """The same, but where a folder is a student's, a file inside another folder that bears their name is not theirs."""
    folders = {(one.identity, one.by) for one in owned if one.by < len(one.file.parts) - 1}
    for one in owned:
        taken = any(identity == one.identity and by < one.by for identity, by in folders)
        yield replace(one, name=one.file.parts[0], id="", by=0) if taken else one


def _versions(one, lesson):
    """An owner's notebooks in one hand-in, each with what is compared to find the newest."""
    upload, number = one.version or (0, 0)
    for file in one.file.packed or (one.file,):
        name = file.parts[-1]
        if one.file.packed:
            fits = bool(_words(lesson).search(name)) or len(one.file.packed) == 1
        else:
            fits = _fits(one, lesson)
        yield replace(one, file=file, version=(fits, upload, number, file.modified, file.inner, _number(name)))


def _fits(one, lesson):
    """Whether the file's name fits the lesson: where something else named the owner, that it is the lesson's own."""
    name, last = one.file.parts[-1], len(one.file.parts) - 1
    if told := _platform(one.file.parts):
        return bool(_words(lesson).search(told[1]["file"] if told[0] == last else name))
    return one.by == last or lesson not in one.file.parts[:-1] or not _given_name(name, lesson)


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
    stem = _COPY.sub("", re.sub(r"\.zip$", "", _ENDING.sub("", unicodedata.normalize("NFC", name)), flags=re.IGNORECASE))
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


def _by_platform(file, told, lesson):
    """The owner by the naming of Moodle or Canvas: what it counts of an upload goes into the version."""
    place, found = told
    name = found["file"] if place == len(file.parts) - 1 else file.parts[-1]
    if found.re is _MOODLE:
        return _Owned(file, found["name"], found["id"], (0, _number(name)), place)
    if _words(lesson).search(file.parts[-1]) and not _words(lesson).search(found["file"]):
        return _Owned(file, _given_name(file.parts[-1], lesson), "", (), place)  # the lesson's own name has such numbers
    owner, number = (found["name"], found["id"]) if found["name"] else ("anon", found["code"])
    return _Owned(file, owner, number, (int(found["attachment"]), _number(name)), place)
