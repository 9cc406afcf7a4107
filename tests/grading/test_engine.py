"""The engine: right marks, every kind of trouble costs its own question alone, and nothing reaches the examiner."""

import dataclasses
import os
import signal
import time

import nbformat
import numpy as np
import pytest

from grading import build, demo, engine, examine, wire
from grading.course import load_course
from helpers import match
from tests.conftest import ROOT


def grade(class_room, answers=None, drop=(), change=lambda notebook: None):
    one, bundle, reference, student = class_room
    questions = [question["id"] for question in bundle.map["questions"] if question["id"] not in drop]
    notebook = demo.fill(student, reference, questions, answers)
    change(notebook)
    result = engine.grade(nbformat.writes(notebook).encode(), bundle, one)
    return result, {question["id"]: question for question in result["questions"]}


def others_full(questions, name):
    return all(q["outcome"] == "passed" and q["score"] == q["max_score"] for q in questions.values() if q["id"] != name)


def test_reference_gets_full_marks_with_a_reason_for_each(class_room):
    result, questions = grade(class_room)
    assert result["score"] == result["max_score"] == 20.0
    assert {q["outcome"] for q in questions.values()} == {"passed"}
    assert all(q["found_by"] == "grade id" and q["checks"] and q["seconds"] >= 0 for q in questions.values())


def test_untouched_notebook_gets_nothing_and_runs_nothing(class_room):
    _, bundle, _, student = class_room
    result = engine.grade(nbformat.writes(student).encode(), bundle, crew=None)  # no process is needed for it
    assert result["score"] == 0.0
    assert {q["outcome"] for q in result["questions"]} == {"not_attempted"}


HEAD = "# question: standardise\nimport os, sys, time, threading\ndef standardise(X_train, X_test):\n"
TROUBLE = {
    "endless loop": (HEAD + "    while True:\n        pass", "timeout"),
    "endless loop that catches everything": (
        HEAD + "    while True:\n        try:\n            while True: pass\n        except BaseException:\n            pass", "timeout",
    ),
    "endless loop when defined": ("# question: standardise\nwhile True: pass", "timeout"),
    "leaves the process": (HEAD + "    os._exit(0)", "crash"),
    "leaves the process when defined": ("# question: standardise\nimport os\nos._exit(0)", "crash"),
    "crashes Python": (HEAD + "    import ctypes\n    ctypes.string_at(0)", "crash"),
    "sys.exit": (HEAD + "    sys.exit(0)", "error"),
    "too much memory": (HEAD + "    return [bytearray(2**27) for _ in range(10**5)]", {"memory", "error", "timeout"}),
    "one huge array": (HEAD + "    import numpy as np\n    return np.ones(10**11), X_test", {"memory", "error"}),
    "recursion": (HEAD + "    return standardise(X_train, X_test)", "error"),
    "raises": (HEAD + "    return undefined_thing", "error"),
    "syntax": ("# question: standardise\ndef standardise(X_train, X_test)\n    return 1", "syntax_error"),
    "asks the keyboard": (HEAD + "    return input()", "error"),
    "returns nothing": (HEAD + "    pass", "failed"),
    "returns an object": (HEAD + "    return object()", "failed"),
    "closes every descriptor": (HEAD + "    os.closerange(0, 1000)", "crash"),
    "many processes": (
        HEAD + "    for _ in range(300):\n        if os.fork() == 0:\n            time.sleep(60)\n            os._exit(0)", "error",
    ),
    "memory that is kept": (
        HEAD + "    import numpy as np\n    sys.kept = []\n    try:\n        while True:\n"
        "            sys.kept.append(np.empty(2**22))\n    except MemoryError:\n        return None", "failed",
    ),
    "threads that are kept": (
        HEAD + "    for _ in range(500):\n        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "error",
    ),
    "threads that go on": (
        HEAD + "    def burn():\n        while True:\n            sum(range(1000))\n"
        "    if threading.active_count() < 8:\n        threading.Thread(target=burn, daemon=True).start()", "failed",
    ),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_costs_its_own_question_alone(class_room, name):
    answer, outcome = TROUBLE[name]
    _, questions = grade(class_room, {"standardise": answer})
    question = questions["standardise"]
    assert question["outcome"] in ({outcome} if isinstance(outcome, str) else outcome), question
    assert question["score"] == 0.0 and question["message"]
    assert others_full(questions, "standardise"), questions


NOISE = HEAD + """    import warnings, logging
    warnings.warn("deprecated"); logging.error("hm"); os.write(2, b"C++ says hello"); print("x" * 80, file=sys.stderr)
    for _ in range(20000): print("line")
    scale = X_train.std(axis=0); scale[scale == 0] = 1
    return (X_train - X_train.mean(axis=0)) / scale, (X_test - X_train.mean(axis=0)) / scale
"""


def test_noise_never_changes_a_mark(class_room):
    result, _ = grade(class_room, {"standardise": NOISE})
    assert result["score"] == 20.0


def test_partial_answers_earn_the_share_of_their_checks(class_room):
    both = HEAD + "    f = lambda X: (X - X.mean(axis=0)) / (X.std(axis=0) + (X.std(axis=0) == 0))\n    return f(X_train), f(X_test)"
    _, questions = grade(class_room, {"standardise": both})
    question = questions["standardise"]
    assert question["outcome"] == "partial" and 0 < question["score"] < 3
    assert [check for check in question["checks"] if not check["passed"]]


def test_added_cells_run_where_they_stood_and_their_errors_cost_nothing(class_room):
    def change(notebook):
        place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "standardise")
        for source in ("1 / 0", "def centre(X, by):\n    return X - by", "while True: pass", "%pip install nonsense\n!ls"):
            notebook.cells.insert(place, nbformat.v4.new_code_cell(source))

    answer = HEAD + "    s = X_train.std(axis=0)\n    s[s == 0] = 1\n    m = X_train.mean(axis=0)\n"
    answer += "    return centre(X_train, m) / s, centre(X_test, m) / s"
    result, _ = grade(class_room, {"standardise": answer}, change=change)
    assert result["score"] == 20.0


def test_an_edited_cell_of_ours_runs_too(class_room):
    def change(notebook):
        cell = next(c for c in notebook.cells if c.cell_type == "code" and "import numpy as np" in c.source)
        cell.source += "\nimport math as m_a_t_h"

    answer = HEAD + "    s = X_train.std(axis=0) * m_a_t_h.sqrt(1)\n    s[s == 0] = 1\n    m = X_train.mean(axis=0)\n"
    answer += "    return (X_train - m) / s, (X_test - m) / s"
    result, _ = grade(class_room, {"standardise": answer}, change=change)
    assert result["score"] == 20.0


def test_a_file_that_is_no_notebook_is_told_not_raised(class_room):
    _, bundle, _, _ = class_room
    result = engine.grade(b'{"cells": [', bundle, crew=None)
    assert result["score"] == 0.0 and "breaks off" in result["error"]
    assert {q["outcome"] for q in result["questions"]} == {"missing"}


def test_seeds_depend_on_the_secret_and_on_all_cells_that_can_reach_the_answer(class_room):
    _, bundle, _, _ = class_room

    def seed(*cells, secret=bundle.secret):
        steps = [*(engine.Step(kind, source, "standardise") for kind, source in cells), engine.Step("test", "", "standardise")]
        return engine.seeds(steps, dataclasses.replace(bundle, secret=secret))["standardise"]

    alone = seed(("answer", "x = 1"))
    assert alone == seed(("answer", "x  =  1  # a comment"))
    assert alone != seed(("answer", "x = 2"))
    assert alone != seed(("answer", "x = 1"), secret=b"other")
    assert alone != seed(("added", "import log"), ("answer", "x = 1")) != seed(("added", "import log2"), ("answer", "x = 1"))
    assert alone == seed(("code", "our own"), ("answer", "x = 1"))


@pytest.mark.parametrize("n", [1, 3])
def test_a_submission_that_waits_over_and_over_has_an_end(class_room, n):
    one, bundle, *notebooks = class_room
    names = ("describe_data", "standardise", "group_split")[:n]
    waits = {name: "import time\ntime.sleep(60)\n" for name in names}
    left_out = [question["id"] for question in bundle.map["questions"] if question["id"] != "epoch_to_keep"]
    room = (one, dataclasses.replace(bundle, wall_seconds=24.0), *notebooks)
    began = time.monotonic()
    _, questions = grade(room, waits, left_out)
    last = questions["epoch_to_keep"]
    assert time.monotonic() - began < 24 + 30
    assert {questions[name]["outcome"] for name in names} == {"timeout"}
    if n == 1:  # what one of them may take is a third, and costs the others nothing
        assert last["outcome"] == "passed", last
    else:
        assert last["outcome"] == "timeout" and "was not reached" in last["message"], last


def test_the_name_of_a_process_is_no_line_of_its_status():
    import ctypes

    receive, send = os.pipe()
    if (pid := os.fork()) == 0:
        ctypes.CDLL(None).prctl(15, b"x\x0bVmSize: y", 0, 0, 0)  # PR_SET_NAME
        os.write(send, b"!")
        signal.pause()
    try:
        os.read(receive, 1)
        assert engine._status_of(pid)["VmSize"] > 1000
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def run_in(session, source):
    return wire.unpack(session.request(wire.pack(["run", source, []]), engine.Budget(20.0, 120.0)))


@pytest.mark.skipif(os.getuid() != 0, reason="only root may look into the scratch folder of a walled process")
def test_files_in_memory_are_counted_mapped_or_not(class_room):
    one, bundle, *_ = class_room
    if not one.walls:
        pytest.skip("without walls the scratch folder is the machine's own")
    session = engine.Session(one.student, bundle)
    try:
        run_in(session, "x = 1")
        session._refresh()
        before = session._memory()
        run_in(session, "open('/scratch/large', 'wb').write(bytes(100_000_000))\nfor i in range(5000): open(f'/dev/shm/{i}', 'w').close()")
        session._refresh()
        assert session._memory() - before > 100_000_000
        said = run_in(session, "for i in range(50_000): open(f'/scratch/{i}', 'w').close()")
        assert "No space left" in said[1]["message"]
    finally:
        session.close()



def test_known_results_are_not_asked_for_again(class_room):
    one, bundle, reference, student = class_room
    questions = [question["id"] for question in bundle.map["questions"]]
    data = nbformat.writes(demo.fill(student, reference, questions)).encode()
    first = engine.grade(data, bundle, one)
    cached = first["keys"]
    known = {cached[q["id"]]: q for q in first["questions"]}
    again = engine.grade(data, bundle, None, cached=known)  # nothing is left to run
    assert again["questions"] == first["questions"]
    changed = dataclasses.replace(
        bundle, cells=tuple(dataclasses.replace(c, source=c.source + "\n") if c.id == "standardise-test" else c for c in bundle.cells)
    )
    missing = [name for name, key in engine.grade(data, changed, one, cached=known)["keys"].items() if key not in known]
    assert missing == ["standardise"]


TRANSFER = '''
q = checks.question("build_model")
stage = keras.Sequential(
    [keras.Input((6,)), keras.layers.Dense(4, name="first"), keras.layers.BatchNormalization(), keras.layers.Dense(3)], name="stage"
)
stage.layers[0].trainable = False
rows = q.rng.normal(size=(8, 6)).astype("float32")
before = [weight.numpy() for weight in stage.layers[0].weights]
features = keras.Model(stage.inputs[0], stage.layers[1].output)(rows)
model = build_model(stage, n_classes=2, learning_rate=0.125)
with q.check("trunk-crosses-both-ways"):
    assert [layer.name for layer in model.layers[:2]] == ["first", stage.layers[1].name]
    again = keras.Model(model.inputs[0], model.layers[1].output)(rows)
    checks.close(again, features, "the features")
with q.check("frozen-stays-frozen"):
    assert [layer.trainable for layer in model.layers] == [False, True, True]
    model.train_on_batch(rows, np.ones((8, 2)))
    for weight, old in zip(model.layers[0].weights, before):
        checks.close(weight, old, "a frozen weight", rtol=0, atol=0)
with q.check("compiled"):
    assert float(model.optimizer.learning_rate) == 0.125 and model.loss == "binary_crossentropy"
q.score()
'''
TRANSFER_ANSWER = '''# question: build_model
def build_model(stage1, n_classes, learning_rate):
    head = keras.layers.Dense(n_classes, activation="sigmoid")
    model = keras.Sequential([keras.Input(stage1.input_shape[1:]), *stage1.layers[:-1], head])
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    return model
'''


def test_a_model_that_a_test_hands_over_crosses_with_weights_and_frozen_layers(class_room):
    one, bundle, reference, student = class_room
    cells = tuple(dataclasses.replace(c, source=TRANSFER) if c.id == "build_model-test" else c for c in bundle.cells)
    bundle = dataclasses.replace(bundle, cells=cells, cpu_seconds=20.0)
    for answer, score in ((TRANSFER_ANSWER, 1.0), (TRANSFER_ANSWER.replace("*stage1.layers[:-1]", "*fresh(stage1)"), 1 / 3)):
        answer += "\ndef fresh(model):\n    return keras.models.clone_model(model).layers[:-1]\n"
        notebook = demo.fill(student, reference, [], {"build_model": answer})
        result = engine.grade(nbformat.writes(notebook).encode(), bundle, one)
        question = next(q for q in result["questions"] if q["id"] == "build_model")
        assert question["score"] == pytest.approx(score * question["max_score"], abs=1e-5), question


def test_a_cell_without_measure_is_not_read_and_costs_itself_alone(class_room):
    def change(notebook):
        notebook.cells.insert(3, nbformat.v4.new_code_cell("table = [" + "1, " * 500_000 + "]"))

    _, questions = grade(class_room, {"standardise": HEAD + "    return 1\n" + "# so much to say\n" * 100_000}, change=change)
    question = questions["standardise"]
    assert question["outcome"] == "error" and "at most 1,000,000 are read" in question["message"], question
    assert others_full(questions, "standardise"), questions


@pytest.mark.parametrize(
    ("line", "seen"),
    [("np.random.seed(seed)", True), ("np.random.random()", True), ("np.random.default_rng(3).random()", False)],
)
def test_a_test_sees_whether_an_answer_uses_the_random_numbers_of_the_program(class_room, line, seen):
    _, _, reference, _ = class_room
    source = next(cell.source for cell in reference.cells if cell.id == "group_split")
    answer = source.replace("### BEGIN SOLUTION", line)
    assert answer != source
    _, questions = grade(class_room, {"group_split": answer}, drop=("build_model",))
    failed = [check["name"] for check in questions["group_split"]["checks"] if not check["passed"]]
    assert failed == (["program-seed-left-alone"] if seen else []), questions["group_split"]


# --- when the machine is short, or a warm process dies ----------------------------------------------------------------

HOG = HEAD + "    kept = bytearray(b'x' * (600 * 2**20))\n    time.sleep(60)\n    return kept"


def test_a_machine_that_runs_out_of_memory_ends_the_largest_submission(class_room, monkeypatch):
    one, bundle, *notebooks = class_room
    room = (one, dataclasses.replace(bundle, memory_gb=4.0), *notebooks)
    monkeypatch.setattr(engine, "_free_share", lambda: 0.01)
    _, questions = grade(room, {"standardise": HOG}, drop=("build_model",))
    question = questions["standardise"]  # it kept to its own limit: no mark, and a person decides
    assert (question["outcome"], question["score"]) == ("grader_error", 0.0), question
    assert "ran short of memory" in question["message"]
    assert all(q["outcome"] == "passed" for name, q in questions.items() if name not in ("standardise", "build_model"))


def test_memory_that_is_there_is_seen():
    assert 0 < engine._free_share() <= 1


MARK = "a_submission_that_ends_the_warm_process"


def mortal(monkeypatch, when):
    """Warm processes that die before a request for which ``when(body, deaths)`` is true; returns those that did."""
    deaths = []
    request = engine.Session.request

    def deadly(session, body, budget):
        if when(body, deaths):
            deaths.append(session._warm.process.pid)
            session._warm.process.kill()
            while session._warm.alive():  # bubblewrap ends before what is behind it
                time.sleep(0.01)
        return request(session, body, budget)

    monkeypatch.setattr(engine.Session, "request", deadly)
    return deaths


def runs(body):
    return b"run" in body[:8] and MARK.encode() in body


def calls(body):
    return b"call" in body[:8] and body.endswith(b"standardise")


@pytest.mark.parametrize(
    ("when", "outcome"),
    [
        pytest.param(lambda body, deaths: runs(body) and not deaths, "passed", id="once"),
        pytest.param(lambda body, deaths: runs(body), "crash", id="always", marks=pytest.mark.full),
        pytest.param(
            lambda body, deaths: runs(body) if deaths else calls(body), "crash", id="when-called", marks=pytest.mark.full
        ),
    ],
)
def test_who_ends_the_warm_process_again_is_to_blame(class_room, monkeypatch, when, outcome):
    _, _, reference, _ = class_room
    deaths = mortal(monkeypatch, when)
    answer = next(cell.source for cell in reference.cells if cell.id == "standardise") + f"\n{MARK} = 1"
    _, questions = grade(class_room, {"standardise": answer}, drop=("build_model",))
    assert questions["standardise"]["outcome"] == outcome, questions["standardise"]
    assert all(q["outcome"] == "passed" for name, q in questions.items() if name not in ("standardise", "build_model"))
    assert len(set(deaths)) == (1 if outcome == "passed" else 2), "two warm processes, the second its own, are enough to know"


def test_a_warm_process_that_cannot_be_started_is_told(class_room):
    _, bundle, reference, student = class_room

    class Dead:
        """A crew whose warm processes are gone at once."""

        @property
        def student(self):
            raise engine.WarmGone("gone")

    notebook = demo.fill(student, reference, ["standardise"])
    with pytest.raises(engine.WarmGone):
        engine.grade(nbformat.writes(notebook).encode(), bundle, Dead())


def test_an_array_that_a_test_locks_is_locked_for_the_answer():
    open_, locked = np.arange(3.0), np.arange(3.0)
    locked.flags.writeable = False
    there = wire.Decoder(call=None).decode(wire.unpack(wire.pack(wire.Encoder().encode([open_, locked]))))
    there[0] += 1
    with pytest.raises(ValueError, match="read-only"):
        there[1] += 1
    np.testing.assert_array_equal(there[1], locked)


# --- checks that passed before the end ---------------------------------------------------------------------------------


def slow_in(place, how="while True: pass"):
    """A right answer that does something bad in its n-th call."""
    body = '''    calls.append(1)
    if len(calls) >= PLACE:
        HOW
    s = X_train.std(axis=0)
    s[s == 0] = 1
    return (X_train - X_train.mean(axis=0)) / s, (X_test - X_train.mean(axis=0)) / s
'''
    head = HEAD.replace("def standardise", "calls = []\ndef standardise")
    return head + body.replace("PLACE", str(place)).replace("HOW", how)


@pytest.mark.parametrize(("how", "outcome"), [("while True: pass", "timeout"), ("os._exit(0)", "crash")])
def test_checks_that_passed_before_the_end_keep_their_marks(class_room, how, outcome):
    _, bundle, _, _ = class_room
    _, questions = grade(class_room, {"standardise": slow_in(3, how)}, drop=("build_model",))
    question = questions["standardise"]
    every = examine._all_checks(next(cell.source for cell in bundle.cells if cell.id == "standardise-test"))
    assert [check["name"] for check in question["checks"]] == [check["name"] for check in every]
    assert [check["passed"] for check in question["checks"]] == [True, True] + [False] * (len(every) - 2)
    share = sum(check["weight"] for check in every[:2]) / sum(check["weight"] for check in every)
    assert question["outcome"] == outcome
    assert question["score"] == pytest.approx(share * question["max_score"], abs=1e-5)
    assert f"`{every[2]['name']}`" in question["message"] and "2 passed before it" in question["message"], question["message"]


def test_the_checks_of_every_lesson_can_be_told_from_its_source():
    course = load_course(ROOT)
    for lesson in course.lessons:
        reference = build.reference_notebook(course, lesson)
        student = build.student_notebook(reference, lesson)
        tests = {cell.id: cell.source for cell in reference.cells}
        for question in build.released_map(student, reference, lesson)["questions"]:
            every = examine._all_checks(tests[question["test_cell"]])
            assert len(every) == question["n_checks"] == len({check["name"] for check in every})
            assert all(check["weight"] > 0 for check in every)


# --- what runs in a notebook runs here ---------------------------------------------------------------------------------

RIGHT = HEAD + "    s = X_train.std(axis=0)\n    s[s == 0] = 1\n    m = X_train.mean(axis=0)\n    return (X_train - m) / s, (X_test - m) / s\n"
HARMLESS = (
    "%matplotlib inline", "%matplotlib notebook", "%matplotlib widget", "%matplotlib qt", "%pylab inline",
    "%config InlineBackend.figure_format = 'retina'", "%autosave 60", "%tensorflow_version 2.x", "%load_ext tensorboard",
    'import matplotlib\nmatplotlib.use("TkAgg")\nimport matplotlib.pyplot as plt\nplt.figure()',
    "import asyncio\nawait asyncio.sleep(0)", "zeros(3)",  # of pylab
)  # fmt: skip
FAILING = {
    "Colab": "from google.colab import drive, files\ndrive.mount('/content/drive')",
    "a module that is gone": "from keras.api import layers",
    "an error": "print(undefined_thing)",
}
HAS_NUMPY = RIGHT.replace("X_train.std(axis=0)", "n_u_m_p_y.std(X_train, axis=0)")


@pytest.mark.parametrize("name", ["harmless", *FAILING])
def test_first_lines_of_an_answer_cell_cost_nothing(class_room, name):
    lines = "\n".join(HARMLESS) if name == "harmless" else FAILING[name]
    answer = f"{lines}\nimport numpy as n_u_m_p_y\n{HAS_NUMPY}"
    _, questions = grade(class_room, {"standardise": answer}, ALL_BUT_ONE)
    question = questions["standardise"]
    assert (question["score"], question["outcome"]) == (3.0, "passed"), question
    assert ("did not run here" in question.get("note", "")) == (name in FAILING), question


def test_first_lines_of_a_cell_of_ones_own_cost_nothing(class_room):
    def change(notebook):
        for place, lines in enumerate([*HARMLESS, *FAILING.values()]):
            cell = nbformat.v4.new_code_cell(f"{lines}\nimport numpy as n_u_m_p_y_{place}")
            notebook.cells.insert(place + 1, cell)

    names = " + ".join(f"0 * n_u_m_p_y_{place}.pi" for place in range(len(HARMLESS) + len(FAILING)))
    answer = RIGHT.replace("X_train.std(axis=0)", f"X_train.std(axis=0) + {names}")
    _, questions = grade(class_room, {"standardise": answer}, ALL_BUT_ONE, change)
    assert questions["standardise"]["score"] == 3.0 and "note" not in questions["standardise"], questions["standardise"]


ALL_BUT_ONE = ("describe_data", "group_split", "baselines", "build_model", "epoch_to_keep", "nearest_distance")
SAID = {
    "an import that failed": (
        "from keras.api import layers\n" + HEAD + "    return layers.Dense(3)(X_train), X_test", "No module named 'keras.api'",
    ),
    "a name of a line that failed": ("scale = 1 / 0\n" + HEAD + "    return X_train * scale, X_test", "division by zero"),
    "a definition that failed": ("from keras.api import layers\n@layers.thing\n" + HEAD.partition("\n")[2].partition("\n")[2]
                                 + "    return X_train, X_test", "No module named 'keras.api'"),
    "a stub below an answer": (RIGHT.replace("    return", "    Z =") + "    raise NotImplementedError()", "delete it"),
    "a stub below a magic": ("%matplotlib inline\n# question: standardise\ndef standardise(X_train, X_test):\n    raise NotImplementedError()",
                             "not answered"),
    "another error of that kind": (HEAD + "    import numbers, abc\n    import logging\n    logging.Handler().emit(1)", "NotImplementedError: emit"),
    "another name": (RIGHT.replace("def standardise", "def standardize_all"), "defines no `standardise` (it defines `standardize_all`)"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_a_cell_that_fails(class_room, name):
    answer, said = SAID[name]
    _, questions = grade(class_room, {"standardise": answer}, ALL_BUT_ONE)
    question = questions["standardise"]
    assert question["score"] == 0 and said in question["message"], question
    assert "not yet answered" not in question["message"]


# --- what is defined anywhere in a notebook is there --------------------------------------------------------------------

USES = HEAD + "    return centre(X_train, X_train), centre(X_test, X_train)\n"
CENTRE = "def centre(X, by):\n    s = by.std(axis=0)\n    s[s == ZERO] = 1\n    return (X - by.mean(axis=0)) / s\n"


def _at(cell_id, before="", after=""):
    def change(notebook):
        cell = next(cell for cell in notebook.cells if cell.id == cell_id)
        cell.source = before + cell.source + after

    return change


def _new(source, cell_id=None, **metadata):
    def change(notebook):
        place = next((i for i, cell in enumerate(notebook.cells) if cell.id == cell_id), len(notebook.cells))
        notebook.cells.insert(place, nbformat.v4.new_code_cell(source, metadata=metadata))

    return change


def _explored(notebook):
    cell = next(cell for cell in notebook.cells if "explore" in cell.metadata.get("tags", []) and cell.cell_type == "code")
    cell.source += "\nZERO = sum([])\n" + CENTRE


GRADE_ID = {"nbgrader": {"grade": False, "grade_id": "standardise", "locked": False, "schema_version": 3, "solution": True, "task": False}}
CONSTANT = "ZERO = 0\n"
PLACES = {
    "a cell with the question's marker": _new("# question: standardise\n" + CONSTANT + CENTRE, "standardise"),
    "a cell with the question's id": _new(CONSTANT + CENTRE, "standardise", **GRADE_ID),
    "a cell that speaks of the checks": _new("# for checks.question('standardise')\n" + CONSTANT + CENTRE, "standardise"),
    "the test cell": _at("standardise-test", CONSTANT + CENTRE),
    "a copy of the test cell": _new(CONSTANT + CENTRE + 'q = checks.question("standardise")\nq.score()', "standardise"),
    "an explore cell": _explored,
    "a cell below": _new(CONSTANT + CENTRE),
    "two cells below": lambda notebook: (_new(CENTRE)(notebook), _new(CONSTANT)(notebook)),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_is_defined_anywhere_is_there_when_the_answer_runs(class_room, name):
    _, questions = grade(class_room, {"standardise": USES}, ALL_BUT_ONE, PLACES[name])
    assert questions["standardise"]["score"] == 3.0, questions["standardise"]


def test_what_we_wrote_into_a_cell_that_grading_leaves_out_stays_there(class_room):
    _, bundle, _, student = class_room
    own = next(cell for cell in student.cells if cell.id in bundle.explore and match.definitions(cell.source))
    name = next(iter(match.definitions(own.source)))
    notebook = demo.fill(student, student, [], {"standardise": HEAD + f"    return {name}, EXTRA\n"})
    next(cell for cell in notebook.cells if cell.id == own.id).source += "\nEXTRA = 1"
    cells = match.read_notebook(nbformat.writes(notebook).encode())
    steps = engine.plan(cells, match.match(cells, match.released_from(bundle.map)), bundle)
    assert [step.source for step in steps if step.kind == "added"] == ["EXTRA = 1"]


# --- arguments that an answer changes -----------------------------------------------------------------------------------

CHANGED = '''
q = checks.question("standardise")
with q.check("array-unchanged"):
    A = np.arange(6.0).reshape(3, 2)
    before = A.copy()
    standardise(A[:2], np.ones((1, 2)))
    assert np.array_equal(A, before), "you changed X_train in place"
with q.check("list-unchanged"):
    given = [3, 1, 2]
    standardise(given, {"a": given})
    assert given == [3, 1, 2], "you changed X_train in place"
with q.check("frame-unchanged"):
    import pandas as pd
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [3, 4]})
    standardise(frame, frame)
    assert list(frame) == ["a", "b"], "you changed X_train in place"
with q.check("value"):
    A = np.arange(6.0).reshape(3, 2)
    assert standardise(A, A)[0] == A.sum(), "the sum is another"
q.score()
'''
CHANGES = {
    "nothing": ("pass", [True, True, True, True]),
    "an array": ("X_train -= 1", [False, True, True, True]),
    "an array, then an error": ("X_train -= 1; raise ValueError(3)", [False, True, True, True]),
    "a list": ("X_train.sort()", [True, False, True, True]),
    "a frame": ("X_train['c'] = 1", [True, True, False, True]),
    "what the test compares with": ("X_train[...] = 0; return 0, 0", [False, True, True, False]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_test_sees_what_an_answer_changes_but_nobody_earns_a_mark_by_it(class_room, name):
    one, bundle, reference, student = class_room
    cells = tuple(dataclasses.replace(c, source=CHANGED) if c.id == "standardise-test" else c for c in bundle.cells)
    line, expected = CHANGES[name]
    kind = {"an array": "np.ndarray", "a list": "list", "a frame": "pd.DataFrame"}.get(name.partition(",")[0], "np.ndarray")
    only = "X_train.shape == (2, 2)" if name.startswith("an array") else "True"
    answer = HEAD + "    import numpy as np, pandas as pd\n    total = np.sum(np.asarray(X_train)) if isinstance(X_train, np.ndarray) else 0\n"
    answer += f"    if isinstance(X_train, {kind}) and {only}:\n        {line}\n    return total, X_test\n"
    notebook = demo.fill(student, reference, [], {"standardise": answer})
    result = engine.grade(nbformat.writes(notebook).encode(), dataclasses.replace(bundle, cells=cells), one)
    question = next(q for q in result["questions"] if q["id"] == "standardise")
    assert [check["passed"] for check in question["checks"]] == expected, question


DRAWN = '''
q = checks.question("standardise")
with q.check("drawn"):
    assert len(checks.describe(standardise(1, 2))["axes"][0]["lines"]) == 1, "no line"
with q.check("axes"):
    assert checks.describe(standardise(1, 2))["kind"] == "axes", "a figure came back: return its axes"
q.score()
'''


@pytest.mark.parametrize(
    ("end", "passed", "said"),
    [
        ("return plt.gca()", [True, True], ""),
        ("return plt.gcf()", [True, False], "a figure came back"),
        ("ax = plt.gca()\n    plt.show()\n    return ax", [True, True], ""),
        ("plt.show()\n    return plt.gca()", [False, False], "`plt.show()` ends a figure"),
        ("plt.show()\n    return plt.gcf()", [False, False], "`plt.show()` ends a figure"),
    ],
)
def test_a_figure_that_was_shown_is_over_as_in_a_notebook(class_room, end, passed, said):
    one, bundle, reference, student = class_room
    cells = tuple(dataclasses.replace(c, source=DRAWN) if c.id == "standardise-test" else c for c in bundle.cells)
    answer = f"{HEAD}    import matplotlib.pyplot as plt\n    plt.figure()\n    plt.plot([1, 2])\n    {end}"
    notebook = demo.fill(student, reference, [], {"standardise": answer})
    result = engine.grade(nbformat.writes(notebook).encode(), dataclasses.replace(bundle, cells=cells), one)
    question = next(q for q in result["questions"] if q["id"] == "standardise")
    assert [check["passed"] for check in question["checks"]] == passed, question
    assert said in question["message"]


SETTINGS = """import tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.set_visible_devices([], "GPU")
import keras
keras.mixed_precision.set_global_policy("mixed_float16")
"""


def test_settings_of_tensorflow_in_a_cell_of_ones_own_cost_nothing(class_room):
    one, bundle, *notebooks = class_room
    room = (one, dataclasses.replace(bundle, cpu_seconds=20.0), *notebooks)
    _, questions = grade(room, change=_new(SETTINGS, "build_model"))
    assert questions["build_model"]["outcome"] == "passed", questions["build_model"]
    assert others_full(questions, "build_model"), questions
