"""The lock that keeps two commands from changing one embedded world at the same time."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import frozen

from particle_cli.ports.files import FileRefused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FIRST_POLL_S = 0.005
_LONGEST_POLL_S = 0.1
_LOCKED_BYTE = 1 << 30  # far behind the holder's name, which Windows would otherwise let nobody read


@frozen
class Holder:
    """Who has the lock: a process, and the command that it runs."""

    pid: int
    command: str


class WorldLock:
    """A lock on a file, held by one process at a time and let go by the system when that process dies."""

    def __init__(self, path: str, command: str) -> None:
        """Keep the path, whose folder exists, and what this process is doing, for others to read."""
        self._path = path
        self._command = command
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether it is held through this object."""
        return self._file is not None

    def acquire(self, waiting: Callable[[Holder | None], None], *, patience_s: float = 10) -> None:
        """Take the lock, however long that takes; Ctrl-C ends the wait.

        Args:
            waiting: told once who holds the lock (None: unknown), after `patience_s` real seconds.
            patience_s: real seconds.

        Raises: FileRefused, when the system lets nobody lock that file.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise FileRefused(
                f"Cannot lock the simulated world at {self._path}: {error.strerror}.",
                next_step="Check who owns the folder and what its permissions allow.",
            ) from error
        try:
            if not _try_lock(file):
                with _plain_interrupts():
                    self._wait(file, waiting, patience_s)
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, json.dumps({"pid": os.getpid(), "command": self._command}).encode())
        except BaseException:
            os.close(file)
            raise
        self._file = file

    def release(self) -> None:
        """Let others have it; nothing happens when it is not held."""
        if self._file is not None:
            file, self._file = self._file, None
            os.ftruncate(file, 0)
            _unlock(file)
            os.close(file)

    def _wait(self, file: int, waiting: Callable[[Holder | None], None], patience_s: float) -> None:
        pause, told, started = _FIRST_POLL_S, False, time.monotonic()
        while not _try_lock(file):
            if not told and time.monotonic() - started >= patience_s:
                waiting(_holder(self._path))
                told = True
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_POLL_S)


def _holder(path: str) -> Holder | None:
    """Read who wrote its name into the lock file."""
    try:
        with open(path, encoding="utf-8") as file:
            told = json.load(file)
        return Holder(int(told["pid"]), str(told["command"]))
    except (OSError, ValueError, KeyError, TypeError):  # not written yet, or just released
        return None


if sys.platform == "win32":

    def _try_lock(file: int) -> bool:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def _plain_interrupts() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt at once: asyncio's handler would wait for the loop to turn."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # no business of this thread; or Ctrl-C is ignored on purpose
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
