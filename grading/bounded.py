"""Call a function in a process that can be ended, with limits on its time and memory.

What reads a student's file runs here, so that no file, however it was made, can stop or slow the run that grades a class.
The process runs none of the student's code.
"""

import multiprocessing
import resource
import sys
from concurrent.futures import TimeoutError as TookTooLong

from pebble import ProcessExpired, ProcessPool

CPU_SECONDS, WALL_SECONDS = 5, 120  # the second one for machines that are busy with something else
MEMORY_BYTES = 2 * 2**30


class TooMuch(ValueError):
    """A call took more time or memory than it may; the message says which."""


class Bounded:
    """Processes for such calls: a context manager around :meth:`call`.

    Parameters
    ----------
    n_processes : int
    cpu_seconds, wall_seconds : float
        For one call.
    memory_bytes : int
        Address space that the calls may add to what the process has at its start.
    """

    def __init__(self, n_processes=1, *, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS, memory_bytes=MEMORY_BYTES):
        self._cpu_seconds, self._wall_seconds = cpu_seconds, wall_seconds
        context = multiprocessing.get_context("spawn")  # this process has threads, which a fork would leave behind
        self._pool = ProcessPool(n_processes, initializer=_begin, initargs=(memory_bytes,), context=context)

    def call(self, function, *args):
        """What the function returns; whatever it raises is raised here.

        Parameters
        ----------
        function : callable
            Of a module's top level; it, its arguments and its result are sent by pickle.
        *args

        Raises
        ------
        TooMuch
            If it took too long or asked for too much memory.
        """
        future = self._pool.schedule(_limited, (self._cpu_seconds, function, *args), timeout=self._wall_seconds)
        try:
            return future.result()
        except TookTooLong:
            raise TooMuch(f"this takes more than {self._wall_seconds:g} seconds") from None
        except ProcessExpired:
            raise TooMuch(f"this takes more than {self._cpu_seconds:g} seconds of processor time, or ends Python") from None
        except MemoryError:
            raise TooMuch("this needs more memory than a file is worth") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.stop()
        self._pool.join()


def _begin(memory_bytes):
    if sys.platform == "linux":  # elsewhere a process cannot say how much it has mapped, or not limit it
        with open("/proc/self/statm", encoding="ascii") as file:
            mapped = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limited(cpu_seconds, function, *args):
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + cpu_seconds + 1), hard))  # whole seconds; past it the kernel kills
    return function(*args)
