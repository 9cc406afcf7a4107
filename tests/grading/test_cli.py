"""The ``course`` command: its data group, and errors that are sentences, not tracebacks."""

import json

import pytest
from click.testing import CliRunner

from grading.cli import main
from tests.conftest import ROOT


def course(*args):
    return CliRunner().invoke(main, args)


@pytest.fixture(autouse=True)
def empty_data_dir(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_REALDATA", raising=False)


def test_data_list_names_every_set_with_its_licence():
    result = course("data", "list")
    assert result.exit_code == 0
    for name in ("nsynth", "medley-solos-db", "irmas", "musicnet", "tinysol", "philharmonia", "uiowa-mis", "uiowa-features"):
        (line,) = [line for line in result.output.splitlines() if line.startswith(name + " ")]
        assert "no" in line.split()


def test_data_info_gives_licence_citation_and_defects():
    result = course("data", "info", "nsynth")
    assert "CC BY 4.0" in result.output and "Engel" in result.output and "synth_lead" in result.output


def test_data_where_is_under_the_chosen_folder(tmp_path):
    assert course("data", "where", "tinysol").output.strip() == str(tmp_path / "data" / "tinysol")


def test_data_that_must_be_placed_say_how():
    result = course("data", "fetch", "uiowa-features")
    assert result.exit_code == 1 and "uiowa_train_data.npy" in result.output


def test_validate_fails_on_what_is_not_there():
    result = course("data", "validate", "tinysol")
    assert result.exit_code == 1 and "not on this machine" in result.output


@pytest.mark.parametrize("args", [("data", "info", "nope"), ("run", "99_nope"), ("data", "where", "../x")])
def test_wrong_names_are_one_sentence(args):
    result = course(*args)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ") and "Traceback" not in result.output


def test_outside_a_course_the_nearest_course_is_used(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert course("run", "99_nope").output.startswith("Error: no lesson '99_nope'; there are: 01_feature_extraction")


def test_doctor_says_what_is_in_a_notebook_and_repairs_it(tmp_path):
    data = json.loads((ROOT / "notebooks" / "02_dense_mlp.ipynb").read_text(encoding="utf-8"))
    for cell in data["cells"]:
        cell["metadata"].pop("nbgrader", None)
    path, repaired = tmp_path / "mine.ipynb", tmp_path / "repaired.ipynb"
    path.write_text(json.dumps(data), encoding="utf-8")
    result = course("doctor", str(path), "--repair", str(repaired))
    assert result.exit_code == 1
    assert "standardise" in result.output and "not answered yet" in result.output
    assert b'"grade_id": "standardise"' in repaired.read_bytes()
    path.write_text("{", encoding="utf-8")
    broken = course("doctor", str(path))
    assert broken.exit_code == 1 and "not whole" in broken.output and "Traceback" not in broken.output
    assert course("doctor").exit_code == 2
