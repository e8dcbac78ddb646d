"""The devices that are attached to this machine."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from usb.core import USBError

from particle_cli.adapters.libusb.backend import Context, DeviceDescriptor, Libusb
from particle_cli.adapters.libusb.errors import usb_errors
from particle_cli.adapters.libusb.handle import LibUsbHandle, device_name
from particle_cli.ports.usb import AttachedDevice, UsbGone

T = TypeVar("T")

_POLL_S: Final = 0.05
_SYSFS: Final = "/sys/bus/usb/devices"

_Identity = tuple[int, int, int, int, object]


class LibUsb:
    """The usb port over libusb.

    An enumeration is told from another by bus, address, ids and, where libusb keeps its list, by libusb's
    own object for it. Serial numbers are told without opening a device on Linux only, where the kernel has
    read them.

    Args:
        context: gives the context to list and open devices in.
        sysfs: where the kernel tells of its USB devices; looked up nowhere else than on Linux.
    """

    def __init__(self, context: Callable[[], Context] | None = None, *, sysfs: str = _SYSFS) -> None:
        """Look for nothing yet."""
        self._new_context = context or Libusb().context
        self._sysfs = sysfs
        self._context: Context | None = None
        self._known: dict[_Identity, AttachedDevice] = {}
        self._arrivals = itertools.count(1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="usb-list")

    async def attached(self) -> tuple[AttachedDevice, ...]:
        """Return what is attached now, in order of arrival. Raises UsbUnavailable."""
        return await self._run(self._list_now)

    async def changed(
        self, seen: tuple[AttachedDevice, ...], *, timeout_ms: int
    ) -> tuple[AttachedDevice, ...]:
        """Return what is attached as soon as it differs from `seen`, or after the time as it then is."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_ms / 1000
        while (now := await self.attached()) == seen:
            if (left := end - loop.time()) <= 0:
                break
            await asyncio.sleep(min(_POLL_S, left))
        return now

    async def open(self, device: AttachedDevice) -> LibUsbHandle:
        """Open this enumeration of a device.

        Raises: UsbGone (no longer there), UsbAccessDenied, UsbBusy.
        """
        handle = await self._run(lambda: self._find_now(device))
        await handle.start()
        return handle

    # -- in the thread ---------------------------------------------------------------------------------

    async def _run(self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    def _list_now(self) -> tuple[AttachedDevice, ...]:
        context = self._new_context()
        nodes: dict[int, object] = {}
        known: dict[_Identity, AttachedDevice] = {}
        with usb_errors("USB"):
            for node in sorted(_described(context), key=lambda pair: (pair[1].bus, pair[1].address)):
                identity = _identity(*node, lasting=context.lasting)
                device = self._known.get(identity) or self._arrived(node[1])
                known[identity] = device
                nodes[device.arrival] = node[0]
        context.nodes = nodes
        self._context, self._known = context, known
        return tuple(sorted(known.values(), key=lambda device: device.arrival))

    def _arrived(self, descriptor: DeviceDescriptor) -> AttachedDevice:
        ports = ".".join(map(str, descriptor.port_numbers or ()))
        bus_path = f"{descriptor.bus}-{ports}" if ports else f"{descriptor.bus}"
        return AttachedDevice(
            vendor_id=descriptor.idVendor,
            product_id=descriptor.idProduct,
            serial=self._serial(bus_path, descriptor.address),
            bus_path=bus_path,
            arrival=next(self._arrivals),
        )

    def _find_now(self, device: AttachedDevice) -> LibUsbHandle:
        if device not in self._list_now() or self._context is None:
            raise UsbGone(
                f"{device_name(device)}: it is no longer there.",
                next_step="Wait until it is back, or plug it in again.",
            )
        return LibUsbHandle(self._context, self._context.nodes[device.arrival], device)

    def _serial(self, bus_path: str, address: int) -> str | None:
        """Ask the Linux kernel, which has read the serial number when the device arrived."""
        folder = os.path.join(self._sysfs, bus_path)
        try:
            with open(os.path.join(folder, "devnum"), encoding="ascii") as file:
                if int(file.read()) != address:  # another device by now
                    return None
            with open(os.path.join(folder, "serial"), encoding="utf-8", errors="replace") as file:
                return file.read().rstrip("\n") or None
        except (OSError, ValueError):
            return None


def _described(context: Context) -> list[tuple[object, DeviceDescriptor]]:
    """Return the devices with their descriptors, without those that leave meanwhile."""
    pairs: list[tuple[object, DeviceDescriptor]] = []
    for node in context.backend.enumerate_devices():
        try:
            pairs.append((node, context.backend.get_device_descriptor(node)))
        except USBError:
            continue
    return pairs


def _identity(node: object, descriptor: DeviceDescriptor, *, lasting: bool) -> _Identity:
    """Tell this enumeration from any other; libusb's pointer is worth something in one context only."""
    pointer = getattr(node, "devid", None) if lasting else None
    return descriptor.bus, descriptor.address, descriptor.idVendor, descriptor.idProduct, pointer
