"""Notes rendered per second, on one core: the orchestra's sampler, and FluidSynth beside it where it is installed.

    python benchmarks/render.py

prints one JSON line and writes it to ``benchmarks/results/render.json``. Each instrument of the orchestra plays the
lowest, a middle and the highest of its keys, four seconds at 16 kHz as in NSynth (three held, one of release).
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one core

import numpy as np  # noqa: E402  (after the thread counts)

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from helpers import orchestra  # noqa: E402

SR, HELD, RELEASE, ROUNDS = 16000, 3.0, 1.0, 3


def notes():
    """(program, key) of every note of the benchmark."""
    return [
        (one.program, key)
        for members in orchestra.FAMILIES.values()
        for one in members
        for key in (one.keys[0], sum(one.keys) // 2, one.keys[1])
    ]


def rate(play):
    """Notes per second of processor time, in the fastest of some rounds: other programs' load counts little."""
    best = np.inf
    for _ in range(ROUNDS):
        start = time.process_time()
        for program, key in notes():
            play(program, key)
        best = min(best, time.process_time() - start)
    return len(notes()) / best


def with_fluidsynth():
    """Notes per second of FluidSynth; None where it is not installed."""
    try:
        import fluidsynth
    except (ImportError, OSError):
        return None
    synth = fluidsynth.Synth(samplerate=float(SR))
    for name in ("synth.reverb.active", "synth.chorus.active"):
        synth.setting(name, 0)
    font = synth.sfload(str(orchestra.soundfont_path()))

    def play(program, key):
        synth.program_select(0, font, 0, program)
        synth.noteon(0, key, 100)
        synth.get_samples(int(HELD * SR))
        synth.noteoff(0, key)
        synth.get_samples(int(RELEASE * SR))
        synth.system_reset()

    found = rate(play)
    synth.delete()
    return found


def main():
    """Measure, print one JSON line, keep it."""
    start = time.process_time()
    orchestra.soundfont()
    parse = time.process_time() - start
    ours = rate(lambda program, key: orchestra.render(program, key, 100, HELD, SR, release=RELEASE))
    theirs = with_fluidsynth()
    plan = orchestra.notes_plan("practice", seed=0)[::20]
    start = time.process_time()
    for note in plan:
        orchestra.render_note(note, 22050)
    recorded = len(plan) / (time.process_time() - start)
    result = {
        "benchmark": "render",
        "notes": len(notes()),
        "seconds_per_note": HELD + RELEASE,
        "sr": SR,
        "notes_per_second": round(ours, 1),
        "goal": 100,
        "fluidsynth_notes_per_second": None if theirs is None else round(theirs, 1),
        "practice_notes_per_second": round(recorded, 1),
        "soundfont_seconds": round(parse, 3),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "date": time.strftime("%Y-%m-%d"),
    }
    line = json.dumps(result)
    print(line)
    path = ROOT / "benchmarks" / "results" / "render.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(line + "\n", encoding="utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    main()
