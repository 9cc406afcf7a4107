# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A network that listens over time

# %%

import keras
import numpy as np
import tensorflow as tf

from helpers import checks, features, orchestra

# %% tags=["parameters"]
DATA = "practice-nsynth"

# %% [markdown]
# ## Question 1

# %% nbgrader={"grade": false, "grade_id": "receptive_field", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: receptive_field
def receptive_field(layers):
    """How many neighbouring input samples one output value of a stack of layers can hear.

    Parameters
    ----------
    layers : list of (kind, size, stride), from the input to the output, at least one
        kind : "conv" (convolution over time) or "pool" (pooling over time)
        size : int, how many values of its own input each output of the layer looks at
        stride : int, how far the layer steps in its own input from one output to the next, at most `size`

    Returns
    -------
    int
        Number of input *samples* from the first to the last one that can change one value of the last layer's
        output, both counted.
    """
    ### BEGIN SOLUTION
    field, step = 1, 1
    for _, size, stride in layers:
        field += (size - 1) * step
        step *= stride
    return field
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "receptive_field-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("receptive_field")
with q.check("one-layer", hint="a single layer hears as many samples as its size says, whatever its stride"):
    got = checks.array(receptive_field([("conv", 3, 1)]), "the receptive field", shape=())
    assert float(got) == int(got), f"the receptive field is a whole number of samples: is it a time? yours is {got}"
    checks.close(got, 3, "the number of samples one convolution of size 3 hears")
with q.check("model-1", hint="draw one output, the two values it pools, what each of them looks at, and so on down"):
    stack = [("conv", 3, 1), ("conv", 3, 1), ("pool", 2, 2)]
    checks.close(receptive_field(stack), 6, "the number of samples that model 1 hears up to its pooling")
### BEGIN HIDDEN TESTS
stacks = []
for n_layers in (2, 3, 4, int(q.rng.integers(5, 9))):
    sizes = q.rng.integers(2, 6, n_layers).tolist()
    strides = [int(q.rng.integers(1, min(size, 4) + 1)) for size in sizes]
    kinds = q.rng.permutation(["conv", "pool"] * n_layers)[:n_layers].tolist()
    stacks.append(list(zip(kinds, sizes, strides, strict=True)))
with q.check("samples", hint="the answer counts samples: no sample rate is given, so it cannot be a time"):
    for stack in stacks:
        got = checks.array(receptive_field(stack), "the receptive field", shape=())
        assert float(got) == int(got), "the receptive field is a whole number of samples: is it a time?"
        assert got > len(stack), "every layer here hears at least one more sample: yours hears fewer than that"
with q.check("single-layers", hint="start from 1 sample, the one output itself; a layer of size k adds k - 1"):
    for size in range(2, 9):
        for stride in (1, 2, size):
            got = checks.array(receptive_field([("conv", size, stride)]), "the receptive field", shape=())
            assert got == size, f"one layer of size {size} hears {size} samples, whatever its stride: yours says {got}"
with q.check("layers-that-do-nothing", hint="a layer of size 1 and stride 1 hears nothing more"):
    for stack in stacks:
        place = int(q.rng.integers(len(stack) + 1))
        longer = [*stack[:place], ("conv", 1, 1), *stack[place:]]
        got = checks.array(receptive_field(stack), "the receptive field", shape=())
        assert got > len(stack), "every layer here hears at least one more sample: yours hears fewer than that"
        assert receptive_field(longer) == got, (
            "a layer of size 1 and stride 1 changes the answer: what does a layer of size k add?"
        )
with q.check("pooling-hears-too", weight=2, hint="a pooling looks at `size` values and steps by `stride`, like a conv"):
    for stack in stacks:
        as_pools = [("pool", size, stride) for _, size, stride in stack]
        as_convs = [("conv", size, stride) for _, size, stride in stack]
        got = checks.array(receptive_field(as_convs), "the receptive field", shape=())
        assert got > len(stack), "every layer here hears at least one more sample: yours hears fewer than that"
        assert receptive_field(as_pools) == got, (
            "the same sizes and strides give another answer for poolings than for convolutions"
        )
with q.check("strides-widen", weight=2, hint="behind a stride of s, neighbouring values lie s input samples apart"):
    for first in (2, 3, 4):
        plain = receptive_field([("conv", 4, 1), ("conv", 3, 1)])
        stepping = receptive_field([("conv", 4, first), ("conv", 3, 1)])
        assert stepping > plain, "a stride in the first layer should widen what the second layer hears"
        assert stepping - plain == 2 * (first - 1), "a stride in the first layer does not widen the second by its step"
        last = receptive_field([("conv", 4, 1), ("conv", 3, first)])
        assert last == plain, "the last layer's own stride changes the answer: it only matters to layers after it"
with q.check("brute-force", weight=3, hint="follow one output down, layer by layer: which values does it need?"):
    for stack in stacks:
        needed = {0}
        for _, size, stride in reversed(stack):
            needed = {place * stride + offset for place in needed for offset in range(size)}
        checks.close(receptive_field(stack), max(needed) - min(needed) + 1, f"the field of {len(stack)} layers")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 2

# %% nbgrader={"grade": false, "grade_id": "count_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: count_parameters
def count_parameters(input_length, layers):
    """Count the trainable numbers of each layer of a network over a waveform.

    Parameters
    ----------
    input_length : int
        Samples of the input, which has one channel: its shape is (input_length, 1).
    layers : list of dict, from the input to the output
        {"kind": "conv1d", "filters": int, "kernel": int}
            convolution over time, stride 1, no padding ("valid"): the length shrinks by kernel - 1
        {"kind": "pool", "size": int}
            the largest of every `size` neighbours, without overlap; a rest that does not fill a window is dropped
        {"kind": "flatten"}
            (length, channels) becomes one row of length * channels values
        {"kind": "global_pool"}
            (length, channels) becomes one row of `channels` values
        {"kind": "dense", "units": int}
            stands only behind "flatten" or "global_pool", or behind another "dense"
        Every convolution and every dense layer has one bias a filter or a unit.

    Returns
    -------
    list of int
        One number a layer, in order; 0 for a layer that learns nothing.
    """
    ### BEGIN SOLUTION
    counts, length, channels = [], input_length, 1
    for layer in layers:
        count = 0
        if layer["kind"] == "conv1d":
            count = (layer["kernel"] * channels + 1) * layer["filters"]
            length, channels = length - layer["kernel"] + 1, layer["filters"]
        elif layer["kind"] == "pool":
            length = length // layer["size"]
        elif layer["kind"] == "flatten":
            channels = length * channels
        elif layer["kind"] == "dense":
            count = (channels + 1) * layer["units"]
            channels = layer["units"]
        counts.append(count)
    return counts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "count_parameters-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("count_parameters")
stack = [{"kind": "conv1d", "filters": 64, "kernel": 3}, {"kind": "conv1d", "filters": 64, "kernel": 3}]
with q.check("one-number-a-layer", hint="append one number to a list for every layer, also a 0"):
    counts = checks.array(count_parameters(20, [*stack, {"kind": "pool", "size": 2}]), "the counts", shape=(3,), low=0)
    assert counts.dtype.kind in "iu", "the counts should be whole numbers"
    assert (counts[:2] > 0).all() and counts[2] == 0, "the two convolutions have weights, the pooling has none: 0"
with q.check("first-layer", hint="each of the 64 filters has 3 weights for the one channel, and a bias"):
    checks.close(np.asarray(count_parameters(20, stack))[0], 256, "the count of the first layer of model 1")
### BEGIN HIDDEN TESTS
head = [{"kind": "dense", "units": 100}, {"kind": "dense", "units": 11}]
model_1 = [*stack, {"kind": "pool", "size": 2}, {"kind": "flatten"}, *head]
with q.check("biases", hint="one bias for each filter of a convolution and each unit of a dense layer"):
    for filters in (1, 7, int(q.rng.integers(10, 60))):
        layers = [{"kind": "conv1d", "filters": filters, "kernel": 4}, {"kind": "global_pool"}]
        first, _, last = checks.array(count_parameters(30, [*layers, head[0]]), "the counts", shape=(3,))
        assert first != 4 * filters, "the convolution has no biases: one a filter"
        assert last != filters * 100, "the dense layer has no biases: one a unit"
        checks.close([first, last], [5 * filters, (filters + 1) * 100], "the counts of one convolution, one dense layer")
with q.check("every-channel-has-weights", weight=2, hint="a filter of the second layer looks at all channels of the first"):
    counts = checks.array(count_parameters(100, stack), "the counts", shape=(2,))
    assert counts[1] != 256, "the second layer's filters see one channel only: its input has as many as filters before"
    checks.close(counts[1], 12_352, "the count of the second layer of model 1")
with q.check("nothing-to-learn", hint="poolings and flattening have no weights: 0"):
    counts = checks.array(count_parameters(8000, model_1), "the counts", shape=(6,))
    assert (counts[[0, 1, 4, 5]] > 0).all(), "convolutions and dense layers have weights: none is 0"
    assert counts[2] == 0, "a pooling has no weights"
    assert counts[3] == 0, "flattening has no weights: it only lays out values in a row"
with q.check("rest-is-dropped", hint="how many whole windows fit? no padding, and no part of a window"):
    for length in (11, 12, 13):
        layers = [{"kind": "conv1d", "filters": 2, "kernel": 2}, {"kind": "pool", "size": 3}, {"kind": "flatten"}]
        counts = checks.array(count_parameters(length, [*layers, {"kind": "dense", "units": 1}]), "the counts", shape=(4,))
        want = (length - 1) // 3 * 2 + 1
        amount = "many" if counts[3] > want else "few"
        assert counts[3] == want, (
            f"at a length of {length} the dense layer counts too {amount} inputs: 'valid' shortens by kernel - 1, and a "
            "pooling drops what does not fill a window"
        )
with q.check("model-1", weight=2, hint="one layer holds nearly all of it: length times channels, times units"):
    counts = checks.array(count_parameters(8000, model_1), "the counts", shape=(6,))
    assert counts.sum() == 25_601_019, f"model 1 has 25,601,019 parameters; your counts add up to {counts.sum():,}"
with q.check("model-1-with-a-global-pool", weight=2, hint="behind a global pool one value a channel is left"):
    layers = [*model_1[:3], {"kind": "global_pool"}, *head]
    for length in (8000, 64_000):
        counts = checks.array(count_parameters(length, layers), "the counts", shape=(6,))
        assert counts.sum() == 20_219, f"with a global pool it is 20,219 at any length; yours is {counts.sum():,}"
with q.check("as-keras-counts", weight=2, hint="follow length and channels through every layer, then compare"):
    for _ in range(3):
        length = int(q.rng.integers(180, 300))
        layers = []
        for _ in range(int(q.rng.integers(1, 4))):
            filters, kernel = int(q.rng.integers(2, 9)), int(q.rng.integers(1, 7))
            layers.append({"kind": "conv1d", "filters": filters, "kernel": kernel})
            if q.rng.random() < 0.7:
                layers.append({"kind": "pool", "size": int(q.rng.integers(2, 4))})
        layers.append({"kind": ("flatten", "global_pool")[int(q.rng.integers(2))]})
        layers += [{"kind": "dense", "units": int(q.rng.integers(2, 20))} for _ in range(2)]
        parts = []
        for layer in layers:
            if layer["kind"] == "conv1d":
                parts.append(keras.layers.Conv1D(layer["filters"], layer["kernel"]))
            elif layer["kind"] == "pool":
                parts.append(keras.layers.MaxPooling1D(layer["size"]))
            elif layer["kind"] == "dense":
                parts.append(keras.layers.Dense(layer["units"]))
            else:
                parts.append(keras.layers.Flatten() if layer["kind"] == "flatten" else keras.layers.GlobalAveragePooling1D())
        network = keras.Sequential([keras.Input((length, 1)), *parts])
        want = [part.count_params() for part in network.layers]
        checks.close(count_parameters(length, layers), want, "the counts of a random stack")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 3

# %% nbgrader={"grade": false, "grade_id": "instrument_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: instrument_split
def instrument_split(instruments, families, test_share, seed):
    """Split notes so that all notes of an instrument stand on one side, and every family can be tested.

    Parameters
    ----------
    instruments : (n_notes,) array of str
        Name of the instrument that plays each note; no name occurs in two families. In any order.
    families : (n_notes,) array of str
        Family of that instrument, for each note.
    test_share : float between 0 and 1
        Share of the *instruments of each family* that goes to the test side. Round test_share * n_instruments up or
        down as you like, but keep at least 1 instrument on each side. A family with one instrument is all training.
    seed : int
        The same seed gives the same split, another seed another one. Make a generator of your own from it
        (numpy.random.default_rng(seed)); do not set the seed of the whole program.

    Returns
    -------
    train_idx, test_idx : two arrays of row numbers (int), together every note once
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    held_out = []
    for family in np.unique(families):
        names = rng.permutation(np.unique(instruments[families == family]))
        n_test = min(max(round(test_share * len(names)), 1), len(names) - 1)  # none, where the family has one only
        held_out.extend(names[:n_test])
    in_test = np.isin(instruments, held_out)
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "instrument_split-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("instrument_split")
names = np.array(["horn 2", "harp 1", "horn 1", "horn 2", "lute 1", "lute 2", "horn 1", "harp 1", "lute 2", "horn 3"])
kinds = np.array(["brass", "plucked", "brass", "brass", "guitar", "guitar", "brass", "plucked", "guitar", "brass"])
with q.check("row-numbers", hint="numpy.flatnonzero turns a yes/no array into row numbers"):
    parts = instrument_split(names, kinds, 0.4, 0)
    assert isinstance(parts, (tuple, list)) and len(parts) == 2, "two arrays should come back: train_idx and test_idx"
    for part, side in zip(parts, ("train_idx", "test_idx"), strict=True):
        rows = checks.array(part, side, shape=(None,), low=0, high=len(names) - 1)
        assert rows.dtype.kind in "iu", f"{side} should hold row numbers (int), but holds {rows.dtype}: a mask?"
        assert len(set(rows.tolist())) > 1, f"{side} should hold several different rows"
with q.check("whole-instruments", hint="choose among the names of the instruments, then collect the rows of each"):
    left, right = (np.asarray(part) for part in instrument_split(names, kinds, 0.4, 0))
    both = sorted(set(names[left].tolist()) & set(names[right].tolist()))
    assert not both, f"an instrument stands on both sides: {both[0]!r}"
    assert len(left) and len(right), "one of the two sides is empty"
### BEGIN HIDDEN TESTS
n_families = int(q.rng.integers(6, 12))
n_of = np.concatenate([[1, 1, 2, 12], q.rng.integers(2, 13, n_families - 4)])
pool = q.rng.permutation([f"unit {i:03d}" for i in range(200)])[: n_of.sum()]
family_of = np.repeat(q.rng.permutation([f"family {i:02d}" for i in range(40)])[:n_families], n_of)
sizes = q.rng.integers(1, 25, len(pool))
order = q.rng.permutation(sizes.sum())
names, kinds = np.repeat(pool, sizes)[order], np.repeat(family_of, sizes)[order]
single = family_of[:2]
share = float(q.rng.uniform(0.25, 0.45))
seeds = q.rng.permutation(1000)[:20].tolist()


def sides(test_share, seed):
    """The two parts of the answer, after a look at whether it splits anything at all."""
    left, right = (np.asarray(part) for part in instrument_split(names, kinds, test_share, seed))
    n_rows = len(np.unique(np.concatenate([left, right])))
    assert n_rows > len(names) / 2, f"only {n_rows} of {len(names)} notes are on one of the two sides"
    assert len(left) and len(right), "one of the two sides is empty"
    return left, right


with q.check("disjoint-and-complete", hint="every row is on exactly one side"):
    for seed in seeds[:5]:
        left, right = sides(share, seed)
        together = np.sort(np.concatenate([left, right]))
        assert len(np.unique(together)) == len(together), "a row number comes twice: on both sides, or twice on one"
        assert len(together) == len(names), (
            f"{len(names) - len(together)} notes are on neither side: was a family with one instrument dropped?"
        )
        checks.close(together, np.arange(len(names)), "train_idx and test_idx together, sorted,")
with q.check("instruments-stay-whole", weight=2, hint="the lot is drawn among instruments, not among notes"):
    for seed in seeds[:5]:
        left, right = sides(share, seed)
        both = set(names[left].tolist()) & set(names[right].tolist())
        assert not both, f"{len(both)} of {len(pool)} instruments stand on both sides, for example {sorted(both)[0]!r}"
with q.check("every-family-on-both-sides", weight=2, hint="go through the families, and draw among the instruments of each"):
    for seed in seeds:
        left, right = sides(share, seed)
        for family in np.unique(family_of):
            if family not in single:
                assert family in kinds[right], "a family with two or more instruments cannot be tested: it has none there"
                assert family in kinds[left], "a family with two or more instruments has none left for training"
with q.check("single-instrument", hint="a family with one instrument cannot be tested and stays in training"):
    for seed in seeds:
        left, right = sides(share, seed)
        assert not np.isin(kinds[right], single).any(), "a family with one instrument is in the test set"
        lonely = np.flatnonzero(np.isin(kinds, single))
        assert np.isin(lonely, left).all(), "a family with one instrument is on neither side"
with q.check("share-of-each-family", weight=2, hint="test_share times the number of instruments of that family"):
    for part in (share, 0.5, 0.8):
        right = sides(part, seeds[0])[1]
        for family, n in zip(family_of[np.cumsum(n_of) - 1], n_of, strict=True):
            got = len(np.unique(names[right][kinds[right] == family]))
            assert n == 1 or abs(got - part * n) <= 1, (
                f"of {n} instruments of a family {got} are in the test set at test_share={part:.2f}, and that is too "
                f"{'many' if got > part * n else 'few'}: count instruments, not notes, and round"
            )
with q.check("seed", hint="numpy.random.default_rng(seed) gives the same numbers for the same seed"):
    chosen = [np.sort(sides(0.5, seed)[1]).tolist() for seed in seeds]
    again = [np.sort(sides(0.5, seed)[1]).tolist() for seed in seeds]
    assert chosen == again, "the same seed gave two different splits"
    assert len({tuple(rows) for rows in chosen}) > 10, "different seeds give the same split: shuffle with the seed"
with q.check("every-instrument-can-be-tested", hint="shuffle the instruments of a family before you take some"):
    for family in np.unique(family_of):
        for name in () if family in single else (np.unique(names[kinds == family])[[0, -1]]):
            rows = np.flatnonzero(names == name)
            there = {bool(np.isin(rows, sides(0.5, seed)[1]).all()) for seed in seeds}
            assert len(there) == 2, "over 20 seeds one instrument always stood on the same side: they are not shuffled"
with q.check("program-seed-left-alone", hint="use a generator: rng = numpy.random.default_rng(seed)"):
    before = np.random.get_state()
    sides(share, seeds[0])
    after = np.random.get_state()
    assert before[2] == after[2] and np.array_equal(before[1], after[1]), (
        "the random numbers of the whole program were seeded or used (numpy.random.seed): other code depends on them"
    )
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 4

# %% nbgrader={"grade": false, "grade_id": "metadata_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: metadata_score
def metadata_score(source_train, family_train, source_test, family_test):
    """Accuracy of a rule that hears nothing: it guesses the family of a test note from its source alone.

    The rule is made from the training notes: for each source, the family that is the most frequent one among the
    training notes *with that source*. A test note whose source did not occur in training gets the family that is the
    most frequent one among all training notes. (No two families are equally frequent.)

    Parameters
    ----------
    source_train, source_test : (n_train,) and (n_test,) arrays of str
        "acoustic", "electronic", ...: how the instrument makes its sound.
    family_train, family_test : (n_train,) and (n_test,) arrays of str

    Returns
    -------
    float from 0 to 1
        Share of the test notes whose family was guessed right.
    """
    ### BEGIN SOLUTION
    def most_frequent(names):
        values, counts = np.unique(names, return_counts=True)
        return values[counts.argmax()]

    rule = {source: most_frequent(family_train[source_train == source]) for source in np.unique(source_train)}
    otherwise = most_frequent(family_train)
    guesses = np.array([rule.get(source, otherwise) for source in source_test])
    return float(np.mean(guesses == family_test))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "metadata_score-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("metadata_score")
S, F = np.array(["wood", "wood", "wire", "wire", "wire"]), np.array(["reed", "reed", "bass", "bass", "reed"])
s, f = np.array(["wood", "wire", "wire", "wood"]), np.array(["reed", "bass", "reed", "bass"])
with q.check("a-share", hint="right guesses divided by the number of test notes: not a count, not per cent"):
    share = checks.array(metadata_score(S, F, s, f), "the score, a share from 0 to 1,", shape=(), low=0, high=1)
    assert 0 < share < 1, "some of the four notes are guessed right and some wrong: the share lies between 0 and 1"
with q.check("by-hand", hint="wood was mostly reed, wire mostly bass: which of the four test notes does that get right?"):
    checks.close(metadata_score(S, F, s, f), 0.5, "the score of the four notes")
### BEGIN HIDDEN TESTS
sources = q.rng.permutation(["air", "string", "chip", "skin", "coil"])[:4]
kinds = q.rng.permutation(["organ", "mallet", "bass", "vocal", "flute", "reed"])
n, m = int(q.rng.integers(400, 500)), int(q.rng.integers(150, 250))
shares = np.full((4, 6), 0.06)
shares[[0, 1, 2, 3], [0, 1, 2, 0]] = 0.7
with q.check("fitted-on-train", hint="make the rule from the training notes only"):
    S, F = np.repeat(sources[:2], 30), np.repeat(kinds[:2], 30)
    got = checks.array(metadata_score(S, F, S, F[::-1].copy()), "the score", shape=(), low=0, high=1)
    assert got < 0.5, "where test says the opposite of training nothing can be right: was the rule made from test notes?"
    got = checks.array(metadata_score(S, F, S[:9], F[:9]), "the score", shape=(), low=0, high=1)
    checks.close(got, 1, "the score where the test notes follow the rule of the training notes")
with q.check("a-rule-for-each-source", hint="among the training notes of one source: a mask source_train == source"):
    S, F = np.repeat(sources[:2], [40, 25]), np.repeat(kinds[:2], [40, 25])
    s, f = np.repeat(sources[:2], [7, 9]), np.repeat(kinds[[0, 2, 1]], [7, 2, 7])
    got = checks.array(metadata_score(S, F, s, f), "the score", shape=(), low=0, high=1)
    checks.close(got, 14 / 16, "the score where each source has one family in training (is one guessed for all?)")
with q.check("unseen-source", weight=2, hint="a source without training notes gets the majority of all training notes"):
    S = np.repeat(sources[:3], [30, 20, 20])
    F = np.repeat(kinds[[0, 1, 1]], [30, 20, 20])
    s, f = np.repeat(["never met"], 8), np.repeat(kinds[[0, 1]], [3, 5])
    got = checks.array(metadata_score(S, F, s, f), "the score of notes of an unseen source", shape=(), low=0, high=1)
    assert got != 0, "notes of a source that training never met are all wrong: what does the rule say for them?"
    checks.close(got, 5 / 8, "the score of notes of an unseen source")
with q.check("values", weight=3, hint="majority by source in training, then the share of test notes guessed right"):
    for _ in range(4):
        row = q.rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])
        S = sources[row]
        F = kinds[[q.rng.choice(6, p=shares[r] / shares[r].sum()) for r in row]]
        row = q.rng.choice(4, m, p=[0.1, 0.2, 0.3, 0.4])
        s = np.where(q.rng.random(m) < 0.1, "never met", sources[row])
        f = kinds[[q.rng.choice(6, p=np.roll(shares[r], int(q.rng.integers(2))) / shares[r].sum()) for r in row]]
        modes = {}
        for key in [*sources, None]:
            values, counts = np.unique(F if key is None else F[S == key], return_counts=True)
            modes[key] = values[counts.argmax()]
        want = np.mean([modes.get(key, modes[None]) == truth for key, truth in zip(s, f, strict=True)])
        checks.close(metadata_score(S, F, s, f), want, "the score of random notes")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 5

# %% nbgrader={"grade": false, "grade_id": "clip_defects", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: clip_defects
def clip_defects(Y, sr):
    """Find clips that hold no note: silent ones, and ones that hold nothing but noise.

    Parameters
    ----------
    Y : (n_clips, n_samples) float32 array in [-1, 1], at least 8192 samples a clip
    sr : int
        Sample rate, Hz.

    Returns
    -------
    (n_clips,) array or list of str, one word a clip
        "silent" : the root of the mean square of its samples (RMS) is below 1e-4
        "noise"  : not silent, and the *median* over its frames of the spectral flatness is above 0.3. The flatness
                   of a frame is the geometric mean of its *power* spectrum |STFT|^2 divided by the arithmetic mean;
                   white noise has about 0.56, a tone nearly 0. Frames of 2048 samples (Hann window), one every 512.
                   (librosa.feature.spectral_flatness has this definition.) Frames of pure silence may count as
                   anything from 0 to 1, but not as NaN.
        "ok"     : all others
    """
    ### BEGIN SOLUTION
    words = []
    for y in Y:
        flatness = features.frames(y, sr, ("flatness",))["flatness"]
        if np.sqrt(np.mean(y.astype(np.float64) ** 2)) < 1e-4:
            words.append("silent")
        elif np.median(flatness) > 0.3:
            words.append("noise")
        else:
            words.append("ok")
    return np.array(words)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "clip_defects-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("clip_defects")


def verdicts(clips, sr=16000):
    """The answer's words for some clips, after their form was looked at."""
    words = clip_defects(np.array(clips, dtype=np.float32), sr)
    assert words is not None, "nothing came back: is the `return` missing?"
    words = [str(word) for word in np.ravel(np.asarray(words))]
    assert len(words) == len(clips), f"{len(clips)} clips went in, but {len(words)} words came back: one word a clip"
    strange = sorted(set(words) - {"ok", "silent", "noise"})
    assert not strange, f"the words are ok, silent and noise; yours holds {strange[0]!r}"
    return words


t = np.arange(16000) / 16000
with q.check("three-kinds", hint="first the RMS, then the median flatness, else ok"):
    hiss = 0.1 * np.random.default_rng(0).normal(size=16000)
    assert verdicts([0 * t, hiss, 0.1 * np.sin(2 * np.pi * 440 * t)]) == ["silent", "noise", "ok"], (
        "a silent clip, a hiss and a tone should be called silent, noise, ok, in this order"
    )
### BEGIN HIDDEN TESTS
n = int(q.rng.integers(15000, 25000))
t = np.arange(n) / 16000
hiss = q.rng.normal(size=(6, n))
hiss /= np.sqrt(np.mean(hiss**2, axis=1, keepdims=True))
levels = 10 ** q.rng.permutation(np.linspace(-3, -0.8, 6))
tones = [np.sqrt(2) * np.sin(2 * np.pi * f0 * t) for f0 in q.rng.uniform(80, 3000, 6)]
notes = []
for program in (40, 56, 68):
    note, _ = orchestra.phrase([program], [60], durations=n / 16000 + 0.2, gaps=0.0, lead=0.0, sr=16000,
                               seed=int(q.rng.integers(1000)))  # fmt: skip
    notes.append(note[:n] / np.sqrt(np.mean(note[:n] ** 2)))
with q.check("noise-at-any-level", weight=2, hint="flatness is a ratio: it does not depend on how loud the clip is"):
    for word, level in zip(verdicts(levels[:, None] * hiss), levels, strict=True):
        assert word == "noise", f"white noise at an RMS of {level:.4f} is called {word}"
with q.check("tones-and-notes-are-ok", weight=2, hint="a clip is silent by its RMS, and noise by its flatness"):
    for what, sounds in (("tone", tones), ("note", notes)):
        for word, level in zip(verdicts(levels[: len(sounds), None] * np.array(sounds)), levels, strict=False):
            assert word == "ok", f"a {what} at an RMS of {level:.4f} is called {word}"
    assert verdicts([np.full(n, 0.3), 0.3 * tones[0]]) == ["ok", "ok"], "a constant offset (DC) is neither silent nor noise"
with q.check("silence", hint="RMS: the root of the mean of the squares, below 1e-4"):
    click = np.zeros(n)
    click[n // 3] = 0.005
    faint = 2e-5 * tones[1], 2e-5 * hiss[0], 0.02 * np.exp(-t / 1e-5) * tones[2], np.zeros(n), click
    for word, what in zip(verdicts(faint), ("tone", "hiss", "decayed tone", "clip of zeros", "lone click"), strict=True):
        assert word == "silent", f"a {what} with an RMS below 1e-4 is called {word}: is it the RMS that is compared?"
    assert verdicts([3e-4 * tones[3]]) == ["ok"], "a soft tone with an RMS of 0.0003 is not silent"
with q.check("silent-tail", weight=2, hint="the median over the frames, and no NaN where a frame is all zeros"):
    tail = t > 0.62 * t[-1]
    words = verdicts([np.where(tail, 0, 0.2 * tones[0]), np.where(tail, 0, 0.2 * hiss[1])])
    assert words[0] == "ok", f"a tone that ends early is called {words[0]}: is the median taken over the frames?"
    assert words[1] == "noise", f"a noise that ends early is called {words[1]}: are silent frames NaN?"
with q.check("frame-by-frame", hint="the flatness of each frame, then the median: not that of a mean spectrum"):
    glide = np.sin(2 * np.pi * (60 * t + 0.5 * 7800 / t[-1] * t**2))
    assert verdicts([0.2 * glide]) == ["ok"], "a gliding tone is not noise: each of its frames is a tone"
with q.check("power-spectrum", hint="square the magnitudes before both means"):
    breathy = 0.2 * tones[4] + 0.2 * 0.05 * 5 * hiss[2]
    assert verdicts([breathy]) == ["ok"], "a tone with breath in it is not noise: is it the flatness of the power?"
with q.check("clips-on-their-own", hint="go through the clips one by one"):
    mixed = [0.1 * tones[0], 0.1 * hiss[3], 0 * t, 0.1 * notes[0], 0.1 * hiss[4]]
    order = q.rng.permutation(5)
    want = np.array(["ok", "noise", "silent", "ok", "noise"])[order].tolist()
    assert verdicts([mixed[i] for i in order]) == want, "a clip's word depends on the clips around it, or all are called alike"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 6

# %% nbgrader={"grade": false, "grade_id": "build_conv_over_time", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: build_conv_over_time
def build_conv_over_time(n_frames, n_mels, n_classes):
    """A small network that listens to a log-mel spectrogram over time.

    Parameters
    ----------
    n_frames, n_mels, n_classes : int
        The network takes spectrograms of shape (n_clips, n_frames, n_mels): time first, the mel bands are the channels.

    Returns
    -------
    keras.Model, compiled or not
        - The first layer with a kernel is a convolution over time (Conv1D) that sees all mel bands of several
          neighbouring frames.
        - The clip may have any length: the number of weights does not depend on n_frames. (What makes one row out of
          however many frames are left?)
        - The last layer gives (n_clips, n_classes) probabilities: each row sums to 1.
        - At most 100,000 weights at n_frames=126, n_mels=64, n_classes=11, and every one of them has a part in the
          output. Use Keras's own layers.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input((n_frames, n_mels))])
    for filters in (64, 64, 96):
        model.add(keras.layers.Conv1D(filters, 5, padding="same", activation="relu"))
        model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "build_conv_over_time-test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
q = checks.question("build_conv_over_time")


def output(network, clips):
    """What a network says of some clips, as an array."""
    return np.asarray(network(clips.astype(np.float32)))


L = q.rng.normal(size=(3, 126, 64))
with q.check("takes-time-first", hint="keras.Input((n_frames, n_mels)), and n_classes units at the end"):
    model = build_conv_over_time(126, 64, 11)
    assert hasattr(model, "count_params"), f"a Keras model should come back, but this is a {type(model).__name__}"
    assert tuple(model.input_shape) in ((None, 126, 64), (None, None, 64)), (
        f"clips of shape (n_frames, n_mels) should go in, but this model takes {tuple(model.input_shape)[1:]}"
    )
    p = checks.array(output(model, L), "the output", shape=(3, 11))
    assert np.ptp(p) > 0, "the output is the same number everywhere, whatever the clip"
with q.check("probabilities", hint="which activation makes probabilities of numbers, one class out of many?"):
    p = checks.array(output(build_conv_over_time(126, 64, 11), L), "the output", shape=(3, 11), low=0, high=1)
    assert abs(p.sum(axis=1) - 1).max() < 1e-3, (
        f"each row of the output should sum to 1; yours sum to {p.sum(axis=1).min():.3g} to {p.sum(axis=1).max():.3g}"
    )
with q.check("at-most-100000", weight=2, hint="model.summary() shows which layer holds the weights"):
    model = build_conv_over_time(126, 64, 11)
    n_weights = model.count_params()
    assert n_weights <= 100_000, f"at most 100,000 weights are allowed here; this network has {n_weights:,}"
    assert any(len(v.shape) == 3 for v in model.trainable_variables), "there is no convolution over time in this network"
### BEGIN HIDDEN TESTS
mels, classes, frames = int(q.rng.integers(20, 60)), int(q.rng.integers(3, 16)), int(q.rng.integers(90, 160))


def kernels(network):
    """Shapes of the kernels (weights with two axes or more), in order."""
    return [tuple(v.shape) for v in network.trainable_variables if len(v.shape) > 1]


with q.check("any-size", hint="use the three arguments, no numbers typed in"):
    for n_frames, n_mels, n_classes in ((frames, mels, classes), (frames + 50, mels + 9, classes + 4)):
        model = build_conv_over_time(n_frames, n_mels, n_classes)
        p = output(model, q.rng.normal(size=(2, n_frames, n_mels)))
        checks.array(p, f"the output for {n_classes} classes", shape=(2, n_classes), low=0, high=1)
        assert abs(p.sum(axis=1) - 1).max() < 1e-3, "the rows of the output do not sum to 1: softmax makes them"
with q.check("any-length", weight=2, hint="an average (or the largest value) over time leaves one number a channel"):
    counts = [build_conv_over_time(n, mels, classes).count_params() for n in (frames, 2 * frames, 4 * frames)]
    assert len(set(counts)) == 1, (
        f"the number of weights hangs on the length of the clip ({counts[0]:,} to {counts[-1]:,}): Flatten gives every "
        "frame weights of its own"
    )
with q.check("bands-are-channels", weight=2, hint="Conv1D slides along the first axis of a clip and sees all of the second"):
    for n_mels in (mels, mels + 11):
        found = kernels(build_conv_over_time(frames, n_mels, classes))
        assert found and len(found[0]) == 3, (
            "the first layer with a kernel should be a Conv1D: a Dense layer there mixes the bands of one frame only"
        )
        assert found[0][1] == n_mels, (
            f"the first kernel has {found[0][1]} channels where the clip has {n_mels} mel bands: does it slide over time?"
        )
with q.check("hears-an-order", weight=2, hint="a kernel of one frame cannot tell a sound from its reverse"):
    model = build_conv_over_time(720, mels, classes)
    assert any(len(shape) == 3 and shape[0] > 1 for shape in kernels(model)), (
        "every kernel spans one frame only: the network cannot hear in which order the frames come"
    )
    clips = 2 * q.rng.normal(size=(4, 720, mels))
    change = abs(output(model, clips) - output(model, clips[:, ::-1])).max()
    assert change > 1e-6, "a clip played backwards gives the very same output: the network hears no order of the frames"
with q.check("hears-all-of-it", hint="no part of the clip may be thrown away"):
    model = build_conv_over_time(frames, mels, classes)
    clips = q.rng.normal(size=(8, frames, mels))
    before = output(model, clips)
    for share in (0.1, 0.35, 0.6, 0.8):
        changed = clips.copy()
        changed[:, int(share * frames)] += 6 * q.rng.normal(size=mels)
        assert abs(output(model, changed) - before).max() > 1e-7, (
            f"another frame at {share:.0%} of the clip changes nothing: part of the clip is not heard"
        )
with q.check("every-weight-counts", weight=2, hint="is there a layer whose output is not used?"):
    model = build_conv_over_time(frames, mels, classes)
    clips = tf.constant(q.rng.normal(size=(16, frames, mels)).astype(np.float32))
    picked = tf.one_hot(q.rng.integers(0, classes, 16), classes)
    sums = np.asarray(model(clips)).sum(axis=1)
    assert abs(sums - 1).max() < 1e-3, "the rows of the output do not sum to 1: softmax makes them"
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(tf.math.log(tf.reduce_sum(picked * model(clips), axis=1) + 1e-7))
    variables = model.trainable_variables
    assert variables, "the network has nothing to learn: no trainable weights"
    for variable, slope in zip(variables, tape.gradient(loss, variables), strict=True):
        size = 0.0 if slope is None else float(tf.norm(tf.convert_to_tensor(slope)))
        assert size > 0, f"a weight of shape {tuple(variable.shape)} has no gradient: it never takes part in the output"
### END HIDDEN TESTS
q.score()

# %% [markdown]
# ## Question 7

# %% nbgrader={"grade": false, "grade_id": "confident_mistakes", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: confident_mistakes
def confident_mistakes(proba, y_true, k):
    """Row numbers of the wrong answers that the model was surest of.

    Parameters
    ----------
    proba : (n_clips, n_classes) float array
        Probabilities; a clip is called the class with the largest one. No two are equal.
    y_true : (n_clips,) int array
        The right class of each clip.
    k : int
        How many to return, at most: if there are fewer mistakes, all of them.

    Returns
    -------
    (<= k,) int array or list
        Rows of wrongly classified clips; first the one whose (wrong) answer got the largest probability.
    """
    ### BEGIN SOLUTION
    answer = proba.argmax(axis=1)
    wrong = np.flatnonzero(answer != y_true)
    order = np.argsort(-proba[wrong, answer[wrong]])
    return wrong[order[:k]]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "confident_mistakes-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("confident_mistakes")
P = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.05, 0.05, 0.9], [0.3, 0.5, 0.2], [0.1, 0.8, 0.1]])
T = np.array([0, 0, 1, 0, 1])
with q.check("row-numbers", hint="at most k row numbers (int), and no more than there are mistakes"):
    rows = checks.array(confident_mistakes(P, T, 2), "the rows", shape=(2,), low=0, high=4)
    assert rows.dtype.kind in "iu", f"row numbers are whole numbers; yours are {rows.dtype}"
    assert rows[0] != rows[1], "a row comes twice"
with q.check("by-hand", hint="which rows are wrong? which of them has the largest probability for its answer?"):
    checks.close(confident_mistakes(P, T, 2), [2, 1], "the rows of the five clips")
### BEGIN HIDDEN TESTS
n, c = int(q.rng.integers(150, 250)), int(q.rng.integers(5, 12))
P = q.rng.dirichlet(np.full(c, 0.6), n)
T = np.where(q.rng.random(n) < 0.6, P.argmax(axis=1), q.rng.integers(0, c, n))
wrong = P.argmax(axis=1) != T
best = P.max(axis=1)
k = int(q.rng.integers(8, 20))
with q.check("mistakes-only", weight=2, hint="a mistake: the class of the largest probability is not the right one"):
    rows = checks.array(confident_mistakes(P, T, k), "the rows", shape=(k,), low=0, high=n - 1)
    assert wrong[rows].all(), f"{int((~wrong[rows]).sum())} of {k} rows are no mistakes: they were classified right"
    assert len(np.unique(rows)) == k, "a row comes twice"
with q.check("surest-first", weight=2, hint="sort by the probability of the answer that was given, largest first"):
    rows = checks.array(confident_mistakes(P, T, k), "the rows", shape=(k,), low=0, high=n - 1)
    given = best[rows]
    assert (np.diff(given) <= 0).all() or not (np.diff(given) >= 0).all(), "the least sure comes first: turn the order round"
    assert (np.diff(given) <= 0).all(), "the rows are not in the order of the probability that the wrong answer got"
    assert given[0] == best[wrong].max(), "the surest mistake of all is missing"
with q.check("all-clips-are-looked-at", hint="first find all mistakes, then take the k surest of them"):
    rows = checks.array(confident_mistakes(P, T, k), "the rows", shape=(k,), low=0, high=n - 1)
    assert set(rows.tolist()) == set(np.flatnonzero(wrong)[np.argsort(-best[wrong])[:k]].tolist()), (
        "some mistakes in the list are less sure than others that were left out"
    )
with q.check("fewer-than-k", weight=2, hint="return as many rows as there are mistakes, and not more"):
    few = np.where(np.cumsum(wrong) <= 3, T, P.argmax(axis=1))
    rows = checks.array(confident_mistakes(P, few, k), "the rows, where there are three mistakes,", shape=(None,))
    assert len(rows) == 3, f"there are 3 mistakes, but {len(rows)} rows came back: is the list filled up?"
    assert (few[rows] != P.argmax(axis=1)[rows]).all() and len(set(rows.tolist())) == 3, "these are not the three mistakes"
    rows = checks.array(confident_mistakes(P, P.argmax(axis=1), k), "the rows, where nothing is wrong,", shape=(None,))
    assert len(rows) == 0, f"nothing is wrong here, but {len(rows)} rows came back"
with q.check("values", weight=2, hint="rows of the clips, not their labels and not places among the mistakes"):
    for k in (1, 5, n):
        want = np.flatnonzero(wrong)[np.argsort(-best[wrong])][:k]
        checks.close(confident_mistakes(P, T, k), want, f"the rows for k={k}")
### END HIDDEN TESTS
q.score()
