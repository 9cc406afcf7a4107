"""Execute a reference lesson from start to end and say what it scored. Called by ``course run`` and by the tests."""

import copy
import json
import os
import platform
import resource
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from tqdm.auto import tqdm

from grading import build
from grading.course import CourseError

SCORES_MIME = "application/vnd.course.scores+json"  # emitted by helpers.evaluate.show_scores
_EXPLORE, _PARAMETERS = "explore", "parameters"


@dataclass(frozen=True)
class Run:
    """What came of executing a lesson.

    Attributes
    ----------
    lesson : str
    parameters : dict of str to str
        The lesson's parameters as they were run.
    scores : list of dict
        Rows of the lesson's score tables: model, data, split, accuracy, interval, macro recall, note.
    marks : dict of str to (float, float)
        Earned and possible points of each question.
    seconds : float
        Wall time from the start of the kernel to the end of the last cell.
    slowest : list of (str, float)
        Ids and seconds of the five slowest cells.
    peak_memory_mb : float
        Largest resident set of the kernel.
    python, versions : str, dict
    """

    lesson: str
    parameters: dict
    scores: list
    marks: dict
    seconds: float
    slowest: list
    peak_memory_mb: float
    python: str
    versions: dict

    @property
    def total(self):
        """Earned and possible points of the lesson."""
        return sum(earned for earned, _ in self.marks.values()), sum(points for _, points in self.marks.values())


def reference_for_run(course, lesson, *, real=False, long=False, explore=True):
    """The reference notebook as it is to be executed.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    real : bool
        Put the lesson's real data in place of its practice data.
    long : bool
        Keep the cells tagged ``long``.
    explore : bool
        Keep the cells tagged ``explore``, which no mark needs.

    Returns
    -------
    nbformat.NotebookNode
    """
    notebook = build.reference_notebook(course, lesson, long=long)
    if long and not any(_has_tag(cell, build.LONG) for cell in notebook.cells):
        raise CourseError(f"lesson {lesson.name} has no long run: everything it shows is trained each time")
    notebook.cells = [cell for cell in notebook.cells if explore or not _has_tag(cell, _EXPLORE)]
    if real:
        set_parameters(notebook, _real_parameters(lesson))
    return notebook


def set_parameters(notebook, values):
    """Replace assignments in the cell tagged ``parameters``.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.
    values : dict of str to str

    Raises
    ------
    CourseError
        If the notebook has no such cell, or the cell does not assign one of the names.
    """
    cells = [cell for cell in notebook.cells if _has_tag(cell, _PARAMETERS)]
    if len(cells) != 1:
        raise CourseError(f"the lesson has {len(cells)} cells tagged `parameters`; one is needed")
    lines = cells[0].source.splitlines()
    for name, value in values.items():
        places = [i for i, line in enumerate(lines) if line.split("=")[0].strip() == name]
        if not places:
            raise CourseError(f"the cell tagged `parameters` does not assign {name}")
        lines[places[0]] = f"{name} = {value!r}"
    cells[0].source = "\n".join(lines)


def execute(notebook, *, timeout=1800, progress=True):
    """Run a notebook in a fresh kernel, in an empty folder.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    timeout : float or None
        Seconds for one cell; None for no limit.
    progress : bool
        Show a bar over the cells.

    Returns
    -------
    (nbformat.NotebookNode, dict of str to float)
        A copy with outputs, and the seconds that each code cell took, by cell id.

    Raises
    ------
    CourseError
        Naming the cell that raised, with its traceback.
    """
    notebook = copy.deepcopy(notebook)
    bar = tqdm(total=len(notebook.cells), unit="cell", disable=not progress or None, leave=False)
    started, seconds = {}, {}

    def on_start(cell, cell_index):
        bar.update(cell_index - bar.n)
        started[cell.id] = time.perf_counter()

    def on_done(cell, cell_index, **_):
        seconds[cell.id] = time.perf_counter() - started[cell.id]

    with tempfile.TemporaryDirectory(prefix="course-run-") as folder:
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            on_cell_execute=on_start,
            on_cell_executed=on_done,
        )
        try:
            # What C libraries and the kernel itself say on the terminal belongs to no cell.
            client.execute(stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            raise CourseError(f"cell {list(started)[-1]!r} raised:\n{error}") from None
        finally:
            bar.close()
    notebook, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})  # of a progress bar its last line stays, if any
    return notebook, seconds


def run_lesson(course, lesson, *, real=False, long=False, explore=True, progress=True):
    """Execute the reference of a lesson and gather its scores, marks and times.

    The executed notebook and its HTML page are left in ``.build/run/``.

    Returns
    -------
    Run

    Raises
    ------
    CourseError
        If the derived files are out of date, or a cell raises.
    """
    derived = build.derive(course, lesson)
    for path, data in (derived.student, derived.released):
        if not (course.root / path).is_file() or (course.root / path).read_bytes() != data:
            raise CourseError(f"{path} is out of date: run `course build` first")
    notebook = reference_for_run(course, lesson, real=real, long=long, explore=explore)
    start = time.perf_counter()
    executed, seconds = execute(notebook, timeout=None if long else 1800, progress=progress)
    wall = time.perf_counter() - start
    folder = course.build_dir / "run"
    build.write_atomically(folder / f"{lesson.name}.ipynb", nbformat.writes(executed).encode())
    page, _ = HTMLExporter().from_notebook_node(executed)
    build.write_atomically(folder / f"{lesson.name}.html", page.encode())
    slowest = sorted(seconds.items(), key=lambda item: -item[1])[:5]
    result = Run(
        lesson=lesson.name,
        parameters=parameters(executed),
        scores=scores(executed),
        marks=marks(executed),
        seconds=round(wall, 1),
        slowest=[(name, round(value, 2)) for name, value in slowest],
        peak_memory_mb=round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 0),
        python=platform.python_version(),
        versions={name: version(name) for name in ("numpy", "librosa", "tensorflow", "keras", "scikit-learn")},
    )
    if long:
        rows = scores(executed, [cell for cell in executed.cells if _has_tag(cell, build.LONG)])
        store_long(course, replace(result, scores=rows))
    return result


def scores(executed, cells=None):
    """Rows of all score tables in an executed notebook, or in some of its cells, in order."""
    outputs = _outputs(executed.cells if cells is None else cells)
    return [row for output in outputs for row in output.get("data", {}).get(SCORES_MIME, [])]


def marks(executed):
    """Earned and possible points of each question of an executed notebook: ``{question: (earned, points)}``.

    A test cell that gave no number counts 0: here only references are run, so that is worth seeing.
    """
    found = {}
    for cell in executed.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("grade"):
            texts = [out["data"]["text/plain"] for out in cell.outputs if out.output_type == "execute_result"]
            found[nbgrader.grade_id.removesuffix("-test")] = (float(texts[0]) if texts else 0.0, nbgrader.points)
    return found


def parameters(notebook):
    """The assignments of the cell tagged ``parameters``, as text."""
    for cell in notebook.cells:
        if _has_tag(cell, _PARAMETERS):
            pairs = (line.split("#")[0].split("=", 1) for line in cell.source.splitlines() if "=" in line)
            return {name.strip(): value.strip().strip("\"'") for name, value in pairs if name.strip().isidentifier()}
    return {}


def store_long(course, run):
    """Keep what the long cells scored as package data of helpers, for ``helpers.study.stored`` to quote in the lesson."""
    record = {
        **asdict(run),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    data = (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()
    build.write_atomically(course.root / "helpers" / "results" / f"{run.lesson}.json", data)


def _real_parameters(lesson):
    values = dict(lesson.real)
    folder = os.environ.get("COURSE_REALDATA")
    if folder:
        values |= {name: str(Path(folder) / path) for name, path in lesson.excerpts.items()}
    if not values:
        raise CourseError(f"course.toml names no real data for lesson {lesson.name}")
    return values


def _outputs(cells):
    return [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def _has_tag(cell, tag):
    return tag in cell.metadata.get("tags", [])
