"""TCP ports of this machine."""

import asyncio
import socket

_POLL_SECONDS = 0.05


def free_port(preferred: int = 0) -> int:
    """The preferred port of 127.0.0.1 if nobody listens on it, else any free one.

    Another program may take it before the caller does; who must not fail then tries again.
    """
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


async def answers(port: int, *, within_seconds: float) -> bool:
    """Wait until something listens on a port of this machine; False if nothing does in time."""
    try:
        async with asyncio.timeout(within_seconds):
            while True:
                if await _listens(port):
                    return True
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        return False


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
