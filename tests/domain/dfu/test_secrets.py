"""Where keys and passwords travel over DFU, the transfers say so, whatever way leads to them."""

from __future__ import annotations

import pytest
from tests.domain.dfu.workbench import Workbench, application_place

from particle_cli.domain.dfu.memory_map import parse_memory_map
from particle_cli.domain.dfu.protocol import Request
from particle_cli.domain.dfu.secrets import SecretPlaces, secret_places
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.usb import AttachedDevice, Setup

KEY = bytes(range(1, 122))
STRANGER = AttachedDevice(0x1234, 0x5678, None, "1-1", 1)


def is_data(setup: Setup) -> bool:
    """Whether a transfer carries a block's content, not a command."""
    return setup.request in (Request.DNLOAD, Request.UPLOAD) and setup.value >= 2 and setup.length > 0


@pytest.mark.parametrize("platform_id", [6, 10, 13, 26, 32])
async def test_every_transfer_that_holds_a_key_is_marked(platform_id: int) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    async with bench.host() as host:
        await host.write(1, 3106, KEY, erase=False)
        assert await host.read(1, 3106, len(KEY)) == KEY
        await host.verify(1, 3106, KEY)
    moved = [transfer for transfer in bench.bus.transfers if is_data(transfer.setup)]
    assert len(moved) == 3
    assert all(transfer.setup.secret and transfer.data == KEY for transfer in moved)
    assert not any(KEY in transfer.data for transfer in bench.bus.transfers if not transfer.setup.secret)


@pytest.mark.parametrize("platform_id", [0, 6, 8, 10, 13, 26, 32])
async def test_firmware_is_not_marked(platform_id: int) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        await host.write(place.alternate, place.address, bytes(5000))
        await host.read(place.alternate, place.address, 5000)
    moved = [transfer.setup for transfer in bench.bus.transfers if is_data(transfer.setup)]
    assert moved
    assert not any(setup.secret for setup in moved)


@pytest.mark.parametrize(
    ("platform_id", "alternate", "start", "end"),
    [
        (6, 0, 0x0800_4000, 0x0800_C000),
        (10, 0, 0x0800_4000, 0x0800_C000),
        (13, 2, 0x8000_0000, 0x8020_0000),
        (32, 0, 0x0860_0000, 0x0880_0000),
        (0, 1, 0x1000, 0x3000),
    ],
)
def test_what_lies_behind_another_door_is_secret_too(
    platform_id: int, alternate: int, start: int, end: int
) -> None:
    about = platform(platform_id)
    assert about.usb
    assert about.usb.dfu
    assert about.dfu
    attached = AttachedDevice(about.usb.dfu.vendor_id, about.usb.dfu.product_id, None, "1-1", 1)
    places = secret_places(
        attached, alternate, parse_memory_map(about.dfu.alt_settings[alternate].descriptor)
    )
    assert places.touched(start, 1)
    assert places.touched(end - 1, 1)
    assert places.touched(start - 1, 2)
    assert not places.touched(start - 1, 1)
    assert not places.touched(end, 1)


async def test_of_a_range_only_the_blocks_that_reach_into_a_secret_place_are_marked() -> None:
    bench = Workbench(6)
    await bench.into_dfu()
    async with bench.host() as host:
        await host.read(0, 0x0800_2000, 0x4000)
    marks = [transfer.setup.secret for transfer in bench.bus.transfers if is_data(transfer.setup)]
    assert marks == [False, False, True, True]


@pytest.mark.parametrize("name", ["DCT Flash", "DCD Flash"])
def test_a_configuration_is_known_by_its_name_on_any_device(name: str) -> None:
    memory = parse_memory_map(f"@{name}   /0x00000000/1*016Ke")
    assert secret_places(STRANGER, 5, memory).touched(0x3FFF, 1)


def test_of_a_device_that_the_catalogue_does_not_have_nothing_else_is_known() -> None:
    memory = parse_memory_map("@Internal Flash   /0x08000000/03*016Ka")
    assert secret_places(STRANGER, 0, memory) == SecretPlaces()
