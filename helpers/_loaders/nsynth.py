"""NSynth, and the practice notes in its layout: one folder or one TFRecord file per split.

``nsynth-<train|valid|test>/examples.json`` with ``audio/<note_str>.wav`` beside it.
"""

import json

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import LeftOut
from . import wavs

SPLITS = {"train": "train", "valid": "validation", "test": "test"}  # NSynth's name -> the name in a Dataset
FIELDS = {"note_str": str, "instrument_str": str, "pitch": int, "velocity": int, "qualities": list,
          "instrument_family": int, "instrument_family_str": str, "instrument_source_str": str}
#: A clip whose largest sample is below this (-60 dB) is silent.
SILENT = 1e-3


def read(sheet, folder, sr):
    """Read the splits that lie in `folder`, each sorted by the names of its notes.

    Known noise, silent clips and clips equal to another one are left out of training and validation; they stay in the
    test split, which others report on as it is, and are marked: ``table["noise"]`` (noise or silent),
    ``table["duplicate"]``. Of equal clips the first is kept.
    """
    left_out = LeftOut(sheet.name)
    rows, sources, defects = [], [], []
    for place, split in SPLITS.items():
        part, paths = _split(sheet, folder / f"nsynth-{place}", left_out)
        kinds = _defects(sheet, part, paths)
        keep = [split == "test" or not kind for kind in kinds]
        for kind in (kind for kind, kept in zip(kinds, keep, strict=True) if not kept):
            left_out.counts[f"{kind}, in {split}"] += 1
        for row, path, kind, kept in zip(part, paths, kinds, keep, strict=True):
            if kept:
                rows.append((split, row))
                sources.append(path)
                defects.append(kind)
    left_out.tell()
    if not rows:
        raise DataError(f"{folder} holds no note of {sheet.name}; expected nsynth-test/examples.json and "
                        "nsynth-test/audio/<note>.wav")
    examples = [row for _, row in rows]
    columns = {key: np.array([row[field] for row in examples]) for key, field in (
        ("note", "note_str"), ("pitch", "pitch"), ("velocity", "velocity"), ("source", "instrument_source_str"),
        ("qualities", "qualities"))}
    columns["noise"] = np.array([kind in ("noise", "silent") for kind in defects])
    columns["duplicate"] = np.array([kind == "equal to another clip" for kind in defects])
    columns["path"] = np.array([path.relative_to(folder).as_posix() for path in sources])
    return Dataset(sheet.name, sheet.provenance, tuple(entry.name for entry in sheet.classes),
                   np.array([row["instrument_family"] for row in examples]),
                   groups=np.array([row["instrument_str"] for row in examples]),
                   split=np.array([split for split, _ in rows]), sr=sr, audio=Clips(sources, sr), table=columns,
                   left_out=left_out.counts, licence=sheet.licence.name, citation=sheet.citation)


def _split(sheet, folder, left_out):
    """(rows, paths) of one split, sorted by name; what does not fit together goes to `left_out`."""
    if not folder.is_dir():
        return [], []
    table = folder / "examples.json"
    if not table.is_file():
        raise DataError(f"{table} is missing: without it nothing is known of the notes in {folder / 'audio'}")
    try:
        examples = json.loads(table.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{table} cannot be read, it may be cut off: {error}. Fetch it again") from error
    if not isinstance(examples, dict):
        raise DataError(f"{table} must hold one entry per note, by name; it holds a {type(examples).__name__}")
    found = {path.stem: path for path in (folder / "audio").glob("*.wav")}
    for name in sorted(set(found) - set(examples)):
        left_out.add("a file without its row in examples.json", found[name].relative_to(folder.parent))
    rows, paths = [], []
    for name in sorted(examples):
        if problem := _row_problem(sheet, name, examples[name]):
            left_out.add("a row of examples.json that is not right", name, problem)
        elif name not in found:
            left_out.add("a row of examples.json without its file", name)
        else:
            rows.append(examples[name])
            paths.append(found[name])
    good = []
    audio = sheet.audio
    checked = wavs.each(lambda path: (wavs.wrong_format(path, audio["sr"], audio["samples"]),), paths, "format")
    for path, (problem,) in zip(paths, checked, strict=True):
        if problem:
            left_out.add("not a recording of the right length and rate", path.relative_to(folder.parent), problem)
        good.append(not problem)
    return [row for row, is_good in zip(rows, good, strict=True) if is_good], [
        path for path, is_good in zip(paths, good, strict=True) if is_good]


def _row_problem(sheet, name, row):
    """Say what is wrong with one row of examples.json; "" when nothing is."""
    for field, kind in FIELDS.items():
        if not isinstance(row, dict) or not isinstance(row.get(field), kind):
            return f"{name}: the field {field!r} is missing or not of the right kind"
    if row["note_str"] != name:
        return f"{name}: its field note_str is {row['note_str']!r}"
    classes = [entry.name for entry in sheet.classes]
    if row["instrument_family_str"] not in classes or classes.index(row["instrument_family_str"]) != row[
            "instrument_family"]:
        return f"{name}: family {row['instrument_family']} is not {row['instrument_family_str']!r}"
    return "" if len(row["qualities"]) == 10 else f"{name}: {len(row['qualities'])} qualities; expected 10"


def _defects(sheet, rows, paths):
    """Of each clip: "noise", "silent", "equal to another clip" or ""."""
    kinds, seen = [], set()
    for row, (digest, peak) in zip(rows, wavs.each(wavs.digest_and_peak, paths, "content"), strict=True):
        low, high = (sheet.noise or {}).get(row["instrument_str"], (0, -1))
        if low <= row["pitch"] <= high:
            kinds.append("noise")
        elif peak < SILENT:
            kinds.append("silent")
        else:
            kinds.append("equal to another clip" if digest in seen else "")
            seen.add(digest)
    return kinds
