# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %%
import keras
import librosa
import numpy as np
import tensorflow as tf

from helpers import checks, features

# %% tags=["parameters"]
DATA = "practice-medley"

# %% nbgrader={"grade": false, "grade_id": "subset_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: subset_table
def subset_table(subset, instrument_id, song_id, n_classes):
    """Count the clips and the songs of each class in each subset of the table.

    Parameters
    ----------
    subset : (n_clips,) array of str
        "training", "validation" or "test": the subset that each clip belongs to. Rows stand in any order.
    instrument_id : (n_clips,) array of int
        Class of each clip, 0 to n_classes - 1.
    song_id : (n_clips,) array of int
        The song that each clip was cut from.
    n_classes : int

    Returns
    -------
    dict
        "training", "validation" and "test", each -> a dict of two arrays: "clips", (n_classes,) int, how many clips of
        each class there are in that subset, and "songs", (n_classes,) int, how many different songs they were cut
        from. A class that a subset lacks has 0 in its place.
    """
    ### BEGIN SOLUTION
    table = {}
    for name in ("training", "validation", "test"):
        classes, songs = instrument_id[subset == name], song_id[subset == name]
        table[name] = {
            "clips": np.bincount(classes, minlength=n_classes),
            "songs": np.array([len(np.unique(songs[classes == c])) for c in range(n_classes)]),
        }
    return table
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "subset_table-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("subset_table")
NAMES = ("training", "validation", "test")
part = np.array(["training", "test", "training", "training", "validation", "test", "test"])
kind, song = np.array([0, 1, 0, 1, 1, 1, 0]), np.array([7, 9, 7, 4, 5, 9, 8])
with q.check("three-subsets-two-arrays", hint="table[name] = {'clips': ..., 'songs': ...} for each of the three names"):
    answer = subset_table(part, kind, song, 3)
    checks.keys(answer, NAMES)
    for name in NAMES:
        checks.keys(answer[name], ("clips", "songs"), f"the entry {name!r}")
        for key in ("clips", "songs"):
            checks.array(answer[name][key], f"{key!r} of {name!r}, one number for each of 3 classes,", shape=(3,), low=0)
with q.check("seven-rows", hint="count the seven rows by hand: the third class occurs nowhere"):
    answer = subset_table(part, kind, song, 3)
    checks.close(answer["training"]["clips"], [2, 1, 0], "'clips' of 'training'")
    checks.close(answer["test"]["clips"], [1, 2, 0], "'clips' of 'test'")
    checks.close(answer["test"]["songs"], [1, 1, 0], "'songs' of 'test'")
### BEGIN HIDDEN TESTS
C = int(q.rng.integers(5, 9))
songs_of = q.rng.integers(2, 6, size=(3, C))
missing = (int(q.rng.integers(3)), int(q.rng.integers(C)))
songs_of[missing] = 0
number, rows = q.rng.permutation(900)[: songs_of.sum()] + 50, []
for place, (s, c) in enumerate(np.repeat(np.argwhere(songs_of >= 0), songs_of.ravel(), axis=0).tolist()):
    rows += [(NAMES[s], c, number[place])] * int(q.rng.integers(2, 9))
rows = [rows[i] for i in q.rng.permutation(len(rows))]
part, kind, song = (np.array(column) for column in zip(*rows, strict=True))
clips_of = np.array([[np.sum((part == name) & (kind == c)) for c in range(C)] for name in NAMES])
with q.check("subsets-are-not-empty", hint="compare with the names in the docstring: print(np.unique(subset))"):
    answer = subset_table(part, kind, song, C)
    for name in NAMES:
        assert np.sum(answer[name]["clips"]) > 0, (
            f"no clip at all in {name!r}: a comparison with another word, such as 'train', finds nothing and says nothing"
        )
with q.check("rows-in-any-order", hint="pick rows by what stands in `subset`, never by their number"):
    first = subset_table(part, kind, song, C)
    mixed = q.rng.permutation(len(part))
    second = subset_table(part[mixed], kind[mixed], song[mixed], C)
    for name in NAMES:
        for key in ("clips", "songs"):
            same = np.array_equal(np.asarray(first[name][key]), np.asarray(second[name][key]))
            assert same, f"the same rows in another order give other {key!r} of {name!r}: are rows picked by number?"
with q.check("absent-classes", hint="numpy.bincount has minlength; a dict or a loop over all n_classes works, too"):
    answer = subset_table(part, kind, song, C + 1)
    for s, name in enumerate(NAMES):
        for key in ("clips", "songs"):
            got = checks.array(answer[name][key], f"{key!r} of {name!r} (some classes have no clip there)", (C + 1,))
            assert not np.any(got[np.append(clips_of[s] == 0, True)]), f"{key!r} of {name!r}: a class without clips has 0"
with q.check("clips", weight=2, hint="count the rows of each class, in each subset by itself"):
    answer = subset_table(part, kind, song, C)
    for s, name in enumerate(NAMES):
        got = checks.array(answer[name]["clips"], f"'clips' of {name!r}", shape=(C,))
        assert not np.array_equal(got, clips_of.sum(axis=0)), f"'clips' of {name!r} counts the whole table"
        checks.close(got, clips_of[s], f"'clips' of {name!r}")
with q.check("songs", weight=3, hint="of each class, the *different* song numbers: numpy.unique or set"):
    answer = subset_table(part, kind, song, C)
    for s, name in enumerate(NAMES):
        got = checks.array(answer[name]["songs"], f"'songs' of {name!r}", shape=(C,))
        assert not np.array_equal(got, clips_of[s]), f"'songs' of {name!r} counts clips: many clips come from one song"
        assert not np.array_equal(got, songs_of.sum(axis=0)), f"'songs' of {name!r} counts the whole table"
        checks.close(got, songs_of[s], f"'songs' of {name!r}")
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "frame_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: frame_features
def frame_features(y, sr):
    """Describe each frame of a clip by 21 numbers, time first.

    Every frame of the clip, with frames of 2048 samples, 512 samples apart, centred (what librosa does by itself).

    Parameters
    ----------
    y : (n_samples,) float32 array
    sr : int
        Sample rate, Hz; above 12,800.

    Returns
    -------
    (n_frames, 21) array, n_frames = 1 + n_samples // 512
        Columns 0 to 12: 13 MFCC. Column 13: spectral centroid, Hz. Columns 14 to 20: the 7 bands of the spectral
        contrast. As `librosa.feature.mfcc`, `spectral_centroid` and `spectral_contrast` give them; not scaled.
    """
    ### BEGIN SOLUTION
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    return np.concatenate([mfcc, centroid, contrast]).T
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "frame_features-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("frame_features")
clip = (0.1 * q.rng.normal(size=65536)).astype(np.float32)
with q.check("all-frames-time-first", hint="print the shape of each block; .T turns (rows, frames) around"):
    got = checks.array(frame_features(clip, 22050), "the features of a clip of 65,536 samples")
    assert got.ndim == 2, f"a table of frames and features is asked for, but the shape is {got.shape}"
    assert got.shape[0] != 3, "there are three frames only: all frames of the clip, please"
    assert got.shape != (21, 129), "features run down and time runs across: turn it around, time first"
    checks.array(got, "the features of a clip of 65,536 samples, (n_frames, 21),", shape=(129, 21))
with q.check("centroid-in-hz", hint="column 13 stands between the 13 MFCC and the contrast"):
    tone = np.sin(2 * np.pi * 3000 / 22050 * np.arange(11025)).astype(np.float32)
    got = checks.array(frame_features(tone, 22050), "the features of a tone", shape=(None, 21))[5, 13]
    assert 2900 < got < 3100, f"the centroid of a tone of 3,000 Hz should lie near 3,000 Hz; column 13 says {got:.5g}"
### BEGIN HIDDEN TESTS
cases = []
for sr in q.rng.permutation([16000, 22050, 32000]).tolist():
    n = int(q.rng.integers(4000, 40000))
    time, clip = np.arange(n) / sr, 0.02 * q.rng.normal(size=n)
    f0, sweep = q.rng.uniform(150, 600), q.rng.uniform(0.5, 3)
    for k in range(1, 9):
        phase = 2 * np.pi * k * f0 * (time + 0.1 * np.sin(2 * np.pi * sweep * time))
        clip += q.rng.uniform(0.02, 0.1) / k * np.sin(phase) * (1 + 0.8 * np.sin(2 * np.pi * (sweep + k) * time))
    clip = clip.astype(np.float32)
    found = features.frames(clip, sr, ("mfcc", "centroid", "contrast"), n_mfcc=13)
    cases.append((clip, sr, np.concatenate([found["mfcc"], found["centroid"], found["contrast"]]).T))
with q.check("any-length", hint="n_frames follows from the length of the clip: no number of frames typed in"):
    for clip, sr, want in cases:
        what = f"the features of {len(clip):,} samples at {sr:,} Hz, (n_frames, 21),"
        checks.array(frame_features(clip, sr), what, shape=want.shape)
with q.check("full-precision", hint="float32 or float64: 16-bit floats keep three digits, and a centroid needs five"):
    clip, sr, want = cases[0]
    got = checks.array(frame_features(clip, sr), "the features", shape=want.shape)
    assert got.dtype.kind == "f" and got.dtype.itemsize >= 4, f"the features are kept as {got.dtype}: too few digits"
with q.check("clip-knows-nothing-of-its-rest", hint="no mean or deviation over the clip: each frame by itself"):
    steady = (0.1 * q.rng.normal(size=20000)).astype(np.float32)
    n = int(q.rng.integers(8000, 12000))
    short = checks.array(frame_features(steady[:n], 22050), "the features of a part", shape=(1 + n // 512, 21))
    whole = checks.array(frame_features(steady, 22050), "the features of the whole", shape=(40, 21))
    scale = np.abs(whole).max(axis=0)
    gap = np.abs(short[3:-3] - whole[3 : len(short) - 3]) / scale
    assert gap.max() < 0.02, (
        "frames away from the ends change when the clip goes on: were they scaled, or averaged, over the clip?"
    )
BLOCKS = {"mfcc": (0, 13), "centroid": (13, 14), "contrast": (14, 21)}


def compare_block(name, what):
    first, last = BLOCKS[name]
    for clip, sr, want in cases:
        got = checks.array(frame_features(clip, sr), "the features", shape=want.shape)[:, first:last]
        block = want[:, first:last]
        for other, (a, b) in BLOCKS.items():
            width = min(b - a, last - first)
            same = other != name and np.allclose(got[:, :width], want[:, a : a + width], rtol=1e-2, atol=1e-2)
            assert not same, f"{what} hold the {other} instead: look at the order of the blocks"
        centred = (block - block.mean(axis=0)) / np.maximum(block.std(axis=0), 1e-9)
        assert not np.allclose(got, centred, atol=0.05), f"{what} have mean 0 and deviation 1 over the clip: do not scale"
        checks.close(got, block, f"{what} at {sr:,} Hz", rtol=1e-3, atol=1e-3 * np.abs(block).max())


with q.check("mfcc-block", weight=2, hint="librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13), its rows as columns"):
    compare_block("mfcc", "columns 0 to 12, the MFCC,")
with q.check("centroid-block", weight=2, hint="librosa.feature.spectral_centroid(y=y, sr=sr), in Hz"):
    compare_block("centroid", "column 13, the centroid,")
with q.check("contrast-block", weight=2, hint="librosa.feature.spectral_contrast(y=y, sr=sr), its 7 rows as columns"):
    compare_block("contrast", "columns 14 to 20, the contrast,")
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "dead_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: dead_weights
def dead_weights(n_steps, n_features, units, seed):
    """Measure which share of an LSTM's weights gets no gradient at all.

    Build a network: LSTM(units) on sequences (n_steps, n_features), then a Dense layer with softmax over 5 classes.
    Draw 16 random sequences from a standard normal distribution and a random class for each. Compute the gradient of
    the mean cross-entropy, once, without training. `tf.GradientTape` shows how.

    Parameters
    ----------
    n_steps, n_features, units : int
    seed : int
        Seed of everything that is random.

    Returns
    -------
    dict of float, 0 to 1
        "kernel", "recurrent_kernel" and "bias": of each of these three arrays of the LSTM (not of the Dense layer),
        the share of the entries whose gradient is exactly 0.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((n_steps, n_features)), keras.layers.LSTM(units), keras.layers.Dense(5, activation="softmax")]
    )
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(16, n_steps, n_features)).astype("float32")
    classes = rng.integers(5, size=16)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(classes, model(x)))
    gradients = tape.gradient(loss, model.layers[0].trainable_weights)
    names = ("kernel", "recurrent_kernel", "bias")
    return {name: float(np.mean(np.asarray(g) == 0)) for name, g in zip(names, gradients, strict=True)}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dead_weights-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("dead_weights")
PARTS, several = ("kernel", "recurrent_kernel", "bias"), None
with q.check("three-shares", hint="np.mean(gradient == 0) is the share of entries that are exactly 0"):
    answer = dead_weights(n_steps=3, n_features=4, units=6, seed=1)
    checks.keys(answer, PARTS)
    for name in PARTS:
        checks.array(answer[name], f"{name!r}, a share from 0 to 1,", shape=(), low=0, high=1)
    several = answer
with q.check("several-steps-feed-all", hint="gradients of the loss, not the weights; compare with 0 itself"):
    assert several is not None, "there is no result to look at: see the first check"
    for name in PARTS:
        assert several[name] < 0.001, (
            f"with 3 time steps every weight of the LSTM gets some gradient, but {several[name]:.3f} of {name!r} is "
            "counted as dead: are small numbers taken for 0, a missing (None) gradient, or the weights themselves?"
        )
### BEGIN HIDDEN TESTS
sizes = [[int(v) for v in q.rng.integers(4, 12, 2)] for _ in range(2)]
steps = [1, int(q.rng.integers(2, 6))]
found = []
with q.check("any-size", hint="n_steps, n_features and units decide the network: no number typed in"):
    for n_steps, (n_features, units) in zip(steps, sizes, strict=True):
        answer = dead_weights(n_steps, n_features, units, int(q.rng.integers(1000)))
        checks.keys(answer, PARTS)
        for name in PARTS:
            checks.array(answer[name], f"{name!r} at {n_steps} steps, a share from 0 to 1,", shape=(), low=0, high=1)
        found.append(answer)
with q.check("recurrent-kernel-at-one-step", weight=2, hint="one step: the recurrent kernel multiplies the state before it"):
    assert found, "there is no result to look at: see the check any-size"
    checks.close(found[0]["recurrent_kernel"], 1.0, "'recurrent_kernel' at one time step", rtol=0, atol=1e-6)
with q.check("kernel-and-bias-at-one-step", weight=2, hint="four gates of equal size: which one only acts on an older state?"):
    assert found, "there is no result to look at: see the check any-size"
    for name in ("kernel", "bias"):
        checks.close(found[0][name], 0.25, f"{name!r} at one time step (the LSTM alone, entries exactly 0)", 0, 1e-6)
with q.check("more-steps", weight=2, hint="with an earlier state all four gates take part"):
    assert len(found) == 2, "there is no result to look at: see the check any-size"
    for name in PARTS:
        assert found[1][name] < 0.001, f"with {steps[1]} time steps nothing in {name!r} should be dead"
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "build_lstm", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: build_lstm
def build_lstm(n_features, n_classes, units):
    """Build a network that reads a sequence of frames and names its class.

    Parameters
    ----------
    n_features : int
        Numbers a frame.
    n_classes : int
    units : int
        Units of the first LSTM layer.

    Returns
    -------
    keras.Model
        Takes (n_clips, n_steps, n_features) with *any* number of steps: the input shape is (None, n_features). Its
        first layer with weights is a `keras.layers.LSTM(units)` that reads the frames themselves, all of them, in
        their order; further layers are allowed. The output is (n_clips, n_classes), a softmax over the classes.
        It need not be compiled.
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((None, n_features)),
            keras.layers.LSTM(units),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "build_lstm-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("build_lstm")
with q.check("any-number-of-steps", hint="keras.Input((None, n_features)); Flatten and Reshape want a fixed number"):
    model = build_lstm(6, 4, 8)
    assert hasattr(model, "count_params"), f"a Keras model should come back, but this is a {type(model).__name__}"
    for n_steps in (10, 50):
        clips = q.rng.normal(size=(3, n_steps, 6)).astype("float32")
        got = checks.array(np.asarray(model(clips)), f"the output for 3 clips of {n_steps} frames", finite=True)
        assert got.ndim != 3, f"one answer a clip, not one a frame: the output has shape {got.shape}"
        assert got.shape == (3, 4), f"the output for 3 clips and 4 classes should be (3, 4), but is {got.shape}"
with q.check("rows-sum-to-1", hint="one class out of many: which activation makes probabilities of the last layer?"):
    p = np.asarray(build_lstm(6, 4, 8)(q.rng.normal(size=(5, 10, 6)).astype("float32")))
    assert np.abs(p.sum(axis=-1) - 1).max() < 1e-3, (
        f"each row of the output should sum to 1; yours sum to {p.sum(axis=-1).min():.3g} to {p.sum(axis=-1).max():.3g}"
    )
### BEGIN HIDDEN TESTS


def lstm_layers(layers):
    """All LSTM layers, those inside other layers too."""
    for layer in layers:
        if isinstance(layer, keras.layers.LSTM):
            yield layer
        inner = [getattr(layer, name, None) for name in ("forward_layer", "backward_layer")]
        yield from lstm_layers([*getattr(layer, "layers", []), *[part for part in inner if part is not None]])


f, c, u = int(q.rng.integers(7, 20)), int(q.rng.integers(5, 12)), int(q.rng.integers(9, 30))
clips, labels = q.rng.normal(size=(8, 20, f)).astype("float32"), q.rng.integers(0, c, 8)
with q.check("sizes", hint="n_features, n_classes and units decide all sizes: no number typed in"):
    got = np.asarray(build_lstm(f, c, u)(clips))
    assert got.shape == (8, c), f"for 8 clips and {c} classes the output should be (8, {c}), but is {got.shape}"
    assert np.abs(got.sum(axis=1) - 1).max() < 1e-3, "the rows of the output do not sum to 1"
with q.check("units-of-the-first-lstm", hint="an LSTM has 4 gates, each with (inputs + units + 1) x units weights"):
    found = list(lstm_layers(build_lstm(f, c, u).layers))
    assert found, "there is no keras.layers.LSTM in the model"
    want, got = 4 * (u * (f + u) + u), found[0].count_params()
    assert got == want, (
        f"with {f} features and units={u} the first LSTM has {'fewer' if got < want else 'more'} weights than it should: "
        "`units` not used, or it does not read the frames themselves?"
    )
with q.check("order-of-time-matters", weight=2, hint="an LSTM reads frame after frame; a mean before it forgets the order"):
    model = build_lstm(f, c, u)
    forth, back = np.asarray(model(clips)), np.asarray(model(clips[:, ::-1]))
    assert forth.shape == (8, c), f"the output should be (8, {c}), but is {forth.shape}"
    assert np.abs(forth - back).max() > 1e-5, (
        "the frames in reversed order give the same output: is there a mean over time, or one step only, before the LSTM?"
    )
with q.check("first-and-last-frame-count", weight=2, hint="look at all steps, from the first to the last"):
    model = build_lstm(f, c, u)
    plain = np.asarray(model(clips))
    assert plain.shape == (8, c), f"the output should be (8, {c}), but is {plain.shape}"
    for place, name in ((0, "first"), (-1, "last"), (10, "middle")):
        other = clips.copy()
        other[:, place] += 5
        assert np.abs(np.asarray(model(other)) - plain).max() > 1e-7, f"the {name} frame of 20 does not matter at all"
with q.check("recurrent-weights-live", weight=2, hint="is the sequence still there when it reaches the LSTM?"):
    model = build_lstm(f, c, u)
    found = list(lstm_layers(model.layers))
    assert found, "there is no keras.layers.LSTM in the model"
    with tf.GradientTape() as tape:
        p = model(clips)
        assert p.shape == (8, c), f"the output should be (8, {c}), but is {tuple(p.shape)}"
        loss = -tf.reduce_mean(tf.math.log(tf.gather(p, labels, axis=1, batch_dims=1) + 1e-7))
    kernels = [layer.cell.recurrent_kernel for layer in found]
    for gradient in tape.gradient(loss, kernels):
        assert gradient is not None and np.any(np.asarray(gradient) != 0), (
            "the recurrent weights of an LSTM get no gradient at all: it sees one time step only"
        )
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "confusion", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: confusion
def confusion(batches, n_classes):
    """Count, over all batches together, how often each class was taken for each other.

    Parameters
    ----------
    batches : list of tuples (y_true, y_pred)
        Each a pair of (n,) arrays of class numbers 0 to n_classes - 1, for as many clips as the batch has; as int, or
        as floats that hold whole numbers. Batches differ in size, and not every class occurs in each.
    n_classes : int

    Returns
    -------
    (n_classes, n_classes) array of int
        Row t, column p: the number of clips of class t that were taken for p. Rows are the truth.
    """
    ### BEGIN SOLUTION
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for y_true, y_pred in batches:
        np.add.at(matrix, (np.asarray(y_true, dtype=int), np.asarray(y_pred, dtype=int)), 1)
    return matrix
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "confusion-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("confusion")
two = [(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2])), (np.array([2]), np.array([0]))]
with q.check("square", hint="n_classes rows and columns, whether a class occurs or not"):
    checks.array(confusion(two, 4), "the matrix for 4 classes", shape=(4, 4), low=0)
with q.check("adds-up", hint="every clip of every batch is counted once: matrix.sum()"):
    total = int(np.sum(confusion(two, 4)))
    assert total == 5, f"there are 5 clips in these two batches, but the matrix adds up to {total}"
### BEGIN HIDDEN TESTS
C = int(q.rng.integers(5, 9))
gone = int(q.rng.integers(C))
drawn, classes = [], np.delete(np.arange(C), gone)
for n in (int(q.rng.integers(20, 40)), *q.rng.integers(1, 12, size=int(q.rng.integers(2, 5))).tolist()):
    t = q.rng.choice(classes, n)
    p = np.where(q.rng.random(n) < 0.5, t, q.rng.choice(classes[classes != t[0]], n))
    drawn.append((t, p))
want = np.zeros((C, C), dtype=int)
for t, p in drawn:
    for a, b in zip(t, p, strict=True):
        want[a, b] += 1
n_all = sum(len(t) for t, _ in drawn)
with q.check("all-batches", weight=2, hint="one matrix before the loop, and every batch is added to it"):
    got = checks.array(confusion(drawn, C), "the matrix", shape=(C, C), low=0)
    assert int(got.sum()) != len(drawn[-1][0]), "the matrix holds the last batch only"
    assert int(got.sum()) == n_all, f"{n_all} clips were given, but the matrix adds up to {got.sum():g}"
with q.check("counts", hint="numbers of clips: not divided by anything, and of type int"):
    got = checks.array(confusion(drawn, C), "the matrix", shape=(C, C), low=0)
    assert np.array_equal(got, np.rint(got)), "counts are whole numbers: is the matrix normalised?"
    assert got.dtype.kind in "iu", f"counts are whole numbers, so int; this matrix is {got.dtype}"
with q.check("rows-are-the-truth", weight=2, hint="matrix[t, p] += 1: the true class chooses the row"):
    got = checks.array(confusion(drawn, C), "the matrix", shape=(C, C), low=0)
    turned = np.array_equal(got, want.T) and not np.array_equal(want, want.T)
    assert not turned, "rows and columns are the wrong way round: rows are the truth"
    rows = np.bincount(np.concatenate([t for t, _ in drawn]), minlength=C)
    checks.close(got.sum(axis=1), rows, "the sums of the rows, the clips of each true class,", rtol=0)
with q.check("absent-classes-keep-their-place", hint="start from zeros of (n_classes, n_classes)"):
    for few in ([drawn[-1]], drawn, [(np.array([C - 1]), np.array([0]))]):
        got = checks.array(confusion(few, C), f"the matrix for {C} classes, of which some do not occur", shape=(C, C))
        for place in set(range(C)) - {int(v) for pair in few for part in pair for v in part}:
            assert not got[place].any() and not got[:, place].any(), f"class {place} does not occur, but is counted"
with q.check("floats-as-labels", hint="astype(int): an index is a whole number, also where the label comes as 3.0"):
    got = confusion([(t.astype(float), p.astype("float32")) for t, p in drawn], C)
    checks.close(got, want, "the matrix, for labels like 3.0,", rtol=0)
with q.check("nothing-carried-over", weight=2, hint="make the zeros inside the function, at each call"):
    first, second = np.array(confusion(drawn, C)), np.array(confusion(drawn, C))
    assert np.array_equal(first, second), "a second call gives other counts: the matrix of the first one was not reset"
with q.check("values", weight=2, hint="add 1 at (true class, predicted class), for each clip"):
    checks.close(confusion(drawn, C), want, "the matrix", rtol=0)
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "macro_recall", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: macro_recall
def macro_recall(cm):
    """Mean, over the classes that occur, of the share of each class that was found.

    Parameters
    ----------
    cm : (n_classes, n_classes) array of int
        Confusion matrix, rows = truth. The row of a class that does not occur holds only zeros.

    Returns
    -------
    float, 0 to 1
        Every class that has clips counts the same, however few they are; a class without clips does not count.
    """
    ### BEGIN SOLUTION
    clips = cm.sum(axis=1)
    there = clips > 0
    return float(np.mean(np.diag(cm)[there] / clips[there]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "macro_recall-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("macro_recall")
M = np.array([[8, 2, 0], [1, 1, 0], [0, 0, 0]])
with q.check("a-share", hint="right answers of a class divided by its clips, then the mean"):
    checks.array(macro_recall(M), "the macro recall, a share and not per cent,", shape=(), low=0, high=1)
with q.check("by-hand", hint="which share of class 0 was found, and of class 1? Class 2 does not occur"):
    checks.close(macro_recall(M), 0.65, "the macro recall of the matrix above")
### BEGIN HIDDEN TESTS
C = int(q.rng.integers(5, 9))
M = q.rng.integers(0, 12, size=(C, C)) + np.diag(q.rng.integers(1, 60, size=C))
M[0] *= int(q.rng.integers(6, 12))
empty = M.copy()
empty[q.rng.permutation(C)[:2]] = 0


def mean_recall(matrix):
    return float(np.mean([row[i] / row.sum() for i, row in enumerate(matrix) if row.sum()]))


with q.check("rare-classes-count-the-same", hint="a class ten times as large must not count ten times as much"):
    larger = M.copy()
    larger[1] *= 10
    first, second = macro_recall(M), macro_recall(larger)
    checks.array(first, "the macro recall, a share and not per cent,", shape=(), low=0, high=1)
    assert abs(first - second) < 1e-6, "ten times as many clips of one class, same recall, other result: is it accuracy?"
with q.check("empty-rows", weight=2, hint="leave out the classes without clips: they are neither found nor missed"):
    got = checks.array(macro_recall(empty), "the macro recall of a matrix with two empty rows", shape=())
    zeros = mean_recall(empty) * (C - 2) / C
    assert abs(got - zeros) > 1e-6, "classes without clips count as 0: leave them out of the mean"
    checks.close(got, mean_recall(empty), "the macro recall of a matrix with two empty rows")
with q.check("rows-not-columns", weight=2, hint="divide by the sum of the row: the clips of the true class"):
    got = checks.array(macro_recall(M), "the macro recall", shape=())
    precision = np.mean(np.diag(M) / M.sum(axis=0))
    assert abs(got - precision) > 1e-6, "this divides by the columns, and that is the mean precision"
    checks.close(got, mean_recall(M), "the macro recall")
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "correct_prior", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: correct_prior
def correct_prior(proba, prior_train, prior_target):
    """Turn probabilities learnt under one mixture of classes into those under another mixture.

    For each clip and class, q = p * prior_target / prior_train; then each clip's q are divided by their sum.

    Parameters
    ----------
    proba : (n_clips, n_classes) array
        Probabilities from the network, all above 0; each row sums to 1.
    prior_train : (n_classes,) array
        Share of each class among the clips that the network was trained on; sums to 1. Where a class has share 0,
        nothing can be corrected: raise a ValueError that says so, or leave the column of that class 0.
    prior_target : (n_classes,) array
        Share of each class where the network is used; sums to 1. A share may be 0.

    Returns
    -------
    (n_clips, n_classes) array
        Corrected probabilities; each row sums to 1.
    """
    ### BEGIN SOLUTION
    prior_train, prior_target = np.asarray(prior_train), np.asarray(prior_target)
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data: its share is 0, and nothing can be divided by it")
    corrected = proba * prior_target / prior_train
    return corrected / corrected.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "correct_prior-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("correct_prior")
P = np.array([[0.5, 0.5], [0.8, 0.2]])
with q.check("rows-sum-to-1", hint="divide each row by its own sum: sum(axis=1, keepdims=True)"):
    got = checks.array(correct_prior(P, np.array([0.5, 0.5]), np.array([0.9, 0.1])), "the result", (2, 2), low=0)
    assert np.abs(got.sum(axis=1) - 1).max() < 1e-6, "each row of the result should sum to 1"
with q.check("equal-priors-change-nothing", hint="where both mixtures are the same, the factor is 1"):
    same = correct_prior(P, np.array([0.7, 0.3]), np.array([0.7, 0.3]))
    checks.close(same, P, "the result for two equal mixtures, which is `proba` itself,")
### BEGIN HIDDEN TESTS
n, C = int(q.rng.integers(20, 40)), int(q.rng.integers(4, 9))
P = q.rng.dirichlet(np.ones(C), size=n) * 0.98 + 0.02 / C
a, b = (q.rng.dirichlet(np.ones(C)) * 0.8 + 0.2 / C for _ in range(2))
want = P * b / a
want /= want.sum(axis=1, keepdims=True)
with q.check("clips-are-independent", hint="each clip is divided by its own sum, not by one over the clips"):
    got = checks.array(correct_prior(P, a, b), "the result", shape=(n, C), low=0, high=1 + 1e-6)
    some = q.rng.permutation(n)[:7]
    checks.close(correct_prior(P[some], a, b), got[some], "the result for seven of the clips", rtol=1e-5)
    assert np.abs(got.sum(axis=1) - 1).max() < 1e-6, "each row of the result should sum to 1"
with q.check("direction", weight=2, hint="a class that is commoner in the target must gain: multiply by the target"):
    tilted = a.copy()
    tilted[1] += 0.5
    tilted /= tilted.sum()
    got = checks.array(correct_prior(P, a, tilted), "the result", shape=(n, C))
    assert np.all(got[:, 1] > P[:, 1]), "the class that is commoner in the target loses: is the ratio upside down?"
with q.check("there-and-back", hint="the two mixtures exchanged must undo the correction"):
    there = correct_prior(P, a, b)
    assert not np.allclose(there, P, atol=1e-4), "two different mixtures change nothing: are both used?"
    checks.close(correct_prior(np.asarray(there), b, a), P, "the result of a correction there and back")
with q.check("target-share-0", hint="a class that cannot occur in the target gets 0, and the others share the rest"):
    none = b.copy()
    none[2] = 0
    none /= none.sum()
    got = checks.array(correct_prior(P, a, none), "the result where a target share is 0", shape=(n, C))
    assert np.all(got[:, 2] == 0), "a class with target share 0 should have probability 0"
    assert np.abs(got.sum(axis=1) - 1).max() < 1e-6, "each row of the result should sum to 1"
with q.check("training-share-0", hint="check for a share of 0 before dividing: raise ValueError with a sentence"):
    without = a.copy()
    without[0] = 0
    without /= without.sum()
    try:
        got = correct_prior(P, without, b)
    except ValueError as error:
        assert str(error).strip(), "the ValueError should say in words what is wrong"
    else:
        got = checks.array(got, "the result where a training share is 0", shape=(n, C))
        assert np.all(got[:, 0] == 0), "a class that was never trained: a ValueError, or a column of 0"
with q.check("values", weight=3, hint="multiply by target over train, then divide each row by its sum"):
    got = checks.array(correct_prior(P, a, b), "the result", shape=(n, C))
    checks.close(got, want, "the result", rtol=1e-5)
### END HIDDEN TESTS
q.score()

