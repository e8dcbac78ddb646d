"""The clock port over an asyncio event loop, virtual or real, at its own pace or faster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.errors import ParticleError

T = TypeVar("T")


class PacedClock:
    """A clock whose seconds are `speed` times shorter than those of the event loop.

    For simulators that share a loop with a real wire: a device that erases for 60 modelled seconds keeps its
    host waiting for 60 / speed. A timer of the loop is no finer than about a millisecond, so the wait for a
    short transfer is longer than modelled; `monotonic` tells what really passed.

    Args:
        speed: modelled seconds for one second of the loop; more than 0.
        epoch: time of day at loop time 0, aware; without it the machine's time of day is told.
    """

    def __init__(self, speed: float, *, epoch: datetime | None = None) -> None:
        """Keep speed and epoch; needs no running loop yet."""
        if not speed > 0:
            raise ValueError(f"a clock cannot run {speed} times as fast")
        self._speed = speed
        self._epoch = epoch

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        if self._epoch is None:
            return datetime.now(UTC)
        return self._epoch.astimezone(UTC) + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the modelled seconds of the running loop's time."""
        return asyncio.get_running_loop().time() * self._speed

    async def sleep(self, seconds: float) -> None:
        """Return after the seconds have passed; 0 lets others run once."""
        await asyncio.sleep(seconds / self._speed)

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Bound the body of an `async with` to the seconds; TimeIsUp when it had to be cut short."""
        bound = asyncio.timeout(seconds / self._speed)
        try:
            async with bound:
                yield
        except TimeoutError as cut_short:
            if not bound.expired():  # the body's own, e.g. of a socket
                raise
            raise TimeIsUp(f"It took longer than {seconds:g} s.") from cut_short

    async def together(self, *jobs: Awaitable[T]) -> tuple[T | ParticleError, ...]:
        """Run the jobs at once; return each one's result or ParticleError, in the order of the jobs.

        Any other exception of a job, or being cancelled, cancels the jobs, waits for their end and is raised.
        """
        tasks = [asyncio.ensure_future(job) for job in jobs]
        try:
            await _all_done_or_one_broken(tasks)
        finally:
            # In order, for reproducible runs: a TaskGroup cancels in the order of a set.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return tuple(map(_outcome, tasks))


class LoopClock(PacedClock):
    """The running event loop's own time: modelled on a virtual loop, real on a real one."""

    def __init__(self, *, epoch: datetime | None = None) -> None:
        """Keep the epoch: the time of day at loop time 0, or None for the machine's time of day."""
        super().__init__(1, epoch=epoch)


async def _all_done_or_one_broken(tasks: Sequence[asyncio.Future[T]]) -> None:
    """Return when all are done; raise what is no ParticleError as soon as one of them ends in it."""
    waiting = set(tasks)
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            if task in done:
                _outcome(task)


def _outcome(task: asyncio.Future[T]) -> T | ParticleError:
    try:
        return task.result()
    except ParticleError as failed:
        return failed
