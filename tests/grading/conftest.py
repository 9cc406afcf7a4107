"""A course of one small lesson, in a folder of its own; warm processes behind walls and a lesson to grade with them."""

import dataclasses
import shutil

import pytest

from grading import build, crew, sandbox
from grading.course import load_course
from tests.conftest import ROOT

LESSON = '''# %% [markdown]
# # A title
#
# Goals.

# %%
import numpy as np

from helpers import checks

# %% tags=["parameters"]
DATA = "practice-notes"  # a word

# %% [markdown]
# ## Standardise

# %% nbgrader={"grade": false, "grade_id": "standardise", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: standardise
def standardise(X_train, X_test):
    """Return both arrays standardised."""
    ### BEGIN SOLUTION
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "standardise-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("standardise")
X = np.array([[0.0, 10.0], [2.0, 30.0]])
with q.check("train-mean-zero", hint="compute the mean over the rows, axis 0"):
    Z, _ = standardise(X, X)
    assert abs(Z.mean(axis=0)).max() < 1e-6, "each column of the training data should have mean 0"
### BEGIN HIDDEN TESTS
with q.check("uses-train-statistics", weight=2, hint="fit on the training data alone"):
    A = q.rng.normal(size=(50, 4))
    _, Z = standardise(A, A + 5)
    assert (Z.mean(axis=0) > 2).all(), "a shifted test set must come out shifted: fitted on the test set?"
### END HIDDEN TESTS
q.score()

# %% tags=["explore"]
explored = checks.demo(lambda: standardise(np.eye(3), np.eye(3)))
'''

COURSE = """
title = "Small"
source_repository = "https://github.com/SET_YOUR_ACCOUNT/a"
student_repository = "https://github.com/SET_YOUR_ACCOUNT/b"
branch = "main"
[self_learning]
open = false
[limits]
cpu_seconds = 20
memory_gb = 4
[[lessons]]
name = "01_small"
title = "Small lesson"
real = { DATA = "tinysol" }
"""


@pytest.fixture
def make_course(tmp_path):
    """A function that writes the small course, with the lesson's source changed by it, and loads it."""

    def make(change=lambda source: source, toml=COURSE):
        folder = tmp_path / "course"
        source = folder / "solutions" / "01_small" / "01_small.py"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(change(LESSON), encoding="utf-8")
        (folder / "course.toml").write_text(toml, encoding="utf-8")
        for name in ("pyproject.toml", "nbgrader_config.py"):
            shutil.copy(ROOT / name, folder)
        return load_course(folder)

    return make


@pytest.fixture(scope="session")
def class_room():
    """Warm processes, the bundle of lesson 02 with short limits, and the reference and student notebooks."""
    if sandbox.why_not():
        pytest.skip(sandbox.why_not())
    course = load_course(ROOT)
    lesson = course.lesson("02_dense_mlp")
    bundle = dataclasses.replace(crew.bundle(course, lesson), cpu_seconds=4.0, memory_gb=1.0, secret=b"a test's secret")
    data_dir, caches = course.build_dir / "test-data", course.build_dir / "caches"
    crew.prepare(bundle, course.root, data_dir, caches)
    reference = build.reference_notebook(course, lesson)
    with crew.Crew(course.root, data_dir, caches, 2**30) as one:
        yield one, bundle, reference, build.student_notebook(reference, lesson)
