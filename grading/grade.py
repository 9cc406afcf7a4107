"""Grade a class: collect, grade in parallel, keep what is done, conclude. Called by ``course grade`` and the demo.

Each submission goes through one pure function, ``engine.grade``, whoever calls it: a thread of this process (the work is
done in forks of warm processes) or a worker of a Dask cluster.
"""

import contextlib
import dataclasses
import hashlib
import json
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tqdm.auto import tqdm

import grading
from grading import build, crew, engine, feedback, gradebook, results, runtime, sandbox, submissions
from grading.bounded import Bounded, TooMuch
from grading.course import CourseError
from helpers import match

_TRIES = 3  # how often a submission is begun again when a warm process died under it


@dataclass(frozen=True)
class Graded:
    """What :func:`grade_class` did: its conclusion, files left aside, how many results a killed run had left, and where
    Colab and the notebooks differ from the versions here."""

    concluded: results.Concluded
    skipped: tuple
    n_resumed: int
    runtime: tuple = ()


def grade_class(course, lesson, path, out, *, workers=2, scheduler=None, walls=True, roster=(), progress=True):
    """Grade every submission found at ``path``; write results, tables, pages and nbgrader's tree under ``out``.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    path, out : Path
    workers : int
        Submissions graded at once on this machine.
    scheduler : str, optional
        Address of a Dask scheduler whose workers grade instead.
    walls : bool
        False only where a person said so: then nothing keeps student code from this machine.
    roster : iterable of roster.Person
    progress : bool

    Returns
    -------
    Graded

    Raises
    ------
    CourseError
        If the sandbox cannot be had here, the lesson's own cells fail, or ``out`` is among the submissions.
    """
    out = Path(out)
    root = submissions.start(path)
    if root.is_dir() and out.resolve().is_relative_to(root.resolve()):
        raise CourseError(f"the results in {out} would be among the submissions in {root}: choose a folder beside it")
    bundle = crew.bundle(course, lesson)
    collected = submissions.collect(root, lesson.name, pattern=course.submissions.pattern)
    with Bounded() as bounded:
        return _graded(course, lesson, bundle, collected, out, bounded, workers, scheduler, walls, roster, progress)


def _graded(course, lesson, bundle, collected, out, bounded, workers, scheduler, walls, roster, progress):
    """What :func:`grade_class` does with what was collected; ``bounded`` reads and draws what students wrote."""
    resumed, done, jobs = [], [], {}
    unfinished = results.unfinished(out)

    def finish(submission, digest, result):
        _keep(out, result)
        own = {"student": submission.student, "name": submission.name, "id": submission.id, "digest": digest}
        result = own | {key: value for key, value in result.items() if key != "keys"}
        results.append(out, result)
        done.append(result)

    def give_up(submission, error):
        """A fault of ours costs this submission its run, and nobody else anything; without a digest it is tried again."""
        detail = "".join(traceback.format_exception(error))[-2000:]
        finish(submission, "", engine.broken(bundle, detail))

    for submission in collected.submissions:
        try:
            data = submission.read_or_reason()
            digest, file = _digest(data, bundle), _opened(bounded, data, bundle)
            cached = _cached(out, file.keys.values())
            earlier = unfinished.get((submission.student, lesson.name), {})
            if earlier.get("digest") == digest:
                resumed.append(earlier)
            elif any(file.keys[question] not in cached for question in file.attempted):
                jobs[submission.student] = (submission, digest, file, cached)
            else:
                finish(submission, digest, engine.grade_opened(file, bundle, None, cached))
        except Exception as error:
            give_up(submission, error)
    if jobs:
        if progress:
            tqdm.write(_at_worst(len(jobs), workers, bundle.wall_seconds), file=sys.stderr)
        faults = []
        with _executor(course, bundle, workers, scheduler, walls) as submit:
            futures = {submit(file, cached): name for name, (_, _, file, cached) in jobs.items()}
            for future in tqdm(_completed(futures), total=len(futures), unit="submission", disable=not progress or None):
                submission, digest, *_ = jobs[futures[future]]
                try:
                    result = future.result()
                except Exception as error:
                    faults.append(error)
                    give_up(submission, error)
                else:
                    finish(submission, digest, result)
        if len(faults) == len(jobs) and isinstance(faults[0], CourseError):  # not theirs: this machine cannot grade
            raise faults[0]
    done += resumed
    released = match.released_from(bundle.map)
    concluded = results.conclude(out, done, [released], roster, gradebook.by_hand(out))
    by_student = {(one.student, lesson.name): one for one in collected.submissions}
    notes = []
    for result in concluded.results:
        handed_in = by_student.get((result["student"], result["lesson"]))
        if handed_in is not None:
            try:
                _page(bounded, out, result, handed_in.read_or_reason(), released)
            except Exception as error:
                notes.append(f"the page of {result['student']} could not be written: {type(error).__name__}: {error}")
    notes += gradebook.write(course, out, concluded.results, by_student, concluded.people, bounded.call)
    concluded = dataclasses.replace(concluded, notes=(*concluded.notes, *notes))
    return Graded(concluded, collected.skipped, len(resumed), tuple(runtime.lines(done, bundle.colab, bundle.versions)))


def _at_worst(n, workers, seconds):
    """How long the run takes if each submission uses all of its time."""
    hours = -(-n // workers) * seconds / 3600
    return f"{n} submissions to grade, {workers} at once, at most {seconds:g} s each: {hours:.1f} hours at the very worst"


def _opened(bounded, data, bundle):
    """A submission's file, read in a process that can be ended."""
    try:
        return bounded.call(engine.opened, data, bundle)
    except TooMuch as error:
        return engine.unreadable(f"{error}: clear its outputs, leave out what is no answer, and hand it in again")


def _page(bounded, out, result, data, released):
    """Write a student's page; one that is too much to be drawn shows the marks alone."""
    try:
        page = bounded.call(feedback.render, result, data, released)
    except TooMuch:
        page = feedback.render(result, None, released)
    feedback.write(out, result, page)


def _digest(data, bundle):
    """What a finished result depends on: the file, the lesson as it is now, the versions."""
    return hashlib.sha256(data + repr((bundle.map, bundle.cells, bundle.versions)).encode()).hexdigest()


# --- the cache of questions -------------------------------------------------------------------------------------------


def _cache_file(out, key):
    return out / "cache" / key[:2] / f"{key}.json"


def _cached(out, keys):
    """Results of questions that were graded before with the same answer, tests and versions, by key."""
    found = {}
    for key in keys:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            found[key] = json.loads(_cache_file(out, key).read_text(encoding="utf-8"))
    return found


def _keep(out, result):
    """Keep each question's result, but for those that another run may see end otherwise."""
    for question in result["questions"]:
        key = result.get("keys", {}).get(question["id"])
        if key and question["outcome"] not in (engine.GRADER_ERROR, engine.TIMEOUT, engine.NEEDS_REVIEW):
            build.write_atomically(_cache_file(out, key), json.dumps(question).encode())


# --- who does the work ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _executor(course, bundle, workers, scheduler, walls):
    """A function that takes a submission that was read and cached results and gives a future."""
    if scheduler is not None:
        from distributed import Client

        with Client(scheduler) as client:
            shared = client.scatter(bundle, broadcast=True)
            yield lambda file, cached: client.submit(
                _on_cluster, file, shared, cached, walls, pure=False, retries=_TRIES
            )
        return
    _need_walls(walls)
    data_dir, caches = course.build_dir / "grading" / "data", course.build_dir / "grading" / "caches"
    crew.prepare(bundle, course.root, data_dir, caches)
    memory = int(bundle.memory_gb * 2**30)
    with crew.Crew(course.root, data_dir, caches, memory, walls) as one, ThreadPoolExecutor(workers) as pool:
        yield lambda file, cached: pool.submit(one_submission, file, bundle, one, cached)


def _completed(futures):
    if futures and type(next(iter(futures))).__module__.startswith("distributed"):
        from distributed import as_completed as completed

        return completed(list(futures))
    return as_completed(futures)


def one_submission(file, bundle, one, cached):
    """Grade with a crew; if a warm process dies under it, begin again with a new one: that is no student's fault.

    Parameters and result are those of ``engine.grade_opened``.
    """
    for last in range(_TRIES):
        try:
            return engine.grade_opened(file, bundle, one, cached)
        except (engine.WarmGone, EOFError, BrokenPipeError, ConnectionResetError):
            if last == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _on_cluster(file, bundle, cached, walls):
    """The same on a worker of a cluster, which keeps a crew of its own for as long as it lives."""
    _need_walls(walls)
    return one_submission(file, bundle, _workers_crew(bundle, walls), cached)


@cache
def _crew_of(lesson, memory, walls):
    folder = Path(tempfile.mkdtemp(prefix="course-worker-"))
    return crew.Crew(Path(grading.__file__).parent.parent, folder / "data", folder / "caches", memory, walls)


def _workers_crew(bundle, walls):
    one = _crew_of(bundle.map["lesson"], int(bundle.memory_gb * 2**30), walls)
    if not one.data_dir.is_dir():
        crew.prepare(bundle, one.course_root, one.data_dir, one.caches)
    return one


def _need_walls(walls):
    if walls and (reason := sandbox.why_not()):
        raise CourseError(
            f"student code would not be walled in: {reason}. To grade without walls all the same: --no-sandbox"
        )
