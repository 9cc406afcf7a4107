"""Recordings in every format, refused files, tones and rates."""

import numpy as np
import pytest

from helpers import audio

SR = 22050
# Largest difference that the coding itself makes, as a share of full scale.
CODINGS = [
    (".wav", "PCM_16", 1 / 32000),
    (".wav", "PCM_24", 1e-6),
    (".wav", "FLOAT", 0),
    (".aiff", "PCM_16", 1 / 32000),
    (".aif", "PCM_24", 1e-6),
    (".flac", "PCM_16", 1 / 32000),
    (".flac", "PCM_24", 1e-6),
    (".ogg", None, 0.05),
]


def level(y, f, sr):
    """Amplitude of the sine at `f` in the middle of `y` (windowed, so that neighbours do not leak in)."""
    y = y[len(y) // 8 : -len(y) // 8]
    window = np.hanning(len(y))
    return 2 * abs(np.sum(y * window * np.exp(-2j * np.pi * f / sr * np.arange(len(y))))) / window.sum()


@pytest.mark.parametrize("suffix,subtype,error", CODINGS)
def test_what_is_written_is_read(tmp_path, suffix, subtype, error):
    y = audio.tone(440, SR, 0.7, (0.4, 0.3, 0.1))
    path = audio.write(tmp_path / f"Flûte à bec (été) no 1{suffix}", y, SR, subtype)
    back = audio.load(path)
    assert back.dtype == np.float32 and back.shape == y.shape
    assert np.abs(back - y).max() <= error
    assert [p.name for p in tmp_path.iterdir()] == [path.name]  # no temporary file left


def test_mp3_is_read_at_its_pitch_and_level(tmp_path):
    y = audio.tone(440, 44100, 1.0, (0.5,))
    back = audio.load(str(audio.write(tmp_path / "a b.mp3", y, 44100)), sr=22050)
    assert abs(len(back) / 22050 - 1) < 0.06  # MP3 pads with some frames
    assert level(back, 440, 22050) == pytest.approx(0.5, rel=0.02)
    assert np.abs(back).max() <= 1


@pytest.mark.parametrize("sr_in", [8000, 16000, 22050, 32000, 44100, 48000])
@pytest.mark.parametrize("sr_out", [8000, 16000, 22050])
def test_stereo_is_averaged_and_resampled_without_alias(tmp_path, sr_in, sr_out):
    seconds = 1.003
    low, other, high = 500.0, 1750.0, 0.75 * sr_in / 2
    left = audio.tone(low, sr_in, seconds, (0.4,)) + audio.tone(high, sr_in, seconds, (0.4,))
    right = audio.tone(other, sr_in, seconds, (0.6,))
    path = audio.write(tmp_path / "links rechts.wav", np.stack([left, right], axis=1), sr_in, "FLOAT")
    y = audio.load(path, sr=sr_out)
    assert y.ndim == 1 and y.dtype == np.float32
    assert abs(len(y) - len(left) * sr_out / sr_in) <= 1
    assert level(y, low, sr_out) == pytest.approx(0.2, rel=0.01)
    assert level(y, other, sr_out) == pytest.approx(0.3, rel=0.01)
    if high > sr_out / 2:
        alias = abs((high + sr_out / 2) % sr_out - sr_out / 2)
        assert level(y, alias, sr_out) < 0.4 * 10 ** (-60 / 20)


def test_own_rate_is_kept(tmp_path):
    path = audio.write(tmp_path / "x.wav", audio.tone(100, 11025, 0.1), 11025)
    assert len(audio.load(path, sr=None)) == 1102


def test_info_reads_the_header(tmp_path):
    path = audio.write(tmp_path / "x.flac", np.zeros((480, 2)), 48000, "PCM_24")
    assert audio.info(path) == audio.AudioInfo(path, 48000, 480, 2, "PCM_24", 0.01)


def test_silence_stays_silent(tmp_path):
    path = audio.write(tmp_path / "silence.wav", np.zeros(4410), 44100)
    y = audio.load(path, sr=16000)
    assert len(y) == 1600 and not y.any()


def test_overshoot_is_clipped_and_wild_floats_are_refused(tmp_path):
    import soundfile

    y = audio.tone(440, SR, 0.1)
    soundfile.write(tmp_path / "hot.wav", 1.5 * y, SR, subtype="FLOAT")
    assert np.abs(audio.load(tmp_path / "hot.wav")).max() == 1
    soundfile.write(tmp_path / "unscaled.wav", 32767 * y, SR, subtype="FLOAT")
    with pytest.raises(audio.AudioError, match="between -1 and 1"):
        audio.load(tmp_path / "unscaled.wav")


def test_long_vorbis_is_written_in_blocks(tmp_path):
    y = 0.1 * np.random.default_rng(0).standard_normal(5 * 60 * 44100).clip(-3, 3).astype(np.float32)
    assert audio.info(audio.write(tmp_path / "long.ogg", y, 44100)).n_samples == len(y)


HTML = b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>"


@pytest.mark.parametrize(
    "name,content,message",
    [
        ("SopSax.aiff", HTML, "web page"),
        ("upper.wav", b"\r\n  <HTML><body>moved</body></HTML>", "web page"),
        ("bom.mp3", b"\xef\xbb\xbf<?xml version='1.0'?><html>", "web page"),
        ("empty.wav", b"", "empty"),
        ("plain.wav", b"404: Not Found", "not a recording"),
        ("notes.ogg", b"\xff\xfen\x00o\x00t\x00e\x00", "not a recording|cannot be decoded"),
        ("zeros.wav", bytes(4000), "not a recording"),
        ("one.mp3", b"\xff", "not a recording"),
        ("set.wav", b"PK\x03\x04" + bytes(100), "ZIP archive"),
        ("set.flac", b"\x1f\x8b" + bytes(100), "gzip archive"),
        ("cover.mp3", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
        ("pointer.wav", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        ("song.wav", b"\x00\x00\x00\x20ftypM4A " + bytes(100), "convert it to WAV"),
        ("film.wav", b"RIFF\x00\x00\x00\x00AVI LIST", "convert it to WAV"),
        ("score.wav", b"MThd\x00\x00\x00\x06", "MIDI"),
        ("torn.wav", b"RIFF\x00\x00\x00\x00WAVE", "cannot be decoded"),
        ("torn.flac", b"fLaC" + bytes(500), "cannot be decoded"),
        ("torn.ogg", b"OggS" + bytes(500), "cannot be decoded"),
    ],
)
def test_what_is_no_recording_is_named_and_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    for read in (audio.load, audio.info):
        with pytest.raises(audio.AudioError, match=message) as caught:
            read(path)
        assert name in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(audio.AudioError, match="no file .*nowhere.wav"):
        audio.load(tmp_path / "nowhere.wav")
    with pytest.raises(audio.AudioError, match="is a folder"):
        audio.load(tmp_path)


def test_no_samples_nan_and_too_short(tmp_path):
    import soundfile

    soundfile.write(tmp_path / "none.wav", np.zeros(0), SR)
    with pytest.raises(audio.AudioError, match="none.wav holds no samples"):
        audio.load(tmp_path / "none.wav")
    for bad in (np.nan, np.inf):
        y = audio.tone(440, SR, 1.0)
        y[11025] = bad
        soundfile.write(tmp_path / "bad.wav", y, SR, subtype="FLOAT")
        with pytest.raises(audio.AudioError, match="bad.wav holds NaN or infinite samples .*0.500 s"):
            audio.load(tmp_path / "bad.wav")
    soundfile.write(tmp_path / "short.wav", np.ones(1), 48000)
    with pytest.raises(audio.AudioError, match="short.wav.*less than one sample"):
        audio.load(tmp_path / "short.wav", sr=8000)


def test_resample_refuses_bad_rates_and_shapes():
    with pytest.raises(audio.AudioError, match="above 0 Hz"):
        audio.resample(np.zeros(10), 22050, 0)
    with pytest.raises(audio.AudioError, match="mono"):
        audio.resample(np.zeros((10, 2)), 22050, 8000)


@pytest.mark.parametrize(
    "name,y,subtype,message",
    [
        ("x.m4a", np.zeros(9), None, "must end in one of .wav"),
        ("x", np.zeros(9), None, "must end in one of"),
        ("x.ogg", np.zeros(9), "PCM_16", "have no coding 'PCM_16'"),
        ("x.wav", np.zeros(0), None, "shape"),
        ("x.wav", np.zeros((2, 3, 4)), None, "shape"),
        ("x.wav", np.zeros(9, np.int16), None, "floats between -1 and 1, got int16"),
        ("x.wav", np.array([0.0, np.nan]), None, "sample 1 is NaN"),
        ("x.wav", np.array([0.0, 1.01]), None, "would be clipped"),
        ("x.wav", np.zeros((2, 22050)), None, r"2 samples of 22,050 channels. Transpose them: write\(path, y.T, sr\)"),
        ("x.wav", np.zeros((1, 3)), None, "Transpose"),
        ("gone/x.wav", np.zeros(9), None, "no folder"),
        ("x.flac", np.zeros((90, 20)), None, "cannot write .*20 channels"),
    ],
)
def test_write_refuses_and_leaves_the_older_file(tmp_path, name, y, subtype, message):
    if "/" not in name:
        (tmp_path / name).write_bytes(b"older")
    with pytest.raises(audio.AudioError, match=message):
        audio.write(tmp_path / name, y, SR, subtype)
    assert all(p.read_bytes() == b"older" for p in tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["float16", ">f4", ">f8", "longdouble"])
def test_floats_of_any_kind_are_written(tmp_path, kind):
    y = audio.tone(440, SR, 0.1, (0.5,)).astype(kind)
    back = audio.load(audio.write(tmp_path / "x.wav", y, SR, "FLOAT"))
    assert np.abs(back - y.astype(np.float32)).max() <= 1e-7
    assert audio.info(audio.write(tmp_path / "two.wav", np.stack([y, y], axis=1), SR)).n_channels == 2


@pytest.mark.parametrize("sr", [0, -8000, 1, 999, 22050.5, float("nan"), True, 10**7])
def test_write_refuses_rates_that_no_recording_has(tmp_path, sr):
    with pytest.raises(audio.AudioError, match="sample rate must be a whole number of Hz, 1,000 or more"):
        audio.write(tmp_path / "x.wav", np.zeros(9), sr)


def test_tone_holds_its_harmonics_and_phases():
    y = audio.tone(441, SR, 1.0, (0.5, 0.0, 0.25), phases=(np.pi / 2, 0, 0))
    assert y.shape == (SR,) and y.dtype == np.float32
    assert y[0] == pytest.approx(0.5)
    assert [round(level(y, k * 441, SR), 3) for k in (1, 2, 3)] == [0.5, 0, 0.25]


def test_tone_refuses_alias_and_unequal_phases():
    with pytest.raises(ValueError, match="harmonic 3 .* half the sample rate"):
        audio.tone(4000, SR, 0.1, (1, 1, 1))
    with pytest.raises(ValueError, match="as many phases"):
        audio.tone(400, SR, 0.1, (1, 1), phases=(0,))
    with pytest.raises(ValueError, match="above 0 Hz"):
        audio.tone(0, SR, 0.1)


def test_warm_up_says_why_it_waits_in_one_line(capsys):
    audio.warm_up()
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "compiles" in out and "done in" in out


REAL = {
    "nsynth/nsynth-test/audio/*.wav": (16000, 1, "PCM_16"),
    "medley-solos-db/audio/*.wav": (44100, 1, None),
    "philharmonia/flute/*.mp3": (44100, 1, "MPEG_LAYER_III"),
    "irmas/IRMAS-TrainingData/cla/*.wav": (44100, 2, "PCM_16"),
    "librosa/*.ogg": (22050, 1, "VORBIS"),
    "tinysol/audio/*/*/*/*.wav": (44100, 1, "PCM_16"),
}


@pytest.mark.parametrize("pattern", REAL)
def test_real_recordings(realdata, pattern):
    import soundfile

    paths = sorted(realdata.glob(pattern))[:20]
    assert paths, f"no {pattern} among the real recordings"
    sr, n_channels, subtype = REAL[pattern]
    for path in paths:
        header = audio.info(path)
        y = audio.load(path, sr=16000)
        assert (header.sr, header.n_channels) == (sr, n_channels)
        assert subtype in (None, header.subtype)
        if header.subtype != "MPEG_LAYER_III":  # whose header is an estimate
            assert len(y) == pytest.approx(header.duration * 16000, abs=1)
        assert len(y) == pytest.approx(len(soundfile.read(path)[0]) / sr * 16000, abs=1)
        assert 1e-4 < np.abs(y).max() <= 1


def test_real_medley_holds_both_codings(realdata):
    found = {audio.info(path).subtype for path in realdata.glob("medley-solos-db/audio/*.wav")}
    assert found == {"FLOAT", "PCM_16"}


def test_real_stereo_is_the_mean_of_its_channels(realdata):
    import soundfile

    path = sorted(realdata.glob("irmas/IRMAS-TrainingData/cla/*.wav"))[0]
    channels, sr = soundfile.read(path)
    assert np.abs(channels[:, 0] - channels[:, 1]).max() > 0.01
    assert np.allclose(audio.load(path, sr=None), channels.mean(axis=1), atol=1e-6)
