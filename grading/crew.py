"""The warm processes of one worker, and what a lesson's grading needs from the sources. Called by the pool and by tests."""

import contextlib
import dataclasses
import hashlib
import os
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from grading import build, colab, engine, sandbox
from grading.course import CourseError

_DECIDE = ("engine", "examine", "models", "runtime", "sandbox", "student", "syscalls", "warm", "wire")  # modules that can change a mark
_ROLES = ("student", "examine")
_SECRET = "course.secret"  # not committed; whoever has it can foresee the tests' random inputs


@dataclass
class Crew:
    """A student's and an examiner's warm process; either is started anew if it died.

    Attributes
    ----------
    course_root, data_dir, caches : Path
    memory_bytes : int
    walls : bool
    """

    course_root: Path
    data_dir: Path
    caches: Path
    memory_bytes: int
    walls: bool = True
    _warm: dict = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _quarantine: threading.Lock = field(default_factory=threading.Lock)

    @property
    def student(self):
        """The warm process whose forks run student code."""
        return self._role("student")

    @property
    def examiner(self):
        """The warm process whose forks run test cells."""
        return self._role("examine")

    def _role(self, role):
        with self._turn:
            warm = self._warm.get(role)
            if warm is not None and not warm.alive():
                warm.close()
                warm = None
            if warm is None:
                warm = self._warm[role] = self._start(role).ready()
            return warm

    def _start(self, role):
        return sandbox.start(
            role,
            self.course_root,
            walls=self.walls,
            data_dir=self.data_dir,
            caches=self.caches,
            memory_bytes=self.memory_bytes,
        )

    @contextlib.contextmanager
    def alone(self):
        """A crew of the same kind for one submission, under which a warm process died; one at a time, for its memory.

        Yields
        ------
        Crew
        """
        with self._quarantine, dataclasses.replace(self, _warm={}, _turn=threading.Lock()) as own:
            yield own

    def close(self):
        """End both."""
        for warm in self._warm.values():
            warm.close()
        self._warm.clear()

    def __enter__(self):
        self._warm = {role: self._start(role) for role in _ROLES}  # both import for seconds: at the same time
        try:
            for warm in self._warm.values():
                warm.ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()


def bundle(course, lesson):
    """All that grading a lesson needs, from its source.

    Returns
    -------
    engine.Bundle
    """
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    explore = tuple(cell.id for cell in reference.cells if "explore" in cell.metadata.get("tags", []))
    cells = []
    for cell in reference.cells:
        if cell.cell_type != "code" or cell.id in explore:
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        kind = "code" if not name else "test" if name.endswith("-test") else "answer"
        source = "" if kind == "answer" else cell.source
        cells.append(engine.Cell(cell.id, kind, source, name.removesuffix("-test")))
    map_ = build.released_map(student, reference, lesson)
    return engine.Bundle(
        map=map_,
        cells=tuple(cells),
        released={cell.id: cell.source for cell in student.cells if cell.cell_type == "code"},
        explore=explore,
        imports=build.import_lines(reference),
        cpu_seconds=course.limits.cpu_seconds,
        memory_gb=course.limits.memory_gb,
        wall_seconds=course.limits.wall_seconds,
        secret=_secret(course),
        versions=_versions(course),
        colab=colab.lists(course.root),
    )


def prepare(bundle, course_root, data_dir, caches):
    """Render the data that the lesson's graded cells read, and let libraries compile what they compile at first use.

    The lesson's own cells are run once for that, outside the sandbox: they are ours. The sandbox shows both folders
    read-only. Nothing is done where they were run before with the same cells and versions.

    Parameters
    ----------
    bundle : engine.Bundle
    course_root, data_dir, caches : Path

    Raises
    ------
    CourseError
        With the error, if the lesson's own cells fail.
    """
    own = "\n\n".join(cell.source for cell in bundle.cells if cell.kind == "code")
    made_for = hashlib.sha256(repr((own, bundle.versions)).encode()).hexdigest()
    done = data_dir / f".prepared-{bundle.map['lesson']}"
    if caches.is_dir() and done.is_file() and done.read_text(encoding="utf-8") == made_for:
        return
    for folder in (data_dir, caches):
        folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "COURSE_DATA_DIR": str(data_dir),
        "NBGRADER_EXECUTION": "autograde",
        "MPLCONFIGDIR": str(caches / "matplotlib"),
        "NUMBA_CACHE_DIR": str(caches / "numba"),
        "MPLBACKEND": "Agg",
        "PYTHONPATH": str(course_root),
    }
    source = f"from grading import warm\nwarm.warm_up()\n\n{own}"
    made = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, cwd=data_dir)
    if made.returncode:
        raise CourseError(f"the lesson's own cells fail:\n{made.stderr[-3000:]}")
    build.write_atomically(done, made_for.encode())


def _versions(course):
    modules = [course.root / "grading" / f"{name}.py" for name in _DECIDE]
    digest = hashlib.sha256()
    for path in [*sorted((course.root / "helpers").rglob("*.py")), *modules]:
        digest.update(path.read_bytes())
    found = {"python": sys.version.split()[0], **{name: version(name) for name in colab.TOUCHED}}
    return found | {"course": digest.hexdigest()[:12]}


def _secret(course):
    path = course.root / _SECRET
    if not path.is_file():
        build.write_atomically(path, secrets.token_hex(32).encode())
        path.chmod(0o600)
    secret = path.read_bytes()
    if not secret:
        raise CourseError(f"{path} is empty, so that anybody could foresee the tests' inputs: delete it, and a new one is made")
    return secret
