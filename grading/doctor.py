"""Try each wall of the sandbox from inside and say what holds. Called by ``course doctor --sandbox`` and by tests.

Each probe is code as a student could write it; it runs where student code runs and reports what it could do. A wall holds
if the probe could not do it.
"""

import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grading import engine, sandbox, wire

_TOKEN = "came over"
_HEAD = "import os, socket, signal, ctypes, sys, glob, resource\nresult = ''\n"


@dataclass(frozen=True)
class Finding:
    """What became of one probe: the wall, whether it holds, and what was seen."""

    wall: str
    holds: bool
    seen: str


def probes(secret, port, repository):
    """The probes: what each wall keeps from, as code that leaves in ``result`` what it could do ('' is nothing).

    Parameters
    ----------
    secret : Path
        A file of the instructor's that must not be seen.
    port : int
        Of a server on this machine's loopback.
    repository : Path
        Where solutions and hidden tests lie.

    Returns
    -------
    dict of str to str
    """
    return {
        "network: this machine's own servers": f"""
s = socket.socket(); s.settimeout(2)
try: s.connect(('127.0.0.1', {port})); result = 'connected'
except OSError as e: pass
""",
        "network: anything beyond": """
for family, address in ((socket.AF_INET, ('192.0.2.1', 80)), (socket.AF_INET6, ('2001:db8::1', 80))):
    s = socket.socket(family); s.settimeout(2)
    try: s.connect(address); result = 'connected'
    except OSError as e:
        if e.errno is None: result = 'the packet left the machine'
""",
        "files: the instructor's": f"""
try: result = open({str(secret)!r}).read()
except OSError: pass
""",
        "files: solutions and hidden tests": f"""
for path in ({str(repository / 'solutions')!r}, {str(repository / 'tests')!r}, {str(repository / '.git')!r}, '/course/solutions'):
    if os.path.exists(path): result = path
""",
        "files: homes": """
for path in ['/home', '/root', os.path.expanduser('~')]:
    if os.path.isdir(path):
        seen = [n for n in os.listdir(path) if n not in ('caches',) and not n.startswith('.pyenv')]
        if path != '/scratch' and seen: result = f'{path}: {seen[:3]}'
""",
        "files: writing outside the scratch folder": """
for folder in ('/', '/usr', '/etc', '/course', '/data', '/caches', sys.prefix, sys.base_prefix):
    try: open(os.path.join(folder, 'x'), 'w').close(); result = folder
    except OSError: pass
""",
        "files: what another submission left": """
found = glob.glob('/scratch/*') + glob.glob('/tmp/*') + glob.glob('/dev/shm/*')
result = ' '.join(n for n in found if os.path.basename(n) != 'mine' and not sys.prefix.startswith(n))
open('/scratch/mine', 'w').close()
""",
        "files: what lies under the scratch folder": """
libc = ctypes.CDLL(None, use_errno=True)
if libc.umount2(b'/scratch', 2) == 0: result = 'unmounted'
if libc.unshare(0x10000000 | 0x20000) == 0 and libc.umount2(b'/scratch', 2) == 0: result = 'unmounted in another namespace'
""",
        # Of a process that is ending anybody may open these files; there is nothing in them any more.
        "processes: others seen or entered": """
def start(path):
    with open(path, 'rb') as file: return file.read(1)
for status in glob.glob('/proc/[0-9]*'):
    if status != '/proc/' + os.readlink('/proc/self'):
        for look, name in ((os.readlink, 'cwd'), (os.readlink, 'root'), (os.listdir, 'fd'), (start, 'environ'), (start, 'maps')):
            try: result = f'{status}/{name}' if look(f'{status}/{name}') else result
            except OSError: pass
""",
        "processes: signals to others": """
for pid in [1, 2, 3, os.getppid(), *range(4, 40)]:
    if pid in (0, os.getpid()): continue
    try: os.kill(pid, 0); result = f'could signal {pid}'
    except OSError: pass
""",
        "processes: how many": f"""
n = 0
try:
    while n < 400:
        if os.fork() == 0: signal.pause()
        n += 1
except OSError: pass
if n > {sandbox.MAX_PROCESSES}: result = f'{{n}} processes'
""",
        "memory": """
try:
    x = bytearray(resource.getrlimit(resource.RLIMIT_AS)[0]); result = f'{len(x)} bytes'
except (MemoryError, OverflowError): pass
""",
        "descriptors: any but its own socket": """
extra = []
for fd in range(3, 256):
    try: extra.append((fd, os.readlink(f'/proc/self/fd/{fd}')))
    except OSError: pass
others = [name for fd, name in extra if not name.startswith('socket')]
if len(extra) - len(others) > 1 or any(not n.startswith(('anon_inode', '/dev/null', 'pipe')) for n in others): result = str(extra)
""",
        "rights: becoming root": """
try: os.setuid(0); result = 'root'
except OSError: pass
""",
        "calls: what no lesson needs": _CALLS,
        "tests: the examiner's modules": """
import importlib.util
for name in ('grading.examine', 'grading.engine', 'grading.build', 'nbgrader_config'):
    try:
        if importlib.util.find_spec(name): result = name
    except ImportError: pass
""",
    }


# Ways by which two submissions that run at the same time could exchange something: what the one does with ``token``, and
# what the other does to get it. Both run in forks of the same warm process.
_CALL = """
import pyseccomp
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    return libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in args))
"""
CHANNELS = {
    "files": (
        "for folder in ('/scratch', '/tmp', '/dev/shm', '/var/tmp', '/data', '/caches', '/run'):\n"
        "    try: open(folder + '/channel', 'w').write(token)\n"
        "    except OSError: pass\n",
        "for folder in ('/scratch', '/tmp', '/dev/shm', '/var/tmp', '/data', '/caches', '/run'):\n"
        "    try: result += open(folder + '/channel').read()\n"
        "    except OSError: pass\n",
    ),
    "sockets without a file": (
        "kept = socket.socket(socket.AF_UNIX); kept.bind('\\0channel'); kept.listen()\n",
        "try: socket.socket(socket.AF_UNIX).connect('\\0channel'); result = token\n"
        "except OSError: pass\n",
    ),
    "sockets of this machine": (
        "kept = socket.create_server(('127.0.0.1', 40404))\n",
        "try: socket.create_connection(('127.0.0.1', 40404), 2); result = token\n"
        "except OSError: pass\n",
    ),
    "terminals": (
        "try: kept = os.openpty(); os.write(kept[0], (token + '\\n').encode())\n"
        "except OSError: pass\n",
        "for path in glob.glob('/dev/pts/[0-9]*'):\n"
        "    try: result += os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 100).decode()\n"
        "    except OSError: pass\n",
    ),
    "keys": (
        _CALL + "[call('add_key', b'user', b'channel', token.encode(), len(token), ring) for ring in (-3, -4, -5)]\n",
        _CALL + "for ring in (-3, -4, -5):\n"
        "    key = call('keyctl', 10, ring, b'user', b'channel', 0)\n"
        "    if key > 0: result = token\n",
    ),
    "System V": (
        _CALL + "[call(name, 4711, *args) for name, args in (('shmget', (4096, 0o1666)), ('msgget', (0o1666,)), ('semget', (1, 0o1666)))]\n",
        _CALL + "for name, args in (('shmget', (4096, 0o666)), ('msgget', (0o666,)), ('semget', (1, 0o666))):\n"
        "    if call(name, 4711, *args) >= 0: result = token\n",
    ),
    "POSIX queues": (
        _CALL + "call('mq_open', b'channel', os.O_CREAT | os.O_RDWR, 0o666, 0)\n",
        _CALL + "if call('mq_open', b'channel', os.O_RDONLY, 0, 0) >= 0: result = token\n",
    ),
    "memory of another process": (
        "kept = ctypes.create_string_buffer(token.encode())\n",
        "for path in glob.glob('/proc/[0-9]*/mem'):\n"
        "    if path != f'/proc/{os.getpid()}/mem':\n"
        "        try: open(path, 'rb').close(); result = token\n"
        "        except OSError: pass\n",
    ),
    "signals": (
        "received = []\nsignal.signal(signal.SIGUSR1, lambda *_: received.append(token))\n",
        "for pid in range(2, 200):\n"
        "    if pid != os.getpid():\n"
        "        try: os.kill(pid, 0); result = token\n"
        "        except OSError: pass\n",
    ),
}

# Calls that the filter refuses, with arguments that would work or fail in another way.
CALLS = {
    "ptrace": (16, 1), "process_vm_readv": (1, 0, 0, 0, 0, 0), "bpf": (0, 0, 0), "perf_event_open": (0, 0, -1, -1, 0),
    "userfaultfd": (0,), "io_uring_setup": (1, 0), "mount": (0, 0, 0, 0, 0), "umount2": (0, 0), "unshare": (0x10000000,),
    "setns": (0, 0), "keyctl": (0, -3, 0), "add_key": (0, 0, 0, 0, 0), "memfd_create": (0, 0), "clone3": (0, 0),
}  # fmt: skip
_CALLS = f"""{_CALL}
import errno
for name, args in {CALLS!r}.items():
    ctypes.set_errno(0)
    call(name, *args)
    if ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS): result += name + ' '
"""


def sandbox_findings(crew, bundle, repository):
    """Run every probe in a fork of the student's warm process.

    Parameters
    ----------
    crew : grading.crew.Crew
    bundle : engine.Bundle
    repository : Path

    Returns
    -------
    list of Finding
    """
    findings = []
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        secret = Path(folder) / "marks.txt"
        secret.write_text("marks of the class", encoding="utf-8")
        os.chmod(folder, 0o755)
        for wall, source in probes(secret, server.getsockname()[1], Path(repository)).items():
            session = engine.Session(crew.student, bundle)
            try:
                seen = _probe(session, source)
            except engine.Lost as lost:
                seen = "" if lost.outcome in (engine.MEMORY, engine.CRASH) else f"ended by {lost.outcome}"
            finally:
                session.close()
            findings.append(Finding(wall, not seen, seen or "could not"))
    for channel, (send, receive) in CHANNELS.items():
        seen = _exchanged(crew, bundle, send, receive)
        findings.append(Finding(f"exchange: {channel}", not seen, seen or "nothing came over"))
    return findings


def _exchanged(crew, bundle, send, receive):
    """What a submission gets from another one that runs beside it and wants to give it something; '' is nothing."""
    sender, receiver = (engine.Session(crew.student, bundle) for _ in range(2))
    try:
        head = f"token = {_TOKEN!r}\n"
        _probe(sender, head + send)
        return _probe(receiver, head + receive)
    finally:
        sender.close()
        receiver.close()


def _probe(session, source):
    _, error, *_ = wire.unpack(session.request(wire.pack(["run", _HEAD + source, []]), engine.Budget(10.0, 130.0)))
    if error is not None:
        return f"the probe failed: {error['message']}"
    reply = wire.unpack(session.request(wire.pack(["get", "result"]), engine.Budget(10.0, 130.0)))
    return str(wire.Decoder(None).decode(reply[1]))
