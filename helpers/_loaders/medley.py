"""Medley-solos-DB, version 1.2 and older, and the practice songs in its layout.

``annotation/Medley-solos-DB_metadata.csv`` and ``audio/Medley-solos-DB_<subset>-<class>_<uuid4>.wav``; in older archives
the names end in ``.wav.wav`` and the column of the songs is called ``track_id``. Float32 and PCM16 are both read.
"""

import csv

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import LeftOut
from . import wavs

TABLE = "annotation/Medley-solos-DB_metadata.csv"
SPLITS = {"training": "train", "validation": "validation", "test": "test"}  # name in the table -> name in a Dataset


def table(sheet, folder):
    """The official table, column by column, in its own order: all clips, whether they are on this machine or not."""
    rows = _rows(sheet, folder)
    columns = {key: np.array([row[key] for row in rows]) for key in ("subset", "instrument", "song_id", "uuid4")}
    columns["instrument_id"] = np.array([int(row["instrument_id"]) for row in rows])
    columns["collection"] = np.array([_collection(sheet, row) for row in rows])
    return columns


def read(sheet, folder, sr):
    """Read the clips of the table that lie in ``audio``, in the order of the table: clips of a song are neighbours."""
    left_out = LeftOut(sheet.name)
    rows = _rows(sheet, folder)
    found = {path.name.removesuffix(".wav").removesuffix(".wav"): path for path in (folder / "audio").glob("*.wav")}
    known = {_stem(row) for row in rows}
    for stem in sorted(set(found) - known):
        left_out.add("a file without its row in the table", found[stem].relative_to(folder))
    there = [row for row in rows if _stem(row) in found]
    if len(there) < len(rows):
        left_out.add_many("a row of the table without its file", [_stem(row) for row in rows if _stem(row) not in found])
    paths = [found[_stem(row)] for row in there]
    looked = wavs.each(lambda path: (wavs.wrong_format(path, sheet.audio["sr"], sheet.audio["samples"]),), paths, "format")
    good = []
    for row, path, (problem,) in zip(there, paths, looked, strict=True):
        if problem:
            left_out.add("not a recording of the right length and rate", path.relative_to(folder), problem)
        else:
            good.append((row, path))
    left_out.tell()
    if not good:
        raise DataError(f"{sheet.name}: of the {len(rows):,} clips of the table none is in {folder / 'audio'}. The table "
                        f"alone: data.table({sheet.name!r}); the sound: data.fetch({sheet.name!r})")
    rows, paths = zip(*good, strict=True)
    classes = [entry.name for entry in sheet.classes]
    columns = {key: np.array([row[key] for row in rows]) for key in ("subset", "song_id", "uuid4")}
    columns["instrument_id"] = np.array([int(row["instrument_id"]) for row in rows])
    columns["collection"] = np.array([_collection(sheet, row) for row in rows])
    columns["path"] = np.array([path.relative_to(folder).as_posix() for path in paths])
    return Dataset(sheet.name, sheet.provenance, tuple(classes), np.array([classes.index(row["instrument"]) for row in rows]),
                   groups=columns["song_id"], split=np.array([SPLITS[row["subset"]] for row in rows]), sr=sr,
                   audio=Clips(paths, sr), table=columns, left_out=left_out.counts, licence=sheet.licence.name,
                   citation=sheet.citation)


def _stem(row):
    """Name of a clip without its ending."""
    return f"Medley-solos-DB_{row['subset']}-{row['instrument_id']}_{row['uuid4']}"


def _collection(sheet, row):
    """Which collection a clip was cut from."""
    return sheet.collections.get(f"{row['subset']}/{row['instrument']}", sheet.collections[row["subset"]])


def _rows(sheet, folder):
    """The rows of the table, each checked."""
    path = folder / TABLE
    if not path.is_file():
        raise DataError(f"{path} is missing. Fetch it with data.fetch({sheet.name!r}, [{TABLE!r}])")
    with open(path, newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    if rows and "track_id" in rows[0]:
        rows = [{**row, "song_id": row["track_id"]} for row in rows]
    numbers = {entry.name: entry.code for entry in sheet.classes}
    for line, row in enumerate(rows, start=2):
        if problem := _row_problem(row, numbers):
            raise DataError(f"{path}, line {line}: {problem}. Fetch the table again")
    if not rows:
        raise DataError(f"{path} has no rows. Fetch it again")
    return rows


def _row_problem(row, numbers):
    """Say what is wrong with one row of the table; "" when nothing is."""
    for key in ("subset", "instrument", "instrument_id", "song_id", "uuid4"):
        if not row.get(key):
            return f"the column {key!r} is missing or empty"
    if row["subset"] not in SPLITS:
        return f"there is no subset {row['subset']!r}"
    if numbers.get(row["instrument"]) != row["instrument_id"]:
        return f"{row['instrument']!r} is not class {row['instrument_id']}"
    return ""
