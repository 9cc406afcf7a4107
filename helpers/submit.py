"""Look at a notebook before it is handed in, repair what is safe, and write the file to hand in.

The last cell of a lesson calls ``submit.hand_in()``. It finds answers with the very code that the grader finds them
with (`helpers.match`), so what it says of a notebook is what the grader will see. Nothing of the learner's is ever
thrown away: repairs give cells back the marks by which they are found, and leave their text alone.
"""

import copy
import hashlib
import json
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from helpers import _notebook, match

_MAX_OUTPUTS = 2_000_000  # bytes of one cell's outputs; a figure has a tenth of that
_KINDS = {"tags": list, "collapsed": bool, "name": str, "format": str, "jupyter": dict, "execution": dict}
# What an answer can touch: a grader with other versions looks here before it blames the answer.
_VERSIONS = (
    "instrument-course", "numpy", "scipy", "pandas", "scikit-learn", "matplotlib", "seaborn", "librosa", "soundfile",
    "tensorflow", "keras", "joblib",
)  # fmt: skip


class SubmitError(ValueError):
    """The notebook cannot be looked at or written; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """What a grader will find of one question: ``state`` as from ``match.state``, ``notes`` what was odd."""

    question: str
    points: float
    state: str
    notes: tuple


@dataclass(frozen=True)
class Looked:
    """What :func:`look` saw.

    Attributes
    ----------
    lesson : str
    title : str
    questions : tuple of Found
    notes : tuple of str
        About the notebook as a whole.
    notebook : bytes
        The notebook with everything repaired that is safe to repair: the file to hand in.
    """

    lesson: str
    title: str
    questions: tuple
    notes: tuple
    notebook: bytes

    @property
    def complete(self):
        """Whether every question has an answer that is Python."""
        return all(found.state == match.ANSWERED for found in self.questions)

    def __str__(self):
        from helpers._html import text_table

        return "\n".join([text_table(*self._table(), numeric=(1,)), *(f"note: {note}" for note in self.notes)])

    def _repr_mimebundle_(self, include=None, exclude=None):
        from html import escape

        from helpers._html import html_table

        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return {"text/html": html_table(*self._table(), numeric=(1,)) + notes, "text/plain": str(self)}

    def _table(self):
        rows = [(one.question, f"{one.points:g}", one.state, "; ".join(one.notes)) for one in self.questions]
        return f"{self.title}: what a grader will find", ("question", "points", "state", "notes"), rows


def hand_in(path=None, folder="hand-in"):
    """Look at this notebook and write the file to hand in.

    In Colab the notebook is taken as it is on the screen, saved or not, and the file is downloaded; elsewhere it is read
    from its file, so save first.

    Parameters
    ----------
    path : str or Path, optional
        The notebook; found by itself in Colab, JupyterLab, Jupyter Notebook and VS Code.
    folder : str or Path
        Where the file is written.

    Returns
    -------
    Path or None
        The file to hand in; None, with a line that says what to do, where the notebook could not be found.

    Raises
    ------
    SubmitError
        If the notebook cannot be read or is of no lesson of this course.
    """
    in_colab = path is None and _notebook.in_colab()
    if in_colab:
        data = _from_colab()
    else:
        path = Path(path) if path is not None else _own_file()
        if path is None:
            print("It could not be found out which file this notebook is. Save it, then run, with its own name:")
            print('    submit.hand_in("the_name_of_this_notebook.ipynb")')
            return None
        if not path.is_file():
            raise SubmitError(f"there is no file {path} (seen from {Path.cwd()})")
        data = path.read_bytes()
    looked = look(data, _versions())
    if not in_colab:
        looked = _with_unsaved(looked, data)
    _show(looked)
    target = Path(folder) / f"{looked.lesson}.ipynb"
    _write(target, looked.notebook)
    print(f"\nThe file to hand in: {target.resolve()}")
    print(f"Its checksum:        {checksum(looked.notebook)}")
    print("Your feedback shows the checksum of the file that was graded: if it is this one, nothing was lost on the way.")
    if in_colab:
        from google.colab import files

        files.download(str(target))
    return target


def checksum(file):
    """A short name for the content of a file: two files with the same checksum are the same.

    Parameters
    ----------
    file : bytes, str or Path
        The content, or where it lies.

    Returns
    -------
    str
        Twelve hexadecimal digits of its SHA-256, in groups of four.
    """
    data = file if isinstance(file, bytes) else Path(file).read_bytes()
    digits = hashlib.sha256(data).hexdigest()[:12]
    return "-".join(digits[i : i + 4] for i in range(0, 12, 4))


def look(data, versions=None):
    """Look at a notebook as a grader will, and repair what is safe.

    Repaired are: cells that lost their ids, answers that became text or were cut in pieces, copies that carry the id of
    another cell, cells without an id of their own, outputs of many megabytes. What is missing, or stands in two places
    with nothing to tell which counts, is said and left as it is.

    Parameters
    ----------
    data : bytes
        The notebook file.
    versions : dict of str to str, optional
        What the notebook ran on, where this is the same environment; else what it says of that itself is kept.

    Returns
    -------
    Looked

    Raises
    ------
    SubmitError
        If it is not a notebook, or of no lesson of this course.
    """
    try:
        notebook = match.load_notebook(data)
    except match.NotebookError as error:
        raise SubmitError(str(error)) from None
    notebook = copy.deepcopy(notebook)
    cells = [match.plain(cell) for cell in notebook["cells"]]
    released, matches = _lesson_of(notebook, cells)
    notes = []
    own = notebook.get("metadata") if isinstance(notebook.get("metadata"), dict) else {}
    told = own.get("course") if isinstance(own.get("course"), dict) else {}
    release = told.get("release")
    if not (isinstance(release, str) and re.fullmatch(r"[A-Za-z0-9._-]{1,64}", release)):  # it will be printed
        release = released.release
    if release != released.release:
        notes.append(
            f"this notebook is of another release of the lesson ({release}; here is {released.release}): "
            "it will be graded with the questions of the release that your course uses now"
        )
    questions = tuple(_found(question, matches[question.id]) for question in released.questions)
    notes += _repair(notebook, cells, released, matches)
    notebook["metadata"] = {
        **_metadata(own),
        "course": {
            "lesson": released.lesson,
            "release": release,
            "versions": told.get("versions", {}) if versions is None else versions,
        },
    }
    text = json.dumps(notebook, indent=1, ensure_ascii=True, sort_keys=True) + "\n"
    return Looked(released.lesson, released.title, questions, tuple(notes), text.encode())


def _lesson_of(notebook, cells):
    """The lesson that a notebook is of: the one that it names, else the one most of whose questions are found in it."""
    lessons = match.released_lessons()
    named = notebook.get("metadata", {})
    named = named.get("course", {}) if isinstance(named, dict) else {}
    named = named.get("lesson") if isinstance(named, dict) else None
    if isinstance(named, str) and named in lessons:
        return lessons[named], match.match(cells, lessons[named])
    every = {name: match.match(cells, released) for name, released in lessons.items()}
    counts = {name: sum(one.source is not None for one in found.values()) for name, found in every.items()}
    best = max(counts, key=counts.get, default=None)
    if best is None or counts[best] == 0 or list(counts.values()).count(counts[best]) > 1:
        raise SubmitError("this notebook is of no lesson of this course: none of their questions is in it")
    return lessons[best], every[best]


def _found(question, found):
    state, why = match.state(found, question)
    return Found(question.id, question.points, state, (*found.notes, why) if why else found.notes)


# --- repairs ----------------------------------------------------------------------------------------------------------


def _repair(notebook, cells, released, matches):
    """Repair the notebook in place; returns what was done, in words."""
    done, raw = [], notebook["cells"]
    for cell in raw:
        if not isinstance(cell.get("metadata"), dict):
            cell["metadata"] = {}
    taken = [i for found in matches.values() if found.source is not None for i in found.cells]
    shared = {i for i in taken if taken.count(i) > 1}
    tests = {question.test_grade_id: question for question in released.questions}
    answers = {question.id for question in released.questions}
    drop = set()
    for question in released.questions:
        found = matches[question.id]
        if found.source is None or not found.cells or shared & set(found.cells):
            continue  # a cell that answers several questions can carry the id of none; each is found by its name
        first, *rest = found.cells
        for i, cell in enumerate(cells):  # the id stays where the answer is, and nowhere else
            if i != first and cell["grade_id"] == question.id:
                raw[i]["metadata"].pop("nbgrader", None)
                done.append(f"cell {i + 1} carried the id of {question.id}; its text is still there, without the id")
        _set_code(raw[first], found.source)
        raw[first]["id"] = question.answer_cell
        drop |= set(rest)
        _nbgrader(raw[first], {"grade": False, "grade_id": question.id, "locked": False, "solution": True})
        if found.found_by != match.GRADE_ID or rest or cells[first]["type"] != "code":
            done.append(f"cell {first + 1} is the answer to {question.id} again")
    seen = set()
    for i, cell in enumerate(cells):
        name = cell["grade_id"] if cell["grade_id"] in tests else ""
        if not name:  # a check cell that lost its id is known by what it asks for
            asked = re.match(r"\s*q = checks\.question\([\"'](\w+)[\"']\)", cell["source"])
            name = f"{asked[1]}-test" if asked and asked[1] in answers and cell["type"] == "code" else ""
        if not name or name not in tests:
            continue
        if name in seen:
            raw[i]["metadata"].pop("nbgrader", None)
            done.append(f"cell {i + 1} was a second copy of the checks of {name.removesuffix('-test')}")
            continue
        seen.add(name)
        raw[i]["id"] = tests[name].test_cell
        points = tests[name].points
        _nbgrader(raw[i], {"grade": True, "grade_id": name, "locked": True, "points": points, "solution": False})
    missing = [name.removesuffix("-test") for name in tests if name not in seen]
    if missing:
        done.append(f"the checks of {', '.join(missing)} are gone from this notebook; grading puts them back")
    notebook["cells"] = [cell for i, cell in enumerate(raw) if i not in drop]
    done += _tidy(notebook)
    return done


def _set_code(cell, source):
    cell["cell_type"], cell["source"] = "code", source


def _nbgrader(cell, values):
    cell["metadata"]["nbgrader"] = {**values, "schema_version": 3, "task": False}


def _tidy(notebook):
    """What every notebook needs whatever wrote it: the format, ids of its own for all cells, outputs of a sane size."""
    done, used, tidied = [], set(), []
    old = notebook.get("nbformat") != 4  # outputs of another format would not be understood
    for i, cell in enumerate(notebook["cells"]):
        plain = match.plain(cell)
        kind = plain["type"] if plain["type"] in ("code", "markdown", "raw") else "markdown"
        name = re.sub(r"[^a-zA-Z0-9_-]", "-", plain["id"])[:64] or f"cell-{i}"
        while name in used:
            name = f"{name[:58]}-{i}"
        used.add(name)
        metadata = {key: value for key, value in cell["metadata"].items() if isinstance(value, _KINDS.get(key, object))}
        if "tags" in metadata:  # each of them once, and a word
            words = (tag for tag in metadata["tags"] if isinstance(tag, str) and tag and "," not in tag)
            metadata["tags"] = list(dict.fromkeys(words))
        kept = {"cell_type": kind, "id": name, "metadata": metadata, "source": plain["source"]}
        if kind == "code":
            outputs = cell.get("outputs")
            if not isinstance(outputs, list) or old or len(json.dumps(outputs)) > _MAX_OUTPUTS or not all(map(_is_output, outputs)):
                if outputs:
                    done.append(f"cell {i + 1}: its outputs were left out (megabytes, damaged, or of an old kind)")
                outputs = []
            kept |= {"outputs": outputs, "execution_count": _count(cell.get("execution_count"))}
        elif _is_attached(cell.get("attachments")):
            kept["attachments"] = cell["attachments"]
        tidied.append(kept)
    notebook["cells"] = tidied
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    notebook.pop("worksheets", None)
    return done


def _is_output(output):
    """Whether Jupyter's format knows an output of this form."""
    if not isinstance(output, dict):
        return False
    kind, fields = output.get("output_type"), output.keys() - {"output_type"}
    if kind == "stream":
        return fields == {"name", "text"} and isinstance(output["name"], str) and _is_text(output["text"])
    if kind == "error":
        words = fields == {"ename", "evalue", "traceback"} and isinstance(output["ename"], str) and isinstance(output["evalue"], str)
        return words and isinstance(output["traceback"], list) and all(isinstance(line, str) for line in output["traceback"])
    if kind not in ("display_data", "execute_result") or fields - {"execution_count"} != {"data", "metadata"}:
        return False
    if (kind == "execute_result") != ("execution_count" in fields) or output.get("execution_count") != _count(output.get("execution_count")):
        return False
    return isinstance(output["metadata"], dict) and _is_bundle(output["data"])


def _is_bundle(data):
    """Whether this is content by its kind: text, or for the JSON kinds anything."""
    return isinstance(data, dict) and all(_is_text(content) or "json" in kind for kind, content in data.items())


def _is_text(value):
    return isinstance(value, str) or isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_attached(value):
    return isinstance(value, dict) and all(map(_is_bundle, value.values()))


def _count(value):
    """A cell's execution count; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def _metadata(told):
    """A notebook's metadata without what Jupyter's format does not know in this form."""
    kept = {key: value for key, value in told.items() if key not in ("kernelspec", "language_info", "title", "authors", "orig_nbformat")}
    spec, language = told.get("kernelspec"), told.get("language_info")
    if isinstance(spec, dict) and isinstance(spec.get("name"), str) and isinstance(spec.get("display_name"), str):
        kept["kernelspec"] = spec
    if isinstance(language, dict) and isinstance(language.get("name"), str):
        kinds = {"codemirror_mode": (str, dict), "file_extension": str, "mimetype": str, "pygments_lexer": str}
        kept["language_info"] = {key: value for key, value in language.items() if isinstance(value, kinds.get(key, object))}
    if isinstance(told.get("title"), str):
        kept["title"] = told["title"]
    if isinstance(told.get("authors"), list):
        kept["authors"] = told["authors"]
    return kept


def _versions():
    found = {"python": sys.version.split()[0]}
    for name in _VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


# --- where the notebook is --------------------------------------------------------------------------------------------


def _from_colab():
    """The notebook on the screen, from Colab's front end (its own way of asking; it needs no saving)."""
    from google.colab import _message

    for seconds in (10, 30, 60):  # a notebook with many figures takes a while
        reply = _message.blocking_request("get_ipynb", timeout_sec=seconds)
        if reply and reply.get("ipynb"):
            return json.dumps(reply["ipynb"]).encode()
    raise SubmitError(
        "Colab did not hand over the notebook: choose File > Download > Download .ipynb, and hand in that file"
    )


def _own_file():
    """The file of the notebook that runs this, where its front end says so; None elsewhere."""
    for name in _notebook.file_names():
        for path in (Path(name), Path.cwd() / Path(name).name):
            if path.suffix == ".ipynb" and path.is_file():
                return path
    return None


def _with_unsaved(looked, data):
    """Notes on answers that were run in another form than the file has: the notebook was not saved since."""
    released = match.released_lessons()[looked.lesson]
    matches = match.match(match.read_notebook(data), released)
    questions = []
    for question, found in zip(released.questions, looked.questions, strict=True):
        ran = _notebook.last_run(question.id)
        saved = matches[question.id].source or ""
        if ran and match.normalised(ran) != match.normalised(saved):
            note = "what you ran last is not what the file has: save the notebook (Ctrl+S), then run this cell again"
            found = Found(found.question, found.points, found.state, (*found.notes, note))
        questions.append(found)
    return Looked(looked.lesson, looked.title, tuple(questions), looked.notes, looked.notebook)


def _show(looked):
    if _notebook.shell() is not None:
        from IPython.display import display

        display(looked)
    else:
        print(looked)


def _write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(data)
    os.replace(file.name, path)
