"""Keras models as data: taken apart in the student's process, checked and put together in the examiner's."""

import json

import numpy as np

from grading.wire import Refused, WireError

# Layers of Keras's own that a lesson may use. A name outside this list is never built: `Lambda` and custom layers would
# bring code of the student's into the examiner.
LAYERS = frozenset(
    """Activation ActivityRegularization Add AlphaDropout Attention Average AveragePooling1D AveragePooling2D
    BatchNormalization Bidirectional Concatenate Conv1D Conv1DTranspose Conv2D Cropping1D Dense DepthwiseConv1D
    DepthwiseConv2D Dot Dropout ELU Embedding Flatten GRU GaussianDropout GaussianNoise GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization Identity InputLayer LSTM
    LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D Maximum Minimum Multiply Normalization PReLU Permute
    ReLU RepeatVector Rescaling Reshape SeparableConv1D SeparableConv2D SimpleRNN Softmax SpatialDropout1D
    SpatialDropout2D Subtract TimeDistributed UnitNormalization UpSampling1D ZeroPadding1D ZeroPadding2D""".split()
)
_MODELS = frozenset({"Sequential", "Functional", "Model"})
_MODULES = (
    "keras", "keras.layers", "keras.models", "keras.src.models.functional", "keras.src.models.sequential",
    "keras.initializers", "keras.regularizers", "keras.constraints", "keras.losses", "keras.metrics",
    "keras.optimizers", "builtins", None,
)
_PLAIN = frozenset({"DTypePolicy", "__tuple__", "__tensor__", "__numpy__", "__keras_tensor__"})
_NUMBER_LIMIT = 10**7  # no size in a lesson's model comes near it; `Dense(10**9)` is refused before it is built


def take_apart(model):
    """Config, weights, compile config and optimiser of a model; None if it is not made of Keras's own layers alone.

    Returns
    -------
    (str, list of dict, str or None, dict or None) or None
    """
    if type(model).__name__ not in _MODELS or not type(model).__module__.startswith("keras."):
        return None
    try:
        config = model.to_json()
        check_config(json.loads(config))
    except (WireError, Refused, TypeError, ValueError, NotImplementedError):
        return None
    if not model.built:
        return config, [], None, None
    weights = []
    for layer in _leaves(model):
        store = {}
        layer.save_own_variables(store)
        weights.append({str(name): np.asarray(value) for name, value in store.items()})
    compiled, optimizer = None, None
    if getattr(model, "compiled", False):
        try:
            compiled = json.dumps(model.get_compile_config())
        except (TypeError, ValueError):  # a loss or metric of the student's own
            compiled = None
        optimizer = {"class": type(model.optimizer).__name__, "learning_rate": float(np.asarray(model.optimizer.learning_rate))}
    return config, weights, compiled, optimizer


def put_together(config, weights, compiled, optimizer):
    """The model of what :func:`take_apart` gave, after every name and number in it was checked.

    Raises
    ------
    WireError, Refused
        If it holds anything but Keras's own layers, or weights that do not fit.
    """
    import keras

    tree = _json(config)
    check_config(tree)
    try:
        model = keras.saving.deserialize_keras_object(tree, safe_mode=True)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WireError(f"not a model: {type(error).__name__}") from None
    if not isinstance(model, keras.Model):
        raise WireError("not a model")
    if not weights:
        return model
    leaves = _leaves(model)
    if len(leaves) != len(weights):
        raise WireError("weights for another number of layers")
    for layer, store in zip(leaves, weights, strict=True):
        if not isinstance(store, dict):
            raise WireError("weights are not a dict")
        try:
            if store:
                layer.load_own_variables(store)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WireError(f"weights do not fit {layer.name!r}: {type(error).__name__}") from None
    if compiled is not None:
        settings = _json(compiled)
        check_config(settings)
        try:
            model.compile_from_config(settings)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise WireError(f"not a compile config: {type(error).__name__}") from None
    return model


def check_config(tree, depth=0):
    """Refuse a config that names anything but Keras's own things, or a number no lesson needs.

    Raises
    ------
    Refused
        In the student's words: what the model must not hold.
    WireError
        If it is no config at all.
    """
    if depth > 40:
        raise WireError("a config nested too deeply")
    if isinstance(tree, dict):
        name, module = tree.get("class_name"), tree.get("module", None)
        if name is not None:
            _check_class(name, module, tree.get("registered_name"))
        for key, item in tree.items():
            if not isinstance(key, str):
                raise WireError("a config with a key that is not text")
            check_config(item, depth + 1)
    elif isinstance(tree, (list, tuple)):
        for item in tree:
            check_config(item, depth + 1)
    elif isinstance(tree, bool) or tree is None or isinstance(tree, str):
        return
    elif isinstance(tree, (int, float)):
        if isinstance(tree, int) and abs(tree) > _NUMBER_LIMIT:
            raise Refused(f"a model with a size of {tree:,} is far larger than anything this lesson needs")
    else:
        raise WireError("not a config")


def _check_class(name, module, registered):
    if not isinstance(name, str) or module not in _MODULES:
        raise Refused(f"the model uses {str(module)[:40]}.{str(name)[:40]}: use Keras's own layers")
    if registered not in (None, name) and not str(registered).startswith(("keras", "Keras")):
        raise Refused(f"the model uses the custom layer {str(registered)[:40]}: use Keras's own layers")
    if module == "keras.layers" and name not in LAYERS:
        raise Refused(f"the model uses the layer {name[:40]}: use Keras's usual layers, without Lambda")
    if module == "builtins" and name not in ("function", "list", "tuple", "dict"):
        raise Refused(f"the model uses {name[:40]}: use Keras's own layers")
    if module == "builtins" and name == "function":
        raise Refused("the model uses a function of its own: use Keras's own layers, losses and activations")


def _json(text):
    if not isinstance(text, str) or len(text) > 2**20:
        raise WireError("a config that is not text, or far too long")
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise WireError("a config that is not JSON") from None


def _leaves(model):
    """Layers with variables of their own, in the model's order; nested models are walked through."""
    leaves = []
    for layer in model.layers:
        leaves += _leaves(layer) if hasattr(layer, "layers") else [layer]
    return leaves
