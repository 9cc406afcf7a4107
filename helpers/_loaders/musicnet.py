"""MusicNet, and the practice recordings in its layout: long recordings, a label table for each, one table for all.

``musicnet_metadata.csv``; ``train_data/<id>.wav`` with ``train_labels/<id>.csv``, ``test_data`` with ``test_labels``
(also inside a folder ``musicnet``, as the archive brings them); ``musicnet_midis/<composer>/<id>_<name>.mid``. Label tables
count samples at 44,100 Hz whatever the rate of the audio, and instruments as General MIDI programs from 1.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import MUSICNET_CODES, LeftOut, column_of, table_rows
from . import lengths, wavs

LABEL_RATE = 44100
COLUMNS = ("id", "composer", "composition", "movement", "ensemble", "source", "transcriber", "catalog_name", "seconds")


def read(sheet, folder, sr):
    """Read the recordings: classes are composers, groups works, targets the instruments of the whole recording.

    ``table["seconds"]`` is the length of the file here. A recording whose label table is missing, empty or names an
    instrument that MusicNet does not have is left out.
    """
    everything = table(sheet, folder)
    left_out = LeftOut(sheet.name)
    composers = [entry.name for entry in sheet.classes]
    rows, paths, silent = [], [], []
    for row, (number, composer) in enumerate(zip(everything["id"], everything["composer"], strict=True)):
        path = _sound(folder, number)
        if path is None:
            silent.append(str(number))
        elif composer not in composers:
            left_out.add("a composer that the set does not have", path.relative_to(folder), f"composer {composer!r}")
        elif not labels_of(path).is_file():
            left_out.add("a recording without its label table", path.relative_to(folder))
        else:
            rows.append(row)
            paths.append(path)
    if silent and sheet.access == "download":  # of a practice set only some rows of the table are rendered
        left_out.add_many("a row of the table without its recording", silent)
    measured = wavs.each(lengths.Length(), paths)
    marked = wavs.each(Instruments(), [labels_of(path) for path in paths])
    good = []
    for i, (path, (bad_sound, _), (bad_labels, _)) in enumerate(zip(paths, measured, marked, strict=True)):
        if bad_sound:
            left_out.add("not readable as audio", path.relative_to(folder), bad_sound)
        elif bad_labels:
            left_out.add("a label table that is not right", labels_of(path).relative_to(folder), bad_labels)
        else:
            good.append(i)
    left_out.tell()
    if not good:
        raise DataError(
            f"{folder} has the table of {sheet.name} but none of its {len(everything['id'])} recordings; expected "
            f"train_data/<id>.wav and train_labels/<id>.csv. data.fetch({sheet.name!r}, members=['musicnet/*']) brings "
            "them (11 GB); data.table and data.notes work without")
    rows, paths = [rows[i] for i in good], [paths[i] for i in good]
    columns = {key: column[rows] for key, column in everything.items()}
    columns |= {"seconds": np.array([measured[i][1] for i in good], dtype=float),
                "path": np.array([path.relative_to(folder).as_posix() for path in paths])}
    codes = [set(map(int, str(marked[i][1]).split())) for i in good]
    targets = np.array([[code in has for code in MUSICNET_CODES] for has in codes], dtype=np.uint8)
    return Dataset(sheet.name, sheet.provenance, tuple(composers),
                   np.array([composers.index(name) for name in columns["composer"]]), groups=columns["work"],
                   split=np.array([path.parent.name.removesuffix("_data") for path in paths]), sr=sr,
                   audio=Clips(paths, sr), targets=targets, target_names=tuple(MUSICNET_CODES.values()), table=columns,
                   left_out=left_out.counts, licence=sheet.licence.name, citation=sheet.citation, detail=_music(folder))


def table(sheet, folder):
    """The table of all recordings, with a column ``work``: composer and composition."""
    path = folder / "musicnet_metadata.csv"
    if not path.is_file():
        raise DataError(f"{path} is missing. Fetch it with data.fetch({sheet.name!r})")
    rows = table_rows(path)
    if missing := [column for column in COLUMNS if not rows or column not in rows[0]]:
        raise DataError(f"{path} has no column {missing[0]!r}: it is not the table of MusicNet")
    columns = {key: column_of([row[key] for row in rows]) for key in COLUMNS}
    if columns["id"].dtype.kind != "i" or len(np.unique(columns["id"])) != len(rows):
        raise DataError(f"{path}: the column `id` must hold a whole number of its own for each recording")
    works = [f"{row['composer']}: {row['composition']}" for row in rows]
    return {**columns, "work": np.array(works)}


def notes(sheet, folder, recording):
    """(n_notes, 4): start s, stop s, code, key; from the label table, else from the reference score."""
    from ..orchestra.midi import ScoreError, read_score

    path = _sound(folder, recording)
    labels = next((place for place in _places(folder, f"labels/{recording}.csv") if place.is_file()), None)
    if labels is None and path is not None:
        raise DataError(f"{labels_of(path)} is missing: the notes of recording {recording} are not known")
    if labels is not None:
        return read_labels(labels)
    scores = sorted((folder / "musicnet_midis").glob(f"*/{recording}_*.mid"))
    if not scores:
        raise DataError(f"{sheet.name} has neither label table nor score of a recording {recording} in {folder}")
    try:
        score = read_score(scores[0])
    except ScoreError as error:
        raise DataError(str(error)) from error
    return np.array([(note.start, note.stop, note.program + 1, note.key) for note in score])


def labels_of(path):
    """Where the label table of a recording is."""
    return path.parent.parent / path.parent.name.replace("_data", "_labels") / f"{path.stem}.csv"


def read_labels(path):
    """The notes of a label table, by start: (n_notes, 4) start s, stop s, code of the instrument, MIDI key.

    Raises
    ------
    DataError
        No notes in it, a column is missing, a code that MusicNet does not have, a note that ends before it begins.
    """
    path = Path(path)
    with open(path, encoding="utf-8-sig") as lines:
        header = next(lines, "").strip().split(",")
        need = ("start_time", "end_time", "instrument", "note")
        if missing := [name for name in need if name not in header]:
            raise DataError(f"{path} has no column {missing[0]!r}: it is not a label table of MusicNet")
        body = [line for line in lines if line.strip()]
    if not body:
        raise DataError(f"{path} has no notes")
    try:
        values = np.loadtxt(body, delimiter=",", usecols=[header.index(name) for name in need], ndmin=2)
    except (ValueError, IndexError) as error:
        raise DataError(f"{path} cannot be read as a label table: {error}") from error
    unknown = sorted(set(values[:, 2].tolist()) - set(MUSICNET_CODES))
    if unknown:
        raise DataError(f"{path} names an instrument {unknown[0]:g}; MusicNet has {', '.join(map(str, MUSICNET_CODES))}")
    if not (values[:, 0] >= 0).all() or not (values[:, 0] <= values[:, 1]).all():
        raise DataError(f"{path} has a note that begins before 0 s or ends before it begins")
    values[:, :2] /= LABEL_RATE
    return values[np.argsort(values[:, 0], kind="stable")]


def sounding(played, start, stop, min_seconds):
    """Codes of the instruments that sound for at least `min_seconds` (and at all) between two times, sorted.

    Parameters
    ----------
    played : (n_notes, 3) array, or one with further columns
        Start s, stop s, code; sorted by start.
    start, stop, min_seconds : float
        In seconds; notes of one instrument at the same time are counted once.

    Returns
    -------
    list of int
    """
    inside = played[(played[:, 0] < stop) & (played[:, 1] > start)]
    heard = []
    for code in np.unique(inside[:, 2]):
        mine = inside[inside[:, 2] == code]
        begin, end = np.maximum(mine[:, 0], start), np.minimum(mine[:, 1], stop)
        covered = np.concatenate([[start], np.maximum.accumulate(end)[:-1]])  # until here, by the notes before
        total = np.maximum(0, end - np.maximum(begin, covered)).sum()
        if total > 0 and total >= min_seconds - 1e-9:
            heard.append(int(code))
    return heard


def _places(folder, name):
    """Where a file of the training or the testing part may lie: ``labels/1727.csv`` in train_labels, ..."""
    kind, file = name.split("/")
    return [base / f"{part}_{kind}" / file for base in (folder, folder / "musicnet") for part in ("train", "test")]


def _sound(folder, number):
    """The recording of a number, or None."""
    return next((place for place in _places(folder, f"data/{number}.wav") if place.is_file()), None)


@dataclass(frozen=True)
class Instruments:
    """Look through one label table: (what is wrong or "", the codes in it as text)."""

    def __call__(self, path):
        try:
            return "", " ".join(str(int(code)) for code in np.unique(read_labels(path)[:, 2]))
        except DataError as error:
            return str(error), ""


def _music(folder):
    """Of a practice set: whose music it is."""
    said = folder / "music.json"
    return json.loads(said.read_text(encoding="utf-8"))["music"] if said.is_file() else ""
