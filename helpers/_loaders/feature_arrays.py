"""The four arrays of the NYU instrument data set: features without sound, placed by the learner."""

import numpy as np

from .._dataset import DataError, Dataset


def read(sheet, folder, sr):
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


def problems(sheet, folder):
    """One line for each array that is missing or not as it should be."""
    found = []
    for file in sheet.place.files:
        try:
            _read_array(folder, file)
        except DataError as error:
            found.append(str(error))
    return found
