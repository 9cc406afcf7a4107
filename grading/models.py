"""Keras models as data: taken apart on one side of the wall, checked and put together on the other. Called by ``wire``.

A model crosses as a tree of plain data and arrays: its layers (a class from the lists below, the settings of its
constructor, its weights), and for a functional model the calls that connect them. Nothing of Keras's own file formats
is read, and no class is looked up by a name that came over the wire but in these lists. Both sides use this module:
answers return models, and tests hand models to answers.

What does not cross: the state of an optimiser beyond its settings, and that a layer inside a wrapper such as
``TimeDistributed`` is also used elsewhere.
"""

import functools
import math
import types

import numpy as np

from grading.wire import Refused, WireError
from helpers import checks

# All layers of Keras's own that are made of settings and weights. Left out are `Lambda` and the bridges to other
# libraries, which would bring code of the student's into the examiner, and the tables of words, which read files.
LAYERS = frozenset(
    """Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout Attention AugMix
    AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional
    CategoryEncoding CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
    ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D CutMix Dense DepthwiseConv1D DepthwiseConv2D
    Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalMaxPooling3D GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity InputLayer LSTM LSTMCell
    LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MixUp
    MultiHeadAttention Multiply Normalization PReLU Permute Pipeline RMSNormalization RNN RandAugment RandomBrightness
    RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
    RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape
    Resizing ReversibleEmbedding STFTSpectrogram SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax
    Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells Subtract
    TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D
    ZeroPadding3D""".split()
)
# What becomes of arithmetic, slices and `keras.ops` in a functional model. None of them makes much of little.
OPERATIONS = {
    "core": frozenset({"Cast"}),
    "nn": frozenset("Elu Gelu LeakyRelu LogSoftmax Relu Sigmoid Silu Softmax Softplus".split()),
    "numpy": frozenset(
        """Abs Absolute Add Any Clip Concatenate Divide Equal Exp ExpandDims GetItem Greater GreaterEqual Less LessEqual
        Log Log10 Log1p LogicalAnd LogicalNot LogicalOr Max Maximum Mean Min Minimum Multiply Negative NotEqual Power
        Reshape Sqrt Square Squeeze Stack Std Subtract Sum Tanh Transpose TrueDivide Var""".split()
    ),
}
OPTIMIZERS = frozenset("Adadelta Adagrad Adam AdamW Adamax Ftrl Lion Nadam RMSprop SGD".split())
LOSSES = frozenset(
    """BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalHinge
    CosineSimilarity Hinge Huber KLDivergence LogCosh MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError
    MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge""".split()
)
METRICS = frozenset(
    """AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy CosineSimilarity F1Score
    FalseNegatives FalsePositives KLDivergence MeanAbsoluteError MeanSquaredError Precision Recall RootMeanSquaredError
    SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy TopKCategoricalAccuracy
    TrueNegatives TruePositives""".split()
)
# What the settings of a layer or an optimiser may hold, as (module, class).
_HELD = {
    "keras": ("DTypePolicy", "Sequential"),  # a Sequential inside TimeDistributed
    "keras.layers": LAYERS,  # the layer inside a wrapper; a layer as an activation
    "keras.initializers": (
        "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "LecunNormal",
        "LecunUniform", "Ones", "Orthogonal", "RandomNormal", "RandomUniform", "STFT", "STFTInitializer", "TruncatedNormal",
        "VarianceScaling", "Zeros",
    ),
    "keras.regularizers": ("L1", "L1L2", "L2", "OrthogonalRegularizer"),
    "keras.constraints": ("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
    "keras.optimizers.schedules": (
        "CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay",
        "PolynomialDecay",
    ),
}
_PAIRS = frozenset((module, name) for module, names in _HELD.items() for name in names)
_ARRAY = "__numpy__"  # an array among the settings, as Keras writes it
_MIXED = ("mixed_float16", "mixed_bfloat16")
_TYPES = frozenset("bool float16 float32 float64 int8 int16 int32 int64 uint8".split())

MAX_NUMBER = 1_000_000  # for sizes: 20 seconds of sound are less; `Dense(10**9)` is refused before it is built
MAX_WEIGHTS = 10_000_000  # of all models of one value together
MAX_LAYERS = 500
_SEEDS = frozenset({"seed"})  # a number of any size, which sizes nothing

_SEQUENTIAL, _FUNCTIONAL = "models.Sequential", "models.Functional"


def take_apart(model, seen):
    """A model as plain data and arrays.

    Parameters
    ----------
    model : keras.Model
    seen : dict
        Empty for a new value; pass the same one for each model in it, so that what they share stays shared.

    Returns
    -------
    list of (dict or int), (dict or None)
        Its part (a number: the place of one that was seen before), and what it is compiled with.

    Raises
    ------
    Refused
        In the student's words: what the model has that does not cross.
    """
    if id(model) not in seen:
        _check_size(model.weights)
    return [_part(model, seen), _compiled(model, seen)]


def put_together(tree, known):
    """The model of what :func:`take_apart` gave, after every name and number in it was checked.

    Parameters
    ----------
    tree : list
    known : list
        Empty for a new value; the counterpart of ``seen``.

    Returns
    -------
    keras.Model

    Raises
    ------
    WireError, Refused
        If it holds anything but Keras's own things, weights that do not fit, or too much.
    """
    try:
        part, compiled = tree
        return _Builder(known).model(part, compiled)
    except (WireError, Refused):
        raise
    except Exception as error:  # whatever Keras says of a tree that nobody took apart
        raise WireError(f"not a model: {type(error).__name__}") from None


def _check_size(weights):
    n_weights = sum(math.prod(shape) for shape in {id(weight): weight.shape for weight in weights}.values())
    if n_weights > MAX_WEIGHTS:
        raise Refused(f"a model of {n_weights:,} weights is far larger than anything this question needs")


@functools.cache
def _classes():
    """Every class that a part may have, by the name that crosses."""
    import keras
    from keras.src import ops
    from keras.src.models import Functional

    # Other versions of Keras have a few more or fewer.
    found = {f"layers.{name}": getattr(keras.layers, name) for name in LAYERS if hasattr(keras.layers, name)}
    found |= {_SEQUENTIAL: keras.Sequential, _FUNCTIONAL: Functional}
    for module, names in OPERATIONS.items():
        found |= {f"ops.{module}.{name}": getattr(getattr(ops, module), name) for name in names}
    for module, names in (("optimizers", OPTIMIZERS), ("losses", LOSSES), ("metrics", METRICS)):
        found |= {f"{module}.{name}": getattr(getattr(keras, module), name) for name in names}
    return found


@functools.cache
def _names():
    return {kind: name for name, kind in _classes().items()}


# --- apart --------------------------------------------------------------------------------------------------------------


def _part(operation, seen):
    """One layer, model or operation; a number if it was taken apart before."""
    import keras

    is_layer = isinstance(operation, keras.layers.Layer)
    if is_layer and id(operation) in seen:
        return seen[id(operation)][0]
    name = _names().get(type(operation))
    if name is None or name.split(".")[0] not in ("layers", "models", "ops"):
        raise Refused(checks.unusual(operation))
    if is_layer and name != "layers.InputLayer":  # inputs hold nothing that could be shared
        if len(seen) >= MAX_LAYERS:
            raise Refused(f"models of more than {MAX_LAYERS} layers are far larger than anything this question needs")
        seen[id(operation)] = (len(seen), operation)  # kept alive: a number is not given twice
    if name == _SEQUENTIAL:
        part = {"name": operation.name, "parts": [_part(layer, seen) for layer in operation._layers]}
        return part | {"class": name, "own": [_own(operation)]}
    if name == _FUNCTIONAL:
        return _graph(operation, seen) | {"class": name, "own": [_own(operation)]}
    settings = _plain(keras.saving.serialize_keras_object(operation)["config"])
    check_settings(settings)
    part = {"class": name, "settings": settings}
    if is_layer:
        inner = operation._flatten_layers()
        for layer in inner:
            for function in checks.own_functions(layer):
                raise Refused(checks.unusual(function))
        part["build"] = operation.get_build_config() if operation.built else None
        part["own"] = [_own(layer) for layer in inner]
    return part


def _own(layer):
    """Whether a layer is trainable, and its own weights (not those of the layers in it)."""
    store = {}
    if layer.built:
        layer.save_own_variables(store)
    return [bool(layer.trainable), {str(name): np.asarray(value) for name, value in store.items()}]


def _plain(settings):
    """Settings without compile settings of inner models; the few functions that Keras writes as a dict, by name.

    Layers that compute in 16 bits, with weights in 32, become layers that compute in 32: a test compares outputs, and a
    setting of the student's whole program is no fault of the model.
    """
    if isinstance(settings, dict):
        if settings.get("class_name") == "DTypePolicy" and settings["config"].get("name") in _MIXED:
            return "float32"
        if settings.get("class_name") == "function" and isinstance(settings.get("config"), str):
            return settings["config"].removesuffix("_v2")  # tf.nn.softmax calls itself softmax_v2
        return {key: _plain(item) for key, item in settings.items() if key != "compile_config"}
    if isinstance(settings, (list, tuple)):
        return type(settings)(_plain(item) for item in settings)
    return settings


def _graph(model, seen):
    """The layers of a functional model, the calls that connect them in order, its inputs and outputs."""
    operations, places, tensors, calls = [], {}, {}, []

    def place_of(operation):
        if id(operation) not in places:
            places[id(operation)] = len(operations)
            operations.append(_part(operation, seen))
        return places[id(operation)]

    def number(tensor):
        tensors[id(tensor)] = len(tensors)

    for tensor in model.inputs:
        place_of(tensor._keras_history[0])
        number(tensor)
    for depth in sorted(model._nodes_by_depth, reverse=True):
        for node in model._nodes_by_depth[depth]:
            if node.is_input:
                continue
            arguments = [_argument(node.arguments.args, tensors), _argument(node.arguments.kwargs, tensors)]
            calls.append([place_of(node.operation), *arguments])
            for tensor in node.outputs:
                number(tensor)
    return {
        "name": model.name,
        "parts": operations,
        "n_inputs": len(model.inputs),
        "calls": calls,
        "inputs": _argument(model._inputs_struct, tensors),
        "outputs": _argument(model._outputs_struct, tensors),
    }


def _argument(value, tensors):
    """An argument of a call, with a number in place of each symbolic tensor."""
    import keras

    if isinstance(value, keras.KerasTensor):
        return ["tensor", tensors[id(value)]]
    if value is None or isinstance(value, (bool, int, float, str)):
        return ["plain", value]
    if isinstance(value, (list, tuple)):
        return ["list" if isinstance(value, list) else "tuple", [_argument(item, tensors) for item in value]]
    if isinstance(value, dict):
        return ["dict", {str(key): _argument(item, tensors) for key, item in value.items()}]
    if isinstance(value, slice):
        return ["slice", [_argument(item, tensors) for item in (value.start, value.stop, value.step)]]
    if value is Ellipsis:
        return ["ellipsis"]
    if isinstance(value, (np.ndarray, np.generic)) or keras.ops.is_tensor(value):
        return ["array", np.asarray(value)]
    raise Refused(f"the model calls a layer with a {type(value).__name__[:40]}: use numbers and tensors")


def _compiled(model, seen):
    """Optimiser, loss and metrics of a compiled model; None if it is not compiled."""
    if not model.compiled:
        return None
    given = model._compile_config.config
    metrics = {name: _goal(given[name], "metrics") for name in ("metrics", "weighted_metrics")}
    return {name: None if goal is _LEFT else goal for name, goal in metrics.items()} | {
        "optimizer": _optimizer(model.optimizer, seen),
        "loss": _goal(given["loss"], "losses"),
        "loss_weights": _loss_weights(given["loss_weights"]),
        "run_eagerly": bool(given["run_eagerly"]),
    }


def _loss_weights(given):
    """Weights of losses; metrics in their place (the third argument of ``compile`` was another once) become their names:
    Keras refuses both when the model is trained.
    """
    if isinstance(given, (list, tuple)):
        return [_loss_weights(item) for item in given]
    if isinstance(given, dict):
        return {str(key): _loss_weights(item) for key, item in given.items()}
    return given if given is None or isinstance(given, (bool, int, float, str)) else str(getattr(given, "name", given))[:40]


def _optimizer(optimizer, seen):
    import keras

    if type(optimizer) is keras.optimizers.LossScaleOptimizer:  # Keras's own wrapper where a program computes in float16
        optimizer = optimizer.inner_optimizer
    if id(optimizer) in seen:
        return seen[id(optimizer)][0]
    name = _names().get(type(optimizer))
    if name is None or not name.startswith("optimizers."):
        raise Refused(f"the model is compiled with `{type(optimizer).__name__[:40]}`: use one of Keras's own optimisers")
    seen[id(optimizer)] = (len(seen), optimizer)
    settings = _plain(keras.saving.serialize_keras_object(optimizer)["config"])
    check_settings(settings)
    return {"class": name, "settings": settings}


def _goal(value, kind):
    """A loss or metric, or several by output: a name, or a class with its settings.

    A loss of the student's own is refused: it decides how a model learns. A metric of their own only reports, and
    stays behind.
    """
    import keras

    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return ["list", [goal for goal in (_goal(item, kind) for item in value) if goal is not _LEFT]]
    if isinstance(value, dict):
        goals = {str(key): _goal(item, kind) for key, item in value.items()}
        return ["dict", {key: goal for key, goal in goals.items() if goal is not _LEFT}]
    name = _names().get(type(value))
    if name is not None and name.startswith(f"{kind}."):
        settings = _plain(keras.saving.serialize_keras_object(value)["config"])
        check_settings(settings)
        return ["class", name, settings]
    if any(value is function for function in _functions().values()):
        return ["function", value.__name__]
    if kind == "metrics":
        return _LEFT
    name = getattr(value, "__name__", type(value).__name__)
    raise Refused(f"the model is compiled with the loss `{str(name)[:40]}`, which is not Keras's own: use one of Keras's")


_LEFT = object()  # a metric that stays behind


def _taken(name):
    """Let Keras know of a name that it gave in the other process, so that it gives this one to no further layer."""
    import keras

    prefix, _, number = name.rpartition("_")
    prefix, number = (prefix, int(number)) if number.isdecimal() and len(number) < 5 else (name, 0)
    while keras.backend.get_uid(prefix) <= number:
        pass


@functools.cache
def _functions():
    """Keras's losses and metrics that are functions, by name."""
    import keras

    found = {**vars(keras.metrics), **vars(keras.losses)}
    others = ("get", "serialize", "deserialize")
    return {name: value for name, value in found.items() if isinstance(value, types.FunctionType) and name not in others}


# --- together -----------------------------------------------------------------------------------------------------------


class _Builder:
    """Puts a model together; ``known`` holds the layers and optimisers of the whole value so far, by place."""

    def __init__(self, known):
        self._known = known
        self._new = []  # (layer, its part), filled when all of them are built
        self._n_parts = 0

    def model(self, part, compiled):
        """A whole model, with weights, compiled as it was."""
        model = self._built(part)
        if not isinstance(model, _models()):
            raise WireError("not a model")
        for layer, own in self._new:
            _fill(layer, own["own"])
        if compiled is not None:
            self._compile(model, compiled)
        return model

    def _built(self, part):
        """Build all layers, but make no weights before their number is known."""
        from keras.src.backend.common import global_state
        from keras.src.backend.common.stateless_scope import StatelessScope
        from keras.src.backend.common.variables import initialize_all_variables

        try:
            with StatelessScope(initialize_variables=False):
                model = self._part(part)
                for layer, own in self._new:
                    if not layer.built and own.get("build"):
                        layer.build_from_config(own["build"])
            _check_size([weight for layer in self._known for weight in getattr(layer, "weights", ())])
        except BaseException:
            global_state.set_global_attribute("uninitialized_variables", [])  # else the next scope would make them
            raise
        initialize_all_variables()
        return model

    def _part(self, part):
        """The layer, model or operation of a part."""
        import keras

        if not isinstance(part, dict):
            return self._place(part, keras.layers.Layer)
        name = part["class"]
        if not isinstance(name, str) or name not in _classes():
            raise WireError("no layer")
        kind = _classes()[name]
        if name.startswith("ops."):
            return self._from_settings(kind, part["settings"])
        if name == "layers.InputLayer":
            self._new.append((self._from_settings(kind, part["settings"]), part))
            _taken(self._new[-1][0].name)
            return self._new[-1][0]
        if name.split(".")[0] not in ("layers", "models"):
            raise WireError("no layer")
        place = len(self._known)
        self._known.append(None)
        if name == _SEQUENTIAL:
            layer = kind(self._parts(part), name=_expect(part["name"], str))
        elif name == _FUNCTIONAL:
            layer = self._graph(part)
        else:
            check_settings(part.get("build"))
            layer = self._from_settings(kind, part["settings"])
        self._known[place] = layer
        self._new.append((layer, part))
        _taken(layer.name)
        return layer

    def _parts(self, part):
        inner = _expect(part["parts"], list)
        self._count(len(inner))  # before the first of them is made
        return [self._part(one) for one in inner]

    def _count(self, n_more):
        self._n_parts += n_more
        if self._n_parts > 2 * MAX_LAYERS:  # twice: operations and inputs count here
            raise Refused(f"models of more than {MAX_LAYERS} layers are far larger than anything this question needs")

    def _from_settings(self, kind, settings):
        self._count(check_settings(_expect(settings, dict)))
        return kind.from_config(settings)

    def _graph(self, part):
        """A functional model: the calls are made again, each with what came before it."""
        import keras

        operations = self._parts(part)
        tensors = [operation.output for operation in operations[: _expect(part["n_inputs"], int)]]
        for place, *arguments in _expect(part["calls"], list):
            args, kwargs = (_value(argument, tensors) for argument in arguments)
            # A call without a symbolic tensor would compute, and for that make weights of any size.
            if not any(isinstance(value, keras.KerasTensor) for value in keras.tree.flatten([args, kwargs])):
                raise WireError("a call of nothing")
            tensors += keras.tree.flatten(operations[place](*args, **kwargs))
            if len(tensors) > 10 * MAX_LAYERS:
                raise WireError("too many calls")
        inputs, outputs = _value(part["inputs"], tensors), _value(part["outputs"], tensors)
        return _classes()[_FUNCTIONAL](inputs, outputs, name=_expect(part["name"], str))

    def _place(self, place, kind):
        if type(place) is not int or not 0 <= place < len(self._known) or not isinstance(self._known[place], kind):
            raise WireError("a part that is not there")
        return self._known[place]

    def _compile(self, model, settings):
        check_settings(settings["loss_weights"])
        model.compile(
            optimizer=self._optimizer(settings["optimizer"]),
            loss=self._goal(settings["loss"], "losses"),
            metrics=self._goal(settings["metrics"], "metrics"),
            weighted_metrics=self._goal(settings["weighted_metrics"], "metrics"),
            loss_weights=settings["loss_weights"],
            run_eagerly=settings["run_eagerly"] is True,
        )

    def _optimizer(self, part):
        import keras

        if not isinstance(part, dict):
            return self._place(part, keras.optimizers.Optimizer)
        place = len(self._known)
        self._known.append(None)
        self._known[place] = self._from_settings(_class_of(part["class"], "optimizers"), part["settings"])
        return self._known[place]

    def _goal(self, tree, kind):
        if tree is None or isinstance(tree, str):
            return tree
        tag, *rest = _expect(tree, list)
        if tag == "list":
            return [self._goal(item, kind) for item in _expect(rest[0], list)]
        if tag == "dict":
            return {_expect(key, str): self._goal(item, kind) for key, item in _expect(rest[0], dict).items()}
        if tag == "function":
            return _functions()[rest[0]]
        return self._from_settings(_class_of(rest[0], kind), rest[1])


def _class_of(name, kind):
    if not isinstance(name, str) or not name.startswith(f"{kind}.") or name not in _classes():
        raise WireError(f"none of the {kind}")
    return _classes()[name]


def _fill(layer, own):
    """Give a layer, and the layers in it, their weights, and say which of them are trainable."""
    inner = [layer] if isinstance(layer, _models()) else layer._flatten_layers()
    for one, (trainable, store) in zip(inner, _expect(own, list), strict=True):
        if _expect(store, dict):
            one.load_own_variables(store)
        one._trainable = trainable is True  # its own alone: the public setter would change the layers in it, too
        for variable in one._trainable_variables:
            variable.trainable = trainable is True


def _models():
    return _classes()[_SEQUENTIAL], _classes()[_FUNCTIONAL]


def _value(tree, tensors):
    """The argument that :func:`_argument` wrote."""
    tag, *rest = _expect(tree, list)
    if tag == "ellipsis":
        return Ellipsis
    (content,) = rest
    if tag == "tensor":
        if type(content) is not int or not 0 <= content < len(tensors):
            raise WireError("a tensor before it is made")
        return tensors[content]
    if tag == "plain":
        if content is not None and not isinstance(content, (bool, int, float, str)):
            raise WireError("not plain")
        check_settings(content)
        return content
    if tag == "array":
        return _expect(content, np.ndarray)
    if tag == "dict":
        return {_expect(key, str): _value(item, tensors) for key, item in _expect(content, dict).items()}
    items = [_value(item, tensors) for item in _expect(content, list)]
    return {"list": list, "tuple": tuple, "slice": lambda parts: slice(*parts)}[tag](items)


def _expect(value, kind):
    if not isinstance(value, kind):
        raise WireError(f"no {kind.__name__}")
    return value


# --- settings -----------------------------------------------------------------------------------------------------------


def check_settings(tree, key="", depth=0):
    """Refuse settings that name anything but Keras's own things, or a number that no lesson needs.

    Parameters
    ----------
    tree : object
        Settings of a layer, an optimiser, a loss or a metric, as Keras writes them.
    key : str
        Under which they stand.
    depth : int
        How deep they stand.

    Returns
    -------
    int
        Number of layers in them.

    Raises
    ------
    Refused
        In the student's words: what the model must not hold.
    WireError
        If they are no settings at all.
    """
    if depth > 20:
        raise WireError("settings nested too deeply")
    if isinstance(tree, dict):
        if not all(isinstance(name, str) for name in tree):
            raise WireError("settings with a key that is not text")
        if "class_name" in tree:
            _check_class(tree)
        own = tree.get("module") == "keras.layers"
        return own + sum(check_settings(item, name, depth + 1) for name, item in tree.items())
    if isinstance(tree, (list, tuple)):
        return sum(check_settings(item, key, depth + 1) for item in tree)
    if isinstance(tree, int) and not isinstance(tree, bool):
        if abs(tree) > MAX_NUMBER and key not in _SEEDS:
            raise Refused(f"a model with a size of {tree:,} is far larger than anything this question needs")
    elif isinstance(tree, str):
        if len(tree) > 1000:
            raise WireError("settings with a long text")
    elif tree is not None and not isinstance(tree, (bool, float)):
        raise WireError("no settings")
    return 0


def _check_class(tree):
    """A dict that Keras would make an object of: the module and the class both, exactly, and nothing beside them."""
    name, module = tree["class_name"], tree.get("module")
    if name == _ARRAY:
        if tree.keys() != {"class_name", "config"} or tree["config"].get("dtype") not in _TYPES:
            raise WireError("no array")
        return
    if not isinstance(name, str) or not isinstance(module, str) or (module, name) not in _PAIRS:
        raise Refused(f"the model uses {str(module)[:40]}.{str(name)[:40]}: {checks.OWN_LAYERS}")
    if tree.get("registered_name") is not None:
        raise Refused(f"the model uses your own {str(tree['registered_name'])[:40]}: {checks.OWN_LAYERS}")
    if not tree.keys() <= {"module", "class_name", "config", "registered_name", "build_config"}:
        raise WireError("settings with more than a class and what it is made of")
    if name == "DTypePolicy" and tree["config"].get("name") not in _TYPES | {"bfloat16"}:
        raise WireError("no kind of number")
