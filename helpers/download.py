"""Fetching files that may be large, from servers that may fail, and unpacking what comes; `helpers.data.fetch` calls it.

The work is built on **pooch**: it names the fresh file, checks its hash and only then hands it over. What pooch does
not have is here: going on where a broken transfer stopped (HTTP Range), several addresses tried in order, a stalled
server left, a web page refused in place of a recording, disk space looked at first, and archives unpacked with care.

Unfinished work lives in hidden folders (``.incoming``, ``.unpacking-*``) until it is complete and right: a process
that is killed at any moment leaves nothing that looks complete, and the next one goes on from there.
"""

import contextlib
import fnmatch
import gzip
import hashlib
import json
import lzma
import os
import shutil
import stat
import struct
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from ._paths import disk_problem, writing

CHUNK = 1 << 16
SPARE_BYTES = 64 << 20  # stays free on the disk
MAGIC = {".gz": (0, b"\x1f\x8b"), ".zip": (0, b"PK"), ".wav": (8, b"WAVE"), ".aiff": (8, b"AIF"),
         ".npy": (0, b"\x93NUMPY")}
HTML = (b"<!doctype html", b"<html", b"<head", b"<script")
#: What the standard library raises for archives that are damaged or made to be.
DAMAGE = (tarfile.TarError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, lzma.LZMAError, EOFError, struct.error,
          ValueError)
#: Ways to pack an entry of a zip that Python reads; version 3.14 adds Zstandard.
_READABLE_ZIP = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA,
                 getattr(zipfile, "ZIP_ZSTANDARD", zipfile.ZIP_STORED)}
_ZIP_METHODS = {1: "shrink", 6: "implode", 9: "deflate64", 20: "zstd", 93: "zstd", 95: "xz", 98: "ppmd"}


class DownloadError(OSError):
    """A file could not be fetched or unpacked: the message says which, why, and what was tried."""


class DiskError(DownloadError):
    """The disk is to blame, not a server: no other address will help."""


class _Broken(Exception):
    """A transfer broke off; trying once more, after so many seconds at least, may help."""

    def __init__(self, message, wait=0.0):
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server.

    Attributes
    ----------
    connect, stall : float
        Seconds to wait for a connection, and for `stall_bytes` to come.
    stall_bytes : int
        A server that sends fewer than these in `stall` seconds is left.
    attempts : int
        Breaks in a row without a megabyte of progress, after which the next address is tried.
    pause : float
        Seconds before the second attempt; doubled each time.
    longest_wait : float
        A server that asks for a longer wait (``Retry-After``) is left for the next address.
    """

    connect: float = 15.0
    stall: float = 30.0
    stall_bytes: int = 30_000
    attempts: int = 5
    pause: float = 1.0
    longest_wait: float = 120.0


# ---------------------------------------------------------------------------------------------------- one file


def fetch_file(remote, folder, patience=None, by_hand=None):
    """Fetch one file, from the first of its addresses that delivers it whole and right.

    Parameters
    ----------
    remote : RemoteFile
        Name, addresses, and as far as they are known size and checksum.
    folder : Path
        The file becomes ``folder/remote.name``.
    patience : Patience or None
        None: the defaults of `Patience`.
    by_hand : Path or None
        A second folder in which somebody may have put the file; None: there is none.

    Returns
    -------
    Path
        The file. One that was there and is right is not fetched again.

    Raises
    ------
    DownloadError
        The disk is too full or read-only, or no address delivered the file: the message has the reason for each, and
        where to put the file if it is fetched by hand.
    """
    import pooch

    patience = patience or Patience()
    target = Path(folder) / remote.name
    incoming = target.parent / ".incoming" / target.name
    place = target if by_hand is None else Path(by_hand) / remote.name
    reasons = []
    with (alone(target), _quiet(pooch.get_logger()),
          writing(target.parent, f"{remote.name} could not be fetched", DiskError, remote.bytes)):
        for there in dict.fromkeys((target, place)):
            if there.is_file():
                problem = wrong(there, remote)
                if not problem:
                    return there
                reasons.append(f"  {there}\n    what is there now is not right: {problem}")
        incoming.mkdir(parents=True, exist_ok=True)
        _rescue(incoming)
        for address in remote.addresses:
            try:
                fresh = _from_address(address, remote, incoming, patience)
            except DiskError:
                raise
            except DownloadError as error:
                reasons.append(f"  {address}\n    {error}")
                continue
            os.replace(fresh, target)
            shutil.rmtree(incoming)
            return target
    raise DownloadError("\n".join([
        f"{remote.name} could not be fetched:", *reasons,
        f"Fetch it by hand from {remote.addresses[0]}, put it into {place.parent} under the name {place.name}, and run "
        "this again."]))


def _from_address(address, remote, incoming, patience):
    """Fetch `remote` from one address through pooch; a file that was glued together wrongly is fetched once more."""
    import pooch

    for _ in range(2):
        downloader = _Resuming(remote, incoming / "part", patience)
        try:
            fresh = Path(pooch.retrieve(address, known_hash=remote.checksum, fname="fresh", path=incoming,
                                        downloader=downloader, progressbar=False))
        except ValueError as error:
            if "hash" not in str(error):
                raise
            if downloader.resumed:  # pooch found another hash and has deleted the file: was it glued wrongly?
                continue
            raise DownloadError(f"it is another file: the checksum is not {remote.checksum}") from error
        if problem := wrong(fresh, remote, trust_hash=True):
            fresh.unlink()
            raise DownloadError(f"it is another file: {problem}")
        return fresh
    raise DownloadError(f"it is another file: the checksum is not {remote.checksum}")


def wrong(path, remote, trust_hash=False):
    """Say what is wrong with a file that should be `remote`; an empty text when it is right as far as can be known."""
    import pooch

    size = path.stat().st_size
    if _is_html(path, remote.name):
        return "a web page in its place"
    if remote.bytes is not None and size != remote.bytes:
        return f"{size:,} bytes, not {remote.bytes:,}"
    offset, magic = MAGIC.get(Path(remote.name).suffix, (0, b""))
    with open(path, "rb") as start:
        head = start.read(16)
    if not head[offset:].startswith(magic):
        return f"it does not begin as a {Path(remote.name).suffix} file does"
    if remote.checksum is not None and not trust_hash:
        kind, _, digest = remote.checksum.partition(":")
        if pooch.file_hash(str(path), alg=kind) != digest:
            return f"the checksum is not {remote.checksum}"
    return ""


class _Resuming:
    """A downloader for pooch that writes to a file of its own (`part`) and goes on where an earlier one stopped."""

    def __init__(self, remote, part, patience):
        self.remote, self.part, self.patience = remote, part, patience
        self.label = part.with_name("etag")  # which version of the file the part belongs to, in the server's words
        self.resumed = False

    def __call__(self, url, output_file, pooch):
        import requests
        import urllib3

        failures, pause = 0, self.patience.pause
        _check_space(self.part.parent, (self.remote.bytes or 0) - self._have())
        while self._have() == 0 or self._have() != self.remote.bytes:  # a killed process may have left all of it
            before = self._have()
            try:
                self._transfer(url)
                break
            except (requests.RequestException, urllib3.exceptions.HTTPError, _Broken) as error:
                failures = 0 if self._have() - before > 1 << 20 else failures + 1
                if failures >= self.patience.attempts:
                    what = error if isinstance(error, _Broken) else f"the connection failed or broke off ({error})"
                    raise DownloadError(f"{failures} attempts failed, the last one: {what}") from error
                asked = error.wait if isinstance(error, _Broken) else 0.0
                if asked > self.patience.longest_wait:
                    raise DownloadError(f"{error}, and asks to wait {asked:,.0f} s: try again later") from error
                if asked:
                    print(f"{urlsplit(url).netloc} asks to wait {asked:,.0f} s before the next attempt: waiting")
                time.sleep(max(asked, pause * 2 ** max(0, failures - 1)))
        else:
            self.resumed = True
        if _is_html(self.part, self.remote.name):
            self.part.unlink()
            raise DownloadError("it sent a web page (a login, or 'not found') in place of the file")
        os.replace(self.part, output_file)

    def _have(self):
        return self.part.stat().st_size if self.part.is_file() else 0

    def _transfer(self, url):
        """One request: append what comes to `part`; `_Broken` when trying again may help."""
        import requests

        have = self._have()
        headers = {"Accept-Encoding": "identity", "User-Agent": user_agent()}
        if have:
            headers["Range"] = f"bytes={have}-"
            if self.remote.checksum is None:  # nothing will notice a wrong glueing but the server: ask it
                if not self.label.is_file():
                    have = 0
                    del headers["Range"]
                else:
                    headers["If-Range"] = self.label.read_text()
        timeout = (self.patience.connect, self.patience.stall)
        with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
            have, total = self._judge(response, have)
            if have != total:
                self._receive(response, have, total)
        if self._have() == 0:
            raise _Broken("the server sent an empty answer")
        if total is not None and self._have() != total:
            raise _Broken(f"the transfer broke off after {self._have():,} of {total:,} bytes")

    def _judge(self, response, have):
        """What the head of an answer means: the byte it starts at, and the size of the whole (None: not said)."""
        status = response.status_code
        if status == 416:  # nothing after what we have: the part is whole, or it is not a part of this file
            if response.headers.get("Content-Range", "") == f"bytes */{have}":
                self.resumed = True
                return have, have
            self.part.unlink()
            raise _Broken("the server has nothing to add to the part that is here; starting again")
        if status >= 500 or status in (408, 425, 429):
            raise _Broken(f"the server answers {status} {response.reason}", _asked_to_wait(response))
        if status not in (200, 206):
            raise DownloadError(f"the server answers {status} {response.reason}")
        if "html" in response.headers.get("Content-Type", "") and not self.remote.name.endswith(".html"):
            raise DownloadError("it sent a web page (a login, or 'not found') in place of the file")
        packing = response.headers.get("Content-Encoding", "identity").lower()
        if packing != "identity" and not self.remote.name.endswith((".gz", ".tgz")):
            raise DownloadError(f"it sent the file compressed ({packing}), though it was asked for the file as it is")
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isdigit() else None
        if status == 206:
            start, _, whole = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
            if start.partition("-")[0] != str(have):
                self.part.unlink(missing_ok=True)
                raise _Broken(f"asked for the bytes from {have} on, the server sent {start!r}; starting again")
            total = int(whole) if whole.isdigit() else None if total is None else have + total
            self.resumed = have > 0
        else:
            have = 0
        if total == 0:
            raise DownloadError("the server sent an empty file")
        expected = self.remote.bytes
        if expected is not None and total is not None and total != expected:
            raise DownloadError(f"the server announces {total:,} bytes, the data sheet says {expected:,}")
        version = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
        if version and not version.startswith("W/"):  # a weak tag says "about the same": not good enough to glue
            self.label.write_text(version)
        else:
            self.label.unlink(missing_ok=True)
        return have, expected if total is None else total

    def _receive(self, response, have, total):
        """Write the body to `part`, from byte `have` on."""
        _check_space(self.part.parent, (total or 0) - have)
        meter = _StallMeter(self.patience)
        with open(self.part, "ab") as file, progress(total, Path(self.remote.name).name, initial=have) as bar:
            file.truncate(have)
            while chunk := response.raw.read1(CHUNK, decode_content=False):
                have += len(chunk)
                if total is not None and have > total:
                    raise DownloadError(f"it sends more than the {total:,} bytes that the file has")
                if total is None:
                    _check_space(self.part.parent, 0)
                file.write(chunk)
                bar.update(len(chunk))
                meter.count(len(chunk))


def _asked_to_wait(response):
    """Seconds that a server asks to be left alone (``Retry-After``, as a number or a date); 0 where it does not."""
    import urllib3

    try:
        return urllib3.Retry().get_retry_after(response.raw) or 0.0
    except urllib3.exceptions.InvalidHeader:
        return 0.0


@cache
def user_agent():
    """How the course introduces itself to servers: name, version, and the address at which it is explained."""
    import tomllib
    from importlib.metadata import PackageNotFoundError, metadata

    from . import __version__

    checkout = Path(__file__).resolve().parent.parent / "course.toml"
    if checkout.is_file():
        address = tomllib.loads(checkout.read_text(encoding="utf-8"))["source_repository"]
    else:
        try:
            links = metadata("instrument-course").get_all("Project-URL") or ()
        except PackageNotFoundError:  # a bare copy of the folder
            links = ()
        address = next((link.partition(", ")[2] for link in links), "")
    return f"instrument-course/{__version__}" + f" (+{address})" * bool(address)


class _StallMeter:
    """Notices a server that sends something now and then, but never gets anywhere."""

    def __init__(self, patience):
        self.patience, self.since, self.bytes = patience, time.monotonic(), 0

    def count(self, n_bytes):
        self.bytes += n_bytes
        now = time.monotonic()
        if now - self.since < self.patience.stall:
            return
        if self.bytes < self.patience.stall_bytes:
            raise _Broken(f"the server stalls: {self.bytes:,} bytes in {now - self.since:.0f} s")
        self.since, self.bytes = now, 0


def _rescue(incoming):
    """Take over what a killed process left: pooch's temporary file becomes the part, if there is more in it."""
    part = incoming / "part"
    for orphan in incoming.iterdir():
        if orphan.name in ("part", "fresh", "etag"):
            continue
        if not part.is_file() or orphan.stat().st_size > part.stat().st_size:
            os.replace(orphan, part)
        else:
            orphan.unlink()


def _is_html(path, name):
    """Whether a file is a web page though its name does not say so."""
    if str(name).endswith((".html", ".htm")):
        return False
    with open(path, "rb") as start:
        return start.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(HTML)


def _check_space(folder, need):
    """Refuse to begin what the disk has no room for."""
    free = shutil.disk_usage(folder).free
    if free < max(0, need) + SPARE_BYTES:
        raise DiskError(f"{folder} has {free:,} bytes free; {max(0, need):,} are needed and {SPARE_BYTES:,} must "
                        "stay free. Make room, or set COURSE_DATA_DIR to a folder on a larger disk")


# ------------------------------------------------------------------------------------------------ archives


def extract(archive, folder, members=None, *, into=".", max_bytes=None, max_ratio=100, max_files=1_000_000):
    """Unpack a zip, tar or tar.gz archive with care: all that was asked for appears, or nothing.

    Refused are paths that leave the folder, links, devices, encrypted entries, and bombs.

    Parameters
    ----------
    archive : Path
    folder : Path
        The folder of the data set.
    members : list of str or None
        Patterns of the paths wanted, relative to `folder`: ``nsynth-test/*``, ``nsynth-test/examples.json``. None: all.
    into : str
        Where under `folder` the archive is unpacked.
    max_bytes : int or None
        Most bytes that may come out; None: `max_ratio` times the size of the archive, at least 10 MB.
    max_files : int
        Most entries that are looked at.

    Returns
    -------
    list of Path
        The files, in the order of the archive.

    Raises
    ------
    DownloadError
        The archive is damaged, refused, or has nothing that was asked for.
    """
    archive, folder = Path(archive), Path(folder)
    if max_bytes is None:
        max_bytes = max(10 << 20, max_ratio * archive.stat().st_size)
    draft = folder / f".unpacking-{archive.name}"
    with alone(draft), _unpacking(archive, folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)  # of an unpacking that was killed
        draft.mkdir()
        try:
            found = []
            is_wanted = None if members is None else lambda path: _matches(path, members)
            with open(archive, "rb") as raw:
                for path, size, source in _wanted(raw, archive, is_wanted, into, max_bytes, max_files):
                    _write_entry(path, size, source, draft, folder)
                    if source is not None:
                        found.append(path)
            if not found:
                raise DownloadError(f"{archive.name} holds nothing that matches {members}" if members else
                                    f"{archive.name} is empty")
            move_in(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return [folder / path for path in dict.fromkeys(found)]


@contextlib.contextmanager
def _unpacking(archive, folder):
    """Say of an archive that cannot be unpacked into a folder whether it, its kind or the disk is to blame."""
    try:
        yield
    except DownloadError:
        raise
    except NotImplementedError as error:
        raise DownloadError(_unpack_by_hand(archive, f"is a zip of a kind that Python cannot read ({error})")) from error
    except (*DAMAGE, OSError) as error:
        if problem := disk_problem(error, folder):
            raise DiskError(f"{archive.name} could not be unpacked: {problem}") from error
        if getattr(error, "errno", None) is not None:
            raise DownloadError(f"{archive.name} could not be unpacked into {folder}: {error}") from error
        raise DownloadError(f"{archive} is damaged: {error}. Delete it and fetch it again") from error


def _unpack_by_hand(archive, problem):
    return (f"{archive.name} {problem}. Unpack {archive} by hand, with 7-Zip or The Unarchiver, into the folder of the "
            "data set")


def _wanted(raw, archive, is_wanted, into, max_bytes, max_files, tolerant=False):
    """Yield (path, size, how to open it or None for a folder) of the entries wanted; whatever is unsafe is refused."""
    left, seen = max_bytes, 0
    with contextlib.closing(_entries(raw, archive, tolerant)) as entries:
        for name, size, refusal, source in entries:
            seen += 1
            if seen > max_files:
                raise DownloadError(f"{archive.name} has more than {max_files:,} entries")
            path = _safe_path(name, into, archive)
            if is_wanted is not None and not is_wanted(path):
                continue
            if refusal:
                raise DownloadError(f"{archive.name}: {name!r} is {refusal}; such archives are refused")
            left -= size
            if left < 0:
                raise DownloadError(f"{archive.name} would unpack to more than {max_bytes:,} bytes")
            yield path, size, source


def _write_entry(path, size, source, draft, folder):
    """Write one entry of an archive into the draft; the disk is that of `folder`."""
    if source is None:  # a folder
        (draft / path).mkdir(parents=True, exist_ok=True)
        return
    _check_space(folder, size)
    (draft / path).parent.mkdir(parents=True, exist_ok=True)
    with source() as data, open(draft / path, "wb") as out:
        shutil.copyfileobj(data, out, CHUNK)


def pick(archive, draft, is_wanted, *, into=".", max_bytes=None, max_files=1_000_000):
    """Unpack some files of an archive that is read once, from start to end; what comes before damage is kept.

    A damaged head of an entry in a tar is passed over: what lies behind it comes. As careful as `extract`.

    Parameters
    ----------
    archive : Path
    draft : Path
        An empty folder.
    is_wanted : function of PurePosixPath
        Whether the file of this path, relative to the folder of the data set, is wanted.
    into : str
        Where under the folder of the data set the archive is unpacked.
    max_bytes, max_files : int or None
        As in `extract`.

    Returns
    -------
    paths : list of PurePosixPath
        What came, whole.
    problem : str
        Where the archive is damaged, or "".
    """
    from tqdm import tqdm

    if max_bytes is None:
        max_bytes = max(10 << 20, 100 * archive.stat().st_size)
    found, path = [], None
    with _unpacking(archive, draft), open(archive, "rb") as raw, tqdm.wrapattr(raw, "read", total=archive.stat().st_size, desc=archive.name,
                                                   file=sys.stdout, disable=not _is_watched()) as watched:
        try:
            for path, size, source in _wanted(watched, archive, is_wanted, into, max_bytes, max_files, tolerant=True):
                if source is not None:
                    _write_entry(path, size, source, draft, draft)
                    if (draft / path).stat().st_size != size:
                        raise EOFError(f"{path} is cut off")
                    found.append(path)
        except DAMAGE as error:
            if path is not None and path not in found:
                (draft / path).unlink(missing_ok=True)
            return found, f"{archive.name} is damaged: {error}. Files that came out whole: {len(found):,}"
    return found, ""


def _entries(raw, archive, tolerant=False):
    """Yield (name, size, why it is refused or None, how to open it or None for a folder) for each entry.

    Where it is `tolerant`, a damaged entry of a tar is passed over, and the error comes behind the last entry.
    """
    head = raw.read(4)
    raw.seek(0)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(raw) as entries:
            for entry in entries.infolist():
                kind = stat.S_IFMT(entry.external_attr >> 16)
                refusal = "a link" if kind == stat.S_IFLNK else "encrypted" if entry.flag_bits & 1 else None
                yield (entry.filename, entry.file_size, refusal,
                       None if entry.is_dir() else lambda entry=entry: _opened(entries, entry, archive))
        return
    plain = gzip.GzipFile(fileobj=raw) if head.startswith(b"\x1f\x8b") else raw
    with tarfile.open(fileobj=plain, mode="r:", ignore_zeros=tolerant) as entries:
        damage = None
        while True:
            try:
                entry = entries.next()
            except tarfile.ReadError as error:
                if not tolerant:
                    raise
                damage = damage or error
                entries.offset = plain.tell()  # look for the next head from here on
                continue
            if entry is None:
                break
            refusal = None if entry.isreg() or entry.isdir() else "a link" if entry.issym() or entry.islnk() else (
                "neither a file nor a folder")
            yield (entry.name, entry.size, refusal,
                   None if entry.isdir() else lambda entry=entry: entries.extractfile(entry))
            entries.members = []  # tarfile keeps all heads; 289,206 of them are a gigabyte
        if damage:
            raise damage
        left = 1 << 30  # padding after the last entry; reading it makes gzip compare its checksum
        while left > 0 and (padding := plain.read(CHUNK)):
            left -= len(padding)
        if left <= 0:
            raise DownloadError(f"{archive.name} has more than a gigabyte behind its last entry")


def _opened(entries, entry, archive):
    """One entry of a zip, to be read; one that Python cannot unpack is named, with what to do."""
    if entry.compress_type not in _READABLE_ZIP:
        method = _ZIP_METHODS.get(entry.compress_type, "unknown")
        raise DownloadError(_unpack_by_hand(archive, f"has {entry.filename!r}, packed by method {entry.compress_type} "
                                                     f"({method}), which Python cannot unpack"))
    return entries.open(entry)


def _safe_path(name, into, archive):
    """The path of an entry relative to the data folder; refused when it could lead out of it on any system."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    if posix.is_absolute() or windows.drive or windows.root or ".." in (*posix.parts, *windows.parts) or "\0" in name:
        raise DownloadError(f"{archive.name}: the path {name!r} leads out of the folder; such archives are refused")
    return PurePosixPath(into) / posix


def _matches(path, patterns):
    """Whether a path is, matches, or lies in a folder that matches one of the patterns."""
    return any(fnmatch.fnmatchcase(str(place), pattern.rstrip("/"))
               for pattern in patterns for place in (path, *path.parents))


def move_in(source, target):
    """Move what is in one folder into another of the same disk; folders that are in both are merged."""
    for entry in source.iterdir():
        if entry.is_dir() and (target / entry.name).is_dir():
            move_in(entry, target / entry.name)
        else:
            os.replace(entry, target / entry.name)


# --------------------------------------------------------------------------------------------- a whole data set


def fetch_all(sheet, folder, members=None, patience=None):
    """Fetch and unpack what a data sheet lists; what is there already stays.

    An archive that was unpacked as a whole is deleted, one that was unpacked in part is kept for the next request.

    Parameters
    ----------
    sheet : Manifest
    folder : Path
    members : list of str or None
        See `helpers.data.fetch`.
    patience : Patience or None

    Returns
    -------
    Path
        `folder`.
    """
    folder = Path(folder)
    if isinstance(members, str):
        members = [members]
    wanted = [file for file in sheet.files if _is_wanted(file, members)]
    for pattern in members or ():
        if not any(_is_wanted(file, [pattern]) for file in sheet.files):
            known = ", ".join(name for file in sheet.files for name in (file.holds or (file.name,)))
            raise DownloadError(f"{sheet.name} has nothing that matches {pattern!r}; it has {known}")
    with writing(folder, f"{sheet.name} was not fetched", DiskError):
        folder.mkdir(parents=True, exist_ok=True)
        missing = [file for file in wanted if not _is_here(file, folder, members)]
        _check_space(folder, sum((file.bytes or 0) + (file.unpacked_bytes or 0) for file in missing))
        for file in missing:
            size = f"{file.bytes / 1e6:,.1f} MB" if file.bytes else file.note or "size not published"
            print(f"{sheet.name}: fetching {file.name} ({size}); licence: {sheet.licence.name}")
            if not file.is_archive:
                fetch_file(file, folder, patience)
                continue
            archive = fetch_archive(file, folder, patience)
            print(f"{sheet.name}: unpacking {file.name}")
            paths = extract(archive, folder, members, into=file.into, max_bytes=most_bytes(file))
            done = None if members is None else sorted({*members, *(_record(file, folder).get("members") or [])})
            _write_record(file, folder, {"members": done, "n_files": len(paths), "checksum": file.checksum})
            if members is None and archive.parent != folder:  # what somebody put there by hand stays
                archive.unlink()
    return folder


def fetch_archive(file, folder, patience=None):
    """Fetch an archive of a data set, or find the one that somebody put into its folder by hand."""
    return fetch_file(file, folder / ".archives", patience, by_hand=folder)


def most_bytes(file):
    """Bytes that may come out of an archive: a quarter more than its data sheet says; None where it says nothing."""
    return None if file.unpacked_bytes is None else file.unpacked_bytes * 5 // 4


def _is_wanted(file, members):
    """Whether a file, or something that an archive may hold, is asked for."""
    if members is None:
        return not file.optional
    if not file.is_archive:
        return _matches(PurePosixPath(file.name), members)
    # an archive is asked for when a pattern and a path in it can begin in the same way
    literal = [pattern[: min((pattern.find(c) for c in "*?[" if c in pattern), default=len(pattern))]
               for pattern in members]
    known = [held.rstrip("*") for held in file.holds]
    return any(start.startswith(held) or held.startswith(start) for start in literal for held in known)


def _is_here(file, folder, members):
    """Whether a file was fetched (and is right), or an archive was unpacked as far as it is asked for."""
    if not file.is_archive:
        return (folder / file.name).is_file() and not wrong(folder / file.name, file)
    record = _record(file, folder)
    return bool(record) and (record["members"] is None or members is not None and set(members) <= {*record["members"]})


def _record_path(file, folder):
    return folder / ".fetched" / f"{Path(file.name).name}.json"


def _record(file, folder):
    """What was unpacked of an archive before; an empty dict: nothing."""
    path = _record_path(file, folder)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write_record(file, folder, record):
    path = _record_path(file, folder)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(record), encoding="utf-8")
    os.replace(draft, path)


def problems(sheet, folder, elsewhere=frozenset()):
    """What is missing or damaged among the files that a data sheet lists: one line each.

    `elsewhere` names the archives that are not needed: what they bring is here in another form.
    """
    found = []
    for file in sheet.files:
        if file.name in elsewhere:
            continue
        if file.is_archive:
            found += _archive_problems(file, folder)
        elif (folder / file.name).is_file():
            problem = wrong(folder / file.name, file)
            found += [f"{file.name}: {problem}"] if problem else []
        elif not file.optional:
            found.append(f"{file.name} is missing")
    return found


def _archive_problems(file, folder):
    """Of the paths that an archive brings: none there, too few of them, or recordings that are none."""
    from . import audio

    tops = [top for held in file.holds for top in folder.glob(held.rstrip("/"))]
    paths = sorted(path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))
                   if path.is_file() and not path.name.startswith("."))
    if not paths:
        return [] if file.optional else [f"what {file.name} brings is missing ({', '.join(file.holds)})"]
    found = []
    if file.n_files is not None and len(paths) != file.n_files:
        found.append(f"{file.name}: {len(paths):,} of {file.n_files:,} files are here")
    for path in progress_over([p for p in paths if p.suffix in (".wav", ".aiff", ".mp3", ".flac", ".ogg")], file.name):
        try:
            audio.info(path)
        except audio.AudioError as error:
            found.append(str(error))
    return found


# ------------------------------------------------------------------------------------------------ small tools


def progress(total, what, initial=0):
    """A progress bar over bytes, on stdout; silent where nobody watches (a log file, a grading run)."""
    from tqdm import tqdm

    return tqdm(total=total, initial=initial, desc=what, unit="B", unit_scale=True, file=sys.stdout,
                disable=not _is_watched(), miniters=1)


def progress_over(items, what):
    """The items, one after the other, with a progress bar that counts them."""
    from tqdm import tqdm

    return tqdm(items, desc=what, file=sys.stdout, disable=not _is_watched())


def _is_watched():
    """Whether stdout is a terminal or a notebook."""
    return sys.stdout.isatty() or "ipykernel" in sys.modules


@contextlib.contextmanager
def _quiet(logger):
    """Hold back a logger's remarks below a warning."""
    level = logger.level
    logger.setLevel("WARNING")
    try:
        yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def alone(path):
    """Keep other processes of this user on this machine from working on `path` at the same time: they wait.

    The system lets go of the lock when a process ends, however it ends. The lock files lie in the temporary folder,
    because network drives (Google Drive in Colab) know no locks.
    """
    key = hashlib.blake2b(os.fsencode(Path(path).resolve()), digest_size=12).hexdigest()
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    lock = Path(tempfile.gettempdir()) / f"instrument-course-{user}-{key}.lock"
    if sys.platform == "win32":
        import msvcrt

        with open(lock, "a+b") as file:
            file.seek(0)
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # Windows gives up after ten seconds; the other process may need longer
                    time.sleep(0.5)
            yield
        return
    import fcntl

    while True:
        with open(lock, "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                current = lock.stat().st_ino == os.fstat(file.fileno()).st_ino
            except FileNotFoundError:
                current = False
            if not current:  # who was here before took the lock file along: nobody else would find this one
                continue
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
            return
