"""Put the results of a class into nbgrader's own tree and gradebook. Called by ``course grade``, by one process, at the end.

``DIR/nbgrader/`` then holds source, release, submitted, autograded, feedback, ``gradebook.db`` and a configuration, so that
formgrader, ``nbgrader export`` and manual grading go on from there. What a person does in formgrader is never touched:
a manual mark or extra credit there stays, and :func:`by_hand` brings it back into our own tables.
"""

import copy
import json
import re
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.utils import parse_utc

from grading import build, stock
from grading.bounded import TooMuch
from grading.results import Override
from grading.submissions import printable
from helpers import match

FOLDER, DATABASE = "nbgrader", "gradebook.db"
ORIGIN = "nbgrader"


def write(course, out, results, submissions, people=(), call=None):
    """Write results, and the notebooks they came from, where nbgrader looks for them.

    The assignment is generated once, and again when its source changed. ``autograded`` holds our notebook with the
    student's answers in it and, under each test, what the checks said: no output and no HTML of a student, no hidden
    test. A question's mark becomes its automatic score, also where ``overrides.csv`` set it.

    Parameters
    ----------
    course : Course
    out : Path
        Folder of the results; ``out/nbgrader`` becomes nbgrader's course folder. Pages in ``out/feedback`` are copied.
    results : iterable of dict
        Of lessons of this course, as :func:`grading.results.conclude` returns them.
    submissions : dict of (str, str) to grading.submissions.Submission
        What was handed in, by student and lesson. Results without (of earlier runs) only get their marks.
    people : iterable of (str, str, str)
        Folder name, name and address of everybody who shall stand in the gradebook, also without a submission.
    call : callable, optional
        Calls a function with its arguments, within limits (see ``grading.bounded``); raises ``TooMuch``. Without it, none.

    Returns
    -------
    list of str
        A line for each submission that could not be written; the others are.

    Raises
    ------
    CourseError
        With nbgrader's log, if it refuses the lesson: for example when questions came or went after marks were given.
    """
    folder, results = Path(out) / FOLDER, list(results)
    _configure(course, folder)
    names = sorted({result["lesson"] for result in results})
    released = {name: _generate(course, folder, course.lesson(name)) for name in names}
    faults = []
    with _open(folder) as gradebook:
        for student, name, address in people:
            _student(gradebook, student, name, address)
        for result in results:
            handed_in = submissions.get((result["student"], result["lesson"]))
            try:
                _write_one(gradebook, folder, released[result["lesson"]], result, handed_in, call or _without_limits)
            except Exception as error:
                gradebook.db.rollback()
                faults.append(f"{result['student']} is not in nbgrader's gradebook: {type(error).__name__}: {error}")
    return faults


def by_hand(out):
    """Marks that a person gave in nbgrader, for :func:`grading.results.conclude`.

    Extra credit counts where it stands beside a manual mark; alone it stays in nbgrader's tables.

    Parameters
    ----------
    out : Path
        Folder of the results; without a gradebook in it there are none.

    Returns
    -------
    list of grading.results.Override
        At most the question's greatest mark; the reason is the person's comment.
    """
    folder = Path(out) / FOLDER
    if not (folder / DATABASE).is_file():
        return []
    found = []
    with _open(folder) as gradebook:
        for grade in gradebook.db.query(Grade).filter(Grade.manual_score.is_not(None)):
            question = grade.name.removesuffix("-test")
            comment = next((one.manual_comment for one in grade.notebook.comments if one.name == question), None)
            score = min(max(grade.score, 0.0), grade.max_score)
            student, lesson = grade.student.id, grade.assignment.name
            found.append(Override(student, question, score, comment or "set in nbgrader", lesson, ORIGIN))
    return sorted(found, key=lambda one: (one.lesson, one.student, one.question))


def remove(out, student):
    """Delete a student and all their marks from the gradebook, also from the free pages of its file.

    Returns
    -------
    bool
        False if there is no gradebook, or it does not know the student.
    """
    if not (Path(out) / FOLDER / DATABASE).is_file():
        return False
    with _open(Path(out) / FOLDER) as gradebook:
        try:
            gradebook.remove_student(student)
        except MissingEntry:
            return False
        gradebook.db.remove()
        with gradebook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
    return True


@contextmanager
def _open(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy warns about nbgrader's own code for each new student
        with Gradebook(f"sqlite:///{Path(folder).resolve() / DATABASE}") as gradebook:
            yield gradebook


def _configure(course, folder):
    """The course's settings for nbgrader, with this folder as its root."""
    settings = (course.root / "nbgrader_config.py").read_text(encoding="utf-8")
    root = "# This folder instead of the course's own.\nc.CourseDirectory.root = str(Path(__file__).resolve().parent)\n"
    build.write_atomically(folder / "nbgrader_config.py", f"{settings.rstrip()}\n\n{root}".encode())


def _generate(course, folder, lesson):
    """Student version and map of a lesson, after nbgrader has taken its source into the gradebook."""
    built = build.derive(course, lesson)
    ours, theirs = (folder / step / lesson.name / f"{lesson.name}.ipynb" for step in ("source", "release"))
    known = ours.is_file() and ours.read_bytes() == built.nbgrader_source[1] and theirs.is_file()
    if not (known and (folder / DATABASE).is_file()):
        stock.prepare(course, folder, [lesson])
    return nbformat.read(theirs, 4), match.released_from(json.loads(built.released[1]))


def _student(gradebook, student, name, address):
    # nbgrader writes its CSV without quotes and puts names into its pages as they are.
    known = {"last_name": _plain(name), "email": _plain(address)}
    known = {key: value for key, value in known.items() if value}
    gradebook.update_or_create_student(student, **known)


def _plain(text):
    return " ".join(re.sub(r'[<>&",]', " ", printable(text)).split()).lstrip("=+-@")[:128]


def _without_limits(function, *args):
    return function(*args)


def _write_one(gradebook, folder, released, result, handed_in, call):
    student, lesson = result["student"], result["lesson"]
    kept = {}
    if handed_in is not None:
        data = handed_in.read_or_reason()
        stamp = f"{datetime.fromtimestamp(int(handed_in.modified), UTC):%Y-%m-%d %H:%M:%S} UTC"
        kept["timestamp"] = parse_utc(stamp)  # formgrader takes it for graded only if both are the same
        try:
            graded = call(_autograded, released, data, result)
        except TooMuch:  # as a file that cannot be read: the notebook as it was handed out, with the marks
            graded = _autograded(released, b"", result)
        page = folder.parent / "feedback" / student / f"{lesson}.html"
        if page.is_file():
            build.write_atomically(folder / "feedback" / student / lesson / f"{lesson}.html", page.read_bytes())
        for step, content in (("submitted", data), ("autograded", graded)):
            build.write_atomically(folder / step / student / lesson / f"{lesson}.ipynb", content)
            build.write_atomically(folder / step / student / lesson / "timestamp.txt", stamp.encode())
    _student(gradebook, student, result.get("name", ""), "")
    gradebook.update_or_create_submission(lesson, student, **kept)
    notebook = gradebook.find_submission_notebook(lesson, lesson, student)
    questions = {question["id"]: question for question in result["questions"]}
    for grade in notebook.grades:
        question = questions.get(grade.name.removesuffix("-test"))
        score, waits = _mark(question)
        if grade.manual_score is None:
            grade.needs_manual_grade = waits
        elif grade.auto_score != score:
            grade.needs_manual_grade = True  # as nbgrader does: the person may want to look at their mark again
        grade.auto_score = score
    for comment in notebook.comments:
        question = questions.get(comment.name)
        comment.auto_comment = _comment(question) if question else None
    gradebook.db.commit()


def _mark(question):
    """Automatic score of a question, None where there is none, and whether a person must look at it."""
    if question is None:
        return 0.0, False
    override = question.get("override")
    none = question["outcome"] == "needs_review"
    if override and override["origin"] == ORIGIN:
        return None if none else float(override["auto_score"]), False  # the person's own mark is in the gradebook already
    if override:
        return float(question["score"]), False
    return None if none else float(question["score"]), none or question["outcome"] == "grader_error"


def _comment(question):
    """Outcome and failed checks. nbgrader reads comments as Markdown with HTML in it: no word of a student may stand here."""
    failed = [check["name"] for check in question.get("checks", ()) if not check["passed"]]
    lines = [question["outcome"].replace("_", " ") + (f"; not passed: {', '.join(failed)}" if failed else "")]
    if override := question.get("override"):
        lines.append(f"set by a person: {override['reason']}")
    return "\n\n".join(lines)


def _said(question):
    """What the grader has to say about a question, as plain text; nbgrader shows it as an output, escaped."""
    lines = [question.get("message", "")]
    if override := question.get("override"):
        lines.append(f"Set by a person ({_points(override['auto_score'])} before): {override['reason']}")
    for check in question.get("checks", ()):
        said = f": {check['message']}" if check["message"] and not check["passed"] else ""
        lines.append(f"{'passed' if check['passed'] else 'not passed'}: {check['name']}{said}")
    return "\n".join("\n".join(map(printable, line.split("\n"))) for line in lines if line)


def _points(score):
    return f"{score:g}"


def _autograded(released, data, result):
    """Our notebook with the student's answers, and under each test what its checks said, as bytes."""
    notebook, map_ = copy.deepcopy(released[0]), released[1]
    try:
        found = match.match(match.read_notebook(data), map_)
    except match.NotebookError:
        found = {}  # unreadable, as the result says: the notebook stays as it was handed out
    answers = {name: one.source for name, one in found.items() if one.source is not None}
    questions = {question["id"]: question for question in result["questions"]}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = answers.get(grade_id, cell.source)
        question = questions.get(grade_id.removesuffix("-test"))
        if grade_id.endswith("-test") and question is not None:
            points = f"{_points(question['score'])} of {_points(question['max_score'])}"
            text = f"{question['outcome']}: {points}\n{_said(question)}\n"
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    return nbformat.writes(notebook).encode("utf-8", "replace")
