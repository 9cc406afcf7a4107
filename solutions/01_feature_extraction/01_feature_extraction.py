# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From a recording to 120 numbers
#
# A saxophone plays a few notes. You hear them, see them, and turn each of them into 120 numbers from which a program
# can tell instruments apart. Nothing is taken on trust: you build each step, and you test it with a law that it must
# obey.
#
# **After this lesson you can**
#
# - read any recording at a sample rate that you state, and say what that rate can hold and what it cannot;
# - draw a spectrogram in decibels, and find out whether somebody else's decibels are right;
# - cut a recording into notes and measure how high each of them is;
# - compute mel-frequency cepstral coefficients (MFCC) step by step, and say what each step keeps and throws away;
# - describe a note of any length by 120 numbers, and show which mistakes in such a description cost what.
#
# **Time:** about two hours. All cells together run in well under a minute on two CPU cores; the first time they need
# one or two minutes more (the notes are rendered then). Colab is about as fast; no GPU is needed.
#
# **You should know:** a little Python and numpy (arrays, axes, functions). Sound and music are explained as we go.
#
# **Data:** a solo and a set of notes that the course renders on your machine from the instruments of a General MIDI
# soundfont. They are practice data, and every score says so. Other names in the cell below (or the path of a
# recording of your own) run the same lesson on real recordings.
#
# **Where it comes from:** an assignment that many courses have used, and one report that answers it. It begins with
# the features, takes a finished table of "120 MFCCs" per note from a web page, and reports more than 99 % correct.
# This lesson makes such a table itself. The next one asks what the 99 % are worth.
#
# There are seven questions, 20 points in all. Cells that say **Your prediction** earn no points; they are there
# because a surprise teaches only those who expected something.
#
# **Limits:** when your notebook is graded, your answer has 20 seconds of CPU time for all checks of a question, and the
# notebook has 4 GB of memory. Plain Python loops are fast enough for every question of this lesson.

# %%
import sys
import tempfile
from pathlib import Path

import librosa
import numpy as np
import soundfile
from scipy.fft import dct, idct
from scipy.signal import resample
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from helpers import audio, checks, data, evaluate, features, orchestra, player, plots, standardize

# %% tags=["parameters"]
RECORDING = "practice-solo"
NOTES = "practice-notes"

# %% [markdown]
# ## 1. Hear it, see it
#
# The header of a recording says how its samples are stored, before a single one is read.

# %% tags=["explore"]
solo_path = data.file(RECORDING)
about = audio.info(solo_path)
print(f"{about.path.name}: {about.n_channels} channel(s), {about.sr:,} samples a second, {about.subtype}")
print(f"{about.n_samples:,} samples, {about.duration:.2f} s")

# %% [markdown]
# We read it at 22,050 samples a second. That number is a decision, and it is written down once: every time and every
# frequency in this lesson is computed from it.

# %% tags=["explore"]
SR = 22050
solo = audio.load(solo_path, sr=SR)
player.single(solo, SR, "the recording", seconds=20)

# %% [markdown]
# In the practice recording, a soprano saxophone plays four notes, softly and with vibrato, each a semitone above the
# last: C, C sharp, D, E flat. The picture below shows the same without sound: stretches where the samples swing, with
# silence in between.

# %% tags=["explore"]
plots.show(plots.waveform(solo, SR, title="The recording: samples against time"))

# %% [markdown]
# A waveform shows *when* and *how loud*. It does not show *how high*, nor which instrument: at this scale a flute and
# a trumpet look alike. A closer look at a fiftieth of a second shows why there is hope: the wave repeats itself.

# %% tags=["explore"]
loudest = np.abs(solo).argmax()
from_here = int(np.clip(loudest - 0.01 * SR, 0, max(0, len(solo) - 0.02 * SR)))
plots.show(plots.waveform(solo[from_here : from_here + int(0.02 * SR)], SR, title="20 ms around the loudest sample"))

# %% [markdown]
# The number of repetitions per second is the **fundamental frequency**, and we hear it as pitch. The *shape* of one
# repetition is the timbre: it differs from instrument to instrument, and it is what this course is about.
#
# ### The arithmetic of a signal
#
# Four numbers decide what any later picture can show: how many samples there are, how many per second, how many go
# into one frame, and how far the next frame lies. Everything else follows by one division each. The highest frequency
# that samples can hold needs two samples per period, one up and one down: it is named after Harry Nyquist.
#
# #### Question 1: signal_arithmetic (2 points)
#
# Think of four samples and a hop of two before you write the number of frames: where do the centres lie?


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
    names = ["duration", "nyquist", "n_frames", "frame_step", "bin_width"]
    checks.keys(one_second, names, "your answer")
    checks.array([one_second[name] for name in names], "the five numbers", shape=(5,), vary=True)
with q.check("one-second", hint="44,100 samples at 44,100 samples per second: how long is that, in seconds?"):
    seconds = checks.array(signal_arithmetic(44100, 44100, 2048, 512)["duration"], '"duration"', shape=())
    longer = checks.array(signal_arithmetic(3 * 44100, 44100, 2048, 512)["duration"], '"duration"', shape=())
    assert longer > seconds, '"duration" does not grow with the number of samples'
    assert seconds < 100, '"duration" should be in seconds; yours looks like milliseconds or samples'
    assert abs(seconds - 1) < 1e-9, f'"duration" should be one second here, yours is {seconds:g}'
with q.check("units", hint="seconds for times, Hz for frequencies, a plain count for frames"):
    one_second = signal_arithmetic(44100, 44100, 2048, 512)
    ranges = {"nyquist": ("Hz", 1e3, 1e5), "n_frames": ("frames", 20, 1000)}
    ranges |= {"frame_step": ("seconds", 1e-3, 0.2), "bin_width": ("Hz", 2, 200)}
    for key, (unit, low, high) in ranges.items():
        value = checks.array(one_second[key], f'"{key}"', shape=())
        assert low <= value <= high, (
            f'"{key}" should be in {unit}; {value:g} does not look like that (kHz? ms? samples?)'
        )
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
            '"n_frames" counts the frames that lie inside the clip as a whole: here the first is centred on sample 0'
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
# Here is what your function says of the recording, with the frames that we shall use most.

# %% tags=["explore"]
checks.demo(lambda: signal_arithmetic(len(solo), SR, 2048, 512))

# %% [markdown]
# ### Experiment: what is the sample rate?
#
# A report on another data set says that notes of 4 s, recorded at 16,000 samples a second, were brought "to 8 kHz",
# and that the network's input has 8,000 numbers. Those two sentences do not fit. One way to get there is a function
# whose argument looks like a rate and is a *count*: `scipy.signal.resample(y, 8000)` gives 8,000 samples, however
# long the sound is.

# %% [markdown] tags=["prediction"]
# **Your prediction:** 4 s of sound become 8,000 samples. The new sample rate is ... Hz, and the highest frequency
# left is ... Hz:
#

# %% tags=["explore"]
four_seconds = librosa.util.fix_length(solo[: 4 * SR], size=4 * SR)
crushed = resample(four_seconds, 8000).astype(np.float32)
new_rate = len(crushed) / 4
print(
    f"{len(crushed):,} samples / 4 s = {new_rate:,.0f} samples a second: nothing above {new_rate / 2:,.0f} Hz is left"
)

# %% [markdown]
# Divide the length of the array by the seconds of the sound: that is the rate, whatever a variable is called. Now
# look at what it costs. Both pictures have the same axes (the colours are scaled to each).

# %% tags=["explore"]
figure, (above, below) = plots.panels(2, 1, size=(7.5, 2.6), sharex=True)
full_db = librosa.power_to_db(features.power(four_seconds))
crushed_db = librosa.power_to_db(features.power(audio.resample(crushed, new_rate, SR)))
plots.spectrogram(full_db, SR, 512, ax=above, fmax=8000, title=f"At {SR:,} Hz")
plots.spectrogram(crushed_db, SR, 512, ax=below, fmax=8000, title=f"After {new_rate:,.0f} Hz")
plots.show(figure)

# %% tags=["explore"]
at_8000 = audio.resample(four_seconds, SR, 8000)
player.table(
    {"as recorded": (four_seconds, SR), "at 8,000 Hz": (at_8000, 8000), f"at {new_rate:,.0f} Hz": (crushed, new_rate)},
    title="The first four seconds at three sample rates",
)

# %% [markdown]
# At 8,000 Hz the instrument is still there, a little dull. At 2,000 Hz the harmonics, which carry the timbre, are
# gone; in the practice recording even the fundamentals lie above the new Nyquist frequency, and what is left is the
# rustle of the room. Go back to your prediction. At the end of the lesson a classifier will try to work with such
# sound.
#
# ## 2. Reading any recording
#
# The report fetched an AIFF file with `wget` and converted it with `ffmpeg`, two programs that must be there. Neither
# is needed: the libraries that you have read WAV, AIFF, FLAC, OGG and MP3. What needs care is what happens *after*
# the samples are there:
#
# 1. **Channels.** Stereo is two recordings. Their *mean* is mono; their sum can be twice too loud, and the first one
#    alone may lack an instrument.
# 2. **Scale.** Files hold whole numbers (16 bit: -32,768 to 32,767); we want floats between -1 and 1.
# 3. **Rate.** Fewer samples per second hold fewer frequencies. What does not fit must be filtered out *before*
#    samples are dropped, or it comes back as a tone that nobody played: an **alias**. Five lines show one.

# %% tags=["explore"]
high_tone = 0.5 * audio.tone(6000, 16000, 0.5)  # a tone of 6,000 Hz
dropped = high_tone[::2]  # every second sample: 8,000 a second, Nyquist at 4,000 Hz
came_back = np.abs(np.fft.rfft(dropped)).argmax() / 0.5
print(f"The tone of 6,000 Hz came back as a tone of {came_back:,.0f} Hz.")
player.table({"6,000 Hz": (high_tone, 16000), "every second sample of it": (dropped, 8000)}, title="An alias")

# %% [markdown]
# #### Question 2: load_mono (3 points)
#
# One line of a library can do all of it, and so can three of your own. Read the path as you get it.


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
        y = checks.array(y, "y")
        assert np.size(y) > 2, (
            "y is one number per channel, so the mean was taken over time. The channels are axis 1 of what soundfile "
            "gives, and axis 0 of what librosa gives"
        )
        checks.array(y, "y", shape=(None,), vary=True)
    with q.check("range", hint="16-bit files hold whole numbers up to 32,767: what is full scale?"):
        y = checks.array(load_mono(path, 16000), "y", low=-1, high=1, vary=True)
        assert y.dtype.kind == "f", f"y should hold floats, but holds {y.dtype}"
        assert np.abs(y).max() > 0.01, "y is (nearly) silent, but the file is not"
    with q.check("seconds", hint="the file lasts 0.75 s; which rate did the samples come out at?"):
        y = checks.array(load_mono(path, 16000), "y", shape=(None,), vary=True)
        assert abs(len(y) - 0.75 * 22050) > 1, "y is as long as at 22,050 Hz, librosa's default: hand on the rate"
        assert abs(len(y) - 0.75 * 32000) > 1, "y still has the rate of the file: it was not resampled"
        assert abs(len(y) - 0.75 * 16000) <= 1, (
            f"len(y) / sr should be the seconds of the file, but it is {len(y) / 16000:g}"
        )
### BEGIN HIDDEN TESTS


def amplitude(y, frequency, sr):
    """Amplitude of one tone in a clip, by a windowed Fourier sum."""
    window = np.hanning(len(y))
    return 2 * abs(np.sum(window * y * np.exp(-2j * np.pi * frequency * np.arange(len(y)) / sr))) / window.sum()


kinds = [("wav", "PCM_16"), ("wav", "FLOAT"), ("aiff", "PCM_16"), ("flac", "PCM_16")]
# The first two files never come out at a library's default rate, nor at a whole fraction of their own.
broken = [(22050, 8000), (22050, 16000), (44100, 8000), (44100, 16000)]
any_two = [(a, b) for a in (16000, 22050, 32000, 44100, 48000) for b in (8000, 16000, 22050) if a != b]
rates = [q.rng.choice(pairs).tolist() for pairs in (broken, broken, any_two, any_two)]
with tempfile.TemporaryDirectory() as folder:
    files = []  # path, kind, source rate, target rate, seconds, tones: one a channel
    for i, (ending, subtype) in enumerate(kinds):
        sr_in, sr_out = rates[i]
        n = int(q.rng.uniform(0.4, 0.9) * sr_in)
        low = q.rng.uniform(300, 700)
        tones = [low, low + q.rng.uniform(300, 600)][: 1 + (i % 2 == 0)]  # two channels, one, two, one
        x = np.stack([0.6 * np.sin(2 * np.pi * f * np.arange(n) / sr_in) for f in tones], axis=1)
        path = str(Path(folder) / f"take{i}.{ending}")
        soundfile.write(path, x, sr_in, subtype=subtype)
        files.append((path, f"{ending.upper()} ({subtype}, {sr_in} to {sr_out} Hz)", sr_in, sr_out, n / sr_in, tones))

    with q.check("length", hint="n * sr / (rate of the file) samples: the factor is not always a whole number"):
        for path, kind, _sr_in, sr_out, seconds, _tones in files:
            y = checks.array(load_mono(path, sr_out), f"y of the {kind} file", (None,), low=-1.01, high=1.01, vary=True)
            n_off = abs(len(y) - seconds * sr_out)
            assert n_off <= 1, f"y of the {kind} file is {n_off:.0f} samples too long or too short"
    with q.check("whole-file", hint="read the file from its first sample to its last, however long or quiet it is"):
        path = str(Path(folder) / "long.wav")  # two seconds of silence, a tone, and silence again
        soundfile.write(path, np.pad(0.5 * audio.tone(float(q.rng.uniform(300, 900)), 8000, 2.0), 16000), 8000)
        y = checks.array(load_mono(path, 8000), "y of a file of 6 s", shape=(None,))
        assert abs(len(y) - 48000) <= 1, (
            f"of a file of 6 s, {len(y) / 8000:.3g} s came back: is it cut (duration=...), or is silence trimmed away?"
        )
        assert np.abs(y[16000:32000]).max() > 0.4, "the tone in the middle of a file of 6 s is lost"
        checks.array(y, "y of a file of 6 s", vary=True)
    with q.check("both-channels", weight=2, hint="left and right carry different tones: the mean keeps half of each"):
        for path, kind, _sr_in, sr_out, _seconds, tones in files:
            if len(tones) == 2:
                y = checks.array(load_mono(path, sr_out), f"y of the {kind} file", shape=(None,))
                left, right = (20 * np.log10(max(amplitude(y, f, sr_out), 1e-6) / 0.3) for f in tones)
                assert min(left, right) > -20, f"{kind}: the tone of one channel is missing: is only one channel read?"
                assert max(left, right) < 5, (
                    f"{kind}: both tones are twice as strong as in the mean: are channels added?"
                )
                assert max(abs(left), abs(right)) < 0.3, f"{kind}: the tones do not keep half of their amplitudes"
    with q.check("one-channel", hint="a mono file only changes its rate: no scaling, no normalising"):
        for path, kind, _sr_in, sr_out, _seconds, tones in files:
            if len(tones) == 1:
                y = checks.array(load_mono(path, sr_out), f"y of the {kind} file", shape=(None,))
                db_off = 20 * np.log10(max(amplitude(y, tones[0], sr_out), 1e-6) / 0.6)
                assert abs(db_off) < 0.3, f"{kind}: the tone is {db_off:+.1f} dB away from its amplitude in the file"
    with q.check(
        "no-aliases", weight=2, hint="filter before you drop samples: what lies above the new Nyquist must go"
    ):
        whole, others = [(16000, 8000), (32000, 16000), (44100, 22050), (48000, 16000)], [(22050, 8000), (48000, 22050)]
        for sr_in, sr_out in [*q.rng.permutation(whole)[:2].tolist(), q.rng.choice(others).tolist()]:
            path = str(Path(folder) / f"high{sr_in}{sr_out}.wav")
            t = np.arange(sr_in // 2)
            x = 0.5 * np.sin(2 * np.pi * 0.375 * t) + 0.2 * np.sin(2 * np.pi * 440 / sr_in * t)
            soundfile.write(path, x, sr_in)
            y = checks.array(load_mono(path, sr_out), "y", shape=(None,))
            middle = np.asarray(y[len(y) // 10 : -len(y) // 10], dtype=float)
            waves = np.exp(2j * np.pi * 440 / sr_out * np.arange(len(middle)))
            waves = np.stack([waves.real, waves.imag], axis=1)
            kept = np.linalg.lstsq(waves, middle, rcond=None)[0]  # how much of 440 Hz is there: what may stay
            assert np.hypot(*kept) > 0.1, f"from {sr_in} to {sr_out} Hz, a tone of 440 Hz should stay, but is lost"
            left = np.sqrt(np.mean((middle - waves @ kept) ** 2))
            db = 20 * np.log10(max(left, 1e-9) / (0.5 / np.sqrt(2)))
            assert db < -40, (
                f"from {sr_in} to {sr_out} Hz, a tone of {0.375 * sr_in:.0f} Hz should vanish, but comes back as "
                f"another tone {-db:.0f} dB down: an alias"
            )
    with q.check("silent-file", hint="do not divide by the loudest sample"):
        path = str(Path(folder) / "silence.wav")
        soundfile.write(path, np.zeros(8000), 16000)
        y = checks.array(load_mono(path, 8000), "y of a silent file")
        assert np.size(y) and np.abs(y).max() < 1e-6, "a silent file should stay silent"
        assert np.abs(load_mono(files[0][0], 8000)).max() > 0.01, "every file comes out (nearly) silent"
    with q.check("any-name", hint="use the path as it is: a shell would split it at a blank"):
        for name in ("Café solo n° 3.wav", "take 2 (à la fin).flac"):
            path = str(Path(folder) / name)
            soundfile.write(path, np.full(800, 0.25), 8000, subtype="PCM_16")
            y = checks.array(load_mono(path, 8000), "y of a file with blanks in its name", shape=(None,))
            assert abs(np.median(y) - 0.25) < 0.01, (
                "a file with blanks and accents in its name came out as something else"
            )
### END HIDDEN TESTS
q.score()

# %% [markdown]
# Your function on the recording itself: as many samples as before, within one?

# %% tags=["explore"]
checks.demo(lambda: print(f"yours: {load_mono(str(solo_path), SR).shape}, the course's: {solo.shape}"))

# %% [markdown]
# ## 3. From samples to a spectrogram
#
# The Fourier transform takes a stretch of samples and says how strong each frequency is in it. Of a whole recording,
# that would mix all notes; so the recording is cut into overlapping **frames**, and each is transformed. Put side by
# side, they make a **spectrogram**: time to the right, frequency upwards, strength as brightness.
#
# ### Amplitude, power, decibels: a toy
#
# Strengths spread over a huge range, so they are drawn as logarithms, in **decibels** (dB). There are two formulas
# and one fact: power is amplitude squared. The formulas give the same dB *if each is given what it is made for*.

# %% tags=["explore"]
toy_amplitude = np.array([1.0, 0.5, 0.1, 0.01])
toy_power = toy_amplitude**2
print("from amplitude, 20 log10(a):", 20 * np.log10(toy_amplitude).round(3))
print("from power,     10 log10(P):", 10 * np.log10(toy_power).round(3))
print("amplitude's formula on power:", 20 * np.log10(toy_power).round(3), " <- twice the truth")

# %% [markdown]
# Half the amplitude is 6.02 dB less. That one number tells the three cases apart, whatever the picture looks like: a
# shift of 12.04 means that a power was taken for an amplitude, one of 3.01 that an amplitude was taken for a power.
#
# #### Question 3: power_db (3 points)


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
    S_db = checks.array(power_db(audio.tone(1000, 8000, 0.075), 64, 16), "the spectrogram")
    assert S_db.shape != (38, 33), "rows and columns are swapped: transpose the array"
    assert S_db.shape != (33, 34), "frames are missing at both ends: they should be centred (center=True)"
    checks.array(S_db, "the spectrogram", shape=(33, 38), vary=True)
with q.check(
    "half-amplitude", hint="half the amplitude is a quarter of the power: by how many dB does the picture shift?"
):
    y = audio.tone(1000, 8000, 0.075)
    loud = checks.array(power_db(y, 64, 16), "the spectrogram")
    soft = checks.array(power_db(y / 2, 64, 16), "the spectrogram")
    shift = float(loud.max() - soft.max())
    assert abs(shift) > 0.01, "a softer tone looks as loud: is the level taken relative to the maximum (ref=np.max)?"
    assert abs(shift - 3.01) > 0.05, "the picture shifts by 3.01 dB: a magnitude was taken for a power (square it)"
    assert abs(shift - 12.04) > 0.05, "the picture shifts by 12.04 dB: a power was taken for an amplitude (20 log10)"
    assert abs(shift - 13.86) > 0.05, "the picture shifts by 13.86 dB: a natural logarithm in place of log10?"
    assert abs(shift - 6.02) < 0.05, (
        f"half the amplitude should shift the picture by 6.02 dB, yours shifts by {shift:.2f}"
    )
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
for part in q.rng.permutation([2, 3, 5]):  # of a frame: never the quarter that is librosa's default
    n_fft = 2 * int(q.rng.integers(24, 64))  # small enough for a Fourier sum in plain Python
    cases.append((clip(int(q.rng.integers(500, 900))), n_fft, n_fft // int(part)))

with q.check(
    "any-size", hint="(1 + n_fft // 2, 1 + n_samples // hop_length), also for sizes that are no powers of two"
):
    for y, n_fft, hop_length in cases:
        shape = (1 + n_fft // 2, 1 + len(y) // hop_length)
        checks.array(power_db(y, n_fft, hop_length), "the spectrogram", shape, vary=True)
with q.check("gain-law", weight=2, hint="multiplying y by g must add 20 log10(g) dB everywhere above the floor"):
    for y, n_fft, hop_length in cases:
        g = q.rng.uniform(0.05, 0.9)
        before, after = power_db(y, n_fft, hop_length), power_db((g * y).astype(np.float32), n_fft, hop_length)
        change = checks.array(after, "the spectrogram") - checks.array(before, "the spectrogram")
        change = np.median(change[np.asarray(before) > np.max(before) - 60])
        assert abs(change) > 0.01 or abs(change - 20 * np.log10(g)) < 0.01, (
            "a gain changes nothing: relative to the maximum?"
        )
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
    checks.close(power_db(np.zeros(600, np.float32), 64, 16), np.full((33, 38), -100.0), "silence", atol=0.01)
with q.check("edges", hint="beyond its ends the clip is continued with zeros, not mirrored"):
    for y, n_fft, hop_length in cases:
        want, got = reference(y, n_fft, hop_length), np.asarray(power_db(y, n_fft, hop_length))
        got = np.maximum(checks.array(got, "the spectrogram", shape=want.shape), want.max() - 80)
        checks.close(got[:, [0, -1]], want[:, [0, -1]], "the first and last frame", rtol=0, atol=0.01)
with q.check("values", weight=2, hint="periodic Hann window; |STFT|**2; 10 log10; 0 dB is a power of 1"):
    for y, n_fft, hop_length in cases:
        want = reference(y, n_fft, hop_length)
        got = checks.array(power_db(y, n_fft, hop_length), "the spectrogram", shape=want.shape)
        off = np.median(got - want)
        assert abs(off) < 0.02 or np.ptp(np.percentile(got - want, [5, 95])) > 0.02, (
            f"all levels are off by {off:+.2f} dB: 0 dB is a power of 1, with no other reference or scaling"
        )
        got = np.maximum(got, want.max() - 80)  # the floor has a check of its own
        checks.close(got, want, "the spectrogram", rtol=0, atol=0.01)
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ### The recording as a spectrogram
#
# A note is a stack of lines. The lowest is the fundamental, the others are its **harmonics**, at twice, three times,
# four times its frequency. The lines drawn over the picture below are such multiples, computed from the measured
# fundamental of each sounding stretch; they stand out a little on both sides, so that you can compare them with the
# bright lines that they lie on. In the practice recording there are four stretches, and the multiples fit.

# %% tags=["explore"]
# (start, end) in samples of what is less than 40 dB below the loudest
stretches = librosa.effects.split(solo, top_db=40)
fundamentals = [np.median(librosa.yin(solo[begin:end], fmin=100, fmax=2000, sr=SR)) for begin, end in stretches]
print("fundamentals:", ", ".join(f"{f0:.0f} Hz ({librosa.hz_to_note(f0)})" for f0 in fundamentals))

# %% tags=["explore"]
solo_db = librosa.power_to_db(features.power(solo))
ax = plots.spectrogram(solo_db, SR, 512, fmax=8000, title="Power spectrogram with five harmonics of each stretch")
for (begin, end), f0 in zip(stretches, fundamentals, strict=True):
    plots.harmonics(ax, f0, max(0, begin / SR - 0.3), end / SR + 0.3, n_harmonics=5)
plots.show(ax)

# %% [markdown]
# The lines wave a little: that is the vibrato. (In the practice recording, pitch and level both swing some five times
# a second.)
#
# Our ears do not divide frequency evenly: 100 Hz more is a large step at 200 Hz and hardly one at 4,000 Hz. The **mel
# scale** follows them roughly: narrow bands below, wide ones above. A **mel spectrogram** adds up the power in such
# bands.

# %% tags=["explore"]
mel_power = librosa.feature.melspectrogram(y=solo, sr=SR, n_fft=2048, hop_length=512, n_mels=128)
mel_db = librosa.power_to_db(mel_power)
ax = plots.spectrogram(mel_db, SR, 512, scale="mel", fmax=8000, title="Mel spectrogram of 128 bands")
for (begin, end), f0 in zip(stretches, fundamentals, strict=True):
    plots.harmonics(ax, f0, max(0, begin / SR - 0.3), end / SR + 0.3, n_harmonics=5)
plots.show(ax)

# %% [markdown]
# The same lines, but the lower ones have moved apart and the higher ones together. `mel_power.shape` says what became
# of the 1,025 frequencies of each frame: 128 bands.
#
# ### Find the fault, 1
#
# The assignment that the report answers draws its mel spectrogram like this (in short). Compare the two colour scales
# with the picture above before you read on. What is wrong, and what does it hide?

# %% tags=["explore"]
as_written = librosa.amplitude_to_db(mel_power, ref=np.max)
right_db = librosa.power_to_db(mel_power, ref=np.max)
figure, (left_ax, other) = plots.panels(1, 2, size=(9.5, 3.2), sharey=True)
plots.spectrogram(as_written, SR, 512, scale="mel", fmax=8000, ax=left_ax, title="amplitude_to_db(mel_power)")
plots.spectrogram(right_db, SR, 512, scale="mel", fmax=8000, ax=other, title="power_to_db(mel_power)")
plots.show(figure)

# %% [markdown] tags=["prediction"]
# **Your prediction:** (with a fixed reference) half the amplitude lowers each level of the left picture by ... dB and
# of the right one by ... dB:
#

# %% tags=["explore"]
half_mel = librosa.feature.melspectrogram(y=0.5 * solo, sr=SR, n_fft=2048, hop_length=512, n_mels=128)
for function, to_db in (("amplitude_to_db", librosa.amplitude_to_db), ("power_to_db", librosa.power_to_db)):
    print(f"{function:16s} shifts by {to_db(mel_power).max() - to_db(half_mel).max():.2f} dB")

# %% [markdown]
# `melspectrogram` returns a *power*, and `amplitude_to_db` squares it once more. Every level is doubled, so the usual
# floor of 80 dB below the maximum really lies at 40 dB: everything softer is painted black. The picture looks cleaner
# for it, which is why nobody noticed. The law (half the amplitude, 6.02 dB) notices at once.
#
# ### Find the fault, 2
#
# The same mistake, the other way round, sits inside a library. *Spectral contrast* is the level of the peaks of a
# spectrum minus the level of its valleys, per octave band, in dB. Here it is for white noise, once as
# `librosa.feature.spectral_contrast` computes it from sound, and once with the powers handed to it.

# %% tags=["explore"]
noise = 0.1 * np.random.default_rng(0).standard_normal(2 * SR).astype(np.float32)
magnitude = np.sqrt(features.power(noise))
from_sound = librosa.feature.spectral_contrast(y=noise, sr=SR)
from_power = librosa.feature.spectral_contrast(S=magnitude**2, sr=SR)
ratio_db = from_power[1:].mean() / from_sound[1:].mean()
print(f"from sound {from_sound[1:].mean():.1f} dB, from powers {from_power[1:].mean():.1f} dB: ratio {ratio_db:.2f}")

# %% [markdown]
# From sound, the function computes a *magnitude* and then calls `power_to_db` on it: half of the decibels that the
# name promises. Does it matter? A classifier that scales its inputs does not care about a factor of two; whoever
# takes the first number for a contrast in dB, or mixes features of two libraries, does. (`helpers.features` keeps
# librosa's numbers, so that they can be compared, and says so.)
#
# ### Experiment: window and hop length
#
# A long frame tells close frequencies apart, because its bins are narrow (`sr / n_fft`). It also smears time:
# everything inside it counts as simultaneous. The toy has both difficulties: two tones a semitone apart, then three
# clicks 20 ms apart.

# %% [markdown] tags=["prediction"]
# **Your prediction:** which of the frames of 256, 2,048 and 8,192 samples separates the two tones, and which the
# clicks?
#

# %% tags=["explore"]
toy = np.concatenate([0.2 * (audio.tone(440, SR, 0.7) + audio.tone(466, SR, 0.7)), np.zeros(int(0.5 * SR))])
toy[[int(t * SR) for t in (0.9, 0.92, 0.94)]] = 0.9
figure, axes = plots.panels(3, 1, size=(7.5, 2.3), sharex=True)
for ax, n_window in zip(axes, (256, 2048, 8192), strict=True):
    levels = librosa.power_to_db(features.power(toy.astype(np.float32), n_fft=n_window, hop_length=128), top_db=60)
    plots.spectrogram(
        levels,
        SR,
        128,
        ax=ax,
        fmax=1200,
        title=f"n_fft {n_window:,}: bins of {SR / n_window:.0f} Hz, frames of {1000 * n_window / SR:.0f} ms",
    )
plots.show(figure)

# %% [markdown]
# The shortest frame shows three clicks and one thick tone, the longest two tones and one thick click. No frame does
# both: bin width in Hz times frame length in seconds is always 1. The **hop length** is another matter: it sets how
# densely the same picture is sampled in time, and thereby how many frames you pay for. It cannot sharpen anything.

# %% tags=["explore"]
for hop in (2048, 512, 128):
    vector = features.mfcc_stats(features.frames(solo, SR, ("mfcc",), hop_length=hop)["mfcc"])
    print(f"hop {hop:5,}: {1 + len(solo) // hop:6,} frames; the first five means are {vector[:5].round(1)}")

# %% [markdown]
# Sixteen times as many frames, and the averages hardly move. (What does move are the differences from frame to frame:
# their step in time is another one. State your hop when you use them.)
#
# ## 4. From a recording to notes
#
# The set of notes that the report uses was made by cutting recordings into notes. When does a note begin? You will
# need a definition that a program can follow. Ours looks at the level in frames of 10 ms, and at a limit 40 dB below
# the loudest frame.

# %% tags=["explore"]
step = round(0.01 * SR)
step_rms = np.sqrt(np.mean(solo[: len(solo) // step * step].reshape(-1, step) ** 2, axis=1))
levels = 20 * np.log10(np.maximum(step_rms, 1e-6) / step_rms.max())
times = np.arange(len(levels)) * 0.01
plots.show(
    plots.lines(
        {"level": (times, levels), "limit": (times, np.full(len(times), -40.0))},
        "Time (s)",
        "RMS re loudest frame (dB)",
    )
)

# %% [markdown]
# A limit *relative* to the loudest frame does not care how loud the recording is as a whole. The 100 ms of quiet that
# the definition demands before each note keep the swings of a vibrato from counting as notes. The definition has its
# price as well: notes that are tied together (the trumpet phrase among the real recordings is an example) count as
# one.
#
# #### Question 4: note_onsets (3 points)


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
    checks.array(onsets, "the list of onsets", vary=True)
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
sustained, plucked = [40, 42, 56, 60, 61, 64, 67, 68, 71, 73], [11, 24, 32, 46]
phrases = []
for i in range(3):
    n_notes, sr, lead = int(q.rng.integers(3, 7)), [16000, 22050, 44100][i], float(q.rng.uniform(0.3, 1))
    durations = q.rng.uniform(0.3, 0.7, n_notes)
    y, want = orchestra.phrase(
        [int(q.rng.choice(sustained if q.rng.random() < 0.5 else plucked)) for _ in range(n_notes)],
        [int(key) for key in q.rng.integers(55, 80, n_notes)],
        durations=durations,
        gaps=q.rng.uniform(0.15, 0.6, n_notes - 1),
        lead=lead,
        gain=[0.02, float(q.rng.uniform(0.4, 0.7)), 1.0][i],
        vibrato=(q.rng.random(n_notes) < 0.5).tolist(),
        release=0.05,
        sr=sr,
        seed=int(q.rng.integers(1000)),
    )
    # A page is turned before the first note, 46 dB below the loudest frame: too soft to count.
    frames = y[: len(y) // (sr // 100) * (sr // 100)].reshape(-1, sr // 100)
    rustle = q.rng.standard_normal(sr // 20) * np.sqrt(np.mean(frames**2, axis=1).max()) / 200
    begin = int(q.rng.uniform(0.05, lead - 0.2) * sr)
    y[begin : begin + len(rustle)] += rustle.astype(y.dtype)
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
with q.check("limit", hint="a frame sounds above 0.01 times the largest RMS, whatever the softest frame has"):
    sr, f = 16000, float(q.rng.uniform(300, 900))
    loud, quiet = 0.5 * audio.tone(f, sr, 0.4), np.zeros(sr // 4)
    for share, want in ((0.016, [0.25, 0.9]), (0.006, [0.25])):
        y = np.concatenate([quiet, loud, quiet, share * loud, quiet]).astype(np.float32)
        onsets = checks.array(note_onsets(y, sr), "the onsets", shape=(None,))
        found = "" if len(onsets) != len(want) else fault(onsets, np.array(want), np.array(want) + 0.4)
        assert len(onsets) >= len(want), "a note that is softer than the loudest one by 36 dB was not found: RMS or power?"
        assert len(onsets) <= len(want), "a sound that lies 44 dB below the loudest note was taken for a note"
        assert not found, f"of a loud note and a soft one, {found}"
    hiss = (y + 1e-4 * q.rng.standard_normal(len(y))).astype(np.float32)
    assert np.size(note_onsets(hiss, sr)) == 1, "a hiss far below the limit changes the number of notes"
with q.check("pauses", hint="count the frames without sound between two notes: ten of them, or more, make a new note"):
    sr = 16000
    note = 0.5 * audio.tone(1000, sr, 0.3)
    for n_silent, n_notes in ((8, 1), (9, 1), (10, 2), (11, 2), (14, 2)):
        y = np.concatenate([np.zeros(20 * 160), note, np.zeros(n_silent * 160), note, np.zeros(20 * 160)])
        found = checks.array(note_onsets(y.astype(np.float32), sr), "the onsets", shape=(None,))
        assert np.abs(found[:1] - 0.2).sum() < 0.03, "of two tones after 0.2 s of silence the first is not found there"
        n = len(found)
        assert n == n_notes, f"with {n_silent} silent frames of 10 ms between two tones there are {n_notes} notes, not {n}"
with q.check("zeros", hint="where the largest RMS is 0, no frame is above 0.01 times it"):
    zeros = np.zeros(8000, np.float32)
    assert np.size(note_onsets(zeros, 16000)) == 0, "a clip of zeros has no notes"
    onsets = note_onsets(np.concatenate([zeros, 0.5 * audio.tone(440, 16000, 0.4)]), 16000)
    onsets = checks.array(onsets, "the onsets of half a second of zeros and a note", shape=(1,))
    assert abs(onsets[0] - 0.5) < 0.03, "a note after half a second of zeros is not found where it begins"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# What your function finds, over the waveform:

# %% tags=["explore"]
checks.demo(lambda: plots.show(plots.onsets(plots.waveform(solo, SR), note_onsets(solo, SR))))

# %% [markdown]
# Cut at these places, the recording becomes a list of notes. In the practice recording there are four, of about the
# same length. (This cell cuts with a library function, so that the rest of the lesson does not hang on your answer.)

# %% tags=["explore"]
notes_cut = [solo[begin:end] for begin, end in stretches]
player.table(
    {f"stretch {k}": (piece, SR) for k, piece in enumerate(notes_cut[:6], start=1)}, title="Cut out", seconds=4
)

# %% [markdown]
# ### How high is a note?
#
# The obvious idea, the strongest line of the spectrum, fails: in many instruments the second harmonic is stronger
# than the fundamental, and the answer is then an octave too high. What does not fail is the *period*: all harmonics
# together repeat with the fundamental. Compare a sound with itself, shifted: at a shift of one period it fits best.

# %% tags=["explore"]
low_tone = audio.tone(220, SR, 0.5, (0.3, 1.0, 0.4))  # second harmonic strongest
shifts = np.arange(1, 250)
misfit = [np.mean((low_tone[500:5000] - low_tone[500 + s : 5000 + s]) ** 2) for s in shifts]
ax = plots.lines(
    {"misfit": (shifts * 1000 / SR, misfit)},
    "Shift (ms)",
    "Mean squared difference",
    title="A tone of 220 Hz against itself",
)
plots.show(ax)
strongest = np.abs(np.fft.rfft(low_tone)).argmax() / 0.5
print(f"strongest line: {strongest:.0f} Hz; best shift: {SR / shifts[np.argmin(misfit)]:.1f} Hz (in whole samples)")

# %% [markdown]
# The curve has a half-hearted dip at half the period (the strong second harmonic fits there) and a dip to nearly zero
# at the whole one, and again at twice the period. The method YIN (de Cheveigné and Kawahara 2002) refines this idea;
# `librosa.yin` needs about 15 ms for 3 s of sound. Its probabilistic sister `librosa.pyin` also says whether anything
# sounds at all, and takes about a hundred times as long: not for this question.
#
# #### Question 5: note_pitches (3 points)


# %% nbgrader={"grade": false, "grade_id": "note_pitches", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: note_pitches
def note_pitches(y, sr, onsets, fmin, fmax):
    """Measure the fundamental frequency of each note.

    A note is judged by its steady part, from 0.1 s after its onset to the onset of the next note (to the end of the
    clip for the last one). What is silent at the end of that stretch, or has no more than a faint hiss, does not
    count. The second harmonic may well be stronger than the fundamental.

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
    checks.array(note_pitches(two, 22050, np.array([0.0, 0.6]), 200, 1000), "the pitches", shape=(2,), low=0, vary=True)
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
        return (
            f"all pitches are {np.median(ratio):.3g} times what they should be: bins converted to Hz by a wrong width?"
        )
    return f"{n_wrong} of {n} notes are more than 35 cents off" if n_wrong else ""


def melody(sr, n_notes, low, high, silent_share=0.0, bright_db=(6, 10)):
    """Notes of six harmonics whose second is the strongest, each followed by some silence; onsets and fundamentals."""
    parts, onsets, pitches, at = [np.zeros(int(0.15 * sr))], [], [], int(0.15 * sr)
    for key in q.rng.permutation(np.linspace(low, high - 2, n_notes)):  # some low and some high, in any order
        f0 = 440 * 2 ** ((key + q.rng.uniform(-0.3, 2.3) - 69) / 12)
        amplitudes = np.array([1, 10 ** (q.rng.uniform(*bright_db) / 20), *(0.7 / np.arange(1, 5))])
        phases = q.rng.uniform(0, 2 * np.pi, 6)
        note = audio.tone(f0, sr, q.rng.uniform(0.5, 0.7), 0.15 * amplitudes, phases)
        fade = np.clip(np.arange(len(note)) / (0.01 * sr), 0, 1)
        parts += [note * fade * fade[::-1], np.zeros(int(silent_share * len(note)))]
        onsets.append(at / sr)
        pitches.append(f0)
        at += len(parts[-2]) + len(parts[-1])
    return np.concatenate(parts).astype(np.float32), np.array(onsets), np.array(pitches)


with q.check(
    "strong-second-harmonic", weight=2, hint="look for the period of the whole wave, not for its loudest part"
):
    sr = int(q.rng.choice([16000, 44100]))
    y, onsets, want = melody(sr, 4, 55, 82)
    pitches = checks.array(note_pitches(y, sr, onsets, 150, 1100), "the pitches", shape=(4,), low=1e-6)
    message = fault(pitches, want)
    assert not message, message
with q.check("silent-ends", hint="leave out the frames that are silent before you take the median or the mean"):
    y, onsets, want = melody(22050, 3, 55, 82, silent_share=1.5)
    y = y + (2e-5 * q.rng.standard_normal(len(y))).astype(np.float32)  # no silence is quite one
    pitches = checks.array(note_pitches(y, 22050, onsets, 150, 1100), "the pitches", shape=(3,), low=1e-6)
    message = fault(pitches, want)
    assert not message, f"where silence follows each note, {message}"
with q.check("range", hint="hand fmin and fmax on to the method, or search only between them"):
    y, onsets, want = melody(22050, 3, 69, 83, bright_db=(6, 7))
    drone = 0.25 * audio.tone(q.rng.uniform(85, 100), 22050, len(y) / 22050 + 0.01)[: len(y)]
    pitches = checks.array(note_pitches(y + drone, 22050, onsets, 400, 1100), "the pitches", shape=(3,), low=1e-6)
    message = fault(pitches, want)
    assert not message, f"over a low drone that lies outside fmin to fmax, {message}"
with q.check("practice-notes", hint="a real tone swells and shakes a little: take the median over its frames"):
    # A low note of a French horn, whose second harmonic is the strongest, and any other, in any order.
    both = [(60, q.rng.integers(60, 67)), (q.rng.choice([40, 42, 56, 61, 67, 68, 71, 73]), q.rng.integers(60, 80))]
    programs, keys = np.transpose(q.rng.permutation(both)).tolist()
    y, onsets = orchestra.phrase(programs, keys, durations=0.8, gaps=0.3, seed=int(q.rng.integers(1000)))
    pitches = checks.array(note_pitches(y, 22050, onsets, 150, 1100), "the pitches", shape=(2,), low=1e-6)
    message = fault(pitches, orchestra.key_to_hz(keys))
    assert not message, f"of two practice notes, {message}"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# Your two functions on the recording. The practice recording holds C6, C sharp 6, D6 and E flat 6 (librosa calls the
# last one D sharp: the same key on a piano).

# %% tags=["explore"]
checks.demo(
    lambda: print(
        [f"{f0:.1f} Hz: {librosa.hz_to_note(f0)}" for f0 in note_pitches(solo, SR, note_onsets(solo, SR), 100, 2000)]
    )
)

# %% [markdown]
# ## 5. MFCC, step by step
#
# *Mel-frequency cepstral coefficients* describe the rough shape of a spectrum and forget its fine lines: the timbre
# without the pitch. That is a recipe of five steps. We take one frame from the middle of the longest note and draw
# every step.
#
# **Step 1: frames.** 2,048 samples, faded in and out by a Hann window so that the cut ends do not count as sound.

# %% tags=["explore"]
one_note = max(notes_cut, key=len)
frame_number = len(one_note) // 512 // 2
one_frame = np.pad(one_note, 1024)[frame_number * 512 : frame_number * 512 + 2048]
hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)
figure, (above, below) = plots.panels(2, 1, size=(7.5, 2.6), sharex=True)
plots.waveform(one_frame, SR, ax=above, title="One frame of 2,048 samples")
plots.waveform(one_frame * hann, SR, ax=below, title="The same, times the window")
plots.show(figure)

# %% [markdown]
# **Step 2: Fourier.** The power of each frequency. The harmonics stand up like teeth of a comb.

# %% tags=["explore"]
spectrum = np.abs(np.fft.rfft(one_frame * hann)) ** 2
hz = np.fft.rfftfreq(2048, 1 / SR)
plots.show(plots.lines({"power": (hz, 10 * np.log10(np.maximum(spectrum, 1e-10)))}, "Frequency (Hz)", "Power (dB)"))

# %% [markdown]
# **Step 3: mel bands.** 128 triangles, each of which collects the power under it. (The picture shows every sixth of
# them.)

# %% tags=["explore"]
bank = librosa.filters.mel(sr=SR, n_fft=2048, n_mels=128)
plots.show(plots.mel_filters(bank[::6], SR, title="Every sixth of 128 mel filters"))
bands = bank @ spectrum
print("from", spectrum.shape, "to", bands.shape)

# %% [markdown]
# **Step 4: the logarithm.** In dB, what is multiplied (a loudness, a room) becomes something added, and soft bands
# count as well as loud ones.

# %% tags=["explore"]
log_bands = 10 * np.log10(np.maximum(bands, 1e-10))
log_bands = np.maximum(log_bands, features.frames(one_note, SR, ("log_mel",))["log_mel"].max() - 80)
plots.show(plots.lines({"log-mel": log_bands}, "Mel band", "Power in the band (dB)"))

# %% [markdown]
# **Step 5: cosines (DCT).** The curve is written as a sum of cosines: a constant, half a wave over all bands, a whole
# wave, and so on. The coefficients say how much of each. Slow waves are the rough shape, fast ones the fine comb:
# keep the first 20, and the teeth of the comb melt into a smooth curve.

# %% tags=["explore"]
coefficients = dct(log_bands, norm="ortho")
smooth = idct(np.where(np.arange(128) < 20, coefficients, 0), norm="ortho")
plots.show(plots.lines({"128 bands": log_bands, "from 20 coefficients": smooth}, "Mel band", "Power in the band (dB)"))

# %% tags=["explore"]
ax = plots.lines(
    {"MFCC": (np.arange(1, 20), coefficients[1:20])}, "Coefficient (0, the level, is left out)", "Value (dB)"
)
ax.set_xticks(range(1, 20))
plots.show(ax)
library = librosa.feature.mfcc(y=one_note, sr=SR, n_mfcc=20)[:, frame_number]
print(
    "largest difference between these five steps and librosa's MFCC:",
    f"{np.abs(coefficients[:20] - library).max():.5f} dB",
)

# %% [markdown]
# Five steps, no magic. (For notes as high as those of the practice recording, the harmonics lie so far apart that
# broad humps of them remain in the smooth curve. For a low note hardly anything of the comb is left. MFCC forget
# pitch, but not always all of it.) For all frames of the note, the coefficients make a table that is narrow and
# hardly changes while the note is held. (Coefficient 0 is the level; it is so much larger than the others that it has
# been left out of the picture.)

# %% tags=["explore"]
mfcc = features.frames(one_note, SR, ("mfcc",))["mfcc"]
coefficient_names = [f"mfcc {k}" for k in range(20)]
plots.show(
    plots.feature_heatmap(
        mfcc[1:], coefficient_names[1:], frame_step=512 / SR, y_label="Coefficient", value_label="Coefficient (dB)"
    )
)

# %% [markdown]
# ## 6. One number: the spectral centroid
#
# MFCC are many and mean little to an ear. The **spectral centroid** is one number per frame that most people can
# hear: the centre of gravity of the spectrum. High means bright. With magnitudes $S_k$ at the frequencies $f_k$,
#
# $$\text{centroid} = \frac{\sum_k f_k\, S_k}{\sum_k S_k}.$$
#
# A toy: equal weights at 100 and 300 Hz balance at 200 Hz. With three times the weight at 300 Hz the balance lies at
# (100 + 3 · 300) / 4 = 250 Hz. How loud both are together does not matter.
#
# #### Question 6: spectral_centroid (2 points)


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
    assert np.all(centroid >= 100), (
        f"a centroid in Hz lies between the lowest and the highest bin, yours is {centroid[0]:g}"
    )
    assert np.all(centroid <= 300), (
        f"{centroid.max():g} lies above the highest bin: divide by the sum of S in the frame"
    )
    checks.close(centroid, [200, 200], "the centroid of two equal lines")
### BEGIN HIDDEN TESTS
n_bins, n_frames = int(q.rng.integers(20, 60)), int(q.rng.integers(7, 19))
S = q.rng.exponential(size=(n_bins, n_frames)).astype(np.float32)
freq = np.sort(q.rng.uniform(20, 11000, n_bins)).astype(np.float32)
want = (freq.astype(float) @ S.astype(float)) / S.astype(float).sum(axis=0)
with q.check("one-per-frame", hint="sum over the bins (axis 0), not over everything"):
    checks.array(spectral_centroid(S, freq), "the centroid", shape=(n_frames,), vary=True)
with q.check("gain", hint="a louder sound is not a brighter one: divide by the sum"):
    g = float(q.rng.uniform(1e-4, 1e-3))
    before, after = spectral_centroid(S, freq), spectral_centroid((g * S).astype(np.float32), freq)
    checks.array(before, "the centroid", shape=(n_frames,), vary=True)
    checks.close(after, before, "the centroid after a gain")
with q.check("silent-frames", hint="0 / 0 is not a number: what is asked for a frame of zeros?"):
    quiet = S.copy()
    zeros = q.rng.permutation(n_frames)[:2]
    quiet[:, zeros] = 0
    centroid = checks.array(
        spectral_centroid(quiet, freq), "the centroid of a clip with silent frames", shape=(n_frames,)
    )
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
# Over the recording: where notes sound, the centroid follows their brightness, vibrato included. Where nothing sounds
# it shows the brightness of the room's noise, which is no property of the instrument.

# %% tags=["explore"]
found = features.frames(solo, SR, ("centroid", "rms"))
times = np.arange(found["rms"].shape[1]) * 512 / SR
sounds = found["rms"][0] > 0.01 * found["rms"].max()
curves = {
    "a note sounds": (times, np.where(sounds, found["centroid"][0], np.nan)),
    "nothing sounds": (times, np.where(sounds, np.nan, found["centroid"][0])),
}
plots.show(plots.lines(curves, "Time (s)", "Spectral centroid (Hz)"))

# %% [markdown]
# ## 7. A note in 120 numbers
#
# Notes differ in length, and a classifier wants rows of equal length. So the table of 20 coefficients per frame is
# replaced by statistics over its frames: the mean (how the note sounds), the standard deviation (how much that
# changes), and the same two for the **differences** from frame to frame (how fast it changes) and for the differences
# of the differences. That makes 20 · 2 · 3 = 120.
#
# #### Question 7: note_features (4 points)
#
# A short note may have fewer than the nine frames that `delta` looks at: read in its documentation what `mode` does.


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
    checks.array(half, "your answer", vary=True)
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
    once = checks.array(once, "your answer", (120,), vary=True)
    drift = np.abs(checks.array(twice, "your answer", (120,)) - once)[:20]
    assert drift.max() < 0.15 * np.abs(once).max(), "the same note twice should have nearly the same means"
with q.check("short-note", hint="with fewer than nine frames, delta needs mode='nearest'"):
    got = checks.array(note_features(short_note, 44100), "your answer for a note of few frames", shape=(120,))
    want = reference(short_note, 44100)
    n_frames = 1 + len(short_note) // 512
    blocks = got.reshape(6, 20)[1::2] / want.reshape(6, 20)[1::2]
    factor = np.sqrt(n_frames / (n_frames - 1))
    assert not np.allclose(blocks, factor, rtol=1e-3), (
        "the deviations are divided by the number of frames less one: ddof?"
    )
    checks.close(got, want, "the description of a note of few frames", rtol=1e-3, atol=1e-3)
with q.check(
    "values", weight=2, hint="go through the docstring: 2048, 512, 128, 20; width 9; the order of the six parts"
):
    got, want = checks.array(note_features(long_note, sr), "your answer", shape=(120,)), reference(long_note, sr)
    if np.allclose(np.sort(got), np.sort(want), rtol=1e-3, atol=1e-3):
        checks.close(got, want, "the order of the entries (their values are right)", rtol=1e-3, atol=1e-3)
    names = [
        "means",
        "deviations",
        *(f"{part} of the {nth} differences" for nth in ("first", "second") for part in ("means", "deviations")),
    ]
    for name, mine, right in zip(names, got.reshape(6, 20), want.reshape(6, 20), strict=True):
        checks.close(mine, right, f"the block of {name}", rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS
q.score()

# %% [markdown]
# The six groups of twenty for this note, on a compressed scale (coefficient 0, far larger, is left white): the means
# are large, everything about change is small, since the note is held.

# %% tags=["explore"]
six = features.clip_vector(one_note, SR).reshape(6, 20).astype(float)
six[:, 0] = np.nan
statistics = ["mean", "sd", "mean d1", "sd d1", "mean d2", "sd d2"]
compressed = np.sign(six) * np.log10(1 + np.abs(six))
ax = plots.feature_heatmap(
    compressed, statistics, x_label="Coefficient", y_label="Statistic", value_label="± log10(1 + |value|)"
)
ax.set_xticks(range(0, 20, 2))
plots.show(ax)

# %% [markdown]
# ### Two laws
#
# A good description ignores what does not matter. *How loud*: a gain of $g$ adds $20\log_{10} g$ dB to every band,
# and of all cosines only the constant one sees that: coefficient 0 changes by $20\log_{10} g \cdot \sqrt{128}$, and
# nothing else moves. *When*: the same note 10 ms later fills other frames with nearly the same numbers.

# %% [markdown] tags=["prediction"]
# **Your prediction:** the recording at a tenth of its amplitude: by how much does the mean of coefficient 0 change?
#

# %% tags=["explore"]
vector = features.clip_vector(one_note, SR)
softer = features.clip_vector(0.1 * one_note, SR)
print(f"mean of coefficient 0: {softer[0] - vector[0]:+.2f} (the law says {-20 * np.sqrt(128):+.2f})")
print(f"largest change among the other 119: {np.abs(softer - vector)[1:].max():.4f}")

# %% tags=["explore"]
padded = np.pad(one_note, SR // 2)
later = np.roll(padded, SR // 100)  # the same sound 10 ms later
in_place, moved = features.clip_vector(padded, SR), features.clip_vector(later, SR)
print(f"samples:     distance / length = {np.linalg.norm(later - padded) / np.linalg.norm(padded):.3f}")
print(f"120 numbers: distance / length = {np.linalg.norm(moved - in_place) / np.linalg.norm(in_place):.3f}")

# %% [markdown]
# For the samples, 10 ms make another sound: a classifier on raw samples has to learn that they do not. The 120
# numbers know it from the start.
#
# ### What have we thrown away? Listen backwards
#
# The best way to know what a description keeps is to turn it back into sound. From 20 coefficients per frame we get a
# smooth mel spectrum, from that a spectrum; the phases are gone and have to be guessed (the method of Griffin and
# Lim, a few rounds are enough here). What was not in the numbers cannot come back.


# %% tags=["explore"]
def resynthesise(mfcc, sr):
    """Sound whose smooth spectra are those of the MFCC (n_mfcc, n_frames)."""
    log_mel = idct(np.pad(mfcc, ((0, 128 - len(mfcc)), (0, 0))), axis=0, norm="ortho")
    bank = librosa.filters.mel(sr=sr, n_fft=2048, n_mels=128)
    density = librosa.db_to_power(log_mel) / bank.sum(axis=1, keepdims=True)  # power per frequency in each band
    weights = bank / bank.max(axis=1, keepdims=True)
    spectrum = (weights.T @ density) / np.maximum(weights.sum(axis=0), 1e-3)[:, None]
    return librosa.griffinlim(np.sqrt(spectrum), n_iter=16, hop_length=512, random_state=0, init="random")


two_seconds = one_note[: 2 * SR]
mfcc = features.frames(two_seconds, SR, ("mfcc",))["mfcc"].astype(np.float32)
middle_frame = mfcc.shape[1] // 2
held = np.repeat(mfcc[:, middle_frame : middle_frame + 3].mean(axis=1, keepdims=True), mfcc.shape[1], axis=1)

# %% tags=["explore"]
crushed_note = audio.resample(audio.resample(two_seconds, SR, 2000), 2000, SR)
versions = {
    "the note": two_seconds,
    "from 128 coefficients a frame": resynthesise(features.frames(two_seconds, SR, ("mfcc",), n_mfcc=128)["mfcc"], SR),
    "from 20 coefficients a frame": resynthesise(mfcc, SR),
    "from 20 coefficients of three frames, held": resynthesise(held, SR),
    "from 20 coefficients, after 2,000 Hz": resynthesise(features.frames(crushed_note, SR, ("mfcc",))["mfcc"], SR),
}
versions = {name: 0.3 * sound / max(np.abs(sound).max(), 1e-6) for name, sound in versions.items()}
player.table({name: (sound, SR) for name, sound in versions.items()}, title="What the numbers keep")

# %% tags=["explore"]
figure, axes = plots.panels(len(versions), 1, size=(7.5, 1.9), sharex=True)
for ax, (version, sound) in zip(axes, versions.items(), strict=True):
    plots.spectrogram(
        librosa.power_to_db(features.power(sound.astype(np.float32)), top_db=60),
        SR,
        512,
        ax=ax,
        fmax=8000,
        title=version,
    )
plots.show(figure)

# %% [markdown]
# With all 128 coefficients the harmonics are still there and the note can be recognised, if hoarse. With 20 there is
# a coloured rustle: the colour (where the spectrum is strong) is the instrument's, the pitch is all but gone, as
# intended. Three frames, held, keep the colour and lose all change. After 2,000 Hz nothing above 1,000 Hz comes back,
# and with it most of the colour. (All five are brought to the same peak, so that you compare the colour and not the
# level.)
#
# ## 8. A table of notes
#
# One row a note, one column a feature: now to many notes. A data set of this course knows for each note its class and
# its **group**: what was recorded together (one instrument, one room, one session). Notes of one group resemble each
# other for reasons that have nothing to do with the class.

# %% tags=["explore"]
notes = data.load(NOTES)
print(notes)
print("licence:", notes.licence)
plots.show(plots.class_counts(notes.labels, notes.classes, notes.groups))

# %% [markdown]
# Always naming the largest class is the least that a classifier has to beat. The table itself is one call; it is
# computed in parallel and kept on disk.

# %% tags=["explore"]
X = features.table(notes.audio, notes.sr, cache=data.data_dir() / "cache")
print("the table:", X.shape, "the first columns:", features.columns("clip_vector")[:3])
few = np.flatnonzero(np.isin(notes.labels, np.unique(notes.labels)[:4]))
ax = plots.scatter(
    X[few, 1],
    X[few, 2],
    notes.labels[few],
    notes.classes,
    "Mean of mfcc 1 (dB)",
    "Mean of mfcc 2 (dB)",
    title="Two of 120 numbers",
)
plots.show(ax)

# %% [markdown]
# Two of the 120 numbers already pull some of the first four classes apart, and mix others. To say it with a number,
# we need a classifier and an honest split. The simplest one of all learns nothing: it gives a note the class of its
# **nearest neighbour**. It is ideal here, because it lives on distances, and a distance shows every fault of a
# description. Each score below is the mean over ten random splits, two thirds of the *groups* against the other
# third.


# %% tags=["explore"]
def scored(X, model, split="by group", scaled=True, classifier=None, kind="", note=""):
    """Accuracy of a classifier on ten random splits of the notes, as a row of a score table."""
    classifier, reports = classifier or KNeighborsClassifier(n_neighbors=1), []
    for seed in range(10):
        if split == "by group":
            train, test = evaluate.split_by_group(notes.groups, 1 / 3, seed, labels=notes.labels)
        else:
            train, test = evaluate.split_by_item(len(notes), 1 / 3, seed)
        scaler = standardize.fit(X[train])
        A, B = (scaler.apply(X[train]), scaler.apply(X[test])) if scaled else (X[train], X[test])
        with threadpool_limits(1):  # for matrices as small as these, threads only wait for each other
            predicted = classifier.fit(A, notes.labels[train]).predict(B)
        reports.append(
            evaluate.report(notes.labels[test], predicted, notes.title, notes.classes, notes.groups[test], n_boot=100)
        )
    return evaluate.Score.over_splits(reports, 1 / 3, model, split, note=note, kind=kind)


# %% [markdown]
# All descriptions that the experiments compare come from one pass over the notes. Each makes one thing different from
# the 120 numbers.


# %% tags=["explore"]
def describe(y, sr):
    """The descriptions of one note that the experiments compare: name -> (n_features,)."""
    f = features.frames(y, sr, ("log_mel", "mfcc", "centroid", "contrast"))
    stats = {f"{n} frames": features.mfcc_stats(f["mfcc"][:, :n]) for n in (3, 10, 30)}
    mixture = np.concatenate([f["mfcc"][:13], f["centroid"], f["contrast"]])
    mixed = np.concatenate([f["mfcc"].mean(axis=1), f["centroid"].mean(axis=1), f["contrast"].mean(axis=1)])
    doubled = 2 * np.maximum(f["log_mel"], f["log_mel"].max() - 40)
    low = audio.resample(audio.resample(y, sr, 2000), 2000, sr)
    return stats | {
        "all frames": features.mfcc_stats(f["mfcc"]),
        "21 x 3 frames": librosa.util.fix_length(mixture, size=3, mode="edge").T.ravel(),
        "21 x mean and sd": np.concatenate([mixture.mean(axis=1), mixture.std(axis=1)]),
        "mixed units": mixed,
        "doubled decibels": features.mfcc_stats(dct(doubled, axis=0, norm="ortho")[:20]),
        "after 2,000 Hz": features.clip_vector(low, sr),
    }


rows = [describe(clip, notes.sr) for clip in tqdm(notes.audio, unit="note", file=sys.stdout, leave=False)]
described = {name: np.stack([row[name] for row in rows]) for name in rows[0]}

# %% [markdown]
# ### Experiment: how much of the sound is used?
#
# One of the reports that this course grew from reads clips of 3 s and then uses the *first three frames*, a
# fourteenth of a second. The shaded strip is what it sees of one note of our set.

# %% tags=["explore"]
example = notes.audio[len(notes) // 2]
ax = plots.spectrogram(
    librosa.power_to_db(features.power(example)),
    notes.sr,
    512,
    fmax=8000,
    title="One note of the set; three frames are shaded",
)
ax.axvspan(0, 3 * 512 / notes.sr, color="white", alpha=0.6)
alt = plots.alt(ax) + f" A white strip covers the first {3 * 512 / notes.sr:.2f} s of {len(example) / notes.sr:.2f} s."
plots.show(ax, alt=alt)

# %% [markdown] tags=["prediction"]
# **Your prediction:** the accuracy with 3, 10, 30 and all frames rises ... (a lot, a little, not at all) because ...:
#

# %% tags=["explore"]
amounts = [scored(described[name], model=name) for name in ("3 frames", "10 frames", "30 frames", "all frames")]
plots.show(plots.score_intervals(amounts, title="120 numbers from the first frames"))

# %% [markdown]
# Read the picture and compare it with your prediction. Three frames hold the beginning of the attack and say nothing
# about how a note is held or dies away. What they do hold is not nothing: a beginning is characteristic. More frames
# help, though not on all data up to the very end: where silence follows a note, it enters the averages too. (Try
# `NOTES = "philharmonia"`.) Which part of a sound to use is a decision, and "the first three frames" should not be
# one by accident.
#
# ### Experiment: mixed scales in one vector
#
# The same report puts 13 MFCC (tens), a centroid in Hz (thousands) and contrasts (tens) side by side, as they are. In
# a sum of squared differences, who speaks?

# %% tags=["explore"]
mixed = described["mixed units"]
columns = [*(f"mfcc {k}" for k in range(20)), "centroid", *(f"contrast {k}" for k in range(7))]
share = mixed.var(axis=0) / mixed.var(axis=0).sum()
for k in np.argsort(-share)[:4]:
    print(f"{columns[k]:11s} {share[k]:8.3%} of the squared distance between two notes, on average")

# %% [markdown] tags=["prediction"]
# **Your prediction:** if each column is divided by its own standard deviation (on the training notes), the accuracy
# changes from ... to ...:
#

# %% tags=["explore"]
as_is = scored(mixed, model="28 numbers, units as they are", scaled=False)
scales = [as_is, scored(mixed, model="28 numbers, standardised")]
plots.show(plots.score_intervals(scales, title="One vector, two scales"))

# %% [markdown]
# Without scaling, the 28 numbers are one number: the centroid outvotes the others, because Hz are small units.
# Nothing crashes and no warning appears. Mean and deviation come from the *training* notes alone; the next lesson
# shows what happens otherwise.
#
# ### Experiment: train twice
#
# And the mistake of section 1: the same 120 numbers from the same notes, after a detour over 2,000 samples a second.

# %% [markdown] tags=["prediction"]
# **Your prediction:** after 2,000 Hz the accuracy falls from ... to ...:
#

# %% tags=["explore"]
rates = [
    scored(described["all frames"], model="as recorded"),
    scored(described["after 2,000 Hz"], model="after 2,000 Hz"),
]
plots.show(plots.score_intervals(rates, title="A detour over 2,000 Hz"))

# %% [markdown]
# Nothing above 1,000 Hz is left, and a part of what tells instruments apart with it. That the score does not fall to
# chance shows how much can hide: a score alone would never have told you that your sound was crushed. An array's
# length, divided by seconds, would.
#
# ## 9. As written, repaired
#
# What did each fault cost? One table. *As written* is what the reports did or had; *repaired* removes one fault after
# the other. 1-NN is the nearest neighbour. Two rows deserve a long look. The *split by note* puts notes of one group
# on both sides: its score answers another question. And *doubled decibels*, the first fault that you found, lowers
# the score on some data and not on others: the features are scaled anyway, and a floor at 40 dB cuts off soft
# harmonics and the noise of the rooms alike. A fault is a fault because the numbers do not mean what they say, not
# because a score is low; and if a floor at 40 dB helps, it can be had by its right name.

# %% tags=["explore"]
all_frames = described["all frames"]
logistic = LogisticRegression(C=0.03, max_iter=300)
score_rows = [
    scored(all_frames, "most frequent class", classifier=DummyClassifier(), kind="baseline", note="does not listen"),
    scored(
        described["21 x 3 frames"],
        "1-NN, 63 numbers of three frames",
        scaled=False,
        kind="as written",
        note="not scaled",
    ),
    scored(described["3 frames"], "1-NN, 120 numbers of three frames", kind="as written", note="standardised"),
    scored(described["doubled decibels"], "1-NN, 120 numbers, doubled dB", kind="as written", note="standardised"),
    scored(all_frames, "1-NN, 120 numbers", split="by note", kind="as written", note="groups on both sides"),
    scored(
        described["21 x 3 frames"],
        "1-NN, 63 numbers of three frames",
        kind="repaired",
        note="standardised, nothing else",
    ),
    scored(
        described["21 x mean and sd"],
        "1-NN, the same 21, mean and sd",
        kind="repaired",
        note="whole note, standardised",
    ),
    scored(all_frames, "1-NN, 120 numbers", kind="repaired", note="whole note, standardised"),
    scored(
        all_frames,
        "logistic regression, 120 numbers",
        classifier=logistic,
        kind="repaired",
        note="the same, standardised",
    ),
]

# %% tags=["explore"]
published = evaluate.Score(
    model="neural network on spectra",
    data="London Philharmonic notes (published)",
    split="as published",
    accuracy=0.935,
    note="other data, other classes: no comparison, a landmark",
    source="Toghiani-Rizi and Windmark 2017, arXiv:1705.04971",
    kind="best published",
)
evaluate.show_scores([*score_rows, published], "What each fault costs")

# %% [markdown]
# Read the table in pairs. Where do two rows differ in one thing only? The 63 numbers *as written* and *repaired*
# differ in their scale; the next row has the same measurements of the whole note. (All rows were scored on the same
# ten splits. The intervals are wide, because a different choice of test recordings is a different test; two rows
# whose intervals overlap may still differ on every single split.) The published score is from other notes and says
# only where such numbers lie.
#
# ## What you have now
#
# - A recording is numbers *and a rate*. Length divided by seconds gives the rate, and half of it is the highest
#   frequency there is.
# - Power is amplitude squared; each has its own formula for dB. Half the amplitude is 6.02 dB less: a law finds a
#   fault that no picture shows.
# - A frame trades time against frequency. The hop decides only how often you look.
# - MFCC are five steps: frames, Fourier, mel bands, logarithm, cosines. They keep the rough shape of a spectrum and
#   give up pitch, phase and level, on purpose.
# - A row of 120 numbers describes a note of any length. Its columns need a common scale, and it should have seen the
#   whole note.
# - Test a description with laws (gain, shift, length), not only with a score. A score can stay high for wrong
#   reasons, and stay put for wrong units.
#
# **Where to go next.** Lesson 02 trains a network on such rows and asks what its score is worth: who stands on both
# sides of the split, what the test set has told the training, what 1-nearest-neighbour near 100 % gives away. If you
# want to stay here: put the name of a recording of your own into the parameters cell, or `NOTES = "philharmonia"`,
# and run the lesson again. Which of the faults costs most there? For features beyond these (rolloff, flatness,
# chroma, and what each is for), see Peeters 2004, "A large set of audio features for sound description".
