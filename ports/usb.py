"""The USB wire: which devices are attached, and transfers with one of them."""

from __future__ import annotations

from typing import Protocol

from attrs import field, frozen

from particle_cli.ports.errors import WireError


class UsbError(WireError):
    """A USB transfer or operation failed in a way that has no class of its own."""

    code = "usb"


class UsbStall(UsbError):
    """The device refused the request; the wire and the handle are fine."""

    code = "usb_stall"


class UsbTimeout(UsbError):
    """The device did not answer in the time given; it may or may not have acted."""

    code = "usb_timeout"


class UsbGone(UsbError):
    """The device was unplugged or has reset; its handle is of no further use."""

    code = "usb_gone"


class UsbAccessDenied(UsbError):
    """The system does not let this user open the device."""

    code = "usb_access_denied"


class UsbBusy(UsbError):
    """Another program holds the device or interface."""

    code = "usb_busy"


class UsbUnavailable(UsbError):
    """There is no way to USB on this machine, e.g. the libusb library is missing."""

    code = "usb_unavailable"


@frozen
class AttachedDevice:
    """One enumeration of a device on the bus, as it can be told without opening it.

    Attributes:
        vendor_id: 16-bit USB vendor id.
        product_id: 16-bit USB product id; tells platform and mode.
        serial: serial number string, or None where the system does not tell before the device is opened.
        bus_path: where it is plugged in, e.g. `1-2.3`; stays the same over a reset.
        arrival: number of this enumeration; new and higher each time a device appears, never used again.
    """

    vendor_id: int
    product_id: int
    serial: str | None
    bus_path: str
    arrival: int


@frozen
class Setup:
    """The setup packet of a control transfer (USB 2.0, 9.3).

    Attributes:
        request_type: bmRequestType, direction included.
        request: bRequest.
        value: wValue, 16 bits.
        index: wIndex, 16 bits.
        length: wLength in bytes: the most to read, or the size of the data to write.
        secret: whether the data of the transfer holds passwords or keys; not a part of the packet. Whoever
            keeps a record of transfers writes zeros in place of such data.
    """

    request_type: int
    request: int
    value: int = 0
    index: int = 0
    length: int = 0
    secret: bool = field(default=False, eq=False)

    def pack(self) -> bytes:
        """Return the eight bytes as they go over the wire, little-endian."""
        return bytes((self.request_type, self.request)) + b"".join(
            part.to_bytes(2, "little") for part in (self.value, self.index, self.length)
        )


class UsbHandle(Protocol):
    """One open device. After UsbGone only `close` is of use.

    Every method may raise UsbGone; transfers also UsbStall (refused, all else is well) and UsbTimeout.
    """

    @property
    def device(self) -> AttachedDevice:
        """The enumeration this handle was opened for, with its serial number if it has one."""
        ...

    async def control_in(self, setup: Setup, *, timeout_ms: int) -> bytes:
        """Return the 0 to setup.length bytes that the device sends."""
        ...

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        """Send the data, setup.length bytes, or none."""
        ...

    async def bulk_read(self, endpoint: int, length: int, *, timeout_ms: int) -> bytes:
        """Return the 0 to length bytes of one bulk transfer from an IN endpoint (0x81 to 0x8F)."""
        ...

    async def bulk_write(self, endpoint: int, data: bytes | memoryview, *, timeout_ms: int) -> int:
        """Send the data to an OUT endpoint (0x01 to 0x0F); return how many bytes were taken."""
        ...

    async def claim(self, interface: int) -> None:
        """Take the interface for this handle, detaching a kernel driver; UsbBusy when another has it."""
        ...

    async def release(self, interface: int) -> None:
        """Give the interface back."""
        ...

    async def set_alternate(self, interface: int, alternate: int) -> None:
        """Select an alternate setting (standard request SET_INTERFACE)."""
        ...

    async def descriptor(self, kind: int, index: int = 0, *, length: int = 255, language: int = 0) -> bytes:
        """Return up to length raw bytes of a descriptor (standard request GET_DESCRIPTOR).

        Kinds: 1 device, 2 configuration, 3 string, 0x21 DFU functional. UsbStall when there is none.
        """
        ...

    async def string(self, index: int) -> str:
        """Return a string descriptor's text in US English (0x0409); UsbStall when there is none."""
        ...

    async def close(self) -> None:
        """Release everything; never raises, may be called twice."""
        ...


class Usb(Protocol):
    """A place where USB devices are attached."""

    async def attached(self) -> tuple[AttachedDevice, ...]:
        """Return what is attached now, in order of arrival. Raises UsbUnavailable."""
        ...

    async def changed(
        self, seen: tuple[AttachedDevice, ...], *, timeout_ms: int
    ) -> tuple[AttachedDevice, ...]:
        """Return what is attached as soon as it differs from `seen`, or after the time as it then is.

        Level-triggered: a difference that exists already returns at once.
        """
        ...

    async def open(self, device: AttachedDevice) -> UsbHandle:
        """Open this enumeration of a device.

        Raises: UsbGone (no longer there), UsbAccessDenied, UsbBusy.
        """
        ...


@frozen
class UsbTransfer:
    """One transfer that took place, for counting and tracing.

    Attributes:
        device: arrival number of the device.
        setup: the setup packet.
        data: bytes sent or received; may hold secrets, hence no repr.
        started_s, ended_s: clock seconds between which the bus was busy with it.
        outcome: "ok", or the code of the error it ended in.
    """

    device: int
    setup: Setup
    data: bytes = field(repr=False)
    started_s: float
    ended_s: float
    outcome: str
