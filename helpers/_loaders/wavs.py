"""Many recordings that should all be of one stated length and rate: which are not, which are silent, which are equal.

Called by the readers of `nsynth` and `medley`. What was found is kept on disk, so that files are opened once only.
"""

import hashlib
import os
from dataclasses import dataclass

import numpy as np

from .._paths import data_dir, keep


def wrong_format(path, sr, n_samples):
    """Say what is wrong with one recording that should be mono, `n_samples` long at `sr` Hz; "" when nothing is.

    Parameters
    ----------
    path : Path
    sr, n_samples : int

    Returns
    -------
    str
    """
    from .. import audio

    try:
        found = audio.info(path)
    except audio.AudioError as error:
        return str(error)
    for what, is_now, expected in (("channels", found.n_channels, 1), ("Hz", found.sr, sr),
                                   ("samples", found.n_samples, n_samples)):
        if is_now != expected:
            return f"{path.name} has {is_now} {what}; expected {expected}"
    return ""


@dataclass(frozen=True)
class Inspect:
    """Look at one recording that should be mono, `n_samples` long at `sr` Hz: (what is wrong or "", digest, peak).

    The digest tells its samples from all others, the peak is the largest magnitude among them.
    """

    sr: int
    n_samples: int

    def __call__(self, path):
        from .. import audio

        if problem := wrong_format(path, self.sr, self.n_samples):
            return problem, "", 0.0
        try:
            y = audio.load(path, sr=None)
        except audio.AudioError as error:
            return str(error), "", 0.0
        return "", hashlib.blake2b(y, digest_size=16).hexdigest(), float(np.abs(y).max(initial=0))


@dataclass(frozen=True)
class Measure:
    """Look at the head of one recording that should be mono, `n_samples` long at `sr` Hz: (what is wrong or "",)."""

    sr: int
    n_samples: int

    def __call__(self, path):
        return (wrong_format(path, self.sr, self.n_samples),)


def each(look, paths):
    """Look at every file once, several at a time, with a progress bar; kept on disk until a file changes.

    Parameters
    ----------
    look : Inspect or Measure
    paths : list of Path

    Returns
    -------
    list of tuple
        The answers, in the order of `paths`.
    """
    from concurrent.futures import ThreadPoolExecutor

    from ..download import progress_over

    if not paths:
        return []
    state = hashlib.blake2b(repr(look).encode(), digest_size=16)
    for path in paths:
        now = path.stat()
        state.update(b"\0" + os.fsencode(path.resolve()) + f" {now.st_size} {now.st_mtime_ns}".encode())
    kept = data_dir() / "cache" / f"{type(look).__name__.lower()}-{state.hexdigest()}.npz"
    if kept.is_file():
        with np.load(kept, allow_pickle=False) as columns:
            return list(zip(*(columns[name] for name in sorted(columns)), strict=True))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(look, path) for path in paths]
        answers = [future.result() for future in progress_over(waiting, "reading")]
    columns = {f"{i:02d}": np.array(column) for i, column in enumerate(zip(*answers, strict=True))}
    keep(kept, lambda file: np.savez(file, **columns))
    return answers
