"""Every wall of the sandbox holds; and each probe sees a wall that is not there."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from grading import crew, doctor, engine, sandbox, wire
from tests.conftest import ROOT


def test_every_wall_holds(class_room):
    one, bundle, _, _ = class_room
    findings = doctor.sandbox_findings(one, bundle, ROOT)
    assert len(findings) >= 12
    assert [finding for finding in findings if not finding.holds] == []


# Rights and memory are the same without walls for somebody who is not root; descriptors depend on the test runner.
SEEN_WITHOUT_WALLS = (
    "network: this machine's own servers", "files: the instructor's", "files: solutions and hidden tests",
    "files: writing outside the scratch folder", "processes: others seen or entered", "tests: the examiner's modules",
)


@pytest.mark.parametrize("wall", SEEN_WITHOUT_WALLS)
def test_a_probe_sees_that_its_wall_is_missing(wall, tmp_path):
    import socket

    secret = tmp_path / "secret.txt"
    secret.write_text("marks")
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = doctor.probes(secret, server.getsockname()[1], ROOT)[wall]
        code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nsys.base_prefix = {str(tmp_path)!r}\n{doctor._HEAD}{source}\nprint(result)"
        seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout.strip()
    assert seen


@pytest.mark.parametrize("channel", doctor.CHANNELS)
def test_a_probe_sees_that_something_comes_over(channel):
    send, receive = doctor.CHANNELS[channel]
    head = f"{doctor._HEAD}token = {doctor._TOKEN!r}\n"
    command = [sys.executable, "-c"]
    with subprocess.Popen(
        [*command, f"{head}{send}\nprint('sent', flush=True)\nsys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as sender:  # fmt: skip
        sender.stdout.readline()
        seen = subprocess.run([*command, f"{head}{receive}\nprint(result)"], capture_output=True, text=True, timeout=60)
        sender.stdin.close()
    for path in (*Path("/tmp").glob("channel"), *Path("/dev/shm").glob("channel"), *Path("/var/tmp").glob("channel")):
        path.unlink()
    if channel == "keys" and not Path("/proc/keys").exists():
        pytest.skip("this kernel keeps no keys")
    assert doctor._TOKEN in seen.stdout, seen.stderr


def test_a_probe_sees_that_calls_are_not_refused():
    code = f"{doctor._HEAD}{doctor._CALLS}\nprint(result)"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert {"memfd_create", "keyctl"} <= set(seen.stdout.split()), seen.stderr


def test_without_bubblewrap_the_refusal_names_the_package(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert "install the package `bubblewrap`" in sandbox.why_not()


def test_on_another_system_the_refusal_says_so(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    assert "needs Linux" in sandbox.why_not()


def test_a_warm_process_that_does_not_come_up_is_told_with_its_words(tmp_path):
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / "__init__.py").touch()
    (tmp_path / "grading" / "student.py").write_text("raise RuntimeError('no such luck')")
    one = crew.Crew(tmp_path, tmp_path, tmp_path, 2**30, walls=False)
    with pytest.raises(ValueError, match="no such luck"):
        one.student  # noqa: B018


def test_a_dead_warm_process_is_nobodys_fault(class_room):
    one, bundle, _, _ = class_room
    warm = one.student
    session = engine.Session(warm, bundle)
    warm.process.kill()
    while warm.alive():  # bubblewrap ends before what is behind it
        time.sleep(0.01)
    with pytest.raises(engine.WarmGone):
        session.request(wire.pack(["run", "x = 1", []]), engine.Budget(5.0, 80.0))
    session.close()
    assert one.student.alive()  # a new one
