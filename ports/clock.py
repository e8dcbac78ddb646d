"""The clock: the only way in which time passes."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from particle_cli.ports.errors import ParticleError, WireError

T = TypeVar("T")


class TimeIsUp(WireError):
    """What was waited for did not happen within the time allowed."""

    code = "timeout"


class Clock(Protocol):
    """Time of day, elapsed time, and waiting, in seconds."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after the seconds have passed; 0 lets others run once."""
        ...

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[None]:
        """Bound the body of an `async with` to the seconds.

        Raises: TimeIsUp at the end of the body when it had to be cut short.
        """
        ...

    async def together(self, *jobs: Awaitable[T]) -> tuple[T | ParticleError, ...]:
        """Run the jobs at once; return each one's result or ParticleError, in the order of the jobs.

        Any other exception of a job cancels the rest and is raised.
        """
        ...
