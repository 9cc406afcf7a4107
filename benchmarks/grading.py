"""Twelve submissions of lesson 02, graded in one run by stock nbgrader, otter-grader and this course's grader.

`make bench` runs it. Every grader gets the same answers, drawn from the listed right and wrong ones of the bank, and is
timed from its start to its last mark. Two of them run only what the marks need because that is what they were given: a
notebook without its `explore` cells (nbgrader is timed on the whole notebook too, which is what an instructor would hand
it). The yardstick is a warm interpreter: the same cells, ours, the student's and the tests, executed one after the
other in a fork of a process that has imported everything, with no walls, limits, feedback or gradebook.

Otter-grader is used where it can be imported (``pip install otter-grader``); it runs the same test cells, each as one
test case. Peak memory is the largest sum of the proportional set sizes of a grader's processes, looked at twice a second.
"""

import argparse
import contextlib
import copy
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

# This file has the name of the package that it measures: the folder of a script must not come first.
sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]

import nbformat  # noqa: E402
import psutil  # noqa: E402

from grading import build, crew, demo, engine, grade, stock  # noqa: E402
from grading.course import find_root, load_course  # noqa: E402

LESSON, N_SUBMISSIONS = "02_dense_mlp", 12
GOAL_OWN, GOAL_FIXED, GOAL_RATIO = 1.5, 0.3, 10.0
RESULT = Path(__file__).parent / "results" / "grading.json"


# --- the class --------------------------------------------------------------------------------------------------------


def hand_in(course, lesson):
    """A class of honest students: each answers each question in a style or with a mistake of the bank.

    Returns
    -------
    dict of str to nbformat.NotebookNode
        One in four answers is a wrong one; the first student answers as the reference does.
    """
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    bank = course.root / "tests" / "answers" / lesson.name
    questions = [question["id"] for question in build.released_map(student, reference, lesson)["questions"]]
    submissions = {"student-00": demo.fill(student, reference, questions)}
    for i in range(1, N_SUBMISSIONS):
        answers = {}
        for j, question in enumerate(questions):
            kind = "wrong" if (i + j) % 4 == 0 else "right"
            listed = sorted((bank / question).glob(f"{kind}_*.py"))
            answers[question] = f"# question: {question}\n{listed[i % len(listed)].read_text(encoding='utf-8')}"
        submissions[f"student-{i:02d}"] = demo.fill(student, reference, [], answers)
    return submissions


def without_explore(notebook):
    """A copy without the cells that no mark needs."""
    cut = copy.deepcopy(notebook)
    cut.cells = [cell for cell in cut.cells if "explore" not in cell.metadata.get("tags", [])]
    return cut


# --- the graders, each in a process of its own ------------------------------------------------------------------------


def prepare_nbgrader(course, lesson, folder, submissions, change):
    """nbgrader's folder with the lesson released and the class handed in; ``change`` is made to every notebook."""
    api = stock.prepare(course, folder, [lesson])
    source = folder / "source" / lesson.name / f"{lesson.name}.ipynb"
    source.write_text(nbformat.writes(change(nbformat.read(source, as_version=4))), encoding="utf-8")
    api.generate_assignment(lesson.name, create=True, force=True)
    for student, notebook in submissions.items():
        stock.submit(folder, lesson, student, nbformat.writes(change(notebook)).encode())
    config = (course.root / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(f"{config}\nc.CourseDirectory.root = {str(folder)!r}\n")
    return [sys.executable, "-m", "nbgrader", "autograde", lesson.name]


def nbgrader_marks(folder, lesson, students):
    """Points by student and question, from nbgrader's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            student: {
                mark.cell.name.removesuffix("-test"): mark.auto_score
                for mark in gradebook.find_submission_notebook(lesson.name, lesson.name, student).grades
            }
            for student in students
        }


def prepare_otter(bundle, folder, submissions):
    """The class without its test cells, and the test cells as files of otter's."""
    (folder / "tests").mkdir(parents=True)
    points = {question["id"]: question["points"] for question in bundle.map["questions"]}
    for cell in bundle.cells:
        if cell.kind != "test":
            continue
        body = cell.source.replace("\nq.score()", "\n_score = q.score()")
        (folder / "tests" / f"{cell.question}.py").write_text(
            f"from otter.test_files import test_case\n\nOK_FORMAT = False\nname = {cell.question!r}\n"
            f"points = {points[cell.question]}\n\n@test_case()\ndef all_of_it(env):\n    scope = dict(env)\n"
            f"    exec({body!r}, scope)\n    assert scope['_score'] >= 0.999 * points\n",
            encoding="utf-8",
        )
    for student, notebook in submissions.items():
        bare = without_explore(notebook)
        bare.cells = [cell for cell in bare.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
        nbformat.write(bare, folder / f"{student}.ipynb")
    return [sys.executable, __file__, "--otter", str(folder)]


def run_otter(folder):
    """Grade every notebook of a folder with otter-grader; its marks go to marks.json."""
    from otter.execute import grade_notebook

    tests = sorted(str(path) for path in (folder / "tests").glob("*.py"))
    marks = {}
    for notebook in sorted(folder.glob("*.ipynb")):
        found = grade_notebook(
            str(notebook), tests_glob=tests, cwd=str(folder), test_dir=str(folder / "tests"), force_python3_kernel=False
        )
        marks[notebook.stem] = {name: result.score for name, result in found.results.items()}
    (folder / "marks.json").write_text(json.dumps(marks))


def run_course(folder, workers):
    """Grade a folder of notebooks with this course's grader; marks and its own seconds go to marks.json."""
    course = load_course(find_root())
    graded = grade.grade_class(
        course, course.lesson(LESSON), folder / "in", folder / f"out-{workers}", workers=workers, progress=False
    )
    results = graded.concluded.results
    (folder / f"marks-{workers}.json").write_text(
        json.dumps(
            {
                "marks": {r["student"]: {q["id"]: q["score"] for q in r["questions"]} for r in results},
                "seconds": sum(q["seconds"] for r in results for q in r["questions"]),
            }
        )
    )


def run_engine(folder):
    """Seconds that each submission of a folder takes once both warm processes stand; they go to seconds.json."""
    course = load_course(find_root())
    bundle = crew.bundle(course, course.lesson(LESSON))
    data_dir, caches = _kept(course)
    seconds = {}
    with crew.Crew(course.root, data_dir, caches, int(bundle.memory_gb * 2**30)) as one:
        assert one.student.alive() and one.examiner.alive()  # asking for them starts them
        for notebook in sorted(folder.glob("*.ipynb")):
            start = time.perf_counter()
            engine.grade(notebook.read_bytes(), bundle, one)
            seconds[notebook.stem] = time.perf_counter() - start
    (folder / "seconds.json").write_text(json.dumps(seconds))


def _kept(course):
    """Where the grader keeps tiny data and compiled code from run to run."""
    return course.build_dir / "grading" / "data", course.build_dir / "grading" / "caches"


def run_warm(folder):
    """The yardstick: the cells of each submission in a fork of a warm interpreter, one after the other."""
    from grading import warm

    warm.warm_up()
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    seconds = {}
    for notebook in sorted(folder.glob("*.ipynb")):
        cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
        start = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            scope = {"__name__": "__main__"}
            with open(os.devnull, "w", encoding="utf-8") as quiet, contextlib.redirect_stdout(quiet):
                for source in cells:
                    with contextlib.suppress(Exception):  # a wrong answer's cell may raise; the next one still runs
                        exec(compile(source, "cell", "exec"), scope)
            os._exit(0)
        os.waitpid(pid, 0)
        seconds[notebook.stem] = time.perf_counter() - start
    (folder / "seconds.json").write_text(json.dumps(seconds))


# --- measuring --------------------------------------------------------------------------------------------------------


def measure(command, cwd):
    """Seconds and peak memory (GB) of a command and all its processes.

    Raises
    ------
    RuntimeError
        With the end of what it said, if it failed.
    """
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    start = time.perf_counter()
    with open(cwd / "log.txt", "wb") as log:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=subprocess.STDOUT)
        peak = [0]
        watch = threading.Thread(target=_watch, args=(process, peak))
        watch.start()
        status = process.wait()
        seconds = time.perf_counter() - start
        watch.join()
    if status:
        raise RuntimeError(f"{command} failed:\n{(cwd / 'log.txt').read_text(errors='replace')[-3000:]}")
    return seconds, peak[0] / 2**30


def _watch(process, peak):
    root = psutil.Process(process.pid)
    while process.poll() is None:
        total = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    total += one.memory_full_info().pss
        peak[0] = max(peak[0], total)
        time.sleep(0.5)


def agree(found, expected):
    """How many of the marks are the same to a thousandth of a point."""
    pairs = [(found[s].get(q), points) for s, marks in expected.items() for q, points in marks.items()]
    return sum(a is not None and abs(a - b) < 1e-3 for a, b in pairs), len(pairs)


def main():
    """Measure, compare, print and keep."""
    course = load_course(find_root())
    lesson = course.lesson(LESSON)
    folder = course.build_dir / "bench" / "grading"
    shutil.rmtree(folder, ignore_errors=True)
    bundle = crew.bundle(course, lesson)
    submissions = hand_in(course, lesson)
    ways, marks = {}, {}

    def timed(name, command, cwd):
        print(f"{name} ...", flush=True)
        seconds, memory = measure(command, cwd)
        ways[name] = {
            "seconds": round(seconds, 1),
            "submissions_per_minute": round(60 * N_SUBMISSIONS / seconds, 1),
            "peak_gb": round(memory, 2),
        }
        print(f"  {ways[name]}", flush=True)

    # The grader's own one-time preparation (rendering tiny data, compiling numba code) is kept between runs, as the
    # other graders' data cache is: make both before the clock runs.
    crew.prepare(bundle, course.root, *_kept(course))

    rooms = {name: folder / name for name in ("warm", "course", "nbgrader", "nbgrader-cut", "otter")}
    for room in rooms.values():
        room.mkdir(parents=True)
    (rooms["course"] / "in").mkdir()
    for student, notebook in submissions.items():
        nbformat.write(notebook, rooms["course"] / "in" / f"{student}.ipynb")
    source = nbformat.reads(build.derive(course, lesson).nbgrader_source[1].decode(), as_version=4)
    tests = {cell.id: cell.source for cell in source.cells if cell.metadata.get("nbgrader", {}).get("grade")}
    for student, notebook in submissions.items():
        full = without_explore(notebook)
        for cell in full.cells:
            cell.source = tests.get(cell.id, cell.source)
        nbformat.write(full, rooms["warm"] / f"{student}.ipynb")

    timed("warm interpreter", [sys.executable, __file__, "--warm", str(rooms["warm"])], rooms["warm"])
    own = json.loads((rooms["warm"] / "seconds.json").read_text())
    measure([sys.executable, __file__, "--engine", str(rooms["course"] / "in")], rooms["course"])
    walled = json.loads((rooms["course"] / "in" / "seconds.json").read_text())
    for workers in (1, 2):
        name = f"course grade --workers {workers}"
        timed(name, [sys.executable, __file__, "--course", str(rooms["course"]), str(workers)], rooms["course"])
        found = json.loads((rooms["course"] / f"marks-{workers}.json").read_text())
        marks[name] = found["marks"]
        ways[name]["own_share"] = round(found["seconds"] / (ways[name]["seconds"] * workers), 2)
    for name, room, change in (
        ("nbgrader autograde, without explore cells", "nbgrader-cut", without_explore),
        ("nbgrader autograde", "nbgrader", lambda notebook: notebook),
    ):
        command = prepare_nbgrader(course, lesson, rooms[room], submissions, change)
        timed(name, command, rooms[room])
        marks[name] = nbgrader_marks(rooms[room], lesson, submissions)
    if importlib.util.find_spec("otter") is None:
        print("otter-grader is not installed here: left out")
    else:
        timed(
            "otter-grader, without explore cells",
            prepare_otter(bundle, rooms["otter"] / "x", submissions),
            rooms["otter"],
        )

    ours, two = ways["course grade --workers 1"], ways["course grade --workers 2"]
    own_mean, each = sum(own.values()) / N_SUBMISSIONS, sum(walled.values()) / N_SUBMISSIONS
    for way in ways.values():
        way["own_share"] = way.get("own_share", round(min(1.0, sum(own.values()) / way["seconds"]), 2))
    ratio = {name: round(way["seconds"] / two["seconds"], 1) for name, way in ways.items()}
    per_worker = {name: round(way["seconds"] / ours["seconds"], 1) for name, way in ways.items()}
    line = {
        "benchmark": "grading",
        "what": f"{N_SUBMISSIONS} submissions of {LESSON}",
        "ways": ways,
        "own_cells_in_a_warm_interpreter_seconds": round(own_mean, 2),
        "walled_grader_seconds": round(each, 2),
        "allowed_seconds": round(GOAL_OWN * own_mean + GOAL_FIXED, 2),
        "ratio_to_course_with_2_workers": ratio,
        "ratio_per_worker": per_worker,
        "goals_reached": {
            "own": each <= GOAL_OWN * own_mean + GOAL_FIXED,
            "ratio": ratio["nbgrader autograde"] >= GOAL_RATIO,
        },
        "marks_equal_to_nbgrader": agree(marks["course grade --workers 2"], marks["nbgrader autograde"]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
        "versions": {name: version(name) for name in ("nbgrader", "tensorflow", "numpy")}
        | {"python": platform.python_version()},
    }
    RESULT.parent.mkdir(exist_ok=True)
    build.write_atomically(RESULT, (json.dumps(line) + "\n").encode())
    print(json.dumps(line, indent=1))
    return 0 if all(line["goals_reached"].values()) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--warm", type=Path)
    parser.add_argument("--course", nargs=2)
    parser.add_argument("--otter", type=Path)
    parser.add_argument("--engine", type=Path)
    arguments = parser.parse_args()
    if arguments.warm:
        sys.exit(run_warm(arguments.warm))
    if arguments.course:
        sys.exit(run_course(Path(arguments.course[0]), int(arguments.course[1])))
    if arguments.engine:
        sys.exit(run_engine(arguments.engine))
    if arguments.otter:
        sys.exit(run_otter(arguments.otter))
    sys.exit(main())
