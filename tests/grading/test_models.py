"""Models cross as they are, or are refused with a reason; nothing that a hostile process sends becomes anything else."""

import re

import keras
import numpy as np
import pytest
from keras import layers
from keras.src.backend.common import global_state

from grading import models, wire
from helpers import checks

RNG = np.random.default_rng(0)


def cross(value):
    """What arrives on the other side."""
    body = wire.pack(wire.Encoder().encode(value))
    return wire.Decoder(call=None).decode(wire.unpack(body))


def sent(model):
    """What is sent for a model, as data that a test can change before it arrives."""
    return models.take_apart(model, {})


def arrive(tree):
    return models.put_together(wire.Decoder(call=None).decode(wire.Encoder().encode(tree)), [])


def stir(model):
    """Weights that are nobody's start."""
    for weight in model.trainable_weights:
        weight.assign(RNG.uniform(0.1, 0.5, size=weight.shape))


def agree(model, other, rows):
    assert type(model) is type(other) and model.name == other.name
    for one, two in zip(model._flatten_layers(), other._flatten_layers(), strict=True):
        assert (one.trainable, type(one)) == (two.trainable, type(two))
    assert [layer.name for layer in model.layers] == [layer.name for layer in other.layers]
    out = (keras.tree.flatten(one(rows, training=False)) for one in (model, other))  # the random ones rest
    for one, two in zip(*out, strict=True):
        np.testing.assert_array_equal(one, two)
    assert [w.shape for w in model.trainable_weights] == [w.shape for w in other.trainable_weights]


def sequential(*inner, shape=(5,)):
    return keras.Sequential([keras.Input(shape), *inner])


# --- every layer of the list ------------------------------------------------------------------------------------------

FLAT, SERIES, PICTURE, SOLID = (5,), (6, 4), (8, 8, 3), (4, 4, 4, 2)
ONE = {  # name: (settings, shape of the input)
    "Activation": (("relu",), FLAT), "ActivityRegularization": ((0.1,), FLAT), "AlphaDropout": ((0.2,), FLAT),
    "AveragePooling1D": ((2,), SERIES), "AveragePooling2D": ((2,), PICTURE), "BatchNormalization": ((), SERIES),
    "Conv1D": ((3, 2), SERIES), "Conv1DTranspose": ((3, 2), SERIES), "Conv2D": ((3, 2), PICTURE),
    "Conv2DTranspose": ((3, 2), PICTURE), "Cropping1D": ((), SERIES), "Cropping2D": ((1,), PICTURE),
    "Dense": ((3, "tanh"), FLAT), "DepthwiseConv1D": ((2,), SERIES), "DepthwiseConv2D": ((2,), PICTURE),
    "Dropout": ((0.2,), FLAT), "ELU": ((), FLAT), "Flatten": ((), SERIES), "GRU": ((3,), SERIES),
    "GaussianDropout": ((0.2,), FLAT), "GaussianNoise": ((0.2,), FLAT), "GlobalAveragePooling1D": ((), SERIES),
    "GlobalAveragePooling2D": ((), PICTURE), "GlobalMaxPooling1D": ((), SERIES), "GlobalMaxPooling2D": ((), PICTURE),
    "GroupNormalization": ((2,), SERIES), "Identity": ((), FLAT), "LSTM": ((3,), SERIES),
    "LayerNormalization": ((), SERIES), "LeakyReLU": ((), FLAT), "Masking": ((), SERIES), "MaxPooling1D": ((2,), SERIES),
    "MaxPooling2D": ((2,), PICTURE), "PReLU": ((), FLAT), "Permute": (((2, 1),), SERIES), "ReLU": ((), FLAT),
    "RepeatVector": ((2,), FLAT), "Rescaling": ((0.5,), FLAT), "Reshape": (((5, 1),), FLAT),
    "SeparableConv1D": ((3, 2), SERIES), "SeparableConv2D": ((3, 2), PICTURE), "SimpleRNN": ((3,), SERIES),
    "Softmax": ((), FLAT), "SpatialDropout1D": ((0.2,), SERIES), "SpatialDropout2D": ((0.2,), PICTURE),
    "UnitNormalization": ((), FLAT), "UpSampling1D": ((), SERIES), "UpSampling2D": ((), PICTURE),
    "ZeroPadding1D": ((), SERIES), "ZeroPadding2D": ((), PICTURE),
    "AdaptiveAveragePooling1D": ((2,), SERIES), "AdaptiveAveragePooling2D": ((2,), PICTURE),
    "AdaptiveAveragePooling3D": ((2,), SOLID), "AdaptiveMaxPooling1D": ((2,), SERIES),
    "AdaptiveMaxPooling2D": ((2,), PICTURE), "AdaptiveMaxPooling3D": ((2,), SOLID), "AugMix": ((), PICTURE),
    "AutoContrast": ((), PICTURE), "AveragePooling3D": ((2,), SOLID), "CategoryEncoding": ((9, "multi_hot"), FLAT),
    "CenterCrop": ((4, 4), PICTURE), "Conv3D": ((2, 2), SOLID), "Conv3DTranspose": ((2, 2), SOLID),
    "ConvLSTM1D": ((2, 2), (3, 6, 2)), "ConvLSTM2D": ((2, 2), (3, 5, 5, 2)), "ConvLSTM3D": ((2, 2), (2, 4, 4, 4, 2)),
    "Cropping3D": ((1,), SOLID), "CutMix": ((), PICTURE), "Discretization": (([0.0, 1.5],), FLAT),
    "EinsumDense": (("ab,bc->ac", 3), FLAT), "GlobalAveragePooling3D": ((), SOLID), "GlobalMaxPooling3D": ((), SOLID),
    "Hashing": ((4,), FLAT), "MaxPooling3D": ((2,), SOLID), "MelSpectrogram": ((), (4000,)), "MixUp": ((), PICTURE),
    "RMSNormalization": ((), SERIES), "RandAugment": ((), PICTURE), "RandomBrightness": ((0.2,), PICTURE),
    "RandomColorDegeneration": ((0.2,), PICTURE), "RandomColorJitter": ((), PICTURE), "RandomContrast": ((0.2,), PICTURE),
    "RandomCrop": ((4, 4), PICTURE), "RandomElasticTransform": ((), PICTURE), "RandomErasing": ((), PICTURE),
    "RandomFlip": ((), PICTURE), "RandomGaussianBlur": ((), PICTURE), "RandomGrayscale": ((), PICTURE),
    "RandomHue": ((0.2,), PICTURE), "RandomInvert": ((), PICTURE), "RandomPerspective": ((), PICTURE),
    "RandomPosterization": ((3,), PICTURE), "RandomRotation": ((0.2,), PICTURE), "RandomSaturation": ((0.2,), PICTURE),
    "RandomSharpness": ((0.2,), PICTURE), "RandomShear": ((), PICTURE), "RandomTranslation": ((0.2, 0.2), PICTURE),
    "RandomZoom": ((0.2,), PICTURE), "Resizing": ((4, 4), PICTURE), "STFTSpectrogram": ((), (4000, 1)),
    "Solarization": ((), PICTURE), "SpatialDropout3D": ((0.2,), SOLID), "UpSampling3D": ((), SOLID),
    "ZeroPadding3D": ((), SOLID),
}
TWO = ("Add", "AdditiveAttention", "Attention", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract")


def other_layers():
    adapted = layers.Normalization()
    adapted.adapt(RNG.normal(3, 2, size=(50, 5)).astype("float32"))
    series, one, two = keras.Input(SERIES), keras.Input(FLAT), keras.Input(FLAT)
    words = keras.Input((6,), dtype="int32")
    return {
        "Bidirectional": sequential(layers.Bidirectional(layers.LSTM(3, return_sequences=True)), shape=SERIES),
        "Dot": keras.Model([one, two], layers.Dot(1)([one, two])),
        "GRUCell": sequential(layers.RNN(layers.GRUCell(3)), shape=SERIES),
        "GroupQueryAttention": keras.Model(series, layers.GroupQueryAttention(2, 2, 1)(series, series)),
        "HashedCrossing": _crossing(),
        "LSTMCell": sequential(layers.RNN(layers.LSTMCell(3), return_sequences=True), shape=SERIES),
        "Pipeline": sequential(layers.Pipeline([layers.Rescaling(0.5)]), shape=PICTURE),
        "RNN": sequential(layers.Bidirectional(layers.RNN(layers.LSTMCell(3))), shape=SERIES),
        "ReversibleEmbedding": keras.Model(words, layers.ReversibleEmbedding(9, 4)(words)),
        "SimpleRNNCell": sequential(layers.RNN(layers.SimpleRNNCell(3)), shape=SERIES),
        "SpectralNormalization": sequential(layers.SpectralNormalization(layers.Dense(3))),
        "StackedRNNCells": sequential(layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)]), shape=SERIES),
        "Embedding": keras.Model(words, layers.GRU(3)(layers.Embedding(9, 4, mask_zero=True)(words))),
        "InputLayer": sequential(layers.Dense(2)),
        "MultiHeadAttention": keras.Model(series, layers.MultiHeadAttention(2, 3)(series, series)),
        "Normalization": sequential(adapted, layers.Dense(2)),
        "TimeDistributed": sequential(layers.TimeDistributed(sequential(layers.Dense(3), shape=(4,))), shape=SERIES),
    } | {name: _of_two(name) for name in TWO}


def _crossing():
    one, two = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    return keras.Model([one, two], layers.HashedCrossing(5)([one, two]))


def _of_two(name):
    one, two = keras.Input(SERIES), keras.Input(SERIES)
    return keras.Model([one, two], getattr(layers, name)()([one, two]))


def rows_for(model):
    rows = [RNG.uniform(1, 2, size=(3, *tensor.shape[1:])).astype(tensor.dtype) for tensor in model.inputs]
    return rows if len(rows) > 1 else rows[0]


def test_every_layer_of_the_list_crosses_with_its_weights():
    made = {name: sequential(getattr(layers, name)(*how), shape=shape) for name, (how, shape) in ONE.items()}
    made |= other_layers()
    assert made.keys() | {"Equalization"} == models.LAYERS  # Keras itself cannot put that one into a model
    for name, model in made.items():
        stir(model)
        try:
            agree(model, cross(model), rows_for(model))
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


def test_every_layer_of_keras_is_on_the_list_but_those_that_bring_code_or_files():
    kinds = {name: kind for name, kind in vars(layers).items() if isinstance(kind, type)}
    allowed = set(models._classes().values())
    assert {name for name, kind in kinds.items() if kind not in allowed} == {
        "FlaxLayer", "InputSpec", "IntegerLookup", "JaxLayer", "Lambda", "Layer", "MaxNumBoundingBoxes", "StringLookup",
        "TFSMLayer", "TextVectorization", "TorchModuleWrapper", "Wrapper",
    }  # fmt: skip


def test_what_a_layer_learnt_beside_its_weights_crosses():
    model = sequential(layers.BatchNormalization(), layers.Dense(2))
    model.layers[0].moving_mean.assign(np.arange(5.0))
    model.layers[0].moving_variance.assign(np.arange(1.0, 6.0))
    agree(model, cross(model), rows_for(model))


def test_a_graph_of_layers_and_arithmetic_crosses():
    series = keras.Input(SERIES, name="clip")
    shared = layers.Dense(4, activation="relu")
    x = shared(shared(series)) + series * 0.5
    x = layers.Bidirectional(layers.GRU(3, return_sequences=True))(layers.Masking()(x))
    x = keras.ops.concatenate([keras.ops.mean(x, axis=1), x[:, -1, :], -keras.ops.max(x, axis=1) / 2], axis=-1)
    inner = sequential(layers.Dense(3), sequential(layers.Dense(2), layers.BatchNormalization(), shape=(3,)), shape=(18,))
    x = inner(x)
    outputs = {"composer": layers.Softmax(name="composer")(x), "instruments": layers.Dense(2, name="instruments")(x)}
    model = keras.Model(series, outputs)
    stir(model)
    arrived = cross(model)
    agree(model, arrived, rows_for(model))
    assert arrived.output_names == model.output_names and set(arrived.output) == {"composer", "instruments"}


def test_models_that_are_not_built_yet_cross_and_build_later():
    model = keras.Sequential([layers.Dense(3), layers.Dense(2)])
    arrived = cross(model)
    assert not arrived.built and [layer.units for layer in arrived.layers] == [3, 2]
    model(np.ones((1, 5)))  # without an Input: built by its first call
    agree(model, cross(model), np.ones((2, 5), dtype="float32"))


def test_activations_by_name_object_and_function():
    import tensorflow as tf

    for activation in ("gelu", keras.activations.relu, tf.nn.softmax, tf.nn.relu, keras.ops.tanh, layers.LeakyReLU(0.3)):
        model = sequential(layers.Dense(4, activation=activation))
        agree(model, cross(model), rows_for(model))


# --- what is frozen, and what is shared -------------------------------------------------------------------------------


def test_frozen_layers_stay_frozen_at_every_depth():
    trunk = sequential(layers.Dense(4, name="first"), layers.BatchNormalization(name="second"))
    model = keras.Sequential([keras.Input(FLAT), trunk, layers.Dense(2)])
    for freeze in (lambda: setattr(trunk.layers[0], "trainable", False), lambda: setattr(trunk, "trainable", False)):
        freeze()
        agree(model, cross(model), rows_for(model))
    trunk.layers[0].trainable = True  # inside a frozen model
    agree(model, cross(model), rows_for(model))
    both = layers.Bidirectional(layers.LSTM(2))
    recurrent = sequential(both, shape=SERIES)
    both.backward_layer.trainable = False
    agree(recurrent, cross(recurrent), rows_for(recurrent))


def test_what_models_share_stays_shared():
    first = sequential(layers.Dense(4), layers.Dense(2))
    optimizer = keras.optimizers.Adam(0.01)
    first.compile(optimizer, "mse")
    second = sequential(first.layers[0], layers.Dense(3))
    second.compile(optimizer, "mse")
    features = keras.Model(first.inputs[0], first.layers[0].output)
    whole = keras.Sequential([keras.Input(FLAT), features, layers.Dense(1)])
    arrived = cross({0.1: first, 0.2: second, "features": features, "whole": whole, "again": first})
    assert arrived[0.1] is arrived["again"] and arrived["whole"].layers[0] is arrived["features"]
    assert arrived[0.1].layers[0] is arrived[0.2].layers[0] is arrived["features"].layers[1]
    assert arrived[0.1].optimizer is arrived[0.2].optimizer
    before = arrived[0.2](np.ones((2, 5))).numpy()
    arrived[0.1].train_on_batch(np.ones((2, 5)), np.ones((2, 2)))
    assert not np.allclose(before, arrived[0.2](np.ones((2, 5))))  # training one trains what the other uses of it
    agree(features, cross(features), rows_for(features))


def test_models_that_share_nothing_share_nothing_afterwards():
    one, two = (sequential(layers.Dense(4), layers.Dense(2)) for _ in range(2))
    for model in (one, two):
        model.compile("adam", "mse")
    arrived = cross([one, two])
    assert not {id(w) for w in arrived[0].weights} & {id(w) for w in arrived[1].weights}
    assert arrived[0].optimizer is not arrived[1].optimizer


# --- compiled ---------------------------------------------------------------------------------------------------------


def test_a_layer_added_to_a_model_that_came_across_gets_a_name_of_its_own():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(2)])
    names = {layer.name for layer in model.layers} | {model.inputs[0].name}
    keras.utils.clear_session()  # as in another process: nothing was named there yet
    cross(model)
    tops = [keras.layers.Dense(2).name, keras.layers.Dense(2).name, keras.Input((3,)).name]
    assert len({*names, *tops}) == len(names) + 3


def test_a_model_that_is_not_compiled_stays_so():
    assert not cross(sequential(layers.Dense(2))).compiled


LOSSES = ["sparse_categorical_crossentropy", keras.losses.sparse_categorical_crossentropy,
          keras.losses.SparseCategoricalCrossentropy(from_logits=True)]


@pytest.mark.parametrize("loss", LOSSES, ids=["name", "function", "object"])
def test_optimiser_loss_and_metrics_cross(loss):
    model = sequential(layers.Dense(3))
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 1000, 0.5)
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), loss, metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)])
    stir(model)
    arrived = cross(model)
    assert arrived.optimizer.get_config() == model.optimizer.get_config()
    assert type(arrived.loss) is type(model.loss)
    rows, labels = RNG.normal(size=(8, 5)), RNG.integers(0, 3, 8)
    assert arrived.evaluate(rows, labels, verbose=0) == pytest.approx(model.evaluate(rows, labels, verbose=0))


def test_a_rate_that_was_set_after_compiling_crosses():
    model = sequential(layers.Dense(3))
    model.compile("adam", "mse")
    model.optimizer.learning_rate = 0.25
    assert float(cross(model).optimizer.learning_rate) == 0.25


def test_a_model_that_computes_in_float16_crosses():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = sequential(layers.Dense(8, "relu"), layers.Dense(3, "softmax"))
        model.compile(keras.optimizers.SGD(0.25), "sparse_categorical_crossentropy", metrics=["accuracy"])
        assert type(model.optimizer).__name__ == "LossScaleOptimizer"
        model.train_on_batch(RNG.normal(size=(8, 5)), RNG.integers(0, 3, 8))
        tree = sent(model)
    finally:
        keras.config.set_dtype_policy("float32")
    arrived, rows = arrive(tree), RNG.normal(size=(8, 5)).astype("float32")
    assert type(arrived.optimizer) is keras.optimizers.SGD and float(arrived.optimizer.learning_rate) == 0.25
    assert arrived(rows).dtype == "float32" and model(rows).dtype == "float16"
    np.testing.assert_allclose(arrived(rows), model(rows), atol=2e-3)
    assert all((one == two).all() for one, two in zip(arrived.get_weights(), model.get_weights(), strict=True))
    arrived.train_on_batch(rows, RNG.integers(0, 3, 8))


@pytest.mark.parametrize("given", [["accuracy"], [keras.metrics.SparseCategoricalAccuracy()], ["accuracy", "mae"]])
def test_metrics_in_the_place_of_loss_weights_are_told_where_the_model_is_trained(given):
    model = sequential(layers.Dense(3))
    model.compile("adam", "sparse_categorical_crossentropy", given)
    for one in (model, cross(model)):
        with pytest.raises((ValueError, TypeError)) as error:
            one.train_on_batch(RNG.normal(size=(8, 5)), RNG.integers(0, 3, 8))
        assert "write `metrics=[...]`" in checks.explain(error.value, {}, "build_model")


@pytest.mark.parametrize("by_name", [True, False])
def test_losses_and_metrics_of_several_outputs(by_name):
    rows = keras.Input(FLAT)
    model = keras.Model(rows, [layers.Dense(3, "softmax", name="composer")(rows), layers.Dense(2, "sigmoid", name="instruments")(rows)])
    loss = {"composer": keras.losses.sparse_categorical_crossentropy, "instruments": keras.losses.BinaryCrossentropy()}
    metrics = {"composer": ["accuracy"], "instruments": [keras.metrics.AUC(name="area")]}
    if not by_name:
        loss, metrics = list(loss.values()), list(metrics.values())
    model.compile("adam", loss=loss, metrics=metrics, loss_weights={"composer": 1.0, "instruments": 2.0} if by_name else [1.0, 2.0])
    stir(model)
    rows, labels = RNG.normal(size=(8, 5)), [RNG.integers(0, 3, 8), RNG.integers(0, 2, (8, 2))]
    arrived = cross(model).evaluate(rows, labels, verbose=0, return_dict=True)
    assert arrived == pytest.approx(model.evaluate(rows, labels, verbose=0, return_dict=True))
    assert {"composer_accuracy", "instruments_area"} <= arrived.keys()


def test_a_metric_of_the_students_own_stays_behind():
    model = sequential(layers.Dense(3))
    model.compile("adam", "mse", metrics=["mae", lambda true, out: keras.ops.mean(true - out)])
    assert cross(model)._compile_config.config["metrics"] == ["mae"]


# --- what is refused where it is sent -----------------------------------------------------------------------------------


class Own(layers.Dense):
    """A layer of the student's."""


class Posing(layers.Dense):
    """The same, that says it is Keras's."""


Posing.__module__, Posing.__name__, Posing.__qualname__ = layers.Dense.__module__, "Dense", "Dense"


class OwnModel(keras.Model):
    """A model of the student's."""


class OwnOptimizer(keras.optimizers.SGD):
    """An optimiser of the student's."""


def relu(x):
    """Called like Keras's, and something else."""
    return x


def compiled(**how):
    model = sequential(layers.Dense(2))
    model.compile(**{"optimizer": "adam", "loss": "mse"} | how)
    return model


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: sequential(layers.Lambda(lambda x: x)), "`Lambda`"),
        (lambda: sequential(Own(2)), "your own `Own`"),
        (lambda: sequential(Posing(2)), "`Dense`"),
        (lambda: sequential(layers.Dense(2, activation=relu)), "your own function `relu`"),
        (lambda: sequential(layers.TimeDistributed(Own(2)), shape=SERIES), "Own"),
        (lambda: sequential(sequential(Own(2), shape=(5,))), "`Own`"),
        (lambda: sequential(layers.Dense(4000), layers.Dense(4000)), "16,028,000 weights"),
        (lambda: keras.Sequential([layers.Dense(10**9)]), "size of 1,000,000,000"),
        (OwnModel, "your own `OwnModel`"),
        (lambda: compiled(loss=lambda true, out: keras.ops.mean(true - out)), "the loss `<lambda>`"),
        (lambda: compiled(optimizer=OwnOptimizer()), "`OwnOptimizer`"),
    ],
)
def test_what_is_not_keras_own_is_refused_with_a_reason(make, said):
    with pytest.raises(wire.Refused, match=said):
        wire.Encoder().encode({"model": make()})


@pytest.mark.parametrize(
    "make",
    [
        lambda: sequential(layers.Lambda(lambda x: x)),
        lambda: sequential(Own(2)),
        lambda: sequential(layers.Dense(2, activation=relu)),
        lambda: sequential(layers.TimeDistributed(Own(2)), shape=SERIES),
        lambda: sequential(sequential(Own(2), shape=(5,))),
        OwnModel,
    ],
)
def test_a_check_in_the_notebook_says_what_the_grader_will(make):
    with pytest.raises(AssertionError) as told:
        checks.own_layers(make())
    with pytest.raises(wire.Refused) as refused:
        wire.Encoder().encode(make())
    assert checks.OWN_LAYERS in str(told.value) and checks.OWN_LAYERS in str(refused.value)
    name = re.search("`(.*)`", str(told.value))[1]
    assert name in str(refused.value)


def test_a_check_in_the_notebook_lets_pass_what_the_grader_takes():
    for model in [*other_layers().values(), sequential(layers.Dense(2, activation="relu"))]:
        checks.own_layers(model)


# --- what is refused where it arrives -----------------------------------------------------------------------------------


def changed(model, change):
    tree = sent(model)
    change(*tree)
    return tree


def dense(part, which=-1):
    return part["parts"][which]["settings"]


def held(module, name, **more):
    return {"module": module, "class_name": name, "config": {}, "registered_name": None, **more}


def plain():
    return compiled(loss="mse")


def graph():
    rows = keras.Input(FLAT)
    return keras.Model(rows, layers.Dense(2)(layers.Dense(3)(rows)))


ARRIVE = {
    "a class of another module": (plain, lambda p, c: p["parts"][1].update({"class": "os.system"})),
    "a layer that is not on the list": (plain, lambda p, c: p["parts"][1].update({"class": "layers.Lambda"})),
    "an optimiser in the place of a layer": (plain, lambda p, c: p["parts"][1].update({"class": "optimizers.Adam"})),
    "a name that is none": (plain, lambda p, c: p["parts"][1].update({"class": ["layers.Dense"]})),
    "a path below an allowed module": (plain, lambda p, c: dense(p).update(activation=held("keras", "layers.Lambda"))),
    "a function that loads": (plain, lambda p, c: dense(p).update(activation=held("keras", "saving.load_model"))),
    "a pair that does not belong together": (plain, lambda p, c: dense(p).update(activation=held("keras.initializers", "Dense"))),
    "marshalled code": (plain, lambda p, c: dense(p).update(activation={"class_name": "__lambda__", "config": {"value": ["", None, None]}})),
    "a function by name": (plain, lambda p, c: dense(p).update(activation=held("builtins", "function", config="relu"))),
    "a registered name": (plain, lambda p, c: dense(p).update(activation=held("keras.layers", "ReLU", registered_name="x>y"))),
    "no module": (plain, lambda p, c: dense(p).update(activation={"class_name": "ReLU", "config": {}})),
    "compile settings inside": (plain, lambda p, c: dense(p).update(activation=held("keras.layers", "ReLU", compile_config={}))),
    "an object that is shared": (plain, lambda p, c: dense(p).update(activation=held("keras.layers", "ReLU", shared_object_id=1))),
    "settings that do not exist": (plain, lambda p, c: dense(p).update(nonsense=1)),
    "a size beyond any lesson": (plain, lambda p, c: dense(p).update(units=10**7)),
    "weights of another shape": (plain, lambda p, c: p["parts"][1]["own"][0][1].update({"0": np.ones((2, 2))})),
    "weights for another number of layers": (plain, lambda p, c: p["parts"][1]["own"].append([True, {}])),
    "weights that are none": (plain, lambda p, c: p["parts"][1]["own"][0].__setitem__(1, 7)),
    "a place that nothing has": (plain, lambda p, c: p["parts"].append(17)),
    "a model inside itself": (plain, lambda p, c: p["parts"].append(0)),
    "a loss of no known kind": (plain, lambda p, c: c.update(loss=["function", "get"])),
    "a loss that is a metric": (plain, lambda p, c: c.update(loss=["class", "metrics.AUC", {}])),
    "an optimiser of no known kind": (plain, lambda p, c: c["optimizer"].update({"class": "layers.Dense"})),
    "a tensor before it is made": (graph, lambda p, c: p["calls"][0].__setitem__(1, ["tuple", [["tensor", 2]]])),
    "calls in a circle": (graph, lambda p, c: p["calls"].reverse()),
    "a call of nothing": (graph, lambda p, c: p["calls"][0].__setitem__(1, ["tuple", [["array", np.ones((1, 5))]]])),
    "a call of a layer that is not there": (graph, lambda p, c: p["calls"][0].__setitem__(0, 9)),
    "calls without end": (graph, lambda p, c: p["calls"].extend([p["calls"][1]] * 10_000)),
    "an argument of no known kind": (graph, lambda p, c: p["calls"][0].__setitem__(2, ["code", "x"])),
    "no list of layers": (graph, lambda p, c: p.update(parts=7)),
    "nothing": (graph, lambda p, c: p.clear()),
}


@pytest.mark.parametrize("name", ARRIVE)
def test_a_tree_that_nobody_took_apart_is_refused(name):
    make, change = ARRIVE[name]
    arrive(sent(make()))  # it is the change that is refused
    tree = changed(make(), change)
    with pytest.raises((wire.WireError, wire.Refused)):
        arrive(tree)


def test_a_giant_is_refused_before_it_takes_memory():
    tree = sent(sequential(layers.Dense(2)))
    part = tree[0]["parts"][1]
    giant = {**part, "settings": {**part["settings"], "units": 900_000}, "own": [[True, {}]], "build": None}
    tree[0]["parts"][1:] = [
        {**giant, "settings": {**giant["settings"], "name": f"dense{i}"}} for i in range(10)
    ]
    with pytest.raises(wire.Refused, match="7,29[0-9],.* weights"):  # in all 29 TB
        arrive(tree)
    assert not global_state.get_global_attribute("uninitialized_variables")  # or the next model would make them
    agree(*(lambda model: (model, cross(model)))(sequential(layers.Dense(2))), RNG.normal(size=(2, 5)))


@pytest.mark.parametrize("deep", [False, True])
def test_thousands_of_layers_are_refused(deep):
    part, _ = sent(keras.Sequential([layers.Dense(2)]))
    inner = keras.saving.serialize_keras_object(layers.Dense(2))
    if deep:
        wrapped = held("keras", "Sequential", config={"name": "s", "layers": [inner] * 2000})
        timed = {"class": "layers.TimeDistributed", "settings": {"layer": wrapped}, "own": [], "build": None}
        part["parts"] = [timed]
    else:
        part["parts"] = part["parts"] * 2000
    with pytest.raises(wire.Refused, match="layers"):
        arrive([part, None])


def test_own_lists_name_only_what_keras_has():
    assert models._classes().keys() > {"layers.Dense", "ops.numpy.GetItem", "optimizers.Adam", "losses.Huber", "metrics.AUC"}
    assert all(isinstance(kind, type) for kind in models._classes().values())
