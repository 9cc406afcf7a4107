"""What only another Python or another version of a package explains is left to a person, and nothing else is."""

import json
import sys

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner

from grading import build, cli, colab, demo, engine, grade, results, runtime
from grading.course import load_course
from helpers import match, submit
from tests.conftest import ROOT

HERE = "%d.%d" % sys.version_info[:2]
NEXT = "%d.%d" % (sys.version_info[0], sys.version_info[1] + 1)


def listed(python="3.13", date="2026-08", **packages):
    return colab.Listed(None, date, python, {name.replace("_", "-"): version for name, version in packages.items()})


def ran(python, **packages):
    return runtime.of_notebook({"metadata": {"course": {"versions": {"python": python, **packages}}}})


# --- what ran ---------------------------------------------------------------------------------------------------------


def test_the_notebook_says_what_it_ran_on_and_colabs_list_the_rest():
    lists = (listed("3.12", "2026-07", numpy="2.0.2", scipy="1.15.0"), listed("3.13", numpy="2.1.3", scipy="1.16.3"))
    metadata = {"course": {"versions": {"python": "3.12.11", "numpy": "2.0.1"}}, "language_info": {"version": "3.9.1"}}
    found = runtime.of_notebook({"metadata": metadata}, lists)
    assert (found.python, found.packages, found.told) == ("3.12.11", {"numpy": "2.0.1", "scipy": "1.15.0"}, True)
    found = runtime.of_notebook({"metadata": {"language_info": {"name": "python", "version": "3.13.2"}}}, lists)
    assert (found.python, found.packages["numpy"], found.told) == ("3.13.2", "2.1.3", True)
    found = runtime.of_notebook({"metadata": {"language_info": {"name": "python"}}}, lists)
    assert (found.python, found.packages["scipy"], found.told) == ("3.13", "1.16.3", False)


@pytest.mark.parametrize("metadata", [None, 3, {"course": 1, "language_info": []}, {"course": {"versions": {"python": 3}}},
                                      {"language_info": {"version": "3.13; \x1b[2J"}}])  # fmt: skip
def test_metadata_of_any_kind_are_no_trouble(metadata):
    assert runtime.of_notebook({"metadata": metadata}) == runtime.Runtime(runtime.own().python, runtime.own().packages, False)


def test_differences_are_named_and_patches_are_none(monkeypatch):
    monkeypatch.setattr(runtime, "own", lambda: runtime.Runtime("3.11.7", {"numpy": "2.4.0", "scipy": "1.16.1"}))
    one = runtime.Runtime("3.13.2", {"numpy": "2.1.3", "scipy": "1.16.3", "xgboost": "3.0"})
    assert runtime.differences(one, ["numpy", "scipy"]) == "Python 3.13 (here 3.11), numpy 2.1.3 (here 2.4.0)"
    assert runtime.differences(one, ["xgboost"]).endswith("xgboost 3.0 (here none)")
    assert runtime.differences(runtime.Runtime("3.11.9", {"numpy": "2.4.1"}), ["numpy"]) == ""
    said = runtime.lines([{"runtime": "numpy 1"}, {"runtime": "numpy 1"}, {"runtime": ""}, {}], [listed(numpy="2.1.3")], ["numpy"])
    assert said == ["Colab (2026-08) has Python 3.13 (here 3.11), numpy 2.1.3 (here 2.4.0)", "2 notebooks ran on numpy 1"]


# --- what only a newer Python reads -----------------------------------------------------------------------------------

PYTHON_3_12 = {
    "equal quotes": 'f"{d["a"]}"',
    "one in another": 'f"{f"{f"{f"{x}"}"}"}"',
    "a backslash": r'f"{"\n".join(a)}"',
    "a comment": 'f"""{\n x # the sum }\n}"""',
    "lines": "f'{\n x\n}'",
    "a format in quotes": 'f"{x:{"a"}}" f"{d["a"]!r:>10} {d["b"]=}"',
    "strings side by side": 'x = "a" f"{d["b"]}" \'c\'',
    "after a keyword": 'def f():\n    return"x" + f"{d["a"]}"',
    "a lambda": 'f"{(lambda x: x["a"])(d):>3} {a != d["b"]}"',
    "a character by name": 'f"\\N{DIGIT ONE} {{}} {d["a"]}"',
    "a generic function": 'def f[T: (int, "str"), *Ts, **P](x: T) -> T:\n    return f"{x["a"]}"',
    "a generic class": "class A[T]:\n    pass\nclass B[T](list):\n    pass",
    "a type": "type X = int | str\ntype Y[T] = list[T]",
    "magics beside it": '%matplotlib inline\n!echo "it\'s"\nf"{d["a"]}"',
}
NO_PYTHON = {
    "no colon": "def f(x)\n    return 1",
    "no colon in new words": 'def f[T](x)\n    return f"{d["a"]}"',
    "two words in a field": 'f"{d["a"] b}"',
    "an open field": 'f"{d["a"]"',
    "an empty field": 'f"{}{d["a"]}"',
    "a single bracket": 'f"}{d["a"]}"',
    "an open string": 'x = "abc',
    "an open bracket": 'print(f"{d["a"]}"',
    "an odd conversion": 'f"{d["a"]!z}"',
    "Python 2": "print x",
    "a type without a value": "type X int",
    "no parameters": "def f[](x): pass",
    "a number as parameter": "def f[1](x): pass",
}


@pytest.mark.parametrize("name", PYTHON_3_12)
def test_what_python_3_12_brought_is_known_on_an_older_one(monkeypatch, name):
    source = PYTHON_3_12[name]
    assert runtime._is_python(source, (3, 12)), "an older parser takes it for good once it is in old words"
    if match.syntax_fault(source):  # this Python is the older one
        assert runtime.newer_syntax(source, runtime.Runtime("3.12.0", {}))
        assert not runtime.newer_syntax(source, runtime.Runtime(HERE, {})), "the same Python there: their fault"
        assert not runtime.newer_syntax(source, runtime.Runtime("3.10.1", {}))
    else:
        assert sys.version_info >= (3, 12), "no older Python reads it"


@pytest.mark.parametrize("name", NO_PYTHON)
def test_what_no_python_reads_stays_an_error(name):
    source = NO_PYTHON[name]
    assert match.syntax_fault(source) and not runtime._is_python(source, (3, 14))
    assert not runtime.newer_syntax(source, runtime.Runtime("3.99.0", {}))


def test_each_python_has_its_own_grammar():
    default, tagged, pair = "def f[T = int](x): pass", 't"{d["a"]}"', "try:\n    pass\nexcept KeyError, ValueError:\n    pass"
    assert [runtime._is_python(default, (3, minor)) for minor in (12, 13)] == [False, True]
    for source in (tagged, pair):
        assert [runtime._is_python(source, (3, minor)) for minor in (13, 14)] == [False, True]


@pytest.mark.parametrize("source", ['f"{' * 3000, 'f"{"' * 50_000, "def f[" * 100_000, "x = 1\n" * 100_000 + "f'{", 'f"{"\0"}"'])
def test_a_cell_made_to_be_slow_is_not(source):
    assert not runtime.newer_syntax(source, runtime.Runtime("3.99.0", {}))


# --- what only another version has ------------------------------------------------------------------------------------


def error_of(code):
    try:
        exec(code, {"np": np, "__name__": "__main__"})
    except Exception as error:
        return error
    raise AssertionError(f"nothing raised by {code}")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("np.in_one_day", ["numpy", "in_one_day", False]),
        ("np.maen", ["numpy", "maen", True]),
        ("np.linalg.nrm", ["numpy.linalg", "nrm", True]),
        ("np.ones(2).ptpp()", ["numpy", "ptpp", True]),
        ("np.ndarray.gone", ["numpy", "gone", False]),
        ("from numpy import in_one_day", ["numpy", "in_one_day", False]),
        ("import numpy.gone", ["numpy.gone", "gone", False]),
        ("import nowhere_to_be_found", ["nowhere_to_be_found", "nowhere_to_be_found", False]),
        ("undefined_name", ["", "undefined_name", False]),
        ("[].shape", None),
        ("None.shape", None),
        ("class A: pass\nA().shape", None),
        ("getattr(np, 'a b')", None),
        ("getattr(np, '\\ud800')", None),
        ("raise ImportError('made up')", None),
        ("raise TypeError('only 0-dimensional arrays can be converted to Python scalars')", ["numpy", runtime._TO_NUMBER, False]),
        ("1 / 0", None),
    ],
)
def test_what_is_lacking_is_told(code, told):
    assert runtime.lacking(error_of(code)) == told


@pytest.mark.parametrize("said", [None, 3, [], ["a", "b"], ["a", 3, True], ["a\n", "b", False], ["a", "b" * 200, 1], {"a": 1}])
def test_what_a_hostile_process_says_is_looked_at(said):
    assert runtime.checked(said) is None
    review = runtime.Review(ran(HERE, numpy="1.0"), ("x",), failed=(("x", {"lacks": said}),))
    assert review.why({"id": "q", "checks": [{"passed": False, "lacks": said}]}, "x", {"lacks": said}) == ""


def why(lacks, source="np.in1d(a, b)", outputs=(), sources=(), failed=(), python=HERE, **packages):
    notebook = {"cells": [{"cell_type": "code", "source": source, "outputs": list(outputs)}]}
    there, own = ran(python, **packages), (source, *sources)
    review = runtime.Review(there, own, runtime.unread(own, there), runtime.shown_lacking(notebook), failed)
    return review.why({"id": "q", "checks": [{"passed": False, "lacks": lacks}]}, source, None)


GONE = ["numpy", "in1d", False]


def test_a_name_of_another_version_is_left_to_a_person_and_said_so():
    assert why(GONE, numpy="1.26.4") == (
        f"This answer uses `in1d` of numpy 1.26.4, which fails with the grader's {np.__version__}: a person will look at it."
    )
    assert "xgboost 3.0.1, which is not installed here" in why(["xgboost", "xgboost", False], "import xgboost", xgboost="3.0.1")
    assert "Python 3.8" in why(["distutils", "distutils", False], "import distutils", python="3.8.1")
    assert "int() or float()" in why(["numpy", runtime._TO_NUMBER, False], "int(a)", numpy="1.26.4")


def test_the_same_version_a_slip_and_what_failed_there_too_are_the_answers_own():
    assert why(GONE, numpy=np.__version__) == ""
    assert why(["numpy", "in1d", True], numpy="1.26.4") == ""
    assert why(["numpy", "not_in_the_answer", False], numpy="1.26.4") == "", "it could tell what a test asked"
    assert why(["nowhere", "nowhere", False], "import nowhere") == ""
    assert why(["", "undefined", False], "undefined", numpy="1.26.4") == ""
    error = {"output_type": "error", "ename": "AttributeError", "evalue": "module 'numpy' has no attribute 'in1d'"}
    printed = {"output_type": "stream", "text": ["fine\n", "  ✗ a: AttributeError: module 'numpy' has no attribute 'in1d'\n"]}
    other = {"output_type": "stream", "text": ["AttributeError: no 'x'\n", "in1d\n"]}
    for output, left in ((error, False), (printed, False), (other, True)):
        assert bool(why(GONE, outputs=[output], numpy="1.26.4")) == left


def test_a_name_from_a_cell_that_failed_for_it_is_not_the_answers_fault():
    added = "from scipy.integrate import cumtrapz"
    lacks = ["scipy.integrate", "cumtrapz", False]
    said = why(["", "cumtrapz", False], "cumtrapz(y)", sources=[added], failed=((added, {"lacks": lacks}),), scipy="1.2.0")
    assert said.startswith("This answer uses `cumtrapz` of a cell that uses `cumtrapz` of scipy 1.2.0, which fails")
    assert why(["", "other", False], "other(y)", sources=[added], failed=((added, {"lacks": lacks}),), scipy="1.2.0") == ""


# --- through the engine -----------------------------------------------------------------------------------------------

HEAD = "# question: standardise\ndef standardise(X_train, X_test):\n"
RIGHT = "    s = X_train.std(axis=0)\n    s[s == 0] = 1\n    m = X_train.mean(axis=0)\n    return (X_train - m) / s, (X_test - m) / s\n"
# Python 3.14 reads it; the packages' own future is not here, so their past stands for it.
NEWER = HEAD + "    try:\n        pass\n    except KeyError, ValueError:\n        pass\n" + RIGHT
PACKAGE = HEAD + "    np.product([1])\n" + RIGHT
newer_only = pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads it")


def handed_in(class_room, answer, versions, added=""):
    _, bundle, reference, student = class_room
    others = [question["id"] for question in bundle.map["questions"] if question["id"] == "describe_data"]
    notebook = demo.fill(student, reference, others, {"standardise": answer})
    if added:
        notebook.cells.insert(1, nbformat.v4.new_code_cell(added))
    notebook.metadata["course"]["versions"] = versions
    return nbformat.writes(notebook).encode()


def marked(class_room, *args, **kwargs):
    one, bundle = class_room[:2]
    result = engine.grade(handed_in(class_room, *args, **kwargs), bundle, one)
    return result, {question["id"]: question for question in result["questions"]}


@newer_only
@pytest.mark.parametrize(
    ("answer", "versions", "outcome", "said"),
    [
        (NEWER, {"python": "3.14.0"}, "needs_review", "written for Python 3.14"),
        (NEWER, {"python": HERE + ".1"}, "syntax_error", "SyntaxError: "),
        (NEWER.replace("return", "return return"), {"python": "3.14.0"}, "syntax_error", "SyntaxError: "),
        (PACKAGE, {"numpy": "1.26.4"}, "needs_review", "`product` of numpy 1.26.4"),
        (PACKAGE, {"numpy": np.__version__}, "error", "product"),
        (PACKAGE.replace("product", "maen"), {"numpy": "1.26.4"}, "error", "maen"),
        ("from numpy import product\n" + HEAD + RIGHT, {"numpy": "1.26.4"}, "passed", ""),  # it is not used
        ("from numpy import product\n" + PACKAGE.replace("np.product", "product"), {"numpy": "1.26.4"}, "needs_review",
         "`product` of numpy 1.26.4"),
        (HEAD + RIGHT, {"python": "3.14.0", "numpy": "1.26.4"}, "passed", ""),
        (HEAD + "    return X_train, X_test", {"python": "3.14.0", "numpy": "1.26.4"}, "partial", ""),
    ],
)
def test_an_answer_is_left_to_a_person_only_where_versions_explain_it(class_room, answer, versions, outcome, said):
    result, questions = marked(class_room, answer, versions)
    question = questions["standardise"]
    if outcome == "partial":  # a wrong answer stays wrong
        assert question["outcome"] in ("partial", "failed")
    else:
        assert (question["outcome"], said in question["message"]) == (outcome, True), question
    assert question["score"] == 0 or outcome in ("passed", "partial")
    assert questions["describe_data"]["outcome"] == "passed", "it costs its own question alone"
    assert not any("lacks" in check for check in question["checks"])


@newer_only
def test_a_cell_of_the_students_that_cannot_be_read_here_is_nobodys_fault(class_room):
    added = "def helper(X):\n    try:\n        return X\n    except KeyError, ValueError:\n        pass\n"
    answer = HEAD + "    helper(X_train)\n" + RIGHT
    _, questions = marked(class_room, answer, {"python": "3.14.0"}, added=added)
    assert questions["standardise"]["outcome"] == "needs_review"
    _, questions = marked(class_room, answer, {"python": HERE}, added=added)
    assert questions["standardise"]["outcome"] == "error"


def test_what_is_right_on_colab_is_right_here_or_left_to_a_person(class_room):
    words = '    d = {"a": 1}\n    print(f"{d["a"]} {f"{d["a"]}"}")\n'
    answer = HEAD.replace("standardise(", "standardise[T](") + words + RIGHT
    _, questions = marked(class_room, answer, {})  # a notebook that says nothing of itself is Colab's
    question = questions["standardise"]
    if sys.version_info >= (3, 12):
        assert question["outcome"] == "passed" and question["score"] == question["max_score"]
    else:
        assert question["outcome"] == "needs_review" and "written for Python 3.13" in question["message"]


def test_the_key_of_a_mark_knows_what_the_notebook_ran_on(class_room):
    _, bundle = class_room[:2]
    keys = [engine.opened(handed_in(class_room, PACKAGE, versions), bundle).keys["standardise"]
            for versions in ({"python": HERE, "numpy": "1.26.4"}, {"python": HERE}, {"python": HERE + ".9"})]  # fmt: skip
    assert keys[0] != keys[1] == keys[2]


def test_it_is_never_kept_as_a_mark(tmp_path):
    def kept(outcome):
        grade._keep(tmp_path, {"keys": {"q": f"key-{outcome}"}, "questions": [{"id": "q", "outcome": outcome}]})
        return bool(grade._cached(tmp_path, [f"key-{outcome}"]))

    assert kept("failed") and not kept(engine.NEEDS_REVIEW)


# --- told -------------------------------------------------------------------------------------------------------------


def test_the_run_names_the_difference_once_and_counts_who_needs_you():
    question = {"id": "standardise", "score": 0.0, "max_score": 3.0, "outcome": "needs_review", "message": "m", "checks": []}
    passed = question | {"id": "baselines", "outcome": "passed", "score": 3.0}
    whole = {"lesson": "l", "score": 3.0, "max_score": 6.0, "error": "", "questions": [question, passed]}
    class_ = [whole | {"student": name} for name in ("ada", "ben")]
    class_.append(whole | {"student": "cut", "error": "cut off", "questions": [question | {"outcome": "missing"}] * 2})
    concluded = results.Concluded(tuple(class_), (), (), ())
    text = cli.class_text(grade.Graded(concluded, (), 0, ("Colab (2026-08) has Python 3.13 (here 3.11)",)), "OUT")
    first, ada, *_, last = text.splitlines()
    assert first == "runtime: Colab (2026-08) has Python 3.13 (here 3.11): what fails for that ends as needs_review"
    assert ada.split() == ["ada", "...", "of", "6", "standardise", "needs_review"]
    assert last == "3 need you: ada standardise, ben standardise, cut unreadable; settle them in overrides.csv"
    fine = results.Concluded((whole | {"student": "ada", "questions": [passed]},), (), (), ())
    assert cli.class_text(grade.Graded(fine, (), 0), "OUT").splitlines()[-1] == "nothing needs you"


@newer_only
def test_the_doctor_names_the_difference_and_what_only_that_python_reads(tmp_path):
    course = load_course(ROOT)
    lesson = course.lesson("02_dense_mlp")
    reference = build.reference_notebook(course, lesson)
    notebook = demo.fill(build.student_notebook(reference, lesson), reference, [], {"standardise": NEWER})
    notebook.metadata["course"]["versions"] = {"python": "3.14.1", "numpy": "1.26.4"}
    path, repaired = tmp_path / "mine.ipynb", tmp_path / "repaired.ipynb"
    nbformat.write(notebook, path)
    said = CliRunner().invoke(cli.main, ["doctor", str(path), "--repair", str(repaired)]).output
    (line,) = [line for line in said.splitlines() if line.startswith("runtime: 1 notebook ran on ")]
    assert f"Python 3.14 (here {HERE})" in line and "numpy 1.26.4" in line
    assert "standardise is Python where it was written" in said
    kept = json.loads(repaired.read_bytes())["metadata"]["course"]["versions"]
    assert kept == {"python": "3.14.1", "numpy": "1.26.4"}, "a repair does not say that it ran here"


def test_the_check_before_handing_in_notes_every_version_that_the_grader_compares():
    assert set(colab.TOUCHED) <= set(submit._VERSIONS)


def test_the_modules_that_decide_are_in_every_key():
    from grading import crew

    assert "runtime" in crew._DECIDE
    assert isinstance(crew.bundle(load_course(ROOT), load_course(ROOT).lessons[0]).colab[-1], colab.Listed)
