"""Reading and writing recordings: the one door through which sound enters and leaves the course.

Called by `helpers.data` (loaders), `helpers.orchestra` (rendered notes), the lessons and their tests. Everything that
enters leaves as mono float32 between -1 and 1 at the sample rate asked for; what is not a readable recording is refused
with an `AudioError` that names the file and says what it is.
"""

import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

#: File endings that `write` knows, with libsndfile's name of the format and its usual coding.
FORMATS = {
    ".wav": ("WAV", "PCM_16"),
    ".aiff": ("AIFF", "PCM_16"),
    ".aif": ("AIFF", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".ogg": ("OGG", "VORBIS"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
}

# Float files and decoded MP3 may overshoot 1 a little; far beyond it the samples were never scaled to -1..1.
_MARGIN = 0.05  # seconds read beyond a stretch, for the resampling filter
_LOUDEST = 4.0

# libsndfile's Vorbis encoder overflows its stack when it is handed minutes of sound at once.
_BLOCK = 65536

# First bytes of files that are often met under the name of a recording: (offset, bytes, what it is).
_READABLE = (
    (8, b"WAVE", "WAV"),
    (8, b"AIFF", "AIFF"),
    (8, b"AIFC", "AIFF"),
    (0, b"fLaC", "FLAC"),
    (0, b"OggS", "OGG"),
    (0, b"ID3", "MP3"),
)
_OTHER_AUDIO = (
    (4, b"ftyp", "an MP4 or M4A file (AAC)"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file (WMA)"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM file"),
    (0, b"MThd", "a MIDI file (notes, not sound)"),
    (0, b"#!AMR", "an AMR voice recording"),
    (0, b"wvpk", "a WavPack file"),
    (0, b"MAC ", "a Monkey's Audio file"),
    (0, b"caff", "a Core Audio file (CAF)"),
    (0, b".snd", "a Sun audio file (AU)"),
    (0, b"DSD ", "a DSD file"),
    (8, b"AVI ", "an AVI video"),
)
_NOT_AUDIO = (
    (0, b"PK\x03\x04", "a ZIP archive: unpack it first"),
    (0, b"\x1f\x8b", "a gzip archive: unpack it first"),
    (0, b"Rar!", "a RAR archive: unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"version https://git-lfs", "a Git LFS pointer: the recording itself was not fetched"),
)


class AudioError(ValueError):
    """A file or an array is not the recording it should be. The message says what, which file, and what to do."""


@dataclass(frozen=True)
class AudioInfo:
    """What the header of a recording says.

    Attributes
    ----------
    path : Path
    sr : int
        Sample rate of the file, Hz.
    n_samples : int
        Samples per channel.
    n_channels : int
    subtype : str
        Coding of the samples, e.g. ``PCM_16``, ``FLOAT``, ``VORBIS``, ``MPEG_LAYER_III``.
    duration : float
        Seconds.

    Notes
    -----
    An MP3 that does not say how long it is has an estimated length here (the Philharmonia's are up to a third too
    long, their tags being counted as sound); `load` returns what is really there.
    """

    path: Path
    sr: int
    n_samples: int
    n_channels: int
    subtype: str
    duration: float


def load(path, sr=22050):
    """Read a recording as mono samples at one sample rate.

    The channels are averaged, then the mean is resampled with a steep anti-alias filter (`resample`). Peaks beyond
    -1..1 (decoded MP3, float files, overshoot of the filter) are cut off there, as a player does.

    Parameters
    ----------
    path : str or Path
        WAV (PCM 16 or 24 bit, float32), AIFF, FLAC, MP3 or OGG. Blanks and accents need no quoting.
    sr : int or None
        Sample rate of the result, Hz; None keeps the file's own.

    Returns
    -------
    y : (n_samples,) float32 array in [-1, 1]

    Raises
    ------
    AudioError
        Missing or empty file, not a recording (told by its first bytes, not by its name), a format or coding that
        cannot be read here, no samples, NaN or infinite samples, float samples that were never scaled to -1..1.

    Notes
    -----
    libsndfile guesses the length of an MP3 of *variable* bit rate that carries no length tag, and may stop early; such
    files are rare (no LAME encoder writes them), and converting them to WAV first helps.

    Examples
    --------
    >>> y = load("Trumpet C4.aiff", sr=22050)  # doctest: +SKIP
    """
    import soundfile

    path = _recording(path)
    try:
        samples, sr_file = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise _undecodable(path, error) from error
    return _delivered(path, samples, sr_file, sr)


def load_part(path, start, seconds, sr=22050):
    """Read a stretch of a recording, mono, without reading the rest of the file.

    Parameters
    ----------
    path : str or Path
    start : float
        Where it begins, in s.
    seconds : float
        How long it is; what lies behind the end of the recording is silence.
    sr : int
        Sample rate of the result, Hz.

    Returns
    -------
    y : (round(seconds * sr),) float32 array in [-1, 1]

    Raises
    ------
    AudioError
        As in `load`, or the recording has ended before `start`.
    """
    import soundfile

    path = _recording(path)
    if not (np.isfinite([start, seconds]).all() and start >= 0 and seconds > 0):
        raise AudioError(f"{path}: a stretch begins at 0 s or later and is longer than 0 s, not {start} and {seconds}.")
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            # A little more on both sides, so that resampling does not hear an edge where the recording has none; from
            # where samples of the file and of the result fall together, so that they are those of the whole recording.
            step = rate // math.gcd(rate, sr)
            first = max(0, int((start - _MARGIN) * rate) // step * step)
            if start * rate >= file.frames:
                raise AudioError(f"{path} lasts {file.frames / rate:.3f} s; nothing of it lies behind {start:.3f} s.")
            file.seek(first)
            last = min(file.frames, int(np.ceil((start + seconds + _MARGIN) * rate)))
            samples = file.read(last - first, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise _undecodable(path, error) from error
    y = _delivered(path, samples, rate, sr)
    begin = round(start * sr) - first * sr // rate
    y = y[begin : begin + round(seconds * sr)]
    return np.pad(y, (0, round(seconds * sr) - len(y)))


def _delivered(path, samples, sr_file, sr):
    """The samples of a file, checked, as mono at the rate asked for."""
    if len(samples) == 0:
        raise AudioError(f"{path} holds no samples: fetch or record it again.")
    y = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    if not np.isfinite(y).all():
        raise AudioError(
            f"{path} holds NaN or infinite samples (first at {_first_bad(y) / sr_file:.3f} s): "
            "the file is damaged; export it again."
        )
    peak = float(np.abs(y).max())
    if peak > _LOUDEST:
        raise AudioError(
            f"{path} has samples up to {peak:.6g}; float samples must lie between -1 and 1: scale it and write it again."
        )
    if sr is not None:
        try:
            y = resample(y, sr_file, sr)
        except AudioError as error:
            raise AudioError(f"{path}: {error}") from error
    return np.clip(np.ascontiguousarray(y), -1.0, 1.0)


def info(path):
    """Look into the header of a recording without reading its samples.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    AudioInfo

    Raises
    ------
    AudioError
        As in `load`, as far as the header shows it.
    """
    import soundfile

    path = _recording(path)
    try:
        header = soundfile.info(path)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise _undecodable(path, error) from error
    return AudioInfo(
        path=path,
        sr=header.samplerate,
        n_samples=header.frames,
        n_channels=header.channels,
        subtype=header.subtype,
        duration=header.frames / header.samplerate,
    )


def resample(y, sr_in, sr_out):
    """Change the sample rate, removing first what lies above the new Nyquist frequency.

    Uses soxr at quality HQ: a linear-phase low-pass that passes up to about 0.91 of the new Nyquist frequency and is
    more than 100 dB down above it.

    Parameters
    ----------
    y : (n_samples,) float array
    sr_in, sr_out : int or float
        Sample rates, Hz, above 0.

    Returns
    -------
    (round(n_samples * sr_out / sr_in),) float32 array

    References
    ----------
    .. [1] The SoX Resampler library, https://sourceforge.net/projects/soxr/
    """
    import soxr

    y = np.asarray(y, dtype=np.float32)
    if y.ndim != 1:
        raise AudioError(f"resample wants mono samples of shape (n_samples,), got shape {y.shape}.")
    if not (np.isfinite([sr_in, sr_out]).all() and sr_in > 0 and sr_out > 0):
        raise AudioError(f"sample rates must be above 0 Hz, got {sr_in} to {sr_out}.")
    if sr_in == sr_out:
        return y
    resampled = soxr.resample(y, sr_in, sr_out, quality="HQ")
    if len(resampled) == 0:
        raise AudioError(f"{len(y)} samples at {sr_in} Hz are less than one sample at {sr_out} Hz: too short to resample.")
    return resampled


def write(path, y, sr, subtype=None):
    """Write samples to a recording whose format is told by the ending of its name.

    The file appears under its name only when it is complete; an older one of that name is replaced.

    Parameters
    ----------
    path : str or Path
        Ends in one of `FORMATS`; its folder exists.
    y : (n_samples,) or (n_samples, n_channels) float array in [-1, 1]
    sr : int
        Sample rate, Hz.
    subtype : str or None
        Coding, e.g. ``PCM_16``, ``PCM_24``, ``FLOAT``; None takes the usual one of the format (16 bit for WAV, AIFF
        and FLAC, Vorbis for OGG).

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    AudioError
        Unknown ending, coding the format does not have, missing folder, no samples, NaN, samples beyond -1..1 (they
        would be clipped without a word).
    """
    import soundfile

    path = Path(path)
    y = np.asarray(y)
    if path.suffix.lower() not in FORMATS:
        raise AudioError(f"cannot tell the format of {path}: its name must end in one of {', '.join(FORMATS)}.")
    kind, usual = FORMATS[path.suffix.lower()]
    subtype = subtype or usual
    if not soundfile.check_format(kind, subtype):
        known = ", ".join(soundfile.available_subtypes(kind))
        raise AudioError(f"{path}: {kind} files have no coding {subtype!r}; choose one of {known}.")
    if y.ndim not in (1, 2) or y.size == 0:
        raise AudioError(f"{path}: samples must have shape (n_samples,) or (n_samples, n_channels), got {y.shape}.")
    if not np.issubdtype(y.dtype, np.floating):
        raise AudioError(f"{path}: samples must be floats between -1 and 1, got {y.dtype}.")
    if not np.isfinite(y).all():
        raise AudioError(f"{path}: sample {_first_bad(y)} is NaN or infinite; nothing was written.")
    if np.abs(y).max() > 1:
        raise AudioError(f"{path}: samples reach {np.abs(y).max():.4g} and would be clipped; scale them to -1..1 first.")
    if not path.parent.is_dir():
        raise AudioError(f"cannot write {path}: there is no folder {path.parent}; make it first.")

    temporary = path.with_name(f".{uuid4().hex}{path.suffix}")
    channels = 1 if y.ndim == 1 else y.shape[1]
    try:
        with soundfile.SoundFile(temporary, "w", int(sr), channels, subtype, format=kind) as file:
            for start in range(0, len(y), _BLOCK):
                file.write(y[start : start + _BLOCK])
        os.replace(temporary, path)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise AudioError(f"cannot write {path} ({kind}, {subtype}, {sr} Hz, {channels} channels): {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def tone(f0, sr, duration, amplitudes=(1.0,), phases=None):
    r"""Make a steady tone from a fundamental and its harmonics.

    .. math:: y(t) = \sum_k a_k \sin(2 \pi k f_0 t + \varphi_k), \quad k = 1, 2, \dots

    Parameters
    ----------
    f0 : float
        Fundamental, Hz.
    sr : int
        Sample rate, Hz.
    duration : float
        Seconds.
    amplitudes : sequence of float
        Of the fundamental, the second harmonic, ...
    phases : sequence of float or None
        Radians, one per amplitude; None means all 0.

    Returns
    -------
    y : (round(duration * sr),) float32 array
        Not limited: amplitudes that add up beyond 1 may pass it.

    Raises
    ------
    ValueError
        A harmonic at or above half the sample rate (it would sound at another frequency), or as many phases as not
        there are amplitudes.

    Examples
    --------
    >>> tone(440, 8000, 0.5).shape
    (4000,)
    """
    amplitudes = np.atleast_1d(np.asarray(amplitudes, dtype=float))
    phases = np.zeros_like(amplitudes) if phases is None else np.atleast_1d(np.asarray(phases, dtype=float))
    if phases.shape != amplitudes.shape:
        raise ValueError(f"{len(amplitudes)} amplitudes need as many phases, got {len(phases)}.")
    if not f0 > 0:
        raise ValueError(f"f0 must be above 0 Hz, got {f0}.")
    if f0 * len(amplitudes) >= sr / 2:
        raise ValueError(
            f"harmonic {len(amplitudes)} of {f0:g} Hz lies at {f0 * len(amplitudes):g} Hz, at or above half the sample "
            f"rate ({sr / 2:g} Hz): give fewer amplitudes or a higher sample rate."
        )
    t = np.arange(round(duration * sr)) / sr
    y = np.zeros(len(t))
    for k, (amplitude, phase) in enumerate(zip(amplitudes, phases, strict=True), start=1):
        y += amplitude * np.sin(2 * np.pi * k * f0 * t + phase)
    return y.astype(np.float32)


def warm_up():
    """Use librosa for the first time, so that later cells are quick, and say in one line why it takes a while.

    librosa compiles parts of itself (numba) the first time that they are used in an environment: up to half a minute,
    later starts take a second or two.
    """
    print("Getting librosa ready (it compiles parts of itself on first use, up to half a minute) ...", end="", flush=True)
    start = time.perf_counter()
    import librosa

    y = tone(440, 22050, 0.25, (0.5, 0.25))
    librosa.feature.mfcc(y=y, sr=22050)
    librosa.feature.zero_crossing_rate(y)
    librosa.yin(y, sr=22050, fmin=200, fmax=1000)
    print(f" done in {time.perf_counter() - start:.1f} s.")


def _recording(path):
    """Return the path of a file whose first bytes are those of a recording that can be read here, or raise."""
    path = Path(path)
    if path.is_dir():
        raise AudioError(f"{path} is a folder, not a recording: name one file in it.")
    if not path.is_file():
        raise AudioError(f"there is no file {path}: check the name and the folder (now in {Path.cwd()}).")
    with open(path, "rb") as file:
        head = file.read(1024)
    if not head:
        raise AudioError(f"{path} is empty (0 bytes): fetch or record it again.")
    if _is(head, _READABLE) or _is_mpeg_frame(head):
        return path
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<!--", b"<body")):
        raise AudioError(
            f"{path} is a web page (HTML), not a recording: the download saved an error or sign-in page; fetch it again."
        )
    if what := _is(head, _OTHER_AUDIO):
        raise AudioError(f"{path} is {what}, which cannot be read here: convert it to WAV or FLAC, e.g. with Audacity.")
    what = _is(head, _NOT_AUDIO) or "not a recording in any known format"
    raise AudioError(f"{path} is {what}. Readable: WAV, AIFF, FLAC, MP3, OGG. First bytes: {head[:8]!r}.")


def _is(head, table):
    """Return what the table calls a file that starts like this, or None."""
    for offset, magic, what in table:
        if head[offset : offset + len(magic)] == magic:
            return what
    return None


def _is_mpeg_frame(head):
    """Tell the header of an MPEG audio frame: 11 bits of ones, then no reserved version, layer, bit rate or sample rate."""
    return (
        len(head) >= 4
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08  # version
        and head[1] & 0x06 != 0x00  # layer
        and head[2] & 0xF0 != 0xF0  # bit rate
        and head[2] & 0x0C != 0x0C  # sample rate
    )


def _undecodable(path, error):
    """Make the error for a file that starts like a recording and cannot be decoded."""
    return AudioError(
        f"{path} starts like a recording but cannot be decoded ({error}): it is damaged, cut short or in a coding that "
        "cannot be read here; fetch it again or convert it to WAV."
    )


def _first_bad(y):
    """Return the row of the first sample that is not finite."""
    return int(np.argwhere(~np.isfinite(y))[0][0])
