"""Keep the marks of a class: results, tables for people and platforms, marks set by a person. Called by ``course grade``.

A run appends each finished submission to ``results.partial.jsonl``, so that a killed run can go on, and ends with
:func:`conclude`, which puts the marks that a person set in ``overrides.csv`` over those of the run, says which marks
changed, and writes ``results.jsonl``, ``grades.csv``, ``moodle.csv`` and ``canvas.csv``. One folder may hold several
lessons. All of it is personal data: :func:`forget` removes one student's everywhere.
"""

import copy
import csv
import io
import json
import math
import os
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from grading.build import write_atomically
from grading.roster import Person, ResultsError, names_of, plain, read_csv, who_is_who
from grading.submissions import printable
from helpers import match

RESULTS, PARTIAL, GRADES, OVERRIDES = "results.jsonl", "results.partial.jsonl", "grades.csv", "overrides.csv"
_PLATFORMS = ("moodle.csv", "canvas.csv")
_NEEDS_A_PERSON = ("needs_review", "grader_error")


@dataclass(frozen=True)
class Override:
    """A mark that a person set, with the reason; ``lesson`` is empty where the question's name says enough."""

    student: str
    question: str
    score: float
    reason: str
    lesson: str = ""
    origin: str = OVERRIDES


@dataclass(frozen=True)
class Concluded:
    """End of a run.

    Attributes
    ----------
    results : tuple of dict
        Everything handed in, also before this run, with the marks of people in it.
    changes, notes : tuple of str
        Lines to print: marks that changed since the last run; overrides that fit nothing, people who could not be told.
    people : tuple of (str, str, str)
        Folder name, name and address of everybody on the roster, for ``grading.gradebook.write``.
    """

    results: tuple
    changes: tuple
    notes: tuple
    people: tuple


# --- results, one line each -----------------------------------------------------------------------------------------


def append(folder, result):
    """Add a finished submission to those of the running run; what was added before survives a kill.

    Parameters
    ----------
    folder : Path
    result : dict
        Beside what the design asks for it may hold ``name`` and ``id`` of the student as collected, and whatever tells
        later whether it still holds (such as a digest of the submission).
    """
    line = _line(result)
    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(folder) / PARTIAL
    with open(path, "ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # the line that a kill cut off
                line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def unfinished(folder):
    """What a killed run had finished.

    Returns
    -------
    dict of (str, str) to dict
        Results by student and lesson; empty if there is no such run. A line that was cut off is left out.
    """
    path = Path(folder) / PARTIAL
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_bytes().splitlines():
        try:
            result = json.loads(line)
            found[result["student"], result["lesson"]] = result
        except (ValueError, KeyError, TypeError):  # cut off by the kill; it is graded again
            continue
    return found


def read(folder):
    """The results of the last run, without those of a run that did not end.

    Returns
    -------
    list of dict

    Raises
    ------
    ResultsError
        If a line is damaged.
    """
    path = Path(folder) / RESULTS
    if not path.is_file():
        return []
    results = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            result = json.loads(line)
            _ = result["student"], result["lesson"], result["questions"]
        except (ValueError, KeyError, TypeError) as error:
            raise ResultsError(f"{path}, line {number} is damaged ({error}): delete the file and grade again") from None
        results.append(result)
    return results


def conclude(folder, results, lessons, roster=(), marks=()):
    """End a run: set the marks of people, write all tables, compare with the last run, drop the partial file.

    Results of earlier runs stay for students and lessons that this run did not grade.

    Parameters
    ----------
    folder : Path
    results : iterable of dict
        Those of this run.
    lessons : iterable of helpers.match.Released
        Those graded; everybody on the roster gets a row for each, and for each lesson graded before.
    roster : iterable of Person
    marks : iterable of Override
        Marks that a person set elsewhere (see ``grading.gradebook.by_hand``); they go before those of ``overrides.csv``.

    Returns
    -------
    Concluded

    Raises
    ------
    ResultsError
        If ``overrides.csv`` or the last results cannot be read; nothing is written then.
    """
    folder, lessons, roster = Path(folder), list(lessons), tuple(roster)
    before = read(folder)
    set_by_people = [*read_overrides(folder / OVERRIDES), *marks]
    merged = {(result["student"], result["lesson"]): result for result in [*before, *results]}
    people, notes = who_is_who(merged.values(), roster)
    released, given = match.released_lessons(), {lesson.lesson for lesson in lessons}
    lessons += [released[name] for name in sorted({name for _, name in merged} - given) if name in released]
    everybody = [*merged.values(), *_missing(merged, people, lessons)]
    everybody, unused = apply_overrides(everybody, set_by_people, people)
    everybody.sort(key=lambda result: (result["lesson"], result["student"]))
    handed_in = [result for result in everybody if (result["student"], result["lesson"]) in merged]
    table = _text(_grade_rows(everybody, people))
    columns = _lesson_columns(everybody)
    write_atomically(folder / RESULTS, b"".join(_line(result) for result in handed_in))
    write_atomically(folder / GRADES, table)
    for name, rows in zip(_PLATFORMS, (_moodle_rows(columns, people), _canvas_rows(columns, people)), strict=True):
        write_atomically(folder / name, _text(rows))
    (folder / PARTIAL).unlink(missing_ok=True)
    known = tuple((student, person.name, person.email) for student, person in sorted(people.items()))
    return Concluded(tuple(handed_in), tuple(changes(before, handed_in)), (*notes, *unused), known)


def changes(old, new):
    """Which marks differ between two runs, a line each; new and vanished submissions are not changes.

    Parameters
    ----------
    old, new : iterable of dict

    Returns
    -------
    list of str
    """
    before = {(result["student"], result["lesson"]): result for result in old}
    lines = []
    for result in new:
        earlier = before.get((result["student"], result["lesson"]))
        if earlier is None:
            continue
        was = {question["id"]: question for question in earlier["questions"]}
        now = {question["id"]: question for question in result["questions"]}
        who = f"{result['student']}, {result['lesson']}"
        for name in [*was, *(name for name in now if name not in was)]:
            first, second = _mark(was.get(name)), _mark(now.get(name))
            if first != second:
                lines.append(f"{who}, {name}: {first} -> {second}")
        if bool(earlier.get("error")) != bool(result.get("error")):
            lines.append(f"{who}: {'can be read now' if earlier.get('error') else 'can no longer be read'}")
    return lines


def _mark(question):
    if question is None:
        return "no such question"
    by = ", set by a person" if "override" in question else ""
    return f"{_number(question['score'])} ({question['outcome']}{by})"


def _line(result):
    """A result as a line; half a surrogate pair in a student's message becomes a question mark."""
    return json.dumps(result, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"


# --- marks set by a person ------------------------------------------------------------------------------------------


def read_overrides(path):
    """Marks that a person set: a CSV with the columns student, question, score, reason, and lesson if it is needed.

    Parameters
    ----------
    path : Path
        Nothing there means none.

    Returns
    -------
    list of Override

    Raises
    ------
    ResultsError
        Naming the line: no reason, a score that is no number, one mark set twice.
    """
    path = Path(path)
    if not path.exists():
        return []
    header, rows = read_csv(path)
    missing = {"student", "question", "score", "reason"} - set(header)
    if missing:
        raise ResultsError(
            f"{path}: the first line must name the columns student,question,score,reason; {sorted(missing)} not found"
        )
    found = {}
    for number, row in rows:
        where = f"{path}, line {number}"
        try:
            score = float(row["score"].replace(",", "."))
        except ValueError:
            raise ResultsError(f"{where}: the score {row['score']!r} is not a number") from None
        if not (math.isfinite(score) and score >= 0):
            raise ResultsError(f"{where}: the score must be 0 or more, not {row['score']}")
        for column in ("student", "question", "reason"):
            if not row[column]:
                raise ResultsError(
                    f"{where}: {column} is empty; every mark set by a person needs student, question and reason"
                )
        override = Override(row["student"], row["question"], score, row["reason"], row.get("lesson", ""))
        key = (override.student, override.lesson, override.question)
        if key in found:
            raise ResultsError(f"{where}: this mark was set before, in line {found[key][0]}")
        found[key] = (number, override)
    return [override for _, override in found.values()]


def apply_overrides(results, overrides, people=None):
    """Put the marks of people over those of the grader, and take away those that are no longer asked for.

    A question whose mark was set gets ``override = {"reason", "origin", "auto_score"}``; the mark of the grader stays in
    ``auto_score``. The later of two overrides of one question counts.

    Parameters
    ----------
    results : iterable of dict
        Left as they are.
    overrides : iterable of Override
        ``student`` may be the folder name, or the roster's id, name, address or number.
    people : dict of str to Person, optional
        Who a student of the results is on the roster.

    Returns
    -------
    list of dict, list of str
        Results, and a line for each override that fits nothing.

    Raises
    ------
    ResultsError
        If a mark is above the question's greatest.
    """
    results = [_without_overrides(result) for result in results]
    names = defaultdict(set)
    for result in results:
        for name in names_of(result, (people or {}).get(result["student"])):
            names[name].add(result["student"])
    unused = []
    for override in overrides:
        students = names.get(plain(override.student), set())
        if override.student in {result["student"] for result in results}:
            students = {override.student}
        hits = [
            question
            for result in results
            if students == {result["student"]} and override.lesson in ("", result["lesson"])
            for question in result["questions"]
            if question["id"] == override.question
        ]
        if len(hits) != 1:
            why = f"fits {max(len(hits), len(students))} marks: add the lesson, or use the student's name in {GRADES}"
            unused.append(
                f"{override.origin}: {override.student}, {override.question}: "
                + (
                    "no such student"
                    if not students
                    else "no such question"
                    if not hits and len(students) == 1
                    else why
                )
            )
            continue
        (question,) = hits
        if override.score > question["max_score"]:
            raise ResultsError(
                f"{override.origin}: {override.student}, {override.question}: {_number(override.score)} is more than the "
                f"question's {_number(question['max_score'])} points"
            )
        if before := question.get("override"):
            both = f"{override.student}, {override.question}: set in {before['origin']} and in {override.origin}"
            unused.append(f"{both}; the mark in {override.origin} counts")
        auto = (before or {}).get("auto_score", question["score"])
        question["override"] = {"reason": override.reason, "origin": override.origin, "auto_score": auto}
        question["score"] = override.score
    for result in results:
        if result["questions"]:
            result["score"] = math.fsum(question["score"] for question in result["questions"])
    return results, unused


def _without_overrides(result):
    result = copy.deepcopy(result)
    for question in result["questions"]:
        if "override" in question:
            question["score"] = question.pop("override")["auto_score"]
    return result


def _missing(merged, people, lessons):
    """Rows for those of the roster who handed in nothing."""
    rows = []
    for student, person in people.items():
        for lesson in lessons:
            if (student, lesson.lesson) not in merged:
                questions = [
                    {"id": one.id, "score": 0.0, "max_score": float(one.points), "outcome": "missing", "checks": []}
                    for one in lesson.questions
                ]
                top = math.fsum(one.points for one in lesson.questions)
                row = {"student": student, "name": person.name, "lesson": lesson.lesson, "release": lesson.release}
                rows.append(
                    {**row, "score": 0.0, "max_score": top, "error": "", "questions": questions, "missing": True}
                )
    return rows


def waiting(result):
    """Questions of a result whose mark only a person can give: until ``overrides.csv`` or formgrader has it, the tables
    leave it blank, and the total too.

    Parameters
    ----------
    result : dict

    Returns
    -------
    list of str
        All of them for a file that could not be read.
    """
    unreadable = bool(result.get("error"))
    return [
        question["id"]
        for question in result["questions"]
        if "override" not in question and (unreadable or question["outcome"] in _NEEDS_A_PERSON)
    ]


# --- tables ---------------------------------------------------------------------------------------------------------


_GRADE_COLUMNS = "student name id email lesson outcome score max_score".split() + ["needs a person", "set by a person"]


def _grade_rows(results, people):
    """grades.csv: a row a student and lesson; then a column a question, then what each came to."""
    questions = list(dict.fromkeys(question["id"] for result in results for question in result["questions"]))
    yield [*_GRADE_COLUMNS, *questions, *(f"{name} outcome" for name in questions)]
    for result in results:
        person = people.get(result["student"], Person("", ""))
        marks = {question["id"]: question for question in result["questions"]}
        open_ = waiting(result)
        by_hand = [f"{name}: {mark['override']['reason']}" for name, mark in marks.items() if "override" in mark]
        yield [
            result["student"],
            person.name or result.get("name", ""),
            person.id,
            person.email,
            result["lesson"],
            "missing" if result.get("missing") else "unreadable" if result.get("error") else "graded",
            _total(result),
            result["max_score"],
            "; ".join(open_),
            "; ".join(by_hand),
            *(marks[name]["score"] if name in marks and name not in open_ else "" for name in questions),
            *(marks[name]["outcome"] if name in marks else "" for name in questions),
        ]


def _lesson_columns(results):
    """Scores by lesson and student."""
    columns = defaultdict(dict)
    for result in results:
        columns[result["lesson"]][result["student"]] = result
    return columns


def _moodle_rows(columns, people):
    """For Moodle's Grades > Import > CSV file: map by address or ID number, then a column a lesson."""
    yield ["Full name", "Email address", "ID number", *columns]
    for student, result in _students(columns):
        person = people.get(student, Person("", ""))
        shown = person.name or result.get("name", "") or student
        number = "" if "@" in person.id else person.id
        yield [shown, person.email, number, *_scores(columns, student)]


def _canvas_rows(columns, people):
    """For Canvas's Gradebook > Import: its own five columns, then one a lesson; its second line says the points."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *columns]
    tops = [max((result["max_score"] for result in column.values()), default="") for column in columns.values()]
    yield ["    Points Possible", "", "", "", "", *tops]
    for student, result in _students(columns):
        person = people.get(student, Person("", ""))
        shown = person.name or result.get("name", "") or student
        yield [*(person.canvas or (shown, result.get("id", ""), "", person.id, "")), *_scores(columns, student)]


def _students(columns):
    return sorted({student: result for column in columns.values() for student, result in column.items()}.items())


def _scores(columns, student):
    return [_total(column[student]) if student in column else "" for column in columns.values()]


def _total(result):
    """The score; blank as long as a mark waits for a person: an import must not take it for the whole."""
    return "" if waiting(result) else result["score"]


def _text(rows):
    """Rows as CSV bytes in UTF-8. What a spreadsheet would take for a formula gets an apostrophe before it."""
    return _table([[_cell(cell) for cell in row] for row in rows])


# At the start of a cell, and after what a spreadsheet of another language takes for the end of one; full-width signs, too.
_FORMULA = re.compile(r"(^|[;\t|])([ \u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def _cell(cell):
    if isinstance(cell, (int, float)):
        return _number(cell)
    return _FORMULA.sub(r"\1'\2", printable(str(cell)))


def _number(score):
    return f"{score:.2f}".rstrip("0").rstrip(".")


# --- personal data --------------------------------------------------------------------------------------------------


def forget(folder, student):
    """Remove everything that a folder of results holds of one student.

    Lines of the results, rows of ``grades.csv`` and ``overrides.csv``, feedback, copies and marks in nbgrader's tree. The
    tables for Moodle and Canvas are removed as a whole: the next run writes them anew.

    Parameters
    ----------
    folder : Path
    student : str
        As in the column ``student`` of ``grades.csv``.

    Returns
    -------
    list of str
        What was changed or removed.

    Raises
    ------
    ResultsError
        If nothing is known of that student.
    """
    folder = Path(folder)
    kept, own = _split(folder / GRADES, lambda row: row["student"] == student)
    names = {plain(row[column]) for row in own for column in ("student", "name", "id", "email") if row[column]}
    names.add(plain(student))
    removed = [name for name in (RESULTS, PARTIAL) if _drop_lines(folder / name, student)]
    if own:
        write_atomically(folder / GRADES, _table(kept))
        removed.append(GRADES)
    kept, marks = _split(folder / OVERRIDES, lambda row: plain(row["student"]) in names)
    if marks:
        write_atomically(folder / OVERRIDES, _table(kept))
        removed.append(OVERRIDES)
    trees = [folder / "feedback", *((folder / "nbgrader" / step) for step in ("submitted", "autograded", "feedback"))]
    for place in [entry for tree in trees if tree.is_dir() for entry in tree.iterdir() if entry.name == student]:
        shutil.rmtree(place)
        removed.append(str(place.relative_to(folder)))
    if (folder / "nbgrader").is_dir():  # nbgrader takes seconds to import
        from grading import gradebook

        if gradebook.remove(folder, student):
            removed.append("nbgrader/gradebook.db")
    if not removed:
        raise ResultsError(
            f"{folder} holds nothing of {student!r}: the name must stand in the column `student` of {GRADES}"
        )
    for name in _PLATFORMS:
        if (folder / name).is_file():
            (folder / name).unlink()
            removed.append(name)
    if (folder / "cache").is_dir():  # what it holds is tied to answers, not to names, so all of it goes
        shutil.rmtree(folder / "cache")
        removed.append("cache")
    return removed


def _drop_lines(path, student):
    if not path.is_file():
        return False
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not _is_of(line, student)]
    return write_atomically(path, b"".join(kept))


def _is_of(line, student):
    try:
        return json.loads(line)["student"] == student
    except (ValueError, KeyError, TypeError):  # a line that was cut off may be theirs
        return True


def _split(path, is_own):
    """Header and rows of a table without some rows, and those rows."""
    if not path.is_file():
        return [], []
    header, rows = read_csv(path)
    if "student" not in header:
        raise ResultsError(f"{path} has no column `student`")
    kept = [header, *(list(row.values()) for _, row in rows if not is_own(row))]
    return kept, [row for _, row in rows if is_own(row)]


def _table(rows):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()
