"""IRMAS, and the practice songs in its layout: clips named by their instrument, excerpts with a file of labels each.

Training clips: ``IRMAS-TrainingData/<code>/<name>.wav`` with names of two kinds, ``[cla][cla]0189__2`` and
``008__[cel][nod][cla]0058__1``: instrument, drums or no drums, genre, number, clip. ``[cla]`` is clarinet as well as
classical: the *first* bracket is the instrument. What stands before ``__<clip>`` names the song.

Testing excerpts: ``IRMAS-TestingData-Part<1|2|3>/<folder>/<song>-<excerpt>.wav`` and ``.txt``, one code a line, a TAB
after each.
"""

import csv
import re

import numpy as np

from .._dataset import Clips, DataError, Dataset, Played
from ..data import LeftOut
from . import lengths, wavs

NAME = re.compile(r"(?P<song>(?:\d+__)?(?P<brackets>(?:\[[^\[\]]+\])+)\d+)__(?P<clip>\d+)")
DRUMS = ("dru", "nod")
GENRES = ("cou_fol", "cla", "pop_roc", "lat_sou", "jaz_blu")
EXCERPT = re.compile(r"-\d+$")


def read(sheet, folder, sr):
    """Read the training clips: one leading instrument each, groups are songs."""
    place = folder / "IRMAS-TrainingData"
    left_out = LeftOut(sheet.name)
    codes = [entry.code for entry in sheet.classes]
    rows, paths = [], []
    for path in sorted(place.glob("*/*.wav")):
        row = parse(path.stem)
        if row is None or row["code"] not in codes:
            left_out.add("the name is not [instrument][genre]number__clip", path.relative_to(folder))
        elif path.parent.name != row["code"]:
            left_out.add("the folder and the first bracket of the name differ", path.relative_to(folder))
        else:
            rows.append(row)
            paths.append(path)
    (rows, paths), seconds = _readable([rows, paths], folder, left_out)
    left_out.tell()
    if not rows:
        raise DataError(f"{place} holds no clip of {sheet.name}; expected <code>/[<code>][<genre>]0189__2.wav. "
                        f"Get them with data.fetch({sheet.name!r})")
    labels = np.array([codes.index(row["code"]) for row in rows])
    columns = {key: np.array([row[key] for row in rows]) for key in ("song", "clip", "drums", "genre")}
    columns |= {"instrument": np.array([sheet.classes[label].name for label in labels]), "seconds": seconds,
                "path": np.array([path.relative_to(folder).as_posix() for path in paths])}
    return Dataset(sheet.name, sheet.provenance, tuple(codes), labels, groups=columns["song"], sr=sr,
                   audio=Clips(paths, sr), table=columns, left_out=left_out.counts, licence=sheet.licence.name,
                   citation=sheet.citation)


def parse(stem):
    """What the name of a training clip says: code, song, clip, drums, genre; None for a name of another form."""
    found = NAME.fullmatch(stem)
    if found is None:
        return None
    code, *others = found["brackets"][1:-1].split("][")
    return {"code": code, "song": found["song"], "clip": int(found["clip"]),
            "drums": next((tag for tag in others if tag in DRUMS), ""),
            "genre": next((tag for tag in others if tag in GENRES), "")}


def testing(sheet, folder, sr):
    """Read the testing excerpts: one to five instruments each (`targets`), groups are songs.

    `labels` is the first instrument of each label file. An excerpt whose label file is missing, empty or names an
    instrument that the set does not have is left out.
    """
    left_out = LeftOut(sheet.name)
    codes = [entry.code for entry in sheet.classes]
    found = [(part, path) for part in (1, 2, 3)
             for path in sorted((folder / f"IRMAS-TestingData-Part{part}").rglob("*.wav"))]
    marked, parts, paths = [], [], []
    for part, path in found:
        file = path.with_suffix(".txt")
        if not file.is_file():
            left_out.add("an excerpt without its label file", path.relative_to(folder))
            continue
        named = read_codes(file)
        if not named:
            left_out.add("an empty label file", file.relative_to(folder))
        elif unknown := [code for code in named if code not in codes]:
            left_out.add("a label file with an unknown code", file.relative_to(folder),
                         f"{unknown[0]!r} is none of {', '.join(codes)}")
        else:
            marked.append([codes.index(code) for code in named])
            parts.append(part)
            paths.append(path)
    (marked, parts, paths), seconds = _readable([marked, parts, paths], folder, left_out)
    left_out.tell()
    if not paths:
        raise DataError(f"{folder} holds no testing excerpt of {sheet.name}; expected IRMAS-TestingData-Part1/Part1/"
                        f"<song>-<number>.wav and .txt. Get them with data.fetch({sheet.name!r})")
    targets = np.zeros((len(paths), len(codes)), dtype=np.uint8)
    for row, numbers in zip(targets, marked, strict=True):
        row[numbers] = 1
    songs = np.array([EXCERPT.sub("", path.stem) for path in paths])
    columns = {"song": songs, "part": np.array(parts), "seconds": seconds,
               "path": np.array([path.relative_to(folder).as_posix() for path in paths])}
    return Dataset(sheet.name, sheet.provenance, tuple(codes), np.array([numbers[0] for numbers in marked]),
                   groups=songs, split=np.full(len(paths), "test"), sr=sr, audio=Clips(paths, sr), targets=targets,
                   target_names=tuple(codes), table=columns, left_out=left_out.counts, licence=sheet.licence.name,
                   citation=sheet.citation, detail="testing excerpts")


def read_codes(path):
    """The codes of a label file in its order: one a line, without the TAB that ends each line in IRMAS."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return [line.strip() for line in text.splitlines() if line.strip()]


def duets(sheet, folder, sr):
    """Read the duets of the practice set, each with its timeline of who plays when; IRMAS has none."""
    from .. import audio

    paths = sorted((folder / "duets").glob("*.wav"))
    if not paths:
        raise DataError(f"{sheet.name} has no recording of which it is known who plays when. practice-irmas has; a "
                        "recording of your own is read with helpers.audio.load(path)")
    codes = [entry.code for entry in sheet.classes]
    found = []
    for path in paths:
        with open(path.with_suffix(".csv"), newline="", encoding="utf-8") as lines:
            rows = [(float(row["start"]), float(row["stop"]), codes.index(row["instrument"]))
                    for row in csv.DictReader(lines)]
        found.append(Played(sheet.name, sheet.provenance, path.stem, tuple(codes), sr, audio.load(path, sr=sr),
                            np.array(rows), detail="duets"))
    return found


def problems(sheet, folder):
    """Clips that are not as long as they all should be."""
    length, rate = sheet.audio["samples"], sheet.audio["sr"]
    paths = sorted((folder / "IRMAS-TrainingData").glob("*/*.wav"))
    return [f"{path.relative_to(folder).as_posix()} lasts {seconds:.4f} s; expected {length / rate:.4f}"
            for path, (problem, seconds) in zip(paths, wavs.each(lengths.Length(), paths), strict=True)
            if not problem and abs(seconds - length / rate) > 0.5 / rate]


def _readable(columns, folder, left_out):
    """The columns (the last is of paths) without the recordings that cannot be read, and the seconds of the others."""
    found = wavs.each(lengths.Length(), columns[-1])
    for path, (problem, _) in zip(columns[-1], found, strict=True):
        if problem:
            left_out.add("not readable as audio", path.relative_to(folder), problem)
    good = [i for i, (problem, _) in enumerate(found) if not problem]
    return [[column[i] for i in good] for column in columns], np.array([found[i][1] for i in good], dtype=float)
