"""One note of one preset, in numpy: the sound engine below the practice orchestra.

A note is a sum of layers. Each layer reads a recorded sample at a speed that gives the wanted pitch (band-limited, with
its loop), shapes it with a low-pass filter and envelopes, and is mixed to mono.

Reference: E-mu Systems, *SoundFont Technical Specification*, version 2.01 (1996), section 9 ("synthesis model").
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .sf2 import soundfont, zones

__all__ = ["key_name", "key_to_hz", "render", "sample_bandwidth"]

_BLOCK = 64  # samples between two values of the slow controls (envelope and LFO to pitch and filter)
_CHUNK = 8192  # samples read at a time: what is worked on stays in the processor's cache
_MAX_TAIL = 2.0  # seconds after which a release of the soundfont's own is faded out
_OVERSAMPLING = 4  # table points per point at the critical rate; the cubic between them errs below -60 dB
_EDGE = 0.1  # share of the band in which the low-pass of a table falls
_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def key_to_hz(key):
    """Fundamental of a MIDI key in equal temperament: ``440 * 2 ** ((key - 69) / 12)`` Hz."""
    return 440.0 * 2.0 ** ((np.asarray(key, dtype=float) - 69) / 12)


def key_name(key: int) -> str:
    """Note name with flats, as in the Iowa recordings: 60 is C4, 61 is Db4."""
    return f"{_NAMES[int(key) % 12]}{int(key) // 12 - 1}"


def render(
    program: int,
    key: int,
    velocity: int = 100,
    duration: float = 1.0,
    sr: int = 22050,
    *,
    tuning_cents: float = 0.0,
    vibrato_cents: float = 0.0,
    vibrato_hz: float = 5.5,
    release: float | None = None,
    zone: int | tuple[int, ...] | None = None,
    bank: int = 0,
    seed: int = 0,
) -> np.ndarray:
    """Render one dry note, mono.

    Parameters
    ----------
    program : int
        General MIDI program, 0 to 127.
    key : int
        MIDI key, 0 to 127 (60 is middle C).
    velocity : int
        1 to 127; a gain of ``(velocity / 127) ** 2`` (the soundfont has no velocity layers).
    duration : float
        Seconds for which the key is held, > 0.
    sr : int
        Sample rate in Hz, at least 2000.
    tuning_cents : float
        Added to the pitch.
    vibrato_cents : float
        Depth of a sinusoidal vibrato that sets in over the first 0.3 s; its phase is drawn from `seed`.
    vibrato_hz : float
        Its rate.
    release : float, optional
        Seconds in which the note falls silent after the key is let go. Default: the soundfont's own, cut at 2 s.
    zone : int or tuple of int, optional
        Play only these sample zones (see :func:`helpers.orchestra.zones`), the nearest to the key where none of
        them is meant for it. Default: what the soundfont says.
    bank : int
        0, or 128 for percussion.
    seed : int
        For the phase of the vibrato.

    Returns
    -------
    (n_samples,) float32
        The note and its release: ``round((duration + release) * sr)`` samples, the last ones silent. Zeros where the
        preset has no sample for the key.

    Raises
    ------
    ValueError
        A number is out of its range, or the preset or zone does not exist.
    """
    if not 0 <= key <= 127:
        raise ValueError(f"key must be a MIDI key from 0 to 127, not {key!r}.")
    if not 1 <= velocity <= 127:
        raise ValueError(f"velocity must be from 1 to 127, not {velocity!r}.")
    if not (np.isfinite(duration) and 0 < duration <= 600):
        raise ValueError(f"duration must be seconds, above 0 and up to 600, not {duration!r}.")
    if not (np.isfinite(sr) and sr >= 2000):
        raise ValueError(f"sr must be a sample rate of at least 2000 Hz, not {sr!r}.")
    if release is not None and not (np.isfinite(release) and 0 < release <= 60):
        raise ValueError(f"release must be seconds, above 0 and up to 60, or None, not {release!r}.")

    layers = _sounding(program, bank, int(key), int(velocity), zone)
    if release is None:
        tail = min(max((layer.volume.release for layer in layers), default=0.1), _MAX_TAIL)
    else:
        tail = release
    n_held = max(1, int(round(duration * sr)))
    n = n_held + max(2, int(round(tail * sr)))
    y = np.zeros(n, dtype=np.float32)
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    for layer in layers:
        _add_layer(y, layer, key, n_held, sr, tuning_cents, (vibrato_cents, vibrato_hz, phase), release)
    y *= np.float32((velocity / 127) ** 2)
    # The end is silent whatever the envelopes say: all of a stated release, or the last 20 ms of the soundfont's own.
    n_fade = n - n_held if release is not None else min(n - n_held, int(0.02 * sr) + 1)
    y[n - n_fade :] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, n_fade, dtype=np.float32))
    y[-1] = 0
    return y


def sample_bandwidth(program: int, key: int, *, zone=None, bank: int = 0) -> float:
    """Highest frequency (Hz) that the samples behind a note can hold; 0 where the key is silent.

    A sample made at 12 kHz and played at half its speed ends at 3 kHz, whatever the sample rate of the output.
    """
    font = soundfont()
    highest = [
        font.samples[a.sample].rate / 2 * 2 ** (((key - a.root) * a.scale_cents + a.tune_cents) / 1200)
        for a in _sounding(program, bank, key, 100, zone)
    ]
    return max(highest, default=0.0)


def _sounding(program, bank, key, velocity, zone):
    """The layers that sound for this key: the soundfont's choice, or the nearest of the zones asked for."""
    font = soundfont()
    layers = [a for a in font.preset(program, bank) if a.velocities[0] <= velocity <= a.velocities[1]]
    if zone is None:
        return [a for a in layers if a.keys[0] <= key <= a.keys[1]]
    have = zones(program, bank)
    wanted = (zone,) if np.isscalar(zone) else tuple(zone)
    if not wanted or any(not 0 <= number < len(have) for number in wanted):
        raise ValueError(f"zone {zone!r}: program {program} has zones 0 to {len(have) - 1}.")
    samples = {sample for number in wanted for sample in have[number].samples}
    layers = [a for a in layers if a.sample in samples]

    def distance(a):
        return max(a.keys[0] - key, key - a.keys[1], 0)

    nearest = min(layers, key=lambda a: (distance(a), abs(a.root - key)))
    # What sounds with the nearest layer at its own nearest key sounds here too (left and right, mixtures).
    own_key = min(max(key, nearest.keys[0]), nearest.keys[1])
    return [a for a in layers if a.keys[0] <= own_key <= a.keys[1]]


def _add_layer(y, layer, key, n_held, sr, tuning_cents, vibrato, release):
    """Add one layer of a note to `y` in place."""
    sample = soundfont().samples[layer.sample]
    cents = (key - layer.root) * layer.scale_cents + layer.tune_cents + tuning_cents
    envelope = _volume_envelope(layer, key, n_held, len(y), sr, release)
    if layer.mod_lfo_to_db:
        t = np.arange(0, len(envelope) + _BLOCK, _BLOCK) / sr
        db = layer.mod_lfo_to_db * _triangle(t, *layer.mod_lfo)
        envelope *= np.interp(np.arange(len(envelope)), t * sr, 10 ** (db / 20)).astype(np.float32)
    n = len(envelope)

    controls = np.arange(0, n + _BLOCK, _BLOCK) / sr  # times of the slow controls
    mod_env = None
    if layer.mod_env_to_pitch or layer.mod_env_to_cutoff:
        mod_env = _modulation_envelope(layer, key, n_held / sr, controls)
    bend = _pitch_bend(layer, controls, mod_env, vibrato)
    step = 2.0 ** (cents / 1200) * sample.rate / sr
    if bend is None:
        position = np.arange(n) * step
        fastest = step
    else:
        speed = step * 2.0 ** (np.interp(np.arange(n), controls * sr, bend) / 1200)
        position = np.concatenate([[0.0], np.cumsum(speed[:-1])])
        fastest = float(speed.max())

    if layer.loop is None or layer.loops_after_release or n <= n_held:
        x = _read(layer, layer.loop, position, fastest)
    else:  # once the key is let go, the sample runs on from where its loop is to its end
        first, last = layer.loop[0] - layer.start, layer.loop[1] - layer.start
        let_go = position[n_held]
        inside = first + (let_go - first) % (last - first) if let_go >= last else let_go
        x = np.concatenate(
            [
                _read(layer, layer.loop, position[:n_held], fastest),
                _read(layer, None, position[n_held:] - let_go + inside, fastest),
            ]
        )
    x = _filter(layer, x, sr, controls, mod_env)
    x *= envelope[: len(x)]
    pan = (layer.pan + 1) * np.pi / 4  # constant power, then the mean of left and right: 1 in the middle
    x *= np.float32((np.cos(pan) + np.sin(pan)) / np.sqrt(2) * 10 ** (layer.gain_db / 20))
    y[: len(x)] += x


def _volume_envelope(layer, key, n_held, n, sr, release):
    """Amplitude over time: linear attack, then linear in dB; ends early where it stays below -100 dB."""
    e = layer.volume
    hold = e.hold * 2 ** ((60 - key) * e.hold_per_key / 1200)
    decay = e.decay * 2 ** ((60 - key) * e.decay_per_key / 1200)
    full = e.delay + e.attack + hold
    if e.sustain >= 96 and full + decay < n / sr:
        n = max(1, int((full + decay) * sr))
    t = np.arange(n, dtype=np.float32) / np.float32(sr)
    if n_held < n:
        t_env = np.minimum(t, np.float32(n_held / sr))
    else:
        t_env = t
    db = np.minimum((t_env - np.float32(full)) * np.float32(100 / decay), np.float32(e.sustain))
    np.maximum(db, 0, out=db)
    if release is None and n_held < n:
        db[n_held:] += (t[n_held:] - np.float32(n_held / sr)) * np.float32(100 / e.release)
    envelope = np.exp(db * np.float32(-np.log(10) / 20))
    rising = min(n, int((e.delay + e.attack) * sr) + 1)
    envelope[:rising] *= np.clip((t_env[:rising] - np.float32(e.delay)) / np.float32(e.attack), 0, 1)
    return envelope


def _modulation_envelope(layer, key, held, t):
    """Values from 0 to 1 at the times `t`: convex attack, then linear (specification, sections 8.1.2 and 9.1.7)."""
    e = layer.modulation
    hold = e.hold * 2 ** ((60 - key) * e.hold_per_key / 1200)
    decay = e.decay * 2 ** ((60 - key) * e.decay_per_key / 1200)
    at = np.minimum(t, held) - e.delay
    rise = np.clip(at / e.attack, 1e-9, 1)
    value = np.clip(1 + 400 / 960 * np.log10(rise), 0, 1)
    fall = np.clip((at - e.attack - hold) / decay, 0, None)
    value = np.where(at > e.attack, np.maximum(1 - fall, 1 - e.sustain), value)
    return np.clip(value - np.maximum(t - held, 0) / e.release, 0, None)


def _triangle(t, delay, frequency):
    """A triangle from -1 to 1 that starts at 0, upwards, after `delay` seconds."""
    phase = np.maximum(t - delay, 0) * frequency + 0.25
    return 1 - 4 * np.abs(phase % 1 - 0.5)


def _pitch_bend(layer, t, mod_env, vibrato):
    """Cents added to the pitch at the times `t`, or None where nothing moves it."""
    cents, hz, phase = vibrato
    bend = None
    if cents:
        bend = cents * np.clip(t / 0.3, 0, 1) * np.sin(2 * np.pi * hz * t + phase)
    for depth, curve in (
        (layer.mod_env_to_pitch, mod_env),
        (layer.mod_lfo_to_pitch, layer.mod_lfo),
        (layer.vib_lfo_to_pitch, layer.vib_lfo),
    ):
        if depth:
            values = curve if isinstance(curve, np.ndarray) else _triangle(t, *curve)
            bend = depth * values + (0 if bend is None else bend)
    return bend


def _read(layer, loop, position, fastest):
    """A layer's sample at fractional positions (in its own points), without content above the Nyquist frequency.

    The sample, its loop unrolled for a while, is resampled once by Fourier to a table at four times the critical rate,
    cut off where `fastest` would fold it; a cubic then reads the table.
    """
    band = min(0.5, 0.5 / fastest)  # cycles per point of the sample
    table, points, pad = _table(layer.sample, layer.start, layer.end, loop, band)
    if loop is None:
        # The position only grows: what lies behind the end is silence.
        position = position[: int(np.searchsorted(position, layer.end - layer.start))]
    out = np.empty(len(position), dtype=np.float32)
    for begin in range(0, len(position), _CHUNK):
        at = position[begin : begin + _CHUNK].copy()
        if loop is not None:
            first, length = loop[0] - layer.start, loop[1] - loop[0]
            settled = first + pad  # from here on the filtered table is periodic
            if at[-1] >= settled + length:
                turns = np.floor((at - settled) * (1 / length))
                np.maximum(turns, 0, out=turns)
                turns *= length
                at -= turns
        at *= points
        index = at.astype(np.intp)
        at -= index
        out[begin : begin + _CHUNK] = _cubic(table, index, at.astype(np.float32))
    return out


def _cubic(table, index, f):
    """Catmull-Rom between four points: b + f/2 (c - a + f (2a - 5b + 4c - d + f (3(b - c) + d - a)))."""
    a, b, c, d = (np.take(table[i:], index) for i in range(4))
    slope = c - a
    bend = b - c
    cubic = 3 * bend
    cubic += d
    cubic -= a
    out = cubic * f
    out -= cubic
    bend *= 2
    out -= bend
    out -= slope  # = the factor of f squared, less the cubic's share: 2a - 5b + 4c - d = -cubic - 2 bend - slope
    out *= f
    out += slope
    out *= 0.5 * f
    out += b
    return out


def _table(sample, start, end, loop, band):
    """(table with one guard point before and three after, table points per sample point, settling points)."""
    pad = 1 << int(np.ceil(np.log2(16 / band)))
    spectrum, n = _spectrum(sample, start, end, loop, pad)
    m = _fast_length(int(np.ceil(2 * _OVERSAMPLING * band * n)))
    spectrum = spectrum[: m // 2 + 1]
    if band < 0.5:
        edge = np.arange(len(spectrum)) / n
        fall = np.clip((edge - band * (1 - _EDGE)) / (band * _EDGE), 0, 1)
        last = min(len(spectrum), int(band * n) + 2)
        spectrum = spectrum[:last] * (0.5 + 0.5 * np.cos(np.pi * fall[:last])).astype(np.float32)
    table = np.fft.irfft(spectrum, m) * np.float32(m / n)
    return np.concatenate([table[-1:], table, table[:3]]), m / n, pad


@lru_cache(maxsize=1024)
def _spectrum(sample, start, end, loop, pad):
    """Fourier transform of a sample with its loop unrolled, faded and followed by silence."""
    data = soundfont().samples[sample].data[start:end]
    if loop is not None:
        first, last = loop[0] - start, loop[1] - start
        n_more = 3 * pad  # periodic for two of them, faded over the third
        more = data[first:last][np.arange(n_more) % (last - first)].copy()
        more[-pad:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, pad, dtype=np.float32))
        data = np.concatenate([data[:last], more])
    n = _fast_length(len(data) + 2 * pad)
    return np.fft.rfft(data, n), n


def _fast_length(n):
    """The smallest even number from `n` on whose prime factors are 2, 3 and 5."""
    best = 1 << int(np.ceil(np.log2(max(n, 2))))
    five = 1
    while five < best:
        three = five
        while three < best:
            two = 2 * three
            while two < n:
                two *= 2
            best = min(best, two)
            three *= 3
        five *= 5
    return best


def _filter(layer, x, sr, controls, mod_env):
    """Second-order low-pass (cut-off, Q) whose cut-off follows the modulation envelope and LFO."""
    cents = np.full(1, layer.cutoff_cents, dtype=float)
    if mod_env is not None and layer.mod_env_to_cutoff:
        cents = cents + layer.mod_env_to_cutoff * mod_env
    if layer.mod_lfo_to_cutoff:
        cents = cents + layer.mod_lfo_to_cutoff * _triangle(controls, *layer.mod_lfo)
    cents = np.clip(cents, 1500, 13500)
    ceiling = 1200 * np.log2(0.45 * sr / 8.176)
    if cents.min() >= ceiling and layer.q_db == 0:
        return x
    from scipy.signal import lfilter

    cents = np.minimum(cents, ceiling)
    # The filter runs in stretches of one cut-off each, its state carried on: as fine as the curve needs.
    grid = max(25.0, np.abs(np.diff(cents)).sum() / 150)
    coarse = np.round(cents / grid)
    starts = np.flatnonzero(np.diff(coarse, prepend=np.nan)) * _BLOCK
    starts = starts[starts < len(x)]
    state = np.zeros(2)
    out = np.empty_like(x)
    for begin, finish in zip(starts, [*starts[1:], len(x)], strict=True):
        b, a = _biquad(cents[min(begin // _BLOCK, len(cents) - 1)], layer.q_db, sr)
        out[begin:finish], state = lfilter(b, a, x[begin:finish], zi=state)
    return out


def _biquad(cents, q_db, sr):
    """Resonant low-pass of R. Bristow-Johnson's cookbook; a Q of 0 dB has no hump, half of Q is taken from the gain."""
    q = 10 ** ((q_db - 3.01) / 20)
    w = 2 * np.pi * 8.176 * 2 ** (cents / 1200) / sr
    alpha = np.sin(w) / (2 * q)
    gain = 1 / np.sqrt(q) * 2**-0.25
    b = np.array([0.5, 1.0, 0.5]) * (1 - np.cos(w)) * gain
    a = np.array([1 + alpha, -2 * np.cos(w), 1 - alpha])
    return b / a[0], a / a[0]
