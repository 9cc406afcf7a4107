"""The convolutional networks: the report's weights are counted right, a training is its job's alone, augmentation moves."""

import numpy as np
import pytest

from helpers import convolution

N, N_STEPS, N_MELS = 60, 8, 12


@pytest.fixture(scope="module")
def data():
    """Two classes that differ in the order of two events alone, in clips of random level; waves of two frequencies."""
    rng = np.random.default_rng(0)
    y = np.arange(N) % 2
    log_mel = rng.normal(-40, 3, size=(N, 2 * N_STEPS, N_MELS)).astype(np.float32)
    for clip, kind in zip(log_mel, y, strict=True):
        clip[2:6, 2:5] += 30 if kind else 0
        clip[10:14, 2:5] += 0 if kind else 30
    log_mel += rng.uniform(-20, 20, size=(N, 1, 1)).astype(np.float32)
    t = np.arange(64) / 64
    waves = np.sin(2 * np.pi * np.where(y, 3, 24)[:, None] * t + rng.uniform(0, 6, size=(N, 1))).astype(np.float32)
    return {"steps": convolution.steps(log_mel, 2), "waves": waves, "y": y, "n_classes": 2}


@pytest.mark.parametrize(
    ("sizes", "settings", "count"),
    [
        ((8000, 11), {}, 25_601_019),
        ((8013, 11), {"filters": (64, 32), "dense": 50, "pools": 2}, 3_210_243),
        ((8000, 11), {"filters": (32, 32), "dropout": 0}, 12_798_043),
    ],
)
def test_the_reports_networks_have_the_reports_weights(sizes, settings, count):
    assert convolution.waveform(*sizes, **settings).count_params() == count


def test_layers_stand_in_the_reports_order():
    def kinds(model):
        return [type(layer).__name__ for layer in model.layers]

    one = ["Conv1D", "Conv1D", "Dropout", "MaxPooling1D", "Flatten", "Dense", "Dense"]
    assert kinds(convolution.waveform(50, 3, (2, 2), 4)) == one
    two = ["Conv1D", "Conv1D", "MaxPooling1D", "Dropout", "MaxPooling1D", "Flatten", "Dense", "Dense"]
    assert kinds(convolution.waveform(50, 3, (2, 2), 4, pools=2)) == two


@pytest.mark.parametrize("wrong", [{"filters": (2, 2, 2)}, {"pools": 0}, {"pools": 3}])
def test_other_shapes_of_the_reports_network_are_refused(wrong):
    with pytest.raises(ValueError, match="two convolutions"):
        convolution.waveform(50, 3, **wrong)


def test_over_time_takes_any_length_with_the_same_weights():
    model = convolution.over_time(2 * N_MELS, 3, filters=(4, 5))
    for length in (N_STEPS, 3 * N_STEPS + 1):
        proba = np.asarray(model(np.ones((2, length, 2 * N_MELS), dtype=np.float32)))
        assert proba.shape == (2, 3) and np.allclose(proba.sum(axis=1), 1, atol=1e-5)


def test_steps_do_not_tell_how_loud_a_clip_is():
    log_mel = np.random.default_rng(1).normal(-50, 9, size=(3, 11, N_MELS)).astype(np.float32)
    heard = convolution.steps(log_mel, 4)
    assert heard.shape == (3, 2, 2 * N_MELS) and heard.dtype == np.float32
    assert np.allclose(heard, convolution.steps(log_mel + 17, 4), atol=1e-3)
    assert np.allclose(heard[:, :, :N_MELS].max(axis=(1, 2)), 0)
    assert np.allclose(heard[:, 0, N_MELS:], heard[:, 1, :N_MELS] - heard[:, 0, :N_MELS], atol=1e-4)


def test_a_clip_too_short_for_two_steps_is_refused():
    with pytest.raises(ValueError, match="at least two"):
        convolution.steps(np.zeros((1, 7, N_MELS)), 4)


def test_transposing_moves_levels_and_differences_together():
    clips = np.tile(np.arange(N_MELS, dtype=np.float32), (40, 3, 2))
    clips[:, :, N_MELS:] += 100
    moved = convolution.transposed(clips, np.random.default_rng(0), most=2)
    by = (clips[:, 0, 5] - moved[:, 0, 5]).astype(int)
    assert set(by.tolist()) == {-2, -1, 0, 1, 2}
    for clip, shift in zip(moved, by, strict=True):
        want = np.clip(np.arange(N_MELS) - shift, 0, N_MELS - 1)
        assert np.array_equal(clip, np.tile(np.concatenate([want, want + 100]), (3, 1)))
    assert np.array_equal(convolution.transposed(clips, np.random.default_rng(0), most=0), clips)


def test_backwards_is_what_the_reversed_sound_gives():
    log_mel = np.random.default_rng(2).normal(-50, 9, size=(4, 12, N_MELS)).astype(np.float32)
    there = convolution.reversed_in_time(convolution.steps(log_mel, 3), np.random.default_rng(0))
    assert np.allclose(there, convolution.steps(log_mel[:, ::-1], 3), atol=1e-4)
    assert not np.allclose(there, convolution.steps(log_mel, 3), atol=1)


JOBS = [
    (convolution.train_over_time, {"filters": (8,), "epochs": 25, "batch_size": 10}),
    (convolution.train_over_time, {"filters": (8,), "epochs": 12, "batch_size": 10, "augment": "transpose", "copies": 2}),
    (convolution.train_waveform, {"filters": (4, 4), "dense": 8, "epochs": 25, "batch_size": 10}),
]


@pytest.mark.parametrize(("train", "job"), JOBS)
def test_what_differs_is_learnt(data, train, job):
    result = train(data, train=np.arange(40), ask=np.arange(40, N), seed=0, **job)
    assert result["proba"].shape == (20, 2)
    assert np.mean(result["proba"].argmax(axis=1) == data["y"][40:]) > 0.85


@pytest.mark.parametrize(("train", "job"), JOBS)
def test_a_training_does_not_depend_on_those_before_it(data, train, job):
    job = {**job, "train": np.arange(40), "ask": np.arange(40, N), "epochs": 2}
    first, other, again = (train(data, seed=seed, **job)["proba"] for seed in (1, 2, 1))
    assert np.allclose(first, again, atol=1e-6) and not np.allclose(first, other, atol=1e-3)


def test_levels_of_the_training_clips_are_the_scale(data):
    job = dict(train=np.arange(40), ask=np.arange(40, N), seed=0, epochs=1, filters=(4,))
    shifted = {**data, "steps": data["steps"].copy()}
    shifted["steps"][40:] += 50
    plain, far = (convolution.train_over_time(these, **job)["proba"] for these in (data, shifted))
    assert not np.allclose(plain, far, atol=1e-3)


@pytest.mark.parametrize("half", [{"augment": "transpose"}, {"copies": 3}])
def test_an_augmentation_without_copies_is_refused(data, half):
    with pytest.raises(ValueError, match="copies need an augmentation"):
        convolution.train_over_time(data, train=[0, 1], ask=[2], seed=0, **half)
