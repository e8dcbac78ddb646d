"""Lines that a person types."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Queue

_PIECE: Final = 4096


def line_typed(stdin: TextIO | None) -> str:
    """Return the next line, without its end.

    Reads in the thread of the event loop, which stands still meanwhile: a line read in another thread could
    not be given up, and would hold the process at its end until somebody presses Enter.

    Raises: EOFError when there is no more input, KeyboardInterrupt at Ctrl-C.
    """
    if stdin is None:
        raise EOFError
    try:
        line = stdin.readline()
    except ValueError as unreadable:  # closed meanwhile, or no text in the stream's encoding
        raise EOFError from unreadable
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def secret_typed(prompt: str, stdin: TextIO | None, stderr: TextIO | None, *, terminal: bool) -> str:
    """Return the next line, not shown while it is typed if it comes from a terminal.

    Raises: as `line_typed`.
    """
    if not terminal or stderr is None:
        return line_typed(stdin)
    import getpass

    return getpass.getpass(prompt, stderr)


async def pieces_typed(stdin: TextIO | None) -> AsyncIterator[bytes]:
    """Yield what is typed or piped in as it comes, to the end of the input.

    A thread waits for it, as no event loop can wait for a terminal, a pipe and a file on every system alike;
    it is left behind when the program ends. It reads below Python's buffers, whose lock would hold that up.
    """
    if stdin is None:
        return
    try:
        descriptor = stdin.fileno()
    except (OSError, ValueError):  # no file below it: all of it is there
        if data := stdin.buffer.read():
            yield data
        return
    import asyncio
    import threading

    loop, pieces = asyncio.get_running_loop(), asyncio.Queue[bytes]()
    reading = threading.Thread(target=_hand_over, args=(descriptor, loop, pieces), daemon=True)
    reading.start()
    while data := await pieces.get():
        yield data


def _hand_over(descriptor: int, loop: AbstractEventLoop, pieces: Queue[bytes]) -> None:
    """Give the loop what is read, and b"" at the end."""
    data = b"to begin with"
    while data:
        try:
            data = os.read(descriptor, _PIECE)
        except OSError:
            data = b""
        try:
            loop.call_soon_threadsafe(pieces.put_nowait, data)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt in the body, which shows a question and waits for the answer.

    An asyncio runner's own handler only cancels the main task and returns; a blocked read would go on. So an
    interrupt that the runner has noted already counts, too.

    Raises: asyncio.CancelledError where the task that asks has been cancelled.
    """
    import signal
    import threading

    installed = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(installed):
        yield  # no business of this thread; or Ctrl-C is ignored on purpose
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _heed_cancellation()
        yield
    finally:
        signal.signal(signal.SIGINT, installed)


def _heed_cancellation() -> None:
    import asyncio  # whoever asks is a coroutine, so it is there

    try:
        task = asyncio.current_task()
    except RuntimeError:  # of some other loop than asyncio's
        return
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
