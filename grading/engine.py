"""Grade one submission: a pure function of its bytes, the lesson's bundle and two warm processes.

The submission is rebuilt from our notebook with the student's answers put in. Student code runs in a fork of the
student's warm process, test cells in a fork of the examiner's; this process passes frames between them, watches time
and memory from outside, and kills. It loads no TensorFlow and runs nothing of the student's.
"""

import dataclasses
import hashlib
import hmac
import os
import select
import time
from dataclasses import dataclass

import psutil

from grading import sandbox, wire
from helpers import match

PASSED, PARTIAL, FAILED, ERROR = "passed", "partial", "failed", "error"
SYNTAX_ERROR, NOT_ATTEMPTED, MISSING = "syntax_error", "not_attempted", "missing"
TIMEOUT, CRASH, MEMORY, GRADER_ERROR = "timeout", "crash", "memory", "grader_error"

_SENTENCE = {
    PASSED: "All checks passed.",
    NOT_ATTEMPTED: "This question was not answered: the cell is empty or still as it was handed out.",
    TIMEOUT: "This answer took longer than the {seconds:g} seconds that a question has: is there an endless loop?",
    CRASH: "Python itself ended while this answer ran (for example through `os._exit` or a crash in a library).",
    MEMORY: "This answer asked for more memory than a submission has.",
    GRADER_ERROR: "The tests of this question failed by themselves; a person will look at it.",
}

@dataclass
class Budget:
    """Seconds of CPU and of wall time that are left for something."""

    cpu: float
    wall: float

    @classmethod
    def of(cls, cpu):
        """So much CPU, and ten times that plus half a minute on the wall: for `sleep`, deadlocks and waiting."""
        return cls(cpu, 10 * cpu + 30)


_GONE = b""  # tells the examiner that the student's process cannot be asked any more
_ADDED_CELL = 5.0  # CPU seconds for a cell that the student added
_ADDED_ALL = Budget(30.0, 120.0)  # for all of them together, replays included; what is left over is not run
_REPLAYS = 12  # how often a submission's process is started anew
_EXAMINER = Budget(120.0, 600.0)  # for the examiner's own work on one question


@dataclass(frozen=True)
class Cell:
    """A cell of ours that runs when grading: ``kind`` is "code", "answer" or "test"."""

    id: str
    kind: str
    source: str
    question: str = ""


@dataclass(frozen=True)
class Bundle:
    """All that grading a lesson needs, as data.

    Attributes
    ----------
    map : dict
        The released map (see ``helpers.match``).
    cells : tuple of Cell
        In the lesson's order, without ``explore`` cells.
    released : dict of str to str
        Source of each code cell as released, by cell id: to know an edited cell from an untouched one.
    explore : tuple of str
        Ids of the cells that are not run.
    imports : str
    cpu_seconds, memory_gb : float
    secret : bytes
        Of the course; seeds are drawn with it.
    versions : dict
        Of helpers, lesson and environment: a part of every cache key.
    """

    map: dict
    cells: tuple
    released: dict
    explore: tuple
    imports: str
    cpu_seconds: float
    memory_gb: float
    secret: bytes
    versions: dict


@dataclass(frozen=True)
class Step:
    """One thing to do with a submission, in order: run our code or the student's, or examine a question."""

    kind: str  # "code", "added", "answer", "test"
    source: str
    question: str = ""


class Lost(Exception):
    """The student's process ended: ``outcome`` says how."""

    def __init__(self, outcome):
        super().__init__(outcome)
        self.outcome = outcome


class WarmGone(RuntimeError):
    """The warm process itself died (killed, or the machine ran out of memory); no student is to blame."""


class Session:
    """A forked student's process, watched from outside."""

    def __init__(self, warm, bundle):
        self._warm, self._bundle = warm, bundle
        self.socket, inside = warm.fork()
        self._root = _find(warm.process.pid, inside, warm.walls)
        self._pids = [self._root]
        self._refresh()
        self._baseline = 0
        self._baseline = self._memory()

    def request(self, body, budget):
        """Send the body of a request and wait for the body of its answer.

        Parameters
        ----------
        body : bytes
        budget : Budget
            What is left of it bounds the wait; what is used is taken off.

        Raises
        ------
        Lost
            If it did not answer: out of time, out of memory, or gone.
        WarmGone
            If the warm process behind it is gone.
        """
        self._refresh()
        before, began = self._cpu(), time.monotonic()
        try:
            return self._exchange(len(body).to_bytes(4, "big") + body, budget, before, began)
        except (OSError, EOFError, wire.WireError):
            if not self._warm.alive():
                raise WarmGone from None
            raise Lost(CRASH) from None
        finally:
            budget.cpu -= max(0.0, self._cpu() - before)
            budget.wall -= time.monotonic() - began

    def _exchange(self, out, budget, before, began):
        """Send all, receive one frame and not a byte more: a process that talks out of turn is not listened to."""
        self.socket.setblocking(False)
        body, length, pause, looked = bytearray(), None, 0.002, began
        out = memoryview(out)
        while length is None or len(body) < length:
            readable, writable, _ = select.select([self.socket], [self.socket] if out else [], [], pause)
            if writable:
                out = out[self.socket.send(out[: 2**18]) :]
            if readable:
                part = self.socket.recv(2**20)
                if not part:
                    raise EOFError
                body += part
                if length is None and len(body) >= 4:
                    length = int.from_bytes(body[:4], "big") + 4
                    if length > wire.MAX_FRAME:
                        raise wire.WireError("too long")
            now = time.monotonic()
            if now - looked > pause:
                pause, looked = min(pause * 2, 0.1), now
                self._refresh()
                if self._cpu() - before > budget.cpu or now - began > budget.wall:
                    raise Lost(TIMEOUT)
                if self._memory() > self._bundle.memory_gb * 2**30:
                    raise Lost(MEMORY)
        if len(body) > length or out:
            raise wire.WireError("out of turn")
        return bytes(body[4:])

    def tidy(self):
        """End what an answer left running in the background, so that the next question has a quiet machine."""
        self._refresh()
        for pid in self._pids[2:]:  # the first two are the fork and the walled process under it
            sandbox.end(pid)

    def close(self):
        """End the process and everything that it started."""
        self._refresh()
        for pid in self._pids:
            sandbox.end(pid)
        self.socket.close()

    def _refresh(self):
        """Look again for processes that it started."""
        try:
            root = psutil.Process(self._root)
            self._pids = [self._root, *(process.pid for process in root.children(recursive=True))]
        except psutil.NoSuchProcess:
            self._pids = []

    def _cpu(self):
        """CPU seconds of the processes, and of those of their children that have ended."""
        ticks = 0
        for fields in self._proc("stat"):
            ticks += sum(int(field) for field in fields[fields.index(b")") + 1 :][11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _memory(self):
        """Bytes that the processes hold beyond what each got from the warm process when it was forked."""
        own = (int(fields[1]) - int(fields[2]) for fields in self._proc("statm"))
        return sum(max(0, pages * os.sysconf("SC_PAGE_SIZE") - self._baseline) for pages in own)

    def _proc(self, name):
        for pid in self._pids:
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    # The name of a program stands in brackets and may hold anything, blanks and brackets included.
                    head, bracket, tail = file.read().rpartition(b")")
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield [*head.split(b"(", 1), bracket, *tail.split()] if bracket else tail.split()


def _find(warm_pid, inside, walls):
    """The pid, as this machine sees it, of the child that the warm process knows as ``inside``.

    Behind walls the warm process has a pid namespace of its own; ``NSpid`` of each descendant gives its number there.
    """
    if not walls:
        return inside
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for process in psutil.Process(warm_pid).children(recursive=True):
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as file:
                    numbers = next(line.split()[1:] for line in file if line.startswith("NSpid"))
            except (OSError, StopIteration):
                continue
            if len(numbers) == 2 and numbers[1] == str(inside):
                return process.pid
        time.sleep(0.005)
    raise WarmGone(f"the fork {inside} of the warm process was not found")


# --- the plan ---------------------------------------------------------------------------------------------------------


def plan(cells, matches, bundle):
    """The steps for a submission: our cells in our order, answers in their place, the student's own cells where they
    stood.

    Parameters
    ----------
    cells : list of dict
        From ``helpers.match.read_notebook``.
    matches : dict of str to Match
    bundle : Bundle

    Returns
    -------
    list of Step
    """
    place_of = {cell.id: place for place, cell in enumerate(bundle.cells)}
    answer_place = {cell.question: place for place, cell in enumerate(bundle.cells) if cell.kind == "answer"}
    test_place = {cell.question: place for place, cell in enumerate(bundle.cells) if cell.kind == "test"}
    used = {index: question for question, found in matches.items() for index in found.cells}
    tests = {question["test_grade_id"]: question["id"] for question in bundle.map["questions"]}
    answers = {question["id"] for question in bundle.map["questions"]}
    by_source = {match.normalised(source): cell_id for cell_id, source in bundle.released.items()}
    behind = {-1: []}
    anchor = -1
    for index, cell in enumerate(cells):
        if index in used:
            anchor = answer_place[used[index]]
            continue
        if cell["grade_id"] in tests:
            anchor = test_place[tests[cell["grade_id"]]]
            continue
        if cell["type"] != "code" or not cell["source"].strip():
            continue
        if cell["grade_id"] in answers:
            continue  # a copy of an answer cell that was not chosen
        known = cell["id"] if cell["id"] in bundle.released else by_source.get(match.normalised(cell["source"]))
        if known in bundle.explore:
            continue
        if known in place_of:
            anchor = place_of[known]
            if match.normalised(cell["source"]) == match.normalised(bundle.released[known]):
                continue  # untouched: ours runs
        elif "checks.question(" in cell["source"]:
            continue  # a copy of a test
        behind.setdefault(anchor, []).append(cell["source"])
    steps = [Step("added", source) for source in behind[-1]]
    for place, cell in enumerate(bundle.cells):
        if cell.kind == "answer":
            if matches[cell.question].source is not None:
                steps.append(Step("answer", matches[cell.question].source, cell.question))
        else:
            steps.append(Step(cell.kind, cell.source, cell.question))
        steps += [Step("added", source) for source in behind.get(place, [])]
    return steps


# --- grading ----------------------------------------------------------------------------------------------------------


@dataclass
class _Progress:
    """What is known of one question while a submission is graded."""

    budget: Budget
    error: dict | None = None  # of the answer cell itself
    lost: str = ""
    exam: dict | None = None


def grade(data, bundle, crew, cached=None):
    """Grade a submission.

    Parameters
    ----------
    data : bytes
        The notebook as handed in.
    bundle : Bundle
    crew : Crew
        Warm processes.
    cached : dict of str to dict, optional
        Results of questions by cache key (see :func:`keys`); these are not examined again.

    Returns
    -------
    dict
        ``lesson``, ``release``, ``score``, ``max_score``, ``error``, ``notes``, ``questions``, ``environment``, and
        ``keys``: the cache key of each question.
    """
    released = match.released_from(bundle.map)
    try:
        matches, steps, key_of = _opened(data, bundle)
    except match.NotebookError as error:
        questions = [_result(q, MISSING, f"The file could not be read: {error}.") for q in released.questions]
        return _whole(bundle, questions, error=str(error))
    known = {name: (cached or {}).get(key) for name, key in key_of.items()}
    progress = {question.id: _Progress(Budget.of(bundle.cpu_seconds)) for question in released.questions}
    to_ask = {name for name, found in matches.items() if found.attempted and known[name] is None}
    if to_ask:
        _Run(steps, bundle, crew, released, progress, to_ask).go()
    questions = [
        known[question.id] or _judge(question, matches[question.id], progress[question.id], bundle)
        for question in released.questions
    ]
    notes = [f"{name}: {note}" for name, found in matches.items() for note in found.notes if found.source is not None]
    return _whole(bundle, questions, notes=notes) | {"keys": key_of}


def needs_running(data, bundle, cached):
    """Whether anything of a submission must run: an attempted answer whose result is not known.

    Returns
    -------
    bool
    """
    try:
        matches, _, known = _opened(data, bundle)
    except match.NotebookError:
        return False
    return any(found.attempted and known[name] not in cached for name, found in matches.items())


def _opened(data, bundle):
    """Where each answer of a submission is, what to do with it in order, and the cache key of each question."""
    cells = match.read_notebook(data)
    matches = match.match(cells, match.released_from(bundle.map))
    steps = plan(cells, matches, bundle)
    return matches, steps, keys(steps, matches, bundle)


def cache_keys(data, bundle):
    """The cache key of each question of a submission; empty if the file cannot be read.

    Returns
    -------
    dict of str to str
    """
    try:
        return _opened(data, bundle)[2]
    except match.NotebookError:
        return {}


def keys(steps, matches, bundle):
    """The cache key of each question: all the student's cells up to its test, its test, versions, limits and seed.

    Returns
    -------
    dict of str to str
    """
    digest = hashlib.sha256(repr((bundle.versions, bundle.cpu_seconds, bundle.memory_gb, bundle.imports)).encode())
    found = {}
    for step in steps:
        if step.kind == "test":
            own = digest.copy()
            own.update(repr((step.source, step.question, _seed(bundle, step.question, matches[step.question]))).encode())
            own.update(repr((matches[step.question].found_by, matches[step.question].notes)).encode())
            found[step.question] = own.hexdigest()
        else:
            digest.update(repr((step.kind, step.source)).encode())
    return found


class _Run:
    """One pass over the steps of a submission; starts anew behind a step that ended the student's process."""

    def __init__(self, steps, bundle, crew, released, progress, to_ask):
        self.steps, self.bundle, self.crew, self.progress, self.to_ask = steps, bundle, crew, progress, to_ask
        self.questions = {question.id: question for question in released.questions}
        self.answers = {step.question: step.source for step in steps if step.kind == "answer"}
        self.culprits = set()  # places of steps that are not run again
        self.added = dataclasses.replace(_ADDED_ALL)
        self.replays = _REPLAYS
        self.last_test = max((i for i, s in enumerate(steps) if s.kind == "test" and s.question in to_ask), default=-1)
        self.examiner = None

    def go(self):
        """Do all steps up to the last test that is wanted."""
        session, place, done = Session(self.crew.student, self.bundle), 0, 0
        try:
            while place <= self.last_test:
                again = place < done  # brought to where the last process was, without the steps that ended one
                try:
                    if place not in self.culprits:
                        self._do(session, self.steps[place], again)
                except Lost as lost:
                    session.close()
                    self._blame(place, lost, again)
                    if not self.replays:
                        self._give_up(place, lost)
                        return
                    self.replays -= 1
                    session, done, place = Session(self.crew.student, self.bundle), max(done, place + 1), 0
                    continue
                place += 1
        finally:
            session.close()
            if self.examiner is not None:
                self.examiner.close()

    def _blame(self, place, lost, again):
        step = self.steps[place]
        self.culprits.add(place)
        if step.kind in ("answer", "test") and not again:
            self.progress[step.question].lost = lost.outcome

    def _give_up(self, place, lost):
        """A submission that ends its process over and over: what is left of it is not asked."""
        for step in self.steps[place:]:
            if step.kind == "test" and step.question in self.to_ask:
                self.progress[step.question].lost = lost.outcome

    def _do(self, session, step, again):
        if step.kind == "test":
            if not again and step.question in self.to_ask and not self.progress[step.question].lost:
                self._examine(session, step)
                session.tidy()
            return
        if step.kind == "added":
            if min(self.added.cpu, self.added.wall) <= 0:
                return
            budget = Budget(min(_ADDED_CELL, self.added.cpu), self.added.wall)
        elif step.kind == "answer" and not again:
            budget = self.progress[step.question].budget
        else:
            budget = Budget.of(self.bundle.cpu_seconds)
        before = dataclasses.replace(budget)
        try:
            reply = wire.unpack(session.request(wire.pack(["run", step.source]), budget)[: 2**20])
        except wire.WireError:
            raise Lost(CRASH) from None
        finally:
            if step.kind == "added":
                self.added.cpu -= before.cpu - budget.cpu
                self.added.wall -= before.wall - budget.wall
        if not isinstance(reply, list) or len(reply) != 3 or reply[0] != "ok":
            raise Lost(CRASH)
        if step.kind == "answer" and not again:
            self.progress[step.question].error = reply[1] if isinstance(reply[1], dict) else None

    def _examine(self, session, step):
        question, progress = self.questions[step.question], self.progress[step.question]
        if self.examiner is None:
            self.examiner = Session(self.crew.examiner, self.bundle)
        source = self.answers.get(step.question, "")
        job = {
            "question": question.id,
            "imports": self.bundle.imports,
            "test": step.source,
            "names": list(question.names),
            "seed": _seed_of(self.bundle, question.id, source),
            "points": question.points,
        }
        out, own = wire.pack(job), dataclasses.replace(_EXAMINER)
        lost, asked = None, False
        try:
            while True:
                message = wire.unpack(self.examiner.request(out, own))
                if message[0] == "done":
                    progress.exam = message[1]
                    break
                asked, out = True, _GONE
                if lost is None:
                    try:
                        out = session.request(wire.pack(message[1]), progress.budget)
                    except Lost as error:
                        lost = error
        except Lost:
            # It dealt with what the answer had sent: that was too much for it. Without that it is the test's fault.
            self.examiner.close()
            self.examiner = None
            told = "" if asked else "the examiner ended by itself"
            message = "what this answer returns is too large, or takes too long, to be looked at"
            check = {"name": "examined", "passed": False, "weight": 1.0, "message": message, "hint": ""}
            progress.exam = {"score": 0.0, "checks": [check], "grader_error": told}
        if lost is not None:
            raise lost


def _judge(question, found, progress, bundle):
    """The result of one question from all that happened."""
    if found.source is None:
        return _result(question, MISSING, f"No answer was found: {'; '.join(found.notes)}.", found=found)
    if not found.attempted:
        return _result(question, NOT_ATTEMPTED, found=found)
    seconds = max(0.0, bundle.cpu_seconds - progress.budget.cpu)
    if progress.lost:
        message = _SENTENCE[progress.lost].format(seconds=bundle.cpu_seconds)
        return _result(question, progress.lost, message, found=found, seconds=seconds)
    exam = progress.exam or {}
    if exam.get("grader_error") or not exam.get("checks"):
        return _result(question, GRADER_ERROR, found=found, seconds=seconds, detail=exam.get("grader_error", "no checks"))
    checks = exam["checks"]
    score = min(max(float(exam["score"]), 0.0), float(question.points))
    if score == question.points:
        return _result(question, PASSED, score=score, checks=checks, found=found, seconds=seconds)
    failed = [check for check in checks if not check["passed"]]
    first = failed[0]["message"] if failed else ""
    outcome, message = (PARTIAL if score else FAILED), first
    if progress.error is not None and score == 0:
        outcome = SYNTAX_ERROR if progress.error.get("syntax") else ERROR
        message = str(progress.error.get("message", ""))[:2000]
    elif score == 0 and failed and all(check.get("error") for check in failed):
        outcome = MEMORY if all("MemoryError" in check["message"] for check in failed) else ERROR
    return _result(question, outcome, message, score=score, checks=checks, found=found, seconds=seconds)


def _result(question, outcome, message="", *, score=0.0, checks=(), found=None, seconds=0.0, detail=""):
    result = {
        "id": question.id,
        "score": score,
        "max_score": float(question.points),
        "outcome": outcome,
        "message": message or _SENTENCE.get(outcome, ""),
        "seconds": round(seconds, 3),
        "found_by": found.found_by if found else "",
        "checks": list(checks),
    }
    return result | ({"detail": detail} if detail else {})


def _whole(bundle, questions, error="", notes=()):
    return {
        "lesson": bundle.map["lesson"],
        "release": bundle.map["release"],
        "score": round(sum(question["score"] for question in questions), 6),
        "max_score": sum(question["max_score"] for question in questions),
        "error": error,
        "notes": list(notes),
        "questions": questions,
        "environment": bundle.versions,
    }


def _seed(bundle, question, found):
    return _seed_of(bundle, question, found.source or "")


def _seed_of(bundle, question, source):
    """Seed of a question's inputs: nobody can know it without the course's secret, and it is the same each time."""
    message = f"{bundle.map['lesson']}\0{question}\0{match.normalised(source)}".encode()
    return int.from_bytes(hmac.new(bundle.secret, message, hashlib.sha256).digest()[:8], "big")
