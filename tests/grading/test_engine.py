"""The engine: right marks, every kind of trouble costs its own question alone, and nothing reaches the examiner."""

import dataclasses
import time

import nbformat
import numpy as np
import pytest

from grading import demo, engine, wire


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


def test_seeds_depend_on_secret_and_answer_and_hold_for_both(class_room):
    _, bundle, _, _ = class_room
    seed = engine._seed_of(bundle, "standardise", "x = 1")
    assert seed == engine._seed_of(bundle, "standardise", "x  =  1  # a comment")
    assert seed != engine._seed_of(bundle, "standardise", "x = 2")
    assert seed != engine._seed_of(dataclasses.replace(bundle, secret=b"other"), "standardise", "x = 1")


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
    assert questions["standardise"]["outcome"] == "memory", questions["standardise"]
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
