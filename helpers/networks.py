"""The dense networks of lessons 02 and 03, ready to be fitted: the report's own, and what repairs it.

Room: `helpers`; called by lessons, so that no later cell depends on a learner's own `build_model`, and by their set-up
cells (`warm_up`).
"""

import contextlib
import os
import sys
import tempfile
import time

import numpy as np


def warm_up():
    """Import TensorFlow, which takes some seconds, and say so in one line in place of its own ten.

    TensorFlow greets from C++, before any setting of Python is heard: processor, missing graphics cards, numerics. What
    it writes to the terminal while it is imported is kept aside, and shown only if the import fails. Afterwards its
    messages of the levels INFO and WARNING stay hidden (unless TF_CPP_MIN_LOG_LEVEL says otherwise); errors are shown.

    Raises
    ------
    ImportError
        As TensorFlow raises it, after all that was kept aside was written to standard error.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    print("Getting TensorFlow ready (a few seconds) ...", end="", flush=True)
    start = time.perf_counter()
    with terminal_aside():
        import keras  # noqa: F401
        import tensorflow

        tensorflow.config.list_physical_devices()  # it looks for graphics cards here, and complains if there are none
    print(f" done in {time.perf_counter() - start:.1f} s.")


@contextlib.contextmanager
def terminal_aside():
    """Keep what the process, C++ included, writes to standard error in a file; written out after all if the block raises."""
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            if failed:
                kept.seek(0)
                sys.stderr.write(kept.read().decode(errors="replace"))


def dense(n_features, n_classes, learning_rate=0.001, hidden=(256,), activation="sigmoid", dropout=0.0,
          label_smoothing=0.0):  # fmt: skip
    """Build and compile a dense network for one class out of many; the defaults are the network of the report.

    Each hidden layer computes ``activation(x W + b)``; the last one is a softmax, ``p_c = exp(a_c) / sum_k exp(a_k)``,
    and the loss is the cross-entropy ``-ln p`` of the right class, averaged over the items.

    Parameters
    ----------
    n_features, n_classes : int
    learning_rate : float
        Of the optimiser Adam (Kingma & Ba, "Adam: a method for stochastic optimization", 2015).
    hidden : sequence of int
        Units of each hidden layer; an empty one gives logistic regression.
    activation : str
        Of the hidden layers: "sigmoid", "relu", ...
    dropout : float
        Share of each hidden layer's outputs that is set to 0 at random while training (Srivastava et al., "Dropout",
        2014), from 0 up to, but not including, 1.
    label_smoothing : float
        The right class is asked for with probability ``1 - s + s / n_classes`` and not with 1 (Szegedy et al.,
        "Rethinking the Inception architecture", 2016), 0 <= s < 1.

    Returns
    -------
    keras.Model
        Takes (n_items, n_features) and one-hot labels (n_items, n_classes); its metric is called "accuracy".

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1, or `dropout` or `label_smoothing` is not a share below
        1.
    """
    import keras

    for name, size in (("n_features", n_features), ("n_classes", n_classes), *(("hidden", size) for size in hidden)):
        if int(size) != size or size < 1:
            raise ValueError(f"{name} must be whole numbers of at least 1, not {size}")
    for name, share in (("dropout", dropout), ("label_smoothing", label_smoothing)):
        if not 0 <= share < 1:
            raise ValueError(f"{name} is a share from 0 up to, but not including, 1; not {share}")
    layers = [keras.layers.Input(shape=(int(n_features),))]
    for size in hidden:
        layers.append(keras.layers.Dense(int(size), activation=activation))
        if dropout:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(int(n_classes), activation="softmax", name="output")])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=label_smoothing),
        metrics=["accuracy"],
        steps_per_execution=32,  # the same updates, with fewer returns to Python
    )
    return model


def restart(model, seed):
    """Make a network of `dense` fresh again: weights as if built anew after ``set_random_seed(seed)``, no step taken.

    Every variable is replaced: weights, the state of dropout, Adam's moments and its step count. What TensorFlow has
    compiled for the network stays, so that another training starts at once; a network built anew is compiled anew.

    Parameters
    ----------
    model : keras.Model
        Of `dense`; changed in place. Whoever holds the old weights elsewhere loses them.
    seed : int
        Also sets the seeds of Python, numpy and TensorFlow, so that a training that follows can be repeated.

    Returns
    -------
    keras.Model
        The same object.
    """
    import keras

    with _compiled_kept():
        keras.utils.set_random_seed(seed)
    fresh = keras.models.clone_model(model)
    for variable, start in zip(model.variables, fresh.variables, strict=True):
        variable.assign(start)
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":
            variable.assign(np.zeros(variable.shape, dtype=variable.dtype))
    return model


@contextlib.contextmanager
def _compiled_kept():
    """Seeds may be set inside without TensorFlow's forgetting what it has compiled, which costs it half a second to redo.

    ``tf.random.set_seed`` clears all compiled kernels, for the sake of those that keep a seed of their own. Keras's
    layers keep theirs in variables, and the order in which ``fit`` takes rows is drawn from the seed at each call.
    """
    from tensorflow.python.eager import context

    eager = context.context()
    handle, eager._context_handle = eager._context_handle, None  # what set_seed would clear; there is no public switch
    try:
        yield
    finally:
        eager._context_handle = handle


def best_epoch(history):
    """Number, counted from 1, of the epoch with the lowest validation loss; the earliest at a tie; NaN never counts.

    Parameters
    ----------
    history : dict
        ``fit(...).history``, with "val_loss".

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If there is no validation loss, or none that is a number.
    """
    losses = np.asarray(history.get("val_loss", []), dtype=float)
    if not np.isfinite(losses).any():
        raise ValueError(
            f"the history has no validation loss that is a number; it has {sorted(history)}: pass validation_data to fit"
        )
    return int(np.nanargmin(losses)) + 1
