"""Landlock and seccomp, by the kernel's own calls: a thread gives up rights, for itself and for all that it starts, for ever.

The kernel keeps both for each thread, so the other threads of the process stay as free as they were. Python's bindings for Landlock cost
ten milliseconds of import and lack seccomp. Numbers and structures: linux/landlock.h, linux/seccomp.h, linux/audit.h, linux/bpf_common.h.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

RUN, CHANGE, READ_FILE, LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE, _MAKE_FOLDER, _MAKE_FILE, _MAKE_FIFO, _MAKE_LINK = 3 << 4, 1 << 7, 1 << 8, 1 << 10, 1 << 12
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
READ = READ_FILE | LIST
EXECUTE = READ_FILE | RUN
OPEN_FOR_WRITING = READ_FILE | CHANGE | _TRUNCATE
WRITE = READ | OPEN_FOR_WRITING | _REMOVE | _MAKE_FOLDER | _MAKE_FILE | _MAKE_FIFO | _MAKE_LINK | _REFER
_OF_FILES = RUN | CHANGE | READ_FILE | _TRUNCATE | _IOCTL
"""Rights that a rule about a file may name; the kernel refuses all others."""
_ALL = (1 << 15) - 1

OLDEST_ABI = 4
"""Linux 6.7, the first one that holds TCP, too."""
_BIND, _CONNECT = 1, 2
_ABSTRACT_SOCKETS_AND_SIGNALS = 3
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SOCKET = {"x86_64": (41, 53), "aarch64": (198, 199)}
"""socket and socketpair."""
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_IO_URING_SETUP = 425
_FAMILIES = (1, 16)
"""AF_UNIX and AF_NETLINK, by which nothing leaves this machine; daemons of it that listen on a Unix socket stay reachable."""
_FILTER_MODE, _NO_SLOWER_SPECULATION = 1, 1 << 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x80000000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16

SWITCH = "AGENTSLINT_CONFINEMENT"


@lru_cache(maxsize=1)
def _libc() -> Any:
    return _ctypes().CDLL(None, use_errno=True)


def _ctypes() -> Any:
    """Some builds of Python lack it; raises OSError there."""
    try:
        import ctypes
    except ImportError as error:
        raise OSError(errno.ENOSYS, f"this Python has no ctypes ({error})") from None
    return ctypes


def _call(*arguments: Any) -> int:
    """Call the kernel; raises OSError."""
    ctypes = _ctypes()
    # As wide as a register: `syscall` of the C library takes all that it is given for `long`.
    result = _libc().syscall(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(result)


def landlock_abi() -> int:
    """Return the version of Landlock in this kernel; raises OSError where it has none that holds enough, which says why."""
    if os.environ.get(SWITCH) == "off":
        raise OSError(errno.EOPNOTSUPP, f"{SWITCH} is off")
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, f"{sys.platform} has no Landlock")
    try:
        abi = _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as error:
        raise OSError(error.errno, f"the kernel has no Landlock ({error.strerror})") from None
    if abi < OLDEST_ABI:
        raise OSError(errno.EOPNOTSUPP, f"the kernel's Landlock is too old (version {abi}, {OLDEST_ABI} is needed: Linux 6.7)")
    return abi


def hold_files(grants: Iterable[tuple[str, int]], *, connect: bool) -> None:
    """Leave this thread the `grants` alone: paths, with all beneath them, and the rights there; TCP only to `connect`.

    Raises OSError where the kernel cannot.
    """
    abi = landlock_abi()
    files = _ALL | (_IOCTL if abi >= 5 else 0)
    attributes = struct.pack("=QQ", files, _BIND if connect else _BIND | _CONNECT)
    attributes += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS) if abi >= 6 else b""
    rules = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path, rights in grants:
            _grant(rules, path, rights)
        _give_up_privileges()
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _grant(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return  # What is not there needs no right.
    try:
        rights &= -1 if stat.S_ISDIR(os.fstat(place).st_mode) else _OF_FILES
        if rights:
            _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def refuse_sockets() -> None:
    """Refuse this thread every new socket but those that stay on the machine; raises OSError where the kernel cannot."""
    ctypes = _ctypes()
    machine = os.uname().machine
    if os.environ.get(SWITCH) == "off" or sys.platform != "linux" or machine not in _SECCOMP or sys.maxsize < 2**32:
        raise OSError(errno.ENOSYS, f"no filter of sockets for {sys.platform} on {machine}")
    program = ctypes.create_string_buffer(_filter(machine))
    _give_up_privileges()
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(program))
    _call(_SECCOMP[machine], _FILTER_MODE, _NO_SLOWER_SPECULATION, head)


def _filter(machine: str) -> bytes:
    """The program that the kernel runs at each call; a line is: what to do, lines to skip where it holds and where not, a number."""
    socket, socketpair = _SOCKET[machine]
    lines = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 0, 8, _ARCHITECTURE[machine]),  # A 32-bit program has other numbers: it is ended.
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 7, 0, _X32),
        (_EQUAL, 6, 0, _IO_URING_SETUP),  # It opens sockets without the call.
        (_EQUAL, 1, 0, socket),
        (_EQUAL, 0, 5, socketpair),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 3, 0, _FAMILIES[0]),
        (_EQUAL, 2, 1, _FAMILIES[1]),
        (_RETURN, 0, 0, _KILL),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", code, holds, fails, number) for code, holds, fails, number in lines)


def _give_up_privileges() -> None:
    """No program that is started gains rights by its owner; the kernel asks for it."""
    ctypes = _ctypes()
    if _libc().prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
