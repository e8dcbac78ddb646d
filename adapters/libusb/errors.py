"""What libusb says, as errors of the usb port: translated here and nowhere else."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from usb.core import USBError

from particle_cli.ports.usb import (
    UsbAccessDenied,
    UsbBusy,
    UsbError,
    UsbGone,
    UsbStall,
    UsbTimeout,
)

# enum libusb_error of libusb.h
IO: Final = -1
ACCESS: Final = -3
NO_DEVICE: Final = -4
NOT_FOUND: Final = -5
BUSY: Final = -6
TIMEOUT: Final = -7
PIPE: Final = -9
NOT_SUPPORTED: Final = -12
OTHER: Final = -99

_KINDS: Final[dict[int, tuple[type[UsbError], str]]] = {
    ACCESS: (UsbAccessDenied, "Missing permissions to access the {}."),
    NO_DEVICE: (UsbGone, "{}: it was unplugged or has reset."),
    BUSY: (UsbBusy, "{}: another program is using it."),
    TIMEOUT: (UsbTimeout, "{}: it did not answer in time."),
    PIPE: (UsbStall, "{}: it refused the request."),
    NOT_FOUND: (UsbError, "{}: there is no such interface, or it was not claimed."),
    NOT_SUPPORTED: (UsbError, "{}: this system cannot do that with its driver."),
}
_BY_ERRNO: Final = {
    errno.EACCES: ACCESS,
    errno.ENODEV: NO_DEVICE,
    errno.ENOENT: NOT_FOUND,
    errno.EBUSY: BUSY,
    errno.ETIMEDOUT: TIMEOUT,
    errno.EPIPE: PIPE,
}
_RULES_FOLDER: Final = "/etc/udev/rules.d"
_RULES: Final = f"{_RULES_FOLDER}/50-particle.rules"


@contextmanager
def usb_errors(device: str) -> Iterator[None]:
    """Turn what pyusb raises in the body into errors of the usb port that name the device.

    Args:
        device: how to call it in a message.
    """
    try:
        yield
    except NotImplementedError as error:  # so pyusb gives LIBUSB_ERROR_NOT_SUPPORTED
        raise _told(NOT_SUPPORTED, device, str(error)) from error
    except USBError as error:
        raise _told(libusb_code(error), device, error.strerror or str(error)) from error


def libusb_code(error: USBError) -> int:
    """Return the libusb_error of an exception; its errno decides only where there is none.

    The texts and numbers of errno differ between systems, libusb's own do not.
    """
    code = getattr(error, "backend_error_code", None)
    if isinstance(code, int) and code < 0:
        return code
    return _BY_ERRNO.get(error.errno or 0, OTHER)


def _told(code: int, device: str, said: str) -> UsbError:
    kind, text = _KINDS.get(code, (UsbError, f"{{}}: the transfer failed ({said})."))
    return kind(text.replace("{}", device, 1), next_step=_next_step(code))


def _next_step(code: int) -> str | None:
    if code == ACCESS:
        return access_advice(sys.platform, udev=os.path.isdir(_RULES_FOLDER), ruled=os.path.exists(_RULES))
    if code == BUSY:
        return "Close the other program (a serial monitor, another particle command, dfu-util) and try again."
    if code == NO_DEVICE:
        return "Wait until it is back, or plug it in again."
    if code == TIMEOUT:
        return "Check its cable and try again; if it stays silent, press its RESET button."
    if code == PIPE:
        return "Press its RESET button and try again; its firmware may be too old for this."
    return None


def access_advice(platform: str, *, udev: bool, ruled: bool) -> str:
    """Return what lets this user open a device.

    Args:
        platform: `sys.platform`.
        udev: whether the system has udev, whose rules give access.
        ruled: whether there are rules for these devices; they count from the next time one is plugged in.
    """
    if platform.startswith("linux"):
        if ruled:
            return (
                "Physically unplug and reconnect your Particle devices and try again. particle usb configure"
                " brings the rules that give access up to date."
            )
        if udev:
            return "Install the rules that give access, with: particle usb configure"
        return "Run the command as root, or give this user access to the device files below /dev/bus/usb."
    if platform == "win32":
        return (
            "Close other programs that use the device; it needs the WinUSB driver, which Zadig can install."
        )
    return "Close other programs that use the device, or run the command with sudo."
