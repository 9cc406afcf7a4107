"""Who plays when: the networks of lesson 06, what they hear, and the demonstration on a recording, also your own.

Room: `helpers`; called by lesson 06. ``heard = duets.listen(model, y, sr, names)`` asks a network about every second of a
recording; ``duets.show(heard, y, sr)`` displays timeline, table and player.
"""

from dataclasses import dataclass

import numpy as np

from helpers import _html
from helpers._names import as_names

SR, N_MELS, HOP, POOL = 22050, 64, 1024, 2  # what `hear` makes of sound
SPAN_DB = 60.0  # what lies further below the loudest of a clip is not heard
QUIET_DB = 40.0  # a stretch this far below the loudest of its recording counts as silence


# ------------------------------------------------------------------------------------------------------- networks


def as_written(n_samples=132_299, n_channels=2, n_labels=4, filters=(64, 64, 64, 32, 32, 32), dense=64,
               activation="softmax"):  # fmt: skip
    """Build and compile the report's network: six convolutions over samples, pooling between them, two dense layers.

    Kernels of 11, 9, 7, 5, 5 and 5 samples, and fewer filters in the last three layers, as the report says. It calls its
    poolings "various" and gives no size for the dense layer: four neighbours each and 64 units are chosen here. With
    fewer filters and shorter clips it is a twin of the report's.

    Parameters
    ----------
    n_samples, n_channels : int
        Of a clip: at least 4,096 samples, so that something is left behind six poolings.
    n_labels : int
    filters : six int
    dense : int
        Units of the hidden dense layer.
    activation : {"softmax", "sigmoid"}
        Of the last layer: one label out of many, or a yes or no to each; the loss goes with it.

    Returns
    -------
    keras.Model
        Takes (n_clips, n_samples, n_channels), and marks (n_clips, n_labels) to be trained on.
    """
    import keras

    layers = [keras.Input((int(n_samples), int(n_channels)))]
    for size, kernel in zip(filters, (11, 9, 7, 5, 5, 5), strict=True):
        layers.append(keras.layers.Conv1D(int(size), kernel, padding="same", activation="relu"))
        layers.append(keras.layers.MaxPooling1D(4))
    layers += [keras.layers.Flatten(), keras.layers.Dense(int(dense), activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(int(n_labels), activation=activation)])
    return _compiled(model, activation, 0.001)


def over_time(n_labels, activation="sigmoid", filters=(48, 64), dropout=0.3, learning_rate=0.003, n_rows=2 * N_MELS):
    """Build and compile the repaired network: it slides over the steps of `steps`, and keeps mean and maximum over time.

    Convolution over three steps, batch normalisation (Ioffe & Szegedy, 2015), rectifier, larger of two neighbours, for
    each of the `filters`; then mean and maximum over time, dropout, one dense layer. The number of steps is free.

    Parameters
    ----------
    n_labels : int
    activation : {"sigmoid", "softmax"}
        Yes or no to each label, or one label out of many; the loss goes with it.
    filters : sequence of int
    dropout : float
    learning_rate : float
        Of the optimiser Adam.
    n_rows : int
        Numbers a step.

    Returns
    -------
    keras.Model
        Takes (n_clips, n_steps, n_rows), and marks (n_clips, n_labels) to be trained on.
    """
    import keras

    x = clip = keras.Input((None, int(n_rows)))
    for size in filters:
        x = keras.layers.Conv1D(int(size), 3, padding="same", use_bias=False)(x)
        # The mean and variance that are used when asked follow within some ten steps, not within hundreds.
        x = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.9)(x))
        x = keras.layers.MaxPooling1D(2)(x)
    pooled = [keras.layers.GlobalAveragePooling1D()(x), keras.layers.GlobalMaxPooling1D()(x)]
    x = keras.layers.Dropout(dropout)(keras.layers.Concatenate()(pooled))
    model = keras.Model(clip, keras.layers.Dense(int(n_labels), activation=activation)(x))
    return _compiled(model, activation, learning_rate)


def _compiled(model, activation, learning_rate):
    import keras

    losses = {"softmax": "categorical_crossentropy", "sigmoid": "binary_crossentropy"}
    if activation not in losses:
        raise ValueError(f"the last layer is one of {', '.join(losses)}, and not {activation!r}")
    model.compile(keras.optimizers.Adam(learning_rate), losses[activation], steps_per_execution=8)
    return model


def train(model, power, labels, songs, epochs=12, n_mixes=1600, batch_size=64, seed=0, n_labels=4, alone=0.0,
          shift=0):  # fmt: skip
    """Train a network on mixes that are made anew for every epoch, with a rate that falls to 0 along a cosine.

    Parameters
    ----------
    model : keras.Model
        Compiled, with a sigmoid; reads what `steps` gives. Its optimiser's rate is where the training starts.
    power : (n_clips, n_steps, n_mels) array
        As from `hear`: clips of one instrument, the training side of a split.
    labels : (n_clips,) int array
    songs : (n_clips,) array
    epochs, n_mixes, batch_size : int
    seed : int
        Of the mixes.
    n_labels : int
    alone : float
        Share of the items in which one clip is left alone.
    shift : int
        Each item is moved up or down by up to so many bands: see `helpers.convolution.transposed`.

    Returns
    -------
    dict
        "loss": mean of each epoch.
    """
    from helpers import convolution, mixing

    rng = np.random.default_rng([seed, 4])
    rate, history = float(np.asarray(model.optimizer.learning_rate)), {"loss": []}
    for epoch in range(epochs):
        mixed, marks = mixing.spectra(
            power, labels, songs, n_mixes, seed=1000 * seed + epoch, n_classes=n_labels, alone=alone
        )
        model.optimizer.learning_rate = rate * 0.5 * (1 + np.cos(np.pi * epoch / epochs))
        heard = convolution.transposed(steps(mixed), rng, shift) if shift else steps(mixed)
        fitted = model.fit(heard, marks, batch_size=batch_size, verbose=0)
        history["loss"].append(fitted.history["loss"][0])
    return history


def epoch_seconds(models, power, labels, songs, n_mixes=1600, batch_size=64, rounds=4, n_labels=4):
    """Time one epoch of several networks on the same mixes, in turns; the quickest of a few rounds counts.

    In turns, because a computer that does other things meanwhile then slows all of them; the quickest, because nothing
    makes a training quicker than it is. Weights are as before when it ends.

    Parameters
    ----------
    models : dict of str to keras.Model
        Compiled, with a sigmoid.
    power, labels, songs, n_mixes, batch_size, n_labels
        As for `train`.
    rounds : int
        A first one, in which TensorFlow compiles what it has not yet compiled, is not counted.

    Returns
    -------
    dict of str to float
    """
    import time

    from helpers import mixing

    mixed, marks = mixing.spectra(power, labels, songs, n_mixes, n_classes=n_labels)
    heard, kept = steps(mixed), {name: model.get_weights() for name, model in models.items()}
    taken = {name: [] for name in models}
    for _ in range(rounds + 1):
        for name, model in models.items():
            start = time.perf_counter()
            model.fit(heard, marks, batch_size=batch_size, verbose=0)
            taken[name].append(time.perf_counter() - start)
    for name, model in models.items():
        model.set_weights(kept[name])
    return {name: min(seconds[1:]) for name, seconds in taken.items()}


def train_single(data, *, train, ask, seed, epochs=10, batch_size=32, **network):
    """Train the repaired network on clips of one instrument, and ask it about others: one job of `helpers.study.run`.

    Parameters
    ----------
    data : dict
        "heard": (n_clips, n_steps, n_rows), as from `steps`; "y": (n_clips,) int classes 0, 1, 2, ...; "n_classes": int.
    train, ask : sequence of int
        Rows to train on, and rows whose classes are asked.
    seed : int
        Decides the weights, the order of the clips and the dropout.
    epochs, batch_size : int
    **network
        As for `over_time`.

    Returns
    -------
    dict
        "proba" (n_asked, n_classes); "loss" (epochs,), mean over each epoch; "parameters": int.
    """
    import keras

    heard, n_classes = np.asarray(data["heard"]), int(data["n_classes"])
    marks = np.eye(n_classes, dtype=np.float32)[np.asarray(data["y"])]
    keras.utils.set_random_seed(seed)
    model = over_time(n_classes, "softmax", n_rows=heard.shape[2], **network)
    fitted = model.fit(heard[train], marks[train], batch_size=batch_size, epochs=epochs, verbose=0)
    return {"proba": np.asarray(model(heard[ask])), "loss": fitted.history["loss"], "parameters": model.count_params()}


# ----------------------------------------------------------------------------------------------- what they hear


def hear(clips, sr=SR, n_frames=None, cache=None):
    """Power in 64 mel bands, step by step (93 ms): what can be added where two sounds are added.

    Two neighbouring frames make one step; the last one is left out where their number is odd.

    Parameters
    ----------
    clips : sequence of (n_samples,) float arrays
    sr : int
        Must be 22,050: the bands are those that the networks were trained on.
    n_frames, cache
        As in `helpers.features.sequences`; frames before they are paired.

    Returns
    -------
    (n_clips, n_steps, 64) float32 array
        Power, not dB.
    """
    from helpers import features

    if sr != SR:
        raise ValueError(f"these networks listen at {SR} Hz, and not at {sr}: load the sound with sr={SR}")
    levels = features.sequences(clips, sr, n_frames=n_frames, n_mels=N_MELS, hop_length=HOP, cache=cache)
    power = np.power(10, levels / 10, dtype=np.float32)
    n_steps = power.shape[1] // POOL
    return power[:, : n_steps * POOL].reshape(len(power), n_steps, POOL, N_MELS).mean(axis=2)


def steps(power):
    """What the networks read: the level of each band below the loudest of the clip, and how fast it changes.

    A gain changes nothing. Levels (dB) are limited to the loudest 60 dB, divided by 20 and shifted into -1.5 to 1.5; the
    changes are half of next minus previous step, three times as large.

    Parameters
    ----------
    power : (n_clips, n_frames, n_mels) array
        As from `hear`; at least two frames.

    Returns
    -------
    (n_clips, n_frames, 2 * n_mels) float32 array
        Levels, then changes. A silent clip is the same number everywhere, and 0.
    """
    power = np.asarray(power, dtype=np.float32)
    if power.ndim != 3 or power.shape[1] < 2:
        raise ValueError(f"power is (n_clips, n_frames, n_mels) with at least two frames; the shape is {power.shape}")
    levels = 10 * np.log10(np.maximum(power, 1e-12))
    levels = np.maximum(levels - levels.max(axis=(1, 2), keepdims=True), -SPAN_DB) / 20 + 1.5
    return np.concatenate([levels, 3 * np.gradient(levels, axis=1)], axis=2).astype(np.float32)


# -------------------------------------------------------------------------------------------------- a recording


@dataclass(frozen=True, eq=False)
class Heard:
    """What a network heard in a recording, second by second. Made by `listen`.

    Attributes
    ----------
    names : tuple of str
        The instruments that were asked for.
    seconds : float
        Length of the recording.
    edges : (n_stretches + 1,) float array
        Seconds at which the stretches begin and end: whole seconds; the last one may be shorter.
    proba : (n_stretches, n_names) float array
        How sure the network is of each instrument; 0 in silence.
    silent : (n_stretches,) bool array
    threshold : float
        From which probability on the answer is yes.
    """

    names: tuple
    seconds: float
    edges: np.ndarray
    proba: np.ndarray
    silent: np.ndarray
    threshold: float

    @property
    def said(self):
        """(n_stretches, n_names) bool: who is heard in which second."""
        return (self.proba >= self.threshold) & ~self.silent[:, None]

    def spans(self):
        """Neighbouring seconds with the same answer as one: list of (start s, stop s, names heard, mean proba of these)."""
        said, found = self.said, []
        starts = np.flatnonzero(np.r_[True, (said[1:] != said[:-1]).any(axis=1) | (self.silent[1:] != self.silent[:-1])])
        for first, end in zip(starts, [*starts[1:], len(said)], strict=True):
            who = np.flatnonzero(said[first])
            sure = tuple(float(value) for value in self.proba[first:end].mean(axis=0)[who])
            found.append((float(self.edges[first]), float(self.edges[end]), tuple(self.names[i] for i in who), sure))
        return found

    def marks(self, timeline):
        """Turn (start s, stop s, number of the instrument) rows into (n_stretches, n_names) bool.

        An instrument plays in a second if it plays in more than half of it.
        """
        truth = np.zeros(self.said.shape, dtype=bool)
        for c in range(len(self.names)):
            rows = [(start, stop) for start, stop, code in timeline if int(code) == c]
            for k, (low, high) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True)):
                played = sum(max(0.0, min(high, stop) - max(low, start)) for start, stop in rows)
                truth[k, c] = played > 0.5 * (high - low)
        return truth


def listen(model, y, sr, names, threshold=0.5, window=2.0, hop=0.25):
    """Slide over a recording and ask a network who is heard in each second.

    Windows of `window` seconds are cut every `hop`, shifted inwards at the ends so that each lies within the recording;
    a second is answered by the mean over the windows whose middle lies in it. A second in which nothing comes within
    40 dB of the loudest second is silent, and nobody is heard in it.

    Parameters
    ----------
    model : keras.Model
        As from `over_time`, with a sigmoid.
    y : (n_samples,) float array
        Mono, in [-1, 1]; `helpers.audio.load(path)` reads any recording like this.
    sr : int
        22,050.
    names : sequence of str
        What the outputs of the network stand for.
    threshold : float
    window, hop : float
        In seconds. A recording shorter than a window is one window.

    Returns
    -------
    Heard

    Raises
    ------
    ValueError
        For a sound that is empty, not mono, not finite, or at another sample rate; for names that do not fit.
    """
    y = np.asarray(y, dtype=np.float32)
    if y.ndim != 1 or not len(y):
        raise ValueError(f"one mono recording is needed, (n_samples,) and not empty; the shape is {y.shape}")
    if not np.isfinite(y).all():
        raise ValueError(f"sample {int(np.argmin(np.isfinite(y)))} of {len(y):,} is not finite (NaN or infinite)")
    if not 0 < hop <= 1 or not window > 0:
        raise ValueError(f"window and hop are lengths in seconds, hop at most 1; got {window} and {hop}")
    names, seconds = tuple(str(name) for name in as_names(names)), len(y) / sr
    n_window = min(round(window * sr), len(y))
    middles = np.arange(hop / 2, seconds, hop) if seconds > hop else np.array([seconds / 2])
    starts = np.clip(np.round(middles * sr).astype(int) - n_window // 2, 0, len(y) - n_window)
    power = hear([np.pad(y[a : a + n_window], (0, max(0, 4 * HOP - n_window))) for a in starts], sr)
    proba = np.concatenate([np.asarray(model(steps(power[i : i + 256]))) for i in range(0, len(power), 256)])
    if proba.shape[1] != len(names):
        raise ValueError(f"the network has {proba.shape[1]} outputs, but there are {len(names)} names")
    edges = np.append(np.arange(0, seconds - 1e-9), seconds)
    if len(edges) > 2 and edges[-1] - edges[-2] < hop:  # a rest without a window of its own
        edges = np.delete(edges, -2)
    place = np.minimum(np.searchsorted(edges, middles, side="right") - 1, len(edges) - 2)
    samples = np.round(edges * sr).astype(int)
    loud = np.array([np.sqrt(np.mean(y[a:b] ** 2, dtype=np.float64)) for a, b in zip(samples, samples[1:], strict=False)])
    silent = loud <= loud.max() * 10 ** (-QUIET_DB / 20)
    mean = np.stack([proba[place == k].mean(axis=0) for k in range(len(edges) - 1)])
    return Heard(names, seconds, edges, np.where(silent[:, None], 0.0, mean), silent, float(threshold))


def table(heard, timeline=None):
    """The display object of who is heard when, neighbouring seconds with the same answer in one row.

    Parameters
    ----------
    heard : Heard
    timeline : (n_spans, 3) array, optional
        Who really plays: start s, stop s, number of the instrument. Adds a column, and a line with the share of right
        answers.
    """
    rows = []
    truth = None if timeline is None else heard.marks(timeline)
    for start, stop, who, sure in heard.spans():
        inside = (heard.edges[:-1] >= start - 1e-9) & (heard.edges[1:] <= stop + 1e-9)
        words = ", ".join(who) or ("silence" if heard.silent[inside].all() else "none of them")
        row = [f"{start:g} to {round(stop, 1):g} s", words, ", ".join(f"{value:.2f}" for value in sure) or "–"]
        if truth is not None:
            row.append("; ".join(_played(truth[inside], heard, start)))
        rows.append(row)
    head = ["from, to", "heard", "how sure", *([] if truth is None else ["really plays"])]
    caption = f"Who is heard when, in {heard.seconds:.1f} s"
    lines = []
    if truth is not None:
        same = heard.said == truth
        lines.append(f"{same.mean():.0%} of {same.size} decisions (one a second and instrument) are right; in "
                     f"{same.all(axis=1).sum()} of {len(same)} seconds all of them are.")  # fmt: skip
    return _html.Shown(
        _html.html_table(caption, head, rows) + "".join(f"<p>{_html.escape(line)}</p>" for line in lines),
        "\n".join([_html.text_table(caption, head, rows), *lines]),
    )


def _played(truth, heard, start):
    """In words who really plays in some neighbouring seconds, a part for each change."""
    parts, first = [], 0
    for k in range(1, len(truth) + 1):
        if k == len(truth) or (truth[k] != truth[first]).any():
            who = ", ".join(np.array(heard.names)[truth[first]]) or "nobody"
            parts.append(who if (first, k) == (0, len(truth)) else f"{who} ({start + first:g} to {round(min(start + k, heard.seconds), 1):g} s)")
            first = k
    return parts


def show(heard, y, sr, timeline=None, title="Who plays when", seconds=30.0):
    """Display a recording as timeline, table and player: who is heard in which second.

    Parameters
    ----------
    heard : Heard
        As from `listen`.
    y : (n_samples,) float array
        The recording itself.
    sr : int
    timeline : (n_spans, 3) array, optional
        Who really plays, where it is known.
    title : str
    seconds : float
        A longer recording is played up to here.
    """
    from IPython.display import display

    from helpers import player, plots

    plots.show(plots.timeline(heard, timeline, title=title))
    display(player.table({title: (y, sr)}, title="The recording", seconds=seconds))
    display(table(heard, timeline))
