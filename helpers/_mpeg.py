"""The frames of an MP3 (MPEG audio, layer I, II or III): how many there are, what is between them, and a clean copy.

libsndfile believes the length in the first frame, or guesses one from the first frame's bit rate, and stops there. An
encoder that writes to a pipe cannot go back and fill that length in, and joined files carry the length of their first
part. So the frames are counted here, and libsndfile gets a stream whose first frame tells the true number.

References: ISO/IEC 11172-3 and 13818-3 (frame header); the Xing and VBRI headers as LAME and Fraunhofer write them.
"""

from dataclasses import dataclass
from functools import lru_cache

_KILOBITS = {  # (is MPEG 1, layer) -> bit rates in kbit/s, by index from 1
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_DECODER_DELAY = 529  # samples, of any decoder of layer III
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the bits of the version


@dataclass(frozen=True)
class Frame:
    """What the four bytes at the start of a frame say.

    `length` in bytes, `samples` per channel, `xing` where a Xing header would be (bytes from the start of the frame), and
    `kind`: sample rate, layer and number of channels, which stay the same from the first frame of a recording to its last.
    """

    length: int
    samples: int
    xing: int
    kind: tuple


@dataclass(frozen=True)
class Stream:
    """The sound in an MP3.

    Attributes
    ----------
    data : bytes
        Frames only; the first one tells how many follow.
    n_samples : int or None
        Per channel; None where the file's own header is right and says it more exactly (without the encoder's padding).
    seconds : float
        Length of all frames that were found.
    lost : float
        Seconds that are damaged, or that a header promises and the file does not have.
    changes : float or None
        Where the sample rate or the number of channels changes first, in seconds.
    """

    data: bytes
    n_samples: int | None
    seconds: float
    lost: float
    changes: float | None


@lru_cache(maxsize=4096)
def frame(header):
    """The `Frame` that begins with four bytes; None where they begin none, or one of free format."""
    if len(header) < 4 or header[0] != 0xFF or header[1] < 0xE0:
        return None
    version, layer, bits, rate = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3), header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 4 or bits in (0, 15) or rate == 3:
        return None
    first, mono = version == 3, header[3] >> 6 == 3
    hertz, bits_per_second, padding = _HERTZ[version][rate], 1000 * _KILOBITS[first, layer][bits - 1], header[2] >> 1 & 1
    samples = {1: 384, 2: 1152, 3: 1152 if first else 576}[layer]
    if layer == 1:
        length = (12 * bits_per_second // hertz + padding) * 4
    else:
        length = samples // 8 * bits_per_second // hertz + padding
    side = (17 if mono else 32) if first else (9 if mono else 17)
    checksum = 0 if header[1] & 1 else 2
    return Frame(length, samples, 4 + checksum + side, (hertz, layer, 1 if mono else 2))


def begins(data, at=0):
    """Whether a frame begins there, and another one, a tag or the end of the file where it ends."""
    one = frame(data[at : at + 4])
    if one is None:
        return False
    end = at + one.length
    return end == len(data) or frame(data[end : end + 4]) is not None or bool(_tag(data, end))


def after_tags(data):
    """Where the first byte is that is neither zero nor part of a tag."""
    at = 0
    while at < len(data):
        if step := _tag(data, at):
            at += step
        elif data[at] == 0:
            zeros = len(data) - at - len(data[at:].lstrip(b"\0"))
            at += zeros
        else:
            break
    return min(at, len(data))


def _tag(data, at):
    """Bytes of the tag that begins there; 0 where none does."""
    head = data[at : at + 32]
    if head[:3] == b"ID3" and len(head) >= 10:
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        return 10 + size + (10 if head[5] & 0x10 else 0)
    if head[:8] == b"APETAGEX" and len(head) >= 16:
        return 32 + int.from_bytes(head[12:16], "little")
    if head[:3] == b"TAG":
        return 128
    if head[:11] == b"LYRICSBEGIN" and (end := data.find(b"LYRICS200", at)) >= 0:
        return end + 9 - at
    return 0


def _pieces(data):
    """(begin, end, `Frame`) of each frame, (begin, end, None) of what is none. Tags and trailing zeros are passed over."""
    at, kind = after_tags(data), None
    while at < len(data):
        one = frame(data[at : at + 4])
        if one is not None and at + one.length <= len(data) and (one.kind == kind or begins(data, at)):
            kind = one.kind
            yield at, at + one.length, one
            at += one.length
        elif step := _tag(data, at):
            at += step
        elif data[at] == 0 and not data[at:].strip(b"\0"):
            return
        else:
            following = _next(data, at + 1)
            yield at, following, None
            at = following


def _next(data, at):
    """Where the next frame begins."""
    while (at := data.find(b"\xff", at)) >= 0:
        if begins(data, at):
            return at
        at += 1
    return len(data)


def _promise(data, at, one):
    """How many frames the header in this frame says will follow (0 if it does not say); None where it has no header."""
    if one.kind[1] != 3:
        return None
    xing = data[at + one.xing : at + one.xing + 12]
    if xing[:4] in (b"Xing", b"Info"):
        return int.from_bytes(xing[8:12], "big") if xing[7] & 1 else 0
    if data[at + 36 : at + 40] == b"VBRI":
        return int.from_bytes(data[at + 50 : at + 54], "big")
    return None


def read(data):
    """Follow the frames of an MP3 from the first to the last.

    Parameters
    ----------
    data : bytes
        A whole file, or the sound in a WAV file whose coding is MP3.

    Returns
    -------
    Stream or None
        None where there is no frame.
    """
    runs, heads, n_frames, damaged, first, changes = [], [], 0, 0, None, None
    for begin, end, one in _pieces(data):
        if one is None:
            damaged += end - begin
        elif (promise := _promise(data, begin, one)) is not None:  # a frame without sound before each part of the file
            heads.append((begin, n_frames, promise))
        else:
            first = first or (begin, one)
            if one.kind != first[1].kind and changes is None:
                changes = n_frames
            n_frames += 1
            if runs and runs[-1][1] == begin:
                runs[-1][1] = end
            else:
                runs.append([begin, end])
    if first is None:
        return None
    begin, one = first
    each = one.samples / one.kind[0]
    ends = [n_before for _, n_before, _ in heads[1:]] + [n_frames]
    short = sum(max(0, promise - (stop - start)) for (_, start, promise), stop in zip(heads, ends, strict=bool(heads)))
    lost = max(short, damaged * n_frames / sum(stop - start for start, stop in runs))
    as_is = len(runs) == len(heads) == 1 and heads[0][2] == n_frames and data[heads[0][0] + 36 :][:4] != b"VBRI"
    if as_is:
        clean = data[heads[0][0] : runs[0][1]]
    else:
        clean = _head(data[begin : begin + 4], n_frames) + b"".join(data[start:stop] for start, stop in runs)
    return Stream(clean, None if as_is else n_frames * one.samples, n_frames * each, lost * each,
                  None if changes is None else changes * each)


def _head(header, n_frames):
    """Two frames to go before these: one that says how many follow, and a silent one.

    After a header of LAME's make, libsndfile drops the delay of the decoder and the stated delay of the encoder. Together
    they are made as long as the silent frame: what follows comes out whole, as from a file without any header.
    """
    if frame(header).kind[1] != 3:
        return b""  # such headers are known in layer III only; in layers I and II the bit rate is constant
    for index in range(1, 15):
        four = bytes([0xFF, header[1] | 1, index << 4 | header[2] & 0x0C, header[3]])
        one = frame(four)
        if one.length >= one.xing + 36:
            break
    delay = one.samples - _DECODER_DELAY
    says = b"Info" + (1).to_bytes(4, "big") + (n_frames + 1).to_bytes(4, "big") + b"LAME".ljust(21, b"\0") + (delay << 12).to_bytes(3, "big")
    return (four + bytes(one.xing - 4) + says).ljust(one.length, b"\0") + four.ljust(one.length, b"\0")
