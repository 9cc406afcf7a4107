"""helpers.networks: the report's network number by number, and what its arguments change."""

import os
import subprocess
import sys

import numpy as np
import pytest

from helpers import networks


def test_defaults_are_the_network_of_the_report():
    model = networks.dense(120, 10)
    assert model.count_params() == 33546
    assert [layer.activation.__name__ for layer in model.layers] == ["sigmoid", "softmax"]
    assert type(model.optimizer).__name__ == "Adam"
    assert float(np.asarray(model.optimizer.learning_rate)) == pytest.approx(0.001)


def test_output_is_the_softmax_of_a_sigmoid_layer():
    rng = np.random.default_rng(0)
    model = networks.dense(7, 3)
    X = rng.normal(size=(5, 7)).astype(np.float32)
    W, b, V, c = model.get_weights()
    logits = 1 / (1 + np.exp(-(X @ W + b))) @ V + c
    want = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.asarray(model(X)), want, rtol=1e-4)


def test_loss_is_the_cross_entropy_of_smoothed_labels():
    p, one_hot = np.array([[0.7, 0.2, 0.1]], dtype=np.float32), np.array([[0.0, 1.0, 0.0]], dtype=np.float32)
    for smoothing in (0, 0.3):
        asked = one_hot * (1 - smoothing) + smoothing / 3
        got = networks.dense(4, 3, label_smoothing=smoothing).loss(one_hot, p)
        np.testing.assert_allclose(got, -(asked * np.log(p)).sum(), rtol=1e-5)


def test_hidden_layers_activation_rate_and_dropout_are_the_arguments():
    model = networks.dense(20, 4, learning_rate=0.02, hidden=(8, 6), activation="relu", dropout=0.25)
    assert model.count_params() == 20 * 8 + 8 + 8 * 6 + 6 + 6 * 4 + 4
    assert [layer.rate for layer in model.layers if hasattr(layer, "rate")] == [0.25, 0.25]
    assert model.layers[0].activation.__name__ == "relu"
    assert float(np.asarray(model.optimizer.learning_rate)) == pytest.approx(0.02)
    X = np.ones((3, 20), dtype=np.float32)
    np.testing.assert_array_equal(np.asarray(model(X)), np.asarray(model(X)))  # dropout only while training


def test_no_hidden_layer_is_logistic_regression():
    assert networks.dense(np.int64(5), np.int64(3), hidden=()).count_params() == 5 * 3 + 3


@pytest.mark.parametrize(
    "wrong",
    [{"n_features": 0}, {"n_classes": 2.5}, {"hidden": (0,)}, {"dropout": 1.0}, {"dropout": -0.1}, {"label_smoothing": 1}],
)
def test_sizes_and_shares_that_make_no_network_are_refused(wrong):
    with pytest.raises(ValueError, match="must be whole numbers|is a share"):
        networks.dense(**{"n_features": 5, "n_classes": 3, **wrong})


def test_best_epoch_counts_from_1_takes_the_earliest_and_no_nan():
    nan = float("nan")
    assert networks.best_epoch({"val_loss": [0.5, 0.2, 0.2, 0.9], "val_accuracy": [0.1, 0.2, 0.3, 0.9]}) == 2
    assert networks.best_epoch({"val_loss": [nan, 0.7, 0.4]}) == 3
    with pytest.raises(ValueError, match="no validation loss"):
        networks.best_epoch({"loss": [1.0]})
    with pytest.raises(ValueError, match="no validation loss"):
        networks.best_epoch({"val_loss": [nan]})


def _trained(model, X, one_hot):
    history = model.fit(X, one_hot, 32, 3, verbose=0, validation_data=(X[:50], one_hot[:50])).history
    return history, np.asarray(model(X))


def test_restarted_network_trains_as_one_built_anew():
    import keras

    rng = np.random.default_rng(0)
    X, one_hot = rng.normal(size=(200, 6)).astype(np.float32), np.eye(3, dtype=np.float32)[rng.integers(0, 3, 200)]
    options = {"activation": "relu", "dropout": 0.3, "learning_rate": 0.01, "label_smoothing": 0.1}
    keras.utils.set_random_seed(7)
    model = networks.dense(6, 3, **options)
    anew, proba = _trained(model, X, one_hot)
    other, _ = _trained(networks.restart(model, 8), X, one_hot)
    again, same = _trained(networks.restart(model, 7), X, one_hot)
    assert again == anew and other != anew
    np.testing.assert_array_equal(same, proba)


def test_restart_takes_back_every_step_and_keeps_the_rate():
    import keras

    rng = np.random.default_rng(0)
    X, one_hot = rng.normal(size=(90, 6)).astype(np.float32), np.eye(3, dtype=np.float32)[rng.integers(0, 3, 90)]
    model = networks.dense(6, 3, learning_rate=0.02)
    start = [keras.ops.convert_to_numpy(variable) for variable in networks.restart(model, 1).variables]
    model.fit(X, one_hot, 16, 2, verbose=0)
    assert int(model.optimizer.iterations) == 12
    networks.restart(model, 1)
    for variable, value in zip(model.variables, start, strict=True):
        np.testing.assert_array_equal(np.asarray(variable), value)
    assert float(np.asarray(model.optimizer.learning_rate)) == pytest.approx(0.02)
    left = [v.path for v in model.optimizer.variables if v.name != "learning_rate" and np.any(np.asarray(v))]
    assert left == [] and len(model.optimizer.variables) > 8


def _warm_up_in_a_process(root, **environment):
    program = "from helpers import networks; networks.warm_up(); import os; os.write(2, b'said later')"
    kept = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run([sys.executable, "-c", program], env=kept | environment, cwd=root, capture_output=True, text=True)


def test_warm_up_says_one_line_and_gives_standard_error_back(root):
    done = _warm_up_in_a_process(root)
    assert done.returncode == 0 and done.stderr == "said later"
    assert done.stdout.startswith("Getting TensorFlow ready") and done.stdout.count("\n") == 1


def test_warm_up_shows_everything_when_the_import_fails(root, tmp_path):
    broken = "import os\nos.write(2, b'libtensorflow: wrong version')\nraise ImportError('no such symbol')\n"
    for name in ("keras", "tensorflow"):
        (tmp_path / f"{name}.py").write_text(broken)
    done = _warm_up_in_a_process(root, PYTHONPATH=str(tmp_path))
    assert done.returncode != 0
    assert "libtensorflow: wrong version" in done.stderr and "ImportError: no such symbol" in done.stderr
