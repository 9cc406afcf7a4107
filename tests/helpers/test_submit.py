"""The check before handing in: it sees what the grader will see, repairs what is safe, and loses nothing."""

import json
import os
import sys
import types

import nbformat
import pytest

from grading import build
from grading.course import load_course
from helpers import _notebook, match, submit
from tests.conftest import ROOT
from tests.submissions import damaged
from tests.submissions.parts import Lesson, find

NAME = "02_dense_mlp"


@pytest.fixture(scope="module")
def made():
    course = load_course(ROOT)
    lesson = course.lesson(NAME)
    reference = build.reference_notebook(course, lesson)
    return Lesson(NAME, reference, build.student_notebook(reference, lesson))


@pytest.fixture(scope="module")
def cases(made):
    lesson = load_course(ROOT).lesson(NAME)
    return {case.name: case for case in damaged.damaged(made.reference, made.student, lesson)}


def as_bytes(notebook):
    return json.dumps(notebook).encode()


def answers(data):
    """What the grader finds of each question: (attempted, answer)."""
    found = match.match(match.read_notebook(data), match.released_lessons()[NAME])
    return {
        name: (one.attempted, one.source if one.source is None else match.normalised(one.source))
        for name, one in found.items()
    }


_OUTCOMES = {
    match.EMPTY: {"not_attempted"}, match.MISSING: {"missing"}, match.NOT_PYTHON: {"syntax_error"},
    match.UNNAMED: {"failed", "error"},
}  # fmt: skip


@pytest.mark.parametrize("name", damaged.names())
def test_a_damaged_notebook_comes_out_whole_with_the_same_answers(cases, name):
    if name not in cases:
        pytest.skip("this lesson has no cell that the case needs")
    case = cases[name]
    if not case.readable:
        with pytest.raises(submit.SubmitError):
            submit.look(case.data)
        return
    looked = submit.look(case.data)
    assert answers(looked.notebook) == answers(case.data)
    for one in looked.questions:  # what is told of an answer is what grading makes of it
        outcomes, score = case.expected[one.question]
        if one.state == match.ANSWERED:
            assert not outcomes <= {"missing", "not_attempted", "syntax_error"}, one
        else:
            assert outcomes & _OUTCOMES[one.state] and score == 0, one
    nbformat.validate(json.loads(looked.notebook))
    again = submit.look(looked.notebook)
    assert again.notebook == looked.notebook, "a repaired notebook needs no repair"
    assert [(one.question, one.state) for one in again.questions] == [(o.question, o.state) for o in looked.questions]
    matches = match.match(match.read_notebook(looked.notebook), match.released_lessons()[NAME])
    places = [place for found in matches.values() for place in found.cells]
    for question, found in matches.items():
        shared = any(places.count(place) > 1 for place in found.cells)
        if found.source is not None and found.attempted and not shared:
            assert (found.found_by, found.notes) == (match.GRADE_ID, ()), (question, found)


def test_a_renamed_answer_is_told(made):
    renamed = made.answer("standardise").replace("def standardise(", "def scaled(")
    looked = submit.look(as_bytes(made.filled(standardise=renamed)))
    (found,) = (one for one in looked.questions if one.question == "standardise")
    assert found.state == match.UNNAMED and not looked.complete
    assert "defines no `standardise` (it defines `scaled`)" in str(looked)


def test_nothing_of_the_learners_is_lost(cases):
    for case in cases.values():
        if not case.readable:
            continue
        before = "\n".join(cell["source"] for cell in match.read_notebook(case.data))
        after = "\n".join(cell["source"] for cell in match.read_notebook(submit.look(case.data).notebook))
        assert sorted(before.split()) == sorted(after.split()), case.name


def test_states_are_told_apart(made):
    notebook = made.filled(("describe_data",), standardise="# question: standardise\ndef standardise(X_train, X_test:\n")
    at = find(notebook, "group_split")
    del notebook["cells"][at]
    looked = submit.look(as_bytes(notebook))
    states = {one.question: one.state for one in looked.questions}
    assert states["describe_data"] == match.ANSWERED
    assert states["standardise"] == match.NOT_PYTHON
    assert states["group_split"] == match.MISSING
    assert states["baselines"] == match.EMPTY
    assert not looked.complete
    said = str(looked)
    assert "line 2 of the cell is not Python" in said
    assert "group_split" in looked._repr_mimebundle_()["text/html"]
    assert submit.look(as_bytes(made.filled(made.questions))).complete


def test_ids_are_given_back_so_that_other_graders_find_the_cells_too(made):
    notebook = made.filled()
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)
    looked = json.loads(submit.look(as_bytes(notebook)).notebook)
    given = {cell["metadata"]["nbgrader"]["grade_id"] for cell in looked["cells"] if "nbgrader" in cell["metadata"]}
    assert given == {name for question in made.questions for name in (question, f"{question}-test")}


def test_a_notebook_of_another_course_and_one_of_an_older_release(made):
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    with pytest.raises(submit.SubmitError, match="no lesson of this course"):
        submit.look(nbformat.writes(other).encode())
    notebook = made.filled()
    notebook["metadata"]["course"]["release"] = "0123456789ab"
    looked = submit.look(as_bytes(notebook))
    assert "another release" in looked.notes[0]
    assert json.loads(looked.notebook)["metadata"]["course"]["release"] == "0123456789ab"


def test_the_lesson_is_known_without_its_name(made):
    notebook = made.filled(made.questions)
    del notebook["metadata"]["course"]
    assert submit.look(as_bytes(notebook)).lesson == NAME


def test_the_file_its_versions_and_its_checksum(made, tmp_path, capsys):
    path = tmp_path / "Copy of mine.ipynb"
    path.write_bytes(as_bytes(made.filled(made.questions)))
    target = submit.hand_in(path, folder=tmp_path / "hand-in")
    assert target.name == f"{NAME}.ipynb"
    assert list(target.parent.iterdir()) == [target], "nothing half-written is left"
    said = capsys.readouterr().out
    assert submit.checksum(target) in said
    assert submit.checksum(target) == submit.checksum(target.read_bytes())
    versions = json.loads(target.read_text())["metadata"]["course"]["versions"]
    assert versions["python"] == sys.version.split()[0]
    assert "numpy" in versions
    changed = target.read_bytes().replace(b"standardise", b"standardize", 1)
    assert submit.checksum(changed) != submit.checksum(target)


def test_no_such_file_and_no_front_end(tmp_path, capsys):
    with pytest.raises(submit.SubmitError, match="no file"):
        submit.hand_in(tmp_path / "none.ipynb")
    assert submit.hand_in() is None
    assert "submit.hand_in(" in capsys.readouterr().out


@pytest.fixture
def front_end(monkeypatch):
    """A function that pretends to be the shell of a notebook, with what was run in it."""

    def pretend(**names):
        shell = types.SimpleNamespace(user_ns=names)
        monkeypatch.setattr(_notebook, "shell", lambda: shell)

    return pretend


def test_the_notebook_is_found_by_what_its_front_end_says(made, tmp_path, monkeypatch, front_end, capsys):
    (tmp_path / "my copy.ipynb").write_bytes(as_bytes(made.filled(made.questions)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", "lessons/my copy.ipynb")  # as the server saw it; the kernel runs beside it
    front_end()
    assert submit.hand_in() == submit.Path("hand-in") / f"{NAME}.ipynb"
    monkeypatch.delenv("JPY_SESSION_NAME")
    os.rename("my copy.ipynb", "other.ipynb")
    front_end(__vsc_ipynb_file__=str(tmp_path / "other.ipynb"))
    assert submit.hand_in() is not None
    assert "checksum" in capsys.readouterr().out


def test_an_answer_that_was_run_but_not_saved_is_noticed(made, tmp_path, front_end, capsys):
    path = tmp_path / "mine.ipynb"
    path.write_bytes(as_bytes(made.filled()))
    saved = made.answer("standardise")
    front_end(In=["", saved, saved.replace("X_train.mean", "X_test.mean")])
    submit.hand_in(path, folder=tmp_path / "out")
    assert "save the notebook" in capsys.readouterr().out
    front_end(In=["", "x = 1", saved])
    submit.hand_in(path, folder=tmp_path / "out")
    assert "save the notebook" not in capsys.readouterr().out


class Colab:
    """Colab's front end as its public users know it: it answers `get_ipynb`, sometimes only when asked again."""

    def __init__(self, monkeypatch, replies):
        self.replies, self.downloaded = list(replies), []
        message = types.ModuleType("google.colab._message")
        message.blocking_request = self.blocking_request
        files = types.ModuleType("google.colab.files")
        files.download = self.downloaded.append
        colab = types.ModuleType("google.colab")
        colab._message, colab.files = message, files
        google = types.ModuleType("google")
        google.colab = colab
        for name, module in {
            "google": google, "google.colab": colab, "google.colab._message": message, "google.colab.files": files,
        }.items():  # fmt: skip
            monkeypatch.setitem(sys.modules, name, module)

    def blocking_request(self, kind, timeout_sec):
        assert kind == "get_ipynb"
        assert timeout_sec > 0
        return self.replies.pop(0)


def test_in_colab_the_live_notebook_is_taken_and_downloaded(made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    notebook = made.filled(made.questions)
    for cell in notebook["cells"]:  # as Colab keeps it
        cell["metadata"]["id"] = cell.pop("id")
    notebook.update(nbformat=4, nbformat_minor=0)
    front = Colab(monkeypatch, [None, {"ipynb": notebook}])
    target = submit.hand_in()
    assert front.downloaded == [str(target)]
    assert submit.look(target.read_bytes()).complete
    Colab(monkeypatch, [None, None, None])
    with pytest.raises(submit.SubmitError, match="File > Download"):
        submit.hand_in()


@pytest.mark.parametrize("release", ["\x1b[2J\x1b]0;title\x07", "\u202eabc", 3, ["x"], {"a": 1}, "x" * 1000, "a b"])
def test_what_a_notebook_says_of_its_release_is_printed_only_in_a_form_of_ours(release):
    data = json.loads((ROOT / "notebooks" / "02_dense_mlp.ipynb").read_text(encoding="utf-8"))
    data["metadata"]["course"] = {"lesson": "02_dense_mlp", "release": release}
    looked = submit.look(json.dumps(data).encode())
    assert str(looked).replace("\n", "").isprintable() and "another release" not in str(looked)
    data["metadata"]["course"]["release"] = "0123abcd"
    assert "another release of the lesson (0123abcd" in str(submit.look(json.dumps(data).encode()))


@pytest.mark.parametrize("lesson", [[1], {"a": 1}, 3, None])
def test_a_lesson_that_is_no_name_is_found_by_its_questions(lesson):
    data = json.loads((ROOT / "notebooks" / "02_dense_mlp.ipynb").read_text(encoding="utf-8"))
    data["metadata"]["course"] = {"lesson": lesson}
    assert submit.look(json.dumps(data).encode()).lesson == "02_dense_mlp"
