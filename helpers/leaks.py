"""Leak hunts: one of five leaks, hidden in a split data set, for the learner to name from the evidence.

Room: `helpers`; called by the lessons that close with a hunt. `hide` plants a leak that a number decides, `evidence`
measures what could give it away, `guess` says whether a name is right. `nearest` is the detector behind most of it.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from helpers import evaluate, standardize

LEAKS = {
    "copies": "some test rows are training rows, copied",
    "shared recordings": "the split was made by row, so that recordings stand on both sides",
    "filled up before the split": "rare classes were filled up with slightly changed copies, and only then was it split",
    "telling column": "one of the features was made from the label",
    "test set scaled by itself": "the test rows were standardised with the mean and deviation of the test rows",
}
_COPIED = 0.15  # share of the test rows that are copies
_CHANGE = 0.02  # noise on the copies of rare classes, in standard deviations of each feature


@dataclass(frozen=True, eq=False, repr=False)
class Hunt:
    """A data set, standardised and split, with a leak (or without one): what `hide` and `clean` return.

    Attributes
    ----------
    title : str
        Name of the data, as in `Dataset.title`.
    classes : tuple of str
    X_train, X_test : (n_train, n_features) and (n_test, n_features) float32
    y_train, y_test : (n_train,) and (n_test,) int
    groups_train, groups_test : (n_train,) and (n_test,) str
        What each row was cut from, under names that say nothing.
    """

    title: str
    classes: tuple
    X_train: np.ndarray
    y_train: np.ndarray
    groups_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    groups_test: np.ndarray
    _leak: str | None = field(default=None)

    def __repr__(self):
        return f"<hunt on {self.title}: {len(self.y_train):,} training rows, {len(self.y_test):,} test rows>"


def hide(dataset, number, test_share=0.2):
    """Split a data set and plant one of the five `LEAKS` in it.

    Parameters
    ----------
    dataset : Dataset
        With features and groups, for example from `helpers.data.load_windows`.
    number : int
        At least 0. Decides which leak, and draws all that is drawn; the same number gives the same hunt.
    test_share : float
        Share of the groups that goes to the test side.

    Returns
    -------
    Hunt

    Raises
    ------
    ValueError
        If the data have no features or no groups, or the number is negative.
    """
    if int(number) != number or number < 0:
        raise ValueError(f"choose a whole number of at least 0 for the hunt, not {number}")
    block, place = divmod(int(number), len(LEAKS))  # five numbers in a row: each leak once, in an order of their own
    leak = list(LEAKS)[np.random.default_rng([block, 77]).permutation(len(LEAKS))[place]]
    return plant(dataset, leak, int(number), test_share)


def clean(dataset, seed=0, test_share=0.2):
    """The same split without a leak, to compare with: see `hide`."""
    return plant(dataset, None, seed, test_share)


def plant(dataset, leak, seed=0, test_share=0.2):
    """Split a data set by group, standardise it with the training rows, and spoil it in one named way.

    Parameters
    ----------
    dataset : Dataset
    leak : str or None
        One of `LEAKS`; None for no leak.
    seed : int
    test_share : float

    Returns
    -------
    Hunt
    """
    if leak is not None and leak not in LEAKS:
        raise ValueError(f"no leak {leak!r}; the five are: {', '.join(LEAKS)}")
    if dataset.features is None:
        raise ValueError(f"{dataset.name} has no features: take helpers.data.load_windows")
    if dataset.groups is None:
        raise ValueError(f"{dataset.name} has no groups: without them no split is known to be clean, so none can be spoilt")
    rng = np.random.default_rng([seed, 78])
    X, y = np.array(dataset.features), np.array(dataset.labels)
    names, number = np.unique(dataset.groups, return_inverse=True)
    groups = rng.permutation(len(names))[number]  # names that say nothing
    if leak == "filled up before the split":
        X, y, groups = _filled_up(X, y, groups, rng)
    if leak == "telling column":
        X = _with_telling_column(X, y, rng)
    if leak == "shared recordings":
        train, test = evaluate.split_by_item(len(y), test_share, seed)
    else:
        train, test = evaluate.split_by_group(groups, test_share, seed, labels=y)
    train, test = rng.permutation(train), rng.permutation(test)
    scaler = standardize.fit(X[train])
    own = standardize.fit(X[test]) if leak == "test set scaled by itself" else scaler
    names = np.array([f"take {group:04d}" for group in groups])
    hunt = Hunt(
        dataset.title, dataset.classes, scaler.apply(X[train]), y[train], names[train], own.apply(X[test]), y[test],
        names[test], leak,
    )  # fmt: skip
    return _with_copies(hunt, rng) if leak == "copies" else hunt


def _filled_up(X, y, groups, rng):
    """Every class gets as many rows as the largest one; what is added is a copy with a little noise, in a new group."""
    counts = np.bincount(y)
    chosen = [rng.choice(np.flatnonzero(y == c), counts.max() - n) for c, n in enumerate(counts) if n]
    chosen = np.concatenate(chosen)
    noise = _CHANGE * X.std(axis=0) * rng.normal(size=(len(chosen), X.shape[1]))
    size = max(1, len(y) // max(len(np.unique(groups)), 1))
    new = groups.max() + 1 + np.arange(len(chosen)) // size
    new = new + 10_000 * y[chosen]  # a group holds one class
    _, new = np.unique(new, return_inverse=True)
    return (
        np.concatenate([X, (X[chosen] + noise).astype(X.dtype)]),
        np.concatenate([y, y[chosen]]),
        np.concatenate([groups, groups.max() + 1 + new]),
    )


def _with_telling_column(X, y, rng):
    """One column keeps its mean and deviation, but says which class a row belongs to."""
    X = X.copy()
    column = rng.integers(X.shape[1])
    code = rng.permutation(y.max() + 1)[y] + 0.15 * rng.normal(size=len(y))
    mean, sd = X[:, column].mean(), X[:, column].std()
    X[:, column] = mean + sd * (code - code.mean()) / code.std()
    return X


def _with_copies(hunt, rng):
    X, y = hunt.X_test.copy(), hunt.y_test.copy()
    rows = rng.choice(len(y), max(1, round(_COPIED * len(y))), replace=False)
    source = rng.choice(len(hunt.y_train), len(rows))
    X[rows], y[rows] = hunt.X_train[source], hunt.y_train[source]
    return replace(hunt, X_test=X, y_test=y)


def nearest(X_train, X_test):
    """Find the nearest training row of each test row, both standardised with training statistics.

    Parameters
    ----------
    X_train : (n_train, n_features)
    X_test : (n_test, n_features)

    Returns
    -------
    distance : (n_test,) float
        Euclidean, in training standard deviations; see `helpers.evaluate.nearest_distance`.
    index : (n_test,) int
        Which training row it is.
    """
    from sklearn.neighbors import NearestNeighbors

    scaler = standardize.fit(X_train)
    train, test = scaler.apply(X_train), scaler.apply(X_test)
    index = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(train).kneighbors(test, return_distance=False)[:, 0]
    # Computed anew: the expansion a² - 2ab + b² that finds the neighbour is not exact for near copies.
    return np.linalg.norm(test - train[index], axis=1), index


def from_metadata(keys, labels, groups, order=None):
    """Guess labels from the metadata alone: what the label mostly is in other groups that have the same key.

    Geirhos et al., "Shortcut learning in deep neural networks", 2020: whatever predicts the label is learnt, meant or not.

    Parameters
    ----------
    keys : (n_rows,) array of str
        What is known of each row.
    labels : (n_rows,) array of str
        What is to be guessed.
    groups : (n_rows,) array
        Rows of one group are never asked about each other.
    order : sequence of str, optional
        All labels: of several that are equally frequent the first one in it is taken. By default the alphabet.

    Returns
    -------
    (n_rows,) array of str
        The guesses. A row whose key no other group has gets the most frequent label of all other groups.
    """
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    names = np.array(sorted(set(labels.tolist())) if order is None else list(order))
    if len(np.unique(groups)) < 2:
        raise ValueError("with one group only there is no other group to ask")
    hot = labels[:, None] == names
    out = []
    for key, group in zip(keys, groups, strict=True):
        others = groups != group
        alike = others & (keys == key)
        out.append(names[hot[alike if alike.any() else others].sum(axis=0).argmax()])
    return np.array(out)


def evidence(hunt):
    """Measure what could give a leak away.

    Parameters
    ----------
    hunt : Hunt

    Returns
    -------
    dict
        What is measured, in words -> float. No entry decides alone: hold it against the same of a clean split.
    """
    from sklearn.feature_selection import f_classif

    distance, near = nearest(hunt.X_train, hunt.X_test)
    everything = np.concatenate([hunt.y_train, hunt.y_test])
    counts = np.bincount(everything, minlength=len(hunt.classes))
    varying = hunt.X_train.std(axis=0) > 0
    F = np.sort(f_classif(hunt.X_train[:, varying], hunt.y_train)[0])
    means, sds = abs(hunt.X_test[:, varying].mean(axis=0)), hunt.X_test[:, varying].std(axis=0)
    return {
        "accuracy of the nearest neighbour": float(np.mean(hunt.y_train[near] == hunt.y_test)),
        "groups on both sides": float(len(np.intersect1d(hunt.groups_train, hunt.groups_test))),
        "share of test rows at distance 0": float(np.mean(distance < 1e-3)),
        "distance that 5 % of the test rows stay below": float(np.quantile(distance, 0.05)),
        "rows of the largest class for each of the smallest": float(counts.max() / max(counts[counts > 0].min(), 1)),
        "class differences (F) of the best column, over the second best": float(F[-1] / F[-2]),
        "largest mean of a test column": float(means.max()),
        "largest deviation of a test column": float(sds.max()),
    }


def guess(hunt, name):
    """Say whether the leak of a hunt has this name.

    Parameters
    ----------
    hunt : Hunt
        Of `hide`.
    name : str
        One of `LEAKS`; empty for no guess yet.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If there is no such leak.
    """
    if not name:
        print("No guess yet. The five leaks:")
        for known, words in LEAKS.items():
            print(f"  {known!r}: {words}")
        return False
    if name not in LEAKS:
        raise ValueError(f"no leak {name!r}; the five are: {', '.join(LEAKS)}")
    if name != hunt._leak:
        print(f"Not {name!r}: which measurement would it change, and did that one change?")
        return False
    print(f"Yes, {name!r}: {LEAKS[name]}.")
    return True
