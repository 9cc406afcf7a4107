"""TinySOL 6.0: single notes with an official table and five official folds."""

import re
from pathlib import Path

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import LeftOut, column_of, table_rows

#: the end of a TinySOL name: R100u, a neighbour was shifted up by 100 cents; T14d, the note itself was tuned
SHIFTED = re.compile(r"-R(?P<cents>\d+)(?P<way>[ud])$")


def read(sheet, folder, sr):
    """Single notes with an official table; the classes are the column "Instrument (in full)", the folds are ``fold``.

    Some notes were never played: they are a neighbour, shifted by a semitone (name ends in R100u or R100d). All notes
    of one instrument and pitch are one group, and the groups of a shifted note and of its neighbour are one group.
    """
    from .. import audio

    table = folder / "annotation" / "TinySOL_metadata.csv"
    if not table.is_file():
        raise DataError(f"{sheet.name}: {table} is missing. Fetch it with data.fetch({sheet.name!r})")
    rows = table_rows(table)
    need = {"path": "Path", "fold": "Fold", "instrument": "Instrument (in full)", "pitch": "Pitch",
            "pitch_id": "Pitch ID", "dynamic": "Dynamics", "string": "String ID (if applicable)",
            "is_resampled": "Needed digital retuning"}
    if missing := [column for column in need.values() if not rows or column not in rows[0]]:
        raise DataError(f"{table} has no column {missing[0]!r}: it is not the table of TinySOL 6.0")
    left_out = LeftOut(sheet.name)
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
    columns = {key: column_of([row[column] for row in there]) for key, column in need.items()}
    columns["is_resampled"] = np.array([row[need["is_resampled"]].upper() == "TRUE" for row in there])
    classes, labels = np.unique(columns.pop("instrument"), return_inverse=True)
    paths = [folder / "audio" / row["Path"] for row in there]
    return Dataset(sheet.name, sheet.provenance, tuple(classes), labels, groups=_groups(there), sr=sr,
                   audio=Clips(paths, sr), table=columns, left_out=left_out.counts, licence=sheet.licence.name,
                   citation=sheet.citation)


def _groups(rows):
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
        shifted = SHIFTED.search(Path(row["Path"]).stem)
        if shifted:
            semitones = round(int(shifted["cents"]) / 100) * (1 if shifted["way"] == "u" else -1)
            low, high = sorted([root((instrument, pitch)), root((instrument, pitch - semitones))])
            parent[high] = low
    return np.array(["{}-{}".format(*root(key)) for key in keys])
