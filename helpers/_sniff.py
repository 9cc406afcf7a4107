"""What a file is, by its first bytes: which recordings can be read, and in words what anything else is."""

#: Recordings that libsndfile reads, as (offset, first bytes, how their length is checked).
READABLE = (
    (8, b"WAVE", "chunks"),
    (0, b"riff\x2e\x91\xcf\x11", "chunks"),  # Sony Wave64
    (8, b"AIFF", "chunks"),
    (8, b"AIFC", "chunks"),
    (8, b"8SVX", "chunks"),
    (8, b"16SV", "chunks"),
    (0, b"caff", "chunks"),
    (0, b".snd", "chunks"),
    (0, b"OggS", "pages"),
    (0, b"fLaC", "flac"),
    (0, b"NIST_1A", "chunks"),
    (0, b"2BIT", "plain"),  # AVR
    (0, b"PVF1", "plain"),
    (0, b" paf", "plain"),
    (0, b"fap ", "plain"),
    *((0, bytes((0x64, 0xA3, machine, 0)), "plain") for machine in range(1, 5)),  # IRCAM
    *((0, bytes((0, machine, 0xA3, 0x64)), "plain") for machine in range(1, 5)),
)
_OTHER_AUDIO = (
    (4, b"ftyp", "an MP4 or M4A file (AAC)"),
    (0, b"ADIF", "an AAC file"),
    (0, b"\x0b\x77", "an AC-3 file (Dolby Digital)"),
    (0, b"\x77\x0b", "an AC-3 file (Dolby Digital)"),
    (0, b"\x7f\xfe\x80\x01", "a DTS file"),
    (0, b"\xfe\x7f\x01\x80", "a DTS file"),
    (0, b"TTA1", "a True Audio file (TTA)"),
    (0, b"TTA2", "a True Audio file (TTA)"),
    (0, b"MPCK", "a Musepack file"),
    (0, b"MP+", "a Musepack file"),
    (0, b"ajkg", "a Shorten file"),
    (0, b"OFR ", "an OptimFROG file"),
    (0, b"TAK", "a TAK file"),
    (0, b".RMF", "a RealMedia file"),
    (0, b".ra\xfd", "a RealAudio file"),
    (0, b"FLV\x01", "a Flash video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file (WMA)"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM file"),
    (0, b"#!AMR", "an AMR voice recording"),
    (0, b"#!SILK", "a SILK voice recording"),
    (0, b"\x02#!SILK", "a SILK voice recording"),
    (0, b"wvpk", "a WavPack file"),
    (0, b"MAC ", "a Monkey's Audio file"),
    (0, b"DSD ", "a DSD file"),
    (0, b"FRM8", "a DSD file"),
    (0, b"Creative Voice File", "a Creative Voice file (VOC)"),
    (0, b".SoX", "a file in SoX's own format"),
    (0, b"XoS.", "a file in SoX's own format"),
    (0, b"LM8953", "a Yamaha TX-16W sample"),
    (0, b"ALawSoundFile**", "a Psion sound file"),
    (65, b"FSSD", "a Macintosh HCOM file"),
    (0, b"Extended Instrument:", "a FastTracker instrument"),
    (0, b"\x00\x00\x01\xba", "an MPEG video"),
    (0, b"\x00\x00\x01\xb3", "an MPEG video"),
    (8, b"AVI ", "an AVI video"),
)
_NOT_AUDIO = (
    (0, b"MThd", "a MIDI file (notes, not sound)"),
    (8, b"sfbk", "a SoundFont (instruments, not a recording)"),
    (0, b"PK\x03\x04", "a ZIP archive: unpack it first"),
    (0, b"\x1f\x8b", "a gzip archive: unpack it first"),
    (0, b"BZh", "a bzip2 archive: unpack it first"),
    (0, b"\xfd7zXZ", "an xz archive: unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive: unpack it first"),
    (0, b"Rar!", "a RAR archive: unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (257, b"ustar", "a tar archive: unpack it first"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"\x93NUMPY", "a NumPy array: read it with np.load"),
    (0, b"\x00\x05\x16\x07", "what macOS keeps beside a file (its name begins with ._), not the recording itself"),
    (0, b"version https://git-lfs", "a Git LFS pointer: the recording itself was not fetched"),
)
_PAGE = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<!--", b"<body")
#: Codings inside a WAV that libsndfile cannot decode.
WAV_CODINGS = {0x92: "AC-3", 0xFF: "AAC", 0x160: "WMA", 0x161: "WMA", 0x162: "WMA", 0x163: "WMA", 0x270: "ATRAC3",
               0x1600: "AAC", 0x1610: "AAC", 0x2000: "AC-3", 0x2001: "DTS", 0x674F: "Vorbis", 0xA106: "AAC", 0xF1AC: "FLAC"}
#: Codings inside a WAV that are MPEG audio, layer I to III.
WAV_MPEG = (0x50, 0x55)


def first_of(head, table):
    """The word for a file that starts like this, by a table of (offset, bytes, word); None where none fits."""
    return next((word for offset, magic, word in table if head[offset : offset + len(magic)] == magic), None)


def may_be_mpeg(head):
    """Whether it is worth looking for the frames of an MP3: sync bits, zeros or tags."""
    return (head[0] == 0xFF and head[1:2] >= b"\xe0") or head[0] == 0 or head.startswith((b"ID3", b"TAG", b"APETAGEX"))


def _stream(head):
    """What a stream is that begins with the sync bits of MPEG audio and cannot be read as such; None where it is none."""
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0 and head[2] >> 2 & 15 < 13:
        return "an AAC file"
    free = head[1] & 0xE0 == 0xE0 and head[1] & 0x18 != 0x08 and head[1] & 0x06 and not head[2] & 0xF0 and head[2] & 0x0C != 0x0C
    return "an MP3 of free format" if free else None


def to_convert(what):
    """The rest of a sentence on a recording that cannot be read here, with the remedy."""
    return f"is {what}, which cannot be read here: convert it to WAV or FLAC, e.g. with Audacity or `ffmpeg -i OLD NEW.wav`."


def refusal(head):
    """Say what a file is that is no recording that can be read, and what to do.

    Parameters
    ----------
    head : bytes
        Its first bytes.

    Returns
    -------
    str
        The rest of a sentence that begins with its name.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_PAGE):
        return ("is a web page (HTML), not a recording: the download saved an error or sign-in page. Open its address in "
                "a browser and download the file again.")
    if other := _stream(head) or first_of(head, _OTHER_AUDIO):
        return to_convert(other)
    what = first_of(head, _NOT_AUDIO) or ("a text file, not a recording" if _is_text(head) else None)
    what = what or "not a recording in any known format"
    return f"is {what}. Readable: WAV, AIFF, FLAC, MP3, OGG. First bytes: {head[:8]!r}."


def _is_text(head):
    try:
        letters = head.decode("utf-8")
    except UnicodeDecodeError as error:  # the last letter may be cut in two
        if error.start < len(head) - 3:
            return False
        letters = head[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\r\n\t\f" for letter in letters)
