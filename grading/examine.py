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

import numpy as np

from grading import runtime, warm, wire
from helpers import checks

GONE = b""  # an empty frame from the supervisor: the student's process cannot be asked any more


def main():
    """Entry of the warm process; arguments: control descriptor, address space beyond what is mapped, processes, walls."""
    memory, _, walls = (int(text) for text in sys.argv[2:5])
    warm.drop_root(bool(walls))
    warm.serve(warm.control_socket(), lambda sock: _work(sock, memory))


def _work(sock, memory):
    """Answer examinations until the other side closes."""
    warm.close_all_but(sock.fileno())
    warm.silence()
    warm.limit(memory, processes=256)
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

    Parameters
    ----------
    sock : socket.socket
        To the supervisor, which passes requests on to the student's process.
    job : dict
        ``question``, ``imports`` and ``test`` (source), ``names`` (of the answer), ``seed`` (int), ``points``.

    Returns
    -------
    dict
        ``score``, ``checks`` (name, passed, weight, message, hint), and ``gone`` (the student's process ended) or
        ``grader_error`` (the test itself failed; its traceback).
    """
    ask = _Asker(sock, job["question"])
    os.environ["COURSE_SEED"] = str(job["seed"])
    namespace = {"__name__": "__main__"}
    questions = []
    made = checks.question

    def question(name):
        questions.append(made(name))
        return questions[-1]

    checks.question = question
    result = {"score": 0.0, "checks": [], "gone": False, "grader_error": ""}
    try:
        exec(compile(job["imports"], "<imports>", "exec"), namespace)
        for name in job["names"]:
            ask.fetch(name, namespace)
        tree = ast.parse(job["test"])
        last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, "<test>", "exec"), namespace)
        result["score"] = float(eval(compile(last, "<test>", "eval"), namespace))
    except checks.Stopped:
        result["gone"] = True
    except BaseException:  # a fault of the test, not of the answer: a person must look
        result["grader_error"] = traceback.format_exc(limit=-5)[-2000:]
    finally:
        checks.question = made
    if questions:
        result["checks"] = [
            {"name": c.name, "passed": bool(c.passed), "weight": float(c.weight), "message": c.message, "hint": c.hint,
             "error": c.message in ask.errors, "lacks": ask.errors.get(c.message)}
            for c in questions[-1].results
        ]
    return result


class _Asker:
    """Asks the student's process, through the supervisor."""

    def __init__(self, sock, question):
        self._sock, self._question = sock, question
        self._encoder = wire.Encoder(files=True)
        self._decoder = wire.Decoder(self.call)
        self.errors = {}  # messages of errors that the answer raised, and what was lacking (see grading.runtime)

    def fetch(self, name, namespace):
        """Put a stand-in for the student's name into the namespace, if they defined it."""
        answer = self._ask(["get", name])
        if answer[0] == "missing":
            return
        try:
            namespace[name] = self._value(answer)
        except Told as error:  # it is told where a check uses the name
            namespace[name] = _refuser(error.explained)

    def call(self, handle, args, kwargs):
        """Call a function that stayed in the student's process."""
        arguments = self._encoder.encode([list(args), dict(kwargs)])  # in one: what two arguments share stays shared
        answer = self._ask(["call", handle, arguments, self._question])
        if answer[2:] == [True]:  # it used the program's own random numbers: a test that asks for them sees that here
            random.random()
            np.random.random()
        if answer[0] == "error":
            error = remote_error(answer[1] if len(answer) > 1 else None)
            self.errors[error.explained] = error.lacks
            raise error
        return self._value(answer)

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
