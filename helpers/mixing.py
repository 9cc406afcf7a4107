"""Two instruments at once, made from clips of one: pairs of different classes and songs, mixed by a stated level rule.

Room: `helpers`; called by lesson 06 after its own `mix_pair` and `make_pairs` are answered. Split first, mix afterwards,
on each side by itself: a mix holds two clips, and both sides must not share a song. `stream` mixes anew for every batch
of a training, `mixes` makes the fixed set that a model is tested on.
"""

from dataclasses import replace

import numpy as np

from ._dataset import DataError

__all__ = ["PEAK", "add_powers", "filled_up", "mix", "mixes", "pairs", "spectra", "stream", "targets"]

#: Peak of a mix.
PEAK = 0.5


def mix(a, b, level_db=0.0, peak=PEAK):
    """Mix two clips: b is scaled so that its RMS lies `level_db` below that of a; the sum is scaled to a stated peak.

    ``b' = b * rms(a) / rms(b) * 10 ** (-level_db / 20)``, ``y = (a + b') * peak / max |a + b'|``.

    Parameters
    ----------
    a, b : (n_samples,) float array
    level_db : float
        How far b lies below a in dB; negative: above.
    peak : float
        Largest magnitude of the mix.

    Returns
    -------
    (n_samples,) float32
        Where one of the two is silent, the other one alone at that peak; zeros where both are.

    Raises
    ------
    DataError
        The clips differ in length, or hold NaN or infinite samples.
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise DataError(f"two clips to be mixed have one length: these have the shapes {a.shape} and {b.shape}")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise DataError("a clip to be mixed has NaN or infinite samples")
    rms_a, rms_b = np.sqrt(np.mean(a**2)), np.sqrt(np.mean(b**2))
    both = rms_a > 0 and rms_b > 0
    y = a + b * (rms_a / rms_b * 10 ** (-level_db / 20) if both else 1.0)
    largest = np.abs(y).max(initial=0.0)
    return (y * (peak / largest) if largest > 0 else y).astype(np.float32)


def pairs(labels, songs, n_pairs, seed=0):
    """Draw pairs of clips of different classes and different songs, every two classes equally often.

    Parameters
    ----------
    labels : (n_clips,) int array
    songs : (n_clips,) array
        Name of the song that each clip was cut from.
    n_pairs : int
    seed : int

    Returns
    -------
    (n_pairs, 2) int array
        Indices of clips. Of two classes it has one more pair than of two others, at most; no two clips meet twice.

    Raises
    ------
    DataError
        There are fewer than two classes, or too few clips for so many different pairs.
    """
    labels, songs = np.asarray(labels), np.asarray(songs)
    if labels.shape != songs.shape or labels.ndim != 1:
        raise DataError(f"pairs needs one song for each label, not shapes {labels.shape} and {songs.shape}")
    rng = np.random.default_rng(seed)
    kinds = _kinds(labels)
    counts = np.full(len(kinds), n_pairs // len(kinds))
    counts[rng.permutation(len(kinds))[: n_pairs % len(kinds)]] += 1
    drawn = []
    for (first, second), count in zip(kinds, counts, strict=True):
        i, j = np.flatnonzero(labels == first), np.flatnonzero(labels == second)
        allowed = np.flatnonzero((songs[i][:, None] != songs[j]).ravel())
        if len(allowed) < count:
            raise DataError(f"classes {first} and {second} allow {len(allowed)} different pairs of two songs; "
                            f"{count} are asked for")
        picked = rng.choice(allowed, size=count, replace=False)
        both = np.stack([i[picked // len(j)], j[picked % len(j)]], axis=1)
        drawn.append(rng.permuted(both, axis=1))  # neither class is always the first
    return rng.permutation(np.concatenate(drawn))


def targets(labels, chosen, n_classes):
    """What sounds in each mix of `chosen` clips: (n_pairs, n_classes) uint8, with two ones a row."""
    marks = np.zeros((len(chosen), n_classes), dtype=np.uint8)
    for column in np.asarray(chosen).T:
        marks[np.arange(len(chosen)), np.asarray(labels)[column]] = 1
    return marks


def mixes(dataset, n_pairs, seed=0, level_db=(-6.0, 6.0)):
    """Make a fixed set of mixes, for validation or testing.

    Parameters
    ----------
    dataset : Dataset
        One side of a split: clips of equal length, with `groups` (songs).
    n_pairs : int
    seed : int
    level_db : (float, float)
        Between which the level difference of each mix is drawn.

    Returns
    -------
    Dataset
        One item a mix: `targets` say which two classes sound, `classes` are the pairs of classes ("gac+pia"), `groups`
        the song of the first clip. ``table``: ``first`` and ``second`` (rows of `dataset`), ``level_db`` (how far the
        second lies below the first), ``song_first``, ``song_second``.

    Raises
    ------
    DataError
        The data have no audio or no groups, or clips of different length; or as for :func:`pairs`.
    """
    clips, songs = _clips(dataset)
    chosen = pairs(dataset.labels, songs, n_pairs, seed)
    levels = np.random.default_rng([seed, 1]).uniform(*level_db, len(chosen))
    audio = [mix(clips[i], clips[j], level) for (i, j), level in zip(chosen, levels, strict=True)]
    kinds = _kinds(dataset.labels)
    names = tuple("+".join(dataset.classes[label] for label in kind) for kind in kinds)
    kind_of = {kind: number for number, kind in enumerate(kinds)}
    labels = [kind_of[tuple(sorted(dataset.labels[row].tolist()))] for row in chosen]
    table = {"first": chosen[:, 0], "second": chosen[:, 1], "level_db": levels, "song_first": songs[chosen[:, 0]],
             "song_second": songs[chosen[:, 1]]}
    split = None if dataset.split is None else dataset.split[chosen[:, 0]]
    return replace(dataset, classes=names, labels=labels, groups=songs[chosen[:, 0]], split=split, audio=audio,
                   features=None, targets=targets(dataset.labels, chosen, len(dataset.classes)),
                   target_names=dataset.classes, table=table,
                   detail=", ".join(part for part in (dataset.detail, "mixed in pairs") if part))


def stream(dataset, batch_size, seed=0, level_db=(-6.0, 6.0)):
    """Mix anew for every batch, without end: what a model is trained on.

    Parameters
    ----------
    dataset : Dataset
        The training side of a split: clips of equal length, with `groups` (songs). They are kept in memory.
    batch_size : int
    seed : int
        The same seed gives the same batches.
    level_db : (float, float)
        Between which the level difference of each mix is drawn.

    Yields
    ------
    y : (batch_size, n_samples) float32
    marks : (batch_size, n_classes) float32
        Two ones a row. Every two classes come equally often, on average.

    Raises
    ------
    DataError
        As for :func:`mixes`; raised by the first batch.
    """
    clips, songs = _clips(dataset)
    labels, rng = dataset.labels, np.random.default_rng([seed, 2])
    kinds = [kind for kind in _kinds(labels)
             if len(np.unique(songs[np.isin(labels, kind)])) > 1]
    if not kinds:
        raise DataError(f"{dataset.name}: all clips are of one song; a mix is made of two songs")
    members = {label: np.flatnonzero(labels == label) for label in np.unique(labels)}
    while True:
        y = np.empty((batch_size, len(clips[0])), dtype=np.float32)
        chosen = np.empty((batch_size, 2), dtype=np.int64)
        for row in range(batch_size):
            first, second = kinds[int(rng.integers(len(kinds)))]
            while True:
                i, j = rng.choice(members[first]), rng.choice(members[second])
                if songs[i] != songs[j]:
                    break
            chosen[row] = (i, j) if rng.uniform() < 0.5 else (j, i)
            y[row] = mix(*(clips[one] for one in chosen[row]), rng.uniform(*level_db))
        yield y, targets(labels, chosen, len(dataset.classes)).astype(np.float32)


def add_powers(power, chosen, level_db):
    """Mix pairs of clips as powers in frequency bands.

    ``|A + B|^2 = |A|^2 + |B|^2 + 2 Re(A conj B)``; the last term is as often positive as negative where two sounds know
    nothing of each other, so that powers add up on average.

    Parameters
    ----------
    power : (n_clips, n_frames, n_bands) array
        Power, not dB.
    chosen : (n_mixes, 2) int array
        As from `pairs`.
    level_db : (n_mixes,) float array
        How far the second of each pair lies below the first; infinite: it is left out. The level of a clip is the mean
        of its powers.

    Returns
    -------
    (n_mixes, n_frames, n_bands) float32 array
        The first clip of each mix has mean power 1.
    """
    power, (first, second) = np.asarray(power), np.asarray(chosen).T
    mean = np.maximum(power.mean(axis=(1, 2)), np.finfo(np.float32).tiny)
    gain = (10 ** (-np.asarray(level_db) / 10) / mean[second]).astype(np.float32)
    return power[first] / mean[first, None, None] + power[second] * gain[:, None, None]


def spectra(power, labels, songs, n_mixes, seed=0, level_db=(-6.0, 6.0), n_classes=None, alone=0.0):
    """Draw many pairs at once and mix them with `add_powers`: quick enough to mix anew for every epoch.

    Parameters
    ----------
    power : (n_clips, n_frames, n_bands) array
        Power, not dB.
    labels : (n_clips,) int array
    songs : (n_clips,) array
    n_mixes, seed : int
    level_db : (float, float)
        Between which the level difference of each mix is drawn.
    n_classes : int, optional
        Columns of the marks; by default as many as the largest label asks for.
    alone : float
        Share of the items, 0 to 1, in which the first clip is left alone.

    Returns
    -------
    mixed : (n_mixes, n_frames, n_bands) float32
        The first clip of each mix has mean power 1.
    marks : (n_mixes, n_classes) float32
        Two ones a row, one where a clip is left alone; every two classes come equally often, on average.

    Raises
    ------
    DataError
        Fewer than two classes, or all clips are of one song; lengths that differ.
    """
    power, labels, songs = np.asarray(power), np.asarray(labels), np.asarray(songs)
    if not len(power) == len(labels) == len(songs):
        raise DataError(f"spectra needs a label and a song for each clip: {len(power)}, {len(labels)}, {len(songs)}")
    song = np.unique(songs, return_inverse=True)[1]
    members = {label: np.flatnonzero(labels == label) for label in np.unique(labels).tolist()}
    kinds = [kind for kind in _kinds(labels) if len(np.unique(song[np.isin(labels, kind)])) > 1]
    if not kinds:
        raise DataError("all clips are of one song; a mix is made of two songs")
    rng = np.random.default_rng([seed, 3])
    both = np.array(kinds)[rng.integers(len(kinds), size=n_mixes)]
    chosen = np.zeros((n_mixes, 2), dtype=np.int64)
    open_rows = np.arange(n_mixes)
    while len(open_rows):
        for column in (0, 1):
            for label, rows in members.items():
                mine = open_rows[both[open_rows, column] == label]
                chosen[mine, column] = rng.choice(rows, size=len(mine))
        open_rows = open_rows[song[chosen[open_rows, 0]] == song[chosen[open_rows, 1]]]
    levels, single = rng.uniform(*level_db, n_mixes), rng.random(n_mixes) < alone
    mixed = add_powers(power, chosen, np.where(single, np.inf, levels))
    marks = targets(labels, np.where(single[:, None], chosen[:, :1], chosen), n_classes or int(labels.max()) + 1)
    return mixed, marks.astype(np.float32)


def filled_up(labels, seed=0):
    """Fill all classes up to the largest with clips whose sign is turned round, as one report did.

    ``|STFT(-x)| = |STFT(x)|``: to everything that looks at magnitudes such a clip is a copy, not a new one.

    Parameters
    ----------
    labels : (n_clips,) int array
    seed : int

    Returns
    -------
    source : (n_filled,) int array
        The clip that each row is made from; the first `n_clips` are 0, 1, 2, ...
    sign : (n_filled,) int array
        1, or -1 for the rows that were added.
    """
    labels, rng = np.asarray(labels), np.random.default_rng(seed)
    counts = np.bincount(labels)
    added = [rng.choice(np.flatnonzero(labels == label), size=counts.max() - count, replace=counts.max() > 2 * count)
             for label, count in enumerate(counts) if count]
    source = np.concatenate([np.arange(len(labels)), *added]).astype(np.int64)
    return source, np.where(np.arange(len(source)) < len(labels), 1, -1)


def _kinds(labels):
    """The pairs of classes that occur, each from the smaller to the larger label."""
    used = np.unique(labels).tolist()
    if len(used) < 2:
        raise DataError(f"mixing two instruments needs clips of at least two classes; there are {len(used)}")
    return [(a, b) for number, a in enumerate(used) for b in used[number + 1 :]]


def _clips(dataset):
    """(clips in memory, songs) of a data set that can be mixed."""
    if dataset.audio is None or dataset.groups is None:
        raise DataError(f"{dataset.name} has no {'audio' if dataset.audio is None else 'groups'}: mixing needs clips, "
                        "and the song that each was cut from")
    clips = [dataset.audio[i] for i in range(len(dataset))]
    lengths = {len(y) for y in clips}
    if len(lengths) > 1:
        raise DataError(f"{dataset.name} has clips of {min(lengths)} to {max(lengths)} samples: clips to be mixed have "
                        "one length")
    return clips, np.asarray(dataset.groups)
