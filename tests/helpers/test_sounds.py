"""Odd sounds: of each file either the samples that come out of it, or the sentence that says what it is."""

import io
import os
import re

import numpy as np
import pytest
import soundfile

from helpers import audio
from tests.sounds import make

CUT = r"of .*can be read: the rest is missing or damaged"
CONVERT = r"cannot be read here: convert it to WAV or FLAC"
SEVERAL = "consists of several recordings"

# Name -> seconds, how much longer it may be (encoders add silence), least correlation with the signal.
EXACT = (make.SECONDS, 0.001, 0.999)
READ = {
    **dict.fromkeys((
        "pcm16.wav", "pcm24.wav", "pcm32.wav", "unsigned8.wav", "float32.wav", "float64.wav", "ulaw.wav", "alaw.wav",
        "extensible.wav", "big-endian.wav", "long.rf64", "long.w64", "apple.caf", "alac.caf", "sun.au", "ulaw.au",
        "apple.aiff", "aifc.aiff", "float.aifc", "amiga.svx", "speech.sph", "ircam.sf", "pcm16.flac", "zero-length.wav",
        "open-length.wav", "half-open.wav", "zero-length.aiff", "zero-length.au", "open-length.au", "open-length.caf",
        "zero-length.w64", "open-length.rf64", "open-length.flac", "list-after.wav", "tag-after.wav", "tag.flac", "stray-bytes.wav",
        "tiny-numbers.wav", "six.wav"), EXACT),
    "ima.wav": (3.0, 0.1, 0.99), "microsoft.wav": (3.0, 0.1, 0.99), "gsm.wav": (3.0, 0.1, 0.95),
    "vorbis.ogg": (3.0, 0.001, 0.98), "opus.opus": (3.0, 0.001, 0.95), "layer3.mp3": (3.0, 0.001, 0.98),
    "stereo.mp3": (3.0, 0.001, 0.98), "zeros-before.mp3": (3.0, 0.001, 0.98),
    **dict.fromkeys(("bare.mp3", "tags.mp3", "in-wav.wav"), (3.0, 0.25, 0.98)),
    "joined.mp3": (6.0, 0.5, None), "joined-bare.mp3": (6.0, 0.5, None),
    "one.wav": (1 / make.SR, 0, None),
}  # fmt: skip
READ_WITH_TOOLS = {name: (make.SHORT, 0.001, 0.999) for name in make.READ} | {
    "piped.mp3": (make.SHORT, 0.25, 0.98), "piped-vbr.mp3": (make.SHORT, 0.25, 0.98), "no-xing.mp3": (make.SHORT, 0.25, 0.98),
    "layer2.mp2": (make.SHORT, 0.1, 0.98), "layer2-in.wav": (make.SHORT, 0.1, 0.98), "piped.opus": (make.SHORT, 0.001, 0.9),
}  # fmt: skip
REFUSED = {
    "too-short.wav": "its header counts 1,000 bytes of sound, and 47,000 more follow",
    **dict.fromkeys(("cut.wav", "cut.aiff", "cut.au", "cut.caf", "cut.w64", "cut.rf64", "cut.sph"), r"1\.00 of 3\.00 s " + CUT),
    "cut.flac": r"(0\.[5-9]|1\.0)\d of 3\.00 s " + CUT, "cut.mp3": r"0\.[5-9]\d of 3\.\d\d s " + CUT,
    "cut.ogg": r"(?<!of )\b[1-9]\d?\.\d+ s " + CUT, "hole.mp3": r"1\.[4-7]\d of 3\.\d\d s " + CUT,
    "hole.ogg": r"\d+\.\d+ of 24\.0 s " + CUT,
    **dict.fromkeys(("joined.wav", "joined.aiff", "joined.flac", "joined.ogg"), SEVERAL),
    "two-rates.mp3": r"changes its sample rate .* after 3\.\d\d s", "id3-only.mp3": "holds tags .* and no sound",
    "one-hertz.wav": "header says 1 Hz, but recordings have 1,000 Hz or more", "slow.wav": "header says 999 Hz",
    "fast.wav": "cannot be decoded|header says", "no-hertz.wav": "cannot be decoded|header says",
    "none.wav": "holds no samples", "empty-then-list.wav": "holds no samples", "none.flac": "holds no samples|is empty", "empty.wav": r"is empty \(0 bytes\)",
    "page.mp3": "is a web page .*download the file again", "text.wav": "is a text file, not a recording",
    "zeros.wav": "is not a recording in any known format", "score.wav": "is a MIDI file",
    "archive.wav": "ZIP archive: unpack it first", "mac.wav": "what macOS keeps beside a file",
    "ac3-inside.wav": "a WAV file that holds AC-3, which " + CONVERT, "free-format.mp3": "an MP3 of free format, which " + CONVERT,
}  # fmt: skip
REFUSED_WITH_TOOLS = {
    "stream.aac": "an AAC file", "dolby.ac3": "an AC-3 file", "stream.dts": "a DTS file", "true-audio.tta": "True Audio",
    "windows.wma": "Windows Media", "matroska.mka": "Matroska", "pack.wv": "WavPack", "speex.spx": "an Ogg file with Speex",
    "flac-in.ogg": "an Ogg file with FLAC", "wma-in.wav": "a WAV file that holds WMA", "creative.voc": "Creative Voice",
    "sox.sox": "SoX's own format", "psion.wve": "Psion",
}  # fmt: skip
# Their headers are right; what is wrong shows when the samples are decoded.
REFUSED_WHEN_READ = {
    "nan.wav": r"NaN or infinite samples \(first at 1\.500 s\)", "hot.wav": "samples up to 13499",
    "hole.flac": r"(0\.[5-9]|1\.[0-4])\d of 3\.00 s " + CUT,
}  # fmt: skip
MADE, STORED = make.plain(), make.stored()


def likeness(y, source, reach=0.25):
    """Largest correlation of two signals at 8,000 Hz, one shifted against the other by up to `reach` seconds."""
    from scipy.signal import correlate

    n, shift = len(source), int(reach * make.SR)
    y = np.concatenate([np.zeros(shift), y[: n + shift].astype(float), np.zeros(max(0, n + shift - len(y)))])
    power = correlate(y**2, np.ones(n), "valid")
    return float((correlate(y, source.astype(float), "valid") / np.sqrt(np.maximum(power, 1e-9) * (source @ source))).max())


def put(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def check_read(path, seconds, longer, least):
    header, y = audio.info(path), audio.load(path, sr=make.SR)
    assert seconds - 1e-9 <= header.duration <= seconds + longer + 1e-9
    assert len(y) == pytest.approx(header.n_samples * make.SR / header.sr, abs=max(1, 0.1 * make.SR * (longer > 0.01)))
    if least:
        assert likeness(y, make.signal(seconds=seconds)) > least
    part = audio.load_part(path, header.duration / 2, 0.2, sr=make.SR)
    begin = round(header.duration / 2 * make.SR)
    whole = y[begin : begin + len(part)]
    assert np.abs(part[: len(whole)] - whole).max() < 1e-3


def check_refused(path, sentence):
    for read in (audio.info, audio.load, lambda path: audio.load_part(path, 0, 0.1)):
        with pytest.raises(audio.AudioError, match=sentence) as caught:
            read(path)
        assert str(path) in str(caught.value)


def test_each_file_of_the_corpus_is_in_one_table():
    told = [*READ, *REFUSED, *REFUSED_WHEN_READ, "opposite.wav"]
    assert sorted(told) == sorted(MADE) and len(set(told)) == len(told)
    told = [*READ_WITH_TOOLS, *REFUSED_WITH_TOOLS]
    assert sorted(told) == sorted(STORED) == sorted({*make.FFMPEG, *make.SOX})
    assert len(MADE) + len(STORED) > 100
    assert max(map(len, STORED.values())) < 15_000, "what is stored is small"


@pytest.mark.parametrize("name", READ)
def test_samples_come_out(tmp_path, name):
    check_read(put(tmp_path, name, MADE[name]), *READ[name])


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_whole_recording_is_named(tmp_path, name):
    check_refused(put(tmp_path, name, MADE[name]), REFUSED[name])


@pytest.mark.parametrize("name", REFUSED_WHEN_READ)
def test_what_shows_when_samples_are_decoded_is_named(tmp_path, name):
    path = put(tmp_path, name, MADE[name])
    assert audio.info(path).duration == make.SECONDS
    with pytest.raises(audio.AudioError, match=REFUSED_WHEN_READ[name]):
        audio.load(path)


@pytest.mark.parametrize("name", READ_WITH_TOOLS)
def test_samples_come_out_of_what_other_programs_write(tmp_path, name):
    check_read(put(tmp_path, name, STORED[name]), *READ_WITH_TOOLS[name])


@pytest.mark.parametrize("name", REFUSED_WITH_TOOLS)
def test_formats_of_other_programs_are_named(tmp_path, name):
    check_refused(put(tmp_path, name, STORED[name]), REFUSED_WITH_TOOLS[name] + ".*, which " + CONVERT)


def test_the_programs_of_this_machine_write_the_same(tmp_path):
    made = make.with_tools()
    if not made:
        pytest.skip("neither ffmpeg nor sox is installed: only their stored files were tested")
    for name, data in made.items():
        path = put(tmp_path, name, data)
        if name in READ_WITH_TOOLS:
            check_read(path, *READ_WITH_TOOLS[name])
        else:
            check_refused(path, REFUSED_WITH_TOOLS[name])


@pytest.mark.parametrize("name", ["joined.mp3", "joined-bare.mp3"])
def test_both_parts_of_a_joined_mp3_are_there(tmp_path, name):
    y = audio.load(put(tmp_path, name, MADE[name]), sr=make.SR)
    half, slack = len(y) // 2, round(0.25 * make.SR)
    assert likeness(y[: half + slack], make.signal()) > 0.98 and likeness(y[half:], make.signal()) > 0.98


def test_the_corpus_has_what_libsndfile_cuts_off():
    guessed = soundfile.info(io.BytesIO(MADE["bare.mp3"])).duration
    assert guessed < 2, "libsndfile no longer guesses too short a length: is the count of frames still needed?"


def test_opposite_channels_are_told(tmp_path, capsys):
    y = audio.load(put(tmp_path, "opposite.wav", MADE["opposite.wav"]), sr=None)
    assert np.abs(y).max() < 1e-3
    out = capsys.readouterr().out
    assert "opposite.wav: the channels are in opposite phase" in out and "Use one channel" in out
    audio.load(put(tmp_path, "six.wav", MADE["six.wav"]))
    audio.load(put(tmp_path, "one.wav", MADE["one.wav"]), sr=None)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind, begin", [("PCM_16", 44), ("FLOAT", 80)])
def test_any_bytes_end_in_samples_or_in_a_sentence(tmp_path, kind, begin):
    rng = np.random.default_rng(0)
    for good in (make.coded("WAV", kind), MADE["layer3.mp3"], MADE["vorbis.ogg"], MADE["pcm16.flac"], MADE["apple.caf"],
                 MADE["long.w64"], MADE["long.rf64"], MADE["apple.aiff"], MADE["sun.au"], MADE["speech.sph"]):  # fmt: skip
        for _ in range(25):
            bad = bytearray(good)
            for at in rng.integers(0, begin + 100, 3):
                bad[at] = int(rng.integers(256))
            path = put(tmp_path, "bad", bytes(bad[: int(rng.integers(1, len(bad) + 1))]))
            try:
                y = audio.load(path)
            except audio.AudioError as error:
                assert str(path) in str(error)
                continue
            assert len(y) and np.isfinite(y).all() and np.abs(y).max() <= 1


NAMES = ["a b.wav", "Flu\u0308te (e\u0301te\u0301).wav", "new\nline.wav", "x" * 250 + ".wav", "#1 100%.wav", "-y.wav", "UPPER.WAV", "no ending"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", [*NAMES, b"cp1252 \xe9.wav"])
def test_names_of_any_kind(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    try:
        path.write_bytes(MADE["pcm16.wav"])
    except OSError:
        pytest.skip("the file system of this machine has no such names")
    assert audio.info(path).n_samples == 24_000 and len(audio.load(path, sr=None)) == 24_000
    path.write_bytes(b"")
    with pytest.raises(audio.AudioError, match=re.escape("is empty")):
        audio.load(path)


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = put(tmp_path, "mine.wav", MADE["pcm16.wav"])
    path.chmod(0o444)
    assert audio.info(path).n_samples == 24_000

    def closed(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", closed)  # the tests may run as root, who may read everything
    with pytest.raises(audio.AudioError, match=r"mine.wav cannot be opened: Permission denied\. Check that you may read it"):
        audio.load(path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_nothing_and_a_pipe_are_named(tmp_path):
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    with pytest.raises(audio.AudioError, match="gone.wav .it is a link to a file that is gone"):
        audio.info(tmp_path / "gone.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(audio.AudioError, match="no file"):
        audio.info(tmp_path / "pipe.wav")
