"""The serial ports of a simulated world: their names, their coming and going, and the time they take."""

from __future__ import annotations

import asyncio

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.serial import (
    SerialBusy,
    SerialError,
    SerialGone,
    SerialLine,
    SerialPort,
    SerialTimeout,
)
from particle_cli.simulators.bus.serial import HOST_BUFFER
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.usb.serial_end import BUFFER_SIZE
from particle_cli.simulators.world import World

PHOTON, BORON, P2 = 6, 13, 32


@pytest.fixture
def clock() -> LoopClock:
    return LoopClock()


@pytest.fixture
def world(clock: LoopClock) -> World:
    return World(clock)


async def paths(world: World) -> list[tuple[str, str | None]]:
    return [(port.path, port.serial) for port in await world.serial.ports()]


async def everything(line: SerialLine, silence_ms: int = 100) -> bytes:
    """Read until nothing has come for a while."""
    data = b""
    while True:
        try:
            data += await line.read(64, timeout_ms=silence_ms)
        except SerialTimeout:
            return data


async def test_a_port_tells_what_the_descriptors_say(world: World) -> None:
    boron, photon = world.add(BORON), world.add(PHOTON)
    await world.settle()
    assert await world.serial.ports() == (
        SerialPort("ttySIM0", 0x2B04, 0xC00D, boron.id, "Particle"),
        SerialPort("ttySIM1", 0x2B04, 0xC006, photon.id, "Particle"),
    )


async def test_a_device_that_has_not_come_up_or_is_in_dfu_mode_has_no_port(world: World) -> None:
    device = world.add(BORON)
    assert await paths(world) == []
    await world.settle()
    assert await paths(world) == [("ttySIM0", device.id)]
    world.unplug(device)
    assert await paths(world) == []
    world.plug(device)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=14400)
    await world.settle()
    assert device.mode is Mode.DFU
    assert await paths(world) == []
    await line.close()


async def test_a_number_is_free_again_when_its_device_has_left(world: World) -> None:
    first, second = world.add(BORON), world.add(PHOTON)
    await world.settle()
    assert await paths(world) == [("ttySIM0", first.id), ("ttySIM1", second.id)]
    world.unplug(first)
    second.reset()
    await world.settle()
    assert await paths(world) == [("ttySIM0", second.id)]
    world.plug(first)
    await world.settle()
    assert await paths(world) == [("ttySIM0", second.id), ("ttySIM1", first.id)]


async def test_a_number_stays_taken_while_somebody_holds_the_port(world: World) -> None:
    device = world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    device.reset()
    await world.settle()
    assert await paths(world) == [("ttySIM1", device.id)]
    await line.close()
    device.reset()
    await world.settle()
    assert await paths(world) == [("ttySIM0", device.id)]


async def test_a_port_has_one_owner_at_a_time(world: World) -> None:
    world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    with pytest.raises(SerialBusy, match="ttySIM0: another program is using it") as caught:
        await world.serial.open("ttySIM0", baud_rate=9600)
    assert caught.value.next_step
    await line.close()
    await (await world.serial.open("ttySIM0", baud_rate=9600)).close()


@pytest.mark.parametrize("baud_rate", [0, -1, 1 << 32])
async def test_a_speed_that_cannot_be(world: World, baud_rate: int) -> None:
    world.add(BORON)
    await world.settle()
    with pytest.raises(SerialError, match="could not be used"):
        await world.serial.open("ttySIM0", baud_rate=baud_rate)
    await (await world.serial.open("ttySIM0", baud_rate=9600)).close()


@pytest.mark.parametrize("platform_id", [PHOTON, BORON, P2])
async def test_opening_sets_speed_and_modem_line_and_closing_takes_the_line_back(
    world: World, platform_id: int
) -> None:
    device = world.add(platform_id)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=115200)
    assert (device.serial.is_open, device.serial.baud_rate) == (True, 115200)
    await line.close()
    assert not device.serial.is_open


async def test_the_console_over_the_port(world: World) -> None:
    device = world.add(PHOTON)
    await world.settle()
    device.listen(True)
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    await line.write(b"i")
    assert await everything(line) == b"Your device id is " + device.id.encode() + b"\r\n"
    await line.close()


async def test_a_refusal_takes_its_time(world: World, clock: LoopClock) -> None:
    device = world.add(BORON)
    await world.settle()
    device.listen(True)
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    await line.write(b"f")
    assert (await line.read(128, timeout_ms=1000)).startswith(b"Waiting")
    began = clock.monotonic()
    assert (await line.read(128, timeout_ms=1000)).startswith(b"\x18\x18\x18\x18Serial/YModem")
    assert 0.09 < clock.monotonic() - began < 0.11
    await line.close()


async def test_bytes_take_time(world: World, clock: LoopClock) -> None:
    device = world.add(BORON)
    await world.settle()
    device.serial_handler = lambda data: data
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    began = clock.monotonic()
    await line.write(bytes(6400))
    assert clock.monotonic() - began == pytest.approx(0.1)
    await line.close()


async def test_the_touch_leaves_time_to_close_the_port(world: World) -> None:
    device = world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=14400)
    await line.close()
    await world.settle()
    assert device.mode is Mode.DFU


async def test_what_came_before_a_reset_can_still_be_read(world: World) -> None:
    device = world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    device.print("last words")
    device.reset()
    assert await line.read(64, timeout_ms=100) == b"last words"
    with pytest.raises(SerialGone):
        await line.read(64, timeout_ms=100)
    await line.close()


async def test_a_reset_between_two_packets_of_a_write(world: World) -> None:
    device = world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    writing = asyncio.create_task(line.write(bytes(6400)))
    asyncio.get_running_loop().call_later(0.05, device.reset)
    with pytest.raises(SerialGone):
        await writing
    await line.close()


async def test_a_device_that_leaves_while_its_port_is_opened(world: World) -> None:
    device = world.add(BORON)
    await world.settle()
    await world.serial.ports()
    asyncio.get_running_loop().call_later(0.0005, device.reset)
    with pytest.raises(SerialGone):
        await world.serial.open("ttySIM0", baud_rate=9600)
    await world.settle()
    await (await world.serial.open("ttySIM0", baud_rate=9600)).close()


async def test_the_host_buffers_so_much_and_then_the_device_gives_up(world: World, clock: LoopClock) -> None:
    device = world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    device.print("x" * (HOST_BUFFER + BUFFER_SIZE))
    await clock.sleep(10)
    device.print("y")
    await clock.sleep(10)
    assert not device.serial.is_open
    assert await everything(line) == b"x" * HOST_BUFFER
    await line.write(b"!")
    device.print("z")
    assert await line.read(64, timeout_ms=100) == b"z"
    await line.close()


async def test_a_world_settles_while_an_application_prints_for_ever(world: World, clock: LoopClock) -> None:
    device = world.add(BORON)
    await world.settle()
    line = await world.serial.open("ttySIM0", baud_rate=9600)
    device.agenda.set("application", 10, lambda: None, background=True)
    began = clock.monotonic()
    await world.settle()
    assert clock.monotonic() == began
    await line.close()
