"""Reading scores: against pretty_midi where it can read them, damaged ones, ones without notes, all of MusicNet's."""

import struct
import warnings
from collections import Counter

import numpy as np
import pytest

from helpers.orchestra import midi
from helpers.orchestra.midi import ScoreError, read_score


def number(value):
    """A MIDI number of variable length."""
    out = [value & 127]
    while value := value >> 7:
        out.append(value & 127 | 128)
    return bytes(reversed(out))


def track(*events, length=None, end=True):
    """(ticks to wait, bytes) events as a track."""
    body = b"".join(number(delta) + data for delta, data in events) + (b"\0\xff\x2f\0" if end else b"")
    return b"MTrk" + struct.pack(">I", len(body) if length is None else length) + body


def file(tmp_path, *tracks, division=480, kind=1, n_tracks=None):
    path = tmp_path / "score.mid"
    count = len(tracks) if n_tracks is None else n_tracks
    path.write_bytes(b"MThd" + struct.pack(">IHHH", 6, kind, count, division) + b"".join(tracks))
    return path


def tempo(seconds):
    return b"\xff\x51\x03" + round(seconds * 1e6).to_bytes(3, "big")


def notes(*keys, channel=0):
    """One quarter note after the other."""
    out = []
    for key in keys:
        out += [(0, bytes([0x90 | channel, key, 80])), (480, bytes([0x80 | channel, key, 0]))]
    return out


def test_times_programs_and_beats(tmp_path):
    path = file(
        tmp_path,
        track((0, tempo(0.5)), (960, tempo(1.0))),
        track((0, b"\xc0\x28"), *notes(60, 62, 64)),
        track((0, b"\xc1\x2a"), (480, b"\x91\x30\x50"), (480, b"\x91\x30\x00")),  # a note on of velocity 0 ends it
    )
    score = read_score(path)
    assert [(n.start, n.stop, n.program, n.key, n.velocity) for n in score] == [
        (0.0, 0.5, 40, 60, 80), (0.5, 1.0, 42, 48, 80), (0.5, 1.0, 40, 62, 80), (1.0, 2.0, 40, 64, 80)]
    assert [(n.start_beat, n.stop_beat) for n in score] == [(0, 1), (1, 2), (1, 2), (2, 3)]


def test_a_tempo_in_any_track_counts(tmp_path):
    path = file(tmp_path, track(*notes(60)), track((0, tempo(1.5))))
    assert read_score(path)[0].stop == pytest.approx(1.5)


@pytest.mark.parametrize("beat", [0.25, 1.5])  # faster and slower than what counts without any
def test_the_last_tempo_at_a_tick_counts(tmp_path, beat):
    path = file(tmp_path, track((0, tempo(1.0)), (0, tempo(0.1)), (0, tempo(beat)), *notes(60)))
    assert read_score(path)[0].stop == pytest.approx(beat)


def test_tracks_behind_those_that_the_head_counts_are_not_played(tmp_path):
    path = file(tmp_path, track(*notes(60)), track(*notes(62)), track(*notes(60)), n_tracks=2)  # as two of MusicNet's
    assert [n.key for n in read_score(path)] == [60, 62]


def test_running_status_meta_events_and_the_first_note_at_zero(tmp_path):
    path = file(tmp_path, track(
        (0, b"\xff\x03\x05piano"), (0, b"\xf0\x03\x41\x10\xf7"), (700, b"\x90\x3c\x50"), (480, b"\x3c\x00"),
        (0, b"\x3e\x50"), (0, b"\xb0\x40\x7f"), (240, b"\x90\x3e\x00"), (0, b"\xe0\x00\x40"),
    ), kind=0)  # fmt: skip
    score = read_score(path)
    assert [n.key for n in score] == [60, 62]
    assert np.allclose([(n.start, n.stop) for n in score], [(0.0, 0.5), (0.5, 0.75)], atol=1e-9)


def test_a_note_after_a_remark_may_leave_out_its_status(tmp_path):
    path = file(tmp_path, track((0, b"\x90\x3c\x50"), (0, b"\xff\x01\x01x"), (480, b"\x3c\x00")))
    assert [(n.key, n.stop_beat) for n in read_score(path)] == [(60, 1.0)]


def test_equal_notes_end_in_the_order_in_which_they_began(tmp_path):
    on, off = b"\x90\x3c\x50", b"\x80\x3c\x00"
    path = file(tmp_path, track((0, on), (480, on), (480, off), (480, off), (0, off)))
    assert [(n.start, n.stop) for n in read_score(path)] == [(0.0, 1.0), (0.5, 1.5)]


def test_plucked_strings_are_bowed_instruments(tmp_path):
    program = lambda channel, value: (0, bytes([0xC0 | channel, value]))  # noqa: E731
    same = file(tmp_path, track(program(0, 42), *notes(60), program(0, 45), *notes(72)), track(program(1, 40), *notes(
        80, channel=1)))  # fmt: skip
    assert [(n.key, n.program, n.plucked) for n in read_score(same)] == [(60, 42, False), (80, 40, False), (72, 42, True)]
    own = file(tmp_path, track(program(0, 40), *notes(70)), track(program(2, 42), *notes(50, channel=2)),
               track(program(1, 45), *notes(40, 79, channel=1)))  # fmt: skip
    assert {n.key: n.program for n in read_score(own) if n.plucked} == {40: 42, 79: 40}


@pytest.mark.parametrize("tracks, kept", [
    ([track(*notes(60, 62), length=9999), track(*notes(70))], {60, 62, 70}),  # as seven of MusicNet's are
    ([track(*notes(60, 62), length=3), track(*notes(70))], {60, 62, 70}),
    ([b"XFIH\0\0\0\2ab" + track(*notes(60))], {60}),
    ([track(*notes(60, 62), end=False)[:-3]], {60}),
    ([track(*notes(60), (0, b"\xf4\x00"), *notes(61)), track(*notes(70))], {60, 70}),
])  # fmt: skip
def test_damaged_files_give_what_they_still_have(tmp_path, tracks, kept):
    assert {note.key for note in read_score(file(tmp_path, *tracks))} == kept


@pytest.mark.parametrize("events, beat", [
    ([(0, tempo(0)), *notes(60, 62)], 0),  # gave a list without notes
    ([*notes(60), (0, tempo(0)), *notes(62)], 1),  # gave the first note alone
])  # fmt: skip
def test_a_tempo_of_zero_is_refused(tmp_path, events, beat):
    with pytest.raises(ScoreError, match=f"score.mid: its tempo is 0 at beat {beat}"):
        read_score(file(tmp_path, track(*events)))


def test_a_tempo_of_zero_that_does_not_count_is_passed_over(tmp_path):
    path = file(tmp_path, track((0, tempo(0)), (0, tempo(1.0)), *notes(60), (0, tempo(0))))
    assert [(n.start, n.stop) for n in read_score(path)] == [(0.0, 1.0)]


@pytest.mark.parametrize("data, message", [
    (b"", "not a MIDI file"), (b"RIFF....WAVE", "not a MIDI file"), (b"MThd\0\0", "not a MIDI file"),
    (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480), "has no notes"),
    (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480) + track((0, tempo(0.5))), "has no notes"),
    (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 0xE728) + track(*notes(60)), "frames of film"),
    (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 0) + track(*notes(60)), "frames of film"),
])  # fmt: skip
def test_what_is_not_a_score_is_refused(tmp_path, data, message):
    path = tmp_path / "x.mid"
    path.write_bytes(data)
    with pytest.raises(ScoreError, match=message) as error:
        read_score(path)
    assert str(path) in str(error.value)


def test_any_bytes_end_in_notes_or_in_an_error_that_says_so(tmp_path):
    rng = np.random.default_rng(0)
    good = file(tmp_path, track((0, tempo(0.5))), track(*notes(*range(40, 90)))).read_bytes()
    for _ in range(300):
        bad = bytearray(good)
        for at in rng.integers(14, len(bad), 6):
            bad[at] = int(rng.integers(256))
        path = tmp_path / "bad.mid"
        path.write_bytes(bytes(bad[: int(rng.integers(14, len(bad) + 1))]))
        try:
            score = read_score(path)
        except ScoreError:
            continue
        assert all(0 <= n.key < 128 and 0 < n.velocity < 128 and 0 <= n.start < n.stop for n in score)


def agrees(path):
    """Whether pretty_midi finds the same notes; None where it cannot read the file or looks at one track's tempo only."""
    import pretty_midi

    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            other = pretty_midi.PrettyMIDI(str(path))
        except (OSError, EOFError, RuntimeWarning):
            return None
    theirs = sorted((n.start, n.pitch) for part in other.instruments for n in part.notes)
    ours = read_score(path)
    first = theirs[0][0]
    return len(ours) == len(theirs) and np.allclose(
        sorted((n.start, n.key) for n in ours), sorted((round(t - first, 12), key) for t, key in theirs), atol=2e-3)


def test_real_scores_that_others_refuse(realdata):
    folder = realdata / "musicnet" / "musicnet_midis"
    for found in (2194, 2211, 2227, 2230, 2292, 2305, 2310):
        (path,) = folder.glob(f"*/{found}_*.mid")
        assert agrees(path) is None
        score = read_score(path)
        assert 400 < len(score) < 2500 and 60 < score[-1].stop < 200 and {n.program for n in score} <= {0, 6}


def test_real_scores_that_others_read(realdata):
    folder = realdata / "musicnet" / "musicnet_midis"
    for found in (2239, 2202, 1919, 2116):
        (path,) = folder.glob(f"*/{found}_*.mid")
        assert agrees(path), path


@pytest.mark.full
def test_all_real_scores(realdata):
    paths = sorted((realdata / "musicnet" / "musicnet_midis").glob("*/*.mid"))
    assert len(paths) == 330
    programs, verdicts = Counter(), {}
    for path in paths:
        score = read_score(path)
        assert len(score) > 300 and 60 < score[-1].stop < 1000 and score[0].start == 0, path
        programs.update({note.program for note in score})
        verdicts[path.stem] = agrees(path)
    assert set(programs) == {0, 6, 40, 41, 42, 43, 60, 68, 70, 71, 73} and midi.PIZZICATO not in programs
    # Both strike a key again before it ended: pretty_midi ends both notes with the first end, or drops one.
    assert {name for name, verdict in verdicts.items() if verdict is False} == {"1872_k502_2", "2112_jb38_1"}
    assert sum(verdict is True for verdict in verdicts.values()) > 150
