"""What lesson 04 says about the report's networks, and what it quotes from its long run."""

import re

import pytest

from grading.course import load_course
from helpers import convolution, evaluate, study
from tests.conftest import ROOT

LESSON = "04_cnn_nsynth"


@pytest.fixture(scope="module")
def story():
    return (ROOT / "solutions" / LESSON / f"{LESSON}.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def kept():
    return study.stored(LESSON)


def test_the_long_run_was_made_on_named_data_and_can_stand_in_the_table(kept):
    rows = [evaluate.Score(**row) for row in kept["scores"]]
    assert {row.model for row in rows} == {"model 1", "model 2"}
    assert kept["parameters"] == {"DATA": "practice-nsynth"} and kept["date"] and kept["machine"]
    for row in rows:
        assert "practice" in row.data and row.kind == "as written" and row.interval and "seed" in row.note
    evaluate.score_table(rows, "these can stand in one table")


def test_the_long_run_trained_networks_of_the_reports_size(kept):
    sizes = {"model 1": convolution.waveform(8000, 11), "model 2": convolution.waveform(8013, 11, (64, 32), 50, pools=2)}
    for row in kept["scores"]:
        assert row["note"].startswith(f"{sizes[row['model']].count_params():,} weights")


def test_only_the_long_cells_train_the_full_networks(story):
    cells = re.split(r"^# %%", story, flags=re.MULTILINE)
    training = [cell for cell in cells if re.search(r"in_full\(", cell)]
    assert training and all('"long"' in cell.splitlines()[0] for cell in training)
    student = (ROOT / "notebooks" / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert "in_full(" not in student


def test_real_data_are_one_word_away(story):
    lesson = load_course(ROOT).lesson(LESSON)
    assert lesson.real == {"DATA": "nsynth"} and '\nDATA = "practice-nsynth"\n' in story
