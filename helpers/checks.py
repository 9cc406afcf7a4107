"""The checks under a question: what went wrong, where, and what to look at next. Called by the test cells of lessons.

A test cell asks for a question, makes named checks, and ends with its score::

    q = checks.question("standardise")
    with q.check("train-mean-zero", weight=1, hint="compute the mean over the clips, axis 0"):
        Z, _ = standardise(X_train, X_test)
        assert abs(Z.mean(axis=0)).max() < 1e-5, "each feature of the training data should have mean 0"
    q.score()

A check catches whatever its block raises, explains it on standard output (never on standard error, which some graders
take for a failure), and goes on. No message of this module contains the expected value of an answer.
"""

import ast
import contextlib
import hashlib
import linecache
import os
import random
import sys
import traceback
import types
import warnings
from dataclasses import dataclass

import numpy as np

from helpers import _notebook, match

_NOT_YET = "not yet answered"


class Remote(Exception):
    """Base of errors that arose in another process and were explained there; ``explained`` holds the sentence.

    Only a grader makes them: an attribute of that name on an answer's own exception says nothing.
    """

    explained = ""


class Stopped(BaseException):
    """Raised by a grader where the answer can no longer be asked; it passes through every check unexplained."""


@dataclass(frozen=True)
class CheckResult:
    """Outcome of one named check: ``message`` is empty when it passed; ``hint`` is what to look at next."""

    name: str
    weight: float
    passed: bool
    message: str
    hint: str


class Question:
    """One graded question: its random inputs, its checks so far, its score. Made by :func:`question`.

    Attributes
    ----------
    name : str
    points : float
        What the question is worth when every check passes.
    rng : numpy.random.Generator
        The only source of random inputs in a test cell.
    results : list of CheckResult
    """

    def __init__(self, released):
        self.name = released.id
        self.points = float(released.points)
        self._n_checks = released.n_checks
        self._tries = _tries(released)
        self._withheld = False
        self.results = []
        seed = _seed(self.name)
        self.rng = np.random.default_rng(seed)
        _seed_everything(seed)
        self._unanswered = False

    @contextlib.contextmanager
    def check(self, name, weight=1, hint=""):
        """Run a block as one named check; whatever it raises becomes a message, not an error.

        Parameters
        ----------
        name : str
            Short name with dashes, unique in the question.
        weight : float
            Share of the question's points, relative to its other checks.
        hint : str
            What to look at next; printed only when the check fails.
        """
        if any(result.name == name for result in self.results):
            raise ValueError(f"question {self.name!r} already has a check named {name!r}: give each its own name")
        frame = sys._getframe(2)  # 0 is this generator, 1 is contextlib, 2 is the test cell
        message, passed = "", True
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they go to standard error, which some graders take for a failure
                yield
        except (KeyboardInterrupt, GeneratorExit, Stopped):
            raise  # the learner pressed stop, or the grader did
        except BaseException as error:  # SystemExit too: `exit()` in an answer must not end the session
            passed = False
            message = explain(error, frame.f_globals, self.name, frame.f_code.co_filename) or type(error).__name__
        self.results.append(CheckResult(name, float(weight), passed, message, hint))
        self._tell(self.results[-1])

    def _tell(self, result):
        if result.passed:
            print(f"  ✓ {result.name}")
        elif result.message.startswith(_NOT_YET):
            if not self._unanswered:  # once is enough: every later check would say the same
                print(f"  … {result.message}")
            self._unanswered = True
        else:
            print(f"  ✗ {result.name}: {result.message}")
            if result.hint and self._tries is not None and self._tries < _HINT_FROM:
                self._withheld = True
            elif result.hint:
                print(f"      → {result.hint}")

    def score(self):
        """Points earned by the checks that ran: ``points`` times the passed share of their weights.

        Returns
        -------
        float
            0 to ``points``, a plain Python float, so that a grader can read it from the cell's output.
        """
        if not self.results:
            raise ValueError(f"question {self.name!r} has no checks: nothing to score")
        total = sum(result.weight for result in self.results)
        earned = sum(result.weight for result in self.results if result.passed)
        n_passed = sum(result.passed for result in self.results)
        line = f"  {n_passed} of {len(self.results)} checks passed"
        n_more = self._n_checks - len(self.results)
        if n_more > 0:
            line += f"; {n_more} more run when this is graded, with sizes, labels and scales drawn anew"
        print(line + ".")
        if self._withheld:
            print(f"  What to look at comes with your next try, or now: checks.hint({self.name!r})")
        if self._tries is not None:
            self._keep(n_passed)
        return float(round(self.points * earned / total, 6))

    def _keep(self, n_passed):
        from helpers import progress

        lesson = match.lesson_of(self.name)
        _LAST[self.name] = self
        _or_say_so(progress.scored, lesson.lesson, self.name, n_passed, len(self.results))
        if n_passed < len(self.results) and self._tries >= _SOLUTION_FROM and lesson.answers:
            print(f"  You have tried {self._tries} answers. The solution is open to you: checks.solution({self.name!r})")


_HINT_FROM, _SOLUTION_FROM = 2, 3  # which try, of different answers, brings the hints, and which opens the solution
_LAST = {}  # the last run of each question's checks in this session, where a person sits before it


def _tries(released):
    """How many different answers somebody has tried; None where a program runs this: then all is said at once."""
    if not _notebook.with_a_person():
        return None
    from helpers import progress

    answer = _notebook.last_run(released.id) or ""
    return _or_say_so(progress.tried, match.lesson_of(released.id).lesson, released, answer) or 0


def _or_say_so(keep, *args):
    """Keep progress; a full or read-only disk costs the learner that, and a line, but no check."""
    try:
        return keep(*args)
    except OSError as error:
        print(f"  (your progress could not be kept: {error})")
        return None


def hint(name):
    """Say what to look at for each check of a question that failed when its checks were run last.

    Parameters
    ----------
    name : str
    """
    last = _LAST.get(match.released_question(name).id)
    failed = [result for result in last.results if not result.passed] if last else []
    if last is None:
        print(f"Run the checks of {name} first: then there is something to give a hint for.")
    elif not failed:
        print(f"{name}: all visible checks pass.")
    for result in failed:
        print(f"  {result.name}: {result.message}")
        print(f"      → {result.hint or 'read the line that the message names, and print what goes into it'}")


def solution(name):
    """Show the solution of a question to somebody who has honestly tried, where the course publishes solutions.

    Parameters
    ----------
    name : str

    Raises
    ------
    OSError
        If the published solutions cannot be fetched.
    """
    from urllib.request import urlopen

    from helpers import progress

    question, lesson = match.released_question(name), match.lesson_of(name)
    n = len(progress.read(lesson.lesson).get(name, progress.Reached()).tries)
    if not lesson.answers:
        print("This course does not publish its solutions: ask your instructor.")
    elif n < _SOLUTION_FROM:
        print(f"The solution opens after {_SOLUTION_FROM} different answers of your own; {n} so far. A hint: checks.hint({name!r})")
    else:
        with urlopen(lesson.answers, timeout=30) as reply:
            cells = match.read_notebook(reply.read())
        print(next(cell["source"] for cell in cells if cell["grade_id"] == question.id))


def run(name):
    """Run the visible checks of one question on the answer that this notebook has now.

    Parameters
    ----------
    name : str

    Returns
    -------
    float
        Points, as the visible checks alone would give them.
    """
    running = _notebook.shell()
    namespace = running.user_ns if running is not None else sys._getframe(1).f_globals
    return _run(name, namespace)


def _run(name, namespace):
    tree = ast.parse(match.released_question(name).checks)
    last, cell = ast.Expression(tree.body.pop().value), f"<checks of {name}>"
    exec(compile(tree, cell, "exec"), namespace)
    return eval(compile(last, cell, "eval"), namespace)


def run_all(lesson=None):
    """Run the visible checks of every question of a lesson, then show where you stand.

    Parameters
    ----------
    lesson : str, optional
        For example ``"02_dense_mlp"``; the lesson of the questions run in this notebook by default.

    Returns
    -------
    helpers._html.Shown
    """
    running = _notebook.shell()
    namespace = running.user_ns if running is not None else sys._getframe(1).f_globals
    released = _lesson(lesson)
    points = {question.id: _run(question.id, namespace) for question in released.questions}
    return _standing(released, points)


def _lesson(name):
    lessons = match.released_lessons()
    if name is not None:
        if name not in lessons:
            raise ValueError(f"there is no lesson {name!r}; there are: {', '.join(lessons)}")
        return lessons[name]
    seen = [one for one in lessons.values() if any(_notebook.last_run(q.id) is not None for q in one.questions)]
    if len(seen) != 1:
        raise ValueError(f"name the lesson: checks.run_all({next(iter(lessons))!r})")
    return seen[0]


def _standing(released, points):
    from helpers import progress
    from helpers._html import Shown, html_table, text_table

    kept = progress.read(released.lesson)
    head = ("question", "visible checks give", "hidden checks", "answers tried")
    rows = []
    for question in released.questions:
        n_visible = question.checks.count(".check(")
        tries = len(kept.get(question.id, progress.Reached()).tries)
        got = f"{round(points[question.id], 2):g} of {question.points:g}"
        rows.append((question.id, got, str(question.n_checks - n_visible), str(tries)))
    caption = f"{released.title}: where you stand"
    return Shown(html_table(caption, head, rows, {1, 2, 3}), text_table(caption, head, rows, {1, 2, 3}))


def question(name):
    """Start the checks of one question: seed everything that is random, print its name.

    Parameters
    ----------
    name : str
        Id of the question, as in the grade id of its answer cell.

    Returns
    -------
    Question

    Raises
    ------
    ValueError
        If no released lesson has a question of that name.
    """
    q = Question(match.released_question(name))
    print(f"{name} ({q.points:g} points)")
    return q


def demo(call):
    """Show what an answer makes of a lesson's example; an unanswered question shows a line instead of an error.

    Cells outside a question use answers only through this function, so that one missing or wrong answer never stops
    the rest of the notebook.

    Parameters
    ----------
    call : callable without arguments, for example ``lambda: plot(standardise(X, Z))``

    Returns
    -------
    object or None
        What ``call`` returned; None if it raised.
    """
    try:
        return call()
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # as in Question.check
        frame = sys._getframe(1)
        message = explain(error, frame.f_globals, None, frame.f_code.co_filename)
        if message.startswith(_NOT_YET):
            message = f"{_NOT_YET}: this cell shows something as soon as the question above is answered"
        print(message)
        return None


# --- assertions that never print the expected value ----------------------------------------------------------------


def array(value, what="the result", shape=None, low=None, high=None, finite=True, vary=False):
    """Assert that ``value`` is a numeric array of the given shape, finite and in range; return it as an array.

    Parameters
    ----------
    value : array_like
    what : str
        What to call it in a message.
    shape : tuple of (int or None), optional
        None in a place accepts any length there.
    low, high : float, optional
        Closed range of all entries.
    finite : bool
        Refuse NaN and infinity.
    vary : bool
        Refuse an array that is empty or holds one number everywhere: nobody's right answer, and no work in it.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    AssertionError
        Naming the kind of fault: nothing returned, not numbers, shape, NaN, range, one number everywhere.
    """
    assert value is not None, f"{what} is None: is the `return` missing?"
    assert not isinstance(value, (str, bytes, dict, set, types.GeneratorType)) and not callable(value), (
        f"{what} should be numbers (an array or a list), but is of type {type(value).__name__}"
    )
    try:
        result = np.asarray(value)
    except (ValueError, TypeError):
        raise AssertionError(f"{what} cannot be made an array: are its rows of different lengths?") from None
    assert result.dtype.kind in "biufc", (
        f"{what} should hold numbers, but holds {result.dtype} (rows of different lengths, or text?)"
    )
    if shape is not None:
        fits = result.ndim == len(shape) and all(w in (None, n) for n, w in zip(result.shape, shape, strict=True))
        asked = "(" + ", ".join("any" if w is None else str(w) for w in shape) + ("," if len(shape) == 1 else "") + ")"
        assert fits, f"{what} should have shape {asked}, but has {result.shape}"
    if finite and result.size:
        n_bad = int(np.size(result) - np.isfinite(result).sum())
        assert n_bad == 0, f"{what} has {n_bad} entries that are NaN or infinite, of {result.size}"
    if result.size and low is not None:
        assert np.all(result >= low), f"{what} should not go below {low:g}, but its smallest entry is {result.min():g}"
    if result.size and high is not None:
        assert np.all(result <= high), f"{what} should not go above {high:g}, but its largest entry is {result.max():g}"
    if vary:
        assert result.size, f"{what} has no entries at all"
        assert (result != result.flat[0]).any(), f"{what} is one and the same number everywhere: does it use what it is given?"
    return result


def close(got, want, what="the result", rtol=1e-4, atol=1e-6):
    """Assert that two arrays agree: shape first, then finiteness, then ``|got - want| <= atol + rtol |want|``.

    The message says how many entries differ and where the first one lies, never what was expected.

    Parameters
    ----------
    got, want : array_like
        The learner's result and the reference.
    what : str
    rtol, atol : float
        Relative and absolute tolerance.

    Raises
    ------
    AssertionError
    """
    want = np.asarray(want)
    got = array(got, what, shape=want.shape, finite=bool(np.isfinite(want).all()))
    agree = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if agree.all():
        return
    n_bad = int(agree.size - agree.sum())
    if agree.ndim == 0:
        raise AssertionError(f"{what} has the right form but not the right value (yours: {_short(got)})")
    first = tuple(int(i) for i in np.argwhere(~agree)[0])
    place = first[0] if len(first) == 1 else first
    raise AssertionError(
        f"{what} has the right shape, but {n_bad} of {agree.size} values are off, "
        f"the first at index {place} (yours: {_short(got[first])})"
    )


def keys(value, names, what="the result"):
    """Assert that ``value`` is a dict with the given keys.

    Raises
    ------
    AssertionError
        Naming the missing keys.
    """
    assert value is not None, f"{what} is None: is the `return` missing?"
    assert isinstance(value, dict), f"{what} should be a dict, but is of type {type(value).__name__}"
    missing = [name for name in names if name not in value]
    assert not missing, f"{what} lacks the keys {missing}; it has {sorted(map(str, value))}"


# --- models ----------------------------------------------------------------------------------------------------------

OWN_LAYERS = "use Keras's own layers, Sequential or functional, without Lambda, custom layers or subclasses of keras.Model"


def own_layers(model):
    """Assert that a model is made of Keras's own layers, Sequential or functional: the only kind that can be graded.

    Parameters
    ----------
    model : keras.Model

    Raises
    ------
    AssertionError
        Naming the part that is not; a grader refuses the model with the same words.
    """
    import keras
    from keras.src.models import Functional

    assert isinstance(model, keras.Model), f"a Keras model should come back, but this is of type {type(model).__name__}"
    layers = list(model._flatten_layers())
    odd = [layer for layer in layers if isinstance(layer, keras.Model) and type(layer) not in (keras.Sequential, Functional)]
    odd += [layer for layer in layers if isinstance(layer, keras.layers.Lambda) or not _of_keras(type(layer))]
    odd += [function for layer in layers for function in own_functions(layer)]
    assert not odd, unusual(odd[0])


def own_functions(layer):
    """Functions in a layer that are not Keras's, such as an activation: Keras would write down no more than their name."""
    named = [value for name, value in vars(layer).items() if name.endswith("activation")]
    return [value for value in named if isinstance(value, types.FunctionType) and not _of_keras(value)]


def unusual(part):
    """The sentence on a layer, model or function that a model must not hold."""
    name = getattr(part, "__name__", type(part).__name__)[:40]
    kind = "function " if isinstance(part, types.FunctionType) else ""
    own = "" if _of_keras(part if kind else type(part)) else "your own "
    return f"the model uses {own}{kind}`{name}`: {OWN_LAYERS}"


def _of_keras(thing):
    return (thing.__module__ or "").split(".")[0] in ("keras", "tensorflow")


# --- figures -------------------------------------------------------------------------------------------------------

_GIVEN = "given by the check"


def new_axes():
    """Empty axes to hand to a plotting answer; :func:`describe` says of each axes whether it is this one."""
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    axes.set_gid(_GIVEN)
    return axes


def is_new_axes(value):
    """Whether these are the axes of :func:`new_axes`, still without lines."""
    get_gid = getattr(value, "get_gid", None)
    return get_gid is not None and get_gid() == _GIVEN and not value.get_lines()


def describe(figure):
    """What is in a figure, as plain data: the form in which a drawing can be checked, or sent to another process.

    Parameters
    ----------
    figure : matplotlib Figure or Axes, seaborn grid, or a description made before

    Returns
    -------
    dict
        ``returned``: "axes" or "figure", what it was; ``axes``: a list with, for each axes, ``title``, ``xlabel``, ``ylabel``, ``xscale``, ``yscale``, ``xlim``,
        ``ylim``, ``legend`` (list of labels, or None), ``given`` (is it the axes of :func:`new_axes`), and ``lines``:
        a list of dicts with ``label`` (as the legend names it, else the line's own), ``x``, ``y`` (lists of float).

    Raises
    ------
    AssertionError
        If it is none of these.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

    if isinstance(figure, dict) and "axes" in figure:
        return figure
    if isinstance(figure, np.ndarray):
        figure = figure.flat[0] if figure.size else None
    figure = getattr(figure, "figure", figure) if not isinstance(figure, (Axes, FigureBase)) else figure
    assert figure is not None, "no figure came back: is the `return` missing?"
    assert isinstance(figure, (Axes, FigureBase)), (
        f"a matplotlib Axes or Figure was expected, but this is of type {type(figure).__name__}"
    )
    axes = [figure] if isinstance(figure, Axes) else figure.axes
    assert any(ax.has_data() or ax.get_gid() == _GIVEN for ax in axes), (
        "what came back is empty: nothing is drawn there. `plt.show()` ends a figure, and `plt.gca()` after it is a new, "
        "empty one: keep the axes from before"
    )
    return {"returned": "axes" if isinstance(figure, Axes) else "figure", "axes": [_describe_axes(ax) for ax in axes]}


def _describe_axes(ax):
    legend = ax.get_legend()
    legend_labels = None if legend is None else [text.get_text() for text in legend.get_texts()]
    lines = [line for line in ax.get_lines() if len(line.get_xdata(orig=False)) > 0]
    return {
        "title": ax.get_title(),
        "xlabel": ax.get_xlabel(),
        "ylabel": ax.get_ylabel(),
        "xscale": ax.get_xscale(),
        "yscale": ax.get_yscale(),
        "xlim": [float(v) for v in ax.get_xlim()],
        "ylim": [float(v) for v in ax.get_ylim()],
        "legend": legend_labels,
        "given": ax.get_gid() == _GIVEN,
        "lines": [
            {
                "label": label,
                "x": [float(v) for v in np.ravel(line.get_xdata(orig=False))],
                "y": [float(v) for v in np.ravel(line.get_ydata(orig=False))],
            }
            for line, label in zip(lines, _line_labels(lines, legend), strict=True)
        ],
    }


def _line_labels(lines, legend):
    """The label a reader would give each line: the legend's entry of the same look, else the line's own."""
    own = [str(line.get_label()) for line in lines]
    if legend is None:
        return own
    handles = getattr(legend, "legend_handles", None) or legend.legendHandles
    entries = [(_look(handle), text.get_text()) for handle, text in zip(handles, legend.get_texts(), strict=False)]
    labels = []
    for line, label in zip(lines, own, strict=True):
        same = [text for look, text in entries if look == _look(line)]
        labels.append(same[0] if len(same) == 1 else label)
    return labels


def _look(line):
    from matplotlib.colors import to_hex

    colour = line.get_color() if hasattr(line, "get_color") else None
    style = line.get_linestyle() if hasattr(line, "get_linestyle") else None
    marker = line.get_marker() if hasattr(line, "get_marker") else None
    try:
        colour = to_hex(colour)
    except (ValueError, TypeError):
        colour = str(colour)
    return colour, str(style), str(marker)


# --- what an error means -------------------------------------------------------------------------------------------

# (exception type, a piece of its text, what it means and what to do). The first that fits is used.
_KNOWN = (
    (ValueError, "'lr'", "Keras 3 has no argument `lr`: write `learning_rate=`"),
    (TypeError, "'lr'", "Keras 3 has no argument `lr`: write `learning_rate=`"),
    (KeyError, "acc'", "a history names its series `accuracy` and `val_accuracy`: print `history.keys()`"),
    (ImportError, "np_utils", "`np_utils` is gone from Keras 3: use `keras.utils.to_categorical`"),
    (AttributeError, "np_utils", "`np_utils` is gone from Keras 3: use `keras.utils.to_categorical`"),
    (
        ValueError,
        "for Keras type promotion",
        "the third positional argument of `compile` is `loss_weights` in Keras 3: write `metrics=[...]`",
    ),
    (ValueError, "min_ndim=4", "a Conv2D slides over two axes and wants pictures with channels, four axes in all: for one "
                               "axis, such as time, use Conv1D"),
    (
        ValueError,
        "`loss_weights` must",
        "the third positional argument of `compile` is `loss_weights` in Keras 3: write `metrics=[...]`",
    ),
    (
        TypeError,
        "Failed to convert elements of <",
        "the third positional argument of `compile` is `loss_weights` in Keras 3: write `metrics=[...]`",
    ),
    (ValueError, "`units`", "Keras wants a plain Python number of units: write `int(...)` around it"),
    (ValueError, "target.shape", "labels and output do not fit: one-hot labels go with `categorical_crossentropy`, "
                                 "whole numbers with `sparse_categorical_crossentropy`"),
    (ValueError, "categorical_crossentropy", "labels and output do not fit: one-hot labels go with "
                                             "`categorical_crossentropy`, whole numbers with the sparse one"),
    (ValueError, "compile()", "the model was not compiled: call `model.compile(...)` before it is returned"),
    (TypeError, "NoneType", "something is None here: does a function you call lack its `return`?"),
    (AttributeError, "NoneType", "something is None here: does a function you call lack its `return`?"),
    (TypeError, "positional argument", "the function is called with other arguments than it takes: leave its `def` "
                                       "line as it was"),
    (TypeError, "unexpected keyword", "an argument has a name that is not known: leave the `def` line as it was, and "
                                      "look up the arguments of what you call"),
    (ValueError, "could not broadcast", "two arrays have shapes that do not go together: print both `.shape`"),
    (ValueError, "broadcast together", "two arrays have shapes that do not go together: print both `.shape`"),
    (ValueError, "inhomogeneous", "rows of different lengths cannot be one array: print the length of each"),
    (ValueError, "truth value", "an array stands where one yes or no is asked: use `.any()`, `.all()` or a mask"),
    (FileNotFoundError, "", "the file is not there: use the path that the function is given, as it is"),
    (ModuleNotFoundError, "", "this module is not installed here: the lesson needs none beyond those it imports"),
    (NameError, "", "this name is not defined: a typing error, or the cell that defines it was not run"),
    (KeyError, "", "this key is not there: print the keys that are"),
    (IndexError, "", "an index lies outside: print the length or the `.shape`"),
    (AttributeError, "", "this object has no such attribute: print its `type(...)`"),
    (ZeroDivisionError, "", "something is divided by zero: which input makes it zero?"),
    (RecursionError, "", "the function calls itself without end"),
    (MemoryError, "", "this asks for more memory than there is: print the shapes of what you make"),
    (SystemExit, "", "an answer must not end the program: leave out `exit()` and `quit()`"),
    (SyntaxError, "", "the cell is not Python as it stands: look at the marked place"),
)


def explain(error, namespace, question_name, cell=""):
    """One message for a learner: the kind of error, the place in their code, the next step.

    Parameters
    ----------
    error : BaseException
    namespace : dict
        Globals of the notebook; frames that run in it are the learner's or the test cell's.
    question_name : str or None
    cell : str
        File name of the test cell's code: functions that it defines are not the learner's.

    Returns
    -------
    str
    """
    if isinstance(error, Remote):
        return error.explained
    place = _place(error, namespace, cell, question_name)
    if isinstance(error, NotImplementedError) and (raising := _raises_it_itself(error, namespace, cell)):
        if raising == 1:
            return f"{_NOT_YET}: write your answer in place of the line `raise NotImplementedError()`, and run its cell"
        return "the line `raise NotImplementedError()` is still in your function, and it ends there: delete that line"
    if isinstance(error, NameError) and getattr(error, "name", None) == question_name and not place:
        return f"`{question_name}` is not defined: the function of your answer must keep that name, and its cell must be run"
    if isinstance(error, AssertionError) and not place:
        return _assertion_text(error)
    text = " ".join(str(error).split())
    if len(text) > 300:
        text = text[:297] + "..."
    kind = f"{type(error).__name__}: {text}" if text else type(error).__name__
    where = f" in {place}" if place else " while your result was looked at"
    step = next(
        (step for known, piece, step in _KNOWN if isinstance(error, known) and piece in str(error)),
        "read the line named here, and print the values that go into it",
    )
    return f"{kind}{where}; {step}"


def _assertion_text(error):
    text = str(error).strip()
    if not text:
        return "what this check asks for does not hold"
    if "DESIRED" in text or "Mismatched elements" in text:  # numpy.testing prints the expected numbers
        return "the values are not the expected ones"
    return text


def _raises_it_itself(error, namespace, cell):
    """Number of statements of the learner's function whose own ``raise NotImplementedError`` this is; 0 if it is none.

    A library raises such errors, too; and who has written an answer above that line has answered.
    """
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return 0
    frame, line = frames[-1]
    if frame.f_globals is not namespace or frame.f_code.co_filename == cell:
        return 0
    try:
        tree = ast.parse("".join(linecache.getlines(frame.f_code.co_filename)))
    except SyntaxError:  # a magic in the cell: then by what is compiled
        return 1 if set(frame.f_code.co_names) <= {"NotImplementedError"} else 2
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == frame.f_code.co_name:
            if any(isinstance(inner, ast.Raise) and inner.lineno == line for inner in ast.walk(node)):
                return len(node.body) - (ast.get_docstring(node) is not None)
    return 0


def _place(error, namespace, cell, question_name):
    """Where in the learner's own code the error arose, or '' if it arose elsewhere (the test cell, a library).

    Outside a question the code may be a cell's, not a function's.
    """
    # A learner's frame runs in the notebook's namespace, inside a function, and not in one of the test cell's own,
    # whose lines may be hidden ones.
    own = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals is namespace and frame.f_code.co_filename != cell
        and (frame.f_code.co_name != "<module>" or question_name is None)
    ]
    if not own:
        return ""
    frame, line = own[-1]
    code = linecache.getline(frame.f_code.co_filename, line).strip()
    name = frame.f_code.co_name
    name = "your code" if name.startswith("<") else f"`{name}`"
    return f"{name}, line {line}" + (f" (`{code}`)" if code else "")


# --- seeds ---------------------------------------------------------------------------------------------------------


def _seed(name):
    """Seed of a question: fixed, so that a learner sees the same inputs again; COURSE_SEED draws others."""
    text = f"{name}:{os.environ.get('COURSE_SEED', '')}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    keras = sys.modules.get("keras")
    if keras is not None:  # not imported here: most questions need no TensorFlow, and it takes seconds
        keras.utils.set_random_seed(seed)


def _short(value):
    """A value in a message: short, whatever it is."""
    text = np.array2string(np.asarray(value), precision=4, threshold=6)
    return text if len(text) <= 60 else text[:57] + "..."
