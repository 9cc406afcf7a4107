"""Reading and writing recordings: the one door through which sound enters and leaves the course.

Called by `helpers.data` (loaders), `helpers.orchestra` (rendered notes), the lessons and their tests. Everything that
enters leaves as mono float32 between -1 and 1 at the sample rate asked for; what is not a readable recording is refused
with an `AudioError` that names the file and says what it is.
"""

import io
import math
import os
import re
import time
from contextlib import contextmanager
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
_STRAY = 4096  # bytes after the samples that are let pass, whatever they are
_RUN_UP = 16 * 1152  # samples: a frame of an MP3 uses bits of those before it, so decoding starts so much earlier
_STEP = 8192  # samples read at a time; where decoding fails, those of the last step are lost

# Sound that may be missing without a word: less than the silence that encoders add. What lacks more is an error.
_LOST = 0.1  # seconds
_SLOWEST, _FASTEST = 1_000, 1_000_000  # Hz; a header that says less or more is damaged
_FLAC_HEAD = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")  # of a second recording, if it comes later in the file
_OPEN_END = 2**62  # libsndfile's number of samples for a FLAC that does not say how many it has is larger
_CANCELLED = 0.03  # level of the mean beside that of the channels, below which they are taken to cancel (-30 dB)


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
    The length is that of what `load` returns: the frames of an MP3 are counted, and a FLAC that does not state its
    length is decoded to find it.
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
    -1..1 (decoded MP3, float files, overshoot of the filter) are cut off there, as a player does. A line is printed
    where the channels cancel each other (opposite phase), because their mean is silence.

    Parameters
    ----------
    path : str or Path
        WAV, AIFF, FLAC, MP3, OGG (Vorbis, Opus) and what else libsndfile reads (W64, CAF, AU, ...). Blanks and accents
        need no quoting.
    sr : int or None
        Sample rate of the result, Hz; None keeps the file's own.

    Returns
    -------
    y : (n_samples,) float32 array in [-1, 1]

    Raises
    ------
    AudioError
        Missing or empty file, not a recording (told by its first bytes, not by its name), a format or coding that
        cannot be read here, a file that is cut short or damaged (the message says how much of it can be read), no
        samples, NaN or infinite samples, float samples that were never scaled to -1..1.

    Notes
    -----
    Where a program left the length in the header open or wrong (it wrote to a pipe, or files were joined), the samples
    that are really there are read. Damage that leaves the structure of a file intact, such as wrong samples in a WAV,
    cannot be seen.

    Examples
    --------
    >>> y = load("Trumpet C4.aiff", sr=22050)  # doctest: +SKIP
    """
    with _opened(path) as (file, n_samples):
        return _delivered(path, *_mono(path, file, n_samples, 0, n_samples), file.samplerate, sr)


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
    if not (np.isfinite([start, seconds]).all() and start >= 0 and seconds > 0):
        raise AudioError(f"{path}: a stretch begins at 0 s or later and is longer than 0 s, not {start} and {seconds}.")
    with _opened(path) as (file, n_samples):
        rate = file.samplerate
        # A little more on both sides, so that resampling does not hear an edge where the recording has none; from
        # where samples of the file and of the result fall together, so that they are those of the whole recording.
        step = rate // math.gcd(rate, sr)
        first = max(0, int((start - _MARGIN) * rate) // step * step)
        if start * rate >= n_samples:
            raise AudioError(f"{path} lasts {n_samples / rate:.3f} s; nothing of it is after {start:.3f} s.")
        last = min(n_samples, int(np.ceil((start + seconds + _MARGIN) * rate)))
        y = _delivered(path, *_mono(path, file, n_samples, first, last), rate, sr)
    begin = round(start * sr) - first * sr // rate
    y = y[begin : begin + round(seconds * sr)]
    return np.pad(y, (0, round(seconds * sr) - len(y)))


def _mono(path, file, n_samples, start, stop):
    """The samples of a file from `start` to `stop`, of `n_samples`, as the mean of its channels, and the level of its channels (RMS)."""
    import soundfile

    y, power, at = np.empty(stop - start, np.float32), 0.0, start
    if not file.seekable():
        at = 0
    elif file.subtype.startswith("MPEG"):
        at = max(0, start - _RUN_UP)
    try:
        if at:
            file.seek(at)
        _straight_on(file)
        while at < stop:
            block = file.read(min(_STEP, (start if at < start else stop) - at), dtype="float32", always_2d=True)
            if not len(block):
                break
            if at >= start:
                y[at - start : at - start + len(block)] = block[:, 0] if block.shape[1] == 1 else block.mean(axis=1)
                power += float(np.square(block, dtype=np.float64).mean(axis=1).sum())
            at += len(block)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise _cut_short(path, at / file.samplerate, n_samples / file.samplerate) from error
    if (stop - at) / file.samplerate > _LOST or at <= start:
        raise _cut_short(path, at / file.samplerate, n_samples / file.samplerate)
    return y[: at - start], math.sqrt(power / (at - start))


def _delivered(path, y, level, sr_file, sr):
    """The samples of a file, checked, at the rate asked for; `level` is the RMS of its channels."""
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
    if math.sqrt(np.square(y, dtype=np.float64).mean()) < _CANCELLED * level:
        print(f"{path}: the channels are in opposite phase and cancel each other, so the mono sound is (nearly) silent. "
              "Use one channel: invert the other one, or delete it, in an editor such as Audacity.")
    if sr is not None:
        try:
            y = resample(y, sr_file, sr)
        except AudioError as error:
            raise AudioError(f"{path}: {error}") from error
    return np.clip(np.ascontiguousarray(y), -1.0, 1.0)


def info(path):
    """Look at a recording without reading its samples (but see `AudioInfo`).

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    AudioInfo

    Raises
    ------
    AudioError
        As in `load`, for all that can be seen without decoding the samples.
    """
    with _opened(path) as (file, n_samples):
        return AudioInfo(
            path=Path(path),
            sr=file.samplerate,
            n_samples=n_samples,
            n_channels=file.channels,
            subtype=file.subtype,
            duration=n_samples / file.samplerate,
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
        Of float16 too, which is written as float32.
    sr : int
        Sample rate, Hz, at least 1,000.
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
        Unknown ending, coding the format does not have, missing folder, no samples, channels where the samples should
        be, NaN, samples beyond -1..1 (they would be clipped without a word), no sample rate.
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
    if y.ndim == 2 and y.shape[1] > max(2, y.shape[0]):
        raise AudioError(
            f"{path}: samples of shape {y.shape} would be {y.shape[0]} samples of {y.shape[1]:,} channels. Transpose them: "
            "write(path, y.T, sr)."
        )
    if not np.issubdtype(y.dtype, np.floating):
        raise AudioError(f"{path}: samples must be floats between -1 and 1, got {y.dtype}.")
    y = y.astype(np.float32 if y.dtype.itemsize <= 4 else np.float64)  # libsndfile takes these two, in native order
    if isinstance(sr, bool) or not _SLOWEST <= sr <= _FASTEST or int(sr) != sr:
        raise AudioError(f"{path}: the sample rate must be a whole number of Hz, {_SLOWEST:,} or more, got {sr!r}.")
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


@dataclass(frozen=True)
class _Source:
    """What libsndfile must be given so that it reads all of a file, and what is known of its length.

    `data` replaces the bytes of the file, `n_samples` libsndfile's idea of the length; `share` of what the file promises
    is there. `counts` tells that the length must be looked for by decoding.
    """

    data: bytes | None = None
    n_samples: int | None = None
    share: float = 1.0
    counts: bool = False


@contextmanager
def _opened(path):
    """Open a recording in the one way in which all of it can be read: (`SoundFile`, number of samples per channel)."""
    import soundfile

    path = Path(path)
    source = _source(path)
    try:
        n_samples = _counted(path, source) if source.counts else source.n_samples
        with soundfile.SoundFile(_bytes_of(path, source)) as file:
            if not _SLOWEST <= file.samplerate <= _FASTEST:
                raise AudioError(
                    f"{path}: its header says {file.samplerate:,} Hz, but recordings have {_SLOWEST:,} Hz or more. The "
                    "header is damaged: export the file again."
                )
            n_samples = file.frames if n_samples is None else n_samples
            if not n_samples:
                raise AudioError(f"{path} holds no samples: fetch or record it again.")
            seconds = n_samples / file.samplerate
            if seconds / source.share - seconds > _LOST:
                raise _cut_short(path, seconds, seconds / source.share)
            yield file, n_samples
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise _undecodable(path, error) from error


def _bytes_of(path, source):
    if source.data is not None:
        return io.BytesIO(source.data)
    # The name of a file from another system need not be text, except on Windows.
    return os.fspath(path) if os.name == "nt" else os.fsencode(path)


def _straight_on(file):
    """Let a `SoundFile` be read from here to its end: it would otherwise seek after each block, slowly and not everywhere."""
    file.seekable = lambda: False


def _counted(path, source):
    """The samples of a FLAC: as its header says, if the last of them is there, else counted."""
    import soundfile

    promised, n_samples = None, 0
    with soundfile.SoundFile(_bytes_of(path, source)) as file:
        if file.frames < _OPEN_END:
            promised = file.frames
            try:
                file.seek(promised - 1)
                if len(file.read(1)):
                    return promised
            except soundfile.SoundFileError:
                pass  # it is not: see below how many are
    with soundfile.SoundFile(_bytes_of(path, source)) as file:
        _straight_on(file)
        try:
            while n := len(file.read(_STEP)):
                n_samples += n
        except soundfile.SoundFileError as error:
            raise _cut_short(path, n_samples / file.samplerate, promised and promised / file.samplerate) from error
        if promised:
            raise _cut_short(path, n_samples / file.samplerate, promised / file.samplerate)
    return n_samples


def _source(path):
    """Look at the bytes of a file; an `AudioError` says what it is if it is no recording, or not all of one."""
    from helpers import _containers, _mpeg, _sniff

    if path.is_dir():
        raise AudioError(f"{path} is a folder, not a recording: name one file in it.")
    if not path.is_file():
        link = " (it is a link to a file that is gone)" if path.is_symlink() else ""
        raise AudioError(f"there is no file {path}{link}: check the name and the folder (now in {Path.cwd()}).")
    try:
        with open(path, "rb") as file:
            head = file.read(4096)
            if not head:
                raise AudioError(f"{path} is empty (0 bytes): fetch or record it again.")
            kind = _sniff.first_of(head, _sniff.READABLE)
            if kind == "chunks":
                return _of_chunks(path, file, path.stat().st_size)
            if kind == "flac" and _FLAC_HEAD.search(head + file.read(), 4):
                raise _joined(path)
            if kind in ("flac", "plain"):
                return _Source(counts=kind == "flac")
            if kind is None and not _sniff.may_be_mpeg(head):
                raise AudioError(f"{path} {_sniff.refusal(head)}")
            data = head + file.read()
    except OSError as error:
        raise AudioError(f"{path} cannot be opened: {error.strerror}. Check that you may read it.") from error
    if kind == "pages":
        return _of_pages(path, _containers.pages(data))
    begin = _mpeg.after_tags(data)
    if begin == len(data) and data.strip(b"\0"):
        raise AudioError(f"{path} holds tags (title, artist, ...) and no sound: fetch it again.")
    if _mpeg.begins(data, begin):
        return _of_frames(path, _mpeg.read(data))
    inner = data[begin:] if data[0] and begin < len(data) else data  # many other files begin with zeros
    if kind := _sniff.first_of(inner, _sniff.READABLE):  # tags where they do not belong
        return _Source(data=inner, counts=kind == "flac")
    raise AudioError(f"{path} {_sniff.refusal(inner[:4096])}")


def _of_frames(path, mpeg):
    """The source that an MP3 is (`_mpeg.Stream`)."""
    if mpeg is None:
        raise AudioError(f"{path} starts like an MP3 and holds no sound: it is damaged; fetch it again.")
    if mpeg.changes is not None:
        raise AudioError(
            f"{path} changes its sample rate or its number of channels after {_seconds(mpeg.changes)} s: two recordings "
            "were joined. Export each to a file of its own."
        )
    return _Source(mpeg.data, mpeg.n_samples, mpeg.seconds / (mpeg.seconds + mpeg.lost))


def _of_chunks(path, file, size):
    """The source that a WAV, AIFF, W64, CAF or AU file is."""
    from helpers import _containers, _mpeg, _sniff

    sound = _containers.measure(file, size)
    if sound is None:
        return _Source()
    if sound.coding in _sniff.WAV_CODINGS:
        raise AudioError(f"{path} {_sniff.to_convert(f'a WAV file that holds {_sniff.WAV_CODINGS[sound.coding]}')}")
    if sound.joined:
        raise _joined(path)
    if sound.coding in _sniff.WAV_MPEG:
        file.seek(sound.begin)
        return _of_frames(path, _mpeg.read(file.read(sound.there)))
    if sound.promised == sound.there:
        return _Source()
    if sound.promised is not None and sound.promised < sound.there:
        if sound.there - sound.promised <= _STRAY:
            return _Source()
        raise AudioError(
            f"{path}: its header counts {sound.promised:,} bytes of sound, and {sound.there - sound.promised:,} more "
            "follow. The header is wrong: export the file again."
        )
    if sound.promised and not sound.there:
        raise _cut_short(path, 0.0)
    file.seek(0)
    return _Source(sound.mended(file.read()), share=sound.there / sound.promised if sound.promised else 1.0)


def _of_pages(path, ogg):
    """The source that an Ogg file is (`_containers.Ogg`)."""
    from helpers import _sniff

    if other := [coding for coding in ogg.codings if coding not in ("Vorbis", "Opus")]:
        raise AudioError(f"{path} {_sniff.to_convert(f'an Ogg file with {other[0]}')}")
    if ogg.n_joined > 1:
        raise _joined(path)
    if not ogg.whole and ogg.rate:
        raise _cut_short(path, ogg.good / ogg.rate, ogg.total / ogg.rate if ogg.total > ogg.good else None)
    return _Source()


def _joined(path):
    return AudioError(
        f"{path} consists of several recordings, one appended to the other, and only the first could be read. Export each "
        "to a file of its own."
    )


def _cut_short(path, seconds, total=None):
    """Make the error for a recording of which a part is missing or damaged."""
    known = f"{_seconds(seconds)} of {_seconds(total)} s" if total else f"{_seconds(seconds)} s"
    return AudioError(f"{known} of {path} can be read: the rest is missing or damaged. Fetch it again or export it again.")


def _seconds(seconds):
    return f"{seconds:.1f}" if seconds >= 10 else f"{seconds:.2f}"


def _undecodable(path, error):
    """Make the error for a file that starts like a recording and cannot be decoded."""
    error = getattr(error, "error_string", error)  # without the name of the file, which libsndfile repeats
    return AudioError(
        f"{path} starts like a recording but cannot be decoded ({str(error).rstrip('. ')}): it is damaged, cut short or in a coding that "
        "cannot be read here. Fetch it again or convert it to WAV."
    )


def _first_bad(y):
    """Return the row of the first sample that is not finite."""
    return int(np.argwhere(~np.isfinite(y))[0][0])
