"""Find the answers in a notebook that has been through a student's hands. Called by checks, by the check before handing
in, and by the grader; standard library only.

What was released is described by one map a lesson (``helpers/released/*.json``, derived by ``course build``): the
questions with their points, the cells and their ids, the names that an answer must define.
"""

import ast
import builtins
import contextlib
import difflib
import functools
import json
import re
import symtable
import warnings
from dataclasses import dataclass
from importlib import resources

GRADE_ID, CELL_ID, MARKER, NAME = "grade id", "cell id", "marker comment", "defined name"
ANSWERED, EMPTY, MISSING, NOT_PYTHON, UNNAMED = "answered", "not answered yet", "not found", "not Python", "wrong name"

# Each cell is looked at for each question; a cell of megabytes takes seconds each time. No notebook has more cells.
MAX_CELLS, MAX_CHARACTERS = 20_000, 20_000_000
_remembered = functools.lru_cache(maxsize=MAX_CELLS)

_ALIKE, _COMPARED = 0.6, 10  # how like a cell must be to be proposed, and how many are compared to the letter

_MARKER = re.compile(r"^[ \t]*#[ \t]*question:[ \t]*([A-Za-z_]\w*)[ \t]*$", re.MULTILINE)


class NotebookError(ValueError):
    """The file is not a notebook that can be read; the message says why and what to do."""


@dataclass(frozen=True)
class ReleasedQuestion:
    """One question as released.

    Attributes
    ----------
    id : str
        Name of the question: grade id of its answer cell and argument of ``checks.question``.
    points : float
    n_checks : int
        Visible and hidden checks together.
    names : tuple of str
        Names that the answer cell must define.
    answer_cell, test_cell : str
        Cell ids.
    test_grade_id : str
    source : str
        Answer cell as released, with its stub.
    checks : str
        Test cell as released: the visible checks.
    """

    id: str
    points: float
    n_checks: int
    names: tuple
    answer_cell: str
    test_cell: str
    test_grade_id: str
    source: str
    checks: str


@dataclass(frozen=True)
class Released:
    """Map of one released lesson: its name, release (a digest of the notebook), title, questions, ids of all cells, and
    the address of its solutions ('' where the course does not publish them)."""

    lesson: str
    release: str
    title: str
    questions: tuple
    cells: tuple
    answers: str


@dataclass(frozen=True)
class Match:
    """Where the answer to a question was found.

    Attributes
    ----------
    question : str
    source : str or None
        Code of the answer; None if nothing was found.
    cells : tuple of int
        Places (from 0) of the cells that it was taken from.
    found_by : str
        ``"grade id"``, ``"cell id"``, ``"marker comment"``, ``"defined name"``, or ``""``.
    attempted : bool
        False where the answer is empty or still the released stub.
    notes : tuple of str
        What was odd (duplicated, split, turned to text, ...), in words for the student.
    """

    question: str
    source: str | None
    cells: tuple
    found_by: str
    attempted: bool
    notes: tuple


@functools.cache
def released_lessons():
    """All released maps, by lesson name.

    Returns
    -------
    dict of str to Released
    """
    lessons = {}
    for entry in sorted(resources.files("helpers").joinpath("released").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".json"):
            released = released_from(json.loads(entry.read_text(encoding="utf-8")))
            lessons[released.lesson] = released
    return lessons


def released_from(map_):
    """A :class:`Released` from the plain dict of a map file.

    Raises
    ------
    TypeError
        If ``answers`` is not text: whatever else it is, no address would be found there when a solution is asked for.
    """
    if not isinstance(map_["answers"], str):
        kind = type(map_["answers"]).__name__
        raise TypeError(f"the map of {map_['lesson']} has a {kind} in place of the address of its answers: run `course build`")
    questions = tuple(
        ReleasedQuestion(**{**question, "names": tuple(question["names"])}) for question in map_["questions"]
    )
    return Released(map_["lesson"], map_["release"], map_["title"], questions, tuple(map_["cells"]), map_["answers"])


def released_question(name):
    """The released question of that name, of whichever lesson.

    Raises
    ------
    ValueError
        If there is none; the message lists those that there are.
    """
    every = {question.id: question for lesson in released_lessons().values() for question in lesson.questions}
    if name not in every:
        raise ValueError(
            f"no released lesson has a question {name!r}; there are: {', '.join(sorted(every)) or 'none'}. "
            "After adding a question, run `course build`."
        )
    return every[name]


def lesson_of(name):
    """The released lesson that has the question of that name; as :func:`released_question` otherwise."""
    question = released_question(name)
    return next(lesson for lesson in released_lessons().values() if question in lesson.questions)


def read_notebook(data):
    """Cells of a notebook file, whatever wrote it.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    list of dict
        ``type`` ("code", "markdown", "raw"), ``source`` (str), ``id`` (str), ``grade_id`` (str), ``released_type`` (str).

    Raises
    ------
    NotebookError
        As from :func:`load_notebook`; or if it has far more cells or text than anybody writes.
    """
    return cells_of(load_notebook(data))


def cells_of(notebook):
    """Cells of a notebook that was loaded, as :func:`read_notebook` gives them."""
    cells = notebook["cells"]
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"the notebook has {len(cells):,} cells; at most {MAX_CELLS:,} are read")
    cells = [plain(cell) for cell in cells]
    length = sum(len(cell["source"]) for cell in cells)
    if length > MAX_CHARACTERS:
        raise NotebookError(f"the cells have {length:,} characters; at most {MAX_CHARACTERS:,} are read: load data from a file")
    return cells


def load_notebook(data):
    """A notebook file as JSON data, its cells in one list, whatever wrote it.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    dict
        With ``cells``, a list of dict.

    Raises
    ------
    NotebookError
        If it is empty, not JSON (cut off, merge markers, another kind of file), or has no cells.
    """
    if not data.strip():
        raise NotebookError("the file is empty: save the notebook again and hand in that file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotebookError("the file is not text: a notebook (.ipynb) was expected") from None
    if re.search(r"^(<{7}|>{7}) ", text, re.MULTILINE):
        raise NotebookError("the file holds merge markers (<<<<<<<): finish the merge, open it once, and save it again")
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise NotebookError("the file is nested too deeply to be a notebook") from None
    except ValueError as error:  # also a number of thousands of digits, which json refuses in words of its own
        if not text.lstrip().startswith("{"):
            raise NotebookError("the file is not a notebook: an .ipynb file is JSON and begins with {") from None
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise NotebookError(
            f"the file is not whole: its JSON breaks off or is damaged{place}; download it again"
        ) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict):  # nbformat 3 and older kept cells in worksheets
        sheets = notebook.get("worksheets")
        if isinstance(sheets, list):
            lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
            lists = [cells for cells in lists if isinstance(cells, list)]
            cells = [cell for cells in lists for cell in cells] if lists else None
    if not isinstance(cells, list):
        raise NotebookError("the file is JSON, but not a notebook: it has no cells")
    return {**notebook, "cells": [cell for cell in cells if isinstance(cell, dict)]}


def plain(cell):
    """What matters of a cell: its type, its source and the ids that it carries, as in :func:`read_notebook`."""
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    nbgrader = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(str(part) for part in source)
    return {
        "type": str(cell.get("cell_type", "")),
        # Half a character (a lone surrogate) cannot be sent, hashed or written: it becomes a question mark.
        "source": str(source).encode("utf-8", "replace").decode().replace("\r\n", "\n"),
        "id": str(cell.get("id") or metadata.get("id") or ""),  # Colab keeps the id in the metadata
        "grade_id": str(nbgrader.get("grade_id", "")),
        "released_type": str(nbgrader.get("cell_type", "")),
    }


def match(cells, released):
    """Find the answer to every question of a lesson.

    Tried in order: the grade id, the cell id, the marker comment ``# question: NAME``, the name that the answer
    defines. A cell that is empty or still the stub yields to a later step that finds an attempt. Of several cells at
    one step the last attempt counts, as it would when the notebook runs; parts of a split cell are joined if only
    together they define the name. A cell that does not define the name yields to a later step that finds one that does.
    By name alone an answer is taken only where exactly one cell defines it.

    Parameters
    ----------
    cells : list of dict
        From :func:`read_notebook`.
    released : Released

    Returns
    -------
    dict of str to Match
        One for each question, in the lesson's order.
    """
    tests = {question.test_grade_id for question in released.questions}
    test_ids = {question.test_cell for question in released.questions}
    usable = [
        i
        for i, cell in enumerate(cells)
        if cell["grade_id"] not in tests and not (cell["id"] in test_ids and "checks.question(" in cell["source"])
    ]
    return {question.id: _match_question(question, cells, usable) for question in released.questions}


def _match_question(question, cells, usable):
    fallback = unnamed = None
    for found_by, places in _steps(question, cells, usable):
        if not places:
            continue
        if found_by == NAME and len(places) > 1:
            note = f"{len(places)} cells define `{question.names[0]}`, and none carries the question's id"
            fallback = fallback or Match(question.id, None, tuple(places), "", False, (note,))
            continue
        found = _choose(question, cells, places, found_by, usable)
        if found.attempted and set(question.names) <= defined_names(found.source):
            return found
        if found.attempted:
            unnamed = unnamed or found
        else:
            fallback = fallback or found
    if unnamed or fallback:
        return unnamed or fallback
    return Match(question.id, None, (), "", False, _proposal(question, cells, usable))


def _steps(question, cells, usable):
    yield GRADE_ID, [i for i in usable if cells[i]["grade_id"] == question.id]
    yield CELL_ID, [i for i in usable if cells[i]["id"] and cells[i]["id"] == question.answer_cell]
    yield MARKER, [i for i in usable if question.id in markers(cells[i]["source"])]
    defining = [i for i in usable if set(question.names) <= defined_names(cells[i]["source"])]
    yield NAME, [i for i in defining if not _is_stub(cells[i]["source"], question)]


def _choose(question, cells, places, found_by, usable):
    notes = []
    attempts = [i for i in places if not _is_stub(cells[i]["source"], question)]
    defining = [i for i in attempts if set(question.names) <= defined_names(cells[i]["source"])]
    if len(places) > 1:
        notes.append(f"{len(places)} cells carry the {found_by} of this question")
    chosen = (defining or attempts or places)[-1:]
    parts = _parts(cells, attempts, usable)
    if len(parts) > 1 and set(question.names) <= defined_names(_joined(cells, parts)):
        chosen = parts
        notes.append("the answer was split; its parts were joined")
    source = _joined(cells, chosen)
    if any(cells[i]["type"] != "code" for i in chosen):
        notes.append("the answer stood in a text cell; it was read as code")
    if found_by != GRADE_ID:
        notes.append(f"the cell had lost its grade id; it was found by its {found_by}")
    return Match(question.id, source, tuple(chosen), found_by, bool(attempts), tuple(notes))


def _parts(cells, attempts, usable):
    """Cells that are one answer cut in pieces: at least one of them is not Python by itself.

    A split cell leaves its second half either with the same ids, or without any right behind the first half.
    """
    if not attempts:
        return []
    parts, usable = list(attempts), set(usable)
    behind = parts[-1] + 1
    while behind in usable and not cells[behind]["grade_id"] and not _parses(cells[behind]["source"]):
        parts.append(behind)
        behind += 1
    if all(_parses(cells[i]["source"]) for i in parts) or not _parses(_joined(cells, parts)):
        return []
    return parts


def _parses(source):
    return not syntax_fault(source)


@_remembered
def syntax_fault(source):
    """Why a cell is not Python, in words for its author; '' if it is. Lines that only IPython understands are let pass.

    Parameters
    ----------
    source : str

    Returns
    -------
    str
    """
    try:
        _parsed(_without_magics(source))
    except SyntaxError as error:
        return f"line {error.lineno} of the cell is not Python: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        return "the cell is not Python"
    return ""


def markers(source):
    """Names of the questions whose marker comment (``# question: NAME``) a cell carries.

    Parameters
    ----------
    source : str

    Returns
    -------
    list of str
    """
    return _MARKER.findall(source)


def _joined(cells, places):
    return "\n".join(cells[i]["source"] for i in places)


def _proposal(question, cells, usable):
    """The cell most like the released one, as a proposal for a person; it never earns a mark by itself."""
    likeness = difflib.SequenceMatcher(b=question.source)  # what it knows of the second text is kept
    longest = 4 * len(question.source)
    close = []
    for i in usable:
        if 0 < len(cells[i]["source"]) <= longest:
            likeness.set_seq1(cells[i]["source"])
            if likeness.real_quick_ratio() > _ALIKE and (bound := likeness.quick_ratio()) > _ALIKE:
                close.append((bound, i))
    best, best_ratio = None, _ALIKE
    for _, i in sorted(close, reverse=True)[:_COMPARED]:  # the ratio itself takes the product of both lengths
        likeness.set_seq1(cells[i]["source"])
        if (ratio := likeness.ratio()) > best_ratio:
            best, best_ratio = i, ratio
    if best is None:
        return ("no cell answers this question",)
    return (f"no cell answers this question; cell {best + 1} looks like it, but does not define `{question.names[0]}`",)


def state(found, question):
    """What there is of an answer: what the check before handing in says, and what grading goes by.

    Parameters
    ----------
    found : Match
    question : ReleasedQuestion

    Returns
    -------
    str
        ``ANSWERED``, ``EMPTY``, ``MISSING``, ``NOT_PYTHON`` or ``UNNAMED``.
    str
        Why, in words for the student, where the notes of the match do not say it; else ''.
    """
    if found.source is None:
        return MISSING, ""
    if not found.attempted:
        return EMPTY, ""
    if fault := syntax_fault(found.source):
        return NOT_PYTHON, fault
    there = bound_names(found.source)
    if missing := [name for name in question.names if name not in there]:
        others = sorted(defined_names(found.source))
        has = f" (it defines {', '.join(f'`{name}`' for name in others[:3])})" if others else ""
        return UNNAMED, f"the cell defines no `{missing[0]}`{has}: the function must keep that name"
    return ANSWERED, ""


def _is_stub(source, question):
    """Whether a cell is empty, or has of the answer no more than what was handed out."""
    if normalised(source) in ("", normalised(question.source)):
        return True
    bodies, released = _bodies(source), _bodies(question.source)
    return all(name in bodies and bodies[name] == released.get(name) for name in question.names)


@_remembered
def _bodies(source):
    """What each function and class of a cell does, without its docstring, by name."""
    found = {}
    for node in _statements(source):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            with contextlib.suppress(RecursionError):
                found[node.name] = "\n".join(map(ast.dump, body))
    return found


@_remembered
def normalised(source):
    """Source without what does not matter: comments, blank lines and trailing blanks, by the syntax tree if it has one.

    Parameters
    ----------
    source : str

    Returns
    -------
    str
    """
    try:
        return ast.unparse(_parsed(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = (line.rstrip() for line in source.splitlines())
        return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


@_remembered
def defined_names(source):
    """Names that a cell defines at its top level, imports left out; the empty set if it is not Python.

    Parameters
    ----------
    source : str

    Returns
    -------
    frozenset of str
    """
    imports = (ast.Import, ast.ImportFrom)
    return frozenset(name for node in _statements(source) for name in _bound(node) if not isinstance(node, imports))


@_remembered
def bound_names(source):
    """Names that are there when a cell has run, imported ones too; the empty set if it is not Python."""
    return frozenset(name for node in _statements(source) for name in _bound(node))


def _parsed(source):
    """The syntax tree of a cell, without Python's advice on its style, which would go to standard error."""
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(source)


def _symbols(source, name, kind):
    with warnings.catch_warnings(action="ignore"):
        return symtable.symtable(source, name, kind)


def _statements(source):
    """The statements of a cell; none if it is not Python."""
    try:
        return _parsed(_without_magics(source)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _bound(node):
    """Names that a statement at the top level of a cell binds, in its blocks too."""
    names, left = set(), [node]
    while left:  # no recursion: an expression may be deeper than Python's own limit
        node = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif not isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            left += ast.iter_child_nodes(node)
    return names


@_remembered
def needed_names(source):
    """Names that a cell's code looks up outside itself, in any of its functions; built-in ones are left out.

    Parameters
    ----------
    source : str

    Returns
    -------
    frozenset of str
    """
    try:
        table = _symbols(_without_magics(source), "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    asked, tables = set(), [table]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        for symbol in one.get_symbols():
            if symbol.is_referenced() and (one is table or symbol.is_global()):
                asked.add(symbol.get_name())
    return frozenset(asked - bound_names(source) - set(dir(builtins)))


def definitions(source):
    """The statements of a cell that bind names, by name; of several the last. Loops are left out: they do work.

    Parameters
    ----------
    source : str

    Returns
    -------
    dict of str to str
    """
    found = {}
    for node in _statements(source):
        if not isinstance(node, (ast.For, ast.AsyncFor, ast.While, ast.Expr, ast.AugAssign)):
            with contextlib.suppress(RecursionError):
                found |= dict.fromkeys(_bound(node) - {"*"}, ast.unparse(node))
    return found


def new_definitions(source, released):
    """Source of the functions, classes and imports at the top level of a cell that the released cell does not have.

    Parameters
    ----------
    source, released : str

    Returns
    -------
    str
        Empty if there are none, or the cell is not Python.
    """
    try:
        before = {ast.dump(node) for node in _parsed(_without_magics(released)).body}
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        nodes = [node for node in _parsed(_without_magics(source)).body if isinstance(node, kinds)]
        return "\n\n".join(ast.unparse(node) for node in nodes if ast.dump(node) not in before)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def _without_magics(source):
    """The source with the lines that only IPython understands turned into ``pass`` at the same indentation."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        _parsed(source)
        return source  # Python as it is: a line of it may begin with the operator %
    return re.sub(r"^([ \t]*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
