"""Folders that are read-only and disks that are full: real ones where this user may mount them, else patched errors."""

import errno
import os
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from helpers import _paths, data, download, features
from helpers._paths import can_write, disk_problem, keep, writing
from helpers.data import DataError


def mounted(folder, *options):
    """Mount a disk in memory; skip the test where that is not allowed."""
    folder.mkdir()
    try:
        made = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no `mount` here")
    if made.returncode:
        pytest.skip(f"a disk in memory needs the rights to mount one: {made.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    disk = tmp_path / "small disk"
    mounted(disk, "-o", "size=1m")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def read_only(tmp_path):
    """A folder that nobody can write to: not even root, for whom it is a disk of its own."""
    folder = tmp_path / "read only"
    if hasattr(os, "getuid") and os.getuid() == 0:
        mounted(folder, "-o", "ro")
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
        return
    folder.mkdir()
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this system lets one write to read-only folders")
    yield folder
    folder.chmod(0o755)


@pytest.fixture
def home(read_only, monkeypatch, tmp_path):
    """A read-only home, with no other folder named; the temporary one is of the test's own."""
    for name in ("COURSE_DATA_DIR", "COURSE_REALDATA", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(read_only))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    _paths._tell.cache_clear()
    return read_only


def full(*args, **more):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some file")


# ---------------------------------------------------------------------------------------------------- read-only folders


def test_data_go_elsewhere_where_the_home_is_read_only(home, tmp_path, capsys):
    folder = data.data_dir()
    assert folder.is_relative_to(tmp_path / "tmp") and can_write(folder) and folder == data.data_dir()
    if hasattr(os, "getuid"):
        assert folder.stat().st_mode & 0o077 == 0, "others could plant what is run as code"
    told = capsys.readouterr().out
    assert told.count("cannot be written to") == 1 and str(folder) in told and "COURSE_DATA_DIR" in told
    assert data.file("practice-solo").is_file()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are Posix's")
def test_a_folder_that_others_can_write_to_is_not_used(home, tmp_path):
    planted = tmp_path / "tmp" / f"instrument-course-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    with pytest.raises(OSError, match=f"others can write to {planted}.*COURSE_DATA_DIR"):
        data.data_dir()
    planted.rmdir()
    planted.symlink_to(tmp_path)
    with pytest.raises(OSError, match=r"others can write to.*COURSE_DATA_DIR"):
        data.data_dir()


def test_where_nothing_can_be_written_the_error_names_the_way_out(home, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    with pytest.raises(OSError, match=r"neither the home folder nor the temporary one.*COURSE_DATA_DIR"):
        data.data_dir()


def test_a_home_that_nobody_knows_is_none():
    assert not can_write("~/.cache/numba") and not can_write("relative")


USED = """
import os, sys
from helpers import _paths
home = os.environ["HOME"]
_paths.can_write = lambda folder, real=_paths.can_write: "__pycache__" not in str(folder) and real(folder)
for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
    os.environ.pop(name, None)
if len(sys.argv) > 1:
    import numba
_paths.prepare()
import numba
import matplotlib
print(numba.config.CACHE_DIR, matplotlib.get_configdir(), sep="\\n")
"""


@pytest.mark.parametrize("before", [(), ("numba first",)], ids=["", "numba is there already"])
def test_numba_and_matplotlib_get_a_folder_where_the_home_is_read_only(home, tmp_path, root, before):
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    ran = subprocess.run([sys.executable, "-c", USED, *before], cwd=root, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    spare = next((tmp_path / "tmp").glob("instrument-course-*"))
    assert ran.stdout.split("\n")[:2] == [str(spare / "numba"), str(spare / "matplotlib")] and ran.stderr == ""


def test_what_is_set_or_writable_stays_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "somewhere")
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    _paths.prepare()
    assert os.environ["NUMBA_CACHE_DIR"] == "somewhere" and "MPLCONFIGDIR" not in os.environ


def test_a_read_only_data_folder_is_named(read_only, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", str(read_only / "data"))
    monkeypatch.delenv("COURSE_REALDATA", raising=False)
    with pytest.raises(DataError, match=r"practice-notes was not rendered.*cannot be written to.*Set COURSE_DATA_DIR"):
        data.load("practice-notes", size="tiny")
    with pytest.raises(download.DownloadError, match=r"tinysol was not fetched.*cannot be written to.*Set COURSE_DATA_DIR"):
        data.fetch("tinysol")
    with pytest.raises(DataError, match=r"nsynth was not taken.*cannot be written to.*Set COURSE_DATA_DIR"):
        data.take("nsynth", {})


def test_a_file_in_place_of_the_data_folder_is_named(tmp_path, monkeypatch):
    (tmp_path / "data").write_text("x")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(DataError, match="is in the way: a folder is needed there"):
        data.load("practice-notes", size="tiny")


# ----------------------------------------------------------------------------------------------------------- full disks


RENDERED = [name for name in data.names() if data.manifest(name).access == "rendered"]


@pytest.mark.parametrize("name", RENDERED)
def test_a_disk_that_is_too_small_is_refused_before_anything_is_rendered(name, small_disk, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_DATA_DIR", str(small_disk))
    need = min(data.manifest(name).rendered_bytes.values())
    with pytest.raises(DataError) as error:
        data._rendered(data.manifest(name), data.manifest(name).sizes[0])
    assert str(small_disk) in str(error.value) and f"{need:,} are needed" in str(error.value)
    assert "rendering" not in capsys.readouterr().out and list((small_disk / name).iterdir()) == []


@pytest.mark.parametrize("name", RENDERED)
def test_a_disk_that_fills_up_while_rendering_is_named_and_nothing_is_left(name, small_disk, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setenv("COURSE_DATA_DIR", str(small_disk))
    (small_disk / "taken").write_bytes(bytes(900_000))
    real, asked = _paths.shutil.disk_usage, iter([usage(0, 0, 10**12)])  # there is room at first
    monkeypatch.setattr(_paths.shutil, "disk_usage", lambda folder: next(asked, None) or real(folder))
    with pytest.raises(DataError, match=f"{name} was not rendered.*the disk {small_disk} .*is full.*COURSE_DATA_DIR"):
        data._rendered(data.manifest(name), data.manifest(name).sizes[0])
    assert list((small_disk / name).iterdir()) == []


@pytest.mark.parametrize("name", RENDERED)
def test_the_data_sheet_knows_what_a_rendering_takes(name):
    sheet = data.manifest(name)
    folder = data._rendered(sheet, sheet.sizes[0])
    taken = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert taken <= sheet.rendered_bytes[sheet.sizes[0]] <= 1.3 * taken + 100_000


def test_without_room_for_the_cache_the_features_come_all_the_same(small_disk, capsys):
    (small_disk / "taken").write_bytes(bytes(1_000_000))
    clips = [np.sin(np.arange(22050) * k / 9).astype(np.float32) for k in range(1, 60)]
    expected = features.table(clips, 22050)
    capsys.readouterr()
    cached = features.table(clips * 3, 22050, cache=small_disk / "cache")
    assert np.array_equal(cached[:59], expected)
    assert f"was not kept for next time: the disk {small_disk} with" in capsys.readouterr().out
    assert list((small_disk / "cache").iterdir()) == []


def test_without_a_place_for_the_cache_the_features_come_all_the_same(read_only, capsys):
    clips = [np.sin(np.arange(22050) / 9).astype(np.float32)]
    assert np.array_equal(features.table(clips, 22050, cache=read_only / "cache"), features.table(clips, 22050))
    assert "was not kept for next time" in capsys.readouterr().out


def test_what_is_kept_is_whole_or_not_there(tmp_path, capsys):
    path = tmp_path / "deep" / "kept"
    keep(path, lambda file: file.write(b"old"))

    def half(file):
        file.write(b"ne")
        full()

    keep(path, half)
    assert "was not kept" in capsys.readouterr().out
    with pytest.raises(ZeroDivisionError):
        keep(path, lambda file: 1 / 0)
    assert path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("number, free, message", [
    (errno.ENOSPC, 5000, "is full: 5,000 bytes are free, 7,000 are needed. Make room, or set COURSE_DATA_DIR"),
    (errno.ENOSPC, 10**9, "takes nothing more, though 1,000,000,000 bytes are free: your quota"),
    (errno.EFBIG, 10**9, "takes no file as large as this one.*FAT32.*Set COURSE_DATA_DIR"),
    (errno.EROFS, 10**9, "cannot be written to .*Set COURSE_DATA_DIR"),
    (errno.EACCES, 10**9, "cannot be written to .*Set COURSE_DATA_DIR"),
])  # fmt: skip
def test_each_refusal_of_a_disk_is_said_in_words(number, free, message, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(_paths.shutil, "disk_usage", lambda folder: usage(0, 0, free))
    folder = tmp_path / "not yet" / "there"
    with pytest.raises(DataError, match=f"^it did not work: .*{message}") as error, writing(folder, "it did not work",
                                                                                           DataError, 7000):
        raise OSError(number, os.strerror(number))
    assert str(folder) in str(error.value)


def test_other_errors_are_not_the_disks():
    import soundfile

    assert disk_problem(OSError(errno.ENOENT, "x"), Path("/")) == disk_problem(ValueError("x"), Path("/")) == ""
    assert disk_problem(soundfile.LibsndfileError(1), Path("/")) == "", "a format that libsndfile does not know"
    with pytest.raises(ZeroDivisionError), writing(Path("/"), "x", DataError):
        raise ZeroDivisionError
