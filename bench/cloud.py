"""The simulated cloud on a socket, in a process of its own: event streams, and a long list of devices.

1,000 streams follow 100 prefixes, so that every event goes to ten of them. Each event carries the number of
its publication under its prefix and the time at which it left, so that nothing lost, doubled or out of order
stays unseen.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.cloud_process import COLLECTED, COLLECTOR, DEVICES, PASSWORD
from bench.figures import Figure
from bench.startup import wall_time
from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.domain.cloud.events import EventReader
from particle_cli.ports.http import HttpRequest
from particle_cli.simulators.cloud.state import FIRST_TOKEN

ROOT: Final = Path(__file__).parent.parent
STREAMS: Final = 1_000
PREFIXES: Final = 100
EACH: Final = STREAMS // PREFIXES
RATE: Final = 2_000  # deliveries a second
PACE: Final = 2_100  # at which they are asked for
SECONDS: Final = 5.0
FLOOD: Final = 3_000  # events published as quickly as they are taken
PUBLISHERS: Final = 8
OPENING: Final = 50  # streams opened at a time
CLOCK: Final = LoopClock()
AUTHORIZED: Final = ("Authorization", f"Bearer {FIRST_TOKEN}")
JSON: Final = ("Content-Type", "application/json")


@dataclass
class Follower:
    """One stream, and what came of it."""

    prefix: int
    numbers: list[int] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)


def figures() -> Iterator[Figure]:
    """Yield all figures."""
    with _server() as server:
        yield from asyncio.run(_streams(server))
        yield from _list(server)


class Server:
    """The process that serves."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Wait until it serves."""
        assert process.stdout is not None
        assert process.stdin is not None
        self._said, self._asked = process.stdout, process.stdin
        self._pid = process.pid
        self.address = self._said.readline().strip()

    def counts(self) -> dict[str, int]:
        """Return what it was asked since the last time."""
        self._asked.write("\n")
        self._asked.flush()
        told: dict[str, int] = json.loads(self._said.readline())
        return told

    @property
    def memory(self) -> int:
        """Bytes of memory that it has in use."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu_s(self) -> float:
        """Seconds for which it has computed."""
        words = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server() -> Iterator[Server]:
    command = [sys.executable, "-m", "bench.cloud_process"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        try:
            yield Server(process)
        finally:
            process.kill()


async def _streams(server: Server) -> list[Figure]:
    http = AiohttpClient()
    followers = [Follower(number % PREFIXES) for number in range(STREAMS)]
    before = server.memory
    opened = asyncio.Semaphore(OPENING)
    started = time.perf_counter()
    ready: list[asyncio.Future[None]] = [asyncio.get_running_loop().create_future() for _ in followers]
    tasks = [
        asyncio.create_task(_follow(http, server.address, one, told, opened))
        for one, told in zip(followers, ready, strict=True)
    ]
    for task in tasks:
        task.add_done_callback(_tell_failure)
    await asyncio.gather(*ready)
    opening_s = time.perf_counter() - started
    await CLOCK.sleep(1)
    each = (server.memory - before) / STREAMS
    published = [0] * PREFIXES
    steady, computed = await _publish_steadily(http, server, followers, published)
    late = sorted(late for one in followers for late in one.late_s)
    for one in followers:
        one.late_s.clear()
    flood = await _flood(http, server.address, followers, published)
    lost = sum(published[one.prefix] - len(set(one.numbers)) for one in followers)
    disordered = sum(one.numbers != sorted(set(one.numbers)) for one in followers)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await http.close()
    return [
        Figure(f"memory a stream, {STREAMS} open, {DEVICES} devices", each / 1024, "KiB"),
        Figure("opening a stream", opening_s / STREAMS * 1000, "ms"),
        Figure(
            f"deliveries a second, sustained for {SECONDS:g} s",
            steady,
            "1/s",
            RATE,
            at_least=True,
            beside=f"{computed / SECONDS * 100:.0f} % of a core",
        ),
        Figure("  on the way, median", late[len(late) // 2] * 1000, "ms"),
        Figure("  on the way, 99 of 100", late[len(late) * 99 // 100] * 1000, "ms"),
        Figure("deliveries a second, as many as go", flood, "1/s"),
        Figure("deliveries lost", lost, "", 0),
        Figure("streams with events out of order or twice", disordered, "", 0),
    ]


def _tell_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        raise SystemExit(f"a stream ended: {task.exception()!r}")


async def _follow(
    http: AiohttpClient, address: str, one: Follower, ready: asyncio.Future[None], opened: asyncio.Semaphore
) -> None:
    url = f"{address}/v1/devices/events/p{one.prefix:03d}%2F"
    reader = EventReader()
    await opened.acquire()
    async with http.stream(HttpRequest("GET", url, (AUTHORIZED,))) as stream:
        assert stream.status == 200, stream.status
        async for piece in stream.chunks():
            if not ready.done():
                ready.set_result(None)
                opened.release()
            now = time.perf_counter()
            for event in reader.feed(piece):
                number, _, sent = (event.data or "").partition(" ")
                one.numbers.append(int(number))
                one.late_s.append(now - float(sent))


async def _publish_steadily(
    http: AiohttpClient, server: Server, followers: list[Follower], published: list[int]
) -> tuple[float, float]:
    """Publish at a pace; return the deliveries a second, and for how long the server computed."""
    count = round(PACE / EACH * SECONDS)
    started, cpu = time.perf_counter(), server.cpu_s
    jobs = []
    for number in range(count):
        await CLOCK.sleep(max(0.0, started + number * EACH / PACE - time.perf_counter()))
        prefix = number % PREFIXES
        jobs.append(asyncio.create_task(_publish(http, server.address, prefix, published[prefix])))
        published[prefix] += 1
    await asyncio.gather(*jobs)
    await _all_there(followers, count * EACH)
    return count * EACH / (time.perf_counter() - started), server.cpu_s - cpu


async def _flood(http: AiohttpClient, address: str, followers: list[Follower], published: list[int]) -> float:
    """Publish from several sides, a prefix always from the same one; return the deliveries a second."""
    already = sum(len(one.numbers) for one in followers)
    started = time.perf_counter()

    async def publisher(first: int) -> None:
        for _ in range(FLOOD // PREFIXES):
            for prefix in range(first, PREFIXES, PUBLISHERS):
                await _publish(http, address, prefix, published[prefix])
                published[prefix] += 1

    await asyncio.gather(*map(publisher, range(PUBLISHERS)))
    await _all_there(followers, already + FLOOD * EACH)
    return FLOOD * EACH / (time.perf_counter() - started)


async def _publish(http: AiohttpClient, address: str, prefix: int, number: int) -> None:
    document = {"name": f"p{prefix:03d}/n", "data": f"{number} {time.perf_counter()}"}
    body = json.dumps(document).encode()
    answer = await http.exchange(
        HttpRequest("POST", f"{address}/v1/devices/events", (AUTHORIZED, JSON), body)
    )
    assert answer.status == 200, answer


async def _all_there(followers: list[Follower], count: int) -> None:
    """Return when so many events came, or no more do."""
    here = -1
    while here < (here := sum(len(one.numbers) for one in followers)) < count:
        for _ in range(50):
            if sum(len(one.numbers) for one in followers) >= count:
                return
            await CLOCK.sleep(0.02)


def _list(server: Server) -> Iterator[Figure]:
    """Yield what `particle list` asks for and how long it takes, for an account of many devices."""
    particle = [str(Path(sys.executable).with_name("particle"))]
    with tempfile.TemporaryDirectory() as home:
        wall_time([*particle, "config", "crowd"], cwd=home)
        wall_time([*particle, "config", "crowd", "apiUrl", server.address], cwd=home)
        wall_time([*particle, "login", "-u", COLLECTOR, "-p", PASSWORD], cwd=home)
        server.counts()
        seconds = wall_time([*particle, "list"], cwd=home)
        counts = server.counts()
    yield Figure(f"particle list, {COLLECTED} devices online", seconds, "s")
    yield Figure(
        "  requests", counts["requests"], "", COLLECTED + 1, beside=f"{counts['lists']} for the list"
    )
    yield Figure("  requests under way at a time, at most", counts["at_once"], "", 8)
