"""Notes one after the other, dry: what the solo of lesson 01, the phrases of a song and the hidden tests are made of."""

from __future__ import annotations

import numpy as np

from .sampler import render

__all__ = ["phrase"]


def phrase(
    programs,
    keys,
    *,
    durations=1.0,
    gaps=0.3,
    lead: float = 0.5,
    gain: float = 0.5,
    vibrato=False,
    release: float = 0.05,
    tuning_cents=0.0,
    zones=None,
    sr: int = 22050,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Notes one after the other, dry: silent before, between and after them.

    Parameters
    ----------
    programs : int or sequence of int
        General MIDI program of each note.
    keys : sequence of int
        MIDI key of each note; its length is the number of notes.
    durations : float or sequence
        Seconds for which each key is held.
    gaps : float or sequence
        Seconds of silence after each note but the last.
    lead : float
        Seconds of silence before the first note; 0.2 s follow the last.
    gain : float
        Peak of each note, in (0, 1].
    vibrato : bool, float, or sequence
        Depth in cents; True draws it from 15 to 30.
    release : float
        Seconds in which a note falls silent after its key is let go.
    tuning_cents : float or sequence
        Added to the pitch of each note.
    zones : sequence, optional
        Sample zone (or zones) of each note.
    sr : int
        Sample rate in Hz.
    seed : int
        Draws depth, rate and phase of the vibrato.

    Returns
    -------
    y : (n_samples,) float32
    onsets : (n_notes,) float
        Seconds at which the notes begin.
    """
    keys = [int(key) for key in np.atleast_1d(keys)]
    n = len(keys)
    programs = _each(programs, n, "programs")
    durations, tunings = _each(durations, n, "durations"), _each(tuning_cents, n, "tuning_cents")
    chosen = [None] * n if zones is None else list(zones)
    if n == 0 or len(chosen) != n:
        raise ValueError(f"phrase needs at least one key, and one zone per key: got {n} and {len(chosen)}.")
    gaps = _each(gaps, n - 1, "gaps")
    vibratos = _each(vibrato, n, "vibrato")
    if not 0 < gain <= 1 or lead < 0 or any(gap < 0 for gap in gaps):
        raise ValueError("phrase needs a gain above 0 and up to 1, and lead and gaps of 0 s or more.")
    rng = np.random.default_rng([seed, 7])
    parts, onsets, at = [], [], int(round(lead * sr))
    start = at
    for i in range(n):
        depth, hz = rng.uniform(15, 30), rng.uniform(4.8, 6.2)
        wanted = vibratos[i]
        y = render(
            int(programs[i]),
            keys[i],
            127,
            float(durations[i]),
            sr,
            tuning_cents=float(tunings[i]),
            vibrato_cents=(depth if wanted else 0.0) if isinstance(wanted, (bool, np.bool_)) else float(wanted),
            vibrato_hz=hz,
            release=release,
            zone=chosen[i],
            seed=int(rng.integers(2**31)),
        )
        peak = np.abs(y).max()
        if peak == 0:
            raise ValueError(f"Program {programs[i]} is silent at key {keys[i]}: choose a key inside its range.")
        parts.append((at, y * np.float32(gain / peak)))
        onsets.append(at / sr)
        at += len(y) + (int(round(gaps[i] * sr)) if i < n - 1 else int(round(0.2 * sr)))
    out = np.zeros(max(at, start), dtype=np.float32)
    for begin, y in parts:
        out[begin : begin + len(y)] = y
    return out, np.array(onsets)


def _each(value, n, name):
    values = [value] * n if np.ndim(value) == 0 else list(value)
    if len(values) != n:
        raise ValueError(f"phrase: {name} has {len(values)} values where {n} are needed.")
    return values
