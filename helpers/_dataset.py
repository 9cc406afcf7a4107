"""What a loader of `helpers.data` returns: one small immutable object, `Dataset`; a room of its own for its length.

Lessons meet it as ``data.Dataset``; they make other data sets from one with `Dataset.subset` and `dataclasses.replace`.
"""

import hashlib
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ._names import as_names


class DataError(ValueError):
    """Data are missing or not as they should be: the message says what, where, and what to do."""


@dataclass(frozen=True)
class Span:
    """A stretch of a recording: `seconds` from `start` on, in seconds; silent where the recording has ended."""

    path: Path
    start: float
    seconds: float

    @property
    def place(self):
        """Which part of the file it is, as text."""
        return f"{self.start} {self.seconds}"

    def read(self, sr):
        """(n_samples,) float32 at `sr` Hz; nothing else of the file is read."""
        from . import audio

        return audio.load_part(self.path, self.start, self.seconds, sr=sr)


class Clips(Sequence):
    """Recordings that are read when they are asked for: ``clips[3]`` is (n_samples,) float32 in [-1, 1], mono.

    Immutable: the arrays refuse to be written to, and a slice or an index array gives another `Clips`.

    Parameters
    ----------
    sources : sequence of Path, (n_samples,) array, or a part of a file
        One per clip: a file, samples that are at `sr` already, or an object whose ``read(sr)`` gives them and whose
        ``path`` and ``place`` say where they come from.
    sr : int
        Sample rate in Hz at which files are delivered.
    """

    def __init__(self, sources, sr):
        self.sr = sr
        self.sources = tuple(item if isinstance(item, Path) or hasattr(item, "read") else _frozen(item, np.float32)
                             for item in sources)

    def __len__(self):
        return len(self.sources)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Clips(self.sources[index], self.sr)
        if np.ndim(index) == 1:
            return Clips([self.sources[i] for i in index], self.sr)
        source = self.sources[index]
        if isinstance(source, np.ndarray):
            return source
        from . import audio

        y = audio.load(source, sr=self.sr) if isinstance(source, Path) else source.read(self.sr)
        y.flags.writeable = False
        return y

    def __iter__(self):
        """The clips in order. The next few are read meanwhile: decoding and resampling leave Python's lock alone."""
        with ThreadPoolExecutor(2) as readers:
            coming = (readers.submit(self.__getitem__, i) for i in range(len(self)))
            ahead = deque(islice(coming, 4))
            while ahead:
                y = ahead.popleft().result()
                ahead.extend(islice(coming, 1))
                yield y

    def __repr__(self):
        return f"<{len(self)} clips at {self.sr} Hz>"

    def content(self):
        """What tells these clips from all others, as text: of files their path, size and time, of arrays every sample."""
        digest = hashlib.blake2b(str(self.sr).encode(), digest_size=16)
        for source in self.sources:
            if isinstance(source, np.ndarray):
                digest.update(f"\0{source.shape}".encode())
                digest.update(source)
                continue
            path, place = (source, "") if isinstance(source, Path) else (source.path, f" {source.place}")
            state = path.stat()
            # os.fsencode, because the name of a file from another system need not be text
            digest.update(b"\0" + os.fsencode(path.resolve()) + f" {state.st_size} {state.st_mtime_ns}{place}".encode())
        return digest.hexdigest()


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A set of labelled items, immutable.

    Attributes
    ----------
    name : str
    provenance : "practice" or "real"
    classes : tuple of str
        Class names; `labels` are indices into it.
    labels : (n_items,) int array
    groups : (n_items,) str array or None
        Items of one group are near copies (one recording, one pitch of one player): they belong on one side of a
        split. None where the source ships no groups.
    split : (n_items,) array of "train", "validation", "test", or None
        The official split, where there is one.
    sr : int or None
        Sample rate of `audio` in Hz.
    audio : Clips or None
        Sequence of (n_samples,) float32 arrays, mono, read when asked for. A list of arrays is taken, too.
    features : (n_items, n_features) float32 array or None
    targets : (n_items, n_targets) uint8 array or None
        What sounds in each item, 1 or 0: several at once where an item has several labels.
    target_names : tuple of str
        What the columns of `targets` stand for.
    table : dict of (n_items,) arrays
        What else is known about each item, column by column.
    left_out : dict
        Reason -> number of items of the source that are not in here.
    licence, citation : str
    detail : str
        What a reader of a score must know besides: "tiny", "excerpt".
    """

    name: str
    provenance: str
    classes: tuple
    labels: np.ndarray
    groups: np.ndarray | None = None
    split: np.ndarray | None = None
    sr: int | None = None
    audio: Sequence | None = None
    features: np.ndarray | None = None
    targets: np.ndarray | None = None
    target_names: tuple = ()
    table: dict = field(default_factory=dict)
    left_out: dict = field(default_factory=dict)
    licence: str = ""
    citation: str = ""
    detail: str = ""

    def __post_init__(self):
        if self.provenance not in ("practice", "real"):
            raise DataError(f"{self.name}: provenance must be 'practice' or 'real', not {self.provenance!r}")
        self._set(classes=tuple(str(name) for name in as_names(self.classes)), labels=_frozen(self.labels, np.int64))
        if len(self) and not 0 <= self.labels.min() <= self.labels.max() < len(self.classes):
            raise DataError(f"{self.name}: labels run from {self.labels.min()} to {self.labels.max()}, "
                            f"but there are {len(self.classes)} classes")
        self._set(groups=_frozen(self.groups, str), split=_frozen(self.split, str),
                  features=_frozen(self.features, np.float32), targets=_frozen(self.targets, np.uint8),
                  target_names=tuple(str(name) for name in as_names(self.target_names)))
        if (self.targets is not None or self.target_names) and (
                np.ndim(self.targets) != 2 or self.targets.shape[1] != len(self.target_names)
                or self.targets.max(initial=0) > 1):
            raise DataError(f"{self.name}: targets must be 0 or 1, one column for each of the {len(self.target_names)} "
                            f"target names; they have shape {np.shape(self.targets)}")
        if self.audio is not None and not isinstance(self.audio, Clips):
            self._set(audio=Clips(self.audio, self.sr))
        self._set(table=MappingProxyType({key: _frozen(column) for key, column in self.table.items()}),
                  left_out=MappingProxyType(dict(self.left_out)))
        columns = {"groups": self.groups, "split": self.split, "audio": self.audio, "features": self.features,
                   "targets": self.targets}
        for key, column in {**columns, **self.table}.items():
            if column is not None and len(column) != len(self):
                raise DataError(f"{self.name}: {len(column)} entries in {key!r} for {len(self)} labels")

    def _set(self, **values):
        """Set fields of this frozen object while it is being made."""
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def __getstate__(self):  # a read-only view of a dict cannot be pickled
        return {**self.__dict__, "table": dict(self.table), "left_out": dict(self.left_out)}

    def __setstate__(self, state):
        self._set(**state)
        self.__post_init__()

    def __len__(self):
        return len(self.labels)

    @property
    def title(self):
        """The name that stands beside every score: name, real or practice, and what else a reader must know."""
        return _title(self)

    def subset(self, index):
        """Make the data set of some of the items.

        Parameters
        ----------
        index : (k,) int array, (n_items,) bool array or slice

        Returns
        -------
        Dataset
            Its items in the order of `index`; classes, licence and so on as before.
        """
        index = _index(index, len(self), self.name)
        pick = {key: None if column is None else column[index]
                for key, column in (("groups", self.groups), ("split", self.split), ("audio", self.audio),
                                    ("features", self.features), ("targets", self.targets))}
        table = {key: column[index] for key, column in self.table.items()}
        return replace(self, labels=self.labels[index], table=table, **pick)

    def __repr__(self):
        parts = [f"{len(self)} items", f"{len(self.classes)} classes"]
        if self.groups is not None:
            parts.append(f"{len(set(self.groups.tolist()))} groups")
        if self.features is not None:
            parts.append(f"{self.features.shape[1]} features")
        if self.audio is not None:
            parts.append(f"audio at {self.sr} Hz")
        if self.left_out:
            parts.append(f"{sum(self.left_out.values())} left out")
        return f"<{self.title}: {', '.join(parts)}>"


@dataclass(frozen=True, eq=False, repr=False)
class Played:
    """A recording of which it is known who plays when.

    Attributes
    ----------
    name, provenance, detail : str
        As in a `Dataset`.
    recording : str
        Name of this one recording.
    classes : tuple of str
        The instruments that may play.
    sr : int
        Sample rate in Hz.
    y : (n_samples,) float32 array
        Mono, in [-1, 1].
    timeline : (n_spans, 3) float array
        Start in s, stop in s, index into `classes`; sorted by start.
    """

    name: str
    provenance: str
    recording: str
    classes: tuple
    sr: int
    y: np.ndarray
    timeline: np.ndarray
    detail: str = ""

    def __post_init__(self):
        timeline = np.asarray(self.timeline, dtype=float).reshape(-1, 3)
        for key, value in (("y", _frozen(self.y, np.float32)), ("timeline", _frozen(timeline))):
            object.__setattr__(self, key, value)
        if len(timeline) and not (np.isin(timeline[:, 2], range(len(self.classes))).all()
                                  and (timeline[:, 0] < timeline[:, 1]).all()):
            raise DataError(f"{self.recording}: each row of a timeline is start < stop and the number of one of the "
                            f"{len(self.classes)} classes")

    @property
    def title(self):
        """The name that stands beside every score, as that of a `Dataset`."""
        return _title(self)

    @property
    def duration(self):
        """Length in seconds."""
        return len(self.y) / self.sr

    def __repr__(self):
        return f"<{self.recording} of {self.title}: {self.duration:.1f} s at {self.sr} Hz, {len(self.timeline)} spans>"


def _title(data):
    """Name, real or practice, and what else a reader of a score must know."""
    source = "practice, rendered" if data.provenance == "practice" else "real"
    return f"{data.name} ({', '.join(part for part in (source, data.detail) if part)})"


def _frozen(values, dtype=None):
    """A read-only array of `values` (None stays None); a private copy is made only where `values` could be written."""
    if values is None:
        return None
    array = np.asarray(values, dtype=dtype)
    if array.flags.writeable:
        if isinstance(values, np.ndarray) and np.shares_memory(array, values):
            array = array.copy()
        array.flags.writeable = False
    return array


def _index(index, n_items, name):
    """An int index array from what `Dataset.subset` takes; refuses what numpy would take in silence."""
    if isinstance(index, slice):
        return np.arange(n_items)[index]
    index = np.asarray(index)
    if index.ndim != 1:
        raise DataError(f"{name}: a subset needs a one-dimensional index, this one has shape {index.shape}")
    if index.dtype == bool:
        if len(index) != n_items:
            raise DataError(f"{name}: a mask of {len(index)} for {n_items} items")
        return np.flatnonzero(index)
    if index.size == 0:
        return index.astype(np.int64)
    if not np.issubdtype(index.dtype, np.integer):
        raise DataError(f"{name}: a subset is chosen by whole numbers or by a mask, not by {index.dtype}")
    if index.min() < -n_items or index.max() >= n_items:
        raise DataError(f"{name}: index {index.min()} to {index.max()} for {n_items} items")
    return index
