# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A dense network, and what its score is worth
#
# A student report trains a small network on 120 numbers a row and finds the right instrument, out of ten, 99 times
# out of 100. You will train the same network and get such a number, too. Then you will ask what it is worth: who
# stands on both sides of the split, what the test set has told the training, and what the number would be for a
# recording, or an instrument, that the network has never met.
#
# **After this lesson you can**
#
# - describe a table of features: items, features, classes, groups, and the share of the largest class;
# - standardise features with what the training rows say, and show that nothing of the test rows crept in;
# - split by group, and say for each split which claim it can support;
# - set up baselines that a network must beat, and use the nearest neighbour as a detector of leaks;
# - build, count, train and calibrate a dense network in Keras, and choose an epoch on validation data;
# - repair a model under an honest split, and say by how much, with an interval;
# - find a leak from the evidence it leaves.
#
# **Time:** about two hours. All cells together run in about a minute on two CPU cores once the notes are rendered
# (two more minutes the first time). Colab is about as fast; no GPU is needed.
#
# **You should know:** lesson 01, or what MFCCs are; a little numpy and scikit-learn. Keras is explained as we go.
#
# **Data:** windows of half a second, cut from notes that the course renders on your machine from the instruments of a
# General MIDI soundfont: practice data, and every score says so. The word in the cell below can be replaced by
# `"philharmonia"`, `"tinysol"` or `"uiowa-features"` (the report's own arrays, which you place yourself): the same
# cells then run on real recordings. Each has its own licence, printed below.
#
# There are seven questions, 20 points in all. Cells that say **Your prediction** earn no points; they are there
# because a surprise teaches only those who expected something.
#
# **Limits:** when your notebook is graded, your answer has 20 seconds of CPU time for all checks of a question, and the
# notebook has 4 GB of memory. Plain Python loops are fast enough for every question that needs no Keras.

# %%
import sys

import keras
import numpy as np
import pandas as pd
from IPython.display import display
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from helpers import checks, data, evaluate, leaks, networks, player, plots, standardize

# %% tags=["parameters"]
DATA = "practice-notes"

# %% [markdown]
# ## 1. What the report says
#
# The report answers a well-known assignment. Its four arrays come from a web page: 66,247 training rows and 14,904
# test rows of "120 MFCCs for each note", ten instruments. It standardises them (rightly, with the training rows
# alone), trains 256 sigmoid units and a softmax for 10 epochs, passes the *test* set as validation data, and reads
# the last line: accuracy .9915. The assignment had promised "> 99 %".
#
# Nothing in it crashes, no line looks wrong, and most people who were given the assignment wrote the same. So the
# question is not "who made an error?" but "what has been measured?". Before any network, look at the data.
#
# ## 2. Describe the data
#
# An **item** is one row. Its **label** is the instrument, or the family of instruments, that sounds. Its **group**
# says what it was cut from: two windows of one recording share room, microphone, player and instrument, and often the
# very same note.

# %% tags=["explore"]
ds = data.load_windows(DATA)
X, y, n_classes = ds.features, ds.labels, len(ds.classes)
TINY = len(ds) < 3000  # only where a grader runs this notebook: training is cut short there, and nothing concluded
print(ds)
print("licence:", ds.licence)

# %% [markdown]
# What one group is depends on the source: a recording here, a *tone* (all takes of one instrument at one pitch) in
# the Philharmonia and TinySOL sets. The next cell names it, and gathers everything that could be kept together when
# the rows are split: a single window, a note, a group, an instrument. Where a source does not say (the report's
# arrays ship no groups), the lesson says so and goes on with what there is.

# %% tags=["explore"]
GROUP = {"practice-notes": "recording", "philharmonia": "tone", "tinysol": "tone"}.get(DATA, "group")
units = {"window": None, "note": ds.table.get("note"), GROUP: ds.groups, "instrument": ds.table.get("instrument")}
units = {name: unit for name, unit in units.items() if name == "window" or unit is not None}
HONEST = GROUP if GROUP in units else "window"
for name, unit in units.items():
    print(f"{len(ds) if unit is None else len(np.unique(unit)):>8,} {name}s")
if ds.groups is None:
    print("No groups are shipped: nobody can tell which rows belong together, and no split below can be trusted.")

# %% [markdown]
# `describe_data` counts all this by code. Labels need not be 0, 1, 2: a rule that works for words and for 3, 7, 9
# works for the next data set, too.

# %% nbgrader={"grade": false, "grade_id": "describe_data", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: describe_data
def describe_data(X, y, groups):
    """Say what a data set holds, counted by code.

    Parameters
    ----------
    X : (n_items, n_features) array
    y : (n_items,) array, (n_items, 1) array, or list: the label of each item. Labels can be any whole numbers or
        any words, for example 3, 7 and 9; they need not be 0, 1, 2, ...
    groups : (n_items,) array or list: the recording that each item was cut from, in any order

    Returns
    -------
    dict with the keys
        "n_items", "n_features" : int
        "n_classes", "n_groups" : int, how many different labels and different groups there are
        "majority_share" : float from 0 to 1, the share of the items that the most frequent label has
        "counts" : dict, label -> number of items that have it
    """
    ### BEGIN SOLUTION
    labels, counts = np.unique(np.asarray(y).ravel(), return_counts=True)
    return {
        "n_items": X.shape[0],
        "n_features": X.shape[1],
        "n_classes": len(labels),
        "n_groups": len(np.unique(groups)),
        "majority_share": counts.max() / counts.sum(),
        "counts": {label.item(): int(count) for label, count in zip(labels, counts, strict=True)},
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "describe_data-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("describe_data")
KEYS = ("n_items", "n_features", "n_classes", "n_groups", "majority_share", "counts")
M = np.array([[0.5, 1.0], [0.1, 2.0], [0.7, 3.0]], dtype=np.float32)
L, G = np.array([3, 7, 3]), np.array(["take B", "take A", "take B"])
with q.check("six-keys", hint="return one dict with the six keys that the docstring names"):
    answer = describe_data(M, L, G)
    checks.keys(answer, KEYS)
    checks.array([answer[key] for key in KEYS[:-1]], "the numbers in the dict", shape=(5,), vary=True)
with q.check("three-rows", hint="work the three rows out by hand and compare, key by key"):
    answer = describe_data(M, L, G)
    checks.close(answer["n_items"], 3, "n_items")
    checks.close(answer["n_features"], 2, "n_features")
    checks.close(answer["n_classes"], 2, "n_classes, the number of different labels,")
    checks.close(answer["n_groups"], 2, "n_groups, the number of different groups,")
    checks.array(answer["majority_share"], "majority_share, a share and not per cent or a count,", low=0, high=1)
### BEGIN HIDDEN TESTS
n, d = int(q.rng.integers(60, 90)), int(q.rng.integers(5, 12))
M = q.rng.normal(size=(n, d)).astype(np.float32)
drawn = np.concatenate([q.rng.permutation(3), q.rng.choice(3, size=n - 3, p=[0.15, 0.6, 0.25])])
takes = np.array([f"take {i:02d}" for i in q.rng.permutation(40)[:11]])
G = takes[np.concatenate([q.rng.permutation(11), q.rng.integers(0, 11, n - 11)])]
words, numbers = np.array(["violin", "cello", "flute"])[drawn], np.array([3, 7, 9])[drawn]
kinds = {"words": words, "the numbers 3, 7 and 9": numbers, "a column (n, 1)": numbers[:, None]}
kinds["a list"] = words.tolist()
tally = np.bincount(drawn)
with q.check("items-and-features", hint="n_items counts the rows of X, n_features its columns"):
    answer = describe_data(M, numbers, G)
    checks.close(answer["n_items"], n, "n_items, the number of rows of X,")
    checks.close(answer["n_features"], d, "n_features, the number of columns of X,")
with q.check("classes", hint="count the different labels: numpy.unique or set; a largest label says nothing"):
    for kind, labels in kinds.items():
        checks.close(describe_data(M, labels, G)["n_classes"], 3, f"n_classes, where the labels are {kind},")
with q.check("groups", hint="the groups stand in any order: count the different ones"):
    checks.close(describe_data(M, numbers, G)["n_groups"], 11, "n_groups, the number of different groups,")
with q.check("majority-share", hint="items of the most frequent label, divided by all items"):
    share = describe_data(M, words, G)["majority_share"]
    checks.array(share, "majority_share, a share and not per cent or a count,", shape=(), low=0, high=1)
    checks.close(share, tally.max() / n, "majority_share")
with q.check("counts", weight=2, hint="one entry for each label: how many items have it"):
    for kind, labels in kinds.items():
        counts = describe_data(M, labels, G)["counts"]
        assert isinstance(counts, dict), f"counts should be a dict label -> number, but is a {type(counts).__name__}"
        mine = {str(np.ravel(key)[0]): value for key, value in counts.items()}
        wanted = ("violin", "cello", "flute") if kind in ("words", "a list") else ("3", "7", "9")
        assert not set(mine) & set(takes), "counts has groups as its keys: count the labels y"
        assert set(mine) == set(wanted), f"the keys of counts should be the labels themselves (the labels are {kind})"
        checks.close([np.ravel(mine[key])[0] for key in wanted], tally, f"counts (the labels are {kind})")
### END HIDDEN TESTS
q.score()

# %% tags=["explore"]
checks.demo(lambda: describe_data(X, y, units[HONEST] if HONEST != "window" else np.arange(len(y))))

# %% tags=["explore"]
plots.show(plots.class_counts(y, ds.classes, ds.groups, GROUP))

# %% [markdown]
# The classes are unequal, as in the report's data. A model that always answers with the longest bar is right as often
# as that bar is long: any score has to be read against this share. And the number of groups is far smaller than the
# number of rows. Which of the two is "how much data there is" will decide this lesson.
#
# **The report's own doubt.** 66,247 + 14,904 = 81,151 "notes". The Iowa collection holds a few thousand notes, so a
# row cannot be one. Print how many rows a note gives here, and you know what such rows are: windows or frames of
# notes.

# %% tags=["explore"]
n_notes = len(np.unique(ds.table["note"])) if "note" in ds.table else None
print(f"{66_247 + 14_904:,} rows in the report")
print(f"{len(ds):,} rows here" + (f", from {n_notes:,} notes: {len(ds) / n_notes:.1f} rows a note" if n_notes else ""))

# %% [markdown]
# The authors of those arrays say two more things that the report did not know. Their notebook calls the 120 columns
# *constant-Q coefficients*, not MFCCs. And the network in their own code (120-256-256-10, rectified linear units)
# makes 6.2 % errors on the test rows, a linear classifier about 20 %: their best is .938 where the report has .9915.
# Which rows are neighbours of which is not recorded, so the report's number can be neither confirmed nor audited.
# Ours can.
#
# ## 3. Standardise
#
# A network and a distance both mix columns, so the columns need a common scale: mean 0, standard deviation 1. Whose
# mean? The training rows' alone. The test rows stand for recordings that do not exist yet. In 6 of 27 public
# answers to this assignment the test set was scaled by its own statistics: no error message, a slightly wrong number.

# %% nbgrader={"grade": false, "grade_id": "standardise", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: standardise
def standardise(X_train, X_test):
    """Give each feature mean 0 and standard deviation 1, measured on the training rows alone.

    Parameters
    ----------
    X_train : (n_train, n_features) float32 array
    X_test : (n_test, n_features) float32 array

    Returns
    -------
    Z_train, Z_test : two arrays of the same shapes
        Each column minus the mean of that column in X_train, divided by the standard deviation of that column in
        X_train. A column that never changes becomes 0. X_train and X_test themselves stay as they are.
    """
    ### BEGIN SOLUTION
    mean, sd = X_train.mean(axis=0), X_train.std(axis=0)
    sd = np.where(sd == 0, 1, sd)
    return (X_train - mean) / sd, (X_test - mean) / sd
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "standardise-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("standardise")
A = np.array([[0.0, 100.0], [2.0, 300.0], [4.0, 200.0]], dtype=np.float32)
B = np.array([[1.0, 150.0], [3.0, 350.0]], dtype=np.float32)


def scaled(X_train, X_test):
    """What the answer makes of copies: if it changes its arguments, one check says so, and the others judge the rest."""
    Z = standardise(X_train.copy(), X_test.copy())
    assert isinstance(Z, (tuple, list)) and len(Z) == 2, "two arrays should come back: Z_train and Z_test"
    return Z


with q.check("two-arrays", hint="end with: return Z_train, Z_test"):
    Z = scaled(A, B)
    for part, data_part, name in ((Z[0], A, "Z_train"), (Z[1], B, "Z_test")):
        part = checks.array(part, name, shape=data_part.shape, vary=True)
        assert not np.allclose(part, data_part), f"{name} is the data as they were: subtract the mean, and divide"
with q.check("inputs-unchanged", hint="write X_train - mean, which makes a new array; -= and /= change the old one"):
    mine, yours = (A, B), (A.copy(), B.copy())
    Z = standardise(*yours)
    for name, before, after in zip(("X_train", "X_test"), mine, yours, strict=True):
        assert np.array_equal(before, after), (
            f"you changed {name} in place: whoever called your function has lost the data. Compute new arrays"
        )
    assert not np.allclose(checks.array(Z[0], "Z_train", shape=A.shape, vary=True), A), "Z_train is the data as they were"
with q.check("train-columns", hint="the mean and the standard deviation go over the rows: axis=0"):
    Z = np.asarray(scaled(A, B)[0])
    assert abs(Z.mean(axis=0)).max() < 1e-4, "each column of Z_train should have mean 0"
    assert abs(Z.std(axis=0) - 1).max() < 0.3, "each column of Z_train should have standard deviation 1"
with q.check("test-shift", hint="use the mean and the deviation of X_train for X_test, too"):
    before, after = np.asarray(scaled(A, B)[1]), np.asarray(scaled(A, B + 5)[1])
    shift = (after - before)[:, 0]
    assert shift.min() > 1, "a shifted test set must come out shifted: fitted on the test set?"
    assert shift.max() < 4.9, "a test set shifted by 5 comes out shifted by 5: where is the division?"
### BEGIN HIDDEN TESTS
n, m, d = int(q.rng.integers(400, 500)), int(q.rng.integers(90, 150)), int(q.rng.integers(7, 12))
scale = 10 ** q.rng.uniform(-3, 2, d)
scale[:2] = 1e-3, 1e4
centre = scale * q.rng.uniform(-3, 3, d)
centre[1] = q.rng.choice([-1, 1]) * q.rng.uniform(1e4, 3e4)  # decides the mean of the whole array: far from every other
constant = int(q.rng.integers(2, d))
A = (centre + scale * q.rng.normal(size=(n, d))).astype(np.float32)
B = (centre + scale * (1.5 + 2 * q.rng.normal(size=(m, d)))).astype(np.float32)
A[:, constant] = B[:, constant] = 4
vary = np.arange(d) != constant
mean, sd = A.astype(np.float64).mean(axis=0), A.astype(np.float64).std(axis=0)
sd[constant] = 1


def scaled_part(Z, X, name):
    """One of the two arrays without the constant column; refused if it is X as it was, or one number everywhere."""
    Z = checks.array(Z, name, shape=X.shape, finite=False)[:, vary]
    checks.array(Z[np.isfinite(Z)], f"{name} (without the constant column)", vary=True)
    assert not np.allclose(Z, X[:, vary]), f"{name} is the data as they were: subtract the mean, and divide"
    return Z


with q.check("no-nan", hint="a column that never changes has deviation 0: divide by 1 there"):
    Z_train, Z_test = scaled(A, B)
    checks.array(Z_train, "Z_train, whose data have a constant column,", shape=(n, d), vary=True)
    checks.array(Z_test, "Z_test, whose data have a constant column,", shape=(m, d), vary=True)
    assert abs(np.asarray(Z_train)[:, constant]).max() < 1e-3, "a constant column should become 0"
with q.check("test-set-leaves-train-alone", hint="no number from X_test may enter Z_train"):
    first, second = (scaled_part(scaled(A, X)[0], A, "Z_train") for X in (B, 3 * B[:50] + 7))
    same = np.allclose(first, second, rtol=1e-3, atol=1e-4)
    assert same, "Z_train changes when only the test set changes: statistics of the test rows are in it"
with q.check("rows-of-test-are-independent", hint="each test row is scaled with the training statistics alone"):
    C = B.copy()
    C[0] += 50 * sd.astype(np.float32)
    first, second = (scaled_part(scaled(A, X)[1], X, "Z_test")[1:] for X in (B, C))
    same = np.allclose(first, second, rtol=1e-3, atol=1e-4)
    assert same, "changing one test row changes others: the test set's own statistics were used"
with q.check("train-values", weight=2, hint="subtract the mean, divide by the standard deviation (not the variance)"):
    Z = checks.array(scaled(A, B)[0], "Z_train", shape=(n, d), finite=False)[:, vary]
    assert abs(Z.mean(axis=0)).max() < 0.01, "some columns of Z_train do not have mean 0: is there one mean a column?"
    assert abs(Z.std(axis=0) - 1).max() < 0.01, "some columns of Z_train do not have standard deviation 1"
    checks.close(Z, ((A - mean) / sd)[:, vary], "Z_train", rtol=5e-3, atol=5e-3)
with q.check("test-values", weight=2, hint="the same two steps, with the mean and deviation of X_train"):
    Z = checks.array(scaled(A, B)[1], "Z_test", shape=(m, d), finite=False)[:, vary]
    assert not np.allclose(Z, B[:, vary]), "Z_test is X_test as it was: scale it, too"
    checks.close(Z, ((B - mean) / sd)[:, vary], "Z_test", rtol=5e-3, atol=5e-3)
### END HIDDEN TESTS
q.score()

# %% [markdown]
# A law found the mistake, not a score: *a shifted test set must come out shifted*. From here on the lesson uses
# `helpers.standardize`, which keeps the same promise.
#
# ## 4. Split
#
# A toy first. Six windows of three recordings, two classes; one window in three goes to the test set.

# %% tags=["explore"]
toy = pd.DataFrame({"recording": list("aabbcc"), "class": ["flute", "flute", "flute", "flute", "reed", "reed"]})
toy["at random"] = ["train", "test", "train", "train", "test", "train"]
toy["same shares of the classes"] = ["test", "train", "train", "train", "test", "train"]
toy["whole recordings"] = ["train", "train", "test", "test", "train", "train"]
display(toy)

# %% [markdown]
# *At random* and *same shares of the classes* (stratified) both leave one window of a recording in training and ask
# about the other one. Stratifying answers another question: is each class on both sides? Only the last column keeps
# recordings whole, and it has a price: with one recording of the reed, the reed cannot be tested.

# %% nbgrader={"grade": false, "grade_id": "group_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: group_split
def group_split(groups, test_share, seed):
    """Split items into training and test so that all items of a group stand on one side.

    Parameters
    ----------
    groups : (n_items,) array of str
        Name of the group (the recording) of each item, in any order; groups have different sizes.
    test_share : float between 0 and 1
        Share of the *groups* that goes to the test side: round(test_share * n_groups) groups, at least 1.
    seed : int
        The same seed gives the same split, another seed another one. Make a generator of your own from it
        (numpy.random.default_rng(seed)); do not set the seed of the whole program.

    Returns
    -------
    train_idx, test_idx : two arrays of row numbers (int), together every item once
    """
    ### BEGIN SOLUTION
    names = np.unique(groups)
    n_test = max(1, round(test_share * len(names)))
    test_names = np.random.default_rng(seed).permutation(names)[:n_test]
    in_test = np.isin(groups, test_names)
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "group_split-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("group_split")
G = np.array(["tuba", "oboe", "tuba", "harp", "oboe", "tuba", "bell", "tuba"])
with q.check("row-numbers", hint="numpy.flatnonzero turns a yes/no array into row numbers"):
    parts = group_split(G, 0.5, 0)
    assert isinstance(parts, (tuple, list)) and len(parts) == 2, "two arrays should come back: train_idx and test_idx"
    for part, name in zip(parts, ("train_idx", "test_idx"), strict=True):
        rows = checks.array(part, name, shape=(None,), low=0, high=len(G) - 1)
        assert rows.dtype.kind in "iu", f"{name} should hold row numbers (int), but holds {rows.dtype}: a mask?"
        assert len(rows), f"{name} is empty"
        assert len(set(rows.tolist())) == len(rows), f"{name} names a row twice"
with q.check("whole-groups", hint="choose among the names of the groups, then collect the rows of each"):
    left, right = (np.asarray(part) for part in group_split(G, 0.5, 0))
    assert left.size and right.size, "one of the two sides is empty"
    both = sorted(set(G[left].tolist()) & set(G[right].tolist()))
    assert not both, f"a group stands on both sides: {both[0]!r}"
### BEGIN HIDDEN TESTS
n_groups = 2 * int(q.rng.integers(8, 20)) + 1
names = np.array([f"take-{i:03d}" for i in q.rng.permutation(900)[:n_groups]])
sizes = np.maximum(1, np.round(60 * 0.8 ** np.arange(n_groups))).astype(int)
G = q.rng.permutation(np.repeat(names, sizes))
n_test = int(q.rng.integers(5, n_groups // 2))
share = n_test / n_groups
seeds = q.rng.permutation(1000)[:20].tolist()


def both_sides(seed, share=share):
    """Both sides of a split as arrays; refused where one of them is empty or names a row twice."""
    parts = [np.asarray(part) for part in group_split(G, share, seed)]
    for part, name in zip(parts, ("train_idx", "test_idx"), strict=True):
        assert part.size, f"{name} is empty"
        assert len(np.unique(part)) == part.size, f"{name} names a row twice"
    return parts


with q.check("disjoint-and-complete", hint="every row is on exactly one side"):
    for seed in seeds[:5]:
        left, right = (np.asarray(part) for part in group_split(G, share, seed))
        together = np.sort(np.concatenate([left, right]))
        assert len(np.unique(together)) == len(together), "a row number comes twice: on both sides, or twice on one"
        assert len(together) == len(G), f"{len(G) - len(together)} rows are on neither side: was a group dropped?"
        checks.close(together, np.arange(len(G)), "train_idx and test_idx together, sorted,")
with q.check("groups-stay-whole", weight=2, hint="choose among the names of the groups, then collect the rows of each"):
    for seed in seeds[:5]:
        left, right = both_sides(seed)
        both = set(G[left].tolist()) & set(G[right].tolist())
        assert not both, f"{len(both)} of {n_groups} groups stand on both sides, for example {sorted(both)[0]!r}"
with q.check("number-of-test-groups", weight=2, hint="round(test_share * number of groups), at least 1: not of rows"):
    for seed in seeds[:5]:
        for near in (share, share + 0.3 / n_groups, share - 0.3 / n_groups):
            got = len(np.unique(G[np.asarray(group_split(G, near, seed)[1])]))
            assert got != n_groups - n_test, (
                f"{got} of {n_groups} groups are in the test set, and the {n_test} that belong there are in the training "
                "set: the two sides are swapped. Return train_idx first, then test_idx"
            )
            assert got == n_test, (
                f"{got} of {n_groups} groups are in the test set at test_share={near:.3f}, and that is too "
                f"{'many' if got > n_test else 'few'}: the share is one of the groups, not of the rows, and is rounded"
            )
    got = len(np.unique(G[np.asarray(group_split(G, 0.2 / n_groups, seeds[0])[1])]))
    assert got == 1, f"for a very small test_share exactly one group belongs in the test set, and not {got}"
with q.check("seed", hint="numpy.random.default_rng(seed) gives the same numbers for the same seed"):
    chosen = [np.sort(both_sides(seed, 0.5)[1]).tolist() for seed in seeds]
    again = [np.sort(both_sides(seed, 0.5)[1]).tolist() for seed in seeds]
    assert chosen == again, "the same seed gave two different splits"
    assert len({tuple(rows) for rows in chosen}) > 10, "different seeds give the same split: shuffle with the seed"
with q.check("every-group-can-be-tested", hint="shuffle the names of the groups before you take some"):
    for group in (np.unique(G)[0], np.unique(G)[-1], G[0], G[-1]):
        sides = {bool(np.isin(np.flatnonzero(G == group), group_split(G, 0.5, seed)[1]).all()) for seed in seeds}
        assert len(sides) == 2, "over 20 seeds one group always stood on the same side: the groups are not shuffled"
with q.check("program-seed-left-alone", hint="use a generator: rng = numpy.random.default_rng(seed)"):
    before = np.random.get_state()
    both_sides(seeds[0])
    after = np.random.get_state()
    assert before[2] == after[2] and np.array_equal(before[1], after[1]), (
        "the random numbers of the whole program were seeded or used (numpy.random.seed): other code depends on them"
    )
### END HIDDEN TESTS
q.score()

# %% [markdown]
# The lesson's own splitter, `evaluate.split_by_group`, also sees to it that every class stands on both sides. The
# next cell wraps it: `split("recording", seed)` keeps recordings whole, `split("window", seed)` keeps nothing whole.

# %% tags=["explore"]
def split(unit, seed, rows=None):
    """Training and test rows (a fifth), whole units on one side; of `rows`, or of all rows."""
    rows = np.arange(len(y)) if rows is None else rows
    if units[unit] is None:
        train, test = evaluate.split_by_item(len(rows), 0.2, seed)
    else:
        train, test = evaluate.split_by_group(units[unit][rows], 0.2, seed, labels=y[rows])
    return rows[train], rows[test]


def scaled(train, *others):
    """Features of the training rows and of others, standardised by the training rows."""
    scaler = standardize.fit(X[train])
    return [scaler.apply(X[rows]) for rows in (train, *others)]


# %% tags=["explore"]
for unit in units:
    train, test = split(unit, seed=0)
    shared = {name: len(np.intersect1d(u[train], u[test])) for name, u in units.items() if u is not None}
    print(f"split by {unit}: {len(train):,} / {len(test):,} rows; on both sides:", shared or "not known")

# %% [markdown]
# Read a line from the left: a split by window leaves nearly every note on both sides; a split by note leaves the
# recordings; a split by recording leaves the instruments. Each split asks an easier or a harder question. What
# follows measures how much easier.
#
# ## 5. Baselines first
#
# Three models that cost nothing. *Most frequent* knows no features at all. *Logistic regression* draws one flat
# boundary between classes. The *nearest neighbour* only remembers: it is the one that gains most when the test set
# contains what training contained, so it is also a detector.

# %% nbgrader={"grade": false, "grade_id": "baselines", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: baselines
def baselines(X_train, y_train, X_test, y_test):
    """Accuracy on the test set of three simple models: what a network has to beat.

    Parameters
    ----------
    X_train, X_test : (n_train, n_features) and (n_test, n_features) float32 arrays, not standardised
    y_train, y_test : (n_train,) and (n_test,) arrays of labels (whole numbers or words)

    Returns
    -------
    dict of accuracies on the test set, each from 0 to 1
        "most_frequent" : always answer with the most frequent label of the training set
        "logistic" : logistic regression (LogisticRegression, enough max_iter to converge)
        "nearest" : the label of the one nearest training row (Euclidean distance)
        The last two work on features standardised with the training rows' mean and deviation.
    """
    ### BEGIN SOLUTION
    labels, counts = np.unique(y_train, return_counts=True)
    scaler = StandardScaler().fit(X_train)
    Z_train, Z_test = scaler.transform(X_train), scaler.transform(X_test)
    logistic = LogisticRegression(max_iter=1000).fit(Z_train, y_train)
    nearest = KNeighborsClassifier(n_neighbors=1).fit(Z_train, y_train)
    return {
        "most_frequent": np.mean(np.asarray(y_test) == labels[counts.argmax()]),
        "logistic": logistic.score(Z_test, y_test),
        "nearest": nearest.score(Z_test, y_test),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "baselines-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("baselines")
KEYS = ("most_frequent", "logistic", "nearest")
A = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [6, 6], [7, 6], [6, 7]], dtype=np.float32)
a = np.array(["reed", "reed", "reed", "reed", "brass", "brass", "brass"])
B = np.array([[0.5, 0.4], [6.5, 6.4], [6.2, 6.1], [6.4, 7.0]], dtype=np.float32)
b = np.array(["reed", "brass", "brass", "brass"])


def shares(answer):
    """The three accuracies, each a number from 0 to 1."""
    checks.keys(answer, KEYS)
    for key in KEYS:
        got = checks.array(answer[key], key, shape=(), low=0, high=100)
        assert got <= 1, f"{key} is {got:.4g}, so it is in per cent: an accuracy is a share from 0 to 1"
    return {key: float(answer[key]) for key in KEYS}


with q.check("three-shares", hint="an accuracy is a share: right answers divided by test items"):
    checks.array(list(shares(baselines(A, a, B, b)).values()), "the three accuracies together", shape=(3,), vary=True)
with q.check("most-frequent", hint="find the label in y_train, then count how often it stands in y_test"):
    share = shares(baselines(A, a, B, b))["most_frequent"]
    checks.close(share, 0.25, "most_frequent: the share, in the test set, of the training majority,")
### BEGIN HIDDEN TESTS
words = np.array(["viola", "tuba", "harp"])


def drawn():
    """Both sets, and what the definition gives: 1-NN and linear labels, and mean and deviation of the training set.

    What tells the classes apart has the smallest numbers. The test set has other shares of the classes, and its last
    column hardly varies. One label in five is wrong in the training set: one neighbour believes it, five do not.
    """
    n, m, d = int(q.rng.integers(230, 280)), int(q.rng.integers(330, 360)), 6
    scale = np.concatenate([q.rng.permutation([0.003, 0.01, 0.03]), q.rng.permutation([1, 3, 10]), [1e4]])
    centres = np.array([[2.2, 0, 0, 0.5, 0, 0, 0], [0, 2.2, 0, -0.5, 0.5, 0, 0], [0, 0, 2.2, 0, -0.5, 0, 0]])
    y_A, y_B = q.rng.choice(3, n, p=[0.55, 0.25, 0.2]), q.rng.choice(3, m, p=[0.1, 0.2, 0.7])
    A = (scale * (centres[y_A] + q.rng.normal(size=(n, d + 1)))).astype(np.float32)
    B = (scale * (centres[y_B] + q.rng.normal(size=(m, d + 1)) * [*d * [0.8], 0.02])).astype(np.float32)
    y_A = np.where(q.rng.random(n) < 0.2, (y_A + q.rng.integers(1, 3, n)) % 3, y_A)
    mean, sd = A.astype(np.float64).mean(axis=0), A.astype(np.float64).std(axis=0)
    Z_A, Z_B = (A - mean) / sd, (B - mean) / sd
    linear = LogisticRegression(max_iter=1000).fit(Z_A, y_A).predict(Z_B)
    return A, y_A, B, y_B, nearest_label(Z_A, y_A, Z_B), linear, mean, sd


def nearest_label(Z_A, y_A, Z_B):
    """Label of the nearest row of Z_A for each row of Z_B."""
    return y_A[((Z_B[:, None] - Z_A[None]) ** 2).sum(axis=2).argmin(axis=1)]


draws, found = [drawn() for _ in range(3)], []


def answered():
    """The draws, each with what the answer says of it: asked once, for an answer in plain Python takes its time."""
    while len(found) < len(draws):
        A, y_A, B, y_B, *_ = draws[len(found)]
        found.append(shares(baselines(A.copy(), words[y_A], B.copy(), words[y_B])))
    return zip(draws, found, strict=True)


with q.check("majority-of-the-training-set", hint="the test labels are not known when the model is made"):
    for (_A, y_A, _B, y_B, *_), got in answered():
        majority = np.bincount(y_A).argmax()
        other = np.mean(y_B == np.bincount(y_B).argmax())
        assert abs(got["most_frequent"] - other) > 1e-6, (
            "most_frequent uses the majority of the *test* set: find the label in y_train"
        )
        train = np.mean(y_A == majority)
        assert abs(got["most_frequent"] - train) > 1e-6, (
            "most_frequent is the accuracy on the *training* set: count in y_test"
        )
        checks.close(got["most_frequent"], np.mean(y_B == majority), "most_frequent")
with q.check("nearest-finds-the-copies", hint="one neighbour, in the training set; score on the test set"):
    for (A, y_A, *_), got in answered():
        largest = y_A == np.bincount(y_A).argmax()
        some = np.concatenate([np.flatnonzero(largest), np.flatnonzero(~largest)[:5]])  # nearly all of one class
        copies = shares(baselines(A.copy(), words[y_A], A[some], words[y_A[some]]))["nearest"]
        assert copies > 0.999, (
            "each test row is a copy of a training row here, so the one nearest neighbour knows them all"
        )
        assert got["nearest"] < 0.97, (
            "nearest is almost perfect on overlapping classes: was it fitted or scored on the wrong set?"
        )
with q.check("logistic", weight=2, hint="standardise, LogisticRegression(max_iter=1000), fit on train, score on test"):
    for (_A, _y_A, _B, y_B, _near, linear, *_), got in answered():
        want = np.mean(linear == y_B)
        checks.close(got["logistic"], want, "logistic (one column has scale 10,000: is it standardised?)", 0, 0.02)
with q.check("nearest", weight=2, hint="standardise, one neighbour, fit on train, score on test"):
    for (_A, _y_A, _B, y_B, near, *_), got in answered():
        want = np.mean(near == y_B)
        checks.close(got["nearest"], want, "nearest (one column has scale 10,000: is it standardised?)", 0, 0.02)
with q.check("training-statistics", hint="one scaler, fitted on X_train, applied to both"):
    for A, y_A, B, y_B, near, linear, mean, sd in draws:
        one = y_B == 2
        got = shares(baselines(A.copy(), words[y_A], B[one], words[y_B[one]]))
        message = "(a test set of one class only: its own mean and deviation must not be used)"
        checks.close(got["nearest"], np.mean(near[one] == 2), f"nearest {message}", 0, 0.02)
        checks.close(got["logistic"], np.mean(linear[one] == 2), f"logistic {message}", 0, 0.02)
        wide = B.copy()
        wide[:, -1] *= 1500  # with its own deviation, the test set would make this column small in the training set, too
        want = np.mean(nearest_label((A - mean) / sd, y_A, (wide - mean) / sd) == y_B)
        got = shares(baselines(A.copy(), words[y_A], wide, words[y_B]))["nearest"]
        message = "(one column varies more in the test set than in the training set: whose deviation divides it?)"
        checks.close(got, want, f"nearest {message}", 0, 0.02)
### END HIDDEN TESTS
q.score()

# %% [markdown] tags=["prediction"]
# **Your prediction:** for a split by window, and for a split with whole groups, the nearest neighbour is right for
# ... % and ... % of the test rows:
#

# %% tags=["explore"]
baseline_reports = {}
for unit in units:
    train, test = split(unit, seed=0)
    _, near = leaks.nearest(X[train], X[test])
    often = evaluate.dummy_predictions(y[train], len(test), n_classes, seed=0)["most frequent"]
    for name, predicted in (("most frequent", often), ("nearest neighbour", y[train[near]])):
        known = None if ds.groups is None else ds.groups[test]
        rep = evaluate.report(y[test], predicted, ds.title, ds.classes, known, group_name=GROUP)
        baseline_reports[unit, name] = rep
        print(f"split by {unit:10s} {name:17s} accuracy {rep.accuracy:.3f}, macro recall {rep.macro_recall:.3f}")

# %% [markdown]
# Go back to your prediction. One and the same rule, on the same rows, with the same features: only the question
# changed. Near 100 % from a rule that cannot generalise means that the test set was in the training set, in all but
# name. (*Macro recall* is the mean of the classes' own shares of right answers: it does not forgive a rare class.)
#
# Your own function, on every twentieth row of the split with whole groups:

# %% tags=["explore"]
train, test = split(HONEST, seed=0)
checks.demo(lambda: baselines(X[train[::20]], y[train[::20]], X[test[::20]], y[test[::20]]))

# %% [markdown]
# ## 6. How near is the nearest?
#
# The detector can be read without any labels: how far is each test row from the nearest training row? Exact and near
# copies stand at the left end of the histogram. This is how others found exact duplicates in OpenMIC (issue 24 of its
# repository), and 32 repeated sounds among the 3,002 rows of a published extract of NSynth.

# %% nbgrader={"grade": false, "grade_id": "nearest_distance", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: nearest_distance
def nearest_distance(X_train, X_test):
    """How far each test row lies from the nearest training row.

    Parameters
    ----------
    X_train : (n_train, n_features) float32 array, no column constant
    X_test : (n_test, n_features) float32 array

    Returns
    -------
    (n_test,) array
        Euclidean distance (the square root of the sum of the squared differences), after both arrays were
        standardised with the mean and deviation of X_train. A copy of a training row has distance 0.
    """
    ### BEGIN SOLUTION
    scaler = StandardScaler().fit(X_train)
    neighbours = NearestNeighbors(n_neighbors=1, algorithm="kd_tree").fit(scaler.transform(X_train))
    distance, _ = neighbours.kneighbors(scaler.transform(X_test))
    return distance[:, 0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "nearest_distance-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("nearest_distance")
A = np.array(100 * [[-1, -1], [1, 1], [-1, 1], [1, -1]], dtype=np.float32)  # mean 0, deviation 1
B = np.array([[1, 1], [1, 3], [4, 5]], dtype=np.float32)
with q.check("one-distance-a-row", hint="n_test numbers, none below 0, no NaN: a distance, not a row number"):
    checks.array(nearest_distance(A, B), "the distances", shape=(3,), low=0, vary=True)
with q.check("copy-has-distance-0", hint="the first test row is also a training row"):
    first = checks.array(nearest_distance(A, B), "the distances", shape=(3,), vary=True)[0]
    assert abs(first) < 1e-3, "a test row that is copied from the training set should have distance 0"
with q.check("by-hand", hint="these columns are standardised already: draw the points on paper"):
    checks.close(nearest_distance(A, B), [0, 2, 5], "the distances", rtol=5e-3, atol=1e-3)
### BEGIN HIDDEN TESTS
n, m, d = int(q.rng.integers(150, 250)), int(q.rng.integers(50, 90)), int(q.rng.integers(8, 14))
scale = 10 ** q.rng.uniform(-2, 2, d)
scale[:2] = 1, 300
A = scale * q.rng.normal(size=(n, d))
B = scale * (0.5 + q.rng.normal(size=(m, d)))
B[:4] = A[q.rng.choice(n, 4, replace=False)]
B[4:9] = A[q.rng.choice(n, 5, replace=False)] + 0.05 * scale * q.rng.normal(size=(5, d))
A[:, :2] += 1e4, 1e5
B[:, :2] += 1e4, 1e5
A, B = A.astype(np.float32), B.astype(np.float32)
mean, sd = A.astype(np.float64).mean(axis=0), A.astype(np.float64).std(axis=0)
Z_A, Z_B = (A - mean) / sd, (B - mean) / sd
want = np.sqrt(((Z_B[:, None] - Z_A[None]) ** 2).sum(axis=2)).min(axis=1)
with q.check("finite", hint="a² + b² - 2ab of large float32 numbers can fall below 0, and its root is NaN"):
    checks.array(nearest_distance(A, B), "the distances (two columns have means of 10,000 and more)", shape=(m,), low=0, vary=True)
    checks.array(nearest_distance(A, A[:60]), "the distances of copies (two columns have means of 10,000 and more)", (60,), low=0)
with q.check("copies-stand-out", hint="the distance to the nearest *one* training row"):
    got = checks.array(nearest_distance(A, B), "the distances", shape=(m,))
    assert got[:4].max() < 0.01, "some rows copied from the training set do not have distance 0"
    assert got[9:].min() > 0.01, "rows that are no copies have distance 0: is each test row compared with itself?"
with q.check("scale-free", hint="standardise first: a change of unit must change no distance"):
    unit = np.float32(2.0) ** np.arange(d, dtype=np.float32)
    got = checks.array(nearest_distance(A, B), "the distances", shape=(m,), vary=True)
    same = np.allclose(nearest_distance(A * unit, B * unit), got, rtol=1e-2, atol=1e-2)
    assert same, "the distances depend on the units of the columns: they are not standardised"
with q.check("training-statistics", hint="mean and deviation of X_train for both arrays"):
    far, farther = (
        checks.array(nearest_distance(A, (B + shift * sd).astype(np.float32)), "the distances", shape=(m,))
        for shift in (20, 60)
    )
    assert min(far.min(), farther.min() - far.max()) > 20, (
        "a test set that is shifted far away does not get far: was it scaled by its own statistics?"
    )
with q.check("rows-are-independent", hint="other test rows must not matter"):
    some = np.array([12, 3, 20, 6, 15])
    got = nearest_distance(A, B[some])
    checks.close(got, want[some], "the distances of five of the test rows", rtol=5e-3, atol=5e-3)
with q.check("values", weight=2, hint="the root of the sum of squares, smallest over the training rows"):
    got = checks.array(nearest_distance(A, B), "the distances", shape=(m,))
    assert not np.allclose(got[9:], want[9:] ** 2, rtol=1e-2), "these are *squared* distances: take the root"
    checks.close(got[4:], want[4:], "the distances of rows that are no exact copies", rtol=5e-3, atol=1e-3)
### END HIDDEN TESTS
q.score()

# %% tags=["explore"]
distances = {}
for unit in dict.fromkeys(["window", HONEST]):
    train, test = split(unit, seed=0)
    distances[f"split by {unit}"] = evaluate.nearest_distance(X[train], X[test[::2]])
plots.show(plots.histogram(distances, "Distance to the nearest training row (standard deviations)"))

# %% [markdown]
# The same features, twice. The further left a hump lies, the nearer are the relatives that the test rows have in
# training. Who are they? For 500 test windows of the split by window, look up what their nearest training window was
# cut from.

# %% tags=["explore"]
train, test = split("window", seed=0)
some = test[:500]
far, near = leaks.nearest(X[train], X[some])
neighbours = train[near]
for name, unit in units.items():
    if unit is not None:
        print(f"nearest training window is from the same {name}: {np.mean(unit[some] == unit[neighbours]):.0%}")

# %% [markdown]
# And here is one such pair, to see and to hear: the nearest of those that come from one note.

# %% tags=["explore"]
if "start" in ds.table:
    note, start = ds.table["note"], ds.table["start"]
    place = np.where(note[some] == note[neighbours], far, np.inf).argmin()
    clips, sounds = data.load(DATA).audio, {}
    for name, row in (("test window", some[place]), ("its nearest training window", neighbours[place])):
        clip = clips[int(note[row])][int(start[row] * clips.sr) :][: clips.sr // 2]
        sounds[f"{name}: note {note[row]}, {start[row]:.2f} s to {start[row] + 0.5:.2f} s"] = (clip, clips.sr)
    figure, axes = plots.panels(2, size=(7.5, 2.5), sharex=True)
    for ax, (name, (clip, sr)) in zip(axes, sounds.items(), strict=True):
        plots.waveform(clip, sr, ax=ax, title=name)
    axes[0].set_xlabel("")
    plots.show(figure)

# %% tags=["explore"]
if "start" in ds.table:
    display(player.table(sounds))

# %% [markdown]
# Compare the seconds in the two titles. Where the times overlap, half of the "new" sound was in the training set; and
# where they do not, it is the same tone, a moment later. No model has to understand anything to get such a row right.
#
# ## 7. The network
#
# A dense layer computes `activation(x W + b)`. The report's network has one hidden layer of 256 sigmoid units and one
# output a class. The output needs care, so here is a toy: three outputs before the activation, seen through *sigmoid*
# and through *softmax*.

# %% tags=["explore"]
a = np.array([2.0, 1.0, -1.0])
sigmoid, softmax = 1 / (1 + np.exp(-a)), np.exp(a) / np.exp(a).sum()
print("sigmoid", sigmoid.round(2), "sum", sigmoid.sum().round(2), " three separate yes/no questions")
print("softmax", softmax.round(2), "sum", softmax.sum().round(2), " one choice out of three")

# %% [markdown]
# One out of ten is one choice: softmax, and the cross-entropy `-ln p` of the right class. Seven of 27 public answers
# have a sigmoid there; their accuracy hardly suffers, so only the sum of a row gives it away.

# %% nbgrader={"grade": false, "grade_id": "build_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: build_model
def build_model(n_features, n_classes, learning_rate):
    """The report's network, for any number of features and classes, ready to be fitted.

    Parameters
    ----------
    n_features, n_classes : int
    learning_rate : float

    Returns
    -------
    keras.Model
        (n, n_features) -> 256 hidden units with sigmoid -> n_classes outputs with softmax; compiled with the
        optimiser Adam at the given rate, a cross-entropy loss for one class out of many (on whole-number or on
        one-hot labels, as you like), and the metric accuracy. Made of Keras's own layers, Sequential or functional: no
        Lambda, no subclass of keras.Model.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.layers.Input(shape=(n_features,)),
            keras.layers.Dense(256, activation="sigmoid", name="hidden"),
            keras.layers.Dense(n_classes, activation="softmax", name="output"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "build_model-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("build_model")


def built(*args, **kwargs):
    """The answer's network, after a look at what it is made of."""
    model = build_model(*args, **kwargs)
    assert model is not None, "the model is None: is the `return` missing?"
    checks.own_layers(model)
    return model


Z = q.rng.normal(size=(40, 120)).astype(np.float32)
with q.check("parameters", hint="a Dense layer has inputs x units weights and one bias a unit: model.summary() counts"):
    model = built(120, 10, 0.001)
    assert hasattr(model, "count_params"), f"a Keras model should come back, but this is a {type(model).__name__}"
    model(Z)
    assert model.count_params() == 33546, (
        f"at 120 features and 10 classes the report's network has 33,546 parameters; yours has {model.count_params():,}"
    )
with q.check("rows-sum-to-1", hint="which activation makes probabilities of numbers, one class out of many?"):
    p = checks.array(np.asarray(built(120, 10, 0.001)(Z), dtype=np.float32), "the output", shape=(40, 10), low=0, high=1)
    assert abs(p.sum(axis=1) - 1).max() < 1e-3, (
        f"each row of the output should sum to 1; yours sum to {p.sum(axis=1).min():.3g} to {p.sum(axis=1).max():.3g}"
    )
### BEGIN HIDDEN TESTS


def compiled(model):
    """The model, if it was compiled, with a loss, and with metrics where they belong."""
    assert getattr(model, "compiled", False), "the model was not compiled: call model.compile(...) before it is returned"
    assert getattr(model, "loss", None) is not None, "the model was not compiled with a loss: model.compile(loss=...)"
    weights = model.get_compile_config().get("loss_weights")
    weights = weights if isinstance(weights, (list, tuple)) else [weights]
    assert all(w is None or isinstance(w, (int, float)) for w in weights), (
        "your metrics became the weights of the loss, which are the third argument of compile: write metrics=[...]"
    )
    return model


n, c = int(q.rng.integers(15, 90)), int(q.rng.integers(12, 25))
rate = float(10 ** q.rng.uniform(-4, -1.5))
Z = q.rng.normal(size=(300, n)).astype(np.float32)
labels = q.rng.integers(0, c, 300)
hot = np.eye(c, dtype=np.float32)[labels]
with q.check("any-size", hint="use n_features and n_classes, no numbers typed in"):
    for n_in, n_out in ((n, c), (n + 7, c + 3)):
        model = built(n_in, n_out, rate)
        p = np.asarray(model(np.zeros((2, n_in), dtype=np.float32)))
        assert p.shape == (2, n_out), "the output should have one column for each of n_classes: a size typed in?"
        got, want = model.count_params(), 256 * (n_in + 1 + n_out) + n_out
        amount = "many" if got > want else "few"
        assert got == want, f"with {n_in} features and {n_out} classes there are too {amount} parameters"
with q.check("layers", weight=2, hint="256 sigmoid units, then one softmax layer, each with biases, and nothing else"):
    model = built(n, c, rate)
    p = checks.array(np.asarray(model(Z), dtype=np.float32), "the output", shape=(300, c))
    assert abs(p.sum(axis=1) - 1).max() < 1e-3, "the rows of the output do not sum to 1: softmax makes them"
    drawn = [q.rng.normal(size=shape) for shape in ((n, 256), (256,), (256, c), (c,))]
    drawn = [0.3 * weights.astype(np.float32) for weights in drawn]
    assert [w.shape for w in model.get_weights()] == [w.shape for w in drawn], (
        "the weights should be those of a layer of 256 units and of one with n_classes units, each with its biases"
    )
    model.set_weights(drawn)
    hidden = 1 / (1 + np.exp(-(Z @ drawn[0] + drawn[1])))
    logits = hidden @ drawn[2] + drawn[3]
    want = np.exp(logits - logits.max(axis=1, keepdims=True))
    want /= want.sum(axis=1, keepdims=True)
    got = np.asarray(model(Z))
    half = got.dtype == np.float16  # the learner chose mixed precision: numbers of three digits
    assert np.allclose(got, want, rtol=0.03 if half else 1e-3, atol=1e-4 if half else 1e-5), (
        "with the same weights the report's network gives another output: look at both activations, and for "
        "extra layers"
    )
with q.check("optimiser", hint="keras.optimizers.Adam(learning_rate=learning_rate), no number typed in"):
    for wanted in (rate, rate / 7):
        optimiser = getattr(built(n, c, wanted), "optimizer", None)
        assert optimiser is not None, "the model was not compiled: call model.compile(...) before it is returned"
        optimiser = getattr(optimiser, "inner_optimizer", optimiser)  # with mixed precision, Keras wraps it
        assert type(optimiser).__name__ == "Adam", f"the optimiser should be Adam, but is {type(optimiser).__name__}"
        got = float(np.asarray(optimiser.learning_rate))
        assert abs(got / wanted - 1) < 1e-4, f"the optimiser's learning rate is {got:.3g}, and not the argument"
with q.check("loss", weight=2, hint="cross-entropy of one class out of many: the mean of -ln p of the right class"):
    model = compiled(built(n, c, rate))
    p = checks.array(np.asarray(model(Z), dtype=np.float32), "the output", shape=(300, c))
    name = getattr(model.loss, "name", getattr(model.loss, "__name__", str(model.loss)))
    target = labels if "sparse" in name.lower() else hot
    got = float(model.compute_loss(x=Z, y=keras.ops.convert_to_tensor(target), y_pred=keras.ops.convert_to_tensor(p)))
    want = -np.log(np.maximum(p[np.arange(300), labels], 1e-7)).mean()
    assert abs(got - want) < 1e-3 * want, (
        f"the compiled loss ({name}) is not the mean of -ln p: a second softmax (from_logits), a loss for yes/no "
        "questions (binary), or squared error"
    )
with q.check("accuracy", hint='metrics=["accuracy"], by its name: the third argument of compile is another one'):
    model = compiled(built(n, c, rate))
    p = checks.array(np.asarray(model(Z), dtype=np.float32), "the output", shape=(300, c))
    name = getattr(model.loss, "name", getattr(model.loss, "__name__", str(model.loss)))
    target = labels if "sparse" in name.lower() else hot
    results = model.compute_metrics(Z, keras.ops.convert_to_tensor(target), keras.ops.convert_to_tensor(p))
    found = [float(value) for key, value in results.items() if "acc" in key.lower()]
    assert found, f"no accuracy among the metrics {sorted(results)}: metrics=[...] of compile"
    right = np.mean(p.argmax(axis=1) == labels)
    assert abs(found[0] - right) < 1e-3, "the compiled metric is not the share of items whose largest output is right"
with q.check("fresh-network", hint="leave the initial weights to Keras; a fresh network knows nothing"):
    model = built(n, c, rate)
    p = checks.array(np.asarray(model(Z), dtype=np.float32), "the output", shape=(300, c))
    assert abs(p.sum(axis=1) - 1).max() < 1e-3, "the rows of the output do not sum to 1: softmax makes them"
    loss = -np.log(np.maximum(p[np.arange(300), labels], 1e-7)).mean()
    assert -0.1 < loss - np.log(c) < 0.8, (
        "before its first update a network should be about as good as guessing: a mean -ln p near ln(n_classes)"
    )
    # Keras numbers what it makes, in each process by itself: only a model that was kept has its numbers again after another
    # one was made. Equal weights say nothing, for a start that a seed decides is a fresh one, too.
    first, other, second = ([layer.name for layer in built(k, c, rate).layers] for k in (n, n + 1, n))
    assert first != second or first == other, (
        "two calls gave the same model, so training one trains the other: build a new model in each call"
    )
### END HIDDEN TESTS
q.score()

# %% [markdown]
# The test had a look at the network *before* its first update. A fresh network guesses: its mean `-ln p` lies near
# `ln C`, and a value far from it says that something is not fresh, or not a probability. (The loss that Keras prints
# for epoch 1 is an average *over* that epoch, and says nothing of the start.)
#
# **Old code, new Keras.** The report's lines are from 2020. What do they say today? The messages are worth knowing:
# 19 of 27 people wrote the first one.

# %% tags=["explore"]
def attempt(line, call):
    """Run one line and show the first line of its error, if it has one."""
    try:
        call()
        print(f"{line}\n    works")
    except (ValueError, TypeError, ImportError, AttributeError) as error:
        print(f"{line}\n    {type(error).__name__}: {str(error).strip().splitlines()[0][:150]}")


def old_compile():
    model = networks.dense(2, 3)
    model.compile("adam", "categorical_crossentropy", ["accuracy"])
    model.train_on_batch(np.zeros((4, 2)), np.eye(3)[[0, 1, 2, 0]])


attempt("optimizers.Adam(lr=0.001)", lambda: keras.optimizers.Adam(lr=0.001))
attempt("from keras.utils import np_utils", lambda: __import__("keras.utils", fromlist=["np_utils"]).np_utils)
attempt("model.compile('adam', 'categorical_crossentropy', ['accuracy'])", old_compile)

# %% [markdown]
# Read the errors from the end: each names the argument, or the thing that is not there. `lr` is now `learning_rate`;
# `np_utils.to_categorical` is `keras.utils.to_categorical`. The third one is the meanest: `compile` takes the third
# *position* as `loss_weights`, does not complain, and fails later, about a "dtype". Say `metrics=["accuracy"]`.
#
# ## 8. As written
#
# Now the report's training: rows split at random, 10 epochs, batches of 128, the test set passed as validation data.
# `networks.dense` is the same network as in the question.

# %% tags=["explore"]
one_hot, built = keras.utils.to_categorical(y, n_classes), {}


def fresh_network(seed, **options):
    """The report's network (or another, by options), untrained; TensorFlow compiles each kind only once."""
    kind = tuple(options.items())
    if kind not in built:
        built[kind] = networks.dense(X.shape[1], n_classes, **options)
    return networks.restart(built[kind], seed)


def trained(train, held_out, epochs=10, batch_size=128, watch=False, seed=0, **options):
    """Train such a network; its probabilities for the held-out rows, and its history."""
    Z_train, Z_held = scaled(train, held_out)
    model, epochs = fresh_network(seed, **options), min(epochs, 4) if TINY else epochs
    watched = (Z_held, one_hot[held_out]) if watch else None
    fitted = model.fit(Z_train, one_hot[train], batch_size, epochs, verbose=0, validation_data=watched)
    return np.asarray(model(Z_held)), fitted.history


train, test = split("window", seed=0)
proba, history = trained(train, test, watch=True)
leaky = evaluate.report(y[test], proba, ds.title, ds.classes)
print(f"as written, {leaky.data}: accuracy {leaky.accuracy:.4f}   (the report, on its own data: .9915)")

# %% tags=["explore"]
figure, axes = plots.panels(1, 2, size=(9.5, 3.4))
plots.learning_curves(history, "accuracy", ax=axes[0])
plots.learning_curves(history, "loss", ax=axes[1])
axes[0].get_legend().remove()  # one is enough
plots.show(figure)

# %% [markdown]
# Two textbook curves: validation follows training, the loss falls on a logarithmic axis. Nothing in them warns you. A
# curve compares training with what was *held out*, and here the held-out rows are neighbours of the training rows.
#
# ## 9. Ordered data
#
# Before the split by recording, one more way to fool oneself. `fit(..., validation_split=0.2)` takes the *last* fifth
# of the rows, before any shuffling. Our rows, like the report's, are ordered by class.

# %% tags=["explore"]
print("classes in the last fifth of the rows:", [ds.classes[c] for c in np.unique(y[-len(y) // 5 :])])

# %% [markdown] tags=["prediction"]
# **Your prediction:** with ordered rows, the validation accuracy of the same network is about ...; with the same
# rows shuffled first, about ...:
#

# %% tags=["explore"]
curves = {}
order = np.argsort(y, kind="stable")[::2]
for name, rows in (("ordered", order), ("shuffled", np.random.default_rng(0).permutation(order))):
    fitted = fresh_network(seed=0).fit(
        scaled(rows)[0], one_hot[rows], validation_split=0.2, epochs=6, batch_size=128, verbose=0
    )
    for key, part in (("accuracy", "training"), ("val_accuracy", "validation")):
        curves[f"{name}, {part}"] = (np.arange(1, 7), fitted.history[key])
plots.show(plots.lines(curves, "Epoch", "Accuracy"))

# %% [markdown]
# Same network, same rows, another order. The ordered run is asked about classes that it was never shown. A report on
# another data set (lesson 04) found 19 to 23 % on validation and 71 % on test in just this way.
# (The shuffled curve is not honest either: it is a split by window.)
#
# ## 10. One network, four questions
#
# Now the main experiment: the network as written, trained on each of the splits. What does "accuracy" mean in each?
#
# | split by | what a right answer shows |
# |---|---|
# | window | it has heard another part of this very note |
# | note | it has heard other notes of this recording: same player, room, microphone, minute |
# | recording | it has heard this instrument in another recording |
# | instrument | it has heard other instruments of this family |

# %% [markdown] tags=["prediction"]
# **Your prediction:** the accuracies of the network as written, from the first split to the last, will be about ...:
#

# %% tags=["explore"]
def report_on(test, proba, unit):
    """Scores of the test rows, with an interval over what the split kept whole (windows: over the groups, if known)."""
    name = GROUP if unit in ("window", "note") else unit
    whole = None if units.get(name) is None else units[name][test]
    return evaluate.report(y[test], proba, ds.title, ds.classes, whole, group_name=name)


split_scores, network_reports = [], {"window": report_on(test, proba, "window")}
for unit in units:
    if unit != "window":  # trained above
        train, test = split(unit, seed=0)
        network_reports[unit] = report_on(test, trained(train, test)[0], unit)
    rep = network_reports[unit]
    split_scores.append(evaluate.Score.of(rep, "network as written", f"by {unit}"))
    neighbour = baseline_reports[unit, "nearest neighbour"]
    split_scores.append(evaluate.Score.of(neighbour, "nearest neighbour", f"by {unit}"))
plots.show(plots.score_intervals(split_scores))

# %% [markdown]
# Look at the steps from top to bottom, and at the distance between the two models. Where the nearest neighbour keeps
# up with the network, remembering is enough, and the score says little about understanding. The intervals are drawn
# over whole groups: they grow as the units get fewer and larger, although the number of rows stays about the same.
#
# **One player is one instrument.** In the Iowa collection (and in Philharmonia's) each instrument has *one* player in
# one room. There the last row cannot even be measured: "clarinet" and "this clarinet" are the same thing. Where
# people did measure it, across collections, scores above 90 % fell to 35 to 39 % (Martin; Eronen; both quoted by
# Peeters, DAFx 2003, for individual instruments).

# %% tags=["explore"]
if "instrument" in units:
    per_class = [len(np.unique(units["instrument"][y == c])) for c in range(n_classes)]
    print("instruments in each class:", dict(zip(ds.classes, per_class, strict=True)))
else:
    print(f"{ds.title}: one instrument and one player a class, so no score here says anything about another one.")

# %% [markdown]
# ## 11. The honest protocol
#
# Choices (epochs, layers, rates) need a score to choose by. If that score comes from the test set, the test set has
# taken part in the training. So three parts, each made of whole groups: **training**, **validation** for the choices,
# and a **test** set that stays closed until all choices are made. (The splits so far compared *questions*; nothing
# was chosen by them. This one is drawn anew. In work of your own, put the test set aside before the first
# experiment.)

# %% tags=["explore"]
development, test = split(HONEST, seed=100)
train, validation = split(HONEST, seed=100, rows=development)
print(f"{len(train):,} training, {len(validation):,} validation, {len(test):,} test rows, split by {HONEST}")

# %% [markdown]
# Which epoch should be kept? The report takes the last one, and its sweep shows why that matters: its validation loss
# climbs from .0218 to .0483 over its last three runs, while the accuracy stays where it is. The loss sees what
# accuracy does not: *how sure* the network was when it was wrong.

# %% nbgrader={"grade": false, "grade_id": "epoch_to_keep", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: epoch_to_keep
def epoch_to_keep(history):
    """Number of the epoch whose weights should be kept.

    Parameters
    ----------
    history : dict
        `fit(...).history`: a list with one number an epoch under each of the keys "loss", "val_loss", and the
        accuracies (named "accuracy" and "val_accuracy", or "acc" and "val_acc"). A loss can be NaN, where the
        training went wrong for an epoch.

    Returns
    -------
    int
        The epoch, counted from 1, with the lowest validation loss; at a tie the earliest. NaN is never the lowest.
    """
    ### BEGIN SOLUTION
    return int(np.nanargmin(history["val_loss"])) + 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "epoch_to_keep-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("epoch_to_keep")
typed = {
    "loss": [1.20, 0.70, 0.50, 0.30, 0.20, 0.15],
    "accuracy": [0.60, 0.75, 0.83, 0.90, 0.94, 0.96],
    "val_loss": [1.10, 0.80, 0.65, 0.70, 0.78, 0.90],
    "val_accuracy": [0.62, 0.71, 0.78, 0.79, 0.81, 0.80],
}
with q.check("a-number-of-an-epoch", hint="one whole number, the place in the list and not what stands there"):
    epoch = checks.array(epoch_to_keep(typed), "the epoch", shape=(), low=1, high=6)
    assert float(epoch) == int(epoch), "the epoch should be a whole number: was the loss itself returned?"
    backwards = epoch_to_keep({key: values[::-1] for key, values in typed.items()})
    checks.array([epoch, backwards], "the epoch of a history, and of the same history backwards,", vary=True)
with q.check("lowest-validation-loss", hint="look at val_loss alone, and count the first epoch as 1"):
    checks.close(epoch_to_keep(typed), 3, "the epoch (of the typed history)")
### BEGIN HIDDEN TESTS
histories = []
for n_epochs in (3, 40, *q.rng.integers(8, 40, 6).tolist()):
    series = {"loss": np.sort(q.rng.uniform(0.01, 2, n_epochs))[::-1]}
    series["val_loss"] = q.rng.permutation(n_epochs) / 20 + 0.2
    ending = "acc" if n_epochs % 2 else "accuracy"
    series |= {ending: q.rng.uniform(0.3, 1, n_epochs), f"val_{ending}": q.rng.permutation(n_epochs) / 50}
    histories.append({key: [float(v) for v in values] for key, values in series.items()})


def epochs(change):
    """The epoch of each history as it is, and after a change; refused where it is one number for all of them."""
    as_it_is = checks.array([epoch_to_keep(h) for h in histories], "the epoch, in histories that differ,", vary=True)
    return as_it_is, checks.array([epoch_to_keep(change(h)) for h in histories], "the epoch")


def judge(histories, message):
    """Assert that the answer is right for each history; says so if it looked at the first epochs of each only."""
    got = [int(checks.array(epoch_to_keep(history), "the epoch", shape=())) for history in histories]
    losses = [np.asarray(history["val_loss"], dtype=float) for history in histories]
    wrong = [(g, loss) for g, loss in zip(got, losses, strict=True) if g != int(np.nanargmin(loss)) + 1]
    lowest_so_far = [0 < g <= len(loss) and np.nanargmin([*loss[:g], np.inf]) == g - 1 for g, loss in wrong]
    assert len(wrong) < 2 or not all(lowest_so_far), (
        "the epoch is the lowest of the first ones only, and a lower one comes later: did you stop at the first rise, or "
        "after some epochs without progress (patience)? Look at all epochs"
    )
    assert not wrong, message


with q.check("counts-from-1", hint="the first entry of the list is epoch 1"):
    _, first = epochs(lambda history: {**history, "val_loss": sorted(history["val_loss"])})
    assert (first == 1).all(), "where the first epoch is the best, the answer is 1: epochs count from 1"
with q.check("validation-loss-alone", hint='history["val_loss"] decides, no accuracy and no training loss'):
    before, after = epochs(lambda h: {key: v if key == "val_loss" else v[::-1] for key, v in h.items()})
    assert (before == after).all(), (
        "the answer depends on something other than the validation loss (an accuracy, or the training loss)"
    )
with q.check("not-the-last", hint="epochs that only get worse must change nothing"):
    before, after = epochs(lambda h: {key: [*values, *([9.0] * 3)] for key, values in h.items()})
    assert (before == after).all(), "three worse epochs at the end change the answer"
with q.check("unit-free", hint="return the place of the lowest loss, not the loss"):
    before, after = epochs(lambda h: {key: [2 * value for value in values] for key, values in h.items()})
    assert (before == after).all(), "with twice the losses another epoch comes out"
with q.check("earliest-at-a-tie", hint="of several epochs with the same lowest loss, the first"):
    tied_histories = []
    for n_epochs in (12, 20, 30):
        # In the second half: there are rises before the lowest.
        tied = sorted((n_epochs // 2 + q.rng.permutation(n_epochs - n_epochs // 2)[:3]).tolist())
        losses = q.rng.uniform(0.5, 1, n_epochs)
        losses[tied] = 0.25
        tied_histories.append({key: losses.tolist() for key in ("loss", "val_loss", "acc", "val_acc")})
    judge(tied_histories, "at a tie the earliest epoch should be kept")
with q.check("nan-is-not-low", hint="numpy.argmin takes NaN for the smallest number: numpy.nanargmin"):
    gaps = []
    for history in histories[1:]:
        lowest = int(np.argmin(history["val_loss"]))
        for place in {0, len(history["val_loss"]) - 1, lowest - 1} - {lowest, -1}:
            losses = [float("nan") if i == place else value for i, value in enumerate(history["val_loss"])]
            gaps.append({**history, "val_loss": losses})
    judge(gaps, "with one NaN in val_loss another epoch comes out")
with q.check("values", weight=2, hint="the place of the lowest validation loss, counted from 1"):
    judge(histories, "not the epoch of the lowest val_loss")
### END HIDDEN TESTS
q.score()

# %% [markdown]
# To see it happen, train the network as written for 20 epochs, and ask it the hardest question that these data allow.

# %% tags=["explore"]
HARD = "instrument" if "instrument" in units else HONEST
hard_train, hard_test = split(HARD, seed=0)
hard_proba, long_history = trained(hard_train, hard_test, epochs=20, watch=True)
figure, axes = plots.panels(1, 2, size=(9.5, 3.4))
plots.learning_curves(long_history, "accuracy", ax=axes[0], title=f"Split by {HARD}")
plots.learning_curves(long_history, "loss", ax=axes[1])
axes[0].get_legend().remove()
plots.show(figure)
for name, epoch in (("lowest validation loss", networks.best_epoch(long_history)), ("last", len(long_history["loss"]))):
    print(f"{name}, epoch {epoch}: validation loss {long_history['val_loss'][epoch - 1]:.2f}, "
          f"accuracy {long_history['val_accuracy'][epoch - 1]:.3f}")

# %% tags=["explore"]
print("your answer:", checks.demo(lambda: epoch_to_keep(long_history)))

# %% [markdown]
# Compare the two validation curves. If the accuracy stays, or even rises, while the loss climbs, the network does not
# get more answers wrong; it gets *surer* of those that it gets wrong. The loss wants good probabilities, the accuracy
# wants good choices, and the two can ask for different epochs: the lines under the figure show at which price. A
# reliability diagram shows what the loss sees. Of the answers given with 90 to 100 % confidence, how many were right?

# %% tags=["explore"]
sure = evaluate.calibration(y[hard_test], hard_proba)
plots.show(plots.reliability(sure, title=f"As written, 20 epochs, split by {HARD}"))
print(f"accuracy {np.mean(hard_proba.argmax(axis=1) == y[hard_test]):.3f}, "
      f"mean confidence {hard_proba.max(axis=1).mean():.3f}, log loss {sure.log_loss:.2f}")

# %% [markdown]
# Bars below the dashed line mean "too sure". Two remedies are at hand: stop at the epoch of the lowest validation
# loss, or ask for less certainty in the first place, and train on. **Label smoothing** (of .1) asks for a probability
# of about .9 in the right class, and not for 1: beyond that, being surer is punished.
#
# ## 12. Repair
#
# What could be better than the network as written, and for which reason?
#
# - *More updates.* With fewer rows than the report's 66,247, ten epochs are fewer updates: train twice as long.
# - *Rectified linear units.* Small sums leave a sigmoid on its straight part: the network as written is not far from
#   logistic regression. The authors' own network has rectified units (two layers of 256).
# - *Dropout of one half.* The output may rely on no single unit, so details of single recordings weigh less. (Rate
#   and batch are larger here, because half of the units rest at each step.)
# - *Label smoothing of .1*, for the reason just seen.
#
# The number of weights stays as it was. All of them are tried on training and validation rows. The test set stays
# closed.

# %% [markdown] tags=["prediction"]
# **Your prediction:** the change that helps most is ...; the one that makes no difference is ...:
#

# %% tags=["explore"]
with_dropout = {"activation": "relu", "dropout": 0.5, "learning_rate": 0.003, "batch_size": 256, "epochs": 12}
candidates = {
    "as written": {},
    "as written, 20 epochs": {"epochs": 20},
    "rectified linear units": {"activation": "relu"},
    "rectified, dropout": with_dropout,
    "rectified, dropout, smoothing": {**with_dropout, "label_smoothing": 0.1},
}
tried, histories = [], {}
for name in tqdm(candidates, unit="network", file=sys.stdout, leave=False):
    proba, histories[name] = trained(train, validation, watch=True, **candidates[name])
    right, fit = proba.argmax(axis=1) == y[validation], evaluate.calibration(y[validation], proba)
    tried.append({"candidate": name, "accuracy": right.mean(), "confidence": proba.max(axis=1).mean(),
                  "log loss": fit.log_loss})  # fmt: skip
print(f"On validation rows of {ds.title}, split by {HONEST}:")
display(pd.DataFrame(tried).set_index("candidate").round(3))

# %% tags=["explore"]
curves = {name: (np.arange(1, len(h["loss"]) + 1), h["val_accuracy"]) for name, h in histories.items()}
del curves["as written"]  # the first ten epochs of the longer run
plots.show(plots.lines(curves, "Epoch", "Accuracy on validation rows"))

# %% [markdown]
# Each line of the table differs from another one in one or two things: find the pairs. Was your favourite among the
# changes that helped? A single validation set has its own luck, so differences of a point or two are not yet a
# finding.
#
# The repaired model is the last candidate, kept for as many epochs as its validation loss asks for. Nothing will be
# chosen after this line.

# %% tags=["explore"]
EPOCHS = networks.best_epoch(histories["rectified, dropout, smoothing"])
REPAIRED = {**candidates["rectified, dropout, smoothing"], "epochs": EPOCHS}
print("epochs of the repaired model:", EPOCHS)

# %% [markdown]
# ## 13. The test set, opened once
#
# Both models are now trained on training *and* validation rows, and asked about the test rows: once.

# %% tags=["explore"]
written = report_on(test, trained(development, test)[0], HONEST)
repaired = report_on(test, trained(development, test, **REPAIRED)[0], HONEST)
print(f"as written {written.accuracy:.3f}, repaired {repaired.accuracy:.3f}, split by {HONEST}, {ds.title}")
display(repaired)

# %% tags=["explore"]
plots.show(plots.confusion(repaired))

# %% [markdown]
# Rows are the truth, and the matrix adds up to the number of test rows: a line in `evaluate` refuses it otherwise.
# Which families are taken for each other? Would you have confused them by ear?
#
# One split is one draw of the lot. How much of the difference is the luck of *these* test recordings? The whole
# comparison again, on other random splits, with everything frozen. (Their rows also took part in choosing the recipe,
# in other roles: a small optimism remains.) The interval is for repeated splits of one data set (Nadeau and Bengio,
# 2003): splits share their rows, so it does not shrink as if each were new data.

# %% tags=["explore"]
def compare(unit, seeds):
    """Reports of both models on several splits: (as written, repaired)."""
    pairs = []
    for seed in tqdm(seeds, unit="split", file=sys.stdout, leave=False):
        train, test = split(unit, seed)
        probas = trained(train, test, seed=seed)[0], trained(train, test, seed=seed, **REPAIRED)[0]
        pairs.append([report_on(test, proba, unit) for proba in probas])
    return list(zip(*pairs, strict=True))


honest_runs = compare(HONEST, seeds=range(1, 3 if TINY else 6))
print(f"The repaired network against the one as written, split by {HONEST}.")
print(evaluate.gain_over_splits(*honest_runs, test_share=0.2))

# %% [markdown]
# The two models were scored on the same splits, so the *differences* are what the interval is about: a hard split is
# hard for both. Now the last question, a new instrument of a known family, where the data allow it.

# %% tags=["explore"]
hard_reports = ()
if HARD != HONEST:
    calmer, _ = trained(hard_train, hard_test, **REPAIRED)
    hard_reports = (network_reports[HARD], report_on(hard_test, calmer, HARD))
    for name, rep in zip(("as written", "repaired"), hard_reports, strict=True):
        low, high = rep.accuracy_interval
        print(f"{name:10s} by {HARD}: {rep.accuracy:.3f}, 95 % interval {low:.3f} to {high:.3f} over {rep.over}")
    print(f"mean confidence of the repaired network: {calmer.max(axis=1).mean():.3f}, "
          f"log loss {evaluate.calibration(y[hard_test], calmer).log_loss:.2f}")
else:
    print("These data do not name their instruments: this question stays open.")

# %% [markdown]
# How far do the two intervals overlap? And compare the last line with the confidence and the log loss of section 11.
# A repair that helps with a new recording may do little for a new instrument: two known instruments a family are two,
# and no dropout makes a third. More windows do not help either. More *instruments* would: lesson 04 has a thousand.
#
# ## 14. Leak hunt
#
# You have met several ways in which a test set can be too easy. Now one is hidden from you. Choose any number: the
# kit takes every third row of the data, splits them by group, standardises them with the training rows, and then
# spoils them with **one** of these five leaks. Beside it stands a clean split to compare with.

# %% tags=["explore"]
NUMBER = 7  # choose your own
for name, words in leaks.LEAKS.items():
    print(f"{name}: {words}")
fewer = ds.subset(np.arange(0, len(ds), 1 if TINY else 3))
if ds.groups is None:
    print("\nNo hunt on these data: without groups no split is known to be clean.")

# %% [markdown] tags=["prediction"]
# **Your prediction:** which measurement would each of the five change?
#

# %% tags=["explore"]
if ds.groups is not None:
    hunt, clean = leaks.hide(fewer, NUMBER), leaks.clean(fewer, NUMBER)
    print(hunt)
    display(pd.DataFrame({"clean split": leaks.evidence(clean), f"hunt {NUMBER}": leaks.evidence(hunt)}).round(3))

# %% [markdown]
# Start with the row that differs most, and ask what could cause *that*. Then look for a second witness: a histogram
# of distances, the counts of the classes, the names that stand on both sides. `hunt` has `X_train`, `y_train`,
# `groups_train`, and the same for the test side; every tool of this lesson works on them.

# %% tags=["explore"]
if ds.groups is not None:
    both = {"clean split": clean, f"hunt {NUMBER}": hunt}
    seen = {name: evaluate.nearest_distance(h.X_train, h.X_test) for name, h in both.items()}
    plots.show(plots.histogram(seen, "Distance to the nearest training row (standard deviations)"))

# %% [markdown]
# Write the name of the leak between the quotes and run the cell. Then choose another number.

# %% tags=["explore"]
MY_GUESS = ""
if ds.groups is not None:
    leaks.guess(hunt, MY_GUESS)

# %% [markdown]
# ## 15. As written, repaired, best published
#
# Every score with its data, its split and its interval. Rows of different data or of different splits must not be
# compared with each other: that is the point of the lesson.

# %% tags=["explore"]
rows = [
    evaluate.Score("256 sigmoid units, 10 epochs", "UIowa arrays (real)", "as shipped; groups not known", 0.9915,
                   kind="as reported", source="the report; test set used for validation"),
    evaluate.Score("256 + 256 rectified units", "UIowa arrays (real)", "as shipped; groups not known", 0.938,
                   kind="best published", source="the arrays' authors, dl4mir-tutorial, instrument_classifier.py"),
    *(evaluate.Score.of(baseline_reports[HONEST, name], name, f"by {HONEST}", kind="baseline")
      for name in ("most frequent", "nearest neighbour")),
    evaluate.Score.of(network_reports["window"], "256 sigmoid units, 10 epochs", "by window", kind="as written",
                      note="leaky: windows of one note on both sides"),
]  # fmt: skip
names = {"as written": "256 sigmoid units, 10 epochs", "repaired": "256 rectified units, dropout, smoothing"}
for reports, (kind, name) in zip(honest_runs, names.items(), strict=True):
    rows.append(evaluate.Score.over_splits(reports, 0.2, name, f"by {HONEST}", kind=kind))
for rep, (kind, name) in zip(hard_reports, names.items(), strict=False):
    note = "this split suggested the smoothing" if kind == "repaired" else ""
    rows.append(evaluate.Score.of(rep, name, f"by {HARD}", note=note, kind=kind))
evaluate.show_scores(rows, "As written, repaired, best published")

# %% tags=["explore"]
plots.show(plots.score_intervals(rows))

# %% [markdown]
# The report's .9915 and the .938 of the authors stand on the same arrays, and nobody can say how many rows of one
# note lie on both sides. On our data we can: compare *as written* by window and by whole groups.
#
# ## What you have now
#
# - A score belongs to a question. *By window*, *by note*, *by recording*, *by instrument* are four questions; the
#   split decides which one was asked, whatever the text says.
# - The nearest neighbour, the distance to it, and what stands on both sides are three detectors of leaks. None needs
#   a network.
# - Baselines come first. A network that only matches the nearest neighbour has learnt to remember.
# - Standardise by the training rows. A law (shift the test set) shows what a score hides.
# - Three parts: choose on validation, open the test set once, and give an interval over what the claim is about.
# - Accuracy can stand still, or even rise, while the loss rises: the network gets surer of its errors. A reliability
#   diagram shows it; smoothed labels or an earlier epoch mend it.
# - Old code fails in ways that can be read. Say what you pass by name.
#
# **Where to go next.** Lesson 03 takes the report's last part, four learning rates in one figure, and finds one
# network in four colours. If you want to stay: run this lesson with `DATA = "philharmonia"`, or put your own
# recordings into folders (`data.from_folder`). Which of the four questions can your data answer? For leaks in other
# fields, see Kapoor and Narayanan, "Leakage and the reproducibility crisis in machine-learning-based science",
# *Patterns*, 2023.
