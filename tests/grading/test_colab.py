"""The lock follows Colab's newest list, by one path, and a list that does not fit changes nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.utils import canonicalize_name

from grading import cli, colab
from grading.course import CourseError
from tests.conftest import ROOT

FREEZE = """# made by pip freeze
Authlib==1.7.2
en_core_web_sm @ https://example.org/en.whl#sha256=19
torch==2.11.0+cpu
-e git+https://example.org/a.git#egg=a
numpy==2.1.3

"""


def locked(root):
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", (root / colab.LOCK).read_text(encoding="utf-8"), re.MULTILINE)
    return [(canonicalize_name(name), version) for name, version in found]


def differing(root):
    """Packages that student code can touch whose version in the lock is not that of the newest list."""
    pinned = dict(line.split("==") for line in colab.constraints(colab.lists(root)[-1]))
    return sorted({name for name, version in locked(root) if pinned.get(name, version) != version})


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course's files that the lock hangs on; the resolver is not asked, but does as it is told."""
    root = tmp_path / "course"
    shutil.copytree(ROOT / colab.FOLDER, root / colab.FOLDER, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    for name in ("pyproject.toml", colab.LOCK, "course.toml"):
        shutil.copy(ROOT / name, root)

    def resolve(command, **_):
        pinned = Path(command[command.index("--constraints") + 1]).read_text(encoding="utf-8")
        if "numpy==99" in pinned:
            return subprocess.CompletedProcess(command, 1, "", "librosa needs numpy<98")
        Path(command[command.index("--output-file") + 1]).write_text(pinned, encoding="utf-8")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(colab.subprocess, "run", resolve)
    return root


def a_list(folder, name="2026-09-python3.13.txt", **versions):
    newest = colab.lists(ROOT)[-1].packages | {key.replace("_", "-"): value for key, value in versions.items()}
    path = folder / name
    path.write_text("".join(f"{key}=={value}\n" for key, value in newest.items()), encoding="utf-8")
    return path


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_lock_holds_what_colabs_newest_list_holds(tmp_path):
    assert differing(ROOT) == []
    assert {name for name, _ in locked(ROOT)} >= {*colab.TOUCHED, *colab.WITH_IT}
    (tmp_path / colab.FOLDER).mkdir(parents=True)
    a_list(tmp_path / colab.FOLDER, numpy="2.2.0", seaborn="0.14.0")
    shutil.copy(ROOT / colab.LOCK, tmp_path)
    assert differing(tmp_path) == ["numpy", "seaborn"], "this test can fail"


def test_a_list_is_cleaned_as_those_that_are_there():
    assert colab.pins(FREEZE) == {"authlib": "1.7.2", "numpy": "2.1.3"}
    for one in colab.lists(ROOT):
        text = one.path.read_text(encoding="utf-8")
        assert text == colab._HEAD + "".join(f"{line[0]}\n" for line in colab._released(text)), one.path.name


def test_the_newest_list_is_by_date_then_python(tmp_path):
    (tmp_path / colab.FOLDER).mkdir(parents=True)
    for name in ("2026-10-python3.13", "2026-09-python3.14", "2026-10-python3.9", "notes-python", "2026-11"):
        (tmp_path / colab.FOLDER / f"{name}.txt").write_text("numpy==1.0\n", encoding="utf-8")
    assert [one.path.stem for one in colab.lists(tmp_path)] == ["2026-09-python3.14", "2026-10-python3.9", "2026-10-python3.13"]
    assert colab.lists(tmp_path / "nowhere") == ()


def test_the_command_takes_a_list_and_the_lock_follows(course, tmp_path, monkeypatch):
    monkeypatch.chdir(course)
    path = a_list(tmp_path, "colab-2026-09.txt", numpy="2.2.1")
    path.write_text(FREEZE + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = CliRunner().invoke(cli.main, ["colab", str(path), "--python", "3.13"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == ["tests/colab/2026-09-python3.13.txt", "requirements.lock", "run `make test-colab`, then commit"]
    newest = colab.lists(course)[-1]
    assert (newest.date, newest.python, newest.packages["numpy"]) == ("2026-09", "3.13", "2.2.1")
    assert "torch" not in newest.packages and newest.path.read_text(encoding="utf-8").startswith("# What Colab has")
    assert differing(course) == [] and dict(locked(course))["numpy"] == "2.2.1"
    assert CliRunner().invoke(cli.main, ["colab", str(path), "--python", "3.13"]).output == "up to date\n"


def test_an_older_list_is_kept_and_the_lock_stays_with_the_newest(course, tmp_path):
    colab.take(course, a_list(tmp_path, "2026-01-python3.12.txt", numpy="2.0.0"))
    assert (course / colab.FOLDER / "2026-01-python3.12.txt").is_file()
    assert dict(locked(course))["numpy"] == colab.lists(ROOT)[-1].packages["numpy"]


@pytest.mark.parametrize(
    ("name", "versions", "drop", "words"),
    [
        ("2026-09-python3.13.txt", {"numpy": "99.0"}, "", "cannot be made with the versions of 2026-09-python3.13.txt.*numpy<98"),
        ("2026-09-python3.13.txt", {}, "librosa", "has no version of librosa"),
        ("2026-09-python3.99.txt", {}, "", "Colab has Python 3.99, and pyproject.toml has requires-python.*environment.yml"),
        ("september.txt", {}, "", "which month and Python is september.txt of.*--date 2026-09 and --python 3.13"),
    ],
)
def test_a_list_that_does_not_fit_is_one_sentence_and_changes_nothing(course, tmp_path, name, versions, drop, words):
    path = a_list(tmp_path, name, **versions)
    if drop:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith(drop)), encoding="utf-8")
    before = contents(course)
    with pytest.raises(CourseError, match=re.compile(words, re.DOTALL)):
        colab.take(course, path)
    assert contents(course) == before


def test_a_file_that_is_no_list(course, tmp_path):
    path = tmp_path / "2026-09-python3.13.txt"
    for data, words in ((b"\xff\xfe\x00", "not text"), (b"", "no version of numpy")):
        path.write_bytes(data)
        with pytest.raises(CourseError, match=words):
            colab.take(course, path)


def test_make_lock_goes_the_same_way_and_make_takes_colabs_python(course):
    (course / colab.LOCK).write_text("numpy==1.0\n", encoding="utf-8")
    assert colab.relock(course) == [course / colab.LOCK] and differing(course) == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(BIN)/python -m grading.colab\n" in makefile.split("\nlock:")[1]
    assert makefile.count("uv pip compile") == 0


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_reads_colabs_python_from_the_newest_list(tmp_path):
    (tmp_path / colab.FOLDER).mkdir(parents=True)
    for name in ("2026-09-python3.14", "2026-08-python3.13"):
        (tmp_path / colab.FOLDER / f"{name}.txt").touch()
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "show.mk").write_text("include Makefile\nshow:\n\t@echo $(COLAB)\n", encoding="utf-8")
    said = subprocess.run(["make", "--no-print-directory", "-f", "show.mk", "show", "PYTHON=none"], cwd=tmp_path, capture_output=True, text=True)
    assert said.stdout.strip() == "3.14", said.stderr
