"""Two questions to one recording, who wrote it and who plays: the networks and linear models of lesson 07.

Room: `helpers`; called by the lesson's story, so that no cell of it depends on a learner's own `build_two_heads` or
`train_online`. A network here answers in dictionaries: "composer" (probabilities that sum to 1) and "instruments" (one
probability each, which do not).
"""

import numpy as np

_LOSSES = {"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"}
#: Weight of each loss in the sum: a mean over eleven yes/no answers is small beside one question with seven answers.
_WEIGHTS = {"composer": 1.0, "instruments": 3.0}
#: The report's convolutions: filters, kernel, stride of the first two; then filters of the blocks that end in a pooling.
_REPORT_FIRST, _REPORT_BLOCKS = ((16, (3, 7), (1, 2)), (16, (3, 5), (2, 2))), (32, 64, 128)
#: Rows, columns and channels at which the report's last layer gets the 8,192 numbers that the report states.
REPORT_INPUT = (128, 256, 4)


# ------------------------------------------------------------------------------------------------------------ networks


def two_heads(input_shape, n_out, learning_rate=0.003, filters=(32, 48, 48), dropout=0.3):
    """Build and compile one trunk of convolutions over time with one head for each question.

    Mel bands are channels, so a filter sees all frequencies at once and a few frames; mean and maximum over time end the
    trunk. With one entry in `n_out` it is a tower of its own for that question.

    Parameters
    ----------
    input_shape : (int, int)
        Frames and mel bands.
    n_out : dict of str to int
        "composer", "instruments" or both -> number of answers.
    learning_rate : float
        Of Adam.
    filters : sequence of int
        Of each convolution; there is a pooling over two frames between them.
    dropout : float
        Before the heads, from 0 up to, but not including, 1.

    Returns
    -------
    keras.Model
        Outputs named as `n_out`; a loss for each.

    Raises
    ------
    ValueError
        For another question, or none.
    """
    import keras

    if not n_out or set(n_out) - set(_LOSSES):
        raise ValueError(f"the questions are {' and '.join(_LOSSES)}, not {sorted(n_out)}")
    spectrogram = keras.Input(shape=input_shape)
    x = spectrogram
    for i, n in enumerate(filters):
        if i:
            x = keras.layers.MaxPooling1D(2, padding="same")(x)
        x = keras.layers.Conv1D(n, 3 if i else 5, padding="same", activation="relu")(x)
        x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Concatenate()([keras.layers.GlobalAveragePooling1D()(x), keras.layers.GlobalMaxPooling1D()(x)])
    x = keras.layers.Dropout(dropout)(x)
    shape = {"composer": "softmax", "instruments": "sigmoid"}
    heads = [keras.layers.Dense(n, activation=shape[name], name=name)(x) for name, n in n_out.items()]
    optimiser = keras.optimizers.Adam(learning_rate=learning_rate)
    if len(heads) == 1:
        model = keras.Model(spectrogram, heads[0])
        model.compile(optimiser, loss=_LOSSES[next(iter(n_out))])
        return model
    model = keras.Model(spectrogram, heads)
    model.compile(
        optimiser, loss={name: _LOSSES[name] for name in n_out}, loss_weights={name: _WEIGHTS[name] for name in n_out}
    )
    return model


def report_tower(question, n_answers):
    """Build one of the report's two towers: 2D convolutions on four spectrograms that are stacked as channels.

    Parameters
    ----------
    question : "composer" or "instruments"
        The tower for composers has a second convolution in each block.
    n_answers : int

    Returns
    -------
    keras.Model
        Compiled; takes (n_items, *REPORT_INPUT). 354,279 trainable weights with 7 composers, 184,650 with 10 instruments.
    """
    import keras

    if question not in _LOSSES:
        raise ValueError(f"the questions are {' and '.join(_LOSSES)}, not {question!r}")

    def convolution(x, n, kernel=(3, 3), stride=(1, 1)):
        x = keras.layers.Conv2D(n, kernel, strides=stride, padding="same", activation="relu")(x)
        return keras.layers.BatchNormalization()(x)

    images = keras.Input(shape=REPORT_INPUT)
    x = images
    for n, kernel, stride in _REPORT_FIRST:
        x = convolution(x, n, kernel, stride)
    for n in _REPORT_BLOCKS:
        x = keras.layers.MaxPooling2D(2)(convolution(x, n))
        if question == "composer":
            x = convolution(x, n)
    x = keras.layers.Flatten()(x)
    answer = keras.layers.Dense(n_answers, "softmax" if question == "composer" else "sigmoid", name=question)(x)
    model = keras.Model(images, answer)
    rate = 0.001 if question == "composer" else 0.0001
    model.compile(optimizer=keras.optimizers.Adam(rate, beta_1=0.5), loss=_LOSSES[question])
    return model


def trainable(model):
    """Number of weights that training changes."""
    return int(sum(np.prod(variable.shape) for variable in model.trainable_variables))


def filled_up(y, rows, seed):
    """Rows with copies: every class as often as the commonest one, as the report fills up its training rows.

    Parameters
    ----------
    y : (n_items,) int
        Class of every item.
    rows : (n,) int
        Items to fill up: those of the training side.
    seed : int

    Returns
    -------
    (m,) int
        All of `rows`, and copies of those of rare classes; in random order.
    """
    rng, rows = np.random.default_rng(seed), np.asarray(rows)
    most = np.bincount(y[rows]).max()
    out = []
    for c in np.unique(y[rows]):
        mine = rows[y[rows] == c]
        out += [np.resize(rng.permutation(mine), most)]
    return rng.permutation(np.concatenate(out))


def across_folds(model, X, targets, folds, epochs, seed=0, rows_of=None, batch_size=64):
    """Answers to every item by a network that never saw its fold: trained afresh for each fold, on the other ones.

    Mel bands are standardised by the training items of each fold.

    Parameters
    ----------
    model : keras.Model
        Of `two_heads`; used as the blank for every training, so its weights are lost.
    X : (n_items, n_frames, n_bands) float
    targets : dict of str to array
        "composer" -> (n_items,) int, "instruments" -> (n_items, n) 0 or 1; those that the model does not ask for may be
        there too.
    folds : (n_items,) int
        Which fold each item is in.
    epochs, batch_size : int
    seed : int
    rows_of : callable, optional
        ``rows_of(train) -> rows`` to train on, in place of the training items themselves: see `filled_up`.

    Returns
    -------
    answers : dict of str to (n_items, n) float
    seconds : float
        Of all trainings together.
    """
    import time

    from helpers import networks
    from helpers.download import progress_over

    folds = np.asarray(folds)
    found, seconds = {}, 0.0
    names = list(model.output_names)
    for fold in progress_over(np.unique(folds), "folds"):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        mean, sd = X[train].mean(axis=(0, 1)), X[train].std(axis=(0, 1))
        scale = np.where(sd > 0, sd, 1)
        networks.restart(model, seed + int(fold))
        rows = train if rows_of is None else rows_of(train)
        Z = ((X - mean) / scale).astype(np.float32)
        rng, start = np.random.default_rng([seed, int(fold)]), time.perf_counter()
        for _ in range(epochs):  # batch by batch: `fit` takes longer to begin than such a training lasts
            order = rng.permutation(rows)
            order = np.resize(order, -(-len(order) // batch_size) * batch_size)  # the last batch is filled up from the first
            for batch in order.reshape(-1, batch_size):
                wanted = {name: targets[name][batch] for name in names}
                model.train_on_batch(Z[batch], wanted if len(names) > 1 else wanted[names[0]])
        seconds += time.perf_counter() - start
        said = model(Z[test], training=False)
        for name, part in zip(names, said if isinstance(said, (list, tuple)) else [said], strict=True):
            part = np.asarray(part)
            found.setdefault(name, np.zeros((len(X), part.shape[1]), dtype=np.float32))[test] = part
    return found, seconds


def average(values, recording):
    """Mean of the windows of each recording, given back to each of its windows.

    Parameters
    ----------
    values : (n_windows, n) float
    recording : (n_windows,) int

    Returns
    -------
    (n_windows, n) float
    """
    _, index = np.unique(recording, return_inverse=True)
    sums = np.zeros((index.max() + 1, values.shape[1]))
    np.add.at(sums, index, values)
    return (sums / np.bincount(index)[:, None])[index]


# ------------------------------------------------------------------------------------------------ models of scikit-learn


def out_of_fold(model, X, y, folds):
    """A label for every row, by a model that was fitted without its fold. One thread: small tables gain nothing by more.

    Parameters
    ----------
    model : scikit-learn classifier
    X : (n_items, n_features)
    y : (n_items,)
    folds : (n_items,) int

    Returns
    -------
    (n_items,) array
    """
    from threadpoolctl import threadpool_limits

    folds, said = np.asarray(folds), np.zeros_like(y)
    with threadpool_limits(limits=1):
        for fold in np.unique(folds):
            test = folds == fold
            said[test] = model.fit(X[~test], y[~test]).predict(X[test])
    return said


def online(X, targets, X_test, losses, n_epochs, batch_size=200, seed=0):
    """Train a pair of linear models batch by batch, and keep what they say of the test items after every epoch.

    One model finds the composer (one against the rest), one for each instrument says yes or no. Standardised by the
    training items.

    Parameters
    ----------
    X : (n_train, n_features)
    targets : dict
        "composer" -> (n_train,) int, "instruments" -> (n_train, n_instruments) 0 or 1.
    X_test : (n_test, n_features)
    losses : (str, str)
        Of the composer's and of the instruments' model, as `sklearn.linear_model.SGDClassifier` names them.
    n_epochs, batch_size : int
    seed : int

    Returns
    -------
    list of dict
        After each epoch: "composer" (n_test,) int, "instruments" (n_test, n_instruments) bool.
    """
    from sklearn.linear_model import SGDClassifier
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    scaler = StandardScaler().fit(X)
    Z, Z_test, rng = scaler.transform(X), scaler.transform(X_test), np.random.default_rng(seed)
    y, Y = np.asarray(targets["composer"]), np.asarray(targets["instruments"])
    who = SGDClassifier(loss=losses[0], random_state=seed)
    what = [SGDClassifier(loss=losses[1], random_state=seed) for _ in range(Y.shape[1])]
    classes, said = np.unique(y), []
    with threadpool_limits(limits=1):  # small batches gain nothing by more threads
        for _ in range(n_epochs):
            order = rng.permutation(len(Z))
            for start in range(0, len(Z), batch_size):
                rows = order[start : start + batch_size]
                who.partial_fit(Z[rows], y[rows], classes=classes)
                for model, column in zip(what, Y.T, strict=True):
                    model.partial_fit(Z[rows], column[rows], classes=[0, 1])
            yes = np.stack([model.predict(Z_test) > 0 for model in what], axis=1)
            said.append({"composer": who.predict(Z_test), "instruments": yes})
    return said


def commonest_set(Y_train):
    """The most frequent row of a table of labels: the best answer that never listens.

    Parameters
    ----------
    Y_train : (n_items, n_labels) array of 0 and 1

    Returns
    -------
    (n_labels,) array
        At a tie the row that comes first when rows are sorted.
    """
    sets, counts = np.unique(Y_train, axis=0, return_counts=True)
    return sets[counts.argmax()]
