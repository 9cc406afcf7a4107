"""Players for a notebook: short sounds in one table, with captions, facts in words, and a level that hurts nobody.

Room: `helpers`; called by every lesson. The loudest sound of a table is brought to `SAFE_PEAK`, all others by the same
gain, so that what is louder in the data is louder in the ears; the table says how much was added.
"""

import base64
import io
import wave
from html import escape

import numpy as np

from helpers import _html

SAFE_PEAK = 0.5  # of full scale: 6 dB of room below the loudest a file can be
MAX_GAIN_DB = 40.0  # a table of near silence is not blown up any further
MIN_RATE = 8000  # Hz; browsers refuse some files below 3,000
_FADE = 0.01  # seconds at the end of a sound that was cut, against a click


def table(sounds, title="Sounds", seconds=10.0):
    """Make one HTML table of players, a row a sound; as the last line of a cell it is displayed.

    Parameters
    ----------
    sounds : dict
        caption -> (y, sr): (n_samples,) float mono in [-1, 1], and its sample rate in Hz.
    title : str
        Caption of the table.
    seconds : float
        Longer sounds are cut to their first `seconds`, and the table says so.

    Returns
    -------
    object
        With ``html`` and ``text``. A silent sound has a row that says so, and no player.

    Raises
    ------
    ValueError
        For no sounds, an empty sound, more than one channel, integer samples, NaN or infinity, or a sample rate that
        is not positive; names the caption.
    """
    if not sounds:
        raise ValueError("there is nothing to play: pass {caption: (y, sr)}")
    if not seconds > 0:
        raise ValueError(f"seconds is a positive length, and not {seconds}")
    cut = {}
    for caption, sound in sounds.items():
        if not isinstance(sound, (tuple, list)) or len(sound) != 2:
            raise ValueError(f"{caption!r}: a sound is given as (y, sr), samples and sample rate")
        cut[caption] = (*_checked(caption, *sound), len(sound[0]))
    cut = {caption: (y[: max(1, round(seconds * sr))], sr, n) for caption, (y, sr, n) in cut.items()}
    loudest = max(float(np.abs(y).max()) for y, _, _ in cut.values())
    gain = min(SAFE_PEAK / loudest, 10 ** (MAX_GAIN_DB / 20)) if loudest else 1.0

    rows, texts = [], []
    for caption, (y, sr, n_samples) in cut.items():
        facts = _facts(y, sr, n_samples)
        if y.any():
            source = base64.b64encode(_wav(y * gain, sr, len(y) < n_samples)).decode("ascii")
            label = escape(f"{caption}: {facts}")
            player = _html.Markup(
                f'<audio controls preload="metadata" aria-label="{label}" style="width:16em;max-width:100%" '
                f'src="data:audio/wav;base64,{source}">{label}</audio>'
            )
        else:
            player = "silent, nothing to play"
        rows.append([str(caption), player, facts])
        texts.append([str(caption), facts])
    note = _gain_note(gain) if loudest else ""
    return _html.Shown(
        _html.html_table(title, ["sound", "player", "what it is"], rows) + (f"<p>{escape(note)}</p>" if note else ""),
        "\n".join([_html.text_table(title, ["sound", "what it is"], texts), *([note] if note else [])]),
    )


def single(y, sr, caption, seconds=10.0):
    """Make a player of one sound: `table` with one row.

    Parameters
    ----------
    y : (n_samples,)
        Mono, in [-1, 1].
    sr : float
        Sample rate in Hz.
    caption : str
        What one hears.
    seconds : float
        Longest part that is played.

    Returns
    -------
    object
        As from `table`.
    """
    return table({caption: (y, sr)}, title="Sound", seconds=seconds)


def _checked(caption, y, sr):
    y = np.asarray(y)
    if np.ndim(sr) or not isinstance(sr, (int, float, np.number)) or not np.isfinite(sr) or sr <= 0:
        raise ValueError(f"{caption!r}: the sample rate should be a positive number of Hz; was it (sr, y)?")
    if y.ndim != 1 or not len(y):
        channels = 0 if y.ndim == 2 and y.shape[0] < y.shape[1] else 1
        raise ValueError(
            f"{caption!r}: one mono sound is needed, (n_samples,) and not empty; the shape is {y.shape}. "
            f"Take the mean of the channels first: y.mean(axis={channels})"
        )
    if y.dtype.kind != "f":
        raise ValueError(
            f"{caption!r}: samples should be floats in [-1, 1], and not {y.dtype} (16 bit: divide by 32768)"
        )
    if not np.isfinite(y).all():
        bad = np.flatnonzero(~np.isfinite(y))
        raise ValueError(
            f"{caption!r}: {len(bad):,} of {len(y):,} samples are not finite (NaN or infinite), the first at "
            f"{bad[0] / sr:.3f} s"
        )
    return y.astype(np.float64), float(sr)


def _facts(y, sr, n_samples):
    length = f"{len(y) / sr:.2f} s" if len(y) == n_samples else f"first {len(y) / sr:.2f} s of {n_samples / sr:.2f} s"
    peak = np.abs(y).max()
    level = f"peak {20 * np.log10(peak):.1f} dB of full scale" if peak else "silent"
    return f"{length}, {sr:,.0f} Hz, {level}"


def _gain_note(gain):
    db = 20 * np.log10(gain)
    if abs(db) < 0.5:
        return "Played as it is."
    how = "louder" if db > 0 else "quieter"
    return f"Played {abs(db):.0f} dB {how} than recorded; the levels in the table are those of the recording."


def _wav(y, sr, was_cut):
    """16-bit mono RIFF file of samples that lie within full scale."""
    if sr < MIN_RATE:
        from helpers import audio

        y, sr = np.asarray(audio.resample(y.astype(np.float32), sr, MIN_RATE), dtype=np.float64), MIN_RATE
    n = min(round(_FADE * sr), len(y))
    if was_cut and n:
        y = y.copy()
        y[-n:] *= np.linspace(1, 0, n)
    # The filter of a resampler may swing a little over; the limit holds for what is played.
    samples = np.rint(np.clip(y, -SAFE_PEAK, SAFE_PEAK) * 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(round(sr))
        file.writeframes(samples.tobytes())
    return buffer.getvalue()
