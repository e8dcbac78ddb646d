"""What is particular to libusb: its errors, its threads, when a device has arrived anew."""

from __future__ import annotations

import asyncio
import errno
import gc
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import usb.backend.libusb1
from attrs import Factory, define
from usb.core import USBError, USBTimeoutError

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.libusb.backend import Backend, Context, Libusb, install_advice
from particle_cli.adapters.libusb.bus import LibUsb
from particle_cli.adapters.libusb.errors import access_advice
from particle_cli.adapters.libusb.handle import LibUsbHandle
from particle_cli.ports.usb import (
    AttachedDevice,
    Setup,
    UsbAccessDenied,
    UsbBusy,
    UsbError,
    UsbGone,
    UsbStall,
    UsbTimeout,
    UsbUnavailable,
)

pytestmark = pytest.mark.real_time

GET_STATUS = Setup(0x80, 0, length=2)


@define(eq=False)
class Node:
    """A device as the scripted backend lists it."""

    address: int
    serial: str | None = "e00fce68"
    bus: int = 1
    idVendor: int = 0x2B04
    idProduct: int = 0xD00D
    port_numbers: tuple[int, ...] | None = (2, 3)
    devid: int = 0

    @property
    def iSerialNumber(self) -> int:
        return 3 if self.serial else 0


class Gate:
    """Holds a thread that makes the call, until it is let go."""

    def __init__(self, call: str) -> None:
        self._call, self._come, self._go = call, threading.Event(), threading.Event()

    def __call__(self, call: str) -> None:
        if call.startswith(self._call):
            self._come.set()
            self._go.wait()

    async def reached(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._come.wait)

    def let_go(self) -> None:
        self._go.set()


@define
class ScriptedBackend:
    """A pyusb backend that lists what it is told to and fails as it is told to."""

    nodes: list[Node] = Factory(list)
    fails: dict[str, BaseException] = Factory(dict)
    calls: list[str] = Factory(list)
    wait: Callable[[str], object] = lambda call: None
    driver_at: frozenset[int] = frozenset()
    finalized: int = 0

    def enumerate_devices(self) -> Iterator[Node]:
        self._call("enumerate")
        return iter(list(self.nodes))

    def get_device_descriptor(self, dev: Node) -> Node:
        self._call("describe")
        return dev

    def open_device(self, dev: Node) -> Node:
        self._call("open")
        return dev

    def close_device(self, dev_handle: Node) -> None:
        self._call("close")

    def set_interface_altsetting(self, dev_handle: Node, intf: int, altsetting: int) -> None:
        self._call(f"alternate {intf} {altsetting}")

    def claim_interface(self, dev_handle: Node, intf: int) -> None:
        self._call(f"claim {intf}")

    def release_interface(self, dev_handle: Node, intf: int) -> None:
        self._call(f"release {intf}")

    def is_kernel_driver_active(self, dev_handle: Node, intf: int) -> bool:
        self._call("driver?", record=False)
        return intf in self.driver_at

    def detach_kernel_driver(self, dev_handle: Node, intf: int) -> None:
        self._call(f"detach {intf}")

    def attach_kernel_driver(self, dev_handle: Node, intf: int) -> None:
        self._call(f"attach {intf}")

    def bulk_read(self, dev_handle: Node, ep: int, intf: int, buff: array[int], timeout: int) -> int:
        self._call(f"bulk in {ep:02x} {timeout}")
        buff[:3] = array("B", b"abc")
        return 3

    def bulk_write(self, dev_handle: Node, ep: int, intf: int, data: array[int], timeout: int) -> int:
        self._call(f"bulk out {ep:02x} {data.tobytes().hex()} {timeout}")
        return len(data)

    def ctrl_transfer(
        self,
        dev_handle: Node,
        kind: int,
        request: int,
        value: int,
        index: int,
        data: array[int],
        timeout: int,
    ) -> int:
        self._call(
            f"control {kind:02x} {request:02x} {value:04x} {index:04x} {data.tobytes().hex()} {timeout}"
        )
        if not kind & 0x80:
            return len(data)
        answer = b"\x01\x00"
        if request == 6 and value == 0x0303 and dev_handle.serial is not None:
            text = dev_handle.serial.encode("utf-16-le")
            answer = bytes((len(text) + 2, 3)) + text
        answer = answer[: len(data)]
        data[: len(answer)] = array("B", answer)
        return len(answer)

    def finalize(self) -> None:
        self.finalized += 1

    def _call(self, call: str, *, record: bool = True) -> None:
        self.wait(call)
        if record:
            self.calls.append(call)
        if error := self.fails.get(call.split()[0]):
            raise error


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend([Node(5)])


@pytest.fixture
def bus(backend: ScriptedBackend, tmp_path: Path) -> LibUsb:
    return LibUsb(lambda: Context(backend), sysfs=str(tmp_path))  # type: ignore[arg-type]


async def opened(bus: LibUsb) -> LibUsbHandle:
    (device,) = await bus.attached()
    return await bus.open(device)


class TestListing:
    async def test_devices_are_listed_without_opening_them(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        (device,) = await bus.attached()
        assert device == AttachedDevice(0x2B04, 0xD00D, None, "1-2.3", 1)
        assert backend.calls == ["enumerate", "describe"]

    async def test_an_arrival_lasts_as_long_as_the_enumeration(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        first = await bus.attached()
        assert await bus.attached() == first
        backend.nodes = [Node(6)]  # back at once, at the next address
        (again,) = await bus.attached()
        assert (again.bus_path, again.arrival) == ("1-2.3", 2)
        backend.nodes = []
        assert await bus.attached() == ()
        backend.nodes = [Node(6)]
        assert (await bus.attached())[0].arrival == 3

    async def test_another_mode_at_the_same_address_is_an_arrival(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        await bus.attached()
        backend.nodes = [Node(5, idProduct=0xC00D)]
        assert (await bus.attached())[0].arrival == 2

    async def test_the_same_mode_at_the_same_address_is_told_by_libusbs_object(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        await bus.attached()
        backend.nodes = [Node(5, devid=0x7F00)]
        assert (await bus.attached())[0].arrival == 2

    async def test_a_list_made_anew_each_time_has_other_objects_for_the_same(self, tmp_path: Path) -> None:
        pointers = iter(range(100))

        def new() -> Context:
            return Context(ScriptedBackend([Node(5, devid=next(pointers))]), owned=True)  # type: ignore[arg-type]

        bus = LibUsb(new, sysfs=str(tmp_path))
        assert await bus.attached() == await bus.attached()

    async def test_those_that_came_first_stand_first(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        await bus.attached()
        backend.nodes = [Node(9, port_numbers=(4,)), Node(1, port_numbers=None), Node(5)]
        listed = await bus.attached()
        assert [device.bus_path for device in listed] == ["1-2.3", "1", "1-4"]
        assert [device.arrival for device in listed] == [1, 2, 3]

    async def test_a_device_that_leaves_while_it_is_listed_is_left_out(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        backend.fails["describe"] = USBError("No such device", -4, errno.ENODEV)
        assert await bus.attached() == ()

    async def test_the_kernel_tells_the_serial_number(
        self, bus: LibUsb, backend: ScriptedBackend, tmp_path: Path
    ) -> None:
        folder = tmp_path / "1-2.3"
        folder.mkdir()
        (folder / "serial").write_text("e00fce681234\n")
        (folder / "devnum").write_text("4\n")
        assert (await bus.attached())[0].serial is None  # that was another device at the same place
        (folder / "devnum").write_text("6\n")
        backend.nodes = [Node(6)]
        assert (await bus.attached())[0].serial == "e00fce681234"
        assert "open" not in backend.calls

    async def test_waiting_ends_when_the_list_differs(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        seen = await bus.attached()
        assert await bus.changed((), timeout_ms=10_000) == seen  # differs already
        asyncio.get_running_loop().call_later(0.06, backend.nodes.clear)
        assert await bus.changed(seen, timeout_ms=10_000) == ()

    async def test_waiting_ends_with_its_time(self, bus: LibUsb) -> None:
        seen, began = await bus.attached(), time.monotonic()
        assert await bus.changed(seen, timeout_ms=120) == seen
        assert 0.11 < time.monotonic() - began < 5


class TestOpening:
    async def test_the_serial_number_is_read_where_it_is_not_known(self, bus: LibUsb) -> None:
        handle = await opened(bus)
        assert handle.device == AttachedDevice(0x2B04, 0xD00D, "e00fce68", "1-2.3", 1)
        await handle.close()

    async def test_a_device_need_not_have_one(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        backend.nodes[0].serial = None
        handle = await opened(bus)
        assert handle.device.serial is None
        await handle.close()

    async def test_one_that_refuses_to_tell_it_can_be_used_all_the_same(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        backend.fails["control"] = USBError("Pipe error", -9, errno.EPIPE)
        handle = await opened(bus)
        assert handle.device.serial is None
        await handle.close()

    async def test_one_that_left_is_gone(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        (device,) = await bus.attached()
        backend.nodes = [Node(6)]
        with pytest.raises(UsbGone, match=r"2b04:d00d at 1-2\.3: it is no longer there"):
            await bus.open(device)

    async def test_closing_is_done_once_and_never_fails(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        handle = await opened(bus)
        backend.fails["close"] = USBError("anything", -99, None)
        await handle.close()
        await handle.close()
        assert backend.calls.count("close") == 1
        with pytest.raises(UsbGone, match="it was closed"):
            await handle.control_in(GET_STATUS, timeout_ms=100)

    async def test_an_opening_that_was_given_up_is_closed(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        (device,) = await bus.attached()
        gate = backend.wait = Gate("open")
        opening = asyncio.create_task(bus.open(device))
        await gate.reached()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        gate.let_go()
        while "close" not in backend.calls:
            await LoopClock().sleep(0.001)


class TestTransfers:
    async def test_setup_packets_and_data_go_through(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        handle = await opened(bus)
        backend.calls.clear()
        assert await handle.control_in(GET_STATUS, timeout_ms=100) == b"\x01\x00"
        assert await handle.control_in(Setup(0x80, 0, length=1), timeout_ms=100) == b"\x01"
        await handle.control_out(Setup(0x21, 1, 2, 0, 3), memoryview(b"abc"), timeout_ms=200)
        await handle.control_out(Setup(0x21, 4), timeout_ms=0)
        assert await handle.bulk_read(0x81, 64, timeout_ms=60_000) == b"abc"
        assert await handle.bulk_write(0x02, b"\x01\x02", timeout_ms=300) == 2
        assert backend.calls == [
            "control 80 00 0000 0000 0000 100",
            "control 80 00 0000 0000 00 100",
            "control 21 01 0002 0000 616263 200",
            "control 21 04 0000 0000  1",
            "bulk in 81 5000",
            "bulk out 02 0102 300",
        ]
        await handle.close()

    async def test_the_data_is_as_long_as_announced(self, bus: LibUsb) -> None:
        handle = await opened(bus)
        with pytest.raises(ValueError, match="announces 3 bytes"):
            await handle.control_out(Setup(0x21, 1, length=3), b"ab", timeout_ms=100)
        await handle.close()

    async def test_descriptors_and_strings(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        handle = await opened(bus)
        backend.calls.clear()
        assert await handle.string(3) == "e00fce68"
        assert backend.calls == ["control 80 06 0303 0409 " + "00" * 255 + " 1000"]
        with pytest.raises(UsbError, match="string descriptor 4 is malformed"):
            await handle.string(4)
        assert await handle.descriptor(0x21, length=9) == b"\x01\x00"
        await handle.close()

    async def test_a_kernel_driver_gives_way_and_comes_back(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        backend.driver_at = frozenset({1})
        handle = await opened(bus)
        backend.calls.clear()
        for interface in (0, 1):
            await handle.claim(interface)
            await handle.set_alternate(interface, 2)
            await handle.release(interface)
        assert backend.calls == [
            *("claim 0", "alternate 0 2", "release 0"),
            *("detach 1", "claim 1", "alternate 1 2", "release 1", "attach 1"),
        ]
        await handle.close()

    async def test_a_system_without_such_drivers_is_fine(self, bus: LibUsb, backend: ScriptedBackend) -> None:
        backend.fails["driver?"] = NotImplementedError("Operation not supported")
        handle = await opened(bus)
        await handle.claim(0)
        await handle.close()

    async def test_a_waiting_transfer_leaves_the_loop_free(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        handle = await opened(bus)
        gate = backend.wait = Gate("control")
        transfer = asyncio.create_task(handle.control_in(GET_STATUS, timeout_ms=5000))
        await gate.reached()
        assert not transfer.done()
        gate.let_go()
        assert await transfer == b"\x01\x00"
        await handle.close()

    async def test_one_that_was_given_up_does_not_disturb_the_next(
        self, bus: LibUsb, backend: ScriptedBackend
    ) -> None:
        handle = await opened(bus)
        gate = backend.wait = Gate("control 80")
        transfer = asyncio.create_task(handle.control_in(GET_STATUS, timeout_ms=5000))
        await gate.reached()
        transfer.cancel()
        following = asyncio.create_task(handle.control_in(Setup(0xC0, 9, length=2), timeout_ms=100))
        gate.let_go()
        assert await following == b"\x01\x00"
        assert [call[:10] for call in backend.calls[-2:]] == ["control 80", "control c0"]
        await handle.close()


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        (USBError("Pipe error", -9, errno.EPIPE), UsbStall, "it refused the request"),
        (USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT), UsbTimeout, "did not answer in time"),
        (USBError("No such device", -4, errno.ENODEV), UsbGone, "unplugged or has reset"),
        (USBError("Access denied", -3, errno.EACCES), UsbAccessDenied, "Missing permissions"),
        (USBError("Resource busy", -6, errno.EBUSY), UsbBusy, "another program"),
        (USBError("Overflow", -8, errno.EOVERFLOW), UsbError, "the transfer failed (Overflow)"),
        (NotImplementedError("not supported"), UsbError, "cannot do that"),
        (USBError("[Errno 5] odd", -9, 5), UsbStall, "refused"),  # libusb's code decides, not the system's
        (USBError("no code", None, errno.EPIPE), UsbStall, "refused"),
        (USBError("no code", None, errno.EBUSY), UsbBusy, "another program"),
        (USBError("nothing at all"), UsbError, "nothing at all"),
    ],
)
async def test_what_libusb_says_becomes_an_error_of_the_port(
    bus: LibUsb, backend: ScriptedBackend, said: Exception, kind: type[UsbError], told: str
) -> None:
    handle = await opened(bus)
    backend.fails["claim"] = said
    with pytest.raises(UsbError) as caught:
        await handle.claim(0)
    assert type(caught.value) is kind
    assert "USB device e00fce68 at 1-2.3" in caught.value.message
    assert told in caught.value.message
    assert caught.value.__cause__ is said
    await handle.close()


async def test_an_io_error_of_a_device_that_is_leaving_is_gone(bus: LibUsb, backend: ScriptedBackend) -> None:
    handle, answers = await opened(bus), iter([-1, -1, -4])

    def leaving(_call: str) -> None:
        raise USBError("Input/output error", next(answers), errno.EIO)

    backend.wait = leaving
    with pytest.raises(UsbGone):
        await handle.control_in(GET_STATUS, timeout_ms=100)
    backend.wait = lambda call: None
    await handle.close()


async def test_an_io_error_of_a_device_that_stays_is_one(bus: LibUsb, backend: ScriptedBackend) -> None:
    handle = await opened(bus)
    backend.fails["bulk"] = USBError("Input/output error", -1, errno.EIO)
    with pytest.raises(UsbError, match="Input/output error") as caught:
        await handle.bulk_read(0x81, 64, timeout_ms=100)
    assert type(caught.value) is UsbError
    assert backend.calls[-1] == "control 80 00 0000 0000 0000 1000"  # asked for its status
    await handle.close()


async def test_access_denied_says_what_to_run(bus: LibUsb, backend: ScriptedBackend) -> None:
    backend.fails["open"] = USBError("Access denied", -3, errno.EACCES)
    with pytest.raises(UsbAccessDenied, match=r"2b04:d00d at 1-2\.3") as caught:
        await opened(bus)
    assert caught.value.next_step
    assert "particle usb configure" in access_advice("linux", udev=True, ruled=False)
    again = access_advice("linux", udev=True, ruled=True)
    assert again.startswith("Physically unplug and reconnect your Particle devices and try again.")
    assert "root" in access_advice("linux", udev=False, ruled=False)
    assert "WinUSB" in access_advice("win32", udev=False, ruled=False)
    assert "sudo" in access_advice("darwin", udev=False, ruled=False)


async def test_without_libusb_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda **_options: None)
    with pytest.raises(UsbUnavailable, match=r"libusb 1\.0 was not found") as caught:
        await LibUsb().attached()
    assert caught.value.next_step == install_advice(sys.platform)
    assert "apt install libusb-1.0-0" in install_advice("linux")
    assert "brew install libusb" in install_advice("darwin")
    assert "pip install libusb-package" in install_advice("win32")


async def test_the_wheel_that_brings_libusb_is_found(
    monkeypatch: pytest.MonkeyPatch, backend: ScriptedBackend
) -> None:
    wheel = type(sys)("libusb_package")
    wheel.find_library = lambda _name: "libusb-1.0.dll"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "libusb_package", wheel)

    def get_backend(find_library: Callable[[str], str] | None = None) -> Any:
        return backend if find_library is not None else None

    monkeypatch.setattr(usb.backend.libusb1, "get_backend", get_backend)
    assert Libusb().context().backend is not None


async def test_a_context_of_its_own_ends_after_its_devices_and_handles(tmp_path: Path) -> None:
    made: list[ScriptedBackend] = []

    def new() -> Context:
        made.append(ScriptedBackend([Node(5)]))
        return Context(made[-1], owned=True)  # type: ignore[arg-type]

    bus = LibUsb(new, sysfs=str(tmp_path))
    handle = await opened(bus)
    for _ in range(3):
        await bus.attached()
    gc.collect()
    assert [backend.finalized for backend in made] == [1, 0, 1, 1, 0]  # [1] has the handle, the last the list
    await handle.close()
    del handle
    gc.collect()
    assert [backend.finalized for backend in made] == [1, 1, 1, 1, 0]


def test_pyusbs_backend_has_what_is_used_of_it() -> None:
    used = {name for name in vars(Backend) if not name.startswith("_")}
    assert used <= set(dir(usb.backend.IBackend))


async def test_real_libusb_lists_what_this_machine_has() -> None:
    try:
        listed = await LibUsb().attached()
    except UsbUnavailable as unavailable:
        pytest.skip(unavailable.message)
    assert len({device.arrival for device in listed}) == len(listed)
