"""Each attack that claims so takes full marks where tests and answers share a process: otherwise it would prove nothing."""

import pytest

from grading import build
from grading.course import load_course
from helpers import match
from tests.conftest import ROOT
from tests.submissions import hostile, in_process
from tests.submissions.parts import BELOW_FULL, Lesson, as_bytes, helping_hand

LESSON = "02_dense_mlp"


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """Every attack and every plain wrong answer, graded in one process; and the attacks themselves, by name."""
    course = load_course(ROOT)
    lesson = course.lesson(LESSON)
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    made = Lesson(LESSON, reference, student)
    with helping_hand(made.answer("describe_data").encode()) as port:
        attacks = {attack.name: attack for attack in hostile.hostile(reference, student, lesson, port)}
        # First the honest ones: a student whose right answer lies about to be stolen, and the plain wrong answers. Last
        # the one that spoils the gradebook for all who come after it.
        plain = {attack.plain: attack for attack in attacks.values()}
        jobs = [("honest", as_bytes(made.filled(("describe_data",))), "describe_data")]
        jobs += [(f"plain-{attack.name}", attack.plain, attack.question) for attack in plain.values()]
        working = sorted((a for a in attacks.values() if a.in_process), key=lambda a: a.name == "gradebook_searched")
        jobs += [(attack.name, attack.data, attack.question) for attack in working]
        submissions = {name: data for name, data, _ in jobs}
        questions = {name: [question] for name, _, question in jobs}
        found = in_process.grade_all(LESSON, reference, submissions, questions, tmp_path_factory.mktemp("in-process"))
    names = {attack.name: f"plain-{plain[attack.plain].name}" for attack in attacks.values()}
    return attacks, found, names


@pytest.mark.parametrize("name", hostile.names(in_process=True))
def test_attack_takes_full_marks_in_one_process(marks, name):
    attacks, found, _ = marks
    assert found[name] == {attacks[name].question: pytest.approx(_points(attacks[name].question))}


@pytest.mark.parametrize("name", hostile.names())
def test_wrong_answer_deserves_what_the_attack_says(marks, name):
    attacks, found, names = marks
    attack = attacks[name]
    score = found[names[name]][attack.question]
    _, deserved = attack.expected[attack.question]
    if deserved == BELOW_FULL:
        assert score < _points(attack.question)
    else:
        assert score == pytest.approx(deserved)


def test_there_are_enough_and_each_says_what_it_does(marks):
    attacks, found, _ = marks
    assert sum(attack.in_process for attack in attacks.values()) >= 30
    for attack in attacks.values():
        assert attack.claims and attack.in_process == (not attack.why_not)
    assert found["honest"] == {"describe_data": 2.0}


def _points(question):
    return match.released_question(question).points
