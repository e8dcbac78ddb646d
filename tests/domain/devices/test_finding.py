from __future__ import annotations

import pytest
from tests.domain.devices.stage import ARGON, BORON, P2, ListedUsb, Stage, listed

from particle_cli.domain.devices.errors import (
    DeviceNotAttached,
    DeviceUnknown,
    NoDevices,
    SeveralDevices,
    WrongMode,
)
from particle_cli.domain.devices.finding import (
    Missing,
    NeededMode,
    candidates,
    device_id,
    find_device,
    only_device,
    several_devices,
)
from particle_cli.domain.devices.found import FoundDevice, id_of, label
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.ports.usb import UsbAccessDenied, UsbBusy, UsbGone, UsbTimeout

ID_1, ID_2 = "e00fce68aaaaaaaaaaaaaaaa", "e00fce68bbbbbbbbbbbbbbbb"
BORON_1 = listed(0xC00D, 1, serial=ID_1)
BORON_2_DFU = listed(0xD00D, 2, serial=ID_2)
TACHYON = listed(0xC02A, 3, serial="0123456789abcdef")
STRANGER = listed(0x0001, 4, serial="x", vendor_id=0x1234)


def of(*attached: object) -> ListedUsb:
    return ListedUsb(dict.fromkeys(attached, ""))  # type: ignore[arg-type]


async def test_particle_devices_are_told_by_their_usb_ids() -> None:
    assert await attached_devices(of(STRANGER, BORON_1, BORON_2_DFU)) == (
        FoundDevice(BORON_1, BORON, False, ID_1),
        FoundDevice(BORON_2_DFU, BORON, True, ID_2),
    )


async def test_a_serial_number_that_the_system_does_not_tell_is_read_from_the_device() -> None:
    argon = listed(0xC00C, 5)
    usb = ListedUsb({argon: ID_1.upper(), STRANGER: UsbAccessDenied("not ours")})
    assert await attached_devices(usb) == (FoundDevice(argon, ARGON, False, ID_1),)
    assert usb.opened == 1


@pytest.mark.parametrize("error", [UsbAccessDenied("no"), UsbBusy("no")])
async def test_a_device_that_may_not_be_opened_is_an_error(error: UsbAccessDenied) -> None:
    with pytest.raises(type(error)):
        await attached_devices(ListedUsb({listed(0xC00C, 5): error}))


@pytest.mark.parametrize("error", [UsbGone("no"), UsbTimeout("no")])
async def test_a_device_that_goes_or_is_silent_is_left_out(error: UsbGone) -> None:
    usb = ListedUsb({listed(0xC00C, 5): error, BORON_1: ""})
    assert [device.id for device in await attached_devices(usb)] == [ID_1]


@pytest.mark.parametrize(
    ("serial", "number"),
    [
        (ID_1.upper(), ID_1),
        ("\x00" + ID_1 + "\x00\x00", ID_1),
        ("8D7028785754_" + ID_1, ID_1),
        ("0123456789ABCDEF", "0123456789abcdef"),
    ],
)
def test_the_device_id_in_a_serial_number(serial: str, number: str) -> None:
    assert id_of(serial) == number


def test_what_is_a_device_id() -> None:
    assert is_device_id(ID_1.upper())
    assert not is_device_id(ID_1[1:])
    assert not is_device_id("z" * 24)


async def test_by_id_and_by_name() -> None:
    usb = of(BORON_1, BORON_2_DFU)
    assert (await find_device(usb, ID_2.upper())).attached is BORON_2_DFU
    assert (await find_device(usb, "Red", names={ID_1: "red"})).attached is BORON_1
    assert device_id("blue", {ID_1: "red", ID_2: "Blue"}) == ID_2


async def test_a_name_that_nobody_has() -> None:
    with pytest.raises(DeviceUnknown, match="Device not found: green"):
        await find_device(of(BORON_1), "green", names={ID_1: "red"})


async def test_a_device_that_is_not_attached() -> None:
    with pytest.raises(DeviceNotAttached, match=rf"red \({ID_1}\)"):
        await find_device(of(BORON_2_DFU), "red", names={ID_1: "red"})
    with pytest.raises(DeviceNotAttached, match=ID_1):
        await find_device(of(), ID_1)


async def test_a_device_in_the_wrong_mode() -> None:
    usb = of(BORON_1, BORON_2_DFU)
    with pytest.raises(WrongMode, match="is not in DFU mode") as caught:
        await find_device(usb, ID_1, mode=NeededMode.DFU)
    assert "blinks yellow" in (caught.value.next_step or "")
    with pytest.raises(WrongMode, match="is in DFU mode") as caught:
        await find_device(usb, ID_2, mode=NeededMode.RUNNING)
    assert "RESET" in (caught.value.next_step or "")


async def test_the_only_device() -> None:
    assert (await only_device(of(STRANGER, BORON_1, TACHYON))).attached is BORON_1
    usb = of(BORON_1, BORON_2_DFU)
    assert (await only_device(usb, mode=NeededMode.DFU)).attached is BORON_2_DFU
    assert (await only_device(usb, mode=NeededMode.RUNNING)).attached is BORON_1
    assert (await only_device(of(BORON_1, listed(0xC020, 9, serial=ID_2)), platform_id=P2)).id == ID_2


async def test_no_device() -> None:
    for usb in (of(), of(STRANGER), of(TACHYON)):
        with pytest.raises(NoDevices, match="No devices found") as caught:
            await only_device(usb)
        assert "Connect" in (caught.value.next_step or "")
    with pytest.raises(NoDevices) as caught:
        await only_device(of(BORON_1), mode=NeededMode.DFU)
    assert "blinks yellow" in (caught.value.next_step or "")


async def test_more_than_one() -> None:
    with pytest.raises(SeveralDevices, match="Found multiple devices") as caught:
        await only_device(of(BORON_2_DFU, BORON_1))
    assert caught.value.next_step == f"Attached are: [{ID_1}] (Boron), [{ID_2}] (Boron, DFU)"
    assert [one.id for one in await candidates(of(BORON_2_DFU, BORON_1))] == [ID_1, ID_2]


async def test_several() -> None:
    usb = of(BORON_1, BORON_2_DFU)
    first, second = await attached_devices(usb)
    assert await several_devices(usb, [], every=True) == (first, second)
    assert await several_devices(usb, [ID_2, "red", ID_2], names={ID_1: "red"}) == (second, first)
    assert await several_devices(of(BORON_1), []) == (first,)
    with pytest.raises(SeveralDevices):
        await several_devices(usb, [])
    with pytest.raises(NoDevices):
        await several_devices(of(), [], every=True)


async def test_of_several_some_cannot_be_had() -> None:
    found, blue, lost = await several_devices(of(BORON_1), [ID_1, "blue", ID_2])
    assert isinstance(found, FoundDevice)
    assert isinstance(blue, Missing)
    assert isinstance(lost, Missing)
    assert (blue.word, blue.error.code) == ("blue", "device_unknown")
    assert (lost.word, lost.error.code) == (ID_2, "device_not_attached")
    with pytest.raises(DeviceUnknown):
        await several_devices(of(BORON_1), ["blue"])


def test_labels() -> None:
    running, dfu = FoundDevice(BORON_1, BORON, False, ID_1), FoundDevice(BORON_2_DFU, BORON, True, ID_2)
    assert label(running, "red") == f"red [{ID_1}] (Boron)"
    assert label(running, "red", "LISTENING") == f"red [{ID_1}] (Boron, LISTENING)"
    assert label(dfu) == f"[{ID_2}] (Boron, DFU)"


@pytest.mark.parametrize("tells_serials", [True, False])
async def test_simulated_devices(tells_serials: bool) -> None:
    stage = Stage(tells_serials=tells_serials)
    first = await stage.enter(BORON)
    second = await stage.enter(P2, dfu=True)
    found = await attached_devices(stage.usb)
    assert [(one.id, one.platform_id, one.dfu) for one in found] == [
        (first.id, BORON, False),
        (second.id, P2, True),
    ]
