"""What every clock keeps: LoopClock in virtual and in real time, PacedClock ten times as fast."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.errors import ParticleError, WireError

pytestmark = pytest.mark.both_times

EPOCH = datetime(2026, 1, 31, 12, tzinfo=UTC)
CLOCKS: dict[str, Callable[[], Clock]] = {
    "loop": LoopClock,
    "loop with an epoch": lambda: LoopClock(epoch=EPOCH),
    "paced": lambda: PacedClock(10),
    "paced with an epoch": lambda: PacedClock(10, epoch=EPOCH),
}
MOMENT = 0.02  # seconds: long enough to be told apart on a real loop, short enough to wait for


@pytest.fixture(params=CLOCKS)
def clock(request: pytest.FixtureRequest) -> Clock:
    return CLOCKS[request.param]()


async def test_sleep_passes_the_time(clock: Clock) -> None:
    before = clock.monotonic()
    await clock.sleep(MOMENT)
    assert clock.monotonic() - before >= MOMENT * 0.99


async def test_sleep_0_lets_others_run_once(clock: Clock) -> None:
    ran: list[str] = []
    asyncio.get_running_loop().call_soon(ran.append, "other")
    await clock.sleep(0)
    assert ran == ["other"]


async def test_the_time_of_day_is_aware_utc_and_goes_on(clock: Clock) -> None:
    before = clock.now()
    assert before.utcoffset() == timedelta(0)
    await clock.sleep(MOMENT)
    assert clock.now() >= before


async def test_a_body_that_is_quick_enough_is_left_alone(clock: Clock) -> None:
    async with clock.timeout(60):
        await clock.sleep(0)


async def test_a_body_that_takes_too_long_is_cut_short(clock: Clock) -> None:
    before, cleaned_up = clock.monotonic(), False

    async def body() -> None:
        nonlocal cleaned_up
        try:
            await clock.sleep(3600)
        finally:
            cleaned_up = True

    with pytest.raises(TimeIsUp, match=r"longer than 0\.02 s") as caught:
        async with clock.timeout(MOMENT):
            await body()
    assert cleaned_up
    assert caught.value.code == "timeout"
    assert MOMENT * 0.99 <= clock.monotonic() - before < 100


async def test_a_bound_of_nothing_cuts_the_first_wait(clock: Clock) -> None:
    with pytest.raises(TimeIsUp):
        async with clock.timeout(0):
            await clock.sleep(1)


async def test_the_inner_of_two_bounds_expires_first(clock: Clock) -> None:
    async with clock.timeout(3600):
        with pytest.raises(TimeIsUp, match=r"0\.02"):
            async with clock.timeout(MOMENT):
                await clock.sleep(7200)


async def test_the_outer_of_two_bounds_is_not_taken_for_the_inner(clock: Clock) -> None:
    with pytest.raises(TimeIsUp, match=r"0\.02"):
        async with clock.timeout(MOMENT), clock.timeout(3600):
            await clock.sleep(7200)


async def test_a_timeout_of_the_body_itself_is_not_taken_for_the_bound(clock: Clock) -> None:
    with pytest.raises(TimeoutError) as caught:
        async with clock.timeout(3600):
            raise TimeoutError("of a socket")
    assert not isinstance(caught.value, ParticleError)


async def test_cancelling_from_outside_is_not_a_timeout(clock: Clock) -> None:
    async def bounded() -> None:
        async with clock.timeout(3600):
            await clock.sleep(7200)

    task = asyncio.create_task(bounded())
    await clock.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _after(clock: Clock, seconds: float, outcome: str | BaseException) -> str:
    await clock.sleep(seconds)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


async def test_together_returns_results_in_the_order_of_the_jobs(clock: Clock) -> None:
    before = clock.monotonic()
    jobs = [_after(clock, MOMENT * (3 - n), f"job {n}") for n in range(3)]
    assert await clock.together(*jobs) == ("job 0", "job 1", "job 2")
    assert clock.monotonic() - before >= MOMENT * 2.9


async def test_together_with_nothing_to_do(clock: Clock) -> None:
    assert await clock.together() == ()


async def test_together_returns_errors_of_ours_as_values(clock: Clock) -> None:
    broken = WireError("the wire broke")
    assert await clock.together(_after(clock, 0, broken), _after(clock, MOMENT, "done")) == (broken, "done")


async def test_any_other_exception_cancels_the_rest_and_is_raised(clock: Clock) -> None:
    ended: list[str] = []

    async def long_job() -> str:
        try:
            return await _after(clock, 3600, "never")
        finally:
            await clock.sleep(0)  # together waits for the cleaning up
            ended.append("long job")

    with pytest.raises(ZeroDivisionError):
        await clock.together(long_job(), _after(clock, MOMENT, ZeroDivisionError()))
    assert ended == ["long job"]


async def test_cancelling_together_cancels_its_jobs_in_their_order(clock: Clock) -> None:
    cancelled: list[int] = []

    async def job(number: int) -> None:
        try:
            await clock.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise

    whole = asyncio.ensure_future(clock.together(*map(job, range(20))))
    await clock.sleep(MOMENT)
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    assert cancelled == list(range(20))
