"""The people of a course: read a roster, and tell who of it each student of the results is. Called by ``results``."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from grading.submissions import folder_name
from helpers import _tables


class ResultsError(ValueError):
    """A file of results, a roster or a list of overrides is wrong; the message names file, line and remedy."""


@dataclass(frozen=True)
class Person:
    """Someone on the roster.

    Attributes
    ----------
    id : str
        As the roster calls them: user name, number or address.
    name, email : str
    numbers : tuple of str
        What platforms call them beside it (Canvas's ID, SIS IDs and login, Moodle's participant number).
    canvas : tuple of str
        Student, ID, SIS User ID, SIS Login ID and Section as in Canvas's own file; empty if the roster is not one.
    """

    id: str
    name: str
    email: str = ""
    numbers: tuple = ()
    canvas: tuple = ()


_COLUMNS = {
    "student": ("student", "student_id", "student id", "username", "user name", "login", "id number", "idnumber", "id"),
    "name": ("name", "full name", "fullname", "student name"),
    "first": ("first name", "first_name", "firstname", "given name"),
    "last": ("last name", "last_name", "lastname", "surname", "family name"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
}
_CANVAS = ("student", "id", "sis user id", "sis login id", "section")


def read_roster(path):
    """Everybody in the course: a CSV with a column ``student``, and ``name``, ``email`` if there are.

    Also read are the files that Canvas (its gradebook) and Moodle (participants, grading worksheet) export.

    Parameters
    ----------
    path : Path
        Commas, semicolons or tabs; UTF-8, UTF-16, or what Excel writes in western Europe.

    Returns
    -------
    tuple of Person

    Raises
    ------
    ResultsError
        Naming the file and the line.
    """
    path = Path(path)
    if not path.is_file():
        raise ResultsError(f"the roster {path} is not there")
    header, rows = read_csv(path)
    canvas = "sis login id" in header or "sis user id" in header
    used = {what: [name for name in names if name in header] for what, names in _COLUMNS.items()}
    if not canvas and not (used["student"] or used["email"] or "identifier" in header):
        raise ResultsError(
            f"{path}: the first line must name the columns, one of them `student`; it names {', '.join(header) or 'none'}"
        )
    people, seen = [], {}
    for number, row in rows:
        if canvas and (row["student"].casefold() in ("points possible", "student, test") or not row["student"]):
            continue
        person = _canvas_person(row) if canvas else _person(row, used)
        if not person.id:
            raise ResultsError(f"{path}, line {number}: no student is named there")
        if person.id in seen:
            raise ResultsError(f"{path}, line {number}: {person.id} stands in line {seen[person.id]} already")
        seen[person.id] = number
        people.append(person)
    if not people:
        raise ResultsError(f"{path}: nobody is on this roster")
    return tuple(people)


def _canvas_person(row):
    cells = tuple(row.get(name, "") for name in _CANVAS)
    name, number, sis, login, _ = cells
    address = login if "@" in login else ""
    return Person(login or sis or number, name, address, tuple(cell for cell in (number, sis) if cell), cells)


def _person(row, used):
    values = {what: [row[name] for name in names if row[name]] for what, names in used.items()}
    name = (values["name"] or [""])[0] or " ".join([*values["first"][:1], *values["last"][:1]])
    number = re.sub(r"^\D+", "", row.get("identifier", ""))  # "Participant 12345" in Moodle's grading worksheet
    ids = [*values["student"], *values["email"], *([number] if number else [])]
    return Person(ids[0] if ids else "", name, (values["email"] or [""])[0], tuple(ids[1:]))


def read_csv(path):
    """A CSV from whatever program: commas, semicolons or tabs; UTF-8, UTF-16 or western European.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of str, list of (int, dict of str to str)
        Column names in small letters; number of the line and row for each row that is not empty.

    Raises
    ------
    ResultsError
        If it is not text, or a row has more cells than there are columns.
    """
    try:
        header, rows = _tables.read(path)
    except _tables.TableError as error:
        raise ResultsError(str(error)) from None
    names = [name.casefold() for name in header]
    return names, [(line, dict(zip(names, cells, strict=True))) for line, cells in rows]


def who_is_who(results, roster):
    """Who each student of some results is on the roster.

    An id, number or address decides; a name only where one person and one student have it.

    Parameters
    ----------
    results : iterable of dict
        With ``student``, and ``name`` and ``id`` as collected.
    roster : tuple of Person

    Returns
    -------
    dict of str to Person, list of str
        By student, with everybody who handed in nothing under their own folder name; and a line for each doubt.
    """
    results = {result["student"]: result for result in results}
    by_id, by_name = defaultdict(set), defaultdict(set)
    for place, person in enumerate(roster):
        for one in {person.id, folder_name(person.id), person.email, *person.numbers} - {""}:
            by_id[plain(one)].add(place)
        local = person.email.partition("@")[0]
        for one in {*_orders(person.name), _squashed(local)} - {""}:
            by_name[one].add(place)
    people, notes = {}, []
    for kind, table in (("id", by_id), ("name", by_name)):
        claims = defaultdict(list)
        for student, result in results.items():
            if student not in people:
                names = _ids(result) if kind == "id" else {_squashed(result.get("name") or student)}
                places = set().union(*(table.get(name, set()) for name in names)) if names else set()
                if len(places) == 1 and roster[min(places)] not in people.values():
                    claims[min(places)].append(student)
        for place, students in claims.items():
            if len(students) == 1:
                people[students[0]] = roster[place]
            else:
                notes.append(
                    f"{', '.join(students)} all look like {roster[place].id} of the roster; none was taken for them"
                )
    if roster:
        notes += [f"{student} is not on the roster" for student in results if student not in people]
    there = set(map(id, people.values()))
    for person in roster:
        if id(person) not in there:
            people[folder_name(person.id)] = person
    return people, notes


def _ids(result):
    return {plain(one) for one in (result["student"], result.get("id", ""), result.get("name", "")) if one}


def names_of(result, person):
    """All that a student may be called: by the results and, if there is a ``person``, by the roster; see :func:`plain`."""
    own = _ids(result)
    if person is not None:
        own |= {plain(one) for one in (person.id, person.name, person.email, *person.numbers) if one}
    return own


def plain(text):
    """Text in the form in which names are compared."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def _squashed(text):
    """Letters and digits alone, as Canvas writes a name in the names of files."""
    return "".join(letter for letter in plain(text) if letter.isalnum())


def _orders(name):
    """A name squashed in both orders: Canvas puts the family name first."""
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.rpartition(" ")
    return {_squashed(first + last), _squashed(last + first)}
