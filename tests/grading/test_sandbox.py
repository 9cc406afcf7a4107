"""Warm processes come up, answer, and are refused where a wall would have a hole; what they say never stops them."""

import os
import textwrap

import pytest

from grading import sandbox
from grading.course import CourseError


def start(root, **more):
    (root / "data").mkdir(exist_ok=True)
    settings = {"walls": False, "data_dir": root / "data", "caches": root / "data", "memory_bytes": 2**30}
    return sandbox.start("student", root, **settings | more).ready()


@pytest.fixture
def stand_in(tmp_path):
    """A function that makes a folder with a student's module that does what it is told, then says that it is warm."""

    def make(source):
        package = tmp_path / "grading"
        package.mkdir()
        (package / "__init__.py").touch()
        head = "import os, socket, sys, struct, time, msgpack\ncontrol = socket.socket(fileno=int(sys.argv[1]))\n"
        head += 'def say(*message):\n    body = msgpack.packb(list(message))\n'
        head += '    control.sendall(struct.pack(">I", len(body)) + body)\n'
        (package / "student.py").write_text(head + textwrap.dedent(source), encoding="utf-8")
        return tmp_path

    return make


def test_what_it_writes_on_standard_error_never_stops_it(stand_in):
    root = stand_in("""
        os.write(2, b"x" * 2**20)
        say("warm")
        while control.recv(1):
            os.write(2, b"y" * 2**20)
            say("alive")
    """)
    warm = start(root)
    try:
        assert warm.alive() and warm.alive()
    finally:
        warm.close()
    assert warm.process.returncode is not None


def test_one_that_does_not_come_up_is_told_with_its_last_words(stand_in):
    with pytest.raises(CourseError, match="(?s)did not come up.*no such library"):
        start(stand_in('sys.exit("no such library")'))


def test_one_that_died_is_known_to_be_gone_before_its_handle_says_so(stand_in):
    warm = start(stand_in('say("warm")\ncontrol.recv(1)\ncontrol.close()\ntime.sleep(30)'))
    try:
        assert warm.process.poll() is None and not warm.alive()
        with pytest.raises((OSError, EOFError)):
            warm.fork()
    finally:
        warm.close()


def test_a_failed_fork_leaves_no_file_open(stand_in):
    warm = start(stand_in('say("warm")\ncontrol.recv(1)\ncontrol.close()\ntime.sleep(30)'))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises((OSError, EOFError)):
            warm.fork()
    assert len(os.listdir("/proc/self/fd")) == before
    warm.close()


@pytest.mark.skipif(bool(sandbox.why_not()), reason=sandbox.why_not() or "the sandbox is here")
@pytest.mark.parametrize("how", ["interpreter", "data"])
def test_a_project_inside_what_student_code_reads_is_refused(tmp_path, monkeypatch, how):
    project = tmp_path / "home" / "course"
    project.mkdir(parents=True)
    more = {"walls": True}
    if how == "interpreter":
        monkeypatch.setattr(sandbox, "_interpreter", lambda: [str(tmp_path / "home")])
    else:
        more["data_dir"] = tmp_path
    with pytest.raises(CourseError, match="solutions and hidden tests would be in reach"):
        start(project, **more)
