"""Lessons 04 to 07: what is promised of every question holds for the answers bank, and the limits that the text names."""

import ast
import re
import time

import pytest

from grading.course import load_course
from tests.conftest import ROOT
from tests.lessons.test_answers import _reference, _score

LESSONS = ("04_cnn_nsynth", "05_lstm_medley", "06_duets_irmas", "07_musicnet")
NEEDS_A_LIBRARY = {
    "build_conv_over_time": "returns a Keras model",
    "build_lstm": "returns a Keras model",
    "build_transfer": "returns a Keras model",
    "build_two_heads": "returns a Keras model",
    "frame_features": "asks for three functions of librosa",
    "train_online": "asks for a class of scikit-learn",
}
QUESTIONS = [
    (lesson.name, cell.id.removesuffix("-test"))
    for lesson in load_course(ROOT).lessons
    if lesson.name in LESSONS
    for cell in _reference(lesson.name).cells
    if cell.id.endswith("-test")
]
PLAIN = [(lesson, question) for lesson, question in QUESTIONS if question not in NEEDS_A_LIBRARY]


def test_all_questions_are_looked_at():
    assert len(QUESTIONS) == 28 and NEEDS_A_LIBRARY.keys() < {question for _, question in QUESTIONS}


@pytest.mark.parametrize(("lesson", "question"), PLAIN)
def test_an_answer_in_plain_python_is_right_and_fast_enough(lesson, question, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = ROOT / "tests" / "answers" / lesson / question / "right_plain_python.py"
    answer = path.read_text(encoding="utf-8")
    tree = ast.parse(answer)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in (part.name for part in node.names)}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"cmath", "math", "random", "itertools", "collections"}, "nothing but the standard library"
    assert not used & {"np", "pd", "tf", "keras", "librosa", "signal"}, "nothing that the lesson imports"
    for _ in range(2):  # what is imported for the first time is no time of the answer's
        start = time.process_time()
        score, points = _score(lesson, question, answer, path)
        seconds = time.process_time() - start
        assert score == points, capsys.readouterr().out
    assert seconds < 2, f"{seconds:.1f} s of CPU time: the sizes of this question's tests are too large for plain Python"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_text_names_the_limit_that_grading_has(lesson):
    story = (ROOT / "solutions" / lesson / f"{lesson}.py").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"Grading stops a question after (\d+) seconds of CPU time", story)
    assert int(seconds) == load_course(ROOT).limits.cpu_seconds
