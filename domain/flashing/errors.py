"""Why something cannot be flashed, or was not."""

from __future__ import annotations

from particle_cli.domain.errors import DeviceRefused, DomainError


class FlashingError(DomainError):
    """Firmware cannot be flashed, or a flash did not come to its end."""

    code = "flashing"


class NothingToFlash(FlashingError):
    """No module is left that could be flashed."""

    code = "nothing_to_flash"


class CrcFailed(FlashingError):
    """A file was damaged: its checksum does not hold."""

    code = "crc_failed"


class WrongPlatform(FlashingError):
    """A module was built for another kind of device."""

    code = "wrong_platform"


class NotFlashable(FlashingError):
    """A module of a kind or form that this device has no place for."""

    code = "not_flashable"


class Misplaced(FlashingError):
    """A module lies outside of the region that the device keeps for it, or does not fit."""

    code = "misplaced"


class PlaceTaken(FlashingError):
    """Two modules are meant for one place."""

    code = "place_taken"


class DependencyUnmet(FlashingError):
    """A module needs another, or a newer one, that neither the files nor the device have."""

    code = "dependency_unmet"


class DependencyCycle(FlashingError):
    """Modules need one another in a ring, so that none can come first."""

    code = "dependency_cycle"


class DowngradeRefused(DeviceRefused):
    """A protected device takes no firmware from before Device Protection."""

    code = "downgrade_refused"


class FactoryUnsupported(FlashingError):
    """There is no factory reset slot for this, on this device."""

    code = "factory_unsupported"


class DeviceOsNotFound(FlashingError):
    """The cloud has no such Device OS for this kind of device."""

    code = "device_os_not_found"


class NoSuchFile(FlashingError):
    """A file or folder that was named does not exist, or holds nothing to flash."""

    code = "no_such_file"


class KnownAppUnavailable(FlashingError):
    """Particle has no application of that name for this kind of device."""

    code = "known_app_unavailable"


class FlashFailed(FlashingError):
    """A flash was begun and could not be ended; the message says what became of the device."""

    code = "flash_failed"


class UpdateFailed(FlashingError):
    """An update over the air was begun, and the device did not take it, or runs something else."""

    code = "update_failed"


class UpdateUnfinished(FlashingError):
    """An update over the air did not come to its end in the time allowed; it may still."""

    code = "update_unfinished"


class VerifyFailed(FlashingError):
    """The device does not hold what was written to it."""

    code = "verify_failed"


class SwitchUnsupported(FlashingError):
    """The device has to be put in DFU mode by hand."""

    code = "switch_unsupported"


class NotSurveyed(FlashingError):
    """A device could not be asked what it runs, so that nothing can be planned for it."""

    code = "not_surveyed"
