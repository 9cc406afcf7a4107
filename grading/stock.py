"""Grade submissions with nbgrader as it is, one student at a time. Called by the demonstration and by tests.

nbgrader stops a whole class at the first submission that it cannot read; here each student is a run of its own, so that
a damaged notebook costs only itself.
"""

import contextlib
import io
import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config, PyFileConfigLoader

from grading import build, run
from grading.course import CourseError


@dataclass(frozen=True)
class StockMark:
    """What nbgrader gave one student: points by question (None where it gave none), and its error if it refused."""

    student: str
    points: dict
    max_points: dict
    error: str

    @property
    def total(self):
        """Sum of the points given."""
        return sum(value or 0.0 for value in self.points.values())


def prepare(course, folder, lessons, explore=True):
    """Make a folder for nbgrader with the given lessons released in it.

    Parameters
    ----------
    course : Course
    folder : Path
    lessons : list of Lesson
    explore : bool
        Keep the cells tagged ``explore``, which no mark needs.

    Returns
    -------
    nbgrader.apps.api.NbGraderAPI

    Raises
    ------
    CourseError
        With nbgrader's log, if it refuses a lesson.
    """
    for lesson in lessons:
        path, data = build.derive(course, lesson).nbgrader_source
        if not explore:
            data = nbformat.writes(run.reference_for_run(course, lesson, explore=False)).encode()
        build.write_atomically(folder / "source" / Path(*path.parts[-2:]), data)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    config.merge(Config({"CourseDirectory": {"root": str(folder)}, "NbGrader": {"log_level": logging.ERROR}}))
    api = NbGraderAPI(config=config)
    for lesson in lessons:
        _must(_quietly(api.generate_assignment, lesson.name, create=True, force=True), f"releasing {lesson.name}")
    return api


def submit(folder, lesson, student, data):
    """Put a notebook where nbgrader looks for a student's submission."""
    build.write_atomically(folder / "submitted" / student / lesson.name / f"{lesson.name}.ipynb", data)


def grade(api, lesson, student):
    """Autograde one submission and write its feedback page; parameters and result as for :func:`autograde`."""
    mark = autograde(api, lesson, student)
    if not mark.error:
        _must(_quietly(api.generate_feedback, lesson.name, student, force=True), f"feedback for {student}")
    return mark


def autograde(api, lesson, student):
    """Autograde one submission; the executed notebook is left under ``autograded``.

    Parameters
    ----------
    api : NbGraderAPI
        From :func:`prepare`.
    lesson : Lesson
    student : str

    Returns
    -------
    StockMark
    """
    result = _quietly(api.autograde, lesson.name, student, create=True, force=True)
    if not result["success"]:
        lines = [line for line in (result["error"] or result["log"]).splitlines() if line.strip()]
        return StockMark(student, {}, {}, lines[-1] if lines else "nbgrader refused without a word")
    points, max_points = {}, {}
    with Gradebook(f"sqlite:///{Path(api.coursedir.root) / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook(lesson.name, lesson.name, student)
        for mark in submission.grades:
            name = mark.cell.name.removesuffix("-test")
            points[name], max_points[name] = mark.auto_score, mark.max_score
    return StockMark(student, points, max_points, "")


def export(api, path):
    """Write the gradebook as CSV through nbgrader's own plugin."""
    with Gradebook(f"sqlite:///{Path(api.coursedir.root) / 'gradebook.db'}") as gradebook:
        CsvExportPlugin(to=str(path), parent=api).export(gradebook)


def _quietly(call, *args, **kwargs):
    """Call nbgrader without its log on the screen: what it has to say comes back in the result."""
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy warns about nbgrader's own code for each new student
        return call(*args, **kwargs)


def _must(result, what):
    if not result["success"]:
        raise CourseError(f"nbgrader failed at {what}:\n{result['error'] or ''}\n{result['log'] or ''}")
