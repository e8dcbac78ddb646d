"""pyusb's backend for libusb 1.0: loaded when first needed, with types, and never out of date."""

from __future__ import annotations

import importlib
import os
import sys
from array import array
from collections.abc import Callable, Iterable
from typing import Final, Protocol, cast

from particle_cli.ports.usb import UsbUnavailable

_UDEV_RUNS: Final = "/run/udev/control"  # libudev itself looks for this socket


class DeviceDescriptor(Protocol):
    """The fields of a device descriptor that are read, and where the device is."""

    idVendor: int
    idProduct: int
    iSerialNumber: int
    bus: int
    address: int
    port_numbers: tuple[int, ...] | None


class Backend(Protocol):
    """What is used of `usb.backend.IBackend`, with its names; devices and handles are opaque."""

    def enumerate_devices(self) -> Iterable[object]:
        """List the devices that are attached."""
        ...

    def get_device_descriptor(self, dev: object) -> DeviceDescriptor:
        """Return the device descriptor, as it was read when the device arrived."""
        ...

    def open_device(self, dev: object) -> object:
        """Return a handle."""
        ...

    def close_device(self, dev_handle: object) -> None:
        """Close a handle."""
        ...

    def set_interface_altsetting(self, dev_handle: object, intf: int, altsetting: int) -> None:
        """Select an alternate setting."""
        ...

    def claim_interface(self, dev_handle: object, intf: int) -> None:
        """Take an interface."""
        ...

    def release_interface(self, dev_handle: object, intf: int) -> None:
        """Give an interface back."""
        ...

    def is_kernel_driver_active(self, dev_handle: object, intf: int) -> bool:
        """Tell whether a kernel driver has the interface."""
        ...

    def detach_kernel_driver(self, dev_handle: object, intf: int) -> None:
        """Take the interface from its kernel driver."""
        ...

    def attach_kernel_driver(self, dev_handle: object, intf: int) -> None:
        """Let the kernel driver have the interface again."""
        ...

    def bulk_read(self, dev_handle: object, ep: int, intf: int, buff: array[int], timeout: int) -> int:
        """Fill the buffer from an IN endpoint; return the count."""
        ...

    def bulk_write(self, dev_handle: object, ep: int, intf: int, data: array[int], timeout: int) -> int:
        """Send the data to an OUT endpoint; return the count."""
        ...

    def ctrl_transfer(
        self,
        dev_handle: object,
        bmRequestType: int,
        bRequest: int,
        wValue: int,
        wIndex: int,
        data: array[int],
        timeout: int,
    ) -> int:
        """Send the data, or fill it, in one control transfer; return the count."""
        ...


class Context:
    """A libusb context and the devices listed in it.

    It must outlive every handle opened in it, and its devices must be given back before it ends; both hold
    as long as handles keep their context.
    """

    def __init__(self, backend: Backend, *, owned: bool = False) -> None:
        """Keep the backend; an owned one ends with this object, any other lasts."""
        self.backend = backend
        self.lasting = not owned
        self.nodes: dict[int, object] = {}  # pyusb's devices by arrival number

    def __del__(self) -> None:
        """Give back the devices, then the context."""
        if not self.lasting:
            for freed in (*self.nodes.values(), self.backend):
                finalize = getattr(freed, "finalize", None)
                if callable(finalize):
                    finalize()


class Libusb:
    """The library: hands out a context whose list of devices is true at this moment."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._lasting: Context | None = None

    def context(self) -> Context:
        """Return a context in which devices can be listed and opened.

        libusb on Linux keeps its list true by listening to udev. Where no udev runs (in a container, under
        WSL) the list of a context never changes, so there each call makes a new one, which looks anew.

        Raises: UsbUnavailable.
        """
        if self._lasting is None:
            self._lasting = Context(_load())
        if sys.platform.startswith("linux") and not os.path.exists(_UDEV_RUNS):
            loaded = self._lasting.backend
            again = cast(Callable[[object], Backend], type(loaded))  # a new libusb_context, the same library
            return Context(again(getattr(loaded, "lib", None)), owned=True)
        return self._lasting


def _load() -> Backend:
    """Load libusb from the system, or from the wheel `libusb-package` where that is installed."""
    import usb.backend.libusb1

    backend = usb.backend.libusb1.get_backend()
    if backend is None:
        try:
            wheel = importlib.import_module("libusb_package")
        except ImportError:
            wheel = None
        if wheel is not None:
            backend = usb.backend.libusb1.get_backend(find_library=wheel.find_library)
    if backend is None:
        raise UsbUnavailable(
            "USB cannot be used: the library libusb 1.0 was not found, or did not start.",
            next_step=install_advice(sys.platform),
        )
    return cast(Backend, backend)


def install_advice(platform: str) -> str:
    """Return how libusb is installed on that platform (`sys.platform`)."""
    if platform.startswith("linux"):
        return (
            "Install it: sudo apt install libusb-1.0-0 (Debian, Ubuntu) or sudo dnf install libusb1 (Fedora)."
        )
    if platform == "darwin":
        return "Install it: brew install libusb."
    return f"Install it: {os.path.basename(sys.executable)} -m pip install libusb-package."
