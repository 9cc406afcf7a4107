"""The recurrent networks of lesson 05: the report's own and what repairs it, built, and trained as one job of a study.

Room: `helpers`; called by lesson 05, directly and through `helpers.study`. Clips recorded anew (`ReRecorded`), which
teach a network to disregard the room, stand here, too.
"""

import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: The report's optimisers as Keras has them; Adadelta with the report's rho and epsilon.
OPTIMIZERS = ("adam", "sgd", "adadelta")

_LONGEST_ECHO = 1.2  # seconds
_OCTAVES = 62.5 * 2.0 ** np.arange(8)  # Hz; between them a microphone's response is interpolated
_RECORDING = 1  # counts up when `re_record` changes: kept features of older clips are then of no use

_compiled = {}  # networks by what TensorFlow traces for them: another training of the same kind starts at once


def lstm(n_features, n_classes, units=(24,), dropout=0.0, optimizer="adam", learning_rate=0.001):
    """Build and compile a stack of LSTM layers with a softmax on the state after the last step.

    Each layer keeps a memory ``c`` and an output ``h``, and reads one step ``x`` at a time (Hochreiter & Schmidhuber,
    "Long short-term memory", 1997; Gers et al., "Learning to forget", 2000)::

        i, f, o = sigmoid(x W + h U + b) for each gate,  g = tanh(x W + h U + b)
        c <- f * c + i * g,   h <- o * tanh(c)

    The network of the report is ``lstm(63, 8, (500, 500), 0.1, learning_rate=1e-4)``, fed one step of three frames.

    Parameters
    ----------
    n_features : int
        Numbers a step. Any number of steps fits.
    n_classes : int
    units : sequence of int
        Size of each LSTM layer.
    dropout : float
        Share of the outputs of every LSTM layer but the last that is set to 0 while training, 0 <= dropout < 1.
        With one layer it acts on the last output, as there is no other place for it.
    optimizer : str
        One of `OPTIMIZERS`.
    learning_rate : float

    Returns
    -------
    keras.Model
        Takes (n_clips, n_steps, n_features) and whole-number labels.

    Raises
    ------
    ValueError
        For no layer, a size below 1, a dropout that is no share, or another optimiser.
    """
    import keras

    if not len(units) or min(*units, n_features, n_classes) < 1:
        raise ValueError(f"at least one layer, and sizes of at least 1, are needed; got {units}, {n_features}, {n_classes}")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout is a share from 0 up to, but not including, 1; not {dropout}")
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"the optimiser is one of {', '.join(OPTIMIZERS)}, and not {optimizer!r}")
    layers = [keras.Input((None, int(n_features)))]
    for place, size in enumerate(units):
        last = place == len(units) - 1
        layers.append(keras.layers.LSTM(int(size), return_sequences=not last))
        if dropout and (not last or len(units) == 1):
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(int(n_classes), activation="softmax")])
    kinds = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}
    chosen = (
        kinds[optimizer](learning_rate)
        if optimizer in kinds
        else keras.optimizers.Adadelta(learning_rate, rho=0.8, epsilon=1e-6)
    )
    # Without XLA: it takes a third off each step, but seconds to compile for each size of batch.
    model.compile(chosen, "sparse_categorical_crossentropy", jit_compile=False, steps_per_execution=8)
    return model


def train(data, *, train, ask, seed, epochs=20, batch_size=50, balanced=False, watch=False, **network):
    """Train one network on some clips and ask it about others: one job of `helpers.study.run`.

    Parameters
    ----------
    data : dict
        "X": (n_clips, n_steps, n_features), not scaled; "y": (n_clips,) int classes 0, 1, 2, ...; "n_classes": int.
    train, ask : sequence of int
        Rows to train on, and rows whose classes are asked. Mean and deviation of each feature come from the training
        rows, over all their steps.
    seed : int
        Decides the weights, the order of the clips and the dropout.
    epochs, batch_size : int
    balanced : bool
        Every class weighs the same in the loss, however many clips it has.
    watch : bool
        Also return what each training clip costs after every epoch.
    **network
        As for `lstm`.

    Returns
    -------
    dict
        "proba" (n_asked, n_classes); "loss" (epochs,), mean over each epoch; "seconds" that the training took; with
        `watch` also "clip_losses" (epochs, n_train).
    """
    import keras

    from helpers import networks, standardize

    train, ask = np.asarray(train), np.asarray(ask)
    X, y, n_classes = np.asarray(data["X"]), np.asarray(data["y"]), int(data["n_classes"])
    scaler = standardize.fit(X[train].reshape(-1, X.shape[2]))
    Z = scaler.apply(X[np.concatenate([train, ask])].reshape(-1, X.shape[2])).reshape(-1, *X.shape[1:])
    Z_train, Z_ask = Z[: len(train)], Z[len(train) :]
    rate = network.pop("learning_rate", 0.001)
    key = (X.shape[1:], n_classes, repr(sorted(network.items())))
    if key not in _compiled:
        _compiled[key] = lstm(X.shape[2], n_classes, **network)
    model = networks.restart(_compiled[key], seed)
    model.optimizer.learning_rate = rate
    counts = np.bincount(y[train], minlength=n_classes)
    weights = len(train) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    losses = []
    after = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: losses.append(_clip_losses(np.asarray(model(Z_train)), y[train]))
    )
    start = time.perf_counter()
    fitted = model.fit(
        Z_train, y[train], batch_size, epochs, verbose=0, callbacks=[after] if watch else None,
        class_weight=dict(enumerate(weights)) if balanced else None,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    result = {"proba": np.asarray(model(Z_ask)), "loss": np.array(fitted.history["loss"]), "seconds": seconds}
    return {**result, "clip_losses": np.array(losses)} if watch else result


def _clip_losses(proba, labels):
    return -np.log(np.maximum(proba[np.arange(len(labels)), labels], 1e-7))


def re_record(y, sr, seed):
    """Play a clip in another room, to another microphone, at another level, with some noise.

    A plain model of a recording: reflections that die away (Moorer, "About this reverberation business", 1979, takes
    noise with an exponential envelope for them), a response of the microphone that is drawn octave by octave, a level,
    and a noise floor. None of it changes what is played, or on which instrument.

    Parameters
    ----------
    y : (n_samples,) array
    sr : int
        Sample rate, Hz.
    seed : int or sequence of int
        Decides room, microphone, level and noise.

    Returns
    -------
    (n_samples,) float32 array
        Peak between -24 and -6 dB re 1, before the noise, which lies 50 to 85 dB below the peak. A silent clip stays
        silent.
    """
    from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

    rng = np.random.default_rng(seed)
    n_tail = int(_LONGEST_ECHO * sr)
    time = np.arange(n_tail) / sr
    tail = rng.normal(size=n_tail) * 10 ** (-3 * time / rng.uniform(0.2, 1.5))  # 60 dB in 0.2 to 1.5 s
    tail[0] = 0
    tail *= 10 ** (-rng.uniform(0, 15) / 20) / np.linalg.norm(tail)  # the direct sound is 0 to 15 dB stronger
    tail[0] = 1
    octaves = rng.normal(0, 3, len(_OCTAVES)) + rng.normal(0, 1.5) * np.linspace(-1, 1, len(_OCTAVES))
    n_fft = next_fast_len(len(y) + n_tail, real=True)
    frequency = np.maximum(rfftfreq(n_fft, 1 / sr), _OCTAVES[0] / 2)
    microphone = 10 ** (np.interp(np.log2(frequency), np.log2(_OCTAVES), octaves) / 20)
    heard = irfft(rfft(y, n_fft) * rfft(tail, n_fft) * microphone, n_fft)[: len(y)]
    level, floor = 10 ** (-rng.uniform(6, 24) / 20), 10 ** (-rng.uniform(50, 85) / 20)
    peak = np.abs(heard).max(initial=0)
    if not np.any(y):
        return np.zeros(len(y), dtype=np.float32)
    return (level / peak * heard + level * floor * rng.normal(size=len(y))).astype(np.float32)


@dataclass(frozen=True)
class ReRecorded:
    """A clip of a file, recorded anew: a source for `helpers.data.Clips`, which reads it when it is asked for.

    Parameters
    ----------
    path : Path
        The file.
    seed : int
        With the file's name it decides the room (see `re_record`).
    """

    path: Path
    seed: int

    @property
    def place(self):
        """What tells this clip from the file itself, and from its other recordings, as text."""
        return f"recorded anew {_RECORDING}, {self.seed}"

    def read(self, sr):
        """(n_samples,) float32 at `sr` Hz."""
        from helpers import audio

        return re_record(audio.load(self.path, sr=sr), sr, (self.seed, zlib.crc32(self.path.name.encode())))
