"""The loop of somebody who learns alone: try, message, hint, progress that stays, the solution after honest tries."""

import json
import types

import pytest

from helpers import _notebook, checks, match, progress

STUB = "# question: double\ndef double(x):\n    raise NotImplementedError()"
CHECKS = """q = checks.question("double")
with q.check("twice", hint="look at the factor"):
    assert double(2) == 4, "twice the argument was asked for"
with q.check("of-zero"):
    assert double(0) == 0, "twice nothing is nothing"
q.score()"""
RIGHT = "# question: double\ndef double(x):\n    return 2 * x"


@pytest.fixture
def lesson(monkeypatch, tmp_path):
    """A released lesson of one question, in a folder of its own; returns a function that changes where solutions lie."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))

    def release(answers=""):
        question = match.ReleasedQuestion("double", 3, 4, ("double",), "double", "d-test", "d-test", STUB, CHECKS)
        lessons = {"01_x": match.Released("01_x", "abc", "A title", (question,), ("double", "d-test"), answers)}
        monkeypatch.setattr(match, "released_lessons", lambda: lessons)

    release()
    return release


@pytest.fixture
def notebook(monkeypatch):
    """A notebook with a person before it: a function that runs a cell, as Jupyter does, and keeps what was run."""
    names = {"In": [""], "checks": checks}
    monkeypatch.setattr(_notebook, "shell", lambda: types.SimpleNamespace(user_ns=names))
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")

    def run(source):
        names["In"].append(source)
        exec(compile(source, f"<cell {len(names['In'])}>", "exec"), names)

    return run


def attempt(notebook, body):
    notebook(f"# question: double\ndef double(x):\n    return {body}")
    notebook(CHECKS)


def test_the_first_try_gets_the_message_the_second_the_hint(lesson, notebook, capsys):
    attempt(notebook, "x")
    out = capsys.readouterr().out
    assert "twice the argument was asked for" in out
    assert "look at the factor" not in out and "checks.hint('double')" in out
    checks.hint("double")
    assert "look at the factor" in capsys.readouterr().out
    attempt(notebook, "x + 1")
    assert "look at the factor" in capsys.readouterr().out


def test_the_same_answer_again_is_no_new_try_and_a_comment_does_not_make_it_one(lesson, notebook, capsys):
    for body in ("x", "x  # the same", "x"):
        attempt(notebook, body)
    assert len(progress.read("01_x")["double"].tries) == 1
    assert "look at the factor" not in capsys.readouterr().out


def test_the_stub_and_what_is_not_python_are_no_tries(lesson):
    question = match.released_question("double")
    for source in (STUB, STUB + "  # still", "def double(x:\n", ""):
        assert progress.tried("01_x", question, source) == 0


def test_a_program_that_runs_the_notebook_sees_everything_and_leaves_nothing(lesson, notebook, monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("JPY_SESSION_NAME")  # as in nbgrader, nbclient, `course run`
    attempt(notebook, "x")
    assert "look at the factor" in capsys.readouterr().out
    assert not (tmp_path / "progress").exists()


def test_progress_is_there_at_the_next_visit(lesson, notebook, capsys):
    attempt(notebook, "2 * x if x else 1")
    attempt(notebook, "x + 5")
    kept = progress.read("01_x")["double"]
    assert (len(kept.tries), kept.passed, kept.best, kept.n_checks) == (2, 0, 1, 2)
    notebook(RIGHT)
    shown = checks.run_all()
    assert "3 of 3" in str(shown)
    assert "<caption" in shown.html and "answers tried" in shown.html


def test_run_one_runs_the_released_checks_even_where_the_cell_was_edited(lesson, notebook, capsys):
    notebook(RIGHT)
    assert checks.run("double") == 3.0
    notebook(RIGHT.replace("2 *", "3 *"))
    assert checks.run("double") == 1.5
    assert "2 more run when this is graded" in capsys.readouterr().out


def test_run_all_wants_a_name_where_it_cannot_know_the_lesson(lesson, notebook):
    with pytest.raises(ValueError, match="name the lesson"):
        checks.run_all()
    with pytest.raises(ValueError, match="no lesson '99'"):
        checks.run_all("99")


def test_the_solution_opens_after_three_honest_tries_where_it_is_published(lesson, notebook, tmp_path, capsys):
    attempt(notebook, "x")
    checks.solution("double")
    assert "does not publish" in capsys.readouterr().out
    cell = {"cell_type": "code", "source": RIGHT, "metadata": {"nbgrader": {"grade_id": "double"}}}
    published = tmp_path / "answers.ipynb"
    published.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    lesson(published.as_uri())
    checks.solution("double")
    out = capsys.readouterr().out
    assert "after 3 different answers of your own; 1 so far" in out and "2 * x" not in out
    attempt(notebook, "x + 1")
    attempt(notebook, "x + 2")
    assert "checks.solution('double')" in capsys.readouterr().out
    checks.solution("double")
    assert "return 2 * x" in capsys.readouterr().out


def test_a_damaged_or_unwritable_store_costs_no_check(lesson, notebook, tmp_path, monkeypatch, capsys):
    (tmp_path / "progress").mkdir()
    (tmp_path / "progress" / "01_x.json").write_text("{half", encoding="utf-8")
    attempt(notebook, "x")
    assert len(progress.read("01_x")["double"].tries) == 1

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress, "_write", full)
    attempt(notebook, "2 * x")
    out = capsys.readouterr().out
    assert "could not be kept" in out and "2 of 2 checks passed" in out


def test_a_hint_before_any_check_and_after_all_pass(lesson, notebook, capsys, monkeypatch):
    monkeypatch.setattr(checks, "_LAST", {})
    checks.hint("double")
    assert "Run the checks of double first" in capsys.readouterr().out
    attempt(notebook, "2 * x")
    capsys.readouterr()
    checks.hint("double")
    assert "all visible checks pass" in capsys.readouterr().out
