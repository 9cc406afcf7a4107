"""The practice stand-in for Medley-solos-DB: songs of one instrument each, cut into clips, from two collections.

A *song* is played by one instrument in one place: notes of a scale, single or in chords, at one tempo. Training and
validation songs come from collection A, test songs from collection B: other sample zones of the soundfont (other
recordings of the same instrument), another kind of room and of microphone, more noise. How large the shift between them
is was chosen here. The soundfont has no solo female singer: the class is left out.
"""

from __future__ import annotations

import csv
import dataclasses
import struct
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .folders import new_folder
from .rooms import LOWPASS_HZ, Room, draw_room, record, softness
from .sampler import render, sample_bandwidth

__all__ = [
    "CLASSES", "CLIP", "COLUMNS", "MedleyLeaks", "SR", "Song", "SongNote", "medley_plan", "render_song", "song_notes",
    "write_medley",
]  # fmt: skip

SR, CLIP = 44100, 131072  # sample rate in Hz, samples in a clip
_RENDER_SR = 22050  # nothing above `LOWPASS_HZ` is left in the end: twice the samples would hold no more
COLUMNS = ("subset", "instrument", "instrument_id", "song_id", "uuid4")


@dataclass(frozen=True)
class Player:
    """A class: its official number, a General MIDI program, and for each collection its sample zones and its keys.

    `voices` is the largest number of keys struck together, `vibrato` the usual depth in cents, `hold` the share of a
    note's time for which its key is held.
    """

    number: int
    program: int
    zones: dict[str, tuple[int, ...]]
    keys: tuple[int, int]
    voices: int = 1
    vibrato: float = 0.0
    hold: float = 0.9


# By the official order. A test computes from the file that no sample sounds in both collections, and that every key
# fills the common band. Class 2, the female singer, is missing.
CLASSES: dict[str, Player] = {
    "clarinet": Player(0, 71, {"A": (0, 2, 4, 6), "B": (1, 3, 5)}, (52, 84), vibrato=2),
    "distorted electric guitar": Player(1, 30, {"A": (0, 2, 4), "B": (1, 3, 5)}, (42, 74), voices=2, vibrato=6),
    "flute": Player(3, 73, {"A": (0, 2, 4, 6), "B": (1, 3, 5, 7)}, (60, 88), vibrato=14),
    "piano": Player(4, 0, {"A": (5, 7), "B": (6, 8)}, (66, 92), voices=3, hold=1.3),
    "tenor saxophone": Player(5, 66, {"A": (0, 2, 4), "B": (1, 3, 5)}, (46, 76), vibrato=14),
    "trumpet": Player(6, 56, {"A": (0, 2, 4, 6), "B": (1, 3, 5)}, (54, 80), vibrato=8),
    "violin": Player(7, 40, {"A": (0, 2, 4, 6), "B": (1, 3, 5)}, (55, 88), voices=1, vibrato=20, hold=1.0),
}  # fmt: skip

SUBSETS = {"test": "B", "training": "A", "validation": "A"}  # in the order of the official table

# (songs, clips per song) by class and subset. Shares move between the subsets as the official ones do: most clips are
# of the piano in training, of piano and violin in validation, of the flute in the test; few saxophones anywhere.
_COUNTS = {
    "clarinet": {"training": (4, 7), "validation": (2, 12), "test": (8, 4)},
    "distorted electric guitar": {"training": (6, 8), "validation": (3, 12), "test": (6, 6)},
    "flute": {"training": (3, 8), "validation": (2, 8), "test": (12, 10)},
    "piano": {"training": (9, 17), "validation": (4, 16), "test": (8, 12)},
    "tenor saxophone": {"training": (3, 8), "validation": (1, 6), "test": (4, 4)},
    "trumpet": {"training": (4, 7), "validation": (2, 4), "test": (10, 2)},
    "violin": {"training": (7, 19), "validation": (3, 20), "test": (9, 12)},
}
_TINY = {"training": (2, 2), "validation": (1, 2), "test": (2, 2)}
SIZES = {"tiny": 0, "practice": 1, "large": 3}  # times as many songs as in `_COUNTS`; 0 for `_TINY`


@dataclass(frozen=True)
class MedleyLeaks:
    """Faults that a data set can have, each off unless asked for.

    Parameters
    ----------
    bandwidth : bool
        The common low-pass is left out: where a sample of the soundfont ends can be read off the spectrum.
    rooms : bool
        All songs of a class come from one room, microphone and noise floor, in both collections.
    loudness : bool
        Each class was levelled differently.
    """

    bandwidth: bool = False
    rooms: bool = False
    loudness: bool = False


@dataclass(frozen=True)
class Song:
    """One piece by one player in one place. `song_id` and `clips` (uuid4 of each) name the files.

    `tempo` is beats per minute, `scale` the keys of the piece from low to high, `level_db` the peak re full scale,
    `dynamics` the mean and the spread of the velocities.
    """

    subset: str
    collection: str
    instrument: str
    song_id: str
    clips: tuple[str, ...]
    scale: tuple[int, ...]
    tempo: float
    tuning_cents: float
    dynamics: tuple[float, float]
    level_db: float
    room: Room
    seed: int

    def path(self, clip: int) -> str:
        """Name of a clip, as in version 1.2 of the real set."""
        return f"audio/Medley-solos-DB_{self.subset}-{CLASSES[self.instrument].number}_{self.clips[clip]}.wav"


@dataclass(frozen=True)
class SongNote:
    """One key struck in a song: start and duration in seconds, MIDI key, velocity."""

    start: float
    duration: float
    key: int
    velocity: int


def medley_plan(size: str = "practice", seed: int = 0, leaks: MedleyLeaks | None = None) -> list[Song]:
    """Which songs the set consists of, in the order of its table: test, training, validation; class by class.

    Parameters
    ----------
    size : {"tiny", "practice", "large"}
    seed : int
        Draws places, scales, tempi, tunings. The same seed gives the same plan everywhere.
    leaks : MedleyLeaks, optional
        Faults to build in (default: none).

    Returns
    -------
    list of Song
    """
    if size not in SIZES:
        raise ValueError(f"No size {size!r}: choose one of {', '.join(SIZES)}.")
    leaks = leaks or MedleyLeaks()
    leak_rng = np.random.default_rng([seed, 0])
    levels = leak_rng.permutation(np.linspace(-28, -6, len(CLASSES)))
    floors = leak_rng.permutation(np.linspace(-90, -50, len(CLASSES)))
    rooms = [dataclasses.replace(draw_room(leak_rng), noise_db=float(floor)) for floor in floors]
    songs = []
    for subset, collection in SUBSETS.items():
        for number, (instrument, player) in enumerate(CLASSES.items()):
            n_songs, n_clips = _COUNTS[instrument][subset] if SIZES[size] else _TINY[subset]
            for song in range(n_songs * max(1, SIZES[size])):
                rng = np.random.default_rng([seed, 1, number, song, *subset.encode()])
                one = _song(subset, collection, instrument, player, f"{len(songs):03d}", n_clips, rng)
                if leaks.rooms:
                    one = dataclasses.replace(one, room=rooms[number])
                if leaks.bandwidth:
                    room = dataclasses.replace(one.room, bandwidth_hz=float("inf"))
                    one = dataclasses.replace(one, room=room)
                if leaks.loudness:
                    one = dataclasses.replace(one, level_db=float(levels[number] + (one.level_db + 14) / 6))
                songs.append(one)
    return songs


_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10))


def _song(subset, collection, instrument, player, song_id, n_clips, rng):
    """Draw a song: its music does not know its class, but for the keys that the instrument has."""
    # Songs are not all of one length: some half, some half as much again, so that the mean stays.
    n_clips = max(1, round(n_clips * rng.uniform(0.6, 1.4))) if n_clips > 2 else n_clips
    able = playable(instrument, collection)
    root, steps = int(rng.integers(12)), _SCALES[rng.integers(len(_SCALES))]
    scale = [key for key in able if (key - root) % 12 in steps]
    width = min(len(scale), int(rng.integers(9, 15)))
    first = int(rng.integers(len(scale) - width + 1))
    return Song(
        subset=subset,
        collection=collection,
        instrument=instrument,
        song_id=song_id,
        clips=tuple(str(uuid.UUID(bytes=rng.bytes(16), version=5)) for _ in range(n_clips)),
        scale=tuple(scale[first : first + width]),
        tempo=float(rng.uniform(70, 150)),
        tuning_cents=float(rng.normal(0, 10)),
        dynamics=(float(rng.uniform(60, 105)), float(rng.uniform(5, 18))),
        level_db=float(rng.uniform(-18, -6)) if collection == "A" else float(rng.uniform(-24, -10)),
        room=_place(collection, rng),
        seed=int(rng.integers(2**31)),
    )


_EQ = 1.5  # microphones and places differ this much more than in the practice notes: a song has a sound of its own


def _place(collection, rng):
    """Draw a room: A is a studio, near the microphone; B a hall, recorded from afar with older equipment."""
    room = draw_room(rng)
    curve = np.asarray(room.eq_db) * _EQ
    if collection == "A":
        decay, direct, noise = (0.1, 0.8), (3, 18), (-85, -62)
    else:
        curve = curve + np.array([-5.0, -2.0, 1.0, 2.5, 1.0, -5.0]) * rng.uniform(0.5, 1.5)  # neither deep nor high
        decay, direct, noise = (0.7, 1.5), (1, 8), (-72, -55)
    return dataclasses.replace(
        room,
        decay=float(rng.uniform(*decay)),
        direct_db=float(rng.uniform(*direct)),
        noise_db=float(rng.uniform(*noise)),
        eq_db=tuple(float(v) for v in np.clip(curve, -15, 15)),
    )


@lru_cache(maxsize=64)
def playable(instrument: str, collection: str) -> tuple[int, ...]:
    """Keys of a class at which the samples of a collection fill the common band."""
    player = CLASSES[instrument]
    return tuple(
        key
        for key in range(player.keys[0], player.keys[1] + 1)
        if sample_bandwidth(player.program, key, zone=player.zones[collection]) >= LOWPASS_HZ
    )


def song_notes(song: Song) -> list[SongNote]:
    """The score of a song: a walk along its scale until its clips are filled.

    Parameters
    ----------
    song : Song

    Returns
    -------
    list of SongNote
        By start.
    """
    player, rng = CLASSES[song.instrument], np.random.default_rng([song.seed, 1])
    beat, seconds = 60 / song.tempo, len(song.clips) * CLIP / SR
    loud, spread = song.dynamics
    place, at, notes = len(song.scale) // 2, float(rng.uniform(0, 0.2)), []
    while at < seconds - 0.1:
        length = beat * float(rng.choice([0.5, 0.5, 0.5, 1, 1, 1.5, 2]))
        if rng.uniform() < 0.07:  # a rest
            at += length / 2
            continue
        place = int(np.clip(place + rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3]), 0, len(song.scale) - 1))
        together = [place] + [place + 2 * k for k in range(1, int(rng.integers(1, player.voices + 1)))]
        velocity = int(np.clip(rng.normal(loud, spread), 25, 127))
        for step in together:
            if step < len(song.scale):
                held = max(0.08, length * player.hold * float(rng.uniform(0.85, 1.0)))
                notes.append(SongNote(at, held, song.scale[step], velocity))
        at += length
    return notes


def render_song(song: Song) -> np.ndarray:
    """A song as it was recorded, its clips end to end.

    Parameters
    ----------
    song : Song

    Returns
    -------
    (n_clips * 131072,) float32
        At 44.1 kHz, in [-0.98, 0.98].
    """
    from scipy.signal import lfilter, resample

    player, rng = CLASSES[song.instrument], np.random.default_rng([song.seed, 2])
    n = len(song.clips) * CLIP // 2
    dry = np.zeros(n, dtype=np.float32)
    vibrato = player.vibrato * float(rng.uniform(0.5, 1.5))
    for note in song_notes(song):
        y = render(
            player.program,
            note.key,
            127,
            note.duration,
            _RENDER_SR,
            tuning_cents=song.tuning_cents + float(rng.normal(0, 3)),
            vibrato_cents=vibrato if note.duration > 0.25 else 0.0,
            vibrato_hz=float(rng.uniform(4.8, 6.2)),
            release=0.12,
            zone=player.zones[song.collection],
            seed=int(rng.integers(2**31)),
        )
        peak = float(np.abs(y).max())
        if peak == 0:
            raise ValueError(f"{song.instrument} is silent at key {note.key}: this note cannot be planned.")
        # A soft note is quieter and duller; the soundfont has no velocity layers.
        pole = np.exp(-2 * np.pi * min(softness(note.key, note.velocity) / _RENDER_SR, 0.45))
        y = lfilter([1 - pole], [1, -pole], y) * (10 ** (24 / 20 * np.log10(note.velocity / 115)) / peak)
        begin = int(note.start * _RENDER_SR)
        y = y[: n - begin]
        dry[begin : begin + len(y)] += y.astype(np.float32)
    y = record(
        dry,
        _RENDER_SR,
        song.room,
        delay=0.0,
        n_samples=n,
        gain_db=song.level_db - 20 * np.log10(float(np.abs(dry).max())),
        seed=song.seed,
    )
    return np.clip(resample(y, 2 * n), -0.98, 0.98).astype(np.float32, copy=False)


def write_medley(folder, size: str = "practice", seed: int = 0, leaks: MedleyLeaks | None = None):
    """Render the set: ``audio/Medley-solos-DB_<subset>-<class>_<uuid4>.wav`` (float32) and the table of version 1.2.

    Parameters
    ----------
    folder : str or Path
        Must not exist yet, or be empty; it appears when it is complete.
    size, seed, leaks
        See :func:`medley_plan`.
    """
    from joblib import Parallel, delayed, parallel_config

    from ..download import progress_over

    plan = medley_plan(size, seed, leaks)
    with new_folder(folder) as work:
        (work / "audio").mkdir()
        (work / "annotation").mkdir()
        with parallel_config(backend="loky", inner_max_num_threads=1):
            # The longest first: they would keep one core waiting for the other at the end.
            jobs = [delayed(_write_song)(work, song) for song in sorted(plan, key=lambda song: -len(song.clips))]
            n_jobs = 1 if size == "tiny" else -1
            done = Parallel(n_jobs=n_jobs, return_as="generator_unordered")(progress_over(jobs, f"practice songs ({size})"))
            for _ in done:
                pass
        with open(work / "annotation" / "Medley-solos-DB_metadata.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for song in plan:
                number = CLASSES[song.instrument].number
                writer.writerows((song.subset, song.instrument, number, song.song_id, clip) for clip in song.clips)


def _write_song(folder, song):
    """Render one song and write its clips; in a worker process."""
    y = render_song(song)
    for clip in range(len(song.clips)):
        data = y[clip * CLIP : (clip + 1) * CLIP].astype("<f4").tobytes()
        # The plain head of 44 bytes that the real clips have; libsndfile would add the time of day.
        head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVEfmt ", 16, 3, 1, SR, 4 * SR, 4, 32, b"data",
                           len(data))  # fmt: skip
        (Path(folder) / song.path(clip)).write_bytes(head + data)
