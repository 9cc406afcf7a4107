"""Lesson 03: the networks written out in numpy are the report's, side by side as alone."""

import functools
from pathlib import Path

import numpy as np
import pytest

from grading import build
from grading.course import load_course

ROOT = Path(__file__).resolve().parents[2]
LESSON = "03_learning_rate_sweep"
N_FEATURES, N_CLASSES = 12, 4


@functools.cache
def _cells():
    course = load_course(ROOT)
    return [c for c in build.reference_notebook(course, course.lesson(LESSON)).cells if c.cell_type == "code"]


@functools.cache
def _story():
    """Namespace of the cells that define the side-by-side networks."""
    namespace = {}
    names = ("start_weights", "adam", "mean_loss", "wobble")
    cells = [cell.source for cell in _cells() if any(f"def {name}(" in cell.source for name in names)]
    exec("import numpy as np\nfrom threadpoolctl import threadpool_limits", namespace)
    for source in cells:
        exec(source.split("\n\n\nfor rate, result")[0], namespace)  # the wobble cell goes on with the lesson's data
    return namespace


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(N_CLASSES, N_FEATURES))
    y = rng.integers(N_CLASSES, size=230)
    X = (centres[y] + rng.normal(size=(230, N_FEATURES))).astype(np.float32)
    return X[:150], y[:150], X[150:], y[150:]


def _keras_network(weights, optimizer):
    import keras

    model = keras.Sequential(
        [
            keras.Input((N_FEATURES,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(N_CLASSES, activation="softmax"),
        ]
    )
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    W1, b1, W2, b2 = (array[0] for array in weights)
    model.set_weights([W1, b1[0], W2, b2[0]])
    return model


@pytest.mark.parametrize("name", ["adam", "sgd", "momentum"])
def test_numpy_network_takes_the_steps_of_keras(name, data):
    import keras

    X, y, *_ = data
    rate = {"adam": 0.01, "sgd": 0.05, "momentum": 0.1}[name]
    optimizer = {
        "adam": keras.optimizers.Adam(rate),
        "sgd": keras.optimizers.SGD(rate),
        "momentum": keras.optimizers.SGD(rate, momentum=0.9),
    }[name]
    story = _story()
    weights = story["start_weights"](N_FEATURES, N_CLASSES, [3])
    model = _keras_network(weights, optimizer)
    state = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]
    for t in range(1, 7):
        rows = slice(20 * t, 20 * t + 20)
        model.reset_metrics()  # else some versions of Keras give the mean over all batches so far
        theirs = float(model.train_on_batch(X[rows], y[rows]))
        hidden, proba = story["predict"](weights, X[None, rows])
        assert story["mean_loss"](proba, y[None, rows])[0] == pytest.approx(theirs, rel=1e-4)
        error = proba - np.eye(N_CLASSES, dtype=np.float32)[y[rows]]
        slopes = story["gradients"](weights, X[None, rows], hidden, error)
        for weight, slope, (m, v) in zip(weights, slopes, state, strict=True):
            story[name](weight, slope, m, v, np.float32(rate), t)
    ours = [weights[0][0], weights[1][0, 0], weights[2][0], weights[3][0, 0]]
    for mine, keras_weight in zip(ours, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, keras_weight, rtol=2e-3, atol=2e-4)


def test_networks_side_by_side_are_the_networks_alone(data):
    train = _story()["train"]
    together, _ = train(*data, rates=[0.01, 0.1, 0.01], seeds=[1, 1, 2], epochs=3, batch=32)
    for i, (rate, seed) in enumerate([(0.01, 1), (0.1, 1), (0.01, 2)]):
        [alone], _ = train(*data, rates=[rate], seeds=[seed], epochs=3, batch=32)
        for name in alone:
            np.testing.assert_allclose(together[i][name], alone[name], rtol=1e-3, atol=1e-4)
    assert together[0]["loss_before"] == together[1]["loss_before"] != together[2]["loss_before"]
    assert together[0]["loss"] != together[1]["loss"]


def test_fresh_network_pays_about_ln_c_and_a_trained_one_does_not(data):
    results, _ = _story()["train"](*data, rates=[0.01] * 8, seeds=range(8), epochs=6, batch=16)
    for result in results:
        assert -0.1 < result["loss_before"] - np.log(N_CLASSES) < 0.8
        assert result["loss"][-1] < np.log(N_CLASSES) - 0.1


def test_rate_zero_changes_nothing(data):
    [still], _ = _story()["train"](*data, rates=[0.0], seeds=[0], epochs=3)
    np.testing.assert_allclose(still["loss"], still["loss_before"], rtol=1e-5)
    assert np.ptp(still["val_loss"]) == 0


def test_wobble_sees_bumps_and_not_slopes():
    wobble = _story()["wobble"]
    steep = np.exp(-0.7 * np.arange(20))
    assert wobble(steep) < 1e-9
    bumpy = steep * np.where(np.arange(20) % 2, 1.1, 1.0)
    assert wobble(bumpy) == pytest.approx(np.log(1.1), rel=1e-6)
