"""nbgrader as it is, on what the build gives it: right marks, no harm from a warning, damage that stays with its owner."""

import json

import nbformat
import pytest

from grading import build, demo, stock


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The small course released through nbgrader, with its reference and its student version."""
    import shutil

    from grading.course import load_course
    from tests.conftest import ROOT
    from tests.grading.conftest import COURSE, LESSON

    root = tmp_path_factory.mktemp("stock")
    (root / "solutions" / "01_small").mkdir(parents=True)
    (root / "solutions" / "01_small" / "01_small.py").write_text(LESSON, encoding="utf-8")
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    course = load_course(root)
    lesson = course.lessons[0]
    reference = build.reference_notebook(course, lesson)
    api = stock.prepare(course, root / "nbgrader", [lesson])
    return api, lesson, reference, build.student_notebook(reference, lesson), root / "nbgrader"


def grade(released, student, notebook):
    api, lesson, _, _, folder = released
    data = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
    stock.submit(folder, lesson, student, data)
    return stock.grade(api, lesson, student)


def test_nbgraders_release_is_ours(released):
    _, lesson, _, student, folder = released
    theirs = nbformat.read(folder / "release" / lesson.name / f"{lesson.name}.ipynb", 4)
    assert [(c.id, c.source, c.metadata) for c in theirs.cells] == [(c.id, c.source, c.metadata) for c in student.cells]


def test_reference_gets_full_marks_and_untouched_none(released):
    _, _, reference, student, folder = released
    assert grade(released, "right", demo.fill(student, reference, ["standardise"])).points == {"standardise": 3.0}
    assert grade(released, "untouched", student).points == {"standardise": 0.0}
    assert (folder / "feedback" / "right" / "01_small" / "01_small.html").is_file()


def test_partial_credit_reaches_the_gradebook(released):
    _, _, _, student, _ = released
    wrong = "# question: standardise\ndef standardise(A, B):\n    f = lambda X: (X - X.mean(axis=0)) / X.std(axis=0)\n"
    wrong += "    return f(A), f(B)"
    mark = grade(released, "partly", demo.fill(student, student, [], {"standardise": wrong}))
    assert mark.points["standardise"] == pytest.approx(1.0)


NOISE = """# question: standardise
import os, sys, warnings
def standardise(A, B):
    warnings.warn("this is deprecated")
    print("a greeting", file=sys.stderr)
    os.write(2, b"and one from C++")
    return (A - A.mean(axis=0)) / A.std(axis=0), (B - A.mean(axis=0)) / A.std(axis=0)
"""


def test_a_warning_on_stderr_costs_nothing(released):
    api, _, _, student, _ = released
    noisy = demo.fill(student, student, [], {"standardise": NOISE})
    assert grade(released, "noisy", noisy).points == {"standardise": 3.0}
    api.config.IgnorePattern.enabled = False  # the setting is what does it: without, nbgrader gives 0
    try:
        assert grade(released, "noisy-without", noisy).points == {"standardise": 0.0}
    finally:
        api.config.IgnorePattern.enabled = True


def test_damage_is_reported_and_stays_with_its_owner(released, tmp_path):
    api, _, reference, student, _ = released
    full = demo.fill(student, reference, ["standardise"])
    twice = json.loads(nbformat.writes(full))
    place = next(i for i, cell in enumerate(twice["cells"]) if cell["id"] == "standardise")
    twice["cells"].insert(place, {**twice["cells"][place], "id": "copy"})
    cut = grade(released, "cut-off", nbformat.writes(full).encode()[:900])
    copied = grade(released, "copied", json.dumps(twice).encode())
    assert cut.error and copied.error and cut.points == {} and copied.points == {}
    assert grade(released, "after", full).points == {"standardise": 3.0}
    stock.export(api, tmp_path / "grades.csv")
    assert "after" in (tmp_path / "grades.csv").read_text()
