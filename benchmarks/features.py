"""Features of 200 clips: `helpers.features` against the separate librosa calls, side by side on one core.

`make bench` runs it. Both ways compute the same ten features of each clip in turn (who is first changes from clip to
clip), their values are compared, and one JSON line is printed and kept in ``benchmarks/results/features.json``.
The separate calls are those that a reader of librosa's documentation would write, with two favours: chroma is given its
tuning (the estimate would cost more than the rest), and both ways have had one clip to warm up.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported
if hasattr(os, "sched_setaffinity"):  # Linux
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import json  # noqa: E402
import platform  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from importlib.metadata import version  # noqa: E402
from pathlib import Path  # noqa: E402

import librosa  # noqa: E402
import numpy as np  # noqa: E402

from helpers import features  # noqa: E402

N_CLIPS, SECONDS, SR, SEED = 200, 3.0, 22050, 0
GOAL = 4.0
TOLERANCE = 1e-4
RESULT = Path(__file__).parent / "results" / "features.json"


def make_clips(seed):
    """Notes of one to twelve harmonics with vibrato, decay and noise: (N_CLIPS, n_samples) float32."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(SECONDS * SR)) / SR
    clips = []
    for _ in range(N_CLIPS):
        f0 = 440 * 2 ** (rng.uniform(-36, 24) / 12)
        phase = 2 * np.pi * f0 * (t + rng.uniform(0, 0.001) * np.sin(2 * np.pi * rng.uniform(4, 7) * t) / 5)
        y = sum(
            rng.uniform(0.1, 1) / k * np.sin(k * phase + rng.uniform(0, 2 * np.pi))
            for k in range(1, rng.integers(2, 14))
            if k * f0 < 0.45 * SR
        )
        y = y * np.exp(-rng.uniform(0, 4) * t) * np.minimum(1, t / rng.uniform(0.005, 0.1))
        y += 10 ** rng.uniform(-5, -2) * rng.standard_normal(len(t))
        clips.append(y / np.abs(y).max() * rng.uniform(0.05, 1))
    return np.array(clips, dtype=np.float32)


def separate(y):
    """The ten features by ten calls."""
    f = librosa.feature
    return {
        "log_mel": librosa.power_to_db(f.melspectrogram(y=y, sr=SR)),
        "mfcc": f.mfcc(y=y, sr=SR),
        "centroid": f.spectral_centroid(y=y, sr=SR),
        "bandwidth": f.spectral_bandwidth(y=y, sr=SR),
        "rolloff": f.spectral_rolloff(y=y, sr=SR),
        "contrast": f.spectral_contrast(y=y, sr=SR),
        "flatness": f.spectral_flatness(y=y),
        "zcr": f.zero_crossing_rate(y),
        "rms": f.rms(y=y),
        "chroma": f.chroma_stft(y=y, sr=SR, tuning=0),
    }


def together(y):
    """The same from one transform."""
    return features.frames(y, SR)


def timed(function, y):
    """Result and seconds of one call."""
    start = time.perf_counter()
    result = function(y)
    return result, time.perf_counter() - start


def differences(found, expected):
    """Largest difference of each feature, relative to its largest magnitude."""
    return {
        name: float(np.abs(found[name] - expected[name]).max() / np.abs(expected[name]).max()) for name in expected
    }


def processor():
    """Name of the processor, as far as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def main():
    """Measure, compare, print and keep. Returns 1 when a value differs or the goal is missed."""
    clips = make_clips(SEED)
    seconds = {separate: [], together: []}
    worst = dict.fromkeys(features.NAMES, 0.0)
    separate(clips[0]), together(clips[0])
    for i, y in enumerate(clips):
        results = {}
        for function in (separate, together) if i % 2 else (together, separate):
            results[function], spent = timed(function, y)
            seconds[function].append(spent)
        for name, difference in differences(results[together], results[separate]).items():
            worst[name] = max(worst[name], difference)

    rate = {function: N_CLIPS / sum(spent) for function, spent in seconds.items()}
    ratio = rate[together] / rate[separate]
    equal = max(worst.values()) <= TOLERANCE
    line = {
        "benchmark": "features",
        "what": f"{len(worst)} features of {N_CLIPS} clips of {SECONDS:g} s at {SR} Hz, one core",
        "ratio": round(ratio, 2),
        "goal": GOAL,
        "goal_reached": ratio >= GOAL,
        "values_equal": equal,
        "largest_relative_difference": {name: float(f"{value:.2g}") for name, value in worst.items()},
        "clips_per_second": {function.__name__: round(value, 1) for function, value in rate.items()},
        "median_ms": {function.__name__: round(1e3 * float(np.median(s)), 3) for function, s in seconds.items()},
        "median_ratio": round(float(np.median(seconds[separate]) / np.median(seconds[together])), 2),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": processor(),
            "cores": os.cpu_count(),
            "system": platform.system(),
            # What else ran meanwhile slows both ways; above the number of cores, look at the ratio alone.
            "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scipy", "librosa", "numba")},
        },
    }
    text = json.dumps(line)
    print(text)
    RESULT.parent.mkdir(exist_ok=True)
    temporary = RESULT.with_suffix(".tmp")
    temporary.write_text(text + "\n")
    os.replace(temporary, RESULT)
    return 0 if equal and ratio >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
