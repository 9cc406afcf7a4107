"""The scale of the training rows, and of nothing else."""

import dataclasses

import numpy as np
import pytest

from helpers import standardize


@pytest.fixture
def sets():
    """Training and test rows with scales from 1e-3 to 1e4 and one constant column (4)."""
    rng = np.random.default_rng(5)
    scales, offsets = np.logspace(-3, 4, 12), 100 * rng.standard_normal(12)
    scales[4], offsets[4] = 0, 0.1
    train = offsets + scales * rng.standard_normal((500, 12))
    test = offsets + 1 + 2 * scales * rng.standard_normal((70, 12))
    return train, test


def test_training_rows_get_mean_0_and_deviation_1(sets):
    Z = standardize.fit(sets[0]).apply(sets[0])
    others = np.arange(12) != 4
    assert np.allclose(Z.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(Z.std(axis=0)[others], 1)


def test_agrees_with_scikit_learn(sets):
    from sklearn.preprocessing import StandardScaler

    train, test = sets
    others = np.arange(12) != 4
    expected = StandardScaler().fit(train).transform(test)
    assert np.allclose(standardize.fit(train).apply(test)[:, others], expected[:, others], rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_constant_column_is_0_even_where_it_changes_later(sets, dtype):
    train, test = (X.astype(dtype) for X in sets)
    scaler = standardize.fit(train)
    assert not scaler.apply(train)[:, 4].any()
    assert (test[:, 4] != train[0, 4]).all() and not scaler.apply(test)[:, 4].any()


def test_test_rows_change_nothing_but_themselves(sets):
    train, test = sets
    scaler = standardize.fit(train)
    before = scaler.apply(test)
    changed = test.copy()
    changed[3] += 50
    after = scaler.apply(changed)
    assert np.array_equal(np.delete(before, 3, axis=0), np.delete(after, 3, axis=0))
    assert not np.allclose(before[3], after[3])
    assert np.allclose(scaler.apply(test + 5) - before, 5 / scaler.scale)


def test_float32_stays_float32_without_losing_the_sum():
    X = np.full((200_000, 1), 4096.0, np.float32)
    X[::2] += 1
    scaler = standardize.fit(X)
    assert scaler.mean[0] == 4096.5 and scaler.scale[0] == 0.5
    assert scaler.apply(X).dtype == np.float32
    assert scaler.apply(X[:0]).shape == (0, 1)
    assert scaler.apply([[4097]]).dtype == np.float64


def test_what_was_learnt_cannot_be_changed(sets):
    scaler = standardize.fit(sets[0])
    with pytest.raises(dataclasses.FrozenInstanceError):
        scaler.mean = 0
    with pytest.raises(ValueError, match="read-only"):
        scaler.mean[0] = 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_is_named_by_column_and_row(sets, bad):
    train, test = sets
    scaler = standardize.fit(train)
    test[[9, 20], 7] = bad
    train[11, 2] = bad
    with pytest.raises(ValueError, match="column 2 holds 1 NaN or infinite values, the first in row 11"):
        standardize.fit(train)
    with pytest.raises(ValueError, match="column 7 holds 2 NaN or infinite values, the first in row 9"):
        scaler.apply(test)


def test_wrong_shapes_and_types(sets):
    train, test = sets
    with pytest.raises(ValueError, match=r"shape \(n_items, n_features\), got \(12,\)"):
        standardize.fit(train[0])
    with pytest.raises(ValueError, match="no training rows"):
        standardize.fit(train[:0])
    with pytest.raises(ValueError, match="11 columns, but the training rows had 12"):
        standardize.fit(train).apply(test[:, :11])
    with pytest.raises(ValueError, match="real numbers"):
        standardize.fit(np.array([["a"]]))
