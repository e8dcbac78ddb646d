"""The USB side of a Linux kernel for programs under umockdev: usbfs and sysfs over a simulated bus.

umockdev gives the programs another /sys and /dev, and passes on what they ask of a device node by ioctl. The
numbers and structures are those of linux/usbdevice_fs.h on 64-bit machines.

Rules learnt: the program's memory can be touched only while it sits in an ioctl, so results are kept until it
reaps them. umockdev calls from a thread of its own; all state belongs to the event loop, and calls are handed
over. Handlers and clients are kept for good: a collected one cuts the program's connection, and it aborts.
"""

from __future__ import annotations

import asyncio
import errno
import importlib
import struct
import sys
import traceback
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from attrs import define, field

from particle_cli.adapters.clock import PacedClock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import AttachedDevice, Setup, Usb, UsbBusy, UsbGone, UsbHandle, UsbStall
from particle_cli.simulators.bus.bus import SimulatedBus

try:
    gi: Any = importlib.import_module("gi")
except ImportError:  # not in a virtual environment: Debian's own folder, for a Python of the same version
    sys.path.append("/usr/lib/python3/dist-packages")
    gi = importlib.import_module("gi")
gi.require_version("UMockdev", "1.0")
UMockdev: Any = importlib.import_module("gi.repository.UMockdev")
GLibError: type[Exception] = importlib.import_module("gi.repository.GLib").Error

# ioctl numbers
SUBMITURB: Final = 0x8038550A
REAPURB: Final = 0x4008550C
REAPURBNDELAY: Final = 0x4008550D
DISCARDURB: Final = 0x550B
GET_CAPABILITIES: Final = 0x8004551A
CLAIMINTERFACE: Final = 0x8004550F
RELEASEINTERFACE: Final = 0x80045510
SETINTERFACE: Final = 0x80085504
SETCONFIGURATION: Final = 0x80045505
GETDRIVER: Final = 0x41045508
CLEAR_HALT: Final = 0x80045515
RESET: Final = 0x5514

# struct usbdevfs_urb
URB_SIZE: Final = 56
URB_STATUS: Final = 4
URB_BUFFER: Final = 16
URB_ACTUAL_LENGTH: Final = 28
CONTROL: Final = 2
BULK: Final = 3
SETUP_SIZE: Final = 8
POINTER_SIZE: Final = 8

FOR_EVER_MS: Final = 10**9  # the kernel has no time-outs: a program discards what takes too long
CLAIM_TRIES: Final = 20
CLAIM_PAUSE_S: Final = 0.01
REAP_HOLD_S: Final = 0.003  # umockdev's nodes are always ready to be polled; without a pause programs spin


class KernelError(Exception):
    """An ioctl fails with an errno."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@define(eq=False)
class Urb:
    """One transfer, from its submission until it is reaped."""

    memory: Any
    buffer: Any
    kind: int
    endpoint: int
    sent: bytes
    length: int
    task: asyncio.Task[None] | None = None
    status: int = 0
    received: bytes = b""
    actual: int = 0


@define(eq=False)
class OpenFile:
    """One program's hold on a device node."""

    handle: UsbHandle | None = None
    pending: dict[int, Urb] = field(factory=dict)
    done: deque[Urb] = field(factory=deque)
    reaper: Any = None
    hold: asyncio.TimerHandle | None = None
    opening: asyncio.Lock = field(factory=asyncio.Lock)
    closed: bool = False


class Node(UMockdev.IoctlBase):  # type: ignore[misc]
    """The device node of one enumeration; called in umockdev's thread."""

    def __init__(self, kernel: MockKernel, device: AttachedDevice) -> None:
        super().__init__()
        self.kernel = kernel
        self.device = device
        self.gone = False
        self.files: dict[Any, OpenFile] = {}

    def do_client_connected(self, client: Any) -> None:
        self.kernel.hand_over(self._opened, client)

    def do_handle_ioctl(self, client: Any) -> bool:
        self.kernel.hand_over(self._ioctl, client)
        return True

    # -- on the event loop -----------------------------------------------------------------------------

    def _opened(self, client: Any) -> None:
        self._sweep()
        self.files[client] = OpenFile()

    def _sweep(self) -> None:
        """Forget the files of programs that have ended; umockdev 0.17 does not tell when they do."""
        for client, file in self.files.items():
            if not client.get_connected():
                self._close(file)

    def close_all(self) -> None:
        """Forget the files of programs that were killed: inside an ioctl that goes wholly unnoticed."""
        for file in self.files.values():
            self._close(file)

    def _close(self, file: OpenFile) -> None:
        """Forget what a program has under way, or the next one would reap it."""
        if file.closed:
            return
        file.closed = True
        for urb in file.pending.values():
            if urb.task is not None:
                urb.task.cancel()
        file.done.clear()
        file.reaper = None
        if file.handle is not None:
            self.kernel.start(file.handle.close())

    def _ioctl(self, client: Any) -> None:
        file, request = self.files.setdefault(client, OpenFile()), client.get_request() & 0xFFFFFFFF
        try:
            if request in (REAPURB, REAPURBNDELAY):
                self._reap(file, client, wait=request == REAPURB)
            elif request == SUBMITURB:
                self._submit(file, client.get_arg())
                client.complete(0, 0)
            elif request == DISCARDURB:
                self._discard(file, client.get_arg())
                client.complete(0, 0)
            else:
                self.kernel.start(self._slow_ioctl(file, client, request))
        except KernelError as failed:
            client.complete(-1, failed.number)
        except GLibError:  # the program has died meanwhile
            return
        except Exception:
            traceback.print_exc()
            client.complete(-1, errno.EIO)

    async def _slow_ioctl(self, file: OpenFile, client: Any, request: int) -> None:
        """What may have to talk to the device."""
        try:
            await self._other(file, client.get_arg(), request)
        except GLibError:
            return
        except KernelError as failed:
            client.complete(-1, failed.number)
        except UsbBusy:
            client.complete(-1, errno.EBUSY)
        except UsbGone:
            client.complete(-1, errno.ENODEV)
        except ParticleError:
            client.complete(-1, errno.EINVAL)
        else:
            client.complete(0, 0)

    async def _other(self, file: OpenFile, argument: Any, request: int) -> None:
        def numbers(count: int) -> tuple[int, ...]:
            return struct.unpack(f"<{count}I", argument.resolve(0, 4 * count).retrieve())

        handle = await self._open(file)
        match request:
            case _ if request == GET_CAPABILITIES:
                argument.resolve(0, 4).update(0, bytes(4))
            case _ if request == CLAIMINTERFACE:
                await self._claim(handle, *numbers(1))
            case _ if request == RELEASEINTERFACE:
                await handle.release(*numbers(1))
            case _ if request == SETINTERFACE:
                await handle.set_alternate(*numbers(2))
            case _ if request == GETDRIVER:
                raise KernelError(errno.ENODATA)
            case _ if request in (SETCONFIGURATION, CLEAR_HALT, RESET):
                return
            case _:
                raise KernelError(errno.ENOTTY)

    async def _claim(self, handle: UsbHandle, interface: int) -> None:
        """Claim an interface, if need be once a program that has just ended is noticed to have ended."""
        for _ in range(CLAIM_TRIES):
            with suppress(UsbBusy):
                return await handle.claim(interface)
            await PacedClock(1).sleep(CLAIM_PAUSE_S)
            self._sweep()
        await handle.claim(interface)

    async def _open(self, file: OpenFile) -> UsbHandle:
        async with file.opening:
            if file.handle is None:
                file.handle = await self.kernel.usb.open(self.device)
            return file.handle

    # -- transfers -------------------------------------------------------------------------------------

    def _submit(self, file: OpenFile, argument: Any) -> None:
        if self.gone:
            raise KernelError(errno.ENODEV)
        memory = argument.resolve(0, URB_SIZE)
        kind, endpoint, length = struct.unpack_from("<BB22xi", memory.retrieve())
        if kind not in (CONTROL, BULK):
            raise KernelError(errno.EINVAL)
        buffer = memory.resolve(URB_BUFFER, length)
        urb = Urb(memory, buffer, kind, endpoint, bytes(buffer.retrieve()), length)
        urb.task = self.kernel.start(self._perform(file, urb))
        file.pending[memory.client_addr] = urb

    async def _perform(self, file: OpenFile, urb: Urb) -> None:
        try:
            await self._transfer(await self._open(file), urb)
        except asyncio.CancelledError:
            urb.status = -errno.ENOENT
        except UsbStall:
            urb.status = -errno.EPIPE
        except UsbGone:
            urb.status = -errno.ESHUTDOWN
        except ParticleError:
            urb.status = -errno.EPROTO
        file.pending.pop(urb.memory.client_addr, None)
        file.done.append(urb)
        if file.reaper is not None:
            self._answer_reaper(file)

    async def _transfer(self, handle: UsbHandle, urb: Urb) -> None:
        if urb.kind == BULK:
            if urb.endpoint & 0x80:
                urb.received = await handle.bulk_read(urb.endpoint, urb.length, timeout_ms=FOR_EVER_MS)
                urb.actual = len(urb.received)
            else:
                urb.actual = await handle.bulk_write(urb.endpoint, urb.sent, timeout_ms=FOR_EVER_MS)
            return
        setup = Setup(*struct.unpack_from("<BBHHH", urb.sent))
        if setup.request_type & 0x80:
            urb.received = await handle.control_in(setup, timeout_ms=FOR_EVER_MS)
            urb.actual = len(urb.received)
        else:
            await handle.control_out(setup, urb.sent[SETUP_SIZE:], timeout_ms=FOR_EVER_MS)
            urb.actual = setup.length

    def _discard(self, file: OpenFile, argument: Any) -> None:
        urb = file.pending.get(argument.resolve(0, URB_SIZE).client_addr)
        if urb is None or urb.task is None:
            raise KernelError(errno.EINVAL)
        urb.task.cancel()

    def _reap(self, file: OpenFile, client: Any, *, wait: bool) -> None:
        if file.done:
            self._give(file, client)
        elif self.gone and not file.pending:
            raise KernelError(errno.ENODEV)
        else:
            file.reaper = client
            if not wait:
                loop = asyncio.get_running_loop()
                file.hold = loop.call_later(REAP_HOLD_S, self._answer_reaper, file)

    def _answer_reaper(self, file: OpenFile) -> None:
        """End a reaper's wait: with a transfer, or with nothing."""
        client, file.reaper = file.reaper, None
        if file.hold is not None:
            file.hold.cancel()
            file.hold = None
        if file.done:
            self._give(file, client)
        elif client is not None:
            client.complete(-1, errno.EAGAIN)

    def _give(self, file: OpenFile, client: Any) -> None:
        """Write a result into the program's memory."""
        urb = file.done.popleft()
        with suppress(GLibError):
            urb.memory.update(URB_STATUS, struct.pack("<i", urb.status))
            urb.memory.update(URB_ACTUAL_LENGTH, struct.pack("<i", urb.actual))
            if urb.received:
                urb.buffer.update(SETUP_SIZE if urb.kind == CONTROL else 0, urb.received)
            client.get_arg().resolve(0, POINTER_SIZE).set_ptr(0, urb.memory)
            client.complete(0, 0)


class MockKernel:
    """Keeps a umockdev test bed in step with a simulated bus."""

    def __init__(self, bus: SimulatedBus, *, through: Usb | None = None) -> None:
        """Take the bus, and the port by which to use it; to be made on the event loop that drives it."""
        self.bus = bus
        self.usb: Usb = through or bus
        self._loop = asyncio.get_running_loop()
        self._testbed = UMockdev.Testbed.new()
        self._nodes: dict[int, Node] = {}
        self._kept: list[Node] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def root(self) -> str:
        """The folder that programs find in UMOCKDEV_DIR."""
        return str(self._testbed.get_root_dir())

    def hand_over(self, call: Any, client: Any) -> None:
        """Bring a call from umockdev's thread to the event loop."""
        self._loop.call_soon_threadsafe(call, client)

    def start(self, job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a job on the side, held until it ends."""
        task = self._loop.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def close_all(self) -> None:
        """Forget the files of programs that were killed."""
        for node in self._kept:
            node.close_all()

    async def follow(self) -> None:
        """Plug and unplug as the bus does, for ever."""
        seen: tuple[AttachedDevice, ...] = ()
        while True:
            self._update(seen)
            seen = await self.usb.changed(seen, timeout_ms=FOR_EVER_MS)
            self._update(seen)

    async def close(self) -> None:
        """Unplug everything, and end what is under way."""
        self._update(())
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _update(self, listed: tuple[AttachedDevice, ...]) -> None:
        arrivals = {device.arrival for device in listed}
        for arrival in [number for number in self._nodes if number not in arrivals]:
            node = self._nodes.pop(arrival)
            node.gone = True
            self._testbed.uevent(_sysfs(node.device), "remove")
            self._testbed.remove_device(_sysfs(node.device))
        for device in listed:
            if device.arrival not in self._nodes:
                node = self._nodes[device.arrival] = Node(self, device)
                self._kept.append(node)
                self._testbed.add_from_string(self._description(device))
                self._testbed.attach_ioctl(f"/dev/{_node(device)}", node)
                self._testbed.uevent(_sysfs(device), "add")

    def _description(self, device: AttachedDevice) -> str:
        """Describe a device to umockdev: its place in /sys, its node, its attributes."""
        usb = self.bus.device_of(device).usb
        assert usb is not None
        descriptors, number = usb.descriptors, _number(device)
        attributes = {
            "busnum": "1",
            "devnum": str(number),
            "speed": "12",
            "idVendor": f"{device.vendor_id:04x}",
            "idProduct": f"{device.product_id:04x}",
            "bConfigurationValue": "1",
            "bNumConfigurations": "1",
            "dev": f"189:{number - 1}",
            "manufacturer": descriptors.strings[1],
            "product": descriptors.strings[2],
            "serial": descriptors.strings[3],
        }
        lines = [
            f"P: {_sysfs(device).removeprefix('/sys')}",
            f"N: {_node(device)}",
            *("E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device", "E: MAJOR=189", f"E: MINOR={number - 1}"),
            *(f"E: DEVNAME=/dev/{_node(device)}", "E: BUSNUM=001", f"E: DEVNUM={number:03}"),
            *(f"A: {name}={text}\\n" for name, text in attributes.items()),
            f"H: descriptors={(descriptors.device + descriptors.configuration).hex()}",
        ]
        return "\n".join(lines) + "\n\n"


def _number(device: AttachedDevice) -> int:
    """Device numbers are never used again, as in a kernel (1 is the root hub's)."""
    return device.arrival + 1


def _node(device: AttachedDevice) -> str:
    return f"bus/usb/001/{_number(device):03}"


def _sysfs(device: AttachedDevice) -> str:
    return f"/sys/devices/pci0000:00/0000:00:14.0/usb1/{device.bus_path}"
