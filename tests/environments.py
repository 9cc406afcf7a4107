"""Environments of their own, to try the course in: another Python, other versions. Made with uv."""

import shutil
import subprocess
import sys
from pathlib import Path

_UV = str(Path(sys.executable).parent / "uv")


class EnvironmentFailed(RuntimeError):
    """An environment could not be made; the message is what uv said."""


def make(folder, version, *wanted):
    """Make a virtual environment.

    Parameters
    ----------
    folder : Path
        What was there is deleted.
    version : str
        Of Python, for example "3.12".
    *wanted : str
        Arguments of ``uv pip install``.

    Returns
    -------
    Path
        Its python.

    Raises
    ------
    EnvironmentFailed
    """
    python, base = folder / "bin" / "python", interpreter(version)
    if base is None:
        raise EnvironmentFailed(f"Python {version} is not installed here")
    shutil.rmtree(folder, ignore_errors=True)
    _run("venv", "--quiet", "--seed", "--python", base, str(folder))
    _run("pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *wanted)
    return python


def interpreter(version):
    """Path of an installed Python of a version like ``"3.12"``, pyenv's included; None if there is none."""
    found = subprocess.run(
        [_UV, "python", "find", "--no-python-downloads", "--system", version], capture_output=True, text=True
    )
    if found.returncode == 0:
        return found.stdout.strip()
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    return str(kept[-1]) if kept else None


def _run(*arguments):
    made = subprocess.run([_UV, *arguments], capture_output=True, text=True)
    if made.returncode:
        raise EnvironmentFailed(made.stderr[-3000:])
