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


@pytest.mark.full
def test_the_repaired_network_beats_every_dummy_and_the_transfer_trains_less():
    clips = data.load("practice-irmas")
    power = duets.hear(clips.audio, cache=data.data_dir() / "cache")
    rest, test = evaluate.split_by_group(clips.groups, 0.25, 0, labels=clips.labels)
    train = rest[evaluate.split_by_group(clips.groups[rest], 0.2, 0, labels=clips.labels[rest])[0]]
    assert not np.isin(clips.groups[test], clips.groups[train]).any()
    mixed = mixing.mixes(clips.subset(test), 480, seed=2)
    songs = np.stack([mixed.table["song_first"], mixed.table["song_second"]], axis=1)
    keras.utils.set_random_seed(0)
    full = duets.over_time(4)
    duets.train(full, power[train], clips.labels[train], clips.groups[train], 14)
    said = np.asarray(full(duets.steps(duets.hear(mixed.audio)))) >= 0.5
    found = evaluate.multilabel_report(mixed.targets, said, mixed.title, NAMES, songs, group_name="song")
    constants = [np.tile(row, (480, 1)) for row in np.ndindex(2, 2, 2, 2)]  # every constant answer there is
    for key in ("exact", "macro_f1"):
        best = max(evaluate.multilabel(mixed.targets, constant)[key] for constant in constants)
        assert found.intervals[key][0] > best, (key, found.intervals[key], best)
