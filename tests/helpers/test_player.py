"""Players: what is really played, what the table says of it, and what is refused."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from helpers import player


def tone(amplitude=0.8, seconds=0.5, sr=22050, f=440):
    return (amplitude * np.sin(2 * np.pi * f * np.arange(round(seconds * sr)) / sr)).astype(np.float32), sr


def played(shown):
    """The sounds inside the HTML: a list of (samples in [-1, 1], sample rate)."""
    sounds = []
    for source in re.findall(r"data:audio/wav;base64,([^\"]+)", shown.html):
        with wave.open(io.BytesIO(base64.b64decode(source))) as file:
            assert file.getnchannels() == 1 and file.getsampwidth() == 2
            sounds.append((np.frombuffer(file.readframes(10**9), "<i2") / 32767, file.getframerate()))
    return sounds


def test_the_loudest_is_brought_to_the_safe_peak_and_relations_are_kept():
    shown = player.table({"loud": tone(0.8), "half": tone(0.4), "tenth": tone(0.08)})
    peaks = [np.abs(y).max() for y, _ in played(shown)]
    assert peaks == pytest.approx([0.5, 0.25, 0.05], abs=1e-3)
    assert "4 dB quieter" in shown.text
    (y, sr), (original, _) = played(shown)[0], tone(0.5)
    assert sr == 22050 and y == pytest.approx(original, abs=1e-3)


def test_a_quiet_recording_is_raised_but_near_silence_is_not_blown_up():
    assert np.abs(played(player.single(*tone(0.02), "pp"))[0][0]).max() == pytest.approx(0.5, abs=2e-3)
    assert "28 dB louder" in player.single(*tone(0.02), "pp").text
    assert np.abs(played(player.single(*tone(1e-4), "hiss"))[0][0]).max() == pytest.approx(0.01, rel=0.02)


def test_too_loud_a_file_cannot_pass():
    rng = np.random.default_rng(0)
    y = rng.choice([-4.0, 4.0], 3000)
    for sr in (22050, 2000):  # 2,000 Hz is resampled for the browser, which makes steps swing over
        assert np.abs(played(player.single(y, sr, "steps"))[0][0]).max() <= player.SAFE_PEAK + 1e-4


def test_a_long_sound_is_cut_faded_and_said_to_be():
    shown = player.single(*tone(seconds=16.2), "long")
    ((y, sr),) = played(shown)
    assert len(y) == 10 * sr and y[-1] == 0
    assert "first 10.00 s of 16.20 s" in shown.text and "first 10.00 s of 16.20 s" in shown.html
    ((y, _),) = played(player.single(*tone(seconds=2), "long", seconds=0.5))
    assert len(y) == 11025
    assert "first" not in player.single(*tone(seconds=10), "just").text


def test_a_low_sample_rate_is_raised_for_browsers_without_changing_pitch_or_length():
    shown = player.single(*tone(seconds=1, sr=2000, f=440), "at 2 kHz")
    ((y, sr),) = played(shown)
    assert sr == 8000 and len(y) == 8000
    assert np.abs(np.fft.rfft(y)).argmax() == 440
    assert "2,000 Hz" in shown.text


def test_the_table_is_accessible():
    shown = player.table({"a <b> & c": tone(), "second": tone(0.1)}, title="Two tones")
    assert shown.html.count("<audio controls") == 2 and shown.html.count('scope="row"') == 2
    assert ">Two tones</caption>" in shown.html
    assert 'aria-label="a &lt;b&gt; &amp; c: 0.50 s, 22,050 Hz, peak -1.9 dB of full scale"' in shown.html
    assert "<b>" not in shown.html and "autoplay" not in shown.html
    for fact in ("Two tones", "a <b> & c", "second", "0.50 s", "peak -20.0 dB of full scale"):
        assert fact in shown.text
    assert set(shown._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_silence_has_a_row_and_no_player():
    shown = player.table({"nothing": (np.zeros(2205, np.float32), 22050), "tone": tone()})
    assert len(played(shown)) == 1 and "silent, nothing to play" in shown.html and "silent" in shown.text
    alone = player.single(np.zeros(100), 22050, "nothing")
    assert not played(alone) and "Played" not in alone.text


@pytest.mark.parametrize(
    "sound, says",
    [
        ((np.array([0, 0, np.nan, 1]), 2), r"'x': 1 of 4 samples are not finite.*first at 1.000 s"),
        ((np.array([0, np.inf]), 22050), "not finite"),
        ((np.zeros(0), 22050), "not empty"),
        ((np.zeros((2, 100)), 22050), r"mean of the channels first: y.mean\(axis=0\)"),
        ((np.zeros((100, 2)), 22050), r"mean of the channels first: y.mean\(axis=1\)"),
        ((np.zeros(100), "22050"), "positive number of Hz"),
        ((np.zeros(100, np.int16), 22050), "divide by 32768"),
        ((22050, np.zeros(100)), "was it"),
        ((np.zeros(100), 0), "positive"),
        ((np.zeros(100), float("nan")), "positive"),
        (np.zeros(100), r"given as \(y, sr\)"),
    ],
)
def test_bad_sounds_are_refused_by_name(sound, says):
    with pytest.raises(ValueError, match=says):
        player.table({"x": sound})


def test_nothing_to_play_and_no_length_are_refused():
    with pytest.raises(ValueError, match="nothing to play"):
        player.table({})
    with pytest.raises(ValueError, match="positive length"):
        player.table({"x": tone()}, seconds=0)


def test_the_input_is_left_as_it_was():
    y, sr = tone(seconds=12)
    before = y.copy()
    player.single(y, sr, "x")
    assert np.array_equal(y, before)


def test_a_real_recording_plays(realdata):
    from helpers import audio

    path = next(path for path in sorted(realdata.rglob("*")) if path.suffix.lower() in (".wav", ".mp3", ".flac"))
    y = audio.load(path)
    ((out, sr),) = played(player.single(y, 22050, path.name))
    assert sr == 22050 and len(out) == min(len(y), 220500)
    assert np.corrcoef(out[:200000], y[: min(len(out), 200000)])[0, 1] > 0.999
