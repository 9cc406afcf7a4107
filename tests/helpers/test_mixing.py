"""Pairs and mixes: levels, balance, songs apart, the same from the same seed, and what is refused."""

from collections import Counter

import numpy as np
import pytest

from helpers import mixing
from helpers.data import DataError, Dataset

RNG = np.random.default_rng(5)


def clips(n=24, n_samples=400, n_classes=4, n_songs=8):
    """Clips of noise in unsorted order; song k has clips of class k % n_classes, song 0 also one of class 1."""
    rng = np.random.default_rng(3)
    number = rng.permutation(np.arange(n) % n_songs)
    labels = number % n_classes
    labels[np.flatnonzero(number == 0)[0]] = 1
    songs = np.array([f"song {k}" for k in number])
    return Dataset("noise", "real", tuple("abcd"[:n_classes]), labels, groups=songs, sr=1000,
                   audio=list(rng.standard_normal((n, n_samples)).astype(np.float32)), detail="made up")


@pytest.mark.parametrize("level_db", [-12.0, -3.0, 0.0, 6.0, 12.0])
def test_levels_and_peak_of_a_mix(level_db):
    a, b = RNG.standard_normal((2, 5000)) * np.array([[0.1], [3.0]])
    before = a.copy(), b.copy()
    y = mixing.mix(a, b, level_db)
    assert y.dtype == np.float32 and y.shape == (5000,) and np.abs(y).max() == pytest.approx(mixing.PEAK)
    shares = np.linalg.lstsq(np.stack([a / a.std(), b / b.std()], axis=1), y, rcond=None)[0]
    assert 20 * np.log10(shares[0] / shares[1]) == pytest.approx(level_db, abs=0.1)
    assert np.array_equal(a, before[0]) and np.array_equal(b, before[1])


def test_silence_in_a_mix():
    a, zero = RNG.standard_normal(100), np.zeros(100)
    assert np.allclose(mixing.mix(a, zero, 6.0), a * 0.5 / np.abs(a).max())
    assert np.allclose(mixing.mix(zero, a, 6.0), a * 0.5 / np.abs(a).max())
    assert not mixing.mix(zero, zero).any()


@pytest.mark.parametrize("a, b, message", [
    (np.ones(10), np.ones(11), "one length"),
    (np.ones((2, 10)), np.ones((2, 10)), "one length"),
    (np.ones(10), np.full(10, np.nan), "NaN"),
])  # fmt: skip
def test_what_cannot_be_mixed(a, b, message):
    with pytest.raises(DataError, match=message):
        mixing.mix(a, b)


@pytest.mark.parametrize("n_pairs", [1, 20, 33])
def test_pairs_are_of_two_classes_and_songs_and_balanced(n_pairs):
    made = clips()
    drawn = mixing.pairs(made.labels, made.groups, n_pairs, seed=1)
    assert drawn.shape == (n_pairs, 2) and drawn.dtype == np.int64
    first, second = drawn.T
    assert (made.labels[first] != made.labels[second]).all() and (made.groups[first] != made.groups[second]).all()
    counts = Counter(tuple(sorted(made.labels[row])) for row in drawn)
    assert max(counts.values()) - (min(counts.values()) if len(counts) == 6 else 0) <= 1
    assert len({tuple(sorted(row)) for row in drawn.tolist()}) == n_pairs
    if n_pairs > 20:
        assert 0.2 < (made.labels[first] < made.labels[second]).mean() < 0.8


def test_pairs_come_from_the_seed():
    made = clips()
    draw = [mixing.pairs(made.labels, made.groups, 30, seed).tolist() for seed in (1, 1, 2)]
    assert draw[0] == draw[1] != draw[2]


@pytest.mark.parametrize("labels, songs, n, message", [
    ([0, 0], ["a", "b"], 1, "at least two classes"),
    ([0, 1], ["a", "a"], 1, "allow 0 different pairs"),
    ([0, 1, 1], ["a", "b", "c"], 3, "allow 2 different pairs"),
    ([0, 1], ["a"], 1, "one song for each label"),
])  # fmt: skip
def test_pairs_that_cannot_be_drawn(labels, songs, n, message):
    with pytest.raises(DataError, match=message):
        mixing.pairs(labels, songs, n)


def test_a_fixed_set_of_mixes():
    made = clips()
    test = mixing.mixes(made, 18, seed=4, level_db=(3.0, 5.0))
    assert test.classes == ("a+b", "a+c", "a+d", "b+c", "b+d", "c+d") and np.bincount(test.labels).tolist() == [3] * 6
    assert test.target_names == ("a", "b", "c", "d") and (test.targets.sum(axis=1) == 2).all()
    assert test.title == "noise (real, made up, mixed in pairs)"
    for row in range(len(test)):
        i, j = test.table["first"][row], test.table["second"][row]
        assert 3 <= test.table["level_db"][row] <= 5
        assert np.array_equal(test.audio[row], mixing.mix(made.audio[i], made.audio[j], test.table["level_db"][row]))
        assert test.targets[row, [made.labels[i], made.labels[j]]].all()
        assert test.classes[test.labels[row]] == "+".join(sorted((made.classes[made.labels[i]],
                                                                   made.classes[made.labels[j]])))
        assert (test.groups[row], test.table["song_second"][row]) == (made.groups[i], made.groups[j])
    again = mixing.mixes(made, 18, seed=4, level_db=(3.0, 5.0))
    assert all(np.array_equal(a, b) for a, b in zip(test.audio, again.audio, strict=True))
    assert not np.array_equal(mixing.mixes(made, 18, seed=5).table["first"], test.table["first"])


def test_a_stream_of_mixes():
    made = clips()
    batches = mixing.stream(made, 40, seed=2)
    y, marks = next(batches)
    assert y.shape == (40, 400) and y.dtype == np.float32 and np.allclose(np.abs(y).max(axis=1), mixing.PEAK)
    assert marks.shape == (40, 4) and marks.dtype == np.float32 and (marks.sum(axis=1) == 2).all()
    assert len({tuple(row) for row in marks}) == 6
    later, _ = next(batches)
    assert not np.array_equal(y, later)
    same, _ = next(mixing.stream(made, 40, seed=2))
    assert np.array_equal(y, same)
    # every clip in a mix is one of ours, and the two are of different songs
    values = np.stack([*made.audio]).astype(float)
    shares = np.linalg.lstsq(values.T, y.T.astype(float), rcond=None)[0]
    for column in shares.T:
        used = np.flatnonzero(np.abs(column) > 1e-4)
        assert len(used) == 2 and len(set(made.groups[used])) == 2


@pytest.mark.parametrize("change, message", [
    ({"groups": None}, "no groups"),
    ({"audio": None}, "no audio"),
    ({"audio": [np.ones(5 + i % 2, np.float32) for i in range(24)]}, "5 to 6 samples"),
    ({"groups": np.array(["one"] * 24)}, "one song"),
    ({"labels": np.zeros(24, int)}, "at least two classes"),
])  # fmt: skip
def test_what_a_stream_refuses(change, message):
    from dataclasses import replace

    with pytest.raises(DataError, match=message):
        next(mixing.stream(replace(clips(), **change), 4))


def test_turning_the_sign_makes_no_new_clip():
    labels = np.array([2, 0, 0, 1, 0, 0, 2])
    source, sign = mixing.filled_up(labels, seed=0)
    assert np.bincount(labels[source]).tolist() == [4, 4, 4] and source[:7].tolist() == list(range(7))
    assert (sign[:7] == 1).all() and (sign[7:] == -1).all() and len(sign) == 12
    assert np.array_equal(source, mixing.filled_up(labels, seed=0)[0])
    y = RNG.standard_normal(2048)
    assert np.array_equal(np.abs(np.fft.rfft(y)), np.abs(np.fft.rfft(-y)))


# ------------------------------------------------------------------------------------------------------ mixes of powers


def bands(n=24, n_frames=5, n_bands=6):
    """Powers of clips whose class and song are known, and of different loudness."""
    made = clips(n)
    power = np.random.default_rng(1).uniform(0.1, 1, (n, n_frames, n_bands)) * 10.0 ** RNG.uniform(-3, 3, (n, 1, 1))
    return power.astype(np.float32), made.labels, made.groups


def test_powers_add_at_the_stated_level():
    power, _, _ = bands()
    mixed = mixing.add_powers(power, [[0, 1], [2, 3], [4, 5]], [0.0, 10.0, np.inf])
    a = power / power.mean(axis=(1, 2), keepdims=True)
    assert mixed.dtype == np.float32 and mixed.shape == (3, 5, 6)
    assert np.allclose(mixed, [a[0] + a[1], a[2] + 0.1 * a[3], a[4]], rtol=1e-5)
    silent = np.zeros((2, 5, 6), np.float32)
    assert np.isfinite(mixing.add_powers(silent, [[0, 1]], [0.0])).all()


def test_powers_of_unrelated_sounds_add_as_the_sounds_do():
    from helpers import features

    a, b = RNG.standard_normal((2, 220500)).astype(np.float32)

    def power(y):
        return 10 ** (features.sequences([y], 22050, n_mels=16, n_mfcc=13) / 10)

    added = mixing.add_powers(np.concatenate([power(a), power(b)]), [[0, 1]], [0.0]).mean(axis=1)
    sound = power(a / a.std() + b / b.std()).mean(axis=1)
    assert np.abs(10 * np.log10((added / added.sum()) / (sound / sound.sum()))).max() < 1


def test_drawn_mixes_are_of_two_classes_and_two_songs():
    _, labels, songs = bands()
    power = np.zeros((24, 2, 24), np.float32)
    power[np.arange(24), :, np.arange(24)] = 1.0  # the band tells the clip
    mixed, marks = mixing.spectra(power, labels, songs, 600, seed=2)
    assert mixed.shape == (600, 2, 24) and marks.shape == (600, 4) and (marks.sum(axis=1) == 2).all()
    for row, mark in zip(mixed[:, 0], marks, strict=True):
        first, second = np.flatnonzero(row)
        assert songs[first] != songs[second] and set(np.flatnonzero(mark)) == {labels[first], labels[second]}
        assert abs(10 * np.log10(row[first] / row[second])) <= 6.0001, "6 dB at most, either way"
    counts = Counter(tuple(np.flatnonzero(mark)) for mark in marks)
    assert len(counts) == 6 and min(counts.values()) > 60
    again, other = (mixing.spectra(power, labels, songs, 600, seed=seed)[0] for seed in (2, 3))
    assert np.array_equal(again, mixed) and not np.array_equal(other, mixed)


def test_some_clips_are_left_alone():
    power, labels, songs = bands()
    mixed, marks = mixing.spectra(power, labels, songs, 400, seed=1, n_classes=6, alone=0.3)
    alone = marks.sum(axis=1) == 1
    assert marks.shape == (400, 6) and 80 < alone.sum() < 160 and (marks[~alone].sum(axis=1) == 2).all()
    a = power / power.mean(axis=(1, 2), keepdims=True)
    for row, mark in zip(mixed[alone], marks[alone], strict=True):
        source = np.abs(a - row).max(axis=(1, 2)).argmin()
        assert np.allclose(a[source], row, rtol=1e-5) and mark[labels[source]] == 1


def test_what_powers_cannot_be_drawn():
    power, labels, songs = bands()
    with pytest.raises(DataError, match="a label and a song for each clip"):
        mixing.spectra(power, labels[1:], songs, 10)
    with pytest.raises(DataError, match="all clips are of one song"):
        mixing.spectra(power, labels, np.full(24, "one"), 10)
    with pytest.raises(DataError, match="at least two classes"):
        mixing.spectra(power, np.zeros(24, int), songs, 10)
