# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From a recording to 120 numbers

# %%
import tempfile
from pathlib import Path

import librosa
import numpy as np
import soundfile

from helpers import audio, checks, data, evaluate, features, orchestra, plots

# %% tags=["parameters"]
RECORDING = "practice-solo"
NOTES = "practice-notes"

# %% [markdown]
# ### Question 1: the arithmetic of a signal (2 points)

# %% nbgrader={"grade": false, "grade_id": "signal_arithmetic", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: signal_arithmetic
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    """Say how long a clip is, and how finely its spectrogram divides time and frequency.

    Parameters
    ----------
    n_samples : int, number of samples of the clip
    sr : float, samples per second (Hz)
    n_fft : int, samples in one frame
    hop_length : int, samples from the middle of one frame to the middle of the next

    Returns
    -------
    dict with five numbers:
        "duration": length of the clip in seconds
        "nyquist": highest frequency that samples at this rate can hold, in Hz
        "n_frames": number of frames when the first is centred on sample 0, the next on sample hop_length, and so on,
            as long as the centre does not lie behind sample n_samples
        "frame_step": time from one frame to the next in seconds
        "bin_width": distance in Hz between neighbouring frequencies of the Fourier transform of one frame
    """
    ### BEGIN SOLUTION
    return {
        "duration": n_samples / sr,
        "nyquist": sr / 2,
        "n_frames": 1 + n_samples // hop_length,
        "frame_step": hop_length / sr,
        "bin_width": sr / n_fft,
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "signal_arithmetic-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("signal_arithmetic")
with q.check("keys", hint="return a dict with exactly the names of the docstring"):
    one_second = signal_arithmetic(44100, 44100, 2048, 512)
    checks.keys(one_second, ["duration", "nyquist", "n_frames", "frame_step", "bin_width"], "your answer")
with q.check("one-second", hint="44,100 samples at 44,100 samples per second: how long is that, in seconds?"):
    seconds = checks.array(signal_arithmetic(44100, 44100, 2048, 512)["duration"], '"duration"', shape=())
    assert seconds < 100, '"duration" should be in seconds; yours looks like milliseconds or samples'
    assert abs(seconds - 1) < 1e-9, f'"duration" should be one second here, yours is {seconds:g}'
with q.check("units", hint="seconds for times, Hz for frequencies, a plain count for frames"):
    one_second = signal_arithmetic(44100, 44100, 2048, 512)
    ranges = {"nyquist": ("Hz", 1e3, 1e5), "n_frames": ("frames", 20, 1000)}
    ranges |= {"frame_step": ("seconds", 1e-3, 0.2), "bin_width": ("Hz", 2, 200)}
    for key, (unit, low, high) in ranges.items():
        value = checks.array(one_second[key], f'"{key}"', shape=())
        assert low <= value <= high, f'"{key}" should be in {unit}; {value:g} does not look like that (kHz? ms? samples?)'
### BEGIN HIDDEN TESTS
cases = []
for multiple in (True, False, False):
    n_fft = int(q.rng.integers(256, 4097))
    hop_length = n_fft // int(q.rng.choice([3, 4]))
    sr = int(q.rng.integers(4000, 96001))
    n_hops = int(q.rng.integers(20, 400))
    cases.append((n_hops * hop_length + (0 if multiple else int(q.rng.integers(1, hop_length))), sr, n_fft, hop_length))

with q.check("duration", hint="samples divided by samples per second; the result need not be a whole number"):
    for n_samples, sr, n_fft, hop_length in cases:
        got = checks.array(signal_arithmetic(n_samples, sr, n_fft, hop_length)["duration"], '"duration"', shape=())
        assert got != n_samples // sr, '"duration" has lost its fraction: is this an integer division?'
        checks.close(got, n_samples / sr, '"duration"')
with q.check("nyquist", hint="a wave needs at least two samples per period"):
    for n_samples, sr, n_fft, hop_length in cases:
        got = checks.array(signal_arithmetic(n_samples, sr, n_fft, hop_length)["nyquist"], '"nyquist"', shape=())
        assert abs(got - sr) > 1, '"nyquist" is the sample rate itself: one sample per period cannot hold a wave'
        checks.close(got, sr / 2, '"nyquist"')
with q.check("n_frames", hint="write down the centres for 4 samples and a hop of 2, and count them"):
    for n_samples, sr, n_fft, hop_length in cases:
        got = checks.array(signal_arithmetic(n_samples, sr, n_fft, hop_length)["n_frames"], '"n_frames"', shape=())
        assert got != n_samples // hop_length, '"n_frames" is one too few: a frame is centred on sample 0, too'
        assert got != 1 + (n_samples - n_fft) // hop_length, (
            '"n_frames" counts the frames that lie inside the clip as a whole: here they are centred, the first on sample 0'
        )
        checks.close(got, 1 + n_samples // hop_length, '"n_frames"')
with q.check("frame_step", hint="which of the two lengths lies between one frame and the next?"):
    for n_samples, sr, n_fft, hop_length in cases:
        got = checks.array(signal_arithmetic(n_samples, sr, n_fft, hop_length)["frame_step"], '"frame_step"', shape=())
        assert abs(got * sr / n_fft - 1) > 1e-6, '"frame_step" is the length of a frame, not the step to the next one'
        checks.close(got, hop_length / sr, '"frame_step"')
with q.check("bin_width", hint="n_fft frequencies share the range from 0 to sr"):
    for n_samples, sr, n_fft, hop_length in cases:
        got = checks.array(signal_arithmetic(n_samples, sr, n_fft, hop_length)["bin_width"], '"bin_width"', shape=())
        assert abs(got * (n_fft // 2 + 1) / sr - 1) > 1e-6, (
            '"bin_width" divides sr by the number of bins that are kept: those reach only to half of sr'
        )
        checks.close(got, sr / n_fft, '"bin_width"')
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### Question 2: read any recording (3 points)

# %% nbgrader={"grade": false, "grade_id": "load_mono", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: load_mono
def load_mono(path, sr):
    """Read a recording as mono samples at the sample rate asked for.

    Several channels become one by taking their mean. Frequencies above half of the new rate are filtered out before
    the rate is changed. Nothing else is done to the loudness: a silent file stays silent.

    Parameters
    ----------
    path : str, a WAV, AIFF or FLAC file; the name may hold blanks and accents
    sr : int, sample rate of the result in Hz, whatever the file's own is

    Returns
    -------
    y : (n_samples,) array of floats between -1 and 1, where n_samples is seconds times sr, to within one sample
    """
    ### BEGIN SOLUTION
    y, _ = librosa.load(path, sr=sr, mono=True)
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "load_mono-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("load_mono")
with tempfile.TemporaryDirectory() as folder:
    path = str(Path(folder) / "example.wav")  # 0.75 s of two channels at 32,000 Hz
    audio.write(path, 0.5 * np.stack([audio.tone(500, 32000, 0.75), audio.tone(800, 32000, 0.75)], axis=1), 32000)
    with q.check("samples", hint="return y alone, one row of samples: take the mean over the channels"):
        y = load_mono(path, 16000)
        assert not isinstance(y, tuple), "a pair came back; only the samples are asked for"
        checks.array(y, "y", shape=(None,))
    with q.check("range", hint="16-bit files hold whole numbers up to 32,767: what is full scale?"):
        y = checks.array(load_mono(path, 16000), "y", low=-1, high=1)
        assert y.dtype.kind == "f", f"y should hold floats, but holds {y.dtype}"
        assert np.abs(y).max() > 0.01, "y is (nearly) silent, but the file is not"
    with q.check("seconds", hint="the file lasts 0.75 s; which rate did the samples come out at?"):
        y = checks.array(load_mono(path, 16000), "y", shape=(None,))
        assert abs(len(y) - 0.75 * 22050) > 1, "y is as long as at 22,050 Hz, librosa's default: hand on the rate"
        assert abs(len(y) - 0.75 * 32000) > 1, "y still has the rate of the file: it was not resampled"
        assert abs(len(y) - 0.75 * 16000) <= 1, f"len(y) / sr should be the seconds of the file, but it is {len(y) / 16000:g}"
### BEGIN HIDDEN TESTS


def amplitude(y, frequency, sr):
    """Amplitude of one tone in a clip, by a windowed Fourier sum."""
    window = np.hanning(len(y))
    return 2 * abs(np.sum(window * y * np.exp(-2j * np.pi * frequency * np.arange(len(y)) / sr))) / window.sum()


kinds = [("wav", "PCM_16"), ("wav", "FLOAT"), ("aiff", "PCM_16"), ("flac", "PCM_16")]
with tempfile.TemporaryDirectory() as folder:
    files = []  # path, kind, source rate, target rate, seconds, tones: one a channel
    for i, (ending, subtype) in enumerate(kinds):
        sr_in = int(q.rng.choice([16000, 22050, 32000, 44100, 48000]))
        sr_out = int(q.rng.choice([rate for rate in (8000, 16000, 22050) if rate != sr_in]))
        n = int(q.rng.uniform(0.4, 0.9) * sr_in)
        low = q.rng.uniform(300, 1200)
        tones = [low, low + q.rng.uniform(300, 1500)][: 1 + (i % 2 == 0)]  # two channels, one, two, one
        x = np.stack([0.6 * np.sin(2 * np.pi * f * np.arange(n) / sr_in) for f in tones], axis=1)
        path = str(Path(folder) / f"take{i}.{ending}")
        soundfile.write(path, x, sr_in, subtype=subtype)
        files.append((path, f"{ending.upper()} ({subtype}, {sr_in} to {sr_out} Hz)", sr_in, sr_out, n / sr_in, tones))

    with q.check("length", hint="n * sr / (rate of the file) samples: the factor is not always a whole number"):
        for path, kind, _sr_in, sr_out, seconds, _tones in files:
            y = checks.array(load_mono(path, sr_out), f"y of the {kind} file", shape=(None,), low=-1.01, high=1.01)
            n_off = abs(len(y) - seconds * sr_out)
            assert n_off <= 1, f"y of the {kind} file is {n_off:.0f} samples too long or too short"
    with q.check("both-channels", weight=2, hint="left and right carry different tones: the mean keeps half of each"):
        for path, kind, _sr_in, sr_out, _seconds, tones in files:
            if len(tones) == 2:
                y = checks.array(load_mono(path, sr_out), f"y of the {kind} file", shape=(None,))
                left, right = (20 * np.log10(max(amplitude(y, f, sr_out), 1e-6) / 0.3) for f in tones)
                assert min(left, right) > -20, f"{kind}: the tone of one channel is missing: is only one channel read?"
                assert max(left, right) < 5, f"{kind}: both tones are twice as strong as in the mean: are channels added?"
                assert max(abs(left), abs(right)) < 0.3, f"{kind}: the tones do not keep half of their amplitudes"
    with q.check("one-channel", hint="a mono file only changes its rate: no scaling, no normalising"):
        for path, kind, _sr_in, sr_out, _seconds, tones in files:
            if len(tones) == 1:
                y = checks.array(load_mono(path, sr_out), f"y of the {kind} file", shape=(None,))
                db_off = 20 * np.log10(max(amplitude(y, tones[0], sr_out), 1e-6) / 0.6)
                assert abs(db_off) < 0.3, f"{kind}: the tone is {db_off:+.1f} dB away from its amplitude in the file"
    with q.check("no-aliases", weight=2, hint="filter before you drop samples: what lies above the new Nyquist must go"):
        pairs = [(16000, 8000), (22050, 8000), (32000, 16000), (44100, 22050), (48000, 16000), (48000, 22050)]
        for sr_in, sr_out in q.rng.permutation(pairs)[:3].tolist():
            path = str(Path(folder) / f"high{sr_in}{sr_out}.wav")
            soundfile.write(path, 0.5 * np.sin(2 * np.pi * 0.375 * np.arange(sr_in // 2)), sr_in)
            y = checks.array(load_mono(path, sr_out), "y", shape=(None,))
            middle = y[len(y) // 10 : -len(y) // 10]
            db = 20 * np.log10(max(float(np.sqrt(np.mean(np.square(middle, dtype=float)))), 1e-9) / (0.5 / np.sqrt(2)))
            assert db < -40, (
                f"from {sr_in} to {sr_out} Hz, a tone of {0.375 * sr_in:.0f} Hz should vanish, but comes back as another "
                f"tone {-db:.0f} dB down: an alias"
            )
    with q.check("silent-file", hint="do not divide by the loudest sample"):
        path = str(Path(folder) / "silence.wav")
        soundfile.write(path, np.zeros(8000), 16000)
        y = checks.array(load_mono(path, 8000), "y of a silent file")
        assert np.abs(y).max() < 1e-6, "a silent file should stay silent"
    with q.check("any-name", hint="use the path as it is: a shell would split it at a blank"):
        for name in ("Café solo n° 3.wav", "take 2 (à la fin).flac"):
            path = str(Path(folder) / name)
            soundfile.write(path, np.full(800, 0.25), 8000, subtype="PCM_16")
            y = checks.array(load_mono(path, 8000), "y of a file with blanks in its name", shape=(None,))
            assert abs(np.median(y) - 0.25) < 0.01, "a file with blanks and accents in its name came out as something else"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### Question 3: a power spectrogram in decibels (3 points)

# %% nbgrader={"grade": false, "grade_id": "power_db", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: power_db
def power_db(y, n_fft, hop_length):
    """Compute the power spectrogram of a clip in decibels.

    Frames of n_fft samples are centred on samples 0, hop_length, 2 * hop_length, ...; the clip is continued with zeros
    on both sides. Each frame is multiplied by a periodic Hann window and Fourier transformed. The power is the square
    of the magnitude, P = |STFT|**2, and its level is 10 * log10(max(P, 1e-10)) dB, so 0 dB is a power of 1. In the
    end nothing lies lower than 80 dB below the largest level of the whole array.

    Parameters
    ----------
    y : (n_samples,) floats, at least n_fft of them
    n_fft : int, even
    hop_length : int

    Returns
    -------
    (1 + n_fft // 2, 1 + n_samples // hop_length) levels in dB: rows are frequencies, columns are frames
    """
    ### BEGIN SOLUTION
    power = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    return librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=80)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "power_db-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("power_db")
with q.check("shape", hint="rows are frequencies 0 to Nyquist, columns are centred frames"):
    S_db = checks.array(power_db(audio.tone(1000, 8000, 0.5), 512, 128), "the spectrogram")
    assert S_db.shape != (32, 257), "rows and columns are swapped: transpose the array"
    assert S_db.shape != (257, 28), "frames are missing at both ends: they should be centred (center=True)"
    checks.array(S_db, "the spectrogram", shape=(257, 32))
with q.check("half-amplitude", hint="half the amplitude is a quarter of the power: by how many dB does the picture shift?"):
    y = audio.tone(1000, 8000, 0.5)
    loud = checks.array(power_db(y, 512, 128), "the spectrogram")
    soft = checks.array(power_db(y / 2, 512, 128), "the spectrogram")
    shift = float(loud.max() - soft.max())
    assert abs(shift) > 0.01, "a softer tone looks as loud: is the level taken relative to the maximum (ref=np.max)?"
    assert abs(shift - 3.01) > 0.05, "the picture shifts by 3.01 dB: a magnitude was taken for a power (square it)"
    assert abs(shift - 12.04) > 0.05, "the picture shifts by 12.04 dB: a power was taken for an amplitude (20 log10)"
    assert abs(shift - 13.86) > 0.05, "the picture shifts by 13.86 dB: a natural logarithm in place of log10?"
    assert abs(shift - 6.02) < 0.05, f"half the amplitude should shift the picture by 6.02 dB, yours shifts by {shift:.2f}"
### BEGIN HIDDEN TESTS


def reference(y, n_fft, hop_length):
    """The definition of the question, frame by frame."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(np.asarray(y, dtype=float), n_fft // 2)
    starts = np.arange(1 + len(y) // hop_length) * hop_length
    power = np.abs(np.fft.rfft([padded[s : s + n_fft] * window for s in starts], axis=1).T) ** 2
    level = 10 * np.log10(np.maximum(power, 1e-10))
    return np.maximum(level, level.max() - 80)


def clip(n):
    """A tone in loud noise: few bins come near the floor."""
    tone = np.sin(2 * np.pi * q.rng.uniform(0.02, 0.3) * np.arange(n))
    return (0.4 * tone + 0.1 * q.rng.standard_normal(n)).astype(np.float32)


cases = []
for _ in range(3):
    n_fft = 2 * int(q.rng.integers(128, 700))
    cases.append((clip(int(q.rng.integers(4000, 9000))), n_fft, n_fft // int(q.rng.choice([2, 3, 4, 5]))))

with q.check("any-size", hint="(1 + n_fft // 2, 1 + n_samples // hop_length), also for sizes that are no powers of two"):
    for y, n_fft, hop_length in cases:
        checks.array(power_db(y, n_fft, hop_length), "the spectrogram", (1 + n_fft // 2, 1 + len(y) // hop_length))
with q.check("gain-law", weight=2, hint="multiplying y by g must add 20 log10(g) dB everywhere above the floor"):
    for y, n_fft, hop_length in cases:
        g = q.rng.uniform(0.05, 0.9)
        before, after = power_db(y, n_fft, hop_length), power_db((g * y).astype(np.float32), n_fft, hop_length)
        change = checks.array(after, "the spectrogram") - checks.array(before, "the spectrogram")
        change = np.median(change[np.asarray(before) > np.max(before) - 60])
        assert abs(change) > 0.01 or abs(change - 20 * np.log10(g)) < 0.01, "a gain changes nothing: relative to the maximum?"
        ratio = change / (20 * np.log10(g))
        assert abs(ratio - 0.5) > 0.01, "a gain changes half as many dB as it should: magnitude taken for power"
        assert abs(ratio - 2) > 0.01, "a gain changes twice as many dB as it should: power taken for amplitude"
        assert abs(ratio - 1) < 0.002, f"a gain of g should add 20 log10(g) dB; here it adds {ratio:.3f} times that"
with q.check("floor", hint="the floor is one number for the whole array: its maximum minus 80 dB"):
    y, n_fft, hop_length = cases[0]
    half_silent = np.concatenate([y, np.zeros(6 * n_fft, np.float32), 0.01 * y])
    S_db = checks.array(power_db(half_silent, n_fft, hop_length), "the spectrogram")
    span = S_db.max() - S_db.min()
    assert span < 80.02, f"from the floor to the maximum there should be 80 dB, here there are {span:.1f}"
    assert span > 79.98, f"silence should lie 80 dB below the maximum, here it lies {span:.1f} dB below"
    checks.close(S_db, reference(half_silent, n_fft, hop_length), "a clip with a pause", rtol=0, atol=0.05)
with q.check("silence", hint="log10 of 0 is not a number of dB: that is what 1e-10 is for"):
    checks.close(power_db(np.zeros(4000, np.float32), 512, 128), np.full((257, 32), -100.0), "silence", atol=0.01)
with q.check("edges", hint="beyond its ends the clip is continued with zeros, not mirrored"):
    for y, n_fft, hop_length in cases:
        want, got = reference(y, n_fft, hop_length), np.asarray(power_db(y, n_fft, hop_length))
        checks.array(got, "the spectrogram", shape=want.shape)
        checks.close(got[:, [0, -1]], want[:, [0, -1]], "the first and last frame", rtol=0, atol=0.01)
with q.check("values", weight=2, hint="periodic Hann window; |STFT|**2; 10 log10; 0 dB is a power of 1"):
    for y, n_fft, hop_length in cases:
        want = reference(y, n_fft, hop_length)
        got = checks.array(power_db(y, n_fft, hop_length), "the spectrogram", shape=want.shape)
        off = np.median(got - want)
        assert abs(off) < 0.02 or np.ptp(np.percentile(got - want, [5, 95])) > 0.02, (
            f"all levels are off by {off:+.2f} dB: 0 dB is a power of 1, with no other reference or scaling"
        )
        checks.close(got, want, "the spectrogram", rtol=0, atol=0.01)
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### Question 4: where notes begin (3 points)

# %% nbgrader={"grade": false, "grade_id": "note_onsets", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: note_onsets
def note_onsets(y, sr):
    """Find the times at which notes begin, in a recording whose notes are separated by silence.

    Measure the level as RMS (root of the mean square) in frames of 10 ms that follow each other without overlap. A
    frame sounds when its RMS is more than 40 dB below that of the loudest frame or less, that is, above 0.01 times
    the largest RMS. A note begins with each sounding frame that comes after at least 100 ms (ten frames) without any;
    before the first sample there is silence. A clip of zeros has no notes.

    Parameters
    ----------
    y : (n_samples,) floats
    sr : int, Hz

    Returns
    -------
    (n_notes,) times in seconds, ascending: the start of the first frame of each note
    """
    ### BEGIN SOLUTION
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.01 * rms.max())
    quiet_before = np.diff(sounding, prepend=-100) > 10
    return sounding[quiet_before] * frame / sr
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "note_onsets-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("note_onsets")
silence, note = np.zeros(4410, np.float32), 0.5 * audio.tone(440, 22050, 0.3)
three_notes = np.concatenate([silence, note, silence, note, silence, silence, note, silence])  # silences of 0.2 s
with q.check("count", hint="print what you return: one time for each of the three notes is asked"):
    onsets = checks.array(note_onsets(three_notes, 22050), "the onsets", shape=(None,))
    assert len(onsets) == 3, f"the example has 3 notes, you found {len(onsets)}"
with q.check("seconds", hint="a frame number times the step of your frames, divided by sr, is a time"):
    onsets = checks.array(note_onsets(three_notes, 22050), "the onsets", shape=(None,))
    assert len(onsets) > 0, "no onset was found"
    assert max(onsets) <= len(three_notes) / 22050, (
        f"the clip lasts {len(three_notes) / 22050:.1f} s, but your last onset is {max(onsets):g}: frames or samples?"
    )
    assert all(np.diff(onsets) > 0), "the times should ascend"
### BEGIN HIDDEN TESTS


def fault(onsets, want, ends):
    """Which kind of mistake the onsets show: their number, the ends of notes, a common factor, single times."""
    n, m = len(want), len(onsets)
    if m == n - 1 and np.allclose(onsets, want[1:], atol=0.03):
        return "the first note is missed"
    if m == n - 1 and np.allclose(onsets, want[:-1], atol=0.03):
        return "the last note is missed"
    if m < n:
        return f"there are {n} notes, you found only {m}: is the limit a fixed level, whatever the recording's?"
    near_a_start = np.abs(onsets[:, None] - want).min(axis=1) < 0.04
    near_an_end = np.abs(onsets[:, None] - ends).min(axis=1) < 0.08
    if n > 1 and (near_an_end & ~near_a_start).sum() >= n - 1:
        return "ends of notes are taken for onsets"
    if m > n:
        return f"there are {n} notes, you found {m}: does every swing of the level count, or noise below the limit?"
    factor = onsets[-1] / want[-1]
    if abs(factor - 1) > 0.05 and np.ptp(onsets / want) < 0.1:
        return f"all times are {factor:.2f} times what they should be: converted with the hop of other frames?"
    n_off = int((np.abs(onsets - want) >= 0.03).sum())
    return f"{n_off} of {n} onsets lie more than 30 ms away" if n_off else ""


# Independent instruments whose notes speak at once; a slow attack would blur what "begins" means.
sustained, plucked = [40, 42, 56, 60, 61, 64, 67, 68, 71, 73], [0, 11, 12, 13, 24, 32, 46]
phrases = []
for i in range(3):
    n_notes, sr = int(q.rng.integers(3, 7)), int(q.rng.choice([16000, 22050, 44100]))
    durations = q.rng.uniform(0.3, 0.7, n_notes)
    y, want = orchestra.phrase(
        [int(q.rng.choice(sustained if q.rng.random() < 0.5 else plucked)) for _ in range(n_notes)],
        [int(key) for key in q.rng.integers(55, 80, n_notes)],
        durations=durations,
        gaps=q.rng.uniform(0.15, 0.6, n_notes - 1),
        lead=float(q.rng.uniform(0.1, 1)),
        gain=[0.02, float(q.rng.uniform(0.1, 0.6)), 1.0][i],
        vibrato=(q.rng.random(n_notes) < 0.5).tolist(),
        release=0.05,
        sr=sr,
        seed=int(q.rng.integers(1000)),
    )
    phrases.append((y, sr, want, want + durations + 0.05))

with q.check("soft", weight=2, hint="compare with the loudest frame of this clip: a recording may be soft as a whole"):
    y, sr, want, ends = phrases[0]
    message = fault(checks.array(note_onsets(y, sr), "the onsets", shape=(None,)), want, ends)
    assert not message, message
with q.check("middling", weight=2, hint="a note begins where the level rises above the limit, and ends where it falls"):
    y, sr, want, ends = phrases[1]
    message = fault(checks.array(note_onsets(y, sr), "the onsets", shape=(None,)), want, ends)
    assert not message, message
with q.check("loud", weight=2, hint="a note begins where the level rises above the limit, and ends where it falls"):
    y, sr, want, ends = phrases[2]
    message = fault(checks.array(note_onsets(y, sr), "the onsets", shape=(None,)), want, ends)
    assert not message, message
with q.check("from-the-start", hint="a note may begin with the first sample: silence is assumed before it"):
    y, sr, want, ends = phrases[1]
    first = int(want[0] * sr)
    onsets = checks.array(note_onsets(y[first:], sr), "the onsets", shape=(None,))
    message = fault(onsets, want - first / sr + 1e-9, ends - first / sr)
    assert not message, f"in a clip that begins with a note, {message}"
with q.check("swings", hint="loud and soft within one note, without 100 ms of silence, is still one note"):
    sr, start = 22050, float(q.rng.uniform(0.2, 0.5))
    t = np.arange(int(1.5 * sr)) / sr
    swell = 10 ** ((-16 + 16 * np.cos(2 * np.pi * q.rng.uniform(4, 7) * t)) / 20)  # down by 32 dB and back
    y = np.concatenate([np.zeros(int(start * sr)), 0.5 * swell * np.sin(2 * np.pi * 330 * t), np.zeros(sr // 2)])
    onsets = checks.array(note_onsets(y.astype(np.float32), sr), "the onsets", shape=(None,))
    message = fault(onsets, np.array([start]), np.array([start + 1.5]))
    assert not message, f"in one note with a strong tremolo, {message}"
with q.check("zeros", hint="where the largest RMS is 0, no frame is above 0.01 times it"):
    assert np.size(note_onsets(np.zeros(8000, np.float32), 16000)) == 0, "a clip of zeros has no notes"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### Question 5: how high each note is (3 points)

# %% nbgrader={"grade": false, "grade_id": "note_pitches", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: note_pitches
def note_pitches(y, sr, onsets, fmin, fmax):
    """Measure the fundamental frequency of each note.

    A note is judged by its steady part, from 0.1 s after its onset to the onset of the next note (to the end of the
    clip for the last one). What is silent at the end of that stretch does not count. The second harmonic may well be
    stronger than the fundamental.

    Parameters
    ----------
    y : (n_samples,) floats, one note after the other
    sr : int, Hz
    onsets : (n_notes,) seconds, ascending
    fmin, fmax : float, Hz: the fundamentals lie between these two; other sounds may lie outside

    Returns
    -------
    (n_notes,) fundamental frequencies in Hz, one per onset
    """
    ### BEGIN SOLUTION
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr], strict=True):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        pitch = librosa.yin(note, fmin=fmin, fmax=fmax, sr=sr)
        level = librosa.feature.rms(y=note)[0]
        pitches.append(np.median(pitch[level > 0.3 * level.max()]))
    return np.array(pitches)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "note_pitches-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("note_pitches")
with q.check("test-tone", hint="the distance between harmonics, or the shortest period, tells the fundamental"):
    tone = 0.5 * audio.tone(440, 22050, 0.8, (0.4, 1.0, 0.5))  # 440 Hz, its second harmonic the strongest
    pitches = checks.array(note_pitches(tone, 22050, [0.0], 200, 1000), "the pitches", shape=(1,))
    assert abs(pitches[0] - 69) > 0.5, "the pitch came out as a MIDI number; Hz is asked"
    assert abs(pitches[0] / 880 - 1) > 0.03, (
        "an octave too high: the strongest harmonic is not the fundamental (or the bins have the wrong width)"
    )
    assert abs(pitches[0] / 220 - 1) > 0.03, "an octave too low: two periods were taken for one"
    assert abs(1200 * np.log2(max(pitches[0], 1e-9) / 440)) < 35, f"the tone has 440 Hz, you found {pitches[0]:.1f}"
with q.check("one-each", hint="loop over the onsets: each note ends where the next begins"):
    two = np.concatenate([0.5 * audio.tone(f, 22050, 0.6, (1.0, 0.5, 0.3)) for f in (300, 400)])
    checks.array(note_pitches(two, 22050, np.array([0.0, 0.6]), 200, 1000), "the pitches", shape=(2,), low=0)
### BEGIN HIDDEN TESTS


def fault(pitches, want):
    """Which kind of mistake the pitches show: unit, octave, width of the bins, single notes (beyond 35 cents)."""
    ratio = pitches / want
    cents = 1200 * np.log2(ratio)
    n_wrong, n = int((np.abs(cents) >= 35).sum()), len(want)
    n_high, n_low = int((np.abs(cents - 1200) < 50).sum()), int((np.abs(cents + 1200) < 50).sum())
    if np.allclose(pitches, 69 + 12 * np.log2(want / 440), atol=0.6):
        return "the pitches came out as MIDI numbers; Hz is asked"
    if n_high:
        return f"{n_high} of {n} notes came out an octave too high: the loudest harmonic, or bins of the wrong width?"
    if n_low:
        return f"{n_low} of {n} notes came out an octave too low"
    if n_wrong == n and n > 1 and np.ptp(ratio) < 0.1 * np.median(ratio):
        return f"all pitches are {np.median(ratio):.3g} times what they should be: bins converted to Hz by a wrong width?"
    return f"{n_wrong} of {n} notes are more than 35 cents off" if n_wrong else ""


def melody(sr, n_notes, low, high, silent_share=0.0, bright_db=(6, 12)):
    """Notes of six harmonics whose second is the strongest, each followed by some silence; onsets and fundamentals."""
    parts, onsets, pitches, at = [np.zeros(int(0.15 * sr))], [], [], int(0.15 * sr)
    for _ in range(n_notes):
        f0 = 440 * 2 ** ((q.rng.integers(low, high + 1) - 69 + q.rng.uniform(-0.3, 0.3)) / 12)
        amplitudes = np.array([1, 10 ** (q.rng.uniform(*bright_db) / 20), *(0.7 / np.arange(1, 5))])
        phases = q.rng.uniform(0, 2 * np.pi, 6)
        note = audio.tone(f0, sr, q.rng.uniform(0.5, 0.7), 0.15 * amplitudes, phases)
        fade = np.clip(np.arange(len(note)) / (0.01 * sr), 0, 1)
        parts += [note * fade * fade[::-1], np.zeros(int(silent_share * len(note)))]
        onsets.append(at / sr)
        pitches.append(f0)
        at += len(parts[-2]) + len(parts[-1])
    return np.concatenate(parts).astype(np.float32), np.array(onsets), np.array(pitches)


with q.check("strong-second-harmonic", weight=2, hint="look for the period of the whole wave, not for its loudest part"):
    sr = int(q.rng.choice([16000, 22050, 44100]))
    y, onsets, want = melody(sr, 4, 52, 84)
    pitches = checks.array(note_pitches(y, sr, onsets, 150, 1100), "the pitches", shape=(4,), low=1e-6)
    message = fault(pitches, want)
    assert not message, message
with q.check("silent-ends", hint="leave out the frames that are silent before you take the median or the mean"):
    y, onsets, want = melody(22050, 3, 52, 84, silent_share=1.5)
    pitches = checks.array(note_pitches(y, 22050, onsets, 150, 1100), "the pitches", shape=(3,), low=1e-6)
    message = fault(pitches, want)
    assert not message, f"where silence follows each note, {message}"
with q.check("range", hint="hand fmin and fmax on to the method, or search only between them"):
    y, onsets, want = melody(22050, 3, 69, 83, bright_db=(6, 7))
    drone = 0.3 * audio.tone(q.rng.uniform(85, 100), 22050, len(y) / 22050 + 0.01)[: len(y)]
    pitches = checks.array(note_pitches(y + drone, 22050, onsets, 400, 1100), "the pitches", shape=(3,), low=1e-6)
    message = fault(pitches, want)
    assert not message, f"over a low drone that lies outside fmin to fmax, {message}"
with q.check("practice-notes", hint="a real tone swells and shakes a little: take the median over its frames"):
    keys = q.rng.permutation(np.arange(60, 80))[:2].tolist()
    programs = q.rng.permutation([40, 42, 56, 61, 67, 68, 71, 73])[:2].tolist()
    y, onsets = orchestra.phrase(programs, keys, durations=0.8, gaps=0.3, seed=int(q.rng.integers(1000)))
    pitches = checks.array(note_pitches(y, 22050, onsets, 150, 1100), "the pitches", shape=(2,), low=1e-6)
    message = fault(pitches, orchestra.key_to_hz(keys))
    assert not message, f"of two practice notes, {message}"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### Question 6: the spectral centroid (2 points)

# %% nbgrader={"grade": false, "grade_id": "spectral_centroid", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: spectral_centroid
def spectral_centroid(S, freq):
    """Compute the centre of gravity of each frame's spectrum.

    In each frame: the sum of freq times S over all bins, divided by the sum of S. A frame of zeros gives 0.0.

    Parameters
    ----------
    S : (n_bins, n_frames) magnitudes (not powers), 0 or above
    freq : (n_bins,) frequency of each bin in Hz; the bins need not be evenly spaced

    Returns
    -------
    (n_frames,) centroids in Hz
    """
    ### BEGIN SOLUTION
    total = S.sum(axis=0)
    return (freq[:, None] * S).sum(axis=0) / np.where(total > 0, total, 1.0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spectral_centroid-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("spectral_centroid")
with q.check("two-lines", hint="two equal weights at 100 Hz and 300 Hz balance in the middle"):
    S, freq = np.array([[1.0, 2.0], [1.0, 2.0]], dtype=np.float32), np.array([100.0, 300.0], dtype=np.float32)
    centroid = checks.array(spectral_centroid(S, freq), "the centroid", shape=(2,))
    assert np.all(centroid >= 100), f"a centroid in Hz lies between the lowest and the highest bin, yours is {centroid[0]:g}"
    assert np.all(centroid <= 300), f"{centroid.max():g} lies above the highest bin: divide by the sum of S in the frame"
    checks.close(centroid, [200, 200], "the centroid of two equal lines")
### BEGIN HIDDEN TESTS
n_bins, n_frames = int(q.rng.integers(20, 60)), int(q.rng.integers(7, 19))
S = q.rng.exponential(size=(n_bins, n_frames)).astype(np.float32)
freq = np.sort(q.rng.uniform(20, 11000, n_bins)).astype(np.float32)
want = (freq.astype(float) @ S.astype(float)) / S.astype(float).sum(axis=0)
with q.check("one-per-frame", hint="sum over the bins (axis 0), not over everything"):
    checks.array(spectral_centroid(S, freq), "the centroid", shape=(n_frames,))
with q.check("gain", hint="a louder sound is not a brighter one: divide by the sum"):
    g = float(q.rng.uniform(0.01, 0.5))
    before, after = spectral_centroid(S, freq), spectral_centroid((g * S).astype(np.float32), freq)
    checks.close(after, before, "the centroid after a gain")
with q.check("silent-frames", hint="0 / 0 is not a number: what is asked for a frame of zeros?"):
    quiet = S.copy()
    zeros = q.rng.permutation(n_frames)[:2]
    quiet[:, zeros] = 0
    centroid = checks.array(spectral_centroid(quiet, freq), "the centroid of a clip with silent frames", shape=(n_frames,))
    checks.close(centroid[zeros], [0, 0], "the centroid of silent frames")
    checks.close(np.delete(centroid, zeros), np.delete(want, zeros), "the centroid of the other frames")
with q.check("values", weight=2, hint="sum(freq * S) / sum(S) in each frame"):
    got = checks.array(spectral_centroid(S, freq), "the centroid", shape=(n_frames,))
    power = (freq.astype(float) @ S.astype(float) ** 2) / (S.astype(float) ** 2).sum(axis=0)
    assert not np.allclose(got, power, rtol=1e-3), "S was squared: the magnitudes are the weights, not the powers"
    bins = (np.arange(n_bins) @ S.astype(float)) / S.astype(float).sum(axis=0)
    assert not np.allclose(got, bins, rtol=1e-3), "these are bin numbers, not Hz"
    even = (np.linspace(freq[0], freq[-1], n_bins) @ S.astype(float)) / S.astype(float).sum(axis=0)
    assert not np.allclose(got, even, rtol=1e-3), "the bins were taken as evenly spaced: use freq as it is"
    checks.close(got, want, "the centroid")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### Question 7: a note in 120 numbers (4 points)

# %% nbgrader={"grade": false, "grade_id": "note_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: note_features
def note_features(y, sr):
    """Describe a note of any length by 120 numbers.

    Compute 20 MFCC per frame (frames of 2048 samples every 512, 128 mel bands, orthonormal DCT: librosa's own
    defaults), then their first and second differences along time with
    librosa.feature.delta(..., width=9, mode="nearest"), order 1 and 2. Take mean and standard deviation of each over
    the frames (np.std as it is: divided by the number of frames).

    Parameters
    ----------
    y : (n_samples,) floats; a note may be so short that it has fewer than nine frames
    sr : int, Hz

    Returns
    -------
    (120,) numbers in this order, 20 each: means, standard deviations, means of the first differences, their standard
    deviations, means of the second differences, their standard deviations
    """
    ### BEGIN SOLUTION
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20, n_fft=2048, hop_length=512)
    first = librosa.feature.delta(mfcc, width=9, order=1, mode="nearest")
    second = librosa.feature.delta(mfcc, width=9, order=2, mode="nearest")
    return np.concatenate([part for m in (mfcc, first, second) for part in (m.mean(axis=1), m.std(axis=1))])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "note_features-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("note_features")
with q.check("length", hint="six statistics of 20 coefficients, each taken over the frames (axis 1)"):
    half = checks.array(note_features(audio.tone(300, 22050, 0.5), 22050), "your answer", shape=(None,))
    whole = checks.array(note_features(audio.tone(300, 22050, 1.0), 22050), "your answer", shape=(None,))
    assert len(half) == len(whole), (
        f"a longer note gives more numbers ({len(half)}, then {len(whole)}): over which axis are the means taken?"
    )
    assert len(half) == 120, f"120 numbers are asked, you have {len(half)}"
with q.check("order", hint="all 20 means first; a sum of steady tones has hardly any spread and no slope"):
    tone = audio.tone(330, 22050, 10.0, 0.3 / np.arange(1, 30))
    v = checks.array(note_features(tone, 22050), "your answer", shape=(120,))
    means, rest = np.linalg.norm(v[:20]), np.linalg.norm(v[20:])
    assert rest < 0.2 * means, "for a steady tone, entries 20 to 119 should be nearly 0: are the 20 means in front?"
### BEGIN HIDDEN TESTS


def reference(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20, n_fft=2048, hop_length=512, n_mels=128)
    deltas = [librosa.feature.delta(mfcc, width=9, order=order, mode="nearest") for order in (1, 2)]
    return np.concatenate([part for m in (mfcc, *deltas) for part in (m.mean(axis=1), m.std(axis=1))])


def note(seconds, sr):
    """A note in a little noise: it fades in, swells and shakes, so that no statistic is 0."""
    t = np.arange(int(seconds * sr)) / sr
    f0 = q.rng.uniform(150, 800)
    phase = 2 * np.pi * f0 * t + 0.3 * np.sin(2 * np.pi * 5.5 * t)
    amplitudes = q.rng.uniform(0.2, 1, 6) / np.arange(1, 7)
    y = sum(a * np.sin(k * phase) for k, a in enumerate(amplitudes, start=1)) * np.exp(-q.rng.uniform(0.5, 2) * t)
    return (0.15 * y + 0.003 * q.rng.standard_normal(len(t))).astype(np.float32)


sr = int(q.rng.choice([16000, 24000, 32000]))
long_note = note(q.rng.uniform(0.9, 1.5), sr)
short_note = note(q.rng.uniform(0.05, 0.08), 44100)  # five to seven frames
with q.check("gain-law", weight=2, hint="no normalising, and decibels only once: a gain moves the first mean alone"):
    g = float(q.rng.uniform(0.1, 0.6))
    before = checks.array(note_features(long_note, sr), "your answer", shape=(120,))
    change = checks.array(note_features((g * long_note).astype(np.float32), sr), "your answer", shape=(120,)) - before
    want = 20 * np.log10(g) * np.sqrt(128)
    assert abs(change[0]) > 0.01 * abs(want), (
        "a softer note has the same first mean: is y divided by its peak, or the logarithm taken twice?"
    )
    assert abs(change[0] / want - 1) < 1e-3, (
        f"a gain of {g:.2f} moves the first mean by {change[0]:.2f}, that is {change[0] / want:.2f} times "
        "what the decibels of the gain give: is the logarithm taken twice, or of a magnitude?"
    )
    n_moved = int((np.abs(change[1:]) > 1e-3 * max(1, np.abs(before).max())).sum())
    assert n_moved == 0, f"a gain should change the first mean and nothing else; {n_moved} other entries move"
with q.check("twice-the-note", hint="means and deviations, not sums: the length of a note does not count"):
    once, twice = note_features(long_note, sr), note_features(np.concatenate([long_note, long_note]), sr)
    drift = np.abs(checks.array(twice, "your answer", (120,)) - checks.array(once, "your answer", (120,)))[:20]
    assert drift.max() < 0.15 * np.abs(once).max(), "the same note twice should have nearly the same means"
with q.check("short-note", hint="with fewer than nine frames, delta needs mode='nearest'"):
    got = checks.array(note_features(short_note, 44100), "your answer for a note of few frames", shape=(120,))
    want = reference(short_note, 44100)
    n_frames = 1 + len(short_note) // 512
    blocks = got.reshape(6, 20)[1::2] / want.reshape(6, 20)[1::2]
    factor = np.sqrt(n_frames / (n_frames - 1))
    assert not np.allclose(blocks, factor, rtol=1e-3), "the deviations are divided by the number of frames less one: ddof?"
    checks.close(got, want, "the description of a note of few frames", rtol=1e-3, atol=1e-3)
with q.check("values", weight=2, hint="go through the docstring: 2048, 512, 128, 20; width 9; the order of the six parts"):
    got, want = checks.array(note_features(long_note, sr), "your answer", shape=(120,)), reference(long_note, sr)
    if np.allclose(np.sort(got), np.sort(want), rtol=1e-3, atol=1e-3):
        checks.close(got, want, "the order of the entries (their values are right)", rtol=1e-3, atol=1e-3)
    names = ["means", "deviations", *(f"{part} of the {nth} differences" for nth in ("first", "second") for part in ("means", "deviations"))]
    for name, mine, right in zip(names, got.reshape(6, 20), want.reshape(6, 20), strict=True):
        checks.close(mine, right, f"the block of {name}", rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS
q.score()
