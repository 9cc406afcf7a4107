"""Every lesson, graded both ways: the reference gets all points, the untouched notebook none, and both graders agree."""

import nbformat
import pytest

from grading import build, crew, demo, engine, run, sandbox, stock
from grading.course import load_course
from tests.conftest import ROOT

COURSE = load_course(ROOT)
LESSONS = [lesson.name for lesson in COURSE.lessons]


def parts(name):
    """Lesson, its reference and student notebooks, the names of its questions."""
    lesson = COURSE.lesson(name)
    reference = build.reference_notebook(COURSE, lesson)
    student = build.student_notebook(reference, lesson)
    questions = [question["id"] for question in build.released_map(student, reference, lesson)["questions"]]
    return lesson, reference, student, questions


@pytest.fixture(scope="module")
def stock_room(tmp_path_factory):
    """nbgrader's folder with every lesson released in it."""
    folder = tmp_path_factory.mktemp("nbgrader")
    return folder, stock.prepare(COURSE, folder, COURSE.lessons)


@pytest.mark.full
@pytest.mark.parametrize("name", LESSONS)
def test_stock_nbgrader_gives_the_reference_all_and_the_untouched_none(stock_room, name):
    folder, api = stock_room
    lesson, reference, student, questions = parts(name)
    noisy = demo.fill(student, reference, questions)
    for cell in noisy.cells:
        if cell.id == questions[0]:
            cell.source += "\nimport sys, warnings\nwarnings.warn('old')\nprint('a greeting', file=sys.stderr)"
    for who, notebook, points in (("reference", noisy, 20.0), ("untouched", student, 0.0)):
        stock.submit(folder, lesson, who, nbformat.writes(notebook).encode())
        mark = stock.grade(api, lesson, who)
        assert not mark.error
        assert mark.total == points, mark.points
        assert (folder / "feedback" / who / name / f"{name}.html").is_file()
    stock.export(api, folder / "grades.csv")
    assert f"{name}" in (folder / "grades.csv").read_text(encoding="utf-8")


@pytest.mark.full
@pytest.mark.parametrize("name", LESSONS)
def test_marks_hang_on_no_explore_cell(name):
    lesson = COURSE.lesson(name)
    notebook = run.reference_for_run(COURSE, lesson, explore=False)
    executed, _ = run.execute(notebook, progress=False)
    assert sum(earned for earned, _ in run.marks(executed).values()) == 20.0


@pytest.mark.parametrize("name", LESSONS)
def test_behind_walls_the_reference_gets_all_and_the_untouched_none(name):
    if sandbox.why_not():
        pytest.skip(sandbox.why_not())
    lesson, reference, student, questions = parts(name)
    bundle = crew.bundle(COURSE, lesson)
    data_dir, caches = COURSE.build_dir / "test-data", COURSE.build_dir / "caches"
    crew.prepare(bundle, ROOT, data_dir, caches)
    with crew.Crew(ROOT, data_dir, caches, int(bundle.memory_gb * 2**30)) as one:
        result = engine.grade(nbformat.writes(demo.fill(student, reference, questions)).encode(), bundle, one)
        assert result["score"] == 20.0, [q for q in result["questions"] if q["outcome"] != "passed"]
        assert sum(question["seconds"] for question in result["questions"]) < bundle.cpu_seconds
        untouched = engine.grade(nbformat.writes(student).encode(), bundle, one)
        assert untouched["score"] == 0.0


@pytest.mark.full
@pytest.mark.parametrize("name", LESSONS)
def test_student_version_raises_nothing_and_earns_nothing(name, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    _, _, student, _ = parts(name)
    executed, _ = run.execute(student, progress=False)  # any error would raise
    assert sum(earned for earned, _ in run.marks(executed).values()) == 0.0
