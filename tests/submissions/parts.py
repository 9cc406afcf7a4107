"""What a case consists of, and the few operations on notebooks that the cases are made with."""

import contextlib
import copy
import http.server
import json
import textwrap
import threading
from dataclasses import dataclass

import nbformat

from grading import demo

# Cheap to grade (no training, no model): answered in every case, so that harm to a neighbour is seen.
QUICK = ("describe_data", "standardise", "epoch_to_keep")
FULL, BELOW_FULL, ANY = "full", "below full", "any"


@dataclass(frozen=True)
class Case:
    """A submission, and what each of its questions must get.

    Attributes
    ----------
    name : str
    data : bytes
    file_name : str
        As it was handed in.
    expected : dict of str to (frozenset of str, float or "full" or "below full" or "any")
        Allowed outcomes and the score, by question; every question of the lesson is there.
    why : str
        One line: what happened to this notebook.
    readable : bool
        False where the file is no notebook: then the result has an error, and every question is missing.
    slow : bool
        Needs half a minute or more (a wall limit, a network).
    """

    name: str
    data: bytes
    file_name: str
    expected: dict
    why: str
    readable: bool = True
    slow: bool = False


@dataclass(frozen=True)
class Attack(Case):
    """A submission that tries to get marks that its answers do not deserve.

    Attributes
    ----------
    question : str
        The question whose marks it is after.
    claims : str
        What it tries.
    in_process : bool
        Whether it takes full marks where tests and answers share a process (a test shows it).
    why_not : str
        Where it does not: why.
    plain : bytes
        The same wrong answer without the attack: what it deserves.
    """

    question: str = ""
    claims: str = ""
    in_process: bool = True
    why_not: str = ""
    plain: bytes = b""


@dataclass(frozen=True)
class Lesson:
    """A lesson from which cases are made."""

    name: str
    reference: nbformat.NotebookNode
    student: nbformat.NotebookNode

    @property
    def questions(self):
        """Names of the questions, in the lesson's order."""
        return tuple(c.id for c in self.student.cells if c.metadata.get("nbgrader", {}).get("solution"))

    def answer(self, question, at_call="pass", at_definition=""):
        """The reference's answer, with a statement at the start of its body, and one above its definition."""
        lines = next(cell.source for cell in self.reference.cells if cell.id == question).splitlines()
        begin = next(i for i, line in enumerate(lines) if "### BEGIN SOLUTION" in line)
        lines[begin] = textwrap.indent(at_call, "    ")
        kept = [line for line in lines if "### END SOLUTION" not in line]
        return "\n".join([*at_definition.splitlines(), *kept])

    def filled(self, questions=QUICK, **other):
        """The student's notebook with right answers to ``questions`` and the sources ``other``, as plain JSON data."""
        answers = {question: self.answer(question) for question in questions} | other
        notebook = json.loads(nbformat.writes(demo.fill(self.student, self.reference, [], answers)))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        return notebook

    def expected(self, right=QUICK, **other):
        """What every question must get: ``right`` ones full points, ``other`` as given, the rest nothing."""
        expected = {question: ("not_attempted", 0) for question in self.questions}
        expected |= {question: ("passed", FULL) for question in right} | other
        return {q: (frozenset([o] if isinstance(o, str) else o), score) for q, (o, score) in expected.items()}


def find(notebook, cell_id):
    """Place of the cell with that id."""
    return next(i for i, cell in enumerate(notebook["cells"]) if cell.get("id") == cell_id)


def code(source, cell_id="added", **metadata):
    """A code cell as a student adds one."""
    return {
        "cell_type": "code", "execution_count": None, "id": cell_id, "metadata": metadata, "outputs": [],
        "source": source,
    }


def add(notebook, *sources, at=None):
    """Put code cells in; without a place, before the first answer."""
    at = next(i for i, c in enumerate(notebook["cells"]) if "nbgrader" in c["metadata"]) if at is None else at
    notebook["cells"][at:at] = [code(source, f"added-{at}-{i}") for i, source in enumerate(sources)]
    return notebook


def copied(cell, **changes):
    """A deep copy of a cell with changes."""
    return {**copy.deepcopy(cell), **changes}


def as_bytes(notebook):
    """A notebook as the bytes of its file; bytes stay what they are."""
    return notebook if isinstance(notebook, bytes) else json.dumps(notebook, indent=1).encode()


@contextlib.contextmanager
def helping_hand(text):
    """A server on this machine that sends an answer to whoever asks; gives the number of its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def agrees(case, result):
    """Where a result differs from what the case expects, in words; empty if nowhere.

    Parameters
    ----------
    case : Case
    result : dict
        One submission's result, as the grader gives it.

    Returns
    -------
    list of str
    """
    faults = []
    if bool(result["error"]) == case.readable:
        faults.append(f"error is {result['error']!r}")
    given = {question["id"]: question for question in result["questions"]}
    if given.keys() != case.expected.keys():
        return [*faults, f"questions are {sorted(given)}"]
    for name, (outcomes, score) in case.expected.items():
        question = given[name]
        points = question["max_score"]
        wanted = {FULL: question["score"] == points, BELOW_FULL: 0 <= question["score"] < points, ANY: True}
        if question["outcome"] not in outcomes:
            faults.append(f"{name}: outcome {question['outcome']}, not {sorted(outcomes)} ({question['message'][:200]})")
        if not wanted.get(score, score not in wanted and abs(question["score"] - score) < 1e-4):
            faults.append(f"{name}: {question['score']:g} of {points:g}, not {score}")
        if not question["message"]:
            faults.append(f"{name}: no reason")
    if abs(result["score"] - sum(question["score"] for question in given.values())) > 1e-6:
        faults.append("the total is not the sum")
    return faults
