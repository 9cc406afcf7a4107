"""Fetching from a hostile server, unpacking hostile archives, and being killed in between.

The server is a real one on this machine. What it does wrong stands in the path: ``/break/20000/file`` breaks off after
20,000 bytes, and so on; see `Handler`.
"""

import contextlib
import errno
import gzip
import hashlib
import http.server
import io
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tarfile
import threading
import time
import tomllib
import zipfile
from collections import namedtuple
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import numpy as np
import pytest

from helpers import _manifests, download
from helpers.download import DownloadError, Patience, extract, fetch_file

BODY = np.random.default_rng(0).bytes(200_000)
PAGE = b"\n <!DOCTYPE html><html><body>Log in first</body></html>"
QUICK = Patience(connect=2, stall=0.4, stall_bytes=1000, attempts=3, pause=0.01)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `BODY`, and whatever is in `server.files`, with the fault that the first part of the path names."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        fault, *rest = self.path.strip("/").split("/")
        self.server.seen.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        self.server.agents.add(self.headers.get("User-Agent"))
        body = self.server.files.get(rest[-1] if rest else "", BODY)
        begin = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        begin = int(begin[1]) if begin else None
        getattr(self, f"do_{fault}")(body, begin, rest)

    def head(self, length, begin=None, total=None, kind="application/octet-stream", tag='"v1"', **more):
        self.send_response(200 if begin is None else 206)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if begin is not None:
            self.send_header("Content-Range", f"bytes {begin}-{total - 1}/{total}")
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def do_good(self, body, begin, rest):
        if begin is not None and begin >= len(body):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(body)}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.head(len(body) - (begin or 0), begin, len(body))
        self.wfile.write(body[begin or 0:])

    def do_break(self, body, begin, rest):
        """Break off after so many bytes of each answer."""
        self.head(len(body) - (begin or 0), begin, len(body))
        self.wfile.write(body[begin or 0:][: int(rest[0])])

    def do_dead(self, body, begin, rest):
        """Break off after so many bytes, and then answer nothing but 503."""
        if sum(path == self.path for path, *_ in self.server.seen) > 1:
            return self.send_error(503)
        self.do_break(body, begin, rest)

    def do_norange(self, body, begin, rest):
        """Know no ranges; break off the first time."""
        self.head(len(body))
        first = sum(path == self.path for path, *_ in self.server.seen) == 1
        self.wfile.write(body[:50_000] if first else body)

    def do_wrongrange(self, body, begin, rest):
        """Answer a range with another range."""
        if begin is None:
            return self.do_break(body, begin, ["50000"])
        self.head(len(body) - 7, 7, len(body))
        self.wfile.write(body[7:])

    def do_changes(self, body, begin, rest):
        """Break off; by the second request the file is another one. `If-Range` is honoured."""
        if sum(path == self.path for path, *_ in self.server.seen) == 1:
            return self.do_break(body, begin, ["50000"])
        other = body[::-1]
        if self.headers.get("If-Range") not in (None, '"v2"'):
            begin = None
        self.head(len(other) - (begin or 0), begin, len(other), tag='"v2"')
        self.wfile.write(other[begin or 0:])

    def do_stall(self, body, begin, rest):
        """Send some bytes, then nothing for as long as anybody waits."""
        self.head(len(body) - (begin or 0), begin, len(body))
        self.wfile.write(body[begin or 0:][:100])
        self.wfile.flush()
        self.server.stop.wait(20)

    def do_trickle(self, body, begin, rest):
        """Send one byte at a time, always in time."""
        self.head(len(body) - (begin or 0), begin, len(body))
        with contextlib.suppress(OSError):
            for byte in body[begin or 0:]:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.stop.wait(0.02):
                    return

    def do_slow(self, body, begin, rest):
        """Send everything, 2,000 bytes at a time, so many seconds apart."""
        self.head(len(body) - (begin or 0), begin, len(body))
        with contextlib.suppress(OSError):
            for i in range(begin or 0, len(body), 2000):
                self.wfile.write(body[i:i + 2000])
                self.wfile.flush()
                time.sleep(float(rest[0]))

    def do_longer(self, body, begin, rest):
        """Announce more bytes than there are."""
        self.head(len(body) + 1000 - (begin or 0), begin, len(body) + 1000)
        self.wfile.write(body[begin or 0:])

    def do_shorter(self, body, begin, rest):
        """Announce fewer bytes than there are."""
        self.head(len(body) - 1000)
        self.wfile.write(body)

    def do_nolength(self, body, begin, rest):
        """Say nothing about the length."""
        self.head(None)
        self.wfile.write(body)

    def do_endless(self, body, begin, rest):
        """Say nothing about the length and never end."""
        self.head(None)
        with contextlib.suppress(OSError):
            while not self.server.stop.is_set():
                self.wfile.write(body)

    def do_html(self, body, begin, rest):
        self.head(len(PAGE), kind="text/html; charset=utf-8")
        self.wfile.write(PAGE)

    def do_secrethtml(self, body, begin, rest):
        """A web page that says it is a sound."""
        self.head(len(PAGE), kind="audio/aiff")
        self.wfile.write(PAGE)

    def do_wrong(self, body, begin, rest):
        """Another file of the same length."""
        self.do_good(body[::-1], begin, rest)

    def do_empty(self, body, begin, rest):
        """Announce an empty file, and send it."""
        self.head(0)

    def do_nothing(self, body, begin, rest):
        """Say nothing about the length, and send nothing."""
        self.head(None)

    def do_compressed(self, body, begin, rest):
        """Compress what nobody asked to be compressed."""
        packed = gzip.compress(body)
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def do_chunkcut(self, body, begin, rest):
        """Send in chunks, without a length, and break off inside a chunk: a proxy that cuts."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n" % len(body) + body[:50_000])
        self.close_connection = True

    def do_busy(self, body, begin, rest):
        """Ask the first time to come again after what the path says, in seconds or as a date."""
        if sum(path == self.path for path, *_ in self.server.seen) > 1:
            return self.do_good(body, begin, rest)
        wait = formatdate(time.time() + float(rest[1]), usegmt=True) if rest[0] == "date" else rest[0]
        self.send_response(429)
        self.send_header("Retry-After", wait)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_refuse(self, body, begin, rest):
        self.send_error(int(rest[0]))

    def do_circle(self, body, begin, rest):
        """Send in a circle."""
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_wholerange(self, body, begin, rest):
        """Answer a request for the whole with 206, as some caches do."""
        self.head(len(body) - (begin or 0), begin or 0, len(body))
        self.wfile.write(body[begin or 0:])

    def do_404(self, body, begin, rest):
        self.send_error(404)

    def do_503(self, body, begin, rest):
        self.send_error(503)

    def do_moved(self, body, begin, rest):
        self.send_response(302)
        self.send_header("Location", "/good/" + rest[-1])
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="module")
def running():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.files, server.seen, server.agents, server.stop = {}, [], set(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server(running):
    running.files.clear()
    running.seen.clear()
    running.agents.clear()
    return running


def remote(server, *paths, name="file", body=BODY, known=("bytes", "checksum"), **more):
    base = f"http://127.0.0.1:{server.server_address[1]}"
    facts = {"bytes": len(body), "checksum": "md5:" + hashlib.md5(body).hexdigest()}
    return _manifests.RemoteFile(name, tuple(f"{base}/{path}/{name}" for path in paths),
                                 **{key: facts[key] for key in known}, **more)


def whole(folder):
    """Names of everything in a folder that is not hidden."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("known", [("bytes", "checksum"), ("checksum",), ("bytes",), ()])
@pytest.mark.parametrize("fault", ["good", "moved", "break/70000", "norange", "nolength", "slow/0.001", "wholerange",
                                   "busy/0", "busy/soon"])
def test_a_file_comes_whole_from_a_server_that_is_bad_but_honest(server, tmp_path, fault, known):
    path = fetch_file(remote(server, fault, known=known), tmp_path, QUICK)
    assert path.read_bytes() == BODY
    assert [entry.name for entry in tmp_path.rglob("*") if entry.is_file()] == ["file"]


def test_a_broken_transfer_goes_on_where_it_stopped(server, tmp_path):
    fetch_file(remote(server, "break/70000"), tmp_path, QUICK)
    assert [asked for _, asked, _ in server.seen] == [None, "bytes=70000-", "bytes=140000-"]


def test_it_goes_on_at_the_next_address_with_what_the_first_one_gave(server, tmp_path):
    path = fetch_file(remote(server, "dead/120000", "good"), tmp_path, QUICK)
    assert path.read_bytes() == BODY
    assert server.seen[-1][:2] == ("/good/file", "bytes=120000-")


def test_another_range_than_the_one_asked_for_is_thrown_away(server, tmp_path):
    with pytest.raises(DownloadError, match="asked for the bytes from 50000 on, the server sent '7-199999'"):
        fetch_file(remote(server, "wrongrange"), tmp_path, Patience(attempts=2, pause=0.01))
    assert [asked for _, asked, _ in server.seen] == [None, "bytes=50000-"]
    assert not (tmp_path / ".incoming" / "file" / "part").exists()


def test_without_a_checksum_the_server_must_vouch_for_the_rest(server, tmp_path):
    path = fetch_file(remote(server, "changes", known=()), tmp_path, QUICK)
    assert path.read_bytes() == BODY[::-1], "two versions were glued together"
    assert server.seen[-1][1:] == ("bytes=50000-", '"v1"')


def test_a_wrongly_glued_file_is_fetched_once_more_from_the_start(server, tmp_path):
    incoming = tmp_path / ".incoming" / "file"
    incoming.mkdir(parents=True)
    (incoming / "part").write_bytes(b"x" * 60_000)
    assert fetch_file(remote(server, "good"), tmp_path, QUICK).read_bytes() == BODY
    assert [asked for _, asked, _ in server.seen] == ["bytes=60000-", None]


@pytest.mark.parametrize("size", [len(BODY), len(BODY) + 5])
@pytest.mark.parametrize("known", [("bytes", "checksum"), ("checksum",), ()])
def test_a_part_that_is_long_enough_is_not_trusted_blindly(server, tmp_path, size, known):
    incoming = tmp_path / ".incoming" / "file"
    incoming.mkdir(parents=True)
    (incoming / "part").write_bytes(b"x" * size)
    assert fetch_file(remote(server, "good", known=known), tmp_path, QUICK).read_bytes() == BODY


def test_a_whole_part_that_a_killed_process_left_is_used(server, tmp_path):
    incoming = tmp_path / ".incoming" / "file"
    incoming.mkdir(parents=True)
    (incoming / "tmpabc").write_bytes(BODY)  # pooch's temporary file: killed while it was hashed
    (incoming / "part").write_bytes(b"old")
    assert fetch_file(remote(server, "404"), tmp_path, QUICK).read_bytes() == BODY
    assert server.seen == []


def test_a_file_that_is_right_is_not_fetched_again_and_a_wrong_one_is_replaced(server, tmp_path):
    (tmp_path / "file").write_bytes(BODY)
    fetch_file(remote(server, "good"), tmp_path, QUICK)
    assert server.seen == []
    (tmp_path / "file").write_bytes(BODY[:-1])
    assert fetch_file(remote(server, "good"), tmp_path, QUICK).read_bytes() == BODY


BAD = {
    "404": "404", "503": "3 attempts failed.*503", "html": "web page", "stall": "3 attempts failed",
    "trickle": "stalls", "longer": "announces 201,000 bytes, the data sheet says 200,000",
    "shorter": "announces 199,000 bytes", "wrong": "the checksum is not md5:", "endless": "sends more than the 200,000",
    "wrongrange": "3 attempts failed", "empty": "sent an empty file", "nothing": "an empty answer", "compressed": "compressed",
    "chunkcut": "3 attempts failed", "circle": "3 attempts failed.*redirects", "busy/9000": "asks to wait 9,000 s: try again later",
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_server_is_named_with_its_fault_and_nothing_complete_is_left(server, tmp_path, fault):
    with pytest.raises(DownloadError, match=BAD[fault]) as error:
        fetch_file(remote(server, fault), tmp_path, QUICK)
    assert f"/{fault}/file" in str(error.value) and "file could not be fetched" in str(error.value)
    assert whole(tmp_path) == []


@pytest.mark.parametrize("fault", BAD)
def test_after_a_bad_server_the_good_one_is_asked(server, tmp_path, fault):
    assert fetch_file(remote(server, fault, "good"), tmp_path, QUICK).read_bytes() == BODY
    assert whole(tmp_path) == ["file"]


@pytest.mark.parametrize("fault, message", [("html", "web page"), ("secrethtml", "web page"), ("longer", "broke off"),
                                            ("wrong", "does not begin as a .aiff file does")])
def test_without_checksum_and_size_lies_are_still_found(server, tmp_path, fault, message):
    server.files["x.aiff"] = b"FORM\x00\x00\x00\x00AIFF" + BODY
    with pytest.raises(DownloadError, match=message):
        fetch_file(remote(server, fault, name="x.aiff", known=()), tmp_path, QUICK)
    assert whole(tmp_path) == []
    assert fetch_file(remote(server, "good", name="x.aiff", known=()), tmp_path, QUICK).stat().st_size == 200_012


@pytest.mark.parametrize("fault, message", [("empty", "an empty file"), ("nothing", "an empty answer")])
def test_an_empty_answer_of_unknown_size_is_no_file(server, tmp_path, fault, message):
    with pytest.raises(DownloadError, match=message):
        fetch_file(remote(server, fault, known=()), tmp_path, QUICK)
    assert whole(tmp_path) == []
    assert fetch_file(remote(server, fault, "good", known=()), tmp_path, QUICK).read_bytes() == BODY


def test_a_cut_answer_of_unknown_size_is_no_file(server, tmp_path):
    assert fetch_file(remote(server, "chunkcut", "good", known=()), tmp_path, QUICK).read_bytes() == BODY
    assert [path.split("/")[1] for path, *_ in server.seen] == ["chunkcut"] * 3 + ["good"]


@pytest.mark.parametrize("wait", ["1", "date/2"])
def test_a_server_is_left_alone_for_as_long_as_it_asks(server, tmp_path, wait, capsys):
    start = time.monotonic()
    assert fetch_file(remote(server, f"busy/{wait}"), tmp_path, QUICK).read_bytes() == BODY
    assert 0.9 < time.monotonic() - start < 10
    assert re.search(r"127.0.0.1:\d+ asks to wait [12] s before the next attempt: waiting", capsys.readouterr().out)


def test_a_server_that_asks_for_too_long_a_wait_is_left(server, tmp_path):
    assert fetch_file(remote(server, "busy/3600", "good"), tmp_path, QUICK).read_bytes() == BODY
    assert [path.split("/")[1] for path, *_ in server.seen] == ["busy", "good"]


def test_the_course_says_who_it_is(server, tmp_path, root):
    from helpers import __version__

    fetch_file(remote(server, "good"), tmp_path, QUICK)
    address = tomllib.loads((root / "course.toml").read_text(encoding="utf-8"))["source_repository"]
    assert server.agents == {f"instrument-course/{__version__} (+{address})"} and address.startswith("https://")


@pytest.mark.parametrize("status", [401, 403, 404, 451])
def test_a_refusal_says_where_to_put_the_file_by_hand(server, tmp_path, status):
    file = remote(server, f"refuse/{status}", name="deep/file.csv")
    with pytest.raises(DownloadError) as error:
        fetch_file(file, tmp_path, QUICK)
    assert str(error.value).endswith(f"Fetch it by hand from {file.addresses[0]}, put it into {tmp_path / 'deep'} under the "
                                     "name file.csv, and run this again.")
    assert f"the server answers {status}" in str(error.value) and len(server.seen) == 1
    (tmp_path / "deep" / "file.csv").write_bytes(PAGE)  # what a browser saves that is not logged in
    with pytest.raises(DownloadError, match="what is there now is not right: a web page in its place"):
        fetch_file(file, tmp_path, QUICK)
    (tmp_path / "deep" / "file.csv").write_bytes(BODY)
    assert fetch_file(file, tmp_path, QUICK) == tmp_path / "deep" / "file.csv" and len(server.seen) == 2


def test_a_folder_may_have_blanks_and_accents_in_its_name(server, tmp_path):
    folder = tmp_path / "Übungs daten é" / "日本 #1 %20"
    assert fetch_file(remote(server, "break/70000"), folder, QUICK).read_bytes() == BODY
    paths = extract(packed(tmp_path, "tar.gz", {"Flöte/la é.wav": b"1"}), folder)
    assert paths == [folder / "Flöte" / "la é.wav"] and whole(folder) == ["Flöte", "file"]


def test_a_server_that_is_not_there(tmp_path):
    nobody = _manifests.RemoteFile("file", ("http://127.0.0.1:9/file",), bytes=5)
    with pytest.raises(DownloadError, match="3 attempts failed"):
        fetch_file(nobody, tmp_path, QUICK)


def test_a_full_disk_is_seen_before_anything_is_asked(server, tmp_path):
    huge = _manifests.RemoteFile("file", remote(server, "good").addresses, bytes=10**18)
    with pytest.raises(DownloadError, match="1,000,000,000,000,000,000 are needed"):
        fetch_file(huge, tmp_path, QUICK)
    assert server.seen == []


def test_a_disk_that_fills_up_while_fetching_is_named_and_the_transfer_goes_on_later(server, tmp_path, monkeypatch):
    real, left = open, [60_000]

    class Filling(io.FileIO):
        def write(self, data):
            left[0] -= len(data)
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.name)
            return super().write(data)

    monkeypatch.setattr(download, "CHUNK", 10_000)
    monkeypatch.setattr(download, "open", lambda path, mode="r", **more: (
        Filling(path, "a") if mode == "ab" else real(path, mode, **more)), raising=False)
    with pytest.raises(download.DiskError, match=rf"file could not be fetched: the disk .* with {tmp_path} .*200,000 are "
                                                 "needed.*COURSE_DATA_DIR"):
        fetch_file(remote(server, "good", "moved"), tmp_path, QUICK)
    assert [path for path, *_ in server.seen] == ["/good/file"], "another address does not help"
    assert whole(tmp_path) == []
    left[0] = 10**9
    have = (tmp_path / ".incoming" / "file" / "part").stat().st_size
    assert fetch_file(remote(server, "good"), tmp_path, QUICK).read_bytes() == BODY
    assert 40_000 < have <= 60_000 and server.seen[-1][1] == f"bytes={have}-"


def test_an_endless_file_of_unknown_size_stops_before_the_disk_is_full(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    free = iter(range(download.SPARE_BYTES + 2_000_000, 0, -65536))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, next(free)))
    with pytest.raises(DownloadError, match="must stay free"):
        fetch_file(remote(server, "endless", known=()), tmp_path, QUICK)
    assert whole(tmp_path) == []


KILLED = """
import sys
from pathlib import Path
from helpers import _manifests, download
file = _manifests.RemoteFile("file", (sys.argv[1],), bytes=int(sys.argv[3]), checksum=sys.argv[4])
download.fetch_file(file, Path(sys.argv[2]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_killed_download_leaves_nothing_complete_and_is_continued(server, tmp_path, root):
    slow = remote(server, "slow/0.05")
    command = [sys.executable, "-c", KILLED, slow.addresses[0], str(tmp_path), str(slow.bytes), slow.checksum]
    process = subprocess.Popen(command, cwd=root)
    part = tmp_path / ".incoming" / "file" / "part"
    deadline = time.monotonic() + 30
    while not (part.is_file() and part.stat().st_size > 10_000):
        assert process.poll() is None and time.monotonic() < deadline, "the download never got going"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert whole(tmp_path) == []
    have = part.stat().st_size
    assert 10_000 < have < len(BODY)
    assert fetch_file(remote(server, "good"), tmp_path, QUICK).read_bytes() == BODY
    assert server.seen[-1][1] == f"bytes={have}-"
    assert [entry.name for entry in tmp_path.rglob("*") if entry.is_file()] == ["file"]


def test_two_at_a_time_fetch_it_once(server, tmp_path):
    file = remote(server, "slow/0.002")
    threads = [threading.Thread(target=fetch_file, args=(file, tmp_path, QUICK)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.seen) == 1 and (tmp_path / "file").read_bytes() == BODY


def test_two_processes_fetch_it_once(server, tmp_path, root):
    slow = remote(server, "slow/0.005")
    command = [sys.executable, "-c", KILLED, slow.addresses[0], str(tmp_path), str(slow.bytes), slow.checksum]
    running = [subprocess.Popen(command, cwd=root) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert len(server.seen) == 1 and (tmp_path / "file").read_bytes() == BODY


def test_progress_shows_size_and_speed(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(download, "_is_watched", lambda: True)
    fetch_file(remote(server, "slow/0.002"), tmp_path, QUICK)
    shown = capsys.readouterr()
    assert re.search(r"file: 100%.*200k/200k .*B/s", shown.out) and shown.err == ""


# ------------------------------------------------------------------------------------------------------- archives


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return path


def tarred(path, entries):
    """A tar or tar.gz; a value may also be a TarInfo that says what else the entry is."""
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for name, body in entries.items():
            if isinstance(body, tarfile.TarInfo):
                body.name = name
                archive.addfile(body)
            else:
                entry = tarfile.TarInfo(name)
                entry.size = len(body)
                archive.addfile(entry, io.BytesIO(body))
    return path


def packed(tmp_path, kind, entries):
    return (zipped if kind == "zip" else tarred)(tmp_path / f"archive.{kind}", entries)


KINDS = ["zip", "tar", "tar.gz"]
TREE = {"top/a.wav": b"a" * 1000, "top/deep/b.wav": b"b", "./c.txt": b"c", "top/empty": b""}


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_is_unpacked(tmp_path, kind):
    out = tmp_path / "out"
    paths = extract(packed(tmp_path, kind, TREE), out, into="data")
    assert {path.relative_to(out).as_posix(): path.read_bytes() for path in paths} == {
        "data/top/a.wav": b"a" * 1000, "data/top/deep/b.wav": b"b", "data/c.txt": b"c", "data/top/empty": b""}
    assert whole(out) == ["data"] and not list(out.glob(".*"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("members, expected", [
    (["top/deep/*"], ["top/deep/b.wav"]), (["top/deep"], ["top/deep/b.wav"]), (["*.wav"], ["top/a.wav", "top/deep/b.wav"]),
    (["c.txt", "top/a.wav"], ["c.txt", "top/a.wav"]),
])  # fmt: skip
def test_only_what_was_asked_for_is_unpacked(tmp_path, kind, members, expected):
    out = tmp_path / "out"
    extract(packed(tmp_path, kind, TREE), out, members)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_matches_is_an_error(tmp_path, kind):
    with pytest.raises(DownloadError, match="holds nothing that matches"):
        extract(packed(tmp_path, kind, TREE), tmp_path / "out", ["nope/*"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_kept_and_added_to(tmp_path, kind):
    (tmp_path / "out" / "top").mkdir(parents=True)
    (tmp_path / "out" / "top" / "mine").write_bytes(b"m")
    (tmp_path / "out" / "top" / "a.wav").write_bytes(b"old")
    extract(packed(tmp_path, kind, TREE), tmp_path / "out")
    assert (tmp_path / "out" / "top" / "mine").read_bytes() == b"m"
    assert (tmp_path / "out" / "top" / "a.wav").read_bytes() == b"a" * 1000


def refused(tmp_path, archive, message, **limits):
    """An archive is refused: the reason is given, and nothing at all was written anywhere."""
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(DownloadError, match=message):
        extract(archive, tmp_path / "out", **limits)
    assert list((tmp_path / "out").iterdir()) == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:\\evil", "C:evil", "\\evil"])
def test_a_path_that_leads_out_is_refused(tmp_path, kind, name):
    refused(tmp_path, packed(tmp_path, kind, {"good": b"1", name: b"2"}), "leads out of the folder")
    assert not (tmp_path / "evil").exists() and not Path("/evil").exists()


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
@pytest.mark.parametrize("what, message", [(tarfile.SYMTYPE, "a link"), (tarfile.LNKTYPE, "a link"),
                                           (tarfile.FIFOTYPE, "neither"), (tarfile.CHRTYPE, "neither")])
def test_links_and_devices_are_refused(tmp_path, kind, what, message):
    entry = tarfile.TarInfo()
    entry.type, entry.linkname = what, "good"
    refused(tmp_path, packed(tmp_path, kind, {"good": b"1", "other": entry}), f"'other' is {message}")


def test_a_link_in_a_zip_is_refused(tmp_path):
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(tmp_path, zipped(tmp_path / "a.zip", {"good": b"1", entry: b"/etc/passwd"}), "'link' is a link")


def test_an_encrypted_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", {"good": b"1"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # the flag in the directory
    path.write_bytes(raw)
    refused(tmp_path, path, "'good' is encrypted")


@pytest.mark.parametrize("method, name", [(9, "deflate64"), (93, "zstd"), (98, "ppmd"), (77, "unknown")])
def test_a_zip_packed_in_a_way_that_python_cannot_read_is_named(tmp_path, method, name):
    if method == 93 and hasattr(zipfile, "ZIP_ZSTANDARD"):
        pytest.skip("this Python reads Zstandard")
    path = zipped(tmp_path / "a.zip", {"good": b"1" * 1000})
    raw = bytearray(path.read_bytes())
    for head, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        raw[raw.index(head) + offset] = method
    path.write_bytes(raw)
    refused(tmp_path, path, rf"has 'good', packed by method {method} \({name}\).*Unpack .*a.zip by hand, with 7-Zip")
    with pytest.raises(DownloadError, match="by hand"):
        download.pick(path, tmp_path / "out", lambda path: True)


def test_a_zip_of_a_newer_kind_is_named(tmp_path):
    path = zipped(tmp_path / "a.zip", {"good": b"1"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 6] = 99  # the version needed to unpack it
    path.write_bytes(raw)
    refused(tmp_path, path, "of a kind that Python cannot read.*version.*Unpack .* by hand")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_is_found_however_a_zip_is_packed(tmp_path, method):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("good", BODY)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 255
    path.write_bytes(raw)
    refused(tmp_path, path, "damaged")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("entries", [{"a": b"1", "a/b": b"2"}, {"a/b": b"1", "a": b"2"}])
def test_entries_that_are_in_each_others_way_are_named(tmp_path, kind, entries):
    refused(tmp_path, packed(tmp_path, kind, entries), "archive.*could not be unpacked|is in the way")


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_bombs_are_refused(tmp_path, kind):
    bomb = packed(tmp_path, kind, {f"{i}": bytes(1 << 20) for i in range(40)})
    assert bomb.stat().st_size < 100_000
    refused(tmp_path, bomb, "would unpack to more than 10,485,760 bytes")
    refused(tmp_path, bomb, "would unpack to more than 30,000,000 bytes", max_bytes=30_000_000)
    refused(tmp_path, bomb, "more than 20 entries", max_bytes=40 << 20, max_files=20)
    extract(bomb, tmp_path / "out", max_bytes=40 << 20)


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", {"good": bytes(1 << 20)})
    raw = path.read_bytes().replace(struct.pack("<I", 1 << 20), struct.pack("<I", 10))
    path.write_bytes(raw)
    refused(tmp_path, path, "damaged")


def test_a_bomb_behind_the_last_entry_of_a_tar_is_refused(tmp_path, monkeypatch):
    path = tarred(tmp_path / "a.tar", {"good": b"1"})
    monkeypatch.setattr(download, "CHUNK", 1 << 24)
    with gzip.open(tmp_path / "a.tar.gz", "wb", compresslevel=1) as out:
        out.write(path.read_bytes())
        for _ in range(65):
            out.write(bytes(1 << 24))
    refused(tmp_path, tmp_path / "a.tar.gz", "more than a gigabyte behind its last entry")


@pytest.mark.parametrize("kind, keep", [("zip", 0.3), ("zip", 0.99), ("tar", 0.3), ("tar", 0.7), ("tar.gz", 0.3),
                                        ("tar.gz", 0.99)])
def test_a_cut_archive_is_refused(tmp_path, kind, keep):
    path = packed(tmp_path, kind, {"a": BODY, "b": BODY})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    refused(tmp_path, path, "damaged")


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_flipped_bit_is_found(tmp_path, kind):
    path = packed(tmp_path, kind, {"a": BODY})
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    refused(tmp_path, path, "damaged")


@pytest.mark.parametrize("body", [b"", b"hello", PAGE])
def test_what_is_no_archive_is_refused(tmp_path, body):
    (tmp_path / "a.tar.gz").write_bytes(body)
    refused(tmp_path, tmp_path / "a.tar.gz", "damaged|empty")


@pytest.mark.parametrize("number, message", [(errno.ENOSPC, "the disk .* with .*out .*bytes are free.*COURSE_DATA_DIR"),
                                             (errno.EROFS, "cannot be written to.*COURSE_DATA_DIR"),
                                             (errno.EFBIG, "FAT32")])
def test_a_disk_that_refuses_while_unpacking_is_named(tmp_path, monkeypatch, number, message):
    def write(*args):
        raise OSError(number, os.strerror(number), "x")

    monkeypatch.setattr(shutil, "copyfileobj", write)
    refused(tmp_path, packed(tmp_path, "zip", {"a": b"1" * 400}), message)


def test_a_full_disk_stops_unpacking(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, download.SPARE_BYTES + 500))
    refused(tmp_path, packed(tmp_path, "zip", {"a": b"1" * 400, "b": b"2" * 600}), "must stay free")


UNPACKED = """
import sys
from pathlib import Path
from helpers import download
download.extract(Path(sys.argv[1]), Path(sys.argv[2]), max_ratio=10_000)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_killed_unpacking_leaves_nothing_that_looks_complete(tmp_path, root):
    path = packed(tmp_path, "tar.gz", {f"{i:03}": BODY * 5 for i in range(200)})
    out = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", UNPACKED, str(path), str(out)], cwd=root)
    deadline = time.monotonic() + 30
    while not list(out.glob(".unpacking-*/01*")):
        assert process.poll() is None and time.monotonic() < deadline, "the unpacking never got going"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert whole(out) == [] and len(list(out.glob(".unpacking-*/*"))) < 200
    assert len(extract(path, out, max_ratio=10_000)) == 200 and len(list(out.iterdir())) == 200


# -------------------------------------------------------------------------------------------------- whole data sets


def sheet(server, *files):
    licence = _manifests.License("CC0", "Anything.")
    return _manifests.Manifest("made-up", "Made up", "For tests.", ("01",), "real", "download", licence, "Nobody.",
                               "https://example.org", files=files)


@pytest.fixture
def two_archives(server, tmp_path):
    for name in ("one", "two"):
        path = tarred(tmp_path / f"{name}.tar.gz", {f"{name}/a.txt": b"a", f"{name}/b.txt": b"b"})
        server.files[path.name] = path.read_bytes()
        path.unlink()
    server.files["table.csv"] = b"x,y\n1,2\n"
    server.files["more.csv"] = b"x\n"
    files = [remote(server, "good", name=name, body=body, holds=(name.removesuffix(".tar.gz") + "/",), into=".",
                    n_files=2) if name.endswith(".gz") else
             remote(server, "good", name=name, body=body, optional=name == "more.csv")
             for name, body in server.files.items()]
    return sheet(server, *files)


def fetched(server):
    return [Path(path).name for path, *_ in server.seen]


def test_a_data_set_is_fetched_unpacked_and_not_fetched_again(server, tmp_path, two_archives, capsys):
    out = tmp_path / "made-up"
    assert download.problems(two_archives, out) == [
        "what one.tar.gz brings is missing (one/)", "what two.tar.gz brings is missing (two/)", "table.csv is missing"]
    assert download.fetch_all(two_archives, out, patience=QUICK) == out
    assert whole(out) == ["one", "table.csv", "two"]
    assert not list((out / ".archives").glob("*.gz")), "a whole unpacked archive is not kept"
    assert "licence: CC0" in capsys.readouterr().out
    assert fetched(server) == ["one.tar.gz", "two.tar.gz", "table.csv"]
    download.fetch_all(two_archives, out, patience=QUICK)
    assert len(server.seen) == 3
    assert download.problems(two_archives, out) == []


def test_only_the_archive_that_can_hold_it_is_fetched(server, tmp_path, two_archives):
    out = tmp_path / "made-up"
    download.fetch_all(two_archives, out, ["two/a.*"], QUICK)
    assert fetched(server) == ["two.tar.gz"]
    assert [path.name for path in (out / "two").iterdir()] == ["a.txt"]
    download.fetch_all(two_archives, out, ["two/a.*"], QUICK)
    download.fetch_all(two_archives, out, ["two/b.txt"], QUICK)
    assert fetched(server) == ["two.tar.gz"], "the archive was kept for the next request"
    assert whole(out) == ["two"] and len(list((out / "two").iterdir())) == 2
    download.fetch_all(two_archives, out, ["more.csv"], QUICK)
    assert fetched(server)[-1] == "more.csv"
    download.fetch_all(two_archives, out, None, QUICK)
    assert fetched(server)[2:] == ["one.tar.gz", "table.csv"] and not list((out / ".archives").glob("*.gz"))


def test_an_archive_that_was_put_there_by_hand_is_unpacked_and_kept(server, tmp_path, two_archives):
    out, refusing = tmp_path / "made-up", sheet(server, *(replace(file, addresses=remote(
        server, "refuse/403", name=file.name).addresses) for file in two_archives.files))
    with pytest.raises(DownloadError, match=rf"put it into {re.escape(str(out))} under the name one.tar.gz"):
        download.fetch_all(refusing, out, patience=QUICK)
    for name, body in server.files.items():
        (out / name).write_bytes(body)
    download.fetch_all(refusing, out, patience=QUICK)
    assert len(server.seen) == 1 and (out / "one" / "a.txt").read_bytes() == b"a"
    assert (out / "one.tar.gz").is_file() and download.problems(refusing, out) == []


def test_only_what_lies_where_an_archive_brings_it_is_counted_as_its_own(server, tmp_path):
    file = remote(server, "good", name="set-test.tar.gz", into=".", holds=("set-test", "audio/A_*"), n_files=2)
    for name in ("set-test.tfrecord", "set-test.tar.gz", "set-test-2/a.txt", "audio/B_1.txt", "audio/A_1.txt",
                 "set-test/deep/b.txt", "set-test/.DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"1")
    assert download.problems(sheet(server, file), tmp_path) == []
    (tmp_path / "audio" / "A_1.txt").unlink()
    assert download.problems(sheet(server, file), tmp_path) == ["set-test.tar.gz: 1 of 2 files are here"]
    shutil.rmtree(tmp_path / "set-test")
    assert download.problems(sheet(server, file), tmp_path) == [
        "what set-test.tar.gz brings is missing (set-test, audio/A_*)"]
    assert download.problems(sheet(server, file), tmp_path, elsewhere={file.name}) == []


def test_asking_for_what_is_not_there_is_an_error(server, tmp_path, two_archives):
    with pytest.raises(DownloadError, match="nothing that matches 'three/.*it has one/, two/, table.csv"):
        download.fetch_all(two_archives, tmp_path / "made-up", ["one/a.txt", "three/*"], QUICK)
    assert server.seen == []


def test_damage_is_found_by_validating(server, tmp_path, two_archives):
    out = tmp_path / "made-up"
    download.fetch_all(two_archives, out, patience=QUICK)
    (out / "table.csv").write_bytes(PAGE)
    (out / "one" / "a.txt").unlink()
    (out / "two" / "c.wav").write_bytes(PAGE)
    found = "\n".join(download.problems(two_archives, out))
    assert "table.csv: a web page in its place" in found
    assert "one.tar.gz: 1 of 2 files" in found and "two.tar.gz: 3 of 2 files" in found
    assert re.search(r"c\.wav.*(web page|HTML)", found)
    download.fetch_all(two_archives, out, patience=QUICK)
    assert (out / "table.csv").read_bytes() == b"x,y\n1,2\n"


def test_the_disk_must_hold_packed_and_unpacked(server, tmp_path):
    file = remote(server, "good", into=".", holds=("x",), unpacked_bytes=10**18)
    with pytest.raises(DownloadError, match="are needed"):
        download.fetch_all(sheet(server, file), tmp_path / "made-up", patience=QUICK)
    assert server.seen == []


LOCKED = """
import sys, time
from helpers.download import alone
with alone(sys.argv[1]):
    print("in", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def test_a_lock_lets_one_in_at_a_time_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(download.tempfile, "tempdir", str(tmp_path))
    inside, most = [], []

    def work():
        for _ in range(30):
            with download.alone(tmp_path / "x"):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 120 and max(most) == 1
    assert sys.platform == "win32" or list(tmp_path.iterdir()) == []


def test_a_lock_holds_others_off_and_ends_with_its_process(tmp_path, root):
    process = subprocess.Popen([sys.executable, "-c", LOCKED, str(tmp_path / "x"), "60"], cwd=root,
                               stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"in\n"
    entered = threading.Event()

    def enter():
        with download.alone(tmp_path / "x"):
            entered.set()

    thread = threading.Thread(target=enter)
    thread.start()
    with download.alone(tmp_path / "y"):  # another path is free
        assert not entered.wait(0.3)
    process.kill()
    process.wait()
    process.stdout.close()
    assert entered.wait(10)
    thread.join()
