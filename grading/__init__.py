"""What an instructor runs: building, running and grading the lessons. Called by the ``course`` command."""

import os
import sys
from pathlib import Path

# nbgrader runs `alembic`, and Jupyter its kernels, by bare name: the environment's own programs must be found although
# nobody activated it.
_BIN = str(Path(sys.executable).parent)
if _BIN not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_BIN, os.environ.get("PATH", "")])
