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
import os
import random
import re
import sys
import types
import warnings
from dataclasses import dataclass

import numpy as np

from helpers import _notebook, _outdated, match
from helpers._explain import NOT_YET, explain
from helpers._explain import Remote as Remote  # graders raise it


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
        elif result.message.startswith(NOT_YET):
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
            line += f"; {n_more} more run when this is graded, with new random sizes, labels and scales"
        print(line + ".")
        if n_passed < len(self.results):
            for fault in _outdated.silent(_notebook.last_run(self.name) or ""):
                print(f"  Note: {fault}.")
        if self._withheld:
            print(f"  You will see hints with your next answer, or now with checks.hint({self.name!r})")
        if self._tries is not None:
            self._keep(n_passed)
        return float(round(self.points * earned / total, 6))

    def _keep(self, n_passed):
        from helpers import progress

        lesson = match.lesson_of(self.name)
        _LAST[self.name] = self
        _or_say_so(progress.scored, lesson.lesson, self.name, n_passed, len(self.results))
        if n_passed < len(self.results) and self._tries >= _SOLUTION_FROM and lesson.answers:
            print(f"  You have tried {self._tries} answers. The solution is open to you now: checks.solution({self.name!r})")


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
        print(f"Run the checks of {name} first. Then checks.hint can tell you more about those that fail.")
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
        print(f"The solution opens after {_SOLUTION_FROM} different answers of your own; {n} so far.")
        print(f"For a hint, run checks.hint({name!r}).")
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
        got = f"{points[question.id]:g} of {question.points:g}"
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
        if message.startswith(NOT_YET):
            message = f"{NOT_YET}: this cell shows something as soon as the question above is answered"
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
    n_none = sum(entry is None for entry in result.flat) if result.dtype == object else 0
    assert not n_none, (
        f"{n_none} of {result.size} entries of {what} are None: `.get(...)` gives None for a name that is not there, "
        "and Keras names its series `accuracy` and `val_accuracy`"
    )
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

    The message says how many entries differ and where the first one is, never what was expected.

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


# --- figures -------------------------------------------------------------------------------------------------------

_GIVEN = "given by the check"


def new_axes():
    """Empty axes to hand to a plotting answer; :func:`describe` says of each axes whether it is this one.

    They are pyplot's, so that `plt.sca(ax)` works, but not its current ones: an answer that draws with `plt.plot` and never
    looks at what it is given draws elsewhere.
    """
    import matplotlib.pyplot as plt

    _, axes = plt.subplots()
    axes.set_gid(_GIVEN)
    plt.figure()
    return axes


def is_new_axes(value):
    """Whether these are the axes of :func:`new_axes`, still without lines."""
    get_gid = getattr(value, "get_gid", None)
    return get_gid is not None and get_gid() == _GIVEN and not value.get_lines()


class Description(dict):
    """What :func:`describe` makes of a figure; a dict that an answer returned in place of a figure is none."""


def describe(figure):
    """What is in a figure, as plain data: the form in which a drawing can be checked, or sent to another process.

    Parameters
    ----------
    figure : matplotlib Axes or Figure, seaborn grid, or a Description made before

    Returns
    -------
    Description
        A dict. ``kind``: what it was made from, ``"axes"``, ``"figure"`` or ``"grid"`` (seaborn's). ``axes``: a list
        with, for each axes, ``title``, ``xlabel``, ``ylabel``, ``xscale``, ``yscale``, ``xlim``, ``ylim``, ``legend``
        (list of labels, empty if no line has one; None without a legend), ``given`` (is it the axes of :func:`new_axes`),
        and ``lines``: a list of dicts with ``label`` (as the legend names it, else the line's own, '' if it has none),
        ``x``, ``y`` (lists of float).

    Raises
    ------
    AssertionError
        If it is none of these.
    """
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

    if isinstance(figure, Description):
        return figure
    assert figure is not None, "no figure came back: is the `return` missing?"
    if isinstance(figure, Axes):
        return Description(kind="axes", axes=[_describe_axes(figure)])
    if isinstance(figure, FigureBase):
        return Description(kind="figure", axes=[_describe_axes(ax) for ax in figure.axes])
    whole = None if isinstance(figure, (Artist, types.ModuleType)) else getattr(figure, "figure", None)
    assert isinstance(whole, FigureBase), (
        f"matplotlib axes were expected, but what came back is of type {type(figure).__name__}: return the axes that you draw into"
    )
    return Description(kind="grid", axes=[_describe_axes(ax) for ax in whole.axes])


def _describe_axes(ax):
    legend = ax.get_legend()
    lines = [line for line in ax.get_lines() if len(line.get_xdata(orig=False)) > 0]
    return {
        "title": ax.get_title(),
        "xlabel": ax.get_xlabel(),
        "ylabel": ax.get_ylabel(),
        "xscale": ax.get_xscale(),
        "yscale": ax.get_yscale(),
        "xlim": [float(v) for v in ax.get_xlim()],
        "ylim": [float(v) for v in ax.get_ylim()],
        "legend": None if legend is None else [text.get_text() for text in legend.get_texts()],
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
    own = ["" if label.startswith("_") else label for label in own]  # matplotlib's own names, which no legend shows
    if legend is None:
        return own
    entries = [(_look(handle), text.get_text()) for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=False)]
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


_NUMBER = re.compile(r"(?:(?<!\w)[-+])?(?<![\d.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w|\.\d)")
_POWER = re.compile(r"(?:(\d+\.?\d*|\.\d+)\s*(?:\\times|\\cdot|[×·*])\s*)?(?<![\d.])10\s*(?:\^|\*\*)\s*([-+]?\d+)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def number_in(label):
    """The number that the label of a line shows, however it is written.

    Understood are `0.01`, `rate 0.0100`, `lr=1e-2`, `lr_0.01`, `.01`, and powers such as `$10^{-2}$` or `2×10⁻³`. Of several
    numbers the one after a word for the learning rate counts, else the first one after `=` or `:`, else the first.

    Parameters
    ----------
    label : str

    Returns
    -------
    float or None
        None if the label has no number.
    """
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda found: "10^" + found[1].translate(_RAISED), str(label).replace("−", "-"))
    text = re.sub(r"[${}]", "", text)
    text = _POWER.sub(lambda found: f"{found[1] or 1}e{int(found[2])}", text)
    found = []
    for number in _NUMBER.finditer(text):
        before = text[: number.start()]
        if before[-1:].isalpha() and number.group().isdigit():
            continue  # part of a word: `conv2`
        named = re.search(r"(?:rate|lr|eta|η|alpha|α)[\W_]*$", before, re.IGNORECASE)
        found.append((0 if named else 1 if re.search(r"[=:]\s*$", before) else 2, number.start(), float(number.group())))
    return min(found)[2] if found else None


def same_number(shown, value, among=()):
    """Whether a number that was shown, perhaps rounded, means a value.

    Parameters
    ----------
    shown : float or None
        For example from :func:`number_in`; None is no number, and means nothing.
    value : float
    among : iterable of float
        All values that may be meant. With them a number rounded to one digit is accepted, too, as long as it is nearer to
        `value` than to each other one.

    Returns
    -------
    bool
        Without `among`: within 5 %, as rounding to two digits leaves it.
    """
    if shown is None or not np.isfinite(shown):
        return False
    off, others = abs(shown - value), [abs(shown - other) for other in among if other != value]
    return bool(off <= (0.35 if others else 0.05) * abs(value) and all(off < other for other in others))


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
