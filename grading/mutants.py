"""Small faults planted in a right answer, one at a time: operators swapped, numbers moved, the wrong array. Called by
``grading.gauge``.

A test that cannot tell a fault from the solution is too weak, or the fault changes nothing (an *equivalent* mutant).
"""

import ast
import copy
import inspect
import os
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A faulty answer: its source, and the line that differs, before and after."""

    source: str
    was: str
    now: str


_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or,
    ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip

# Words that mean something to a library, and the word that a learner would confuse them with.
_WORDS = {
    "sigmoid": "softmax", "softmax": "sigmoid", "relu": "linear", "tanh": "relu",
    "categorical_crossentropy": "binary_crossentropy", "sparse_categorical_crossentropy": "mse",
    "binary_crossentropy": "categorical_crossentropy", "accuracy": "mse", "valid": "same", "same": "valid",
    "loss": "accuracy", "val_loss": "loss", "val_accuracy": "accuracy", "log": "linear",
    "log_loss": "hinge", "nearest": "interp", "most_frequent": "uniform", "mean": "sum",
}  # fmt: skip

_FUNCTIONS = {
    "mean": "median", "median": "mean", "std": "var", "sum": "mean", "min": "max", "max": "min", "argmin": "argmax",
    "argmax": "argmin", "nanmin": "nanmax", "nanargmin": "nanargmax", "log10": "log", "log": "log10", "log2": "log",
    "floor": "ceil", "ceil": "floor", "zeros": "ones", "sorted": "list", "any": "all", "all": "any",
    "maximum": "minimum", "minimum": "maximum", "fit_transform": "transform", "permutation": "array",
    "power_to_db": "amplitude_to_db", "Conv1D": "SeparableConv1D", "GlobalAveragePooling1D": "GlobalMaxPooling1D",
    "GlobalMaxPooling1D": "GlobalAveragePooling1D", "LSTM": "SimpleRNN", "most_common": "elements", "argsort": "array",
    "Adam": "SGD",
}  # fmt: skip
_NUMPY_ONLY = frozenset({"median", "array", "arange"})  # not methods of an array or a generator
# Functions whose result looks like their argument: left out altogether.
_IDENTITIES = frozenset("abs sqrt square unique round exp set sorted standardise".split())
_NO_FAULT = frozenset({"strict", "name", "verbose", "n_jobs", "dtype"})  # settings that no result hangs on
_EITHER_WAY = frozenset("isinstance getattr range reshape zeros max min maximum minimum add multiply isclose".split())

_SIDES = (("train", "test"), ("train", "val"), ("_a", "_b"))


def mutants(source, namespace=None):
    """Plant faults in an answer.

    Parameters
    ----------
    source : str
        A cell with one or more functions. Signatures, decorators and docstrings are left as they are.
    namespace : dict, optional
        What the cell finds imported: settings that equal the default of what is called are then no faults to forget.

    Returns
    -------
    list of Mutant
        Without repetitions, in the order of the source.
    """
    tree = ast.parse(source)
    first = ast.unparse(tree)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found = {}
    for path, node in _walk(tree):
        for changed in _variants(node, names, namespace or {}):
            other = _replaced(tree, path, changed)
            try:
                text = ast.unparse(ast.fix_missing_locations(other))
                ast.parse(text)
            except (SyntaxError, ValueError):  # a body without a statement, a keyword in an odd place
                continue
            if text != first:
                found.setdefault(text, Mutant(text, *_difference(first, text)))
    return list(found.values())


def _difference(before, after):
    """The lines of two sources that differ, from the first to the last, shortened where they agree."""
    a, b = before.splitlines(), after.splitlines()
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    was, now = "; ".join(line.strip() for line in a), "; ".join(line.strip() for line in b)
    head = max(0, len(os.path.commonprefix([was, now])) - _CONTEXT)
    tail = max(0, len(os.path.commonprefix([was[head:][::-1], now[head:][::-1]])) - _CONTEXT)
    return tuple("…" * (head > 0) + text[head : len(text) - tail] + "…" * (tail > 0) for text in (was, now))


_CONTEXT = 40  # characters around a difference: enough to know it by


def _is_default(func, keyword, namespace):
    """Whether a setting is what the called function takes anyway, as far as that can be known."""
    try:
        called = eval(ast.unparse(func), dict(namespace))  # the name of a library's function, of our own solution
        default = inspect.signature(called).parameters[keyword.arg].default
        return default == ast.literal_eval(keyword.value)
    except (NameError, AttributeError, KeyError, TypeError, ValueError):
        return False


def _walk(tree) -> Iterator[tuple]:
    """Nodes inside function bodies, each with the path of (field, place) that leads to it."""

    def below(node, path):
        for field, value in ast.iter_fields(node):
            if isinstance(node, ast.FunctionDef) and field != "body":
                continue
            if isinstance(value, ast.AST):
                yield (*path, (field, None)), value
                yield from below(value, (*path, (field, None)))
            elif isinstance(value, list):
                start = int(isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None)
                for place, item in list(enumerate(value))[start if field == "body" else 0 :]:
                    if isinstance(item, ast.AST) and getattr(item, "arg", None) not in _NO_FAULT:
                        yield (*path, (field, place)), item
                        yield from below(item, (*path, (field, place)))

    for place, node in enumerate(tree.body):
        if isinstance(node, ast.FunctionDef):
            yield from below(node, (("body", place),))


def _replaced(tree, path, changed):
    """A copy of a tree with the node at a path replaced; ``None`` takes it out of its list."""
    tree = copy.deepcopy(tree)
    node = tree
    for field, place in path[:-1]:
        node = getattr(node, field) if place is None else getattr(node, field)[place]
    field, place = path[-1]
    if place is None:
        setattr(node, field, changed)
    elif changed is None:
        del getattr(node, field)[place]
    else:
        getattr(node, field)[place] = changed
    return tree


def _variants(node, names, namespace):
    """Faulty forms of one node; ``names`` are those that the answer has."""
    if type(node) in _OPERATORS:
        yield _OPERATORS[type(node)]()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (ast.Name(other, ast.Load()) for other in _other_side(node.id) if other in names)
    elif isinstance(node, ast.Call):
        yield from _calls(node, namespace)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield ast.Return(ast.Tuple(node.value.elts[::-1], ast.Load()))
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper"):
            if getattr(node, part) is not None:
                yield ast.Slice(**{"lower": node.lower, "upper": node.upper, "step": node.step, part: None})
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, (ast.AugAssign, ast.Expr)):
        yield None
    elif isinstance(node, ast.If):
        yield ast.If(ast.Constant(True), node.body, node.orelse)
        yield ast.If(ast.Constant(False), node.body, node.orelse)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value


def _constants(value):
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 0:
            yield ast.Constant(value - 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 2 if value else 1.0)
    elif isinstance(value, str) and value in _WORDS:
        yield ast.Constant(_WORDS[value])


def _other_side(name):
    for one, other in _SIDES:
        for this, that in ((one, other), (other, one)):
            if name.endswith(this):
                yield name.removesuffix(this) + that


def _calls(node, namespace):
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _FUNCTIONS and (_FUNCTIONS[name] not in _NUMPY_ONLY or ast.unparse(node.func).startswith("np.")):
        func = copy.deepcopy(node.func)
        setattr(func, "attr" if isinstance(func, ast.Attribute) else "id", _FUNCTIONS[name])
        yield ast.Call(func, node.args, node.keywords)
    if name in _IDENTITIES and node.args:
        yield node.args[0]
    for keyword in node.keywords:  # a setting that was forgotten
        if keyword.arg in _NO_FAULT or _is_default(node.func, keyword, namespace):
            continue
        yield ast.Call(node.func, node.args, [other for other in node.keywords if other is not keyword])
    if len(node.args) == 2 and name not in _EITHER_WAY:
        yield ast.Call(node.func, node.args[::-1], node.keywords)
