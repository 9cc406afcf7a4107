"""Write the student side of the course, and nothing else, to a folder. Called by ``course publish`` and its test.

No solution, no hidden test and no mark is in it, unless ``course.toml`` opens the solutions to those who learn alone;
hidden tests never are.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import nbformat
import tomli_w
from nbgrader import preprocessors

from grading import build
from grading.course import CourseError

_LIST = "PUBLISHED.txt"


def publish(course, folder):
    """Write notebooks, the wheel of ``helpers`` (with manifests and released maps), manifests, licences and a README.

    Files of an earlier publication that are no longer made are deleted; everything else in the folder (such as its own
    ``.git``) is left alone.

    Parameters
    ----------
    course : Course
    folder : Path
        Made if it is not there.

    Returns
    -------
    list of Path
        What stands there now, relative to ``folder``.

    Raises
    ------
    CourseError
        If the committed derived files are out of date, the folder lies inside the course, or a file that was not
        published before stands in the way.
    """
    folder = Path(folder).resolve()
    if folder == course.root or course.root in folder.parents and course.build_dir not in folder.parents:
        raise CourseError(f"{folder} lies inside the course: publish to a folder of its own")
    found = build.differences(course)
    if found:
        raise CourseError("derived files are out of date: run `course build` first\n" + "\n".join(found))
    files = student_files(course)
    listed = folder / _LIST
    before = set(listed.read_text(encoding="utf-8").splitlines()) if listed.is_file() else set()
    strangers = [path for path in files if (folder / path).exists() and path not in before]
    if strangers:
        raise CourseError(f"{folder} already has {', '.join(strangers)}, which `course publish` did not write: move them")
    for path, data in files.items():
        build.write_atomically(folder / path, data)
    for path in sorted(before - files.keys()):
        (folder / path).unlink(missing_ok=True)
    build.write_atomically(listed, ("\n".join(sorted(files)) + "\n").encode())
    return [Path(path) for path in sorted(files)]


def student_files(course):
    """Everything that students get, as bytes by path.

    Returns
    -------
    dict of str to bytes
    """
    files = {
        "README.md": build.render("student_readme.md.j2", course=course, wheel=build.wheel_name(course)).encode(),
        build.wheel_name(course): wheel(course),
    }
    for name in ("LICENSE", "LICENSE-TEXT.md", "CITATION.cff"):
        files[name] = (course.root / name).read_bytes()
    for path in sorted((course.root / "data_manifests").glob("*.yaml")):
        files[f"data_manifests/{path.name}"] = path.read_bytes()
    for lesson in course.lessons:
        files[f"notebooks/{lesson.name}.ipynb"] = (course.root / "notebooks" / f"{lesson.name}.ipynb").read_bytes()
        if course.self_learning.open:
            files[f"answers/{lesson.name}.ipynb"] = answers_notebook(course, lesson)
    return files


def answers_notebook(course, lesson):
    """The lesson with its solutions but without hidden tests, as bytes."""
    notebook, _ = preprocessors.ClearHiddenTests().preprocess(build.reference_notebook(course, lesson), {})
    return (nbformat.writes(notebook, indent=1).rstrip("\n") + "\n").encode()


def wheel(course):
    """The wheel of ``helpers`` and the manifests: the project without the instructor's side.

    Returns
    -------
    bytes
        The same for the same sources.

    Raises
    ------
    CourseError
        With what the build said, if it fails.
    """
    with tempfile.TemporaryDirectory(prefix="course-wheel-") as temporary:
        stage = Path(temporary)
        for package in ("helpers", "data_manifests"):
            shutil.copytree(course.root / package, stage / package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(course.root / "LICENSE", stage)
        (stage / "pyproject.toml").write_text(tomli_w.dumps(_student_project(course)), encoding="utf-8")
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(stage / "dist")]
        made = subprocess.run(command, cwd=stage, capture_output=True, text=True)
        if made.returncode:
            raise CourseError(f"the wheel of helpers could not be built:\n{made.stdout}{made.stderr}")
        return (stage / "dist" / build.wheel_name(course)).read_bytes()


def _student_project(course):
    """The project's own pyproject without scripts, extras and the instructor's packages.

    Its Python has no upper bound: pip would refuse the wheel in the first cell on Colab's next Python, which the lock of
    the grader does not know, but on which nothing of ``helpers`` is known to break.
    """
    whole = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))
    bounds = [bound.strip() for bound in whole["project"]["requires-python"].split(",")]
    whole["project"]["requires-python"] = ",".join(bound for bound in bounds if not bound.startswith("<"))
    kept = ("name", "version", "description", "requires-python", "license", "license-files", "dependencies")
    return {
        "build-system": whole["build-system"],
        "project": {key: whole["project"][key] for key in kept} | {"urls": {"Home": course.student_repository}},
        "tool": {"hatch": {"build": {"targets": {"wheel": {"packages": ["helpers", "data_manifests"]}}}}},
    }
