"""The soundfont that the practice orchestra plays: found, read once, and looked through for what is shared.

A *preset* (program) is a list of layers: one recorded sample each, with the range of keys it serves and the numbers
(SF2 "generators") that say how it is tuned, looped, filtered and shaped. Programs share samples, so a program is not an
instrument: :func:`components` and :func:`zones` compute from the file what is independent of what.

Reference: E-mu Systems, *SoundFont Technical Specification*, version 2.01 (1996), sections 8 and 9.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

__all__ = ["Envelope", "Layer", "Sample", "SoundFont", "Zone", "components", "soundfont", "soundfont_path", "zones"]

FILE_NAME = "TimGM6mb.sf2"

# Generator numbers of the specification (section 8.1.2) with their defaults; what is not listed is not used here.
_DEFAULTS = {
    0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 12: 0, 45: 0, 50: 0,  # sample start, end, loop start, loop end (fine, coarse)
    5: 0, 6: 0, 7: 0,  # modulation LFO, vibrato LFO, modulation envelope -> pitch
    8: 13500, 9: 0, 10: 0, 11: 0,  # low-pass cut-off, Q, modulation LFO and envelope -> cut-off
    13: 0, 17: 0,  # modulation LFO -> volume, pan
    21: -12000, 22: 0, 23: -12000, 24: 0,  # LFO delays and frequencies
    25: -12000, 26: -12000, 27: -12000, 28: -12000, 29: 0, 30: -12000, 31: 0, 32: 0,  # modulation envelope
    33: -12000, 34: -12000, 35: -12000, 36: -12000, 37: 0, 38: -12000, 39: 0, 40: 0,  # volume envelope
    48: 0, 51: 0, 52: 0, 54: 0, 56: 100, 58: -1,  # attenuation, tuning, loop mode, scale tuning, root key
}  # fmt: skip
_NOT_ADDED = {54, 58}  # sample mode and root key are instrument-level only; every other preset value is an offset
_KEY_RANGE, _VELOCITY_RANGE = 43, 44

# The file was written for the EMU8000, whose attenuation unit is 0.04 dB where the specification says 0.1 dB.
_EMU_ATTENUATION = 0.4


@dataclass(frozen=True, eq=False)
class Sample:
    """One recorded waveform of the soundfont: mono, ``data`` (n,) float32 in [-1, 1] at ``rate`` Hz."""

    name: str
    rate: int
    root: int
    correction_cents: int
    loop_start: int
    loop_end: int
    data: np.ndarray

    def __repr__(self):
        return f"Sample({self.name!r}, {self.rate} Hz, {len(self.data)} points)"


@dataclass(frozen=True)
class Envelope:
    """Six-stage envelope: times in seconds, ``sustain`` as the drop from the peak (dB, or a share of 1).

    ``hold_per_key`` and ``decay_per_key`` are cents of time per key below 60 (SF2 generators 31, 32, 39, 40).
    """

    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float
    hold_per_key: int
    decay_per_key: int


@dataclass(frozen=True)
class Layer:
    """One sample inside a preset, with its generators in physical units (Hz, s, dB, cents)."""

    sample: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    root: int
    tune_cents: float
    scale_cents: int
    gain_db: float
    pan: float
    start: int
    end: int
    loop: tuple[int, int] | None
    loops_after_release: bool
    volume: Envelope
    modulation: Envelope
    cutoff_cents: int
    q_db: float
    mod_env_to_pitch: int
    mod_env_to_cutoff: int
    mod_lfo: tuple[float, float]
    mod_lfo_to_pitch: int
    mod_lfo_to_cutoff: int
    mod_lfo_to_db: float
    vib_lfo: tuple[float, float]
    vib_lfo_to_pitch: int


@dataclass(frozen=True)
class Zone:
    """Samples of one preset that sound together or alone, and share nothing with its other zones.

    ``keys`` is the range the soundfont gives them, ``root`` the median key at which they play untransposed, and
    ``bandwidth`` the highest frequency (Hz) in the narrowest of them at its root.
    """

    index: int
    samples: tuple[int, ...]
    keys: tuple[int, int]
    root: int
    bandwidth: float


@dataclass(frozen=True, eq=False)
class SoundFont:
    """A parsed soundfont: ``samples`` and, by (bank, program), the ``layers`` and the ``names`` of its presets."""

    path: Path
    samples: tuple[Sample, ...]
    layers: dict[tuple[int, int], tuple[Layer, ...]]
    names: dict[tuple[int, int], str]

    def preset(self, program: int, bank: int = 0) -> tuple[Layer, ...]:
        """Layers of one preset; ``ValueError`` if the soundfont has none of that number."""
        try:
            return self.layers[bank, program]
        except KeyError:
            have = sorted(p for b, p in self.layers if b == bank)
            held = f"it has programs {have[0]} to {have[-1]}" if have else "it has no such bank"
            raise ValueError(f"{self.path.name} has no program {program!r} in bank {bank!r}: {held}.") from None

    def __repr__(self):
        return f"SoundFont({self.path.name!r}, {len(self.layers)} presets, {len(self.samples)} samples)"


def soundfont_path() -> Path:
    """Where the soundfont lies: inside the installed ``pretty_midi`` (which is not imported for it).

    Raises
    ------
    FileNotFoundError
        ``pretty_midi`` is not installed, or was installed without its soundfont.
    """
    spec = find_spec("pretty_midi")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The practice orchestra plays the soundfont of pretty_midi: install pretty_midi.")
    path = Path(spec.submodule_search_locations[0]) / FILE_NAME
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: install pretty_midi again (a wheel or the full source).")
    return path


@lru_cache(maxsize=1)
def soundfont() -> SoundFont:
    """The parsed soundfont (once per process, about 0.2 s)."""
    return read_soundfont(soundfont_path())


def read_soundfont(path) -> SoundFont:
    """Parse any SF2 file of 16-bit mono samples.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    ValueError
        The file is not a soundfont, or is damaged.
    """
    path = Path(path)
    with _quiet_sf2utils(), open(path, "rb") as file:
        from sf2utils.sf2parse import Sf2File

        try:
            parsed = Sf2File(file)
            samples = tuple(_sample(s) for s in parsed.samples if s.name != "EOS")
            layers, names = {}, {}
            for preset in parsed.presets:
                if preset.name == "EOP":
                    continue
                key = (preset.bank, preset.preset)
                names[key] = preset.name.strip()
                layers[key] = tuple(_layers(preset, parsed.samples))
        except Exception as error:  # sf2utils fails in many ways on a damaged file
            raise ValueError(f"{path} cannot be read as a soundfont (SF2): {error}") from error
    return SoundFont(path, samples, layers, names)


def zones(program: int, bank: int = 0) -> tuple[Zone, ...]:
    """Disjoint groups of samples of one preset, from low to high keys.

    Two samples belong together when they sound at the same key and velocity (layers, left and right). A note of one
    zone shares no recorded material with a note of another zone.

    Returns
    -------
    tuple of Zone
    """
    return _zones(soundfont(), program, bank)


@lru_cache(maxsize=512)
def _zones(font, program, bank):
    layers = font.preset(program, bank)
    groups = _Union()
    for i, a in enumerate(layers):
        groups.join(a.sample, a.sample)
        for b in layers[i + 1 :]:
            if _overlap(a.keys, b.keys) and _overlap(a.velocities, b.velocities):
                groups.join(a.sample, b.sample)
    found = []
    for members in groups.sets():
        mine = [layer for layer in layers if layer.sample in members]
        natural = [_natural_key(layer) for layer in mine]
        found.append(
            Zone(
                index=0,
                samples=tuple(sorted(members)),
                keys=(min(layer.keys[0] for layer in mine), max(layer.keys[1] for layer in mine)),
                root=int(round(float(np.median(natural)))),
                bandwidth=min(font.samples[layer.sample].rate / 2 for layer in mine),
            )
        )
    found.sort(key=lambda zone: (zone.keys, zone.samples))
    return tuple(Zone(i, z.samples, z.keys, z.root, z.bandwidth) for i, z in enumerate(found))


def components(programs=None, keys=(0, 127), bank: int = 0) -> dict[int, int]:
    """Which programs are one instrument: connected components of "shares a sample", computed from the file.

    Parameters
    ----------
    programs : iterable of int, optional
        The programs to look at (default: all of the bank).
    keys : (int, int) or dict
        Only samples that sound between these keys count; a dict gives a range per program.
    bank : int

    Returns
    -------
    dict
        program -> component, named by its smallest program.
    """
    font = soundfont()
    programs = sorted(p for b, p in font.layers if b == bank) if programs is None else list(programs)
    groups = _Union()
    for program in programs:
        groups.join(("program", program), ("program", program))
        low_high = keys.get(program, (0, 127)) if isinstance(keys, dict) else keys
        for layer in font.preset(program, bank):
            if _overlap(layer.keys, low_high):
                groups.join(("program", program), ("sample", layer.sample))
    component = {}
    for members in groups.sets():
        mine = [number for kind, number in members if kind == "program"]
        component.update(dict.fromkeys(mine, min(mine)))
    return {program: component[program] for program in programs}


class _Union:
    """Disjoint sets (union-find) over any hashable members."""

    def __init__(self):
        self._parent = {}

    def _root(self, member):
        self._parent.setdefault(member, member)
        while self._parent[member] != member:
            member = self._parent[member]
        return member

    def join(self, a, b):
        self._parent[self._root(a)] = self._root(b)

    def sets(self):
        found = {}
        for member in self._parent:
            found.setdefault(self._root(member), set()).add(member)
        return list(found.values())


def _overlap(a, b):
    return a[0] <= b[1] and b[0] <= a[1]


def _natural_key(layer):
    """The key at which a layer's sample plays at its own speed."""
    return layer.root - layer.tune_cents / max(layer.scale_cents, 1)


@contextlib.contextmanager
def _quiet_sf2utils():
    """No remarks of sf2utils on standard error: short loops are normal in this file, and audioop is its own affair."""
    root, null, level = logging.getLogger(), logging.NullHandler(), logging.root.manager.disable
    root.addHandler(null)  # or the first logging.warning() would set up a handler that prints
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        logging.disable(level)
        root.removeHandler(null)


def _sample(raw):
    data = np.frombuffer(raw.raw_sample_data, dtype=np.int16).astype(np.float32) / 32768
    data.flags.writeable = False
    return Sample(
        raw.name.strip(), raw.sample_rate, raw.original_pitch, raw.pitch_correction, raw.start_loop, raw.end_loop, data
    )


def _split_global(bags, is_last):
    """(global bag or None, the others): the first bag without its closing generator holds for all others."""
    if bags and not is_last(bags[0]):
        return bags[0], [bag for bag in bags[1:] if is_last(bag)]
    return None, [bag for bag in bags if is_last(bag)]


def _layers(preset, raw_samples):
    preset_global, preset_bags = _split_global(preset.bags, lambda bag: bag.instrument is not None)
    index = {id(sample): i for i, sample in enumerate(raw_samples)}
    for preset_bag in preset_bags:
        instrument_global, bags = _split_global(preset_bag.instrument.bags, lambda bag: bag.sample is not None)
        for bag in bags:
            keys, velocities = (0, 127), (0, 127)
            for level in ((preset_global, preset_bag), (instrument_global, bag)):
                keys = _intersect(keys, _range(level, _KEY_RANGE))
                velocities = _intersect(velocities, _range(level, _VELOCITY_RANGE))
            if keys[0] > keys[1] or velocities[0] > velocities[1]:
                continue
            value = {}
            for number, default in _DEFAULTS.items():
                value[number] = _amount((bag, instrument_global), number, default)
                if number not in _NOT_ADDED:
                    value[number] += _amount((preset_bag, preset_global), number, 0)
            yield _layer(value, keys, velocities, index[id(bag.sample)], bag.sample)


def _range(bags, number):
    for bag in reversed(bags):
        if bag is not None and number in bag.gens:
            word = bag.gens[number].word
            return word & 255, word >> 8
    return 0, 127


def _intersect(a, b):
    return max(a[0], b[0]), min(a[1], b[1])


def _amount(bags, number, default):
    for bag in bags:
        if bag is not None and number in bag.gens:
            return bag.gens[number].short
    return default


def _seconds(timecents):
    return 2.0 ** (timecents / 1200)


def _layer(value, keys, velocities, index, raw):
    loop = (
        raw.start_loop + value[2] + 32768 * value[45],
        raw.end_loop + value[3] + 32768 * value[50],
    )
    end = min(raw.duration, raw.duration + value[1] + 32768 * value[12])
    looped = bool(value[54] & 1) and 0 <= loop[0] < loop[1] <= raw.duration
    times = [_seconds(value[number]) for number in (33, 34, 35, 36)]
    mod_times = [_seconds(value[number]) for number in (25, 26, 27, 28)]
    return Layer(
        sample=index,
        keys=keys,
        velocities=velocities,
        root=value[58] if value[58] >= 0 else raw.original_pitch,
        tune_cents=100 * value[51] + value[52] + raw.pitch_correction,
        scale_cents=value[56],
        gain_db=-max(0, value[48]) / 10 * _EMU_ATTENUATION,
        pan=float(np.clip(value[17], -500, 500)) / 500,
        start=max(0, value[0] + 32768 * value[4]),
        end=end,
        loop=loop if looped else None,
        loops_after_release=value[54] & 3 != 3,
        volume=Envelope(*times, min(max(value[37], 0), 1000) / 10, _seconds(value[38]), value[39], value[40]),
        modulation=Envelope(
            *mod_times, min(max(value[29], 0), 1000) / 1000, _seconds(value[30]), value[31], value[32]
        ),
        cutoff_cents=value[8],
        q_db=min(max(value[9], 0), 960) / 10,
        mod_env_to_pitch=value[7],
        mod_env_to_cutoff=value[11],
        mod_lfo=(_seconds(value[21]), 8.176 * _seconds(value[22])),
        mod_lfo_to_pitch=value[5],
        mod_lfo_to_cutoff=value[10],
        mod_lfo_to_db=value[13] / 10,
        vib_lfo=(_seconds(value[23]), 8.176 * _seconds(value[24])),
        vib_lfo_to_pitch=value[6],
    )
