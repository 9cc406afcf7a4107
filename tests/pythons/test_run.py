"""Marks under several Pythons: what counts as a difference, and what a person is asked to look at."""

from tests.pythons import run


def result(score=1.0, outcome="partial", failed=("a",), message="told"):
    return {
        "score": score,
        "outcome": outcome,
        "message": message,
        "checks": [{"name": name, "passed": name not in failed, "message": f"{name} is wrong"} for name in "ab"],
    }


def compared(one, other):
    return run.compare({"3.13": {"01": {"q/right: x": one}}, "3.12": {"01": {"q/right: x": other}}})


def test_equal_results_are_no_difference_whatever_the_messages_say():
    assert compared(result(), result(message="other words")) == ([], [])


def test_marks_outcomes_and_failed_checks_are_compared():
    (line,), _ = compared(result(), result(score=0.5))
    assert "01/q/right: x" in line and "3.13 and 3.12" in line and "score 1.0 and 0.5" in line
    (line,), _ = compared(result(), result(outcome="error"))
    assert "outcome partial and error" in line
    (line,), _ = compared(result(), result(failed=("b",)))
    assert "check a fails in the first alone (a is wrong)" in line and "check b fails in the second alone" in line


def test_what_no_check_explains_is_told_by_its_message():
    (line,), _ = compared(result(failed=()), result(outcome="timeout", failed=(), message="too long"))
    assert "told | too long" in line


def test_a_question_for_a_person_is_no_difference_and_tells_its_reason():
    wrong, (line,) = compared(result(), result(0.0, run.NEEDS_REVIEW, message="needs Python 3.12"))
    assert not wrong and "needs Python 3.12" in line


def test_a_python_that_is_not_there_is_none(tmp_path):
    from tests import environments

    assert environments.interpreter("3.99") is None
    assert environments.interpreter("3.99") == run.environment("3.99", tmp_path, tmp_path / "env")
