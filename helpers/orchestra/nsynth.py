"""The practice stand-in for NSynth: what is played, on what, and how it is written down in NSynth's own layout.

A *body* is what the soundfont recorded: a program, or some of its sample zones. An *instrument* is a body with the
settings of its own: one room and microphone and, for electronic and synthetic ones, filter, drive, chorus, tremolo, as
the presets of a sound library differ. Bodies are for training or held out: no recorded sample that sounds in a training
note sounds in a validation or a test note. Validation and test share their instruments, at other pitches, as the real
ones may.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .folders import new_folder
from .rooms import LOWPASS_HZ, Room, draw_room, record, softness
from .sampler import key_to_hz, render, sample_bandwidth

__all__ = [
    "FAMILIES", "NOISE", "QUALITIES", "SOURCES", "Body", "NsynthInstrument", "NsynthLeaks", "NsynthNote", "SR",
    "nsynth_plan", "qualities", "render_nsynth", "write_nsynth",
]  # fmt: skip

SR, SECONDS, HELD = 16000, 4.0, 3.0  # sample rate in Hz, length of a clip, seconds for which the key is held
VELOCITIES = (25, 50, 75, 100, 127)
SOURCES = ("acoustic", "electronic", "synthetic")
QUALITIES = (
    "bright", "dark", "distortion", "fast_decay", "long_release", "multiphonic", "nonlinear_env", "percussive",
    "reverb", "tempo-synced",
)  # fmt: skip


@dataclass(frozen=True)
class Body:
    """What sounds: a General MIDI program (or some of its sample zones), its source, and the keys it is played at."""

    name: str
    source: str
    program: int
    keys: tuple[int, int]
    zones: tuple[int, ...] | None = None
    held_out: bool = False


def _bodies(*rows, held_out=()):
    """Bodies from rows of (name, source, program, lowest key, highest key[, zones])."""
    return tuple(
        Body(name, source, program, (low, high), *zones, held_out=held)
        for held, group in ((False, rows), (True, held_out))
        for name, source, program, low, high, *zones in group
    )


# By NSynth's number of the family. Sources follow the groups of General MIDI. A test computes from the file that no
# training body shares a sample with a held-out one at these keys, and that every key fills the common band.
FAMILIES: dict[str, tuple[Body, ...]] = {
    "bass": _bodies(
        ("saw-bass", "synthetic", 38, 28, 72), ("fingered-bass", "electronic", 33, 28, 60),
        ("slap-bass", "electronic", 36, 28, 60), ("low-saw", "synthetic", 81, 28, 64, (0, 1)),
        ("acoustic-bass", "acoustic", 32, 30, 60), ("popped-bass", "electronic", 37, 28, 60),
        held_out=(
            ("square-bass", "synthetic", 80, 28, 64, (0, 1)), ("picked-bass", "electronic", 34, 28, 60),
            ("fretless-bass", "electronic", 35, 28, 60),
        ),
    ),
    "brass": _bodies(
        ("trumpet", "acoustic", 56, 52, 81, (0, 2, 4, 6)), ("trombone", "acoustic", 57, 40, 72, (0, 2, 4)),
        ("tuba", "acoustic", 58, 30, 60), ("brass-section", "acoustic", 61, 53, 79),
        ("synth-brass", "synthetic", 63, 50, 80),
        held_out=(
            ("french-horn", "acoustic", 60, 41, 72), ("trumpet-b", "acoustic", 56, 52, 81, (1, 3, 5)),
            ("trombone-b", "acoustic", 57, 40, 72, (1, 3)), ("muted-trumpet", "acoustic", 59, 52, 80),
        ),
    ),
    "flute": _bodies(
        ("flute", "acoustic", 73, 60, 88, (0, 2, 4, 6)), ("pan-flute", "acoustic", 75, 60, 86),
        ("ocarina", "acoustic", 79, 60, 86), ("piccolo", "acoustic", 72, 64, 96), ("bottle", "synthetic", 76, 54, 84),
        held_out=(
            ("recorder", "acoustic", 74, 60, 88), ("flute-b", "acoustic", 73, 60, 88, (1, 3, 5, 7)),
            ("shakuhachi", "acoustic", 77, 62, 84),
        ),
    ),
    "guitar": _bodies(
        ("nylon-guitar", "acoustic", 24, 40, 76, (0, 2, 4, 6)), ("clean-guitar", "electronic", 27, 40, 76, (0, 2, 4)),
        ("jazz-guitar", "electronic", 26, 40, 76, (0, 2, 4, 6)), ("overdriven-guitar", "electronic", 29, 40, 74),
        ("banjo", "acoustic", 105, 48, 76), ("muted-guitar", "electronic", 28, 40, 72),
        held_out=(
            ("steel-guitar", "acoustic", 25, 40, 76), ("clean-guitar-b", "electronic", 27, 40, 76, (1, 3)),
            ("distorted-guitar", "electronic", 30, 40, 74), ("nylon-guitar-b", "acoustic", 24, 40, 76, (1, 3, 5)),
            ("jazz-guitar-b", "electronic", 26, 40, 76, (1, 3, 5)),
        ),
    ),
    "keyboard": _bodies(
        ("tine-piano", "electronic", 4, 36, 84), ("clavinet", "electronic", 7, 36, 84, (0, 2, 4, 6)),
        ("piano", "acoustic", 0, 66, 96, (5, 7)), ("harpsichord", "acoustic", 6, 41, 84, (0, 2, 4)),
        held_out=(
            ("fm-piano", "electronic", 5, 36, 84), ("piano-b", "acoustic", 0, 66, 96, (6, 8)),
            ("clavinet-b", "electronic", 7, 36, 84, (1, 3, 5)), ("harpsichord-b", "acoustic", 6, 41, 84, (1, 3)),
        ),
    ),
    "mallet": _bodies(
        ("vibraphone", "acoustic", 11, 53, 89, (1,)), ("xylophone", "acoustic", 13, 60, 96),
        ("celesta", "acoustic", 8, 62, 96), ("glockenspiel", "acoustic", 9, 66, 98),
        ("kalimba", "acoustic", 108, 48, 84), ("crystal", "synthetic", 98, 62, 90),
        held_out=(
            ("marimba", "acoustic", 12, 45, 88), ("vibraphone-b", "acoustic", 11, 53, 89, (0,)),
            ("tubular-bells", "acoustic", 14, 66, 90), ("music-box", "acoustic", 10, 55, 96),
        ),
    ),
    "organ": _bodies(
        ("percussive-organ", "electronic", 17, 49, 84), ("rock-organ", "electronic", 18, 49, 84),
        ("accordion", "acoustic", 21, 45, 84), ("reed-organ", "electronic", 20, 45, 80),
        ("bandoneon", "acoustic", 23, 45, 80),
        held_out=(("drawbar-organ", "electronic", 16, 48, 84), ("church-organ", "acoustic", 19, 48, 84)),
    ),
    "reed": _bodies(
        ("soprano-saxophone", "acoustic", 64, 55, 84), ("clarinet", "acoustic", 71, 50, 86, (0, 2, 4, 6)),
        ("oboe", "acoustic", 68, 58, 86), ("baritone-saxophone", "acoustic", 67, 38, 70),
        ("bassoon", "acoustic", 70, 36, 70), ("harmonica", "acoustic", 22, 55, 84), ("shawm", "acoustic", 111, 55, 82),
        held_out=(
            ("tenor-saxophone", "acoustic", 66, 44, 76), ("clarinet-b", "acoustic", 71, 50, 86, (1, 3, 5)),
            ("english-horn", "acoustic", 69, 52, 81),
        ),
    ),
    "string": _bodies(
        ("violin", "acoustic", 40, 55, 88, (0, 2, 4, 6)), ("cello", "acoustic", 42, 36, 74, (1, 2)),
        ("tremolo-strings", "acoustic", 44, 48, 84, (0, 2, 4, 6)), ("plucked-violin", "acoustic", 45, 52, 84),
        ("synth-strings", "electronic", 50, 45, 84),
        held_out=(
            ("viola", "acoustic", 41, 48, 80, (1, 3, 5)), ("contrabass", "acoustic", 43, 30, 64),
            ("tremolo-strings-b", "acoustic", 44, 48, 84, (1, 3, 5)), ("slow-strings", "acoustic", 49, 53, 84),
        ),
    ),
    "synth_lead": _bodies(
        ("square-lead", "synthetic", 80, 60, 96, (2, 3, 4)), ("saw-lead", "synthetic", 81, 60, 96, (2, 3, 4, 5)),
        ("fifths-lead", "synthetic", 86, 50, 72), ("calliope-lead", "synthetic", 82, 55, 88),
    ),
    "vocal": _bodies(
        ("choir", "acoustic", 52, 48, 80, (0,)), ("solo-voice", "synthetic", 85, 57, 84),
        ("space-voice", "synthetic", 91, 57, 84),
        held_out=(
            ("voice-oohs", "acoustic", 53, 69, 88), ("choir-b", "acoustic", 52, 60, 84, (1,)),
            ("synth-voice", "synthetic", 54, 69, 88),
        ),
    ),
}  # fmt: skip

# Instruments for training, instruments held out, by family: as unequal as the clips of the real set.
_COUNTS = {
    "bass": (20, 6), "brass": (7, 4), "flute": (6, 3), "guitar": (13, 5), "keyboard": (15, 4), "mallet": (10, 4),
    "organ": (10, 4), "reed": (8, 3), "string": (8, 4), "synth_lead": (5, 0), "vocal": (5, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is rendered: share of `_COUNTS`, and notes per instrument in the three splits."""

    instruments: float
    train: int
    validation: int
    test: int


SIZES = {
    "tiny": Size(0, 3, 1, 3),  # two instruments for training and one held out, whatever `_COUNTS` says
    "practice": Size(1, 15, 6, 12),
    "large": Size(2, 30, 9, 18),
}

#: Notes that are noise, or silent, because the library had no sample for them: instrument -> (lowest, highest pitch).
NOISE = {"brass_acoustic_900": (84, 108), "guitar_electronic_000": (90, 108)}
SILENT = {"string_acoustic_001": (96, 108), "vocal_acoustic_900": (96, 108)}
_HELD_OUT_FROM = 900  # instruments held out are numbered from here
_BLIND = {"organ_electronic_000", "bass_synthetic_003", "organ_electronic_900"}  # velocity does nothing


@dataclass(frozen=True)
class NsynthLeaks:
    """Faults that a data set can have, each off unless asked for.

    Parameters
    ----------
    bandwidth : bool
        The common low-pass is left out: where a sample of the soundfont ends can be read off the spectrum.
    rooms : bool
        All instruments of a family come from one room, microphone and noise floor.
    loudness : bool
        Each family was levelled differently.
    """

    bandwidth: bool = False
    rooms: bool = False
    loudness: bool = False


@dataclass(frozen=True)
class NsynthInstrument:
    """A body with its settings. `name` is NSynth's instrument_str: ``<family>_<source>_<number>``.

    `octaves` moves the velocity filter, `drive` (dB) overdrives, `chorus_cents` adds a second voice, `tremolo` is
    (Hz, depth), `gate_hz` chops the note, `attack` and `release` are seconds (None: the soundfont's own), `fifth` adds
    the fifth above. `blind` instruments ignore velocity: their clips at two velocities are equal, byte by byte.
    """

    name: str
    family: str
    body: Body
    tuning_cents: float
    level_db: float
    room: Room
    octaves: float = 0.0
    drive: float = 0.0
    chorus_cents: float = 0.0
    tremolo: tuple[float, float] = (0.0, 0.0)
    gate_hz: float = 0.0
    attack: float = 0.0
    release: float | None = None
    fifth: bool = False
    blind: bool = False


@dataclass(frozen=True)
class NsynthNote:
    """One clip: `split` is "train", "valid" or "test"; `defect` is "", "noise" or "silent"."""

    split: str
    instrument: NsynthInstrument
    pitch: int
    velocity: int
    seed: int
    defect: str = ""

    @property
    def name(self) -> str:
        """NSynth's note_str: ``<family>_<source>_<number>-<pitch>-<velocity>``."""
        return f"{self.instrument.name}-{self.pitch:03d}-{self.velocity:03d}"


def nsynth_plan(size: str = "practice", seed: int = 0, leaks: NsynthLeaks | None = None) -> list[NsynthNote]:
    """Which notes the set consists of: training, validation, test; in each split sorted by name, so by family.

    Parameters
    ----------
    size : {"tiny", "practice", "large"}
    seed : int
        Draws settings, rooms, pitches and velocities. The same seed gives the same plan everywhere.
    leaks : NsynthLeaks, optional
        Faults to build in (default: none).

    Returns
    -------
    list of NsynthNote
    """
    if size not in SIZES:
        raise ValueError(f"No size {size!r}: choose one of {', '.join(SIZES)}.")
    spec = SIZES[size]
    notes = []
    for held_out, instrument in _instruments(spec, seed, leaks or NsynthLeaks()):
        rng = np.random.default_rng([seed, 2, *instrument.name.encode()])
        parts = [("valid", spec.validation), ("test", spec.test)] if held_out else [("train", spec.train)]
        keys = list(rng.permutation(playable(instrument.body)))
        for split, n_notes in parts:
            # A library holds a pitch at several velocities: near copies, two to a pitch here.
            n_pitches = max(1, round(n_notes / 2), -(-n_notes // len(VELOCITIES)))
            pitches = [int(keys.pop()) for _ in range(min(n_pitches, len(keys) - (split == "valid")))]
            choices = [(pitch, int(v)) for pitch in pitches for v in rng.permutation(VELOCITIES)]
            order = sorted(range(len(choices)), key=lambda i: (i % len(VELOCITIES), i))  # every pitch before any twice
            picked = [(*choices[i], "") for i in order[:n_notes]]
            if split != "valid":
                picked += _defects(instrument, n_notes, rng)
            notes += [
                NsynthNote(split, instrument, pitch, velocity, _note_seed(instrument, pitch, velocity, seed), defect)
                for pitch, velocity, defect in picked
            ]
    order = {"train": 0, "valid": 1, "test": 2}
    return sorted(notes, key=lambda note: (order[note.split], note.name))


def _note_seed(instrument, pitch, velocity, seed):
    """The same for all velocities of an instrument that ignores them."""
    numbers = [seed, 3, *instrument.name.encode(), pitch, 0 if instrument.blind else velocity]
    return int(np.random.default_rng(numbers).integers(2**31))


def _defects(instrument, n_notes, rng):
    """(pitch, velocity, kind) of the notes for which the library had no sample, if it is one of those."""
    for kind, which in (("noise", NOISE), ("silent", SILENT)):
        if instrument.name in which:
            low, high = which[instrument.name]
            wanted = 1 if n_notes < 6 else 3
            pitches = rng.choice(np.arange(low, high + 1), size=wanted, replace=False)
            return [(int(pitch), int(rng.choice(VELOCITIES)), kind) for pitch in pitches]
    return []


@lru_cache(maxsize=256)
def playable(body: Body) -> tuple[int, ...]:
    """Keys of a body at which its samples fill the common band."""
    low, high = body.keys
    return tuple(
        key for key in range(low, high + 1) if sample_bandwidth(body.program, key, zone=body.zones) >= LOWPASS_HZ
    )


def _instruments(spec, seed, leaks):
    """(held out?, instrument) of a size, family by family."""
    leak_rng = np.random.default_rng([seed, 0])
    levels = leak_rng.permutation(np.linspace(-26, -4, len(FAMILIES)))
    floors = leak_rng.permutation(np.linspace(-90, -55, len(FAMILIES)))
    rooms = [dataclasses.replace(draw_room(leak_rng), noise_db=float(floor)) for floor in floors]
    for number, (family, bodies) in enumerate(FAMILIES.items()):
        for held_out in (False, True):
            chosen = [body for body in bodies if body.held_out == held_out]
            count = _COUNTS[family][held_out]
            count = min(count, 1 if held_out else 2) if spec.instruments == 0 else round(count * spec.instruments)
            numbers = dict.fromkeys(SOURCES, _HELD_OUT_FROM if held_out else 0)
            for index in range(count):
                body = chosen[index % len(chosen)]
                name = f"{family}_{body.source}_{numbers[body.source]:03d}"
                numbers[body.source] += 1
                rng = np.random.default_rng([seed, 1, *name.encode()])
                instrument = _preset(name, family, body, rng)
                room, level = instrument.room, instrument.level_db
                if leaks.rooms:
                    room = rooms[number]
                if leaks.bandwidth:
                    room = dataclasses.replace(room, bandwidth_hz=float("inf"))
                if leaks.loudness:
                    level = float(levels[number] + (level + 14) / 6)
                yield held_out, dataclasses.replace(instrument, room=room, level_db=level)


def _preset(name, family, body, rng):
    """Draw the settings of an instrument: they depend on its source, never on its family."""
    chance = rng.uniform(size=6)  # drawn whatever the source, so that one setting does not move the others
    room, level, tuning = draw_room(rng), float(rng.uniform(-20, -8)), float(rng.normal(0, 8))
    drawn = {
        "octaves": float(rng.normal(0, 0.3)),
        "drive": float(rng.uniform(12, 30)),
        "chorus_cents": float(rng.uniform(4, 14)),
        "tremolo": (float(rng.uniform(3, 7)), float(rng.uniform(0.2, 0.6))),
        "gate_hz": float(rng.choice([4.0, 6.0, 8.0])),
        "attack": float(rng.uniform(0.02, 0.3)),
        "release": float(rng.uniform(0.05, 0.9)),
    }
    takes = {"octaves": True}
    if body.source == "electronic":
        takes |= {"drive": chance[0] < 0.2, "chorus_cents": chance[1] < 0.3, "tremolo": chance[2] < 0.25}
    if body.source == "synthetic":
        drawn["octaves"] = float(rng.uniform(-1.5, 0.5))
        takes |= {"drive": chance[0] < 0.25, "chorus_cents": chance[1] < 0.5, "tremolo": chance[2] < 0.2,
                  "gate_hz": chance[3] < 0.1, "attack": chance[4] < 0.4, "release": True}  # fmt: skip
    settings = {key: drawn[key] for key, taken in takes.items() if taken}
    fifth = body.source == "synthetic" and chance[5] < 0.1
    return NsynthInstrument(
        name, family, body, tuning, level, room, **settings, fifth=bool(fifth), blind=name in _BLIND
    )


def render_nsynth(note: NsynthNote) -> np.ndarray:
    """One clip as it stands in the set.

    Parameters
    ----------
    note : NsynthNote

    Returns
    -------
    (64000,) float32
        4 s at 16 kHz, in [-0.98, 0.98]; the key is held for 3 s.
    """
    n, rng = int(SR * SECONDS), np.random.default_rng([note.seed, 1])
    if note.defect == "silent":
        return np.zeros(n, dtype=np.float32)
    instrument = note.instrument
    if note.defect == "noise":
        # What the real ones are: noise that swells and fades like a note.
        dry = rng.standard_normal(n, dtype=np.float32) * np.exp(-np.arange(n, dtype=np.float32) / (SR * 1.5))
    else:
        dry = _dry(note, n)
    velocity = 100 if instrument.blind else note.velocity
    level = instrument.level_db + 24 * np.log10(velocity / 115) + float(rng.normal(0, 0.5))
    filtered = np.inf if note.defect else softness(note.pitch, velocity) * 2**instrument.octaves
    y = record(
        dry,
        SR,
        instrument.room,
        delay=float(rng.uniform(0, 0.02)),
        n_samples=n,
        gain_db=level - 20 * np.log10(float(np.abs(dry).max())),
        softness_hz=filtered,
        seed=note.seed,
    )
    return np.clip(y, -0.98, 0.98)


def _dry(note, n):
    """The note before room and microphone, (n,) float32; its peak is anything but 0."""
    one, body = note.instrument, note.instrument.body
    voices = [(note.pitch, 0.0, 1.0)]
    if one.chorus_cents:
        voices.append((note.pitch, one.chorus_cents, 0.8))
    if one.fifth:
        voices.append((note.pitch + 7, 0.0, 0.7))
    dry = np.zeros(n, dtype=np.float32)
    for number, (key, cents, gain) in enumerate(voices):
        y = render(
            body.program,
            min(key, 127),
            127,
            HELD,
            SR,
            tuning_cents=one.tuning_cents + cents,
            release=one.release,
            zone=body.zones,
            seed=note.seed + number,
        )[:n]
        dry[: len(y)] += np.float32(gain) * y
    peak = float(np.abs(dry).max())
    if peak == 0:
        raise ValueError(f"{one.name} is silent at key {note.pitch}: this note cannot be planned.")
    dry /= peak
    t = np.arange(n, dtype=np.float32) / SR
    if one.drive:
        dry = _overdrive(dry, one.drive)
    if one.attack:
        dry *= np.clip(t / one.attack, 0, 1)
    if one.tremolo[1]:
        dry *= 1 - one.tremolo[1] * (0.5 - 0.5 * np.cos(2 * np.pi * one.tremolo[0] * t))
    if one.gate_hz:
        dry *= np.clip(0.5 + 8 * np.sin(2 * np.pi * one.gate_hz * t + 0.3), 0.03, 1)
    return dry.astype(np.float32, copy=False)


def _overdrive(y, drive_db):
    """A soft limiter after `drive_db` of gain, worked out at four times the rate: what it adds must not fold back."""
    from scipy.signal import resample

    gain = 10 ** (drive_db / 20)
    wide = np.tanh(gain * resample(y, 4 * len(y))) / np.tanh(gain)
    return resample(wide, len(y)).astype(np.float32)


def qualities(note: NsynthNote, y: np.ndarray) -> tuple[int, ...]:
    """NSynth's ten qualities of a clip, by rule: 0 or 1 in the order of `QUALITIES`.

    The real ones were marked by people. Here *bright* and *dark* mean that the middle of the spectrum (of its power)
    lies above four, below 1.3 times the fundamental; *fast_decay* that the note has lost 20 dB within 1.5 s;
    *percussive* that it peaks within 60 ms and has lost 9 dB after half a second; *long_release* that half a second
    after the key is let go less than 20 dB are lost; *reverb* that the room rings for more than 0.45 s. The others are
    settings of the instrument.

    Parameters
    ----------
    note : NsynthNote
    y : (64000,) float array
        What `render_nsynth` made of it.

    Returns
    -------
    tuple of int
    """
    if note.defect:
        return (0,) * len(QUALITIES)
    one = note.instrument
    block = SR // 50
    level = 20 * np.log10(np.sqrt(np.mean(np.square(y[: len(y) // block * block].reshape(-1, block)), axis=1)) + 1e-6)
    peak = int(np.argmax(level))
    power = np.abs(np.fft.rfft(y[: SR * 3])) ** 2
    f = np.fft.rfftfreq(SR * 3, 1 / SR)
    power[f < 40] = 0
    middle = float((power * f).sum() / power.sum() / key_to_hz(note.pitch))
    at = {seconds: level[int(seconds * 50)] for seconds in (1.5, 2.9, 3.5)}
    decays = level.max() - at[1.5] > 20
    after = level[min(peak + 25, len(level) - 1)]
    marks = {
        "bright": middle > 4,
        "dark": middle < 1.3,
        "distortion": one.drive > 0,
        "fast_decay": decays,
        "long_release": not decays and at[2.9] > -45 and at[2.9] - at[3.5] < 20,
        "multiphonic": one.fifth or one.body.program == 86,
        "nonlinear_env": one.tremolo[1] > 0 or one.gate_hz > 0,
        "percussive": peak <= 3 and level.max() - after > 9,
        "reverb": one.room.decay > 0.45,
        "tempo-synced": one.gate_hz > 0,
    }
    return tuple(int(marks[name]) for name in QUALITIES)


def write_nsynth(folder, size: str = "practice", seed: int = 0, leaks: NsynthLeaks | None = None):
    """Render the set: ``nsynth-<train|valid|test>/audio/<note>.wav`` (PCM 16) and ``examples.json`` beside it.

    The fields of ``examples.json`` are NSynth's own.

    Parameters
    ----------
    folder : str or Path
        Must not exist yet, or be empty; it appears when it is complete.
    size, seed, leaks
        See :func:`nsynth_plan`.
    """
    import soundfile

    from ..download import progress_over

    plan = nsynth_plan(size, seed, leaks)
    families = list(FAMILIES)
    numbers = {name: i for i, name in enumerate(sorted({note.instrument.name for note in plan}))}
    with new_folder(folder) as work:
        examples = {}
        for number, note in enumerate(progress_over(plan, f"practice NSynth ({size})")):
            y = render_nsynth(note)
            place = work / f"nsynth-{note.split}" / "audio"
            place.mkdir(parents=True, exist_ok=True)
            soundfile.write(place / f"{note.name}.wav", y, SR, subtype="PCM_16")
            marks, one = qualities(note, y), note.instrument
            examples.setdefault(note.split, {})[note.name] = {
                "note": number,
                "note_str": note.name,
                "instrument": numbers[one.name],
                "instrument_str": one.name,
                "pitch": note.pitch,
                "velocity": note.velocity,
                "sample_rate": SR,
                "qualities": list(marks),
                "qualities_str": [name for name, mark in zip(QUALITIES, marks, strict=True) if mark],
                "instrument_family": families.index(one.family),
                "instrument_family_str": one.family,
                "instrument_source": SOURCES.index(one.body.source),
                "instrument_source_str": one.body.source,
            }
        for split, rows in examples.items():
            text = json.dumps(rows, indent=4)
            (work / f"nsynth-{split}" / "examples.json").write_text(text, encoding="utf-8")
