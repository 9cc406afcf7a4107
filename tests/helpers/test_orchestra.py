"""The practice orchestra: what the soundfont shares, how a note sounds, what a data set of notes holds."""

import collections
import csv
import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from helpers import orchestra
from helpers.orchestra import notes as notes_module
from helpers.orchestra import sf2

SR = 22050
EVERY = [(family, one) for family, members in orchestra.FAMILIES.items() for one in members]
NAMES = [one.name for _, one in EVERY]


def cents(a, b):
    return 1200 * np.log2(a / b)


def fundamental(y, sr, expected):
    """Autocorrelation peak nearest the expected period, between its points (Hz)."""
    y = (y - y.mean()) * np.hanning(len(y))
    n = 1 << int(np.ceil(np.log2(2 * len(y))))
    r = np.fft.irfft(np.abs(np.fft.rfft(y, n)) ** 2)
    low, high = int(sr / expected * 0.94), int(np.ceil(sr / expected * 1.06)) + 1
    i = low + int(np.argmax(r[low:high]))
    return sr / (i + 0.5 * (r[i - 1] - r[i + 1]) / (r[i - 1] - 2 * r[i] + r[i + 1]))


def first_partial(y, sr, expected):
    """Peak of the spectrum within half a semitone of the expected fundamental, between its bins (Hz)."""
    n = 1 << 18
    power = np.log(np.abs(np.fft.rfft(y * np.hanning(len(y)), n)) + 1e-12)
    low, high = int(expected * 2 ** (-1 / 24) * n / sr), int(expected * 2 ** (1 / 24) * n / sr) + 1
    i = low + int(np.argmax(power[low:high]))
    a, b, c = power[i - 1 : i + 2]
    return sr / n * (i + 0.5 * (a - c) / (a - 2 * b + c))


def rms_db(y):
    return 10 * np.log10(np.mean(np.square(y, dtype=float)) + 1e-20)


def band_db(y, sr, low, high):
    """Energy of a band over all energy, in dB."""
    power = np.abs(np.fft.rfft(y * np.hanning(len(y)))) ** 2
    f = np.fft.rfftfreq(len(y), 1 / sr)
    return 10 * np.log10(power[(f >= low) & (f < high)].sum() / power.sum() + 1e-20)


# ---------------------------------------------------------------------------------------------------- the soundfont


def test_import_is_light_and_silent():
    code = (
        "import sys, logging; import helpers.orchestra as o\n"
        "heavy = {'scipy', 'librosa', 'pretty_midi', 'sf2utils', 'soundfile', 'tqdm', 'tensorflow'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "o.render(40, 60, duration=0.1)\n"
        "assert 'pretty_midi' not in sys.modules and not logging.getLogger().handlers\n"
        "assert logging.getLogger().isEnabledFor(logging.WARNING)\n"
    )
    done = subprocess.run([sys.executable, "-W", "default", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_soundfont_is_parsed_once_and_whole():
    font = orchestra.soundfont()
    assert font is orchestra.soundfont()
    assert {p for b, p in font.layers if b == 0} == set(range(128))
    assert all(layer.sample < len(font.samples) for layers in font.layers.values() for layer in layers)
    assert all(np.isfinite(s.data).all() and np.abs(s.data).max() <= 1 for s in font.samples)
    assert not font.samples[0].data.flags.writeable


def test_a_missing_preset_is_named():
    with pytest.raises(ValueError, match="no program 200 in bank 0"):
        orchestra.render(200, 60)
    with pytest.raises(ValueError, match="no such bank"):
        orchestra.render(0, 60, bank=7)


def test_a_file_that_is_no_soundfont_is_refused(tmp_path):
    page = tmp_path / "page.sf2"
    page.write_text("<!DOCTYPE html><title>404</title>")
    with pytest.raises(ValueError, match="page.sf2 cannot be read as a soundfont"):
        orchestra.read_soundfont(page)


def test_a_damaged_soundfont_is_refused(tmp_path):
    short = tmp_path / "short.sf2"
    short.write_bytes(orchestra.soundfont_path().read_bytes()[:100_000])
    with pytest.raises(ValueError, match="cannot be read as a soundfont"):
        orchestra.read_soundfont(short)


def test_without_pretty_midi_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sf2, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="install pretty_midi"):
        orchestra.soundfont_path()


def test_a_pretty_midi_without_its_soundfont_is_named(monkeypatch):
    monkeypatch.setattr(sf2, "FILE_NAME", "Absent.sf2")
    with pytest.raises(FileNotFoundError, match="Absent.sf2 is missing"):
        orchestra.soundfont_path()


def _samples(program, keys=(0, 127)):
    font = orchestra.soundfont()
    return {a.sample for a in font.preset(program) if a.keys[0] <= keys[1] and keys[0] <= a.keys[1]}


def test_components_are_exactly_what_shares_samples():
    found = orchestra.components()
    members = collections.defaultdict(set)
    for program, component in found.items():
        members[component] |= _samples(program)
    names = sorted(members)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            assert not members[a] & members[b], (a, b)
    for program, component in found.items():  # nobody is in a company of strangers
        others = set().union(*[_samples(p) for p, c in found.items() if c == component and p != program], set())
        alone = list(found.values()).count(component) == 1
        assert alone or others & _samples(program), program


def test_components_known_from_the_file():
    found = orchestra.components()
    assert found[0] == found[1] == found[2] == found[3] == 0  # four pianos are one
    assert found[40] == found[41] == found[110]  # violin, viola, fiddle
    assert found[57] == found[58] == found[59] == found[60]  # trombone to French horn, by one top sample
    assert found[64] != found[65]
    in_range = orchestra.components([57, 58], keys={57: (53, 65), 58: (45, 57)})
    assert in_range[57] != in_range[58]


@pytest.mark.parametrize("program", range(128))
def test_zones_are_disjoint_and_complete(program):
    found = orchestra.zones(program)
    samples = [sample for zone in found for sample in zone.samples]
    assert len(samples) == len(set(samples))
    assert set(samples) == _samples(program)
    assert [zone.index for zone in found] == list(range(len(found)))


# --------------------------------------------------------------------------------------------------------- one note


@pytest.mark.parametrize("family, one", EVERY, ids=NAMES)
def test_pitch(family, one):
    # Bars have partials that are no multiples, and an accordion two reeds apart: their period says less.
    measure = first_partial if one.name in ("celesta", "glockenspiel") else fundamental
    tolerance = 30 if one.name in ("celesta", "accordion") else 15
    for key in np.linspace(*one.keys, 3).astype(int):
        y = orchestra.render(one.program, key, duration=1.2, sr=44100)
        if one.name == "alto-saxophone" and key == 64:
            continue  # the soundfont has no sample for it
        found = measure(y[int(0.2 * 44100) : int(1.1 * 44100)], 44100, orchestra.key_to_hz(key))
        assert abs(cents(found, orchestra.key_to_hz(key))) < tolerance, key


def test_tuning_and_key_move_the_pitch_exactly():
    def pitch(key, **kwargs):
        y = orchestra.render(79, key, duration=1.5, sr=44100, zone=0, **kwargs)
        return first_partial(y[8820:61740], 44100, orchestra.key_to_hz(key))

    base = pitch(74)
    assert cents(pitch(74, tuning_cents=37), base) == pytest.approx(37, abs=1.5)
    assert cents(pitch(79), base) == pytest.approx(500, abs=1.5)
    assert cents(pitch(67), base) == pytest.approx(-700, abs=1.5)


def test_velocity_is_a_gain():
    loud, soft = (orchestra.render(56, 64, velocity=v, duration=0.5) for v in (127, 64))
    np.testing.assert_allclose(soft, loud * (64 / 127) ** 2, rtol=1e-5, atol=1e-8)


def test_length_and_end():
    for duration, release, sr in ((0.7, 0.05, 22050), (1.0, 0.3, 16000), (0.013, 0.01, 8000)):
        y = orchestra.render(40, 64, duration=duration, release=release, sr=sr)
        assert y.dtype == np.float32 and y[-1] == 0
        assert len(y) == round(duration * sr) + round(release * sr)
    own = orchestra.render(40, 64, duration=0.7)
    assert own[-1] == 0 and len(own) > 0.7 * SR


def test_release_falls_without_a_click():
    y = orchestra.render(16, 60, duration=0.5, release=0.05)
    held, released = y[: SR // 2], y[SR // 2 :]
    assert np.abs(np.diff(released)).max() < 1.5 * np.abs(np.diff(held[2000:])).max()
    assert rms_db(released[-len(released) // 5 :]) < rms_db(held[2000:]) - 20


def test_a_held_note_is_held_and_a_plucked_one_dies():
    held = orchestra.render(40, 64, duration=6.0)
    assert abs(rms_db(held[5 * SR : 6 * SR]) - rms_db(held[SR : 2 * SR])) < 2
    plucked = orchestra.render(24, 50, duration=6.0)
    assert rms_db(plucked[5 * SR : 6 * SR]) < rms_db(plucked[: SR // 2]) - 20


def test_deterministic_and_vibrato_from_the_seed():
    a, b = (orchestra.render(73, 76, duration=0.6, vibrato_cents=20, seed=3) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, orchestra.render(73, 76, duration=0.6, vibrato_cents=20, seed=4))
    np.testing.assert_array_equal(
        orchestra.render(73, 76, duration=0.6, seed=3), orchestra.render(73, 76, duration=0.6, seed=4)
    )


def test_vibrato_has_its_depth_and_rate():
    y = orchestra.render(79, 72, duration=3.0, sr=SR, vibrato_cents=40, vibrato_hz=5.0)
    step = SR // 100
    pitches = [fundamental(y[i : i + 4 * step], SR, orchestra.key_to_hz(72)) for i in range(SR // 2, 2 * SR, step)]
    track = cents(np.array(pitches), np.median(pitches))
    spectrum = np.abs(np.fft.rfft(track - track.mean()))
    assert np.argmax(spectrum[1:]) + 1 == round(5.0 * len(track) / 100)
    assert 33 < (track.max() - track.min()) / 2 < 45


@pytest.mark.parametrize("program, key", [(56, 86), (40, 96), (80, 100), (73, 101), (64, 88)])
def test_nothing_folds_back(program, key):
    """A note rendered at a low rate is the note of a high rate without its upper part."""
    from scipy.signal import resample_poly

    high = resample_poly(orchestra.render(program, key, duration=1.0, sr=48000).astype(float), 1, 6)[2000:7800]
    low = orchestra.render(program, key, duration=1.0, sr=8000)[2000:7800].astype(float)
    window = np.hanning(5800)
    a, b = (np.abs(np.fft.rfft(y * window)) for y in (high, low))
    f = np.fft.rfftfreq(5800, 1 / 8000)
    kept = f < 3300
    # Folded partials would stand between the partials: where the original has nothing, this has nothing.
    empty = kept & (a < a.max() * 1e-3)
    assert empty.sum() > 100
    assert b[empty].max() < b.max() * 4e-3
    assert a[kept] @ b[kept] > 0.99 * np.linalg.norm(a[kept]) * np.linalg.norm(b[kept])


def test_the_reader_of_samples_is_exact_on_a_known_waveform(monkeypatch):
    """A sample of known partials, read at any speed: error below -60 dB inside the band."""
    from helpers.orchestra import sampler

    period, n = 100, 2000
    partials = [(h, 1 / h, h * 0.7) for h in range(1, 45)]
    t = np.arange(n)
    wave = sum(a * np.sin(2 * np.pi * h * t / period + p) for h, a, p in partials)
    scale = np.abs(wave).max()
    sample = sf2.Sample("known", 44100, 60, 0, 1000, 1900, (wave / scale).astype(np.float32))
    layer = dataclasses.replace(orchestra.soundfont().preset(40)[0], sample=0, start=0, end=n, loop=(1000, 1900))
    monkeypatch.setattr(sampler, "soundfont", lambda: sf2.SoundFont("known", (sample,), {}, {}))
    sampler._spectrum.cache_clear()
    try:
        for speed in (0.3, 1.0, 1.7, 2.76, 5.1):
            position = np.arange(30000) * speed
            y = sampler._read(layer, layer.loop, position, speed)
            band = min(0.5, 0.5 / speed) * 0.9
            want = sum(a * np.sin(2 * np.pi * h * position / period + p) for h, a, p in partials if h / period < band)
            window = np.hanning(29000)
            error = np.abs(np.fft.rfft((y - want / scale)[1000:] * window)) ** 2
            power = np.abs(np.fft.rfft((want / scale)[1000:] * window)) ** 2
            inside = np.arange(len(error)) / 29000 / speed < band
            assert 10 * np.log10(error[inside].sum() / power.sum()) < -60, speed
    finally:
        sampler._spectrum.cache_clear()


@pytest.mark.parametrize("program", range(0, 128, 3))
def test_every_program_is_finite_and_reasonable(program):
    for key in (30, 60, 96):
        y = orchestra.render(program, key, velocity=127, duration=0.3, sr=16000)
        assert np.isfinite(y).all() and np.abs(y).max() < 8


def test_a_loop_that_ends_with_the_key_plays_the_sample_to_its_end():
    """The lowest jazz guitar sample: after the key is let go its 941 last points sound once, then nothing."""
    (layer,) = (a for a in orchestra.soundfont().preset(26) if a.keys[0] <= 45 <= a.keys[1])
    assert not layer.loops_after_release
    y = orchestra.render(26, 45, duration=1.0, sr=44100)
    rest = y[44100:]
    speed = 2 ** ((100 * (45 - layer.root) + layer.tune_cents) / 1200)
    ends = int((layer.end - layer.loop[0]) / speed) + 50
    assert np.abs(rest[:400]).max() > 1e-3
    assert np.all(rest[ends:] == 0) and ends < len(rest) - 2000


def test_percussion_sounds():
    assert np.abs(orchestra.render(0, 38, duration=0.3, bank=128)).max() > 0.01


def test_zone_chooses_the_sample():
    a, b = (orchestra.render(40, 64, duration=1.0, zone=z) for z in (1, 3))
    wanted = orchestra.key_to_hz(64)
    assert abs(cents(fundamental(a[4000:20000], SR, wanted), fundamental(b[4000:20000], SR, wanted))) < 10
    spectra = [np.abs(np.fft.rfft(y[2000:22000] * np.hanning(20000))) for y in (a, b)]
    assert spectra[0] @ spectra[1] < 0.97 * np.linalg.norm(spectra[0]) * np.linalg.norm(spectra[1])
    np.testing.assert_array_equal(a, orchestra.render(40, 64, duration=1.0, zone=(1, 6)))  # the nearer one plays


@pytest.mark.parametrize(
    "arguments, says",
    [
        (dict(key=128), "key must be"),
        (dict(key=-1), "key must be"),
        (dict(velocity=0), "velocity must be"),
        (dict(velocity=128), "velocity must be"),
        (dict(duration=0), "duration must be"),
        (dict(duration=float("nan")), "duration must be"),
        (dict(sr=100), "sr must be"),
        (dict(release=0), "release must be"),
        (dict(zone=99), "has zones 0 to"),
        (dict(zone=()), "has zones 0 to"),
    ],
)
def test_bad_arguments_are_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        orchestra.render(**{"program": 40, "key": 60, **arguments})


def test_names_of_keys():
    assert [orchestra.key_name(k) for k in (21, 60, 61, 69, 87)] == ["A0", "C4", "Db4", "A4", "Eb6"]
    assert float(orchestra.key_to_hz(81)) == pytest.approx(880)


# ---------------------------------------------------------------------------------------------------------- phrases


def _onsets_by_level(y, sr):
    """The rule of lesson 01: level in 10 ms frames rises above -40 dB after at least 100 ms below."""
    hop = sr // 100
    level = np.sqrt(np.square(y[: len(y) // hop * hop].astype(float)).reshape(-1, hop).mean(axis=1))
    below, found = 10, []
    for i, loud in enumerate(level > level.max() / 100):
        if loud and below >= 10:
            found.append(i * hop / sr)
        below = 0 if loud else below + 1
    return np.array(found)


@pytest.mark.parametrize("family", orchestra.FAMILIES)
def test_phrase_begins_where_it_says(family):
    members = [one for one in orchestra.FAMILIES[family] if one.name != "alto-saxophone"]
    keys = [sum(one.keys) // 2 for one in members]
    y, onsets = orchestra.phrase(
        [one.program for one in members], keys, durations=0.8, gaps=0.2, lead=0.4, gain=0.1, vibrato=True, sr=SR, seed=1
    )
    assert len(onsets) == len(members) and onsets[0] == pytest.approx(0.4, abs=1e-3)
    np.testing.assert_allclose(_onsets_by_level(y, SR), onsets, atol=0.03)
    assert np.abs(y).max() == pytest.approx(0.1, rel=1e-5)


def test_phrase_is_silent_between_its_notes():
    y, onsets = orchestra.phrase(
        64, [70, 72], durations=[0.5, 0.3], gaps=[0.25], lead=0.3, gain=1.0, release=0.05, sr=16000
    )
    end = int(round((onsets[0] + 0.5 + 0.05) * 16000))
    assert np.all(y[: int(0.3 * 16000)] == 0)
    assert np.all(y[end : int(round(onsets[1] * 16000))] == 0)
    assert onsets[1] == pytest.approx(0.3 + 0.5 + 0.05 + 0.25, abs=1e-3)
    assert np.all(y[-int(0.2 * 16000) :] == 0)
    for begin in onsets:
        assert np.abs(y[int(begin * 16000) :][:8800]).max() == pytest.approx(1.0, rel=1e-4)


def test_phrase_seed_and_tuning():
    kwargs = dict(durations=0.5, vibrato=True, sr=16000)
    a, _ = orchestra.phrase(73, [74, 76], seed=1, **kwargs)
    np.testing.assert_array_equal(a, orchestra.phrase(73, [74, 76], seed=1, **kwargs)[0])
    assert not np.array_equal(a, orchestra.phrase(73, [74, 76], seed=2, **kwargs)[0])
    tuned, onsets = orchestra.phrase(79, [72, 72], durations=1.0, tuning_cents=[0, 30], sr=44100)
    pitches = [fundamental(tuned[int((t + 0.2) * 44100) :][:33075], 44100, 523.25) for t in onsets]
    assert cents(pitches[1], pitches[0]) == pytest.approx(30, abs=1)


@pytest.mark.parametrize(
    "arguments, says",
    [
        (dict(keys=[]), "at least one key"),
        (dict(durations=[1.0]), "durations has 1 values where 2"),
        (dict(gaps=[0.1, 0.1]), "gaps has 2 values where 1"),
        (dict(gain=0), "a gain above 0"),
        (dict(lead=-1), "0 s or more"),
        (dict(gaps=-0.1), "0 s or more"),
        (dict(zones=[1]), "one zone per key"),
        (dict(programs=65, keys=[64, 66]), "silent at key 64"),
    ],
)
def test_bad_phrases_are_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        orchestra.phrase(**{"programs": 40, "keys": [60, 62], **arguments})


# ------------------------------------------------------------------------------------------------------------ rooms


def test_room_noise_has_its_level_and_ends_at_the_low_pass():
    room = orchestra.Room(seed=1, noise_db=-50.0, noise_tilt_db=-3.0)
    y = orchestra.record(np.zeros(10, np.float32), SR, room, delay=0, n_samples=2 * SR)
    assert rms_db(y) == pytest.approx(-50, abs=0.3)
    assert band_db(y, SR, orchestra.LOWPASS_HZ * 1.02, SR) < -60
    open_room = dataclasses.replace(room, bandwidth_hz=float("inf"))
    y = orchestra.record(np.zeros(10, np.float32), SR, open_room, delay=0, n_samples=2 * SR)
    assert rms_db(y) == pytest.approx(-50, abs=0.3)
    assert band_db(y, SR, orchestra.LOWPASS_HZ * 1.02, SR) > -30


def test_room_delay_gain_and_microphone():
    t = np.arange(SR) / SR
    tone = (0.1 * np.sin(2 * np.pi * 1000 * t)).astype(np.float32)
    flat = orchestra.Room(seed=1, noise_db=-150.0)
    y = orchestra.record(tone, SR, flat, delay=0.1 + 0.25 / SR, n_samples=2 * SR, gain_db=-6.0)
    inner = slice(int(0.2 * SR), int(1.0 * SR))
    shifted = 10 ** (-6 / 20) * 0.1 * np.sin(2 * np.pi * 1000 * (np.arange(2 * SR) / SR - 0.1 - 0.25 / SR))
    np.testing.assert_allclose(y[inner], shifted[inner], atol=1e-4)
    assert np.abs(y[: int(0.09 * SR)]).max() < 1e-3
    microphone = dataclasses.replace(flat, eq_db=(0, 0, 0, 8.0, 0, 0))
    louder = orchestra.record(tone, SR, microphone, delay=0, n_samples=SR)
    assert rms_db(louder) - rms_db(tone) == pytest.approx(8, abs=0.2)
    soft = orchestra.record(tone, SR, flat, delay=0, n_samples=SR, softness_hz=1000.0)
    assert rms_db(soft) - rms_db(tone) == pytest.approx(-3, abs=0.2)


def test_room_keeps_no_offset_and_reverberates():
    offset = np.full(SR, 0.2, np.float32)
    dry = orchestra.Room(seed=1, noise_db=-150.0)
    assert abs(orchestra.record(offset, SR, dry, delay=0, n_samples=SR)[SR // 4 : -SR // 4].mean()) < 1e-3
    click = np.zeros(100, np.float32)
    click[0] = 1
    wet = dataclasses.replace(dry, decay=0.5, direct_db=6.0)
    y, z = (orchestra.record(click, SR, room, delay=0.01, n_samples=SR) for room in (dry, wet))
    late = slice(int(0.03 * SR), None)
    assert rms_db(z[late]) > rms_db(y[late]) + 20
    assert 10 * np.log10((z**2).sum() / ((z - y) ** 2).sum()) == pytest.approx(7, abs=2)  # (direct + late) / late


def test_hum_is_where_the_mains_are():
    room = orchestra.Room(seed=1, noise_db=-90.0, hum_hz=50.0, hum_db=-40.0)
    y = orchestra.record(np.zeros(10, np.float32), SR, room, delay=0, n_samples=2 * SR)
    assert band_db(y, SR, 45, 255) > -0.1


# ---------------------------------------------------------------------------------------------------- the data sets


def test_no_instrument_shares_a_sample_with_any_other():
    ranges = {one.program: one.keys for _, one in EVERY}
    assert len(ranges) == len(EVERY)
    found = orchestra.components(ranges, keys=ranges)
    assert len(set(found.values())) == len(EVERY)


def test_families_have_independent_instruments():
    assert len(orchestra.FAMILIES) == 10
    for family in orchestra.FAMILIES:
        assert len(orchestra.instruments(family)) >= 2
    assert len(set(NAMES)) == len(NAMES)
    with pytest.raises(ValueError, match="No family 'kazoo'"):
        orchestra.instruments("kazoo")


@pytest.mark.parametrize("size", orchestra.SIZES)
def test_plan(size):
    plan = orchestra.notes_plan(size, seed=5)
    spec = orchestra.SIZES[size]
    families = list(dict.fromkeys(note.family for note in plan))
    assert families == list(orchestra.FAMILIES)
    assert [note.family for note in plan] == sorted((n.family for n in plan), key=families.index)  # ordered by class
    for family in families:
        mine = [note for note in plan if note.family == family]
        assert len({note.instrument for note in mine}) == min(spec.instruments, len(orchestra.FAMILIES[family]))
        for instrument in {note.instrument for note in mine}:
            assert len({n.recording for n in mine if n.instrument == instrument}) == spec.recordings
    by_recording = collections.defaultdict(set)
    for note in plan:
        by_recording[note.recording].add((note.instrument, note.room, note.zones))
    assert all(len(found) == 1 for found in by_recording.values())
    assert len({room.seed for found in by_recording.values() for _, room, _ in found}) == len(by_recording)


def test_practice_size_is_as_large_and_unequal_as_stated():
    plan = orchestra.notes_plan("practice", seed=0)
    assert 1600 <= len(plan) <= 1800
    counts = collections.Counter(note.family for note in plan)
    assert max(counts.values()) >= 2.5 * min(counts.values())
    assert 3.5 < len(orchestra.notes_plan("large", seed=0)) / len(plan) < 7


def test_plan_is_deterministic():
    assert orchestra.notes_plan("tiny", 3) == orchestra.notes_plan("tiny", 3)
    assert orchestra.notes_plan("tiny", 3) != orchestra.notes_plan("tiny", 4)
    assert orchestra.notes_plan("tiny", 3) == orchestra.notes_plan("tiny", 3, orchestra.Leaks())


def test_plan_of_an_unknown_size():
    with pytest.raises(ValueError, match="tiny, practice, large"):
        orchestra.notes_plan("huge")


def test_all_planned_notes_fill_the_common_band():
    for note in orchestra.notes_plan("large", seed=2):
        found = orchestra.sample_bandwidth(note.program, note.key, zone=note.zones)
        assert found >= orchestra.LOWPASS_HZ, note


def test_recordings_of_one_instrument_have_their_own_samples():
    chosen = collections.defaultdict(dict)
    for note in orchestra.notes_plan("practice", seed=0):
        chosen[note.instrument][note.recording] = note.zones
    shared_out = 0
    for instrument, recordings in chosen.items():
        if None in recordings.values():
            continue
        shared_out += 1
        zones = [z for one in recordings.values() for z in one]
        assert len(zones) == len(set(zones)), instrument
    assert shared_out >= 10


@pytest.fixture(scope="module")
def tiny_notes():
    """The first note of each recording at size tiny, rendered."""
    first = {}
    for note in orchestra.notes_plan("tiny", seed=0):
        first.setdefault(note.recording, note)
    return {note: orchestra.render_note(note, SR) for note in first.values()}


def test_rendered_notes_are_finite_and_at_their_level(tiny_notes):
    for note, y in tiny_notes.items():
        assert y.dtype == np.float32 and np.isfinite(y).all()
        assert 0.7 * SR < len(y) < 2 * SR
        peak_db = 20 * np.log10(np.abs(y).max())
        assert note.level_db - 12 < peak_db < note.level_db + 12, note
        assert band_db(y, SR, orchestra.LOWPASS_HZ * 1.05, SR) < -60


def test_rendering_is_deterministic_and_recordings_differ(tiny_notes):
    a, b = list(tiny_notes)[:2]
    np.testing.assert_array_equal(orchestra.render_note(a, SR), tiny_notes[a])
    assert a.instrument == b.instrument
    same_note = dataclasses.replace(a, room=b.room)
    assert not np.allclose(orchestra.render_note(same_note, SR), tiny_notes[a], atol=1e-3)


def test_a_soft_note_has_fewer_harmonics():
    note = next(n for n in orchestra.notes_plan("tiny", seed=0) if n.instrument == "trumpet")
    soft, loud = (
        orchestra.render_note(dataclasses.replace(note, velocity=v, level_db=-10.0), SR) for v in (25, 125)
    )
    assert band_db(loud, SR, 1500, 4000) > band_db(soft, SR, 1500, 4000) + 1


def test_a_note_that_cannot_sound_is_named():
    note = orchestra.notes_plan("tiny", seed=0)[0]
    with pytest.raises(ValueError, match="Program 65 is silent at key 64"):
        orchestra.render_note(dataclasses.replace(note, program=65, key=64, zones=None), SR)


# ------------------------------------------------------------------------------------------------------------ leaks


def _firsts(leaks):
    first = {}
    for note in orchestra.notes_plan("tiny", 0, leaks):
        first.setdefault(note.recording, note)
    return list(first.values())


@pytest.mark.parametrize(
    "leak, field", [("bandwidth", "room"), ("rooms", "room"), ("hum", "room"), ("loudness", "level_db")]
)
def test_a_leak_changes_nothing_else(leak, field):
    clean = orchestra.notes_plan("tiny", 0)
    leaking = orchestra.notes_plan("tiny", 0, orchestra.Leaks(**{leak: True}))
    for a, b in zip(clean, leaking, strict=True):
        assert dataclasses.replace(b, **{field: getattr(a, field)}) == a
    assert any(a != b for a, b in zip(clean, leaking, strict=True))


def test_leak_bandwidth():
    bright = [n for n in _firsts(orchestra.Leaks(bandwidth=True)) if n.instrument in ("violin", "trumpet")]
    dull = [n for n in _firsts(None) if n.instrument in ("violin", "trumpet")]
    assert all(band_db(orchestra.render_note(n, SR), SR, 4300, SR) > -45 for n in bright)
    assert all(band_db(orchestra.render_note(n, SR), SR, 4300, SR) < -60 for n in dull)


def test_leak_rooms():
    def rooms(leaks):
        found = collections.defaultdict(set)
        for note in orchestra.notes_plan("tiny", 0, leaks):
            found[note.family].add(note.room)
        return found

    with_leak, without = rooms(orchestra.Leaks(rooms=True)), rooms(None)
    assert all(len(found) == 1 for found in with_leak.values())
    assert len(set().union(*with_leak.values())) == len(orchestra.FAMILIES)
    assert all(len(found) == 4 for found in without.values())


def test_leak_loudness():
    def levels(leaks):
        found = collections.defaultdict(list)
        for note in orchestra.notes_plan("practice", 0, leaks):
            found[note.family].append(note.level_db)
        return np.array([np.mean(found[family]) for family in orchestra.FAMILIES])

    with_leak, without = levels(orchestra.Leaks(loudness=True)), levels(None)
    assert np.ptp(with_leak) > 10 > 6 > np.ptp(without)


def test_leak_hum():
    def hum(note):
        y = orchestra.render_note(dataclasses.replace(note, level_db=-80.0), SR)
        power = np.abs(np.fft.rfft(y * np.hanning(len(y)))) ** 2
        f = np.fft.rfftfreq(len(y), 1 / SR)
        return 10 * np.log10(power[abs(f - 50) < 3].sum() / np.median(power[(f > 30) & (f < 400)]))

    families = list(orchestra.FAMILIES)
    for note in _firsts(orchestra.Leaks(hum=True))[::2]:
        assert (hum(note) > 30) == bool(families.index(note.family) % 2), note.family
    assert all(note.room.hum_hz == 0 for note in _firsts(None))


def test_leak_copies():
    def doubles(leaks):
        seen = collections.defaultdict(set)
        for note in orchestra.notes_plan("practice", 0, leaks):
            seen[note.seed].add(note.recording)
        return sum(len(recordings) > 1 for recordings in seen.values())

    assert doubles(None) == 0
    assert doubles(orchestra.Leaks(copies=True)) > 200
    plan = orchestra.notes_plan("practice", 0, orchestra.Leaks(copies=True))
    by_seed = collections.defaultdict(list)
    for note in plan:
        by_seed[note.seed].append(note)
    a, b = next(v for v in by_seed.values() if len({n.recording for n in v}) > 1)[:2]
    y, z = orchestra.render_note(a, SR), orchestra.render_note(b, SR)
    assert np.corrcoef(y, z)[0, 1] > 0.99


# ------------------------------------------------------------------------------------------------------------ files


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("orchestra") / "notes"
    assert orchestra.write_notes(folder, "tiny", seed=0, sr=SR) == folder
    return folder


def test_written_notes_are_complete(written):
    import soundfile

    with open(written / "metadata.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    plan = orchestra.notes_plan("tiny", 0)
    assert len(rows) == len(plan)
    assert tuple(rows[0]) == orchestra.METADATA
    assert {row["path"] for row in rows} == {p.relative_to(written).as_posix() for p in written.rglob("*.wav")}
    for row, note in zip(rows, plan, strict=True):
        found = soundfile.info(written / row["path"])
        assert (found.samplerate, found.channels, found.subtype) == (SR, 1, "PCM_16")
        assert found.frames == int(row["n_samples"])
        assert row["path"].split("/")[:3] == [note.family, note.instrument, note.recording]
        assert (row["family"], int(row["key"]), int(row["velocity"])) == (note.family, note.key, note.velocity)
        assert float(row["frequency"]) == pytest.approx(
            orchestra.key_to_hz(note.key + note.tuning_cents / 100), abs=1e-2
        )
        assert all(row[name] != "" for name in orchestra.METADATA if name != "zones")


def test_written_notes_are_the_rendered_ones(written):
    import soundfile

    with open(written / "metadata.csv", encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    y, _ = soundfile.read(written / row["path"], dtype="float32")
    np.testing.assert_allclose(y, orchestra.render_note(orchestra.notes_plan("tiny", 0)[0], SR), atol=1 / 32000)


def test_file_names_need_no_quoting(written):
    for path in written.rglob("*"):
        assert path.name.replace("-", "").replace("_", "").replace(".", "").isalnum(), path


def test_a_full_folder_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(FileExistsError, match="not empty"):
        orchestra.write_notes(tmp_path, "tiny")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path, monkeypatch):
    plan = orchestra.notes_plan("tiny", 0)[:2]
    monkeypatch.setattr(notes_module, "notes_plan", lambda *a: plan)
    folder = tmp_path / "ready"
    folder.mkdir()
    orchestra.write_notes(folder, "tiny")
    assert len(list(folder.rglob("*.wav"))) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["ready"]


def test_a_broken_run_leaves_nothing(tmp_path, monkeypatch):
    made = []

    def breaks(note, sr):
        made.append(note)
        if len(made) == 3:
            raise RuntimeError("the lights went out")
        return np.zeros(100, np.float32)

    monkeypatch.setattr(notes_module, "render_note", breaks)
    with pytest.raises(RuntimeError, match="lights"):
        orchestra.write_notes(tmp_path / "notes", "tiny")
    assert list(tmp_path.iterdir()) == []


def test_solo(tmp_path):
    import soundfile

    path = orchestra.write_solo(tmp_path, seed=0)
    assert path.name == orchestra.SOLO_NAME and [p.name for p in tmp_path.iterdir()] == [path.name]
    found = soundfile.info(path)
    assert (found.samplerate, found.channels, found.format, found.subtype) == (44100, 1, "AIFF", "PCM_16")
    assert found.duration == pytest.approx(16.07, abs=1e-3)
    y, sr = soundfile.read(path, dtype="float32")
    onsets = _onsets_by_level(y, sr)
    assert len(onsets) == 4 and np.all(np.diff(onsets) > 3)
    for onset, key in zip(onsets, (84, 85, 86, 87), strict=True):
        note = y[int((onset + 0.3) * sr) : int((onset + 2.0) * sr)]
        assert abs(cents(fundamental(note, sr, orchestra.key_to_hz(key)), orchestra.key_to_hz(key))) < 15
    again = tmp_path / "again"
    assert orchestra.write_solo(again, seed=0).read_bytes() == path.read_bytes()
    assert orchestra.write_solo(again, seed=1).read_bytes() != path.read_bytes()


# ---------------------------------------------------------------------------------------------------- how hard it is


@pytest.mark.full
def test_the_four_splits_mean_four_things():
    """The table of docs/soundfont.md, within bands: windows leak, recordings less, instruments least."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.preprocessing import StandardScaler

    from helpers import features

    windows, labels, groups = [], [], []
    for number, note in enumerate(orchestra.notes_plan("practice", seed=1)):
        y = orchestra.render_note(note, SR)
        for start in range(0, len(y) - SR // 2 + 1, SR // 4):
            windows.append(y[start : start + SR // 2])
            labels.append(note.family)
            groups.append((len(groups), number, note.recording, note.instrument))
    assert 16_000 <= len(windows) <= 20_000
    X, labels = features.table(windows, SR, n_jobs=1), np.array(labels)
    score = {}
    for column, name in enumerate(("window", "note", "recording", "instrument")):
        ids = np.unique([str(group[column]) for group in groups], return_inverse=True)[1]
        split = StratifiedGroupKFold(3 if name == "instrument" else 4, shuffle=True, random_state=0)
        folds = list(split.split(X, labels, ids))[: 3 if name == "instrument" else 1]
        for model in (KNeighborsClassifier(1), LogisticRegression(max_iter=200)):
            marks = []
            for train, test in folds:
                scaler = StandardScaler().fit(X[train])
                model.fit(scaler.transform(X[train]), labels[train])
                marks.append(model.score(scaler.transform(X[test]), labels[test]))
            score[name, type(model).__name__] = np.mean(marks)
    nearest = {name: score[name, "KNeighborsClassifier"] for name in ("window", "note", "recording", "instrument")}
    assert nearest["window"] > 0.97 > nearest["recording"] + 0.05
    assert 0.7 < nearest["recording"] < 0.92
    assert 0.3 < nearest["instrument"] < 0.6
    assert nearest["recording"] > nearest["instrument"] + 0.15
