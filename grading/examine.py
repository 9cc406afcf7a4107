"""The examiner: runs test cells against stand-ins for the student's names. Started by ``grading.sandbox``.

Expected values, seeds and hidden tests exist in this process alone. It asks the supervisor for values and calls; what
comes back is data that was checked on the way in.
"""

import ast
import contextlib
import io
import os
import random
import sys
import traceback
from dataclasses import dataclass

import numpy as np

from grading import runtime, syscalls, warm, wire
from helpers import checks

GONE = b""  # an empty frame from the supervisor: the student's process cannot be asked any more


def main():
    """Entry of the warm process; arguments: control descriptor, address space beyond what is mapped, processes, walls."""
    memory, _, walls = (int(text) for text in sys.argv[2:5])
    warm.drop_root(bool(walls))
    refused = syscalls.refusing() if walls else None
    warm.serve(warm.control_socket(), lambda sock: _work(sock, memory, refused))


def _work(sock, memory, refused):
    """Answer examinations until the other side closes."""
    warm.close_all_but(sock.fileno())
    warm.silence()
    warm.limit(memory, processes=256)
    if refused is not None:
        refused.load()
    while True:
        try:
            job = wire.receive(sock)
        except EOFError:
            return
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            result = examine(sock, job)
        wire.send(sock, ["done", {**result, "output": out.getvalue()[:20_000]}])


def examine(sock, job):
    """Run one test cell.

    An answer that changes what it is given is examined twice: once as in a notebook, where the test sees the change, and
    once with the test's own things left alone. A check passes if it passes both times: nobody earns a mark by changing
    what the test holds.

    Parameters
    ----------
    sock : socket.socket
        To the supervisor, which passes requests on to the student's process.
    job : dict
        ``question``, ``imports`` and ``test`` (source), ``names`` (of the answer), ``stopped`` (what the answer cell raised, if
        it did), ``seed`` (int), ``points``.

    Returns
    -------
    dict
        ``score``, ``checks`` (name, passed, weight, message, hint, error), and ``ended`` (the name of the check in which
        the student's process ended) or ``grader_error`` (the test itself failed; its traceback).
    """
    first = _examined(_Asker(sock, job["question"]), job)
    if first.asker.changed and not first.ended and not first.fault:
        wire.send(sock, ["again"])
        wire.receive_body(sock)
        first = _both(first, _examined(_Asker(sock, job["question"], shared=False), job))
    if first.fault or first.question is None or not first.question.results:
        return {"score": 0.0, "checks": [], "ended": "", "grader_error": first.fault or "the test made no checks"}
    results = [
        {"name": c.name, "passed": bool(c.passed), "weight": float(c.weight), "message": c.message, "hint": c.hint,
         "error": c.message in first.asker.errors, "lacks": first.asker.errors.get(c.message)}
        for c in first.question.results
    ]
    return {"score": float(first.question.score()), "checks": results, "ended": first.ended, "grader_error": ""}


@dataclass
class _Examined:
    """One run of a test cell."""

    asker: object
    question: object = None
    ended: str = ""
    fault: str = ""


def _examined(asker, job):
    os.environ["COURSE_SEED"] = str(job["seed"])
    namespace = {"__name__": "__main__"}
    run = _Examined(asker)
    made = checks.question

    def question(name):
        run.question = made(name)
        return run.question

    checks.question = question
    try:
        exec(compile(job["imports"], "<imports>", "exec"), namespace)
        for name in job["names"]:
            asker.fetch(name, namespace, job["stopped"])
        tree = ast.parse(job["test"])
        tree.body.pop()  # q.score(), as `course build` sees to: it is asked for when all is known
        exec(compile(tree, "<test>", "exec"), namespace)
    except checks.Stopped:
        run.ended = _fail_the_rest(run.question, job)
    except BaseException:  # a fault of the test, not of the answer: a person must look
        run.fault = traceback.format_exc(limit=-5)[-2000:]
    finally:
        checks.question = made
    return run


def _fail_the_rest(question, job):
    """Fail the check in which the student's process ended and all that come after it; returns the name of the first.

    A check that was passed before keeps its weight, out of the weight of all: as if the answer had failed the others.
    """
    if question is None:
        return ""
    done = {result.name for result in question.results}
    rest = [check for check in _all_checks(job["test"]) if check["name"] not in done]
    for place, check in enumerate(rest):
        message = "the answer was ended in this check" if place == 0 else "not run: the answer was ended before"
        hint = check["hint"] if place == 0 else ""
        question.results.append(checks.CheckResult(check["name"], float(check["weight"]), False, message, hint))
    return rest[0]["name"] if rest else ""


def _all_checks(test):
    """Name, weight and hint of every ``q.check(...)`` of a test cell, in order: constants, which a test sees to."""
    found = []
    for node in ast.walk(ast.parse(test)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "check":
            given = {key.arg: key.value for key in node.keywords} | dict(zip(("name", "weight", "hint"), node.args, strict=False))
            values = {key: ast.literal_eval(value) for key, value in given.items() if key in ("name", "weight", "hint")}
            found.append((node.lineno, {"weight": 1, "hint": "", **values}))
    return [check for _, check in sorted(found, key=lambda item: item[0])]


def _both(first, second):
    """Of two runs of one test cell: a check counts as passed where both passed it."""
    if second.fault or second.ended:
        return second
    passed = {result.name: result for result in second.question.results}
    for place, result in enumerate(first.question.results):
        if result.passed:
            first.question.results[place] = passed[result.name]
    first.asker.errors |= second.asker.errors
    return first


class _Asker:
    """Asks the student's process, through the supervisor; ``shared``: what an answer changes of its arguments is changed.

    ``changed`` is whether an answer did.
    """

    def __init__(self, sock, question, shared=True):
        self._sock, self._question, self._shared = sock, question, shared
        self.changed = False
        self._encoder = wire.Encoder(files=True)
        self._decoder = wire.Decoder(self.call)
        self.errors = {}  # messages of errors that the answer raised, and what was lacking (see grading.runtime)

    def fetch(self, name, namespace, stopped=""):
        """Put a stand-in for the student's name into the namespace, if they defined it, or if an error ``stopped`` them."""
        answer = self._ask(["get", name])
        if answer[0] == "missing":
            if stopped:
                namespace[name] = _refuser(f"`{name}` is not defined, because its cell stopped with an error: {stopped}")
            return
        try:
            namespace[name] = self._value(answer)
        except Told as error:  # it is told where a check uses the name
            namespace[name] = _refuser(error.explained)

    def call(self, handle, args, kwargs):
        """Call a function that stayed in the student's process."""
        arguments = self._encoder.encode([list(args), dict(kwargs)])  # in one: what two arguments share stays shared
        answer = self._ask(["call", handle, arguments, self._question])
        used, changes = (answer + [None] * 4)[2:4]
        if used is True:  # it used the program's own random numbers: a test that asks for them sees that here
            random.random()
            np.random.random()
        if changes and answer[0] != "refused":
            self._change(changes)
        if answer[0] == "error":
            error = remote_error(answer[1] if len(answer) > 1 else None)
            self.errors[error.explained] = error.lacks
            raise error
        return self._value(answer)

    def _change(self, changes):
        """Change what the test handed over as the answer changed its copies: in a notebook they are the same things."""
        self.changed = True
        if not self._shared:
            return
        given = self._encoder.given
        try:
            places, values = changes
            values = self._decoder.decode(values)
            if len(set(places)) != len(values) or not all(type(place) is int and 0 <= place < len(given) for place in places):
                raise wire.WireError("changes of something else")
            for place, value in zip(places, values, strict=True):
                wire.overwrite(given[place], value)
        except wire.Refused as error:
            raise Told(str(error)) from None
        except Exception as error:  # as in _value
            raise Told(f"what this answer did to its arguments cannot be read ({type(error).__name__})") from None

    def _ask(self, request):
        """Pass a request on; what comes back was packed in the student's process and is trusted in nothing."""
        wire.send(self._sock, ["ask", request])
        body = wire.receive_body(self._sock)
        if body == GONE:
            raise checks.Stopped  # the process ended or was ended: no check may take that for a wrong answer
        try:
            answer = wire.unpack(body)
        except wire.WireError:
            answer = None
        wanted = ("value", "missing", "refused") if request[0] == "get" else ("value", "refused", "error")
        if not isinstance(answer, list) or not answer or answer[0] not in wanted:
            raise Told("the answer's process said something that is no result")
        return answer

    def _value(self, answer):
        if answer[0] == "refused":
            raise Told(answer[1] if len(answer) > 1 else "")
        try:
            return self._decoder.decode(answer[1])
        except wire.Refused as error:
            raise Told(str(error)) from None
        except MemoryError:
            raise Told("what came back is too large to be looked at") from None
        except Exception as error:  # made up by a hostile process: whatever a library says of it, it is no result
            raise Told(f"what came back cannot be read ({type(error).__name__})") from None


class Told(checks.Remote):
    """A refusal with its sentence for the student."""

    def __init__(self, message):
        super().__init__(message)
        self.explained = str(message)[:500] or "this answer was refused"


def remote_error(described):
    """An exception of the kind that was raised on the other side (of the built-in kinds), with its explanation."""
    kinds = described.get("kinds") if isinstance(described, dict) else None
    message = str(described.get("message", ""))[:2000] if isinstance(described, dict) else ""
    message = message or "this answer raised an error"
    kind = next((_KINDS[name] for name in kinds if name in _KINDS), Exception) if isinstance(kinds, list) else Exception
    error = type(kind.__name__, (checks.Remote, kind), {"__init__": _keep, "__str__": lambda self: self.explained})()
    error.explained = message
    error.lacks = runtime.checked(described.get("lacks")) if isinstance(described, dict) else None
    return error


def _keep(self, *args):
    """No constructor of a built-in kind runs: some of them want arguments of their own."""


# Kinds that a test may ask for; StopIteration and its like would end a loop of the test without a word.
_KINDS = {
    kind.__name__: kind
    for kind in (
        ValueError, TypeError, KeyError, IndexError, LookupError, AttributeError, ZeroDivisionError, ArithmeticError,
        OverflowError, FileNotFoundError, OSError, NotImplementedError, RuntimeError, MemoryError, AssertionError,
        NameError, ImportError, RecursionError,
    )
}


def _refuser(message):
    def function(*args, **kwargs):
        raise Told(message)

    return function


if __name__ == "__main__":
    sys.exit(main())
