"""Reading the real data sets: one function per layout; `helpers.data` calls `read`, `placed` and `problems`.

A data sheet names its reader in `loader`. What a reader must know of its source (how names are built, which items are
broken, which items are near copies of each other) stands here in code and in the data sheet in words.
"""

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from ._dataset import Clips, DataError, Dataset
from .data import _column, _is_excerpt, _LeftOut, _visible, read_folder

#: instrument_pitch_length_dynamic_technique, as in ``cello_A2_025_pianissimo_arco-normal.mp3``
PHILHARMONIA_NAME = re.compile(r"(?P<instrument>[a-z-]+)_(?P<pitch>[A-G]s?\d)_(?P<length>[a-z0-9-]+)"
                               r"_(?P<dynamic>[a-z-]+)_(?P<technique>[a-z-]+)")
#: the end of a TinySOL name: R100u, a neighbour was shifted up by 100 cents; T14d, the note itself was tuned
TINYSOL_SHIFTED = re.compile(r"-R(?P<cents>\d+)(?P<way>[ud])$")


def read(sheet, folder, sr):
    """Read a data set that lies in `folder`.

    Parameters
    ----------
    sheet : Manifest
    folder : Path
    sr : int
        Sample rate in Hz at which audio is delivered.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        There is no reader for it in this release, or the data are not there or damaged.
    """
    if sheet.loader is None:
        known = "practice-notes, practice-solo, tinysol, philharmonia, uiowa-mis, uiowa-features"
        raise DataError(f"{sheet.name}: this release fetches and validates it but has no loader for it. "
                        f"Loaders: {known}; a folder of recordings by class: data.from_folder(path)")
    if not _visible(folder):
        raise DataError(_how_to_get(sheet, folder))
    return _READERS[sheet.loader](sheet, folder, sr)


def placed(sheet, folder):
    """The folder of a data set that the learner places by hand; `DataError` with the steps while it is incomplete."""
    if not _visible(folder):
        raise DataError(_how_to_get(sheet, folder))
    found = problems(sheet, folder)
    if found:
        raise DataError("\n".join([_how_to_get(sheet, folder), "What is there now is not right:", *found]))
    return folder


def problems(sheet, folder):
    """What is missing or damaged in a data set: one line each; no line when all is well."""
    if not _visible(folder):
        return [f"{sheet.name} is not on this machine: nothing at {folder}"]
    if sheet.access == "rendered":
        return _practice_problems(sheet, folder)
    found = []
    if _is_excerpt(folder):
        found.append(f"{folder} is an excerpt for tests, not the whole data set")
    if sheet.access == "download":
        from .download import problems as download_problems

        return found + download_problems(sheet, folder)
    bad = []
    for file in sheet.place.files:
        try:
            _read_array(folder, file)
        except DataError as error:
            bad.append(str(error))
    if bad:
        return found + bad
    try:
        left_out = read(sheet, folder, sr=22050).left_out
    except DataError as error:
        return [*found, str(error)]
    return found + [f"{count} x {reason}" for reason, count in left_out.items()]


def _practice_problems(sheet, folder):
    """Rendered folders whose recordings and table do not match."""
    found = []
    for rendering in _visible(folder):
        try:
            left_out = _READERS[sheet.loader](sheet, rendering, 22050).left_out
        except DataError as error:
            found.append(str(error))
            continue
        found += [f"{rendering.name}: {count} x {reason}" for reason, count in left_out.items()]
    return found


def _how_to_get(sheet, folder):
    """In words: where a data set that is not there comes from and where it goes."""
    if sheet.access == "download":
        return f"{sheet.name} is not on this machine (looked in {folder}). Fetch it with data.fetch({sheet.name!r})"
    steps = [f"  {i}. {step.format(folder=folder)}" for i, step in enumerate(sheet.place.steps, 1)]
    files = [f"     {folder / file.name}" for file in sheet.place.files]
    return "\n".join([f"{sheet.name} cannot be fetched unattended; you place it once, by hand:",
                      f"  from {sheet.place.source}", *steps, *files,
                      f"  Terms: {sheet.licence.terms}"])


# -------------------------------------------------------------------------------------------------------------- readers


def _sorted_by_class(sheet, folder, sr):
    """One folder per class, and a table, as the practice notes lie."""
    return read_folder(folder, sr, name=sheet.name, provenance=sheet.provenance, licence=sheet.licence.name,
                       citation=sheet.citation)


def _single_recordings(sheet, folder, sr):
    """Recordings with names of their own, each of a class that the data sheet names: the solo of lesson 01."""
    from . import audio

    left_out = _LeftOut(sheet.name)
    found = {}
    for name, label in sheet.recordings.items():
        try:
            audio.info(folder / name)
            found[folder / name] = label
        except audio.AudioError as error:
            left_out.add("not readable as audio", name, error)
    left_out.tell()
    if not found:
        raise DataError(f"{folder} holds none of the recordings of {sheet.name}: {', '.join(sheet.recordings)}. "
                        f"Get them with data.fetch({sheet.name!r})")
    classes, labels = np.unique(list(found.values()), return_inverse=True)
    paths = list(found)
    names = np.array([path.name for path in paths])
    return Dataset(sheet.name, sheet.provenance, tuple(classes), labels, groups=names, sr=sr, audio=Clips(paths, sr),
                   table={"path": names}, left_out=left_out.counts, licence=sheet.licence.name,
                   citation=sheet.citation)


def _philharmonia(sheet, folder, sr):
    """Single notes, one folder per instrument; what was played stands in the name of each file.

    Notes of one instrument and pitch are near copies of each other (one player, one session), so they are one group.
    """
    everything = _sorted_by_class(sheet, folder, sr)
    names = [PHILHARMONIA_NAME.fullmatch(Path(path).stem) for path in everything.table["path"]]
    good = np.array([name is not None for name in names], dtype=bool)
    left_out = _LeftOut(sheet.name)
    for path in everything.table["path"][~good]:
        left_out.add("the name is not instrument_pitch_length_dynamic_technique", path)
    left_out.tell()
    if not good.any():
        raise DataError(f"{folder} holds no Philharmonia note; expected <instrument>/cello_A2_1_forte_arco-normal.mp3")
    parts = [name.groupdict() for name in names if name]
    rows = everything.subset(good)
    groups = np.array([f"{part['instrument']}-{part['pitch']}" for part in parts])
    columns = {key: np.array([part[key] for part in parts]) for key in ("pitch", "length", "dynamic", "technique")}
    return _used_classes(replace(rows, groups=groups, table={"path": rows.table["path"], **columns},
                                 left_out={**everything.left_out, **left_out.counts}))


def _tinysol(sheet, folder, sr):
    """Single notes with an official table; the classes are the column "Instrument (in full)", the folds are ``fold``.

    Some notes were never played: they are a neighbour, shifted by a semitone (name ends in R100u or R100d). All notes
    of one instrument and pitch are one group, and the groups of a shifted note and of its neighbour are one group.
    """
    from . import audio

    table = folder / "annotation" / "TinySOL_metadata.csv"
    if not table.is_file():
        raise DataError(f"{sheet.name}: {table} is missing. Fetch it with data.fetch({sheet.name!r})")
    with open(table, newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    need = {"path": "Path", "fold": "Fold", "instrument": "Instrument (in full)", "pitch": "Pitch",
            "pitch_id": "Pitch ID", "dynamic": "Dynamics", "string": "String ID (if applicable)",
            "is_resampled": "Needed digital retuning"}
    if missing := [column for column in need.values() if not rows or column not in rows[0]]:
        raise DataError(f"{table} has no column {missing[0]!r}: it is not the table of TinySOL 6.0")
    left_out = _LeftOut(sheet.name)
    there = []
    for row in rows:
        if not (folder / "audio" / row["Path"]).is_file():
            left_out.add("in the table, but not there", row["Path"])
            continue
        try:
            audio.info(folder / "audio" / row["Path"])
            there.append(row)
        except audio.AudioError as error:
            left_out.add("not readable as audio", row["Path"], error)
    left_out.tell()
    if not there:
        raise DataError(f"{folder / 'audio'} holds no recording of the table. Fetch it with data.fetch({sheet.name!r})")
    columns = {key: _column([row[column] for row in there]) for key, column in need.items()}
    columns["is_resampled"] = np.array([row[need["is_resampled"]].upper() == "TRUE" for row in there])
    classes, labels = np.unique(columns.pop("instrument"), return_inverse=True)
    paths = [folder / "audio" / row["Path"] for row in there]
    return Dataset(sheet.name, sheet.provenance, tuple(classes), labels, groups=_tinysol_groups(there), sr=sr,
                   audio=Clips(paths, sr), table=columns, left_out=left_out.counts, licence=sheet.licence.name,
                   citation=sheet.citation)


def _tinysol_groups(rows):
    """Name the group of each note: "<instrument>-<lowest pitch number of the group>".

    A group starts as one instrument and pitch; a note made by shifting joins its own pitch with the one it came from.
    """
    parent = {}

    def root(key):
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    keys = [(row["Instrument (abbr.)"], int(row["Pitch ID"])) for row in rows]
    for (instrument, pitch), row in zip(keys, rows, strict=True):
        shifted = TINYSOL_SHIFTED.search(Path(row["Path"]).stem)
        if shifted:
            semitones = round(int(shifted["cents"]) / 100) * (1 if shifted["way"] == "u" else -1)
            low, high = sorted([root((instrument, pitch)), root((instrument, pitch - semitones))])
            parent[high] = low
    return np.array(["{}-{}".format(*root(key)) for key in keys])


def _feature_arrays(sheet, folder, sr):
    """The four arrays of the NYU instrument data set: rows in the order of the files, training rows first.

    The training rows are sorted by class, as shipped: whoever splits them must shuffle or stratify. No groups are
    shipped, though windows of one recording are surely in there.
    """
    parts = {file.name: _read_array(folder, file) for file in sheet.place.files}
    values, labels, split = [], [], []
    for name in ("train", "test"):
        values.append(parts[f"uiowa_{name}_data.npy"].astype(np.float32))
        labels.append(parts[f"uiowa_{name}_labels.npy"].astype(np.int64).ravel())
        split += [name] * len(labels[-1])
    classes = tuple(entry.name for entry in sheet.classes)
    return Dataset(sheet.name, sheet.provenance, classes, np.concatenate(labels), split=np.array(split),
                   features=np.concatenate(values), licence=sheet.licence.name, citation=sheet.citation)


def _read_array(folder, file):
    """One array that the learner placed, checked: there, an .npy file, of the right shape, numbers, none of them NaN."""
    path = folder / file.name
    if not path.is_file():
        raise DataError(f"{path} is missing")
    with open(path, "rb") as start:
        magic = start.read(6)
    if magic != b"\x93NUMPY":
        raise DataError(f"{path} is not a NumPy file (it starts with {magic!r}): was a web page saved in its place?")
    try:
        array = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise DataError(f"{path} cannot be read, it may be cut off: {error}") from error
    if array.size != np.prod(file.shape) or (len(file.shape) > 1 and array.shape != file.shape):
        raise DataError(f"{path} has shape {array.shape}; expected {file.shape}")
    if array.dtype.kind not in "iuf":
        raise DataError(f"{path} has type {array.dtype}; expected numbers")
    if not np.isfinite(array).all():
        raise DataError(f"{path} has NaN or infinite entries")
    if file.kind == "labels" and not np.array_equal(array, np.round(array)):
        raise DataError(f"{path} has labels that are not whole numbers")
    return array


def _used_classes(dataset):
    """Drop the classes that no item has."""
    used, labels = np.unique(dataset.labels, return_inverse=True)
    return replace(dataset, classes=tuple(dataset.classes[label] for label in used), labels=labels)


_READERS = {"by-class": _sorted_by_class, "recordings": _single_recordings, "philharmonia": _philharmonia,
            "tinysol": _tinysol, "feature-arrays": _feature_arrays}
