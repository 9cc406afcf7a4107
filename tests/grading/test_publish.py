"""What is published: everything a student needs, no solution, no hidden test."""

import ast
import io
import subprocess
import sys
import zipfile

import pytest
from packaging.specifiers import SpecifierSet

import helpers
from grading import build, publish
from grading.course import CourseError, load_course
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The real course, published; text of every file in it, those in the wheel included."""
    folder = tmp_path_factory.mktemp("published") / "site"
    course = load_course(ROOT)
    publish.publish(course, folder)
    texts = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".whl":
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as wheel:
                texts |= {f"{path.name}/{name}": wheel.read(name).decode() for name in wheel.namelist()}
        elif path.is_file():
            texts[str(path.relative_to(folder))] = path.read_text(encoding="utf-8")
    return course, folder, texts


def test_everything_a_student_needs_is_there(published):
    course, _, texts = published
    for lesson in course.lessons:
        assert f"notebooks/{lesson.name}.ipynb" in texts
        assert any(name.endswith(f"helpers/released/{lesson.name}.json") for name in texts)
    assert {"README.md", "LICENSE", "LICENSE-TEXT.md"} <= texts.keys()
    assert any(name.endswith("data_manifests/nsynth.yaml") for name in texts)
    assert any(name.endswith("helpers/checks.py") for name in texts)


def test_the_students_wheel_takes_any_later_python(published):
    _, _, texts = published
    (metadata,) = [text for name, text in texts.items() if name.endswith(".dist-info/METADATA")]
    (bound,) = [line for line in metadata.splitlines() if line.startswith("Requires-Python: ")]
    assert "3.15" in SpecifierSet(bound.partition(": ")[2]) and "3.10" not in SpecifierSet(bound.partition(": ")[2])


def test_no_solution_and_no_hidden_test_is_published(published):
    course, _, texts = published
    joined = {name: " ".join(text.replace('\\"', '"').replace("\\n", "\n").split()) for name, text in texts.items()}
    n_secrets = 0
    for lesson in course.lessons:
        for secret in _secrets(build.reference_notebook(course, lesson)):
            n_secrets += 1
            found = [name for name, text in joined.items() if secret in text]
            assert not found, f"{lesson.name}: {secret[:80]!r} stands in {found}"
    assert n_secrets >= 3 * len(course.lessons)
    for name, text in texts.items():
        assert "BEGIN SOLUTION" not in text or name.endswith(".py"), name
        assert not name.startswith(("answers", "solutions", "grading", "tests"))
        assert "/grading/" not in name


def _secrets(reference):
    """Bodies of solutions (two statements or more, so that no chance line counts) and names of hidden checks."""
    for cell in reference.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type != "code" or not grade_id:
            continue
        if grade_id.endswith("-test"):
            hidden = cell.source.split("### BEGIN HIDDEN TESTS")[1].split("### END HIDDEN TESTS")[0]
            for node in ast.walk(ast.parse(hidden)):
                if isinstance(node, ast.With):
                    yield " ".join(ast.get_source_segment(hidden, node).split())
        else:
            body = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
            if len([line for line in body.splitlines() if line.strip()]) >= 2:
                yield " ".join(body.split())


def test_the_search_for_secrets_finds_one_that_is_there(published):
    course, _, _ = published
    reference = build.reference_notebook(course, course.lessons[0])
    text = " ".join(" ".join(cell.source for cell in reference.cells).split())
    assert all(secret in text for secret in _secrets(reference))


def test_wheel_installs_alone_and_works_without_the_instructors_side(published, tmp_path):
    course, folder, _ = published
    target = tmp_path / "installed"
    wheel = folder / build.wheel_name(course)
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)], check=True
    )
    code = (
        "import sys; sys.path = [p for p in sys.path if 'course' not in p and p]; sys.path.insert(0, sys.argv[1]);"
        "import helpers, pathlib; from helpers import checks, match, data;"
        "assert pathlib.Path(helpers.__file__).is_relative_to(sys.argv[1]), helpers.__file__;"
        "assert len(match.released_lessons()) == int(sys.argv[2]); checks.question('standardise');"
        "assert 'nsynth' in data.names();"
        "from helpers import download; assert sys.argv[3] in download.user_agent(), download.user_agent();"
        "import importlib.util; assert not (pathlib.Path(sys.argv[1]) / 'grading').exists()"
    )
    who = f"/{helpers.__version__} (+{course.student_repository})"  # what servers are told
    subprocess.run([sys.executable, "-c", code, str(target), str(len(course.lessons)), who], check=True, cwd=tmp_path)
    assert not (target / "bin").exists(), "the student's wheel must not bring the instructor's command"


def test_wheel_is_the_same_twice(published):
    course, folder, _ = published
    assert publish.wheel(course) == (folder / build.wheel_name(course)).read_bytes()


def test_publishing_again_drops_what_is_no_longer_made_and_leaves_the_rest(published, tmp_path):
    course, _, _ = published
    folder = tmp_path / "site"
    publish.publish(course, folder)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("x")
    listed = folder / "PUBLISHED.txt"
    (folder / "old.txt").write_text("made by an earlier release")
    listed.write_text(listed.read_text() + "old.txt\n")
    publish.publish(course, folder)
    assert not (folder / "old.txt").exists() and (folder / ".git" / "HEAD").is_file()


def test_files_of_others_are_not_overwritten(published, tmp_path):
    course, _, _ = published
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(CourseError, match="already has README.md"):
        publish.publish(course, tmp_path)
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_folder_inside_the_course_is_refused(published):
    with pytest.raises(CourseError, match="lies inside the course"):
        publish.publish(published[0], ROOT / "notebooks" / "site")


def test_answers_are_published_only_when_opened_and_without_hidden_tests(published):
    course, _, texts = published
    assert not any(name.startswith("answers") for name in texts)
    opened = course.model_copy(update={"self_learning": course.self_learning.model_copy(update={"open": True})})
    files = publish.student_files(opened)
    text = files[f"answers/{course.lessons[0].name}.ipynb"].decode()
    assert "BEGIN SOLUTION" in text and "HIDDEN" not in text
