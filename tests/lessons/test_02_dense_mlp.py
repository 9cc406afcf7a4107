"""Lesson 02 beyond what every lesson is tested for: its cells keep out of each other's way, its words match its data."""

import pytest

from grading import build
from grading.course import load_course

NAME = "02_dense_mlp"


@pytest.fixture(scope="module")
def cells(root):
    course = load_course(root)
    return [c for c in build.reference_notebook(course, course.lesson(NAME)).cells if c.cell_type == "code"]


def overwritten(cells):
    """Names that the story assigns, a later question cell overwrites, and the story reads after that."""
    found, standing, spoilt = [], set(), {}
    for cell in cells:
        assigned, read = build._names(cell.source)
        if "nbgrader" in cell.metadata:
            spoilt |= {name: cell.id for name in assigned & standing}
            continue
        found += [f"{cell.id} reads `{name}`, which {spoilt[name]} overwrote" for name in read & spoilt.keys() - assigned]
        standing |= assigned
        spoilt = {name: place for name, place in spoilt.items() if name not in assigned}
    return sorted(found)


def test_no_question_overwrites_what_the_story_still_needs(cells):
    assert overwritten(cells) == []


def test_an_overwritten_name_would_be_found(cells):
    spoiling = [cell.copy() for cell in cells]
    last = max(i for i, cell in enumerate(spoiling) if "nbgrader" in cell.metadata)
    spoiling[last].source += "\ntrained = None\n"
    assert any("`trained`" in line for line in overwritten(spoiling))


def test_points_add_up_to_20_in_seven_questions(cells):
    points = [c.metadata.nbgrader.points for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert len(points) == 7 and sum(points) == 20
