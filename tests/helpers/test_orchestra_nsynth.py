"""The practice notes in NSynth's layout: who shares what with whom, how a note sounds, what is written."""

import collections
import json

import numpy as np
import pytest
import soundfile

from helpers import data, orchestra
from helpers.orchestra import nsynth
from helpers.orchestra.sampler import _sounding

SR = nsynth.SR
PLANS = {size: nsynth.nsynth_plan(size, seed=0) for size in nsynth.SIZES}


def of_split(plan, split):
    return [note for note in plan if note.split == split]


def samples(note):
    """Numbers of the recorded samples that sound in a note."""
    body = note.instrument.body
    keys = [note.pitch, note.pitch + 7] if note.instrument.fifth else [note.pitch]
    return {layer.sample for key in keys for layer in _sounding(body.program, 0, key, 127, body.zones)}


@pytest.mark.parametrize("size", nsynth.SIZES)
def test_training_shares_no_instrument_and_no_sample_with_the_others(size):
    names, used = collections.defaultdict(set), collections.defaultdict(set)
    for note in PLANS[size]:
        names[note.split].add(note.instrument.name)
        if not note.defect:
            used[note.split] |= samples(note)
    assert not names["train"] & (names["valid"] | names["test"]) and not used["train"] & (used["valid"] | used["test"])
    assert names["valid"] == names["test"], "validation and test share their instruments"
    pitches = {split: {(n.instrument.name, n.pitch) for n in of_split(PLANS[size], split)} for split in ("valid", "test")}
    assert not pitches["valid"] & pitches["test"], "at other pitches"


def test_a_sample_shared_would_be_seen():
    """The guard above says no: fingered and fretless bass share what the soundfont's second synth bass plays."""
    note = next(n for n in PLANS["practice"] if n.instrument.body.name == "fingered-bass")
    body = nsynth.Body("synth-bass-2", "synthetic", 39, (28, 60))
    other = nsynth.dataclasses.replace(note, instrument=nsynth.dataclasses.replace(note.instrument, body=body))
    assert samples(note) & samples(other)


@pytest.mark.parametrize("size", nsynth.SIZES)
def test_every_class_is_there_but_synth_lead_in_training_only(size):
    for split in ("train", "valid", "test"):
        found = [note.instrument.family for note in of_split(PLANS[size], split)]
        expected = [family for family in nsynth.FAMILIES if split == "train" or family != "synth_lead"]
        assert list(dict.fromkeys(found)) == expected, "ordered by class"
        names = [note.name for note in of_split(PLANS[size], split)]
        assert names == sorted(names) and len(set(names)) == len(names)


def test_sizes_and_shares():
    assert len(PLANS["tiny"]) < 150 and 2000 < len(PLANS["practice"]) < 2500 < len(PLANS["large"]) < 10_000
    counts = collections.Counter(note.instrument.family for note in of_split(PLANS["practice"], "train"))
    assert counts.most_common(1)[0][0] == "bass" and max(counts.values()) >= 4 * min(counts.values())
    per_instrument = collections.Counter(note.instrument.name for note in PLANS["practice"])
    assert len(per_instrument) > 140
    held_out = {note.instrument.name: note.instrument.body.name for note in of_split(PLANS["practice"], "test")}
    for family in nsynth.FAMILIES:
        bodies = {body for name, body in held_out.items() if name.startswith(family)}
        assert len(bodies) >= 2 or family == "synth_lead", "a class is not one instrument in the test"


def test_a_plan_hangs_on_its_seed_alone():
    assert nsynth.nsynth_plan("tiny", 3) == nsynth.nsynth_plan("tiny", 3, nsynth.NsynthLeaks())
    assert nsynth.nsynth_plan("tiny", 3) != nsynth.nsynth_plan("tiny", 4)
    with pytest.raises(ValueError, match="No size 'huge': choose one of tiny"):
        nsynth.nsynth_plan("huge")


def test_settings_do_not_depend_on_the_class():
    """Two families with bodies of one source draw from the same settings."""
    rng = [np.random.default_rng([0, 1, 7]) for _ in range(2)]
    body = nsynth.Body("any", "synthetic", 38, (28, 60))
    one, other = (nsynth._preset("name", family, body, r) for family, r in zip(("bass", "reed"), rng, strict=True))
    assert nsynth.dataclasses.replace(one, family="reed") == other
    plain = [n.instrument for n in PLANS["practice"] if n.instrument.body.source == "acoustic"]
    assert not any(one.drive or one.chorus_cents or one.gate_hz or one.tremolo[1] for one in plain)


def test_every_key_fills_the_common_band_and_is_in_the_range_of_its_instrument():
    for note in PLANS["large"]:
        body = note.instrument.body
        if not note.defect:
            assert body.keys[0] <= note.pitch <= body.keys[1]
            assert orchestra.sample_bandwidth(body.program, note.pitch, zone=body.zones) >= orchestra.LOWPASS_HZ
        assert note.velocity in nsynth.VELOCITIES


def test_defects_are_planted_where_the_data_sheet_says():
    sheet = data.manifest("practice-nsynth")
    assert sheet.noise == {name: list(span) for name, span in nsynth.NOISE.items()}
    for size, plan in PLANS.items():
        for note in plan:
            low, high = nsynth.NOISE.get(note.instrument.name, (0, -1))
            assert (note.defect == "noise") == (low <= note.pitch <= high)
        kinds = {(note.split, note.defect) for note in plan if note.defect}
        assert {("train", "noise"), ("train", "silent"), ("test", "noise"), ("test", "silent")} == kinds, size
        assert sum(bool(note.defect) for note in plan) < 0.05 * len(plan)


@pytest.fixture(scope="module")
def rendered():
    """A few notes of every body of the practice size, and all its planted defects."""
    seen = collections.Counter()
    found = []
    for note in PLANS["practice"]:
        seen[note.instrument.body.name] += 1
        if note.defect or seen[note.instrument.body.name] <= 1:
            found.append((note, nsynth.render_nsynth(note)))
    return found


def test_a_clip_is_four_seconds_of_sound_below_the_common_low_pass(rendered):
    f = np.fft.rfftfreq(64000, 1 / SR)
    for note, y in rendered:
        assert y.shape == (64000,) and y.dtype == np.float32 and np.isfinite(y).all() and np.abs(y).max() <= 0.98
        if note.defect != "silent":
            power = np.abs(np.fft.rfft(y * np.hanning(len(y)))) ** 2
            assert power[f > 1.05 * orchestra.LOWPASS_HZ].sum() < 1e-6 * power.sum(), note.name
            assert np.abs(y).max() > 2e-3


def test_noise_is_flat_silence_is_silent_and_notes_are_neither(rendered):
    from scipy.signal import welch

    flatness = {}
    for note, y in rendered:
        if note.defect == "silent":
            assert not y.any()
            continue
        f, power = welch(y, SR, nperseg=2048)
        band = power[(f > 100) & (f < 3500)]
        flatness[note] = np.exp(np.log(band + 1e-20).mean()) / band.mean()
    noisy = [value for note, value in flatness.items() if note.defect]
    clean = [value for note, value in flatness.items() if not note.defect]
    assert len(noisy) == 6 and min(noisy) > 0.4 and np.quantile(clean, 0.95) < 0.2 and max(clean) < min(noisy)


def test_pitches_are_right(rendered):
    """The strongest period near the pitch; bars and bells have none, organs sound an octave below, fifths mislead."""
    checked = set()
    for note, y in rendered:
        one = note.instrument
        if note.defect or one.family in ("mallet", "organ") or one.fifth or one.body.program == 86 or one.chorus_cents:
            continue
        expected = float(orchestra.key_to_hz(note.pitch + one.tuning_cents / 100))
        part = y[int(0.15 * SR):int(0.65 * SR)] * np.hanning(int(0.5 * SR))
        r = np.fft.irfft(np.abs(np.fft.rfft(part, 1 << 15)) ** 2)
        low, high = int(SR / expected * 0.94), int(np.ceil(SR / expected * 1.06)) + 1
        i = low + int(np.argmax(r[low:high]))
        period = i + 0.5 * (r[i - 1] - r[i + 1]) / (r[i - 1] - 2 * r[i] + r[i + 1])
        assert abs(1200 * np.log2(SR / period / expected)) < 25, note.name
        checked.add(one.body.name)
    assert len(checked) > 30


def test_instruments_that_ignore_velocity_give_equal_clips():
    notes = [note for note in PLANS["practice"] if note.instrument.blind]
    by_pitch = collections.defaultdict(list)
    for note in notes:
        by_pitch[note.instrument.name, note.pitch].append(note)
    pair = next(group for group in by_pitch.values() if len(group) > 1)
    assert pair[0].velocity != pair[1].velocity
    assert np.array_equal(nsynth.render_nsynth(pair[0]), nsynth.render_nsynth(pair[1]))
    other = next(n for n in PLANS["practice"] if not n.instrument.blind and n.velocity == 127 and n.split == "train")
    soft = nsynth.dataclasses.replace(other, velocity=25)
    loud, quiet = nsynth.render_nsynth(other), nsynth.render_nsynth(soft)
    assert np.abs(loud).max() > 3 * np.abs(quiet).max()
    assert centroid(loud) > centroid(quiet), "softer is duller"


def centroid(y):
    power = np.abs(np.fft.rfft(y)) ** 2
    return (power * np.fft.rfftfreq(len(y), 1 / SR)).sum() / power.sum()


def test_qualities_follow_their_rules():
    note = next(n for n in PLANS["practice"] if not n.defect and n.instrument.body.source == "acoustic")
    t, f0 = np.arange(64000) / SR, float(orchestra.key_to_hz(note.pitch))

    def marks(y, **settings):
        one = nsynth.dataclasses.replace(note, instrument=nsynth.dataclasses.replace(note.instrument, **settings))
        found = nsynth.qualities(one, np.asarray(y, np.float32))
        return {name for name, mark in zip(nsynth.QUALITIES, found, strict=True) if mark} - {"reverb"}

    held = np.where(t < 3, 1, np.exp(-(t - 3) * 40))
    pure = 0.3 * np.sin(2 * np.pi * f0 * t)
    high = 0.3 * np.sin(2 * np.pi * 6 * f0 * t)
    middle = 0.3 * np.sin(2 * np.pi * 2 * f0 * t)
    assert marks(pure * held) == {"dark"} and marks(high * held) == {"bright"} and marks(middle * held) == set()
    assert marks(middle * np.exp(-3 * t)) == {"fast_decay", "percussive"}
    assert marks(middle * np.clip(t / 0.5, 0, 1)) == {"long_release"}
    assert marks(middle * held, drive=20.0) == {"distortion"} and marks(middle * held, fifth=True) == {"multiphonic"}
    assert marks(middle * held, tremolo=(5.0, 0.5)) == {"nonlinear_env"}
    assert marks(middle * held, gate_hz=4.0) == {"nonlinear_env", "tempo-synced"}
    assert nsynth.qualities(nsynth.dataclasses.replace(note, defect="silent"), np.zeros(64000)) == (0,) * 10


@pytest.mark.parametrize("leak", ["bandwidth", "rooms", "loudness"])
def test_each_leak_changes_one_thing(leak):
    leaks = nsynth.NsynthLeaks(**{leak: True})
    clean, leaking = nsynth.nsynth_plan("tiny", 0), nsynth.nsynth_plan("tiny", 0, leaks)
    assert [note.name for note in clean] == [note.name for note in leaking]
    by_family = collections.defaultdict(set)
    for was, now in zip(clean, leaking, strict=True):
        changed = {field.name for field in nsynth.dataclasses.fields(now.instrument)
                   if getattr(was.instrument, field.name) != getattr(now.instrument, field.name)}  # fmt: skip
        assert changed == ({"level_db"} if leak == "loudness" else {"room"})
        by_family[now.instrument.family].add(now.instrument.room)
        if leak == "bandwidth":
            assert np.isinf(now.instrument.room.bandwidth_hz)
    if leak == "rooms":
        assert all(len(rooms) == 1 for rooms in by_family.values())
        assert len(set.union(*by_family.values())) == len(by_family)


def test_without_the_common_low_pass_the_end_of_a_sample_is_heard():
    leaking = nsynth.nsynth_plan("tiny", 0, nsynth.NsynthLeaks(bandwidth=True))
    note = next(n for n in leaking if n.instrument.family == "keyboard" and not n.defect)
    f = np.fft.rfftfreq(64000, 1 / SR)
    power = np.abs(np.fft.rfft(nsynth.render_nsynth(note))) ** 2
    assert power[f > 4500].sum() > 1e-7 * power.sum()


def test_what_is_written(tmp_path, monkeypatch):
    some = PLANS["tiny"][:3] + of_split(PLANS["tiny"], "test")[:2]
    monkeypatch.setattr(nsynth, "nsynth_plan", lambda *a: some)
    nsynth.write_nsynth(tmp_path / "set", "tiny")
    assert sorted(p.name for p in (tmp_path / "set").iterdir()) == ["nsynth-test", "nsynth-train"]
    rows = json.loads((tmp_path / "set" / "nsynth-train" / "examples.json").read_text())
    assert list(rows) == [note.name for note in some[:3]]
    row = rows[some[0].name]
    assert set(row) == {"note", "note_str", "instrument", "instrument_str", "pitch", "velocity", "sample_rate", "qualities",
                        "qualities_str", "instrument_family", "instrument_family_str", "instrument_source",
                        "instrument_source_str"}  # fmt: skip
    assert [name for name, mark in zip(nsynth.QUALITIES, row["qualities"], strict=True) if mark] == row["qualities_str"]
    path = tmp_path / "set" / "nsynth-train" / "audio" / f"{some[0].name}.wav"
    found = soundfile.info(path)
    assert (found.samplerate, found.frames, found.channels, found.subtype) == (16000, 64000, 1, "PCM_16")
    assert path.stat().st_size == 128_044, "as every file of NSynth"
    y, _ = soundfile.read(path)
    np.testing.assert_allclose(y, nsynth.render_nsynth(some[0]), atol=1 / 32000)


def test_a_broken_run_leaves_nothing(tmp_path, monkeypatch):
    made = []

    def breaks(note):
        made.append(note)
        if len(made) == 3:
            raise RuntimeError("the lights went out")
        return np.sin(np.arange(64000, dtype=np.float32))

    monkeypatch.setattr(nsynth, "render_nsynth", breaks)
    with pytest.raises(RuntimeError, match="lights"):
        nsynth.write_nsynth(tmp_path / "set", "tiny")
    assert list(tmp_path.iterdir()) == []


def test_a_note_that_cannot_sound_is_refused():
    note = PLANS["tiny"][0]
    body = nsynth.Body("nothing", "acoustic", 56, (0, 5))
    with pytest.raises(ValueError, match="silent at key 3: this note cannot be planned"):
        nsynth.render_nsynth(nsynth.dataclasses.replace(
            note, pitch=3, instrument=nsynth.dataclasses.replace(note.instrument, body=body)))


def test_loading_the_tiny_size():
    notes = data.load("practice-nsynth", sr=SR, size="tiny")
    assert notes.title == "practice-nsynth (practice, rendered, tiny)" and notes.classes == tuple(nsynth.FAMILIES)
    plan = PLANS["tiny"]
    assert len(notes) + sum(notes.left_out.values()) == len(plan)
    assert notes.left_out["noise, in train"] == notes.left_out["silent, in train"] == 1
    assert notes.left_out["equal to another clip, in train"] >= 1
    test = notes.split == "test"
    assert notes.table["noise"][test].sum() == 2 and notes.table["duplicate"][test].any()
    assert not notes.table["noise"][~test].any() and not notes.table["duplicate"][~test].any()
    defects = {note.name for note in plan if note.defect and note.split == "test"}
    assert set(notes.table["note"][notes.table["noise"]].tolist()) == defects
    assert notes.left_out.keys() == {f"{what}, in train" for what in ("noise", "silent", "equal to another clip")}
    assert data.validate("practice-nsynth") == []


@pytest.mark.full
def test_a_split_by_note_leaks_and_a_split_by_instrument_is_hard():
    """Accuracy of two classifiers, within wide bands."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.preprocessing import StandardScaler

    from helpers import features

    notes = data.load("practice-nsynth", sr=SR)
    notes = notes.subset(~notes.table["noise"])
    X = features.table(notes.audio, SR, cache=data.data_dir() / "cache")
    train, test = (np.flatnonzero(notes.split == split) for split in ("train", "test"))

    def score(model, a, b):
        scaler = StandardScaler().fit(X[a])
        return model.fit(scaler.transform(X[a]), notes.labels[a]).score(scaler.transform(X[b]), notes.labels[b])

    y, groups = notes.labels[train], notes.groups[train]
    by_note = [score(KNeighborsClassifier(1), train[a], train[b])
               for a, b in StratifiedKFold(4, shuffle=True, random_state=0).split(train, y)]
    by_instrument = [score(KNeighborsClassifier(1), train[a], train[b])
                     for a, b in StratifiedGroupKFold(4, shuffle=True, random_state=0).split(train, y, groups)]
    assert np.mean(by_note) > 0.9 and 0.35 < np.mean(by_instrument) < 0.65
    majority = np.mean(notes.labels[test] == np.bincount(y).argmax())
    forest = score(RandomForestClassifier(200, random_state=0), train, test)
    assert majority < 0.2 and majority + 0.2 < forest < 0.7
    assert forest > score(KNeighborsClassifier(1), train, test) - 0.1
