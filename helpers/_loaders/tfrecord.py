"""TFRecord files of `tf.train.Example`, read record by record without TensorFlow; called by the reader of `nsynth`.

TensorFlow's own reader stops for good at the first broken record and cannot jump to a record; a data set that is read
clip by clip needs both, and should not load TensorFlow to count notes. The format is small:

* framing: length (8 bytes, little endian), its checksum (4), that many bytes, their checksum (4); the checksums are
  CRC-32C, rotated by 15 bits, plus 0xA282EAD8 (tensorflow/core/lib/io/record_writer.h);
* an Example is a map from names to lists of bytes, float32 or int64 in protocol buffers' wire format
  (tensorflow/core/example/{example,feature}.proto).
"""

import errno
import hashlib
import json
import os
import re
import shutil
import struct
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .._dataset import DataError
from .._paths import data_dir, keep, writing

_HEAD, _FOOT = 12, 4  # bytes before and after the data of a record


class RecordError(ValueError):
    """A record is damaged: the message says how."""


# ------------------------------------------------------------------------------------------------------------- framing


def records(file, start, end):
    """Find the records of a file, or of the part of it between two places.

    A damaged record is passed over as far as its length can be trusted; behind a damaged length nothing is found.

    Parameters
    ----------
    file : binary file, seekable
    start, end : int
        First byte, and the one behind the last.

    Yields
    ------
    (int, int, bytes or RecordError)
        Place and length of the data of a record, and the data, or what is wrong with it.
    """
    at = start
    while at < end:
        file.seek(at)
        head = file.read(min(_HEAD, end - at))
        if len(head) < _HEAD:
            yield at, 0, RecordError(f"cut off at byte {at - start:,}, in the head of a record")
            return
        length, check = struct.unpack("<QI", head)
        if masked_crc32c(head[:8]) != check:
            yield at, 0, RecordError(f"damaged at byte {at - start:,}: the length of a record does not fit its checksum")
            return
        if at + _HEAD + length + _FOOT > end:
            yield at + _HEAD, length, RecordError(f"cut off at byte {end - start:,}, inside a record of {length:,} bytes")
            return
        data = file.read(length)
        (check,) = struct.unpack("<I", file.read(_FOOT))
        good = masked_crc32c(data) == check
        yield at + _HEAD, length, data if good else RecordError(
            f"damaged between bytes {at - start:,} and {at - start + _HEAD + length + _FOOT:,}: the record does not fit "
            "its checksum")
        at += _HEAD + length + _FOOT


def masked_crc32c(data):
    """The checksum that stands behind a record: CRC-32C, rotated and shifted so that it differs from a plain one."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def crc32c(data):
    """CRC-32C (Castagnoli) of some bytes.

    A long text is cut into pieces that are divided side by side; the remainders are then joined pairwise: the remainder
    of A followed by B is that of A, moved on by the length of B, plus that of B. Zeros before a text change nothing, so
    that all pieces can be of one length.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    int
    """
    n_pieces = 1 << max(0, (len(data).bit_length() - 1) // 2)
    length = -(-len(data) // n_pieces)
    padded = np.zeros(n_pieces * length, dtype=np.uint8)
    padded[len(padded) - len(data):] = np.frombuffer(data, dtype=np.uint8)
    table = _table()
    crc = np.zeros(n_pieces, dtype=np.uint32)
    for column in np.ascontiguousarray(padded.reshape(n_pieces, length).T):
        crc = table[(crc ^ column) & 255] ^ (crc >> 8)
    while len(crc) > 1:
        crc = _apply(_zeros(length), crc[::2]) ^ crc[1::2]
        length *= 2
    start = _apply(_zeros(len(data)), np.array([0xFFFFFFFF], dtype=np.uint32))  # what the register holds at first
    return int(crc[0] ^ start[0]) ^ 0xFFFFFFFF


@lru_cache(maxsize=1)
def _table():
    """Remainders of the 256 bytes."""
    crc = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        crc = np.where(crc & 1, (crc >> 1) ^ np.uint32(0x82F63B78), crc >> 1)
    return crc


@lru_cache(maxsize=256)
def _zeros(n):
    """What `n` zero bytes make of each bit of a remainder: (32,) uint32, a matrix over the field of two elements."""
    if n == 0:
        return np.uint32(1) << np.arange(32, dtype=np.uint32)
    if n == 1:
        bits = _zeros(0)
        return _table()[bits & 255] ^ (bits >> 8)
    half = _zeros(n // 2)
    twice = _apply(half, half)
    return _apply(_zeros(1), twice) if n % 2 else twice


def _apply(matrix, crc):
    """The matrix times each remainder."""
    bits = (crc[:, np.newaxis] >> np.arange(32, dtype=np.uint32)) & 1
    return np.bitwise_xor.reduce(np.where(bits, matrix, np.uint32(0)), axis=1)


# ------------------------------------------------------------------------------------------------------------ examples


def example(data):
    """Read a serialised `tf.train.Example`.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    dict of str to list of bytes, (n,) float32 array or list of int

    Raises
    ------
    RecordError
        It is not one.
    """
    found = {}
    try:
        for features in _messages(data, 1):
            for entry in _messages(features, 1):
                name = b"".join(_messages(entry, 1)).decode()
                found[name] = _values(b"".join(_messages(entry, 2)))
    except (IndexError, UnicodeDecodeError, struct.error) as error:
        raise RecordError(f"not a tf.train.Example: {error}") from error
    if not found:
        raise RecordError("not a tf.train.Example: it holds no feature")
    return found


def _values(feature):
    """The list of a Feature: field 1 bytes, 2 floats, 3 whole numbers; numbers are packed or one by one."""
    for kind, inner in _fields(feature):
        if kind == 1:
            return [value for number, value in _fields(inner) if number == 1]
        if kind == 2:
            return np.frombuffer(b"".join(value for number, value in _fields(inner) if number == 1), dtype="<f4")
        if kind == 3:
            return [one for number, value in _fields(inner) if number == 1
                    for one in (_varints(value) if isinstance(value, bytes) else [_signed(value)])]
    return []


def _messages(data, wanted):
    """The values of one field of a message."""
    return [value for number, value in _fields(data) if number == wanted]


def _fields(data):
    """(number, value) of each field of a message; a value is bytes or, of a varint, a whole number."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind in (1, 2, 5):
            length = {1: 8, 5: 4}.get(kind)
            if length is None:
                length, at = _varint(data, at)
            if at + length > len(data):
                raise IndexError(f"a field of {length} bytes where {len(data) - at} are left")
            value = bytes(data[at:at + length])
            at += length
        else:
            raise IndexError(f"a field of the unknown kind {kind}")
        yield number, value


def _varint(data, at):
    """A whole number of seven bits a byte, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise IndexError("a number of more than 64 bits")


def _varints(data):
    values, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(_signed(value))
    return values


def _signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


# ----------------------------------------------------------------------------------------------------- files of clips


@dataclass(frozen=True)
class RecordClip:
    """The feature ``audio`` of one record, samples at `sr` Hz: a source of `helpers.data.Clips`."""

    path: Path
    place: int
    length: int
    sr: int

    def read(self, sr):
        """Give the samples at another rate, (n_samples,) float32."""
        from .. import audio

        with open(self.path, "rb") as file:
            file.seek(self.place)
            y = example(file.read(self.length))["audio"].astype(np.float32)
        if not np.isfinite(y).all():
            raise audio.AudioError(f"{self.path}, byte {self.place:,}: a sample of this clip is NaN or infinite")
        return y if sr == self.sr else audio.resample(y, self.sr, sr)


@dataclass(frozen=True)
class Part:
    """A stretch of a file that holds records: from byte `start` of `path` to the one before `end`.

    `shown` is the file as the learner knows it (`path` may be an unpacked copy of it), `damage` what kept it from being
    unpacked to its end, or "".
    """

    path: Path
    start: int
    end: int
    shown: Path
    damage: str = ""


def parts(folder, stem):
    """Find the TFRecord files of a split in a folder: plain, compressed, in a tar archive, whole or in shards.

    Parameters
    ----------
    folder : Path
    stem : str
        "nsynth-test": files are named ``nsynth-test.tfrecord``, ``nsynth-test.tfrecord-00000-of-00010``, followed by
        ``.tar``, ``.gz``, ``.tar.gz`` or ``.tgz`` where they are packed; a folder of that name may hold them.

    Returns
    -------
    parts : list of Part
    passed_over : list of (Path, str)
        Files that look like it and are not read, each with the reason.
    """
    name = re.compile(re.escape(stem) + r"\.tfrecord(-\d+-of-\d+)?(\.tar|\.gz|\.tar\.gz|\.tgz)?")
    files, passed_over = {}, []
    for path in sorted(folder.glob(f"{stem}*tfrecord*")):
        for file in sorted(path.glob("[!.]*")) if path.is_dir() else [path]:
            match = name.fullmatch(file.name)
            if match is None:
                passed_over.append((file, f"its name is not that of a TFRecord file of {stem} (a second copy, or part of a "
                                          "download?): delete it, or rename it"))
            elif (before := files.setdefault(match[1], file)) != file:
                passed_over.append((file, f"it holds the same notes as {before.name}, which is read"))
    if None in files:  # the whole split: its shards hold the same notes once more
        passed_over += [(file, f"it holds the same notes as {files[None].name}, which is read")
                        for shard, file in files.items() if shard is not None]
        files = {None: files[None]}
    return [part for file in files.values() for part in _opened(Part(file, 0, file.stat().st_size, file))], passed_over


def _opened(part):
    """The stretches of plain records in a file: compressed ones are unpacked once, archives looked into."""
    with open(part.path, "rb") as file:
        file.seek(part.start)
        head = file.read(_HEAD)
        if _is_head(head):
            return [part]
        if head[:3] == b"\x1f\x8b\x08" or head[:1] == b"\x78" and int.from_bytes(head[:2], "big") % 31 == 0:
            return _opened(_unpacked(part))
        file.seek(part.start)
        try:
            entries = tarfile.open(fileobj=file, mode="r:")
        except tarfile.TarError:
            return [part]  # neither: the reader says at which byte it fails
        with entries:
            found, damage = [], part.damage
            try:
                for entry in entries:
                    if entry.isreg() and ".tfrecord" in entry.name:
                        end = min(entry.offset_data + entry.size, part.end)
                        found.append(Part(part.path, entry.offset_data, end, part.shown))
            except tarfile.TarError as error:
                damage = damage or f"the archive is damaged: {error}"
    found = [one for inside in found for one in _opened(inside)]
    return [*found, Part(part.path, part.end, part.end, part.shown, damage)] if damage else found


def _is_head(head):
    """Whether twelve bytes are the head of a record: a length and its checksum."""
    return len(head) == _HEAD and masked_crc32c(head[:8]) == struct.unpack("<I", head[8:])[0]


def _unpacked(part):
    """A stretch of a file without its gzip or zlib compression: records are read at their places, gzip has none."""
    from ..download import SPARE_BYTES, progress

    state = part.path.stat()
    key = f"{part.path.resolve()} {state.st_size} {state.st_mtime_ns} {part.start} {part.end}"
    plain = data_dir() / "cache" / f"unpacked-{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}.tfrecord"
    note = plain.with_suffix(".json")  # written last
    if not note.is_file():
        print(f"{part.shown.name} is compressed: unpacking it once, into {plain}")
        with writing(plain.parent, f"{part.shown.name} is compressed and was not unpacked", DataError):
            plain.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=plain.parent, suffix=".tmp", delete=False) as draft:
                try:
                    with open(part.path, "rb") as file, progress(part.end - part.start, "unpacking") as bar:
                        file.seek(part.start)
                        damage = _inflate(file, part.end - part.start, draft.file, bar, plain.parent, SPARE_BYTES)
                except BaseException:
                    os.unlink(draft.name)
                    raise
            os.replace(draft.name, plain)
            note.write_text(json.dumps(damage), encoding="utf-8")
    damage = part.damage or json.loads(note.read_text(encoding="utf-8"))
    return Part(plain, 0, plain.stat().st_size, part.shown, damage)


def _inflate(file, n_bytes, out, bar, folder, spare):
    """Write what the next `n_bytes` of gzip or zlib unpack to; returns what kept them from their end, or ""."""
    stream, left = None, n_bytes
    while left > 0 and (packed := file.read(min(left, 1 << 20))):
        left -= len(packed)
        bar.update(len(packed))
        while packed:
            if stream is None:  # gzip files may be several streams, one after the other, and end in zeros
                packed = packed.lstrip(b"\0")
                stream = zlib.decompressobj(47) if packed else None  # 47: gzip or zlib, told by the head
                continue
            try:
                chunk = stream.decompress(packed, 1 << 24)
            except zlib.error as error:
                return f"damaged before byte {n_bytes - left:,} ({error}): what comes after it is lost"
            if shutil.disk_usage(folder).free < len(chunk) + spare:
                raise OSError(errno.ENOSPC, "no room for what it unpacks to")
            out.write(chunk)
            packed = stream.unused_data if stream.eof else stream.unconsumed_tail
            stream = None if stream.eof else stream
    return "" if stream is None else f"cut off at byte {n_bytes:,}: the compressed data do not end there"


def index(part, fields):
    """Read all records of a file once and keep on disk what they say of themselves.

    Parameters
    ----------
    part : Part
        One of `parts`.
    fields : tuple of str
        Features to keep besides what is known of the feature ``audio``.

    Returns
    -------
    clips : list of dict
        The fields, as text, whole numbers or lists of them, with ``place`` and ``length`` of the record, ``n_samples``,
        ``digest`` (of the samples) and ``peak``.
    problems : list of str
        One line for each record that is damaged.
    """
    from ..download import progress

    state = part.path.stat()
    name = f"{part.path.resolve()} {state.st_size} {state.st_mtime_ns} {part.start} {part.end} {fields}"
    kept = data_dir() / "cache" / f"records-{hashlib.blake2b(name.encode(), digest_size=16).hexdigest()}.json"
    if kept.is_file():
        clips, problems = json.loads(kept.read_text(encoding="utf-8"))
    else:
        clips, problems = [], []
        with open(part.path, "rb") as file, progress(part.end - part.start, f"reading {part.shown.name}") as bar:
            for place, length, data in records(file, part.start, part.end):
                bar.update(length)
                try:
                    if isinstance(data, RecordError):
                        raise data
                    clips.append({**_row(example(data), fields), "place": place, "length": length})
                except RecordError as error:
                    problems.append(str(error))
        keep(kept, lambda file: file.write(json.dumps([clips, problems]).encode()))
    problems = [part.damage] * bool(part.damage) + problems
    return clips, [f"{part.shown.name}: {problem}" for problem in problems]


def _row(found, fields):
    """What is kept of one example."""
    y = found.get("audio")
    if not isinstance(y, np.ndarray):
        raise RecordError("a record without the feature 'audio'")
    row = {}
    for name in fields:
        values = [value.decode() if isinstance(value, bytes) else value for value in found.get(name, [])]
        # proto3 writers leave out a list of nothing; a feature of one value is that value
        row[name] = values[0] if len(values) == 1 and name != "qualities_str" else values
    y = np.ascontiguousarray(y, dtype=np.float32)
    digest = hashlib.blake2b(y, digest_size=16).hexdigest()
    return {**row, "n_samples": len(y), "digest": digest, "peak": float(np.abs(y).max(initial=0))}
