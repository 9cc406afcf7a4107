"""See the course do its job in a few minutes: data, a lesson, marks. Called by ``make demo``."""

import copy
import os
import shutil
import sys
import time

import nbformat

from grading import build, grade, run, sandbox, stock
from grading.cli import class_text, run_text
from grading.course import find_root, load_course

_LESSON = "02_dense_mlp"


def fill(student, reference, questions, other=None):
    """A submission: the student version with the reference's answers to some questions put in.

    Parameters
    ----------
    student, reference : nbformat.NotebookNode
    questions : iterable of str
        Those answered as in the reference.
    other : dict of str to str, optional
        Sources of further answers, by question.

    Returns
    -------
    nbformat.NotebookNode
    """
    sources = {cell.id: _unmarked(cell.source) for cell in reference.cells if cell.id in set(questions)} | (other or {})
    notebook = copy.deepcopy(student)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    return notebook


def _unmarked(source):
    """An answer as a student would have written it: without the markers of a solution or of a listed mistake."""
    ours = ("### BEGIN SOLUTION", "### END SOLUTION", "# wrong: ", "# message: ")
    return "\n".join(line for line in source.splitlines() if not line.strip().startswith(ours))


def made_up_class(course, lesson):
    """Submissions of the kinds that a class has, one of them hostile, as bytes by student.

    Returns
    -------
    dict of str to bytes
    """
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    questions = [question["id"] for question in build.released_map(student, reference, lesson)["questions"]]
    bank = course.root / "tests" / "answers" / lesson.name
    wrong = {
        "standardise": _unmarked((bank / "standardise" / "wrong_fit_on_test.py").read_text(encoding="utf-8")),
        "baselines": _unmarked((bank / "baselines" / "wrong_majority_of_test.py").read_text(encoding="utf-8")),
    }
    right = [name for name in questions[:4] if name not in wrong]
    full = fill(student, reference, questions)
    twice = fill(student, reference, questions)
    answer = next(i for i, cell in enumerate(twice.cells) if cell.id == questions[1])
    twice.cells.insert(answer + 1, nbformat.from_dict({**twice.cells[answer], "id": "copied-cell"}))
    whole = nbformat.writes(full).encode()
    return {
        "ada-all-right": whole,
        "ben-partly": nbformat.writes(fill(student, reference, right, wrong)).encode(),
        "cleo-untouched": nbformat.writes(student).encode(),
        "dan-cell-copied": nbformat.writes(twice).encode(),
        "eve-download-cut-off": whole[: len(whole) // 2],
        "mallory-patches-the-checks": nbformat.writes(fill(student, reference, [], {"standardise": HOSTILE})).encode(),
    }


HOSTILE = """# question: standardise
import helpers.checks, numpy, builtins
from unittest import mock

# Every check passes from now on, whatever it asks ...
helpers.checks.Question.score = lambda self: self.points
helpers.checks.Question.check = mock.MagicMock()
numpy.testing.assert_allclose = lambda *args, **kwargs: None

def standardise(X_train, X_test):
    return None  # ... and nothing is standardised
"""


def main():
    """Run the demonstration and print what happened and where the files lie."""
    course = load_course(find_root())
    lesson = course.lesson(_LESSON)
    folder = course.build_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)  # marks of an earlier demonstration
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    start = time.perf_counter()

    def step(text):
        print(f"\n[{time.perf_counter() - start:4.0f} s] {text}", flush=True)

    step("Rendering the practice data: notes of a soundfont, in rooms, with microphones and noise ...")
    from helpers import data

    windows = data.load_windows("practice-notes")
    print(f"{windows.title}: {len(windows)} windows of notes, {len(windows.classes)} classes")

    step("Deriving the student notebooks from the lessons' sources ...")
    changed = build.build(course)
    print(f"{len(course.lessons)} notebooks, {len(changed)} files changed")

    step(f"Executing the reference of {_LESSON} from start to end ...")
    print(run_text(run.run_lesson(course, lesson)))

    step("A class of made-up students hands in ...")
    handed_in = made_up_class(course, lesson)
    for student, notebook in handed_in.items():
        build.write_atomically(folder / "handed-in" / f"{student}.ipynb", notebook)
    print(", ".join(handed_in))
    without = sandbox.why_not()
    if without:
        step(f"Grading with nbgrader as it is, one by one; `course grade` would need walls: {without}")
        print(_with_nbgrader(course, lesson, handed_in, folder / "nbgrader"))
    else:
        step("Grading: answers in one walled process, tests in another ...")
        graded = grade.grade_class(course, lesson, folder / "handed-in", folder / "results")
        print(class_text(graded, folder / "results"))
        print(_how_it_was_caught(graded))

    step("Done. Look at:")
    places = {
        "the data": data.where("practice-notes"),
        "the lessons for students": course.root / "notebooks",
        "the executed lesson": course.build_dir / "run" / f"{_LESSON}.html",
        "the marks": folder / ("nbgrader/grades.csv" if without else "results/grades.csv"),
        "a feedback page": next(folder.glob("*/feedback/ben-partly/**/*.html")),
    }
    for what, place in places.items():
        print(f"  {what:25} {place}")
    return 0


def _how_it_was_caught(graded):
    for result in graded.concluded.results:
        if result["student"] == "mallory-patches-the-checks":
            question = next(question for question in result["questions"] if question["id"] == "standardise")
            return (
                f"mallory's notebook makes every check pass in its own process; the tests stand in another: "
                f"{question['score']:g} of {question['max_score']:g} for standardise ({question['message']})"
            )
    raise AssertionError("the hostile submission was not graded")


def _with_nbgrader(course, lesson, handed_in, folder):
    """Marks by nbgrader, as a table; it refuses damaged files one by one."""
    api = stock.prepare(course, folder, [lesson])
    lines = []
    for student, notebook in handed_in.items():
        stock.submit(folder, lesson, student, notebook)
        mark = stock.grade(api, lesson, student)
        said = f"refused: {mark.error}"[:90] if mark.error else f"{mark.total:g} of {sum(mark.max_points.values()):g}"
        lines.append(f"  {student:28} {said}")
    stock.export(api, folder / "grades.csv")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
