"""What an error in an answer means, in one message for the learner. Called by `helpers.checks`; a grader calls it too, in
the process that runs the answer."""

import ast
import builtins
import inspect
import linecache
import textwrap
import types

from helpers import _notebook, _outdated

NOT_YET = "not yet answered"


class Remote(Exception):
    """Base of errors that arose in another process and were explained there; ``explained`` holds the sentence.

    Only a grader makes them: an attribute of that name on an answer's own exception says nothing.
    """

    explained = ""


# (exception type, a piece of its text, what it means and what to do). The first that fits is used.
_KNOWN = (
    (ValueError, "min_ndim=4", "a Conv2D slides over two axes and wants pictures with channels, four axes in all: for one "
                               "axis, such as time, use Conv1D"),
    (ValueError, "`units`", "Keras wants a plain Python number of units: write `int(...)` around it"),
    (ValueError, "target.shape", "labels and output do not fit: one-hot labels go with `categorical_crossentropy`, "
                                 "whole numbers with `sparse_categorical_crossentropy`"),
    (ValueError, "categorical_crossentropy", "labels and output do not fit: one-hot labels go with "
                                             "`categorical_crossentropy`, whole numbers with the sparse one"),
    (ValueError, "compile()", "the model was not compiled: call `model.compile(...)` before it is returned"),
    (TypeError, "NoneType", "something is None here: does a function you call lack its `return`?"),
    (AttributeError, "NoneType", "something is None here: does a function you call lack its `return`?"),
    (ValueError, "could not broadcast", "two arrays have shapes that do not go together: print both `.shape`"),
    (ValueError, "broadcast together", "two arrays have shapes that do not go together: print both `.shape`"),
    (ValueError, "inhomogeneous", "rows of different lengths cannot be one array: print the length of each"),
    (ValueError, "truth value", "an array is used where one yes or no is needed: use `.any()`, `.all()` or a mask"),
    (FileNotFoundError, "", "the file is not there: use the path that the function is given, as it is"),
    (ModuleNotFoundError, "", "this module is not installed here: the lesson needs none beyond those it imports"),
    (ImportError, "", "the module has nothing of that name: check the spelling, or import what the lesson imports"),
    (NameError, "", "this name is not defined: a typing error, or the cell that defines it was not run"),
    (KeyError, "", "this key is not there: print the keys that are"),
    (IndexError, "", "an index is out of range, or of the wrong kind: print the index and the `.shape` or length"),
    (AttributeError, "", "this object has no such attribute: print its `type(...)`"),
    (ZeroDivisionError, "", "something is divided by zero: which input makes it zero?"),
    (RecursionError, "", "the function calls itself without end"),
    (MemoryError, "", "this asks for more memory than there is: print the shapes of what you make"),
    (NotImplementedError, "", "the library cannot do this with what it was given: read its text, and print what goes in"),
    (SystemExit, "", "an answer must not end the program: leave out `exit()` and `quit()`"),
    (SyntaxError, "", "the cell is not valid Python: look at this line and the one before it"),
)  # fmt: skip


def explain(error, namespace, question_name, cell=""):
    """One message for a learner: the kind of error, the place in their code, the next step.

    Parameters
    ----------
    error : BaseException
    namespace : dict
        Globals of the notebook; frames that run in it are the learner's or the test cell's.
    question_name : str or None
    cell : str
        File name of the test cell's code: functions that it defines are not the learner's. '' where no test cell runs
        in this namespace, as in a grader: then whole cells are the learner's, too.

    Returns
    -------
    str
    """
    if isinstance(error, Remote):
        return error.explained
    entries, last, libraries = _frames(error, namespace, cell)
    own = entries[-1] if entries else None
    place = _place(own) if not isinstance(error, SyntaxError) else _place_in_cell(error)
    if isinstance(error, NotImplementedError) and own is not None and last is own:
        return _unfinished(entries, error, place, question_name)
    if isinstance(error, NameError) and getattr(error, "name", None) == question_name and not place:
        return _undefined(question_name, namespace)
    if isinstance(error, AssertionError) and not place:
        return _assertion_text(error)
    call = _call(own, namespace) if own is not None else None
    old = _outdated.advice(error, call, libraries)
    step = old or _argument_step(error, call, namespace, question_name, bool(place)) or next(
        (step for known, piece, step in _KNOWN if isinstance(error, known) and piece in str(error)),
        "read the line named here, and print the values that go into it",
    )
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    if isinstance(error, ImportError):
        text = text.split(" (")[0]  # where the module's file is helps nobody
    longest = 120 if old else 300
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    kind = f"{type(error).__name__}: {text}" if text else type(error).__name__
    where = f" in {place}" if place else " while your result was looked at"
    return f"{kind}{where}; {step}"


def _assertion_text(error):
    text = str(error).strip()
    if not text:
        return "what this check asks for does not hold"
    if "DESIRED" in text or "Mismatched elements" in text:  # numpy.testing prints the expected numbers
        return "the values are not the expected ones"
    return text


# --- where it happened ----------------------------------------------------------------------------------------------


def _frames(error, namespace, cell):
    """The traceback's entries in the learner's own code, its last entry of all (None if there is none), and the names of
    the packages after the last own one."""
    own, after = [], []
    last, entry = None, error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        # A learner's frame runs in the notebook's namespace, inside a function, and not in one of the test cell's own,
        # whose lines may be hidden ones.
        if entry.tb_frame.f_globals is namespace and code.co_filename != cell and (code.co_name != "<module>" or not cell):
            own.append(entry)
            after.clear()
        else:
            after.append(str(entry.tb_frame.f_globals.get("__name__", "")).split(".")[0])
        last, entry = entry, entry.tb_next
    return own, last, tuple(dict.fromkeys(after))


def _place(own):
    """Where in the learner's own code the error arose, or '' if it arose elsewhere (the test cell, a library)."""
    if own is None:
        return ""
    code, line = own.tb_frame.f_code, own.tb_lineno
    text = linecache.getline(code.co_filename, line).strip()
    name = "your code" if code.co_name.startswith("<") else f"`{code.co_name}`"
    return f"{name}, line {line}" + (f" (`{text}`)" if text else "")


def _place_in_cell(error):
    text = (error.text or "").strip()
    return f"line {error.lineno}" + (f" (`{text}`)" if text else "") if error.lineno else ""


def _unfinished(entries, error, place, question_name):
    """The learner's own `raise NotImplementedError`: the released stub, or one left over in a written answer."""
    code = entries[-1].tb_frame.f_code
    try:
        lines = linecache.getlines(code.co_filename)
        source = "".join(lines if code.co_name == "<module>" else inspect.getblock(lines[code.co_firstlineno - 1 :]))
        body = ast.parse(textwrap.dedent(source)).body
        if code.co_name != "<module>":
            body = body[0].body
    except (OSError, SyntaxError, IndexError, AttributeError):
        body = []  # a function without a source that can be read: the stub is the likeliest
    work = [one for one in body if not isinstance(one, (ast.Import, ast.ImportFrom, ast.Pass, ast.FunctionDef))]
    work = [one for one in work if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    asked = entries[0].tb_frame.f_code.co_name
    if not str(error) and len(work) <= 1 and asked == question_name != code.co_name:
        return f"your answer calls `{code.co_name}`, which is not written yet: answer that question first"
    if not str(error) and len(work) <= 1:
        return f"{NOT_YET}: write your code in place of the line `raise NotImplementedError()`, and run the cell"
    if not str(error):
        return f"the line `raise NotImplementedError()` is still in your answer ({place}): delete it"
    return f"NotImplementedError: {' '.join(str(error).split())[:200]} in {place}; your own code raises this error"


def _undefined(name, namespace):
    """The answer's name is not there: because its cell was not run, or because it stopped with an error."""
    why = _notebook.error_of(name)
    if why is not None:
        return f"`{name}` is not defined, because its cell stopped with an error: {explain(why, namespace, name)}"
    return f"`{name}` is not defined: run the cell that answers the question; its function must keep that name"


# --- arguments ------------------------------------------------------------------------------------------------------


def _call(own, namespace):
    """The call in the learner's code that an error came out of; None if there was none."""
    code = own.tb_frame.f_code
    line, end_line, start, end = next(
        (place for i, place in enumerate(code.co_positions()) if i == own.tb_lasti // 2), (None,) * 4
    )
    if None in (line, end_line, start, end):
        return None
    lines = [text.encode() for text in linecache.getlines(code.co_filename)[line - 1 : end_line]]
    if not lines:
        return None
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    try:
        node = ast.parse(b"(" + b"".join(lines) + b")", mode="eval").body
    except (SyntaxError, ValueError):
        return None
    return _outdated.Call(node, _resolve(node.func, own.tb_frame)) if isinstance(node, ast.Call) else None


def _resolve(node, frame):
    """The object that a dotted name in a frame means; None where finding out would run code."""
    if isinstance(node, ast.Name):
        for names in (frame.f_locals, frame.f_globals, vars(builtins)):
            if node.id in names:
                return names[node.id]
    if isinstance(node, ast.Attribute):
        base = _resolve(node.value, frame)
        if isinstance(base, (types.ModuleType, type)):
            return getattr(base, node.attr, None)
        if base is not None:
            found = getattr(type(base), node.attr, None)
            return types.MethodType(found, base) if isinstance(found, types.FunctionType) else found
    return None


def _argument_step(error, call, namespace, question_name, in_answer):
    """What to do about a call with other arguments than the function takes; '' for other errors."""
    text = str(error)
    named = isinstance(error, TypeError) and (
        "positional argument" in text or "unexpected keyword" in text or "required keyword-only" in text
        or "multiple values for" in text
    )  # fmt: skip
    if isinstance(error, TypeError) and "'module' object is not callable" in text:
        return _module_called(call)
    if not named:
        return ""
    called = text.split("()")[0] if "()" in text else ""
    callee = call.callee if call is not None else namespace.get(called)
    if not in_answer:
        asked = namespace.get(question_name)  # a function, a lambda, or an object that can be called
        names = {question_name, getattr(asked, "__qualname__", ""), f"{type(asked).__qualname__}.__call__"}
        if called in names or _is_own(callee, namespace):
            return "the check passes the arguments that the question names: leave the `def` line as it was"
        return "what your answer returned is called with the arguments that the question names: it must take them"
    if _is_own(callee, namespace):
        return f"`{callee.__name__}` is your own: its `def` line and this call must have the same arguments"
    name = ast.unparse(call.node.func) if call is not None else called or "this function"
    if len(name) > 60:
        name = called or "this function"
    try:
        parameters = [p for p in inspect.signature(callee).parameters.values() if p.kind is not p.VAR_KEYWORD]
    except (TypeError, ValueError):
        parameters = []  # written in C, or not known
    by_place = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    by_name = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    if call is not None and "positional argument" in text and "missing" not in text and by_name:
        return _by_name(call.node, name, by_place, by_name)
    if not by_place + by_name and "positional arguments but" in text:
        return f"`{name}` takes fewer arguments without a name: write the later ones as `name=value`"
    if not by_place + by_name:
        return f"`{name}` takes other arguments: look them up with `help(...)`"
    return f"`{name}` takes the arguments {', '.join(f'`{one}`' for one in (by_place + by_name)[:8])}"


def _is_own(callee, namespace):
    """Whether the learner wrote this function, method or class."""
    made = callee.__init__ if isinstance(callee, type) else callee
    return getattr(made, "__globals__", None) is namespace


def _by_name(node, name, by_place, by_name):
    """How to write a call whose arguments have to be named."""
    count = {0: "no argument", 1: "only its first argument"}.get(len(by_place), f"only its first {len(by_place)} arguments")
    said = f"`{name}` takes {count} without a name"
    names, kept = by_name, node.args[: len(by_place)]
    if by_place == ["data"]:  # seaborn's: before it, x and y came first
        names, kept = by_name, []
    rest = node.args[len(kept) :]
    given = {keyword.arg for keyword in node.keywords}
    new = names[: len(rest)]
    if len(new) < len(rest) or given & set(new) or None in given or any(isinstance(arg, ast.Starred) for arg in node.args):
        return f"{said}: name the others, such as `{names[0]}=`"
    keywords = [ast.keyword(arg, value) for arg, value in zip(new, rest, strict=True)]
    written = ast.unparse(ast.Call(node.func, kept, [*keywords, *node.keywords]))
    if len(written) > 150:
        written = f"{name}({', '.join([*(['...'] if kept else []), *(f'{one}=...' for one in new)])})"
    return f"{said}: write `{written}`"


def _module_called(call):
    if call is None or not isinstance(call.callee, types.ModuleType):
        return "you call a module: call a function in it"
    module, last = ast.unparse(call.node.func), call.callee.__name__.split(".")[-1]
    inside = f", for example `{module}.{last}(...)`" if hasattr(call.callee, last) else ""
    return f"`{module}` is a module: call a function in it{inside}"
