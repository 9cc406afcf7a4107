"""The walls around student code and tests, and the warm processes behind them. Called by the engine and the doctor.

Linux with bubblewrap: each warm process starts in a bubblewrap of its own that shows it the interpreter, the installed
packages and system libraries, read-only, and nothing of the course but the modules it needs. Forks of the student's
process wall themselves in further (see ``grading.student``).
"""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from grading import syscalls, wire
from grading.course import CourseError

_STUDENT_MODULES = ("__init__.py", "wire.py", "warm.py", "models.py", "runtime.py", "syscalls.py", "student.py")
_EXAMINER_MODULES = ("__init__.py", "wire.py", "warm.py", "models.py", "runtime.py", "syscalls.py", "examine.py")
_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
_ETC = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/ssl/openssl.cnf")
MAX_PROCESSES = 64
_SECONDS_TO_WARM, _SECONDS_TO_ANSWER = 180, 60
SCRATCH = "/scratch"  # not /tmp: the project itself may lie there


@dataclass
class Warm:
    """A warm process: its handle, the socket that controls it, whether it has walls, and what it says.

    It says it into a file: a pipe that nobody empties would stop it in the end.
    """

    process: subprocess.Popen
    control: socket.socket
    walls: bool
    said: io.IOBase
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def ready(self):
        """Wait until it has imported everything; returns itself.

        Raises
        ------
        CourseError
            With what it said, if it does not come up.
        """
        self.control.settimeout(_SECONDS_TO_WARM)
        try:
            message = wire.receive(self.control)
        except (OSError, EOFError, wire.WireError):
            self.close()
            self.said.seek(0)
            text = self.said.read().decode("utf-8", "replace")[-3000:]
            raise CourseError(f"a warm process did not come up:\n{text}") from None
        assert message == ["warm"], message
        self.control.settimeout(_SECONDS_TO_ANSWER)
        return self

    def fork(self):
        """Have it fork a child; returns the socket to the child and its process id as seen inside.

        Raises
        ------
        EOFError, OSError
            If the warm process is gone.
        """
        ours, theirs = socket.socketpair()
        with self._turn:  # several submissions are graded at once
            try:
                socket.send_fds(self.control, [b"f"], [theirs.fileno()])
                return ours, self._answer("forked")[1]
            except BaseException:
                ours.close()
                raise
            finally:
                theirs.close()

    def alive(self):
        """Whether it still answers: it can be gone before its handle says so."""
        with self._turn:
            try:
                self.control.sendall(b"?")
                self._answer("alive")
            except (OSError, EOFError, wire.WireError):
                return False
            return True

    def _answer(self, kind):
        while True:
            message = wire.receive(self.control)
            if message[0] == kind:
                return message

    def close(self):
        """End it and everything that it started."""
        self.control.close()
        self.process.kill()  # with walls all that is left in its pid namespace dies with it
        self.process.wait()


def why_not():
    """Why walls cannot be had here, in a sentence with the remedy; '' if they can.

    Returns
    -------
    str
    """
    if sys.platform != "linux":
        return f"the sandbox needs Linux; this is {sys.platform}"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed: install the package `bubblewrap` (Debian, Ubuntu, Fedora, Arch)"
    trial = subprocess.run(
        ["bwrap", *_namespaces(), "--ro-bind", "/", "/", "--", "/bin/true"], capture_output=True, text=True
    )
    if trial.returncode:
        return (
            f"bubblewrap cannot make namespaces here ({trial.stderr.strip()[:200]}): allow unprivileged user namespaces "
            "(sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile), or use a machine that does"
        )
    try:
        syscalls.refusing()
    except (ImportError, RuntimeError) as error:
        return f"system calls cannot be filtered here ({error}): install the packages `libseccomp2` and `pyseccomp`"
    return ""


def start(role, course_root, *, walls, data_dir, caches, memory_bytes):
    """Start a warm process; :meth:`Warm.ready` waits until it is warm.

    With walls it ends when the *thread* that started it does, which is what Linux takes for its parent.

    Parameters
    ----------
    role : {"student", "examine"}
    course_root : Path
        Where ``helpers`` and ``grading`` lie.
    walls : bool
        False only where a person said so.
    data_dir : Path
        Practice data, shown read-only.
    caches : Path
        What librosa's and matplotlib's first use left (see ``grading.crew.prepare``); copied into each warm process.
    memory_bytes : int
        Address space of a child beyond what is mapped after the warm start.

    Returns
    -------
    Warm
    """
    ours, theirs = socket.socketpair()
    numbers = (theirs.fileno(), memory_bytes, MAX_PROCESSES, int(walls))
    python = [sys.executable, "-u", "-m", f"grading.{role}", *map(str, numbers)]
    environment = _environment("/data" if walls else str(data_dir), walls)
    environment |= {"COURSE_CACHES": "/caches" if walls else str(caches)}
    if walls:
        setenv = _setenv(environment | {"PYTHONPATH": "/course"})
        command = [*_bubblewrap(role, Path(course_root), Path(data_dir), Path(caches)), *setenv, "--", *python]
        environment = {}
    else:
        command = python
        environment |= {"PYTHONPATH": str(course_root)}
    said = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
    process = subprocess.Popen(
        command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=said, cwd="/",
    )
    theirs.close()
    return Warm(process, ours, walls, said)


def _environment(data_dir, walls):
    caches = f"{SCRATCH}/caches" if walls else f"{tempfile.gettempdir()}/course-caches-{os.getpid()}"
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": SCRATCH if walls else tempfile.gettempdir(),
        "TMPDIR": SCRATCH if walls else tempfile.gettempdir(),
        "LANG": "C.UTF-8",
        "COURSE_DATA_DIR": data_dir,
        "NBGRADER_EXECUTION": "autograde",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",  # results that do not depend on the order of threads
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{caches}/matplotlib",
        "NUMBA_CACHE_DIR": f"{caches}/numba",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "2",  # not one a core: on a large machine they would exceed the limit on processes
        "TF_NUM_INTEROP_THREADS": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }


def _setenv(environment):
    return ["--clearenv", *(part for name, value in environment.items() for part in ("--setenv", name, value))]


def _namespaces():
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session"]
    if os.getuid() == 0:  # stays able to become nobody, and to do nothing else
        return [*options, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    # No process of bubblewrap's own inside: it would have the user's name, and student code could look under its /proc.
    return [*options, "--unshare-user", "--as-pid-1"]


def _bubblewrap(role, course_root, data_dir, caches):
    """The command line: an allow-list, nothing else of this machine is there."""
    modules = _STUDENT_MODULES if role == "student" else _EXAMINER_MODULES
    binds = [(path, path) for path in (*_SYSTEM, *_ETC) if Path(path).exists() and not Path(path).is_symlink()]
    binds += [(path, path) for path in _interpreter()]
    binds += [(str(course_root / package), f"/course/{package}") for package in ("helpers", "data_manifests")]
    binds += [(str(course_root / "grading" / module), f"/course/grading/{module}") for module in modules]
    binds += [(str(data_dir), "/data"), (str(caches), "/caches")]
    for source, _ in binds:
        if course_root.resolve().is_relative_to(Path(source).resolve()):
            raise CourseError(
                f"the project lies in {course_root}, and student code must be able to read {source} around it: solutions "
                "and hidden tests would be in reach. Move the project, or its Python environment, elsewhere"
            )
    links = [(os.readlink(path), path) for path in _SYSTEM if Path(path).is_symlink()]
    command = ["bwrap", *_namespaces(), "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", SCRATCH]
    command += ["--perms", "1777", "--tmpfs", "/dev/shm"]
    made = set()
    for source, target in binds:
        for parent in reversed(Path(target).parents[:-1]):
            if str(parent) not in made and str(parent) not in _SYSTEM:
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(str(parent))
        command += ["--ro-bind", source, target]
    for source, target in links:
        command += ["--symlink", source, target]
    if "/tmp" not in made:  # no part of the interpreter lies there: what is written to /tmp goes to the scratch folder
        command += ["--symlink", SCRATCH[1:], "/tmp"]
    return [*command, "--remount-ro", "/", "--chdir", SCRATCH]


def _interpreter():
    """Folders of the interpreter and its packages, outermost first."""
    folders = {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    folders = {folder for folder in folders if folder not in ("/", "/usr")}
    kept = [f for f in sorted(folders) if not any(f != other and f.startswith(other + "/") for other in folders)]
    return [folder for folder in kept if not folder.startswith("/usr/")]


def end(pid):
    """Kill a process outright; it may be gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
