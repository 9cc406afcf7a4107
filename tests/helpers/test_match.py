"""Answers are found in notebooks that were copied, split, emptied, retyped or stripped."""

import json

import pytest

from helpers import match

STUB = "# question: double\ndef double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
ANSWER = "# question: double\ndef double(x):\n    return 2 * x"
TEST = 'q = checks.question("double")\nwith q.check("a"):\n    assert double(1) == 2\nq.score()'

RELEASED = match.Released(
    "01_x",
    "abc",
    "X",
    (match.ReleasedQuestion("double", 3, 2, ("double",), "double", "double-test", "double-test", STUB, TEST),),
    ("intro-0", "double", "double-test"),
    "",
)


def code(source, grade_id=None, cell_id=None, kind="code", colab=False):
    cell = {"cell_type": kind, "metadata": {}, "source": source}
    if grade_id:
        cell["metadata"]["nbgrader"] = {"grade_id": grade_id, "cell_type": "code"}
    if cell_id:
        (cell["metadata"] if colab else cell)["id"] = cell_id
    return cell


def found(*cells):
    data = json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    return match.match(match.read_notebook(data), RELEASED)["double"]


def test_by_grade_id_whatever_else_was_lost():
    result = found(code("import numpy"), code(ANSWER, grade_id="double"), code(TEST, grade_id="double-test"))
    assert (result.found_by, result.cells, result.attempted, result.notes) == (match.GRADE_ID, (1,), True, ())


def test_by_cell_id_in_colabs_place():
    result = found(code(ANSWER.removeprefix("# question: double\n"), cell_id="double", colab=True))
    assert result.found_by == match.CELL_ID and result.attempted


def test_by_marker_when_all_metadata_are_gone():
    assert found(code("import os"), code(ANSWER)).found_by == match.MARKER


def test_by_name_only_if_one_cell_defines_it():
    bare = ANSWER.removeprefix("# question: double\n")
    assert found(code("x = 1"), code(bare)).found_by == match.NAME
    twice = found(code(bare), code(bare.replace("2 *", "3 *")))
    assert twice.source is None and "2 cells define `double`" in twice.notes[0]


def test_test_cells_never_count_as_answers():
    assert not found(code("def double(x):\n    return 2 * x\n" + TEST, grade_id="double-test")).attempted


def test_stub_and_empty_cell_are_not_attempts_and_yield_to_a_real_one():
    assert not found(code(STUB, grade_id="double")).attempted
    assert not found(code("", grade_id="double")).attempted
    assert not found(code(STUB.replace("# YOUR CODE HERE", "# hm"), grade_id="double")).attempted
    moved = found(code("", grade_id="double"), code("def double(x):\n    return x + x"))
    assert moved.found_by == match.NAME and moved.attempted


def test_of_copies_the_last_attempt_counts():
    result = found(
        code(ANSWER.replace("2", "5"), grade_id="double"), code(ANSWER, grade_id="double"), code(STUB, grade_id="double")
    )
    assert "2 * x" in result.source and result.cells == (1,)
    assert "3 cells carry the grade id" in result.notes[0]


def test_split_cell_is_joined_with_and_without_ids_on_its_second_half():
    first, second = "# question: double\ndef double(x):\n    y = x", "    return 2 * y"
    for grade_id in ("double", None):
        result = found(code(first, grade_id="double"), code(second, grade_id=grade_id))
        assert result.source == f"{first}\n{second}" and "split" in result.notes[-1]


def test_helper_function_in_a_cell_behind_is_not_swallowed():
    result = found(code(ANSWER, grade_id="double"), code("def more(x):\n    return x"))
    assert result.cells == (0,)


def test_answer_turned_to_text_is_read_as_code():
    result = found(code(ANSWER, grade_id="double", kind="markdown"))
    assert result.attempted and "text cell" in result.notes[0]


def test_nothing_there_proposes_the_most_similar_cell_but_takes_nothing():
    renamed = "def doubled(x):\n    # YOUR CODE HERE\n    return 2 * x"
    result = found(code("import os"), code(renamed))
    assert result.source is None and not result.attempted
    assert "cell 2 looks like it" in result.notes[0]


def test_syntax_errors_and_magics_do_not_hide_an_answer():
    assert found(code("%matplotlib inline\n!ls\n" + ANSWER)).found_by == match.MARKER
    broken = found(code("# question: double\ndef double(x)\n    return", grade_id="double"))
    assert broken.attempted


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x00\xff\xfe", "not text"),
        (b'{"cells": [{"cell_type": "co', "not whole"),
        (b"<html></html>", "not a notebook"),
        (b'{"cells": 3}', "no cells"),
        (b'{"cells": [], "x": ' + b"1" * 6000 + b"}", "not whole"),
        (b"[1, 2]", "not a notebook"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> x\n}', "merge markers"),
    ],
)
def test_what_is_not_a_notebook_is_refused_in_words(data, words):
    with pytest.raises(match.NotebookError, match=words):
        match.read_notebook(data)


def test_old_and_odd_notebooks_are_read():
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n", "b"]}]}]}
    (cell,) = match.read_notebook(json.dumps(old).encode())
    assert cell["source"] == "a\nb"
    with pytest.raises(match.NotebookError, match="it has no cells"):
        match.read_notebook(b'{"worksheets": [{"cells": null}, 3]}')
    odd = {"cells": [{"cell_type": "code", "metadata": None, "source": "x"}, "not a cell"]}
    assert len(match.read_notebook(b"\xef\xbb\xbf" + json.dumps(odd).encode())) == 1


def test_unknown_question_lists_those_that_there_are():
    with pytest.raises(ValueError, match="no released lesson has a question 'nonsense'"):
        match.released_question("nonsense")


def test_new_definitions_are_those_that_the_released_cell_has_not():
    released = "import numpy as np\n\ndef ours():\n    return 1\n\nplot(ours())\n"
    added = "import scipy\n%matplotlib inline\nx = slow()\n\nclass Mine:\n    pass\n\ndef helper(a):\n    return a\n\n" + released
    assert match.new_definitions(added, released).splitlines() == [
        "import scipy", "", "class Mine:", "    pass", "", "def helper(a):", "    return a",
    ]  # fmt: skip
    assert match.new_definitions(released, released) == ""
    assert match.new_definitions("def (", released) == ""


def test_a_cell_that_defines_the_name_wins_over_one_that_only_carries_the_id():
    bare = ANSWER.removeprefix("# question: double\n")
    result = found(code("print(double(3))", grade_id="double"), code(bare))
    assert (result.found_by, result.cells) == (match.NAME, (1,))
    alone = found(code("print(3)", grade_id="double"))
    assert (alone.found_by, alone.attempted) == (match.GRADE_ID, True)


@pytest.mark.parametrize(
    ("source", "state"),
    [
        (ANSWER, match.ANSWERED),
        (STUB, match.EMPTY),
        (f"%matplotlib inline\nimport numpy as np\n{STUB}", match.EMPTY),
        (STUB.replace("    # YOUR", "    y = 2\n    # YOUR"), match.ANSWERED),
        (ANSWER.replace("def double", "def twice"), match.UNNAMED),
        ("# question: double\nfrom mine import double", match.ANSWERED),
        ("# question: double\nif True:\n    def double(x):\n        return 2 * x", match.ANSWERED),
        ("# question: double\nprint([double for double in (1, 2)])", match.UNNAMED),
        (ANSWER + "\n  x", match.NOT_PYTHON),
    ],
)
def test_states_of_an_answer(source, state):
    said, why = match.state(found(code(source, grade_id="double")), RELEASED.questions[0])
    assert said == state and bool(why) == (state in (match.UNNAMED, match.NOT_PYTHON)), why


def test_names_that_an_answer_needs_and_where_they_are_made():
    source = "import numpy as np\ndef f(x, y=K):\n    import math\n    z = [w for w in x]\n    return np.sum(z) + helper(math.pi, len(x))\n"
    assert match.needed_names(source) == {"K", "helper"}
    made = match.definitions("%pip x\nK, L = 1, 2\ntry:\n    import a.b as c\nexcept ImportError:\n    c = None\nfor i in x: n = 1\nK = 3\nd['e'] = 1")
    assert made == {"L": "K, L = (1, 2)", "K": "K = 3", "c": "try:\n    import a.b as c\nexcept ImportError:\n    c = None"}
    assert match.needed_names("def f(:") == match.bound_names("def f(:") == frozenset() and match.definitions("def f(:") == {}
    deep = "x = " + "+".join(["y"] * 5000)
    assert match.bound_names(deep) == {"x"} and match.definitions(deep).keys() <= {"x"}
