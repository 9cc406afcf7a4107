"""Running a reference: its parameters, scores, marks, and how it fails."""

import json

import nbformat
import pytest
from click.testing import CliRunner

from grading import build, run
from grading.cli import main
from grading.course import CourseError

SCORE = '''
# %% tags=["explore"]
from helpers import evaluate
evaluate.show_scores([evaluate.Score(model="constant", data="made up", split="none", accuracy=0.5, source="a made-up page")], caption="made up")
'''


def test_run_gives_scores_marks_and_times(make_course, monkeypatch):
    course = make_course(lambda source: source + SCORE)
    build.build(course)
    monkeypatch.chdir(course.root)
    result = CliRunner().invoke(main, ["run", "01_small", "--json", "out.json"])
    assert result.exit_code == 0, result.output
    assert "questions: 3 of 3 points" in result.output and "constant: 0.500" in result.output
    written = json.loads((course.root / "out.json").read_text(encoding="utf-8"))
    assert written["marks"] == {"standardise": [3.0, 3]} and written["total"] == [3.0, 3]
    assert written["scores"][0]["data"] == "made up"
    assert written["parameters"] == {"DATA": "practice-notes"}
    assert written["seconds"] > 0 and written["peak_memory_mb"] > 10
    assert (course.build_dir / "run" / "01_small.html").is_file()


def test_run_without_explore_cells_leaves_them_out(make_course):
    course = make_course()
    notebook = run.reference_for_run(course, course.lessons[0], explore=False)
    assert not any("explored" in cell.source for cell in notebook.cells)


def test_real_data_change_the_parameters_only(make_course, monkeypatch):
    monkeypatch.delenv("COURSE_REALDATA", raising=False)
    course = make_course()
    practice = run.reference_for_run(course, course.lessons[0])
    real = run.reference_for_run(course, course.lessons[0], real=True)
    assert run.parameters(real) == {"DATA": "tinysol"}
    changed = [a.id for a, b in zip(practice.cells, real.cells, strict=True) if a.source != b.source]
    assert len(changed) == 1


def test_excerpts_take_their_place_where_only_they_are_at_hand(make_course, monkeypatch, tmp_path):
    from tests.grading.conftest import COURSE

    monkeypatch.setenv("COURSE_REALDATA", str(tmp_path))
    course = make_course(toml=COURSE + 'excerpts = { DATA = "solo.ogg" }\n')
    real = run.reference_for_run(course, course.lessons[0], real=True)
    assert run.parameters(real) == {"DATA": str(tmp_path / "solo.ogg")}


def test_parameters_that_are_not_there_are_refused(make_course):
    course = make_course(lambda source: source.replace('DATA = "practice-notes"', "OTHER = 1"))
    with pytest.raises(CourseError, match="does not assign DATA"):
        run.reference_for_run(course, course.lessons[0], real=True)


def test_a_cell_that_raises_is_named(make_course):
    course = make_course(lambda source: source + "\n# %%\n1 / 0\n")
    build.build(course)
    with pytest.raises(CourseError, match=r"cell 'standardise-4' raised:[\s\S]*ZeroDivisionError"):
        run.run_lesson(course, course.lessons[0], progress=False)


def test_only_the_last_state_of_a_progress_bar_stays(make_course):
    bar = "import time\nfor part in ('0 %', '50 %', '100 %'):\n    print(f'\\r{part}', end='', flush=True)\n    time.sleep(0.2)"
    course = make_course(lambda source: source + f"\n# %%\n{bar}\nprint()\nprint('two', flush=True)\nprint('lines')\n")
    executed, _ = run.execute(run.reference_for_run(course, course.lessons[0]), progress=False)
    (outputs,) = [cell.outputs for cell in executed.cells if "50 %" in cell.source]
    assert [output.text for output in outputs] == ["100 %\ntwo\nlines\n"]


def test_stale_derived_files_are_not_run(make_course):
    course = make_course()
    with pytest.raises(CourseError, match="run `course build` first"):
        run.run_lesson(course, course.lessons[0], progress=False)


def test_long_cells_run_only_when_asked_and_leave_a_record(make_course):
    course = make_course(lambda source: source + SCORE.replace('["explore"]', '["explore", "long"]'))
    build.build(course)
    lesson = course.lessons[0]
    assert run.run_lesson(course, lesson, progress=False).scores == []
    assert len(run.run_lesson(course, lesson, long=True, progress=False).scores) == 1
    record = json.loads((course.root / "helpers" / "results" / "01_small.json").read_text(encoding="utf-8"))
    assert len(record["scores"]) == 1 and record["date"] and record["machine"] and record["versions"]["numpy"]


def test_a_record_holds_what_the_long_cells_scored_and_nothing_else(make_course):
    course = make_course(lambda source: source + SCORE + SCORE.replace('["explore"]', '["explore", "long"]'))
    build.build(course)
    assert len(run.run_lesson(course, course.lessons[0], long=True, progress=False).scores) == 2
    record = json.loads((course.root / "helpers" / "results" / "01_small.json").read_text(encoding="utf-8"))
    assert len(record["scores"]) == 1


def test_no_derived_notebook_has_a_long_cell(make_course):
    course = make_course(lambda source: source + SCORE.replace('["explore"]', '["explore", "long"]'))
    built = build.derive(course, course.lessons[0])
    for _, notebook in (built.student, built.nbgrader_source):
        assert not any("long" in cell.metadata.get("tags", []) for cell in nbformat.reads(notebook.decode(), 4).cells)
    whole = build.reference_notebook(course, course.lessons[0], long=True)
    assert any("long" in cell.metadata.get("tags", []) for cell in whole.cells)


def test_a_lesson_without_long_cells_says_so(make_course):
    course = make_course()
    with pytest.raises(CourseError, match="has no long run"):
        run.reference_for_run(course, course.lessons[0], long=True)


def test_student_version_runs_and_earns_nothing(make_course):
    course = make_course()
    built = build.derive(course, course.lessons[0])
    executed, _ = run.execute(nbformat.reads(built.student[1].decode(), 4), progress=False)
    assert run.marks(executed) == {"standardise": (0.0, 3)}
