"""Why there is no device to work with."""

from __future__ import annotations

from particle_cli.domain.errors import DomainError


class DeviceError(DomainError):
    """The device wanted cannot be had."""

    code = "device"


class NoDevices(DeviceError):
    """No device that would do is attached."""

    code = "no_devices"


class DeviceNotAttached(DeviceError):
    """The device named is not attached."""

    code = "device_not_attached"


class DeviceUnknown(DeviceError):
    """There is no device of that name."""

    code = "device_unknown"


class SeveralDevices(DeviceError):
    """More than one device would do, and none was named."""

    code = "several_devices"


class WrongMode(DeviceError):
    """The device is not in the mode that is needed, or did not reach it."""

    code = "wrong_mode"


class DeviceLost(DeviceError):
    """The device left the bus and did not come back."""

    code = "device_lost"
