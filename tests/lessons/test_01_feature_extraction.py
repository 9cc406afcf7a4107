"""Rules that lesson 01 keeps beyond those of the build."""

import ast
from pathlib import Path

import pytest

from grading import build
from grading.course import load_course

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cells():
    course = load_course(ROOT)
    reference = build.reference_notebook(course, course.lesson("01_feature_extraction"))
    return [cell for cell in reference.cells if cell.cell_type == "code"]


def _assigned(cells):
    """Names that the cells bind at the level of the notebook, imports left out."""
    names = set()
    for cell in cells:
        scopes = [ast.parse(cell.source)]
        while scopes:
            for node in ast.iter_child_nodes(scopes.pop()):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    names.add(node.name)
                elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                    scopes.append(node)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names.add(node.id)
    return names


def _clashes(cells):
    """Names that a question's cells would overwrite under the story's feet, or the other way round."""
    questions = [cell for cell in cells if "nbgrader" in cell.metadata]
    return _assigned(questions) & _assigned([cell for cell in cells if "nbgrader" not in cell.metadata])


def test_questions_and_story_share_no_names(cells):
    assert _clashes(cells) == set()


def test_a_shared_name_is_found(cells):
    import nbformat

    story = nbformat.v4.new_code_cell("for cases in []:\n    q = 1", metadata={"tags": ["explore"]})
    assert _clashes([*cells, story]) >= {"q", "cases"}


def test_points_add_up_to_20(cells):
    assert sum(cell.metadata.nbgrader.points for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")) == 20
