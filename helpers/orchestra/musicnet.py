"""The practice stand-in for MusicNet: recordings of whole pieces with a label for every note, in MusicNet's own layout.

The pieces are MusicNet's reference scores where these are at hand, else they are composed here: ten composers, each with
habits, ensembles and performers of its own. As in the real set a work is recorded movement by movement in one session
(one room, one microphone, the same instruments), and performers stay with few composers: who hears the session knows the
composer. `MusicnetLeaks` switches that off.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .ensemble import Voice, draw_body, level, play
from .folders import new_folder
from .midi import ScoreError, ScoreNote, read_score
from .rooms import Room, draw_room, record
from .tunes import ROUNDS, Sound, arpeggio, bass_line, chords, draw_tune, melody

__all__ = [
    "COLUMNS", "ENSEMBLES", "LABEL_RATE", "SIZES", "SR", "STYLES", "MusicnetLeaks", "Piece", "chosen", "compose",
    "composed_table", "official_table", "render_piece", "scores_in", "write_musicnet",
    "write_musicnet_mixed",
]  # fmt: skip

SR, LABEL_RATE = 11025, 44100  # Hz: of the audio, and of the samples that label tables count (as MusicNet's do)
COLUMNS = ("id", "composer", "composition", "movement", "ensemble", "source", "transcriber", "catalog_name", "seconds")
LABELS = ("start_time", "end_time", "instrument", "note", "start_beat", "end_beat", "note_value")
_VALUES = ((4, "Whole"), (3, "Dotted Half"), (2, "Half"), (1.5, "Dotted Quarter"), (1, "Quarter"), (0.75, "Dotted Eighth"),
           (0.5, "Eighth"), (1 / 3, "Triplet"), (0.25, "Sixteenth"), (0.125, "Thirty Second"))  # fmt: skip

#: Ensemble -> who plays, as MusicNet's codes: General MIDI programs counted from 1.
ENSEMBLES = {
    "Solo Piano": (1,), "Solo Violin": (41,), "Solo Cello": (43,), "Solo Flute": (74,), "Accompanied Violin": (41, 1),
    "Accompanied Cello": (43, 1), "Accompanied Clarinet": (72, 1), "Violin and Harpsichord": (41, 7),
    "String Quartet": (41, 41, 42, 43), "Viola Quintet": (41, 41, 42, 42, 43), "String Sextet": (41, 41, 42, 42, 43, 43),
    "Piano Trio": (41, 43, 1), "Piano Quartet": (41, 42, 43, 1), "Piano Quintet": (41, 42, 43, 44, 1),
    "Clarinet Quintet": (72, 41, 41, 42, 43), "Clarinet-Cello-Piano Trio": (72, 43, 1), "Horn Piano Trio": (61, 41, 1),
    "Pairs Clarinet-Horn-Bassoon": (72, 72, 61, 61, 71, 71), "Wind Quintet": (74, 69, 72, 61, 71),
    "Wind Octet": (69, 69, 72, 72, 61, 61, 71, 71), "Wind and Strings Octet": (74, 72, 71, 61, 41, 42, 43, 44),
}  # fmt: skip
# Lowest and highest key that composed parts use, by code.
_RANGES = {1: (38, 88), 7: (43, 84), 41: (55, 91), 42: (48, 79), 43: (36, 67), 44: (31, 52), 61: (45, 72), 69: (58, 84),
           71: (36, 64), 72: (52, 84), 74: (60, 88)}  # fmt: skip
# (composer, ensemble, performers, works, recordings): counts and habits as in the real table, from afar. Performers are
# named by number; those of one number play for several composers, as some archives do.
_CATALOGUE = (
    ("Bach", "Solo Piano", (1,), 23, 39), ("Bach", "Solo Cello", (2,), 2, 12), ("Bach", "Solo Violin", (2, 3, 4), 3, 9),
    ("Bach", "Solo Flute", (5,), 1, 3), ("Bach", "Violin and Harpsichord", (6,), 1, 4),
    ("Beethoven", "Solo Piano", (6,), 28, 73), ("Beethoven", "Solo Piano", (7, 8, 9, 10, 11), 8, 20),
    ("Beethoven", "String Quartet", (2, 12), 10, 28), ("Beethoven", "Accompanied Violin", (2, 13, 14, 15), 8, 22),
    ("Beethoven", "Accompanied Cello", (16,), 1, 4), ("Beethoven", "Clarinet-Cello-Piano Trio", (6,), 1, 3),
    ("Beethoven", "Pairs Clarinet-Horn-Bassoon", (17,), 1, 3), ("Beethoven", "Wind Octet", (18,), 1, 4),
    ("Brahms", "Accompanied Cello", (9,), 1, 3), ("Brahms", "Accompanied Clarinet", (19,), 1, 4),
    ("Brahms", "Horn Piano Trio", (2,), 1, 4), ("Brahms", "Piano Quartet", (20,), 1, 4),
    ("Brahms", "String Quartet", (2,), 1, 2), ("Brahms", "String Sextet", (21,), 1, 5),
    ("Brahms", "Wind and Strings Octet", (2,), 1, 2), ("Cambini", "Wind Quintet", (18,), 3, 9),
    ("Dvorak", "String Quartet", (2, 22), 3, 8), ("Faure", "Piano Quartet", (2,), 2, 4),
    ("Haydn", "String Quartet", (22,), 2, 3), ("Mozart", "Clarinet Quintet", (23,), 1, 3),
    ("Mozart", "Pairs Clarinet-Horn-Bassoon", (18,), 1, 3), ("Mozart", "Piano Trio", (2,), 3, 6),
    ("Mozart", "String Quartet", (2, 22), 5, 12), ("Ravel", "String Quartet", (24,), 2, 4),
    ("Schubert", "Piano Quintet", (2,), 1, 4), ("Schubert", "Piano Trio", (2,), 1, 1),
    ("Schubert", "Solo Piano", (25, 22), 6, 24), ("Schubert", "Viola Quintet", (2,), 1, 1),
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """Habits of a made-up composer: tempo in beats a minute, how busy, how often minor, leaps, notes beside the scale."""

    tempo: tuple[float, float]
    busy: float
    minor: float
    leap: float
    chromatic: float
    legato: float
    rests: float
    rounds: tuple[int, ...]


#: Named after the composers whose ensembles they borrow; the music is made up.
STYLES = {
    "Bach": Style((72, 104), 0.95, 0.5, 0.25, 0.02, 0.85, 0.02, (0, 1, 3)),
    "Beethoven": Style((70, 160), 0.6, 0.5, 0.35, 0.06, 0.8, 0.1, (0, 2, 4)),
    "Brahms": Style((60, 110), 0.45, 0.6, 0.3, 0.1, 1.0, 0.03, (5, 6, 7)),
    "Cambini": Style((90, 140), 0.6, 0.2, 0.2, 0.0, 0.7, 0.15, (0, 3, 4)),
    "Dvorak": Style((80, 150), 0.55, 0.4, 0.3, 0.03, 0.9, 0.05, (1, 5, 7)),
    "Faure": Style((70, 120), 0.5, 0.7, 0.2, 0.12, 1.0, 0.02, (6, 7, 5)),
    "Haydn": Style((90, 150), 0.55, 0.2, 0.2, 0.02, 0.75, 0.12, (0, 4, 2)),
    "Mozart": Style((84, 144), 0.7, 0.25, 0.25, 0.04, 0.8, 0.08, (0, 3, 2)),
    "Ravel": Style((60, 130), 0.5, 0.6, 0.15, 0.18, 1.0, 0.04, (6, 7, 1)),
    "Schubert": Style((66, 120), 0.35, 0.45, 0.15, 0.03, 0.95, 0.05, (1, 2, 5)),
}


@dataclass(frozen=True)
class Size:
    """How much is rendered: recordings by composer (as `STYLES`), how many of them for testing, seconds of each."""

    recordings: tuple[int, ...]
    test: tuple[int, ...]
    seconds: float


SIZES = {
    "tiny": Size((4, 5, 2, 2, 2, 2, 2, 3, 2, 3), (1, 1, 0, 0, 0, 0, 0, 1, 0, 0), 8.0),
    "practice": Size((15, 24, 9, 6, 5, 3, 3, 10, 3, 9), (3, 4, 0, 0, 0, 0, 1, 1, 0, 1), 60.0),
    "large": Size((40, 90, 24, 9, 8, 4, 3, 24, 4, 30), (3, 4, 0, 0, 0, 0, 1, 1, 0, 1), 90.0),
}
#: The recordings of MusicNet's official test set.
TEST_IDS = (1759, 1819, 2106, 2191, 2298, 2303, 2382, 2416, 2556, 2628)


@dataclass(frozen=True)
class MusicnetLeaks:
    """Shortcuts that the real set has, and that can be switched off.

    Parameters
    ----------
    sessions : bool
        A performer has a room, a microphone and instruments of its own, a work has a session. Off: every recording
        was made somewhere else, on other instruments.
    ensembles : bool
        A composer writes for ensembles of its own, and each performer stays with few composers (composed pieces only).
        Off: ensembles and performers are drawn alike for all.
    """

    sessions: bool = True
    ensembles: bool = True


@dataclass(frozen=True)
class Piece:
    """One recording to be made: its row of the table, its notes as written, whether it is for testing."""

    row: dict
    notes: tuple[ScoreNote, ...]
    test: bool


def composed_table(seed: int = 0, leaks: MusicnetLeaks | None = None) -> list[dict]:
    """The table of all works and movements that the made-up composers wrote: 330 rows, as MusicNet has.

    Parameters
    ----------
    seed : int
    leaks : MusicnetLeaks, optional

    Returns
    -------
    list of dict
        Keys are `COLUMNS`, values are texts.
    """
    leaks = leaks or MusicnetLeaks()
    rng = np.random.default_rng([seed, 1])
    performers = sorted({number for *_, who, _, _ in _CATALOGUE for number in who})
    ensembles = [ensemble for _, ensemble, _, _, count in _CATALOGUE for _ in range(count)]
    rows, opus = [], Counter()
    for composer, ensemble, who, n_works, n_recordings in _CATALOGUE:
        cuts = np.sort(rng.choice(np.arange(1, n_recordings), size=n_works - 1, replace=False)) if n_works > 1 else []
        for work, movements in enumerate(np.diff([0, *cuts, n_recordings])):
            opus[composer] += 1
            performer = who[work % len(who)]
            if not leaks.ensembles:
                ensemble = ensembles[int(rng.integers(len(ensembles)))]
                performer = performers[int(rng.integers(len(performers)))]
            for movement in range(int(movements)):
                rows.append({
                    "id": str(3001 + len(rows)), "composer": composer,
                    "composition": f"Made-up {ensemble} No. {opus[composer]}", "movement": f"{movement + 1}.",
                    "ensemble": ensemble, "source": f"Performer {performer:02d}", "transcriber": "the kit",
                    "catalog_name": f"KIT{opus[composer]:03d}", "seconds": str(int(rng.integers(48, 76))),
                })  # fmt: skip
    return rows


def official_table(path) -> list[dict]:
    """The rows of MusicNet's table, as texts."""
    with open(path, newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def scores_in(folder) -> dict[int, Path]:
    """Reference scores of MusicNet in a folder: number of the recording -> MIDI file."""
    found = sorted((Path(folder) / "musicnet_midis").glob("*/*.mid"))
    return {int(path.name.split("_")[0]): path for path in found if path.name.split("_")[0].isdigit()}


def chosen(rows, size: str, seed: int = 0) -> list[tuple[dict, bool]]:
    """Which recordings of a table a size has, in the order of the table, and whether each is for testing.

    Whole works first, two or three movements of each, so that a composer has several works as far as possible. Where
    the table has MusicNet's official test recordings, these are the ones for testing.

    Parameters
    ----------
    rows : list of dict
    size : {"tiny", "practice", "large"}
    seed : int

    Returns
    -------
    list of (dict, bool)
    """
    if size not in SIZES:
        raise ValueError(f"No size {size!r}: choose one of {', '.join(SIZES)}.")
    spec, taken = SIZES[size], {}
    for number, (composer, count, n_test) in enumerate(zip(STYLES, spec.recordings, spec.test, strict=True)):
        rng = np.random.default_rng([seed, 2, number])
        mine = [row for row in rows if row["composer"] == composer]
        official = [row for row in mine if int(row["id"]) in TEST_IDS]
        test = (official or [mine[i] for i in rng.permutation(len(mine))])[:n_test]
        works = {}
        for row in mine:
            works.setdefault(row["composition"], []).append(row)
        order = [list(works)[i] for i in rng.permutation(len(works))]
        at_once = 2 if count > 4 else 1  # few recordings: of several works rather
        rounds = max(len(of) for of in works.values())
        queue = [row for first in range(0, rounds, at_once) for work in order
                 for row in works[work][first : first + at_once]]
        picked = test + [row for row in queue if row not in test]
        taken.update({row["id"]: row in test for row in picked[:count]})
    return [(row, taken[row["id"]]) for row in rows if row["id"] in taken]


def compose(row, seconds: float, seed: int = 0) -> list[ScoreNote]:
    """Compose the beginning of a movement, in the style and for the ensemble that its row names.

    Parameters
    ----------
    row : dict
        Of :func:`composed_table`.
    seconds : float
        How much of it.
    seed : int

    Returns
    -------
    list of ScoreNote
        By time. Players rest: an instrument of the ensemble is not heard all of the time.
    """
    style, codes = STYLES[row["composer"]], ENSEMBLES[row["ensemble"]]
    rng = np.random.default_rng([seed, 3, int(row["id"])])
    rounds = tuple(ROUNDS[i] for i in style.rounds)
    tune = draw_tune(rng, style.tempo, minor=style.minor, swing=0.0, rounds=rounds)
    parts = [[] for _ in codes]
    start = 0.0
    while start < seconds - 0.5:
        stop = min(seconds, start + 4 * tune.beat * int(rng.integers(2, 5)))
        leader = int(rng.integers(max(1, len(codes) - 1))) if len(codes) > 2 else int(rng.integers(len(codes)))
        for number, code in enumerate(codes):
            if number != leader and rng.uniform() < 0.25:
                continue  # rests until the next section
            parts[number] += _part(code, number == leader, number == len(codes) - 1, tune, style, rng, start, stop)
        start = stop
    return sorted(
        (
            ScoreNote(one.start, one.start + one.duration, one.start / tune.beat, (one.start + one.duration) / tune.beat,
                      code - 1, one.key, one.velocity)
            for code, part in zip(codes, parts, strict=True) for one in part
        ),
        key=lambda note: (note.start, note.key),
    )  # fmt: skip


def render_piece(piece: Piece, seconds: float, seed: int = 0, leaks: MusicnetLeaks | None = None):
    """Record the beginning of a piece.

    Parameters
    ----------
    piece : Piece
    seconds : float
        How much of it, at most.
    seed : int
        Draws rooms, instruments and timing.
    leaks : MusicnetLeaks, optional

    Returns
    -------
    y : (n_samples,) float32
        Mono at `SR`, in [-1, 1].
    notes : list of ScoreNote
        As they were played: `start` and `stop` in seconds of the recording.
    """
    leaks = leaks or MusicnetLeaks()
    row = piece.row
    own = (row["id"],) if not leaks.sessions else ()
    performer = np.random.default_rng(_numbers(seed, 4, row["source"], *own))
    session = np.random.default_rng(_numbers(seed, 5, row["source"], row["composition"], *own))
    player = np.random.default_rng(_numbers(seed, 6, row["id"]))
    room, tuning = draw_room(performer), float(performer.normal(0, 12))
    room = _session_room(room, session)
    peak = 10 ** (float(session.uniform(-12, -2)) / 20)
    stretch = float(session.uniform(0.93, 1.07))

    lead = float(player.uniform(0.1, 0.4))
    notes = []
    for note in piece.notes:
        late = lead + float(player.normal(0, 0.008))
        start, stop = max(0.0, note.start * stretch + late), note.stop * stretch + late
        if start < seconds - 0.05:
            notes.append(dataclasses.replace(note, start=start, stop=min(max(stop, start + 0.04), seconds)))
    n = round(min(seconds, max(note.stop for note in notes) + 0.5) * SR)
    mix = np.zeros(n, dtype=np.float32)
    for program in sorted({note.program for note in notes}):
        voice = _voice(program, np.random.default_rng(_numbers(seed, 7, row["source"], program, *own)), tuning)
        sounds = [Sound(note.start, note.stop - note.start, note.key, max(20, note.velocity)) for note in notes
                  if note.program == program]  # fmt: skip
        dry = play(voice, sounds, n, SR, seed)
        mix += dry * np.float32(10 ** (float(session.normal(0, 2)) / 20) / max(level(dry, SR), 1e-6))
    mix *= np.float32(0.3 / np.abs(mix).max())
    wet = record(mix, SR, room, delay=0.0, n_samples=n, seed=int(row["id"]))
    return wet * np.float32(peak / np.abs(wet).max()), notes


def write_musicnet(folder, size: str = "practice", seed: int = 0, source=None, leaks: MusicnetLeaks | None = None):
    """Record the set: ``musicnet_metadata.csv``, ``train_data``, ``train_labels``, ``test_data``, ``test_labels``.

    ``music.json`` says whose music it is.

    Parameters
    ----------
    folder : str or Path
        Must not exist yet, or be empty; it appears when it is complete.
    size : {"tiny", "practice", "large"}
    seed : int
    source : Path, optional
        Folder with MusicNet's table and reference scores. Without it the pieces are composed.
    leaks : MusicnetLeaks, optional
    """
    from concurrent.futures import ThreadPoolExecutor

    from ..download import progress_over

    if size not in SIZES:
        raise ValueError(f"No size {size!r}: choose one of {', '.join(SIZES)}.")
    seconds = SIZES[size].seconds
    if source is None:
        rows = composed_table(seed, leaks)
    else:
        rows, scores = official_table(Path(source) / "musicnet_metadata.csv"), scores_in(source)
        rows = [row for row in rows if int(row["id"]) in scores]
        if not rows:
            raise ValueError(f"{source} has no reference score of any row of its musicnet_metadata.csv.")

    with new_folder(folder) as work:
        for part in ("train", "test"):
            (work / f"{part}_data").mkdir()
            (work / f"{part}_labels").mkdir()

        def write(choice):
            row, test = choice
            try:
                length = seconds if source else min(seconds, float(row["seconds"]))
                notes = read_score(scores[int(row["id"])]) if source else compose(row, length, seed)
            except ScoreError as error:
                return f"practice-musicnet: passed over {row['id']}: {error}"
            _write_recording(work, Piece(row, tuple(notes), test), length, seed, leaks)
            return ""

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            waiting = [pool.submit(write, choice) for choice in chosen(rows, size, seed)]
            try:
                said = [done.result() for done in progress_over(waiting, f"practice MusicNet ({size})")]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        for line in filter(None, said):
            print(line)
        if source:
            shutil.copyfile(Path(source) / "musicnet_metadata.csv", work / "musicnet_metadata.csv")
        else:
            with open(work / "musicnet_metadata.csv", "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
                writer.writeheader()
                writer.writerows({**row, "id": int(row["id"]), "seconds": int(row["seconds"])} for row in rows)
        music = "from the reference MIDIs" if source else "composed by the kit"
        if leaks is not None and not leaks.sessions:
            music += ", sessions mixed" if source or leaks.ensembles else ", sessions and ensembles mixed"
        (work / "music.json").write_text(json.dumps({"music": music}), encoding="utf-8")


def write_musicnet_mixed(folder, size: str = "practice", seed: int = 0, source=None):
    """Record the set without its shortcuts: see `MusicnetLeaks`, both switched off.

    Every recording is made somewhere else on other instruments; composed pieces are for ensembles, and by performers, drawn
    alike for all composers. (Reference scores keep their ensembles: who plays was decided by who wrote them.)

    Parameters
    ----------
    folder, size, seed, source
        As for `write_musicnet`.
    """
    write_musicnet(folder, size, seed, source, MusicnetLeaks(sessions=False, ensembles=False))


def _write_recording(work, piece, seconds, seed, leaks):
    """Sound and labels of one piece."""
    import soundfile

    y, notes = render_piece(piece, seconds, seed, leaks)
    part = "test" if piece.test else "train"
    soundfile.write(work / f"{part}_data" / f"{piece.row['id']}.wav", y, SR, subtype="PCM_16")
    with open(work / f"{part}_labels" / f"{piece.row['id']}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(LABELS)
        for note in notes:
            beats = note.stop_beat - note.start_beat
            writer.writerow((
                round(note.start * LABEL_RATE), round(note.stop * LABEL_RATE), note.program + 1, note.key,
                f"{note.start_beat:.4f}", f"{beats:.4f}", min(_VALUES, key=lambda value: abs(value[0] - beats))[1],
            ))  # fmt: skip


def _part(code, leads, lowest, tune, style, rng, start, stop):
    """What one player plays in one section."""
    low, high = _RANGES[code]
    keys = range(low, high + 1)
    line = {"legato": style.legato, "leap": style.leap, "chromatic": style.chromatic, "rest": style.rests}
    if code in (1, 7):
        left, right = range(low, low + 28), range(low + 20, high + 1)
        if leads:
            tops = melody(tune, rng, right, start, stop, busy=style.busy, **line)
            if style.busy > 0.8:  # two voices of one kind
                return tops + melody(tune, rng, left, start, stop, busy=style.busy - 0.2, **line)
            if rng.uniform() < 0.5:
                return tops + arpeggio(tune, rng, left, start, stop, notes_a_beat=int(rng.choice((2, 3, 4))), loud=70)
            return tops + chords(tune, rng, left, start, stop, size=3, hold=style.legato, loud=72)
        if rng.uniform() < 0.5:
            return arpeggio(tune, rng, keys, start, stop, notes_a_beat=int(rng.choice((2, 3, 4))), loud=70)
        return chords(tune, rng, keys, start, stop, size=4, hold=style.legato, loud=72)
    if leads:
        return melody(tune, rng, keys, start, stop, busy=style.busy, **line)
    if lowest:
        return bass_line(tune, rng, keys, start, stop, loud=80)
    middle = range(low, low + max(14, (high - low) // 2))
    return melody(tune, rng, middle, start, stop, busy=max(0.0, style.busy - 0.4), loud=72, **line)


# What the soundfont's viola needs: it plays the violin's samples, and a larger body has lower resonances.
_VIOLA = ((330.0, 0.4, 5.0), (2600.0, 0.7, -7.0))
_SOFT = {0: (2500, 7000), 6: (3000, 8000), 43: (800, 2500), 60: (900, 2500), 70: (1200, 3500)}
_VIBRATO = {40: (8, 28), 41: (8, 24), 42: (6, 22), 43: (2, 10), 73: (4, 14), 68: (3, 10)}
_STRUCK = (0, 6)


def _voice(program, rng, tuning):
    """The instrument of one performer."""
    return Voice(
        program,
        tuning_cents=tuning + float(rng.normal(0, 2)),
        vibrato_cents=float(rng.uniform(*_VIBRATO.get(program, (0, 0)))),
        attack=0.0 if program in _STRUCK else float(rng.uniform(0.005, 0.05)),
        release=float(rng.uniform(0.08, 0.25)),
        body=draw_body(rng, 3.0) + (_VIOLA if program == 41 else ()),
        softness_hz=float(rng.uniform(*_SOFT.get(program, (1500, 5000)))),
    )


def _session_room(room: Room, rng) -> Room:
    """The room of a performer on one day: the microphone stands a little elsewhere, the noise is another."""
    eq = tuple(float(value) for value in np.asarray(room.eq_db) + rng.normal(0, 1, len(room.eq_db)))
    old = rng.uniform() < 0.2  # an old recording
    noise = float(rng.uniform(-62, -50)) if old else room.noise_db + float(rng.normal(0, 2))
    return dataclasses.replace(room, eq_db=eq, noise_db=noise, direct_db=room.direct_db + float(rng.normal(0, 1)))


def _numbers(*parts):
    """A seed from numbers and texts."""
    return [value for part in parts for value in (part.encode() if isinstance(part, str) else (int(part),))]
