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
        "processes: others seen or entered": """
for status in glob.glob('/proc/[0-9]*'):
    if status != '/proc/' + os.readlink('/proc/self'):
        for look, name in ((os.readlink, 'cwd'), (os.readlink, 'root'), (os.listdir, 'fd'), (open, 'environ'), (open, 'maps')):
            try: look(f'{status}/{name}'); result = f'{status}/{name}'
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
        "tests: the examiner's modules": """
import importlib.util
for name in ('grading.examine', 'grading.engine', 'grading.build', 'nbgrader_config'):
    try:
        if importlib.util.find_spec(name): result = name
    except ImportError: pass
""",
    }


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
    return findings


def _probe(session, source):
    _, error, *_ = wire.unpack(session.request(wire.pack(["run", _HEAD + source, []]), engine.Budget.of(10.0)))
    if error is not None:
        return f"the probe failed: {error['message']}"
    reply = wire.unpack(session.request(wire.pack(["get", "result"]), engine.Budget.of(10.0)))
    return str(wire.Decoder(None).decode(reply[1]))
