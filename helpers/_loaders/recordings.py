"""Recordings with names of their own, each of a class that the data sheet names: the solo of lesson 01."""

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import LeftOut


def read(sheet, folder, sr):
    """Read the recordings that the data sheet names; one that is not audio is left out."""
    from .. import audio

    left_out = LeftOut(sheet.name)
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
