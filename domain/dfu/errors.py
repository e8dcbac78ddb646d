"""What can go wrong between a host and a bootloader."""

from __future__ import annotations

from particle_cli.domain.errors import DeviceRefused, DomainError


class DfuError(DomainError):
    """Something about DFU went wrong."""

    code = "dfu"


class MemoryMapError(DfuError):
    """A device describes its memory in a way that cannot be read."""

    code = "dfu_memory_map"


class OutsideMemory(DfuError):
    """A range of addresses that the device does not have."""

    code = "dfu_outside_memory"


class MemoryLocked(DfuError):
    """A range of addresses that the device does not let a host read, or write."""

    code = "dfu_memory_locked"


class NoSuchMemory(DfuError):
    """A device has no alternate setting of that number."""

    code = "dfu_no_such_memory"


class DfuFailed(DfuError):
    """The bootloader failed at something, again and again."""

    code = "dfu_failed"


class DfuRefused(DeviceRefused):
    """The bootloader's rules forbid it."""

    code = "dfu_refused"


class CommandUnknown(DfuRefused):
    """The bootloader is too old to know a command."""

    code = "dfu_command_unknown"
