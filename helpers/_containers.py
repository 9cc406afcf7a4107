"""How much sound a file promises and how much it has: the chunks of WAV, AIFF, W64, CAF, AU, NIST; the pages of Ogg.

libsndfile reads what is there and does not say that the rest is missing; where a program that wrote to a pipe left the
length open, it finds no sound at all in some formats.
"""

import re
import struct
import zlib
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Chunk:
    """Where the samples of a file are.

    Attributes
    ----------
    begin : int
        Where they begin, in bytes.
    promised : int or None
        Bytes that the header promises; None where it leaves them open.
    there : int
        Bytes from `begin` to the end of the file, or to what follows the samples in an orderly way.
    field, form : int, str
        Where the header states the length, and how (`struct`; empty where libsndfile does not need it).
    extra : int
        What the field counts besides the samples.
    coding : int or None
        Of a WAV: the number of its coding.
    joined : bool
        Another file of the same format follows.
    """

    begin: int
    promised: int | None
    there: int
    field: int
    form: str
    extra: int = 0
    coding: int | None = None
    joined: bool = False

    def mended(self, data):
        """The bytes of the file with the length that is really there."""
        if not self.form:
            return data
        length = struct.pack(self.form, self.there + self.extra)
        return data[: self.field] + length + data[self.field + len(length) : self.begin + self.there]


@dataclass(frozen=True)
class _Layout:
    start: int  # of the first chunk
    name: int  # bytes of a chunk's name
    form: str  # of its length
    align: int
    sound: tuple  # names of the chunk that holds the samples
    counts_itself: bool = False


_LAYOUTS = {
    b"RIFF": _Layout(12, 4, "<I", 2, (b"data",)),
    b"RIFX": _Layout(12, 4, ">I", 2, (b"data",)),
    b"RF64": _Layout(12, 4, "<I", 2, (b"data",)),
    b"BW64": _Layout(12, 4, "<I", 2, (b"data",)),
    b"FORM": _Layout(12, 4, ">I", 2, (b"SSND", b"BODY")),
    b"riff": _Layout(40, 16, "<q", 8, (b"data",), counts_itself=True),
    b"caff": _Layout(8, 4, ">q", 1, (b"data",)),
}


def _is_open(length):
    """Whether a length is one of those that programs write when they do not know it yet."""
    return length <= 0 or 0x7E000000 <= length <= 0x80000000 or 0xFFFF0000 <= length <= 0xFFFFFFFF or length >= 2**62


def measure(file, size):
    """Find the samples of a file of chunks.

    Parameters
    ----------
    file : binary file
    size : int
        Its bytes.

    Returns
    -------
    Chunk or None
        None where it is no such file, or no chunk of samples is found.
    """
    file.seek(0)
    head = file.read(24)
    if head[:4] == b".snd" and len(head) == 24:
        begin, promised = struct.unpack(">II", head[4:12])
        return _judged(file, size, head[:4], Chunk(begin, promised, size - begin, 8, ">I"), None)
    if head[:7] == b"NIST_1A":
        return _nist(file, size)
    layout = _LAYOUTS.get(head[:4])
    at, coding, long_field = layout.start if layout else size, None, None
    while layout and at + layout.name + struct.calcsize(layout.form) <= size:
        file.seek(at)
        name = file.read(layout.name)[:4]
        field = at + layout.name
        (length,) = struct.unpack(layout.form, file.read(struct.calcsize(layout.form)))
        begin = field + struct.calcsize(layout.form)
        extra = begin - at if layout.counts_itself else 0
        if name in layout.sound:
            found = Chunk(begin, length - extra, size - begin, field, layout.form, extra, coding)
            if long_field and length == 0xFFFFFFFF:
                file.seek(long_field)
                (length,) = struct.unpack("<Q", file.read(8).ljust(8, b"\xff"))
                found = Chunk(begin, length, size - begin, long_field, "<Q", 0, coding)
            return _judged(file, size, head[:4], found, layout)
        if name == b"ds64":
            long_field = begin + 8
        elif name == b"fmt " and layout.name == 4:
            body = file.read(26)
            order = "little" if layout.form[0] == "<" else "big"
            coding = int.from_bytes(body[:2], order)
            if coding == 0xFFFE:  # extensible: the first bytes of a longer name
                coding = int.from_bytes(body[24:26], order)
        if length < extra:
            break
        at = begin + length - extra
        at += -at % layout.align
    return None


def _nist(file, size):
    """The samples of a NIST SPHERE file, whose header is text and states their number."""
    file.seek(0)
    text = file.read(4096).decode("latin-1")
    numbers = {key: int(number) for key, number in re.findall(r"^(\w+) -i (\d+)\s*$", text, re.MULTILINE)}
    length = re.match(r"NIST_1A\s+(\d+)", text)  # of the header itself
    begin = int(length[1]) if length else size
    promised = numbers.get("sample_count", 0) * numbers.get("channel_count", 1) * numbers.get("sample_n_bytes", 2)
    return Chunk(begin, promised, size - begin, 0, "") if promised > size - begin else None


def _judged(file, size, magic, found, layout):
    """A chunk with an open length as None, and with what follows the samples left out of what is there."""
    after = found.begin + max(0, found.promised)
    if found.promised <= 0 and layout and _is_chunks(file, size, found.begin, layout):
        return replace(found, promised=0, there=0)  # it really is empty
    if found.promised <= 0 or (_is_open(found.promised) and after > size):
        return replace(found, promised=None)
    if after >= size:
        return found
    after += -after % (layout.align if layout else 1)
    file.seek(after)
    following = file.read(4096)
    if following[:4] == magic:
        return replace(found, joined=True)
    orderly = not following.strip(b"\0") or following[:3] in (b"TAG", b"ID3") or (
        layout is not None and _is_chunks(file, size, after, layout))
    return replace(found, there=found.promised) if orderly else found


def _is_chunks(file, size, at, layout):
    """Whether what begins there has the name of a chunk and a length that the file has room for."""
    file.seek(at)
    head = file.read(layout.name + struct.calcsize(layout.form))
    if len(head) < layout.name + struct.calcsize(layout.form):
        return at >= size
    (length,) = struct.unpack(layout.form, head[layout.name :])
    return all(32 <= letter < 127 for letter in head[:4]) and 0 <= length <= size - at


# ----------------------------------------------------------------------------------------------------------------- Ogg

_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_CODINGS = ((b"\x01vorbis", "Vorbis"), (b"OpusHead", "Opus"), (b"Speex", "Speex"), (b"\x7fFLAC", "FLAC"),
           (b"\x80theora", "Theora video"))


@dataclass(frozen=True)
class Ogg:
    """The pages of an Ogg file: its codings, how many recordings follow each other, and how much of it is sound.

    `good` and `total` are positions, in samples at `rate` Hz: of the last page before one that is damaged or missing, and
    of the last page of all.
    """

    codings: tuple
    n_joined: int
    rate: int
    good: int
    total: int
    whole: bool


def pages(data):
    """Follow the pages of an Ogg file; `Ogg`."""
    at, codings, n_joined, rate, good, total, whole, sounding = 0, [], 0, 0, 0, 0, True, False
    while (page := data.find(b"OggS", at)) >= 0:
        end = _page_end(data, page)
        if end is None or not _is_intact(data[page:end]):
            whole = False
            at = page + 4
            continue
        whole = whole and page == at
        position = int.from_bytes(data[page + 6 : page + 14], "little", signed=True)
        if data[page + 5] & 2:  # the first page of a recording
            if sounding or not codings:
                n_joined += 1
            sounding = False
            body = data[page + 27 + data[page + 26] :][:16]
            rate = int.from_bytes(body[12:16], "little") if body.startswith(b"\x01vorbis") else 48000
            codings.append(next((name for magic, name in _CODINGS if body.startswith(magic)), "an unknown coding"))
        elif position > 0:
            sounding = True
            total = position if n_joined == 1 else total
            good = position if whole and n_joined == 1 else good
        at = end
    return Ogg(tuple(codings), n_joined, rate, good, total, whole and not data[at:].strip(b"\0"))


def _page_end(data, page):
    """Where a page ends; None where the file ends before."""
    if page + 27 > len(data):
        return None
    table = data[page + 27 : page + 27 + data[page + 26]]
    end = page + 27 + data[page + 26] + sum(table)
    return end if end <= len(data) else None


def _is_intact(page):
    """Whether the checksum of a page is right. It is that of zlib with the bits of each byte in the other order."""
    blank = page[:22] + bytes(4) + page[26:]
    found = ~zlib.crc32(blank.translate(_REVERSED), 0xFFFFFFFF) & 0xFFFFFFFF
    return int(f"{found:032b}"[::-1], 2) == int.from_bytes(page[22:26], "little")
