"""The student's side of the sandbox: runs cells, answers what the examiner asks. Started by ``grading.sandbox``.

Nothing in this process is trusted. It knows no test, no expected value, no seed and no other submission.
"""

import contextlib
import ctypes
import dis
import functools
import io
import linecache
import os
import pickle
import random
import signal
import sys

import numpy as np

from grading import runtime, syscalls, warm, wire

_NEW = 0x20000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x08000000  # mount, user, pid, network, ipc namespaces
_MS_REC_PRIVATE = 0x4000 | 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x20080522
_SCRATCH = os.environ.get("TMPDIR", "/tmp")  # as grading.sandbox set it
_OUTPUT_LIMIT = 20_000  # characters of output kept from one cell
_OF_THE_SCREEN = frozenset({"autosave", "config", "load_ext", "matplotlib", "reload_ext"})  # magics that change no result
_NOTES = 3  # failures of a cell that are told


def main():
    """Entry of the warm process; arguments: control descriptor, address space beyond what is mapped, processes, walls."""
    memory, processes, walls = (int(text) for text in sys.argv[2:5])
    warm.drop_root(bool(walls))
    refused = syscalls.refusing() if walls else None
    warm.serve(warm.control_socket(), lambda sock: _enter(sock, memory, processes, refused), prepare=_shell)


def _enter(sock, memory, processes, refused):
    """Wall the forked child in and let it work; the parent of the walled process stays to report how it ended."""
    warm.close_all_but(sock.fileno())
    warm.silence()
    walls = refused is not None
    if walls:
        libc = ctypes.CDLL(None, use_errno=True)
        uid, gid = os.getuid(), os.getgid()
        _call(libc.prctl, _PR_SET_DUMPABLE, 1, 0, 0, 0)  # else its own /proc files belong to root
        _call(libc.unshare, _NEW)
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        _call(libc.prctl, _PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody but root may look into it from now on
    pid = os.fork()
    if pid:
        sock.close()
        _, status = os.waitpid(pid, 0)
        os._exit(0 if status == 0 else 2)
    os.setsid()  # a signal to its group reaches nobody else
    if walls:
        _call(libc.mount, b"none", b"/", None, _MS_REC_PRIVATE, None)
        # Files in these are memory; one without content takes a kilobyte of it, too.
        _call(libc.mount, b"tmpfs", _SCRATCH.encode(), b"tmpfs", 0, b"size=256m,nr_inodes=20000,mode=700")
        _call(libc.mount, b"tmpfs", b"/dev/shm", b"tmpfs", 0, b"size=64m,nr_inodes=2000,mode=700")
        _call(libc.mount, b"devpts", b"/dev/pts", b"devpts", 0, b"newinstance,ptmxmode=0666,mode=620")
        syscalls.join_new_keyring()
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")  # if the machine runs out of memory, this goes first
        _call(libc.prctl, _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _call(libc.prctl, _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # It was all-powerful in its own namespaces until here; now it could unmount what hides the outer scratch folder.
        header, none = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
        _call(libc.capset, header, none)
        os.chdir(_SCRATCH)
        refused.load()
    warm.limit(memory, processes)
    work(sock)
    os._exit(0)


def _call(function, *args):
    if function(*args) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{function.__name__}: {os.strerror(code)}")


# --- the notebook -----------------------------------------------------------------------------------------------------


@functools.cache
def _shell():
    """The IPython shell in which cells run: magics as in a notebook, but nothing installed, fetched, asked or shown."""
    import matplotlib
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        """Without a screen; a statement that fails before the names that are wanted are there is passed over."""

        def enable_matplotlib(self, gui=None):
            return None, "agg"  # whatever is asked for: nobody looks at it

        def run_line_magic(self, magic_name, line, _stack_depth=1):
            if magic_name in _OF_THE_SCREEN or self._find_with_lazy_load("line", magic_name) is None:
                return print(f"(`%{magic_name}` is not run while grading)")
            return super().run_line_magic(magic_name, line, _stack_depth + 1)

        async def run_code(self, code_obj, result=None, *, async_=False):
            if await super().run_code(code_obj, result, async_=async_):
                return not self.course_run.passes_over(code_obj, result, self.user_ns)
            self.course_run.ran(code_obj)
            return False

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    shell = Shell.instance(config=config)
    shell.course_run = _Statements()
    shell.showtraceback = shell.showsyntaxerror = shell.showindentationerror = lambda *args, **kwargs: None
    shell._tee = lambda channel: contextlib.nullcontext()  # IPython 9 copies what is printed into a history
    shell.system = shell.system_raw = shell.system_piped = _no_command
    shell.getoutput = lambda *args, **kwargs: []
    shell.user_ns |= dict.fromkeys(("exit", "quit"), lambda *args, **kwargs: None)  # as a notebook's, which end nothing at once
    for name in ("pip", "conda", "mamba", "uv"):
        shell.register_magic_function(_no_command, "line", name)
    matplotlib.use = plt.switch_backend = lambda *args, **kwargs: None
    plt.show = lambda *args, **kwargs: plt.close("all")  # as in a notebook: what was shown is no current figure any more
    return shell


class _Statements:
    """What became of the statements of a cell, and which names are not there because one of an earlier cell failed.

    A notebook's first lines are often such as only run in Colab or in a browser. Where one of them fails, the next ones
    run, until the names that the cell is to define are there; a failure after that ends the cell, as in a notebook.
    """

    def __init__(self):
        self.names, self.bound, self.failures = None, set(), []
        self.unbound = {}  # message of the failed statement by name

    def begin(self, names):
        """A new cell; ``names``: what it must define, None where no failure ends it."""
        self.names, self.bound, self.failures = names, set(), []

    def ran(self, code):
        """A statement ran: the names that it binds are there."""
        names = _stored(code)
        self.bound |= names
        for name in names & self.unbound.keys():
            del self.unbound[name]

    def passes_over(self, code, result, namespace):
        """A statement failed: whether the next one runs."""
        error = result.error_in_exec if result is not None else None
        if not isinstance(error, Exception) or self.names is not None and self.bound >= set(self.names):
            return False
        self.failures.append(described := _described(error, namespace, None, self.unbound))
        self.unbound |= dict.fromkeys(_stored(code), described["message"])
        result.error_in_exec = None
        return True


def _stored(code):
    """Names that a compiled statement binds at the top level of a cell."""
    return {step.argval for step in dis.get_instructions(code) if step.opname in ("STORE_NAME", "STORE_GLOBAL")}


def _no_command(*args, **kwargs):
    print("(shell commands and installations are not run while grading)")


class _Kept(io.TextIOBase):
    """Standard output of a cell: keeps the first characters, counts the rest."""

    def __init__(self):
        self.parts, self.length = [], 0

    def writable(self):
        return True

    def write(self, text):
        text = str(text)
        if self.length < _OUTPUT_LIMIT:
            self.parts.append(text[: _OUTPUT_LIMIT - self.length])
        self.length += len(text)
        return len(text)

    def text(self):
        more = self.length - _OUTPUT_LIMIT
        return "".join(self.parts) + (f"\n... and {more:,} more characters" if more > 0 else "")


def work(sock):
    """Answer requests until the other side closes.

    Requests: ``["run", source, names]`` (the names that the cell must define; None: no failure ends it),
    ``["get", name]``, ``["call", handle, arguments, question]``. Answers: ``["ok", error or None, notes, output]``,
    ``["missing"]``, ``["refused", message]``, ``["value", tree, used, changes]``,
    ``["error", {kinds, message, syntax, lacks}, used, changes]``. ``used`` is whether a call used the program's own random
    numbers, which a test may ask of an answer; ``changes`` is what it changed of its arguments (see
    ``wire.Decoder.changes``). What is printed while a test calls an answer is dropped: it would show the test's inputs.
    """
    shell = _shell()
    encoder = wire.Encoder()
    decoder = wire.Decoder(call=None, files=True)
    send, receive = wire.send, wire.receive  # bound now: what an answer does to the module does not stop the talk
    while True:
        try:
            request = receive(sock)
        except EOFError:
            return
        _reap()
        out = _Kept()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(_Kept()):
            try:
                answer = _answer(shell, encoder, decoder, request)
            except wire.Refused as error:
                answer = ["refused", str(error)]
            except MemoryError:
                answer = ["refused", "this result needs more memory than a submission has"]
            except Exception as error:  # an object of the answer's that cannot even be looked at
                answer = ["refused", f"what came back cannot be looked at ({type(error).__name__})"]
        if request[0] == "run":
            answer = answer if answer[0] == "ok" else ["ok", None, []]
            answer.append(out.text().encode("utf-8", "replace").decode())
        try:
            send(sock, answer)
        except wire.WireError as error:
            send(sock, ["refused", str(error)])


def _reap():
    """Collect children that ended: a dead one still counts against the limit on processes."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(shell, encoder, decoder, request):
    if request[0] == "run":
        return _run(shell, *request[1:])
    if request[0] == "get":
        if request[1] not in shell.user_ns:
            return ["missing"]
        return ["value", encoder.encode(shell.user_ns[request[1]])]
    _, handle, arguments, question = request
    function = encoder.kept[handle]
    args, kwargs = decoder.decode(arguments)
    before = _random_states()
    try:
        value = function(*args, **kwargs)
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the answer's, and are told as such
        described = _described(error, shell.user_ns, question, shell.course_run.unbound)
        return ["error", described, _random_states() != before, decoder.changes(encoder)]
    used, changes = _random_states() != before, decoder.changes(encoder)
    return ["value", encoder.encode(value), used, changes]


def _run(shell, source, names):
    """Run a cell; the first failure is its error where a name that it must define is not there at the end."""
    shell.course_run.begin(names)
    result = shell.run_cell(source, store_history=False, silent=False)
    error = result.error_before_exec or result.error_in_exec
    failures = shell.course_run.failures
    if error is not None:
        failures = [*failures, _described(error, shell.user_ns, None, shell.course_run.unbound)]
    if error is not None or names is not None and not set(names) <= shell.user_ns.keys():
        return ["ok", failures[0] if failures else None, []]
    return ["ok", None, failures[:_NOTES]]


def _random_states(of_python=random.getstate, of_numpy=np.random.get_state):
    """The states of the generators that a whole program shares, to be compared."""
    return pickle.dumps((of_python(), of_numpy()))


def _described(error, namespace, question, unbound):
    """An error as data: its kind, and the sentence that the student will read."""
    from helpers import checks

    linecache.checkcache()
    try:
        message = checks.explain(error, namespace, question)
        if isinstance(error, NameError) and error.name in unbound:
            message = f"`{error.name}` is not there, because its line failed: {unbound[error.name]}"
    except Exception as other:  # an exception class of the student's whose text cannot be read
        message = f"{type(error).__name__} (its text cannot be read: {type(other).__name__})"
    try:
        lacks = runtime.lacking(error)
    except Exception:  # a class of the student's, which the versions here cannot be blamed for
        lacks = None
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    message = message[:2000].encode("utf-8", "replace").decode()
    return {"kinds": kinds, "message": message, "syntax": isinstance(error, SyntaxError), "lacks": lacks}


if __name__ == "__main__":
    main()
