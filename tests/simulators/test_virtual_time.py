"""The virtual event loop: time that jumps, in a fixed order, with no way out."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.virtual_time import (
    NothingCanWake,
    NotInVirtualTime,
    VirtualRunner,
    VirtualTimeLoop,
    run_virtual,
)

sleep = asyncio.sleep  # noqa: TID251 - what is tested here lies below the clock port
timeout = asyncio.timeout  # noqa: TID251


def test_a_day_passes_at_once() -> None:
    async def day() -> float:
        await sleep(86_400)
        return asyncio.get_running_loop().time()

    before = time.monotonic()
    assert run_virtual(day()) == 86_400
    assert time.monotonic() - before < 5


def test_the_modelled_duration_can_be_read_and_adds_up() -> None:
    with VirtualRunner() as runner:
        assert runner.seconds == 0
        runner.run(sleep(1.5))
        assert runner.seconds == 1.5
        assert runner.run(sleep(0.5, "done")) == "done"
        assert runner.seconds == 2.0


def test_the_loop_of_a_test_is_virtual_by_default() -> None:
    async def kind() -> type:
        return type(asyncio.get_running_loop())

    assert run_virtual(kind()) is VirtualTimeLoop


async def test_pytest_runs_on_it() -> None:
    assert isinstance(asyncio.get_running_loop(), VirtualTimeLoop)


@given(st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.25000000001, 3.0]), max_size=40))
def test_timers_fire_by_time_and_then_in_the_order_they_were_set(delays: list[float]) -> None:
    async def main() -> list[int]:
        loop, fired = asyncio.get_running_loop(), list[int]()
        start = loop.time()
        for number, delay in enumerate(delays):
            loop.call_at(start + delay, fired.append, number)
        await sleep(4)
        return fired

    expected = sorted(range(len(delays)), key=lambda number: delays[number])  # sorted() is stable
    assert run_virtual(main()) == expected


async def test_sleepers_of_one_instant_wake_in_the_order_they_lay_down() -> None:
    woken: list[int] = []

    async def sleeper(number: int) -> None:
        await sleep(1)
        woken.append(number)

    await asyncio.gather(*map(sleeper, range(200)))
    assert woken == list(range(200))


async def test_a_timer_of_now_fires_although_others_never_rest() -> None:
    fired = asyncio.Event()
    asyncio.get_running_loop().call_later(0, fired.set)
    for _ in range(3):
        await sleep(0)
    assert fired.is_set()


async def test_time_stands_still_while_something_is_runnable() -> None:
    asyncio.get_running_loop().call_later(1, lambda: None)
    for _ in range(100):
        await sleep(0)
    assert asyncio.get_running_loop().time() == 0


async def test_a_timer_in_the_past_does_not_turn_time_back() -> None:
    await sleep(5)
    fired = asyncio.Event()
    asyncio.get_running_loop().call_at(1, fired.set)
    await fired.wait()
    assert asyncio.get_running_loop().time() == 5


async def test_timeouts_end_what_takes_too_long() -> None:
    with pytest.raises(TimeoutError):
        async with timeout(2):
            await sleep(3)
    assert asyncio.get_running_loop().time() == 2


async def test_cancelled_timers_are_swept_and_leave_the_others_in_place() -> None:
    loop, fired = asyncio.get_running_loop(), list[int]()
    timers = [loop.call_later(1, fired.append, number) for number in range(10_000)]
    for timer in timers[:-5]:
        timer.cancel()
    assert isinstance(loop, VirtualTimeLoop)
    assert len(loop._timers) < 5_000
    await sleep(1)
    assert fired == list(range(9_995, 10_000))


def test_a_cancelled_timer_does_not_move_the_time() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(10, lambda: None).cancel()
        await sleep(20)
        return loop.time()

    assert run_virtual(main()) == 20


def test_a_hang_is_an_error_that_names_who_waits() -> None:
    async def waits_for_a_reply() -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        await asyncio.create_task(waits_for_a_reply(), name="reader")

    with pytest.raises(
        NothingCanWake, match=r"reader in .*waits_for_a_reply \(.*test_virtual_time\.py:\d+\)"
    ):
        run_virtual(main())


def test_waiting_for_ever_with_a_number_is_a_hang_too() -> None:
    with pytest.raises(NothingCanWake):
        run_virtual(sleep(math.inf))


def test_a_hang_lets_the_tasks_clean_up() -> None:
    closed: list[str] = []

    async def main() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await sleep(1)
            closed.append("closed")

    with pytest.raises(NothingCanWake):
        run_virtual(main())
    assert closed == ["closed"]


async def _connect() -> None:
    await asyncio.open_connection("127.0.0.1", 9)


async def _serve() -> None:
    await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)


async def _spawn() -> None:
    await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")


async def _shell() -> None:
    await asyncio.create_subprocess_shell("true")


async def _resolve() -> None:
    await asyncio.get_running_loop().getaddrinfo("localhost", 80)


async def _read_a_pipe() -> None:
    with open(os.devnull, "rb") as file:  # noqa: ASYNC230
        await asyncio.get_running_loop().connect_read_pipe(asyncio.Protocol, file)


async def _watch_a_file() -> None:
    asyncio.get_running_loop().add_reader(0, lambda: None)


async def _plain_socket() -> None:
    with socket.socket() as wire:
        await asyncio.get_running_loop().sock_connect(wire, ("127.0.0.1", 9))


async def _handle_a_signal() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: None)


@pytest.mark.parametrize(
    "reach",
    [
        _connect,
        _serve,
        _spawn,
        _shell,
        _resolve,
        _read_a_pipe,
        _watch_a_file,
        _plain_socket,
        _handle_a_signal,
    ],
)
async def test_there_is_no_way_out_of_the_world(reach: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with pytest.raises(NotInVirtualTime, match="use a real event loop"):
        await reach()


async def test_jobs_for_a_thread_run_at_once_in_this_one() -> None:
    loop = asyncio.get_running_loop()
    assert await asyncio.to_thread(threading.get_ident) == threading.get_ident()  # noqa: TID251
    with pytest.raises(ZeroDivisionError):
        await loop.run_in_executor(None, divmod, 1, 0)
    assert loop.time() == 0


async def test_another_thread_may_not_call_in() -> None:
    loop, caught = asyncio.get_running_loop(), list[BaseException]()

    def call_in() -> None:
        try:
            loop.call_soon_threadsafe(print)
        except NotInVirtualTime as refused:
            caught.append(refused)

    thread = threading.Thread(target=call_in)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_the_course_is_the_same_in_every_run() -> None:
    async def main() -> list[tuple[float, int]]:
        course: list[tuple[float, int]] = []

        async def worker(number: int) -> None:
            for step in range(5):
                await sleep(0.001 * ((number * 7 + step * 3) % 4))
                course.append((asyncio.get_running_loop().time(), number))

        await asyncio.gather(*map(worker, range(20)))
        return course

    assert run_virtual(main()) == run_virtual(main())


def test_asynchronous_generators_are_closed_at_the_end() -> None:
    closed: list[float] = []

    async def numbers() -> Any:
        try:
            for number in itertools.count():
                yield number
        finally:
            await sleep(1)
            closed.append(asyncio.get_running_loop().time())

    endless = numbers()

    async def main() -> None:
        async for number in endless:
            if number == 3:
                break

    run_virtual(main())
    assert closed == [1]


def test_a_stopped_loop_returns() -> None:
    loop = VirtualTimeLoop()
    loop.call_later(3, loop.stop)
    loop.run_forever()
    assert loop.time() == 3
    loop.close()


def _python(program: str, interrupt_after: str) -> subprocess.CompletedProcess[str]:
    """Run the program, interrupt it (as Ctrl-C does) once it has said the word, and return how it ended."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        while interrupt_after not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process on Windows")
def test_an_interrupt_ends_a_world_that_never_rests() -> None:
    ended = _python(
        """
        import asyncio
        from particle_cli.simulators.virtual_time import run_virtual

        async def main():
            print("running", flush=True)
            try:
                while True:
                    await asyncio.sleep(1)
            finally:
                print("cleaned up", flush=True)

        try:
            run_virtual(main())
        except KeyboardInterrupt:
            print("interrupted")
        """,
        "running",
    )
    assert ended.stdout.split("\n")[:2] == ["cleaned up", "interrupted"]
    assert ended.returncode == 0
