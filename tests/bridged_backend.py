"""A pyusb backend behind which any usb port may stand, and through it the libusb adapter to a simulated bus.

pyusb calls a backend in the adapter's threads; the port behind it lives on the test's event loop. Each call
crosses over and waits.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Coroutine, Iterator
from types import SimpleNamespace
from typing import Any, TypeVar

from attrs import frozen
from usb.core import USBError, USBTimeoutError

from particle_cli.ports.usb import (
    AttachedDevice,
    Setup,
    Usb,
    UsbBusy,
    UsbError,
    UsbGone,
    UsbHandle,
    UsbStall,
    UsbTimeout,
)

T = TypeVar("T")

CODES = {UsbGone: (-4, 19), UsbBusy: (-6, 16), UsbStall: (-9, 32), UsbTimeout: (-7, 110)}
OTHER = (-1, 5)


@frozen
class Node:
    """A device of the backend's list: libusb has its descriptor from when it arrived."""

    attached: AttachedDevice
    descriptor: SimpleNamespace


class BridgedBackend:
    """What pyusb wants of a backend, spoken by a usb port."""

    def __init__(self, usb: Usb) -> None:
        """Stand in front of the port; to be made on its event loop."""
        self._usb = usb
        self._loop = asyncio.get_running_loop()
        self._nodes: dict[int, Node] = {}

    def _cross(self, call: Coroutine[Any, Any, T]) -> T:
        """Wait for the call on the other side; raise its errors as libusb's."""
        try:
            return asyncio.run_coroutine_threadsafe(call, self._loop).result()
        except UsbError as error:
            code, number = CODES.get(type(error), OTHER)
            kind = USBTimeoutError if isinstance(error, UsbTimeout) else USBError
            raise kind(error.message, code, number) from error

    def enumerate_devices(self) -> Iterator[Node]:
        attached = self._cross(self._usb.attached())
        self._nodes = {
            device.arrival: self._nodes.get(device.arrival) or self._arrived(device) for device in attached
        }
        return iter(self._nodes.values())

    def _arrived(self, device: AttachedDevice) -> Node:
        bus, _, ports = device.bus_path.partition("-")
        descriptor = SimpleNamespace(
            idVendor=device.vendor_id,
            idProduct=device.product_id,
            iSerialNumber=3,
            bus=int(bus),
            address=device.arrival,
            port_numbers=tuple(map(int, ports.split("."))),
        )
        return Node(device, descriptor)

    def get_device_descriptor(self, dev: Node) -> SimpleNamespace:
        return dev.descriptor

    def open_device(self, dev: Node) -> UsbHandle:
        return self._cross(_opened(self._usb, dev.attached))

    def close_device(self, dev_handle: UsbHandle) -> None:
        self._cross(_coroutine(dev_handle.close()))

    def claim_interface(self, dev_handle: UsbHandle, intf: int) -> None:
        self._cross(_coroutine(dev_handle.claim(intf)))

    def release_interface(self, dev_handle: UsbHandle, intf: int) -> None:
        self._cross(_coroutine(dev_handle.release(intf)))

    def set_interface_altsetting(self, dev_handle: UsbHandle, intf: int, altsetting: int) -> None:
        self._cross(_coroutine(dev_handle.set_alternate(intf, altsetting)))

    def is_kernel_driver_active(self, dev_handle: UsbHandle, intf: int) -> bool:
        return False

    def detach_kernel_driver(self, dev_handle: UsbHandle, intf: int) -> None:
        raise AssertionError("there is none")

    def attach_kernel_driver(self, dev_handle: UsbHandle, intf: int) -> None:
        raise AssertionError("there was none")

    def bulk_read(self, dev_handle: UsbHandle, ep: int, intf: int, buff: array[int], timeout: int) -> int:
        data = self._cross(_coroutine(dev_handle.bulk_read(ep, len(buff), timeout_ms=timeout)))
        buff[: len(data)] = array("B", data)
        return len(data)

    def bulk_write(self, dev_handle: UsbHandle, ep: int, intf: int, data: array[int], timeout: int) -> int:
        return self._cross(_coroutine(dev_handle.bulk_write(ep, data.tobytes(), timeout_ms=timeout)))

    def ctrl_transfer(
        self,
        dev_handle: UsbHandle,
        kind: int,
        request: int,
        value: int,
        index: int,
        data: array[int],
        timeout: int,
    ) -> int:
        setup = Setup(kind, request, value, index, len(data))
        if not kind & 0x80:
            self._cross(_coroutine(dev_handle.control_out(setup, data.tobytes(), timeout_ms=timeout)))
            return len(data)
        answer = self._cross(_coroutine(dev_handle.control_in(setup, timeout_ms=timeout)))
        data[: len(answer)] = array("B", answer)
        return len(answer)


async def _opened(usb: Usb, device: AttachedDevice) -> UsbHandle:
    return await usb.open(device)


async def _coroutine(call: Coroutine[Any, Any, T]) -> T:
    return await call
