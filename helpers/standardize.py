"""Bringing features to one scale, with what the training rows alone say about it.

Called by lessons 02 and 03 (networks and distances need it) and by `course run`. The mean and the deviation of the
training set are kept in a frozen object, so that nothing of a test set can find its way into them.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Standardizer:
    """What was learnt from the training rows; made by `fit`.

    Attributes
    ----------
    mean : (n_features,) float64 array
    scale : (n_features,) float64 array
        Standard deviation (``ddof=0``); infinite for a column that is constant in the training rows.
    """

    mean: np.ndarray
    scale: np.ndarray

    def apply(self, X):
        r"""Standardise rows: :math:`z = (x - \text{mean}) / \text{scale}`, column by column.

        Parameters
        ----------
        X : (n_items, n_features) array
            Of the training, validation or test set; may have no rows.

        Returns
        -------
        Z : (n_items, n_features) array
            float32 for float32 features, else float64. A column that was constant in training is 0 throughout: nothing
            was learnt about its scale.

        Raises
        ------
        ValueError
            Another number of columns than in training; NaN or infinite values, named by column and row.
        """
        X = _checked(X)
        if X.shape[1] != len(self.mean):
            raise ValueError(f"X has {X.shape[1]} columns, but the training rows had {len(self.mean)}.")
        return ((X - self.mean) / self.scale).astype(np.float32 if X.dtype == np.float32 else np.float64)


def fit(X_train):
    """Learn mean and standard deviation of each column from the training rows.

    Parameters
    ----------
    X_train : (n_items, n_features) array
        At least one row. Never validation or test rows.

    Returns
    -------
    Standardizer

    Raises
    ------
    ValueError
        Not two-dimensional, no rows; NaN or infinite values, named by column and row.

    Examples
    --------
    >>> import numpy as np
    >>> scaler = fit(np.array([[1.0, 7.0], [3.0, 7.0]]))
    >>> scaler.apply(np.array([[5.0, 7.0]]))
    array([[3., 0.]])
    """
    X = _checked(X_train)
    if len(X) == 0:
        raise ValueError("there are no training rows to learn mean and deviation from.")
    mean = X.mean(axis=0, dtype=np.float64)
    # Compared, not computed: the deviation of equal numbers may come out as 1e-17.
    constant = X.min(axis=0) == X.max(axis=0)
    scale = np.where(constant, np.inf, X.std(axis=0, dtype=np.float64))
    for values in (mean, scale):
        values.setflags(write=False)
    return Standardizer(mean, scale)


def _checked(X):
    """Return X as a two-dimensional array of finite numbers, or say where it is not."""
    X = np.asarray(X)
    if X.ndim != 2:
        raise ValueError(f"features must have shape (n_items, n_features), got {X.shape}: one row per item.")
    if not (np.issubdtype(X.dtype, np.number) and np.isrealobj(X)):
        raise ValueError(f"features must be real numbers, got {X.dtype}.")
    finite = np.isfinite(X)
    if not finite.all():
        column = int(np.argmin(finite.all(axis=0)))
        rows = np.flatnonzero(~finite[:, column])
        raise ValueError(
            f"column {column} holds {len(rows)} NaN or infinite values, the first in row {rows[0]}: "
            "find out where they come from before anything is standardised."
        )
    return X
