"""Results that survive a kill, tables that say everything, marks of people that survive regrading, data that can go."""

import csv
import json
import os
import subprocess
import sys

import pytest

from grading import results
from grading import roster as rosters
from grading.results import Override, Person, ResultsError
from grading.submissions import folder_name
from helpers import match

LESSON = match.released_from(
    {
        "lesson": "02_small",
        "release": "abc",
        "answers": "",
        "title": "Small",
        "cells": [],
        "questions": [
            {"id": name, "points": points, "n_checks": 1, "names": [name], "answer_cell": name, "test_cell": f"{name}-test",
             "test_grade_id": f"{name}-test", "source": "", "checks": ""}
            for name, points in (("standardise", 3), ("build_model", 2))
        ],
    }
)  # fmt: skip


def question(name, score, top, outcome=None):
    outcome = outcome or ("passed" if score == top else "failed")
    return {"id": name, "score": score, "max_score": top, "outcome": outcome, "message": "m", "seconds": 0.1,
            "found_by": "grade id", "checks": []}  # fmt: skip


def result(student, *scores, lesson="02_small", error="", name="", id="", outcomes=(None, None)):
    questions = [
        question(one.id, score, one.points, outcome)
        for one, score, outcome in zip(LESSON.questions, scores, outcomes, strict=False)
    ]
    return {"student": student, "name": name, "id": id, "lesson": lesson, "release": "abc", "score": float(sum(scores)),
            "max_score": 5.0, "error": error, "notes": [], "questions": questions, "environment": {}}  # fmt: skip


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- lines ----------------------------------------------------------------------------------------------------------


def test_a_killed_run_goes_on_from_what_it_had(tmp_path):
    code = (
        "import os, sys; from grading import results;"
        "results.append(sys.argv[1], {'student': 'ada', 'lesson': '02_small', 'score': 3, 'max_score': 5, 'questions': []});"
        "results.append(sys.argv[1], {'student': 'ben', 'lesson': '02_small', 'score': 2, 'max_score': 5, 'questions': []});"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -9
    path = tmp_path / results.PARTIAL
    path.write_bytes(path.read_bytes()[:-20])  # the last line cut off by the kill
    assert list(results.unfinished(tmp_path)) == [("ada", "02_small")]
    results.append(tmp_path, result("ben", 1, 1))
    assert results.unfinished(tmp_path)["ben", "02_small"]["score"] == 2.0
    assert results.read(tmp_path) == []
    results.conclude(tmp_path, results.unfinished(tmp_path).values(), [LESSON])
    assert [one["student"] for one in results.read(tmp_path)] == ["ada", "ben"]
    assert not path.exists() and results.unfinished(tmp_path) == {}


def test_a_damaged_results_file_is_named_and_nothing_is_written(tmp_path):
    results.conclude(tmp_path, [result("ada", 3, 2), result("ben", 1, 1)], [LESSON])
    path = tmp_path / results.RESULTS
    path.write_bytes(path.read_bytes().replace(b'"ben"', b'"be'))
    grades = (tmp_path / results.GRADES).read_bytes()
    with pytest.raises(ResultsError, match="line 2 is damaged"):
        results.conclude(tmp_path, [result("ada", 0, 0)], [LESSON])
    assert (tmp_path / results.GRADES).read_bytes() == grades


def test_a_message_with_half_a_character_and_a_score_that_is_none(tmp_path):
    odd = result("ada", 3, 2)
    odd["questions"][0]["message"] = "\ud800 \u2028 \n x"
    results.append(tmp_path, odd)
    results.conclude(tmp_path, results.unfinished(tmp_path).values(), [LESSON])
    assert results.read(tmp_path)[0]["questions"][0]["message"] == "? \u2028 \n x"
    with pytest.raises(ValueError):
        results.append(tmp_path, result("ada", float("nan"), 2))


def test_a_run_on_one_student_or_another_lesson_keeps_the_rest(tmp_path):
    results.conclude(tmp_path, [result("ada", 3, 2), result("ben", 1, 1)], [LESSON])
    results.conclude(tmp_path, [result("ben", 2, 1)], [LESSON])
    results.conclude(tmp_path, [result("ada", 1, 1, lesson="03_other")], [])
    got = {(one["student"], one["lesson"]): one["score"] for one in results.read(tmp_path)}
    assert got == {("ada", "02_small"): 5, ("ben", "02_small"): 3, ("ada", "03_other"): 2}


# --- tables ---------------------------------------------------------------------------------------------------------


def test_grades_name_everybody_and_every_question(tmp_path):
    roster = (Person("ada", "Ada Lovelace", "ada@uni.example"), Person("Zoë X", "Zoë"), Person("s7", "Dan"))
    class_ = [
        result("ada", 3, 0.5, outcomes=("passed", "partial")),
        result("stranger", 1, 0, outcomes=("failed", "grader_error")),
        result("dan", 0, 0, error="the file is empty", id="s7"),
    ]
    done = results.conclude(tmp_path, class_, [LESSON], roster)
    table = {row["student"]: row for row in rows(tmp_path / results.GRADES)}
    assert set(table) == {"ada", "stranger", "dan", folder_name("Zoë X")}
    ada, zoe = table["ada"], table[folder_name("Zoë X")]
    assert (ada["name"], ada["email"], ada["score"], ada["max_score"]) == ("Ada Lovelace", "ada@uni.example", "3.5", "5")
    assert (ada["standardise"], ada["build_model"], ada["build_model outcome"]) == ("3", "0.5", "partial")
    assert (zoe["id"], zoe["score"], zoe["max_score"], zoe["outcome"]) == ("Zoë X", "0", "5", "missing")
    assert zoe["standardise"] == "0" and zoe["standardise outcome"] == "missing"
    assert table["stranger"]["needs a person"] == "build_model" and table["ada"]["needs a person"] == ""
    assert (table["dan"]["outcome"], table["dan"]["name"]) == ("unreadable", "Dan")
    assert done.notes == ("stranger is not on the roster",)
    zoe_folder = folder_name("Zoë X")
    assert done.people == (("ada", "Ada Lovelace", "ada@uni.example"), ("dan", "Dan", ""), (zoe_folder, "Zoë", ""))
    assert len(results.read(tmp_path)) == 3, "results hold a line a submission, no line for nobody"


def test_a_mark_that_waits_for_a_person_is_blank_everywhere_and_so_is_its_total(tmp_path):
    class_ = [
        result("ada", 3, 0, outcomes=("passed", "needs_review")),
        result("ben", 3, 2),
        result("cut", 0, 0, error="the file is empty", outcomes=("missing", "missing")),
    ]
    results.conclude(tmp_path, class_, [LESSON])
    table = {row["student"]: row for row in rows(tmp_path / results.GRADES)}
    ada = table["ada"]
    assert (ada["score"], ada["standardise"], ada["build_model"], ada["needs a person"]) == ("", "3", "", "build_model")
    assert ada["build_model outcome"] == "needs_review" and table["ben"]["score"] == "5"
    assert (table["cut"]["score"], table["cut"]["standardise"]) == ("", "")
    for file, column in (("moodle.csv", "Full name"), ("canvas.csv", "Student")):
        assert {row[column].strip(): row["02_small"] for row in rows(tmp_path / file)}.items() >= {
            ("ada", ""), ("ben", "5"), ("cut", ""),
        }, file  # fmt: skip
    write_overrides(tmp_path, "ada,build_model,1.5,it runs on Colab", "cut,standardise,3,by mail", "cut,build_model,0,by mail")
    done = results.conclude(tmp_path, class_, [LESSON])
    table = {row["student"]: row for row in rows(tmp_path / results.GRADES)}
    assert (table["ada"]["score"], table["ada"]["build_model"], table["ada"]["needs a person"]) == ("4.5", "1.5", "")
    assert table["cut"]["score"] == "3" and not any(results.waiting(one) for one in done.results)
    (tmp_path / results.OVERRIDES).unlink()
    results.conclude(tmp_path, [], [LESSON])
    assert {row["student"]: row["score"] for row in rows(tmp_path / results.GRADES)}["ada"] == "", "taken back: it waits again"


def test_names_that_a_spreadsheet_would_run_are_text(tmp_path):
    names = ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", 'a",b\n=1', "\x1b[2J"]
    class_ = [result(folder_name(name), 1, 1, name=name) for name in names]
    results.conclude(tmp_path, class_, [LESSON])
    for file, column in ((results.GRADES, "name"), ("moodle.csv", "Full name"), ("canvas.csv", "Student")):
        cells = [row[column] for row in rows(tmp_path / file)]
        assert len(cells) >= len(names)
        assert not any(cell[:1] in tuple("=+-@\t\r") or "\x1b" in cell or "\n" in cell for cell in cells), file
    assert "'=HYPERLINK(1)" in [row["name"] for row in rows(tmp_path / results.GRADES)]


def test_tables_for_moodle_and_canvas(tmp_path):
    gradebook = tmp_path / "canvas-export.csv"
    gradebook.write_text(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Old (1)\n    Points Possible,,,,,10\n"
        '"Lovelace, Ada",123,S1,ada@uni.example,A,7\n"Li, Jing",777,S2,li,A,\n"Li, Jing",778,S3,li2,A,\n'
        '"Bit, Ben",9,S4,ben,B,\n"Student, Test",1,,abc,A,\n',
        encoding="utf-8",
    )
    roster = rosters.read_roster(gradebook)
    assert [person.id for person in roster] == ["ada@uni.example", "li", "li2", "ben"]
    class_ = [
        result("lovelaceada_123", 3, 2, name="lovelaceada", id="123"),
        result("lijing_777", 1, 1, name="lijing", id="777"),
        result("bitben", 2, 2, name="bitben"),
    ]
    assert results.conclude(tmp_path, class_, [LESSON], roster).notes == ()
    canvas = rows(tmp_path / "canvas.csv")
    assert list(canvas[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "02_small"]
    assert canvas[0]["Student"] == "    Points Possible" and canvas[0]["02_small"] == "5"
    assert {row["ID"]: row["02_small"] for row in canvas[1:]} == {"123": "5", "777": "2", "778": "0", "9": "4"}
    assert canvas[1]["Student"] and {row["SIS User ID"] for row in canvas[1:]} == {"S1", "S2", "S3", "S4"}
    moodle = {row["Full name"]: row for row in rows(tmp_path / "moodle.csv")}
    assert moodle["Lovelace, Ada"]["Email address"] == "ada@uni.example" and moodle["Lovelace, Ada"]["02_small"] == "5"
    assert moodle["Bit, Ben"]["ID number"] == "ben"


def test_two_of_one_name_are_told_apart_by_number_only(tmp_path):
    roster = (Person("a1", "Ada Lovelace"), Person("a2", "Ada Lovelace"), Person("b", "Ben Bit"))
    class_ = [result("x", 1, 1, name="Ada Lovelace"), result("y", 2, 1, name="Ben Bit"), result("z", 3, 1, name="bit, ben")]
    notes = results.conclude(tmp_path, class_, [LESSON], roster).notes
    assert "x is not on the roster" in notes and any("y, z all look like b" in note for note in notes)
    table = {row["student"]: row for row in rows(tmp_path / results.GRADES)}
    assert table["a1"]["outcome"] == table["a2"]["outcome"] == table["b"]["outcome"] == "missing"
    assert table["x"]["id"] == "" and table["y"]["score"] == "3", "nobody gets the mark of another"


# --- marks of people and changes ------------------------------------------------------------------------------------


def write_overrides(folder, *lines, head="student,question,score,reason"):
    (folder / results.OVERRIDES).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


def test_a_mark_set_by_a_person_survives_regrading_and_can_be_taken_back(tmp_path):
    write_overrides(tmp_path, 'ada,build_model,1.5,"ran out of power, see mail"')
    for auto in (0, 1):
        done = results.conclude(tmp_path, [result("ada", 3, auto)], [LESSON])
        (stored,) = results.read(tmp_path)
        assert stored["score"] == 4.5 and stored["questions"][1]["score"] == 1.5
        assert stored["questions"][1]["override"] == {
            "reason": "ran out of power, see mail", "origin": "overrides.csv", "auto_score": auto,
        }  # fmt: skip
        (row,) = rows(tmp_path / results.GRADES)
        assert row["score"] == "4.5" and row["set by a person"] == "build_model: ran out of power, see mail"
        assert done.changes == () and done.notes == ()
    (tmp_path / results.OVERRIDES).unlink()
    done = results.conclude(tmp_path, [], [LESSON])
    assert results.read(tmp_path)[0]["score"] == 4.0 and "override" not in results.read(tmp_path)[0]["questions"][1]
    assert done.changes == ("ada, 02_small, build_model: 1.5 (failed, set by a person) -> 1 (failed)",)


def test_an_override_finds_its_student_by_any_name_and_says_when_it_does_not(tmp_path):
    roster = (Person("s1", "Ada Lovelace", "ada@x"), Person("s2", "Zoë"))
    write_overrides(
        tmp_path,
        "ada@x,standardise,1,by address",
        "s2,standardise,2,oral exam of one who handed in nothing",
        "nobody,standardise,1,typed wrong",
        "s1,no_such,1,typed wrong",
    )
    done = results.conclude(tmp_path, [result("lovelaceada_9", 3, 2, name="lovelaceada", id="9")], [LESSON], roster)
    table = {row["id"]: row for row in rows(tmp_path / results.GRADES)}
    assert table["s1"]["score"] == "3" and table["s2"]["score"] == "2"
    assert done.notes == (
        "overrides.csv: nobody, standardise: no such student",
        "overrides.csv: s1, no_such: no such question",
    )


def test_an_override_that_fits_two_students_or_two_lessons_fits_none():
    class_ = [result("a", 1, 1, name="Ada"), result("b", 2, 1, name="Ada"), result("a", 1, 1, lesson="03_other")]
    got, notes = results.apply_overrides(class_, [Override("Ada", "standardise", 3, "r"), Override("a", "standardise", 3, "r")])
    assert [one["score"] for one in got] == [2, 3, 2] and len(notes) == 2 and all("fits 2 marks" in note for note in notes)
    got, notes = results.apply_overrides(class_, [Override("a", "standardise", 3, "r", "03_other")])
    assert [one["score"] for one in got] == [2, 3, 4] and notes == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ada,build_model,much,r", "line 2: the score 'much' is not a number"),
        ("ada,build_model,nan,r", "line 2: the score must be 0 or more"),
        ("ada,build_model,-1,r", "line 2: the score must be 0 or more"),
        ("ada,build_model,1,", "line 2: reason is empty"),
        ("ada,build_model,9,r", "9 is more than the question's 2 points"),
        ("ada,build_model,1,r\nada,build_model,2,r", "line 3: this mark was set before, in line 2"),
    ],
)
def test_a_bad_override_stops_the_run_before_anything_is_written(tmp_path, line, words):
    write_overrides(tmp_path, line)
    with pytest.raises(ResultsError, match=words):
        results.conclude(tmp_path, [result("ada", 3, 2)], [LESSON])
    assert os.listdir(tmp_path) == [results.OVERRIDES]


def test_overrides_without_their_columns(tmp_path):
    write_overrides(tmp_path, "ada,1", head="student,mark")
    with pytest.raises(ResultsError, match="question.*reason.*score.*not found"):
        results.read_overrides(tmp_path / results.OVERRIDES)


def test_changes_name_exactly_the_marks_that_changed():
    old = [result("ada", 3, 2), result("ben", 1, 1), result("gone", 1, 1), result("cut", 0, 0, error="cut off")]
    new = [result("ada", 3, 2), result("ben", 3, 1), result("new", 1, 1), result("cut", 0, 0)]
    assert results.changes(old, new) == [
        "ben, 02_small, standardise: 1 (failed) -> 3 (passed)",
        "cut, 02_small: can be read now",
    ]
    assert results.changes(new, new) == []


# --- personal data --------------------------------------------------------------------------------------------------


def test_forget_leaves_nothing_of_a_student(tmp_path):
    roster = (Person("s1", "Ada Lovelace", "ada@x"), Person("s2", "Ben"))
    write_overrides(tmp_path, "s1,standardise,1,Adas reason", "s2,standardise,2,another")
    class_ = [result("ada-l", 3, 2, name="Ada Lovelace"), result("ben", 1, 1, name="Ben")]
    results.conclude(tmp_path, class_, [LESSON], roster)
    results.append(tmp_path, class_[0])
    for place in ("feedback", "nbgrader/submitted", "nbgrader/autograded"):
        for student in ("ada-l", "ben"):
            (tmp_path / place / student).mkdir(parents=True)
            (tmp_path / place / student / "x.html").write_text(f"{student} Lovelace" if student == "ada-l" else "ben")
    removed = results.forget(tmp_path, "ada-l")
    left = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert not any(word in text for text in left.values() for word in ("ada-l", "Lovelace", "ada@x", "Adas", "s1"))
    assert not any("ada-l" in str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert rows(tmp_path / results.GRADES)[0]["student"] == "ben" and "another" in left[tmp_path / results.OVERRIDES]
    assert (tmp_path / "feedback" / "ben" / "x.html").is_file() and json.loads(left[tmp_path / results.RESULTS])
    assert {"results.jsonl", "grades.csv", "overrides.csv", "moodle.csv", "canvas.csv", "feedback/ada-l"} <= set(removed)
    with pytest.raises(ResultsError, match="holds nothing of 'ada-l'"):
        results.forget(tmp_path, "ada-l")


@pytest.mark.parametrize("name", ["..", "../x", "", ".", "/"])
def test_forget_never_leaves_its_folder(tmp_path, name):
    (tmp_path / "x").mkdir()
    (tmp_path / "dir" / "feedback").mkdir(parents=True)
    with pytest.raises(ResultsError):
        results.forget(tmp_path / "dir", name)
    assert (tmp_path / "x").is_dir() and (tmp_path / "dir" / "feedback").is_dir()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=1+1", "'=1+1"), ("a;=1+1", "a;'=1+1"), ("a;=1;@b|-c", "a;'=1;'@b|'-c"), ("\uff1d1+1", "'\uff1d1+1"), ("  +1", "'  +1"),
        ("Ada-Lovelace = x", "Ada-Lovelace = x"), ("ada@example.org", "ada@example.org"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_whatever_separates_cells(name, written):
    assert results._cell(name) == written
