"""Where a practice note is recorded: room, microphone, noise floor, and the one low-pass that all notes share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .sampler import key_to_hz

__all__ = ["EQ_HZ", "LOWPASS_HZ", "Room", "draw_room", "record", "softness"]

# Above this nothing is left of any practice note. Samples of the soundfont were made at 11 to 44 kHz and are played
# below their own pitch, so their bandwidth ends anywhere from 4 kHz up: without a common end a network reads the end.
LOWPASS_HZ = 4000.0
_LOWEST_HZ = 20.0  # no microphone passes the offset that some samples carry
_LOWPASS_FROM = 0.92  # where it starts to fall, as a share of LOWPASS_HZ

EQ_HZ = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0)  # corner points of a microphone's curve
_HUM_HARMONICS = (1.0, 0.3, 0.6, 0.2, 0.3)


@dataclass(frozen=True)
class Room:
    """A place to record in, with its microphone and its noise.

    Parameters
    ----------
    seed : int
        Draws the reflections.
    decay : float
        Reverberation time in seconds (to -60 dB); 0 for none.
    direct_db : float
        Level of the direct sound over all reflections, up to `LOWPASS_HZ`.
    eq_db : tuple of float
        Response of the microphone at `EQ_HZ`, in dB.
    noise_db : float
        RMS of the noise floor, dB re full scale.
    noise_tilt_db : float
        Slope of its spectrum in dB per octave (-3 is pink).
    hum_hz : float
        Mains hum: its fundamental, 0 for none.
    hum_db : float
        Level of the hum, dB re full scale.
    bandwidth_hz : float
        Low-pass of everything recorded here; `inf` for none.
    """

    seed: int
    decay: float = 0.0
    direct_db: float = 0.0
    eq_db: tuple[float, ...] = (0.0,) * len(EQ_HZ)
    noise_db: float = -90.0
    noise_tilt_db: float = 0.0
    hum_hz: float = 0.0
    hum_db: float = -60.0
    bandwidth_hz: float = LOWPASS_HZ


def record(y, sr, room, *, delay, n_samples, gain_db=0.0, softness_hz=np.inf, seed=0):
    """Record a dry signal in a room.

    One pass through the Fourier domain: delay, reflections, microphone, velocity filter, noise, low-pass.

    Parameters
    ----------
    y : (n,) float32
        Dry signal.
    sr : int
        Sample rate in Hz.
    room : Room
    delay : float
        Seconds before the signal; need not be a whole number of samples.
    n_samples : int
        Length of the recording.
    gain_db : float
        Applied to the signal, not to the noise.
    softness_hz : float
        Corner of a first-order low-pass: how softly the note was played.
    seed : int
        Draws the noise.

    Returns
    -------
    (n_samples,) float32
    """
    n_fft = _chunked(max(n_samples, len(y) + int(delay * sr) + 1) + int(room.decay * sr))
    spectrum = np.fft.rfft(y, n_fft)
    f = _frequencies(n_fft, sr)
    spectrum *= _response(room, sr, n_fft)
    spectrum *= np.exp(-2j * np.pi * delay * f).astype(np.complex64) * np.float32(10 ** (gain_db / 20))
    if np.isfinite(softness_hz):
        spectrum *= 1 / np.sqrt(1 + (f / np.float32(softness_hz)) ** 2)
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((2, len(f)), dtype=np.float32)
    shape = _noise_shape(room, sr, n_fft)
    spectrum.real += noise[0] * shape
    spectrum.imag += noise[1] * shape
    out = np.fft.irfft(spectrum, n_fft)[:n_samples]
    if room.hum_hz:
        t = np.arange(n_samples) / sr + rng.uniform(0, 1)
        hum = sum(a * np.sin(2 * np.pi * (i + 1) * room.hum_hz * t) for i, a in enumerate(_HUM_HARMONICS))
        out = out + 10 ** (room.hum_db / 20) * hum
    return out.astype(np.float32)


def draw_room(rng):
    """Draw a room, its microphone and its noise floor: a `Room` from a numpy random Generator."""
    eq = np.cumsum(rng.normal(0, 1.5, len(EQ_HZ)))  # neighbouring octaves are alike
    return Room(
        seed=int(rng.integers(2**31)),
        decay=float(rng.uniform(0.15, 0.6)),
        direct_db=float(rng.uniform(10, 20)),
        eq_db=tuple(float(v) for v in np.clip(eq - eq.mean(), -9, 9)),
        noise_db=float(rng.uniform(-95, -80)),
        noise_tilt_db=float(rng.uniform(-5, 0)),
    )


def softness(key: int, velocity: int) -> float:
    """Corner frequency in Hz of the low-pass that stands in for the velocity layers which the soundfont lacks.

    Two and a half octaves above the fundamental at velocity 20, six at velocity 127: a soft note has few harmonics.
    """
    octaves = 2.5 + 3.5 * (velocity - 20) / 107
    return float(key_to_hz(key) * 2**octaves)


def _chunked(n):
    """A length from `n` on that the Fourier transform likes, from a coarse grid so that responses can be kept."""
    grid = 1 << max(10, int(np.ceil(np.log2(n))) - 3)
    return -(-n // grid) * grid


@lru_cache(maxsize=8)
def _frequencies(n_fft, sr):
    return (np.arange(n_fft // 2 + 1) * (sr / n_fft)).astype(np.float32)


def _lowpass(f, bandwidth_hz):
    if not np.isfinite(bandwidth_hz):
        return np.float32(1)
    start = _LOWPASS_FROM * bandwidth_hz
    fall = np.clip((f - start) / (bandwidth_hz - start), 0, 1)
    return (0.5 + 0.5 * np.cos(np.pi * fall)).astype(np.float32)


@lru_cache(maxsize=16)
def _response(room, sr, n_fft):
    """Spectrum of room, microphone and low-pass together, (n_fft // 2 + 1,) complex64."""
    f = _frequencies(n_fft, sr)
    curve_db = np.interp(np.log2(np.maximum(f, 20.0)), np.log2(EQ_HZ), room.eq_db)
    response = (10 ** (curve_db / 20) * _lowpass(f, room.bandwidth_hz)).astype(np.complex64)
    response *= f**2 / (f**2 + np.float32(_LOWEST_HZ) ** 2)
    n = int(room.decay * sr)
    if n > 1:
        rng = np.random.default_rng([room.seed, 1])
        first = int(0.004 * sr)
        t = np.arange(n) / sr
        tail = rng.standard_normal(n) * np.exp(-6.9 * t / room.decay)
        tail[:first] = 0
        for at in rng.uniform(0.005, 0.04, 6):  # early reflections from walls and floor
            tail[int(at * sr)] += rng.uniform(2, 6) * np.exp(-6.9 * at / room.decay)
        tail_spectrum = np.fft.rfft(tail, n_fft) / np.sqrt(1 + (f / 2500) ** 2)  # walls and air take the highs
        energy = (np.abs(tail_spectrum[f < LOWPASS_HZ]) ** 2).mean()
        scale = np.sqrt(10 ** (-room.direct_db / 10) / max(energy, 1e-20))
        response *= (1 + scale * tail_spectrum).astype(np.complex64)
    response.flags.writeable = False
    return response


@lru_cache(maxsize=16)
def _noise_shape(room, sr, n_fft):
    """Standard deviation of the real and imaginary parts of the noise's spectrum."""
    f = _frequencies(n_fft, sr)
    shape = (np.maximum(f, 30.0) / 1000.0) ** (room.noise_tilt_db / 6.02)
    shape *= _lowpass(f, room.bandwidth_hz)
    rms = np.sqrt(4 * (shape**2).sum()) / n_fft  # of the signal that this spectrum gives (Parseval)
    shape = (shape * (10 ** (room.noise_db / 20) / rms)).astype(np.float32)
    shape.flags.writeable = False
    return shape
