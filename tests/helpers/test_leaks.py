"""helpers.leaks: each leak is there when planted, shows in the evidence, and a clean split shows none."""

import numpy as np
import pytest

from helpers import leaks
from helpers.data import Dataset


@pytest.fixture(scope="module")
def dataset():
    """Rows of 48 recordings in four classes of unequal size; rows of one recording are alike."""
    rng = np.random.default_rng(0)
    sizes = np.repeat([40, 30, 20, 10], 12)
    labels = np.repeat(np.repeat(np.arange(4), 12), sizes)
    groups = np.repeat([f"recording {i:02d}" for i in range(48)], sizes)
    centres = 2 * rng.normal(size=(4, 12))[labels] + 1.5 * np.repeat(rng.normal(size=(48, 12)), sizes, axis=0)
    features = (10 * centres + 5 * rng.normal(size=(len(labels), 12))).astype(np.float32)
    return Dataset("made-up", "practice", ("a", "b", "c", "d"), labels, groups=groups, features=features)


@pytest.fixture(scope="module")
def evidence(dataset):
    return {leak: leaks.evidence(leaks.plant(dataset, leak, seed=3)) for leak in (None, *leaks.LEAKS)}


MARKS = {
    "copies": ("share of test rows at distance 0", 0.1, 1),
    "shared recordings": ("groups on both sides", 10, 1e9),
    "filled up before the split": ("rows of the largest class for each of the smallest", 0.9, 1.1),
    "telling column": ("class differences (F) of the best column, over the second best", 10, 1e9),
    "test set scaled by itself": ("largest mean of a test column", 0, 1e-3),
}


@pytest.mark.parametrize("leak", MARKS)
def test_each_leak_shows_in_its_own_measurement_and_nowhere_else(evidence, leak):
    name, low, high = MARKS[leak]
    for planted, measured in evidence.items():
        assert (low <= measured[name] <= high) == (planted == leak), (planted, name, measured[name])


@pytest.mark.parametrize("leak", ["copies", "shared recordings", "filled up before the split", "telling column"])
def test_these_leaks_flatter_the_nearest_neighbour(evidence, leak):
    name = "accuracy of the nearest neighbour"
    assert evidence[leak][name] > evidence[None][name]


def test_near_copies_of_rare_classes_lie_much_nearer_than_honest_rows(evidence):
    name = "distance that 5 % of the test rows stay below"
    assert evidence["filled up before the split"][name] < evidence[None][name] / 3


def test_a_clean_split_is_standardised_by_the_training_rows_and_keeps_recordings_whole(dataset):
    hunt = leaks.clean(dataset, seed=5)
    assert len(hunt.y_train) + len(hunt.y_test) == len(dataset)
    assert abs(hunt.X_train.mean(axis=0)).max() < 1e-3
    assert not set(hunt.groups_train) & set(hunt.groups_test)
    assert "leak" not in repr(hunt)


def test_five_numbers_in_a_row_hide_all_five_leaks_and_a_number_always_the_same(dataset):
    for start in (0, 5, 40):
        assert {leaks.hide(dataset, start + i)._leak for i in range(5)} == set(leaks.LEAKS)
    one, again = leaks.hide(dataset, 7), leaks.hide(dataset, 7)
    np.testing.assert_array_equal(one.X_test, again.X_test)
    assert len({tuple(leaks.hide(dataset, 5 * i + j)._leak for j in range(5)) for i in range(6)}) > 1


def test_a_guess_is_told_right_from_wrong(dataset, capsys):
    hunt = leaks.hide(dataset, 11)
    assert [name for name in leaks.LEAKS if leaks.guess(hunt, name)] == [hunt._leak]
    capsys.readouterr()
    assert leaks.guess(hunt, "") is False
    told = capsys.readouterr().out
    assert all(name in told for name in leaks.LEAKS)
    with pytest.raises(ValueError, match="no leak 'overfitting'"):
        leaks.guess(hunt, "overfitting")


def test_what_cannot_be_hidden_in_is_refused(dataset):
    from dataclasses import replace

    with pytest.raises(ValueError, match="no groups"):
        leaks.hide(replace(dataset, groups=None), 1)
    with pytest.raises(ValueError, match="no features"):
        leaks.hide(replace(dataset, features=None), 1)
    with pytest.raises(ValueError, match="whole number"):
        leaks.hide(dataset, -1)
    with pytest.raises(ValueError, match="no leak 'rust'"):
        leaks.plant(dataset, "rust")


def test_nearest_finds_copies_at_distance_0_and_agrees_with_the_evaluator():
    from helpers import evaluate

    rng = np.random.default_rng(1)
    A = (rng.normal(size=(200, 9)) * 10.0 ** np.arange(-4, 5) + 1e4).astype(np.float32)
    B = np.concatenate([A[[17, 4]], A[[50]] + 1, rng.normal(size=(30, 9)).astype(np.float32) + 1e4])
    distance, index = leaks.nearest(A, B)
    assert index[:2].tolist() == [17, 4] and distance[:2].max() < 1e-6
    np.testing.assert_allclose(distance, evaluate.nearest_distance(A, B), rtol=1e-4, atol=1e-4)


def test_metadata_are_asked_in_other_groups_only():
    keys, labels = np.array(["duo"] * 4), np.array(["Bach", "Bach", "Bach", "Ravel"])
    assert leaks.from_metadata(keys, labels, np.arange(4)).tolist() == ["Bach"] * 4
    assert leaks.from_metadata(keys, labels, np.array([0, 0, 0, 1])).tolist() == ["Ravel"] * 3 + ["Bach"]
    alone = leaks.from_metadata(np.array(["a", "b", "c"]), np.array(["Bach", "Ravel", "Ravel"]), np.arange(3))
    assert alone.tolist() == ["Ravel", "Bach", "Bach"], "a key of its own: the majority of the others, ties by the alphabet"
    tied = leaks.from_metadata(np.array(["a", "b", "c"]), np.array(["Bach", "Ravel", "Ravel"]), np.arange(3),
                               order=["Ravel", "Bach"])  # fmt: skip
    assert tied.tolist() == ["Ravel", "Ravel", "Ravel"]
    with pytest.raises(ValueError, match="one group only"):
        leaks.from_metadata(keys, labels, np.zeros(4))
