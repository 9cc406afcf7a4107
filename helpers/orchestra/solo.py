"""The solo of lesson 01: four notes of a soprano saxophone, written like the recording of the University of Iowa."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from .phrases import phrase
from .rooms import Room, record

__all__ = ["SOLO_NAME", "write_solo"]

SOLO_NAME = "SopSax.Vib.pp.C6Eb6.aiff"
_SOLO_SECONDS = 16.07
_SOLO_KEYS = (84, 85, 86, 87)


def write_solo(folder, size: str = "practice", seed: int = 0) -> Path:
    """Render the solo of lesson 01: a soprano saxophone plays C6, Db6, D6 and Eb6, softly and with vibrato.

    Written like the recording of the University of Iowa: AIFF, 44.1 kHz, mono, 16 bit, 16.07 s.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there; only the one file in it is replaced.
    size : {"practice"}
        It comes in one size.
    seed : int
        Draws the timing, the vibrato, the room and the noise.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        Another size.
    """
    import soundfile

    if size != "practice":
        raise ValueError(f"The solo comes in one size, 'practice', not {size!r}.")
    sr, rng = 44100, np.random.default_rng([seed, 64])
    lengths, gaps = rng.uniform(2.3, 2.7, 4), rng.uniform(1.1, 1.4, 3)
    dry, _ = phrase(
        64,
        _SOLO_KEYS,
        durations=lengths,
        gaps=gaps,
        lead=float(rng.uniform(0.9, 1.1)),
        vibrato=[float(depth) for depth in rng.uniform(18, 30, 4)],
        release=0.12,
        sr=sr,
        seed=seed,
    )
    room = Room(
        seed=int(rng.integers(2**31)),
        decay=0.35,
        direct_db=12.0,
        eq_db=(0.0, 0.0, 0.0, 0.0, -12.0, -24.0),  # pp: the first harmonic leads
        noise_db=-78.0,
        noise_tilt_db=-4.0,
        bandwidth_hz=18000.0,
    )
    y = record(
        dry, sr, room, delay=0.0, n_samples=int(_SOLO_SECONDS * sr), gain_db=4.0, softness_hz=1500.0, seed=seed
    )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SOLO_NAME
    part = folder / f".{SOLO_NAME}.{os.getpid()}.part"
    try:
        soundfile.write(part, y, sr, format="AIFF", subtype="PCM_16")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path
