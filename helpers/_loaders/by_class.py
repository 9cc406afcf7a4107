"""One folder per class, and a table: how the practice notes lie."""

from ..data import read_folder


def read(sheet, folder, sr):
    """One folder per class, and a table, as the practice notes lie."""
    return read_folder(folder, sr, name=sheet.name, provenance=sheet.provenance, licence=sheet.licence.name,
                       citation=sheet.citation)
