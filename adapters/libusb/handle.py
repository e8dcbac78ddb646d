"""One open device: each call waits in a thread of its own, so that the event loop never blocks."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from attrs import evolve
from usb.core import USBError

from particle_cli.adapters.libusb.backend import Context
from particle_cli.adapters.libusb.errors import IO, NO_DEVICE, OTHER, libusb_code, usb_errors
from particle_cli.ports.usb import AttachedDevice, Setup, UsbError, UsbGone, UsbStall

T = TypeVar("T")

_LONGEST_MS: Final = (
    5000  # a transfer that was given up holds the end of the process until its thread is free
)
_STRING: Final = 3
_US_ENGLISH: Final = 0x0409
_GET_DESCRIPTOR: Final = 6
_DESCRIPTOR_MS: Final = 1000
_GET_STATUS: Final = Setup(0x80, 0, length=2)
_PROBES: Final = 4
_PROBE_PAUSE_S: Final = 0.05


class LibUsbHandle:
    """An open device.

    Transfers of one handle keep their order. Time-outs are at most 5 s; what is asked beyond that is cut.
    """

    def __init__(self, context: Context, node: object, device: AttachedDevice) -> None:
        """Keep what is to be opened by `start`."""
        self._context = context
        self._backend = context.backend
        self._node = node
        self._device = device
        self._open: object | None = None
        self._closed = False
        self._detached: set[int] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"usb-{device.bus_path}")

    @property
    def device(self) -> AttachedDevice:
        """The enumeration this handle was opened for, with its serial number if it has one."""
        return self._device

    async def start(self) -> None:
        """Open the device, and read its serial number where the system has not told it."""
        try:
            await self._run(self._open_now)
        except BaseException:  # also when it was given up: what the thread opens yet is closed after it
            self._closed = True
            self._thread.submit(self._close_now)
            self._thread.shutdown(wait=False)
            raise

    async def control_in(self, setup: Setup, *, timeout_ms: int) -> bytes:
        """Return the 0 to setup.length bytes that the device sends."""
        return await self._run(lambda: self._control_in_now(setup, timeout_ms))

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        """Send the data, setup.length bytes, or none."""
        if len(data) != setup.length:
            raise ValueError(f"the setup packet announces {setup.length} bytes, the data has {len(data)}")
        buffer = array("B", bytes(data))
        await self._run(lambda: self._transfer(setup, buffer, timeout_ms))

    async def bulk_read(self, endpoint: int, length: int, *, timeout_ms: int) -> bytes:
        """Return the 0 to length bytes of one bulk transfer from an IN endpoint (0x81 to 0x8F)."""
        buffer = array("B", bytes(length))
        bound = _bounded(timeout_ms)
        read = await self._run(lambda: self._backend.bulk_read(self._open, endpoint, 0, buffer, bound))
        return buffer[:read].tobytes()

    async def bulk_write(self, endpoint: int, data: bytes | memoryview, *, timeout_ms: int) -> int:
        """Send the data to an OUT endpoint (0x01 to 0x0F); return how many bytes were taken."""
        buffer = array("B", bytes(data))
        bound = _bounded(timeout_ms)
        return await self._run(lambda: self._backend.bulk_write(self._open, endpoint, 0, buffer, bound))

    async def claim(self, interface: int) -> None:
        """Take the interface for this handle, detaching a kernel driver; UsbBusy when another has it."""
        await self._run(lambda: self._claim_now(interface))

    async def release(self, interface: int) -> None:
        """Give the interface back, also to the kernel driver that had it."""
        await self._run(lambda: self._release_now(interface))

    async def set_alternate(self, interface: int, alternate: int) -> None:
        """Select an alternate setting of a claimed interface."""
        await self._run(lambda: self._backend.set_interface_altsetting(self._open, interface, alternate))

    async def descriptor(self, kind: int, index: int = 0, *, length: int = 255, language: int = 0) -> bytes:
        """Return up to length raw bytes of a descriptor; UsbStall when there is none."""
        return await self._run(lambda: self._descriptor_now(kind, index, length, language))

    async def string(self, index: int) -> str:
        """Return a string descriptor's text in US English; UsbStall when there is none."""
        return await self._run(lambda: self._string_now(index))

    async def close(self) -> None:
        """Release everything; never raises, may be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close_now)
        finally:
            self._thread.shutdown(wait=False)

    # -- in the thread ---------------------------------------------------------------------------------

    async def _run(self, job: Callable[[], T]) -> T:
        """Run the job in the handle's thread; errors of the usb port come out of it."""
        if self._closed:
            raise UsbGone(f"{self._name}: it was closed.")

        def translated() -> T:
            with usb_errors(self._name):
                try:
                    return job()
                except USBError as error:
                    self._see_whether_it_is_gone(error)
                    raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, translated)

    @property
    def _name(self) -> str:
        return device_name(self._device)

    def _open_now(self) -> None:
        self._open = self._backend.open_device(self._node)
        if self._device.serial is None:
            index = self._backend.get_device_descriptor(self._node).iSerialNumber
            if index:
                with suppress(USBError, UsbError):
                    self._device = evolve(self._device, serial=self._string_now(index))

    def _close_now(self) -> None:
        opened, self._open = self._open, None
        if opened is not None:
            with suppress(Exception):
                self._backend.close_device(opened)

    def _transfer(self, setup: Setup, buffer: array[int], timeout_ms: int) -> int:
        return self._backend.ctrl_transfer(
            self._open,
            setup.request_type,
            setup.request,
            setup.value,
            setup.index,
            buffer,
            _bounded(timeout_ms),
        )

    def _control_in_now(self, setup: Setup, timeout_ms: int) -> bytes:
        buffer = array("B", bytes(setup.length))
        return buffer[: self._transfer(setup, buffer, timeout_ms)].tobytes()

    def _descriptor_now(self, kind: int, index: int, length: int, language: int) -> bytes:
        setup = Setup(0x80, _GET_DESCRIPTOR, kind << 8 | index, language, length)
        return self._control_in_now(setup, _DESCRIPTOR_MS)

    def _string_now(self, index: int) -> str:
        if index == 0:  # in a descriptor that names its string by index, 0 says that there is none
            raise UsbStall(f"{self._name}: it has no such string.")
        raw = self._descriptor_now(_STRING, index, 255, _US_ENGLISH)
        if len(raw) < 2 or raw[1] != _STRING or not 2 <= raw[0] <= len(raw):
            raise UsbError(f"{self._name}: string descriptor {index} is malformed.")
        return raw[2 : raw[0]].decode("utf-16-le", "replace")

    def _claim_now(self, interface: int) -> None:
        with suppress(USBError, NotImplementedError):  # no driver there, or no drivers on this system
            if self._backend.is_kernel_driver_active(self._open, interface):
                self._backend.detach_kernel_driver(self._open, interface)
                self._detached.add(interface)
        self._backend.claim_interface(self._open, interface)

    def _release_now(self, interface: int) -> None:
        self._backend.release_interface(self._open, interface)
        if interface in self._detached:
            self._detached.discard(interface)
            with suppress(USBError, NotImplementedError):
                self._backend.attach_kernel_driver(self._open, interface)

    def _see_whether_it_is_gone(self, error: USBError) -> None:
        """Raise UsbGone when a transfer failed for no known reason because the device is going away.

        A transfer that is under way while a device leaves ends in an I/O error, some moments before the
        system notices that it left.
        """
        if self._open is None or libusb_code(error) not in (IO, OTHER):
            return
        for _ in range(_PROBES):
            try:
                self._transfer(_GET_STATUS, array("B", bytes(2)), _DESCRIPTOR_MS)
            except USBError as probed:
                if libusb_code(probed) == NO_DEVICE:
                    raise probed from error
                time.sleep(_PROBE_PAUSE_S)
            else:
                return


def device_name(device: AttachedDevice) -> str:
    """Return how messages call a device: by serial number where it is known."""
    ids = f"{device.vendor_id:04x}:{device.product_id:04x}"
    return f"USB device {device.serial or ids} at {device.bus_path}"


def _bounded(timeout_ms: int) -> int:
    """0 would mean for ever."""
    return max(1, min(timeout_ms, _LONGEST_MS))
