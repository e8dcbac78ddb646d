"""Being told to end by the signal that a service manager or `kill` sends."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_to_end() -> Iterator[asyncio.Event]:
    """Take SIGTERM for a wish while the body runs: it sets the event that is given.

    For what goes on until somebody ends it, so that being ended is no failure. The body has to leave soon
    after. Ctrl-C interrupts the program as usual. In any thread but the main one nothing changes.
    """
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: loop.call_soon_threadsafe(told.set))
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before)
