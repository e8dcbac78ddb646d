"""A world that stays in memory from one command line to the next, and the wires that lead into it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.own_thread import in_own_thread
from particle_cli.entrypoints.outgoing import WayOut
from particle_cli.entrypoints.wires import Wires
from particle_cli.ports.errors import UsageError
from particle_cli.simulators.virtual_time import VirtualRunner
from particle_cli.simulators.world import World

if TYPE_CHECKING:
    from particle_cli.ports.clock import Clock

T = TypeVar("T")

_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The time of day at which every world begins, so that a test is the same every day."""


class ResidentWorld:
    """A world and the virtual time that passes in it, while something is run in it and at no other time.

    Attributes:
        world: the world.
    """

    def __init__(self) -> None:
        """Begin with an empty world."""
        self._runner = VirtualRunner()
        self._running = False
        self.clock: Clock = LoopClock(epoch=_BEGINNING)
        self.world = World(self.clock, outgoing=WayOut(os.environ))

    def run(self, main: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine function in the world's time and return its result.

        It may be called where an event loop is running: the world's own loop then runs in another thread,
        and the caller's waits for it, which takes milliseconds.
        """
        self.check_free()
        self._running = True
        try:
            if _loop_runs():
                return in_own_thread(lambda: self._runner.run(main()))
            return self._runner.run(main())
        finally:
            self._running = False

    def check_free(self) -> None:
        """Refuse to be used from within: by a handler that the world itself has called."""
        if self._running:
            raise RuntimeError("a handler was called by the simulated world and can do nothing in it")

    def do(self, action: Callable[[], T], *, settle: bool = True) -> T:
        """Run a plain function in the world's time; as a rule, wait then until everything stays as it is."""

        async def main() -> T:
            done = action()
            if settle:
                await self.world.settle()
            return done

        return self.run(main)

    @property
    def seconds(self) -> float:
        """The seconds that have passed in the world."""
        return self._runner.seconds

    def close(self) -> None:
        """Stop everything that is under way."""
        self.run(self.world.bus.close)
        self._runner.__exit__(None, None, None)


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class ResidentWires(Wires):
    """Wires that all end in a resident world."""

    def __init__(self, resident: ResidentWorld, *arguments: Any, **options: Any) -> None:
        """Lead into a world; `arguments` and `options` are those of `Wires`."""
        super().__init__(*arguments, **options)
        self._resident = resident

    def run(self, main: Callable[[], Coroutine[object, object, T]]) -> T:
        """Run a coroutine function in the world's time. Raises: UsageError where a wire would be real."""
        if not self.all_simulated:
            raise UsageError(
                f"The profile '{self.profile.name}' leads out of the simulated world.",
                next_step="Leave --profile and --bus away in a test suite.",
            )
        if self._endless:
            raise UsageError(
                "This command would never end in a test.", next_step="Bound it, e.g. with --timeout 10."
            )
        return self._resident.run(main)

    @cached_property
    def _world_clock(self) -> Clock:
        return self._resident.clock

    @property
    def world(self) -> World:
        """The resident world."""
        return self._resident.world

    @asynccontextmanager
    async def _parked(self) -> AsyncIterator[None]:
        yield

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the world settle after a command that may have changed it, as it is before it is saved."""
        if not self._reads_only and (error is None or isinstance(error, Exception)):
            await self.world.settle()
