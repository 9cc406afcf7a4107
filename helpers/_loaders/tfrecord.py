"""TFRecord files of `tf.train.Example`, read record by record without TensorFlow; called by the reader of `nsynth`.

TensorFlow's own reader stops for good at the first broken record and cannot jump to a record; a data set that is read
clip by clip needs both, and should not load TensorFlow to count notes. The format is small:

* framing: length (8 bytes, little endian), its checksum (4), that many bytes, their checksum (4); the checksums are
  CRC-32C, rotated by 15 bits, plus 0xA282EAD8 (tensorflow/core/lib/io/record_writer.h);
* an Example is a map from names to lists of bytes, float32 or int64 in protocol buffers' wire format
  (tensorflow/core/example/{example,feature}.proto).
"""

import hashlib
import json
import os
import struct
import tarfile
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..data import data_dir

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


def parts(folder, stem):
    """Find the TFRecord files ``<stem>.tfrecord*`` in a folder, also inside a tar archive that was not unpacked.

    Returns
    -------
    list of (Path, int, int)
        File, first byte and the byte behind the last.
    """
    found = []
    for path in sorted(folder.glob(f"{stem}.tfrecord*")):
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            if file.suffix != ".tar":
                found.append((file, 0, file.stat().st_size))
                continue
            with tarfile.open(file) as entries:
                found += [(file, entry.offset_data, entry.offset_data + entry.size)
                          for entry in entries if entry.isreg() and ".tfrecord" in entry.name]
    return found


def index(part, fields):
    """Read all records of a file once and keep on disk what they say of themselves.

    Parameters
    ----------
    part : (Path, int, int)
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

    path, start, end = part
    state = path.stat()
    name = f"{path.resolve()} {state.st_size} {state.st_mtime_ns} {start} {end} {fields}"
    kept = data_dir() / "cache" / f"records-{hashlib.blake2b(name.encode(), digest_size=16).hexdigest()}.json"
    if kept.is_file():
        return tuple(json.loads(kept.read_text(encoding="utf-8")))
    clips, problems = [], []
    with open(path, "rb") as file, progress(end - start, f"reading {path.name}") as bar:
        for place, length, data in records(file, start, end):
            bar.update(length)
            try:
                if isinstance(data, RecordError):
                    raise data
                clips.append({**_row(example(data), fields), "place": place, "length": length})
            except RecordError as error:
                problems.append(f"{path.name}: {error}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, suffix=".tmp", delete=False, encoding="utf-8") as draft:
        json.dump([clips, problems], draft)
    os.replace(draft.name, kept)
    return clips, problems


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
