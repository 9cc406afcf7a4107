"""A folder for a rendered data set: there as a whole, or not at all. Every writer of the practice orchestra uses it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["new_folder"]


class new_folder:
    """A folder that takes its name only when the block ends well."""

    def __init__(self, folder):
        self._final = Path(folder)

    def __enter__(self):
        if self._final.exists() and (not self._final.is_dir() or any(self._final.iterdir())):
            raise FileExistsError(f"{self._final} is not empty: name a new folder, or remove it first.")
        self._final.parent.mkdir(parents=True, exist_ok=True)
        self._work = Path(tempfile.mkdtemp(prefix=f".{self._final.name}-", dir=self._final.parent))
        return self._work

    def __exit__(self, kind, error, trace):
        if kind is not None:
            shutil.rmtree(self._work, ignore_errors=True)
            return False
        os.chmod(self._work, 0o755)  # mkdtemp makes it private
        if self._final.exists():
            self._final.rmdir()
        os.replace(self._work, self._final)
        return False
