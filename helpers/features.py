"""Describing sound by numbers: all features of a clip from one transform, and tables of them for many clips.

Called by `helpers.data` (windows of a data set), the lessons and `benchmarks/features.py`. Every feature equals what
librosa's own function gives when it is called by itself (to 1e-4 of the feature's largest magnitude), at a fraction of
the time, because the short-time Fourier transform is made once per clip and the filter banks once per sample rate.
"""

import hashlib
import io
import json
import sys
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from helpers._names import as_names

from ._paths import keep

#: Usual analysis: samples per frame, samples between frames, mel bands, cepstral coefficients.
N_FFT, HOP_LENGTH, N_MELS, N_MFCC = 2048, 512, 128, 20

#: Every feature that `frames` knows, in the order of its result.
NAMES = ("log_mel", "mfcc", "centroid", "bandwidth", "rolloff", "contrast", "flatness", "zcr", "rms", "chroma")

# Raise it when a feature's numbers change: stored tables of older numbers are then made again.
_VERSION = 1

# Frames transformed at a time: their double-precision spectra then stay in a core's own cache.
_BLOCK = 16

# Below so many seconds of sound, starting worker processes (each imports librosa) takes as long as the work itself.
_WORTH_WORKERS = 10_000

_AMIN = 1e-10  # power below which everything is called silent: -100 dB
_TOP_DB = 80.0
_CONTRAST_FMIN, _CONTRAST_BANDS, _CONTRAST_QUANTILE = 200.0, 6, 0.02


def power(y, n_fft=N_FFT, hop_length=HOP_LENGTH):
    """Power spectrogram: how much of each frequency there is in each frame.

    ``|STFT|**2`` with a periodic Hann window; frame ``t`` is centred on sample ``t * hop_length``, zeros stand before
    the first sample and after the last.

    Parameters
    ----------
    y : (n_samples,) float array
    n_fft : int
        Samples per frame, even.
    hop_length : int
        Samples from one frame to the next.

    Returns
    -------
    (1 + n_fft // 2, 1 + n_samples // hop_length) array
        float32 for float32 samples, float64 for float64.

    Raises
    ------
    ValueError
        Samples that are not a one-dimensional array of floats, no samples, NaN, an odd `n_fft`.
    """
    magnitude = _magnitude(_cut(_checked(y, n_fft, hop_length), n_fft, hop_length))
    return (magnitude * magnitude).T


def frames(y, sr, names=NAMES, n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=N_MELS, n_mfcc=N_MFCC):
    r"""Features of each frame of a clip, all from one short-time Fourier transform.

    With the magnitude :math:`S_{kt}` of bin :math:`k` (frequency :math:`f_k`) in frame :math:`t`:

    ============ ==== ======================================================================================== ========
    name         rows what it is                                                                                unit
    ============ ==== ======================================================================================== ========
    ``log_mel``  128  power in mel bands, ``10 log10``, cut off 80 dB below the clip's maximum                  dB
    ``mfcc``      20  orthonormal cosine transform (DCT-II) of ``log_mel`` along the bands                      dB
    ``centroid``   1  :math:`c_t = \sum_k f_k S_{kt} / \sum_k S_{kt}`; 0 for silence                            Hz
    ``bandwidth``  1  :math:`\sqrt{\sum_k (f_k - c_t)^2 S_{kt} / \sum_k S_{kt}}`; 0 for silence                 Hz
    ``rolloff``    1  lowest frequency below which 85 % of :math:`\sum_k S_{kt}` lies; 0 for silence            Hz
    ``contrast``   7  peaks minus valleys in octave bands from 200 Hz (see Notes)                               dB / 2
    ``flatness``   1  geometric over arithmetic mean of :math:`S_{kt}^2`; 1 for silence                         0 .. 1
    ``zcr``        1  share of samples at which the sign changes                                                0 .. 1
    ``rms``        1  root of the mean square of the frame's samples (not of its windowed spectrum)             0 .. 1
    ``chroma``    12  power by pitch class from C, tuned to A = 440 Hz, divided by the frame's maximum          0 .. 1
    ============ ==== ======================================================================================== ========

    Parameters
    ----------
    y : (n_samples,) float array
        Any length from one sample on.
    sr : int
        Sample rate, Hz.
    names : str or sequence of str
        Which of `NAMES`.
    n_fft, hop_length : int
        Samples per frame (even), samples from one frame to the next.
    n_mels, n_mfcc : int
        Mel bands; cepstral coefficients, at most as many.

    Returns
    -------
    dict of str to (n_rows, 1 + n_samples // hop_length) array
        In the order of `names`.

    Raises
    ------
    ValueError
        As `power`; an unknown name; contrast at a sample rate whose Nyquist frequency is not above 6,400 Hz, or with
        frames so short that a band holds no bin.

    Notes
    -----
    ``contrast`` is `librosa.feature.spectral_contrast`, its quirks included: each band takes one bin from the band
    below and loses its own last one (the last band keeps it), the 2 % quantile is rounded to whole bins, peaks and
    valleys are each cut off 80 dB below their own maximum in the clip, and the decibels are those of a *power* computed
    from a *magnitude*, so they are half of what the name says. The idea is that of [3]_.

    ``chroma`` is librosa's with ``tuning=0``: its estimate of the tuning costs more than all else together.

    References
    ----------
    .. [1] S. B. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word recognition",
       IEEE Trans. ASSP 28 (1980), doi:10.1109/TASSP.1980.1163420 (mel cepstrum)
    .. [2] G. Peeters, "A large set of audio features for sound description", CUIDADO report, IRCAM 2004 (centroid,
       bandwidth, rolloff, flatness)
    .. [3] D.-N. Jiang et al., "Music type classification by spectral contrast feature", ICME 2002,
       doi:10.1109/ICME.2002.1035731
    .. [4] B. McFee et al., "librosa: audio and music signal analysis in Python", SciPy 2015,
       doi:10.25080/Majora-7b98e3ed-003

    Examples
    --------
    >>> from helpers import audio
    >>> found = frames(audio.tone(440, 22050, 1.0), 22050, ("centroid", "mfcc"))
    >>> found["mfcc"].shape
    (20, 44)
    """
    names = as_names(names)
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise ValueError(f"there is no feature {unknown[0]!r}; choose among {', '.join(NAMES)}.")
    if not sr > 0:
        raise ValueError(f"the sample rate must be above 0 Hz, got {sr}.")
    if not 1 <= n_mfcc <= n_mels:
        raise ValueError(f"n_mfcc must lie between 1 and the number of mel bands ({n_mels}), got {n_mfcc}.")
    y = _checked(y, n_fft, hop_length)
    cut = _cut(y, n_fft, hop_length)
    wanted = set(names)
    found = {}  # rows are frames in here: a frame's numbers then lie side by side in memory
    if wanted - {"zcr", "rms"}:
        S = _magnitude(cut)
    if wanted & {"log_mel", "mfcc", "flatness", "chroma"}:
        P = S * S
    if wanted & {"log_mel", "mfcc"}:
        found["log_mel"] = _log_mel(P, sr, n_fft, n_mels)
    if "mfcc" in wanted:
        found["mfcc"] = found["log_mel"] @ _cosines(n_mels, n_mfcc)
    if wanted & {"centroid", "bandwidth"}:
        found["centroid"], found["bandwidth"] = _centroid_bandwidth(S, sr, n_fft)
    if "rolloff" in wanted:
        found["rolloff"] = _rolloff(S, sr, n_fft)
    if "contrast" in wanted:
        found["contrast"] = _contrast(S, sr, n_fft)
    if "flatness" in wanted:
        found["flatness"] = _flatness(P)
    if "zcr" in wanted:
        found["zcr"] = _zero_crossing_rate(y, n_fft, hop_length)
    if "rms" in wanted:
        found["rms"] = np.sqrt(np.einsum("ij,ij->i", cut, cut) / n_fft)[:, np.newaxis]
    if "chroma" in wanted:
        found["chroma"] = _chroma(P, sr, n_fft)
    return {name: found[name].T for name in names}


def mfcc_stats(mfcc):
    r"""Six statistics of each cepstral coefficient over the frames of a clip: its description in 6 x 20 numbers.

    Means and standard deviations (``ddof=0``) of the coefficients, of their first and of their second differences.
    The differences are slopes and curvatures of a parabola fitted to nine frames (Savitzky and Golay), the first and
    the last frame being repeated beyond the ends, so that a clip may have fewer than nine:

    .. math:: d_t = \sum_{n=-4}^{4} \frac{n}{60}\, m_{t+n}, \qquad
              d^2_t = \sum_{n=-4}^{4} \frac{3 n^2 - 20}{462}\, m_{t+n}

    Parameters
    ----------
    mfcc : (n_mfcc, n_frames) float array
        At least one frame.

    Returns
    -------
    (6 * n_mfcc,) array
        ``[mean, sd, mean d1, sd d1, mean d2, sd d2]``, of the dtype of `mfcc`. 120 numbers for 20 coefficients.

    Notes
    -----
    Equals ``librosa.feature.delta(mfcc, width=9, order=1, mode="nearest")`` and the same with ``order=2``.

    References
    ----------
    .. [1] A. Savitzky, M. J. E. Golay, "Smoothing and differentiation of data by simplified least squares procedures",
       Analytical Chemistry 36 (1964), doi:10.1021/ac60214a047
    """
    mfcc = np.asarray(mfcc)
    if mfcc.ndim != 2 or mfcc.shape[1] == 0:
        raise ValueError(f"mfcc must have shape (n_mfcc, n_frames) with at least one frame, got {mfcc.shape}.")
    exact = mfcc.astype(np.float64)
    padded = np.pad(exact, ((0, 0), (4, 4)), mode="edge")
    n = np.arange(-4, 5)
    differences = np.lib.stride_tricks.sliding_window_view(padded, 9, axis=1) @ np.stack(
        [n / 60, (3 * n**2 - 20) / 462], axis=1
    )
    parts = []
    for values in (exact, differences[:, :, 0], differences[:, :, 1]):
        parts += [values.mean(axis=1), values.std(axis=1)]
    return np.concatenate(parts).astype(mfcc.dtype)


def clip_vector(y, sr):
    """Describe a clip by 120 numbers: `mfcc_stats` of its 20 MFCC.

    Parameters
    ----------
    y : (n_samples,) float array
    sr : int
        Sample rate, Hz.

    Returns
    -------
    (120,) array
        The names of its entries: ``columns("clip_vector")``.
    """
    return mfcc_stats(frames(y, sr, ("mfcc",))["mfcc"])


def clip_statistics(y, sr):
    """Describe a clip by 90 numbers: mean and standard deviation, over its frames, of every feature but `log_mel`.

    Parameters
    ----------
    y : (n_samples,) float array
    sr : int
        Sample rate, Hz; above 12,800 (the contrast needs it).

    Returns
    -------
    (90,) array
        45 means, then 45 standard deviations (``ddof=0``); their names: ``columns("clip_statistics")``.
    """
    rows = np.concatenate(list(frames(y, sr, NAMES[1:]).values()))
    return np.concatenate([rows.mean(axis=1), rows.std(axis=1)])


#: What `table` can make of a clip.
EXTRACTS = {"clip_vector": clip_vector, "clip_statistics": clip_statistics}


def columns(extract):
    """Name the columns of a table.

    Parameters
    ----------
    extract : str
        One of `EXTRACTS`.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> columns("clip_vector")[:2], columns("clip_statistics")[-1]
    (('mfcc 0 mean', 'mfcc 1 mean'), 'chroma B sd')
    """
    _known_extract(extract)
    coefficients = [f"mfcc {k}" for k in range(N_MFCC)]
    if extract == "clip_vector":
        kinds = ("mean", "sd", "mean d1", "sd d1", "mean d2", "sd d2")
        return tuple(f"{row} {kind}" for kind in kinds for row in coefficients)
    rows = [*coefficients, "centroid", "bandwidth", "rolloff"]
    rows += [f"contrast {k}" for k in range(_CONTRAST_BANDS + 1)]
    rows += ["flatness", "zcr", "rms"]
    rows += [f"chroma {name}" for name in ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")]
    return tuple(f"{row} {kind}" for kind in ("mean", "sd") for row in rows)


def table(clips, sr, extract="clip_vector", n_jobs=None, cache=None, content=None):
    """Describe many clips: one row of numbers each, computed in parallel, kept on disk.

    Shows a progress bar in a terminal or a notebook. A stored table is used again only for the same content,
    extract, sample rate and version of the features; a damaged one is found by its checksum and made again.

    Parameters
    ----------
    clips : sequence of (n_samples,) float arrays
        May be lazy (`helpers.data`): clips are read batch by batch. Lengths may differ.
    sr : int
        Sample rate of all of them, Hz.
    extract : str
        ``"clip_vector"`` (120 numbers) or ``"clip_statistics"`` (90).
    n_jobs : int or None
        Worker processes, -1 for one per core; None takes one per core too, but none at all for so little sound that
        starting them would take longer (less than about three hours).
    cache : Path or None
        Folder for the stored table (made if missing); None stores nothing.
    content : str or None
        What tells these clips from all others, if the caller knows it (a digest of the files, say); None asks the clips
        (`helpers.data` knows its files) or, failing that, computes it from all samples.

    Returns
    -------
    (n_clips, n_features) float32 array

    Raises
    ------
    ValueError
        No clips, an unknown extract, or a clip that cannot be described (NaN, no samples, ...), named by its number.
    """
    _known_extract(extract)
    settings = [_VERSION, extract, float(sr), N_FFT, HOP_LENGTH, N_MELS, N_MFCC]
    return _kept(clips, sr, extract, partial(EXTRACTS[extract], sr=sr), settings, n_jobs, cache, content)


def sequences(clips, sr, names=("log_mel",), n_frames=None, n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=N_MELS,
              n_mfcc=N_MFCC, n_jobs=None, cache=None, content=None):
    """Features over time of many clips, as a network reads them: frame after frame, one row of numbers each.

    What `frames` gives, turned round (time first) and put side by side in the order of `names`. Computed in parallel and
    kept on disk like a `table`.

    Parameters
    ----------
    clips : sequence of (n_samples,) float arrays
        May be lazy (`helpers.data`).
    sr : int
        Sample rate of all of them, Hz.
    names : str or sequence of str
        Which of `NAMES`: ``("log_mel",)`` gives `n_mels` numbers a frame, ``("mfcc", "centroid", "contrast")`` gives
        ``n_mfcc + 8``.
    n_frames : int or None
        Frames of every clip. A longer clip is cut behind its frame `n_frames` (nothing that comes later counts, not in
        the maximum of ``log_mel`` either); a shorter one, and an empty one, is continued with silence. None takes all
        frames: then all clips must be of one length.
    n_fft, hop_length, n_mels, n_mfcc : int
        As in `frames`.
    n_jobs, cache, content
        As in `table`.

    Returns
    -------
    (n_clips, n_frames, n_rows) float32 array
        Finite for any finite clip; of a silent one too.

    Raises
    ------
    ValueError
        As `table`; clips of unequal length without `n_frames`, each case named by the number of a clip.

    Examples
    --------
    >>> from helpers import audio
    >>> tones = [audio.tone(f0, 16000, 1.0) for f0 in (220, 440)]
    >>> sequences(tones, 16000, ("mfcc", "centroid"), n_mfcc=13).shape
    (2, 32, 14)
    """
    names = as_names(names)
    if n_frames is not None and not (isinstance(n_frames, (int, np.integer)) and n_frames >= 1):
        raise ValueError(f"n_frames must be a whole number above 0, or None for all frames; got {n_frames!r}.")
    spec = {"n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels, "n_mfcc": n_mfcc}
    settings = [_VERSION, "sequences", names, n_frames and int(n_frames), float(sr), *spec.values()]
    describe = partial(_sequence, sr=sr, names=names, n_frames=n_frames, spec=spec)
    return _kept(clips, sr, "sequences", describe, settings, n_jobs, cache, content)


def _sequence(y, sr, names, n_frames, spec):
    """(n_frames, n_rows) features of one clip; see `sequences`."""
    if n_frames is not None:
        y = np.asarray(y)
        heard = (n_frames - 1) * spec["hop_length"] + spec["n_fft"] // 2  # the last sample that frame `n_frames` holds
        short = (n_frames - 1) * spec["hop_length"] + 1 - len(y)
        y = np.pad(y, (0, short)) if short > 0 else y[:heard]
    found = frames(y, sr, names, **spec)
    return np.concatenate(list(found.values()))[:, :n_frames].T


# --- one clip ---------------------------------------------------------------------------------------------------------


def _checked(y, n_fft, hop_length):
    """Return the samples as a float array, or say what is wrong with them."""
    y = np.asarray(y)
    if y.ndim != 1 or not np.issubdtype(y.dtype, np.floating):
        raise ValueError(f"samples must be a (n_samples,) array of floats, got shape {y.shape} of {y.dtype}.")
    if len(y) == 0:
        raise ValueError("there are no samples: a clip needs at least one.")
    finite = np.isfinite(y)
    if not finite.all():
        raise ValueError(f"sample {int(np.argmin(finite))} is NaN or infinite: repair or leave out the clip.")
    for name, value in (("n_fft", n_fft), ("hop_length", hop_length)):
        if not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name} must be a whole number above 0, got {value!r}.")
    if n_fft % 2:
        raise ValueError(f"n_fft must be even, got {n_fft}.")
    return y.astype(np.float32 if y.dtype.itemsize <= 4 else np.float64, copy=False)


def _cut(y, n_fft, hop_length):
    """Centred frames of samples, zeros beyond the ends, one row a frame: a view, nothing is copied per frame."""
    return np.lib.stride_tricks.sliding_window_view(np.pad(y, n_fft // 2), n_fft)[::hop_length]


def _magnitude(cut):
    """Magnitude spectrogram, one row a frame.

    Transformed in double precision and stored in that of the samples, as librosa does: bins far below the frame's
    loudest would otherwise be rounding noise, and the rolloff would jump a bin now and then.
    """
    from scipy import fft

    n_fft = cut.shape[1]
    window = _hann(n_fft)
    complex_type = np.result_type(cut.dtype, np.complex64)
    magnitude = np.empty((len(cut), 1 + n_fft // 2), dtype=cut.dtype)
    for start in range(0, len(cut), _BLOCK):
        spectrum = fft.rfft(cut[start : start + _BLOCK] * window, axis=1).astype(complex_type, copy=False)
        np.abs(spectrum, out=magnitude[start : start + _BLOCK])
    return magnitude


def _log_mel(P, sr, n_fft, n_mels):
    mel = np.empty((len(P), n_mels), dtype=P.dtype)
    for rows, bins, weights in _mel_bank(sr, n_fft, n_mels):
        np.matmul(P[:, bins], weights, out=mel[:, rows])
    return _decibels(mel)


def _decibels(values):
    """``10 log10`` with a floor at -100 dB and one 80 dB below the maximum of the array."""
    decibels = 10 * np.log10(np.maximum(values, _AMIN))
    return np.maximum(decibels, decibels.max() - _TOP_DB)


def _centroid_bandwidth(S, sr, n_fft):
    # The variance as a difference of moments cancels: in double precision some 16 digits are left to lose.
    total, first, second = (S.astype(np.float64) @ _moments(sr, n_fft)).T[:, :, np.newaxis]
    sounding = total > 0
    total = np.where(sounding, total, 1.0)
    centroid = first / total
    variance = second / total - centroid**2
    return centroid, np.sqrt(np.maximum(variance, 0.0))


def _rolloff(S, sr, n_fft):
    total = np.cumsum(S, axis=1)
    below = total < 0.85 * total[:, -1:]
    return _frequencies(sr, n_fft)[np.count_nonzero(below, axis=1)][:, np.newaxis]


def _flatness(P):
    P = np.maximum(P, _AMIN)
    return np.exp(np.log(P).mean(axis=1, keepdims=True)) / P.mean(axis=1, keepdims=True)


def _contrast(S, sr, n_fft):
    peak = np.empty((len(S), _CONTRAST_BANDS + 1))
    valley = np.empty_like(peak)
    for band, (bins, n) in enumerate(_contrast_bands(sr, n_fft)):
        if n == 1:
            valley[:, band], peak[:, band] = S[:, bins].min(axis=1), S[:, bins].max(axis=1)
        else:
            ordered = np.sort(S[:, bins], axis=1)
            valley[:, band], peak[:, band] = ordered[:, :n].mean(axis=1), ordered[:, -n:].mean(axis=1)
    return _decibels(peak) - _decibels(valley)


def _zero_crossing_rate(y, n_fft, hop_length):
    y = np.pad(y, n_fft // 2, mode="edge")
    negative = y < -np.asarray(_AMIN, dtype=y.dtype)
    changes = np.concatenate([[0], np.cumsum(negative[1:] != negative[:-1])])
    start = np.arange(0, len(y) - n_fft + 1, hop_length)
    # The first sample of a frame has no neighbour in it.
    return ((changes[start + n_fft - 1] - changes[start]) / n_fft)[:, np.newaxis]


def _chroma(P, sr, n_fft):
    raw = P @ _chroma_bank(sr, n_fft)
    loudest = raw.max(axis=1, keepdims=True)
    return raw / np.where(loudest < np.finfo(raw.dtype).tiny, 1, loudest)


# --- filter banks, built once per sample rate and size ----------------------------------------------------------------


@lru_cache(maxsize=16)
def _hann(n_fft):
    from scipy.signal import get_window

    return get_window("hann", n_fft, fftbins=True)


@lru_cache(maxsize=16)
def _frequencies(sr, n_fft):
    return np.fft.rfftfreq(n_fft, 1 / sr)


@lru_cache(maxsize=16)
def _mel_bank(sr, n_fft, n_mels):
    """Mel filters as blocks of eight bands: [(bands, bins, (n_bins, n_bands) weights)].

    A filter is zero outside its few bins, so that narrow blocks need an eighth of the full product's multiplications.
    """
    from librosa import filters

    bank = filters.mel(sr=sr, n_fft=n_fft, n_mels=n_mels)
    blocks = []
    for first in range(0, n_mels, 8):
        rows = slice(first, min(first + 8, n_mels))
        used = np.flatnonzero(bank[rows].any(axis=0))
        bins = slice(used[0], used[-1] + 1) if len(used) else slice(0, 1)
        blocks.append((rows, bins, np.ascontiguousarray(bank[rows, bins].T)))
    return blocks


@lru_cache(maxsize=16)
def _cosines(n_mels, n_mfcc):
    """(n_mels, n_mfcc) matrix of the orthonormal DCT-II."""
    from scipy import fft

    return np.ascontiguousarray(fft.dct(np.eye(n_mels, dtype=np.float32), axis=1, norm="ortho")[:, :n_mfcc])


@lru_cache(maxsize=16)
def _moments(sr, n_fft):
    """(n_bins, 3) powers 0, 1 and 2 of each bin's frequency."""
    return _frequencies(sr, n_fft)[:, np.newaxis] ** np.arange(3)


@lru_cache(maxsize=16)
def _contrast_bands(sr, n_fft):
    """Bins of each octave band and how many of them make its peak and its valley, as librosa takes them."""
    edges = np.concatenate([[0.0], _CONTRAST_FMIN * 2.0 ** np.arange(_CONTRAST_BANDS + 1)])
    if edges[-2] >= sr / 2:
        raise ValueError(f"contrast needs a sample rate above {2 * edges[-2]:.0f} Hz, got {sr}: leave it out of `names`.")
    frequencies = _frequencies(sr, n_fft)
    bands = []
    for band in range(_CONTRAST_BANDS + 1):
        inside = np.flatnonzero((frequencies >= edges[band]) & (frequencies <= edges[band + 1]))
        if len(inside):
            first = inside[0] - 1 if band > 0 else inside[0]
            last = len(frequencies) - 1 if band == _CONTRAST_BANDS else inside[-1]
            bins = slice(first, last + 1 if band == _CONTRAST_BANDS else last)
        if len(inside) == 0 or bins.stop <= bins.start:
            raise ValueError(f"contrast needs longer frames: with n_fft={n_fft} at {sr} Hz a band holds no bin.")
        bands.append((bins, max(1, int(np.rint(_CONTRAST_QUANTILE * (last + 1 - first))))))
    return bands


@lru_cache(maxsize=16)
def _chroma_bank(sr, n_fft):
    from librosa import filters

    return np.ascontiguousarray(filters.chroma(sr=sr, n_fft=n_fft, tuning=0.0).T)


# --- many clips -------------------------------------------------------------------------------------------------------


def _known_extract(extract):
    if extract not in EXTRACTS:
        raise ValueError(f"there is no extract {extract!r}; choose among {', '.join(EXTRACTS)}.")


def _kept(clips, sr, kind, describe, settings, n_jobs, cache, content):
    """What `describe` makes of each clip, from disk where it is there: `settings` are all that it depends on."""
    if len(clips) == 0:
        raise ValueError("there are no clips to describe.")
    if cache is None:
        return _compute(clips, sr, describe, n_jobs)
    path = Path(cache) / f"{kind}-{_key(clips, settings, content)}.npy"
    if path.exists():
        stored = _read_table(path)
        if stored is not None:
            return stored
        print(f"The stored features {path} are damaged: computing them again.")
    values = _compute(clips, sr, describe, n_jobs)
    _write_table(path, values)
    return values


def _compute(clips, sr, describe, n_jobs):
    """What `describe` makes of all clips, in order."""
    from joblib import Parallel, delayed, effective_n_jobs, parallel_config
    from tqdm import tqdm

    n = len(clips)
    if n_jobs is None:
        seconds = n * sum(np.size(clips[i]) for i in (0, n // 2, n - 1)) / 3 / sr
        n_jobs = -1 if seconds > _WORTH_WORKERS else 1
    n_jobs = effective_n_jobs(n_jobs)
    batch = min(64, -(-n // (4 * n_jobs)))
    starts = range(0, n, batch)
    quiet = not (sys.stdout.isatty() or "ipykernel" in sys.modules)
    values = None
    with (
        parallel_config(backend="loky", inner_max_num_threads=1),
        tqdm(total=n, desc="features", unit=" clips", file=sys.stdout, leave=False, disable=quiet) as bar,
    ):
        jobs = (delayed(_rows)([clips[i] for i in range(s, min(s + batch, n))], s, describe) for s in starts)
        for start, rows in zip(starts, Parallel(n_jobs=n_jobs, return_as="generator")(jobs), strict=True):
            if values is None:
                values = np.empty((n, *rows.shape[1:]), dtype=np.float32)
            if rows.shape[1:] != values.shape[1:]:
                raise _unequal(start, rows.shape[1], values.shape[1])
            values[start : start + len(rows)] = rows
            bar.update(len(rows))
    return values


def _unequal(number, n_frames, expected):
    """The error for a clip that has not as many frames as those before it."""
    return ValueError(f"clip {number} has {n_frames} frames, those before it have {expected}: clips of unequal length need "
                      "a stated n_frames.")


def _rows(clips, first, describe):
    """Rows of one batch; `first` is the number of its first clip. BLAS threads fight on arrays as small as these."""
    from threadpoolctl import threadpool_limits

    rows = []
    with threadpool_limits(limits=1, user_api="blas"):
        for number, y in enumerate(clips, start=first):
            try:
                rows.append(np.asarray(describe(y)))
            except ValueError as error:
                raise ValueError(f"clip {number}: {error}") from error
            if rows[-1].shape != rows[0].shape:
                raise _unequal(number, len(rows[-1]), len(rows[0]))
    return np.array(rows, dtype=np.float32)


def _key(clips, settings, content):
    """Name of a stored table: a digest of all that its numbers depend on."""
    if content is None and hasattr(clips, "content"):
        content = clips.content()
    if content is None:
        digest = hashlib.blake2b(digest_size=16)
        for i in range(len(clips)):
            y = np.ascontiguousarray(clips[i])
            digest.update(f"{y.dtype.str}{y.shape}".encode())
            digest.update(y)
        content = digest.hexdigest()
    return hashlib.blake2b(json.dumps([*settings, len(clips), content]).encode(), digest_size=16).hexdigest()


_CHECKSUM = 16  # bytes of checksum after the array; np.load does not look that far


def _read_table(path):
    """Read a stored table, or return None when its checksum does not fit."""
    digest = hashlib.blake2b(digest_size=_CHECKSUM)
    left = path.stat().st_size - _CHECKSUM
    with open(path, "rb") as file:
        while left > 0 and (chunk := file.read(min(left, 1 << 20))):
            digest.update(chunk)
            left -= len(chunk)
        if file.read() != digest.digest():
            return None
    return np.load(path, allow_pickle=False)


def _write_table(path, values):
    """Store a table under its name only when it is complete; sequences may be as large as the memory: nothing is copied."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(values))
    digest = hashlib.blake2b(head.getvalue(), digest_size=_CHECKSUM)
    digest.update(values)
    keep(path, lambda file: [file.write(part) for part in (head.getvalue(), values, digest.digest())])
