"""What crosses between the student's process and the examiner: data, by copy. Used on both sides of the sandbox.

A frame is four bytes of length and a MessagePack document. A value becomes a tree of plain lists, each with a tag in
front; whatever has no tag is refused where it is sent, and any tree that does not fit is refused where it is received.
Nothing here runs code that came over the wire: no pickle, no marshal, no eval.
"""

import inspect
import math
import operator
import os
import re
import struct
import sys
import tempfile

import msgpack
import numpy as np

MAX_FRAME = 64 * 2**20
MAX_DEPTH = 32
MAX_ITEMS = 1_000_000
_HEAD = struct.Struct(">I")
_ARRAY_KINDS = "biufcU"


class WireError(ValueError):
    """A frame or a tree is not what it should be; nothing of it was used."""


class Refused(TypeError):
    """A value cannot cross; the message says what the question must return instead."""


# --- frames --------------------------------------------------------------------------------------------------------


def pack(message):
    """The body of a frame that holds a message (anything MessagePack knows).

    Raises
    ------
    WireError
        If it is larger than ``MAX_FRAME`` bytes, or nested too deeply.
    """
    try:
        body = msgpack.packb(message, use_bin_type=True)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a message that cannot be packed: {error}") from None
    if len(body) > MAX_FRAME:
        raise WireError(f"a message of {len(body) / 2**20:.0f} MB: at most {MAX_FRAME // 2**20} MB may cross")
    return body


def send(sock, message):
    """Send one message as a frame; raises as :func:`pack` does."""
    body = pack(message)
    sock.sendall(_HEAD.pack(len(body)) + body)


def receive(sock):
    """Receive one message.

    Raises
    ------
    EOFError
        If the other side is gone.
    WireError
        If the frame is too long or not MessagePack.
    """
    return unpack(receive_body(sock))


def receive_body(sock):
    """Receive the body of one frame without a look at it; raises as :func:`receive` does."""
    (length,) = _HEAD.unpack(_exactly(sock, _HEAD.size))
    if length > MAX_FRAME:
        raise WireError(f"a frame claims {length} bytes")
    return _exactly(sock, length)


def unpack(body):
    """The message in the body of a frame."""
    try:
        return msgpack.unpackb(body, raw=False, strict_map_key=True, max_map_len=1000, max_ext_len=0)
    except (ValueError, TypeError, RecursionError, MemoryError, msgpack.exceptions.UnpackException) as error:
        raise WireError(f"not a message: {type(error).__name__}") from None


def _exactly(sock, n):
    parts = bytearray()
    while len(parts) < n:
        part = sock.recv(min(n - len(parts), 2**20))
        if not part:
            raise EOFError("the other side is gone")
        parts += part
    return bytes(parts)


# --- values to trees -----------------------------------------------------------------------------------------------


class Encoder:
    """Turns values into trees; keeps the functions and other things that stay behind, so that they can be asked for.

    Parameters
    ----------
    files : bool
        Send files of the temporary folder along with their paths: the examiner's side does.

    Attributes
    ----------
    kept : list
        Objects that the other side knows by their place in this list.
    given : list
        Arrays, lists, dicts, sets and frames in the value that was encoded last: what the other side may change.
    """

    def __init__(self, files=False):
        self.kept, self.given = [], []
        self._files = files

    def encode(self, value):
        """The tree of a value.

        Raises
        ------
        Refused
            If the value, or something in it, is of a kind that does not cross.
        """
        self._left = MAX_ITEMS
        self._models = {}
        self.given = []
        return self._tree(value, 0)

    def _tree(self, value, depth):
        self._left -= 1
        if self._left < 0:
            raise Refused(f"a result of more than {MAX_ITEMS:,} items cannot be looked at: return an array")
        if depth > MAX_DEPTH:
            raise Refused(f"a result nested more than {MAX_DEPTH} deep cannot be looked at")
        # The base type decides, whatever a subclass makes of itself.
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), "n")
        if isinstance(value, np.ndarray):
            array = np.asarray(value)
            if not array.flags.writeable:
                return self._array(array, "r")
            self.given.append(value)
            return self._array(array, "a")
        if isinstance(value, int):
            number = int.__index__(value)
            return number if -(2**63) <= number < 2**64 else ["i", hex(number)]
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, complex):
            return ["c", float(value.real), float(value.imag)]
        if isinstance(value, str):
            return self._text(str.__str__(value).encode("utf-8", "replace").decode())
        if isinstance(value, (bytes, bytearray)):
            return bytes(value)
        if isinstance(value, dict):
            pairs = [[self._tree(key, depth + 1), self._tree(item, depth + 1)] for key, item in dict.items(value)]
            self.given.append(value)
            return ["d", pairs]
        for kind, tag in ((list, "l"), (tuple, "t"), (set, "s"), (frozenset, "s")):
            if isinstance(value, kind):
                items = [self._tree(item, depth + 1) for item in kind.__iter__(value)]
                if kind is not tuple:
                    self.given.append(value)
                return [tag, items]
        return self._thing(value, depth)

    def _text(self, text):
        """Text; a file that a test wrote into the temporary folder goes along with its path."""
        if self._files and os.path.isabs(text) and _in_scratch(text) and os.path.isfile(text):
            if os.path.getsize(text) > MAX_FRAME // 2:
                raise Refused(f"the file {text} is too large to be handed over")
            with open(text, "rb") as file:
                return ["file", text, file.read()]
        return text

    def _array(self, array, tag):
        if array.dtype.kind not in _ARRAY_KINDS:
            if any(item is None for item in array.flat):
                raise Refused("an array that holds None cannot be looked at: was a value looked up under a wrong name?")
            raise Refused(f"an array of {array.dtype} cannot be looked at: return numbers or text")
        if array.nbytes > MAX_FRAME:
            raise Refused(f"an array of {array.nbytes / 2**20:.0f} MB is too large to be looked at")
        dtype = array.dtype.newbyteorder("<")
        return [tag, dtype.str, [int(n) for n in array.shape], array.astype(dtype).tobytes()]

    def _thing(self, value, depth):
        """What is neither plain data nor an array; a library is only asked for if the program has loaded it."""
        module = type(value).__module__.split(".")[0]
        if inspect.isroutine(value) or inspect.isclass(value):
            return self._function(value)
        if inspect.ismodule(value):
            raise self._refuse(value)
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series, pandas.Index)):
            if isinstance(value, pandas.DataFrame):
                n = len(self.given)
                columns = [[self._tree(name, depth + 1), self._tree(value[name].to_numpy(), depth + 1)] for name in value]
                self.given[n:] = [value]
                return ["df", columns]
            return self._tree(value.to_numpy(), depth)
        keras = sys.modules.get("keras")
        if keras is not None:
            if isinstance(value, keras.Model):
                return self._model(value, depth)
            if isinstance(value, keras.callbacks.History):
                n, tree = len(self.given), self._tree(dict(value.history), depth + 1)
                del self.given[n:]
                return ["h", tree]
            if keras.ops.is_tensor(value) or isinstance(value, keras.Variable):
                return self._tree(keras.ops.convert_to_numpy(value), depth)
        if module in ("matplotlib", "seaborn"):
            from helpers import checks

            if self._files and checks.is_new_axes(value):  # the examiner hands empty axes over
                return ["axes"]
            try:
                description = checks.describe(value)
            except AssertionError as error:
                raise Refused(str(error)) from None
            return ["fig", self._tree(description, depth + 1)]
        if isinstance(value, range) and len(value) <= MAX_ITEMS:
            self.given.append(value)
            return ["l", list(value)]
        if callable(value):  # an object that can be called, such as functools.partial makes
            return self._function(value)
        raise self._refuse(value)

    def _refuse(self, value):
        return Refused(
            f"a value of type {type(value).__name__} cannot be looked at: return numbers, text, lists, dicts, arrays "
            "or a Keras model"
        )

    def _function(self, value):
        try:
            parameters = [
                [p.name, int(p.kind), p.default is not p.empty] for p in inspect.signature(value).parameters.values()
            ]
        except (ValueError, TypeError):
            parameters = None
        self.kept.append(value)
        return ["f", len(self.kept) - 1, str(getattr(value, "__name__", "function")), parameters]

    def _model(self, model, depth):
        from grading import models

        n, tree = len(self.given), self._tree(models.take_apart(model, self._models), depth + 1)
        del self.given[n:]
        return ["m", tree]


def overwrite(given, value):
    """Make an object what the other side made of its copy: arguments go by copy and come back, as if they had been shared.

    Parameters
    ----------
    given : object
        From ``Encoder.given``.
    value : object
        What it is to be; of the same kind.

    Raises
    ------
    Refused
        If it cannot become that.
    """
    if isinstance(given, np.ndarray) and isinstance(value, np.ndarray) and given.shape == value.shape:
        given[...] = value
    elif isinstance(given, list) and isinstance(value, list):
        given[:] = value
    elif isinstance(given, (dict, set)) and isinstance(value, type(given)):
        given.clear()
        given.update(value)
    elif type(given).__name__ == type(value).__name__ == "DataFrame":
        given.__init__(value)
    elif not isinstance(given, (range, frozenset)):  # a copy of those is one that can be changed; they cannot
        raise Refused("this answer changes the form of something that it was given: work on a copy, and return it")


def _in_scratch(path):
    """Whether a path lies in the temporary folder, without steps upward."""
    folder = os.path.realpath(tempfile.gettempdir())
    return path == os.path.normpath(path) and path.startswith(folder + os.sep)


# --- trees to values -----------------------------------------------------------------------------------------------


class Decoder:
    """Turns trees into values; ``call(handle, args, kwargs)`` is how a function or model that stayed behind is used.

    Parameters
    ----------
    call : callable
    files : bool
        Accept files, and write them under their paths in the temporary folder, and remember what can be changed: the
        student's side does.
    """

    def __init__(self, call, files=False):
        self._call = call
        self._files = files
        self._given = []  # as the encoder's, each with what it was

    def decode(self, tree):
        """The value of a tree.

        Raises
        ------
        WireError
            If the tree is not one that :class:`Encoder` makes.
        """
        self._left = MAX_ITEMS
        self._models, self._given = [], []
        try:
            return self._value(tree, 0)
        except (IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            if isinstance(error, (WireError, Refused)):
                raise
            raise WireError(f"not a value: {type(error).__name__}") from None

    def changes(self, encoder):
        """What was changed, since it was decoded, of the things that can be changed in the value decoded last.

        Parameters
        ----------
        encoder : Encoder

        Returns
        -------
        list
            Empty if nothing was; else their places in the other side's ``Encoder.given``, and the tree of their new
            values in a list.
        """
        given, self._given = self._given, []
        places = [place for place, (value, was) in enumerate(given) if not _is_still(value, was)]
        return [places, encoder.encode([given[place][0] for place in places])] if places else []

    def _remembered(self, value, was=None):
        if self._files:
            self._given.append((value, _copy(value) if was is None else was))
        return value

    def _value(self, tree, depth):
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH + 2:
            raise WireError("too large or too deep")
        if tree is None or isinstance(tree, (bool, int, float, str, bytes)):
            return tree
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise WireError("not a value")
        tag, rest = tree[0], tree[1:]
        make = getattr(self, f"_make_{_TAGS.get(tag, '')}", None)
        if make is None:
            raise WireError(f"unknown tag {tag[:10]!r}")
        return make(depth, *rest)

    def _all(self, items, depth):
        if not isinstance(items, list):
            raise WireError("not a list")
        return [self._value(item, depth + 1) for item in items]

    def _make_file(self, depth, path, data):
        if not self._files or not _in_scratch(path):
            raise WireError("a file that was not asked for")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def _make_axes(self, depth):
        from helpers import checks

        return checks.new_axes()

    def _make_int(self, depth, text):
        if not isinstance(text, str) or len(text) > 10_000:
            raise WireError("not a number")
        return int(text, 16)

    def _make_complex(self, depth, real, imag):
        return complex(float(real), float(imag))

    def _make_list(self, depth, items):
        return self._remembered(self._all(items, depth))

    def _make_tuple(self, depth, items):
        return tuple(self._all(items, depth))

    def _make_set(self, depth, items):
        return self._remembered({_key(item) for item in self._all(items, depth)})

    def _make_dict(self, depth, pairs):
        return self._remembered({_key(self._value(key, depth + 1)): self._value(item, depth + 1) for key, item in pairs})

    def _make_array(self, depth, dtype, shape, data):
        return self._remembered(self._array(dtype, shape, data), data)

    def _array(self, dtype, shape, data):
        if not isinstance(dtype, str) or not re.fullmatch(r"[<|][biufcU][1-9]\d{0,3}", dtype) or not isinstance(data, bytes):
            raise WireError("not an array")
        kind = np.dtype(dtype)
        if not all(isinstance(n, int) and n >= 0 for n in shape) or len(shape) > 32:
            raise WireError("not a shape")
        if math.prod(shape) * kind.itemsize != len(data):
            raise WireError("an array's shape does not fit its data")
        if kind.kind == "U" and (np.frombuffer(data, dtype="<u4") > 0x10FFFF).any():
            raise WireError("text that is no text")
        return np.frombuffer(bytearray(data), dtype=kind).reshape(shape)

    def _make_locked(self, depth, *parts):
        array = self._array(*parts)
        array.flags.writeable = False  # a test locks what an answer must not change
        return array

    def _make_scalar(self, depth, dtype, shape, data):
        return self._array(dtype, shape, data)[()]

    def _make_frame(self, depth, columns):
        import pandas

        n = len(self._given)
        made = {self._value(name, depth + 1): self._value(column, depth + 1) for name, column in columns}
        del self._given[n:]
        return self._remembered(pandas.DataFrame(made))

    def _make_history(self, depth, series):
        import keras

        history, n = keras.callbacks.History(), len(self._given)
        history.history = self._value(series, depth + 1)
        del self._given[n:]
        return history

    def _make_figure(self, depth, description):
        return self._value(description, depth + 1)

    def _make_function(self, depth, handle, name, parameters):
        return stand_in(self._call, handle, name, parameters)

    def _make_model(self, depth, tree):
        from grading import models

        n, parts = len(self._given), self._value(tree, depth + 1)
        del self._given[n:]
        return models.put_together(parts, self._models)


_TAGS = {
    "file": "file",
    "axes": "axes",
    "i": "int",
    "c": "complex",
    "l": "list",
    "t": "tuple",
    "s": "set",
    "d": "dict",
    "a": "array",
    "r": "locked",
    "n": "scalar",
    "df": "frame",
    "h": "history",
    "fig": "figure",
    "f": "function",
    "m": "model",
}


def _copy(value):
    """What a thing is now: its very items, whatever becomes of them; of a frame its content."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, (list, set)) else value.copy()


def _is_still(value, was):
    """Whether a thing is what it was, by its :func:`_copy`; an array by its bytes."""
    if isinstance(value, np.ndarray):
        return value.tobytes() == was
    now = _copy(value)
    if not isinstance(value, (list, dict, set)):
        return now.equals(was)
    return len(now) == len(was) and all(map(operator.is_, now, was))


def _key(key):
    """A key of a dict or an item of a set; numbers beyond 64 bits are refused: many of them can share one hash."""
    if isinstance(key, int) and not -(2**63) <= key < 2**64:
        raise WireError("a key that is too large")
    return key


def stand_in(call, handle, name, parameters):
    """A real Python function that asks the other side; ``inspect.signature`` and ``inspect.isfunction`` hold for it."""

    def function(*args, **kwargs):
        return call(handle, args, kwargs)

    function.__name__ = function.__qualname__ = name if isinstance(name, str) and name.isidentifier() else "function"
    if parameters is not None:
        try:
            function.__signature__ = inspect.Signature(
                [
                    inspect.Parameter(str(p), inspect._ParameterKind(kind), default=... if has_default else inspect._empty)
                    for p, kind, has_default in parameters
                ]
            )
        except (ValueError, TypeError):
            raise WireError("not a signature") from None
    return function
