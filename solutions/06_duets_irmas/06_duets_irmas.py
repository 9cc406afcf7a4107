# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Two instruments at once

# %%
import itertools
import re
from pathlib import Path

import keras
import numpy as np

from helpers import checks, orchestra

# %% tags=["parameters"]
DATA = "practice-irmas"

# %% [markdown]
# ## Question 1

# %% nbgrader={"grade": false, "grade_id": "parse_name", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: parse_name
def parse_name(path):
    """Read from the path of an IRMAS training clip which instrument leads and which song the clip was cut from.

    Parameters
    ----------
    path : str
        Path of one file, with any folders in front ("/"); the folders may hold brackets, too. The file's own name is
        "<anything or nothing>[instrument]<further tags in brackets><number>__<excerpt>.wav"; the excerpt is 1 to 12.
        "cla" can be an instrument (clarinet) and a genre (classical): the *first* bracket is the instrument.

    Returns
    -------
    dict of str
        "instrument" : the code in the first bracket of the file's name
        "song" : the file's name up to the last "__"; what all excerpts of one song have in common

    For example, ".../008__[cel][nod][cla]0058__1.wav" gives "cel" and "008__[cel][nod][cla]0058", and
    "[cla][cla]0189__2.wav" gives "cla" and "[cla][cla]0189".
    """
    ### BEGIN SOLUTION
    name = Path(path).name
    return {"instrument": re.search(r"\[(\w+)\]", name).group(1), "song": name.rpartition("__")[0]}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "parse_name-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("parse_name")
with q.check("two-words", hint="one dict with the two keys that the docstring names, both str"):
    answer = parse_name("training/cel/008__[cel][nod][cla]0058__1.wav")
    checks.keys(answer, ("instrument", "song"))
    for key in ("instrument", "song"):
        assert isinstance(answer[key], str), f"{key!r} should be a str, but is a {type(answer[key]).__name__}"
with q.check("two-names", hint="print what your function makes of the two names in the docstring"):
    for name, code in (("cel/008__[cel][nod][cla]0058__1.wav", "cel"), ("[cla][cla]0189__2.wav", "cla")):
        answer = parse_name(name)
        assert answer["instrument"] == code, f"the instrument of {name} is not {answer['instrument']!r}"
        assert answer["song"] == name.split("/")[-1][:-7], f"the song of {name} is not {answer['song']!r}"
### BEGIN HIDDEN TESTS
codes = q.rng.permutation(["cel", "cla", "flu", "gac", "gel", "org", "pia", "sax", "tru", "vio", "voi"]).tolist()
genres = ["cou_fol", "cla", "pop_roc", "lat_sou", "jaz_blu"]
folders = ["", "cel/", "IRMAS-TrainingData/voi/", "/data/[pia] old takes/", "[sax]/copy__2/", "./a.b/[tru][nod]/"]
drawn = []
for i in range(44):
    tags = f"[{codes[i % 11]}]" + ("", "[dru]", "[nod]")[int(q.rng.integers(3))] + f"[{genres[int(q.rng.integers(5))]}]"
    song = ("", f"{int(q.rng.integers(1000)):03d}__")[i % 2] + tags + f"{int(q.rng.integers(10000)):04d}"
    drawn.append((codes[i % 11], song, i % 12 + 1))
with q.check("instrument", weight=2, hint="the first bracket of the file's own name: Path(path).name, then re.search"):
    for code, song, excerpt in drawn:
        got = parse_name(f"{song}__{excerpt}.wav")["instrument"]
        assert got not in genres or got == code, f"{got!r} is the genre of {song}__{excerpt}.wav, not its instrument"
        assert got == code, f"the instrument of {song}__{excerpt}.wav is not {got!r}"
with q.check("song", weight=2, hint="cut at the *last* double underscore: str.rpartition or str.rsplit"):
    for _, song, excerpt in drawn:
        got = parse_name(f"{song}__{excerpt}.wav")["song"]
        assert ".wav" not in got, f"the song of {song}__{excerpt}.wav should not keep the ending of the file: {got!r}"
        assert got, f"the song of {song}__{excerpt}.wav is empty"
        assert got == song, f"the song of {song}__{excerpt}.wav is not {got!r}"
with q.check("excerpts-share-their-song", hint="the number behind the last double underscore is the excerpt's own"):
    for _, song, _ in drawn[:12]:
        got = {parse_name(f"{song}__{excerpt}.wav")["song"] for excerpt in range(1, 13)}
        assert len(got) == 1, f"twelve excerpts of one song give {len(got)} songs: is the excerpt's number still there?"
with q.check("songs-stay-apart", hint="everything before the last double underscore belongs to the song"):
    songs = {song for _, song, _ in drawn}
    got = {parse_name(f"{song}__3.wav")["song"] for song in songs}
    assert len(got) == len(songs), f"{len(songs)} songs give only {len(got)} names: a part of the name was lost"
with q.check("folders", weight=2, hint="take the file's own name first: folders can hold brackets and underscores"):
    for i, (code, song, excerpt) in enumerate(drawn):
        answer = parse_name(f"{folders[i % 6]}{song}__{excerpt}.wav")
        place = f"in the folder {folders[i % 6]!r}"
        assert answer["instrument"] == code, f"{place} the instrument of {song}__{excerpt}.wav is {answer['instrument']!r}"
        assert answer["song"] == song, f"{place} the song of {song}__{excerpt}.wav is {answer['song']!r}"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 2

# %% nbgrader={"grade": false, "grade_id": "mix_pair", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: mix_pair
def mix_pair(a, b, level_db):
    """Add two clips, the second one `level_db` dB below the first, and bring the sum to a peak of 0.5.

    Parameters
    ----------
    a, b : (n,) float32 arrays
        Two clips of the same length. They must not be changed. Unequal lengths: raise a ValueError that says so.
    level_db : float
        How far the level of b is to lie below the level of a, in dB; 0: equally loud; negative: b is the louder one.
        The level of a sound is its RMS, the root of the mean of its squared samples: scale b so that
        20 * log10(RMS of a / RMS of b) = level_db, then add a and b.

    Returns
    -------
    (n,) float32 array
        The sum, multiplied by one number so that its largest absolute value is 0.5. If a or b is silent (all zeros),
        the other one alone, with that peak; if both are silent, zeros.
    """
    ### BEGIN SOLUTION
    if len(a) != len(b):
        raise ValueError(f"the clips have {len(a)} and {len(b)} samples: only clips of one length can be added")
    rms_a, rms_b = (np.sqrt(np.mean(np.square(y, dtype=np.float64))) for y in (a, b))
    gain = rms_a / rms_b * 10 ** (-level_db / 20) if rms_a > 0 and rms_b > 0 else 1
    total = a + gain * b
    peak = np.abs(total).max()
    return (0.5 / peak * total if peak > 0 else total).astype(np.float32)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mix_pair-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("mix_pair")


def level_of(a, b, level_db):
    """By how many dB b lies below a in the answer's mixture, measured by least squares."""
    mixed = checks.array(mix_pair(a, b, level_db), "the mixture", shape=a.shape)
    (share_a, share_b), *_ = np.linalg.lstsq(np.stack([a, b], axis=1).astype(float), mixed.astype(float), rcond=None)
    assert share_a > 0 and share_b > 0, "both clips should be in the mixture, with their own sign"
    return 20 * np.log10(share_a * np.std(a.astype(float)) / (share_b * np.std(b.astype(float))))


A = np.array([0.3, -0.3, 0.3, -0.3], dtype=np.float32)
B = np.array([0.1, 0.1, -0.1, -0.1], dtype=np.float32)
with q.check("peak-one-half", hint="divide the sum by its largest absolute value, times 0.5"):
    peak = np.abs(checks.array(mix_pair(A, B, 0.0), "the mixture", shape=(4,))).max()
    assert abs(peak - 0.5) < 1e-4, f"the largest absolute value of the mixture should be 0.5, but is {peak:.4g}"
with q.check("zero-db-is-equally-loud", hint="at 0 dB the RMS of the scaled b is that of a"):
    got = level_of(A, B, 0.0)
    assert abs(got) < 0.1, f"at level_db=0 both should have the same RMS, but b lies {got:.1f} dB below a"
### BEGIN HIDDEN TESTS
n = int(q.rng.integers(5000, 9000))
hiss = (q.rng.uniform(0.01, 0.3) * q.rng.normal(size=n)).astype(np.float32)
clicks = (0.02 * q.rng.normal(size=n) + 0.5 * (q.rng.random(n) < 0.003)).astype(np.float32)
tones = []
for program in (40, 56, 0):
    note, _ = orchestra.phrase([program], [60], durations=n / 11025 + 0.2, gaps=0.0, lead=0.0, sr=11025,
                               seed=int(q.rng.integers(1000)))  # fmt: skip
    tones.append(np.float32(q.rng.uniform(0.1, 1)) * note[:n].astype(np.float32))
sounds = [(hiss, clicks), (clicks, hiss), (tones[0], tones[2]), (tones[1], hiss), (hiss, tones[2])]
levels = [*q.rng.uniform(2, 12, 3), *q.rng.uniform(-12, -2, 2)]
for sound in (hiss, clicks, *tones):
    sound -= sound.mean()
with q.check("level", weight=3, hint="20 dB are a factor of 10 in amplitude: 10 ** (-level_db / 20), and levels are RMS"):
    for (a, b), level in zip(sounds, levels, strict=True):
        got = level_of(a, b, float(level))
        assert abs(got + level) > 0.1, "the sign is turned round: level_db dB *below* a makes b quieter"
        assert abs(got - 2 * level) > 0.1, "the level is twice what was asked: dB of an amplitude divide by 20, not by 10"
        peaks = 20 * np.log10(np.abs(a).max() / np.abs(b).max())
        loudness = 20 * np.log10(np.std(a.astype(float)) / np.std(b.astype(float)))
        assert abs(got - level - loudness + peaks) > 0.1, "the peaks differ by level_db, and not the RMS levels"
        assert abs(got - level - loudness) > 0.1, "the level is off by what a and b differed before: bring b to a's RMS"
        assert abs(got - level) < 0.1, f"b should lie {level:.1f} dB below a in the mixture, but lies {got:.1f} dB below"
with q.check("level-does-not-hang-on-the-input", hint="whatever b's own level was, the mixture is the same"):
    a, b = tones[0], tones[1]
    first = checks.array(mix_pair(a, b, 3.0), "the mixture", shape=(n,))
    for gain in (0.02, 3.0):
        again = mix_pair(a, np.float32(gain) * b, 3.0)
        checks.close(again, first, "the mixture with another recording level of b", rtol=0, atol=2e-4)
with q.check("peak", weight=2, hint="scale the *sum*, by one number, to a largest absolute value of 0.5"):
    for (a, b), level in zip(sounds, levels, strict=True):
        peak = np.abs(checks.array(mix_pair(a, b, float(level)), "the mixture", shape=(n,))).max()
        assert abs(peak - 0.5) < 1e-4, f"the largest absolute value of the mixture should be 0.5, but is {peak:.4g}"
with q.check("nothing-but-the-two", hint="no clipping, no window: the result is a sum of the two clips"):
    for (a, b), level in zip(sounds, levels, strict=True):
        mixed = checks.array(mix_pair(a, b, float(level)), "the mixture", shape=(n,)).astype(float)
        parts = np.stack([a, b], axis=1).astype(float)
        rest = mixed - parts @ np.linalg.lstsq(parts, mixed, rcond=None)[0]
        assert np.abs(rest).max() < 1e-3, "the mixture is no sum of the two clips: were its peaks clipped?"
with q.check("silence", weight=2, hint="a silent clip has RMS 0: do not divide by it"):
    quiet = np.zeros(n, dtype=np.float32)
    for a, b, name in ((hiss, quiet, "b"), (quiet, hiss, "a")):
        got = checks.array(mix_pair(a, b, 6.0), f"the mixture where {name} is silent", shape=(n,))
        want = hiss / np.abs(hiss).max() * 0.5
        checks.close(got, want, f"the mixture where {name} is silent", rtol=0, atol=2e-4)
    got = checks.array(mix_pair(quiet, quiet, 6.0), "the mixture of two silent clips", shape=(n,))
    assert not got.any(), "two silent clips should give zeros"
with q.check("inputs-unchanged", hint="work on copies: a * 1 makes a new array, a *= 1 does not"):
    for a, b in sounds:
        before = a.copy(), b.copy()
        mix_pair(a, b, 5.0)
        same = np.array_equal(a, before[0]) and np.array_equal(b, before[1])
        assert same, "a or b was changed: the next mixture with that clip will be another one"
with q.check("unequal-lengths", hint="if len(a) != len(b): raise ValueError(...)"):
    for a, b in ((hiss, hiss[:-7]), (tones[0][:1], tones[1])):
        try:
            mix_pair(a, b, 0.0)
        except ValueError as error:
            assert str(error).strip(), "the ValueError should say in words what is wrong"
        else:
            raise AssertionError("clips of unequal length were mixed: raise a ValueError, do not cut or stretch")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 3

# %% nbgrader={"grade": false, "grade_id": "make_pairs", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: make_pairs
def make_pairs(labels, songs, n_pairs, seed):
    """Choose which clips are mixed with which.

    Parameters
    ----------
    labels : (n_clips,) int array
        Instrument of each clip; any whole numbers, in any order.
    songs : (n_clips,) array of str
        The song that each clip was cut from. A song can hold several clips, and clips of several instruments.
    n_pairs : int
        How many pairs. There are always enough clips for what is asked here.
    seed : int
        The same seed gives the same pairs, another seed others. Make a generator of your own from it
        (numpy.random.default_rng(seed)); do not set the seed of the whole program.

    Returns
    -------
    (n_pairs, 2) int array
        Row numbers of the two clips of each pair. The two have different labels and come from different songs. No two
        clips are paired twice: (3, 8) and (8, 3) are the same pair. Every combination of two labels has equally many
        pairs, as nearly as n_pairs allows: their numbers differ by 1 at most. Within these rules the pairs are drawn
        at random.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    combinations = rng.permutation(list(itertools.combinations(np.unique(labels), 2)))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [(a[i], b[j]) for i, j in rng.permutation(allowed)[:n]]
    return rng.permutation(pairs)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "make_pairs-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("make_pairs")


def pairs_of(labels, songs, n_pairs, seed):
    """The answer's pairs, after their form was looked at."""
    got = checks.array(make_pairs(labels, songs, n_pairs, seed), "the pairs", shape=(n_pairs, 2))
    assert got.dtype.kind in "iu", f"the pairs should be row numbers (int), but hold {got.dtype}"
    assert got.min() >= 0 and got.max() < len(labels), (
        f"the pairs should be row numbers, 0 to {len(labels) - 1}, but go from {got.min()} to {got.max()}: labels?"
    )
    return got


L = np.array([7, 3, 3, 7, 9, 9])
S = np.array(["waltz", "waltz", "tango", "polka", "polka", "march"])
with q.check("row-numbers", hint="each row of the result holds the row numbers of two clips"):
    pairs_of(L, S, 3, 0)
with q.check("different-instruments", hint="draw the two clips from two different labels"):
    for seed in range(5):
        got = pairs_of(L, S, 3, seed)
        assert (L[got[:, 0]] != L[got[:, 1]]).all(), "a pair has the same instrument twice"
### BEGIN HIDDEN TESTS
names = q.rng.permutation(np.arange(300, 900))[:4]
rows, n_clips = [], int(q.rng.integers(90, 180))
for place in range(80):
    mine = q.rng.permutation(4)[: 1 + (q.rng.random() < 0.3)]
    rows += [(int(names[q.rng.choice(mine)]), f"song {place:03d}") for _ in range(int(q.rng.integers(1, 7)))]
rows = [rows[i] for i in q.rng.permutation(len(rows))[:n_clips]]
rows += [(int(name), "overture") for name in names for _ in range(3 if name == names[0] else 1)]
L, S = np.array([label for label, _ in rows]), np.array([song for _, song in rows])
kinds = [(a, b) for i, a in enumerate(sorted(names)) for b in sorted(names)[i + 1 :]]
room = [int(np.sum(S[np.flatnonzero(L == a)][:, None] != S[np.flatnonzero(L == b)])) for a, b in kinds]
n_pairs = 6 * int(q.rng.uniform(0.4, 0.5) * min(room)) + int(q.rng.integers(1, 6))
seeds = q.rng.permutation(1000)[:12].tolist()
few = int(q.rng.integers(20, 30)) * 2 + 1
with q.check("different-labels", hint="draw the two clips from two different labels"):
    for seed in seeds[:3]:
        got = pairs_of(L, S, n_pairs, seed)
        assert (L[got[:, 0]] != L[got[:, 1]]).all(), "a pair has the same instrument twice"
with q.check("different-songs", weight=2, hint="compare the songs of the two clips, too: one song can hold two instruments"):
    for seed in seeds[:3]:
        got = pairs_of(L, S, n_pairs, seed)
        n_same = int(np.sum(S[got[:, 0]] == S[got[:, 1]]))
        assert not n_same, f"{n_same} of {n_pairs} pairs have both clips from one song"
with q.check("equally-frequent", weight=3, hint="go through the combinations of two labels, and draw as many from each"):
    for n, seed in ((n_pairs, seeds[0]), (few, seeds[1]), (few + 6, seeds[2])):
        got = np.sort(L[pairs_of(L, S, n, seed)], axis=1)
        counts = [int(np.sum((got[:, 0] == a) & (got[:, 1] == b))) for a, b in kinds]
        assert max(counts) - min(counts) <= 1, (
            f"of {n} pairs {max(counts)} have the most frequent combination of two instruments and {min(counts)} the "
            "rarest: the numbers should differ by 1 at most"
        )
with q.check("no-pair-twice", weight=2, hint="draw without replacement; (3, 8) and (8, 3) are the same pair"):
    for seed in seeds[:3]:
        got = np.sort(pairs_of(L, S, n_pairs, seed), axis=1)
        n_different = len(np.unique(got, axis=0))
        assert n_different == n_pairs, f"of {n_pairs} pairs only {n_different} are different: some come twice"
with q.check("seed", hint="numpy.random.default_rng(seed) gives the same numbers for the same seed"):
    first, again = pairs_of(L, S, few, seeds[0]), pairs_of(L, S, few, seeds[0])
    assert np.array_equal(first, again), "the same seed gave other pairs"
    different = {frozenset(map(tuple, np.sort(pairs_of(L, S, few, seed), axis=1).tolist())) for seed in seeds}
    assert len(different) > 6, "different seeds give the same pairs: draw with the seed"
with q.check("every-clip-can-be-drawn", hint="draw among all clips of a label, not only among the first ones"):
    drawn = np.unique(np.concatenate([pairs_of(L, S, n_pairs, seed).ravel() for seed in seeds]))
    missing = len(L) - len(drawn)
    assert missing == 0, f"{missing} of {len(L)} clips are never drawn, with {len(seeds)} seeds of {n_pairs} pairs each"
with q.check("program-seed-left-alone", hint="use a generator: rng = numpy.random.default_rng(seed)"):
    before = np.random.get_state()
    make_pairs(L, S, few, seeds[0])
    after = np.random.get_state()
    assert before[2] == after[2] and np.array_equal(before[1], after[1]), (
        "the random numbers of the whole program were seeded or used (numpy.random.seed): other code depends on them"
    )
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 4

# %% nbgrader={"grade": false, "grade_id": "build_transfer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: build_transfer
def build_transfer(stage1, n_labels, learning_rate):
    """Build a network that names the instruments of a mixture, on the frozen layers of one that names a single one.

    Parameters
    ----------
    stage1 : keras.Model
        A trained network for one instrument out of some: a stack of layers, one after the other. Its last layer is a
        Dense with softmax; the layer before that, stage1.layers[-2], is the last hidden one. It may hold batch
        normalisation. What stage 1 answers must not change.
    n_labels : int
        Number of instruments to say yes or no to.
    learning_rate : float

    Returns
    -------
    keras.Model
        All layers of stage 1 up to its last hidden layer, with their weights, *frozen*: no training changes anything
        in them, and batch normalisation goes on using its stored mean and variance. On top one new Dense layer with
        n_labels outputs and sigmoid, which is all that is trained. Compiled with Adam at the given rate and binary
        cross-entropy (freeze first, then compile: Keras promises nothing for the other order).
    """
    ### BEGIN SOLUTION
    hidden = keras.Model(stage1.input, stage1.layers[-2].output)
    hidden.trainable = False
    inputs = keras.Input(stage1.input_shape[1:])
    outputs = keras.layers.Dense(n_labels, activation="sigmoid")(hidden(inputs, training=False))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "build_transfer-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("build_transfer")


def n_numbers(weights):
    """How many numbers some weights hold together."""
    return sum(int(np.prod(w.shape)) for w in weights)


def stage_1(frames, bands, sizes, n_classes):
    """A network for one instrument out of some, with random weights everywhere."""
    inputs = keras.Input((frames, bands))
    x = keras.layers.BatchNormalization()(keras.layers.Conv1D(sizes[0], 3)(inputs))
    x = keras.layers.GlobalAveragePooling1D()(keras.layers.ReLU()(x))
    x = keras.layers.Dense(sizes[1], activation="tanh")(x)
    model = keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(x))
    for w in model.weights:
        drawn = q.rng.normal(size=w.shape)
        w.assign(np.abs(drawn) + 0.5 if "variance" in w.path else 0.5 * drawn)
    return model


small = stage_1(12, 5, (8, 6), 4)
with q.check("new-head", hint="stage1.layers[-2].output is what the last hidden layer gives; put a Dense on it"):
    model = build_transfer(small, 3, 0.001)
    assert hasattr(model, "count_params"), f"a Keras model should come back, but this is a {type(model).__name__}"
    p = checks.array(np.asarray(model(np.zeros((2, 12, 5), dtype=np.float32))), "the output", shape=(2, 3))
    assert p.min() >= 0 and p.max() <= 1, "every output should be a probability, 0 to 1: sigmoid"
with q.check("trainable-and-frozen", hint="layer.trainable = False freezes; the old output layer is not needed any more"):
    model = build_transfer(small, 3, 0.001)
    free, frozen = n_numbers(model.trainable_weights), n_numbers(model.non_trainable_weights)
    print(f"      your model: {free:,} numbers are trained, {frozen:,} are frozen")
    assert free, "nothing is trained: is the new layer frozen, too?"
    assert free < frozen, "more is trained than frozen: stage 1's layers should keep their weights"
### BEGIN HIDDEN TESTS
frames, bands, n_labels = (int(v) for v in q.rng.integers([15, 4, 5], [30, 12, 12]))
sizes = tuple(int(v) for v in q.rng.integers(13, 24, 2))
rate = float(10 ** q.rng.uniform(-4, -2))
X = (2 * q.rng.normal(size=(9, frames, bands))).astype(np.float32)
Y = (q.rng.random((9, n_labels)) < 0.4).astype(np.float32)
one = stage_1(frames, bands, sizes, 4)
inputs = keras.Input((frames, bands))
x = keras.layers.MaxPooling1D(2)(keras.layers.Conv1D(sizes[1], 4, activation="relu")(inputs))
x = keras.layers.Dense(sizes[0], activation="relu")(keras.layers.Flatten()(x))
x = keras.layers.Dropout(0.5)(x)
two = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
trained = []  # (stage 1, what its last hidden layer says of X, numbers up to there, its answers)
for network in (one, two):
    said = np.asarray(keras.Model(network.input, network.layers[-2].output)(X))
    n_hidden = n_numbers(w for layer in network.layers[:-1] for w in layer.weights)
    trained.append((network, said, n_hidden, np.asarray(network(X, training=False))))
models = []


def model_for(place):
    """The answer's network on stage 1 number `place`, built once."""
    while len(models) <= place:
        models.append(build_transfer(trained[len(models)][0], n_labels, rate))
    checks.array(np.asarray(models[place](X)), "the output", shape=(9, n_labels))
    return models[place]


with q.check("outputs-are-separate", hint="several instruments can play at once: sigmoid, one yes or no each"):
    for place in (0, 1):
        p = checks.array(np.asarray(model_for(place)(X)), "the output", shape=(9, n_labels), low=0, high=1)
        assert np.abs(p.sum(axis=1) - 1).max() > 1e-3, "the outputs of a clip sum to 1: softmax allows one instrument only"
with q.check("only-the-head-is-trained", weight=2, hint="set trainable = False on all layers of stage 1, not on the new one"):
    for place, (_, said, _, _) in enumerate(trained):
        free = n_numbers(model_for(place).trainable_weights)
        want = (said.shape[1] + 1) * n_labels
        assert free != 0, "nothing is trained: the new layer is frozen, too"
        assert free >= want, "fewer numbers are trained than one Dense layer on the last hidden layer of stage 1 has"
        assert free <= want, "more is trained than the new Dense layer: are all layers of stage 1 frozen?"
with q.check("hidden-layers-kept", weight=3, hint="take the layers of stage 1 themselves, up to layers[-2], with their weights"):
    for place, (_, said, n_hidden, _) in enumerate(trained):
        model = model_for(place)
        frozen = n_numbers(model.non_trainable_weights)
        assert frozen <= n_hidden, "there are more frozen weights than stage 1 has hidden ones: is its old output still there?"
        assert frozen >= n_hidden, "there are fewer frozen weights than stage 1 has in its hidden layers"
        shapes = [len(w.shape) for w in model.trainable_weights]
        assert sorted(shapes) == [1, 2], "the new layer should be one Dense layer: one kernel and one bias to train"
        kernel, bias = (np.asarray(model.trainable_weights[shapes.index(axes)]) for axes in (2, 1))
        want = 1 / (1 + np.exp(-(said @ kernel + bias)))
        assert np.allclose(np.asarray(model(X)), want, rtol=1e-3, atol=1e-4), (
            "the output is not a sigmoid of one Dense layer on stage 1's last hidden layer: new weights in the layers "
            "below, another activation, or layers in between?"
        )
with q.check("optimiser", hint="keras.optimizers.Adam(learning_rate), no number typed in"):
    for wanted in (rate, rate / 7):
        optimiser = getattr(build_transfer(one, n_labels, wanted), "optimizer", None)
        assert optimiser is not None, "the model was not compiled: call model.compile(...) before it is returned"
        assert type(optimiser).__name__ == "Adam", f"the optimiser should be Adam, but is {type(optimiser).__name__}"
        got = float(np.asarray(optimiser.learning_rate))
        assert abs(got / wanted - 1) < 1e-4, f"the optimiser's learning rate is {got:.3g}, and not the argument"
with q.check("loss", weight=2, hint="loss='binary_crossentropy': the mean over clips and labels of -ln p of the right answer"):
    model = model_for(0)
    p = checks.array(np.asarray(model(X)), "the output", shape=(9, n_labels), low=0, high=1)
    assert getattr(model, "loss", None) is not None, "the model was not compiled with a loss: model.compile(loss=...)"
    got = float(model.compute_loss(x=X, y=keras.ops.convert_to_tensor(Y), y_pred=keras.ops.convert_to_tensor(p)))
    limited = np.clip(p.astype(float), 1e-7, 1 - 1e-7)
    want = -np.mean(Y * np.log(limited) + (1 - Y) * np.log(1 - limited))
    name = getattr(model.loss, "name", getattr(model.loss, "__name__", str(model.loss)))
    assert abs(got - want) < 2e-3 * want, (
        f"the compiled loss ({name}) is not the mean binary cross-entropy of the outputs: one for one class out of many "
        "(categorical), squared error, or one that expects logits"
    )
with q.check("one-step-moves-the-head-alone", weight=3, hint="freeze before you compile; batch normalisation is frozen, too"):
    model = model_for(0)
    assert getattr(model, "compiled", False), "the model was not compiled: call model.compile(...)"
    fixed, free = list(model.non_trainable_weights), list(model.trainable_weights)
    before = [[np.asarray(w).copy() for w in part] for part in (fixed, free)]
    model.train_on_batch(X, Y)
    moved = sum(not np.array_equal(a, np.asarray(w)) for a, w in zip(before[0], fixed, strict=True))
    assert not moved, f"one step of training changed {moved} frozen arrays: batch normalisation still learns its mean"
    assert free, "nothing is trained"
    still = [np.array_equal(a, np.asarray(w)) for a, w in zip(before[1], free, strict=True)]
    assert not any(still), "one step of training did not change the new layer: is it frozen?"
with q.check("stage-1-as-it-was", hint="build a new model on stage 1's layers; do not take any away from stage 1 itself"):
    for network, _, _, answers in trained:
        build_transfer(network, n_labels, rate)
        now = np.asarray(network(X, training=False))
        same = now.shape == answers.shape and np.allclose(now, answers, rtol=1e-4, atol=1e-6)
        assert same, "stage 1 itself gives other answers than before"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 5

# %% nbgrader={"grade": false, "grade_id": "multilabel_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: multilabel_scores
def multilabel_scores(Y_true, Y_pred):
    """Four ways to score answers that say yes or no to every label.

    Parameters
    ----------
    Y_true, Y_pred : (n_items, n_labels) arrays of 0 and 1, as int, bool or float
        What is there, and what was said to be there.

    Returns
    -------
    dict of float, each 0 to 1
        "per_label" : share of all n_items * n_labels decisions that are right
        "exact" : share of the items whose labels are all right
        "micro_f1" : F1 over all decisions together
        "macro_f1" : F1 of each label (each column) by itself, then the mean over the labels

    F1 = 2 TP / (2 TP + FP + FN), with TP a yes that is right, FP a wrong yes, FN a wrong no. Where there is neither a
    yes in Y_true nor in Y_pred it is 0 / 0: take 0.
    """
    ### BEGIN SOLUTION
    truth, said = np.asarray(Y_true) > 0.5, np.asarray(Y_pred) > 0.5

    def f1(tp, yes):  # `yes` counts those of the truth and those of the answer: 2 TP + FP + FN
        return 2 * tp / yes if yes else 0.0

    tp, yes = (truth & said).sum(axis=0), truth.sum(axis=0) + said.sum(axis=0)
    return {
        "per_label": float(np.mean(truth == said)),
        "exact": float(np.mean((truth == said).all(axis=1))),
        "micro_f1": float(f1(tp.sum(), yes.sum())),
        "macro_f1": float(np.mean([f1(t, n) for t, n in zip(tp, yes, strict=True)])),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "multilabel_scores-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("multilabel_scores")
KEYS = ("per_label", "exact", "micro_f1", "macro_f1")
duet = np.tile([0, 0, 1, 1], (23, 1))
said = (np.arange(23)[:, None] < [5, 16, 17, 14]).astype(int)
with q.check("four-shares", hint="one dict with the four keys; shares from 0 to 1, not per cent"):
    answer = multilabel_scores(duet, said)
    checks.keys(answer, KEYS)
    for key in KEYS:
        checks.array(answer[key], f"{key!r}, from 0 to 1,", shape=(), low=0, high=1)
with q.check("the-duet", hint="the report's own duet: 56 of its 92 decisions are right"):
    checks.close(multilabel_scores(duet, said)["per_label"], 56 / 92, "'per_label' of the duet")
### BEGIN HIDDEN TESTS
n, m = int(q.rng.integers(50, 90)), int(q.rng.integers(5, 9))
often = q.rng.permutation(np.linspace(0.1, 0.8, m))
truth = (q.rng.random((n, m)) < often).astype(int)
said = np.where(q.rng.random((n, m)) < np.linspace(0.02, 0.4, m), 1 - truth, truth)
said[: n // 5] = truth[: n // 5]


def f1(a, b):
    """Of two arrays of 0 and 1."""
    yes = a.sum() + b.sum()
    return 2 * (a * b).sum() / yes if yes else 0.0


def four(a, b):
    """The four scores, decision by decision."""
    macro = np.mean([f1(x, y) for x, y in zip(a.T, b.T, strict=True)])
    rows = np.mean([list(x) == list(y) for x, y in zip(a, b, strict=True)])
    return {"per_label": np.mean(a == b), "exact": rows, "micro_f1": f1(a, b), "macro_f1": macro}


def one(key, a, b, what=""):
    """One of the answer's scores, after a look at its form."""
    answer = multilabel_scores(a, b)
    checks.keys(answer, KEYS)
    return checks.array(answer[key], f"{key!r}{what}, from 0 to 1,", shape=(), low=0, high=1)


want = four(truth, said)
by_rows = np.mean([f1(x, y) for x, y in zip(truth, said, strict=True)])
with q.check("per-label", hint="the mean of (truth == said) over all decisions"):
    got = one("per_label", truth, said)
    argmax = np.mean(truth.argmax(axis=1) == said.argmax(axis=1))
    assert abs(got - argmax) > 1e-6, "'per_label' compares only the largest entry of each row: argmax is for one class"
    checks.close(got, want["per_label"], "'per_label'")
with q.check("exact", weight=2, hint="(truth == said).all(axis=1) says of each item whether all its labels are right"):
    got = one("exact", truth, said)
    assert abs(got - want["per_label"]) > 1e-6, "'exact' is the share of right decisions: an item counts only if all are"
    argmax = np.mean(truth.argmax(axis=1) == said.argmax(axis=1))
    assert abs(got - argmax) > 1e-6, "'exact' compares only the largest entry of each row: argmax is for one class"
    checks.close(got, want["exact"], "'exact'")
with q.check("micro-f1", weight=2, hint="add TP, FP and FN of all labels first, then one F1"):
    got = one("micro_f1", truth, said)
    assert abs(got - want["macro_f1"]) > 1e-6, "'micro_f1' is the mean over the labels: micro and macro exchanged?"
    assert abs(got - by_rows) > 1e-6, "'micro_f1' is an average over the items (the rows)"
    checks.close(got, want["micro_f1"], "'micro_f1'")
with q.check("macro-f1", weight=2, hint="one F1 a label (a column), then the mean of them"):
    got = one("macro_f1", truth, said)
    assert abs(got - want["micro_f1"]) > 1e-6, "'macro_f1' is one F1 over all decisions: micro and macro exchanged?"
    assert abs(got - by_rows) > 1e-6, "'macro_f1' is an average over the items (the rows), and not over the labels"
    checks.close(got, want["macro_f1"], "'macro_f1'")
with q.check("empty-labels", weight=2, hint="where 2 TP + FP + FN is 0, the F1 of that label is 0, and it counts in the mean"):
    a, b = truth.copy(), said.copy()
    a[:, 1] = b[:, 1] = b[:, 2] = 0
    got = one("macro_f1", a, b, " where one label never occurs")
    assert abs(got - four(a, b)["macro_f1"] * m / (m - 1)) > 1e-6, "a label without any yes counts as F1 = 0, not as absent"
    checks.close(got, four(a, b)["macro_f1"], "'macro_f1' where one label never occurs")
    for key in ("micro_f1", "macro_f1"):
        got = one(key, a, 0 * b, " where nothing was said")
        assert got == 0, f"{key!r} should be 0 where nothing was said"
    got = one("micro_f1", 0 * a, 0 * b, " where nothing is there and nothing was said")
    assert got == 0, "'micro_f1' should be 0 where nothing is there and nothing was said"
with q.check("kinds-of-numbers", hint="turn both into one kind first, for example np.asarray(Y) > 0.5"):
    for kind in (bool, np.float32, np.uint8):
        for key in KEYS:
            got = one(key, truth.astype(kind), said.astype(kind), f" of arrays of {np.dtype(kind)}")
            checks.close(got, want[key], f"{key!r} of arrays of {np.dtype(kind)}")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 6

# %% nbgrader={"grade": false, "grade_id": "top_k", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: top_k
def top_k(scores, k):
    """Say yes to exactly k labels of each item: those with the largest scores.

    Parameters
    ----------
    scores : (n_items, n_labels) array
        Any numbers, also negative ones (logits); larger means surer.
    k : int, 1 to n_labels

    Returns
    -------
    (n_items, n_labels) int array
        1 at the k largest scores of each row, 0 elsewhere. Of equal scores the one with the lower column number wins.
    """
    ### BEGIN SOLUTION
    order = np.argsort(-np.asarray(scores), axis=1, kind="stable")
    chosen = np.zeros(np.shape(scores), dtype=int)
    np.put_along_axis(chosen, order[:, :k], 1, axis=1)
    return chosen
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "top_k-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("top_k")
P = np.array([[0.9, 0.1, 0.4, 0.3], [0.2, 0.1, 0.15, 0.05]])
with q.check("ones-and-zeros", hint="the result has the shape of scores: 1 where the answer is yes, 0 elsewhere"):
    got = checks.array(top_k(P, 2), "the result", shape=(2, 4), low=0, high=1)
    assert np.isin(got, (0, 1)).all(), "the result should hold 0 and 1 only"
with q.check("exactly-k", hint="also where all scores are small: count the ones of each row"):
    got = checks.array(top_k(P, 2), "the result", shape=(2, 4))
    checks.close(got.sum(axis=1), [2, 2], "the number of ones in each row, for k=2,")
### BEGIN HIDDEN TESTS
n, m = int(q.rng.integers(20, 40)), int(q.rng.integers(5, 9))
drawn = q.rng.normal(size=(n, m)) * 3 - 2
tied = q.rng.integers(-2, 2, size=(n, m)).astype(float)


def by_hand(scores, k):
    """Row by row: larger scores first, at a tie the lower column."""
    result = np.zeros(scores.shape, dtype=int)
    for row, values in enumerate(scores.tolist()):
        for column in sorted(range(len(values)), key=lambda c: (-values[c], c))[:k]:
            result[row, column] = 1
    return result


def one_hot(scores, k, what):
    """The answer, after a look at its form."""
    got = checks.array(top_k(scores, k), what, shape=scores.shape, low=0, high=1)
    assert np.isin(got, (0, 1)).all(), f"{what} should hold 0 and 1 only"
    return got


with q.check("k-in-each-row", weight=2, hint="every row by itself: axis=1"):
    for k in range(1, m + 1):
        got = one_hot(drawn, k, f"the result for k={k}").sum(axis=1)
        assert (got == k).all(), f"for k={k} some rows have {got.min()} or {got.max()} ones: exactly k in each row"
with q.check("the-largest", weight=2, hint="the largest scores, not the smallest"):
    for k in range(1, m):
        got = one_hot(drawn, k, f"the result for k={k}").astype(bool)
        assert got.any(axis=1).all() and not got.all(axis=1).any(), f"for k={k} a row is all zeros or all ones"
        inside, outside = np.where(got, drawn, np.inf).min(axis=1), np.where(got, -np.inf, drawn).max(axis=1)
        assert (inside > outside).all(), f"for k={k} a score that was left out is larger than one that was chosen"
with q.check("scores-of-any-size", hint="only their order matters: not 0.5, and negative numbers are scores, too"):
    for scores in (drawn - 50, 1e-4 * drawn, drawn + 50):
        got = one_hot(scores, 2, "the result for other scores in the same order")
        assert np.array_equal(got, by_hand(drawn, 2)), "the same scores, shifted or stretched, give other labels"
with q.check("ties", weight=2, hint="np.argsort(-scores, kind='stable') keeps equal scores in their order"):
    for k in range(1, m + 1):
        got = one_hot(tied, k, "the result where scores are equal")
        assert (got.sum(axis=1) == k).all(), f"where scores are equal, a row has not exactly {k} ones"
        assert np.array_equal(got, by_hand(tied, k)), "of equal scores the one with the lower column number should win"
with q.check("values", hint="1 at the k largest of each row"):
    for k in range(1, m + 1):
        checks.close(one_hot(drawn, k, f"the result for k={k}"), by_hand(drawn, k), f"the result for k={k}")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 7

# %% nbgrader={"grade": false, "grade_id": "best_threshold", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: best_threshold
def best_threshold(Y_val, scores_val, grid):
    """Choose, on validation items, from which score on the answer is yes.

    Parameters
    ----------
    Y_val : (n_items, n_labels) array of 0 and 1
        What is there.
    scores_val : (n_items, n_labels) array
        The network's scores, one a label.
    grid : list of float
        Thresholds to choose from, in any order; one for all labels is chosen.

    Returns
    -------
    float
        The number of `grid` with the largest micro F1, where `scores_val >= threshold` means yes. Micro F1 is
        2 TP / (2 TP + FP + FN) over all decisions together, 0 where there is no yes at all. Where several are best,
        the smallest of them.
    """
    ### BEGIN SOLUTION
    def micro_f1(threshold):
        said = scores_val >= threshold
        yes = said.sum() + Y_val.sum()
        return 2 * (said * Y_val).sum() / yes if yes else 0.0

    return max(sorted(grid), key=micro_f1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "best_threshold-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("best_threshold")
T = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])
P = np.array([[0.30, 0.10, 0.05], [0.45, 0.25, 0.15], [0.10, 0.20, 0.35]])
with q.check("one-of-the-grid", hint="return one number that stands in grid, and not its place there"):
    got = float(checks.array(best_threshold(T, P, [0.7, 0.22, 0.12]), "the threshold", shape=()))
    assert got in (0.7, 0.22, 0.12), f"the threshold should be one of the numbers in grid, but is {got:g}"
with q.check("by-hand", hint="for each threshold of the grid write down what it says yes to, and count"):
    checks.close(best_threshold(T, P, [0.7, 0.22, 0.12]), 0.22, "the threshold of the small example")
### BEGIN HIDDEN TESTS
def curve(truth, scores, grid):
    """Micro F1 at each threshold of a grid."""
    values = []
    for threshold in grid:
        said = (scores >= threshold).astype(int)
        yes = said.sum() + truth.sum()
        values.append(2 * (said * truth).sum() / yes if yes else 0.0)
    return np.array(values)


def three(truth, scores, grid):
    """Micro F1, macro F1 and accuracy at each threshold of a grid: (3, n_thresholds)."""
    macro = np.mean([curve(t[:, None], s[:, None], grid) for t, s in zip(truth.T, scores.T, strict=True)], axis=0)
    return np.array([curve(truth, scores, grid), macro, [np.mean((scores >= t) == truth) for t in grid]])


def drawn(shift):
    """Truth and scores of some items, and an unsorted grid on which micro F1 has one best threshold of its own."""
    while True:
        n, m = int(q.rng.integers(50, 80)), int(q.rng.integers(3, 6))
        truth = (q.rng.random((n, m)) < np.linspace(0.05, 0.45, m)).astype(int)
        scores = 1 / (1 + np.exp(-(q.rng.normal(size=(n, m)) + 1.5 * truth + np.linspace(-0.5, 0.5, m) + shift)))
        grid = q.rng.permutation(np.round(np.arange(0.04, 0.97, 0.06), 2)).tolist()
        values = three(truth, scores, grid)
        best = values[0].argmax()
        if np.diff(np.sort(values[0]))[-1] > 1e-3 and (values[1:, best] < values[1:].max(axis=1) - 1e-9).all():
            return truth, scores, grid


cases = [drawn(-2.0), drawn(-1.0), drawn(0.0), drawn(-1.5)]


def chosen(truth, scores, grid):
    """The answer's threshold, after a look at its form."""
    got = float(checks.array(best_threshold(truth, scores, grid), "the threshold", shape=()))
    assert got in grid, f"the threshold should be one of the numbers in grid, but is {got:g}: a place, or typed in?"
    return got


with q.check("micro-f1-decides", weight=3, hint="for each threshold: TP, FP and FN of all decisions, then F1"):
    for truth, scores, grid in cases:
        got = chosen(truth, scores, grid)
        micro, macro, right = three(truth, scores, grid)
        place = grid.index(got)
        assert right[place] < right.max(), "this threshold has the largest *accuracy*: with few yes, no is often right"
        assert macro[place] < macro.max(), "this threshold has the largest *macro* F1: count all decisions together"
        assert micro[place] == micro.max(), "another threshold of the grid has a larger micro F1"
with q.check("order-of-the-grid", hint="the grid can stand in any order"):
    for truth, scores, grid in cases[:2]:
        got = {chosen(truth, scores, list(order)) for order in (grid, sorted(grid), sorted(grid)[::-1])}
        assert len(got) == 1, "the same thresholds in another order give another answer"
with q.check("ends-of-the-grid", hint="look at every number of the grid, the first and the last, too"):
    for truth, scores, grid in cases:
        best = grid[int(curve(truth, scores, grid).argmax())]
        lower, upper = [g for g in grid if g <= best], [g for g in grid if g >= best]
        for part in (sorted(lower), sorted(upper), sorted(lower)[::-1], sorted(upper)[::-1]):
            assert chosen(truth, scores, part) == best, "the best threshold stands at an end of the grid, and is not found"
with q.check("smallest-at-a-tie", weight=2, hint="of several thresholds with the same F1, the smallest"):
    truth = (q.rng.random((40, 3)) < 0.4).astype(int)
    scores = np.where(truth == 1, 0.8, 0.2) + q.rng.uniform(-0.1, 0.1, truth.shape)
    for grid in ([0.5, 0.35, 0.65, 0.1], [0.65, 0.5, 0.35, 0.95], [0.35, 0.1, 0.5]):
        assert chosen(truth, scores, grid) == 0.35, "several thresholds are equally good, and this is not the smallest"
with q.check("from-the-threshold-on", weight=2, hint="scores_val >= threshold: a score equal to the threshold is a yes"):
    truth = (q.rng.random((30, 4)) < 0.5).astype(int)
    scores = np.where(truth == 1, 0.75, 0.25)
    assert chosen(truth, scores, [0.9, 0.75, 0.25]) == 0.75, "a score that equals the threshold should be a yes: >="
with q.check("no-yes-at-all", hint="where nothing is there and nothing was said, the F1 is 0, and not NaN"):
    truth, scores, grid = cases[0]
    assert chosen(truth, scores, [*grid, 2.0, 3.0]) == chosen(truth, scores, grid), "a threshold that says no to all won"
    assert chosen(0 * truth, scores, [3.0, 2.0]) == 2.0, "where every F1 is 0, the smallest threshold"
### END HIDDEN TESTS
q.score()
