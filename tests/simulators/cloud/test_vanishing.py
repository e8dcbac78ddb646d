"""What the simulated cloud believes of devices that vanish, and of those that say goodbye."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import ARGON, BORON, FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest
from particle_cli.simulators.cloud.cloud import ORIGIN
from particle_cli.simulators.cloud.replies import EventStream
from particle_cli.simulators.cloud.state import FIRST_TOKEN
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.world import World

CLOCK = LoopClock()
WIFI_S, CELLULAR_S = 50, 46 * 60


@pytest.fixture
def believing() -> Asker:
    return Asker(keep_alive=True)


async def online(asker: Asker) -> list[bool]:
    _, listed = await asker.ask("GET", "/v1/devices")
    assert isinstance(listed, list)
    assert all(one["online"] is one["connected"] for one in listed)
    return [one["online"] for one in listed]


@pytest.mark.parametrize(("platform_id", "silence_s"), [(ARGON, WIFI_S), (BORON, CELLULAR_S)])
async def test_a_device_that_vanishes_is_missed_after_two_keep_alives(
    believing: Asker, platform_id: int, silence_s: int
) -> None:
    device = FarEnd(1, platform_id)
    believing.cloud.adopt(device)
    device.go(online=False, goodbye=False)
    assert await online(believing) == [True]
    await CLOCK.sleep(silence_s - 1)
    assert await online(believing) == [True]
    await CLOCK.sleep(1)
    assert await online(believing) == [False]


async def test_a_device_that_says_goodbye_is_offline_at_once(believing: Asker, asker: Asker) -> None:
    for cloud, goodbye in ((believing, True), (asker, False)):
        device = FarEnd(1, ARGON)
        cloud.cloud.adopt(device)
        device.go(online=False, goodbye=goodbye)
        assert await online(cloud) == [False]


async def test_the_end_is_told_when_it_is_noticed_and_a_return_at_once(believing: Asker) -> None:
    device = FarEnd(1, ARGON)
    believing.cloud.adopt(device)
    headers = (("authorization", f"Bearer {FIRST_TOKEN}"),)
    stream = await believing.cloud.handle(HttpRequest("GET", f"{ORIGIN}/v1/devices/events", headers))
    assert isinstance(stream, EventStream)
    heard: list[tuple[str, float]] = []

    async def listen() -> None:
        async for frame in stream.frames:
            if frame.startswith(b"event: spark/status"):
                said = json.loads(frame.partition(b"data: ")[2])["data"]
                heard.append((said, round(asyncio.get_running_loop().time() - began)))

    began = asyncio.get_running_loop().time()
    listening = asyncio.ensure_future(listen())
    device.go(online=False, goodbye=False)
    await CLOCK.sleep(100)
    device.go(online=True)
    await CLOCK.sleep(10)
    device.go(online=False, goodbye=False)
    await CLOCK.sleep(20)
    device.go(online=True)
    await CLOCK.sleep(100)
    listening.cancel()
    assert heard == [("offline", 50), ("online", 100), ("online", 130)]


async def test_a_device_that_has_vanished_is_waited_for_and_a_ping_corrects_it(
    believing: Asker,
) -> None:
    device = FarEnd(1, ARGON, functions={"led": len}, values={"v": 1})
    believing.cloud.adopt(device, name="bench")
    device.go(online=False, goodbye=False)
    timed_out = (408, {"ok": False, "error": "Timed out."})
    before = asyncio.get_running_loop().time()
    assert await believing.ask("POST", "/v1/devices/bench/led", {}) == timed_out
    assert asyncio.get_running_loop().time() - before == pytest.approx(30)
    device.go(online=True)
    device.go(online=False, goodbye=False)
    assert await online(believing) == [True]
    assert await believing.ask("PUT", "/v1/devices/bench/ping") == (200, {"online": False, "ok": True})
    assert await online(believing) == [False]
    before = asyncio.get_running_loop().time()
    assert await believing.ask("GET", "/v1/devices/bench/v") == timed_out
    assert asyncio.get_running_loop().time() - before < 5


async def test_the_belief_is_kept_with_the_memory(believing: Asker) -> None:
    device = FarEnd(1, ARGON)
    believing.cloud.adopt(device)
    device.go(online=False, goodbye=False)
    await CLOCK.sleep(20)
    other = Asker()
    other.cloud.load_state(believing.cloud.dump_state())
    other.cloud.attach(device, resumed=True)
    assert await online(other) == [True]
    await CLOCK.sleep(31)
    assert await online(other) == [False]


async def test_a_simulated_device_says_goodbye_where_a_real_one_does() -> None:
    device = new_device(ARGON, small=True)
    world = World(CLOCK)
    world.cloud.adopt(device)
    world.bus.plug(device)
    await world.settle()

    def lose_the_network() -> None:
        device.connection.network = False

    ends: tuple[Callable[[], None], ...] = (
        device.reset,
        lambda: device.listen(True),
        device.connection.drop,
    )
    cuts: tuple[Callable[[], None], ...] = (device.power_off, lose_the_network)
    for end in ends:
        device.connection.online = True
        end()
        assert not device.online
        assert device.took_leave
        await world.settle()
    device.listen(False)
    for cut in cuts:
        device.connection.online = True
        cut()
        assert not device.online
        assert not device.took_leave
        device.power_on()
        await world.settle()
