"""Child processes that end with their parent, however the parent ends (on Linux also when it is killed)."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h, see prctl(2)


def spawn(
    command: Sequence[str | Path],
    *,
    output: int | IO[bytes],
    death_signal: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that a Ctrl-C reaches the parent alone, which ends it in order.

    When the parent is gone, the kernel sends the child `death_signal`; see `tie_to_parent` for its limits.
    """
    identity = None if user is None else pwd.getpwnam(user)
    return subprocess.Popen(  # noqa: S603 - a list of words chosen by Baton, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=None if identity is None else "/",
        env=environment,
        user=None if identity is None else identity.pw_uid,
        group=None if identity is None else identity.pw_gid,
        extra_groups=None if identity is None else [],
        start_new_session=True,
        preexec_fn=tie_to_parent(death_signal),  # noqa: PLW1509 - calls prctl and nothing that could lock
    )


def tie_to_parent(death_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """A `preexec_fn` for which the kernel sends the child `death_signal` when its parent is gone.

    The kernel watches the parent's *thread*: start the child from one that lives as long as the process. Only Linux can
    do this; elsewhere None, and the child ends by its owner's hand only.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # looked up before the fork
    parent = os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died before the call above
            os.kill(os.getpid(), death_signal)

    return tie
