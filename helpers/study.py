"""Many trainings of one kind: on all cores, kept one by one so that a stopped study goes on, and quoted from a long run.

Room: `helpers`; called by the lessons that compare settings over several seeds. `start` and `run` train, `over_seeds`
and `gain` say what the seeds and the groups leave uncertain, `draw` shows a study, `stored` reads what ``course run
LESSON --long`` left.
"""

import contextlib
import hashlib
import json
import os
import sys
import threading
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np

from helpers._paths import keep
from helpers.networks import terminal_aside

_SHARED = {"mmap_mode": "c", "max_nbytes": "100K"}  # how the processes see the data; joblib keeps those of equal settings


def start():
    """Start the processes of `run` and go on at once: they import TensorFlow beside the cells before the first study.

    Returns
    -------
    threading.Thread
        Ends when the processes are ready; nobody needs to wait for it. A process that cannot be started is `run`'s to
        tell: it starts what is missing.
    """
    from joblib import Parallel, delayed

    n_jobs = os.cpu_count() or 1
    workers = Parallel(n_jobs=n_jobs, **_SHARED)
    thread = threading.Thread(target=workers, args=([delayed(_get_ready)() for _ in range(n_jobs)],), daemon=True)
    thread.start()
    return thread


def _get_ready():
    """In a fresh worker: what takes longest there before the first training."""
    _settle_in()
    with terminal_aside():
        import keras  # noqa: F401


def run(train, jobs, data, keep=None, n_jobs=None):
    """Train once for every job, several at a time, with a progress bar.

    Every job is a training of its own, in a process of its own kind with one thread each: two networks side by side on
    two cores are done sooner than one after the other on both. A job's result depends on the job and the data alone.

    Parameters
    ----------
    train : callable
        ``train(data, **job) -> dict`` of numbers, lists and arrays; defined in a module, not in a notebook.
    jobs : sequence of dict
        Keyword arguments of one training each; numbers, strings, lists of them.
    data : dict of str to array
        What all trainings share; passed on as it is.
    keep : Path, optional
        Folder for the results. A job whose result lies there, made from the same data, is not trained again.
    n_jobs : int, optional
        Processes; by default one a core. 1 trains here, in this process.

    Returns
    -------
    list of dict of str to array
        In the order of the jobs.
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    jobs = [dict(job) for job in jobs]
    content = _digest_of_data(data) if keep is not None else ""
    paths = [None if keep is None else Path(keep) / f"{_digest(train, job, content)}.npz" for job in jobs]
    results = [_read(path) for path in paths]
    missing = [i for i, result in enumerate(results) if result is None]
    if not missing:
        return results
    n_jobs = min(n_jobs or os.cpu_count() or 1, len(missing))
    workers = Parallel(n_jobs=n_jobs, return_as="generator_unordered", **_SHARED)
    work = (delayed(_one)(train, i, jobs[i], data, paths[i], n_jobs > 1) for i in missing)
    for i, result in tqdm(workers(work), total=len(missing), unit="training", file=sys.stdout):
        results[i] = result
    return results


def _one(train, i, job, data, path, alone):
    """One training, in a worker or here; its result is kept at once."""
    if alone:
        _settle_in()
    with terminal_aside() if alone else contextlib.nullcontext():  # TensorFlow greets from each worker
        result = {name: np.asarray(value) for name, value in train(data, **job).items()}
    if path is not None:
        _write(path, result)
    return i, result


def _settle_in():
    """In a fresh worker: TensorFlow with one thread, and quiet. Without effect where it is running already."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    # joblib ends a worker that has grown by 300 MB, as if that were a leak. TensorFlow grows by more while it compiles
    # its first networks, and a new worker would have to import and compile everything again.
    from joblib.externals.loky import process_executor

    process_executor._MAX_MEMORY_LEAK_SIZE = 2**31  # bytes


# ------------------------------------------------------------------------------------------------------------ keeping


def _digest_of_data(data):
    digest = hashlib.sha256()
    for name in sorted(data):
        array = np.ascontiguousarray(data[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.view(np.uint8) if array.dtype.kind != "U" else "\0".join(array.ravel()).encode())
    return digest.hexdigest()


def _digest(train, job, content):
    text = json.dumps([train.__module__, train.__qualname__, job, content], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _plain(value):
    """Arrays and numpy numbers of a job as JSON has them."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a job holds numbers, strings and lists, and no {type(value).__name__}")


def _write(path, result):
    keep(path, lambda file: np.savez(file, **result))


def _read(path):
    if path is None or not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        print(f"The kept result {path} is damaged ({error}): training again.")
        return None


# ----------------------------------------------------------------------------------------------- what it comes to


def over_seeds(scores):
    """Mean of the scores of several seeds, with the 95 % interval of that mean (Student's t).

    It says how well the mean of this setting is known if only the seed is drawn again: nothing about other data.

    Parameters
    ----------
    scores : sequence of float
        One a seed, 0 to 1.

    Returns
    -------
    mean : float
    interval : (float, float) or None
        Kept within 0 to 1; None for a single seed.
    """
    from scipy.stats import t

    scores = np.asarray(scores, dtype=float)
    mean = float(np.mean(scores))
    if len(scores) < 2:
        return mean, None
    half = float(t.ppf(0.975, len(scores) - 1) * np.std(scores, ddof=1) / np.sqrt(len(scores)))
    return mean, (max(mean - half, 0.0), min(mean + half, 1.0))


def gain(before, after, groups, n_boot=1000, seed=0):
    """By how much a second model is right more often, mean over its seeds, with the interval of that *difference*.

    Both models answer the same items, so the luck of the items is shared; whole groups are drawn with replacement
    (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993), and the difference is taken in each draw.

    Parameters
    ----------
    before, after : (n_seeds, n_items) bool
        Which items each training had right. The two may have other numbers of seeds.
    groups : (n_items,) array
        What each item belongs to: songs, recordings.
    n_boot, seed : int
        Draws of the bootstrap, and their seed.

    Returns
    -------
    mean, low, high : float
        -1 to 1; NaN for low and high where there is one group only.
    """
    difference = np.mean(after, axis=0, dtype=float) - np.mean(before, axis=0, dtype=float)
    names, index = np.unique(groups, return_inverse=True)
    if difference.shape != index.shape:
        raise ValueError(f"{difference.shape[0]:,} items and {len(index):,} groups: one group an item is needed")
    if len(names) < 2:
        return float(difference.mean()), float("nan"), float("nan")
    gained, items = np.bincount(index, weights=difference), np.bincount(index)
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=n_boot)
    low, high = np.quantile(drawn @ gained / (drawn @ items), (0.025, 0.975))
    return float(difference.mean()), float(low), float(high)


def draw(scores, title):
    """One figure of a study: the settings from top to bottom, each with its mean and its interval.

    Parameters
    ----------
    scores : sequence of helpers.evaluate.Score
        `model` is the setting, `split` what was asked about (one colour each); the first setting of each split is the
        base, whose interval is shaded: what overlaps it has not been shown to differ.
    title : str

    Returns
    -------
    Axes
    """
    from helpers import plots

    settings = list(dict.fromkeys(score.model for score in scores))
    splits = list(dict.fromkeys(score.split for score in scores))
    _, ax = plots.panels(size=(8.5, 0.3 * len(settings) + 1.4))
    sentences = []
    for k, split in enumerate(splits):
        rows = [score for score in scores if score.split == split]
        for row in rows:
            place = settings.index(row.model) + 0.26 * (k - (len(splits) - 1) / 2)
            interval = row.interval or (row.accuracy, row.accuracy)
            ax.plot(interval, [place, place], color=plots.COLOURS[k], linewidth=2.2, marker="|", markersize=7)
            label = split if row is rows[0] else None
            ax.plot(row.accuracy, place, plots.MARKERS[k], color=plots.COLOURS[k], markersize=5, label=label)
        if rows[0].interval:
            ax.axvspan(*rows[0].interval, color=plots.COLOURS[k], alpha=0.13, linewidth=0)
        order = sorted(rows, key=lambda row: row.accuracy)
        sentences.append(
            f"Asked about {split}, the means go from {order[0].accuracy:.3f} ({order[0].model}) to "
            f"{order[-1].accuracy:.3f} ({order[-1].model})."
        )
    ax.set(yticks=range(len(settings)), yticklabels=settings, xlabel="Accuracy, mean and 95 % interval over seeds")
    ax.set_ylim(len(settings) - 0.4, -0.6)
    ax.set_title(title, loc="left")
    ax.grid(True, axis="x")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), title="asked about")
    return plots._say(ax, f"{len(settings)} settings with their intervals.", *sentences)


# ------------------------------------------------------------------------------------------------------- a long run


def stored(lesson):
    """Read what the long run of a lesson left: scores with their data, seeds, date and machine.

    Parameters
    ----------
    lesson : str
        "05_lstm_medley".

    Returns
    -------
    dict or None
        "scores" (a list of dicts, one a row: ``evaluate.Score(**row)``), "date", "machine", "parameters", "versions",
        "seconds". None if there has been no long run yet.
    """
    file = resources.files("helpers") / "results" / f"{lesson}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
