"""Single notes of the Philharmonia orchestra, one folder per instrument."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from .._dataset import DataError
from ..data import LeftOut
from . import by_class, used_classes

#: instrument_pitch_length_dynamic_technique, as in ``cello_A2_025_pianissimo_arco-normal.mp3``
NAME = re.compile(r"(?P<instrument>[a-z-]+)_(?P<pitch>[A-G]s?\d)_(?P<length>[a-z0-9-]+)"
                  r"_(?P<dynamic>[a-z-]+)_(?P<technique>[a-z-]+)")


def read(sheet, folder, sr):
    """Single notes, one folder per instrument; what was played stands in the name of each file.

    Notes of one instrument and pitch are near copies of each other (one player, one session), so they are one group.
    """
    everything = by_class.read(sheet, folder, sr)
    names = [NAME.fullmatch(Path(path).stem) for path in everything.table["path"]]
    good = np.array([name is not None for name in names], dtype=bool)
    left_out = LeftOut(sheet.name)
    for path in everything.table["path"][~good]:
        left_out.add("the name is not instrument_pitch_length_dynamic_technique", path)
    left_out.tell()
    if not good.any():
        raise DataError(f"{folder} holds no Philharmonia note; expected <instrument>/cello_A2_1_forte_arco-normal.mp3")
    parts = [name.groupdict() for name in names if name]
    rows = everything.subset(good)
    groups = np.array([f"{part['instrument']}-{part['pitch']}" for part in parts])
    columns = {key: np.array([part[key] for part in parts]) for key in ("pitch", "length", "dynamic", "technique")}
    return used_classes(replace(rows, groups=groups, table={"path": rows.table["path"], **columns},
                                 left_out={**everything.left_out, **left_out.counts}))
