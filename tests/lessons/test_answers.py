"""Every answer in ``tests/answers``: right ones get full points, wrong ones less, with the kind of message they name.

A wrong answer's file begins with ``# wrong: <misconception>`` and ``# message: <regular expression>``.
"""

import ast
import functools
import re
from pathlib import Path

import pytest

from grading import build
from grading.course import load_course

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = sorted((ROOT / "tests" / "answers").glob("*/*/*.py"))


@functools.cache
def _reference(lesson_name):
    course = load_course(ROOT)
    return build.reference_notebook(course, course.lesson(lesson_name))


@functools.cache
def _imports(lesson_name):
    namespace = {}
    exec(build.import_lines(_reference(lesson_name)), namespace)
    return namespace


def _score(lesson_name, question, answer, path):
    """What a test cell gives for an answer: its last expression, as the notebook would show it."""
    cells = {cell.id: cell for cell in _reference(lesson_name).cells}
    test = cells[f"{question}-test"]
    namespace = {**_imports(lesson_name), "__name__": "__main__"}
    exec(compile(answer, str(path), "exec"), namespace)
    tree = ast.parse(test.source)
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<test cell>", "exec"), namespace)
    return eval(compile(last, "<test cell>", "eval"), namespace), test.metadata.nbgrader.points


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: "/".join(path.parts[-3:]))
def test_answer_gets_what_it_deserves(path, capsys, tmp_path, monkeypatch):
    lesson, question = path.parts[-3:-1]
    monkeypatch.chdir(tmp_path)
    answer = path.read_text(encoding="utf-8")
    score, points = _score(lesson, question, answer, path)
    printed = capsys.readouterr()
    assert type(score) is float
    assert printed.err == "", "a check must not write to standard error"
    if path.name.startswith("right_"):
        assert score == points, printed.out
        return
    lines = answer.splitlines()
    assert path.name.startswith("wrong_"), "an answer file is named right_*.py or wrong_*.py"
    assert lines[0].startswith("# wrong: ") and lines[1].startswith("# message: "), "the two lines that say what is wrong"
    assert score < points, f"slips through: {lines[0]}\n{printed.out}"
    assert re.search(lines[1].removeprefix("# message: "), printed.out, re.IGNORECASE), printed.out


def test_every_question_has_answers_of_both_kinds():
    for lesson in load_course(ROOT).lessons:
        for cell in _reference(lesson.name).cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if not name.endswith("-test"):
                continue
            folder = ROOT / "tests" / "answers" / lesson.name / name.removesuffix("-test")
            assert len(list(folder.glob("right_*.py"))) >= 3, f"{folder}: at least three right answers"
            assert len(list(folder.glob("wrong_*.py"))) >= 6, f"{folder}: at least six wrong answers"
