"""Mutated notebooks and zips: whatever a file is made of, it is read, or refused in words, within seconds.

A few in the default run, ten thousand notebooks and five hundred zips with ``--full``; all from seeds.
"""

import functools
import io
import json
import random
import time
import zipfile

import nbformat
import pytest

from grading import crew, demo, engine, feedback, submissions
from grading.course import load_course
from helpers import match, submit
from tests.conftest import ROOT

LESSON = "02_dense_mlp"
SECONDS = 5  # of the supervisor's processor time for one file
BLOCKS = 20  # tests of equal parts


@functools.cache
def lesson():
    course = load_course(ROOT)
    bundle = crew.bundle(course, course.lesson(LESSON))
    class_ = demo.made_up_class(course, course.lesson(LESSON))
    return bundle, match.released_from(bundle.map), sorted(class_.values())


# --- mutations --------------------------------------------------------------------------------------------------------

ODD = [None, True, -1, 0, 1e308, 10**400, "", "x" * 10_000, "\ud800", "\x00", "\u202e", [], {}, [[]], {"": None}, "<script>", "%%bash\nrm"]


def places(tree, found, depth=0):
    """Every container in a JSON tree with each of its keys."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        found.append((tree, key))
        if depth < 12:
            places(value, found, depth + 1)
    return found


def in_the_tree(data, rng):
    """A notebook in which some values are others', odd ones, gone or doubled."""
    notebook = json.loads(data)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        all_ = places(notebook, [])
        tree, key = rng.choice(all_)
        kind = rng.randrange(6)
        if kind == 0:
            tree[key] = rng.choice(ODD)
        elif kind == 1 and isinstance(tree, dict):
            del tree[key]
        elif kind == 2 and isinstance(tree, list):
            tree.insert(rng.randrange(len(tree) + 1), tree[key])
        elif kind == 3 and isinstance(tree[key], str):
            tree[key] = of_text(tree[key], rng)
        elif kind == 4:
            other, place = rng.choice(all_)
            tree[key] = json.loads(json.dumps(other[place])) if len(json.dumps(other[place])) < 10_000 else None
        elif kind == 5 and isinstance(tree, list):
            rng.shuffle(tree)
    return json.dumps(notebook).encode()


def of_text(text, rng):
    """A text cut, joined, repeated, or with odd characters."""
    place = rng.randrange(len(text) + 1)
    return rng.choice(
        [
            text[:place], text[place:], text[:place] + rng.choice("()[]{}'\"\\:#%!\t\r\n\x0b\x0c\x85\u2028é") + text[place:],
            text * 3, text.replace("def ", "class "), text.replace("    ", "\t"), "(" * 3000 + text, text.upper(),
        ]
    )  # fmt: skip


def in_the_bytes(data, rng):
    """A file with some bytes changed, cut off, or twice."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 3, 30])):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if rng.random() < 0.3:
        del data[rng.randrange(len(data)) :]
    return bytes(data) * rng.choice([1, 1, 1, 2])


def mutated(number):
    rng = random.Random(number)
    data = rng.choice(lesson()[2])
    for _ in range(rng.choice([1, 1, 3])):
        try:
            data = rng.choice([in_the_tree, in_the_tree, in_the_tree, in_the_bytes])(data, rng)
        except (ValueError, RecursionError):  # no JSON any more
            data = in_the_bytes(data or b"{", rng)
    return data


# --- what must hold ---------------------------------------------------------------------------------------------------


def read_in_every_way(data):
    """All that the supervisor, the page and the check before handing in do with a file; raises nothing of its own."""
    bundle, released, _ = lesson()
    file = engine.opened(data, bundle)
    assert bool(file.error) != bool(file.matches)
    result = engine.broken(bundle, "") | {"student": "ada", "error": file.error}
    page = feedback.render(result, data, released)
    assert len(page) < 30_000_000 and "<script" not in page.lower()
    try:
        looked = submit.look(data)
    except submit.SubmitError as error:
        assert str(error)
        return
    repaired = engine.opened(looked.notebook, bundle)
    assert not repaired.error
    nbformat.validate(nbformat.reads(looked.notebook.decode(), 4))
    if looked.lesson == LESSON and not file.error:
        assert {name: one.attempted for name, one in repaired.matches.items()} == {
            name: one.attempted for name, one in file.matches.items()
        }


def try_all(numbers):
    slowest = 0.0
    for number in numbers:
        data = mutated(number)
        began = time.process_time()
        try:
            read_in_every_way(data)
        except Exception as error:
            raise AssertionError(f"mutated({number}): {type(error).__name__}: {error}") from error
        slowest = max(slowest, time.process_time() - began)
        assert slowest < SECONDS, f"mutated({number}) took {slowest:.1f} s"


def test_mutated_notebooks():
    try_all(range(60))


@pytest.mark.full
@pytest.mark.parametrize("block", range(BLOCKS))
def test_ten_thousand_mutated_notebooks(block):
    try_all(range(block, 10_000, BLOCKS))


def mutated_zip(number):
    """A zip of a class with names of students, platforms and files that were mutated, then its bytes."""
    rng = random.Random(number)
    names = [
        f"ada/{LESSON}/{LESSON}.ipynb", f"ben_12_34_{LESSON}.ipynb", f"Cleo D_7_assignsubmission_file/{LESSON}.ipynb", "eve.ipynb",
        f"submitted/dan/{LESSON}/timestamp.txt", "inner.zip", "__MACOSX/x.ipynb", "a/../../b.ipynb", "C:\\x.ipynb", "é" * 300 + ".ipynb",
    ]  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])) as archive:
        for name in rng.sample(names, rng.randrange(1, len(names))):
            date = (rng.randrange(1980, 2108), rng.randrange(0, 16), rng.randrange(0, 32), rng.randrange(32), 0, 0)
            member = zipfile.ZipInfo(of_text(name, rng) if rng.random() < 0.3 else name, date)
            archive.writestr(member, rng.choice([b"", b"{}", b"x" * 10_000, rng.choice(lesson()[2])]))
    data = bytearray(buffer.getvalue())
    for _ in range(rng.choice([0, 1, 5, 50])):
        data[rng.randrange(max(0, len(data) - 2_000), len(data)) if rng.random() < 0.7 else rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data[: rng.randrange(len(data))] if rng.random() < 0.1 else data)


def try_zips(numbers, folder):
    for number in numbers:
        path = folder / "class.zip"
        path.write_bytes(mutated_zip(number))
        began = time.process_time()
        try:
            collected = submissions.collect(path, LESSON)
            assert len({one.student for one in collected.submissions}) == len(collected.submissions)
            for one in collected.submissions:
                assert one.student == submissions.folder_name(one.student) or "-" in one.student
                assert isinstance(one.read_or_reason(), bytes) and (one.name + one.source).isprintable()
        except Exception as error:
            raise AssertionError(f"mutated_zip({number}): {type(error).__name__}: {error}") from error
        assert time.process_time() - began < SECONDS, f"mutated_zip({number})"


def test_mutated_zips(tmp_path):
    try_zips(range(40), tmp_path)


@pytest.mark.full
def test_five_hundred_mutated_zips(tmp_path):
    try_zips(range(500), tmp_path)


# --- how much ---------------------------------------------------------------------------------------------------------


def notebook_of(n_cells, kind):
    """A notebook of so many cells of a kind beside those of a student."""
    notebook = nbformat.reads(lesson()[2][0].decode(), 4)
    sources = {
        "empty": lambda i: "", "alike": lambda i: f"def standardize{i}(X_train, X_test):\n    raise NotImplementedError()",
        "not Python": lambda i: f"def ( {i}", "chained": lambda i: f"def f{i}(x):\n    return f{i + 1}(x)",
        "marked": lambda i: f"# question: standardise\nx = {i}", "copies of a test": lambda i: f'q = checks.question("standardise")  # {i}',
    }  # fmt: skip
    for i in range(n_cells):
        notebook.cells.append(nbformat.v4.new_code_cell(sources[kind](i)))
    return nbformat.writes(notebook).encode()


@pytest.mark.parametrize("kind", ["empty", "alike", "not Python", "chained", "marked", "copies of a test"])
def test_many_cells_are_read_in_time_and_a_hundred_times_more_refused(kind):
    began = time.process_time()
    read_in_every_way(notebook_of(3_000, kind))
    assert time.process_time() - began < 3 * SECONDS
    file = engine.opened(notebook_of(match.MAX_CELLS + 1, kind), lesson()[0])
    assert "at most 20,000 are read" in file.error
