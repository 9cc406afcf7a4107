"""Lesson 05: what its text says about the official table, the shares and the study, computed again."""

import functools
from pathlib import Path

import numpy as np
import pytest

from grading import build
from grading.course import load_course
from helpers import data, evaluate, study

ROOT = Path(__file__).resolve().parents[2]
LESSON = "05_lstm_medley"
OFFICIAL = {"training": (5841, 61), "validation": (3494, 27), "test": (12_236, 139)}


@functools.cache
def _story(*names):
    """Namespace of the reference's cells that define these functions, and nothing else of the lesson."""
    course = load_course(ROOT)
    namespace = {"np": np}
    exec("import librosa", namespace)
    sources = [c.source for c in build.reference_notebook(course, course.lesson(LESSON)).cells if c.cell_type == "code"]
    for name in names:
        [source] = [source for source in sources if f"def {name}(" in source]
        begin = source.index(f"def {name}(")
        lines = source[begin:].splitlines()
        end = next((i for i, line in enumerate(lines[1:], 1) if line and line[0] not in " )"), len(lines))
        exec("\n".join(lines[:end]), namespace)
    return namespace


def test_the_official_table_is_what_the_lesson_says(realdata):
    table = data.table("medley-solos-db")
    counted = _story("subset_table")["subset_table"](table["subset"], table["instrument_id"], table["song_id"], 8)
    assert {name: (part["clips"].sum(), part["songs"].sum()) for name, part in counted.items()} == OFFICIAL
    for part, entry in (("training", "train"), ("validation", "validation"), ("test", "test")):
        sheet = data.manifest("medley-solos-db").classes
        assert counted[part]["clips"].tolist() == [c.counts[entry] for c in sheet]
        assert counted[part]["songs"].tolist() == [c.counts["songs"][entry] for c in sheet]
    assert len(set(zip(table["song_id"].tolist(), table["subset"].tolist(), strict=True))) == len(set(table["song_id"]))
    last = np.flatnonzero(table["subset"] == "test")[-36:]  # 12,236 in batches of 100
    assert set(table["instrument"][last]) == {"violin"} and len(set(table["song_id"][last])) == 1


def test_features_of_real_clips(realdata):
    clips = data.load("medley-solos-db")
    describe = _story("frame_features")["frame_features"]
    for i in np.linspace(0, len(clips) - 1, 6).astype(int):
        found = describe(clips.audio[i], 22050)
        assert found.shape == (129, 21) and np.isfinite(found).all() and found.std() > 0


def test_constant_answers_and_last_batches():
    sheet = data.manifest("medley-solos-db").classes
    violin = next(entry for entry in sheet if entry.name == "violin").counts
    for part, said in (("test", 0.237), ("validation", 0.295)):
        assert violin[part] / sum(entry.counts[part] for entry in sheet) == pytest.approx(said, abs=5e-4)
    n_train = sum(entry.counts["train"] for entry in sheet)
    assert n_train == 292 * 20 + 1


def test_the_fall_splits_into_shares_and_recordings():
    sheet = data.manifest("medley-solos-db").classes
    recall = {"validation": [52, 84, 73, 33, 88, 24, 84, 90], "test": [29, 83, 69, 6, 98, 6, 50, 56]}
    shares = {part: np.array([entry.counts[part] for entry in sheet], dtype=float) for part in recall}
    shares = {part: counts / counts.sum() for part, counts in shares.items()}
    mixed = {(r, s): np.array(recall[r]) @ shares[s] for r in recall for s in shares}
    assert 80 - mixed["validation", "test"] == pytest.approx(11.5, abs=0.06)
    assert mixed["test", "validation"] - 53 == pytest.approx(13.8, abs=0.06)
    assert [round(np.mean(recall[part]), 1) for part in recall] == [66.0, 49.6]


def test_estimated_shares_come_near_the_truth_where_only_shares_moved():
    story = _story("corrected", "estimated_shares")
    rng = np.random.default_rng(0)
    old, new = np.array([0.6, 0.3, 0.1]), np.array([0.1, 0.2, 0.7])
    y = rng.choice(3, size=4000, p=new)
    x = rng.normal(size=(4000, 3)) + 1.5 * np.eye(3)[y]
    likelihood = np.exp(1.5 * x)  # of unit Gaussians that lie 1.5 apart, up to a factor that all classes share
    proba = likelihood * old / (likelihood * old).sum(axis=1, keepdims=True)
    found = story["estimated_shares"](proba, old)
    assert np.abs(found - new).max() < 0.03
    before = np.mean(proba.argmax(axis=1) == y)
    after = np.mean(story["corrected"](proba, old, found).argmax(axis=1) == y)
    assert after > before + 0.05
    unseen = story["corrected"](proba, np.array([0.6, 0.4, 0.0]), np.full(3, 1 / 3))
    assert np.all(unseen[:, 2] == 0) and np.allclose(unseen.sum(axis=1), 1)


def test_the_stored_study_is_whole():
    record = study.stored(LESSON)
    rows = [evaluate.Score(**row) for row in record["scores"]]
    assert record["date"] and record["machine"] and record["parameters"]["DATA"] == "practice-medley"
    assert all(row.interval and "practice" in row.data for row in rows)
    for kind, n_settings, over in (("as written, one step", 10, "3 seeds"), ("32 steps", 12, "5 seeds")):
        of_kind = [row for row in rows if row.kind == kind]
        assert {row.over for row in of_kind} == {over} and {row.split for row in of_kind} == {"validation", "test"}
        settings = [row.model for row in of_kind if row.split == "test"]
        assert settings[0].startswith("base") and len(settings) == len(set(settings)) == n_settings
