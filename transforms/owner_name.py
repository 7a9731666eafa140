"""Who holds a lease or a claim: a name that tells whether its process still lives."""

import os
import socket
from pathlib import Path


def owner_name() -> str:
    """Names this process: host, process id, and when it started (an id may be used again)."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{pid}/{_start_of(pid)}"


def has_died(owner: str) -> bool:
    """Says whether an owner was a process of this machine that is no more.

    False where that cannot be known: another machine's processes keep their leases until they
    expire.
    """
    host, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if started:
        return _start_of(int(pid)) != started
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _start_of(pid: int) -> str:
    """Gives when a living process started, in clock ticks since boot; "" without a /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    except OSError:
        return ""
    # The process's name stands in parentheses and may hold spaces; what follows it is fixed.
    state, *others = fields.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{boot}-{others[18]}"
