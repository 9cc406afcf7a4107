"""The least that a grader does in which tests and answers share a process, as in a notebook's kernel.

It gives marks as nbgrader does: the cells of the submission run in one IPython shell, our test cells take the place of
the submission's, an error gives 0, the first result that is shown is the mark, nothing shown is full marks; marks go to
a gradebook in the course's folder, beside the source with its hidden tests and the other submissions. Everything runs
in forks of one process of its own, with limits of time and memory.
"""

import contextlib
import json
import os
import resource
import select
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 40  # of wall time for one submission; its CPU limit is half of that


def grade_all(lesson, reference, submissions, questions, folder, seconds=300):
    """Grade submissions in one subprocess.

    Parameters
    ----------
    lesson : str
    reference : nbformat.NotebookNode
        With hidden tests; laid out as ``source/`` in the folder, as nbgrader has it.
    submissions : dict of str to bytes
    questions : dict of str to list of str
        Questions whose tests are run, by submission.
    folder : Path
    seconds : float
        Time for all of them.

    Returns
    -------
    dict of str to dict of str to float
        What the gradebook says in the end, by submission and question; a question is missing if no mark came.
    """
    for path, data in {
        folder / "source" / lesson / f"{lesson}.ipynb": nbformat.writes(reference).encode(),
        **{folder / "submitted" / name / lesson / f"{lesson}.ipynb": data for name, data in submissions.items()},
        folder / "jobs.json": json.dumps({"lesson": lesson, "questions": questions}).encode(),
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "LOGNAME": "instructor"}
    command = [sys.executable, "-m", "tests.submissions.in_process", str(folder)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, cwd=folder)
    if ran.returncode:
        raise RuntimeError(f"the in-process grader ended with {ran.returncode}:\n{ran.stderr[-3000:]}")
    marks = {name: {} for name in submissions}
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        for student, question, score in gradebook.execute("SELECT student, question, score FROM grade"):
            marks[student][question] = score
    return marks


def main(folder):
    """Entry of the subprocess: import once, fork for each submission, write marks into the gradebook."""
    import keras  # noqa: F401 (here and below: so that the forks need not)
    import sklearn.linear_model  # noqa: F401
    import sklearn.neighbors  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401

    from helpers import audio, checks  # noqa: F401

    audio.warm_up()
    jobs = json.loads((folder / "jobs.json").read_text())
    name = jobs["lesson"]
    reference = nbformat.read(folder / "source" / name / f"{name}.ipynb", 4)
    tests = {c.metadata.nbgrader.grade_id: c for c in reference.cells if c.metadata.get("nbgrader", {}).get("grade")}
    _write(folder, "CREATE TABLE grade (student TEXT, question TEXT, score REAL, max_score REAL)")
    for student, questions in jobs["questions"].items():
        scores = _in_a_fork(folder, name, student, {f"{q}-test": tests[f"{q}-test"] for q in questions})
        for question, score in scores.items():
            points = tests[f"{question}-test"].metadata.nbgrader.points
            _write(folder, "INSERT INTO grade VALUES (?, ?, ?, ?)", student, question, score, points)


def _write(folder, statement, *values):
    # Opened each time: a fork that writes to every descriptor it has must not meet the gradebook's.
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute(statement, values)


def _in_a_fork(folder, lesson, student, tests):
    read, write = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            os.setsid()
            _grade(folder, lesson, student, tests, write)
        finally:
            os._exit(0)
    os.close(write)
    text, end = b"", time.monotonic() + _SECONDS
    while (left := end - time.monotonic()) > 0 and select.select([read], [], [], left)[0]:
        part = os.read(read, 65536)
        if not part:
            break
        text += part
    try:
        os.killpg(pid, signal.SIGKILL)  # the group that the fork made for itself, and what it left behind
    except ProcessLookupError:
        pass
    os.waitpid(pid, 0)
    os.close(read)
    scores = {}
    for line in text.splitlines():
        try:
            mark = json.loads(line)
            scores.setdefault(mark["question"], float(mark["score"]))
        except (ValueError, KeyError, TypeError):
            continue
    return scores


def _grade(folder, lesson, student, tests, write):
    """In the fork: run the notebook and write one line a question."""
    place = folder / "autograded" / student / lesson
    place.mkdir(parents=True)
    os.chdir(place)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS // 2, _SECONDS // 2))
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2**31,) * 2)
    os.environ["NBGRADER_EXECUTION"] = "autograde"

    from IPython.core.displayhook import DisplayHook
    from IPython.core.interactiveshell import InteractiveShell

    shown = []

    class Recorder(DisplayHook):
        def __call__(self, result=None):
            if result is not None:
                shown.append(result)

    class Shell(InteractiveShell):
        displayhook_class = Recorder

    shell = Shell.instance()
    shell.showtraceback = lambda *args, **kwargs: None
    notebook = json.loads((folder / "submitted" / student / lesson / f"{lesson}.ipynb").read_bytes())
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] != "code" or (marks.get("grade") and marks["grade_id"] not in tests):
            continue
        if "explore" in cell["metadata"].get("tags", []):  # left out by every grader of the course
            continue
        test = tests.get(marks.get("grade_id"))
        shown.clear()
        result = shell.run_cell("".join(cell["source"]) if test is None else test.source)
        if test is not None:
            score = _mark(result, shown, float(test.metadata.nbgrader.points))
            line = {"question": marks["grade_id"].removesuffix("-test"), "score": score}
            os.write(write, json.dumps(line).encode() + b"\n")


def _mark(result, shown, points):
    """nbgrader's rule (``nbgrader.utils.determine_grade``)."""
    if not result.success:
        return 0.0
    try:
        score = float(repr(shown[0])) if shown else points
    except ValueError:
        return points
    return min(score, points) if score >= 0 else points


if __name__ == "__main__":
    main(Path(sys.argv[1]))
