"""Lesson 06: what it claims holds on the practice data, not only on the day it was written."""

import keras
import numpy as np
import pytest

from helpers import data, duets, evaluate, features, mixing

NAMES = ("guitar", "piano", "trumpet", "violin")


def test_a_clip_upside_down_has_the_same_spectrum_and_the_same_features():
    y = data.load("practice-irmas", size="tiny").audio[0]
    assert np.array_equal(np.abs(np.fft.rfft(y)), np.abs(np.fft.rfft(-y)))
    assert np.array_equal(features.clip_vector(y, 22050), features.clip_vector(-y, 22050))
    assert np.array_equal(duets.hear([y]), duets.hear([-y]))


def test_the_numbers_of_the_report_s_duet():
    truth = np.tile([0, 0, 1, 1], (23, 1))
    said = (np.arange(23)[:, None] < [5, 16, 17, 14]).astype(int)
    assert evaluate.multilabel(truth, said)["per_label"] == pytest.approx(0.608696, abs=1e-6)
    assert evaluate.multilabel(truth, np.tile([0, 1, 1, 1], (23, 1)))["per_label"] == 0.75


def test_the_transfer_network_trains_its_head_alone():
    clips = data.load("practice-irmas", size="tiny")
    power = duets.hear(clips.audio)
    stage1 = duets.over_time(4, "softmax")
    hidden = keras.Model(stage1.input, stage1.layers[-2].output)
    hidden.trainable = False
    inputs = keras.Input(stage1.input_shape[1:])
    transfer = keras.Model(inputs, keras.layers.Dense(4, activation="sigmoid")(hidden(inputs, training=False)))
    transfer.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    frozen = [w.numpy().copy() for w in hidden.weights]
    head = [w.numpy().copy() for w in transfer.trainable_weights]
    duets.train(transfer, power, clips.labels, clips.groups, 1, 64)
    assert all(np.array_equal(a, w.numpy()) for a, w in zip(frozen, hidden.weights, strict=True))
    assert not any(np.array_equal(a, w.numpy()) for a, w in zip(head, transfer.trainable_weights, strict=True))
    full = duets.over_time(4)
    assert sum(a.size for a in head) == 516 and sum(np.size(w) for w in full.trainable_weights) == 28_388


@pytest.mark.full
def test_the_repaired_network_beats_every_dummy():
    clips = data.load("practice-irmas")
    power = duets.hear(clips.audio, cache=data.data_dir() / "cache")
    rest, test = evaluate.split_by_group(clips.groups, 0.25, 0, labels=clips.labels)
    train = rest[evaluate.split_by_group(clips.groups[rest], 0.2, 0, labels=clips.labels[rest])[0]]
    assert not np.isin(clips.groups[test], clips.groups[train]).any()
    mixed = mixing.mixes(clips.subset(test), 480, seed=2)
    songs = np.stack([mixed.table["song_first"], mixed.table["song_second"]], axis=1)
    keras.utils.set_random_seed(0)
    full = duets.over_time(4)
    duets.train(full, power[train], clips.labels[train], clips.groups[train], 12)
    said = np.asarray(full(duets.steps(duets.hear(mixed.audio)))) >= 0.5
    found = evaluate.multilabel_report(mixed.targets, said, mixed.title, NAMES, songs, group_name="song")
    constants = [np.tile(row, (480, 1)) for row in np.ndindex(2, 2, 2, 2)]  # every constant answer there is
    for key in ("exact", "macro_f1"):
        best = max(evaluate.multilabel(mixed.targets, constant)[key] for constant in constants)
        assert found.intervals[key][0] > best, (key, found.intervals[key], best)
