"""Does the student's side of the course work on what Colab ships, and leave it as it was? Called by ``make test-colab``.

For each dated list of Colab's packages beside this file (``DATE-pythonX.Y.txt``): an environment of those of them that
the course touches, in the versions of the list; a package ``google.colab`` that only says that it is there; the wheel of
``helpers`` served from this machine. In it the set-up cell is run (its seconds are printed, and packages before and
after are compared), then the reference and the student notebook of every lesson on tiny data.
"""

import argparse
import contextlib
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import tomllib
from datetime import datetime

import nbformat
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grading import build, colab, publish, run
from grading.course import find_root, load_course
from tests import environments

KERNEL = ("ipython", "ipykernel", "nbclient", "nbformat", "jupyter-client", "pip", "setuptools")
ADDED = {"instrument-course", "pretty-midi", "sf2utils", "mido"}  # what the set-up cell may bring
MAX_SETUP_SECONDS = 15

# Colab's front end, as far as the course asks it for anything: it hands over the notebook that runs, and downloads files.
STUB = """
import json, os, sys, types

def blocking_request(kind, timeout_sec=None):
    assert kind == "get_ipynb"
    with open(os.environ["STUB_NOTEBOOK"], encoding="utf-8") as file:
        return {"ipynb": json.load(file)}

import google  # the namespace that protobuf lives in
for name in ("google.colab", "google.colab._message", "google.colab.files"):
    sys.modules[name] = types.ModuleType(name)
google.colab = colab = sys.modules["google.colab"]
colab._message, colab.files = sys.modules["google.colab._message"], sys.modules["google.colab.files"]
colab._message.blocking_request = blocking_request
colab.files.download = lambda path: print("downloaded", path)
"""

EXECUTE = """
import json, sys, time
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
start = time.time()
NotebookClient(notebook, timeout=900, kernel_name="python3", allow_errors=sys.argv[3] == "student").execute(cwd=sys.argv[4])
nbformat.write(notebook, sys.argv[2])
print(round(time.time() - start, 1))
"""


def environment(listed, folder):
    """A virtual environment with the course's dependencies as the list has them; returns its python."""
    pins = listed.packages
    project = tomllib.loads((find_root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]} | set(KERNEL)
    constraints = folder.parent / f"{listed.path.stem}-pins.txt"
    constraints.parent.mkdir(parents=True, exist_ok=True)
    constraints.write_text("".join(f"{name}=={pin}\n" for name, pin in pins.items()), encoding="utf-8")
    packages = sorted(f"{name}=={pins[name]}" for name in wanted if name in pins)
    try:
        python = environments.make(folder, listed.python, "-c", str(constraints), *packages)
    except environments.EnvironmentFailed as error:
        raise SystemExit(f"{listed.path.name}: its environment cannot be made:\n{error}") from None
    print(f"Colab of {listed.date}: Python {listed.python}, {len(packages)} packages that the course touches; "
          f"not in Colab: {', '.join(sorted(wanted - pins.keys() - {'pip', 'setuptools'})) or 'none'}")
    return python


def freeze(python):
    """Installed packages and their versions."""
    said = subprocess.run([str(python), "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True)
    return {canonicalize_name(row["name"]): row["version"] for row in json.loads(said.stdout)}


@contextlib.contextmanager
def served(folder):
    """The address under which a folder is served on this machine."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_):
        """Nothing."""


def execute(python, notebook, kind, room):
    """Run a notebook in the environment; returns it with outputs, and its seconds."""
    source, target = room / "in.ipynb", room / "out.ipynb"
    nbformat.write(notebook, source)
    env = os.environ | {
        "IPYTHONDIR": str(room / "ipython"),
        "STUB_NOTEBOOK": str(source),
        "COURSE_DATA_DIR": str(room / "data"),
        "NBGRADER_EXECUTION": "autograde",  # tiny data
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    }
    env.pop("PYTHONPATH", None)
    command = [str(python), "-c", EXECUTE, str(source), str(target), kind, str(room)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=room)
    if done.returncode:
        raise SystemExit(f"{kind} notebook failed:\n{done.stderr[-3000:]}")
    return nbformat.read(target, as_version=4), float(done.stdout.splitlines()[-1])


def errors(notebook):
    """Errors of the executed cells."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [f"{o.ename}: {o.evalue}"[:200] for o in outputs if o.output_type == "error"]


def cell_seconds(cell):
    """Seconds from the kernel's start on a cell to its reply, as nbclient noted them."""
    times = [cell.metadata["execution"][name] for name in ("iopub.execute_input", "shell.execute_reply")]
    start, end = (datetime.fromisoformat(time.replace("Z", "+00:00")) for time in times)
    return (end - start).total_seconds()


def check(listed, folder, lessons):
    """Build the environment of one list, run everything in it, and return what is wrong, one line each."""
    name = listed.path.stem
    python = environment(listed, folder / name)
    room = folder / f"{name}-room"
    shutil.rmtree(room, ignore_errors=True)
    startup = room / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-colab.py").write_text(STUB, encoding="utf-8")
    site = room / "site"
    wrong = []
    with served(site) as address:
        course = load_course(find_root()).model_copy(update={"student_repository": address})
        build.write_atomically(site / "raw" / course.branch / build.wheel_name(course), publish.wheel(course))
        before = freeze(python)
        lesson = course.lesson(lessons[0])
        setup = build.student_notebook(build.reference_notebook(course, lesson), lesson)
        setup.cells = [cell for cell in setup.cells if cell.cell_type == "code"][:1]
        executed, _ = execute(python, setup, "set-up", room)
        seconds, after = cell_seconds(executed.cells[0]), freeze(python)
        moved = {name for name in before if after.get(name) != before[name]}
        new = after.keys() - before.keys()
        print(f"  set-up cell: {seconds:.1f} s; new: {', '.join(sorted(new))}; changed: {len(moved)}")
        wrong += [f"the set-up cell changed {name}: {before[name]} -> {after.get(name)}" for name in sorted(moved)]
        wrong += [f"the set-up cell brought {name}" for name in sorted(new - ADDED)]
        if seconds > MAX_SETUP_SECONDS:
            wrong.append(f"the set-up cell took {seconds:.1f} s, more than {MAX_SETUP_SECONDS} s")
        for name in lessons:
            lesson = course.lesson(name)
            reference = build.reference_notebook(course, lesson)
            for kind, notebook in (("reference", reference), ("student", build.student_notebook(reference, lesson))):
                executed, seconds = execute(python, notebook, kind, room)
                points = sum(earned for earned, _ in run.marks(executed).values())
                print(f"  {name} {kind}: {seconds:.0f} s, {points:g} points", flush=True)
                wrong += [f"{name} {kind}: {error}" for error in errors(executed)]
                if not (room / "hand-in" / f"{name}.ipynb").is_file():
                    wrong.append(f"{name} {kind}: its last cell wrote no file to hand in")
                shutil.rmtree(room / "hand-in", ignore_errors=True)
                if points != (20.0 if kind == "reference" else 0.0):
                    wrong.append(f"{name} {kind}: {points:g} points")
    if freeze(python) != after:
        wrong.append("running the lessons changed installed packages")
    return [f"{listed.path.stem}: {line}" for line in wrong]


def main():
    """Check every list; print what is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lesson", action="append", help="only these lessons")
    parser.add_argument("--list", action="append", help="only lists whose name begins so, for example 2026-08")
    arguments = parser.parse_args()
    course = load_course(find_root())
    lessons = arguments.lesson or [lesson.name for lesson in course.lessons]
    lists = colab.lists(course.root)
    wanted = [one for one in lists if not arguments.list or one.path.stem.startswith(tuple(arguments.list))]
    wrong = [line for listed in wanted for line in check(listed, course.build_dir / "colab", lessons)]
    print("\n".join(wrong) or "everything runs, and nothing that Colab ships was changed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
