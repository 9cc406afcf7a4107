"""Grading a class: all marks, none twice, whatever is killed in the middle; nothing is done twice."""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
import pytest

from grading import build, demo, engine, feedback, grade, gradebook, results, roster, sandbox, submissions
from grading.course import CourseError, load_course
from tests.conftest import ROOT

LESSON = "02_dense_mlp"

pytestmark = pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not() or "the sandbox is here")


@pytest.fixture(scope="module")
def lesson():
    return load_course(ROOT).lesson(LESSON)


@pytest.fixture
def handed_in(tmp_path, lesson):
    """A folder of submissions: two full (different in a line), one partly, one untouched, one cut off, one hostile."""
    course = load_course(ROOT)
    made = demo.made_up_class(course, lesson)
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    answer = next(cell.source for cell in reference.cells if cell.id == "standardise")
    questions = [cell.id for cell in reference.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    other = demo.fill(student, reference, questions, {"standardise": answer + "\nmy_own = 1"})
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in {**made, "fay": nbformat.writes(other).encode()}.items():
        (folder / f"{name}.ipynb").write_bytes(data)
    return folder


EXPECTED = {
    "ada-all-right": 20.0, "ben-partly": None, "cleo-untouched": 0.0, "dan-cell-copied": 20.0,
    "eve-download-cut-off": 0.0, "fay": 20.0, "mallory-patches-the-checks": 0.0,
}  # None: between


def scores(out):
    found = [(result["student"], result["score"]) for result in results.read(out)]
    assert len(found) == len(dict(found)), "a student has two results"
    return dict(found)


def check(out):
    found = scores(out)
    assert found.keys() == EXPECTED.keys()
    for student, score in EXPECTED.items():
        assert found[student] == score or (score is None and 0 < found[student] < 20), (student, found[student])


def test_a_class_with_a_roster_is_graded_and_again_without_running_anything(handed_in, tmp_path, lesson, monkeypatch):
    course, out = load_course(ROOT), tmp_path / "out"
    people = [roster.Person("ada-all-right", "Ada"), roster.Person("zoe", "Zoë Handed-in-nothing", "zoe@example.org")]
    graded = grade.grade_class(course, lesson, handed_in, out, roster=people, progress=False)
    check(out)
    table = (out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line for line in table if line.startswith("zoe,")], table
    assert graded.concluded.changes == ()
    monkeypatch.setattr(grade.crew, "Crew", None)  # a second run starts no process
    again = grade.grade_class(course, lesson, handed_in, out, roster=people, progress=False)
    check(out)
    assert again.concluded.changes == ()


# Everything that happens to one submission, by the function that does it.
STEPS = {
    "reading": (submissions.Submission, "read_or_reason"),
    "digest": (grade, "_digest"),
    "opening": (grade, "_opened"),
    "cache": (grade, "_cached"),
    "grading": (grade, "one_submission"),
    "page": (feedback, "write"),
    "gradebook": (gradebook, "_write_one"),
}


FAULTS = [ValueError("a fault of ours"), KeyError("x"), RecursionError(), MemoryError(), AssertionError()]


@pytest.mark.parametrize(("step", "fault"), list(zip(STEPS, itertools.cycle(FAULTS), strict=False)))
def test_a_fault_of_ours_costs_one_submission_its_run_and_nobody_else_anything(tmp_path, lesson, monkeypatch, step, fault):
    course = load_course(ROOT)
    reference = build.reference_notebook(course, lesson)
    untouched = build.student_notebook(reference, lesson)
    for name in ("ada", "ben", "cleo"):
        untouched.metadata["who"] = name
        (tmp_path / "in" / f"{name}.ipynb").parent.mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(nbformat.writes(untouched).encode())
    monkeypatch.setattr(grade, "_executor", executor_of_this_process)
    unanswered = engine.grade(nbformat.writes(untouched).encode(), grade.crew.bundle(course, lesson), None)
    monkeypatch.setattr(grade, "one_submission", lambda *_: unanswered)
    if step != "gradebook":  # nbgrader takes ten seconds to set its tree up
        monkeypatch.setattr(gradebook, "write", lambda *args, **kwargs: [])
    if step == "grading":  # untouched notebooks are graded without any process: here they take the longer way
        monkeypatch.setattr(engine.Opened, "attempted", property(lambda file: {"standardise"}))
    module, name = STEPS[step]
    works = getattr(module, name)

    def fails_for_ben(*args, **kwargs):
        if any("ben" in str(part)[:10_000] or part == ben for part in args):
            raise fault
        return works(*args, **kwargs)

    ben = (tmp_path / "in" / "ben.ipynb").read_bytes()
    if step in ("cache", "grading"):  # what they are given does not say whose it is
        fails_for_ben = fail_at_the_second_call(works, fault)
    monkeypatch.setattr(module, name, fails_for_ben)
    graded = grade.grade_class(course, lesson, tmp_path / "in", tmp_path / "out", progress=False)
    outcomes = {one["student"]: {q["outcome"] for q in one["questions"]} for one in results.read(tmp_path / "out")}
    graded_too = {"ada": {"not_attempted"}, "cleo": {"not_attempted"}}
    if step in ("page", "gradebook"):
        assert outcomes == graded_too | {"ben": {"not_attempted"}}
        assert len(graded.concluded.notes) == 1 and "ben" in graded.concluded.notes[0], graded.concluded.notes
    else:
        assert outcomes == graded_too | {"ben": {"grader_error"}}
        (one,) = [one for one in results.read(tmp_path / "out") if one["student"] == "ben"]
        assert type(fault).__name__ in one["questions"][0]["detail"]
    monkeypatch.setattr(module, name, works)  # mended: the next run grades it, and nothing was kept of the fault
    grade.grade_class(course, lesson, tmp_path / "in", tmp_path / "out", progress=False)
    outcomes = {one["student"]: {q["outcome"] for q in one["questions"]} for one in results.read(tmp_path / "out")}
    assert outcomes == graded_too | {"ben": {"not_attempted"}}


@contextlib.contextmanager
def executor_of_this_process(course, bundle, workers, scheduler, walls):
    """In place of warm processes."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda file, cached: pool.submit(lambda: grade.one_submission(file, bundle, None, cached))


def fail_at_the_second_call(works, fault):
    calls = []

    def call(*args):
        calls.append(args)
        if len(calls) == 2:
            raise fault
        return works(*args)

    return call


def test_a_machine_that_cannot_grade_stops_the_run_and_says_why(handed_in, tmp_path, lesson, monkeypatch):
    def no_walls(*_):
        raise CourseError("no walls here")

    monkeypatch.setattr(grade, "_executor", executor_of_this_process)
    monkeypatch.setattr(grade, "one_submission", no_walls)
    with pytest.raises(CourseError, match="no walls here"):
        grade.grade_class(load_course(ROOT), lesson, handed_in, tmp_path / "out", progress=False)


def test_results_among_the_submissions_are_refused(handed_in, lesson):
    with pytest.raises(CourseError, match="choose a folder beside it"):
        grade.grade_class(load_course(ROOT), lesson, handed_in, handed_in / "results", progress=False)


def start(handed_in, out, *more):
    command = [sys.executable, "-m", "grading.cli", "grade", str(handed_in), "--lesson", LESSON, "--out", str(out), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for_first_result(out, run):
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and run.poll() is None:
        if len(results.unfinished(out)) >= 4:  # two need no process at all
            return
        time.sleep(0.02)
    pytest.fail(f"no result before the end: {run.communicate()[0] if run.poll() is not None else 'still running'}")


def warm_processes(run, module="grading."):
    found = []
    for child in psutil.Process(run.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # forks come and go
            if any(part.startswith(module) for part in child.cmdline()):
                found.append(child)
    return found


@pytest.mark.full
def test_a_killed_run_leaves_no_process_and_the_next_one_ends_it(handed_in, tmp_path):
    out = tmp_path / "out"
    run = start(handed_in, out, "--workers", "1")
    wait_for_first_result(out, run)
    children = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGKILL)
    run.wait()
    gone, alive = psutil.wait_procs(children, timeout=15)
    assert not alive, [child.cmdline() for child in alive]
    assert not (out / "results.jsonl").exists()
    kept = set(results.unfinished(out))
    second = start(handed_in, out)
    printed = second.communicate(timeout=300)[0]
    assert second.returncode == 0, printed
    check(out)
    assert kept, "nothing had been kept"


@pytest.mark.full
@pytest.mark.parametrize("role", ["student", "examine"])
def test_a_killed_warm_process_costs_nobody_a_mark(handed_in, tmp_path, role):
    out = tmp_path / "out"
    run = start(handed_in, out)
    wait_for_first_result(out, run)
    victims = warm_processes(run, f"grading.{role}")
    assert victims
    for victim in victims:
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.kill()
    printed = run.communicate(timeout=300)[0]
    assert run.returncode == 0, printed
    check(out)


@pytest.mark.full
def test_a_cluster_gives_the_same_marks_and_survives_a_killed_worker(handed_in, tmp_path, lesson):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    out = tmp_path / "out"
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        run = start(handed_in, out, "--scheduler", cluster.scheduler_address)
        deadline = time.monotonic() + 300
        while len(results.unfinished(out)) < 3 and time.monotonic() < deadline and run.poll() is None:
            time.sleep(0.1)
        pid = next(iter(cluster.workers.values())).process.pid
        os.kill(pid, signal.SIGKILL)
        printed = run.communicate(timeout=400)[0]
    assert run.returncode == 0, printed
    check(out)


def test_without_walls_it_refuses_unless_told(monkeypatch, handed_in, tmp_path, lesson):
    monkeypatch.setattr(sandbox, "why_not", lambda: "bubblewrap is not installed: install the package `bubblewrap`")
    with pytest.raises(ValueError, match="install the package `bubblewrap`.*--no-sandbox"):
        grade.grade_class(load_course(ROOT), lesson, handed_in, tmp_path / "out", progress=False)


@pytest.mark.full
def test_without_walls_the_marks_are_the_same(handed_in, tmp_path):
    run = start(handed_in, tmp_path / "out", "--no-sandbox")
    printed = run.communicate(timeout=300)[0]
    assert run.returncode == 0 and "WITHOUT SANDBOX" in printed, printed
    check(tmp_path / "out")


@pytest.mark.full
def test_two_hundred_submissions_leave_nothing_behind(tmp_path, lesson):
    course = load_course(ROOT)
    reference = build.reference_notebook(course, lesson)
    student = build.student_notebook(reference, lesson)
    folder = tmp_path / "in"
    folder.mkdir()
    source = next(cell.source for cell in reference.cells if cell.id == "describe_data")
    for number in range(200):
        notebook = demo.fill(student, reference, [], {"describe_data": f"{source}\nnumber = {number}"})
        (folder / f"student{number:03}.ipynb").write_bytes(nbformat.writes(notebook).encode())
    run = start(folder, tmp_path / "out")
    counts, memory, files = [], [], []
    process = psutil.Process(run.pid)
    while run.poll() is None:
        time.sleep(0.5)
        try:
            if results.unfinished(tmp_path / "out"):
                warm = warm_processes(run)
                counts.append(len(process.children(recursive=True)))
                files.append(process.num_fds())
                memory.append(sum(one.memory_info().rss for one in warm) + process.memory_info().rss)
        except psutil.Error:
            continue
    assert run.returncode == 0, run.stdout.read()
    found = scores(tmp_path / "out")
    assert len(found) == 200 and set(found.values()) == {2.0}
    third = len(counts) // 3
    for series in (counts, files, memory):
        assert max(series[-third:]) <= 1.25 * max(series[:third]), json.dumps([series[:third], series[-third:]])
