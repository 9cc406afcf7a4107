"""Checks: what they catch, what they say, and that they never give the answer away."""

import linecache
import random
import sys
import types
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grading import wire
from helpers import _notebook, checks, match


@pytest.fixture(autouse=True)
def released(monkeypatch):
    """Two made-up released questions, instead of those of the lessons."""
    questions = {
        name: match.ReleasedQuestion(name, 3, 3, (name,), name, f"{name}-test", f"{name}-test", "", "")
        for name in ("double", "other")
    }
    monkeypatch.setattr(match, "released_question", questions.__getitem__)


def cell(*sources):
    """Run sources as a notebook runs cells: in one namespace, each with a name and a text that tracebacks can quote."""
    namespace = {"checks": checks, "np": np}
    for number, source in enumerate(sources):
        name = f"<cell {number}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), namespace)
    return namespace


TEST = """
q = checks.question("double")
with q.check("first", hint="look at the factor"):
    assert double(2) == 4, "twice the argument was asked for"
with q.check("second", weight=2):
    checks.close(double(np.arange(3.0)), 2 * np.arange(3.0), "the doubled array")
score = q.score()
"""


def test_right_answer_earns_all_points_as_a_plain_float(capsys):
    score = cell("def double(x):\n    return 2 * x\n", TEST)["score"]
    assert type(score) is float and score == 3.0
    assert "2 of 2 checks passed; 1 more run when this is graded" in capsys.readouterr().out


def test_partial_answer_earns_the_share_of_the_weights_that_passed(capsys):
    score = cell("def double(x):\n    return 4 if np.isscalar(x) else x\n", TEST)["score"]
    assert score == pytest.approx(1.0)
    out = capsys.readouterr().out
    assert "✓ first" in out and "✗ second: the doubled array has the right shape, but 2 of 3 values are off" in out


def test_stub_is_called_unanswered_once_and_earns_nothing(capsys):
    score = cell("def double(x):\n    raise NotImplementedError()\n", TEST)["score"]
    assert score == 0.0
    assert capsys.readouterr().out.count("not yet answered") == 1


def test_missing_function_is_named(capsys):
    assert cell(TEST)["score"] == 0.0
    assert "`double` is not defined: run the cell that answers the question" in capsys.readouterr().out


def test_error_in_an_answer_names_kind_place_and_next_step_on_stdout(capsys):
    cell("def double(x):\n    return {}['acc'] * x\n", TEST)
    printed = capsys.readouterr()
    assert "KeyError" in printed.out and "line 2 (`return {}['acc'] * x`)" in printed.out
    assert "`accuracy` and `val_accuracy`" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError(\"Argument(s) not recognized: {'lr': 0.1}\")", "learning_rate"),
        ("return np.zeros(3) + np.zeros(4)", "print both `.shape`"),
        ("return None + x", "lack its `return`"),
        ("return undefined_name", "typing error"),
        ("raise SystemExit", "must not end the program"),
        ("return double(x)", "calls itself without end"),
        ("assert x is None, 'my own idea'", "AssertionError: my own idea"),
        ("return 1 / 0", "divided by zero"),
        ("raise NotImplementedError('keras has no such thing')", "your own code raises this error"),
        ("from collections import OrderedDict\n    return OrderedDict().nonsense", "print its `type(...)`"),
        ("from math import nonsense", "nothing of that name"),
        ("import nonsense", "not installed here"),
    ],
)
def test_known_errors_are_explained(body, words, capsys):
    score = cell(f"def double(x):\n    {body}\n", TEST)["score"]
    assert score == 0.0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "said", "not_said"),
    [
        ("def double(x):\n    'text'\n    # YOUR CODE HERE\n    raise NotImplementedError()\n", "not yet answered", "delete"),
        ("def double(x):\n    pass\n    raise NotImplementedError\n", "not yet answered", "delete"),
        (
            "def double(x):\n    y = 2 * x\n    raise NotImplementedError()\n",
            "`raise NotImplementedError()` is still in your answer (`double`, line 3",
            "not yet answered",
        ),
        (
            "def double(x):\n    if x is not None:\n        raise NotImplementedError()\n    return 2 * x\n",
            "is still in your answer",
            "not yet answered",
        ),
        (
            "def other(x):\n    raise NotImplementedError()\ndef double(x):\n    return other(x) * 2\n",
            "your answer calls `other`, which is not written yet",
            "not yet answered",
        ),
        (
            "import abc, io\ndef double(x):\n    return io.IOBase().seek(x)\n",
            "UnsupportedOperation",
            "not yet answered",
        ),
        (
            "import decimal, concurrent.futures\ndef double(x):\n    return concurrent.futures.Executor().submit(x)\n",
            "NotImplementedError in `double`, line 3",
            "not yet answered",
        ),
    ],
)
def test_not_yet_answered_is_the_released_stub_alone(answer, said, not_said, capsys):
    assert cell(answer, TEST)["score"] == 0.0
    out = capsys.readouterr().out
    assert said in out and not_said not in out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("def double():\n    return 2\n", "leave the `def` line as it was"),
        ("double = lambda: 2\n", "leave the `def` line as it was"),
        ("class Double:\n    def __call__(self):\n        return 2\ndouble = Double()\n", "leave the `def` line as it was"),
        ("def half(x):\n    return x\ndef double(x):\n    return half(x, 2)\n", "`half` is your own: its `def` line"),
        ("class Half:\n    def __init__(self):\n        pass\ndef double(x):\n    return Half(x)\n", "`Half` is your own: its"),
        ("def double(x):\n    return np.zeros(3).mean(0, None, None, False, 5)\n", "write the later ones as `name=value`"),
        ("def double(x):\n    return np.clip(x, low=0)\n", "`np.clip` takes the arguments `a`, `a_min`, `a_max`"),
        ("def double(x):\n    return np.cos(x, angle=1)\n", "`np.cos` takes other arguments"),
        ("import tqdm\ndef double(x):\n    return tqdm([x])\n", "for example `tqdm.tqdm(...)`"),
    ],
)
def test_wrong_arguments_are_blamed_on_the_call_that_has_them(answer, words, capsys):
    cell(answer, TEST)
    out = capsys.readouterr().out
    assert words in out
    assert ("`def` line as it was" in out) == ("`def` line as it was" in words)


def test_a_function_that_an_answer_returned_is_named_as_such(capsys):
    test = "q = checks.question('double')\nwith q.check('a'):\n    double(1)(2)\nq.score()\n"
    cell("def double(x):\n    def inner():\n        return x\n    return inner\n", test)
    out = capsys.readouterr().out
    assert "what your answer returned is called with the arguments" in out and "`def` line" not in out


def test_a_silent_fault_of_an_old_name_is_noted_where_a_check_fails(capsys, monkeypatch):
    source = "# question: double\ndef double(x):\n    return {'accuracy': x}.get('acc')\n"
    monkeypatch.setattr(_notebook, "last_run", lambda question: source)
    cell(source, TEST)
    assert "Note: `.get(\"acc\")` gives None" in capsys.readouterr().out
    monkeypatch.setattr(_notebook, "last_run", lambda question: "def double(x):\n    return 2 * x\n")
    cell("def double(x):\n    return 2 * x\n", TEST)
    assert "Note:" not in capsys.readouterr().out


def test_an_answer_whose_cell_stopped_says_why(capsys, monkeypatch):
    source = "# question: double\nfrom keras.api.layers import Dense\ndef double(x):\n    return 2 * x\n"
    names = {"In": ["", source]}
    monkeypatch.setattr(_notebook, "shell", lambda: types.SimpleNamespace(user_ns=names))
    linecache.cache["<answer>"] = (len(source), None, source.splitlines(keepends=True), "<answer>")
    with pytest.raises(ImportError) as caught:
        exec(compile(source, "<answer>", "exec"), {})
    monkeypatch.setattr(sys, "last_value", caught.value, raising=False)
    cell(TEST)
    out = capsys.readouterr().out
    assert "`double` is not defined, because its cell stopped with an error: ModuleNotFoundError" in out
    assert "`from keras.layers import Dense`" in out
    monkeypatch.setattr(sys, "last_value", ValueError("of another cell"), raising=False)
    cell(TEST)
    assert "`double` is not defined: run the cell" in capsys.readouterr().out


def test_a_cell_that_is_not_python_says_so_where_its_name_is_missing(capsys, monkeypatch):
    source = "# question: double\ndef double(x):\n    print x\n"
    monkeypatch.setattr(_notebook, "shell", lambda: types.SimpleNamespace(user_ns={"In": ["", source]}))
    with pytest.raises(SyntaxError) as caught:
        cell(source)
    monkeypatch.setattr(sys, "last_value", caught.value, raising=False)
    cell(TEST)
    assert "in line 3 (`print x`); in Python 3 `print` is a function" in capsys.readouterr().out


def test_no_message_contains_the_expected_value(capsys):
    secret = 73.25
    source = f"""
import numpy.testing
q = checks.question("double")
with q.check("numpy"):
    numpy.testing.assert_allclose(double(0), {secret})
with q.check("close"):
    checks.close(double(0), {secret})
with q.check("close-array"):
    checks.close([double(0)] * 3, [{secret}] * 3)
q.score()
"""
    cell("def double(x):\n    return 1.0\n", source)
    assert str(secret) not in capsys.readouterr().out


def test_a_function_of_the_test_cell_is_not_quoted(capsys):
    test = """
q = checks.question("double")
def compare(value):
    assert value == 73.25, "the value is off"
with q.check("compare"):
    compare(double(1))
q.score()
"""
    cell("def double(x):\n    return x\n", test)
    out = capsys.readouterr().out
    assert "✗ compare: the value is off" in out and "73.25" not in out


def test_a_warning_of_an_answer_is_not_printed(capsys):
    cell("import warnings\ndef double(x):\n    warnings.warn('old')\n    return 2 * x\n", TEST)
    assert capsys.readouterr().err == ""


def test_interrupt_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        cell("def double(x):\n    raise KeyboardInterrupt\n", TEST)


def test_a_graders_stop_passes_through_every_check():
    q = checks.question("double")
    with pytest.raises(checks.Stopped):
        with q.check("one"):
            raise checks.Stopped


def test_an_error_explained_elsewhere_is_told_as_it_was():
    error = type("ValueError", (checks.Remote, ValueError), {"explained": "explained where it arose"})("raw")
    assert checks.explain(error, {}, "double") == "explained where it arose"


def test_an_exception_of_an_answer_cannot_explain_itself_away():
    answer = "class Sly(Exception):\n    explained = ''\ndef double(x):\n    raise Sly()\n"
    assert cell(answer, TEST)["score"] == 0.0


def test_two_checks_of_one_name_are_refused():
    q = checks.question("double")
    with q.check("one"):
        pass
    with pytest.raises(ValueError, match="already has a check named 'one'"):
        with q.check("one"):
            pass


def test_a_question_without_checks_has_no_score():
    with pytest.raises(ValueError, match="has no checks"):
        checks.question("double").score()


def test_each_question_seeds_itself(monkeypatch):
    first = checks.question("double").rng.random(3)
    legacy = np.random.rand(), random.random()
    np.random.rand(7)
    assert np.array_equal(checks.question("double").rng.random(3), first)
    assert (np.random.rand(), random.random()) == legacy
    assert not np.array_equal(checks.question("other").rng.random(3), first)
    monkeypatch.setenv("COURSE_SEED", "5")
    assert not np.array_equal(checks.question("double").rng.random(3), first)


class TestArray:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (None, "is the `return` missing"),
            ("text", "should be numbers"),
            ([[1, 2], [3]], "rows of different lengths"),
            (np.array(["a"]), "should hold numbers"),
            ([None, 0.5, None], "2 of 3 entries of the result are None: `.get(...)` gives None"),
            ([1.0, np.nan], "1 entries that are NaN"),
            ([1.0, 2.0, 3.0], "should have shape (2,), but has (3,)"),
            ([-1.0, 0.0], "should not go below 0"),
            ([0.0, 7.0], "should not go above 5"),
        ],
    )
    def test_faults_are_named(self, value, words):
        with pytest.raises(AssertionError) as caught:
            checks.array(value, shape=(2,) if value is not None and not isinstance(value, str) else None, low=0, high=5)
        assert words in str(caught.value)

    def test_lists_tuples_and_any_width_pass(self):
        assert checks.array([[1, 2], [3, 4]], shape=(None, 2)).shape == (2, 2)
        assert checks.array(3.0, shape=()).shape == ()

    @pytest.mark.parametrize(
        ("value", "words"), [([], "no entries"), (np.zeros((2, 3)), "one and the same number"), (4.0, "one and the same")]
    )
    def test_an_answer_without_work_does_not_vary(self, value, words):
        checks.array(value)
        with pytest.raises(AssertionError, match=words):
            checks.array(value, vary=True)
        assert checks.array([0.0, 0.0, 1e-9], vary=True).shape == (3,)

    def test_close_accepts_other_dtypes_and_containers(self):
        checks.close([1, 2], np.array([1.0, 2.0], dtype="f4"))

    def test_keys(self):
        with pytest.raises(AssertionError, match=r"lacks the keys \['b'\]"):
            checks.keys({"a": 1}, ["a", "b"])
        with pytest.raises(AssertionError, match="should be a dict"):
            checks.keys([1], ["a"])


class TestDemo:
    def test_value_comes_back(self):
        assert checks.demo(lambda: 3) == 3

    def test_unanswered_is_a_line_not_an_error(self, capsys):
        names = cell(
            "def double(x):\n    raise NotImplementedError()\n", "value = checks.demo(lambda: double(2))\n"
        )
        assert names["value"] is None
        assert "as soon as the question above is answered" in capsys.readouterr().out

    def test_wrong_answer_is_explained_and_does_not_stop(self, capsys):
        cell("def double(x):\n    return x['a']\n", "checks.demo(lambda: double(np.arange(2)))\n")
        assert "IndexError" in capsys.readouterr().out


class TestDescribe:
    def figure(self):
        from matplotlib.figure import Figure

        ax = Figure().subplots()
        ax.plot([0, 1], [2, 3], label="a")
        ax.plot([0, 1], [4, 5], label="b")
        ax.set(xlabel="epoch", ylabel="loss", yscale="log", title="t")
        return ax

    def test_lines_scales_labels(self):
        ax = self.figure()
        ax.legend()
        (described,) = checks.describe(ax)["axes"]
        assert [line["label"] for line in described["lines"]] == ["a", "b"]
        assert described["lines"][1] == {"label": "b", "x": [0.0, 1.0], "y": [4.0, 5.0]}
        assert (described["xlabel"], described["yscale"], described["legend"]) == ("epoch", "log", ["a", "b"])
        described = checks.describe(ax)
        assert checks.describe(described) is described
        assert checks.describe(ax.figure)["axes"] == described["axes"]

    def test_legend_in_another_order_than_the_lines_is_followed(self):
        ax = self.figure()
        ax.legend(list(ax.get_lines())[::-1], ["second", "first"])
        assert [line["label"] for line in checks.describe(ax)["axes"][0]["lines"]] == ["first", "second"]

    def test_seaborn_lines_are_named_by_their_legend(self):
        import seaborn
        from matplotlib.figure import Figure

        ax = Figure().subplots()
        for rate in (0.1, 0.01):
            seaborn.lineplot(x=[1, 2], y=[rate, rate], label=str(rate), ax=ax)
        assert [line["label"] for line in checks.describe(ax)["axes"][0]["lines"]] == ["0.1", "0.01"]

    def test_given_axes_are_known_again(self):
        ax = checks.new_axes()
        assert checks.describe(ax)["axes"][0]["given"]
        assert not checks.describe(self.figure())["axes"][0]["given"]

    def test_given_axes_can_be_made_the_current_ones_but_are_not(self):
        ax = checks.new_axes()
        plt.plot([1, 2])
        assert checks.describe(plt.gca())["axes"][0]["given"] is False and checks.is_new_axes(ax)
        plt.sca(ax)
        plt.plot([1, 2])
        assert len(checks.describe(ax)["axes"][0]["lines"]) == 1 and not checks.is_new_axes(ax)
        plt.close("all")

    def test_what_came_back_is_known_by_its_kind(self):
        import seaborn

        ax = self.figure()
        assert checks.describe(ax)["kind"] == "axes"
        assert checks.describe(ax.figure)["kind"] == "figure"
        assert checks.describe(ax.figure.subfigures())["kind"] == "figure"
        assert checks.describe(seaborn.relplot(x=[1, 2], y=[3, 4]))["kind"] == "grid"

    def test_a_legend_without_labels_is_empty_and_no_line_has_a_label(self):
        from matplotlib.figure import Figure

        ax = Figure().subplots()
        ax.plot([0, 1], [2, 3])
        (described,) = checks.describe(ax)["axes"]
        assert described["legend"] is None and [line["label"] for line in described["lines"]] == [""]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ax.legend()
        (described,) = checks.describe(ax)["axes"]
        assert described["legend"] == [] and [line["label"] for line in described["lines"]] == [""]

    @pytest.mark.parametrize("value", [None, 3, "figure", plt, np.array([None]), {"axes": [], "kind": "axes"}, []])
    def test_anything_else_is_refused(self, value):
        with pytest.raises(AssertionError, match="return"):
            checks.describe(value)

    def test_what_is_drawn_in_axes_is_not_taken_for_them(self):
        line = self.figure().get_lines()[0]
        with pytest.raises(AssertionError, match="Line2D: return the axes"):
            checks.describe(line)

    def test_a_description_crosses_the_wire_and_a_dict_that_looks_like_one_stays_a_dict(self):
        described = checks.describe(self.figure())
        there = wire.Decoder(None).decode(wire.Encoder().encode(self.figure()))
        assert checks.describe(there) == described
        with pytest.raises(AssertionError, match="of type dict"):
            checks.describe(wire.Decoder(None).decode(wire.Encoder().encode(described)))
        with pytest.raises(wire.WireError):
            wire.Decoder(None).decode(["fig", ["l", []]])
        with pytest.raises(wire.Refused, match="return the axes"):
            wire.Encoder().encode(self.figure().get_lines()[0])


class TestLabels:
    @pytest.mark.parametrize(
        ("label", "number"),
        [
            ("0.01", 0.01), ("rate 0.0100", 0.01), (f"{0.001:.0e}", 0.001), ("1e-3", 0.001), ("lr=0.001", 0.001),
            ("lr_0.001", 0.001), ("learning rate: .05", 0.05), ("η = 1E-02.", 0.01), ("Adam(0.01)", 0.01), ("1.e-3", 0.001),
            ("$10^{-3}$", 0.001), (r"$2\times10^{-3}$", 0.002), ("10⁻³", 0.001), ("2·10^-3", 0.002), ("10**-3", 0.001),
            ("5", 5.0), ("model 1: 0.01", 0.01), ("0.01 after 20 epochs", 0.01), ("epochs=20, lr=0.01", 0.01),
            ("conv2 0.01", 0.01), ("lr0.01", 0.01), ("rate 0.01 (mp3)", 0.01), ("0.1, 20epochs", 0.1), ("1−0.5", 1.0),
            ("", None), ("loss", None), ("mp3", None), ("_child", None),
        ],
    )  # fmt: skip
    def test_the_number_that_a_label_shows(self, label, number):
        assert checks.number_in(label) == number

    @pytest.mark.parametrize(
        ("shown", "value", "among", "same"),
        [
            (0.01, 0.01, (), True), (0.0316, 0.031623, (), True), (0.03, 0.031623, (), False), (None, 0.01, (), False),
            (0.03, 0.031623, (0.031623, 0.01), True), (0.002, 0.0016, (0.0016, 0.01), True),
            (0.01, 0.012, (0.01, 0.012), False), (0.0, 0.0003, (0.0003, 0.1), False), (0.1, 0.01, (0.1, 0.01), False),
            (float("nan"), 0.01, (), False), (0.02, 0.01, (0.01, 0.1), False), (0.0, 0.0, (), True),
        ],
    )  # fmt: skip
    def test_rounded_numbers_are_the_same_where_that_is_clear(self, shown, value, among, same):
        assert checks.same_number(shown, value, among) is same

    @pytest.mark.parametrize("written", ["{:g}", "{:.4f}", "{:.0e}", "{:.1e}", "{}", "lr={:.3g}", "rate {:.6f}"])
    def test_each_way_to_write_a_rate_is_read(self, written):
        rates = [0.5, 0.08, 0.01, 0.002, 0.0003]
        for rate in rates:
            shown = checks.number_in(written.format(rate))
            assert [one for one in rates if checks.same_number(shown, one, rates)] == [rate]
