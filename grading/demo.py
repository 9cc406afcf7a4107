"""See the course do its job in a few minutes: data, a lesson, marks. Called by ``make demo``."""

import copy
import os
import sys
import time

import nbformat

from grading import build, run, stock
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
    sources = {cell.id: cell.source for cell in reference.cells if cell.id in set(questions)} | (other or {})
    notebook = copy.deepcopy(student)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    return notebook


def made_up_class(course, lesson):
    """Five submissions of the kinds that every class has, as bytes by student.

    Returns
    -------
    dict of str to bytes
    """
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    questions = [question["id"] for question in build.released_map(student, reference, lesson)["questions"]]
    bank = course.root / "tests" / "answers" / lesson.name
    wrong = {
        "standardise": (bank / "standardise" / "wrong_fit_on_test.py").read_text(encoding="utf-8"),
        "baselines": (bank / "baselines" / "wrong_majority_of_test.py").read_text(encoding="utf-8"),
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
    }


def main():
    """Run the demonstration and print what happened and where the files lie."""
    course = load_course(find_root())
    lesson = course.lesson(_LESSON)
    folder = course.build_dir / "demo"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    start = time.perf_counter()
    rows = []

    def step(text):
        print(f"\n[{time.perf_counter() - start:5.0f} s] {text}", flush=True)

    step("Rendering the practice data: notes of a soundfont in rooms, with microphones and noise ...")
    from helpers import data

    windows = data.load_windows("practice-notes")
    print(f"{windows.title}: {len(windows)} windows of notes, {len(windows.classes)} classes -> {data.where('practice-notes')}")

    step("Deriving the student notebooks from the lessons' sources ...")
    changed = build.build(course)
    print(f"{len(course.lessons)} notebooks in {course.root / 'notebooks'} ({len(changed)} files changed)")

    step(f"Executing the reference of {_LESSON} from start to end ...")
    result = run.run_lesson(course, lesson)
    from grading.cli import run_text

    print(run_text(result))

    step("Grading a made-up class with nbgrader, on tiny data ...")
    api = stock.prepare(course, folder, [lesson])
    for student, notebook in made_up_class(course, lesson).items():
        began = time.perf_counter()
        stock.submit(folder, lesson, student, notebook)
        mark = stock.grade(api, lesson, student)
        seconds = time.perf_counter() - began
        page = folder / "feedback" / student / lesson.name / f"{lesson.name}.html"
        rows.append((student, mark, seconds, page if page.is_file() else None))
        print(f"  {student}: {'refused' if mark.error else f'{mark.total:g}'} ({seconds:.0f} s)", flush=True)
    stock.export(api, folder / "grades.csv")

    step("Done.")
    print(table(rows))
    print(f"\nmarks        {folder / 'grades.csv'}\nfeedback     {folder / 'feedback'}")
    print(f"the lesson   {course.build_dir / 'run' / _LESSON}.html")
    return 0


def table(rows):
    """The class as a text table: student, points of each question, total, what happened."""
    names = next((list(mark.points) for _, mark, _, _ in rows if mark.points), [])
    head = ["student", *(name[:10] for name in names), "total", "what happened"]
    lines = [head]
    for student, mark, _, _ in rows:
        points = [f"{mark.points[name] or 0:g}" if mark.points else "-" for name in names]
        said = f"nbgrader refused it: {mark.error}"[:70] if mark.error else "graded"
        lines.append([student, *points, "-" if mark.error else f"{mark.total:g}", said])
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    rows_ = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([rows_[0], "-" * len(rows_[0]), *rows_[1:]])


if __name__ == "__main__":
    sys.exit(main())
