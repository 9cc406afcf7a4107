"""A process that has imported everything once and forks for each piece of work. The base of student and examiner.

It runs no TensorFlow operation itself: a fork of a process that has is not safe, a fork of one that has not is.
"""

import contextlib
import ctypes
import importlib
import os
import resource
import selectors
import shutil
import signal
import socket
import sys

from grading import wire

_PR_SET_DUMPABLE = 4

# What lessons use; what a fork would otherwise import again for every submission.
WARM_MODULES = (
    "numpy", "scipy.signal", "pandas", "sklearn.linear_model", "sklearn.neighbors", "sklearn.ensemble",
    "sklearn.preprocessing", "sklearn.metrics", "sklearn.model_selection", "matplotlib.pyplot", "seaborn", "librosa",
    "librosa.feature", "librosa.display", "soundfile", "soxr", "joblib", "tensorflow", "keras", "IPython",
    "helpers.checks", "helpers.data", "helpers.features", "helpers.audio", "helpers.evaluate", "helpers.orchestra",
    "helpers.plots", "helpers.player", "helpers.standardize", "grading.models",
)


def serve(control, work, prepare=lambda: None):
    """Warm up, then fork one child for every socket that comes over the control socket, until that closes.

    Messages to the control socket: a byte with a descriptor attached, or a byte without. Answers, as frames:
    ``["warm"]`` once; ``["forked", pid]`` for each descriptor; ``["alive"]`` for each byte without one;
    ``["exited", pid, status]`` when a child ends.

    Parameters
    ----------
    control : socket.socket
    work : callable
        Called in the child with its socket; the child ends when it returns.
    prepare : callable
        Further warming, in the parent.
    """
    _copy_caches()
    warm_up()
    prepare()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    os.set_blocking(wake_read, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    wire.send(control, ["warm"])
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    selector.register(wake_read, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj == wake_read:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
                _reap(control)
                continue
            data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not data:
                return
            if not descriptors:
                wire.send(control, ["alive"])
                continue
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                status = 1
                try:
                    work(socket.socket(fileno=descriptors[0]))
                    status = 0
                finally:
                    os._exit(status)
            for descriptor in descriptors:
                os.close(descriptor)
            wire.send(control, ["forked", pid])


def _reap(control):
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        wire.send(control, ["exited", pid, status])


def _copy_caches():
    """A copy of its own: what is compiled is loaded as code, so no process may write what another one reads."""
    caches = os.environ.get("COURSE_CACHES")
    for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR") if caches else ():
        target = os.environ[name]
        if os.path.isdir(os.path.join(caches, os.path.basename(target))):
            shutil.copytree(os.path.join(caches, os.path.basename(target)), target, dirs_exist_ok=True)


def warm_up():
    """Import everything, and make the first calls that compile; none of them is a TensorFlow operation."""
    for name in WARM_MODULES:
        importlib.import_module(name)
    import librosa
    import matplotlib.pyplot
    import numpy as np

    y = np.sin(np.arange(8192) * 0.05).astype("f4")
    librosa.feature.mfcc(y=y, sr=22050)
    librosa.yin(y, fmin=100, fmax=1000, sr=22050)
    librosa.feature.spectral_contrast(y=y, sr=22050)
    matplotlib.pyplot.close(matplotlib.pyplot.figure())


def drop_root(walls):
    """Become nobody, if root (limits on processes bind root to nothing), and let nobody look into this process.

    Without walls it stays who it is: nobody may not be allowed to read the interpreter, where it really lies.
    """
    if walls and os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit(memory, processes):
    """Limit what this process and its children may take: bytes beyond what is mapped now, processes, files."""
    with open("/proc/self/statm", encoding="ascii") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    for name, value in (
        (resource.RLIMIT_AS, mapped + memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, 256 * 2**20),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))


def control_socket():
    """The socket whose descriptor is the program's first argument."""
    return socket.socket(fileno=int(sys.argv[1]))


def close_all_but(*keep):
    """Close every descriptor except the standard three and those given."""
    last = 2
    for descriptor in sorted(keep):
        os.closerange(last + 1, descriptor)
        last = descriptor
    os.closerange(last + 1, 65536)


def silence():
    """Point the standard descriptors at nothing, so that C libraries can write what they like."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 (lives as long as the process)
