"""The tests of the lessons are tested: listed answers get what they deserve, and a broken test is noticed."""

import ast
import types

import numpy as np
import pytest
import yaml

from grading import build, gauge, mutants, sandbox
from grading.course import CourseError, load_course
from tests.conftest import ROOT

COURSE = load_course(ROOT)
LESSON, QUESTION = "01_feature_extraction", "spectral_centroid"

walled = pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not() or "the sandbox is here")

ANSWER = '''
def share(X_train, X_test, axis=0):
    """Mean of X_train - 1 over axis 0."""
    if X_train.ndim == 0:
        return 0.5, True
    return X_train.mean(axis=0) - 1, X_test[1:]
'''


def test_mutants_differ_from_the_answer_and_from_each_other_and_leave_its_head_alone():
    found = mutants.mutants(ANSWER)
    sources = [mutant.source for mutant in found]
    assert len(set(sources)) == len(sources) > 10
    before = ast.parse(ANSWER).body[0]
    for mutant in found:
        after = ast.parse(mutant.source).body[0]
        assert ast.dump(after.args) == ast.dump(before.args)
        assert ast.get_docstring(after) == ast.get_docstring(before)
        assert ast.dump(after) != ast.dump(before)
        assert mutant.was != mutant.now


@pytest.mark.parametrize(
    "now",
    [
        "return (X_train.mean(axis=0) + 1, X_test[1:])",
        "return (X_train.mean(axis=1) - 1, X_test[1:])",
        "return (X_train.mean() - 1, X_test[1:])",
        "return (X_test.mean(axis=0) - 1, X_test[1:])",
        "return (X_train.mean(axis=0) - 2, X_test[1:])",
        "return (X_train.mean(axis=0) - 1, X_test[:])",
        "return (X_test[1:], X_train.mean(axis=0) - 1)",
        "if X_train.ndim != 0:",
        "return (1.0, True)",
        "return (0.5, False)",
    ],
)
def test_the_faults_that_are_planted(now):
    assert any(now in map(str.strip, mutant.source.splitlines()) for mutant in mutants.mutants(ANSWER))


def test_a_setting_that_is_the_default_anyway_is_no_fault_to_forget():
    answer = "def f(x):\n    return np.round(x, decimals=0) + np.round(x, decimals=1)\n"
    dropped = [mutant.now for mutant in mutants.mutants(answer, {"np": np}) if "decimals" in mutant.was]
    assert not any(now.startswith("return np.round(x) + ") for now in dropped)
    assert any(now.endswith("+ np.round(x)") for now in dropped)


def test_a_setting_that_changes_no_result_is_left_alone():
    answer = "def f(a, b):\n    return list(zip(a, b, strict=True))\n"
    assert all("strict=True" in mutant.source for mutant in mutants.mutants(answer))


def test_a_long_line_is_shown_around_its_difference():
    answer = f"def f(x):\n    return [{', '.join(map(str, range(1000, 1100)))}]\n"
    (one, *_) = mutants.mutants(answer)
    assert len(one.was) < 120 and one.was.startswith("return") and one.was.endswith("…")


def test_no_mutant_uses_a_name_that_the_answer_has_not():
    assert not any("X_val" in mutant.source for mutant in mutants.mutants(ANSWER))


@walled
@pytest.mark.parametrize("name", [lesson.name for lesson in COURSE.lessons])
def test_listed_answers_get_what_they_deserve_behind_the_walls(name):
    found = gauge.gauge(COURSE, [COURSE.lesson(name)], listed_only=True, n_seeds=1, progress=False)
    assert len(found) == 7
    assert gauge.good(found), gauge.table(found)
    for one in found:
        assert one.answers["right"] >= 3, f"{one.question}: at least three right answers"
        assert one.answers["wrong"] >= 6, f"{one.question}: at least six wrong answers"


@pytest.fixture
def one_question(monkeypatch):
    """A function that gauges one question, its test cell and its answers changed by functions."""
    listed, reference = gauge.listed, build.reference_notebook

    def measured(cell=lambda source: source, answers=lambda found: found, **options):
        def changed(course, lesson):
            notebook = reference(course, lesson)
            test = next(one for one in notebook.cells if one.id == f"{QUESTION}-test")
            before, test.source = test.source, cell(test.source)
            assert cell("unchanged?") == "unchanged?" or test.source != before, "the change met nothing"
            return notebook

        monkeypatch.setattr(build, "reference_notebook", changed)
        own = [answer for answer in listed(COURSE, COURSE.lesson(LESSON)) if answer.question == QUESTION]
        monkeypatch.setattr(gauge, "listed", lambda *_: answers(own))
        options = {"listed_only": True, "n_seeds": 1} | options
        found = gauge.gauge(COURSE, [COURSE.lesson(LESSON)], progress=False, **options)
        return next(one for one in found if one.question == QUESTION)

    return measured


def only(source, old, new):
    """Source with a text replaced; the marker of the fixture for "is this a change at all?" comes back changed."""
    return source.replace(old, new) if source != "unchanged?" else "changed"


@walled
def test_a_test_that_is_too_strict_is_noticed(one_question):
    found = one_question(lambda source: only(source, "q.score()", "with q.check('x'):\n    assert False\nq.score()"))
    assert len(found.refused) == found.answers["right"] >= 3
    assert not found.good


@walled
def test_a_hidden_test_that_forgives_everything_is_noticed(one_question):
    def forgiving(source):
        if source == "unchanged?":
            return "changed"
        head, mark, _ = source.partition("### BEGIN HIDDEN TESTS")
        check = f"with q.check('defined'):\n    assert callable({QUESTION})\n"
        return f"q = checks.question({QUESTION!r})\n{mark}\n{check}### END HIDDEN TESTS\nq.score()"

    found = one_question(forgiving)
    assert len(found.slipped) == found.answers["wrong"]
    assert found.caught("wrong") == 0
    assert not found.good
    assert "slips through" in gauge.table([found])


@walled
def test_a_mark_that_hangs_on_the_seed_is_noticed(one_question):
    lucky = "with q.check('luck'):\n    assert q.rng.integers(2)\nq.score()"
    found = one_question(lambda source: only(source, "q.score()", lucky), n_seeds=8)
    assert any("lost by luck in " in said for said in found.changing)  # which check it was, too
    assert not found.good


def test_an_answer_left_to_a_person_is_neither_refused_nor_caught():
    def one(outcome, score):
        return [{"outcome": outcome, "score": score, "message": "why", "checks": [], "seconds": 0.1}]

    answers = [gauge.Answer("q", kind, f"{kind}: a", "") for kind in (gauge.RIGHT, gauge.WRONG)]
    lesson, question = types.SimpleNamespace(name="l"), {"id": "q", "points": 3}
    left = {("q", answer.name): one("needs_review", 0.0) for answer in answers}
    found = gauge._judged(lesson, question, answers, left, 0)
    assert found.good and found.refused == [] and len(found.reviewed) == 2
    assert "left to a person: right: a (why)" in gauge.table([found])
    lost = left | {("q", "right: a"): one("error", 0.0)}
    assert not gauge._judged(lesson, question, answers, lost, 0).good


def test_a_mark_that_changes_names_the_check_or_the_end_before_any_check():
    def result(outcome, **passed):
        return {"outcome": outcome, "checks": [{"name": name, "passed": good} for name, good in passed.items()]}

    results = [result("passed", a=True, b=True), result("partial", a=False, b=True), result("timeout")]
    assert gauge._losses(results) == "a in 1 of 3, timeout in 1 of 3"
    assert gauge._losses([result("partial", a=False, b=True), result("failed", a=False, b=False)]) == "b in 1 of 2"


@walled
def test_a_message_that_says_something_else_is_noticed(one_question):
    def other(found):
        return [
            gauge.Answer(one.question, one.kind, one.name, one.source, "no message says this" if one.pattern else "")
            for one in found
        ]

    found = one_question(answers=other)
    assert len(found.unexplained) == found.answers["wrong"]
    assert not found.good


def test_equivalent_mutants_need_a_reason(tmp_path, monkeypatch):
    course = COURSE.model_copy(update={"root": tmp_path})
    folder = tmp_path / "tests" / "answers" / LESSON
    folder.mkdir(parents=True)
    (folder / gauge.EQUIVALENT).write_text(yaml.safe_dump({QUESTION: [{"was": "a", "now": "b"}]}), encoding="utf-8")
    with pytest.raises(CourseError, match="why"):
        gauge._equivalent(course, COURSE.lesson(LESSON))


def test_an_answer_without_its_two_lines_is_named(tmp_path):
    course = COURSE.model_copy(update={"root": tmp_path})
    path = tmp_path / "tests" / "answers" / LESSON / QUESTION / "wrong_x.py"
    path.parent.mkdir(parents=True)
    path.write_text("def spectral_centroid(S, freq):\n    return 0\n", encoding="utf-8")
    with pytest.raises(CourseError, match="wrong_x.py"):
        gauge.listed(course, COURSE.lesson(LESSON))


def test_every_equivalent_mutant_is_one_of_the_mutants_there_are():
    for lesson in COURSE.lessons:
        made = {answer.question: set() for answer in gauge.listed(COURSE, lesson)}
        for answer in gauge._mutants(build.reference_notebook(COURSE, lesson)):
            made.setdefault(answer.question, set()).add(answer.name)
        for question, names in gauge._equivalent(COURSE, lesson).items():
            assert names <= made[question], names - made[question]
