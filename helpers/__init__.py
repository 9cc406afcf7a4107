"""What a student imports: data, sound, features, evaluation, figures, players and checks.

Submodules load on first use (PEP 562), so ``import helpers`` costs milliseconds and pulls in neither TensorFlow nor
numba. Nothing in this package knows of the grading tools.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from . import _paths

_SUBMODULES = (
    "audio",
    "checks",
    "convolution",
    "data",
    "download",
    "duets",
    "evaluate",
    "features",
    "leaks",
    "match",
    "mixing",
    "multioutput",
    "networks",
    "orchestra",
    "player",
    "plots",
    "progress",
    "recurrent",
    "standardize",
    "study",
    "submit",
)

try:
    __version__ = version("instrument-course")
except PackageNotFoundError:  # a bare copy of the folder, not installed
    __version__ = "unknown"

_paths.prepare()  # before librosa and matplotlib are used for the first time

__all__ = list(_SUBMODULES)


def __getattr__(name):
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_SUBMODULES})
