"""Notebook kernels that are forks of one process with the slow imports done: real kernels, without seconds of waiting each.

A kernel spec named ``python3`` in a folder of its own takes the place of the installed one for as long as the folder is
first on ``JUPYTER_PATH``, so that nbclient and nbgrader start such kernels without knowing. What matters in a notebook is
left to each kernel: matplotlib's inline backend, IPython's shell, everything of the course.
"""

import array
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

SLOW = (
    "numpy", "scipy.signal", "pandas", "sklearn.linear_model", "sklearn.neighbors", "sklearn.ensemble", "sklearn.metrics",
    "sklearn.model_selection", "tensorflow", "keras", "librosa.core", "librosa.feature", "soundfile", "soxr",
    "ipykernel.kernelapp",
)  # fmt: skip


@contextlib.contextmanager
def forked(folder):
    """While this lasts, a kernel named ``python3`` is a fork of a warm process.

    Parameters
    ----------
    folder : Path
        Empty; for the kernel spec and the socket.
    """
    address = folder / "warm.sock"
    spec = {
        "argv": [sys.executable, "-I", "-S", str(Path(__file__)), str(address), "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "interrupt_mode": "message",  # a signal would reach the door, not the kernel
    }
    (folder / "kernels" / "python3").mkdir(parents=True)
    (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), before]))
    command = [sys.executable, "-m", __name__, str(address)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    # As ipykernel sets it for a kernel: matplotlib (which TensorFlow brings) keeps it for its first figure.
    environment["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    warm = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=folder)
    try:
        if warm.stdout.readline() != "warm\n":
            raise RuntimeError("the process behind the kernels did not come up")
        yield
    finally:
        warm.kill()
        warm.wait()
        warm.stdout.close()
        if before is None:
            del os.environ["JUPYTER_PATH"]
        else:
            os.environ["JUPYTER_PATH"] = before


def serve(address):
    """Import what is slow; then fork a kernel for every connection."""
    import importlib

    for name in SLOW:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    print("warm", flush=True)
    while True:
        door, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                _kernel(door)
            finally:
                os._exit(0)
        door.close()


def _kernel(door):
    """Be the kernel that was asked for: its arguments, environment, folder and terminal, until it or its door ends."""
    message, rights, _, _ = door.recvmsg(2**20, socket.CMSG_SPACE(3 * 4))
    while not message.endswith(b"\n"):
        message += door.recv(2**20)
    asked = json.loads(message)
    terminal = array.array("i")
    terminal.frombytes(rights[0][2])
    for target, descriptor in enumerate(terminal):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.setsid()  # ipykernel interrupts its process group
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    threading.Thread(target=lambda: os._exit(door.recv(1) != b""), daemon=True).start()  # the door is gone

    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()  # a fork begins with the numbers of all others (Python's own generator sees to that itself)
    # It watches the warm process, and ends with it.
    IPKernelApp.launch_instance([*asked["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}"])


def door(address, arguments):
    """What Jupyter takes for the kernel: asks for one, and lasts as long as it does."""
    ours = socket.socket(socket.AF_UNIX)
    ours.connect(address)
    asked = {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}
    socket.send_fds(ours, [json.dumps(asked).encode() + b"\n"], [0, 1, 2])
    ours.recv(1)


if __name__ == "__main__":
    if sys.argv[2:]:
        door(sys.argv[1], sys.argv[2:])
    else:
        serve(sys.argv[1])
