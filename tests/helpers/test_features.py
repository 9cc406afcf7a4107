"""Features equal librosa's own, whatever the clip; tables keep their order, their cache and their nerve."""

import os
import warnings

import numpy as np
import pytest

from helpers import audio, features

SR = 22050


def separate(y, sr, n_fft, hop_length):
    """Every feature by librosa's own function, each starting from the samples."""
    import librosa

    f, both = librosa.feature, {"n_fft": n_fft, "hop_length": hop_length}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # short clips, narrow mel bands: meant here
        found = {
            "log_mel": librosa.power_to_db(f.melspectrogram(y=y, sr=sr, **both)),
            "mfcc": f.mfcc(y=y, sr=sr, **both),
            "centroid": f.spectral_centroid(y=y, sr=sr, **both),
            "bandwidth": f.spectral_bandwidth(y=y, sr=sr, **both),
            "rolloff": f.spectral_rolloff(y=y, sr=sr, **both),
            "flatness": f.spectral_flatness(y=y, **both),
            "zcr": f.zero_crossing_rate(y, frame_length=n_fft, hop_length=hop_length),
            "rms": f.rms(y=y, frame_length=n_fft, hop_length=hop_length),
            "chroma": f.chroma_stft(y=y, sr=sr, tuning=0, **both),
        }
        if sr > 12800:
            found["contrast"] = f.spectral_contrast(y=y, sr=sr, **both)
    return found


def assert_equal(found, expected):
    """Within 1e-4 of the feature's largest magnitude."""
    assert found.keys() == expected.keys()
    for name in expected:
        assert found[name].shape == expected[name].shape, name
        assert np.isfinite(found[name]).all(), name
        error = np.abs(found[name] - expected[name]).max()
        assert error <= 1e-4 * np.abs(expected[name]).max(), f"{name}: {error}"


def clip(kind, n, sr, rng):
    """Sounds that are hard in different ways."""
    t = np.arange(n) / sr
    if kind == "noise":
        return 0.1 * rng.standard_normal(n)
    if kind == "pure":  # all bins but two are rounding noise
        return 0.9 * np.sin(2 * np.pi * rng.uniform(50, 0.45 * sr) * t)
    if kind == "note":  # harmonics, decay, a little noise
        f0 = rng.uniform(60, 0.05 * sr)
        y = sum(np.sin(2 * np.pi * k * f0 * t + rng.uniform(0, 6)) / k for k in range(1, 10))
        return 0.2 * y * np.exp(-3 * t) + 1e-4 * rng.standard_normal(n)
    if kind == "gaps":  # silence, a click, a burst, exact zeros and tiny numbers
        y = np.zeros(n)
        y[n // 3] = 1.0
        y[n // 2 : n // 2 + n // 8] = rng.standard_normal(len(y[n // 2 : n // 2 + n // 8]))
        y[-n // 5 :] = 1e-11 * rng.standard_normal(len(y[-n // 5 :]))
        return y
    if kind == "quiet":
        return 1e-6 * rng.standard_normal(n)
    if kind == "offset":
        return 0.5 + 0.01 * rng.standard_normal(n)
    assert kind == "silent"
    return np.zeros(n)


@pytest.mark.parametrize("kind", ["noise", "pure", "note", "gaps", "quiet", "offset", "silent"])
@pytest.mark.parametrize("sr,n_fft,hop_length", [(22050, 2048, 512), (44100, 2048, 512), (16000, 1024, 200), (8000, 512, 128)])
def test_every_feature_equals_librosas(kind, sr, n_fft, hop_length):
    rng = np.random.default_rng([ord(c) for c in kind] + [sr])
    for n in (int(rng.integers(1, n_fft)), int(rng.integers(n_fft, 9 * hop_length + n_fft)), int(rng.integers(sr, 2 * sr))):
        y = clip(kind, n, sr, rng).astype(np.float32)
        names = [name for name in features.NAMES if name != "contrast" or sr > 12800]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # librosa's: empty mel bands at 512 samples
            found = features.frames(y, sr, names, n_fft, hop_length)
        assert_equal(found, separate(y, sr, n_fft, hop_length))


@pytest.mark.parametrize("kind", ["pure", "note", "gaps"])
def test_double_precision_is_kept(kind):
    y = clip(kind, SR, SR, np.random.default_rng(3))
    found = features.frames(y, SR)
    assert found["log_mel"].dtype == np.float64
    assert_equal(found, separate(y, SR, 2048, 512))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(60))
def test_every_feature_equals_librosas_on_many_clips(seed):
    rng = np.random.default_rng(seed)
    sr = int(rng.choice([16000, 22050, 32000, 44100, 48000]))
    n_fft = int(rng.choice([1024, 2048, 4096]))
    hop_length = int(rng.integers(n_fft // 8, n_fft // 2))
    kind = str(rng.choice(["noise", "pure", "note", "gaps", "quiet", "offset"]))
    y = clip(kind, int(rng.integers(1, 3 * sr)), sr, rng).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_equal(features.frames(y, sr, features.NAMES, n_fft, hop_length), separate(y, sr, n_fft, hop_length))


def test_real_notes_equal_librosas(realdata):
    for path in sorted(realdata.glob("philharmonia/*/*.mp3"))[::60]:
        y = audio.load(path)
        assert_equal(features.frames(y, SR), separate(y, SR, 2048, 512))


def test_contrast_keeps_librosas_quirks_on_the_same_magnitudes():
    import librosa

    y = clip("note", SR, SR, np.random.default_rng(8)).astype(np.float32)
    S = np.abs(librosa.stft(y, n_fft=2048, hop_length=512))
    found = features.frames(y, SR, ("contrast",))["contrast"]
    assert np.allclose(found, librosa.feature.spectral_contrast(S=S, sr=SR), atol=1e-4)
    # The decibels are half of what the name says: of a magnitude, as if it were a power.
    noise = 0.1 * np.random.default_rng(8).standard_normal(SR).astype(np.float32)
    found = features.frames(noise, SR, ("contrast",))["contrast"].mean()
    honest = librosa.feature.spectral_contrast(S=np.abs(librosa.stft(noise)) ** 2, sr=SR).mean()
    assert 1.8 < honest / found < 2.1


def test_power_is_that_of_librosas_transform():
    import librosa

    y = clip("note", 5000, SR, np.random.default_rng(2)).astype(np.float32)
    expected = np.abs(librosa.stft(y, n_fft=512, hop_length=100)) ** 2
    found = features.power(y, 512, 100)
    assert found.dtype == np.float32 and found.shape == (257, 51)
    assert np.allclose(found, expected, rtol=1e-6)


def test_silence_is_defined():
    found = features.frames(np.zeros(SR, np.float32), SR)
    constants = {"log_mel": -100, "centroid": 0, "bandwidth": 0, "rolloff": 0, "contrast": 0, "flatness": 1, "zcr": 0}
    for name, value in {**constants, "rms": 0, "chroma": 0}.items():
        assert np.allclose(found[name], value), name
    assert np.isfinite(features.clip_vector(np.zeros(SR, np.float32), SR)).all()


@pytest.mark.parametrize("n", [1, 2, 511, 512, 2047, 2048, 4000])
def test_clips_of_few_frames_are_described(n):
    y = clip("noise", n, SR, np.random.default_rng(n)).astype(np.float32)
    for extract, width in (("clip_vector", 120), ("clip_statistics", 90)):
        row = features.EXTRACTS[extract](y, SR)
        assert row.shape == (width,) and np.isfinite(row).all() and row.dtype.kind == "f"
    assert features.frames(y, SR, ("rms",))["rms"].shape == (1, 1 + n // 512)


def test_gain_moves_the_first_coefficient_alone():
    y = 0.5 * clip("noise", SR, SR, np.random.default_rng(1)).astype(np.float32)
    change = features.clip_vector(np.float32(0.1) * y, SR) - features.clip_vector(y, SR)
    assert change[0] == pytest.approx(-20 * np.sqrt(128), abs=1e-2)
    assert np.abs(change[1:]).max() < 1e-3


@pytest.mark.parametrize("n_frames", [1, 2, 5, 8, 9, 40])
def test_statistics_equal_librosas_deltas(n_frames):
    import librosa

    mfcc = (100 * np.random.default_rng(n_frames).standard_normal((20, n_frames))).astype(np.float32)
    expected = []
    for values in (mfcc, *(librosa.feature.delta(mfcc, width=9, order=k, mode="nearest") for k in (1, 2))):
        expected += [values.mean(axis=1), values.std(axis=1)]
    found = features.mfcc_stats(mfcc)
    assert found.dtype == np.float32
    assert np.allclose(found, np.concatenate(expected), rtol=1e-4, atol=1e-4)


def test_only_the_names_asked_for_in_their_order():
    y = audio.tone(440, SR, 0.2)
    assert list(features.frames(y, SR, ("rms", "mfcc"))) == ["rms", "mfcc"]
    assert features.frames(y, SR, ("mfcc",), n_mels=40, n_mfcc=13)["mfcc"].shape == (13, 9)


def test_one_transform_and_banks_built_once(monkeypatch):
    from librosa import filters

    calls = []

    def counted(name, function):
        def call(*args, **kwargs):
            calls.append(name)
            return function(*args, **kwargs)

        return call

    for owner, name in ((features, "_magnitude"), (filters, "mel"), (filters, "chroma")):
        monkeypatch.setattr(owner, name, counted(name, getattr(owner, name)))
    sr = 23456  # met by no other test: its banks are not built yet
    for _ in range(3):
        features.frames(audio.tone(440, sr, 0.3), sr)
    assert sorted(calls) == ["_magnitude"] * 3 + ["chroma", "mel"]


Y = np.zeros(4000, np.float32)


@pytest.mark.parametrize(
    "call,message",
    [
        (lambda: features.frames(np.array([0.0, 0.0, np.nan]), SR), "sample 2 is NaN"),
        (lambda: features.frames(np.array([0.0, -np.inf]), SR), "sample 1 is NaN or infinite"),
        (lambda: features.power(np.zeros(0)), "no samples"),
        (lambda: features.power(np.zeros((2, 100))), r"shape \(2, 100\)"),
        (lambda: features.power(np.zeros(100, np.int16)), "of int16"),
        (lambda: features.power(Y, n_fft=511), "even"),
        (lambda: features.power(Y, hop_length=0), "hop_length must be a whole number above 0"),
        (lambda: features.frames(Y, SR, ("loudness",)), "no feature 'loudness'; choose among log_mel"),
        (lambda: features.frames(Y, 0), "sample rate must be above 0"),
        (lambda: features.frames(Y, SR, n_mfcc=129), "n_mfcc"),
        (lambda: features.frames(Y, 12800, ("contrast",)), "contrast needs a sample rate above 12800 Hz"),
        (lambda: features.frames(Y, SR, ("contrast",), n_fft=64), "a band holds no bin"),
        (lambda: features.mfcc_stats(np.zeros((20, 0))), "at least one frame"),
        (lambda: features.mfcc_stats(np.zeros(20)), r"got \(20,\)"),
        (lambda: features.table([], SR), "no clips"),
        (lambda: features.table([Y], SR, "mfcc"), "no extract 'mfcc'; choose among clip_vector"),
        (lambda: features.columns("mfcc"), "no extract"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def clips():
    """Forty clips of unequal length."""
    rng = np.random.default_rng(0)
    return [clip("note", int(rng.integers(100, 9000)), SR, rng).astype(np.float32) for _ in range(40)]


@pytest.fixture
def no_computing(monkeypatch):
    """Make computing impossible from here on."""

    def refuse(*args):
        raise AssertionError("computed again")

    return lambda: monkeypatch.setattr(features, "_compute", refuse)


@pytest.mark.parametrize("n_jobs", [None, 1, 2, -1])
def test_table_holds_one_row_a_clip_in_order(clips, n_jobs):
    X = features.table(clips, SR, n_jobs=n_jobs)
    assert X.dtype == np.float32
    assert np.array_equal(X, [features.clip_vector(y, SR) for y in clips])


def test_much_sound_goes_to_workers_and_little_does_not(clips, monkeypatch):
    import joblib

    asked = []
    monkeypatch.setattr(joblib, "effective_n_jobs", lambda n_jobs: asked.append(n_jobs) or 1)
    features.table(clips, SR)
    monkeypatch.setattr(features, "_WORTH_WORKERS", 1)
    features.table(clips, SR)
    assert asked == [1, -1]


def test_columns_say_what_they_hold(clips):
    for extract in features.EXTRACTS:
        assert len(set(features.columns(extract))) == features.table(clips[:2], SR, extract).shape[1]
    y = clips[0]
    found = features.frames(y, SR)
    row = dict(zip(features.columns("clip_statistics"), features.clip_statistics(y, SR), strict=True))
    assert row["rms mean"] == pytest.approx(found["rms"].mean())
    assert row["contrast 6 sd"] == pytest.approx(found["contrast"][6].std())
    assert row["chroma A mean"] == pytest.approx(found["chroma"][9].mean())
    row = dict(zip(features.columns("clip_vector"), features.clip_vector(y, SR), strict=True))
    assert row["mfcc 3 sd"] == pytest.approx(found["mfcc"][3].std(), rel=1e-5)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_clip_that_cannot_be_described_is_named(clips, n_jobs, tmp_path):
    clips[29] = np.array([0, np.nan], np.float32)
    with pytest.raises(ValueError, match="clip 29: sample 1 is NaN"):
        features.table(clips, SR, n_jobs=n_jobs, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_blas_has_one_thread_while_a_table_is_made(clips, monkeypatch):
    from threadpoolctl import threadpool_info, threadpool_limits

    def threads(y, sr):
        return [info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"]

    monkeypatch.setitem(features.EXTRACTS, "clip_vector", threads)
    with threadpool_limits(2, user_api="blas"):
        assert max(threads(None, None)) == 2
        assert (features.table(clips[:3], SR, n_jobs=1) == 1).all()


def test_stored_table_is_used_again(clips, tmp_path, no_computing):
    folder = tmp_path / "not yet" / "there"
    X = features.table(clips, SR, cache=folder)
    (stored,) = folder.iterdir()
    assert stored.name.startswith("clip_vector-") and np.array_equal(np.load(stored), X)
    no_computing()
    assert np.array_equal(features.table(clips, SR, cache=folder), X)


def test_anything_else_is_computed(clips, tmp_path, monkeypatch):
    features.table(clips, SR, cache=tmp_path)
    louder = [*clips[:-1], clips[-1] * np.float32(1.001)]
    for changed in (
        lambda: features.table(louder, SR, cache=tmp_path),
        lambda: features.table(clips[::-1], SR, cache=tmp_path),
        lambda: features.table(clips[:-1], SR, cache=tmp_path),
        lambda: features.table(clips, 44100, cache=tmp_path),
        lambda: features.table(clips, SR, "clip_statistics", cache=tmp_path),
        lambda: (monkeypatch.setattr(features, "_VERSION", -1), features.table(clips, SR, cache=tmp_path)),
    ):
        before = len(list(tmp_path.iterdir()))
        changed()
        assert len(list(tmp_path.iterdir())) == before + 1


def test_named_content_spares_reading_the_clips(clips, tmp_path, no_computing):
    class Unread:
        def __len__(self):
            return len(clips)

        def __getitem__(self, i):
            raise AssertionError("read")

    X = features.table(clips, SR, cache=tmp_path, content="forty notes, seed 0")
    no_computing()
    assert np.array_equal(features.table(Unread(), SR, cache=tmp_path, content="forty notes, seed 0"), X)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-100],
        lambda data: data[:3],
        lambda data: b"",
        lambda data: data[:400] + bytes([data[400] ^ 1]) + data[401:],
        lambda data: b"<html>" + data,
    ],
)
def test_damaged_store_is_found_and_made_again(clips, tmp_path, capsys, damage):
    X = features.table(clips, SR, cache=tmp_path)
    (stored,) = tmp_path.iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(damage(whole))
    assert np.array_equal(features.table(clips, SR, cache=tmp_path), X)
    assert "damaged" in capsys.readouterr().out
    assert stored.read_bytes() == whole
    features.table(clips, SR, cache=tmp_path)
    assert "damaged" not in capsys.readouterr().out


def test_broken_off_writing_leaves_nothing(clips, tmp_path, monkeypatch):
    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        features.table(clips, SR, cache=tmp_path)
    assert not list(tmp_path.iterdir())


# --- sequences --------------------------------------------------------------------------------------------------------

EQUAL = [clip(kind, 8000, SR, np.random.default_rng(i)).astype(np.float32) for i, kind in enumerate(("note", "noise") * 4)]


def test_sequences_are_frames_turned_round_and_side_by_side():
    names = ("mfcc", "centroid", "contrast")
    X = features.sequences(EQUAL, SR, names, n_mfcc=13, n_fft=1024, hop_length=256)
    assert X.shape == (8, 1 + 8000 // 256, 13 + 1 + 7) and X.dtype == np.float32
    for y, x in zip(EQUAL, X, strict=True):
        found = features.frames(y, SR, names, n_mfcc=13, n_fft=1024, hop_length=256)
        np.testing.assert_array_equal(x[:, :13].T, found["mfcc"])
        np.testing.assert_allclose(x[:, 13:14].T, found["centroid"], rtol=1e-6)
        np.testing.assert_allclose(x[:, 14:].T, found["contrast"], rtol=1e-6)
    assert np.array_equal(features.sequences(EQUAL, SR, "log_mel"), features.sequences(EQUAL, SR))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_clips_of_unequal_length_need_a_number_of_frames(clips, n_jobs):
    with pytest.raises(ValueError, match=r"clip \d+ has \d+ frames, those before it have \d+: .*n_frames"):
        features.sequences(clips, SR, n_jobs=n_jobs)
    uneven = [*EQUAL, EQUAL[0][:4000]]
    with pytest.raises(ValueError, match="clip 8 has 8 frames, those before it have 16"):
        features.sequences(uneven, SR, n_jobs=n_jobs)
    assert features.sequences(clips, SR, n_frames=9, n_jobs=n_jobs).shape == (40, 9, 128)


def test_a_number_of_frames_is_that_of_the_sound_so_far():
    y = EQUAL[0]
    (short,) = features.sequences([y], SR, n_frames=10)
    # what follows the last sample of frame 10 does not count, and what precedes it does
    last = 9 * 512 + 1024
    for changed, same in ((last, True), (last - 200, False)):
        louder = y.copy()
        louder[changed:] = np.random.default_rng(0).uniform(-0.9, 0.9, len(y) - changed)
        assert np.array_equal(features.sequences([louder], SR, n_frames=10)[0], short) == same
    (long,) = features.sequences([y], SR, n_frames=40)
    silence = np.concatenate([y, np.zeros(20000, np.float32)])
    assert np.array_equal(features.sequences([silence], SR)[0][:40], long)


def test_silent_short_and_empty_clips_have_finite_sequences():
    odd = [np.zeros(8000, np.float32), np.zeros(0, np.float32), np.ones(1, np.float32), EQUAL[0]]
    X = features.sequences(odd, SR, features.NAMES, n_frames=12)
    assert X.shape == (4, 12, 173) and np.isfinite(X).all()
    np.testing.assert_allclose(X[:2, :, :128], -100, rtol=1e-6, err_msg="silence is -100 dB in every band")
    assert np.array_equal(X[0], X[1])


@pytest.mark.parametrize("how, message", [
    ({"n_frames": 0}, "n_frames must be a whole number above 0"), ({"n_frames": 2.5}, "n_frames must be a whole"),
    ({"names": ("loudness",)}, "there is no feature 'loudness'"), ({"n_mfcc": 0}, "n_mfcc"),
])  # fmt: skip
def test_sequences_that_make_no_sense_are_refused(how, message):
    with pytest.raises(ValueError, match=message):
        features.sequences(EQUAL, SR, **how)
    with pytest.raises(ValueError, match="no clips"):
        features.sequences([], SR)


def test_a_sequence_that_cannot_be_made_is_named():
    broken = [*EQUAL[:3], np.full(8000, np.nan, np.float32)]
    with pytest.raises(ValueError, match="clip 3: sample 0 is NaN"):
        features.sequences(broken, SR)


def test_stored_sequences_are_used_again_for_the_same_question_only(tmp_path, no_computing):
    X = features.sequences(EQUAL, SR, n_mels=40, cache=tmp_path)
    (stored,) = tmp_path.iterdir()
    assert stored.name.startswith("sequences-") and np.array_equal(np.load(stored), X)
    for how in ({}, {"n_mels": 40, "n_frames": 3}, {"n_mels": 40, "hop_length": 256}, {"n_mels": 40, "n_fft": 1024},
                {"n_mels": 40, "names": ("mfcc",)}, {"n_mels": 40, "names": ("mfcc",), "n_mfcc": 13}):
        before = len(list(tmp_path.iterdir()))
        features.sequences(EQUAL, SR, **how, cache=tmp_path)
        assert len(list(tmp_path.iterdir())) == before + 1, how
    no_computing()
    assert np.array_equal(features.sequences(EQUAL, SR, n_mels=40, cache=tmp_path), X)


def test_damaged_sequences_are_made_again(tmp_path, capsys):
    X = features.sequences(EQUAL, SR, cache=tmp_path)
    (stored,) = tmp_path.iterdir()
    whole = stored.read_bytes()
    for damage in (whole[:-1], whole[:5], b"", whole[:300] + b"#" + whole[301:], whole + b"0"):
        stored.write_bytes(damage)
        assert np.array_equal(features.sequences(EQUAL, SR, cache=tmp_path), X)
        assert "damaged" in capsys.readouterr().out and stored.read_bytes() == whole


def test_clips_that_know_their_content_are_not_read_for_it(tmp_path, no_computing):
    class Known(list):
        def content(self):
            return "known"

    features.sequences(Known(EQUAL), SR, cache=tmp_path)
    no_computing()
    features.sequences(Known([None] * len(EQUAL)), SR, cache=tmp_path)


def test_a_single_name_is_a_name():
    from helpers import audio

    y = audio.tone(440, 22050, 0.5)
    alone = features.frames(y, 22050, names="mfcc")
    assert list(alone) == ["mfcc"] and np.array_equal(alone["mfcc"], features.frames(y, 22050, ("mfcc",))["mfcc"])
    assert features.sequences([y], 22050, "mfcc").shape == features.sequences([y], 22050, ["mfcc"]).shape
    assert list(features.frames(y, 22050, names=iter(["rms", "zcr"]))) == ["rms", "zcr"]
    with pytest.raises(ValueError, match="there is no feature 'mfccs'"):
        features.frames(y, 22050, names="mfccs")
