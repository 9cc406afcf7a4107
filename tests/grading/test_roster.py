"""Rosters of every make are read, and bad ones refused by file and line; nobody is taken for another."""

import pytest

from grading import roster
from grading.roster import Person, ResultsError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rosters_of_every_make(tmp_path, encoding, delimiter):
    lines = [["Student", "Name", "E-Mail", "Group"], ["s1", "Zoë Å", "z@x", "1"], [], ["s2", "Ben", "", ""]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    (tmp_path / "r.csv").write_bytes((("sep=;\r\n" if delimiter == ";" else "") + text).encode(encoding))
    people = roster.read_roster(tmp_path / "r.csv")
    assert people == (Person("s1", "Zoë Å", "z@x", ("z@x",)), Person("s2", "Ben"))


def test_empty_cells_that_a_spreadsheet_adds_are_passed_over(tmp_path):
    (tmp_path / "r.csv").write_text("student;name;;\ns1;Ada;;;;\n;;;\ns2\n;;\n")
    assert roster.read_roster(tmp_path / "r.csv") == (Person("s1", "Ada"), Person("s2", ""))


def test_rosters_of_nbgrader_and_moodle(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("id,last_name,first_name,email\nada,Lovelace,Ada,a@x\n")
    assert roster.read_roster(path) == (Person("ada", "Ada Lovelace", "a@x", ("a@x",)),)
    path.write_text('Identifier,"Full name","Email address",Status,Grade\n"Participant 4711","Ada L",a@x,,\n')
    assert roster.read_roster(path) == (Person("a@x", "Ada L", "a@x", ("4711",)),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"student,name\nada,Ada\n,Ben\n", "line 3: no student"),
        (b"student,name\nada,Ada\nben,Ben\nada,Other\n", "line 4: ada stands in line 2 already"),
        (b"student,name\nada,Lovelace, Ada\n", "line 2: 3 cells, but 2 columns"),
        (b'student,name\nada,"Ada\n', "line"),
        (b"who,what\nada,Ada\n", "one of them `student`; it names who, what"),
        (b"student,student\na,b\n", "two columns are called student"),
        (b"student\n\n", "nobody"),
        (b"", "must name the columns"),
        (b"PK\x03\x04xlsx", "spreadsheet"),
        (b"student\n\0ada\n", "not text"),
    ],
)
def test_a_bad_roster_names_file_and_line(tmp_path, data, words):
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(ResultsError, match=words) as caught:
        roster.read_roster(tmp_path / "r.csv")
    assert "r.csv" in str(caught.value)


def test_a_roster_that_is_not_there(tmp_path):
    with pytest.raises(ResultsError, match="not there"):
        roster.read_roster(tmp_path / "r.csv")


def who(students, people):
    found, notes = roster.who_is_who([{"student": s, "name": n, "id": i} for s, n, i in students], people)
    return {student: person.id for student, person in found.items()}, notes


ADA, BEN = Person("s1", "Ada Lovelace", "ada@x", ("4711", "ada@x")), Person("s2", "Bit, Ben")


@pytest.mark.parametrize(
    "student",
    [
        ("s1", "s1", ""), ("S1-x", "S1", ""), ("x", "whoever", "4711"), ("x", "ada@x", ""), ("x", "Ada Lovelace", "9"),
        ("x", "lovelaceada", "9"), ("x", "lovelace, ada", ""), ("ada", "ada", ""),
    ],
)  # fmt: skip
def test_a_student_is_found_by_id_number_address_or_name(student):
    found, notes = who([student], (ADA, BEN))
    assert found == {student[0]: "s1", "s2": "s2"} and notes == []


def test_an_id_goes_before_a_name_and_a_shared_name_says_nothing():
    twin = Person("s3", "Ada Lovelace")
    found, notes = who([("x", "Ada Lovelace", "")], (ADA, twin))
    assert found == {"s1": "s1", "s3": "s3"} and notes == ["x is not on the roster"]
    found, notes = who([("x", "Ada Lovelace", ""), ("s3", "s3", "")], (ADA, twin))
    assert found == {"s1": "s1", "s3": "s3"}, "x may be either: nobody gets the mark of another"
    found, notes = who([("x", "Bit, Ben", ""), ("s2", "s2", "")], (BEN,))
    assert found == {"s2": "s2"} and notes == ["x is not on the roster"]
    found, notes = who([("y", "Ben Bit", ""), ("z", "Bit, Ben", "")], (BEN,))
    assert found == {"s2": "s2"} and "y, z all look like s2" in notes[0]
