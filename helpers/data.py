"""The data sets of the course, each as one small immutable object; lessons call `load`, `load_windows`, `from_folder`.

``data.load("practice-notes")`` renders the practice orchestra on first use and reads it from disk afterwards.
``data.load("philharmonia")`` reads real recordings in the same way, ``data.from_folder("my recordings")`` your own.
What comes back is always a `Dataset`: sound or features, labels, the group that each item belongs to, the official
split, and where all of it came from. Data lie under `data_dir()`; ``COURSE_DATA_DIR`` moves it.

`Dataset` itself is in `helpers._dataset`, reading the real sets in `helpers._loaders`, the data sheets are in
`helpers._manifests`, and fetching is in `helpers.download`.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np

from . import _tables
from ._dataset import Clips, DataError, Dataset, Played, Span
from ._manifests import Manifest, ManifestError, manifest, names
from ._names import as_names
from ._paths import data_dir, keep, writing

__all__ = [
    "Clips", "DataError", "Dataset", "Manifest", "ManifestError", "Played", "data_dir", "duets", "fetch", "file",
    "from_folder", "load", "load_windows", "manifest", "names", "table", "take", "testing", "validate", "where", "windows",
]

PRACTICE_SEED = 0
#: Instruments of MusicNet's label tables: General MIDI programs counted from 1 (its MIDI files count from 0).
MUSICNET_CODES = {1: "piano", 7: "harpsichord", 41: "violin", 42: "viola", 43: "cello", 44: "contrabass", 61: "horn",
                  69: "oboe", 71: "bassoon", 72: "clarinet", 74: "flute"}
IGNORED_NAMES = ("thumbs.db", "desktop.ini")  # what Windows leaves in folders; names with a leading dot are ignored too
TABLE = "metadata.csv"


# ----------------------------------------------------------------------------------------------------- where data lie


def where(name):
    """Find the folder of a data set.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Path
        ``data_dir()/name``; where that holds nothing, the excerpt of that name under ``COURSE_REALDATA``, if any.
    """
    own = data_dir() / manifest(name).name
    excerpts = os.environ.get("COURSE_REALDATA")
    if excerpts and not _visible(own) and (Path(excerpts) / name).is_dir():
        return Path(excerpts) / name
    return own


def _is_excerpt(folder):
    """Whether a folder is one of the excerpts under ``COURSE_REALDATA``."""
    excerpts = os.environ.get("COURSE_REALDATA")
    return bool(excerpts) and Path(folder).resolve().is_relative_to(Path(excerpts).resolve())


def _visible(folder):
    """Entries of a folder, sorted by name, without hidden ones; none where there is no such folder."""
    if not Path(folder).is_dir():
        return []
    found = (entry for entry in Path(folder).iterdir()
             if not entry.name.startswith(".") and entry.name.lower() not in IGNORED_NAMES)
    return sorted(found, key=lambda entry: entry.name)


# ------------------------------------------------------------------------------------------------------------- loading


def load(name, sr=22050, size=None):
    """Load a data set by name.

    Parameters
    ----------
    name : str
        One of `names()`: "practice-notes", "tinysol", ...
    sr : int
        Sample rate in Hz at which audio is delivered.
    size : {None, "tiny", "practice", "large"}
        For practice data: how much is rendered; None is "practice" ("tiny" while nbgrader is grading).

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        Unknown name, unknown size, or data that are not there: the message says where to get them.
    """
    return _read(name, sr, size, "read")


def testing(name, sr=22050, size=None):
    """Load the official testing part of a data set whose training part `load` gives: IRMAS's excerpts.

    Parameters
    ----------
    name, sr, size
        As for `load`.

    Returns
    -------
    Dataset
        With `targets`: several instruments may lead an excerpt. `labels` is the first instrument of each label file.

    Raises
    ------
    DataError
        As for `load`, or the data set has no such part.
    """
    return _read(name, sr, size, "testing")


def duets(name, sr=22050, size=None):
    """Load recordings of two instruments of which it is known who plays when.

    Parameters
    ----------
    name, sr, size
        As for `load`.

    Returns
    -------
    tuple of Played
    """
    return _read(name, sr, size, "duets")


def _read(name, sr, size, part):
    """What the reader's function `part` makes of a data set, in the size asked for."""
    from . import _loaders

    sheet, folder, detail = _located(name, size)
    return _loaders.read(sheet, folder, sr, part, detail)


def _located(name, size):
    """(sheet, folder, what a score must say of it) of a data set in the size asked for; rendered now if need be."""
    sheet = _sheet(name)
    if sheet.access == "rendered":
        if size is None and os.environ.get("NBGRADER_EXECUTION") and "tiny" in sheet.sizes:
            size = "tiny"
            print(f"{name}: nbgrader is running, so the tiny size is used")
        size = size or "practice"
        return sheet, _rendered(sheet, size), "" if size == "practice" else size
    if size is not None:
        raise DataError(f"{name} are real recordings: they come in one size; leave out size={size!r}")
    folder = where(name)
    return sheet, folder, "excerpt" if _is_excerpt(folder) else ""


def load_windows(name, size=None):
    """Load a data set as rows of features: feature sets as they are, recordings through `windows`.

    Parameters
    ----------
    name, size
        As for `load`.

    Returns
    -------
    Dataset
        With `features`; (n_items, 120) for the data sets of lessons 02 and 03.
    """
    dataset = load(name, size=size)
    return windows(dataset) if dataset.features is None else dataset


def table(name, size=None):
    """Read the table that comes with a data set: all its items, whether their sound is on this machine or not.

    Parameters
    ----------
    name, size
        As for `load`.

    Returns
    -------
    dict of str to (n_rows,) array
        Column by column.

    Raises
    ------
    DataError
        The data set has no table of its own, or it is not on this machine.
    """
    from . import _loaders

    sheet, folder, _ = _located(name, size)
    return _loaders.table(sheet, folder)


def notes(name, recording, size=None):
    """Read the notes of one recording: who plays when.

    Parameters
    ----------
    name : str
        "musicnet" or "practice-musicnet".
    recording : int
        Its number, as in ``table["id"]``.
    size
        As for `load`.

    Returns
    -------
    (n_notes, 4) float array
        Start in s, stop in s, code of the instrument (`MUSICNET_CODES`), MIDI key, by start. They come from the label
        table; where that is not on this machine, from the reference score, whose time is not that of the recording.

    Raises
    ------
    DataError
        The data set has no notes, or none for this recording.
    """
    from . import _loaders

    sheet, folder, _ = _located(name, size)
    return _loaders.notes(sheet, folder, recording)


def _sheet(name):
    """The data sheet of a data set; an unknown name is an error that says where recordings of one's own go."""
    try:
        return manifest(name)
    except ManifestError as error:
        raise DataError(f"{error}. For recordings of your own: data.from_folder(path)") from error


def file(name_or_path):
    """Find one recording: the one of a data set that is a single recording, or a file of your own.

    Parameters
    ----------
    name_or_path : str or Path
        "practice-solo", "uiowa-mis", or the path of a file.

    Returns
    -------
    Path
    """
    if str(name_or_path) in names():
        sheet = manifest(str(name_or_path))
        if not sheet.recordings:
            raise DataError(f"{sheet.name} has many recordings: data.load({sheet.name!r}) gives them all")
        folder = _rendered(sheet, "practice") if sheet.access == "rendered" else where(sheet.name)
        path = folder / next(iter(sheet.recordings))
        if not path.is_file():
            raise DataError(f"{path} is not there. Fetch it with data.fetch({sheet.name!r})")
        return path
    path = Path(name_or_path).expanduser()
    if not path.is_file():
        single = [name for name in names() if manifest(name).recordings]
        raise DataError(f"there is no file {path} (seen from {Path.cwd()}). Known by name: {', '.join(single)}")
    return path


def _rendered(sheet, size):
    """The folder of a practice data set in one size; rendered now if it is not there yet."""
    if size not in sheet.sizes:
        raise DataError(f"{sheet.name} comes in the sizes {', '.join(sheet.sizes)}, not {size!r}")
    source = _source(sheet)
    parent = data_dir() / sheet.name
    folder = parent / f"{size}-{_recipe(sheet, size, source)}"
    if folder.is_dir():
        return folder
    from .download import alone

    module, function = sheet.writer.split(".")
    write = getattr(import_module(f".orchestra.{module}", __package__), function)
    need = sheet.rendered_bytes[size]
    with alone(folder), writing(parent, f"{sheet.name} was not rendered, nothing is left of it", DataError, need):
        if folder.is_dir():  # another process has rendered it while this one waited
            return folder
        parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(parent).free < need:
            raise OSError(errno.ENOSPC, "too little room to begin")
        print(f"{sheet.name}: rendering the {size} size once, into {folder}")
        for leftover in parent.glob(f".{folder.name}-*"):  # of a rendering that was killed
            shutil.rmtree(leftover)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=parent) as draft:
            write(Path(draft) / "data", size=size, seed=PRACTICE_SEED, **({"source": source} if source else {}))
            os.replace(Path(draft) / "data", folder)
    return folder


def _source(sheet):
    """The folder of the data set that a rendering starts from, where all that it needs of it is at hand; else None."""
    if sheet.source is None:
        return None
    folder = where(sheet.source["data"])
    return folder if all((folder / need).exists() for need in sheet.source["needs"]) else None


def _recipe(sheet, size, source=None):
    """A digest of all that decides what a rendering sounds like: its writer, its soundfont, size, seed and source."""
    from importlib.metadata import version

    digest = hashlib.blake2b(repr((sheet.name, sheet.writer, size, PRACTICE_SEED)).encode(), digest_size=6)
    for package in ("pretty_midi", "sf2utils"):  # the one carries the soundfont, the other reads it
        digest.update(version(package).encode())
    for module in _written_in(sheet):
        digest.update(module.read_bytes().replace(b"\r\n", b"\n"))
    for need in sheet.source["needs"] if source else ():
        for path in sorted([source / need, *(source / need).rglob("*")]):
            if path.is_file():
                digest.update(f"\0{path.relative_to(source).as_posix()} {path.stat().st_size}".encode())
    return digest.hexdigest()


def _written_in(sheet):
    """The modules of the orchestra that the writer of a practice set is made of: its own and all that these import."""
    import ast

    here = Path(__file__).parent / "orchestra"
    found, to_read = set(), [sheet.writer.split(".")[0]]
    while to_read:
        source = here / f"{to_read.pop()}.py"
        if source in found:
            continue
        found.add(source)
        imports = [node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
                   if isinstance(node, ast.ImportFrom) and node.level == 1]
        if vague := [node for node in imports if node.module is None]:
            raise DataError(f"{source}, line {vague[0].lineno}: a module of the orchestra imports its neighbours as "
                            "`from .rooms import record`: what a rendering depends on is read from these lines")
        to_read += [node.module for node in imports]
    return sorted(found)


# ------------------------------------------------------------------------------------------ recordings sorted by class


def from_folder(path, sr=22050):
    """Load recordings that lie in one folder per class: ``<path>/<class>/**/<file>``.

    Any format of `helpers.audio` will do. A file that is not audio is named, counted in `left_out` and passed over; so
    is a file outside the class folders. Sub-folders of a class are its groups (one recording session, one instrument):
    where no class has any, `groups` is None. A table ``<path>/metadata.csv`` with a column ``path``
    (``class/.../file.wav``) adds its other columns to `Dataset.table`; its column ``group``, if any, gives the groups. It
    may come from any spreadsheet (commas, semicolons, tabs; UTF-8, UTF-16, cp1252). A link to a file or a folder that is
    read already is passed over.

    Parameters
    ----------
    path : str or Path
    sr : int
        Sample rate in Hz at which the audio is delivered.

    Returns
    -------
    Dataset
        Items sorted by class, then by path; classes sorted by name.

    Raises
    ------
    DataError
        There is no such folder, or no recording in it.
    """
    path = Path(path).expanduser()
    dataset = read_folder(path, sr, name=path.resolve().name, provenance="real")
    for label, count in enumerate(np.bincount(dataset.labels, minlength=len(dataset.classes))):
        if count == 1:
            print(f"{dataset.name}: the class {dataset.classes[label]!r} has one recording; "
                  "it can be on one side of a split only")
    return dataset


def read_folder(path, sr, *, name, provenance, licence="", citation=""):
    """Read a folder of recordings sorted by class; `from_folder` and the loaders of data sets call it."""
    path = Path(path)
    if not path.is_dir():
        raise DataError(f"there is no folder {path} (seen from {Path.cwd()}); expected <folder>/<class>/<recordings>")
    left_out = LeftOut(name)
    for entry in _visible(path):
        if entry.is_file() and entry.name != TABLE:
            left_out.add("not inside a class folder", entry.relative_to(path))
    paths = _audio_files(path, left_out)
    table = _read_table(path / TABLE)
    if table:
        paths = _join_table(paths, table, path, left_out)
    left_out.tell()
    if not paths:
        raise DataError(f"{path} holds no recording that can be read; expected <folder>/<class>/<recordings>")
    relative = [file.relative_to(path) for file in paths]
    classes, labels = np.unique([file.parts[0] for file in relative], return_inverse=True)
    columns = {"path": np.array([file.as_posix() for file in relative])}
    if table:
        rows = [table[_tables.path_key(file)] for file in columns["path"]]
        columns |= {key: column_of([row[key] for row in rows]) for key in rows[0] if key not in ("path", "group")}
    if table and "group" in rows[0]:
        groups = np.array([row["group"] for row in rows])
    elif any(len(file.parts) > 2 for file in relative):
        groups = np.array([file.parent.as_posix() for file in relative])
    else:
        groups = None
    return Dataset(name, provenance, tuple(classes), labels, groups=groups, sr=sr, audio=Clips(paths, sr),
                   table=columns, left_out=left_out.counts, licence=licence, citation=citation)


class LeftOut:
    """Counts what a loader passes over, by reason, and says so: one printed line each, up to `LINES` of them."""

    LINES = 20

    def __init__(self, name):
        self.name, self.counts, self.lines, self.names = name, Counter(), [], []

    def add(self, reason, what, why=""):
        self.counts[reason] += 1
        self.names.append(what)
        line = f"{self.name}: left out {what}: {why or reason}"
        self.lines.append(line.encode("utf-8", "replace").decode())  # a name from another system need not be text

    def add_many(self, reason, names):
        """Count many of one kind in one line, with the first of their names."""
        self.counts[reason] += len(names)
        self.lines.append(f"{self.name}: left out {len(names):,} x {reason}, such as {names[0]}")

    def tell(self):
        for line in self.lines[: self.LINES]:
            print(line)
        if len(self.lines) > self.LINES:
            print(f"{self.name}: left out {len(self.lines) - self.LINES} more; Dataset.left_out has the counts")


def _audio_files(root, left_out):
    """The recordings in the class folders under `root`, sorted by path; what cannot be read as audio goes to `left_out`.

    Links are followed when all else has been read, and only to what has not been: a link to a folder above would be
    followed again and again, and one recording in two groups would be on both sides of a split.
    """
    from . import audio

    found, seen = [], {root.resolve()}
    classes = [folder for folder in _visible(root) if folder.is_dir()]
    waiting, links = [(folder, root.resolve() / folder.name) for folder in reversed(classes)], []
    while waiting or links:
        if waiting:
            entry, real = waiting.pop()  # `real` without asking the disk for each part of it: some disks are slow
            if entry.is_symlink():
                links.append(entry)
                continue
        else:
            entry = links.pop(0)
            real = entry.resolve() if entry.exists() else entry
        if real in seen:
            left_out.add("a link to what is there already", entry.relative_to(root))
            continue
        seen.add(real)
        if entry.is_dir():
            waiting += [(inner, real / inner.name) for inner in reversed(_visible(entry))]
            continue
        try:
            audio.info(entry)
            found.append(entry)
        except audio.AudioError as error:
            left_out.add("not readable as audio", entry.relative_to(root), error)
    used = {file.relative_to(root).parts[0] for file in found} | {str(name) for name in left_out.names}
    for folder in classes:
        if folder.name not in used:
            left_out.add("a class folder without a recording", folder.relative_to(root))
    return sorted(found, key=lambda file: file.relative_to(root).parts)


def _read_table(path):
    """The rows of a metadata table by their path; an empty dict where there is no table.

    The columns ``path`` and ``group`` may be written with capitals.
    """
    if not path.is_file():
        return {}
    try:
        header, rows = _tables.read(path)
    except _tables.TableError as error:
        raise DataError(str(error)) from error
    header = [name.casefold() if name.casefold() in ("path", "group") else name for name in header]
    if not rows or "path" not in header:
        raise DataError(f"{path} must be a table with a column `path` and at least one row; its first line names "
                        f"{', '.join(filter(None, header)) or 'no column'}")
    table = {}
    for line, cells in rows:
        row = {name: cell for name, cell in zip(header, cells, strict=True) if name}
        for column in ("path", "group"):
            if not row.get(column, "-"):
                raise DataError(f"{path}, line {line}: the column `{column}` is empty. Fill it in"
                                + (", or delete the whole column" if column == "group" else ""))
        key = _tables.path_key(row["path"])
        if key in table:
            raise DataError(f"{path}, line {line}: {row['path']!r} is listed twice")
        table[key] = row
    return table


def table_rows(path):
    """The rows of the official table of a data set as dicts; a learner may have saved it again with a spreadsheet."""
    try:
        return _tables.as_dicts(path)
    except _tables.TableError as error:
        raise DataError(str(error)) from error


def _join_table(paths, table, root, left_out):
    """The recordings that are both in the folder and in its table; the others go to `left_out`."""
    keys = {file: _tables.path_key(file.relative_to(root)) for file in paths}
    for file in sorted(file for file, key in keys.items() if key not in table):
        left_out.add(f"not listed in {TABLE}", file.relative_to(root))
    there = set(keys.values()) | {_tables.path_key(name) for name in left_out.names}
    for key in sorted(set(table) - there):  # a file that is there but unreadable was counted already
        left_out.add(f"listed in {TABLE}, but not there", table[key]["path"])
    return [file for file, key in keys.items() if key in table]


def column_of(texts):
    """A column of a text table as whole numbers or as decimal numbers where every entry is one, else as text."""
    for kind in (int, float):
        try:
            return np.array([kind(text) for text in texts])
        except ValueError:
            continue
    return np.array(texts)


# ------------------------------------------------------------------------------------------------------------- windows


def musicnet_windows(dataset, seconds=5.0, per_recording=10, seed=0, min_seconds=0.2):
    """Cut windows out of long recordings with known notes: what is heard in each, and what the whole recording has.

    Windows are drawn at random inside each recording and read when asked for; the rest of the file is not read. A
    recording shorter than a window gives one window, all of it with silence behind.

    Parameters
    ----------
    dataset : Dataset
        "musicnet" or "practice-musicnet".
    seconds : float
        Length of a window.
    per_recording : int
        How many are drawn from each recording.
    seed : int
        The windows of a recording depend on it and on the recording's number only.
    min_seconds : float
        An instrument is heard in a window if it sounds for at least so long in it, notes at the same time counted once.

    Returns
    -------
    Dataset
        One item a window, those of a recording by time. `targets` say what is heard in the window; label, group and
        split come from the recording. ``table``: ``recording`` (row of `dataset`), ``start`` (s) and
        ``recording_targets`` ((n_windows, n_targets): what the recording has as a whole) beside the recording's own.
    """
    from ._loaders import musicnet

    if dataset.audio is None or not all(isinstance(source, Path) for source in dataset.audio.sources):
        raise DataError(f"{dataset.name}: windows are cut out of recordings that are files")
    if not (seconds > 0 and per_recording >= 1 and min_seconds >= 0):
        raise DataError("a window must be longer than 0 s, there must be one a recording at least, and an instrument "
                        f"cannot sound less than 0 s; got {seconds}, {per_recording}, {min_seconds}")
    codes = [code for code, name in MUSICNET_CODES.items() if name in dataset.target_names]
    owner, starts, targets = [], [], []
    for row, (path, number) in enumerate(zip(dataset.audio.sources, dataset.table["id"], strict=True)):
        last = float(dataset.table["seconds"][row]) - seconds
        drawn = np.random.default_rng([seed, int(number)]).uniform(0, max(last, 0.0), per_recording)
        played = musicnet.read_labels(musicnet.labels_of(path))
        for start in np.sort(drawn) if last > 0 else [0.0]:
            heard = musicnet.sounding(played, start, start + seconds, min_seconds)
            owner.append(row)
            starts.append(float(start))
            targets.append([code in heard for code in codes])
    rows = dataset.subset(np.array(owner, dtype=int))
    spans = [Span(path, start, seconds) for path, start in zip(rows.audio.sources, starts, strict=True)]
    return replace(rows, audio=Clips(spans, dataset.sr), targets=np.array(targets, dtype=np.uint8).reshape(len(owner), -1),
                   table={**rows.table, "recording": np.array(owner, dtype=int), "start": np.array(starts),
                          "recording_targets": rows.targets})


class _Windows(Sequence):
    """Pieces of clips, cut when asked for: item i is `clips[owner[i]][start[i]:start[i] + length]`."""

    def __init__(self, clips, owner, start, length):
        self.clips, self.owner, self.start, self.length = clips, owner, start, length
        self._last = (None, None)  # windows of one clip follow each other: read it once

    def __len__(self):
        return len(self.owner)

    def __getitem__(self, index):
        owner, start = int(self.owner[index]), int(self.start[index])
        if self._last[0] != owner:
            self._last = (owner, self.clips[owner])
        return self._last[1][start:start + self.length]


def windows(dataset, seconds=0.5, hop=0.25):
    """Cut each recording into windows and describe each window with 120 numbers (`helpers.features.clip_vector`).

    A recording of n seconds gives floor((n - seconds) / hop) + 1 windows; one that is shorter than a window gives a
    single window, the whole of it. The features are kept on disk under ``data_dir()/cache``.

    Parameters
    ----------
    dataset : Dataset
        With `audio`.
    seconds : float
        Length of a window.
    hop : float
        Seconds from the start of a window to the start of the next.

    Returns
    -------
    Dataset
        One item per window, with `features` (n_windows, 120) and no audio. Label, group, split and table come from
        the recording; ``table["note"]`` is the index of the recording, ``table["start"]`` the window's start in s.
    """
    if dataset.audio is None:
        raise DataError(f"{dataset.name} has no audio to cut into windows")
    if not (seconds > 0 and hop > 0):
        raise DataError(f"a window and its hop must be longer than 0 s, not {seconds} and {hop}")
    from . import features

    length, step = round(seconds * dataset.sr), round(hop * dataset.sr)
    if length < 1 or step < 1:
        raise DataError(f"{seconds} s and {hop} s are less than one sample at {dataset.sr} Hz")
    content = dataset.audio.content()
    counts = np.maximum(1, (_lengths(dataset.audio, content) - length) // step + 1)
    owner = np.repeat(np.arange(len(dataset)), counts)
    start = np.concatenate([np.arange(count) * step for count in counts] or [np.zeros(0, int)])
    values = features.table(_Windows(dataset.audio, owner, start, length), dataset.sr, extract="clip_vector",
                            cache=data_dir() / "cache", content=f"{content} {length} {step}")
    rows = dataset.subset(owner)
    table = {**rows.table, "note": owner, "start": start / dataset.sr}
    return replace(rows, features=values, audio=None, sr=None, table=table)


def _lengths(clips, content):
    """Samples in each clip, kept on disk: of a compressed file they are known only after decoding it."""
    from .download import progress_over

    path = data_dir() / "cache" / f"lengths-{content}.npy"
    if path.is_file():
        return np.load(path, allow_pickle=False)
    lengths = np.array([len(y) for y in progress_over(clips, "reading")], dtype=np.int64)
    keep(path, lambda file: np.save(file, lengths, allow_pickle=False))
    return lengths


# ------------------------------------------------------------------------------------------------- fetching, validating


def fetch(name, members=None):
    """Bring a data set to this machine; what is there already is not fetched again.

    Parameters
    ----------
    name : str
        One of `names()`.
    members : str, list of str or None
        Patterns of the paths wanted, as they lie in the folder of the data set ("nsynth-test/*"): only those are
        unpacked, and only the archives that can hold them are downloaded. None: all that is not marked optional.

    Returns
    -------
    Path
        The folder of the data set.

    Raises
    ------
    DataError
        For a data set that the learner places by hand, when it is not there: the message has the steps.
    DownloadError
        No address delivered the file.
    """
    from . import _loaders

    sheet = manifest(name)
    members = None if members is None else list(as_names(members))
    if sheet.access == "rendered":
        if members is not None:
            raise DataError(f"{name} is rendered as a whole; leave out `members`")
        return _rendered(sheet, "practice")
    if sheet.access == "placed":
        if members is not None:
            raise DataError(f"{name} is placed by hand; leave out `members`")
        return _loaders.placed(sheet, where(name))
    from .download import fetch_all

    return fetch_all(sheet, data_dir() / sheet.name, members)


def take(name, wanted, share=1.0, seed=0, archives=None):
    """Bring some items of a data set to this machine, straight out of its archives: these are not unpacked as a whole.

    Each archive is read once, from start to end; only what is wanted is written. What was taken before stays. An archive
    that is not here is fetched first, and kept.

    Parameters
    ----------
    name : str
        "nsynth" or "medley-solos-db".
    wanted : dict of str to a value or a collection of values
        Column -> what is wanted, all columns together: ``{"split": "train", "family": {"bass", "flute"}}`` of NSynth
        (split, family, source, instrument, pitch, velocity, note), ``{"instrument": "flute", "song_id": "013"}`` of
        Medley-solos-DB (subset, instrument, instrument_id, song_id, uuid4). An empty dict wants all.
    share : float
        Of these, the share to take, drawn item by item from the names: few notes of many instruments.
    seed : int
        Draws them: the same seed takes the same items wherever and whenever.
    archives : list of Path or None
        Where the archives lie; None: where `fetch` puts them.

    Returns
    -------
    Path
        The folder of the data set.

    Raises
    ------
    DataError
        The data set cannot be taken in parts, there is no such column, or nothing is what is wanted.
    """
    from . import _loaders

    if not 0 < share <= 1:
        raise DataError(f"the share to take must be above 0 and up to 1, not {share}")
    sheet = _sheet(name)
    sets = {key: set(values) if isinstance(values, (list, tuple, set, frozenset, range, np.ndarray)) else {values}
            for key, values in wanted.items()}

    def drawn(item):
        digest = hashlib.blake2b(f"{seed} {item}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little") < share * 2**64

    return _loaders.take(sheet, data_dir() / sheet.name, sets, drawn, archives)


def validate(name):
    """Look for what is missing or damaged in a data set on this machine.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    list of str
        One line per problem; empty when all is well.
    """
    from . import _loaders

    return _loaders.problems(manifest(name), where(name))
