"""Checks: what they catch, what they say, and that they never give the answer away."""

import random

import numpy as np
import pytest

from helpers import checks, match


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
    import linecache

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
    assert "`double` is not defined: the function of your answer must keep that name" in capsys.readouterr().out


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
        ("raise NotImplementedError('keras has no such thing')", "not yet answered"),
    ],
)
def test_known_errors_are_explained(body, words, capsys):
    score = cell(f"def double(x):\n    {body}\n", TEST)["score"]
    assert score == 0.0
    assert words in capsys.readouterr().out


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
        assert checks.describe(checks.describe(ax)) == checks.describe(ax)
        assert checks.describe(ax.figure) == {"returned": "figure", "axes": [described]}
        assert checks.describe(ax)["returned"] == "axes"

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

    def test_what_is_empty_since_it_was_shown_is_told(self):
        from matplotlib.figure import Figure

        for empty in (Figure(), Figure().subplots(), Figure().subplots().figure):
            with pytest.raises(AssertionError, match="plt.show"):
                checks.describe(empty)

    @pytest.mark.parametrize("value", [None, 3, "figure"])
    def test_anything_else_is_refused(self, value):
        with pytest.raises(AssertionError):
            checks.describe(value)
