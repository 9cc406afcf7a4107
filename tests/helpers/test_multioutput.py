"""Composer and instruments at once: the report's weights are counted right, heads learn, folds are never trained on."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from helpers import multioutput

N_OUT = {"composer": 3, "instruments": 2}


@pytest.fixture(scope="module")
def recordings():
    """Ninety spectrograms of three composers; one instrument plays for two of them, another at random."""
    rng = np.random.default_rng(0)
    y = np.arange(90) % 3
    X = rng.normal(size=(90, 8, 6)).astype(np.float32)
    X[np.arange(90), :, y] += 2
    second = rng.integers(0, 2, 90)
    X[:, :, 4] += 3 * second[:, None]
    return X, {"composer": y, "instruments": np.stack([y > 0, second > 0], axis=1).astype(np.uint8)}


@pytest.mark.parametrize("question, n, weights", [("composer", 7, 354_279), ("instruments", 10, 184_650)])
def test_the_reports_towers_have_the_reports_weights(question, n, weights):
    model = multioutput.report_tower(question, n)
    assert multioutput.trainable(model) == weights and model.output_shape == (None, n)
    assert model.layers[-1].input.shape[1] == 8192


def test_one_trunk_serves_both_heads():
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    model = multioutput.two_heads((8, 6), N_OUT)
    assert list(model.output_names) == ["composer", "instruments"]
    x = np.random.default_rng(0).normal(size=(4, 8, 6)).astype(np.float32)
    with tf.GradientTape(persistent=True) as tape:
        who, what = model(x)
        goals = who[:, 0], what[:, 0]
    assert np.allclose(np.sum(who, axis=1), 1, atol=1e-5) and not np.allclose(np.sum(what, axis=1), 1)
    for goal in goals:
        assert float(tf.norm(tape.gradient(goal, model.trainable_variables[0]))) > 0
    assert multioutput.two_heads((8, 6), {"composer": 3}).output_names == ["composer"]
    for wrong in ({}, {"key": 3}):
        with pytest.raises(ValueError, match="the questions are"):
            multioutput.two_heads((8, 6), wrong)
    with pytest.raises(ValueError, match="the questions are"):
        multioutput.report_tower("key", 3)


def test_across_folds_learns_and_never_saw_what_it_answers(recordings):
    X, targets = recordings
    folds = np.arange(90) // 3 % 3
    model = multioutput.two_heads((8, 6), N_OUT, learning_rate=0.01, filters=(12, 12))
    said, seconds = multioutput.across_folds(model, X, targets, folds, epochs=12)
    assert seconds > 0 and said["composer"].shape == (90, 3) and said["instruments"].shape == (90, 2)
    assert np.mean(said["composer"].argmax(axis=1) == targets["composer"]) > 0.85
    assert np.mean((said["instruments"] > 0.5) == targets["instruments"]) > 0.85
    tower = multioutput.two_heads((8, 6), {"instruments": 2}, learning_rate=0.01, filters=(12, 12))
    alone, _ = multioutput.across_folds(tower, X, targets, folds, epochs=12)
    assert set(alone) == {"instruments"} and np.mean((alone["instruments"] > 0.5) == targets["instruments"]) > 0.85
    noise = {**targets, "composer": np.random.default_rng(1).integers(0, 3, 90)}
    blind, _ = multioutput.across_folds(model, X, noise, folds, epochs=12)
    assert np.mean(blind["composer"].argmax(axis=1) == noise["composer"]) < 0.6, "labels at random cannot be found"
    seen = []
    multioutput.across_folds(model, X, targets, folds, epochs=1, rows_of=lambda train: seen.append(train) or train)
    assert [set(folds[rows]) for rows in seen] == [{1, 2}, {0, 2}, {0, 1}]


def test_filled_up_has_every_row_and_equal_classes():
    y = np.array([0] * 10 + [1] * 4 + [2] * 1)
    rows = np.arange(1, 15)
    filled = multioutput.filled_up(y, rows, seed=0)
    assert np.bincount(y[filled]).tolist() == [9, 9, 9] and set(filled) == set(rows)
    assert not np.array_equal(filled, multioutput.filled_up(y, rows, seed=1))


def test_average_is_the_mean_of_each_recording():
    values, of = np.array([[1.0, 0.0], [3.0, 1.0], [5.0, 1.0]]), np.array([9, 4, 9])
    assert np.allclose(multioutput.average(values, of), [[3, 0.5], [3, 1], [3, 0.5]])


@pytest.mark.parametrize("losses", [("perceptron", "perceptron"), ("hinge", "log_loss"), ("modified_huber", "modified_huber")])
def test_online_learns_sorted_rows(losses):
    X, y = make_blobs(300, centers=np.array([[0, 0], [0, 9], [9, 0]]) * [[1, 1]], random_state=0)
    X, order = X * [1e-2, 1e3], np.argsort(y)
    Y = np.stack([y == 1, y > 0, np.zeros(300)], axis=1)
    targets = {"composer": y[order], "instruments": Y[order]}
    said = multioutput.online(X[order], targets, X, losses, n_epochs=6, batch_size=40)
    assert len(said) == 6 and np.mean(said[-1]["composer"] == y) > 0.95
    assert np.mean(said[-1]["instruments"] == Y) > 0.95 and said[-1]["instruments"].dtype == bool
    assert not said[-1]["instruments"][:, 2].any(), "what never plays in training is never heard"


def test_commonest_set():
    Y = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0]])
    assert multioutput.commonest_set(Y).tolist() == [0, 1, 0], "a tie: the first when sorted"


def test_out_of_fold_never_sees_its_fold():
    from sklearn.neighbors import KNeighborsClassifier

    X, y = np.arange(12.0)[:, None] // 2, np.array([3, 3, 7, 7, 9, 9] * 2)  # rows come in pairs of near copies
    alone, pairs = np.arange(12), np.arange(12) // 2
    near = KNeighborsClassifier(1)
    assert (multioutput.out_of_fold(near, X, y, alone) == y).all()
    assert not (multioutput.out_of_fold(near, X, y, pairs) == y).any()
