# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %%
import keras
import numpy as np
import tensorflow as tf
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler

from helpers import checks

# %% tags=["parameters"]
DATA = "practice-musicnet"

# %% nbgrader={"grade": false, "grade_id": "shortcut_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: shortcut_accuracy
def shortcut_accuracy(keys, labels, groups):
    """Accuracy of guessing each label from the metadata alone, by what other groups with the same key have.

    The guess for row i is the most frequent label among the rows that have the same key as row i and do *not* belong
    to the group of row i; if several labels are equally frequent, the first of them in alphabetical order. If no such
    row is left, the guess is the most frequent label of all rows outside the group of row i (ties as before).

    Parameters
    ----------
    keys : (n_rows,) array of str
        What is known of each recording, for example its ensemble: "String Quartet".
    labels : (n_rows,) array of str
        What is to be guessed: the composer.
    groups : (n_rows,) array of int or str
        What belongs together and must not vouch for itself: `np.arange(n_rows)` leaves out one recording at a time,
        the names of the works leave out one whole work at a time. There are at least two groups.

    Returns
    -------
    float
        Share of the rows whose label is guessed right, from 0 to 1.
    """
    ### BEGIN SOLUTION
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    right = 0
    for key, label, group in zip(keys, labels, groups, strict=True):
        others = groups != group
        alike = others & (keys == key)
        names, counts = np.unique(labels[alike if alike.any() else others], return_counts=True)
        right += names[counts.argmax()] == label  # names are sorted, and argmax takes the first of equals
    return float(right / len(labels))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "shortcut_accuracy-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("shortcut_accuracy")
who = np.array(["Ravel", "Ravel", "Bach", "Bach", "Bach", "Ravel"])
band = np.array(["duo", "duo", "duo", "solo", "solo", "solo"])
with q.check("a-share", hint="right guesses divided by the number of rows: not a count, not per cent"):
    shares = [shortcut_accuracy(band, labels, np.arange(6)) for labels in (who, np.array(["Bach"] * 5 + ["Ravel"]))]
    for share in shares:
        checks.array(share, "the accuracy, a share and not per cent,", shape=(), low=0, high=1)
    checks.array(shares, "the accuracies of two tables that differ", shape=(2,), vary=True)
with q.check("leave-one-out", hint="six rows: write down, for each, the labels of the *other* rows with its key"):
    share = shortcut_accuracy(np.array(["duo"] * 4), np.array(["Bach", "Bach", "Bach", "Ravel"]), np.arange(4))
    checks.close(share, 0.75, "the accuracy (one key, three rows of Bach, one of Ravel)")
    share = shortcut_accuracy(np.array(["duo"] * 2), np.array(["Bach", "Ravel"]), np.arange(2))
    assert float(share) == 0, "two rows with one key and two labels: who guesses right here has looked at the row itself"
### BEGIN HIDDEN TESTS
composers = np.array(["Zelenka", "Arne", "Mahler", "Bizet", "Orff"])


def draw_table(n_rows, n_keys, n_works):
    """Rows in any order: a work has one composer, mostly one key; some keys and some works occur once."""
    work = np.concatenate([np.arange(n_works), q.rng.integers(0, max(2, n_works // 2), n_rows - n_works)])
    by, usual = q.rng.choice(5, n_works, p=[0.15, 0.15, 0.3, 0.25, 0.15]), q.rng.integers(0, n_keys, n_works)
    key = np.where(q.rng.random(n_rows) < 0.8, usual[work], q.rng.integers(0, n_keys, n_rows))
    key[q.rng.choice(n_rows, 3, replace=False)] = n_keys + np.arange(3)  # keys that occur once
    order = q.rng.permutation(n_rows)
    names = np.array([f"work {number:03d}" for number in q.rng.permutation(999)[:n_works]])
    return np.array([f"key {k}" for k in key])[order], composers[by[work]][order], names[work][order]


def right_share(keys, labels, groups, own=False, fallback=True, first_seen=False):
    """The rule, or the rule with one fault, to name the fault by what comes out."""
    n_right = 0
    for i in range(len(labels)):
        others = np.arange(len(labels)) != -1 if own else groups != groups[i]
        alike = others & (keys == keys[i])
        if not alike.any() and not fallback:
            continue
        names, first, counts = np.unique(labels[alike if alike.any() else others], return_index=True, return_counts=True)
        order = np.lexsort([first, -counts]) if first_seen else np.lexsort([names, -counts])
        n_right += names[order[0]] == labels[i]
    return n_right / len(labels)


tables = [draw_table(int(q.rng.integers(30, 120)), int(q.rng.integers(3, 9)), int(q.rng.integers(12, 22))) for _ in range(6)]
with q.check("no-row-vouches-for-itself", hint="rows of its own group are left out before anything is counted"):
    lone = np.array([f"key {i}" for i in range(8)])
    names = composers[q.rng.permutation([0, 0, 0, 0, 0, 1, 2, 3])]
    share = float(checks.array(shortcut_accuracy(lone, names, np.arange(8)), "the accuracy", shape=(), low=0, high=1))
    assert share < 0.9, "every key occurs once here, so a rare label that is guessed right has counted itself"
    assert share > 0.1, "where each key occurs once, the others' majority is guessed, and it is right for most rows"
with q.check("whole-groups-are-left-out", weight=2, hint="groups decide who is left out: all rows of the group of row i"):
    work = np.repeat(np.arange(6), 3)
    keys = np.array([f"key {number}" for number in work])  # a key of its own for each work
    labels = np.array(["Arne", "Bizet", "Orff"])[work % 3]
    share = float(checks.array(shortcut_accuracy(keys, labels, work), "the accuracy", shape=(), low=0, high=1))
    assert share < 0.9, "rows of the same work were asked: the argument `groups` is not used, or not for the whole group"
    alone = float(checks.array(shortcut_accuracy(keys, labels, np.arange(18)), "the accuracy", shape=(), low=0, high=1))
    assert alone > 0.9, "here rows of one work have one key and one label: where only the row itself is left out, all is known"
with q.check("one-key-for-all", hint="one key: the guess is the majority of the rows outside the group"):
    for keys, labels, groups in tables[:3]:
        same = np.full(len(keys), "quartet")
        checks.close(shortcut_accuracy(same, labels, groups), right_share(same, labels, groups), "the accuracy (one key)")
with q.check("fallback", weight=2, hint="no row with this key outside the group: take the majority of all rows outside"):
    keys, labels = np.array([f"key {i}" for i in range(9)]), np.array(["Orff"] * 6 + ["Bizet", "Arne", "Arne"])
    order = q.rng.permutation(9)
    share = shortcut_accuracy(keys[order], labels[order], np.arange(9))
    checks.close(share, 6 / 9, "the accuracy (nine keys, each once: the others' majority is the guess)")
with q.check("ties-alphabetical", hint="numpy.unique sorts the names; the first of the most frequent ones counts"):
    for names in (("Orff", "Arne"), ("Arne", "Orff")):
        pair = np.array([names[0], names[1], names[0], names[1], "Arne"])
        share = shortcut_accuracy(np.array(["a", "a", "b", "b", "a"]), pair, np.array([1, 1, 2, 2, 3]))
        keys, groups = np.array(["a", "a", "b", "b", "a"]), np.array([1, 1, 2, 2, 3])
        checks.close(share, right_share(keys, pair, groups), "the accuracy (labels that are equally frequent)")
with q.check("rows-in-any-order", hint="the order of the rows carries no information"):
    for keys, labels, groups in tables:
        order = q.rng.permutation(len(keys))
        first, second = (float(shortcut_accuracy(keys[o], labels[o], groups[o])) for o in (np.arange(len(keys)), order))
        assert 0 < first < 1, "in these tables some rows are guessed right, and some wrong"
        assert abs(first - second) < 1e-9, "the same rows in another order give another accuracy: how are ties broken?"
with q.check("values", weight=3, hint="for each row: leave out its group, keep its key, count the labels"):
    for keys, labels, works in tables:
        for groups, kind in ((works, "one work at a time left out"), (np.arange(len(keys)), "one row at a time left out")):
            got = float(checks.array(shortcut_accuracy(keys, labels, groups), "the accuracy", shape=(), low=0, high=1))
            want = right_share(keys, labels, groups)
            if abs(got - want) > 1e-6:
                itself = right_share(keys, labels, groups, own=True)
                assert abs(got - itself) > 1e-6, f"each row was counted for itself ({kind})"
                lost = right_share(keys, labels, groups, fallback=False)
                assert abs(got - lost) > 1e-6, f"rows whose key no other group has were counted as wrong ({kind})"
                seen = right_share(keys, labels, groups, first_seen=True)
                assert abs(got - seen) > 1e-6, f"ties are broken by the order of the rows, not by the alphabet ({kind})"
            checks.close(got, want, f"the accuracy ({kind})")
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "label_set_dummy", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: label_set_dummy
def label_set_dummy(Y_train, Y_test):
    """Exact-match ratio of the best constant answer: the label *set* that is most frequent in training.

    A label set is a whole row: (1, 0, 0) is "the first instrument alone". A prediction is an exact match if all entries
    of the row are right.

    Parameters
    ----------
    Y_train : (n_train, n_labels) array of 0 and 1
        One column an instrument; 1: it plays.
    Y_test : (n_test, n_labels) array of 0 and 1

    Returns
    -------
    float
        Share of the test rows, from 0 to 1, that are equal to the most frequent row of Y_train. If several rows are
        equally frequent there, the one counts that comes first when rows are sorted (0 before 1, the first column
        first), as `np.unique(Y_train, axis=0)` sorts them.
    """
    ### BEGIN SOLUTION
    sets, counts = np.unique(Y_train, axis=0, return_counts=True)
    return float(np.mean((np.asarray(Y_test) == sets[counts.argmax()]).all(axis=1)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "label_set_dummy-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
q = checks.question("label_set_dummy")
past = np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 1, 1], [0, 1, 0]])
next_ones = np.array([[1, 0, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 1]])
with q.check("a-share", hint="right rows divided by all test rows: not a count, not per cent"):
    ratios = [label_set_dummy(past, rows) for rows in (next_ones, next_ones[1:])]
    for ratio in ratios:
        checks.array(ratio, "the ratio, a share and not per cent,", shape=(), low=0, high=1)
    checks.array(ratios, "the ratios on all five test rows, and on four of them,", shape=(2,), vary=True)
with q.check("by-hand", hint="which row is the most frequent of the seven? how many of the five test rows are equal to it?"):
    checks.close(label_set_dummy(past, next_ones), 0.4, "the exact-match ratio (of five test rows)")
### BEGIN HIDDEN TESTS
L = int(q.rng.integers(5, 11))
draws = []
for _ in range(5):
    rows = np.unique(q.rng.integers(0, 2, size=(60, L)), axis=0)
    rows = rows[rows.sum(axis=1) > 1]
    rows = rows[q.rng.permutation(len(rows))[:6]]  # six different sets of two labels or more
    shares = q.rng.permutation([0.27, 0.2, 0.17, 0.14, 0.12, 0.1])
    train = np.repeat(rows, np.rint(shares * 60).astype(int), axis=0)
    test = rows[q.rng.choice(6, int(q.rng.integers(50, 90)), p=shares[::-1])]
    draws.append((q.rng.permutation(train), test, rows[shares.argmax()]))
with q.check("set-of-the-training-rows", hint="find the most frequent row in Y_train, before Y_test is looked at"):
    for train, _, best in draws:
        first, second = label_set_dummy(train, np.array([best] * 4)), label_set_dummy(train, 1 - np.array([best] * 4))
        assert abs(float(first) - 1) < 1e-9, "test rows that all equal the most frequent training row should all be right"
        assert abs(float(second)) < 1e-9, (
            "test rows that all differ from the most frequent training row are all wrong: was the set found in Y_test?"
        )
with q.check("a-whole-row", weight=2, hint="count rows, not columns: the majority of each column can be a row that never occurs"):
    nearly = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0]])
    ratio = label_set_dummy(np.array([[1, 0, 0]] * 3 + [[0, 1, 1]] * 2), nearly)
    assert float(ratio) < 0.5, "a row with one wrong entry is no exact match: all entries of a row have to be right"
    mixed, columns = np.array([[0, 1, 1]] * 3 + [[1, 1, 0], [1, 0, 1]] * 2), q.rng.permutation(3)
    ratio = float(label_set_dummy(mixed[:, columns], np.array([[1, 1, 1], [1, 1, 1], [0, 1, 1]])[:, columns]))
    assert ratio < 0.5, "this is the share of a row that never occurs in training: the majority of each column by itself"
    checks.close(ratio, 1 / 3, "the ratio (the most frequent row is not made of the columns' majorities)")
with q.check("more-than-one-label", hint="the most frequent row can hold several ones, or none"):
    pair, none = np.array([[0, 1, 1, 0]] * 3 + [[0, 1, 0, 0]] * 2), np.array([[0, 0, 0]] * 3 + [[0, 0, 1]] * 2)
    checks.close(label_set_dummy(pair, pair[::-1]), 0.6, "the ratio (the most frequent row has two ones)")
    checks.close(label_set_dummy(none, none), 0.6, "the ratio (the most frequent row has no ones)")
with q.check("ties", hint="numpy.unique(..., axis=0) sorts the rows, and argmax takes the first of the most frequent"):
    sets = np.array([[0, 1, 0], [0, 1, 1], [1, 0, 0]])
    tied = np.repeat(sets[::-1], 2, axis=0)  # the first of the sorted ones stands last
    checks.close(label_set_dummy(tied, np.array([sets[0]] * 3 + [sets[2]])), 0.75, "the ratio (a tie)")
with q.check("values", weight=3, hint="the share of test rows that equal, in every column, the most frequent training row"):
    for kind in (int, bool, float):
        for train, test, best in draws:
            want = np.mean((test == best).all(axis=1))
            checks.close(label_set_dummy(train.astype(kind), test.astype(kind)), want, "the exact-match ratio")
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "sounding", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: sounding
def sounding(notes, start, stop, min_seconds):
    """Instruments that really sound in one window of a recording.

    An instrument sounds wherever at least one of its notes does. Time in which several of its notes sound together
    (a chord) counts once. Only the part of a note that lies inside the window counts.

    Parameters
    ----------
    notes : (n_notes, 3) float array
        A row for each note: onset in seconds, offset in seconds, instrument code. Rows in any order; there may be none.
    start, stop : float
        The window, in seconds from the beginning of the recording; start < stop.
    min_seconds : float
        How long an instrument must sound inside the window, seconds, above 0.

    Returns
    -------
    list of int
        Codes of the instruments that sound for at least `min_seconds` inside [start, stop), ascending, each once.
    """
    ### BEGIN SOLUTION
    found = []
    for code in np.unique(notes[:, 2]):
        sounds, reached = 0.0, start
        for onset, offset in sorted(notes[notes[:, 2] == code, :2].tolist()):
            onset, offset = max(onset, reached), min(offset, stop)  # not before the window, nor what counted already
            sounds += max(0.0, offset - onset)
            reached = max(reached, offset)
        if sounds >= min_seconds:
            found.append(int(code))
    return found
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sounding-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("sounding")
score = np.array([[0.0, 2.0, 41], [1.0, 8.0, 1], [6.0, 9.0, 43], [6.5, 6.75, 41], [12.0, 13.0, 74]])


def codes_of(notes, start, stop, min_seconds):
    """The answer, looked at as a list of whole numbers."""
    found = sounding(notes, start, stop, min_seconds)
    assert found is not None, "the result is None: is the `return` missing?"
    assert isinstance(found, (list, tuple, np.ndarray)), f"a list of codes is asked for, but this is a {type(found).__name__}"
    values = [float(code) for code in np.ravel(np.asarray(found, dtype=float))]
    assert all(value == int(value) for value in values), "codes are whole numbers: were times returned?"
    assert len(set(values)) == len(values), "an instrument stands twice in the list: each code once"
    assert values == sorted(values), "the codes should be sorted, the smallest first"
    return [int(value) for value in values]


with q.check("list-of-codes", hint="a list of the codes in column 2, sorted, each once"):
    codes = codes_of(score, 0.0, 20.0, 0.5)
    assert set(codes) <= {1, 41, 43, 74}, f"{sorted(set(codes) - {1, 41, 43, 74})} are no instruments of these notes"
    assert codes, "nothing was found, although every instrument plays for at least a second in these 20 s"
with q.check("window-by-hand", hint="draw the five notes on a line of time, and cut out 5 s to 10 s"):
    codes = codes_of(score, 5.0, 10.0, 0.5)
    assert 74 not in codes, "an instrument that only plays outside the window is in the list: are labels of the whole recording used?"
    assert 1 in codes, "a note that began before the window and goes on in it sounds there, too"
    assert 41 not in codes, "an instrument that sounds for 0.25 s in the window is in the list, but 0.5 s are asked for"
    assert codes == [1, 43], "in the window from 5 s to 10 s other instruments sound for half a second"
### BEGIN HIDDEN TESTS
t0 = float(np.round(q.rng.uniform(5, 60), 2))
width = float(np.round(q.rng.uniform(2, 8), 2))
t1 = t0 + width
a, b, c = (int(code) for code in q.rng.permutation([1, 7, 41, 42, 43, 61, 69, 71, 72, 74])[:3])
with q.check("chords-count-once", weight=2, hint="what two notes of an instrument share in time is counted once"):
    least = 0.5 * width
    chord = [[t0 + 0.1 * width, t0 + 0.4 * width, a]] * 4 + [[t0, t1, b]]
    assert codes_of(np.array(chord), t0, t1, least) == [b], (
        "four notes at once sound for as long as one of them: durations were added up"
    )
    stairs = [[t0 + k * 0.05 * width, t0 + (k + 4) * 0.05 * width, a] for k in range(5)] + [[t0, t1, b]]
    assert codes_of(np.array(stairs), t0, t1, least) == [b], "notes that overlap in part: the common time was counted twice"
    long_and_short = [[t0, t0 + 0.45 * width, a], [t0 + 0.1 * width, t0 + 0.2 * width, a], [t0, t1, b]]
    assert codes_of(np.array(long_and_short), t0, t1, least) == [b], "a short note inside a long one adds nothing"
with q.check("adds-up-over-notes", hint="an instrument may sound in several pieces: add the pieces"):
    pieces = [[t0 + (0.1 + 0.2 * k) * width, t0 + (0.2 + 0.2 * k) * width, a] for k in range(4)] + [[t0, t0 + 0.3 * width, b]]
    assert codes_of(np.array(pieces), t0, t1, 0.35 * width) == [a], "four short notes one after the other add up"
    gap = [[t0, t0 + 0.1 * width, a], [t0 + 0.8 * width, t1, a], [t0, t1, b]]
    assert codes_of(np.array(gap), t0, t1, 0.5 * width) == [b], "the silence between two notes is no sound"
with q.check("cut-at-the-window", weight=2, hint="only what lies between start and stop counts: clip onset and offset"):
    notes = np.array([[t0 - 4, t0 + 0.2 * width, a], [t1 - 0.2 * width, t1 + 4, b], [t0 - 3, t1 + 3, c]])
    codes = codes_of(notes, t0, t1, 0.5 * width)
    assert a not in codes, "a long note that ends soon after the window begins: only what is inside the window counts"
    assert b not in codes, "a long note that begins shortly before the window ends: only what is inside the window counts"
    assert codes == [c], "a note that lies across the whole window sounds in all of it, though its onset is outside"
    codes = codes_of(notes, t0, t1, 0.1 * width)
    assert codes == sorted([a, b, c]), "notes that begin before the window, or end after it, sound in it, too"
with q.check("edges", hint="a note that ends where the window begins does not sound in it"):
    notes = np.array([[t0 - 1, t0, a], [t1, t1 + 1, b], [t0, t1, c]])
    assert codes_of(notes, t0, t1, 1e-6 * width) == [c], "a note that only touches the window does not sound in it"
    assert codes_of(np.array([[0.0, 1.5, a]]), 0.0, 4.0, 1.5) == [a], "exactly `min_seconds` is enough: at least"
with q.check("nothing-there", hint="no notes, or none in the window: an empty list"):
    assert codes_of(np.array([[t0, t1, a]]), t0, t1, 0.1) == [a], "one instrument that sounds in the whole window"
    assert codes_of(np.zeros((0, 3)), t0, t1, 0.1) == [], "a recording without notes: an empty list"
    assert codes_of(np.array([[t0 - 3, t0 - 1, a], [t1 + 1, t1 + 2, b]]), t0, t1, 0.1) == [], "silence: an empty list"
with q.check("seconds", hint="all times are in seconds, and so is min_seconds"):
    notes = np.array([[t0, t0 + 0.8, a], [t0, t0 + 0.3, b]])
    assert codes_of(notes, t0, t0 + 1, 0.5) == [a], "0.8 s are more, 0.3 s are less than half a second: another unit?"
with q.check("values", weight=3, hint="for each code: clip its notes to the window, join those that overlap, add up"):
    for _ in range(12):
        n = int(q.rng.integers(5, 60))
        onset = q.rng.uniform(t0 - 6, t1 + 4, n)
        notes = np.stack([onset, onset + q.rng.uniform(0.02, 5, n), q.rng.choice([a, b, c, 90], n)], axis=1)
        least, want = float(q.rng.uniform(0.05, 0.9) * width), []
        for code in np.unique(notes[:, 2]):
            own = notes[notes[:, 2] == code]
            ticks = np.unique(np.clip(np.concatenate([own[:, 0], own[:, 1], [t0, t1]]), t0, t1))
            middles = (ticks[1:] + ticks[:-1]) / 2
            total = np.diff(ticks)[((own[:, :1] <= middles) & (middles < own[:, 1:2])).any(axis=0)].sum()
            want += [int(code)] * bool(total >= least)
        got = codes_of(notes, t0, t1, least)
        assert not set(got) - set(want), "an instrument that sounds for too short a time is in the list"
        assert not set(want) - set(got), "an instrument that sounds for long enough is missing"
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "train_online", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: train_online
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    """Train a linear classifier batch by batch, and predict the test rows.

    Standardise with the mean and deviation of all training rows. Then let an `SGDClassifier(loss="log_loss")`, with
    its other settings as they are, learn by `partial_fit` from batches of `batch_size` rows (the last batch of an
    epoch may be smaller). The rows come in a new random order in every epoch; the seed decides every random number.

    Parameters
    ----------
    X : (n_train, n_features) float32 array
    y : (n_train,) array
        Labels. The rows may be sorted by class, so that a batch cut from them as they stand holds one class only.
    X_test : (n_test, n_features) float32 array
        Any number of rows, also a single one.
    classes : list
        All labels that there are.
    n_epochs : int
        How often every training row is used.
    batch_size : int
        At least 1.
    seed : int
        The same seed gives the same predictions.

    Returns
    -------
    (n_test,) array
        Predicted label of each test row.
    """
    ### BEGIN SOLUTION
    scaler = StandardScaler().fit(X)
    Z, rng = scaler.transform(X), np.random.default_rng(seed)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            rows = order[i : i + batch_size]
            model.partial_fit(Z[rows], y[rows], classes=classes)
    return model.predict(scaler.transform(X_test))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_online-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("train_online")


def labels_of(X, y, X_test, classes, n_epochs, batch_size, seed):
    """The answer as text, one label a test row, each of them a known one."""
    found = train_online(X, y, X_test, classes, n_epochs, batch_size, seed)
    assert found is not None, "the result is None: is the `return` missing?"
    found = np.asarray(found)
    assert found.shape == (len(X_test),), (
        f"one predicted label for each test row is asked for, shape ({len(X_test)},), but the shape is {found.shape}"
    )
    strange = sorted(set(found.astype(str)) - {str(label) for label in classes})
    assert not strange, f"{strange[0]!r} is none of the classes: labels are asked for, not scores or row numbers"
    return found.astype(str)


near = np.repeat([[0.0, 0.0], [8.0, 0.0], [0.0, 800.0]], 20, axis=0) + q.rng.normal(size=(60, 2)) * [1.0, 100.0]
near, kinds = near.astype(np.float32), np.repeat([3, 7, 9], 20)
with q.check("one-label-a-row", hint="return what model.predict says of the test rows"):
    labels_of(near, kinds, near[::3], [3, 7, 9], 2, 10, 0)
with q.check("learns-three-classes", hint="do all batches count, and all three classes? print some predictions"):
    share = np.mean(labels_of(near, kinds, near[1::2], [3, 7, 9], 6, 10, 0) == kinds[1::2].astype(str))
    assert share > 0.8, f"only {share:.0%} of these well separated rows are right"
### BEGIN HIDDEN TESTS
d, n_noise = int(q.rng.integers(6, 9)), 4
scale = np.concatenate([10 ** q.rng.uniform(-2, 0, d), 10 ** q.rng.uniform(2, 3, n_noise)])
centres, columns = 3 * np.eye(3, d + n_noise), q.rng.permutation(d + n_noise)
middle = q.rng.normal(scale=3, size=d + n_noise)
known = np.sort(np.concatenate([np.arange(3), q.rng.choice(3, 297, p=[0.4, 0.3, 0.3])]))
asked = q.rng.integers(0, 3, 600)
A, B = (centres[c] + middle + q.rng.normal(size=(len(c), d + n_noise)) for c in (known, asked))
A, B = ((part * scale)[:, columns].astype(np.float32) for part in (A, B))
words = [str(word) for word in q.rng.permutation(["tuba", "harp", "oboe"])]
y_A, y_B = np.array(words)[known], np.array(words)[asked]
seeds = [int(number) for number in q.rng.integers(0, 10_000, 3)]


def reference_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    fitted, draw = StandardScaler().fit(X), np.random.default_rng(seed)
    Z, learner = fitted.transform(X), SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        for rows in np.split(draw.permutation(len(Z)), range(batch_size, len(Z), batch_size)):
            learner.partial_fit(Z[rows], y[rows], classes=classes)
    return learner.predict(fitted.transform(X_test))


want = np.mean([reference_online(A, y_A, B, words, 8, 25, seed) == y_B for seed in seeds])
with q.check("as-good-as-the-reference", weight=3, hint="scaled columns, shuffled rows, every batch, every epoch"):
    got = np.mean([labels_of(A, y_A, B, words, 8, 25, seed) == y_B for seed in seeds])
    assert got > want - 0.05, (
        f"{got:.0%} of the test rows are right, clearly fewer than a linear classifier reaches here: are the columns "
        "scaled, the rows shuffled, and does the model keep what earlier batches taught it?"
    )
with q.check("same-seed-same-answer", hint="one generator from the seed for the order, and random_state=seed for the model"):
    first, second = (labels_of(A, y_A, B, words, 1, 60, seeds[0]) for _ in range(2))
    assert np.array_equal(first, second), "two calls with the same seed give different predictions"
with q.check("test-rows-stay-out-of-the-scaling", hint="scaler.fit on X alone; scaler.transform for both"):
    odd = np.concatenate([B[:150], np.float32(1e4) * B[:40]])
    first, second = (labels_of(A, y_A, rows, words, 1, 60, seeds[0])[:150] for rows in (B[:150], odd))
    assert np.array_equal(first, second), "a few wild test rows change the predictions of the others: who is scaled by whom?"
    alone = labels_of(A, y_A, B[:1], words, 1, 60, seeds[0])
    assert alone[0] == first[0], "a test row alone gets another label than among others: was it scaled by the test rows?"
# Batches of one row: nothing but the order of the rows is random in them.
half = np.array([0, 1]).repeat(30)
C, D = ((0.7 * (2 * half[:, None] - 1) + q.rng.normal(size=(60, 5))).astype(np.float32) for _ in range(2))
D = np.concatenate([D, q.rng.normal(size=(500, 5)).astype(np.float32)])
with q.check("batches-of-one", weight=2, hint="classes=classes in partial_fit; the scaling comes from all training rows"):
    share = np.mean(labels_of(C, half, D, [0, 1], 4, 1, seeds[0])[:60] == half.astype(str))
    assert share > 0.6, "with batches of one row the model learns nothing: is each batch scaled by itself, or are they lost?"
with q.check("shuffled", weight=2, hint="a new order in each epoch, from a generator made with the seed"):
    ways = {labels_of(C, half, D, [0, 1], 1, 1, seed).tobytes() for seed in seeds}
    assert len(ways) > 1, "another seed changes nothing: the rows are taken in the order in which they stand"
with q.check("all-epochs", weight=2, hint="two loops: over the epochs, and in it over the batches"):
    first, second = (labels_of(C, half, D, [0, 1], epochs, 1, seeds[1]) for epochs in (1, 3))
    assert not np.array_equal(first, second), "one epoch and three epochs give the same model: is n_epochs used?"
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "build_two_heads", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: build_two_heads
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    """Build a network with one trunk and two heads: who composed this, and which instruments play?

    Both heads stand on the same trunk of layers of your choice, and most of the network is trunk: more than half of
    all its weights serve both answers. Pool over time before the heads, and this comes by itself.

    Parameters
    ----------
    input_shape : tuple of int
        (n_frames, n_bands) of one spectrogram, at least 16 frames.
    n_composers, n_instruments : int
    learning_rate : float

    Returns
    -------
    keras.Model
        (n, n_frames, n_bands) -> two outputs, named "composer" and "instruments" (name the layers so, or return a
        dict): composer (n, n_composers), softmax, one composer out of many; instruments (n, n_instruments), sigmoid,
        each plays or not. Compiled with Adam at the given rate and with a loss for each output: categorical
        cross-entropy (for whole-number or one-hot labels) for the composer, binary cross-entropy for the instruments.
    """
    ### BEGIN SOLUTION
    spectrogram = keras.Input(shape=input_shape)
    x = keras.layers.Conv1D(32, 5, activation="relu")(spectrogram)
    x = keras.layers.MaxPooling1D(2)(x)
    x = keras.layers.Conv1D(48, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")(x)
    instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(x)
    model = keras.Model(spectrogram, [composer, instruments])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
    )
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "build_two_heads-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
q = checks.question("build_two_heads")


def heads(model, spectrograms):
    """Both outputs by their names, as tensors."""
    assert hasattr(model, "count_params"), f"a Keras model should come back, but this is a {type(model).__name__}"
    answers = model(spectrograms)
    if not isinstance(answers, dict):
        answers = list(answers) if isinstance(answers, (list, tuple)) else [answers]
        answers = dict(zip(model.output_names, answers, strict=True))
    assert len(answers) == 2, f"two outputs are asked for, but the model has {len(answers)}: {sorted(answers)}"
    assert set(answers) == {"composer", "instruments"}, (
        f"the outputs should be named composer and instruments, but are named {sorted(answers)}: "
        'Dense(..., name="composer")'
    )
    return answers["composer"], answers["instruments"]


pictures = q.rng.normal(size=(5, 20, 12)).astype(np.float32)
with q.check("two-named-outputs", hint='name the last layers: Dense(..., name="composer"), Dense(..., name="instruments")'):
    composer, instruments = heads(build_two_heads((20, 12), 3, 6, 0.01), pictures)
    checks.array(np.asarray(composer), "the output named composer", shape=(5, 3))
    checks.array(np.asarray(instruments), "the output named instruments", shape=(5, 6))
with q.check("probabilities", hint="one composer out of many: softmax; each instrument plays or not: sigmoid"):
    composer, instruments = (np.asarray(p) for p in heads(build_two_heads((20, 12), 3, 6, 0.01), pictures))
    checks.array(composer, "the output named composer", low=0, high=1)
    checks.array(instruments, "the output named instruments", low=0, high=1)
    assert abs(composer.sum(axis=1) - 1).max() < 1e-3, "each row of composer should sum to 1: one out of many"
### BEGIN HIDDEN TESTS
shape = (int(q.rng.integers(24, 40)), int(q.rng.integers(10, 30)))
n_who, n_what = int(q.rng.integers(4, 9)), int(q.rng.integers(9, 14))
rate = float(10 ** q.rng.uniform(-4, -1.5))
pictures = q.rng.normal(size=(8, *shape)).astype(np.float32)
who, what = q.rng.integers(0, n_who, 8), q.rng.integers(0, 2, (8, n_what)).astype(np.float32)
cases = [(shape, n_who, n_what), ((shape[0] + 5, shape[1] + 3), n_who + 2, n_what - 3)]
with q.check("any-size", hint="use the arguments, no numbers typed in"):
    for size, k, m in cases:
        composer, instruments = heads(build_two_heads(size, k, m, rate), np.zeros((2, *size), dtype=np.float32))
        checks.array(np.asarray(composer), f"the output named composer, for {k} composers,", shape=(2, k))
        checks.array(np.asarray(instruments), f"the output named instruments, for {m} instruments,", shape=(2, m))
with q.check("composer-is-one-out-of-many", hint="softmax over the composers alone"):
    composer, _ = heads(build_two_heads(shape, n_who, n_what, rate), 5 * pictures)
    p = checks.array(np.asarray(composer), "the output named composer", shape=(8, n_who), low=0, high=1)
    assert abs(p.sum(axis=1) - 1).max() < 1e-3, "the rows of composer do not sum to 1: softmax over the composers alone"
with q.check("instruments-are-yes-or-no", weight=2, hint="sigmoid: each instrument for itself, whatever the others do"):
    _, instruments = heads(build_two_heads(shape, n_who, n_what, rate), 5 * pictures)
    p = checks.array(np.asarray(instruments), "the output named instruments", shape=(8, n_what), low=0, high=1)
    assert abs(p.sum(axis=1) - 1).max() > 0.05, "the rows of instruments sum to 1, as if exactly one played: use sigmoid"
with q.check("one-trunk", weight=3, hint="both heads take the same tensor, the last one of the trunk"):
    model = build_two_heads(shape, n_who, n_what, rate)
    with tf.GradientTape(persistent=True) as tape:
        composer, instruments = heads(model, pictures)
        goals = (
            -tf.reduce_mean(tf.math.log(tf.gather(composer, who, axis=1, batch_dims=1) + 1e-6)),
            -tf.reduce_mean(what * tf.math.log(instruments + 1e-6) + (1 - what) * tf.math.log(1 - instruments + 1e-6)),
        )
    reached = [
        [g is not None and bool(np.any(np.asarray(g) != 0)) for g in tape.gradient(goal, model.trainable_variables)]
        for goal in goals
    ]
    names = ("composer", "instruments")
    for name, mine in zip(names, reached, strict=True):
        assert any(mine), f"the loss of {name} moves no weight at all"
        assert mine[0], f"the loss of {name} does not reach the first layer: is that head cut off from the trunk?"
    sizes = [int(np.prod(variable.shape)) for variable in model.trainable_variables]
    shared = sum(size for size, *both in zip(sizes, *reached, strict=True) if all(both)) / sum(sizes)
    assert shared > 0.02, "no weight serves both answers: these are two networks side by side, not one trunk with two heads"
    assert shared > 0.5, (
        f"only {shared:.0%} of the weights serve both answers: towers of their own, or heads on a flattened trunk?"
    )
with q.check("losses", weight=3, hint='loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"}'):
    model = build_two_heads(shape, n_who, n_what, rate)
    assert getattr(model, "compiled", False), "the model was not compiled: call model.compile(...) before it is returned"
    given, order = model.loss, list(model.output_names)
    if isinstance(given, dict):
        assert set(given) == {"composer", "instruments"}, f"losses for {sorted(given)}: name them as the outputs are named"
    elif isinstance(given, (list, tuple)):
        assert len(given) == 2, f"two outputs need two losses, but there are {len(given)}"
        given = dict(zip(order, given, strict=True))
    else:
        given = dict.fromkeys(("composer", "instruments"), given)
    composer, instruments = heads(model, pictures)
    p_who, p_what = np.asarray(composer, dtype=np.float64), np.asarray(instruments, dtype=np.float64)
    assert None not in given.values(), "the model was compiled without a loss: model.compile(loss=...)"

    def loss_name(loss):
        return str(loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")).lower()

    def loss_value(loss, truth, p):
        function = keras.losses.get(loss)
        truth, p = (keras.ops.convert_to_tensor(np.asarray(array, dtype=np.float32)) for array in (truth, p))
        return float(np.mean(np.asarray(function(truth, p))))

    name = loss_name(given["composer"])
    assert "binary" not in name, "the loss of composer is a binary one: one composer out of many needs a categorical one"
    got = loss_value(given["composer"], who if "sparse" in name else np.eye(n_who)[who], p_who)
    expected = -np.log(p_who[np.arange(8), who]).mean()
    assert abs(got - expected) < 2e-3 * max(1, expected), (
        f"the loss of composer ({name}) is not the mean of -ln p of the right composer: another loss, or from_logits?"
    )
    name = loss_name(given["instruments"])
    assert "categorical" not in name, (
        "the loss of instruments is a categorical one: it asks for one instrument out of many, and several may play"
    )
    got = loss_value(given["instruments"], what, p_what)
    expected = -(what * np.log(p_what) + (1 - what) * np.log(1 - p_what)).mean()
    assert abs(got - expected) < 2e-3 * max(1, expected), (
        f"the loss of instruments ({name}) is not the mean binary cross-entropy of its entries: another loss, or from_logits?"
    )
with q.check("optimiser", hint="keras.optimizers.Adam(learning_rate=learning_rate), no number typed in"):
    for wanted in (rate, rate / 7):
        optimiser = getattr(build_two_heads(shape, n_who, n_what, wanted), "optimizer", None)
        assert optimiser is not None, "the model was not compiled: call model.compile(...) before it is returned"
        assert type(optimiser).__name__ == "Adam", f"the optimiser should be Adam, but is {type(optimiser).__name__}"
        got = float(np.asarray(optimiser.learning_rate))
        assert abs(got / wanted - 1) < 1e-4, f"the optimiser's learning rate is {got:.3g}, and not the argument"
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "average_by_recording", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: average_by_recording
def average_by_recording(proba, recording):
    """One answer a recording: the mean of the probabilities of its windows.

    Parameters
    ----------
    proba : (n_windows, n_classes) float array
        What a network says of each window.
    recording : (n_windows,) int array
        Number of the recording that each window was cut from. Windows stand in any order, and recordings have
        different numbers of windows.

    Returns
    -------
    ids : (n_recordings,) array
        The numbers of the recordings, each once, ascending.
    means : (n_recordings, n_classes) array
        Row i: the mean over the windows of recording ids[i].
    """
    ### BEGIN SOLUTION
    ids = np.unique(recording)
    return ids, np.array([proba[recording == i].mean(axis=0) for i in ids])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "average_by_recording-test", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
q = checks.question("average_by_recording")
three_windows = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.9, 0.1, 0.0]])
with q.check("two-arrays", hint="return ids, means"):
    parts = average_by_recording(three_windows, np.array([40, 7, 40]))
    assert isinstance(parts, (tuple, list)) and len(parts) == 2, "two arrays should come back: ids and means"
    checks.array(parts[0], "ids, one for each of two recordings,", shape=(2,))
    checks.array(parts[1], "means, a row for each recording,", shape=(2, 3), low=0, high=1, vary=True)
with q.check("by-hand", hint="recording 40 has two windows: average them, column by column"):
    ids, means = average_by_recording(three_windows, np.array([40, 7, 40]))
    checks.close(ids, [7, 40], "ids")
    checks.close(np.asarray(means)[1], [0.7, 0.2, 0.1], "the row of recording 40")
### BEGIN HIDDEN TESTS
n_rec, n_kinds = int(q.rng.integers(5, 12)), int(q.rng.integers(3, 9))
numbers = np.sort(q.rng.permutation(3000)[:n_rec])
of = q.rng.permutation(np.repeat(numbers, q.rng.integers(1, 40, n_rec)))
p = q.rng.random((len(of), n_kinds)) ** 3
p /= p.sum(axis=1, keepdims=True)
want = np.stack([p[of == number].sum(axis=0) / np.sum(of == number) for number in numbers])
with q.check("ids", hint="numpy.unique gives each number once, ascending"):
    checks.close(average_by_recording(p, of)[0], numbers, "ids")
with q.check("rows-sum-to-1", hint="a mean of probabilities is again a probability"):
    means = checks.array(average_by_recording(p, of)[1], "means", shape=(n_rec, n_kinds), low=0)
    sums = means.sum(axis=1)
    assert abs(sums - 1).max() < 1e-4, f"the rows of means sum to {sums.min():.3g} to {sums.max():.3g}: sums, or medians?"
with q.check("means", weight=3, hint="for each recording: proba[recording == number].mean(axis=0)"):
    means = checks.array(average_by_recording(p, of)[1], "means", shape=(n_rec, n_kinds))
    votes = np.isclose(means * np.array([[np.sum(of == number)] for number in numbers]) % 1, 0).all()
    assert not votes, "these are shares of votes: average the probabilities themselves, not the most likely classes"
    checks.close(means, want, "means (windows in any order, recordings of different length)")
### END HIDDEN TESTS
q.score()

# %% nbgrader={"grade": false, "grade_id": "interval_by_group", "locked": false, "schema_version": 3, "solution": true, "task": false}
# question: interval_by_group
def interval_by_group(correct, groups, n_boot, seed):
    """95 % interval of an accuracy, by drawing whole groups with replacement.

    One draw: as many groups as there are, with replacement. All windows of a drawn group are kept, as often as the
    group was drawn; they are pooled, and the share of right ones is one accuracy. `n_boot` such accuracies; the ends
    of the interval are their percentiles 2.5 and 97.5.

    Parameters
    ----------
    correct : (n_windows,) bool array
        Which windows were answered right.
    groups : (n_windows,) array of int or str
        The recording that each window was cut from, in any order; recordings have different numbers of windows.
    n_boot : int
        Number of draws.
    seed : int
        The same seed gives the same interval. Use a generator of your own: numpy.random.default_rng(seed).

    Returns
    -------
    low, high : float
        From 0 to 1.
    """
    ### BEGIN SOLUTION
    names, index = np.unique(groups, return_inverse=True)
    right, total = np.bincount(index, weights=correct), np.bincount(index)
    drawn = np.random.default_rng(seed).integers(0, len(names), size=(n_boot, len(names)))
    accuracies = right[drawn].sum(axis=1) / total[drawn].sum(axis=1)
    low, high = np.percentile(accuracies, [2.5, 97.5])
    return float(low), float(high)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "interval_by_group-test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
q = checks.question("interval_by_group")


def ends(correct, groups, n_boot=1000, seed=0):
    """Both ends of the answer, looked at as numbers."""
    parts = interval_by_group(correct, groups, n_boot, seed)
    assert isinstance(parts, (tuple, list, np.ndarray)) and len(parts) == 2, "two numbers should come back: low and high"
    low, high = (float(checks.array(end, name, shape=())) for end, name in zip(parts, ("low", "high"), strict=True))
    assert low <= high, "low should not be above high"
    assert low > -1e-9 and high < 1 + 1e-9, (
        f"an accuracy lies between 0 and 1, but the interval reaches from {low:.3g} to {high:.3g}: "
        "percentiles of accuracies cannot leave that range"
    )
    return low, high


of_two = np.array([5, 5, 5, 8, 8, 8])
with q.check("two-ends", hint="return low, high: two shares between 0 and 1, the smaller one first"):
    checks.array(ends(np.array([True, True, False, True, False, False]), of_two), "low and high", vary=True)
with q.check("recordings-are-drawn", hint="draw among the names of the groups, then collect the windows of each"):
    low, high = ends(np.array([True, True, True, False, False, False]), of_two)
    assert low < 0.01 and high > 0.99, (
        "one recording is all right, the other all wrong: drawn with replacement, both draws can be the same one"
    )
    low, high = ends(np.array([True, False] * 30), np.repeat(np.arange(3), 20))
    assert high - low < 0.01, "every recording is half right, so it cannot matter which are drawn: were windows drawn?"
### BEGIN HIDDEN TESTS
def exact_width(correct, groups, by_group=True):
    """The interval from many draws; or the one over single windows."""
    _, index = np.unique(groups if by_group else np.arange(len(groups)), return_inverse=True)
    hits, sizes = np.bincount(index, weights=correct), np.bincount(index)
    rows = q.rng.integers(0, len(sizes), size=(6000 if by_group else 1000, len(sizes)))
    return np.percentile(hits[rows].sum(axis=1) / sizes[rows].sum(axis=1), [2.5, 97.5])


cases = []
for fate in ("together", "alone"):
    n_groups = int(q.rng.integers(20, 41))
    sizes = q.rng.integers(5, 60, n_groups)
    names = np.array([f"rec {number:04d}" for number in q.rng.permutation(9999)[:n_groups]])
    order = q.rng.permutation(sizes.sum())
    of = np.repeat(np.arange(n_groups), sizes)[order]
    lucky = (np.arange(n_groups) % 5 < 3)[q.rng.permutation(n_groups)]
    hit = lucky[of] if fate == "together" else q.rng.random(len(of)) < 0.6
    cases.append((fate, hit, names[of], exact_width(hit, names[of]), exact_width(hit, names[of], by_group=False)))
with q.check("wider-than-over-windows", weight=2, hint="all windows of a drawn recording come along: draw names, not windows"):
    fate, hit, names, _, narrow = cases[0]
    low, high = ends(hit, names)
    times = (high - low) / (narrow[1] - narrow[0])
    assert times > 2, (
        "windows of a recording are right or wrong together here, yet the interval is hardly wider than one over "
        "windows: single windows were drawn, or it is a standard error"
    )
with q.check("each-time-it-is-drawn", weight=2, hint="a group that is drawn twice counts twice: numpy.unique and isin forget that"):
    ratios = []
    for _, hit, names, wide, _ in cases:
        low, high = ends(hit, names, 2000)
        ratios.append((high - low) / (wide[1] - wide[0]))
    assert np.mean(ratios) > 0.89, (
        "the intervals are too narrow: does a recording that was drawn twice count twice? are the percentiles 2.5 and 97.5?"
    )
    assert np.mean(ratios) < 1.12, "the intervals are too wide: percentiles 2.5 and 97.5 of the draws, not their extremes?"
with q.check("windows-are-pooled", weight=2, hint="right windows of all drawn groups, divided by all their windows"):
    sizes = np.where(np.arange(30) < 6, 90, 4)
    of = np.repeat(np.arange(30), sizes)
    hit = of < 6  # the long recordings are right, the short ones wrong
    low, high = ends(hit, of)
    assert high > 0.5, "long and short recordings have equal weight: pool the windows, then take the share of right ones"
    unequal = exact_width(hit, of)
    checks.close([low, high], unequal, "the interval (long and short recordings)", 0, 0.15 * (unequal[1] - unequal[0]))
with q.check("rows-in-any-order", hint="windows of a recording need not stand together: use the names"):
    fate, hit, names, wide, _ = cases[0]
    order = np.argsort(names, kind="stable")
    for rows in (order, order[::-1]):
        low, high = ends(hit[rows], names[rows])
        checks.close([low, high], wide, "the interval (the same windows in another order)", 0, 0.15 * (wide[1] - wide[0]))
with q.check("seed", hint="rng = numpy.random.default_rng(seed), made inside the function"):
    fate, hit, names, *_ = cases[1]
    assert ends(hit, names, 300, 4) == ends(hit, names, 300, 4), "the same seed gives two different intervals"
    assert len({ends(hit, names, 300, seed) for seed in range(4)}) > 1, "other seeds give the same interval: is it drawn?"
with q.check("values", weight=3, hint="percentiles 2.5 and 97.5 of n_boot accuracies"):
    for fate, hit, names, wide, _ in cases:
        low, high = ends(hit, names)
        far = 0.15 * (wide[1] - wide[0])
        assert high > wide[1] - far, f"the upper end is too low (recordings whose windows stand or fall {fate})"
        assert low < wide[0] + far, f"the lower end is too high (recordings whose windows stand or fall {fate})"
        assert high < wide[1] + far, f"the upper end is too high (recordings whose windows stand or fall {fate})"
        assert low > wide[0] - far, f"the lower end is too low (recordings whose windows stand or fall {fate})"
### END HIDDEN TESTS
q.score()
