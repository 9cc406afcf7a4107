"""The convolutional networks of lesson 04: twins of the report's own and what repairs them, built, and trained as jobs.

Room: `helpers`; called by lesson 04, directly and through `helpers.study`.
"""

import numpy as np

_compiled = {}  # networks by what TensorFlow compiles for them: another training of the same kind starts at once


def waveform(n_samples, n_classes, filters=(64, 64), dense=100, dropout=0.5, pools=1):
    """Build and compile a network of the report's kind: two short convolutions over samples, flattened, two dense layers.

    ``waveform(8000, 11)`` is the report's model 1, ``waveform(8013, 11, (64, 32), 50, pools=2)`` its model 2,
    ``waveform(8000, 11, (32, 32), dropout=0)`` the network it tried first. With smaller sizes it is a twin of these.

    Parameters
    ----------
    n_samples, n_classes : int
    filters : (int, int)
        Filters of the two convolutions, three samples long each.
    dense : int
        Units of the hidden dense layer.
    dropout : float
        Share of the values before the last pooling that is set to 0 while training, 0 <= dropout < 1.
    pools : int
        Poolings of two neighbours, 1 or 2.

    Returns
    -------
    keras.Model
        Takes (n_clips, n_samples, 1) and one-hot labels.

    Raises
    ------
    ValueError
        For other than two layers of filters, or other than one or two poolings.
    """
    import keras

    if len(filters) != 2 or pools not in (1, 2):
        raise ValueError(f"the report's networks have two convolutions and one or two poolings; got {filters} and {pools}")
    layers = [keras.Input((int(n_samples), 1))]
    layers += [keras.layers.Conv1D(int(size), 3, activation="relu") for size in filters]
    layers += [keras.layers.MaxPooling1D(2)] * (pools - 1)
    layers += [keras.layers.Dropout(dropout)] if dropout else []
    layers += [keras.layers.MaxPooling1D(2), keras.layers.Flatten(), keras.layers.Dense(int(dense), activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(int(n_classes), activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"], steps_per_execution=8)
    return model


def over_time(n_rows, n_classes, filters=(64, 96), kernel=5, dropout=0.3, learning_rate=0.003, label_smoothing=0.1):
    """Build and compile a network that slides over time and takes all rows of a step (mel bands, say) as channels.

    Each layer convolves over time, normalises each channel (Ioffe & Szegedy, "Batch normalization", 2015), rectifies,
    and keeps the larger of two neighbours. Mean and maximum over time make one row of whatever length is left, so that
    the number of weights does not depend on the length of a clip (Lin, Chen & Yan, "Network in network", 2014).

    Parameters
    ----------
    n_rows : int
        Numbers a step.
    n_classes : int
    filters : sequence of int
        Filters of each convolution.
    kernel : int
        Steps that a filter spans.
    dropout : float
        Share of the means and maxima that is set to 0 while training.
    learning_rate : float
        Of the optimiser Adam.
    label_smoothing : float
        As in `helpers.networks.dense`.

    Returns
    -------
    keras.Model
        Takes (n_clips, any number of steps, n_rows) and one-hot labels.
    """
    import keras

    x = clip = keras.Input((None, int(n_rows)))
    for size in filters:
        x = keras.layers.Conv1D(int(size), int(kernel), padding="same", use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
        x = keras.layers.MaxPooling1D(2)(x)
    pooled = [keras.layers.GlobalAveragePooling1D()(x), keras.layers.GlobalMaxPooling1D()(x)]
    x = keras.layers.Dropout(dropout)(keras.layers.Concatenate()(pooled))
    model = keras.Model(clip, keras.layers.Dense(int(n_classes), activation="softmax")(x))
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=label_smoothing)
    model.compile(keras.optimizers.Adam(learning_rate), loss, metrics=["accuracy"], steps_per_execution=16)
    return model


def steps(log_mel, pool=4):
    """What the repaired network hears: levels below the loudest of the clip, and how fast they change.

    A gain adds the same number of dB everywhere, so that levels relative to the clip's own maximum do not tell how loud
    the note was recorded. Neighbouring frames are averaged; the differences (half of next minus previous step) say where
    a note starts, fades or swells, whatever its colour.

    Parameters
    ----------
    log_mel : (n_clips, n_frames, n_mels) array
        dB, as `helpers.features.sequences` gives it.
    pool : int
        Frames that make one step; a rest that does not fill a step is dropped.

    Returns
    -------
    (n_clips, n_frames // pool, 2 * n_mels) float32 array
        `n_mels` levels (dB, at most 0), then their differences (dB a step).
    """
    n_clips, n_frames, n_mels = log_mel.shape
    n_steps = n_frames // pool
    if n_steps < 2:
        raise ValueError(f"{n_frames} frames make {n_steps} steps of {pool}: at least two are needed")
    levels = log_mel[:, : n_steps * pool].reshape(n_clips, n_steps, pool, n_mels).mean(axis=2)
    levels = levels - levels.max(axis=(1, 2), keepdims=True)
    return np.concatenate([levels, np.gradient(levels, axis=1)], axis=2).astype(np.float32)


# ------------------------------------------------------------------------------------------------------- augmentation


def transposed(clips, rng, most=4):
    """Move each clip up or down by a few mel bands, as if another pitch were played on an instrument of another size.

    Parameters
    ----------
    clips : (n_clips, n_steps, 2 * n_mels) float32 array
        As from `steps`.
    rng : numpy.random.Generator
    most : int
        Each clip moves by a whole number of bands from -`most` to `most`; the outermost band fills what falls free.

    Returns
    -------
    array of the same shape
    """
    n_mels = clips.shape[2] // 2
    by = rng.integers(-most, most + 1, len(clips))
    bands = np.clip(np.arange(n_mels) - by[:, None], 0, n_mels - 1)
    where = np.concatenate([bands, bands + n_mels], axis=1)
    return np.take_along_axis(clips, where[:, None, :], axis=2)


def reversed_in_time(clips, rng):
    """Play each clip backwards: what faded swells. Its steps in the other order, and their differences negated.

    Parameters
    ----------
    clips : (n_clips, n_steps, 2 * n_mels) float32 array
        As from `steps`.
    rng : numpy.random.Generator
        Not used: nothing about it is random.

    Returns
    -------
    array of the same shape
    """
    backwards = clips[:, ::-1].copy()
    backwards[:, :, clips.shape[2] // 2 :] *= -1
    return backwards


#: What `train_over_time` can make further copies of a clip with.
AUGMENTS = {"transpose": transposed, "reverse": reversed_in_time}


# ------------------------------------------------------------------------------------------------------------ training


def train_waveform(data, *, train, ask, seed, epochs=10, batch_size=100, **network):
    """Train a network of the report's kind on some clips and ask it about others: one job of `helpers.study.run`.

    Parameters
    ----------
    data : dict
        "waves": (n_clips, n_samples) float32; "y": (n_clips,) int classes 0, 1, 2, ...; "n_classes": int.
    train, ask : sequence of int
        Rows to train on, and rows whose classes are asked.
    seed : int
        Decides the weights, the order of the clips and the dropout.
    epochs, batch_size : int
    **network
        As for `waveform`.

    Returns
    -------
    dict
        "proba" (n_asked, n_classes).
    """
    waves = data["waves"]
    model = _fresh(waveform, (waves.shape[1], int(data["n_classes"])), network, seed)
    model.fit(waves[train][..., None], _one_hot(data, train), batch_size, epochs, verbose=0)
    return {"proba": _ask(model, waves[ask][..., None])}


def train_over_time(data, *, train, ask, seed, epochs=15, batch_size=64, augment=None, copies=1, **network):
    """Train a network over time on some clips and ask it about others: one job of `helpers.study.run`.

    Parameters
    ----------
    data : dict
        "steps": (n_clips, n_steps, n_rows) float32, as from `steps`, not scaled; "y" and "n_classes" as for
        `train_waveform`.
    train, ask : sequence of int
        Rows to train on, and rows whose classes are asked. Mean and deviation of each row of a step come from the
        training clips, over all their steps.
    seed : int
        Decides the weights, the order of the clips, the dropout and the copies.
    epochs, batch_size : int
        An epoch goes once through all clips and their copies.
    augment : str or None
        One of `AUGMENTS`, for the copies.
    copies : int
        How often each training clip is there: once as it is, the other times augmented.
    **network
        As for `over_time`.

    Returns
    -------
    dict
        "proba" (n_asked, n_classes).
    """
    from helpers import standardize

    if (augment is None) != (copies == 1) or copies < 1:
        raise ValueError(f"copies need an augmentation, and an augmentation copies; got {augment!r} and {copies}")
    clips, n_rows = data["steps"], data["steps"].shape[2]
    scaler = standardize.fit(clips[train].reshape(-1, n_rows))
    Z_train, Z_ask = (scaler.apply(clips[i].reshape(-1, n_rows)).reshape(-1, *clips.shape[1:]) for i in (train, ask))
    model = _fresh(over_time, (n_rows, int(data["n_classes"])), network, seed)
    rng = np.random.default_rng(seed)
    more = [AUGMENTS[augment](Z_train, rng) for _ in range(copies - 1)]
    target = np.tile(_one_hot(data, train), (copies, 1))
    model.fit(np.concatenate([Z_train, *more]), target, batch_size, epochs, verbose=0)
    return {"proba": _ask(model, Z_ask)}


def _fresh(build, sizes, network, seed):
    """A network as if built anew; what TensorFlow has compiled for its kind is used again."""
    from helpers import networks

    key = (build.__name__, sizes, repr(sorted(network.items())))
    if key not in _compiled:
        _compiled[key] = build(*sizes, **network)
    return networks.restart(_compiled[key], seed)


def _one_hot(data, rows):
    return np.eye(int(data["n_classes"]), dtype=np.float32)[np.asarray(data["y"])[rows]]


def _ask(model, clips):
    return np.concatenate([np.asarray(model(clips[i : i + 256])) for i in range(0, len(clips), 256)])
