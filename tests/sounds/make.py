"""Make the corpus of odd sounds. All of them hold one synthetic signal, or a part of it, or none.

`plain` needs libsndfile only. `with_tools` calls ffmpeg and sox and makes what they can; where they are not installed, the
tests take the same files from `stored.json`, which ``python -m tests.sounds.make`` writes again.
"""

import base64
import io
import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np

SR = 8000
SECONDS = 3.0
SHORT = 0.6  # seconds of the signal in files that are stored
STORED = Path(__file__).with_name("stored.json")


def signal(sr=SR, seconds=SECONDS):
    """A tone that rises from 200 Hz by 300 Hz a second and swells twice a second: no two stretches of it are alike."""
    t = np.arange(round(seconds * sr)) / sr
    return (0.3 * (1 + 0.5 * np.sin(2 * np.pi * 2 * t)) * np.sin(2 * np.pi * (200 * t + 150 * t**2))).astype(np.float32)


def coded(kind, subtype=None, y=None, sr=SR):
    """The bytes of a recording, by libsndfile's names."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, signal() if y is None else y, sr, format=kind, subtype=subtype)
    return buffer.getvalue()


def patched(data, at, form, value):
    """Bytes with one number in them changed."""
    number = struct.pack(form, value)
    return data[:at] + number + data[at + len(number) :]


def zeroed(data, begin, length):
    """Bytes with some of them lost."""
    return data[:begin] + bytes(length) + data[begin + length :]


def without_first_frame(mp3):
    """An MP3 as a program writes it to a pipe: without the first frame, which says how long it is."""
    from helpers import _mpeg

    begin = _mpeg.after_tags(mp3)
    return mp3[begin + _mpeg.frame(mp3[begin : begin + 4]).length :]


def plain():
    """Name -> bytes of all files that need neither ffmpeg nor sox."""
    y, stereo = signal(), np.stack([signal(), signal()], axis=1)
    wav, aiff, au, caf, w64 = coded("WAV", "PCM_16"), coded("AIFF", "PCM_16"), coded("AU"), coded("CAF"), coded("W64")
    rf64, flac, mp3, ogg = coded("RF64"), coded("FLAC"), coded("MP3"), coded("OGG", "VORBIS")
    ogg_long = coded("OGG", "VORBIS", np.tile(y, 8))  # several pages
    bare = without_first_frame(mp3)
    size = wav.find(b"data") + 4
    nan, hot = y.copy(), 30_000 * y
    nan[12_000] = np.nan
    begin = _streaminfo(flac)
    return {
        # every coding that libsndfile has under the usual names
        "pcm16.wav": wav, "pcm24.wav": coded("WAV", "PCM_24"), "pcm32.wav": coded("WAV", "PCM_32"),
        "unsigned8.wav": coded("WAV", "PCM_U8"), "float32.wav": coded("WAV", "FLOAT"), "float64.wav": coded("WAV", "DOUBLE"),
        "ulaw.wav": coded("WAV", "ULAW"), "alaw.wav": coded("WAV", "ALAW"), "ima.wav": coded("WAV", "IMA_ADPCM"),
        "microsoft.wav": coded("WAV", "MS_ADPCM"), "gsm.wav": coded("WAV", "GSM610"), "extensible.wav": coded("WAVEX"),
        "big-endian.wav": _big_endian(y), "long.rf64": rf64, "long.w64": w64, "apple.caf": caf,
        "alac.caf": coded("CAF", "ALAC_16"), "sun.au": au, "ulaw.au": coded("AU", "ULAW"), "apple.aiff": aiff,
        "aifc.aiff": coded("AIFF", "ULAW"), "float.aifc": coded("AIFF", "FLOAT"), "amiga.svx": coded("SVX", "PCM_16"),
        "speech.sph": coded("NIST"), "ircam.sf": coded("IRCAM"), "pcm16.flac": flac, "vorbis.ogg": ogg,
        "opus.opus": coded("OGG", "OPUS"), "layer3.mp3": mp3, "stereo.mp3": coded("MP3", y=stereo),
        # the length is open or wrong
        "zero-length.wav": patched(wav, size, "<I", 0), "open-length.wav": patched(wav, size, "<I", 0xFFFFFFFF),
        "half-open.wav": patched(wav, size, "<I", 0x7FFFF000), "zero-length.aiff": patched(aiff, aiff.find(b"SSND") + 4, ">I", 0),
        "zero-length.au": patched(au, 8, ">I", 0), "open-length.au": patched(au, 8, ">I", 0xFFFFFFFF),
        "open-length.caf": patched(caf, caf.find(b"data") + 4, ">q", -1),
        "zero-length.w64": patched(w64, w64.find(b"data") + 16, "<q", 0),
        "open-length.rf64": patched(rf64, rf64.find(b"ds64") + 16, "<q", -1),
        "open-length.flac": flac[:begin] + bytes([flac[begin] & 0xF0, 0, 0, 0, 0]) + flac[begin + 5 :],
        "list-after.wav": wav + b"LIST" + struct.pack("<I", 12) + b"INFOISFT\0\0\0\0",
        "stray-bytes.wav": wav + bytes(range(1, 200)),
        "empty-then-list.wav": coded("WAV", y=np.zeros(0)) + b"LIST" + struct.pack("<I", 12) + b"INFOISFT\0\0\0\0",
        "tag-after.wav": wav + b"TAG" + bytes(125), "too-short.wav": patched(wav, size, "<I", 1000),
        "bare.mp3": bare, "joined.mp3": mp3 + mp3, "joined-bare.mp3": mp3 + bare, "zeros-before.mp3": bytes(3000) + mp3,
        "tags.mp3": b"ID3\x04\0\0\0\0\x02\0" + bytes(256) + bare + b"TAG" + bytes(125),
        "tag.flac": b"ID3\x04\0\0\0\0\x02\0" + bytes(256) + flac,
        "in-wav.wav": _mp3_in_wav(bare),
        # cut, damaged, joined
        "cut.wav": wav[: len(wav) // 3], "cut.aiff": aiff[: len(aiff) // 3], "cut.au": au[: len(au) // 3],
        "cut.caf": caf[: 4092 + (len(caf) - 4092) // 3], "cut.w64": w64[: len(w64) // 3], "cut.rf64": rf64[: len(rf64) // 3],
        "cut.sph": coded("NIST")[: 1024 + 16_000], "cut.flac": flac[: len(flac) // 3], "cut.mp3": mp3[: len(mp3) // 3],
        "cut.ogg": ogg_long[: len(ogg_long) // 2], "hole.flac": zeroed(flac, len(flac) // 2, 300),
        "hole.mp3": zeroed(mp3, len(mp3) // 2, 1500), "hole.ogg": zeroed(ogg_long, len(ogg_long) // 2, 300),
        "joined.wav": wav + wav, "joined.aiff": aiff + aiff, "joined.flac": flac + flac, "joined.ogg": ogg + ogg,
        "two-rates.mp3": mp3 + coded("MP3", y=signal(16_000), sr=16_000),
        "id3-only.mp3": b"ID3\x04\0\0\0\0\x02\0" + bytes(256),
        # samples and rates that no recording has
        "one-hertz.wav": patched(wav, 24, "<I", 1), "slow.wav": patched(wav, 24, "<I", 999), "fast.wav": patched(wav, 24, "<I", 2**31),
        "no-hertz.wav": patched(wav, 24, "<I", 0), "nan.wav": coded("WAV", "FLOAT", nan), "hot.wav": coded("WAV", "FLOAT", hot),
        "tiny-numbers.wav": coded("WAV", "FLOAT", y + np.float32(1e-40)), "none.wav": coded("WAV", y=np.zeros(0)),
        "none.flac": coded("FLAC", y=np.zeros(0)), "one.wav": coded("WAV", y=np.full(1, 0.5)),
        "six.wav": coded("WAV", y=np.stack([y] * 6, axis=1)), "opposite.wav": coded("WAV", y=stereo * [1, -1]),
        # no recordings
        "empty.wav": b"", "page.mp3": b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "text.wav": b"404: Not Found",
        "zeros.wav": bytes(5000), "score.wav": b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0",
        "archive.wav": b"PK\x03\x04" + bytes(60), "mac.wav": b"\0\x05\x16\x07\0\x02\0\0Mac OS X" + bytes(60),
        "ac3-inside.wav": patched(wav, 20, "<H", 0x2000), "free-format.mp3": b"\xff\xfb\x00\x00" + bytes(500),
    }  # fmt: skip


def _streaminfo(flac):
    """Where the number of samples is in a FLAC: the lower half of a byte, and four more."""
    return flac.index(b"fLaC") + 4 + 4 + 13


def _big_endian(y):
    """A WAV of the other byte order (RIFX)."""
    samples = np.rint(y * 32767).astype(">i2").tobytes()
    head = b"fmt " + struct.pack(">IHHIIHH", 16, 1, 1, SR, 2 * SR, 2, 16) + b"data" + struct.pack(">I", len(samples))
    return b"RIFX" + struct.pack(">I", 4 + len(head) + len(samples)) + b"WAVE" + head + samples


def _mp3_in_wav(frames):
    """A WAV whose coding is MP3."""
    form = struct.pack("<HHIIHHHHIHHH", 0x55, 1, SR, 2000, 1, 0, 12, 1, 2, 144, 1, 1393)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(frames)) + frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


#: Name -> what follows ``ffmpeg -i signal.wav``; it writes into a pipe, as a program that serves downloads does.
FFMPEG = {
    "piped.mp3": "-b:a 16k -f mp3", "piped-vbr.mp3": "-q:a 6 -f mp3", "no-xing.mp3": "-q:a 6 -write_xing 0 -f mp3",
    "piped.flac": "-f flac", "piped.wav": "-f wav", "piped.w64": "-f w64", "piped.caf": "-f caf", "piped.aiff": "-f aiff",
    "piped.au": "-f au", "layer2.mp2": "-ar 16000 -b:a 32k -f mp2", "layer2-in.wav": "-ar 16000 -c:a mp2 -b:a 32k -f wav",
    "sowt.aifc": "-c:a pcm_s16le -f aiff", "piped.opus": "-c:a libopus -b:a 12k -f ogg", "stream.aac": "-b:a 16k -f adts",
    "dolby.ac3": "-ar 32000 -b:a 32k -f ac3", "stream.dts": "-ar 44100 -c:a dca -strict -2 -b:a 320k -f dts",
    "true-audio.tta": "-f tta", "windows.wma": "-b:a 32k -f asf", "matroska.mka": "-c:a libmp3lame -b:a 8k -f matroska",
    "pack.wv": "-f wv", "speex.spx": "-c:a libspeex -f ogg", "flac-in.ogg": "-c:a flac -f ogg",
    "wma-in.wav": "-c:a wmav2 -b:a 32k -f wav", "creative.voc": "-f voc",
}  # fmt: skip
#: Name -> what follows ``sox signal.wav``.
SOX = {"sox-piped.wav": "-t wav", "sox-piped.aiff": "-t aiff", "sox-piped.au": "-t au", "sox.sox": "-t sox", "psion.wve": "-t wve"}
#: Those of them that can be read.
READ = ("piped.mp3", "piped-vbr.mp3", "no-xing.mp3", "piped.flac", "piped.wav", "piped.w64", "piped.caf", "piped.aiff",
        "piped.au", "layer2.mp2", "layer2-in.wav", "sowt.aifc", "piped.opus", "sox-piped.wav", "sox-piped.aiff",
        "sox-piped.au")  # fmt: skip


def with_tools():
    """Name -> bytes of the files that ffmpeg and sox can make here; what a program cannot make is left out."""
    made = {}
    for program, files in (("ffmpeg", FFMPEG), ("sox", SOX)):
        if not shutil.which(program):
            continue
        wav = coded("WAV", y=signal(seconds=SHORT))
        for name, options in files.items():
            if program == "ffmpeg":
                command = ["ffmpeg", "-v", "error", "-f", "wav", "-i", "pipe:0", *options.split(), "pipe:1"]
            else:
                command = ["sox", "-t", "wav", "-", *options.split(), "-"]
            done = subprocess.run(command, input=wav, capture_output=True)
            if done.returncode == 0 and done.stdout:
                made[name] = done.stdout
            else:  # built without this encoder
                print(f"{name}: {done.stderr.decode(errors='replace').strip()[:200]}", file=sys.stderr)
    return made


def stored():
    """Name -> bytes of the files made by `with_tools` on another machine."""
    return {name: base64.b64decode(text) for name, text in json.loads(STORED.read_text(encoding="utf-8")).items()}


if __name__ == "__main__":
    files = with_tools()
    if missing := sorted({*FFMPEG, *SOX} - set(files)):
        sys.exit(f"not made, so nothing was stored: {', '.join(missing)}")
    # Of a file that is refused, its first bytes are enough.
    files = {name: data if name in READ else data[:1024] for name, data in files.items()}
    text = json.dumps({name: base64.b64encode(data).decode("ascii") for name, data in sorted(files.items())}, indent=1)
    STORED.write_text(text + "\n", encoding="utf-8")
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes")
