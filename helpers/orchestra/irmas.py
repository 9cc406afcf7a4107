"""The practice stand-in for IRMAS: songs with a predominant instrument, excerpts with several, duets with a timeline.

A song has a leading guitar, piano, trumpet or violin, mostly over a quieter bass, chords, a second melody and drums. Its
room, microphone, tuning, sample zones, body, key, tempo and companions are its own; several clips are cut from each.
Companions, genres and drums are drawn alike for all four classes. The testing excerpts and the duets use sample zones
that no training song leads with.

IRMAS's layout and names; 22,050 Hz instead of 44,100 (nothing sounds above `rooms.LOWPASS_HZ` anyway), stereo, 16 bit.
"""

from __future__ import annotations

import csv
import dataclasses
import os
from dataclasses import dataclass

import numpy as np

from .ensemble import Voice, draw_body, level, play, playable
from .folders import new_folder
from .rooms import Room, draw_room, record
from .sf2 import zones
from .tunes import arpeggio, bass_line, chords, draw_tune, drums, melody, sounding_spans

__all__ = [
    "CLASSES", "CLIP_SAMPLES", "DUET_SECONDS", "GENRES", "SIZES", "SR", "DuetPlan", "IrmasLeaks", "Song",
    "duets_plan", "excerpts_plan", "render_duet", "render_song", "songs_plan", "write_irmas",
]  # fmt: skip

SR, CLIP_SAMPLES = 22050, 66150  # 3 s; IRMAS: 44,100 Hz and 132,299 samples
DUET_SECONDS = 16.0

#: IRMAS's code -> (programs, lowest, highest key) of the instruments that lead. 0 to 3 are one piano in this soundfont.
CLASSES = {"gac": ((24, 25), 45, 79), "pia": ((0,), 48, 90), "tru": ((56,), 55, 84), "vio": ((40,), 57, 93)}
#: IRMAS's code of a genre -> (tempo from, tempo to, chance of swing, chance of drums).
GENRES = {
    "cou_fol": (80, 140, 0.2, 0.35), "cla": (55, 120, 0.0, 0.05), "pop_roc": (80, 140, 0.05, 0.85),
    "lat_sou": (80, 150, 0.1, 0.7), "jaz_blu": (60, 160, 0.8, 0.6),
}  # fmt: skip
_CHORDS = ((0, 52, 79), (24, 45, 74), (4, 50, 79), (16, 50, 79), (27, 45, 74), (21, 52, 79), (11, 55, 84), (25, 45, 74))
_SECOND = ((73, 62, 88), (71, 55, 84), (65, 55, 79), (56, 55, 81), (40, 57, 88), (66, 50, 74), (68, 60, 84))
_BASSES = ((32, 34, 50), (33, 34, 50), (35, 34, 50))
_KITS = (0, 8, 16, 32, 40)
_WORDS = (
    ("Slow", "Paper", "Northern", "Second", "Empty", "Copper", "Winter", "Quiet", "Broken", "Early", "Harbour", "Blue"),
    ("Street", "Letter", "Garden", "Train", "Morning", "River", "Waltz", "Window", "Lantern", "Dance", "Mile", "Room"),
)


@dataclass(frozen=True)
class Size:
    """How much is rendered: training clips by class, testing excerpts, duets."""

    clips: tuple[int, ...]
    excerpts: int
    duets: int


SIZES = {
    "tiny": Size((14, 16, 13, 13), 9, 2),
    "practice": Size((319, 361, 289, 290), 60, 6),  # half as many as IRMAS has of these four
    "large": Size((637, 721, 577, 580), 180, 12),
}


@dataclass(frozen=True)
class IrmasLeaks:
    """Faults that a data set can have, each off unless asked for.

    Parameters
    ----------
    bandwidth : bool
        The common low-pass is left out: where a sample of the soundfont ends can be read off the spectrum.
    rooms : bool
        All songs of a class come from one room, microphone and noise floor.
    loudness : bool
        Each class was mastered at a level of its own.
    genre : bool
        Each class has one genre, so that drums, tempo and companions tell the class.
    """

    bandwidth: bool = False
    rooms: bool = False
    loudness: bool = False
    genre: bool = False


@dataclass(frozen=True)
class Song:
    """One song: `codes` of the instruments that lead it, and what is cut from it.

    `name` is the name of its files before the number of the clip; `cuts` are (start, n_samples), in samples; `held_out`
    songs play sample zones that no training song leads with. `peak_db` is the level it was mastered at.
    """

    name: str
    codes: tuple[str, ...]
    genre: str
    with_drums: bool
    cuts: tuple[tuple[int, int], ...]
    held_out: bool
    peak_db: float
    room: Room
    seed: int


@dataclass(frozen=True)
class DuetPlan:
    """One duet: the two that play, and the seed that draws all else."""

    name: str
    codes: tuple[str, str]
    room: Room
    seed: int


def songs_plan(size: str = "practice", seed: int = 0, leaks: IrmasLeaks | None = None) -> list[Song]:
    """The songs that training clips are cut from, class by class.

    Parameters
    ----------
    size : {"tiny", "practice", "large"}
    seed : int
        The same seed gives the same plan everywhere.
    leaks : IrmasLeaks, optional
        Faults to build in (default: none).

    Returns
    -------
    list of Song
    """
    spec, leaks = _size(size), leaks or IrmasLeaks()
    leak_rng = np.random.default_rng([seed, 0])
    rooms = [draw_room(leak_rng) for _ in CLASSES]
    levels = leak_rng.permutation([-18.0, -12.0, -6.0, -1.0])
    own_genre = leak_rng.permutation(sorted(GENRES))
    songs, number = [], 0
    for place, (code, n_clips) in enumerate(zip(CLASSES, spec.clips, strict=True)):
        left = n_clips
        while left:
            number += 1
            rng = np.random.default_rng([seed, 1, place, number])
            count = int(rng.choice((1, 2, 3, 4, 5, 6), p=(0.1, 0.2, 0.27, 0.23, 0.13, 0.07)))
            count = min(left, count if size != "tiny" else (count + 1) // 2 + 1)  # few clips: of several songs at least
            left -= count
            genre = str(own_genre[place]) if leaks.genre else sorted(GENRES)[int(rng.integers(len(GENRES)))]
            with_drums = bool(rng.uniform() < GENRES[genre][3])
            room, peak_db = _room(rng), float(rng.uniform(-10, -1))
            if leaks.rooms:
                room = rooms[place]
            if leaks.bandwidth:
                room = dataclasses.replace(room, bandwidth_hz=float("inf"))
            if leaks.loudness:
                peak_db = float(levels[place]) + peak_db / 10
            # A third of IRMAS's names have a number in front and say whether there are drums; the others do not.
            tagged = rng.uniform() < 0.3
            drums_tag = "[dru]" if with_drums else "[nod]"
            name = (f"{number:03d}__[{code}]{drums_tag}[{genre}]" if tagged else f"[{code}][{genre}]") + f"{number:04d}"
            gaps = rng.uniform(0.2, 0.8, count)
            starts = np.cumsum(gaps + CLIP_SAMPLES / SR) - CLIP_SAMPLES / SR
            cuts = tuple((round(float(start) * SR), CLIP_SAMPLES) for start in starts)
            songs.append(Song(name, (code,), genre, with_drums, cuts, False, peak_db, room, int(rng.integers(2**31))))
    return songs


def excerpts_plan(size: str = "practice", seed: int = 0) -> list[Song]:
    """The songs that testing excerpts are cut from: one to three instruments lead, excerpts last 5 to 20 s.

    Parameters
    ----------
    size, seed
        As for :func:`songs_plan`.

    Returns
    -------
    list of Song
    """
    left, number, songs = _size(size).excerpts, 0, []
    deck = _decks(np.random.default_rng([seed, 2]))
    while left:
        number += 1
        rng = np.random.default_rng([seed, 3, number])
        count = min(left, int(rng.integers(1, 4)))
        left -= count
        genre = sorted(GENRES)[int(rng.integers(len(GENRES)))]
        title = " ".join(words[int(rng.integers(len(words)))] for words in _WORDS)
        lengths = rng.uniform(5, 20, count) if size != "tiny" else rng.uniform(5, 7, count)
        starts = np.concatenate([[0], np.cumsum(lengths + 0.5)[:-1]]) + 0.5
        cuts = tuple((round(float(a) * SR), round(float(n) * SR)) for a, n in zip(starts, lengths, strict=True))
        songs.append(
            Song(
                f"{number:02d} - {title}", next(deck), genre, bool(rng.uniform() < GENRES[genre][3]), cuts, True,
                float(rng.uniform(-10, -1)), _room(rng), int(rng.integers(2**31)),
            )
        )  # fmt: skip
    return songs


def duets_plan(size: str = "practice", seed: int = 0) -> list[DuetPlan]:
    """The duets: every pair of the four instruments in turn.

    Parameters
    ----------
    size, seed
        As for :func:`songs_plan`.

    Returns
    -------
    list of DuetPlan
    """
    pairs = (("tru", "vio"), ("gac", "pia"), ("pia", "vio"), ("gac", "tru"), ("pia", "tru"), ("gac", "vio"))
    plans = []
    for number in range(_size(size).duets):
        rng = np.random.default_rng([seed, 4, number])
        codes = pairs[number % len(pairs)]
        name = f"{number + 1:02d}-{codes[0]}-{codes[1]}"
        plans.append(DuetPlan(name, codes, _room(rng), int(rng.integers(2**31))))
    return plans


def render_song(song: Song) -> list[np.ndarray]:
    """The clips or excerpts of one song.

    Parameters
    ----------
    song : Song

    Returns
    -------
    list of (n_samples, 2) float32
        Left and right at `SR`, in [-1, 1].
    """
    rng = np.random.default_rng([song.seed, 1])
    seconds = sum(song.cuts[-1]) / SR + 0.1
    n = round(seconds * SR)
    slow, fast, swing, _ = GENRES[song.genre]
    tune = draw_tune(rng, (slow, fast), swing=swing)
    tuning = float(rng.normal(0, 12))
    parts = []  # (dry signal, level in dB below the leading instrument)
    for number, code in enumerate(song.codes):
        voice = _lead_voice(code, rng, tuning, song.held_out)
        sounds = _lead(code, voice, tune, rng, 0.0, seconds, first=number == 0)
        parts.append((play(voice, sounds, n, SR, song.seed + number), float(rng.uniform(0, 4)) * (number > 0)))
    parts += _companions(song, tune, rng, tuning, seconds, n)
    y = _mastered(parts, song.room, song.peak_db, rng, song.seed)
    return [y[start : start + length] for start, length in song.cuts]


def render_duet(plan: DuetPlan) -> tuple[np.ndarray, list[tuple[float, float, str]]]:
    """A duet: two instruments in turns and together, in one key, tempo and room.

    Parameters
    ----------
    plan : DuetPlan

    Returns
    -------
    y : (n_samples, 2) float32
        16 s, left and right at `SR`.
    timeline : list of (start s, stop s, code)
        Who is heard when, by the notes that are played; pauses below 0.3 s are not shown.
    """
    rng = np.random.default_rng([plan.seed, 1])
    tune = draw_tune(rng, (80, 120), swing=0.1)
    n, tuning = round(DUET_SECONDS * SR), float(rng.normal(0, 10))
    voices = [_lead_voice(code, rng, tuning, held_out=True) for code in plan.codes]
    first = int(rng.integers(2))
    edges = 0.4 + np.array([0, 0.2, 0.42, 0.6, 0.82, 1.0]) * (DUET_SECONDS - 1.2)
    playing = ((first,), (0, 1), (1 - first,), (0, 1), (int(rng.integers(2)),))
    sounds = ([], [])
    for start, stop, who in zip(edges[:-1], edges[1:], playing, strict=True):
        for one in who:
            leads = len(who) == 1 or one == first
            sounds[one].extend(_lead(plan.codes[one], voices[one], tune, rng, start + 0.05, stop - 0.1, first=leads))
    parts = [(play(voice, part, n, SR, plan.seed + i), 0.0 if i == first else float(rng.uniform(0, 3)))
             for i, (voice, part) in enumerate(zip(voices, sounds, strict=True))]
    timeline = [(float(start), float(min(stop, DUET_SECONDS)), code)
                for code, part in zip(plan.codes, sounds, strict=True) for start, stop in sounding_spans(part, 0.3)]
    return _mastered(parts, plan.room, -3.0, rng, plan.seed), sorted(timeline)


def write_irmas(folder, size: str = "practice", seed: int = 0, leaks: IrmasLeaks | None = None):
    """Render the set in IRMAS's layout: training clips, three testing parts with label files, and ``duets`` beside them.

    Parameters
    ----------
    folder : str or Path
        Must not exist yet, or be empty; it appears when it is complete.
    size, seed, leaks
        See :func:`songs_plan`.
    """
    from concurrent.futures import ThreadPoolExecutor

    import soundfile

    from ..download import progress_over

    songs, excerpts, duets = songs_plan(size, seed, leaks), excerpts_plan(size, seed), duets_plan(size, seed)
    parts = _parts(len(excerpts))
    with new_folder(folder) as work:
        for place in {*(f"IRMAS-TrainingData/{code}" for code in CLASSES), *parts, "duets"}:
            (work / place).mkdir(parents=True)
        place_of = dict(zip((song.name for song in excerpts), parts, strict=True))

        def write(plan):
            if isinstance(plan, DuetPlan):
                _write_duet(plan, work / "duets")
                return
            place = work / (place_of[plan.name] if plan.held_out else f"IRMAS-TrainingData/{plan.codes[0]}")
            for number, y in enumerate(render_song(plan), 1):
                name = f"{plan.name}{'-' if plan.held_out else '__'}{number}"
                soundfile.write(place / f"{name}.wav", y, SR, subtype="PCM_16")
                if plan.held_out:  # IRMAS's label files: a TAB after each code
                    lines = "".join(f"{code}\t\n" for code in plan.codes)
                    (place / f"{name}.txt").write_text(lines, encoding="utf-8", newline="")

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            waiting = [pool.submit(write, plan) for plan in (*songs, *excerpts, *duets)]
            try:
                for done in progress_over(waiting, f"practice IRMAS ({size})"):
                    done.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _write_duet(plan, place):
    """One duet and its timeline."""
    import soundfile

    y, timeline = render_duet(plan)
    soundfile.write(place / f"{plan.name}.wav", y, SR, subtype="PCM_16")
    with open(place / f"{plan.name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("start", "stop", "instrument"))
        writer.writerows((f"{start:.3f}", f"{stop:.3f}", code) for start, stop, code in timeline)


def _size(size):
    if size not in SIZES:
        raise ValueError(f"No size {size!r}: choose one of {', '.join(SIZES)}.")
    return SIZES[size]


def _room(rng):
    """A room; one in six is of an old, noisy recording."""
    room = draw_room(rng)
    floor = float(rng.uniform(-62, -48))
    return dataclasses.replace(room, noise_db=floor) if rng.uniform() < 1 / 6 else room


def _decks(rng):
    """Sets of one, two and three instruments, without end; within fourteen of them every set comes once."""
    codes = tuple(CLASSES)
    ones = [(code,) for code in codes]
    twos = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    threes = [tuple(code for code in codes if code != absent) for absent in codes]
    while True:
        deck = [*ones, *twos, *threes]
        for i in rng.permutation(len(deck)):
            yield tuple(str(code) for code in rng.permutation(deck[i]))


def _parts(n_songs):
    """The folder of each testing song: shares and names of the folders are IRMAS's own."""
    names = ("IRMAS-TestingData-Part1/Part1", "IRMAS-TestingData-Part2/IRTestingData-Part2",
             "IRMAS-TestingData-Part3/Part3")  # fmt: skip
    edges = np.round(np.cumsum((0.28, 0.45, 0.27)) * n_songs)
    return [names[int(np.searchsorted(edges, number, side="right"))] for number in range(n_songs)]


def lead_zones(program: int, low: int, high: int, held_out: bool) -> list[tuple[int, ...]]:
    """Choices of sample zones for a leading instrument: two or three neighbours among every third zone or the others."""
    inside = [zone.index for zone in zones(program) if zone.keys[0] <= high and low <= zone.keys[1]]
    mine = [index for number, index in enumerate(inside) if (number % 3 == 1) == held_out]
    choices = [tuple(mine[i : i + n]) for n in (2, 3) for i in range(len(mine) - n + 1)]
    return [choice for choice in choices if len(playable(program, low, high, choice)) >= 12]


def _lead_voice(code, rng, tuning, held_out):
    """An instrument of a class as it is played in one song."""
    programs, low, high = CLASSES[code]
    program = programs[int(rng.integers(len(programs)))]
    choices = lead_zones(program, low, high, held_out)
    bowed = code in ("tru", "vio")
    return Voice(
        program,
        zones=choices[int(rng.integers(len(choices)))],
        tuning_cents=tuning + float(rng.normal(0, 3)),
        vibrato_cents=float(rng.uniform(*{"tru": (0, 14), "vio": (8, 32)}.get(code, (0, 0)))),
        attack=float(rng.uniform(0, 0.05)) if bowed else 0.0,
        release=float(rng.uniform(0.06, 0.2)),
        body=draw_body(rng),
        softness_hz=float(np.exp(rng.uniform(np.log(900), np.log(8000)))),
    )


def _lead(code, voice, tune, rng, start, stop, first=True):
    """What the leading instrument plays; `first` has the melody, the others what goes with it."""
    keys = playable(voice.program, *CLASSES[code][1:], voice.zones)
    if code in ("tru", "vio"):
        legato = float(rng.uniform(0.75, 1.0) if code == "tru" else rng.uniform(0.85, 1.05))
        return melody(tune, rng, keys, start, stop, busy=float(rng.uniform(0.2, 0.9) if first else
                      rng.uniform(0.0, 0.4)), legato=legato, leap=float(rng.uniform(0.1, 0.3)))  # fmt: skip
    style = int(rng.integers(4)) if first else int(rng.integers(1, 4))
    middle = keys[len(keys) // 2]
    low, high = [key for key in keys if key <= middle + 3], [key for key in keys if key >= middle - 4]
    strum = float(rng.uniform(0.008, 0.02)) if code == "gac" else 0.0
    if style == 0:  # a melody with chords below it
        line = melody(tune, rng, high, start, stop, busy=float(rng.uniform(0.3, 0.9)), legato=1.0)
        return line + chords(tune, rng, low, start, stop, size=3, spread=strum, loud=70)
    if style == 1:
        return arpeggio(tune, rng, keys, start, stop, notes_a_beat=int(rng.choice((2, 3, 4))),
                        ring=float(rng.uniform(1.0, 3.0)))  # fmt: skip
    if style == 2:
        return chords(tune, rng, keys, start, stop, size=int(rng.integers(4, 6)), spread=strum,
                      hold=float(rng.uniform(0.5, 1.0)))  # fmt: skip
    line = melody(tune, rng, high, start, stop, busy=float(rng.uniform(0.5, 1.0)), legato=float(rng.uniform(0.6, 1.3)))
    return line + bass_line(tune, rng, low, start, stop, loud=75)


def _companions(song, tune, rng, tuning, seconds, n):
    """The quieter parts of a song: (dry signal, level in dB below the leading instrument) each."""
    parts = []

    def add(program, low, high, write, db, chance):
        # Everything is drawn whether the part is there or not, so that one part does not change the others.
        there, below, seed = rng.uniform() < chance, float(rng.uniform(*db)), int(rng.integers(2**31))
        keys = playable(program, low, high)
        if there:
            own = np.random.default_rng(seed)
            parts.append((play(Voice(program, tuning_cents=tuning), write(own, keys), n, SR, seed), below))

    chord_player = _CHORDS[int(rng.integers(len(_CHORDS)))]
    second_player = _SECOND[int(rng.integers(len(_SECOND)))]
    bass_player = _BASSES[int(rng.integers(len(_BASSES)))]
    add(*bass_player, lambda own, keys: bass_line(tune, own, keys, 0.0, seconds), (4, 12), 0.6)
    add(*chord_player, lambda own, keys: chords(tune, own, keys, 0.0, seconds, size=3), (7, 16), 0.75)
    add(*second_player, lambda own, keys: melody(tune, own, keys, 0.0, seconds, busy=0.2, rest=0.3), (9, 18), 0.35)
    kit, below, seed = int(rng.choice(_KITS)), float(rng.uniform(5, 14)), int(rng.integers(2**31))
    if song.with_drums:
        hits = drums(tune, np.random.default_rng(seed), 0.0, seconds)
        parts.append((play(Voice(kit, bank=128), hits, n, SR, seed), below))
    return parts


def _mastered(parts, room, peak_db, rng, seed):
    """Mix the parts at their levels, place them left and right, record them in a room; (n, 2) float32."""
    n = len(parts[0][0])
    sides = np.zeros((2, n), dtype=np.float32)
    for dry, below in parts:
        loudness = level(dry, SR)
        if loudness == 0:
            raise ValueError("A part of a song is silent: it cannot be mixed.")
        angle = np.pi / 4 * (1 + float(rng.uniform(-0.6, 0.6)))
        gain = 10 ** (-below / 20) / loudness
        sides += np.outer((np.cos(angle), np.sin(angle)), gain * dry).astype(np.float32)
    sides *= np.float32(0.3 / np.abs(sides).max())
    wet = np.stack(
        [
            record(y, SR, dataclasses.replace(room, seed=room.seed + side), delay=0.0, n_samples=n, seed=seed + side)
            for side, y in enumerate(sides)
        ],
        axis=1,
    )
    return wet * np.float32(10 ** (peak_db / 20) / np.abs(wet).max())
