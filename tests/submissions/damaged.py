"""Damaged, broken and runaway notebooks, made from the reference of a lesson; nobody means harm here.

Each function below is one case: its docstring says what happened to the notebook, it returns the notebook (JSON data,
or bytes where even that is damaged) and what its questions must get. Endless things end by themselves after a while,
and what grows stops growing, so that a grader without limits fails the test and does not hurt the machine.
"""

import io
import zipfile

from tests.submissions.parts import BELOW_FULL, QUICK, Case, Lesson, add, as_bytes, code, copied, find

Q = "standardise"  # the question that is damaged in most cases
_CASES = []
_WRONG = f"# question: {Q}\ndef {Q}(X_train, X_test):\n    return None\n"
_NOTHING = (("missing", "not_attempted"), 0)


def _case(**options):
    """Register a case. Options: ``file_name``, ``readable``, ``slow``; ``needs``: a tag that some cell must have."""

    def register(function):
        _CASES.append((function, options))
        return function

    return register


def names():
    """Names of all cases."""
    return [function.__name__ for function, _ in _CASES]


def damaged(reference, student, lesson):
    """All damaged submissions of a lesson.

    Parameters
    ----------
    reference, student : nbformat.NotebookNode
        From ``grading.build``.
    lesson : grading.course.Lesson

    Returns
    -------
    list of Case
        Without those that need a kind of cell which the lesson does not have.
    """
    made = Lesson(lesson.name, reference, student)
    tags = {tag for cell in student.cells for tag in cell.metadata.get("tags", [])} | {None}
    cases = []
    for function, options in _CASES:
        if options.get("needs") not in tags:
            continue
        notebook, expected = function(made)
        file_name = options.get("file_name", "{}.ipynb").format(lesson.name)
        why = function.__doc__.strip().splitlines()[0]
        options = {key: value for key, value in options.items() if key in ("readable", "slow")}
        cases.append(Case(function.__name__, as_bytes(notebook), file_name, expected, why, **options))
    return cases


def _cells_where(notebook, key):
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get(key)]


# --- for comparison -------------------------------------------------------------------------------------------------


@_case()
def nothing_wrong(made):
    """Every question answered as in the reference."""
    return made.filled(made.questions), made.expected(made.questions)


@_case()
def untouched(made):
    """The notebook as it was handed out."""
    return made.filled(()), made.expected(())


# --- cells copied, split, deleted, moved, changed -------------------------------------------------------------------


@_case()
def answer_copied(made):
    """An answer cell copied, with its grade id (nbgrader stops the whole class)."""
    notebook = made.filled()
    at = find(notebook, Q)
    notebook["cells"].insert(at + 1, copied(notebook["cells"][at], id="copy"))
    return notebook, made.expected()


@_case()
def answer_copied_with_its_id(made):
    """An answer cell copied with its grade id and its cell id, which no notebook may have twice."""
    notebook = made.filled()
    at = find(notebook, Q)
    notebook["cells"].insert(at + 1, copied(notebook["cells"][at]))
    return notebook, made.expected()


@_case()
def answer_copied_before_it_was_answered(made):
    """A copy of the answer cell stayed a stub; the attempt counts, wherever it stands."""
    notebook = made.filled()
    at = find(notebook, Q)
    stub = next(cell.source for cell in made.student.cells if cell.id == Q)
    notebook["cells"].insert(at + 1, copied(notebook["cells"][at], id="copy", source=stub))
    return notebook, made.expected()


@_case()
def answer_copied_then_spoilt(made):
    """The later of two attempts counts, as it would when the notebook runs."""
    notebook = made.filled()
    at = find(notebook, Q)
    notebook["cells"].insert(at + 1, copied(notebook["cells"][at], id="copy", source=_WRONG))
    return notebook, made.expected(standardise=(("failed", "error"), 0))


@_case()
def test_cell_copied(made):
    """A test cell copied, with its grade id (nbgrader stops the whole class)."""
    notebook = made.filled()
    at = find(notebook, f"{Q}-test")
    notebook["cells"].insert(at, copied(notebook["cells"][at], id="copy"))
    return notebook, made.expected()


@_case()
def answer_split_with_metadata(made):
    """An answer cell split in the middle of its function; both halves kept the metadata."""
    notebook = made.filled()
    at = find(notebook, Q)
    lines = notebook["cells"][at]["source"].splitlines(keepends=True)
    notebook["cells"].insert(at + 1, copied(notebook["cells"][at], id="half", source="".join(lines[-2:])))
    notebook["cells"][at]["source"] = "".join(lines[:-2])
    return notebook, made.expected()


@_case()
def answer_split_without_metadata(made):
    """An answer cell split in the middle of its function; the second half is a cell without any mark."""
    notebook = made.filled()
    at = find(notebook, Q)
    lines = notebook["cells"][at]["source"].splitlines(keepends=True)
    notebook["cells"].insert(at + 1, code("".join(lines[-2:]), "half"))
    notebook["cells"][at]["source"] = "".join(lines[:-2])
    return notebook, made.expected()


_HELPER = "def my_scale(x):\n    return FACTOR * x\n"
_CONSTANT = "FACTOR = 2\n"


def _needs_help(made):
    return made.filled(standardise=made.answer(Q, at_call="assert my_scale(2) == 4"))


@_case()
def answer_split_between_its_functions(made):
    """An answer cell split between two functions; both halves kept the metadata."""
    notebook = _needs_help(made)
    at = find(notebook, Q)
    notebook["cells"].insert(at, copied(notebook["cells"][at], id="half", source=f"# question: {Q}\n{_CONSTANT}{_HELPER}"))
    return notebook, made.expected()


@_case()
def helper_in_a_cell_with_the_marker(made):
    """A function that the answer needs, in a cell of its own that carries the marker comment, too."""
    notebook = _needs_help(made)
    notebook["cells"].insert(find(notebook, Q), code(f"# question: {Q}\n{_CONSTANT}{_HELPER}"))
    return notebook, made.expected()


@_case()
def helper_in_the_test_cell(made):
    """A function that the answer needs, written into the test cell; its constant in a cell below."""
    notebook = _needs_help(made)
    at = find(notebook, f"{Q}-test")
    notebook["cells"][at]["source"] = _HELPER + notebook["cells"][at]["source"]
    notebook["cells"].insert(at + 1, code(_CONSTANT))
    return notebook, made.expected()


@_case()
def answer_moved_and_its_cell_used_otherwise(made):
    """The answer in a new cell without any mark; its own cell tries it out."""
    notebook = made.filled(standardise="print('trying it out')")
    notebook["cells"].insert(find(notebook, Q), code(made.answer(Q).replace("# question:", "# here is")))
    return notebook, made.expected()


@_case()
def answer_deleted(made):
    """An answer cell deleted."""
    notebook = made.filled()
    del notebook["cells"][find(notebook, Q)]
    return notebook, made.expected(standardise=("missing", 0))


@_case()
def test_cell_deleted(made):
    """A test cell deleted (nbgrader silently asks for a manual grade)."""
    notebook = made.filled()
    del notebook["cells"][find(notebook, f"{Q}-test")]
    return notebook, made.expected()


@_case()
def every_test_cell_deleted(made):
    """All test cells deleted."""
    notebook = made.filled()
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]
    return notebook, made.expected()


@_case()
def answer_turned_to_text(made):
    """An answer cell turned into a markdown cell by a slip of the keyboard."""
    notebook = made.filled()
    cell = notebook["cells"][find(notebook, Q)]
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    return notebook, made.expected()


@_case()
def answer_moved_to_a_new_cell(made):
    """The answer pasted into a new cell at the end, the old cell left as a stub."""
    notebook = made.filled(("describe_data", "epoch_to_keep"))
    notebook["cells"].append(code(made.answer(Q)))
    return notebook, made.expected()


@_case()
def answers_all_in_one_new_cell(made):
    """All answers in one new cell, without marker comments; the old cells deleted."""
    notebook = made.filled(())
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("solution")]
    sources = [made.answer(question).replace("# question:", "# here is") for question in QUICK]
    notebook["cells"].append(code("\n\n".join(sources)))
    missing = {question: ("missing", 0) for question in made.questions if question not in QUICK}
    return notebook, made.expected(**missing)


@_case()
def answers_in_reverse_order(made):
    """The answer cells in reverse order, all in front."""
    notebook = made.filled()
    answers = _cells_where(notebook, "solution")
    notebook["cells"] = [*answers[::-1], *(cell for cell in notebook["cells"] if cell not in answers)]
    return notebook, made.expected()


@_case()
def answer_in_try_and_except(made):
    """An answer wrapped in try and except."""
    lines = made.answer(Q).splitlines()
    source = "\n".join([lines[0], "try:", *(f"    {line}" for line in lines[1:]), "except Exception:", "    pass"])
    return made.filled(standardise=source), made.expected()


@_case()
def answer_renamed(made):
    """The function got another name."""
    source = made.answer(Q).replace(f"def {Q}(", "def standardize_all(")
    return made.filled(standardise=source), made.expected(standardise=(("failed", "error", "missing"), 0))


@_case()
def stub_with_a_magic(made):
    """The stub, with a line above it that only a notebook understands."""
    stub = next(cell.source for cell in made.student.cells if cell.id == Q)
    return made.filled(standardise=f"%matplotlib inline\n{stub}"), made.expected(standardise=("not_attempted", 0))


@_case()
def stub_left_below_the_answer(made):
    """A written answer above the line that ends the stub."""
    source = made.answer(Q).replace("    return", "    Z =") + "\n    raise NotImplementedError()"
    return made.filled(standardise=source), made.expected(standardise=(("failed", "error"), 0))


@_case()
def answer_is_a_lambda(made):
    """The function was written in another form than the stub's."""
    source = f"# question: {Q}\nfrom sklearn.preprocessing import StandardScaler as S\n"
    source += f"{Q} = lambda A, B: (lambda s: (s.transform(A), s.transform(B)))(S().fit(A))"
    return made.filled(standardise=source), made.expected()


@_case()
def answer_is_an_object(made):
    """The name of the answer is an object that can be called, and no function."""
    source = made.answer(Q).replace(f"def {Q}(", "def inner(") + f"\nimport functools\n{Q} = functools.partial(inner)"
    return made.filled(standardise=source), made.expected()


@_case()
def answer_is_no_function(made):
    """The name of the answer is an array."""
    expected = made.expected(standardise=(("failed", "error"), 0))
    return made.filled(standardise=f"# question: {Q}\nimport numpy as np\n{Q} = np.ones((3, 2))"), expected


@_case()
def answer_with_cell_magic(made):
    """An answer cell that begins with %%time."""
    return made.filled(standardise="%%time\n" + made.answer(Q)), made.expected()


# --- metadata, format, outputs --------------------------------------------------------------------------------------


@_case()
def metadata_gone(made):
    """All metadata gone; ids and marker comments are left."""
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return notebook, made.expected()


@_case()
def metadata_and_ids_gone(made):
    """All metadata and ids gone; marker comments are left."""
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return {**notebook, "metadata": {}, "nbformat_minor": 2}, made.expected()


@_case()
def metadata_ids_and_markers_gone(made):
    """Nothing is left but the names of the functions."""
    notebook, _ = metadata_and_ids_gone(made)
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("# question:", "# ")
    stubs = {question: _NOTHING for question in made.questions if question not in QUICK}  # nothing tells them from others
    return notebook, made.expected(**stubs)


@_case()
def metadata_null(made):
    """``metadata`` is null in every cell, and so are outputs and ids."""
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["metadata"] = cell["id"] = None
        if "outputs" in cell:
            cell["outputs"] = None
    return notebook, made.expected()


@_case()
def metadata_of_the_wrong_kind(made):
    """``metadata`` and ``nbgrader`` are lists, numbers and text; some cells are no cells."""
    notebook = made.filled()
    for i, cell in enumerate(notebook["cells"]):
        cell["metadata"] = [[], 5, "text", {"nbgrader": []}, {"nbgrader": {"grade_id": ["x"]}, "tags": 7}][i % 5]
    notebook["cells"][1:1] = [None, 7, "cell", [], {}, code(None), code(["a = 1\n", 2, None]), code({"a": 1})]
    return notebook, made.expected()


@_case()
def schema_version_99(made):
    """``schema_version`` 99 in one cell (nbgrader stops the whole class)."""
    notebook = made.filled()
    notebook["cells"][find(notebook, Q)]["metadata"]["nbgrader"]["schema_version"] = 99
    return notebook, made.expected()


@_case()
def points_100(made):
    """``points`` 100 written into the metadata of each cell."""
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader", {})["points"] = 100
    return notebook, made.expected()


@_case()
def saved_by_colab(made):
    """Saved by Colab: nbformat 4.0, ids in the metadata, Colab's own metadata, outputs."""
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}, "outputId": "8f0c"}
        cell["source"] = cell["source"].splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["hello\n"]}]
            cell["execution_count"] = 7
    notebook |= {"nbformat": 4, "nbformat_minor": 0}
    notebook["metadata"] |= {"colab": {"name": "Copy of lesson", "provenance": [], "gpuType": "T4"}, "accelerator": "GPU"}
    return notebook, made.expected()


@_case(file_name="Copy_of_{}.ipynb")
def file_called_copy_of(made):
    """The file is called Copy_of_... (nbgrader finds no notebook)."""
    return made.filled(), made.expected()


@_case()
def outputs_of_20_mb(made):
    """20 MB of outputs."""
    notebook = made.filled()
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 10_000_000}}
    for cell in _cells_where(notebook, "solution")[:2]:
        cell["outputs"] = [output]
    return notebook, made.expected()


@_case()
def notebook_format_3(made):
    """Saved in the format of ten years ago: worksheets, and ``input`` in place of ``source``."""
    notebook = made.filled()
    cells = [{"cell_type": c["cell_type"], "metadata": {}, "language": "python"} for c in notebook["cells"]]
    for cell, old in zip(cells, notebook["cells"], strict=True):
        cell["input" if old["cell_type"] == "code" else "source"] = old["source"]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}, made.expected()


@_case(readable=False)
def notebook_format_3_without_cells(made):
    """Worksheets that hold no list of cells."""
    notebook = {"nbformat": 3, "worksheets": [{"cells": None}, {"cells": 5}, {}]}
    return notebook, made.expected((), **dict.fromkeys(made.questions, _NOTHING))


@_case()
def byte_order_mark(made):
    """An editor put a byte order mark in front."""
    return b"\xef\xbb\xbf" + as_bytes(made.filled()), made.expected()


@_case()
def windows_line_ends(made):
    """An editor turned every line end, in the file and in the cells, into CR LF."""
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return as_bytes(notebook).replace(b"\n", b"\r\n"), made.expected()


@_case()
def half_a_character(made):
    """A cell holds half of a pair of code units, which JSON can write and UTF-8 cannot."""
    notebook = add(made.filled(), "# \ud83d\nword = 'half a smile \ud83d'")
    notebook["cells"][find(notebook, Q)]["source"] += "\n# \ude00"
    return notebook, made.expected()


@_case()
def null_character(made):
    """A cell holds a null character."""
    return add(made.filled(), "word = 'a\0b'"), made.expected()


@_case()
def blank_lines_without_end(made):
    """A key was held down: half a million blank lines in one cell."""
    return add(made.filled(), "word = 1" + "\n" * 500_000 + "# question: nothing at all"), made.expected()


@_case()
def cell_of_5_mb(made):
    """A table pasted into a cell: 5 MB of numbers."""
    return add(made.filled(), "table = [\n" + "1, 2, 3, 4, 5, 6, 7, 8, 9,\n" * 180_000 + "]"), made.expected()


@_case()
def brackets_without_end(made):
    """Cells which Python's parser cannot take: thousands of brackets, signs and dots."""
    sources = ["(" * 9000 + ")" * 9000, "x = " + "-" * 90_000 + "1", "x = a" + ".b" * 90_000, "x = 1" + " + 1" * 90_000]
    return add(made.filled(), *sources), made.expected()


@_case()
def three_hundred_added_cells(made):
    """300 cells added."""
    return add(made.filled(), *(f"step_{i} = {i}\nstep_{i} + 1" for i in range(300))), made.expected()


@_case()
def three_hundred_cells_that_end_python(made):
    """300 added cells, each of which ends Python."""
    return add(made.filled(), *(["import os\nos._exit(0)"] * 300)), made.expected()


@_case(slow=True)
def three_hundred_cells_that_wait(made):
    """300 added cells, each of which waits for an hour."""
    return add(made.filled(), *(["import time\ntime.sleep(3600)"] * 300)), made.expected()


# --- files that are no notebook --------------------------------------------------------------------------------------


def _unreadable(made, data):
    return data, made.expected((), **dict.fromkeys(made.questions, _NOTHING))


@_case(readable=False)
def cut_off(made):
    """A download that broke off."""
    data = as_bytes(made.filled())
    return _unreadable(made, data[: len(data) // 2])


@_case(readable=False)
def empty_file(made):
    """An empty file."""
    return _unreadable(made, b"")


@_case(readable=False)
def web_page(made):
    """A web page saved under the notebook's name."""
    return _unreadable(made, b"<!DOCTYPE html>\n<html><body>Sign in to continue</body></html>\n")


@_case(readable=False)
def zip_archive(made):
    """A zip with the notebook in it, under the notebook's name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("lesson.ipynb", as_bytes(made.filled()))
    return _unreadable(made, archive.getvalue())


@_case(readable=False)
def merge_markers(made):
    """A merge that was not finished."""
    lines = as_bytes(made.filled()).splitlines()
    lines[3:3] = [b"<<<<<<< HEAD", b"=======", b">>>>>>> theirs"]
    return _unreadable(made, b"\n".join(lines))


@_case(readable=False)
def other_json(made):
    """JSON, and no notebook."""
    return _unreadable(made, b'{"answers": [1, 2, 3]}')


@_case(readable=False)
def json_number(made):
    """JSON that is one number."""
    return _unreadable(made, b"7")


@_case(readable=False)
def number_of_5000_digits(made):
    """JSON with a number which Python refuses to read."""
    return _unreadable(made, as_bytes(made.filled()).replace(b'"nbformat": 4', b'"nbformat": ' + b"4" * 5000))


@_case(readable=False)
def nested_100000_deep(made):
    """JSON nested 100,000 deep."""
    return _unreadable(made, b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")


@_case(readable=False)
def utf_16(made):
    """Saved as UTF-16."""
    return _unreadable(made, as_bytes(made.filled()).decode().encode("utf-16"))


# --- what students write ---------------------------------------------------------------------------------------------


@_case()
def merge_markers_in_an_answer(made):
    """A merge that was not finished, inside one answer."""
    source = made.answer(Q).replace("pass\n", "pass\n<<<<<<< HEAD\n    x = 1\n=======\n    x = 2\n>>>>>>> theirs\n")
    return made.filled(standardise=source), made.expected(standardise=("syntax_error", 0))


@_case()
def syntax_error(made):
    """A bracket is missing in one answer."""
    source = f"# question: {Q}\ndef {Q}(X_train, X_test:\n    return X_train, X_test\n"
    return made.filled(standardise=source), made.expected(standardise=("syntax_error", 0))


@_case()
def input_in_an_answer(made):
    """An answer asks for keyboard input."""
    source = made.answer(Q, at_call='name = input("your name? ")')
    return made.filled(standardise=source), made.expected(standardise=(("error", "failed"), 0))


@_case()
def input_in_an_added_cell(made):
    """An added cell asks for keyboard input, another for a password."""
    sources = ['name = input("your name? ")', "import getpass\ngetpass.getpass()", "import sys\nsys.stdin.read()"]
    return add(made.filled(), *sources), made.expected()


@_case()
def installs_and_shell(made):
    """%pip, ! and %% lines, in added cells and above an answer."""
    magics = ["%pip install nothing-at-all", "!pip install nothing-at-all", "!ls", "files = !ls\nfiles[:3]", "%matplotlib inline"]
    magics += ["%%bash\necho hello", "%%writefile notes.txt\nhello", "%cd /", "%load_ext autoreload", "%%html\n<b>hello</b>"]
    notebook = add(made.filled(standardise="%pip install x\n!ls\n" + made.answer(Q)), *magics)
    return notebook, made.expected()


@_case()
def errors_in_added_cells(made):
    """Added cells that raise whatever can be raised."""
    kinds = ["1 / 0", "raise SystemExit(3)", "raise KeyboardInterrupt", "exit()", "quit()", "raise GeneratorExit"]
    kinds += ["def (", "  x = 1\n y = 2", "from google.colab import drive\ndrive.mount('/content/drive')", "undefined"]
    kinds += ["class Odd(Exception):\n    def __str__(self): raise self\nraise Odd", "assert False", "await nothing"]
    return add(made.filled(), *kinds), made.expected()


@_case()
def ends_in_added_cells(made):
    """Added cells that end Python in every way."""
    ends = ["import os\nos._exit(0)", "import os\nos.abort()", "import ctypes\nctypes.string_at(0)"]
    ends += ["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "import sys\nsys.stdout.close()\nsys.exit(0)"]
    ends += ["import os\nos.closerange(0, 100)"]
    return add(made.filled(), *ends), made.expected()


@_case()
def exit_at_call(made):
    """An answer ends Python when it is called."""
    source = made.answer(Q, at_call="import os; os._exit(0)")
    return made.filled(standardise=source), made.expected(standardise=("crash", 0))


@_case()
def exit_at_definition(made):
    """An answer cell ends Python."""
    source = made.answer(Q, at_definition="import os\nos._exit(0)")
    return made.filled(standardise=source), made.expected(standardise=("crash", 0))


@_case()
def system_exit_at_call(made):
    """An answer calls exit()."""
    source = made.answer(Q, at_call="exit()")
    return made.filled(standardise=source), made.expected(standardise=(("error", "failed"), 0))


@_case()
def segmentation_fault(made):
    """An answer crashes in C."""
    source = made.answer(Q, at_call="import ctypes; ctypes.string_at(0)")
    return made.filled(standardise=source), made.expected(standardise=("crash", 0))


_LOOP = "import time as _t\n_end = _t.monotonic() + 120\nwhile _t.monotonic() < _end:\n    pass"


@_case()
def endless_at_call(made):
    """An answer never returns."""
    return made.filled(standardise=made.answer(Q, at_call=_LOOP)), made.expected(standardise=("timeout", 0))


@_case()
def endless_at_definition(made):
    """An answer cell never ends."""
    return made.filled(standardise=made.answer(Q, at_definition=_LOOP)), made.expected(standardise=("timeout", 0))


@_case()
def endless_in_an_added_cell(made):
    """An added cell never ends."""
    return add(made.filled(), _LOOP), made.expected()


@_case()
def endless_and_catches_everything(made):
    """A loop that catches whatever is raised inside it (nbgrader waits twice)."""
    loop = "import time as _t\n_end = _t.monotonic() + 120\nwhile _t.monotonic() < _end:\n"
    loop += "    try:\n        while _t.monotonic() < _end:\n            pass\n    except BaseException:\n        pass"
    return made.filled(standardise=made.answer(Q, at_call=loop)), made.expected(standardise=("timeout", 0))


@_case(slow=True)
def sleeps_at_call(made):
    """An answer sleeps for an hour, which takes no CPU."""
    source = made.answer(Q, at_call="import time; time.sleep(3600)")
    return made.filled(standardise=source), made.expected(standardise=("timeout", 0))


@_case(slow=True)
def sleeps_a_little_at_each_call(made):
    """An answer sleeps 20 seconds at each call: no call is too long, all together are."""
    source = made.answer(Q, at_call="import time; time.sleep(20)")
    return made.filled(standardise=source), made.expected(standardise=("timeout", 0))


@_case(slow=True)
def deadlock(made):
    """An answer waits for a lock that it holds."""
    source = made.answer(Q, at_call="import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()")
    return made.filled(standardise=source), made.expected(standardise=("timeout", 0))


@_case()
def recursion(made):
    """An answer calls itself without end."""
    source = made.answer(Q, at_call=f"return {Q}(X_train, X_test)")
    return made.filled(standardise=source), made.expected(standardise=(("error", "failed"), 0))


@_case()
def recursion_without_limit(made):
    """An answer lifts the limit on recursion first."""
    source = made.answer(Q, at_call=f"import sys; sys.setrecursionlimit(10**9); return {Q}(X_train, X_test)")
    return made.filled(standardise=source), made.expected(standardise=(("error", "crash", "memory", "timeout"), 0))


@_case()
def one_huge_array(made):
    """An answer asks for an array of 8 TB."""
    source = made.answer(Q, at_call="huge = np.ones(10**12)")
    return made.filled(standardise=source), made.expected(standardise=(("error", "memory"), 0))


_GROW = "blocks = []\nfor _ in range(96):\n    blocks.append(bytearray(b'x') * 2**26)\nimport time; time.sleep(5)"


@_case()
def memory_grows(made):
    """An answer collects 6 GB in pieces."""
    return made.filled(standardise=made.answer(Q, at_call=_GROW)), made.expected(
        standardise=(("memory", "error", "timeout"), 0)  # each check makes it grow again: that takes its time, too
    )


@_case()
def memory_grows_and_catches(made):
    """An answer collects memory, catches the error, and keeps what it has."""
    grow = "blocks = []\nfor _ in range(96):\n    try:\n        blocks.append(bytearray(b'x') * 2**26)\n"
    grow += "    except MemoryError:\n        pass\nimport time; time.sleep(1)\nreturn None"
    return made.filled(standardise=made.answer(Q, at_call=grow)), made.expected(
        standardise=(("memory", "failed", "error", "timeout"), 0)
    )


@_case()
def fork_bomb(made):
    """An answer starts 200 processes that wait 20 s (a bomb with a short fuse)."""
    bomb = "import os, time\nfor _ in range(200):\n    if os.fork() == 0:\n        time.sleep(20); os._exit(0)\nreturn None"
    return made.filled(standardise=made.answer(Q, at_call=bomb)), made.expected(
        standardise=(("error", "crash", "failed", "memory"), 0)
    )


@_case()
def thread_bomb(made):
    """An answer starts 500 threads that wait 20 s."""
    bomb = "import threading, time\nfor _ in range(500):\n    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()"
    return made.filled(standardise=made.answer(Q, at_call=bomb + "\nreturn None")), made.expected(
        standardise=(("error", "crash", "failed", "memory"), 0)
    )


@_case()
def disk_filled(made):
    """An answer writes files until nothing more can be written, at most 2 GB."""
    fill = "for i in range(64):\n    with open(f'fill-{i}', 'wb') as file:\n        file.write(bytes(2**25))\nreturn None"
    return made.filled(standardise=made.answer(Q, at_call=fill)), made.expected(
        standardise=(("error", "failed", "memory"), 0)
    )


@_case()
def stderr_of_all_kinds(made):
    """A right answer that warns, logs, and writes to stderr like a C library (nbgrader gives 0)."""
    noise = (
        "import logging, os, sys, warnings\nwarnings.warn('old')\nlogging.getLogger().error('odd')\n"
        "print('to stderr', file=sys.stderr)\nos.write(2, b'from C')\nsys.__stderr__.write('x')"
    )
    return made.filled(standardise=made.answer(Q, at_call=noise)), made.expected()


@_case()
def prints_a_million_lines(made):
    """A right answer that prints a million lines when its cell runs, and some at each call."""
    noise = "for i in range(1_000_000):\n    print(i)"
    source = made.answer(Q, at_call="print('x' * 1_000_000)", at_definition=noise)
    return made.filled(standardise=source), made.expected()


@_case()
def prints_half_a_character(made):
    """A right answer that prints what UTF-8 cannot write, and the bell."""
    return made.filled(standardise=made.answer(Q, at_call="print('\\ud83d \\x00 \\x07')")), made.expected()


def _returns(made, value, expected):
    source = made.answer("epoch_to_keep").replace("return ", f"return {value} #")
    return made.filled(("describe_data", Q), epoch_to_keep=source), made.expected(epoch_to_keep=expected)


_LESS = (("failed", "partial", "error"), BELOW_FULL)


@_case()
def returns_minus_one(made):
    """-1, which nbgrader takes for full points where it is a mark."""
    return _returns(made, "-1", _LESS)


@_case()
def returns_false(made):
    """False."""
    return _returns(made, "False", _LESS)


@_case()
def returns_ok(made):
    """The text 'ok', which nbgrader takes for full points where it is a mark."""
    return _returns(made, "'ok'", _LESS)


@_case()
def returns_more_than_the_maximum(made):
    """A number above all marks."""
    return _returns(made, "10**6", _LESS)


@_case()
def returns_an_integer_of_10000_digits(made):
    """An integer which Python refuses to print."""
    return _returns(made, "10**10_000", _LESS)


@_case()
def returns_half_a_character(made):
    """A text which UTF-8 cannot write."""
    return _returns(made, "'\\ud83d'", _LESS)


@_case()
def returns_infinity(made):
    """Infinity."""
    return _returns(made, "float('inf')", _LESS)


@_case()
def returns_nothing(made):
    """None: the return was forgotten."""
    return _returns(made, "None", _LESS)


@_case()
def returns_itself(made):
    """A list that contains itself."""
    return _returns(made, "(lambda a: a.append(a) or a)([])", _LESS)


@_case()
def returns_a_module(made):
    """The plotting module, as in `return plt`."""
    return _returns(made, "__import__('matplotlib.pyplot').pyplot", _LESS)


@_case()
def returns_an_infinite_generator(made):
    """A generator without end."""
    return _returns(made, "iter(int, 1)", _LESS)


@_case()
def returns_an_endless_itertools(made):
    """An iterator without end."""
    return _returns(made, "__import__('itertools').count()", _LESS)


@_case()
def returns_ten_million_items(made):
    """A list of ten million numbers."""
    return _returns(made, "[0] * 10_000_000", _LESS)


@_case()
def returns_the_right_thing_as_numpy(made):
    """The right number as numpy's own scalar, whose repr nbgrader cannot read as a mark."""
    source = made.answer("epoch_to_keep").replace("return int(", "return np.int64(")
    return made.filled(("describe_data", Q), epoch_to_keep=source), made.expected()


@_case()
def returns_the_right_thing_as_float(made):
    """The right number as np.float64."""
    source = made.answer("epoch_to_keep").replace("return int(", "return np.float64(")
    return made.filled(("describe_data", Q), epoch_to_keep=source), made.expected()


@_case()
def returns_the_right_thing_without_dimensions(made):
    """The right number as an array without dimensions."""
    source = made.answer("epoch_to_keep").replace("return int(", "return np.asarray(")
    return made.filled(("describe_data", Q), epoch_to_keep=source), made.expected()


@_case()
def tests_edited_to_pass(made):
    """All test cells edited to `pass`, one answer wrong."""
    notebook = made.filled(("describe_data", "epoch_to_keep"), standardise=_WRONG)
    for cell in _cells_where(notebook, "grade"):
        cell["source"] = "pass"
    return notebook, made.expected(standardise=(("failed", "error"), 0))


@_case()
def tests_edited_to_a_number(made):
    """All test cells edited to 100.0, nothing answered."""
    notebook = made.filled(())
    for cell in _cells_where(notebook, "grade"):
        cell["source"] = "100.0"
    return notebook, made.expected(())


@_case()
def imports_deleted(made):
    """The cells with the imports deleted."""
    notebook = made.filled()
    notebook["cells"] = [c for c in notebook["cells"] if c["cell_type"] != "code" or "nbgrader" in c["metadata"]]
    return notebook, made.expected()


@_case()
def import_added_to_the_imports(made):
    """An answer needs an import that the student added to the lesson's import cell."""
    notebook = made.filled(standardise=made.answer(Q, at_call="assert zscore is not None"))
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code" and "import numpy as np" in c["source"])
    cell["source"] += "\nfrom scipy.stats import zscore"
    return notebook, made.expected()


@_case()
def helper_in_an_added_cell(made):
    """An answer uses a function that the student defined in an added cell above."""
    notebook = made.filled(standardise=made.answer(Q, at_call="assert my_scale(2) == 4"))
    return add(notebook, "def my_scale(x):\n    return 2 * x", at=find(notebook, Q)), made.expected()


@_case()
def helper_in_another_answer(made):
    """An answer uses a function and a variable that another answer's cell defines."""
    first = made.answer("describe_data", at_definition="FACTOR = 2\ndef my_scale(x):\n    return FACTOR * x")
    second = made.answer(Q, at_call="assert my_scale(2) == 2 * FACTOR")
    return made.filled(("epoch_to_keep",), describe_data=first, standardise=second), made.expected()


@_case()
def helper_survives_a_crash(made):
    """A function of an added cell is still there for a later answer, after another answer ended Python."""
    first = made.answer("describe_data", at_call="import os; os._exit(1)")
    second = made.answer(Q, at_call="assert my_scale(2) == 4")
    notebook = made.filled(("epoch_to_keep",), describe_data=first, standardise=second)
    add(notebook, "def my_scale(x):\n    return 2 * x", at=find(notebook, "describe_data"))
    return notebook, made.expected(describe_data=("crash", 0))


@_case()
def global_counter(made):
    """A right answer that counts its calls in a global."""
    source = made.answer(Q, at_call="global CALLS; CALLS += 1", at_definition="CALLS = 0")
    return made.filled(standardise=source), made.expected()


@_case()
def input_changed_in_place(made):
    """A right answer that spoils its arguments afterwards."""
    source = made.answer(Q).replace("return (X_train", "Z = (X_train") + "\n    X_train[:] = X_test[:] = 7\n    return Z"
    return made.filled(standardise=source), made.expected()


@_case()
def global_settings_changed(made):
    """A right answer that changes global settings of numpy, warnings and the working folder."""
    change = "import os, warnings\nnp.seterr(all='ignore'); np.set_printoptions(precision=1); os.chdir('/')\n"
    change += "warnings.simplefilter('ignore'); np.random.seed(0); os.environ.clear()"
    return made.filled(standardise=made.answer(Q, at_call=change)), made.expected()


@_case(needs="explore")
def explore_cell_edited(made):
    """An answer uses a name that the student defined in a cell which grading leaves out."""
    notebook = made.filled(standardise=made.answer(Q, at_call="assert my_scale(2) == 4"))
    cell = next(c for c in notebook["cells"] if "explore" in c["metadata"].get("tags", []))
    notebook["cells"].remove(cell)
    cell["source"] = "def my_scale(x):\n    return 2 * x\n\n" + cell["source"]
    notebook["cells"].insert(find(notebook, Q), cell)
    return notebook, made.expected()
