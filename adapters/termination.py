"""Being told to end: Ctrl-C, and the signal that a service manager or `kill` sends."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def told_to_end() -> Iterator[asyncio.Event]:
    """Take both signals for a wish while the body runs: they set the event that is given.

    For what goes on until somebody ends it, so that being ended is no failure. The body has to leave soon
    after; a second Ctrl-C interrupts the program as usual. In any thread but the main one nothing changes.
    """
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def tell(_number: int, _frame: object) -> None:
        restore()
        loop.call_soon_threadsafe(told.set)

    for number in _SIGNALS:
        signal.signal(number, tell)
    try:
        yield told
    finally:
        restore()
