"""Derive what students get from the one hand-written form of a lesson. Called by ``course build`` and by the tests.

``solutions/NN_name/NN_name.py`` (jupytext percent format with nbgrader metadata) becomes

- ``notebooks/NN_name.ipynb``, the student version: solutions, hidden tests and outputs cut by nbgrader's own
  preprocessors, metadata locked and checksums set;
- ``helpers/released/NN_name.json``, the map by which checks and graders find the questions again;
- ``.build/nbgrader/source/NN_name/NN_name.ipynb``, the form that nbgrader's own commands work on (not committed).

The same source gives the same bytes: cell ids come from grade ids and section names, notebook metadata are reduced to
the kernel and ``course = {lesson, release}``.
"""

import ast
import builtins
import copy
import hashlib
import json
import os
import re
import symtable
import tempfile
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from nbgrader import preprocessors

from grading.course import CourseError

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LONG = "long"  # tag of a cell that trains for hours: see reference_notebook
_SLOW_IMPORTS = {"audio": {"librosa"}, "networks": {"keras", "tensorflow"}}  # module of helpers that warms them up
_BEGIN_HIDDEN, _END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

# The steps of `nbgrader generate_assignment`, in its order, without the one that needs its database.
_STUDENT_STEPS = (
    preprocessors.LockCells,
    preprocessors.ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
)


@dataclass(frozen=True)
class Built:
    """What one lesson is derived into: path (relative to the course's folder) and bytes."""

    student: tuple[Path, bytes]
    released: tuple[Path, bytes]
    nbgrader_source: tuple[Path, bytes]


def reference_notebook(course, lesson, long=False):
    """The lesson with its solutions and hidden tests, as a notebook without outputs.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    long : bool
        Keep the cells tagged ``long``: hours of training that no student's notebook should start.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    CourseError
        Where the source breaks a rule of the course (see :func:`problems`).
    """
    path = course.source(lesson)
    if not path.is_file():
        raise CourseError(f"lesson {lesson.name}: {path} is not there")
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.cells = [
        nbformat.v4.new_markdown_cell(render("badge.md.j2", course=course, lesson=lesson)),
        *_with_setup(notebook.cells, course, lesson),
        nbformat.v4.new_markdown_cell(render("hand_in.md.j2", course=course, lesson=lesson)),
        nbformat.v4.new_code_cell(render("hand_in.py.j2"), metadata={"tags": ["explore"]}),
    ]
    _name_cells(notebook.cells)
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    found = problems(notebook)
    if found:
        raise CourseError(f"{path}:\n" + "\n".join(f"  - {problem}" for problem in found))
    if not long:
        notebook.cells = [cell for cell in notebook.cells if LONG not in cell.metadata.get("tags", [])]
    return notebook


def student_notebook(reference, lesson):
    """The student version of a reference notebook, through nbgrader's own preprocessors.

    Parameters
    ----------
    reference : nbformat.NotebookNode
    lesson : Lesson

    Returns
    -------
    nbformat.NotebookNode
        With ``metadata.course = {lesson, release}``; the release is a digest of the cells.
    """
    notebook, resources = copy.deepcopy(reference), {}
    for step in _STUDENT_STEPS:
        notebook, resources = step().preprocess(notebook, resources)
    digest = hashlib.sha256(nbformat.writes(notebook).encode()).hexdigest()[:12]
    notebook.metadata["course"] = {"lesson": lesson.name, "release": digest}
    return notebook


def released_map(student, reference, lesson, answers=""):
    """What ``helpers.match`` needs to know about a released lesson, as a plain dict; ``answers`` is the address of its
    solutions, or '' where they are not published."""
    full = {cell.id: cell for cell in reference.cells}
    answer_cells, tests = _question_cells(student)
    questions = []
    for name, answer in answer_cells.items():
        test = tests[name]
        questions.append(
            {
                "id": name,
                "points": test.metadata.nbgrader.points,
                "n_checks": len(_check_names(full[test.id].source)),
                "names": _names_defined_by_answer(answer.source),
                "answer_cell": answer.id,
                "test_cell": test.id,
                "test_grade_id": test.metadata.nbgrader.grade_id,
                "source": answer.source,
                "checks": test.source,
            }
        )
    return {
        "lesson": lesson.name,
        "release": student.metadata.course.release,
        "title": lesson.title,
        "questions": questions,
        "cells": [cell.id for cell in student.cells],
        "answers": answers,
    }


def derive(course, lesson):
    """Everything derived from one lesson, as bytes.

    Returns
    -------
    Built
    """
    reference = reference_notebook(course, lesson)
    student = student_notebook(reference, lesson)
    answers = f"{course.student_repository}/raw/{course.branch}/answers/{lesson.name}.ipynb"
    map_ = released_map(student, reference, lesson, answers if course.self_learning.open else "")
    return Built(
        (Path("notebooks") / f"{lesson.name}.ipynb", _notebook_bytes(student)),
        (Path("helpers/released") / f"{lesson.name}.json", _json_bytes(map_)),
        (Path(".build/nbgrader/source") / lesson.name / f"{lesson.name}.ipynb", _notebook_bytes(reference)),
    )


def build(course):
    """Write everything that is derived, and delete derived files whose lesson is gone.

    Returns
    -------
    list of Path
        Files that changed, relative to the course's folder.
    """
    changed = []
    for built in _derive_all(course):
        for path, data in (built.student, built.released, built.nbgrader_source):
            if write_atomically(course.root / path, data):
                changed.append(path)
    for path in _strays(course):
        (course.root / path).unlink()
        changed.append(path)
    return changed


def differences(course):
    """How the committed derived files differ from what the sources give; empty if they agree.

    Returns
    -------
    list of str
        One line a file: missing, different, or without a source.
    """
    found = []
    for built in _derive_all(course):
        for path, data in (built.student, built.released):
            if not (course.root / path).is_file():
                found.append(f"{path}: missing")
            elif (course.root / path).read_bytes() != data:
                found.append(f"{path}: differs from what its source gives")
    return found + [f"{path}: no lesson of course.toml gives this file" for path in _strays(course)]


def write_atomically(path, data):
    """Write bytes under a temporary name and rename; False if the file already held them.

    Parameters
    ----------
    path : Path
    data : bytes

    Returns
    -------
    bool
    """
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(data)
    os.chmod(file.name, 0o644)  # a temporary file is private; a derived file is for everybody
    os.replace(file.name, path)
    return True


def problems(notebook):
    """Rules of the course that a reference notebook breaks, in words; empty if none.

    Checked: every answer cell has one test cell and both their ids fit; a test cell asks for its own question, names its
    checks uniquely, and ends with its score; an answer cell carries its marker comment; answer and test cells read only
    what is imported, what they assign themselves and the question's answer; no cell that runs in grading reads what only
    an ``explore`` cell assigns; no cell outside a question uses an answer but through ``checks.demo``, or reads a name
    that the cells of a question have assigned.

    Returns
    -------
    list of str
    """
    try:
        answers, tests = _question_cells(notebook)
    except CourseError as error:
        return [str(error)]
    found = []
    for name in tests.keys() - answers.keys():
        found.append(f"test cell {name}-test has no answer cell {name}")
    for name, answer in answers.items():
        if name not in tests:
            found.append(f"answer cell {name} has no test cell {name}-test")
            continue
        found += [f"question {name}: {fault}" for fault in _question_faults(name, answer.source, tests[name].source)]
    found += _reach_faults(notebook, [*answers.values(), *tests.values()], answers)
    return found + _explore_faults(notebook) + _dependence_faults(notebook, answers) + _overwriting_faults(notebook, answers)


def _derive_all(course):
    return [derive(course, lesson) for lesson in course.lessons]


def _strays(course):
    names = {lesson.name for lesson in course.lessons}
    derived = [*course.root.glob("notebooks/*.ipynb"), *course.root.glob("helpers/released/*.json")]
    return sorted(path.relative_to(course.root) for path in derived if path.stem not in names)


def _notebook_bytes(notebook):
    nbformat.validate(notebook)
    return (nbformat.writes(notebook, indent=1).rstrip("\n") + "\n").encode()


def _json_bytes(value):
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


# --- the cells that every lesson begins with ------------------------------------------------------------------------


def render(template, **values):
    """A text of the course from its template in ``grading/templates``."""
    environment = Environment(loader=PackageLoader("grading"), undefined=StrictUndefined, keep_trailing_newline=False)
    return environment.get_template(template).render(**values)


def _with_setup(cells, course, lesson):
    """The cells with the set-up cell before the first code cell."""
    place = next((i for i, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    modules = {module for cell in cells if cell.cell_type == "code" for module in _modules(cell.source)}
    warm = [name for name, slow in _SLOW_IMPORTS.items() if slow & modules]
    source = render("setup.py.j2", course=course, lesson=lesson, wheel=wheel_name(course), warm=warm)
    return [*cells[:place], nbformat.v4.new_code_cell(source), *cells[place:]]


def wheel_name(course):
    """File name of the wheel of ``helpers`` that ``course publish`` writes."""
    import tomllib

    project = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name'].replace('-', '_')}-{project['version']}-py3-none-any.whl"


def _name_cells(cells):
    """Give each cell an id from its grade id, or from its section and its place there."""
    section, place, used = "start", 0, set()
    for cell in cells:
        heading = re.search(r"^#{1,3} +(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else None
        if heading:
            section, place = re.sub(r"[^a-z0-9]+", "-", heading.group(1).lower()).strip("-")[:40], 0
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            name = f"{section}-{place}"
            while name in used:  # two sections of one name
                section += "x"
                name = f"{section}-{place}"
        if name in used:
            raise CourseError(f"two cells have the grade id {name!r}")
        cell.id = name
        used.add(name)
        place += 1


# --- questions ------------------------------------------------------------------------------------------------------


def _question_cells(notebook):
    """Answer cells and test cells, each by the name of the question."""
    answers, tests = {}, {}
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader")
        if nbgrader is None:
            continue
        grade_id = nbgrader.grade_id
        if nbgrader.solution and not nbgrader.grade:
            answers[grade_id] = cell
        elif nbgrader.grade and not nbgrader.solution:
            if not grade_id.endswith("-test"):
                raise CourseError(f"test cell {grade_id!r}: its grade id must be the question's name and `-test`")
            tests[grade_id.removesuffix("-test")] = cell
        else:
            raise CourseError(f"cell {grade_id!r} is neither an answer (solution) nor a test (grade)")
    return answers, tests


def _question_faults(name, answer, test):
    faults = []
    if f"# question: {name}" not in answer.splitlines():
        faults.append(f"the answer cell lacks the line `# question: {name}`")
    if "### BEGIN SOLUTION" not in answer:
        faults.append("the answer cell has no ### BEGIN SOLUTION")
    if name not in _names_defined_by_answer(answer):
        faults.append(f"the answer cell does not define `{name}`")
    if _BEGIN_HIDDEN not in test or _END_HIDDEN not in test:
        faults.append("the test cell has no hidden tests")
    lines = [line for line in test.splitlines() if line.strip()]
    if not lines or lines[-1] != "q.score()":
        faults.append("the last line of the test cell must be q.score()")
    if f'checks.question("{name}")' not in test:
        faults.append(f'the test cell must ask for checks.question("{name}")')
    checks = _check_names(test)
    if len(set(checks)) != len(checks):
        faults.append("two checks have one name")
    visible = re.sub(f"^ *{_BEGIN_HIDDEN}.*?{_END_HIDDEN}$", "", test, flags=re.DOTALL | re.MULTILINE)
    if not _check_names(visible):
        faults.append("no check is visible to the student")
    if re.search(r"\bassert_(allclose|array|equal|almost)", test):
        faults.append("numpy.testing prints the expected values: use checks.close")
    return faults


def _check_names(source):
    """First arguments of all ``q.check(...)`` in a test cell."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "check"
    ]


def _names_defined_by_answer(source):
    return [node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


# --- what may depend on what ----------------------------------------------------------------------------------------


def _reach_faults(notebook, cells, answers):
    """Question cells stand on imports alone, so that a grader can run a question without the lesson around it."""
    imported = {name for cell in _graded_code(notebook) for name in _imported(cell.source)}
    faults = []
    for cell in cells:
        name = cell.metadata.nbgrader.grade_id.removesuffix("-test")
        own = set(_names_defined_by_answer(answers[name].source)) if name in answers else set()
        assigned, read = _names(cell.source)
        for missing in sorted(read - assigned - imported - own - set(dir(builtins))):
            faults.append(f"cell {cell.id} reads `{missing}`, which is neither imported nor its own")
    return faults


def _graded_code(notebook):
    """Code cells that run in grading."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "explore" not in cell.metadata.get("tags", [])
    ]


def import_lines(notebook):
    """The import statements, one a line, of the cells that run in grading and belong to no question."""
    return "\n".join(
        ast.unparse(node)
        for cell in _graded_code(notebook)
        if "nbgrader" not in cell.metadata
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )


def _imported(source):
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }


def _modules(source):
    """Top-level packages that a cell imports from."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


def _explore_faults(notebook):
    explored, graded = set(), set()
    readers = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assigned, read = _names(cell.source)
        if "explore" in cell.metadata.get("tags", []):
            explored |= assigned
        else:
            graded |= assigned
            readers.append((cell.id, read))
    return [
        f"cell {cell_id} runs in grading and reads `{name}`, which only an explore cell assigns"
        for cell_id, read in readers
        for name in sorted(read & (explored - graded))
    ]


def _dependence_faults(notebook, answers):
    defined = {name for answer in answers.values() for name in _names_defined_by_answer(answer.source)}
    faults = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or "nbgrader" in cell.metadata:
            continue
        tree = _WithoutDemos().visit(ast.parse(cell.source))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & defined
        faults += [f"cell {cell.id} uses the answer `{name}` outside checks.demo(lambda: ...)" for name in sorted(used)]
    return faults


def _overwriting_faults(notebook, answers):
    """The cells of a question leave the names of the lesson's story alone: what it reads, it has assigned itself."""
    defined = {name for answer in answers.values() for name in _names_defined_by_answer(answer.source)}
    taken, needs, faults = {}, {}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assigned, read = _names(cell.source)
        if "nbgrader" in cell.metadata:
            taken |= dict.fromkeys(assigned - defined - _imported(cell.source), cell.id)
            continue
        needs |= _needs(cell.source)
        for name in sorted(_reach(read, needs) - assigned):
            if name in taken:
                faults.append(f"cell {cell.id} reads `{name}`, which cell {taken[name]} assigns: give one another name")
        taken = {name: place for name, place in taken.items() if name not in assigned}
    return faults


def _needs(source):
    """For each function that a cell defines at its top level, the names of the notebook that it will read."""
    return {node.name: _names(ast.unparse(node))[1] for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def _reach(names, needs):
    """These names, and those that the functions among them need, and so on."""
    reached, left = set(), [*names]
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += needs.get(name, ())
    return reached


class _WithoutDemos(ast.NodeTransformer):
    """Drops every ``checks.demo(...)``, the one place outside a question where answers may be used."""

    def visit_Call(self, node):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "demo":
            return ast.Constant(None)
        return self.generic_visit(node)


def _names(source):
    """Names that a cell assigns at its top level, and names of the notebook that it reads at any depth."""
    top = symtable.symtable(source, "cell", "exec")
    assigned = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    read = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    scopes = list(top.get_children())
    while scopes:
        scope = scopes.pop()
        read |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global() and symbol.is_referenced()}
        scopes += scope.get_children()
    return assigned, read
