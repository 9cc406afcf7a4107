"""Lesson 07 on the real table and scores of MusicNet: the metadata give the composer away, and all scores are read."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from grading import build
from grading.course import load_course
from helpers import data, evaluate, leaks

ROOT = Path(__file__).resolve().parents[2]
LESSON = "07_musicnet"


@pytest.fixture(scope="module")
def cells():
    course = load_course(ROOT)
    return [cell.source for cell in build.reference_notebook(course, course.lesson(LESSON)).cells if cell.cell_type == "code"]


@pytest.fixture
def real(realdata, monkeypatch, tmp_path):
    """Only the excerpts are at hand: the real table and scores, no recordings."""
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))


def run(cells, start, namespace):
    """Run the one cell that begins like this; what it printed."""
    (source,) = [cell for cell in cells if cell.startswith(start)]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, start, "exec"), namespace)
    return printed.getvalue()


def names_of(**more):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from tqdm import tqdm

    from helpers import multioutput

    return {"np": np, "pd": pd, "data": data, "leaks": leaks, "evaluate": evaluate, "multioutput": multioutput,
            "display": lambda frame: print(frame.to_string()), "DATA": "musicnet", "tqdm": tqdm, "TINY": False,
            "StandardScaler": StandardScaler, "LogisticRegression": LogisticRegression, "make_pipeline": make_pipeline,
            "sys": __import__("sys"), **more}  # fmt: skip


def test_the_real_table_gives_the_composer_away(real, cells):
    namespace = names_of()
    assert "Beethoven" in run(cells, "meta = data.table(DATA)", namespace) and namespace["TABLE"].startswith("musicnet (real")
    assert "348 copies" in run(cells, 'kept = counts["id"]', namespace)
    printed = run(cells, "def by_key(table):", namespace) + run(cells, "backwards = shortcuts(", namespace)
    keys = ["ensemble", "ensemble and performer"]
    alphabet, backwards = (np.round(namespace[name].loc[keys].to_numpy().T.ravel(), 3).tolist() for name in (
        "ten", "backwards"))  # fmt: skip
    assert backwards == [0.652, 0.912, 0.579, 0.733], "a recording left out, then a work"
    assert alphabet == [0.664, 0.912, 0.582, 0.733], "ties move a few thousandths"
    seven = namespace["shortcuts"](namespace["seven"]).loc[keys].to_numpy().T.ravel()
    assert namespace["in_seven"].sum() == 319 and np.allclose(seven, [0.687, 0.918, 0.599, 0.759], atol=0.016), seven
    assert all(f"{share:.3f}" in printed for share in (0.652, 0.912, 0.579, 0.733, 0.664, 0.582))


def test_the_reference_answer_says_the_same_of_the_real_table(real, cells):
    namespace = names_of()
    (answer,) = [cell for cell in cells if cell.startswith("# question: shortcut_accuracy")]
    exec(compile(answer, "answer", "exec"), namespace)
    meta = data.table("musicnet")
    both = np.char.add(meta["ensemble"], meta["source"])
    found = [namespace["shortcut_accuracy"](key, meta["composer"], group)
             for group in (meta["id"], meta["work"]) for key in (meta["ensemble"], both)]  # fmt: skip
    assert np.round(found, 3).tolist() == [0.664, 0.912, 0.582, 0.733]


@pytest.mark.full
def test_all_real_scores_are_read_and_learnt_from(real, cells):
    namespace = names_of()
    run(cells, "meta = data.table(DATA)", namespace)
    run(cells, "def by_key(table):", namespace)
    assert "330 scores" in run(cells, "def score_numbers(notes):", namespace)
    run(cells, "N = np.array(scores_of)", namespace)
    reports = namespace["score_reports"]
    assert namespace["N"].shape[0] == 330 and np.isfinite(namespace["N"]).all()
    reader, constant = reports["score, logistic regression"], reports["table: nothing"]
    assert reader.n == 330 and reader.data == "musicnet (real, reference scores)"
    assert reader.macro_recall > constant.macro_recall + 0.1 and reader.accuracy_interval[0] > constant.accuracy
