"""The same answer gets the same verdict three times: in a notebook, from nbgrader as it is, and behind walls.

Answers of ``tests/answers`` are put into notebooks, one to each question, and every notebook goes three ways: through a
kernel as a student's own (the checks that were released with it, then those of grading), through ``nbgrader autograde``,
and through ``engine.grade``. All three draw the same inputs. Compared are the marks, and of each check whether it passed
and what it says. Cells tagged ``explore`` are left out: that no mark hangs on them has a test of its own.
"""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import subprocess
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grading import build, crew, engine, gauge, grade, run, sandbox, stock
from grading.course import load_course
from tests.conftest import ROOT
from tests.grading import kernels

COURSE = load_course(ROOT)
LESSONS = [lesson.name for lesson in COURSE.lessons]
SAID = "checks: "  # begins the line that a cell of ours prints behind a test cell

PROBE = f"""
print({SAID!r} + __import__("json").dumps(
    {{"question": q.name, "checks": [[r.name, r.passed, r.message] for r in q.results]}}))
"""


@dataclass(frozen=True)
class Verdict:
    """What one way gave an answer: points, and of each check whether it passed and what it says; ``outcome`` where the
    checks alone do not say it."""

    score: float | None
    checks: dict
    outcome: str = ""


@dataclass(frozen=True)
class Room:
    """Where notebooks are graded the three ways: a folder, data, and warm processes."""

    folder: Path
    data_dir: Path
    caches: Path
    crew: crew.Crew


class Lesson:
    """A lesson's notebooks without ``explore`` cells, and the three ways to grade one of them."""

    def __init__(self, room, name):
        self.room, self.lesson = room, COURSE.lesson(name)
        self.reference = run.reference_for_run(COURSE, self.lesson, explore=False)
        self.student = build.student_notebook(self.reference, self.lesson)
        self.bundle = dataclasses.replace(crew.bundle(COURSE, self.lesson), secret=b"")  # inputs as in a notebook
        crew.prepare(self.bundle, ROOT, room.data_dir, room.caches)
        self.folder = room.folder / name
        self.api = stock.prepare(COURSE, self.folder, [self.lesson], explore=False)
        self.data = shutil.copytree(room.data_dir, self.folder / "data")  # what is kept of a person's tries stays here
        self.answers = gauge.listed(COURSE, self.lesson)

    def behind_walls(self, data):
        """Verdicts of ``course grade`` by question."""
        result = grade.one_submission(engine.opened(data, self.bundle), self.bundle, self.room.crew, {})
        return {
            question["id"]: Verdict(
                question["score"],
                {check["name"]: (check["passed"], check["message"]) for check in question["checks"]},
                f"{question['outcome']}: {question['message']}",
            )
            for question in result["questions"]
        }

    def by_nbgrader(self, data, student):
        """Verdicts of ``nbgrader autograde`` by question."""
        notebook = nbformat.reads(data.decode(), 4)
        notebook.cells = [new for cell in notebook.cells for new in (cell, *_probe(cell))]
        stock.submit(self.folder, self.lesson, student, nbformat.writes(notebook).encode())
        mark = stock.autograde(self.api, self.lesson, student)
        assert not mark.error, mark.error
        graded = self.folder / "autograded" / student / self.lesson.name / f"{self.lesson.name}.ipynb"
        checks = _checks(nbformat.read(graded, 4))
        return {question: Verdict(points, checks[f"{question}-test"]) for question, points in mark.points.items()}

    def in_notebook(self, data):
        """Verdicts in a student's own notebook by question: of the released checks, and of those of grading."""
        notebook = nbformat.reads(data.decode(), 4)
        tests = {cell.id: cell for cell in self.reference.cells if cell.metadata.get("nbgrader", {}).get("grade")}
        cells = []
        for cell in notebook.cells:
            cells += [cell, *_probe(cell)]
            if cell.id in tests:
                full = nbformat.from_dict({**tests[cell.id], "id": f"{cell.id}-full"})
                cells += [full, *_probe(full)]
        notebook.cells = cells
        # As where a person sits before it, but for the tiny data.
        person = {"JPY_SESSION_NAME": "notebook.ipynb", "NBGRADER_EXECUTION": "autograde", "COURSE_DATA_DIR": str(self.data)}
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", allow_errors=True)
        client.resources = {"metadata": {"path": str(self.folder)}}
        client.execute(env=os.environ | person, stderr=subprocess.DEVNULL)
        checks, shown = _checks(notebook), {cell.id: _number(cell) for cell in notebook.cells if cell.cell_type == "code"}
        return {
            question: tuple(Verdict(shown[cell], checks[cell]) for cell in (f"{question}-test", f"{question}-test-full"))
            for question in (name.removesuffix("-test") for name in tests)
        }


def _probe(cell):
    """Behind a test cell, one that prints what the checks said."""
    if not cell.metadata.get("nbgrader", {}).get("grade"):
        return []
    return [nbformat.v4.new_code_cell(PROBE, id=f"{cell.id}-said")]


def _checks(notebook):
    """By test cell, what its checks said: name -> (passed, message); nothing if the cell itself failed."""
    found = {}
    for cell in notebook.cells:
        if not cell.id.endswith("-said"):
            continue
        tested = cell.id.removesuffix("-said")
        text = "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
        said = json.loads(text.rpartition(SAID)[2]) if SAID in text else {"question": "", "checks": []}
        own = re.fullmatch(f"{said['question']}-test(-full)?", tested)
        found[tested] = {name: (passed, message) for name, passed, message in said["checks"]} if own else {}
    return found


def _number(cell):
    """What a test cell shows: its points."""
    texts = [output.data["text/plain"] for output in cell.outputs if output.output_type == "execute_result"]
    with contextlib.suppress(IndexError, ValueError):
        return float(texts[-1])
    return None


def differences(walls, nbgrader, released, notebook):
    """In what the verdicts on one answer differ, one line each.

    Parameters
    ----------
    walls, nbgrader, released, notebook : Verdict

    Returns
    -------
    list of str
    """
    ways = {"walls": walls, "nbgrader": nbgrader, "notebook": notebook}
    lines = []
    if any(one.score is None or abs(one.score - walls.score) > 1e-6 for one in ways.values()):
        lines.append("marks: " + ", ".join(f"{way} {one.score}" for way, one in ways.items()))
    if not walls.checks and walls.outcome:  # it could not be examined, and says so
        failed = {name: text for name, (passed, text) in nbgrader.checks.items() if not passed}
        return lines + ([f"walls {walls.outcome} | nbgrader {failed}"] if lines else [])
    for name in dict.fromkeys([*walls.checks, *nbgrader.checks, *notebook.checks]):
        said = {way: one.checks.get(name, (None, "was not made")) for way, one in ways.items()}
        if name in released.checks:
            said["released checks"] = released.checks[name]
        if len({passed for passed, _ in said.values()}) > 1:
            lines.append(f"check {name}: " + ", ".join(f"{way} {_told(*one)}" for way, one in said.items()))
        elif len({_comparable(message) for _, message in said.values()}) > 1:
            lines.append(f"message of {name}:" + "".join(f"\n    {way}: {message}" for way, (_, message) in said.items()))
    return lines


def _told(passed, message):
    return "passed" if passed else f"failed ({message})"


def _comparable(message):
    """A message without its numbers, which differ where a network starts at random, where Keras counts its layers and where
    an object has an address, and without temporary folders; of one that was cut off, the beginning."""
    without_numbers = re.sub(r"_\d+(?=')|(/\w+)+/tmp\w{8}\b|0x[0-9a-f]+|-?\d+(\.\d+)?(e[-+]?\d+)?|\bnan\b", _sign, message)
    return re.sub(r"(.{200}).*?\.\.\. ", r"\1... ", without_numbers)


def _sign(number):
    return "" if number[0].startswith("_") else "#"


@contextlib.contextmanager
def opened(folder):
    """A room, ready."""
    data_dir, caches = COURSE.build_dir / "test-data", COURSE.build_dir / "caches"
    for path in (data_dir, caches, folder / "kernels"):
        path.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MPLBACKEND", raising=False)  # kernels choose their own, which shows figures in the notebook
        with (
            kernels.forked(folder / "kernels"),
            crew.Crew(ROOT, data_dir, caches, int(COURSE.limits.memory_gb * 2**30)) as one,
        ):
            yield Room(folder, data_dir, caches, one)


def disagreements(lesson, answers):
    """What the three ways disagree in, answer by answer: ``(answer, lines)`` for each, in submissions of one a question."""
    with ThreadPoolExecutor(2) as pool:  # most of the work is done in other processes
        for number, (row, data) in enumerate(gauge.submissions(lesson.student, answers)):
            behind_walls, in_notebook = pool.submit(lesson.behind_walls, data), pool.submit(lesson.in_notebook, data)
            nbgrader = lesson.by_nbgrader(data, f"student-{number}")
            walls, notebook = behind_walls.result(), in_notebook.result()
            for answer in row:
                name = answer.question
                yield answer, differences(walls[name], nbgrader[name], *notebook[name])


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A room for all tests of this file."""
    if sandbox.why_not():
        pytest.skip(sandbox.why_not())
    with opened(tmp_path_factory.mktemp("verdicts")) as made:
        yield made


def agree(lesson, answers):
    """Assert that there is no disagreement; the message lists all that there are."""
    found = {f"{a.question}/{a.name}": lines for a, lines in disagreements(lesson, answers) if lines}
    assert not found, "\n".join(f"{answer}:\n  " + "\n  ".join(lines) for answer, lines in found.items())


@pytest.mark.full
@pytest.mark.parametrize("name", LESSONS)
def test_every_listed_answer_gets_one_verdict(room, name):
    lesson = Lesson(room, name)
    agree(lesson, lesson.answers)


# Answers to questions of lesson 03 that do what a notebook, nbgrader and a walled process each see in their own way.
ODD = {
    "fresh_starts": {
        "changes its input": """
            def fresh_starts(losses_before, n_classes):
                for i, loss in enumerate(losses_before):
                    losses_before[i] = bool(-0.1 <= loss - np.log(n_classes) <= 0.8)
                return losses_before
            """,
        "another name": """
            def starts(losses_before, n_classes):
                return [bool(-0.1 <= loss - np.log(n_classes) <= 0.8) for loss in losses_before]
            """,
    },
    "make_models": {
        "counts on its own network": """
            def make_models(n_features, n_classes, rates, seed):
                class Named(keras.Sequential):
                    pass

                models = {}
                for rate in rates:
                    keras.utils.set_random_seed(seed)
                    layers = [keras.layers.Dense(256, "sigmoid"), keras.layers.Dense(n_classes, "softmax")]
                    models[rate] = Named([keras.Input((n_features,)), *layers])
                    models[rate].compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
                return models
            """,
        "one network for all rates": """
            def make_models(n_features, n_classes, rates, seed):
                keras.utils.set_random_seed(seed)
                layers = [keras.layers.Dense(256, "sigmoid"), keras.layers.Dense(n_classes, "softmax")]
                model = keras.Sequential([keras.Input((n_features,)), *layers])
                for rate in rates:
                    model.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
                return dict.fromkeys(rates, model)
            """,
    },
    "plot_sweep": {
        "shows before it returns": """
            def plot_sweep(results, ax=None):
                for rate, result in results.items():
                    plt.semilogy(result["loss"], label=f"rate {rate}")
                plt.xlabel("epoch")
                plt.ylabel("loss")
                plt.legend()
                plt.show()
                return plt.gca()
            """,
        "a magic before the function": """
            %matplotlib inline
            def plot_sweep(results, ax=None):
                ax = ax or plt.figure().gca()
                for rate, result in results.items():
                    ax.semilogy(result["loss"], label=f"rate {rate}")
                ax.set(xlabel="epoch", ylabel="loss")
                ax.legend()
                return ax
            """,
    },
    "choose_rate": {
        "the stub's last line left": """
            def choose_rate(results):
                for rate in sorted(results):
                    if np.nanmin(results[rate]["val_loss"]) < 0.3:
                        return rate
                raise NotImplementedError()
            """,
        "ends the program": """
            def choose_rate(results):
                exit("no rate")
            """,
    },
    "interval_over_seeds": {
        "talks": """
            import sys, warnings
            def interval_over_seeds(scores):
                warnings.warn("few scores")
                print("scores", scores)
                print("a word", file=sys.stderr)
                n = len(scores)
                sd = np.std(scores, ddof=1)
                return np.mean(scores), sd, stats.t.ppf(0.975, n - 1) * sd / np.sqrt(n)
            """,
        "no Python": """
            def interval_over_seeds(scores)
                return scores
            """,
    },
    "peeking_gain": {
        "numbers kept outside": """
            generator = np.random.default_rng(1)
            calls = []
            def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
                calls.append(seed)
                right = generator.binomial(n_test, accuracy, size=(n_trials, n_models))
                return float(right.max(axis=1).mean() / n_test - accuracy)
            """,
    },
}


def test_answers_that_meet_the_walls_get_one_verdict(room):
    lesson = Lesson(room, "03_learning_rate_sweep")
    answers = [
        gauge.Answer(question, "", name, textwrap.dedent(source).strip())
        for question, sources in ODD.items()
        for name, source in sources.items()
    ]
    agree(lesson, answers)


def test_a_forked_kernel_shows_figures_and_forgets_them(room):
    sources = ["import matplotlib.pyplot as plt\nline, = plt.plot([1, 2])", "plt.plot([1, 2]); plt.show(); len(plt.gca().lines)"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3").execute(stderr=subprocess.DEVNULL)
    first, second = (cell.outputs for cell in notebook.cells)
    assert "image/png" in first[0].data and "image/png" in second[0].data
    assert second[1].data["text/plain"] == "0"


def verdict(score=1.0, outcome="", **checks):
    """A verdict whose checks passed where their message is ''."""
    return Verdict(score, {name: (not message, message) for name, message in checks.items()}, outcome)


@pytest.mark.parametrize(
    "nbgrader, released, line",
    [
        (verdict(0.5, a="", b="wrong"), verdict(a=""), "marks: walls 1.0, nbgrader 0.5, notebook 1.0"),
        (verdict(None, a="", b="wrong"), verdict(a=""), "marks: walls 1.0, nbgrader None, notebook 1.0"),
        (verdict(a="", b=""), verdict(a=""), "check b: walls failed (wrong), nbgrader passed, notebook failed (wrong)"),
        (verdict(a=""), verdict(a=""), "nbgrader failed (was not made)"),
        (verdict(a="", b="other"), verdict(a=""), "message of b:\n    walls: wrong\n    nbgrader: other"),
        (verdict(a="", b="wrong"), verdict(a="no"), "check a: walls passed, nbgrader passed, notebook passed, released"),
    ],
)
def test_every_kind_of_difference_is_seen(nbgrader, released, line):
    same = verdict(a="", b="wrong")
    assert differences(same, same, verdict(a=""), same) == []
    (found,) = differences(same, nbgrader, released, same)
    assert line in found


def test_numbers_and_addresses_in_a_message_are_no_difference():
    one = verdict(a="<Dense at 0x7f01> gave 1.5e-3 and nan, layer 'conv2d_3', /scratch/tmp90x1tbjd/a.wav")
    other = verdict(a="<Dense at 0x7f02> gave 22 and -7, layer 'conv2d', /tmp/tmpts956f_l/a.wav")
    assert differences(one, other, other, one) == []
    assert differences(one, verdict(a="<LSTM at 0x7f01> gave 22 and -7, layer 'conv2d', /tmp/tmpts956f_l/a.wav"), other, one)


def test_of_a_message_that_was_cut_off_the_beginning_is_compared():
    one, other = (verdict(a=f"dense_{n}: {'x' * 250}{end}... in line 3") for n, end in ((9, "(30, 70"), (10, "(30, 7")))
    assert differences(one, other, verdict(), one) == []


def test_an_answer_that_could_not_be_examined_is_compared_by_its_marks():
    walls, notebook = verdict(0.0, "timeout: too long"), verdict(0.0, a="too long")
    assert differences(walls, notebook, notebook, notebook) == []
    (marks, told) = differences(walls, verdict(1.0, a=""), notebook, notebook)
    assert marks.startswith("marks: ") and "walls timeout: too long" in told
