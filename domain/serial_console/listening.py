"""Reading a line of bytes that has no marks of its own: until it falls silent, or until a text has come."""

from __future__ import annotations

from typing import Final

from particle_cli.ports.clock import Clock
from particle_cli.ports.serial import SerialGone, SerialLine, SerialTimeout

SILENCE_S: Final = 0.25
"""How long nothing has to come for an answer to be over; the device itself pauses for 100 ms at most."""

_CHUNK: Final = 4096
_LONGEST: Final = 256 * 1024
_BABBLE_S: Final = 10.0


async def until_silent(line: SerialLine, clock: Clock, *, timeout_s: float, secret: bool = False) -> bytes:
    """Return what comes, from its first byte to a silence.

    A port that is never silent (an application prints without a pause) is left after ten seconds.

    Args:
        line: where it comes.
        clock: the time that passes.
        timeout_s: how long to wait for the first byte.
        secret: whether it may hold a password or key.

    Returns: the bytes; b"" where none came in time.

    Raises: SerialGone when the port goes before anything came.
    """
    data = await next_bytes(line, timeout_s, secret=secret)
    ends = clock.monotonic() + _BABBLE_S
    while data and len(data) < _LONGEST and clock.monotonic() < ends:
        try:
            more = await next_bytes(line, SILENCE_S, secret=secret)
        except SerialGone:  # what was said counts
            break
        if not more:
            break
        data += more
    return data


async def next_bytes(line: SerialLine, timeout_s: float, *, secret: bool = False) -> bytes:
    """Return the next bytes, b"" where none came in time. Raises: SerialGone."""
    try:
        return await line.read(_CHUNK, timeout_ms=max(1, round(timeout_s * 1000)), secret=secret)
    except SerialTimeout:
        return b""
