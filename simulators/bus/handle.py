"""One open simulated device, as a host holds it."""

from __future__ import annotations

from particle_cli.ports.usb import AttachedDevice, Setup, UsbBusy, UsbError, UsbGone, UsbStall, UsbTimeout
from particle_cli.simulators.bus.wire import Attachment
from particle_cli.simulators.usb.function import CLASS, INTERFACE_RECIPIENT, StandardRequest

TIMEOUT_MS = 1000
"""For the standard requests that a host makes by itself."""


class SimulatedHandle:
    """An open device; one program may have several, and so may several programs."""

    def __init__(self, attachment: Attachment) -> None:
        """Open a device that is on the bus."""
        self._attachment = attachment
        self._closed = False

    @property
    def device(self) -> AttachedDevice:
        """The enumeration this handle was opened for."""
        return self._attachment.attached

    def _check(self) -> None:
        if self._closed:
            raise UsbGone("The handle of the device was closed.")
        self._attachment.check()

    def _check_interface(self, setup: Setup) -> None:
        to_interface = (
            setup.request_type & 0x1F == INTERFACE_RECIPIENT and setup.request_type >> 5 & 3 == CLASS
        )
        if to_interface and self._attachment.claims.get(setup.index & 0xFF, self) is not self:
            raise UsbBusy(f"Another program has interface {setup.index & 0xFF} of the device.")

    async def control_in(self, setup: Setup, *, timeout_ms: int) -> bytes:
        """Return the 0 to setup.length bytes that the device sends."""
        self._check()
        self._check_interface(setup)
        if not setup.request_type & 0x80:
            raise ValueError(f"request type {setup.request_type:#04x} goes to the device")
        return await self._attachment.control(setup, b"", timeout_ms=timeout_ms)

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        """Send the data, setup.length bytes, or none."""
        self._check()
        self._check_interface(setup)
        if setup.request_type & 0x80 or len(data) != setup.length:
            raise ValueError(f"request type {setup.request_type:#04x}, {len(data)} of {setup.length} bytes")
        await self._attachment.control(setup, bytes(data), timeout_ms=timeout_ms)

    async def bulk_read(self, endpoint: int, length: int, *, timeout_ms: int) -> bytes:
        """Wait for the time-out: a serial port talks to the system's driver (`SimulatedSerial`)."""
        self._check_endpoint(endpoint)
        await self._attachment.wait(timeout_ms / 1000)
        raise UsbTimeout(f"Nothing came from endpoint {endpoint:#04x}.")

    async def bulk_write(self, endpoint: int, data: bytes | memoryview, *, timeout_ms: int) -> int:
        """Take everything."""
        self._check_endpoint(endpoint)
        return len(data)

    def _check_endpoint(self, endpoint: int) -> None:
        self._check()
        usb = self._attachment.device.usb
        if usb is None or bytes((7, 5, endpoint, 2)) not in usb.descriptors.configuration:
            raise UsbError(f"The device has no bulk endpoint {endpoint:#04x}.")

    async def claim(self, interface: int) -> None:
        """Take the interface for this handle; UsbBusy when another has it."""
        self._check()
        usb = self._attachment.device.usb
        if usb is None or interface >= usb.descriptors.interfaces:
            raise UsbError(f"The device has no interface {interface}.")
        if self._attachment.claims.setdefault(interface, self) is not self:
            raise UsbBusy(
                f"Another program has interface {interface} of the device.",
                next_step="End the other program.",
            )

    async def release(self, interface: int) -> None:
        """Give the interface back."""
        self._check()
        if self._attachment.claims.get(interface) is self:
            del self._attachment.claims[interface]

    async def set_alternate(self, interface: int, alternate: int) -> None:
        """Select an alternate setting."""
        setup = Setup(0x01, StandardRequest.SET_INTERFACE, alternate, interface)
        await self.control_out(setup, timeout_ms=TIMEOUT_MS)

    async def descriptor(self, kind: int, index: int = 0, *, length: int = 255, language: int = 0) -> bytes:
        """Return up to length raw bytes of a descriptor; UsbStall when there is none."""
        setup = Setup(0x80, StandardRequest.GET_DESCRIPTOR, kind << 8 | index, language, length)
        return await self.control_in(setup, timeout_ms=TIMEOUT_MS)

    async def string(self, index: int) -> str:
        """Return a string descriptor's text; UsbStall when there is none."""
        if index == 0:
            raise UsbStall("String 0 is the list of languages, no text.")
        raw = await self.descriptor(3, index, language=0x0409)
        return raw[2 : raw[0]].decode("utf-16-le", errors="replace")

    async def close(self) -> None:
        """Release everything."""
        self._closed = True
        claims = self._attachment.claims
        for interface in [one for one, holder in claims.items() if holder is self]:
            del claims[interface]
