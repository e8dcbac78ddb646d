"""What is particular to the clocks over an event loop; the rest stands in the contract."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.ports.clock import TimeIsUp


async def test_virtual_time_of_day_is_the_epoch_and_what_has_passed() -> None:
    clock = LoopClock(epoch=datetime(2026, 1, 31, 23, 59, 30, tzinfo=timezone(timedelta(hours=1))))
    await clock.sleep(90)
    assert clock.now() == datetime(2026, 1, 31, 23, 1, tzinfo=UTC)


async def test_a_virtual_sleep_is_exact() -> None:
    clock = LoopClock()
    await clock.sleep(0.3)
    assert clock.monotonic() == 0.3


async def test_paced_seconds_are_shorter() -> None:
    clock, loop = PacedClock(4), asyncio.get_running_loop()
    await clock.sleep(2)
    assert (loop.time(), clock.monotonic()) == (0.5, 2)


async def test_paced_bounds_are_shorter() -> None:
    clock, loop = PacedClock(4), asyncio.get_running_loop()
    with pytest.raises(TimeIsUp, match="longer than 2 s"):
        async with clock.timeout(2):
            await clock.sleep(3)
    assert loop.time() == 0.5


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_time_neither_stands_still_nor_goes_back(speed: float) -> None:
    with pytest.raises(ValueError, match="a clock cannot run"):
        PacedClock(speed)


@pytest.mark.real_time
async def test_without_an_epoch_the_machine_tells_the_time_of_day() -> None:
    assert abs(LoopClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
