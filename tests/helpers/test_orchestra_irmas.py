"""Practice songs: who leads, what is played below, what is cut from them, duets with their timeline, each leak."""

import csv
from collections import Counter

import numpy as np
import pytest
import soundfile

from helpers import data, orchestra
from helpers.orchestra import irmas, tunes
from helpers.orchestra.ensemble import Voice, draw_body, level, play, playable
from helpers.orchestra.rooms import LOWPASS_HZ

SR = irmas.SR


def samples(code, held_out):
    """The recorded samples with which a class may lead."""
    programs, low, high = irmas.CLASSES[code]
    return {sample for program in programs for choice in irmas.lead_zones(program, low, high, held_out)
            for zone in orchestra.zones(program) if zone.index in choice for sample in zone.samples}


def above(y, hz):
    """Share of the power that lies above a frequency."""
    power = np.abs(np.fft.rfft(y.mean(axis=1))) ** 2
    return power[np.fft.rfftfreq(len(y), 1 / SR) > hz].sum() / power.sum()


# ----------------------------------------------------------------------------------------------------------- plans


@pytest.mark.parametrize("size", irmas.SIZES)
def test_a_plan_has_the_clips_it_should(size):
    songs = irmas.songs_plan(size)
    clips = Counter()
    for song in songs:
        clips[song.codes[0]] += len(song.cuts)
        assert all(n == irmas.CLIP_SAMPLES for _, n in song.cuts) and not song.held_out
        assert all(a + n <= b for (a, n), (b, _) in zip(song.cuts, song.cuts[1:], strict=False)), "clips overlap"
    assert tuple(clips[code] for code in irmas.CLASSES) == irmas.SIZES[size].clips
    assert len({song.name for song in songs}) == len(songs)
    assert 2 < sum(clips.values()) / len(songs) < 4
    assert all(sum(song.codes[0] == code for song in songs) >= 4 for code in irmas.CLASSES)


def test_the_practice_size_is_half_of_irmas():
    sheet = data.manifest("irmas")
    real = [next(entry.counts["train"] for entry in sheet.classes if entry.code == code) for code in irmas.CLASSES]
    assert irmas.SIZES["large"].clips == tuple(real)
    assert np.allclose(irmas.SIZES["practice"].clips, np.array(real) / 2, atol=1)
    assert [entry.code for entry in data.manifest("practice-irmas").classes] == list(irmas.CLASSES)
    assert data.manifest("practice-irmas").audio["sr"] == SR
    assert data.manifest("practice-irmas").audio["samples"] == irmas.CLIP_SAMPLES == 3 * SR


def test_a_plan_hangs_on_its_seed_alone():
    for plan in (irmas.songs_plan, irmas.excerpts_plan, irmas.duets_plan):
        assert plan("tiny", 3) == plan("tiny", 3) != plan("tiny", 4)
    with pytest.raises(ValueError, match="tiny, practice, large"):
        irmas.songs_plan("huge")


def test_genres_and_drums_do_not_tell_the_class():
    songs = irmas.songs_plan("practice")
    shares = {}
    for code in irmas.CLASSES:
        mine = [song for song in songs if song.codes == (code,)]
        assert {song.genre for song in mine} == set(irmas.GENRES)
        shares[code] = np.mean([song.with_drums for song in mine])
    assert max(shares.values()) - min(shares.values()) < 0.2, shares


@pytest.mark.parametrize("code", irmas.CLASSES)
def test_testing_shares_no_leading_sample_with_training(code):
    assert samples(code, False) and samples(code, True)
    assert not samples(code, False) & samples(code, True)


def test_every_lead_has_an_octave_that_fills_the_common_band():
    for programs, low, high in irmas.CLASSES.values():
        for program in programs:
            for held_out in (False, True):
                for choice in irmas.lead_zones(program, low, high, held_out):
                    keys = playable(program, low, high, choice)
                    assert len(keys) >= 12 and low <= keys[0] and keys[-1] <= high
                    assert all(orchestra.sample_bandwidth(program, key, zone=choice) >= LOWPASS_HZ for key in keys)


def test_testing_excerpts():
    songs = irmas.excerpts_plan("practice")
    cuts = [n / SR for song in songs for _, n in song.cuts]
    assert len(cuts) == 60 and 5 <= min(cuts) and max(cuts) <= 20 and np.std(cuts) > 3
    assert {len(song.codes) for song in songs} == {1, 2, 3} and all(song.held_out for song in songs)
    counts = Counter(code for song in songs for code in song.codes)
    assert set(counts) == set(irmas.CLASSES) and min(counts.values()) > len(songs) / 5
    assert {code for song in irmas.excerpts_plan("tiny") for code in song.codes} == set(irmas.CLASSES)


def test_duets_of_every_pair():
    assert len({frozenset(plan.codes) for plan in irmas.duets_plan("practice")}) == 6
    assert {code for plan in irmas.duets_plan("tiny") for code in plan.codes} == set(irmas.CLASSES)


# ----------------------------------------------------------------------------------------------------------- music


def test_parts_keep_to_keys_scale_and_time():
    rng = np.random.default_rng(0)
    for number in range(6):
        tune = tunes.draw_tune(rng)
        keys = range(50, 80)
        for part in (
            tunes.melody(tune, rng, keys, 1.0, 9.0, busy=number / 5), tunes.arpeggio(tune, rng, keys, 1.0, 9.0),
            tunes.chords(tune, rng, keys, 1.0, 9.0), tunes.bass_line(tune, rng, keys, 1.0, 9.0),
        ):  # fmt: skip
            assert len(part) >= 2 and {one.key for one in part} <= set(keys)
            assert all(one.key % 12 in tune.scale for one in part)
            assert all(0.9 < one.start < 9.05 and one.start + one.duration < 9.6 and 1 <= one.velocity <= 127
                       for one in part)
        hits = tunes.drums(tune, rng, 0.0, 8.0)
        assert {36} < {one.key for one in hits} and len(hits) > 12


def test_chords_sound_together_and_hold_the_chord():
    rng = np.random.default_rng(1)
    tune = tunes.Tune(0.5, (0, 2, 4, 5, 7, 9, 11), (0, 3, 4, 0))
    part = tunes.chords(tune, rng, range(48, 80), 0.0, 8.0, size=3, hits=(0,))
    for bar, wanted in enumerate(({0, 4, 7}, {5, 9, 0}, {7, 11, 2}, {0, 4, 7})):
        mine = {one.key % 12 for one in part if 2 * bar - 0.1 < one.start < 2 * bar + 0.1}
        assert mine == wanted


def test_a_part_needs_keys_of_its_scale():
    rng = np.random.default_rng(0)
    tune = tunes.Tune(0.5, (0, 2, 4, 5, 7, 9, 11), (0,))
    for write in (tunes.melody, tunes.chords, tunes.arpeggio):
        with pytest.raises(ValueError, match="an octave"):
            write(tune, rng, [61], 0.0, 4.0)


def test_spans_of_a_part():
    sounds = [tunes.Sound(3.0, 0.5, 60, 90), tunes.Sound(0.0, 1.0, 60, 90), tunes.Sound(1.2, 0.3, 62, 90),
              tunes.Sound(0.2, 0.4, 64, 90)]  # fmt: skip
    assert tunes.sounding_spans(sounds, 0.25).tolist() == [[0.0, 1.5], [3.0, 3.5]]
    assert tunes.sounding_spans([], 0.25).shape == (0, 2)


@pytest.mark.parametrize("program, key", [(24, 57), (0, 69), (56, 67), (40, 76)])
def test_a_part_sounds_at_its_pitch_and_its_time(program, key):
    voice = Voice(program, tuning_cents=20.0, body=draw_body(np.random.default_rng(2)), softness_hz=3000.0)
    y = play(voice, [tunes.Sound(0.5, 1.0, key, 100), tunes.Sound(2.0, 0.4, key, 50)], 3 * SR, SR)
    assert y.dtype == np.float32 and len(y) == 3 * SR
    quiet, loud, later = (np.abs(y[int(a * SR):int(b * SR)]).max() for a, b in ((0, 0.49), (0.5, 1.5), (2.0, 2.4)))
    assert quiet < 0.02 * loud and 0.25 < later / loud < 0.6  # (50 / 100) ** 1.4 = 0.38
    assert np.abs(y[int(1.7 * SR):int(1.95 * SR)]).max() < 0.02 * loud, "notes end"
    power = np.abs(np.fft.rfft(y[int(0.6 * SR):int(1.4 * SR)] * np.hanning(int(1.4 * SR) - int(0.6 * SR)), 1 << 18)) ** 2
    f = np.fft.rfftfreq(1 << 18, 1 / SR)
    f0 = orchestra.key_to_hz(key)
    near = (f > f0 * 0.97) & (f < f0 * 1.03)
    assert 1200 * np.log2(f[near][power[near].argmax()] / f0) == pytest.approx(20, abs=9)


def test_an_instrument_that_cannot_play_its_part_is_named():
    with pytest.raises(ValueError, match="Program 52 of bank 128|no program"):
        play(Voice(52, bank=128), [tunes.Sound(0.0, 1.0, 60, 90)], SR, SR)
    with pytest.raises(ValueError, match="silent at key 5"):
        play(Voice(0, bank=128), [tunes.Sound(0.0, 1.0, 5, 90)], SR, SR)


def test_the_level_of_a_part_is_of_where_it_is_heard():
    tone = np.sin(2 * np.pi * 440 * np.arange(SR) / SR).astype(np.float32)
    assert level(tone, SR) == pytest.approx(np.sqrt(0.5), rel=0.01)
    assert level(np.concatenate([np.zeros(5 * SR, np.float32), tone]), SR) == pytest.approx(np.sqrt(0.5), rel=0.05)
    assert level(np.zeros(SR, np.float32), SR) == 0 and level(np.zeros(0, np.float32), SR) == 0


# --------------------------------------------------------------------------------------------------- songs, excerpts


@pytest.fixture(scope="module")
def songs():
    """Three songs of each class, rendered: (plan, clips)."""
    plans = irmas.songs_plan("tiny")
    picked = [song for code in irmas.CLASSES for song in [s for s in plans if s.codes == (code,) and len(s.cuts) > 1][:2]]
    return [(song, irmas.render_song(song)) for song in picked]


def test_a_clip_is_three_seconds_of_stereo_below_the_common_low_pass(songs):
    for song, clips in songs:
        assert len(clips) == len(song.cuts)
        for y in clips:
            assert y.shape == (irmas.CLIP_SAMPLES, 2) and y.dtype == np.float32 and np.isfinite(y).all()
            assert np.abs(y).max() <= 10 ** (song.peak_db / 20) + 1e-6 and np.sqrt((y**2).mean()) > 0.003
            assert above(y, LOWPASS_HZ * 1.03) < 1e-3, song.name
            left, right = y.T
            assert 0.1 < np.corrcoef(left, right)[0, 1] < 0.9999, "one place, two sides"
        assert abs(np.corrcoef(clips[0][:, 0], clips[1][:, 0])[0, 1]) < 0.5, "two clips of a song are not one"


def test_the_leading_instrument_leads(monkeypatch):
    seen = []
    monkeypatch.setattr(irmas, "_mastered", lambda parts, *rest: seen.append(parts) or np.zeros((20 * SR * 9, 2)))
    plans = irmas.songs_plan("tiny")
    for song in plans:
        irmas.render_song(song)
    assert all(parts[0][1] == 0 and all(below >= 4 for _, below in parts[1:]) for parts in seen)
    assert {len(parts) for parts in seen} >= {2, 3, 4}
    for song, parts in zip(plans, seen, strict=True):
        for start, n in song.cuts:  # it sounds in every clip
            assert level(parts[0][0][start:start + n], SR) > 0.1 * level(parts[0][0], SR)


def test_a_silent_part_is_an_error():
    room = irmas.songs_plan("tiny")[0].room
    with pytest.raises(ValueError, match="silent"):
        irmas._mastered([(np.zeros(SR, np.float32), 0.0)], room, -3.0, np.random.default_rng(0), 0)


# ------------------------------------------------------------------------------------------------------------ duets


def test_a_timeline_says_who_plays_when(monkeypatch):
    seen, master = [], irmas._mastered
    monkeypatch.setattr(irmas, "_mastered", lambda parts, *rest: seen.append(parts) or master(parts, *rest))
    for plan in irmas.duets_plan("practice"):
        y, timeline = irmas.render_duet(plan)
        assert y.shape == (round(irmas.DUET_SECONDS * SR), 2) and np.isfinite(y).all()
        assert np.abs(y).max() == pytest.approx(10 ** (-3 / 20), rel=1e-3)
        assert timeline == sorted(timeline) and {code for *_, code in timeline} == set(plan.codes)
        marks = {}
        for code, (dry, _) in zip(plan.codes, seen[-1], strict=True):
            t = np.arange(len(dry)) / SR
            inside = np.zeros(len(dry), dtype=bool)
            for start, stop, who in timeline:
                assert 0 <= start < stop <= irmas.DUET_SECONDS
                if who == code:
                    inside |= (t >= start) & (t < stop)
                    assert level(dry[int(start * SR):int(stop * SR)], SR) > 0.05 * level(dry, SR)
            ringing = inside | (np.convolve(inside, np.ones(int(0.3 * SR)), mode="full")[: len(inside)] > 0)
            assert np.abs(dry[~ringing]).max(initial=0) < 0.01 * np.abs(dry).max(), "sound outside the timeline"
            marks[code] = inside
        one, two = marks.values()
        assert min((one & ~two).sum(), (one & two).sum(), (two & ~one).sum()) > 1.0 * SR, "alone, together, alone"


# ------------------------------------------------------------------------------------------------------------ leaks


def test_each_leak_changes_one_thing():
    plain = irmas.songs_plan("tiny")
    rooms = irmas.songs_plan("tiny", leaks=irmas.IrmasLeaks(rooms=True))
    assert len({song.room for song in plain}) == len(plain) and len({song.room for song in rooms}) == 4
    assert len({(song.codes, song.room) for song in rooms}) == 4
    loud = irmas.songs_plan("tiny", leaks=irmas.IrmasLeaks(loudness=True))
    means = [np.mean([song.peak_db for song in loud if song.codes == (code,)]) for code in irmas.CLASSES]
    spread = max(np.ptp([song.peak_db for song in loud if song.codes == (code,)]) for code in irmas.CLASSES)
    assert np.diff(sorted(means)).min() > 3 > spread
    genre = irmas.songs_plan("tiny", leaks=irmas.IrmasLeaks(genre=True))
    assert len({(song.codes, song.genre) for song in genre}) == 4 == len({song.genre for song in genre})
    wide = irmas.songs_plan("tiny", leaks=irmas.IrmasLeaks(bandwidth=True))
    assert all(np.isinf(song.room.bandwidth_hz) for song in wide)
    assert [song.seed for song in wide] == [song.seed for song in plain]
    assert above(irmas.render_song(wide[0])[0], 4500) > 10 * above(irmas.render_song(plain[0])[0], 4500)


# ---------------------------------------------------------------------------------------------------------- writing


def test_what_is_written(tmp_path, monkeypatch):
    small = irmas.Size((2, 1, 1, 2), 3, 1)
    monkeypatch.setitem(irmas.SIZES, "tiny", small)
    irmas.write_irmas(tmp_path / "set", size="tiny")
    irmas.write_irmas(tmp_path / "again", size="tiny")
    files = sorted(path.relative_to(tmp_path / "set").as_posix() for path in (tmp_path / "set").rglob("*.*"))
    assert sum(name.startswith("IRMAS-TrainingData/") for name in files) == 6
    assert sum(name.endswith(".txt") for name in files) == 3 and sum(name.endswith(".csv") for name in files) == 1
    for name in files:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "set" / name).read_bytes(), name
        if name.endswith(".wav"):
            info = soundfile.info(tmp_path / "set" / name)
            assert (info.samplerate, info.channels, info.subtype) == (SR, 2, "PCM_16")
        if name.endswith(".txt"):
            lines = (tmp_path / "set" / name).read_bytes().split(b"\n")
            assert lines[-1] == b"" and all(line.endswith(b"\t") and line[:-1].decode() in irmas.CLASSES
                                            for line in lines[:-1])
    with open(next((tmp_path / "set" / "duets").glob("*.csv")), newline="") as lines:
        assert list(csv.DictReader(lines))[0].keys() == {"start", "stop", "instrument"}


def test_a_broken_run_leaves_nothing(tmp_path, monkeypatch):
    def broken(song):
        raise RuntimeError("no more paper")

    monkeypatch.setattr(irmas, "render_song", broken)
    with pytest.raises(RuntimeError, match="no more paper"):
        irmas.write_irmas(tmp_path / "set", size="tiny")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.full
def test_a_split_by_clip_leaks_and_a_split_by_song_is_hard():
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score

    from helpers import features

    clips = data.load("practice-irmas")
    X = features.table(clips.audio, clips.sr, cache=data.data_dir() / "cache")
    forest = RandomForestClassifier(200, random_state=0, n_jobs=2)
    by_clip = cross_val_score(forest, X, clips.labels, cv=StratifiedKFold(5, shuffle=True, random_state=0)).mean()
    by_song = cross_val_score(forest, X, clips.labels, groups=clips.groups,
                              cv=StratifiedGroupKFold(5, shuffle=True, random_state=0)).mean()
    assert 0.6 < by_song < 0.82 and by_clip - by_song > 0.04, (by_clip, by_song)
