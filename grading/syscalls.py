"""Which system calls a walled process may make: all but those that no lesson needs and a hostile answer could use.

The kernel enforces it (seccomp). Left out are ways to look into other processes, to leave the walls, to load programs
into the kernel, and every store that outlives a process or is shared by all of a user's processes: two submissions
that run at the same time must not be able to exchange a byte, and memory that no process has mapped is not counted.
"""

import ctypes
import errno
import socket

_KEYCTL_JOIN_SESSION_KEYRING = 1
_NEW_NAMESPACES = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)  # CLONE_NEW*
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: type into a terminal

# Refused as forbidden: nothing that a lesson uses calls them.
_FORBIDDEN = {
    "keys, which all processes of a user share": "add_key keyctl request_key",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd perf_event_open",
    "other namespaces": "unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick "
    "mount_setattr name_to_handle_at open_by_handle_at",
    "the kernel": "bpf userfaultfd io_uring_setup io_uring_enter io_uring_register init_module finit_module delete_module "
    "kexec_load kexec_file_load reboot swapon swapoff acct quotactl syslog settimeofday clock_settime adjtimex "
    "clock_adjtime lookup_dcookie vhangup",
    "queues that outlive a process": "mq_open mq_unlink msgget msgsnd msgrcv msgctl",
    "memory that outlives a process": "shmget shmat shmctl semget semop semtimedop semctl",
}
# Said not to exist, so that libraries take their other way.
_ABSENT = "clone3 memfd_create memfd_secret"


def refusing():
    """The filter: ``load()`` puts it over the calling process and all that it will start, for good.

    Returns
    -------
    pyseccomp.SyscallFilter

    Raises
    ------
    RuntimeError
        If libseccomp is not on this machine.
    """
    import pyseccomp

    refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for names in _FORBIDDEN.values():
        for name in names.split():
            _refuse(refused, errno.EPERM, name)
    for name in _ABSENT.split():
        _refuse(refused, errno.ENOSYS, name)
    for flag in _NEW_NAMESPACES:
        _refuse(refused, errno.EPERM, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    for request in _TERMINAL_INPUT:
        _refuse(refused, errno.EPERM, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request))
    # Of the families of sockets, those that a network namespace keeps apart.
    for family in set(range(1, 64)) - {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6}:
        _refuse(refused, errno.EAFNOSUPPORT, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    return refused


def _refuse(refused, code, name, *arguments):
    import pyseccomp

    if pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) >= 0:  # a machine of another kind may lack it
        refused.add_rule(pyseccomp.ERRNO(code), name, *arguments)


def join_new_keyring():
    """Leave the keyring that this process has in common with the one that started it."""
    import pyseccomp

    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), "keyctl")
    if ctypes.CDLL(None, use_errno=True).syscall(number, _KEYCTL_JOIN_SESSION_KEYRING, None) < 0:
        code = ctypes.get_errno()
        if code != errno.ENOSYS:  # a kernel without keys has none to share
            raise OSError(code, "keyctl")
