"""The sampler against FluidSynth, the reference of soundfont players, where that is installed.

Agreement is the cosine between the magnitude spectra of two seconds, after shifting one of them by at most 5 cents:
FluidSynth rounds every pitch to a whole cent, which alone moves the upper partials by more than a bin.
"""

import numpy as np
import pytest

from helpers import orchestra

SR = 22050
SECONDS = 2
GRID = np.exp(np.arange(np.log(40), np.log(10_000), np.log(2) / 2400))  # half a cent a step


@pytest.fixture(scope="module")
def fluid():
    """A function (program, key, velocity, held, tail) -> mono at SR, played by FluidSynth without its effects."""
    try:
        import fluidsynth
    except (ImportError, OSError) as error:
        pytest.skip(f"FluidSynth is not installed ({error}): apt-get install libfluidsynth3")
    from scipy.signal import resample_poly

    synth = fluidsynth.Synth(samplerate=2.0 * SR, gain=1.0)
    for name in ("synth.reverb.active", "synth.chorus.active"):
        synth.setting(name, 0)
    font = synth.sfload(str(orchestra.soundfont_path()))

    def play(program, key, velocity=100, held=SECONDS, tail=0.5):
        synth.program_select(0, font, 0, program)
        synth.noteon(0, key, velocity)
        parts = [synth.get_samples(int(2 * SR * held))]
        synth.noteoff(0, key)
        parts.append(synth.get_samples(int(2 * SR * tail)))
        synth.system_reset()
        stereo = np.concatenate(parts).reshape(-1, 2).astype(float)
        return resample_poly(stereo.mean(axis=1) / 32768, 1, 2)

    yield play
    synth.delete()


def spectrum(y):
    """Magnitudes on a grid of half cents, unit length."""
    n = 1 << 18
    y = y[: SECONDS * SR]
    magnitude = np.abs(np.fft.rfft(y * np.hanning(len(y)), n))
    on_grid = np.interp(GRID, np.arange(len(magnitude)) * SR / n, magnitude)
    return on_grid / np.linalg.norm(on_grid)


def compare(ours, theirs):
    """(agreement within 5 cents, cents by which ours is higher).

    The pitch is compared after blurring by some cents: an ensemble of detuned layers has no sharp partials, and the
    fine structure of its beats hangs on the phase between the layers.
    """
    from scipy.ndimage import gaussian_filter1d

    a, b = spectrum(ours), spectrum(theirs)
    agreement = max(float(np.roll(a, -shift) @ b) for shift in range(-10, 11))
    a, b = (gaussian_filter1d(x, 20, mode="nearest") for x in (a, b))
    shifts = range(-40, 41)
    return agreement, shifts[int(np.argmax([np.roll(a, -shift) @ b for shift in shifts]))] / 2


def notes(n_keys):
    for members in orchestra.FAMILIES.values():
        for one in members:
            for key in np.unique(np.linspace(*one.keys, n_keys).astype(int)):
                if not (one.name == "alto-saxophone" and key == 64):  # the soundfont has no sample for it
                    yield one, int(key)


def check(fluid, n_keys):
    agreement, off, gain = [], {}, []
    for one, key in notes(n_keys):
        theirs = fluid(one.program, key)
        ours = orchestra.render(one.program, key, duration=SECONDS, sr=SR)
        same, cents = compare(ours, theirs)
        agreement.append(same)
        off[one.name, key] = cents
        n = min(len(ours), len(theirs))
        gain.append(10 * np.log10((ours[:n] ** 2).sum() / (theirs[:n] ** 2).sum()))
    assert max(abs(c) for c in off.values()) <= 5, {k: c for k, c in off.items() if abs(c) > 5}
    assert np.median(agreement) >= 0.97
    assert np.percentile(agreement, 5) >= 0.85
    # Instruments are as loud beside each other as there.
    assert np.percentile(np.abs(np.array(gain) - np.median(gain)), 90) < 1.5


def test_agrees_with_fluidsynth(fluid):
    check(fluid, 4)


@pytest.mark.full
def test_agrees_with_fluidsynth_at_every_key_used(fluid):
    check(fluid, 13)


@pytest.mark.full
def test_agrees_over_the_whole_soundfont(fluid):
    """All melodic programs, also those that the orchestra does not play."""
    agreement, cents = [], []
    for program in range(112):
        for key in (48, 60, 72):
            theirs = fluid(program, key)
            if np.abs(theirs).max() > 1e-4:
                same, off = compare(orchestra.render(program, key, duration=SECONDS, sr=SR), theirs)
                agreement.append(same)
                cents.append(abs(off))
    assert np.median(agreement) >= 0.97 and np.percentile(agreement, 5) >= 0.85
    assert np.percentile(cents, 95) <= 5


@pytest.mark.parametrize("program", [0, 24, 40, 56, 73])
def test_release_and_velocity_agree(fluid, program):
    key = 64
    theirs, ours = fluid(program, key, held=1.0, tail=1.0), orchestra.render(program, key, duration=1.0, sr=SR)
    offset = 10 * np.log10((theirs[:SR] ** 2).sum() / (ours[:SR] ** 2).sum())
    for start in np.arange(1.0, 1.35, 0.05):
        cut = slice(int(start * SR), int((start + 0.05) * SR))
        a, b = (10 * np.log10((y[cut] ** 2).mean() + 1e-9) if len(y[cut]) else -90.0 for y in (ours, theirs))
        assert abs(a + offset - b) < 6 or max(a + offset, b) < -60, start
    quiet = 20 * np.log10(np.abs(fluid(program, key, velocity=50)).max() / np.abs(fluid(program, key)).max())
    assert quiet == pytest.approx(40 * np.log10(50 / 100), abs=0.5)


def test_the_comparison_can_tell_wrong_notes(fluid):
    right, _ = compare(orchestra.render(40, 64, duration=SECONDS, sr=SR), fluid(40, 64))
    other, _ = compare(orchestra.render(71, 64, duration=SECONDS, sr=SR), fluid(40, 64))
    assert right > 0.97 and other < 0.9
    _, cents = compare(orchestra.render(40, 64, duration=SECONDS, sr=SR, tuning_cents=7), fluid(40, 64))
    assert cents == pytest.approx(7, abs=1.5)
