"""Medley-solos-DB, version 1.2 and older, and the practice songs in its layout.

``annotation/Medley-solos-DB_metadata.csv`` and ``audio/Medley-solos-DB_<subset>-<class>_<uuid4>.wav``; in older archives
the names end in ``.wav.wav`` and the column of the songs is called ``track_id``. Float32 and PCM16 are both read.
"""

from pathlib import PurePosixPath

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import LeftOut, table_rows
from . import wavs

TABLE = "annotation/Medley-solos-DB_metadata.csv"
NOT_HERE = "a row of the table without its file"
SPLITS = {"training": "train", "validation": "validation", "test": "test"}  # name in the table -> name in a Dataset


def table(sheet, folder):
    """The official table, column by column, in its own order: all clips, whether they are on this machine or not."""
    return _columns(sheet, _rows(sheet, folder))


def read(sheet, folder, sr):
    """Read the clips of the table that lie in ``audio``, in the order of the table: clips of a song are neighbours."""
    left_out = LeftOut(sheet.name)
    rows = _rows(sheet, folder)
    found = {_stem_of(path): path for path in (folder / "audio").glob("*.wav")}
    for stem in sorted(set(found) - {_stem(row) for row in rows}):
        left_out.add("a file without its row in the table", found[stem].relative_to(folder))
    if missing := [_stem(row) for row in rows if _stem(row) not in found]:
        left_out.add_many(NOT_HERE, missing)
    rows = [row for row in rows if _stem(row) in found]
    paths = [found[_stem(row)] for row in rows]
    good = []
    looked = wavs.each(wavs.Measure(sheet.audio["sr"], sheet.audio["samples"]), paths)
    for row, path, (problem,) in zip(rows, paths, looked, strict=True):
        if problem:
            left_out.add("not a recording of the right length and rate", path.relative_to(folder), problem)
        else:
            good.append((row, path))
    left_out.tell()
    if not good:
        n_clips = sum(left_out.counts.values())
        raise DataError(f"{sheet.name}: none of the {n_clips:,} clips of the table can be read from {folder / 'audio'}. "
                        f"The table alone: data.table({sheet.name!r}); the sound: data.fetch({sheet.name!r})")
    rows, paths = zip(*good, strict=True)
    columns = {**_columns(sheet, rows), "path": np.array([path.relative_to(folder).as_posix() for path in paths])}
    classes = [entry.name for entry in sheet.classes]
    return Dataset(sheet.name, sheet.provenance, tuple(classes),
                   np.array([classes.index(row["instrument"]) for row in rows]), groups=columns["song_id"],
                   split=np.array([SPLITS[row["subset"]] for row in rows]), sr=sr, audio=Clips(paths, sr), table=columns,
                   left_out=left_out.counts, licence=sheet.licence.name, citation=sheet.citation)


def problems(sheet, folder):
    """One line for each kind of thing that is not as it should be."""
    try:
        left_out = read(sheet, folder, sheet.audio["sr"]).left_out
    except DataError as error:
        return [str(error)]
    return [f"{count:,} x {reason}" for reason, count in left_out.items()]


def _columns(sheet, rows):
    """The columns of the table as arrays, and the collection that each clip was cut from."""
    columns = {key: np.array([row[key] for row in rows]) for key in ("subset", "instrument", "song_id", "uuid4")}
    columns["instrument_id"] = np.array([int(row["instrument_id"]) for row in rows])
    columns["collection"] = np.array([_collection(sheet, row) for row in rows])
    return columns


def _stem_of(path):
    """Name of a clip without its ending, which is .wav.wav in older archives."""
    return path.name.removesuffix(".wav").removesuffix(".wav")


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
    rows = table_rows(path)
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


# ------------------------------------------------------------------------------------------------- straight from archives

#: By what clips can be chosen out of the archive.
CHOICES = ("subset", "instrument", "instrument_id", "song_id", "uuid4", "collection")


def chooser(sheet, folder, wanted, drawn):
    """Which files of the archive hold the clips wanted, by the table; as `helpers._loaders.nsynth.chooser`."""
    columns = table(sheet, folder)
    chosen = np.ones(len(columns["uuid4"]), dtype=bool)
    for key, values in wanted.items():
        chosen &= np.isin(columns[key], list(values))
    stems = {_stem({key: columns[key][i] for key in ("subset", "instrument_id", "uuid4")}) for i in np.flatnonzero(chosen)}
    stems = {stem for stem in stems if drawn(stem)}
    if not stems:
        raise DataError(f"{sheet.name}: no clip of the table is what is wanted")
    return ("Medley-solos-DB.tar.gz",), lambda path: path.suffix == ".wav" and _stem_of(path) in stems


def taken(sheet, draft, folder, is_wanted):
    """One line if clips did not come out of the archive; as `helpers._loaders.nsynth.taken`."""
    came = {_stem_of(path) for path in (draft / "audio").glob("*.wav")}
    wanted = [_stem(row) for row in _rows(sheet, folder) if is_wanted(PurePosixPath(f"audio/{_stem(row)}.wav"))]
    lost = [stem for stem in wanted if stem not in came]
    return [f"{len(lost):,} clips did not come out of the archive: {', '.join(lost[:20])}"] if lost else []
