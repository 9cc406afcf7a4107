"""Shared fixtures: where data lie during tests, real recordings where they are at hand, the slow tests' switch."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Set before any test imports numpy: BLAS threads fight on small arrays (feature code runs twice as slow with them).
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")
# Rendered practice data are kept between runs; their folder names carry a digest of what was rendered.
os.environ.setdefault("COURSE_DATA_DIR", str(ROOT / ".build" / "test-data"))


collect_ignore = ["answers"]  # answers to questions, some of whose names look like tests


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="also run the tests marked `full`")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--full"):
        return
    skip = pytest.mark.skip(reason="slow: run by `make test-full` (pytest --full)")
    for item in items:
        if "full" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def root():
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def realdata():
    """The folder of real recordings named by COURSE_REALDATA; the test is skipped without it."""
    folder = os.environ.get("COURSE_REALDATA")
    if not folder:
        pytest.skip("COURSE_REALDATA is not set: no real recordings to test on")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"COURSE_REALDATA names {folder}, which is not a folder")
    return path
