"""How a process is held to its memory, and how it says that it ran out of it.

On Linux the limit is RLIMIT_DATA: the kernel refuses more memory, Go's runtime then ends the program with a message, and
the helm that kustomize starts inherits the limit. RLIMIT_AS is no use (Go reserves address space freely) and GOMEMLIMIT
stops nothing. Elsewhere the memory of the process and of all that it started is watched.
"""

from __future__ import annotations

import contextlib
import re
import sys

WATCHED = not sys.platform.startswith("linux")

_RAN_OUT = re.compile(
    r"""
    ^(?:Error:\ )*(?:fatal\ error|runtime):\ [^\n]*(?:memory|failed\ to\ (?:allocate|reserve))
    | ^(?:Error:\ )*SIGSEGV:\ segmentation\ violation\nPC=\S+\ .*\ addr=0x[0-9a-f]{1,4}\n+goroutine\ 0\ .*\nruntime\.
    | ^(?:Error:\ )*runtime/cgo:\ pthread_create\ failed
    | fork/exec\ \S+\ cannot\ allocate\ memory
    """,
    re.M | re.X,
)
"""What Go's runtime prints, be it kustomize's own or that of a helm whose words kustomize repeats.

The second line: where the garbage collector itself (Go 1.26) gets no memory, it uses the null pointer that it was given instead.
The third: no memory for the stack of a thread.
"""


def ran_out(stderr: str) -> bool:
    """Tell whether a Go program says that it could not get more memory."""
    return bool(_RAN_OUT.search(stderr))


def limit(pid: int, size: int) -> None:
    """Set the limit of a process that has just been started; a stricter one that holds already stays."""
    import resource

    with contextlib.suppress(ProcessLookupError):
        _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
        allowed = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.prlimit(pid, resource.RLIMIT_DATA, (allowed, allowed))


def inherited(size: int) -> str:
    """Say that a limit of the caller's was too small, where there is one that may have been reached before `size`; else ""."""
    import resource

    space, data = resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_DATA)[1]
    if space != resource.RLIM_INFINITY:
        return f"ran out of memory: no process may have more than {space >> 20} MiB of address space here (ulimit -v)"
    if data != resource.RLIM_INFINITY and data < size:
        return f"ran out of memory: no process may have more than {data >> 20} MiB of data here (ulimit -d)"
    return ""


def of_tree(pid: int) -> int:
    """Return the resident bytes of a process and of all that it started."""
    import psutil

    total = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total
