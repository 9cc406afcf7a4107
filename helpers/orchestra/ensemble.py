"""Players of made-up or written music: one part on one instrument, dry. What the songs of a practice set are mixed from.

A note of a part is rendered once for each key and cut to the lengths that the part asks for, as samplers do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .rooms import LOWPASS_HZ
from .sampler import render, sample_bandwidth
from .sf2 import zones

__all__ = ["Voice", "draw_body", "level", "play", "playable"]

_NEAR = 7  # semitones by which a sample zone is played beyond the keys that the soundfont gives it


@dataclass(frozen=True)
class Voice:
    """One instrument as it is played in one piece.

    Parameters
    ----------
    program, bank, zones
        What of the soundfont sounds; see :func:`helpers.orchestra.render`.
    tuning_cents, vibrato_cents : float
    attack, release : float
        Seconds of a fade at the beginning of each note, and from its end to silence.
    body : tuple of (Hz, octaves, dB)
        Resonances of this one instrument: centre, width, height.
    softness_hz : float
        Corner of a first-order low-pass: how softly it is played.
    """

    program: int
    bank: int = 0
    zones: tuple[int, ...] | None = None
    tuning_cents: float = 0.0
    vibrato_cents: float = 0.0
    attack: float = 0.0
    release: float = 0.1
    body: tuple[tuple[float, float, float], ...] = ()
    softness_hz: float = np.inf


def draw_body(rng, strength_db: float = 4.0, count: int = 4):
    """Draw the resonances of one instrument from a numpy random Generator: what `Voice.body` takes."""
    centres = np.exp(rng.uniform(np.log(180), np.log(3600), count))
    return tuple((float(hz), float(rng.uniform(0.15, 0.6)), float(rng.normal(0, strength_db))) for hz in centres)


@lru_cache(maxsize=1024)
def playable(program: int, low: int, high: int, chosen: tuple[int, ...] | None = None) -> tuple[int, ...]:
    """Keys from `low` to `high` at which the zones chosen do not sound strange and fill the common band."""
    ranges = [zone.keys for zone in zones(program) if chosen is None or zone.index in chosen]
    return tuple(
        key
        for key in range(low, high + 1)
        if any(first - _NEAR <= key <= last + _NEAR for first, last in ranges)
        and sample_bandwidth(program, key, zone=chosen) >= LOWPASS_HZ
    )


def play(voice, sounds, n_samples: int, sr: int, seed: int = 0) -> np.ndarray:
    """Play a part on an instrument, dry.

    Parameters
    ----------
    voice : Voice
    sounds : sequence of Sound
        In any order; what lies outside the `n_samples` is not heard.
    n_samples : int
    sr : int
        Sample rate in Hz.
    seed : int
        Draws the phases of the vibrato.

    Returns
    -------
    (n_samples,) float32

    Raises
    ------
    ValueError
        A key at which the instrument is silent.
    """
    out = np.zeros(n_samples, dtype=np.float32)
    sounds = [one for one in sounds if 0 <= one.start < n_samples / sr]
    longest = {}
    for one in sounds:
        longest[one.key] = max(longest.get(one.key, 0.0), one.duration)
    rng = np.random.default_rng([seed, 11])
    drawn = {key: (float(rng.uniform(4.8, 6.4)), int(rng.integers(2**31))) for key in sorted(longest)}
    rendered = {key: _note(voice, key, seconds, sr, *drawn[key]) for key, seconds in longest.items()}
    n_release = max(2, round(voice.release * sr))
    fade = (0.5 + 0.5 * np.cos(np.linspace(0, np.pi, n_release))).astype(np.float32)
    for one in sounds:
        note, begin = rendered[one.key], round(one.start * sr)
        n_held = max(1, round(one.duration * sr))
        y = note[: n_held + n_release] * np.float32((one.velocity / 100) ** 1.4)
        tail = y[n_held:]
        tail *= fade[: len(tail)]
        y = y[: n_samples - begin]
        out[begin : begin + len(y)] += y
    return _coloured(out, voice, sr) if voice.body or np.isfinite(voice.softness_hz) else out


def level(y: np.ndarray, sr: int) -> float:
    """RMS of a part where it is heard: over the blocks of 50 ms within 30 dB of its loudest; 0 for silence."""
    block = max(1, sr // 20)
    if len(y) < block:
        return float(np.sqrt(np.mean(np.square(y)))) if len(y) else 0.0
    power = np.square(y[: len(y) // block * block], dtype=np.float64).reshape(-1, block).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() * 1e-3].mean()))


def _note(voice, key, seconds, sr, vibrato_hz, seed):
    """One key held for as long as any note of the part asks for; its release is still to be cut."""
    y = render(
        voice.program,
        key,
        127,
        seconds + voice.release,
        sr,
        tuning_cents=voice.tuning_cents,
        vibrato_cents=voice.vibrato_cents,
        vibrato_hz=vibrato_hz,
        release=0.01,
        zone=voice.zones,
        bank=voice.bank,
        seed=seed,
    )
    if not y.any():
        raise ValueError(f"Program {voice.program} of bank {voice.bank} is silent at key {key}: it cannot play this part.")
    if voice.attack:
        n = min(len(y), max(1, round(voice.attack * sr)))
        y[:n] *= np.linspace(0, 1, n, dtype=np.float32)
    return y


def _coloured(y, voice, sr):
    """A part with the resonances and the softness of its instrument: a filter of minimum phase, nothing sounds early."""
    n_taps = 2048
    f = np.maximum(np.fft.rfftfreq(n_taps, 1 / sr), 20.0)
    octave = np.log2(f)
    gain_db = sum(height * np.exp(-0.5 * ((octave - np.log2(hz)) / width) ** 2) for hz, width, height in voice.body)
    log_gain = np.asarray(gain_db, dtype=float) * np.log(10) / 20 - 0.5 * np.log1p((f / voice.softness_hz) ** 2)
    # Oppenheim and Schafer, Discrete-Time Signal Processing, 2010, 13.5: fold the cepstrum to its causal half.
    cepstrum = np.fft.irfft(log_gain, n_taps)
    cepstrum[1 : n_taps // 2] *= 2
    cepstrum[n_taps // 2 + 1 :] = 0
    taps = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)), n_taps).astype(np.float32)
    n_fft = -(-(len(y) + n_taps) // 5000) * 5000  # a length that the Fourier transform likes
    out = np.fft.irfft(np.fft.rfft(y, n_fft) * np.fft.rfft(taps, n_fft), n_fft)
    return out[: len(y)].astype(np.float32, copy=False)
