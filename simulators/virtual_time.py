"""An event loop whose time jumps: what a simulated world waits for costs nothing.

Rules of the loop:

* Its time starts at 0 and moves only when nothing is runnable; it then jumps to the next timer.
* Timers of one instant fire in the order in which they were set (`asyncio`'s own heap promises none).
* There is no way out of the world: sockets, pipes, processes and other threads are refused, jobs for an
  executor run at once in the loop's own thread.
* When nothing is runnable and no timer is set, nothing can ever wake, and that is an error which names
  the tasks that wait.

So the same program takes the same modelled time and the same course in every run.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import Context
from types import CodeType, FrameType, TracebackType
from typing import Any, Final, NoReturn, Self, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_MANY_CANCELLED: Final = 1000  # cancelled timers kept before the heap is swept, as they hold their callbacks

_REFUSED: Final = {
    "a socket": (
        "connect_accepted_socket create_connection create_datagram_endpoint create_server "
        "create_unix_connection create_unix_server getaddrinfo getnameinfo sendfile sock_accept "
        "sock_connect sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall "
        "sock_sendfile sock_sendto start_tls"
    ),
    "a pipe or other file": (
        "add_reader add_writer connect_read_pipe connect_write_pipe remove_reader remove_writer"
    ),
    "a process": "subprocess_exec subprocess_shell",
    "a signal handler": "add_signal_handler remove_signal_handler",
}


class NotInVirtualTime(RuntimeError):
    """The program reached for something that lives in real time."""


class NothingCanWake(RuntimeError):
    """Every task waits, and no timer is set: the program would hang for ever."""


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """An event loop that waits for nothing; a `loop_factory` for `asyncio.Runner` and for pytest-asyncio."""

    _ready: deque[asyncio.Handle]  # these three belong to the base class, which does not declare them
    _stopping: bool
    _thread_id: int | None

    def __init__(self) -> None:
        """Start at time 0."""
        super().__init__()
        self._now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._turns = itertools.count()
        self._cancelled_timers = 0

    def time(self) -> float:
        """Return the modelled seconds since the loop was made."""
        return self._now

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run the callback at that loop time, after all that were set before for the same time."""
        if self.is_closed():
            raise RuntimeError("the virtual event loop is closed")
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._turns), timer))
        return timer

    def call_soon_threadsafe(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Run the callback soon; only from the loop's own thread, e.g. from a signal handler."""
        if self._thread_id not in (None, threading.get_ident()):
            raise NotInVirtualTime(
                "another thread called into the virtual event loop: its moment is not defined"
            )
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run the job now, in this thread, in no modelled time."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as failed:
            done.set_exception(failed)
        return done

    def close(self) -> None:
        """Forget all that was to be run."""
        super().close()
        self._timers.clear()

    # -- what the base class calls ---------------------------------------------------------------------

    def _run_once(self) -> None:
        """Run what is runnable now, or else what the next timer wakes."""
        if not self._ready and not self._stopping:
            self._jump()
        self._wake_due_timers()
        for _ in range(len(self._ready)):  # what these make runnable has its turn in the next round
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Sweep the heap when most of it is cancelled."""
        self._cancelled_timers += 1
        if self._cancelled_timers > _MANY_CANCELLED and self._cancelled_timers * 2 > len(self._timers):
            self._timers = [entry for entry in self._timers if not entry[2].cancelled()]
            heapq.heapify(self._timers)
            self._cancelled_timers = 0

    # -- time ------------------------------------------------------------------------------------------

    def _jump(self) -> None:
        """Move the time to the next timer."""
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
            self._cancelled_timers = max(0, self._cancelled_timers - 1)
        if self._timers and self._timers[0][0] < math.inf:
            self._now = max(self._now, self._timers[0][0])
            return
        waiting = _who_waits(self)
        if not self._ready:  # a signal handler may have woken somebody meanwhile
            raise NothingCanWake(f"nothing can ever wake; waiting: {waiting}")

    def _wake_due_timers(self) -> None:
        """Make the timers runnable whose time has come."""
        while self._timers and self._timers[0][0] <= self._now:
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled():
                self._ready.append(timer)


def _refusal(what: str, method: str) -> Callable[..., NoReturn]:
    def refuse(self: VirtualTimeLoop, *args: object, **kwargs: object) -> NoReturn:
        raise NotInVirtualTime(
            f"{method} wants {what}, which does not exist in virtual time; use a real event loop"
        )

    refuse.__name__ = method
    return refuse


for _what, _methods in _REFUSED.items():
    for _method in _methods.split():
        setattr(VirtualTimeLoop, _method, _refusal(_what, _method))


class VirtualRunner:
    """Runs coroutines one after another in one virtual time, as `asyncio.Runner` does in real time.

    Ctrl-C cancels the running coroutine and then raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        """Start at time 0."""
        self._runner = asyncio.Runner(loop_factory=VirtualTimeLoop)

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run the coroutine to its end and return its result.

        Raises: NothingCanWake, NotInVirtualTime, and whatever the coroutine raises.
        """
        return self._runner.run(main)

    @property
    def seconds(self) -> float:
        """The modelled seconds that have passed in this runner."""
        return self._runner.get_loop().time()

    def __enter__(self) -> Self:
        """Make the loop."""
        self._runner.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Cancel what still runs and close the loop."""
        self._runner.close()


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run one coroutine in a virtual time of its own and return its result."""
    with VirtualRunner() as runner:
        return runner.run(main)


def _who_waits(loop: VirtualTimeLoop) -> str:
    """Name the tasks that are not done, each with the innermost line it has come to."""
    tasks = sorted(asyncio.all_tasks(loop), key=lambda task: (len(task.get_name()), task.get_name()))
    return "; ".join(f"{task.get_name()} in {_place(task.get_coro())}" for task in tasks) or "no task at all"


def _place(awaited: object) -> str:
    """Follow a chain of awaits inwards, as long as it is Python, and name its last line."""
    place = "an unknown place"
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if isinstance(frame, FrameType):
            code: CodeType = frame.f_code
            place = f"{code.co_qualname} ({code.co_filename}:{frame.f_lineno})"
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
    return place
