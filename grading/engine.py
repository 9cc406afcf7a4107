"""Grade one submission: a pure function of its bytes, the lesson's bundle and two warm processes.

The submission is rebuilt from our notebook with the student's answers put in. Student code runs in a fork of the
student's warm process, test cells in a fork of the examiner's; this process passes frames between them, watches time
and memory from outside, and kills. It loads no TensorFlow and runs nothing of the student's.
"""

import contextlib
import dataclasses
import hashlib
import hmac
import os
import select
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from grading import runtime, sandbox, wire
from helpers import match

PASSED, PARTIAL, FAILED, ERROR = "passed", "partial", "failed", "error"
SYNTAX_ERROR, NOT_ATTEMPTED, MISSING = "syntax_error", "not_attempted", "missing"
TIMEOUT, CRASH, MEMORY, GRADER_ERROR = "timeout", "crash", "memory", "grader_error"
NEEDS_REVIEW = "needs_review"

_SENTENCE = {
    PASSED: "All checks passed.",
    NOT_ATTEMPTED: "This question was not answered: the cell is empty or still as it was handed out.",
    TIMEOUT: "This answer took longer than the {seconds:g} seconds that a question has: is there an endless loop?",
    CRASH: "Python itself ended while this answer ran (for example through `os._exit` or a crash in a library).",
    MEMORY: "Your answer used more memory than is allowed.",
    GRADER_ERROR: "The tests for this question broke; that is not your fault. Your instructor will review it.",
}


@dataclass
class Budget:
    """Seconds of CPU and of wall time that are left for something."""

    cpu: float
    wall: float



_TOO_LONG = (
    "This question was not reached: the notebook as a whole took longer than the {seconds:g} seconds that it has. Look for "
    "an earlier cell or answer that waits or never ends."
)
_SHORT = "The machine that graded this ran short of memory, so this question was not marked. Your instructor will review it."
_GONE = b""  # tells the examiner that the student's process cannot be asked any more
_ADDED_CELL = 5.0  # CPU seconds for a cell that the student added
_ADDED_ALL = Budget(30.0, 120.0)  # for all of them together, replays included; what is left over is not run
_SETTLED = Budget(5.0, 30.0)  # until a process is ready for the next cell
_ADDED_ENDS = 6  # how often such a cell may end Python; after that no further one is run
_STARTS = 3  # how often a warm process is started anew when it dies before anything ran
_REPLAYS = 12  # how often a submission's process is started anew
_EXAMINER = Budget(120.0, 600.0)  # for the examiner's own work on one question
_CELL_LIMIT = 1_000_000  # characters of a cell that are read: far more than anybody writes
_LOOK_EVERY = 0.1  # seconds between looks at a working process's time, memory and children
_KEEP_FREE = 0.05  # share of the machine's memory below which the largest submission is ended
_HOG = 2**28  # bytes: nothing smaller is ended for that
_LEFT_MEMORY = 0.5  # share of a submission's memory that its answers' calls may leave taken for the answers that come
_LEFT_THREADS = 16  # threads that one answer's calls may leave; the first use of TensorFlow starts some five


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
    cpu_seconds, memory_gb, wall_seconds : float
        For a question, at once, and for the whole submission.
    secret : bytes
        Of the course; seeds are drawn with it. Empty: inputs are those that a notebook draws.
    versions : dict
        Of helpers, lesson and environment: a part of every cache key.
    colab : tuple of grading.colab.Listed
        What Colab has had installed, oldest first.
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
    wall_seconds: float = 300.0
    colab: tuple = ()

    def budget(self):
        """What one question may use. On the wall it is a third of what a submission has: for `sleep`, deadlocks and waiting,
        and so that one of them costs the others nothing."""
        return Budget(self.cpu_seconds, self.wall_seconds / 3)


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
    """The warm process itself died (killed, or the machine ran out of memory); nobody knows who is to blame."""


class Session:
    """A forked student's process, watched from outside.

    Raises
    ------
    WarmGone
        If the warm process cannot fork it.
    """

    _open = set()  # of this process, in all its threads
    _turn = threading.Lock()

    def __init__(self, warm, bundle):
        self._warm, self._bundle = warm, bundle
        self._outgrown, self._looked, self._left = False, 0.0, 0
        self.deadline = float("inf")  # of the whole submission
        self.cramped = False  # too little is left of the process for the questions that come
        try:
            self.socket, inside = warm.fork()
            self._root = _find(warm.process.pid, inside, warm.walls)
        except (OSError, EOFError, wire.WireError, psutil.NoSuchProcess) as error:
            raise WarmGone(f"the warm process could not fork: {error}") from None
        self._pids = [self._root]
        self._baseline = _memory_of(self._root)  # what each of its processes has from the warm one
        with self._turn:
            self._open.add(self)

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
        before, began = self._cpu(), time.monotonic()
        try:
            return self._exchange(len(body).to_bytes(4, "big") + body, budget, before, began)
        except (OSError, EOFError, wire.WireError):
            if self._outgrown:  # the machine ran short: this one took most of it, and yet it may have kept to its own limit
                raise Lost(GRADER_ERROR) from None
            if not self._warm.alive():
                raise WarmGone("the warm process is gone") from None
            raise Lost(CRASH) from None
        finally:
            budget.cpu -= max(0.0, self._cpu() - before)
            budget.wall -= time.monotonic() - began

    def _exchange(self, out, budget, before, began):
        """Send all, receive one frame and not a byte more: a process that talks out of turn is not listened to."""
        self.socket.setblocking(False)
        body, length = bytearray(), None
        out = memoryview(out)
        while length is None or len(body) < length:
            readable, writable, _ = select.select([self.socket], [self.socket] if out else [], [], _LOOK_EVERY)
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
            if now - self._looked > _LOOK_EVERY:
                self._refresh()
                if self._cpu() - before > budget.cpu or now - began > budget.wall or now > self.deadline:
                    raise Lost(TIMEOUT)
                if self._memory() > self._bundle.memory_gb * 2**30:
                    raise Lost(MEMORY)
                self._relieve()
        if len(body) > length or out:
            raise wire.WireError("out of turn")
        return bytes(body[4:])

    @contextlib.contextmanager
    def tidied(self):
        """Around one question: what its answer left behind is ended, so that the next one finds a quiet machine.

        Memory and threads end with the process alone: where too much of them is left, the session is ``cramped``.
        """
        memory, threads = self._standing()
        yield
        self._refresh()
        for pid in self._pids[2:]:  # the first two are the fork and the walled process under it
            sandbox.end(pid)
        more_memory, more_threads = (now - then for now, then in zip(self._standing(), (memory, threads), strict=True))
        self._left += max(0, more_memory)
        self.cramped |= self._left > _LEFT_MEMORY * self._bundle.memory_gb * 2**30 or more_threads > _LEFT_THREADS
        self.cramped |= more_threads > 0 and self._at_work()

    def _standing(self):
        """Bytes of address space and number of threads of the walled process; 0 and 0 if it is gone."""
        if len(self._pids) < 2:
            self._refresh()
        fields = _status_of(self._pids[1]) if len(self._pids) > 1 else {}
        return fields.get("VmSize", 0) * 1024, fields.get("Threads", 0)

    def _at_work(self):
        """Whether threads go on though nothing is asked of them: unless none is runnable in two looks running."""
        quiet = 0
        for _ in range(10):
            time.sleep(0.005)
            try:
                threads = list(Path(f"/proc/{self._pids[1]}/task").iterdir())
            except (FileNotFoundError, ProcessLookupError):
                return False  # it is gone, and the next request says so
            quiet = 0 if any(_stat_of(thread / "stat")[:1] == [b"R"] for thread in threads) else quiet + 1
            if quiet == 2:
                return False
        return True

    def close(self):
        """End the process and everything that it started."""
        with self._turn:
            self._open.discard(self)
        self._refresh()
        for pid in self._pids:
            sandbox.end(pid)
        self.socket.close()

    def _refresh(self):
        """Look again for processes that it started, among all of this machine."""
        self._looked = time.monotonic()
        try:
            root = psutil.Process(self._root)
            self._pids = [self._root, *(process.pid for process in root.children(recursive=True))]
        except psutil.NoSuchProcess:
            self._pids = []

    def _cpu(self):
        """CPU seconds of the processes, and of those of their children that have ended."""
        ticks = sum(int(field) for pid in self._pids for field in _stat_of(Path(f"/proc/{pid}/stat"))[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _memory(self):
        """Bytes that the processes hold beyond what each got from the warm process when it was forked."""
        return sum(max(0, _memory_of(pid) - self._baseline) for pid in self._pids) + _files_of(self._pids[1:2])

    @classmethod
    def _relieve(cls):
        """If the machine runs out of memory, end the largest submission, before the kernel ends something else."""
        if _free_share() >= _KEEP_FREE:
            return
        with cls._turn:
            largest = max(cls._open, key=cls._memory)
            if not any(one._outgrown for one in cls._open) and largest._memory() > _HOG:
                largest._outgrown = True
                for pid in largest._pids:
                    sandbox.end(pid)


def _memory_of(pid):
    """Bytes of memory that no file stands behind, shared with other processes or not; 0 if the process is gone."""
    fields = _status_of(pid)
    return (fields.get("RssAnon", 0) + fields.get("RssShmem", 0)) * 1024


def _files_of(pids):
    """Bytes that files in memory take in the scratch folders of a walled process, mapped or not; a file without content
    takes a kilobyte. 0 where this process may not look: then the folders' own limits are all that bounds them."""
    total = 0
    for pid in pids:
        for folder in (sandbox.SCRATCH, "/dev/shm"):
            with contextlib.suppress(OSError):
                found = os.statvfs(f"/proc/{pid}/root{folder}")
                total += (found.f_blocks - found.f_bfree) * found.f_frsize + (found.f_files - found.f_ffree) * 1024
    return total


def _stat_of(path):
    """The fields of a ``stat`` file from the state on, of a process or a thread; empty if it is gone."""
    try:
        # The name of a program stands in brackets and may hold anything, blanks and brackets included.
        return path.read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _status_of(pid):
    """The numbers that the kernel tells of a process, memory in kB; empty if it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return {}
    # A process chooses its own name, which may hold anything that `splitlines` takes for an end of line; the kernel ends
    # a line by "\n" alone, and writes that of a name as two characters.
    lines = (line.split() for line in text.split("\n") if line.startswith(("RssAnon:", "RssShmem:", "VmSize:", "Threads:")))
    return {fields[0].rstrip(":"): int(fields[1]) for fields in lines}


def _free_share():
    """Share of the memory that can still be had: of the machine, and of the container if it has a limit."""
    machine = psutil.virtual_memory()
    shares = [machine.available / machine.total]
    group = Path("/sys/fs/cgroup")
    with contextlib.suppress(FileNotFoundError, ValueError):  # none, or "max": no limit
        limit = int((group / "memory.max").read_text())
        files = next(line.split()[1] for line in (group / "memory.stat").read_text().splitlines() if "inactive_file" in line)
        shares.append(1 - (int((group / "memory.current").read_text()) - int(files)) / limit)
    return min(shares)


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
    were. What an answer needs and nothing before it defines runs before it, wherever in the notebook it is defined.

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
    answer_cells = {cell.id for cell in bundle.cells if cell.kind == "answer"}
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
        known = cell["id"] if cell["id"] in bundle.released else by_source.get(match.normalised(cell["source"]))
        if known in answer_cells or answers & {cell["grade_id"], *match.markers(cell["source"])}:
            continue  # a copy of an answer cell that was not chosen
        if known in bundle.explore:  # not run, but what the student defined there may be used below
            if defined := match.new_definitions(cell["source"], bundle.released[known]):
                behind.setdefault(anchor, []).append(defined)
            continue
        if known in place_of:
            anchor = place_of[known]
            if match.normalised(cell["source"]) == match.normalised(bundle.released[known]):
                continue  # untouched: ours runs
        elif "checks.question(" in match.normalised(cell["source"]):  # there it has no comments
            continue  # a copy of a test
        behind.setdefault(anchor, []).append(cell["source"])
    steps = [Step("added", source) for source in behind[-1]]
    made = {}
    for cell in cells:
        if cell["type"] == "code" and cell["source"] != (released := bundle.released.get(cell["id"], "")):
            ours = set(match.definitions(released).values())  # what we wrote into a cell that grading leaves out stays there
            made |= {name: code for name, code in match.definitions(cell["source"]).items() if code not in ours}
    for place, cell in enumerate(bundle.cells):
        if cell.kind == "answer":
            source = matches[cell.question].source
            if source is not None:
                steps += [Step("added", needed) for needed in _needed(source, steps, made, answers)]
                steps.append(Step("answer", source, cell.question))
        else:
            steps.append(Step(cell.kind, cell.source, cell.question))
        steps += [Step("added", source) for source in behind.get(place, [])]
    return steps


def _needed(source, steps, made, answers):
    """Definitions of the student's that an answer needs and that no step before it makes, from any cell, in order.

    A notebook remembers what was run in it: a function in a copy of a cell, in a test cell or below, or a constant in a
    cell that grading leaves out, was there when the student tried the answer.
    """
    ours = answers.union(*(match.bound_names(step.source) for step in steps if step.kind == "code"))
    if match.needed_names(source) <= ours:
        return []
    there = ours.union(match.bound_names(source), *(match.bound_names(step.source) for step in steps))
    found, seen = [], set(ours)
    left = [(source, "")]  # what to look into, and what to take when all that it needs was taken; a chain may be long
    while left:
        code, taken = left.pop()
        if taken:
            found.append(taken)
            continue
        for name in sorted(match.needed_names(code) - seen, reverse=True):
            seen.add(name)
            if name in made:  # also one that is there: what it needs may not be
                left += [("", made[name])] if name not in there else []
                left.append((made[name], ""))
    return list(dict.fromkeys(found))


# --- grading ----------------------------------------------------------------------------------------------------------


@dataclass
class _Progress:
    """What is known of one question while a submission is graded."""

    budget: Budget
    error: dict | None = None  # of the answer cell itself
    notes: tuple = ()  # what failed in it and was passed over
    lost: str = ""
    why: str = ""  # of the loss, where it is not the answer's own
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
        ``runtime``: where the notebook says that it ran on other versions, in words; ``keys``: the cache key of each question.
    """
    return grade_opened(opened(data, bundle), bundle, crew, cached)


@dataclass(frozen=True)
class Opened:
    """What a submission's file says, before anything runs.

    Attributes
    ----------
    matches : dict of str to helpers.match.Match
        Where each answer is.
    steps : tuple of Step
        What to do, in order.
    keys : dict of str to str
        The cache key of each question (see :func:`keys`).
    seeds : dict of str to (int or str)
        See :func:`seeds`.
    states : dict of str to (str, str)
        What there is of each answer, and why (see ``helpers.match.state``).
    ran : grading.runtime.Runtime
        On what the notebook ran.
    unread, shown : frozenset of str
        What another Python or other packages may explain (see ``grading.runtime.Review``).
    error : str
        Why the file cannot be read; then all else is empty.
    """

    matches: dict
    steps: tuple
    keys: dict
    seeds: dict
    states: dict
    ran: object
    unread: frozenset
    shown: frozenset
    error: str = ""

    @property
    def attempted(self):
        """Questions with an answer: what runs, if its result is not known."""
        return {name for name, found in self.matches.items() if found.attempted}


def unreadable(reason):
    """A submission whose file cannot be read, and why."""
    return Opened({}, (), {}, {}, {}, None, frozenset(), frozenset(), reason)


def opened(data, bundle):
    """Read a submission's file; nothing of it is run.

    Parameters
    ----------
    data : bytes
    bundle : Bundle

    Returns
    -------
    Opened
    """
    try:
        notebook = match.load_notebook(data)
        cells = match.cells_of(notebook)
    except match.NotebookError as error:
        return unreadable(str(error))
    cells = [cell | {"source": _of_a_size(cell["source"])} for cell in cells]
    ran = runtime.of_notebook(notebook, bundle.colab)
    released = match.released_from(bundle.map)
    matches = match.match(cells, released)
    steps = plan(cells, matches, bundle)
    seed_of = seeds(steps, bundle)
    states = {question.id: match.state(matches[question.id], question) for question in released.questions}
    unread = runtime.unread({step.source for step in steps if step.kind in ("added", "answer")}, ran)
    key_of = keys(steps, matches, seed_of, bundle, runtime.differences(ran, ran.packages))
    return Opened(matches, tuple(steps), key_of, seed_of, states, ran, unread, runtime.shown_lacking(notebook))


def grade_opened(file, bundle, crew, cached=None):
    """Grade a submission whose file was read; as :func:`grade`.

    Parameters
    ----------
    file : Opened
    bundle, crew, cached
        As for :func:`grade`.
    """
    released = match.released_from(bundle.map)
    if file.error:
        questions = [_result(q, MISSING, f"The file could not be read: {file.error}.") for q in released.questions]
        return _whole(bundle, questions, error=file.error)
    matches, steps = file.matches, file.steps
    known = {name: (cached or {}).get(key) for name, key in file.keys.items()}
    progress = {question.id: _Progress(bundle.budget()) for question in released.questions}
    to_ask = {name for name in file.attempted if known[name] is None}
    run = _Run(file, bundle, crew, released, progress, to_ask)
    if to_ask:
        run.go()
    own = tuple(step.source for step in steps if step.kind in ("added", "answer"))
    review = runtime.Review(file.ran, own, file.unread, file.shown, tuple(run.failed), tuple(run.passed_over))
    questions = [
        known[question.id]
        or _reviewed(_judge(question, file, progress[question.id], bundle), review, matches, progress)
        for question in released.questions
    ]
    notes = [f"{name}: {note}" for name, found in matches.items() for note in found.notes if found.source is not None]
    told = runtime.differences(file.ran, bundle.versions) if file.ran.told else ""
    return _whole(bundle, questions, notes=notes) | {"runtime": told, "keys": file.keys}


def _of_a_size(source):
    """The source of a cell; of one without measure, a line that says so where it runs."""
    if len(source) <= _CELL_LIMIT:
        return source
    first = source[:200].partition("\n")[0]  # the comment that names the question
    told = f"this cell has {len(source):,} characters; at most {_CELL_LIMIT:,} are read: load large data from a file"
    return f"{first if first.startswith('#') else ''}\nraise ValueError({told!r})"


def keys(steps, matches, seed_of, bundle, ran=""):
    """The cache key of each question: all the student's cells up to its test, its test, versions (also those that the
    notebook ``ran`` on, where they differ), limits and seed.

    Returns
    -------
    dict of str to str
    """
    limits = (bundle.cpu_seconds, bundle.memory_gb, bundle.wall_seconds)
    digest = hashlib.sha256(repr((bundle.versions, limits, bundle.imports, ran)).encode())
    found = {}
    for step in steps:
        if step.kind == "test":
            own = digest.copy()
            own.update(repr((step.source, step.question, seed_of[step.question])).encode())
            own.update(repr((matches[step.question].found_by, matches[step.question].notes)).encode())
            found[step.question] = own.hexdigest()
        else:
            digest.update(repr((step.kind, step.source)).encode())
    return found


class _Run:
    """One pass over the steps of a submission; starts anew behind a step that ended the student's process."""

    def __init__(self, file, bundle, crew, released, progress, to_ask):
        self.steps, self.seeds, self.bundle, self.crew = file.steps, file.seeds, bundle, crew
        self.progress, self.to_ask = progress, to_ask
        self.questions = {question.id: question for question in released.questions}
        self.deadline = time.monotonic() + bundle.wall_seconds
        self.culprits = set()  # places of steps that are not run again
        self.added, self.added_ends = dataclasses.replace(_ADDED_ALL), 0
        self.replays = _REPLAYS
        self.last_test = max((i for i, s in enumerate(file.steps) if s.kind == "test" and s.question in to_ask), default=-1)
        self.examiner = None
        self.failed = []  # the student's cells that raised, with what they raised
        self.passed_over = []  # and those of which only a line did
        self.alone = False  # behind warm processes that nobody else uses

    def go(self):
        """Do all steps up to the last test that is wanted."""
        session, place, done = None, 0, 0
        with contextlib.ExitStack() as stack:
            stack.callback(lambda: session and session.close())
            stack.callback(lambda: self.examiner and self.examiner.close())
            while place <= self.last_test:
                if session is not None and session.cramped and self.replays:
                    session = session.close()
                    self.replays -= 1
                if session is None:
                    session, done, place = self._session("student"), max(done, place), 0
                again = place < done  # brought to where the last process was, without the steps that ended one
                try:
                    if place not in self.culprits:
                        self._do(session, self.steps[place], again)
                    place += 1
                    continue
                except WarmGone:
                    outcome = CRASH if self.alone else ""
                except Lost as lost:
                    outcome = lost.outcome
                session = session.close()
                if time.monotonic() > self.deadline:
                    self._blame(place, outcome or CRASH, again)
                    self._give_up(place + 1, TIMEOUT, _TOO_LONG.format(seconds=self.bundle.wall_seconds))
                    return
                if outcome:
                    self._blame(place, outcome, again)
                    place += 1
                else:  # whose fault was it? Nobody else's process is behind the same warm one from now on.
                    self.crew, self.alone = stack.enter_context(self.crew.alone()), True
                    self.examiner = self.examiner and self.examiner.close()
                if not self.replays:
                    self._give_up(place, outcome or CRASH)
                    return
                self.replays -= 1

    def _session(self, role):
        """A new fork; a warm process that died meanwhile is started anew."""
        for last in range(_STARTS):
            try:
                return Session(getattr(self.crew, role), self.bundle)
            except WarmGone:
                if last == _STARTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _blame(self, place, outcome, again):
        step = self.steps[place]
        self.culprits.add(place)
        if step.kind == "added":
            self.added_ends += 1
            if self.added_ends >= _ADDED_ENDS:  # what is left of the replays belongs to the answers
                self.culprits.update(i for i, other in enumerate(self.steps) if i > place and other.kind == "added")
        if step.question and (not again or self.progress[step.question].exam is None):
            self.progress[step.question].lost = outcome
            self.progress[step.question].why = _SHORT if outcome == GRADER_ERROR else ""

    def _give_up(self, place, outcome, why=""):
        """A submission that ends its process over and over, or never ends: what is left of it is not asked."""
        for step in self.steps[place:]:
            if step.kind == "test" and step.question in self.to_ask:
                self.progress[step.question].lost, self.progress[step.question].why = outcome, why

    def _do(self, session, step, again):
        if step.kind == "test":
            if not again and step.question in self.to_ask and not self.progress[step.question].lost:
                with session.tidied():
                    self._examine(session, step)
            return
        if step.kind == "added":
            if min(self.added.cpu, self.added.wall) <= 0:
                return
            budget = Budget(min(_ADDED_CELL, self.added.cpu), self.added.wall)
        elif step.kind == "answer" and not again:
            budget = self.progress[step.question].budget
        else:
            budget = self.bundle.budget()
        before = dataclasses.replace(budget)
        try:
            names = list(self.questions[step.question].names) if step.kind == "answer" else None
            reply = wire.unpack(session.request(wire.pack(["run", step.source, names]), budget)[: 2**20])
        except wire.WireError:
            raise Lost(CRASH) from None
        finally:
            if step.kind == "added":
                self.added.cpu -= before.cpu - budget.cpu
                self.added.wall -= before.wall - budget.wall
        if not isinstance(reply, list) or len(reply) != 4 or reply[0] != "ok" or not isinstance(reply[2], list):
            raise Lost(CRASH)
        # A cell that said itself that it is done is still at work, or what it really said comes now.
        if session.request(wire.pack(["get", ""]), dataclasses.replace(_SETTLED)) != wire.pack(["missing"]):
            raise Lost(CRASH)
        error = reply[1] if isinstance(reply[1], dict) else None
        notes = [note for note in reply[2][:3] if isinstance(note, dict)]
        if step.kind == "answer" and not again:
            self.progress[step.question].error = error
            self.progress[step.question].notes = tuple(str(note.get("message"))[:500] for note in notes)
        if step.kind in ("added", "answer"):
            self.failed += [(step.source, error)] if error is not None else []
            self.passed_over += [(step.source, note) for note in notes]

    def _examine(self, session, step):
        question, progress = self.questions[step.question], self.progress[step.question]
        if self.examiner is None:
            self.examiner = self._session("examiner")
        job = {
            "question": question.id,
            "imports": self.bundle.imports,
            "test": step.source,
            "names": list(question.names),
            "stopped": str((progress.error or {}).get("message", ""))[:2000],
            "seed": self.seeds[question.id],
            "points": question.points,
        }
        out, own = wire.pack(job), dataclasses.replace(_EXAMINER)
        own.wall = min(own.wall, max(30.0, self.deadline - time.monotonic()))
        lost, asked = None, False
        try:
            while True:
                message = wire.unpack(self.examiner.request(out, own))
                if message[0] == "done":
                    progress.exam = message[1]
                    break
                if message[0] == "again":  # the second time has a question's seconds of its own
                    progress.budget, out = self.bundle.budget(), wire.pack(None)
                    continue
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
            progress.exam = {"score": 0.0, "checks": [check], "ended": "", "grader_error": told}
        if lost is not None:
            raise lost


def _judge(question, file, progress, bundle):
    """The result of one question from all that happened."""
    found, (state, why) = file.matches[question.id], file.states[question.id]
    if state == match.MISSING:
        return _result(question, MISSING, f"No answer was found: {'; '.join(found.notes)}.", found=found)
    if state == match.EMPTY:
        return _result(question, NOT_ATTEMPTED, found=found)
    seconds = max(0.0, bundle.cpu_seconds - progress.budget.cpu)
    if progress.lost:
        return _lost(question, found, progress, bundle, seconds)
    exam = progress.exam or {}
    if exam.get("grader_error") or not exam.get("checks"):
        return _result(question, GRADER_ERROR, found=found, seconds=seconds, detail=exam.get("grader_error", "no checks"))
    checks = exam["checks"]
    score = min(max(float(exam["score"]), 0.0), float(question.points))
    note = f"A line of your cell did not run here and was left out: {progress.notes[0]}" if progress.notes else ""
    if score == question.points:
        return _result(question, PASSED, score=score, checks=checks, found=found, seconds=seconds, note=note)
    failed = [check for check in checks if not check["passed"]]
    first = failed[0]["message"] if failed else ""
    outcome, message = (PARTIAL if score else FAILED), first
    if progress.error is not None and score == 0:
        outcome = SYNTAX_ERROR if progress.error.get("syntax") else ERROR
        message = str(progress.error.get("message", ""))[:2000]
    elif score == 0 and failed and all(check.get("error") for check in failed):
        outcome = MEMORY if all("MemoryError" in check["message"] for check in failed) else ERROR
    elif score == 0 and state == match.UNNAMED:
        message = f"This answer was not found under its name: {why}."
    return _result(question, outcome, message, score=score, checks=checks, found=found, seconds=seconds, note=note)


def _lost(question, found, progress, bundle, seconds):
    """The result where the student's process was ended: the checks that passed before count."""
    message = progress.why or _SENTENCE[progress.lost].format(seconds=bundle.cpu_seconds)
    exam = progress.exam or {}
    if not exam.get("ended") or progress.lost == GRADER_ERROR:
        return _result(question, progress.lost, message, found=found, seconds=seconds)
    n_passed = sum(check["passed"] for check in exam["checks"])
    kept = "" if not n_passed else f"; {n_passed} passed before it, and {'count' if n_passed > 1 else 'counts'}"
    message += f" It happened in the check `{exam['ended']}`{kept}."
    return _result(
        question, progress.lost, message, score=float(exam["score"]), checks=exam["checks"], found=found, seconds=seconds
    )


def _reviewed(result, review, matches, progress):
    """The result, or that a person must look: where the versions here are what costs the marks."""
    name = result["id"]
    sentence = review.why(result, matches[name].source, progress[name].error)
    for check in result["checks"]:
        check.pop("lacks", None)
    if result["outcome"] not in (PARTIAL, FAILED, ERROR, SYNTAX_ERROR, MISSING):
        return result
    return result | {"outcome": NEEDS_REVIEW, "score": 0.0, "message": sentence} if sentence else result


def _result(question, outcome, message="", *, score=0.0, checks=(), found=None, seconds=0.0, detail="", note=""):
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
    return result | ({"detail": detail} if detail else {}) | ({"note": note} if note else {})


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


def broken(bundle, detail):
    """The result of a submission that could not be graded through a fault of ours: no mark, a person must look.

    Parameters
    ----------
    bundle : Bundle
    detail : str
        What happened, for that person.

    Returns
    -------
    dict
        As from :func:`grade`, without ``keys``.
    """
    released = match.released_from(bundle.map)
    return _whole(bundle, [_result(question, GRADER_ERROR, detail=detail) for question in released.questions])


def seeds(steps, bundle):
    """Seed of each question's inputs: nobody can know it without the course's secret, and it is the same each time.

    It depends on all of the student's cells that ran before the test and so can reach the answer: who changes one of them
    to learn more of the inputs gets others. Without a secret it is empty: then a question draws what it draws in a notebook.

    Parameters
    ----------
    steps : iterable of Step
    bundle : Bundle

    Returns
    -------
    dict of str to (int or str)
    """
    own, found = hashlib.sha256(), {}
    for step in steps:
        if step.kind in ("added", "answer"):
            own.update(match.normalised(step.source).encode() + b"\0")
        elif step.kind == "test":
            message = f"{bundle.map['lesson']}\0{step.question}\0".encode() + own.digest()
            drawn = hmac.new(bundle.secret, message, hashlib.sha256).digest()[:8]
            found[step.question] = int.from_bytes(drawn, "big") if bundle.secret else ""
    return found
