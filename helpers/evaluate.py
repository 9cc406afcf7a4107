"""The one evaluator of the course: splits, confusion matrix, scores with their intervals, dummies, calibration.

Room: `helpers`; called by every lesson from 02 on. Labels are whole numbers 0 .. n_classes - 1, `groups` name what
belongs together (a recording, an instrument, a song), and every score that is shown carries the name of its data and
an interval that says over what it was taken.
"""

from dataclasses import asdict, dataclass
from html import escape
from typing import NamedTuple

import numpy as np

from helpers import _html
from helpers._names import as_names

SCORES_MIME = "application/vnd.course.scores+json"
FEW_GROUPS = 10  # below this a percentile bootstrap is known to come out too narrow
_QUANTILES = (0.025, 0.975)
MEASURES = ("accuracy", "macro recall")
MULTILABEL = {  # the scores of `multilabel_report`, and what they are called
    "exact": "exact match",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "per_label": "per label",
    "ranking": "label ranking average precision",
}


# -------------------------------------------------------------------------------------------------------- splits


def split_by_item(n_items, test_share, seed):
    """Split items at random, whatever they belong to.

    Only right where each item is a recording of its own: pieces of one recording on both sides make a test easy.

    Parameters
    ----------
    n_items : int
        Number of items, at least 2.
    test_share : float
        Share of the items that goes to the test side, between 0 and 1.
    seed : int

    Returns
    -------
    train_idx, test_idx : (n_train,) and (n_test,) int
        Ascending; `round(test_share * n_items)` items, at least 1, on the test side.

    Raises
    ------
    ValueError
        If there are fewer than 2 items, or the share is not between 0 and 1.
    """
    n_test = _test_count(n_items, test_share, "item")
    order = np.random.default_rng(seed).permutation(n_items)
    return np.sort(order[n_test:]), np.sort(order[:n_test])


def split_by_group(groups, test_share, seed, labels=None):
    """Split so that all items of a group stand on one side.

    Without `labels`, `round(test_share * n_groups)` groups, at least one, go to the test side. With `labels`, that
    share is taken class by class, the class with the fewest groups first, so that every class of two or more groups
    stands on both sides; a class of one group is all training.

    Parameters
    ----------
    groups : (n_items,) array of str or int
        What each item belongs to: a recording, an instrument, a song.
    test_share : float
        Share of the groups that goes to the test side, between 0 and 1.
    seed : int
    labels : (n_items,) array, optional
        Class of each item. A group may hold several classes.

    Returns
    -------
    train_idx, test_idx : (n_train,) and (n_test,) int
        Ascending, disjoint, together all items.

    Raises
    ------
    ValueError
        If `groups` is None, there are fewer than two groups, the share is not between 0 and 1, or no split puts
        every class on both sides.
    """
    if groups is None:
        raise ValueError(
            "these data come without groups: nothing says which items were cut from one recording. A split by item "
            "may put pieces of one recording on both sides, and its score then says nothing about new recordings. "
            "If you want that all the same, say so: split_by_item(len(dataset), test_share, seed)"
        )
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    n_test = _test_count(len(names), test_share, "group")
    rng = np.random.default_rng(seed)
    if labels is None:
        in_test = np.zeros(len(names), dtype=bool)
        in_test[rng.permutation(len(names))[:n_test]] = True
    else:
        in_test = _stratified_groups(index, len(names), np.asarray(labels).ravel(), test_share, rng)
    return np.flatnonzero(~in_test[index]), np.flatnonzero(in_test[index])


def folds_by_group(groups, n_folds, seed, labels):
    """Deal whole groups out to folds, class by class, so that each fold is the test side once and every item is tested.

    A class with at least two groups is never in one fold alone.

    Parameters
    ----------
    groups : (n_items,) array of str or int
        What each item belongs to.
    n_folds : int
        At least 2.
    seed : int
    labels : (n_items,) array
        Class of each item; a group is dealt out with the class of its first item.

    Returns
    -------
    (n_items,) int
        Fold of each item, 0 .. n_folds - 1.

    Raises
    ------
    ValueError
        For fewer than two folds, fewer groups than folds, or no groups.
    """
    if groups is None:
        raise ValueError("these data come without groups: nothing says which items belong in one fold")
    names, first, index = np.unique(np.asarray(groups), return_index=True, return_inverse=True)
    if not 2 <= n_folds <= len(names):
        raise ValueError(f"{n_folds} folds of {len(names)} groups: there must be at least two, and a group for each")
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(np.asarray(labels).ravel()[first[order]], kind="stable")]
    fold = np.empty(len(names), dtype=int)
    fold[order] = np.arange(len(names)) % n_folds
    return fold[index]


def _test_count(n, test_share, what):
    if not 0 < test_share < 1:
        raise ValueError(f"test_share is a share between 0 and 1, and not {test_share}")
    if n < 2:
        raise ValueError(f"a split needs at least two {what}s, one for each side; there is {n}")
    return min(max(round(test_share * n), 1), n - 1)


def _stratified_groups(index, n_groups, labels, test_share, rng, tries=100):
    """Choose the test groups class by class; groups of several classes can need more than one try."""
    if len(labels) != len(index):
        raise ValueError(f"{len(labels)} labels for {len(index)} items of groups: one label an item is needed")
    classes, y = np.unique(labels, return_inverse=True)
    holds = np.zeros((len(classes), n_groups), dtype=bool)
    holds[y, index] = True
    n_of = holds.sum(axis=1)
    wanted = np.where(n_of > 1, np.clip(np.rint(test_share * n_of), 1, np.maximum(n_of - 1, 1)), 0)
    if not (n_of > 1).any():
        raise ValueError("every class has only one group: no split by group can put a class on both sides")
    for _ in range(tries):
        in_test = np.zeros(n_groups, dtype=bool)
        for c in sorted(rng.permutation(len(classes)), key=n_of.__getitem__):
            for g in rng.permutation(np.flatnonzero(holds[c] & ~in_test)):
                left = (holds & ~in_test).sum(axis=1)[holds[:, g]]
                if (holds[c] & in_test).sum() < wanted[c] and (left > 1).all():
                    in_test[g] = True
        missing = classes[(n_of > 1) & ~(holds & in_test).any(axis=1)]
        if not len(missing):
            return in_test
    raise ValueError(
        f"found no split in {tries} tries that puts class {missing[0]!r} on both sides: its groups also hold the only "
        "training items of other classes. Split without labels, or leave that class out"
    )


# ------------------------------------------------------------------------------------------ confusion and scores


def check_total(cm, n_items):
    """Refuse a confusion matrix that does not add up to the number of items.

    One line that finds a matrix of the last batch only, or one that was never reset between epochs.

    Parameters
    ----------
    cm : (n_classes, n_classes) int
    n_items : int
        How many items were scored.

    Raises
    ------
    ValueError
        If the sum of the matrix is another number.
    """
    total = int(np.sum(cm))
    if total != n_items:
        raise ValueError(
            f"the confusion matrix adds up to {total:,} items, but {n_items:,} were scored. Fewer: a part of the "
            "data only (the last batch?), or labels outside the classes. More: counts of an earlier pass were kept"
        )


def confusion(y_true, y_pred, n_classes):
    """Count how often each class was taken for each other; rows are the truth, columns the prediction.

    ``cm[t, p]`` is the number of items of class ``t`` that were called ``p``.

    Parameters
    ----------
    y_true, y_pred : (n_items,) or (n_items, 1) int
        Classes 0 .. n_classes - 1.
    n_classes : int

    Returns
    -------
    (n_classes, n_classes) int

    Raises
    ------
    ValueError
        If the two differ in length, are empty, are not whole numbers, or lie outside the classes: the matrix must
        add up to the number of items.
    """
    t, p = _labels(y_true, "y_true"), _labels(y_pred, "y_pred")
    if len(t) != len(p):
        raise ValueError(f"{len(t):,} true labels but {len(p):,} predictions: every item needs one of each")
    known = (t >= 0) & (t < n_classes) & (p >= 0) & (p < n_classes)
    cm = np.bincount(t[known] * n_classes + p[known], minlength=n_classes**2).reshape(n_classes, n_classes)
    try:
        check_total(cm, len(t))
    except ValueError as error:
        strange = np.unique(np.concatenate([t[~known], p[~known]]))
        strange = strange[(strange < 0) | (strange >= n_classes)]
        raise ValueError(f"{error}. Labels outside 0 to {n_classes - 1}: {strange[:5].tolist()}") from None
    return cm


def accuracy(cm):
    """Share of the items on the diagonal of a confusion matrix (rows = truth)."""
    cm = _square(cm)
    return float(np.trace(cm) / cm.sum())


def recalls(cm):
    """Share of each class that was found: ``cm[c, c] / cm[c].sum()``; NaN for a class without items.

    Returns
    -------
    (n_classes,) float
    """
    return _recalls(np.diag(_square(cm)), cm.sum(axis=1))


def macro_recall(cm):
    """Mean of the recalls over the classes that have items: every class counts the same, however rare it is.

    Also called balanced accuracy (Brodersen et al., "The balanced accuracy and its posterior distribution", 2010).
    """
    return float(np.nanmean(recalls(cm)))


def bootstrap(correct, groups=None, n_boot=1000, seed=0):
    """95 % interval of an accuracy by drawing whole groups with replacement.

    Items of one recording succeed and fail together, so the recordings are what is drawn; drawing items gives an
    interval that is too narrow by up to sqrt(items per recording). Percentile interval (Efron & Tibshirani, "An
    Introduction to the Bootstrap", 1993, chapter 13); with fewer than about ten groups it is still too narrow.

    Parameters
    ----------
    correct : (n_items,) bool
        Which items were right.
    groups : (n_items,) array or None
        What each item belongs to; None draws single items.
    n_boot : int
        Number of draws.
    seed : int

    Returns
    -------
    low, high : float
        NaN, NaN if there is one group only: nothing can be said about another one.

    Raises
    ------
    ValueError
        If `correct` is not made of right (True, 1) and wrong (False, 0), or lengths differ.
    """
    correct = np.asarray(correct).ravel()
    if not len(correct) or not np.isin(correct, (0, 1)).all():
        raise ValueError("`correct` says for each item whether it was right: True or False (1 or 0), and at least one")
    correct = correct.astype(bool)
    right, total = _draws(np.zeros(len(correct), dtype=int), correct, 1, groups, n_boot, seed)
    return _interval(right[:, 0] / total[:, 0], _n_groups(groups, len(correct)))


def _labels(y, name):
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1 or not len(y):
        raise ValueError(
            f"{name} should hold one class number an item, shape (n_items,) and not empty; its shape is {y.shape}. "
            "One-hot labels or probabilities: take .argmax(axis=1) first"
        )
    if y.dtype.kind not in "biuf" or not np.array_equal(y, np.rint(y)):
        raise ValueError(f"{name} should hold whole numbers (classes 0, 1, 2, ...); it holds {y.dtype} like {y[0]!r}")
    return y.astype(np.int64)


def _square(cm):
    cm = np.asarray(cm)
    if cm.ndim != 2 or cm.shape[0] != cm.shape[1]:
        raise ValueError(f"a confusion matrix is square, (n_classes, n_classes); this one has shape {cm.shape}")
    if cm.sum() <= 0:
        raise ValueError("the confusion matrix is empty: no item was scored")
    return cm


def _recalls(right, total):
    return np.divide(right, total, out=np.full(np.shape(total), np.nan), where=np.asarray(total) > 0)


def _n_groups(groups, n_items):
    return n_items if groups is None else len(np.unique(np.asarray(groups)))


def _draws(y, correct, n_classes, groups, n_boot, seed):
    """Right and all items per class in each bootstrap draw: two arrays (n_boot, n_classes).

    Groups that look alike (as many items, as many right, in each class) are interchangeable, so the draw is one
    multinomial over the *distinct* groups: exact, and fast for single items too, of which 2 * n_classes differ.
    """
    if groups is None:
        rows = np.zeros((2 * n_classes, 2, n_classes))
        c = np.arange(n_classes)
        rows[2 * c, 1, c] = 1  # wrong: counted
        rows[2 * c + 1, :, c] = 1  # right: counted, and right
        times = np.bincount(2 * y + correct, minlength=2 * n_classes)
        rows, times = rows[times > 0], times[times > 0]
    else:
        groups = np.asarray(groups).ravel()
        if len(groups) != len(y):
            raise ValueError(f"{len(groups):,} groups for {len(y):,} items: one group an item is needed")
        names, index = np.unique(groups, return_inverse=True)
        cell = index * n_classes + y
        right = np.bincount(cell, weights=correct, minlength=len(names) * n_classes)
        total = np.bincount(cell, minlength=len(names) * n_classes)
        rows = np.stack([right, total]).reshape(2, len(names), n_classes).transpose(1, 0, 2)
        rows, times = np.unique(rows, axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    step = max(1, 2_000_000 // len(rows))  # bounds the memory of a draw with many distinct groups
    drawn = [
        rng.multinomial(times.sum(), times / times.sum(), size=min(step, n_boot - start))
        @ rows.reshape(len(rows), 2 * n_classes)
        for start in range(0, n_boot, step)
    ]
    drawn = np.concatenate(drawn).reshape(n_boot, 2, n_classes)
    return drawn[:, 0], drawn[:, 1]


def _interval(draws, n_groups):
    if n_groups < 2:
        return float("nan"), float("nan")
    low, high = np.quantile(draws, _QUANTILES)
    return float(low), float(high)


# ---------------------------------------------------------------------------------------------------- the report


class PerClass(NamedTuple):
    """One class of a report: its name, its items, its groups (None if there are none) and its recall."""

    name: str
    n_items: int
    n_groups: int | None
    recall: float


@dataclass(frozen=True, repr=False, eq=False)
class Report:
    """How a model did on one set of items. Made by `report`; reads as a table in a notebook and as text elsewhere."""

    data: str
    classes: tuple
    n: int
    accuracy: float
    accuracy_interval: tuple
    macro_recall: float
    macro_recall_interval: tuple
    over: str
    n_groups: int | None
    group_name: str
    confusion: np.ndarray
    per_class: tuple

    @property
    def notes(self):
        """Sentences on how far the intervals can be trusted."""
        notes = []
        if self.n_groups is None:
            notes.append(
                "The data have no groups, so the interval is over single items. If several items come from one "
                "recording, it is too narrow."
            )
        elif self.n_groups < 2:
            notes.append(f"One {self.group_name} only: nothing can be said about another one, so no interval.")
        elif self.n_groups < FEW_GROUPS:
            notes.append(f"Only {self.over}: the interval is rough, and rather too narrow.")
        if self.accuracy == 1 and self.n_groups != 1:
            notes.append("Nothing was wrong, so a bootstrap sees no spread: the interval has no width, not no error.")
        if absent := [row.name for row in self.per_class if not row.n_items]:
            notes.append(f"No items of {', '.join(absent)}: left out of the macro recall.")
        return tuple(notes)

    def confusions(self, k=3):
        """The k largest confusions as (true class, predicted class, count, share of the true class)."""
        cm = self.confusion - np.diag(np.diag(self.confusion))
        order = np.argsort(-cm, axis=None, kind="stable")[:k]
        pairs = [np.unravel_index(i, cm.shape) for i in order]
        return [
            (self.classes[t], self.classes[p], int(cm[t, p]), float(cm[t, p] / self.confusion[t].sum()))
            for t, p in pairs
            if cm[t, p]
        ]

    def _parts(self):
        where = f" in {self.over}" if self.n_groups is not None else ""
        caption = f"{self.data}: {self.n:,} items{where}"
        lines = [
            f"accuracy {self.accuracy:.3f}, {_interval_text(self.accuracy_interval, self.over)}",
            f"macro recall {self.macro_recall:.3f}, {_interval_text(self.macro_recall_interval, self.over)}",
        ]
        grouped = self.n_groups is not None
        head = ["class", "items", *([_html.plural(self.group_name)] if grouped else []), "recall", "most often taken for"]
        rows = []
        for c, row in enumerate(self.per_class):
            wrong = np.where(np.arange(len(self.classes)) == c, 0, self.confusion[c])
            taken = f"{self.classes[wrong.argmax()]} ({wrong.max():,})" if wrong.any() else "–"
            recall = f"{row.recall:.3f}" if row.n_items else "–"
            rows.append([row.name, f"{row.n_items:,}", *([f"{row.n_groups:,}"] if grouped else []), recall, taken])
        return caption, lines, head, rows, range(1, len(head) - 1)

    def __repr__(self):
        caption, lines, head, rows, numeric = self._parts()
        return _html.text_table("\n".join([caption, *lines, *self.notes]), head, rows, numeric)

    def _repr_html_(self):
        caption, lines, head, rows, numeric = self._parts()
        paragraphs = "".join(f"<p>{_html.escape(line[0].upper() + line[1:])}</p>" for line in (*lines, *self.notes))
        return _html.html_table(caption, head, rows, numeric) + paragraphs


def report(y_true, y_pred_or_proba, dataset_title, classes, groups=None, *, group_name="group", n_boot=1000, seed=0):
    """Score predictions: accuracy and macro recall with 95 % intervals, confusion matrix, counts per class.

    The intervals come from drawing whole groups with replacement (see `bootstrap`); a class that a draw leaves out is
    left out of that draw's macro recall.

    Parameters
    ----------
    y_true : (n_items,) int
        Classes 0 .. n_classes - 1.
    y_pred_or_proba : (n_items,) int, or (n_items, n_classes) float
        Predicted classes, or probabilities (any score): the largest wins.
    dataset_title : str
        What the score is printed with, such as `dataset.title`.
    classes : sequence of str
    groups : (n_items,) array, optional
        What each item belongs to; without it the intervals are over items, and the report says so.
    group_name : str
        What a group is, in the singular: "recording", "instrument", "song".
    n_boot, seed : int
        Draws of the bootstrap, and their seed.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If shapes do not fit, labels lie outside the classes, or probabilities are not finite.
    """
    classes = tuple(str(name) for name in as_names(classes))
    if not str(dataset_title).strip():
        raise ValueError("a score is only worth something with the name of its data: pass dataset.title")
    y = _labels(y_true, "y_true")
    pred = np.asarray(y_pred_or_proba)
    if pred.ndim == 2 and pred.shape[1] > 1:
        pred = _proba(pred, len(y), len(classes)).argmax(axis=1)
    pred = _labels(pred, "y_pred")
    cm = confusion(y, pred, len(classes))
    n_groups = None if groups is None else _n_groups(groups, len(y))
    over = _html.count(len(y), "item") if groups is None else _html.count(n_groups, group_name)
    right, total = _draws(y, y == pred, len(classes), groups, n_boot, seed)
    macro_draws = np.nanmean(_recalls(right, total), axis=1)
    cm.setflags(write=False)
    per_class = tuple(
        PerClass(
            name,
            int(cm[c].sum()),
            None if groups is None else len(np.unique(np.asarray(groups).ravel()[y == c])),
            float(recalls(cm)[c]),
        )
        for c, name in enumerate(classes)
    )
    return Report(
        data=str(dataset_title),
        classes=classes,
        n=len(y),
        accuracy=accuracy(cm),
        accuracy_interval=bootstrap(y == pred, groups, n_boot, seed),
        macro_recall=macro_recall(cm),
        macro_recall_interval=_interval(macro_draws, _n_groups(groups, len(y))),
        over=over,
        n_groups=n_groups,
        group_name=group_name,
        confusion=cm,
        per_class=per_class,
    )


def _proba(proba, n_items, n_classes):
    proba = np.asarray(proba, dtype=np.float64)
    if proba.shape != (n_items, n_classes):
        raise ValueError(
            f"probabilities should have the shape (n_items, n_classes) = ({n_items}, {n_classes}); it is {proba.shape}"
        )
    if not np.isfinite(proba).all():
        row = int(np.flatnonzero(~np.isfinite(proba).all(axis=1))[0])
        raise ValueError(f"the prediction of item {row} is not finite (NaN or infinite): did the training diverge?")
    return proba


def _interval_text(interval, over):
    if np.isnan(interval).any():
        return f"no interval (only {over})"
    return f"95 % interval {interval[0]:.3f} to {interval[1]:.3f} (bootstrap over {over})"


# --------------------------------------------------------------------------------------------- what it must beat


def dummy_predictions(y_train, n_test, n_classes, seed):
    """Predict without looking at the test items: what every model must beat.

    Parameters
    ----------
    y_train : (n_train,) int
        Classes 0 .. n_classes - 1.
    n_test : int
        Number of predictions.
    n_classes : int
    seed : int

    Returns
    -------
    dict
        "most frequent" (always the commonest class of the training set), "stratified" (drawn with the shares of the
        training set) and "uniform" (all classes alike) -> (n_test,) int.
    """
    counts = np.bincount(_labels(y_train, "y_train"), minlength=n_classes)
    if len(counts) > n_classes:
        raise ValueError(f"a training label is {len(counts) - 1}, but there are {n_classes} classes (0 and up)")
    rng = np.random.default_rng(seed)
    return {
        "most frequent": np.full(n_test, counts.argmax()),
        "stratified": rng.choice(n_classes, size=n_test, p=counts / counts.sum()),
        "uniform": rng.integers(n_classes, size=n_test),
    }


def dummies(y_train, y_test, n_classes, seed):
    """Score the three predictors of `dummy_predictions` on the test labels.

    Parameters
    ----------
    y_train, y_test : (n_train,) and (n_test,) int
        Classes 0 .. n_classes - 1.
    n_classes : int
    seed : int

    Returns
    -------
    dict
        name -> {"accuracy": float, "macro_recall": float}
    """
    scores = {}
    for name, pred in dummy_predictions(y_train, len(y_test), n_classes, seed).items():
        cm = confusion(y_test, pred, n_classes)
        scores[name] = {"accuracy": accuracy(cm), "macro_recall": macro_recall(cm)}
    return scores


def nearest_distance(X_train, X_test):
    """Euclidean distance of each test row to its nearest training row, both standardised with training statistics.

    A leak detector: a test item that is a near copy of a training item stands out on the left of the histogram.

    Parameters
    ----------
    X_train : (n_train, n_features)
    X_test : (n_test, n_features)

    Returns
    -------
    (n_test,) float
        In training standard deviations; 0 for an exact copy.
    """
    from helpers import standardize

    scaler = standardize.fit(X_train)
    train = np.asarray(scaler.apply(X_train), dtype=np.float64)
    test = np.asarray(scaler.apply(X_test), dtype=np.float64)
    half_square = 0.5 * np.einsum("ij,ij->i", train, train)
    step = max(1, 8_000_000 // len(train))
    nearest = np.concatenate(
        [(half_square - test[i : i + step] @ train.T).argmin(axis=1) for i in range(0, len(test), step)]
    )
    # The expansion a² - 2ab + b² finds the neighbour; its distance is computed anew, because near copies cancel in it.
    return np.linalg.norm(test - train[nearest], axis=1)


# --------------------------------------------------------------------------------------------------- calibration


@dataclass(frozen=True, eq=False)
class Calibration:
    """How sure a model was, against how often it was right, in bins of its confidence.

    Parameters
    ----------
    edges : (bins + 1,) float
        Limits of the bins, 0 to 1.
    count : (bins,) int
        Items in each bin.
    confidence, accuracy : (bins,) float
        Mean of the largest probability, and share of right answers; NaN in an empty bin.
    error : float
        Expected calibration error: mean of |confidence - accuracy| over the items.
    log_loss : float
        Mean of -ln p(true class), p limited to at least 1e-7 as in Keras.
    """

    edges: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    error: float
    log_loss: float


def calibration(y_true, proba, bins=10):
    """Compare confidence and accuracy in equal bins of the largest probability.

    ``error = sum_b n_b / n * |accuracy_b - confidence_b|`` (Guo et al., "On calibration of modern neural networks",
    2017).

    Parameters
    ----------
    y_true : (n_items,) int
    proba : (n_items, n_classes) float
        Probabilities: each row sums to 1.
    bins : int
        Number of bins between 0 and 1.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If the rows do not sum to 1 (a sigmoid output, or logits), or shapes do not fit.
    """
    y = _labels(y_true, "y_true")
    proba = np.asarray(proba)
    if proba.ndim != 2:
        raise ValueError(f"calibration needs probabilities (n_items, n_classes); the shape is {proba.shape}")
    proba = _proba(proba, len(y), proba.shape[1])
    sums = proba.sum(axis=1)
    if proba.min() < 0 or np.abs(sums - 1).max() > 1e-3:
        raise ValueError(
            f"each row of probabilities should sum to 1; here they sum to {sums.min():.3g} to {sums.max():.3g}. "
            "A sigmoid output for one-of-many classes, or logits without a softmax, look like this"
        )
    if y.min() < 0 or y.max() >= proba.shape[1]:
        raise ValueError(f"labels run from {y.min()} to {y.max()}, but there are {proba.shape[1]} columns (0 and up)")
    sure = np.minimum(proba.max(axis=1), 1.0)
    right = proba.argmax(axis=1) == y
    edges = np.linspace(0, 1, bins + 1)
    where = np.clip(np.digitize(sure, edges[1:-1], right=True), 0, bins - 1)
    count = np.bincount(where, minlength=bins)
    confidence = _recalls(np.bincount(where, weights=sure, minlength=bins), count)
    accurate = _recalls(np.bincount(where, weights=right, minlength=bins), count)
    error = np.nansum(np.abs(confidence - accurate) * count) / len(y)
    log_loss = -np.log(np.maximum(proba[np.arange(len(y)), y], 1e-7)).mean()
    return Calibration(edges, count, confidence, accurate, float(error), float(log_loss))


# ------------------------------------------------------------------------------------- several labels at a time


def multilabel(Y_true, Y_pred):
    """Score answers that say yes or no to every label: four numbers, from the mildest to the strictest reading.

    ``F1 = 2 TP / (2 TP + FP + FN)``; where there is no yes at all, neither in the truth nor in the answers, it is 0.

    Parameters
    ----------
    Y_true, Y_pred : (n_items, n_labels) arrays of 0 and 1 (int, bool or float)

    Returns
    -------
    dict of float, 0 to 1
        "per_label" (share of all decisions that are right), "exact" (share of the items whose labels are all right; the
        subset accuracy), "micro_f1" (one F1 over all decisions together), "macro_f1" (mean of the labels' own F1).

    Raises
    ------
    ValueError
        If the shapes differ, nothing is given, or entries are other than 0 and 1 (scores: compare with a threshold
        first).
    """
    counts = _label_counts(*_hot(Y_true, Y_pred))
    return {name: float(value) for name, value in _label_scores(counts.sum(axis=0)).items()}


def surest(scores, k):
    """Say yes to the k labels with the largest scores of each item; of equal ones the first.

    Parameters
    ----------
    scores : (n_items, n_labels) float array
    k : int
        1 to n_labels.

    Returns
    -------
    (n_items, n_labels) int array of 0 and 1
    """
    scores = np.asarray(scores)
    if scores.ndim != 2 or not 1 <= k <= scores.shape[1]:
        raise ValueError(f"surest needs scores (n_items, n_labels) and k from 1 to n_labels; got {scores.shape} and k={k}")
    if not np.isfinite(scores).all():
        raise ValueError("scores hold NaN or infinite values: which label is surest cannot be told")
    said = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(said, np.argsort(-scores, axis=1, kind="stable")[:, :k], 1, axis=1)
    return said


def label_ranking(Y_true, scores):
    """Label ranking average precision: are the labels that are there ranked above those that are not?

    For each label that is there: of the labels ranked as high or higher, the share that is there, too; the mean over the
    labels of an item, then over the items. 1 is a perfect order; no threshold is needed. An item with no label, or with
    all of them, counts as 1. (Tsoumakas, Katakis & Vlahavas, "Mining multi-label data", 2010.)

    Parameters
    ----------
    Y_true : (n_items, n_labels) array of 0 and 1
    scores : (n_items, n_labels) float array
        Larger means surer.

    Returns
    -------
    float
        0 (not reached) to 1.

    Raises
    ------
    ValueError
        If shapes differ or a score is not finite.
    """
    return float(_label_ranks(_hot(Y_true)[0], scores).mean())


@dataclass(frozen=True, repr=False, eq=False)
class MultilabelReport:
    """How a model did where several labels can be right at once. Made by `multilabel_report`.

    `scores` and `intervals` are keyed like the result of `multilabel`, "ranking" (`label_ranking`) beside them where the
    model's scores were given; `per_label` has for each label (name, items that have it, items said to have it,
    precision, recall, F1), NaN for a share of nothing.
    """

    data: str
    names: tuple
    n: int
    scores: dict
    intervals: dict
    over: str
    per_label: tuple

    def _parts(self):
        caption = f"{self.data}: {self.n:,} items"
        lines = [
            f"{words} {self.scores[key]:.3f}, {_interval_text(self.intervals[key], self.over)}"
            for key, words in MULTILABEL.items()
            if key in self.scores
        ]
        head = ["label", "items", "said", "precision", "recall", "F1"]
        rows = [
            [name, f"{there:,}", f"{said:,}", *("–" if np.isnan(value) else f"{value:.3f}" for value in shares)]
            for name, there, said, *shares in self.per_label
        ]
        return caption, lines, head, rows, range(1, len(head))

    def __repr__(self):
        caption, lines, head, rows, numeric = self._parts()
        return _html.text_table("\n".join([caption, *lines]), head, rows, numeric)

    def _repr_html_(self):
        caption, lines, head, rows, numeric = self._parts()
        paragraphs = "".join(f"<p>{_html.escape(line[0].upper() + line[1:])}</p>" for line in lines)
        return _html.html_table(caption, head, rows, numeric) + paragraphs


def multilabel_report(Y_true, Y_pred, dataset_title, names, groups=None, *, scores=None, group_name="group", n_boot=1000,
                      seed=0):  # fmt: skip
    """Score yes/no answers to several labels, with 95 % intervals over whole groups.

    Groups are drawn with replacement (see `bootstrap`), and an item counts as often as its group was drawn. An item that
    was made of several groups (a mixture of two songs) counts as often as the *product* of their draws says (the
    pigeonhole bootstrap: Owen, "The pigeonhole bootstrap", 2007).

    Parameters
    ----------
    Y_true, Y_pred : (n_items, n_labels) arrays of 0 and 1
    dataset_title : str
        What the scores are printed with, such as `dataset.title`.
    names : sequence of str
        Names of the labels.
    groups : (n_items,) or (n_items, k) array, optional
        What each item belongs to, or the k things it was made of; without it the intervals are over items.
    scores : (n_items, n_labels) float array, optional
        The model's scores, for the label ranking.
    group_name : str
        What a group is, in the singular.
    n_boot, seed : int
        Draws of the bootstrap, and their seed.

    Returns
    -------
    MultilabelReport

    Raises
    ------
    ValueError
        If shapes do not fit, entries are other than 0 and 1, or the title is empty.
    """
    if not str(dataset_title).strip():
        raise ValueError("a score is only worth something with the name of its data: pass dataset.title")
    truth, said = _hot(Y_true, Y_pred)
    n, n_labels = truth.shape
    names = as_names(names)
    if len(names) != n_labels:
        raise ValueError(f"{n_labels} label names are needed, one a column; there are {len(names)}")
    counts = _label_counts(truth, said)
    if scores is not None:
        counts = np.hstack([counts, _label_ranks(truth, scores)[:, None]])
    grouping = np.arange(n)[:, None] if groups is None else np.asarray(groups).reshape(len(groups), -1)
    if len(grouping) != n:
        raise ValueError(f"{len(grouping):,} groups for {n:,} items: one group (or one row of groups) an item is needed")
    index = np.unique(grouping, return_inverse=True)[1].reshape(grouping.shape)
    n_groups = int(index.max()) + 1
    over = _html.count(n, "item") if groups is None else _html.count(n_groups, group_name)
    found = _label_scores(counts.sum(axis=0))
    rng, drawn = np.random.default_rng(seed), []
    step = max(1, 4_000_000 // max(n, n_groups))  # bounds the memory of the draws
    for start in range(0, n_boot, step):
        times = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=min(step, n_boot - start))
        weights = times[:, index].prod(axis=2).astype(float)
        drawn.append(weights[weights.sum(axis=1) > 0] @ counts)
    draws = _label_scores(np.concatenate(drawn))
    there, given, both = truth.sum(axis=0), said.sum(axis=0), (truth & said).sum(axis=0)
    shares = np.stack([_recalls(both, given), _recalls(both, there), _recalls(2 * both, there + given)], axis=1)
    per_label = tuple(
        (str(names[c]), int(there[c]), int(given[c]), *(float(value) for value in shares[c])) for c in range(n_labels)
    )
    return MultilabelReport(
        data=str(dataset_title),
        names=tuple(str(name) for name in names),
        n=n,
        scores={key: float(value) for key, value in found.items()},
        intervals={key: _interval(draws[key], n_groups) for key in found},
        over=over,
        per_label=per_label,
    )


def _hot(*arrays):
    """Yes/no arrays of one shape (n_items, n_labels), as bool."""
    arrays = [np.asarray(array) for array in arrays]
    for array in arrays:
        if array.ndim != 2 or not array.size or array.shape != arrays[0].shape:
            raise ValueError(
                f"labels should be two arrays of one shape (n_items, n_labels), not empty; these are "
                f"{' and '.join(str(a.shape) for a in arrays)}"
            )
        if not np.isin(array, (0, 1)).all():
            raise ValueError("labels should be 0 and 1 only: compare scores with a threshold first, scores >= 0.5")
    return [array.astype(bool) for array in arrays]


def _label_counts(truth, said):
    """What each item adds to the scores: 1, right decisions, all right, then TP and all yes of each label."""
    same = truth == said
    first = np.stack([np.ones(len(truth)), same.mean(axis=1), same.all(axis=1)], axis=1)
    return np.hstack([first, truth & said, truth.astype(float) + said])


def _label_scores(sums):
    """The scores of summed counts, over any leading axes; with "ranking" where a last column holds it."""
    sums = np.asarray(sums, dtype=float)
    n_labels = (sums.shape[-1] - 3) // 2
    tp, yes = sums[..., 3 : 3 + n_labels], sums[..., 3 + n_labels : 3 + 2 * n_labels]
    f1 = np.divide(2 * tp, yes, out=np.zeros_like(tp), where=yes > 0)
    n_tp, n_yes = tp.sum(axis=-1), yes.sum(axis=-1)
    scores = {
        "per_label": sums[..., 1] / sums[..., 0],
        "exact": sums[..., 2] / sums[..., 0],
        "micro_f1": np.divide(2 * n_tp, n_yes, out=np.zeros_like(n_tp), where=n_yes > 0),
        "macro_f1": f1.mean(axis=-1),
    }
    if (sums.shape[-1] - 3) % 2:
        scores["ranking"] = sums[..., -1] / sums[..., 0]
    return scores


def _label_ranks(truth, scores):
    """Average precision of the ranking of each item."""
    scores = _proba(scores, *truth.shape)
    higher = scores[:, :, None] <= scores[:, None, :]  # (item, label, another one that is ranked as high or higher)
    share = (higher & truth[:, None, :]).sum(axis=2) / higher.sum(axis=2)
    n_there = truth.sum(axis=1)
    ranks = np.divide((share * truth).sum(axis=1), n_there, out=np.ones(len(truth)), where=n_there > 0)
    return ranks


# ---------------------------------------------------------------------------------- the table that ends a lesson


def split_interval(scores, test_share):
    """Mean and 95 % interval of a score over repeated random splits, which share most of their training items.

    Corrected resampled t interval: ``mean ± t(0.975, J - 1) * sqrt((1 / J + n_test / n_train) * var)`` with the sample
    variance over the J splits (Nadeau & Bengio, "Inference for the generalization error", 2003). Without the second
    term it would shrink with every further split of the same data.

    Parameters
    ----------
    scores : (n_splits,) float
        One score a split, 0 to 1.
    test_share : float
        Share of the groups (or items) on the test side of each split.

    Returns
    -------
    mean, low, high : float
        The interval is cut to 0 .. 1.
    """
    mean, half = _over_splits(scores, test_share)
    return mean, max(mean - half, 0.0), min(mean + half, 1.0)


def _over_splits(values, test_share):
    """Mean of one value a split, and half of its corrected 95 % interval: see `split_interval`."""
    from scipy.stats import t

    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"an interval over splits needs the scores of at least two splits; there are {values.size}")
    if not 0 < test_share < 1:
        raise ValueError(f"test_share is a share between 0 and 1, and not {test_share}")
    spread = np.sqrt((1 / len(values) + test_share / (1 - test_share)) * values.var(ddof=1))
    return float(values.mean()), float(t.ppf(0.975, len(values) - 1) * spread)


@dataclass(frozen=True)
class Gain:
    """By how much one model is better than another on the same splits: made by `gain_over_splits`.

    Attributes
    ----------
    gains : tuple of float
        Accuracy of the second model minus that of the first, split by split, -1 to 1.
    mean, low, high : float
        Mean gain and its 95 % interval.
    data : str
        The data's name.
    """

    gains: tuple
    mean: float
    low: float
    high: float
    data: str

    @property
    def verdict(self):
        """What the interval says, in words."""
        if self.low > 0:
            return "the second is better"
        return "the second is worse" if self.high < 0 else "these splits cannot tell the two apart"

    def __str__(self):
        each = ", ".join(f"{gain:+.3f}" for gain in self.gains)
        return (
            f"{self.data}: gain on each split {each}\n"
            f"mean {self.mean:+.3f}, 95 % interval {self.low:+.3f} to {self.high:+.3f} "
            f"over {len(self.gains)} random splits: {self.verdict}"
        )


def gain_over_splits(before, after, test_share):
    """Gain in accuracy of one model over another on the same random splits, with the interval of the *difference*.

    Two models that meet the same test rows share the luck of each split, so their own intervals may overlap although
    one beats the other every time. The differences are what has to lie clear of 0; their interval is that of
    `split_interval` (Nadeau & Bengio 2003). Print the result: it says each gain, mean, interval and verdict.

    Parameters
    ----------
    before, after : sequence of Report
        One report a split of each model, in the same order of splits; at least two.
    test_share : float
        Share of the groups (or items) on the test side of each split.

    Returns
    -------
    Gain

    Raises
    ------
    ValueError
        If there are fewer than two splits, the two lists differ in length, or a pair was not scored on the same data
        with the same number of test items in every class.
    """
    before, after = list(before), list(after)
    if len(before) != len(after):
        raise ValueError(f"a gain needs both models on every split; there are {len(before)} and {len(after)} reports")
    names = {report.data for report in (*before, *after)}
    if len(names) > 1:
        raise ValueError(f"a gain over splits is one on the same data; these are {sorted(names)}")
    for split, (first, second) in enumerate(zip(before, after, strict=True)):
        if not np.array_equal(first.confusion.sum(axis=1), second.confusion.sum(axis=1)):
            raise ValueError(f"the two reports of split {split} were not made on the same test items")
    gains = tuple(float(second.accuracy - first.accuracy) for first, second in zip(before, after, strict=True))
    mean, half = _over_splits(gains, test_share)
    return Gain(gains, mean, mean - half, mean + half, names.pop())


@dataclass(frozen=True)
class Score:
    """One row of a table of scores: what was scored, on which data and split, with its interval.

    Parameters
    ----------
    model, data, split : str
        What was scored, the data's name (`dataset.title`), and how training and test were separated.
    accuracy : float
        0 to 1. The first of the `measures`.
    interval : (float, float) or None
        95 % interval; None for a published score, which then needs a `source`.
    macro_recall : float or None
        0 to 1. The second of the `measures`.
    note : str
    over : str
        What the interval was taken over: "18 recordings", "10 splits".
    source : str
        Where a published score stands.
    kind : str
        "as written", "repaired", "best published", "baseline".
    measures : (str, str)
        What the two numbers are, where they are others than accuracy and macro recall: ("exact match", "macro F1").

    Raises
    ------
    ValueError
        For a score without the name of its data; with neither interval nor source; with an interval that does not
        say over what it was taken or does not hold the score; for per cent in place of a share.
    """

    model: str
    data: str
    split: str
    accuracy: float
    interval: tuple | None = None
    macro_recall: float | None = None
    note: str = ""
    over: str = ""
    source: str = ""
    kind: str = ""
    measures: tuple = MEASURES

    def __post_init__(self):
        object.__setattr__(self, "measures", tuple(self.measures))  # a list, where the row was kept as JSON
        if not self.data.strip():
            raise ValueError(f"the score of {self.model!r} needs the name of its data (dataset.title)")
        for name, value in zip(self.measures, (self.accuracy, self.macro_recall), strict=True):
            if value is not None and not 0 <= value <= 1:
                raise ValueError(
                    f"{name} of {self.model!r} is a share from 0 to 1, and not {value}: divide per cent by 100"
                )
        if self.interval is None:
            if not (self.source or self.over):
                raise ValueError(
                    f"the score of {self.model!r} has no interval: use Score.of(report, ...), or, for a published "
                    "score, say where it stands: source=..."
                )
        else:
            if not self.over:
                raise ValueError(f"say over what the interval of {self.model!r} was taken: over='18 recordings'")
            low, high = self.interval
            if not low - 1e-9 <= self.accuracy <= high + 1e-9:
                raise ValueError(
                    f"the interval of {self.model!r}, {low} to {high}, does not hold its score {self.accuracy}"
                )

    @classmethod
    def of(cls, report, model, split, note="", kind=""):
        """The row of a `Report`."""
        known = not np.isnan(report.accuracy_interval).any()
        return cls(
            model=model,
            data=report.data,
            split=split,
            accuracy=report.accuracy,
            interval=report.accuracy_interval if known else None,
            macro_recall=report.macro_recall,
            note=note,
            over=report.over if known else f"none: only {report.over}",
            kind=kind,
        )

    @classmethod
    def of_labels(cls, report, model, split, note="", kind="", measures=("exact", "macro_f1")):
        """The row of a `MultilabelReport`: two of its scores, the first one with its interval."""
        first, second = measures
        interval = report.intervals[first]
        known = not np.isnan(interval).any()
        return cls(
            model=model,
            data=report.data,
            split=split,
            accuracy=report.scores[first],
            interval=interval if known else None,
            macro_recall=report.scores[second],
            note=note,
            over=report.over if known else f"none: only {report.over}",
            kind=kind,
            measures=tuple(MULTILABEL[name] for name in measures),
        )

    @classmethod
    def over_splits(cls, reports, test_share, model, split, note="", kind=""):
        """The row of one model scored on several random splits of the same data: see `split_interval`."""
        names = {report.data for report in reports}
        if len(names) > 1:
            raise ValueError(f"an interval over splits is one of the same data; these are {sorted(names)}")
        mean, low, high = split_interval([report.accuracy for report in reports], test_share)
        macro = float(np.mean([report.macro_recall for report in reports]))
        return cls(
            model, names.pop(), split, mean, (low, high), macro, note, over=f"{len(reports)} random splits", kind=kind
        )


def show_scores(scores, caption):
    """Display scores as an accessible table, in plain text where there is no notebook.

    The output also carries the rows as data (MIME type `SCORES_MIME`), which `course run --json` reads back.

    Parameters
    ----------
    scores : sequence of Score
    caption : str
        What the table compares.
    """
    from IPython.display import display

    display(score_table(scores, caption))


def score_table(scores, caption):
    """The display object of `show_scores`."""
    scores = list(scores)
    if not scores:
        raise ValueError("there are no scores to show")
    kinds = any(score.kind for score in scores)
    first, second = same_measures(scores)
    head = [*(["kind"] if kinds else []), "model", "data", "split", first, "95 % interval", second, "note"]
    rows = []
    for s in scores:
        if s.interval is not None:
            interval = f"{s.interval[0]:.3f} to {s.interval[1]:.3f}, over {s.over}"
        else:
            interval = s.over or "not published"
        note = "; ".join(part for part in (s.note, s.source and f"source: {s.source}") if part)
        macro = "–" if s.macro_recall is None else f"{s.macro_recall:.3f}"
        rows.append(
            [*([s.kind] if kinds else []), s.model, s.data, s.split, f"{s.accuracy:.3f}", interval, macro, note]
        )
    numbers = head.index(first)
    narrow = [[_who(score), *row[numbers:]] for score, row in zip(scores, rows, strict=True)]
    return _html.Shown(
        _html.html_table(caption, ["model, data and split", *head[numbers:]], narrow, numeric=(1, 3)),
        _html.text_table(caption, head, rows, numeric=(numbers, numbers + 2)),
        {SCORES_MIME: [_plain(score) for score in scores]},
    )


def _who(score):
    """First cell of a row: in three lines, so that the table fits a narrow window, or a wide one at 200 % zoom."""
    kind = f"{score.kind}: " if score.kind else ""
    lines = "<br>".join(escape(text) for text in (score.data, score.split))
    return _html.Markup(f'{escape(kind + score.model)}<br><span style="font-weight:normal">{lines}</span>')


def same_measures(scores):
    """The two measures of some scores; refuses scores that are not of the same ones."""
    measures = {score.measures for score in scores}
    if len(measures) > 1:
        raise ValueError(f"these scores cannot stand in one column: {' and '.join(map(str, sorted(measures)))}")
    return measures.pop()


def _plain(score):
    row = asdict(score)
    row["measures"] = list(score.measures)
    row["accuracy"] = float(score.accuracy)
    row["macro_recall"] = None if score.macro_recall is None else float(score.macro_recall)
    row["interval"] = None if score.interval is None else [float(limit) for limit in score.interval]
    return row
