"""Building: what students get, byte for byte, and what the build refuses."""

import json
import types

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner

from grading import build, publish
from grading.cli import main
from grading.course import CourseError, load_course
from helpers import _notebook, checks, match
from tests.grading.conftest import COURSE


def student_of(built):
    return nbformat.reads(built.student[1].decode(), 4)


def student(course):
    return nbformat.reads((course.root / "notebooks" / "01_small.ipynb").read_text(encoding="utf-8"), 4)


def test_student_notebook_has_stubs_and_visible_checks_only(make_course):
    course = make_course()
    build.build(course)
    text = (course.root / "notebooks" / "01_small.ipynb").read_text(encoding="utf-8")
    for secret in ("BEGIN SOLUTION", "HIDDEN", "deviation", "uses-train-statistics", "fit on the training data alone"):
        assert secret not in text
    assert "raise NotImplementedError()" in text and "train-mean-zero" in text
    cells = {cell.id: cell for cell in student(course).cells}
    assert cells["standardise-test"].metadata.editable is False
    assert cells["standardise"].metadata.deletable is False
    assert cells["standardise"].metadata.nbgrader.checksum != cells["standardise-test"].metadata.nbgrader.checksum
    assert student(course).metadata.keys() == {"kernelspec", "language_info", "course"}


def test_same_source_gives_the_same_bytes(make_course):
    course = make_course()
    lesson = course.lessons[0]
    assert build.derive(course, lesson) == build.derive(course, lesson)
    assert build.build(course) and build.build(course) == []


def test_cell_ids_do_not_move_when_another_section_grows(make_course):
    def ids(course):
        return [cell.id for cell in build.reference_notebook(course, course.lessons[0]).cells]

    before = ids(make_course())
    grown = ids(make_course(lambda source: source.replace("# ## Standardise", "# More text.\n\n# %%\nprint(1)\n\n# %% [markdown]\n# ## Standardise")))
    assert len(set(before)) == len(before)
    assert before[-4:] == grown[-4:]


def test_map_lists_questions_points_and_checks(make_course):
    course = make_course()
    build.build(course)
    map_ = json.loads((course.root / "helpers/released/01_small.json").read_text(encoding="utf-8"))
    (question,) = map_["questions"]
    assert (question["id"], question["points"], question["n_checks"], question["names"]) == ("standardise", 3, 2, ["standardise"])
    assert map_["release"] == student(course).metadata.course.release
    assert map_["cells"] == [cell.id for cell in student(course).cells]
    assert "uses-train-statistics" not in json.dumps(map_)


def test_only_an_open_course_has_an_address_of_solutions(make_course):
    def address(toml):
        course = make_course(toml=toml)
        return json.loads(build.derive(course, course.lessons[0]).released[1])["answers"]

    assert address(COURSE) == ""
    opened = address(COURSE.replace("open = false", "open = true"))
    assert opened == "https://github.com/SET_YOUR_ACCOUNT/b/raw/main/answers/01_small.ipynb"


@pytest.mark.parametrize("open_", [True, False])
def test_the_third_wrong_answer_opens_what_is_published_and_nothing_else(make_course, monkeypatch, tmp_path, capsys, open_):
    course = make_course(toml=COURSE.replace("open = false", f"open = {str(open_).lower()}").replace(
        "https://github.com/SET_YOUR_ACCOUNT/b", (tmp_path / "site").as_uri()))
    lesson = course.lessons[0]
    built = build.derive(course, lesson)
    build.write_atomically(tmp_path / "site/raw/main/answers/01_small.ipynb", publish.answers_notebook(course, lesson))
    released = {lesson.name: match.released_from(json.loads(built.released[1]))}
    monkeypatch.setattr(match, "released_lessons", lambda: released)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")  # somebody sits before it
    names = {"In": [""], "checks": checks, "np": np}
    monkeypatch.setattr(_notebook, "shell", lambda: types.SimpleNamespace(user_ns=names))
    for factor in (1, 2, 3):
        answer = f"# question: standardise\ndef standardise(a, b):\n    return {factor} + a, b\n"
        names["In"].append(answer)
        exec(answer, names)
        exec(next(cell.source for cell in student_of(built).cells if cell.id == "standardise-test"), names)
    assert ("The solution is open to you" in capsys.readouterr().out) is open_
    checks.solution("standardise")
    out = capsys.readouterr().out
    assert ("X_train.mean(axis=0)" in out) is open_ and ("does not publish its solutions" in out) is not open_
    assert "hidden" not in out.lower()


class TestCheck:
    def run(self, course, monkeypatch, *args):
        monkeypatch.chdir(course.root)
        return CliRunner().invoke(main, ["build", *args])

    def test_up_to_date_passes(self, make_course, monkeypatch):
        course = make_course()
        assert self.run(course, monkeypatch).exit_code == 0
        assert self.run(course, monkeypatch, "--check").exit_code == 0

    @pytest.mark.parametrize(
        ("path", "damage", "word"),
        [
            ("notebooks/01_small.ipynb", lambda path: path.write_bytes(path.read_bytes() + b"\n"), "differs"),
            ("notebooks/01_small.ipynb", lambda path: path.unlink(), "missing"),
            ("helpers/released/01_small.json", lambda path: path.write_text("{}"), "differs"),
            ("notebooks/99_stray.ipynb", lambda path: path.write_text("{}"), "no lesson"),
        ],
    )
    def test_any_difference_fails_and_is_named(self, make_course, monkeypatch, path, damage, word):
        course = make_course()
        build.build(course)
        damage(course.root / path)
        result = self.run(course, monkeypatch, "--check")
        assert result.exit_code == 1
        assert path in result.output and word in result.output
        assert self.run(course, monkeypatch).exit_code == 0
        assert build.differences(course) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# question: standardise\n", "", "lacks the line"),
        ("def standardise(", "def standardize(", "does not define `standardise`"),
        ("q.score()", "q.score() + 1", "last line of the test cell"),
        ('checks.question("standardise")', 'checks.question("other")', "must ask for"),
        ("### BEGIN HIDDEN TESTS\n", "", "no hidden tests"),
        ('q.check("uses-train-statistics"', 'q.check("train-mean-zero"', "two checks have one name"),
        ("abs(Z.mean(axis=0)).max() < 1e-6", "np.testing.assert_allclose(Z, 0) is None", "prints the expected values"),
        ("with q.check(\"train-mean-zero\"", "### BEGIN HIDDEN TESTS\nwith q.check(\"train-mean-zero\"", None),
        ("A = q.rng.normal(size=(50, 4))", "A = explored", "only an explore cell assigns"),
        ("X = np.array([[0.0, 10.0], [2.0, 30.0]])", "X = DATA", "neither imported nor its own"),
        ("explored = checks.demo(lambda: ", "explored = (lambda f: f)(", "outside checks.demo"),
        ("explored = checks.demo", "print(A)\nexplored = checks.demo", "reads `A`, which cell standardise-test assigns"),
        ('"grade_id": "standardise-test"', '"grade_id": "standardise-check"', "must be the question's name and `-test`"),
        ('"grade_id": "standardise-test"', '"grade_id": "other-test"', "has no"),
    ],
)
def test_sources_that_break_a_rule_are_refused(make_course, old, new, words):
    course = make_course(lambda source: source.replace(old, new, 1))
    with pytest.raises((CourseError, RuntimeError)) as caught:
        build.derive(course, course.lessons[0])
    assert words is None or words in str(caught.value)


@pytest.mark.parametrize(
    ("imports", "warm"),
    [
        ("", []),
        ("import librosa.feature", ["audio"]),
        ("from keras import layers", ["networks"]),
        ("import tensorflow as tf\nimport librosa", ["audio", "networks"]),
    ],
)
def test_setup_cell_warms_up_what_the_lesson_imports(make_course, imports, warm):
    course = make_course(lambda source: source.replace("import numpy as np\n", f"import numpy as np\n{imports}\n", 1))
    setup = next(cell for cell in build.reference_notebook(course, course.lessons[0]).cells if cell.cell_type == "code")
    compile(setup.source, "set-up cell", "exec")
    assert [line for line in setup.source.splitlines() if "warm_up" in line] == [f"{name}.warm_up()" for name in warm]
    assert (f"from helpers import {', '.join(warm)}" in setup.source) == bool(warm)


STORY = """# %% tags=["explore"]
A = np.eye(2)


def shown():
    return A


def twice():
    return 2 * shown()

"""


def with_story(after):
    """The small lesson, with a story before its question that has a name in common with the test cell."""
    place = "# %% [markdown]\n# ## Standardise"
    return lambda source: source.replace(place, STORY + place) + f'\n# %% tags=["explore"]\n{after}\n'


@pytest.mark.parametrize("after", ["print(A)", "print(twice())", "checks.demo(lambda: A)", "def late():\n    return A[0]"])
def test_a_name_of_the_story_that_a_question_overwrites_is_refused(make_course, after):
    course = make_course(with_story(after))
    with pytest.raises(CourseError, match="reads `A`, which cell standardise-test assigns"):
        build.derive(course, course.lessons[0])


@pytest.mark.parametrize("after", ["A = np.eye(3)\nprint(A, twice())", "B = np.eye(3)", "import numpy as A\nA.eye(2)"])
def test_a_name_that_the_story_assigns_anew_or_never_reads_again_is_fine(make_course, after):
    course = make_course(with_story(after))
    build.derive(course, course.lessons[0])


def test_missing_source_and_unknown_lesson_are_named(make_course):
    course = make_course()
    course.source(course.lessons[0]).unlink()
    with pytest.raises(CourseError, match="is not there"):
        build.build(course)
    with pytest.raises(CourseError, match="no lesson 'x'; there are: 01_small"):
        course.lesson("x")


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("title = ", "is not TOML"),
        (COURSE + "\ncolour = 3\n", "colour"),
        (COURSE.replace("cpu_seconds = 20", "cpu_seconds = -1"), "limits.cpu_seconds"),
        (COURSE.replace("01_small", "Small"), "lessons.0.name"),
    ],
)
def test_course_toml_faults_are_named(make_course, toml, words):
    with pytest.raises(CourseError, match=words):
        make_course(toml=toml)


def test_course_toml_missing(tmp_path):
    with pytest.raises(CourseError, match="is not there"):
        load_course(tmp_path)
