"""Results in nbgrader's own tree: its tools read them, and what a person sets in formgrader stays."""

import csv
import json
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config, PyFileConfigLoader

from grading import build, gradebook, results
from grading.submissions import Submission, SubmissionError
from helpers import match

LESSON = "01_small"
EVIL = "<script>alert(1)</script>"


def submission(student, data, seconds=1_700_000_000.5):
    def read():
        if isinstance(data, Exception):
            raise data
        return data

    return Submission(student, student, "", f"{student}.ipynb", seconds, SimpleNamespace(read=read))


def result(student, score, outcome=None, **changes):
    outcome = outcome or ("passed" if score == 3 else "failed")
    check = {"name": "uses-train-statistics", "passed": score == 3, "weight": 2, "message": "fitted on the test set?", "hint": ""}
    question = {"id": "standardise", "score": float(score), "max_score": 3.0, "outcome": outcome, "message": "a sentence",
                "seconds": 0.1, "found_by": "grade id", "checks": [check]}  # fmt: skip
    return {"student": student, "name": student.title(), "lesson": LESSON, "release": "x", "score": float(score),
            "max_score": 3.0, "error": "", "notes": [], "questions": [question], "environment": {}} | changes  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A class of four written once; tests look at it or add to it under names of their own."""
    from grading.course import load_course
    from tests.conftest import ROOT
    from tests.grading.conftest import COURSE
    from tests.grading.conftest import LESSON as SOURCE

    root = tmp_path_factory.mktemp("course")
    (root / "solutions" / LESSON).mkdir(parents=True)
    (root / "solutions" / LESSON / f"{LESSON}.py").write_text(SOURCE, encoding="utf-8")
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    for name in ("pyproject.toml", "nbgrader_config.py"):
        (root / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    course = load_course(root)
    reference = build.reference_notebook(course, course.lessons[0])
    student = build.student_notebook(reference, course.lessons[0])
    released = match.released_from(build.released_map(student, reference, course.lessons[0]))
    out = root / "out"
    class_ = [result("ada", 3), result("ben", 1), result("cut", 0, error="cut off"), result("grader", 0, "grader_error")]
    for one in class_:
        one["name"] = f"{EVIL}, {one['student']}"
    handed_in = {
        ("ada", LESSON): submission("ada", answered(student, "def standardise(A, B):\n    return A, B")),
        ("ben", LESSON): submission("ben", answered(student, f"# {EVIL}", EVIL)),
        ("cut", LESSON): submission("cut", b'{"cells": ['),
        ("grader", LESSON): submission("grader", SubmissionError("the file cannot be read")),
    }
    (out / "feedback" / "ada").mkdir(parents=True)
    (out / "feedback" / "ada" / f"{LESSON}.html").write_text("Adas page")
    gradebook.write(course, out, class_, handed_in, [("zoe", "Zoë, Å", "z@x")])
    return SimpleNamespace(course=course, out=out, class_=class_, handed_in=handed_in, released=released, student=student)


def answered(student, source, output=""):
    notebook = nbformat.from_dict(json.loads(nbformat.writes(student)))
    for cell in notebook.cells:
        if cell.id == "standardise":
            cell.source = source
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": output})]
        if cell.id == "standardise-test":
            cell.source, cell.metadata.nbgrader.points = f"hacked = '{EVIL}'", 100
    return nbformat.writes(notebook).encode()


def rows(written, tmp_path):
    api = nbgrader_api(written)
    with open_book(written) as book:
        CsvExportPlugin(to=str(tmp_path / "n.csv"), parent=api).export(book)
    with open(tmp_path / "n.csv", encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def open_book(written):
    return Gradebook(f"sqlite:///{written.out / 'nbgrader' / 'gradebook.db'}")


def nbgrader_api(written):
    config = PyFileConfigLoader("nbgrader_config.py", path=str(written.out / "nbgrader")).load_config()
    config.merge(Config({"NbGrader": {"log_level": 40}}))
    return NbGraderAPI(config=config)


def test_nbgraders_export_reads_the_marks(written, tmp_path):
    table = rows(written, tmp_path)
    assert {name: (float(row["score"]), float(row["max_score"])) for name, row in table.items()} == {
        "ada": (3, 3), "ben": (1, 3), "cut": (0, 3), "grader": (0, 3), "zoe": (0, 3),
    }  # fmt: skip
    assert table["zoe"]["last_name"] == "Zoë Å" and table["zoe"]["email"] == "z@x"
    assert table["ada"]["last_name"] == "script alert(1) /script ada", "commas and markup of a name break nbgrader's files"


def test_formgrader_takes_them_for_autograded(written):
    api = nbgrader_api(written)
    assert api.get_submitted_students(LESSON) == {"ada", "ben", "cut", "grader"} == api.get_autograded_students(LESSON)
    waiting = {one["student"] for one in api.get_submissions(LESSON) if one["needs_manual_grade"]}
    assert waiting == {"grader"}


def test_the_tree_holds_what_was_handed_in_and_our_notebook_with_its_answers(written):
    tree = written.out / "nbgrader"
    for student, step in [(student, step) for student in ("ada", "ben", "cut") for step in ("submitted", "autograded")]:
        assert (tree / step / student / LESSON / "timestamp.txt").read_text() == "2023-11-14 22:13:20 UTC"
    assert (tree / "submitted/cut" / LESSON / f"{LESSON}.ipynb").read_bytes() == b'{"cells": ['
    ben = nbformat.read(tree / "autograded/ben" / LESSON / f"{LESSON}.ipynb", 4)
    nbformat.validate(ben)
    cells = {cell.id: cell for cell in ben.cells}
    assert [cell.id for cell in ben.cells] == [cell.id for cell in written.student.cells]
    assert cells["standardise"].source == f"# {EVIL}" and not cells["standardise"].outputs
    test = cells["standardise-test"]
    assert "hacked" not in test.source and test.metadata.nbgrader.points == 3
    assert "HIDDEN" not in test.source and "uses-train-statistics" not in test.source
    (output,) = test.outputs
    assert output.output_type == "stream" and "not passed: uses-train-statistics: fitted on the test set?" in output.text
    assert (tree / "feedback/ada" / LESSON / f"{LESSON}.html").read_text() == "Adas page"


def test_a_second_run_generates_nothing_and_keeps_manual_marks(written, tmp_path, monkeypatch):
    with open_book(written) as book:
        (grade,) = book.find_submission_notebook(LESSON, LESSON, "ben").grades
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.0, 0.5, False
        (comment,) = book.find_submission_notebook(LESSON, LESSON, "ben").comments
        comment.manual_comment = "a fine idea"
        book.db.commit()
    marks = gradebook.by_hand(written.out)
    assert marks == [results.Override("ben", "standardise", 2.5, "a fine idea", LESSON, "nbgrader")]
    done = results.conclude(tmp_path, written.class_, [written.released], marks=marks)
    ben = next(one for one in done.results if one["student"] == "ben")
    assert ben["score"] == 2.5 and ben["questions"][0]["override"]["auto_score"] == 1.0

    monkeypatch.setattr("grading.stock.prepare", lambda *_: pytest.fail("generated again"))
    gradebook.write(written.course, written.out, done.results, written.handed_in)
    regraded = [result("ben", 0)]
    with open_book(written) as book:
        (grade,) = book.find_submission_notebook(LESSON, LESSON, "ben").grades
        assert (grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade) == (1, 2, 0.5, False)
    gradebook.write(written.course, written.out, regraded, written.handed_in)
    with open_book(written) as book:
        (grade,) = book.find_submission_notebook(LESSON, LESSON, "ben").grades
        assert (grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade) == (0, 2, 0.5, True)
        (comment,) = book.find_submission_notebook(LESSON, LESSON, "ben").comments
        assert comment.manual_comment == "a fine idea" and comment.auto_comment.startswith("failed; not passed: uses-train")
    assert float(rows(written, tmp_path)["ben"]["score"]) == 2.5


def test_a_mark_of_overrides_csv_reaches_nbgrader_and_goes_again(written, tmp_path):
    (tmp_path / "overrides.csv").write_text("student,question,score,reason\nada,standardise,2,late\n")
    with_override = results.conclude(tmp_path, [result("ada", 3)], [written.released]).results
    gradebook.write(written.course, written.out, with_override, {})
    assert float(rows(written, tmp_path)["ada"]["score"]) == 2
    (tmp_path / "overrides.csv").unlink()
    gradebook.write(written.course, written.out, results.conclude(tmp_path, [], [written.released]).results, {})
    assert float(rows(written, tmp_path)["ada"]["score"]) == 3
    assert {one.student for one in gradebook.by_hand(written.out)} <= {"ben"}


def test_a_mark_set_in_both_places_is_said_and_nbgraders_counts(written, tmp_path):
    (tmp_path / "overrides.csv").write_text("student,question,score,reason\nada,standardise,2,late\n")
    marks = [results.Override("ada", "standardise", 1.0, "seen", LESSON, "nbgrader")]
    done = results.conclude(tmp_path, [result("ada", 3)], [written.released], marks=marks)
    assert done.results[0]["score"] == 1.0 and done.results[0]["questions"][0]["override"]["auto_score"] == 3.0
    assert done.notes == ("ada, standardise: set in overrides.csv and in nbgrader; the mark in nbgrader counts",)


def test_forget_takes_a_student_out_of_the_gradebook_and_its_file(written):
    secret = "Very Rare Name Of Dora"
    dora = result("dora", 3, name=secret)
    handed_in = {("dora", LESSON): submission("dora", answered(written.student, "x = 1"))}
    gradebook.write(written.course, written.out, [dora], handed_in)
    database = written.out / "nbgrader" / "gradebook.db"
    assert secret.encode() in database.read_bytes()
    removed = results.forget(written.out, "dora")
    assert {"nbgrader/gradebook.db", "nbgrader/submitted/dora", "nbgrader/autograded/dora"} <= set(removed)
    assert secret.encode() not in database.read_bytes()
    assert "dora" not in {one["student"] for one in nbgrader_api(written).get_submissions(LESSON)}
    assert gradebook.remove(written.out, "dora") is False and gradebook.remove(written.out / "nowhere", "dora") is False


def test_a_mark_for_a_person_is_left_open_and_theirs_settles_it(written):
    def state():
        with open_book(written) as book:
            (grade,) = book.find_submission_notebook(LESSON, LESSON, "rea").grades
            return grade.auto_score, grade.manual_score, grade.needs_manual_grade

    handed_in = {("rea", LESSON): submission("rea", answered(written.student, "x = 1"))}
    waits = result("rea", 0, "needs_review")
    gradebook.write(written.course, written.out, [waits], handed_in)
    assert state() == (None, None, True)
    with open_book(written) as book:
        (grade,) = book.find_submission_notebook(LESSON, LESSON, "rea").grades
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
    marks = [mark for mark in gradebook.by_hand(written.out) if mark.student == "rea"]
    (settled,), _ = results.apply_overrides([waits], marks)
    assert settled["score"] == 2.0 and results.waiting(settled) == []
    gradebook.write(written.course, written.out, [settled], handed_in)
    assert state() == (None, 2.0, False)
    with open_book(written) as book:
        book.remove_student("rea")


def test_no_gradebook_no_manual_marks(tmp_path):
    assert gradebook.by_hand(tmp_path) == [] and not list(tmp_path.iterdir())


@pytest.mark.full
def test_the_nbgrader_command_works_in_the_folder(written):
    folder = written.out / "nbgrader"
    evil = result("evil", 3)
    evil["questions"][0]["message"] = evil["questions"][0]["checks"][0]["message"] = evil["name"] = EVIL
    evil["questions"][0]["checks"][0]["passed"] = False
    handed_in = {("evil", LESSON): submission("evil", answered(written.student, f"x = '{EVIL}'", EVIL))}
    gradebook.write(written.course, written.out, [evil], handed_in)
    program = [sys.executable, "-c", "import grading; from nbgrader.apps.nbgraderapp import main; main()"]
    subprocess.run([*program, "export"], cwd=folder, check=True, capture_output=True)
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}["ada"] == 3
    made = subprocess.run(
        [*program, "generate_feedback", LESSON, "--student", "evil", "--force"], cwd=folder, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    page = (folder / "feedback" / "evil" / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "Score: 3.0 / 3.0" in page and "HIDDEN" not in page and "shifted test set" not in page
    assert EVIL not in page and "&lt;script&gt;alert(1)" in page
