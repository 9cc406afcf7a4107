"""NSynth, and the practice notes in its layout, from either of its two formats: one folder or one file per split.

* json/wav: ``nsynth-<train|valid|test>/examples.json`` with ``audio/<note_str>.wav`` beside it;
* TFRecord: ``nsynth-<train|valid|test>.tfrecord``, also inside its tar archive, which is not unpacked; one that is
  compressed (gzip) is unpacked once, into the cache.

Where a split is there in both, json/wav is taken. Both give the same `Dataset`.
"""

import json
import re
from collections import namedtuple
from pathlib import PurePosixPath

import numpy as np

from .._dataset import Clips, DataError, Dataset
from ..data import LeftOut
from . import tfrecord, wavs

SPLITS = {"train": "train", "valid": "validation", "test": "test"}  # NSynth's name -> the name in a Dataset
FIELDS = {"note_str": str, "instrument_str": str, "pitch": int, "velocity": int, "qualities": list,
          "instrument_family": int, "instrument_family_str": str, "instrument_source_str": str}
#: A clip whose largest sample is below this (-60 dB) is silent.
SILENT = 1e-3
NOISE, SILENCE, EQUAL = "noise", "silent", "equal to another clip"
#: What a name says: ``bass_synthetic_068-049-025`` is instrument 068 at MIDI pitch 49 and velocity 25.
NAME = re.compile(r"(?P<instrument>(?P<family>[a-z_]+?)_(?P<source>acoustic|electronic|synthetic)_\d{3})"
                  r"-(?P<pitch>\d{3})-(?P<velocity>\d{3})")

#: One clip of a split: its row of examples.json, what `Clips` reads it from, digest and peak of its samples, its file
_Clip = namedtuple("_Clip", "row source digest peak path")


def read(sheet, folder, sr):
    """Read the splits that lie in `folder`, each sorted by the names of its notes.

    Known noise, silent clips and clips equal to another one are left out of training and validation; they stay in the
    test split, which others report on as it is, and are marked: ``table["noise"]`` (noise or silent),
    ``table["duplicate"]``. Of equal clips the first is kept.
    """
    left_out = LeftOut(sheet.name)
    kept = []
    for place, split in SPLITS.items():
        clips = sorted(_split(sheet, folder, place, left_out), key=lambda clip: clip.row["note_str"])
        for clip, defect in zip(clips, _defects(sheet, clips), strict=True):
            if defect and split != "test":
                left_out.counts[f"{defect}, in {split}"] += 1
            else:
                kept.append((split, clip, defect))
    left_out.tell()
    if not kept and left_out.counts:
        reasons = ", ".join(f"{count:,} x {reason}" for reason, count in left_out.counts.items())
        raise DataError(f"{folder} holds no note of {sheet.name} that can be used ({reasons}). The first one: "
                        f"{left_out.lines[0].removeprefix(f'{sheet.name}: ')}")
    if not kept:
        raise DataError(f"{folder} holds no note of {sheet.name}; expected nsynth-test/examples.json with "
                        "nsynth-test/audio/<note>.wav, or nsynth-test.tfrecord")
    splits, clips, defects = zip(*kept, strict=True)
    columns = {key: np.array([clip.row[field] for clip in clips]) for key, field in (
        ("note", "note_str"), ("pitch", "pitch"), ("velocity", "velocity"), ("source", "instrument_source_str"),
        ("qualities", "qualities"))}
    columns["noise"] = np.isin(defects, (NOISE, SILENCE))
    columns["duplicate"] = np.isin(defects, EQUAL)
    columns["path"] = np.array([clip.path.relative_to(folder).as_posix() for clip in clips])
    return Dataset(sheet.name, sheet.provenance, tuple(entry.name for entry in sheet.classes),
                   np.array([clip.row["instrument_family"] for clip in clips]),
                   groups=np.array([clip.row["instrument_str"] for clip in clips]), split=np.array(splits), sr=sr,
                   audio=Clips([clip.source for clip in clips], sr), table=columns, left_out=left_out.counts,
                   licence=sheet.licence.name, citation=sheet.citation)


def problems(sheet, folder):
    """One line for each kind of thing that is not as it should be; what is known of the source is none."""
    try:
        left_out = read(sheet, folder, sheet.audio["sr"]).left_out
    except DataError as error:
        return [str(error)]
    return [f"{count:,} x {reason}" for reason, count in left_out.items()
            if not reason.startswith((NOISE, SILENCE, EQUAL))]


def elsewhere(folder):
    """Archives of json/wav that are not needed, since their split is here as TFRecord."""
    return {f"nsynth-{place}.jsonwav.tar.gz" for place in SPLITS
            if not (folder / f"nsynth-{place}").is_dir() and tfrecord.parts(folder, f"nsynth-{place}")[0]}


def _split(sheet, folder, place, left_out):
    """The clips of one split; what does not fit together goes to `left_out`."""
    if (folder / f"nsynth-{place}").is_dir():
        return _from_wavs(sheet, folder / f"nsynth-{place}", left_out)
    parts, passed_over = tfrecord.parts(folder, f"nsynth-{place}")
    for path, reason in passed_over:
        left_out.add("a file that is not read", path.relative_to(folder), reason)
    return _from_records(sheet, parts, left_out)


def _from_wavs(sheet, folder, left_out):
    examples = _examples(folder / "examples.json")
    found = {path.stem: path for path in (folder / "audio").glob("*.wav")}
    for name in sorted(set(found) - set(examples)):
        left_out.add("a file without its row in examples.json", found[name].relative_to(folder.parent))
    good, missing = [], []
    for name in sorted(examples):
        if problem := _row_problem(sheet, name, examples[name]):
            left_out.add("a row of examples.json that is not right", name, problem)
        elif name in found:
            good.append(name)
        else:
            missing.append(name)
    if missing:
        left_out.add_many("a row of examples.json without its file", missing)
    paths = [found[name] for name in good]
    sr, n_samples = sheet.audio["sr"], sheet.audio["samples"]
    clips = []
    for name, (problem, digest, peak) in zip(good, wavs.each(wavs.Inspect(sr, n_samples), paths), strict=True):
        if problem:
            left_out.add("not a recording of the right length and rate", found[name].relative_to(folder.parent), problem)
        else:
            clips.append(_Clip(examples[name], found[name], digest, peak, found[name]))
    return clips


def _examples(path):
    """What stands in examples.json: note_str -> row."""
    if not path.is_file():
        raise DataError(f"{path} is missing: without it nothing is known of the notes in {path.parent / 'audio'}")
    try:
        examples = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} cannot be read, it may be cut off: {error}. Fetch it again") from error
    if not isinstance(examples, dict):
        raise DataError(f"{path} must hold one entry per note, by name; it holds a {type(examples).__name__}")
    return examples


def _from_records(sheet, parts, left_out):
    sr, n_samples = sheet.audio["sr"], sheet.audio["samples"]
    clips, seen = [], set()
    for part in parts:
        rows, broken = tfrecord.index(part, (*FIELDS, "sample_rate"))
        for problem in broken:
            left_out.add("a damaged TFRecord", part.shown.name, problem)
        for row in rows:
            name = row["note_str"] if isinstance(row["note_str"], str) else "a record without a name"
            if problem := _row_problem(sheet, name, row):
                left_out.add("a record that is not right", name, problem)
            elif (row["sample_rate"], row["n_samples"]) != (sr, n_samples):
                left_out.add("not a recording of the right length and rate", name,
                             f"{name} has {row['n_samples']} samples at {row['sample_rate']} Hz; expected {n_samples} at "
                             f"{sr}")
            elif name in seen:
                left_out.add("a note that is there twice", name)
            else:
                seen.add(name)
                source = tfrecord.RecordClip(part.path, row["place"], row["length"], sr)
                clips.append(_Clip(row, source, row["digest"], row["peak"], part.shown))
    return clips


def _row_problem(sheet, name, row):
    """Say what is wrong with what is known of one note; "" when nothing is."""
    for field, kind in FIELDS.items():
        if not isinstance(row, dict) or not isinstance(row.get(field), kind):
            return f"{name}: the field {field!r} is missing or not of the right kind"
    if row["note_str"] != name:
        return f"{name}: its field note_str is {row['note_str']!r}"
    classes = [entry.name for entry in sheet.classes]
    family, number = row["instrument_family_str"], row["instrument_family"]
    if family not in classes or classes.index(family) != number:
        return f"{name}: family {number} is not {family!r}"
    return "" if len(row["qualities"]) == 10 else f"{name}: {len(row['qualities'])} qualities; expected 10"


def _defects(sheet, clips):
    """Of each clip: `NOISE`, `SILENCE`, `EQUAL` or ""."""
    kinds, seen = [], set()
    for clip in clips:
        low, high = (sheet.noise or {}).get(clip.row["instrument_str"], (0, -1))
        if low <= clip.row["pitch"] <= high:
            kinds.append(NOISE)
        elif clip.peak < SILENT:
            kinds.append(SILENCE)
        else:
            kinds.append(EQUAL if clip.digest in seen else "")
            seen.add(clip.digest)
    return kinds


# ------------------------------------------------------------------------------------------------- straight from archives

#: By what notes can be chosen out of an archive: all of it stands in the path of a note.
CHOICES = ("split", "family", "source", "instrument", "pitch", "velocity", "note")


def chooser(sheet, folder, wanted, drawn):
    """Which files of the archives hold the notes wanted: see `helpers.data.take`.

    Parameters
    ----------
    wanted : dict of str to set
        Column -> values; the columns are `CHOICES`.
    drawn : function of str
        Whether a note is among the share that is drawn.

    Returns
    -------
    archives : tuple of str
        The archives that may hold them.
    is_wanted : function of str
        Whether a file, by its path in the folder of the data set, is wanted.
    """
    splits = [place for place, split in SPLITS.items() if split in wanted.get("split", SPLITS.values())]

    def is_wanted(path):
        path = PurePosixPath(path)
        place = path.parts[0].removeprefix("nsynth-")
        if place not in splits or len(path.parts) < 2:
            return False
        if path.parts[1:] == ("examples.json",):
            return True
        name = NAME.fullmatch(path.stem)
        if name is None or path.suffix != ".wav":
            return False
        known = {**name.groupdict(), "split": SPLITS[place], "note": path.stem, "pitch": int(name["pitch"]),
                 "velocity": int(name["velocity"])}
        return all(known[key] in values for key, values in wanted.items()) and drawn(path.stem)

    return tuple(f"nsynth-{place}.jsonwav.tar.gz" for place in splits), is_wanted


def taken(sheet, draft, folder, is_wanted):
    """Leave in each examples.json the rows of the notes that came, beside those that were there before.

    Says which notes, of those that examples.json lists, did not come, and which came without their row.

    Parameters
    ----------
    draft : Path
        What came out of an archive, not yet in its place.
    folder : Path
        The folder of the data set.
    is_wanted : function of PurePosixPath
        As `chooser` gives it.

    Returns
    -------
    list of str
        One line for each kind of thing that is missing.
    """
    lines = []
    for place in SPLITS:
        names = {path.stem for path in (draft / f"nsynth-{place}" / "audio").glob("*.wav")}
        table, before = draft / f"nsynth-{place}" / "examples.json", folder / f"nsynth-{place}" / "examples.json"
        if not names and not table.is_file():
            continue
        rows = _examples(table) if table.is_file() else {}
        if lost := sorted(names - set(rows)):
            lines.append(f"the rows of {len(lost):,} notes did not come out of the archive, such as {lost[0]}")
        wanted = [name for name in rows if is_wanted(PurePosixPath(f"nsynth-{place}/audio/{name}.wav"))]
        if lost := sorted(set(wanted) - names):
            lines.append(f"{len(lost):,} notes did not come out of the archive: {', '.join(lost[:20])}")
        rows = {name: row for name, row in rows.items() if name in names}
        rows = {**(_examples(before) if before.is_file() else {}), **rows}
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(json.dumps(rows, indent=0), encoding="utf-8")
    return lines
