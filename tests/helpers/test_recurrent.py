"""The recurrent networks: the report's weights are counted right, one step has no memory, a training is its job's alone."""

import numpy as np
import pytest

from helpers import recurrent

N, STEPS, FEATURES = 60, 6, 3


@pytest.fixture(scope="module")
def data():
    """Two classes that differ in the order of their steps alone: rising and falling, on a shared level."""
    rng = np.random.default_rng(0)
    y = np.arange(N) % 2
    ramp = np.linspace(-1, 1, STEPS) * np.where(y, 1, -1)[:, None]
    X = (100 + 50 * ramp[:, :, None] + 5 * rng.normal(size=(N, STEPS, FEATURES))).astype(np.float32)
    return {"X": X, "y": y, "n_classes": 2}


def gradients(n_steps):
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    model = recurrent.lstm(5, 4, (6, 6), 0.1)
    x = np.random.default_rng(0).normal(size=(8, n_steps, 5)).astype("float32")
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(tf.math.log(model(x)[:, 0]))
    kernels = [layer.cell.recurrent_kernel for layer in model.layers if hasattr(layer, "cell")]
    return [float(tf.norm(gradient)) for gradient in tape.gradient(loss, kernels)]


def test_the_reports_network_has_the_reports_weights():
    assert recurrent.lstm(63, 8, (500, 500), 0.1, learning_rate=1e-4).count_params() == 3_134_008


def test_one_step_leaves_the_recurrent_weights_without_gradient():
    assert gradients(1) == [0.0, 0.0]
    assert min(gradients(4)) > 0


def test_order_in_time_is_learnt_and_needs_steps(data):
    rows = np.arange(N)
    job = dict(train=rows[:40], ask=rows[40:], seed=0, epochs=30, batch_size=10, units=(8,), learning_rate=0.02)
    with_time = recurrent.train(data, **job)
    assert np.mean(with_time["proba"].argmax(axis=1) == data["y"][40:]) > 0.9
    forgetful = {**data, "X": np.repeat(data["X"].mean(axis=1, keepdims=True), STEPS, axis=1)}
    without = recurrent.train(forgetful, **job)
    assert np.mean(without["proba"].argmax(axis=1) == data["y"][40:]) < 0.8


def test_a_training_does_not_depend_on_those_before_it(data):
    rows = np.arange(N)
    job = dict(train=rows[:40], ask=rows[40:], epochs=2, units=(4,), dropout=0.3)
    first = recurrent.train(data, seed=1, **job)
    recurrent.train(data, seed=2, learning_rate=0.1, **job)
    again = recurrent.train(data, seed=1, **job)
    other = recurrent.train(data, seed=2, **job)
    assert np.allclose(first["proba"], again["proba"], atol=1e-6)
    assert not np.allclose(first["proba"], other["proba"], atol=1e-3)


def test_rate_and_optimiser_are_applied(data):
    rows = np.arange(N)
    job = dict(train=rows[:40], ask=rows[40:], seed=1, epochs=3, units=(4,))
    still = recurrent.train(data, learning_rate=0.0, **job)["loss"]
    assert np.ptp(still) < 1e-5
    losses = {name: recurrent.train(data, optimizer=name, learning_rate=0.05, **job)["loss"] for name in recurrent.OPTIMIZERS}
    assert len({round(float(loss[-1]), 5) for loss in losses.values()}) == 3


def test_what_each_clip_costs(data):
    rows = np.arange(N)
    result = recurrent.train(data, train=rows[:40], ask=rows[40:], seed=0, epochs=3, units=(4,), watch=True)
    assert result["clip_losses"].shape == (3, 40) and result["clip_losses"].min() > 0
    assert result["clip_losses"].mean(axis=1)[-1] < np.log(2) + 0.3


def test_balanced_classes_lift_the_rare_one(data):
    y = (np.arange(N) % 6 == 0).astype(int)
    noise = np.random.default_rng(1).normal(size=data["X"].shape).astype(np.float32)
    rare = {"X": noise, "y": y, "n_classes": 3}  # nothing to learn but the shares; class 2 does not occur
    job = dict(train=np.arange(N), ask=np.arange(N), seed=0, epochs=15, learning_rate=0.01, units=(4,))
    plain, even = (recurrent.train(rare, balanced=b, **job)["proba"].mean(axis=0) for b in (False, True))
    assert plain[1] < 0.35 < even[1]


@pytest.mark.parametrize(
    "wrong", [{"units": ()}, {"units": (0,)}, {"n_features": 0}, {"dropout": 1.0}, {"dropout": -0.1}, {"optimizer": "rmsprop"}]
)
def test_strange_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match="needed|share|one of"):
        recurrent.lstm(**{"n_features": 3, "n_classes": 2, **wrong})


def test_a_new_recording_changes_the_room_and_not_the_tune():
    sr, n = 22050, 22050
    y = (0.3 * np.sin(2 * np.pi * 440 * np.arange(n) / sr) * np.linspace(1, 0.2, n)).astype(np.float32)
    first, again, other = (recurrent.re_record(y, sr, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and first.dtype == np.float32 and len(first) == n
    assert np.abs(first / np.abs(first).max() - other / np.abs(other).max()).max() > 0.05
    for seed in range(20):
        heard = recurrent.re_record(y, sr, seed)
        assert 10 ** (-25 / 20) < np.abs(heard).max() < 10 ** (-5 / 20)
        assert abs(np.abs(np.fft.rfft(heard)).argmax() * sr / n - 440) < 2


def test_a_silent_clip_stays_silent():
    assert not recurrent.re_record(np.zeros(5000), 22050, 0).any()


def test_clips_recorded_anew_are_read_like_files(tmp_path):
    from helpers import audio, data

    path = tmp_path / "a.wav"
    audio.write(path, audio.tone(300, 22050, 0.5), 22050)
    clips = data.Clips([recurrent.ReRecorded(path, 0), recurrent.ReRecorded(path, 1)], 22050)
    assert len(clips[0]) == 11025 and not np.allclose(clips[0], clips[1])
    assert np.array_equal(clips[0], clips[0])
    assert clips.content() != data.Clips([path, path], 22050).content()
    assert clips[:1].content() != clips[1:].content()
