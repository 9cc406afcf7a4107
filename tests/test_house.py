"""The house keeps its own rules: one list of dependencies, who may know whom, twenty points a lesson, no stray names."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from grading import build
from grading.course import load_course
from helpers import match
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()


def name_of(requirement):
    return re.match(r"[A-Za-z0-9_.-]+", requirement).group(0).lower().replace("_", "-")


def test_conda_environment_is_the_list_of_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    extras = PROJECT["optional-dependencies"]
    assert pip == [*PROJECT["dependencies"], *extras["instructor"], *extras["dev"], *extras["cluster"], "--editable ."]
    assert f"python{PROJECT['requires-python']}" in environment["dependencies"]


def test_lock_pins_every_dependency_with_hashes_and_names_no_index():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.findall(r"^([A-Za-z0-9_.-]+)==[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+)", lock, re.MULTILINE)
    locked = {name.lower().replace("_", "-") for name, _ in blocks}
    asked = [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
    assert {name_of(requirement) for requirement in asked} <= locked
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", lock)
    assert len(blocks) == len(re.findall(r"^[A-Za-z0-9_.-]+==", lock, re.MULTILINE)), "a package without a hash"


def test_importing_helpers_loads_neither_tensorflow_nor_numba():
    code = (
        "import sys, helpers; [getattr(helpers, name) for name in helpers.__all__];"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    loaded = ast.literal_eval(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    heavy = {"tensorflow", "keras", "numba", "librosa", "scipy", "sklearn", "matplotlib", "pandas", "seaborn", "pooch", "yaml"}
    assert not heavy & set(loaded)


def module_level_imports(path):
    """Top-level names of what a module imports when it is imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    return names


def all_imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level
    }


@pytest.mark.parametrize("path", sorted((ROOT / "helpers").rglob("*.py")), ids=lambda path: path.name)
def test_helpers_import_numpy_and_the_standard_library_alone_and_never_grading(path):
    allowed = {"numpy", "helpers", "data_manifests"} | set(sys.stdlib_module_names)
    assert module_level_imports(path) <= allowed
    assert not all_imports(path) & {"grading", "tests", "nbgrader", "jupytext", "click", "pydantic"}


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").rglob("*.py")), ids=lambda path: path.stem)
def test_lessons_import_helpers_and_the_fields_libraries_only(path):
    field = {
        "numpy", "scipy", "librosa", "matplotlib", "seaborn", "pandas", "sklearn", "keras", "tensorflow", "soundfile", "IPython",
        "threadpoolctl", "tqdm",
    }
    assert all_imports(path) <= field | {"helpers"} | set(sys.stdlib_module_names)


def test_grading_and_helpers_never_import_tests_or_lessons():
    for path in [*(ROOT / "grading").rglob("*.py"), *(ROOT / "helpers").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]:
        assert not all_imports(path) & {"tests", "solutions"}, path


def test_each_lesson_has_seven_questions_and_twenty_points():
    course = load_course(ROOT)
    for lesson in course.lessons:
        questions = match.released_lessons()[lesson.name].questions
        assert len(questions) == 7, lesson.name
        assert sum(question.points for question in questions) == 20, lesson.name


def test_question_names_are_unique_in_the_course():
    names = [question.id for lesson in match.released_lessons().values() for question in lesson.questions]
    assert len(names) == len(set(names))


def test_derived_files_are_up_to_date():
    assert build.differences(load_course(ROOT)) == []


def test_every_module_says_which_room_it_is():
    for folder in ("helpers", "grading", "tests", "benchmarks", "data_manifests"):
        for path in (ROOT / folder).rglob("*.py"):
            if "answers" in path.parts or (path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip()):
                continue
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"


def test_nothing_tracked_names_a_registry_or_a_path_of_one_machine():
    words = re.compile(r"py" r"pi\.org|files\.python" r"hosted|registry\.npm" r"js|/wo" r"rk/|/ro" r"ot/")
    for name in TRACKED:
        path = ROOT / name
        if name.startswith("tests/submissions/"):
            continue  # what a hostile notebook looks for stands there
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".yml", ".yaml", ".cff", ".j2", ".ipynb", ".json", ".lock", ""}:
            found = words.search(path.read_text(encoding="utf-8"))
            assert not found, f"{name}: {found.group(0)}"


def test_no_recording_is_tracked():
    sound = {".wav", ".aiff", ".aif", ".mp3", ".ogg", ".flac", ".mid", ".sf2", ".npy", ".npz"}
    assert not [name for name in TRACKED if any(name.lower().endswith(ending) for ending in sound)]
