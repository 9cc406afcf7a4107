"""What the practice orchestra plays and how it is written down: families, recordings, notes, files.

A *family* is a class; an *instrument* is a program that shares no sample with any other instrument here; a *recording*
is one instrument in one room with one microphone, one tuning, its own noise and, where the soundfont has enough of
them, its own samples. Splits by window, by note, by recording and by instrument therefore mean four different things.
"""

from __future__ import annotations

import csv
import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .folders import new_folder
from .rooms import LOWPASS_HZ, Room, draw_room, record, softness
from .sampler import key_name, key_to_hz, render, sample_bandwidth
from .sf2 import zones

__all__ = [
    "FAMILIES",
    "SIZES",
    "Instrument",
    "Leaks",
    "Note",
    "instruments",
    "notes_plan",
    "render_note",
    "write_notes",
]


@dataclass(frozen=True)
class Instrument:
    """One independent instrument: a General MIDI program and the keys at which the orchestra plays it."""

    name: str
    program: int
    keys: tuple[int, int]


def _family(*rows):
    return tuple(Instrument(name, program, (low, high)) for name, program, low, high in rows)


# The first two of each family are in every size, the third from `practice` on, the others in `large`. Each plays one
# octave, the class's own register where it has one. Key ranges keep to samples that reach the common low-pass and that
# no other instrument here uses (a test computes both from the file).
FAMILIES: dict[str, tuple[Instrument, ...]] = {
    "bass": _family(
        ("acoustic-bass", 32, 34, 46), ("fingered-bass", 33, 34, 46), ("fretless-bass", 35, 34, 46),
        ("picked-bass", 34, 34, 46), ("slap-bass", 36, 34, 46),
    ),
    "brass": _family(
        ("trumpet", 56, 55, 67), ("trombone", 57, 53, 65), ("french-horn", 60, 53, 65),
        ("muted-trumpet", 59, 55, 67), ("tuba", 58, 45, 57),
    ),
    "flute": _family(
        ("flute", 73, 72, 84), ("recorder", 74, 72, 84), ("pan-flute", 75, 72, 84),
        ("ocarina", 79, 72, 84), ("piccolo", 72, 76, 88),
    ),
    "guitar": _family(
        ("nylon-guitar", 24, 45, 57), ("steel-guitar", 25, 45, 57), ("jazz-guitar", 26, 45, 57),
        ("clean-guitar", 27, 45, 57), ("banjo", 105, 50, 62),
    ),
    "keyboard": _family(
        ("piano", 0, 60, 76), ("electric-piano", 4, 60, 72), ("harpsichord", 6, 60, 72),
        ("fm-piano", 5, 60, 72), ("clavinet", 7, 60, 72),
    ),
    "mallet": _family(
        ("vibraphone", 11, 72, 84), ("marimba", 12, 70, 82), ("glockenspiel", 9, 76, 88),
        ("celesta", 8, 72, 84), ("xylophone", 13, 72, 84),
    ),
    "organ": _family(
        ("drawbar-organ", 16, 53, 65), ("percussive-organ", 17, 53, 65), ("church-organ", 19, 53, 65),
        ("accordion", 21, 53, 65),
    ),
    "reed": _family(
        ("soprano-saxophone", 64, 60, 72), ("clarinet", 71, 60, 72), ("alto-saxophone", 65, 58, 70),
        ("oboe", 68, 60, 72), ("bassoon", 70, 43, 55),
    ),
    "string": _family(
        ("violin", 40, 57, 69), ("cello", 42, 55, 67), ("tremolo-strings", 44, 58, 70),
        ("synth-strings", 50, 57, 69), ("contrabass", 43, 36, 48),
    ),
    "vocal": _family(("choir-aahs", 52, 60, 74), ("voice-oohs", 53, 66, 80), ("space-voice", 91, 60, 74)),
}  # fmt: skip

# How many notes a class gets, relative to the others: as unequal as the classes of the Iowa set.
_SHARES = {
    "bass": 0.7, "brass": 1.3, "flute": 1.1, "guitar": 1.2, "keyboard": 1.0,
    "mallet": 0.6, "organ": 0.8, "reed": 1.6, "string": 1.2, "vocal": 0.5,
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is rendered: instruments per family, recordings per instrument, notes per recording, seconds a note."""

    instruments: int
    recordings: int
    notes: float
    seconds: tuple[float, float]


SIZES = {
    "tiny": Size(2, 2, 3, (0.9, 1.3)),
    "practice": Size(3, 3, 19, (2.4, 3.8)),
    "large": Size(5, 4, 37, (2.4, 3.8)),
}


@dataclass(frozen=True)
class Leaks:
    """Faults that a data set can have, each off unless asked for.

    Parameters
    ----------
    bandwidth : bool
        The common low-pass is left out: where a sample of the soundfont ends can be read off the spectrum.
    rooms : bool
        All recordings of a class come from one room, microphone and noise floor.
    loudness : bool
        Each class was levelled differently.
    hum : bool
        Half of the classes were recorded beside a transformer.
    copies : bool
        A third of the notes of a recording are notes of another recording, copied at a slightly different level.
    """

    bandwidth: bool = False
    rooms: bool = False
    loudness: bool = False
    hum: bool = False
    copies: bool = False


@dataclass(frozen=True)
class Note:
    """All that is needed to render one note of a data set; made by :func:`notes_plan`.

    `family` is the class, `instrument` and `recording` are groups (names), `zones` the sample zones of its recording,
    `level_db` the peak of the dry note re full scale, `onset` the seconds before it.
    """

    family: str
    instrument: str
    recording: str
    program: int
    zones: tuple[int, ...] | None
    key: int
    velocity: int
    duration: float
    onset: float
    tuning_cents: float
    vibrato_cents: float
    level_db: float
    room: Room
    seed: int

    @property
    def pitch(self) -> str:
        """Note name, with flats: C4 is MIDI key 60."""
        return key_name(self.key)


def instruments(family: str) -> tuple[Instrument, ...]:
    """The independent instruments of a family; ``ValueError`` names the families if there is none of that name."""
    try:
        return FAMILIES[family]
    except KeyError:
        raise ValueError(f"No family {family!r}: the orchestra has {', '.join(FAMILIES)}.") from None


# Instruments whose players use vibrato, with its usual depth in cents.
_VIBRATO = {
    "flute": 14, "violin": 22, "cello": 18, "soprano-saxophone": 16, "alto-saxophone": 14, "oboe": 10, "trumpet": 8,
    "trombone": 8, "contrabass": 8, "piccolo": 8, "voice-oohs": 12,
}  # fmt: skip
_DYNAMICS = (45, 80, 115)  # velocities of pp, mf, ff: every key of a recording is played at each
_CUT = 10 ** (-30 / 20)  # share of its peak at which a decaying note is cut off
_NEAR = 7  # semitones by which a recording plays a sample zone beyond the keys that it is meant for


def notes_plan(size: str = "practice", seed: int = 0, leaks: Leaks | None = None) -> list[Note]:
    """Which notes a data set consists of, in the order of its rows: class by class, recording by recording.

    Parameters
    ----------
    size : {"tiny", "practice", "large"}
    seed : int
        Draws rooms, zones, keys, dynamics, lengths, tunings. The same seed gives the same plan everywhere.
    leaks : Leaks, optional
        Faults to build in (default: none).

    Returns
    -------
    list of Note
    """
    if size not in SIZES:
        raise ValueError(f"No size {size!r}: choose one of {', '.join(SIZES)}.")
    spec, leaks = SIZES[size], leaks or Leaks()
    mean_share = np.mean(list(_SHARES.values()))
    # What only leaks use: one level and one room for each class, no two alike.
    leak_rng = np.random.default_rng([seed, 0, 0])
    class_levels = leak_rng.permutation(np.linspace(-28, -4, len(FAMILIES)))
    class_floors = leak_rng.permutation(np.linspace(-90, -55, len(FAMILIES)))
    class_rooms = [dataclasses.replace(draw_room(leak_rng), noise_db=float(floor)) for floor in class_floors]
    notes = []
    for family_number, (family, members) in enumerate(FAMILIES.items()):
        members = members[: spec.instruments]
        n_notes = max(2, round(spec.notes * _SHARES[family] / mean_share)) if spec.notes > 5 else int(spec.notes)
        for instrument_number, instrument in enumerate(members):
            made = []
            for number in range(spec.recordings):
                rng = np.random.default_rng([seed, family_number, instrument_number + 1, number])
                room = draw_room(rng)
                if leaks.rooms:
                    room = class_rooms[family_number]
                if leaks.hum and family_number % 2:
                    room = dataclasses.replace(room, hum_hz=50.0, hum_db=-52.0)
                if leaks.bandwidth:
                    room = dataclasses.replace(room, bandwidth_hz=float("inf"))
                level = rng.uniform(-20, -8)
                if leaks.loudness:
                    level = class_levels[family_number] + (level + 14) / 6
                made.append(_recording(family, instrument, number, spec, n_notes, level, room, rng))
            if leaks.copies:
                rng = np.random.default_rng([seed, family_number, instrument_number + 1, 99])
                made = _with_copies(made, rng)
            notes.extend(note for recording in made for note in recording)
    return notes


def _recording(family, instrument, number, spec, n_notes, level, room, rng):
    """The notes of one recording, from low to high."""
    chosen = _recording_zones(instrument, number, spec.recordings)
    keys = _playable(instrument, chosen)
    n_keys = -(-n_notes // len(_DYNAMICS))
    picks = np.sort(rng.choice(len(keys), size=n_keys, replace=n_keys > len(keys)))
    tuning = float(rng.normal(0, 12))
    name = f"{instrument.name}-r{number + 1}"
    notes = []
    for key, dynamic in [(keys[i], velocity) for velocity in _DYNAMICS for i in picks][:n_notes]:
        velocity = int(dynamic + rng.integers(-10, 11))
        notes.append(
            Note(
                family=family,
                instrument=instrument.name,
                recording=name,
                program=instrument.program,
                zones=chosen,
                key=int(key),
                velocity=velocity,
                duration=float(rng.uniform(*spec.seconds)),
                onset=float(rng.uniform(0.0, 0.06)),
                tuning_cents=tuning + float(rng.normal(0, 4)),
                vibrato_cents=float(_VIBRATO.get(instrument.name, 0) * rng.uniform(0, 1.5)),
                level_db=float(level + 24 * np.log10(velocity / 115) + rng.normal(0, 1)),
                room=room,
                seed=int(rng.integers(2**31)),
            )
        )
    return notes


def _recording_zones(instrument, number, n_recordings):
    """Every n-th sample zone in the instrument's range; None (all of them) where there are too few to share out."""
    low, high = instrument.keys
    inside = [zone.index for zone in zones(instrument.program) if zone.keys[0] <= high and low <= zone.keys[1]]
    return tuple(inside[number::n_recordings]) if len(inside) >= n_recordings else None


def _playable(instrument, chosen):
    """Keys of the instrument that the zones reach without sounding strange, and that fill the common band."""
    ranges = [zone.keys for zone in zones(instrument.program) if chosen is None or zone.index in chosen]
    return [
        key
        for key in range(instrument.keys[0], instrument.keys[1] + 1)
        if any(low - _NEAR <= key <= high + _NEAR for low, high in ranges)
        and sample_bandwidth(instrument.program, key, zone=chosen) >= LOWPASS_HZ
    ]


def _with_copies(recordings, rng):
    """The recordings with about a third of each one's notes replaced by notes of the next one."""
    out = []
    for number, notes in enumerate(recordings):
        others = recordings[(number + 1) % len(recordings)]
        copied = []
        for note in notes:
            if rng.uniform() < 1 / 3:
                source = others[rng.integers(len(others))]
                level = source.level_db + float(rng.uniform(-1, 1))
                note = dataclasses.replace(source, recording=note.recording, level_db=level)
            copied.append(note)
        out.append(copied)
    return out


def render_note(note: Note, sr: int = 22050) -> np.ndarray:
    """One note of a data set as it was recorded: room, microphone, dynamics, tuning, level and noise.

    Decaying notes end where they have fallen by 30 dB (after 0.75 s at the earliest), as a person would cut them.

    Parameters
    ----------
    note : Note
    sr : int
        Sample rate in Hz.

    Returns
    -------
    (n_samples,) float32
        In [-0.98, 0.98].
    """
    dry = render(
        note.program,
        note.key,
        127,
        note.duration,
        sr,
        tuning_cents=note.tuning_cents,
        vibrato_cents=note.vibrato_cents,
        vibrato_hz=5 + 1.5 * (note.seed % 997) / 997,
        release=0.15,
        zone=note.zones,
        seed=note.seed,
    )
    peak = float(np.abs(dry).max())
    if peak == 0:
        raise ValueError(f"Program {note.program} is silent at key {note.key}: this note cannot be planned.")
    block = max(1, sr // 100)
    level = np.abs(dry[: len(dry) // block * block]).reshape(-1, block).max(axis=1)
    last = (np.flatnonzero(level > peak * _CUT)[-1] + 1) * block
    dry = dry[: max(last, min(len(dry), int(0.75 * sr)))].copy()
    n_fade = min(len(dry), int(0.05 * sr))
    dry[-n_fade:] *= np.linspace(1, 0, n_fade, dtype=np.float32)
    y = record(
        dry,
        sr,
        note.room,
        delay=note.onset,
        n_samples=int((note.onset + 0.1) * sr) + len(dry),
        gain_db=note.level_db - 20 * np.log10(peak),
        softness_hz=softness(note.key, note.velocity),
        seed=note.seed,
    )
    return np.clip(y, -0.98, 0.98)


METADATA = (
    "path", "family", "instrument", "recording", "program", "zones", "pitch", "key", "frequency", "velocity",
    "tuning_cents", "vibrato_cents", "onset", "duration", "sr", "n_samples",
)  # fmt: skip


def write_notes(folder, size: str = "practice", seed: int = 0, sr: int = 22050, leaks: Leaks | None = None) -> Path:
    """Render a data set of notes: ``<family>/<instrument>/<recording>/<note>.wav`` (PCM 16) and ``metadata.csv``.

    The folder appears when it is complete; a broken run leaves nothing that looks like a data set.

    Parameters
    ----------
    folder : str or Path
        Must not exist yet, or be empty.
    size, seed, leaks
        See :func:`notes_plan`.
    sr : int
        Sample rate in Hz.

    Returns
    -------
    Path
        The folder. The columns of ``metadata.csv`` are in `METADATA`; its rows are in the order of the plan.

    Raises
    ------
    FileExistsError
        There is something in the folder.
    """
    import soundfile

    from ..download import progress_over

    plan = notes_plan(size, seed, leaks)
    with new_folder(folder) as work:
        rows, count = [], {}
        for note in progress_over(plan, f"practice notes ({size})"):
            y = render_note(note, sr)
            stem = f"{note.pitch}_v{note.velocity:03d}"
            place = (note.family, note.instrument, note.recording)
            count[place, stem] = count.get((place, stem), 0) + 1
            if count[place, stem] > 1:
                stem += f"_{count[place, stem]}"
            path = Path(*place) / f"{stem}.wav"
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(work / path, y, sr, subtype="PCM_16")
            rows.append(
                (
                    path.as_posix(), note.family, note.instrument, note.recording, note.program,
                    "" if note.zones is None else " ".join(map(str, note.zones)), note.pitch, note.key,
                    f"{float(key_to_hz(note.key + note.tuning_cents / 100)):.3f}", note.velocity,
                    f"{note.tuning_cents:.2f}", f"{note.vibrato_cents:.2f}", f"{note.onset:.4f}",
                    f"{note.duration:.4f}", sr, len(y),
                )
            )  # fmt: skip
        with open(work / "metadata.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(METADATA)
            writer.writerows(rows)
    return Path(folder)
