"""Receiving firmware over control requests: start, data in order, finish. Any error ends the update."""

from __future__ import annotations

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.asset_store import AssetTooLarge, store_asset, wipe_assets
from particle_cli.simulators.firmware.boot import required_assets
from particle_cli.simulators.firmware.pending_update import forget_pending, note_pending
from particle_cli.simulators.firmware.staged import StagedImage
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.firmware.update_check import check_update
from particle_cli.simulators.hardware.flash_driver import OutsideFlash
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System

CHUNK_SIZE = 1024


class FirmwareUpdate:
    """The update that a device is receiving, or none.

    Attributes:
        size: bytes announced; 0 while there is no update.
        received: bytes that have arrived.
    """

    def __init__(self, system: System) -> None:
        """Begin without an update."""
        self._system = system
        self.size = 0
        self.received = 0

    def start(self, size: int) -> float:
        """Begin an update of that size, in place of one under way, and erase the room for it.

        Returns: the milliseconds that it takes. Raises: RequestFailed.
        """
        self.cancel()
        system = self._system
        hardware = system.hardware
        area, room = hardware.ota_area
        if not 1 <= size <= room:
            raise RequestFailed(system_error.OTA_INVALID_SIZE)
        if system.application_runs and not (system.updates_enabled or system.updates_forced):
            raise RequestFailed(system_error.OTA_UPDATES_DISABLED)
        if system.updating:  # from the cloud
            raise RequestFailed(system_error.INVALID_STATE)
        forget_pending(hardware)
        taken_ms = 0.0
        assets = hardware.region("asset_storage")
        if assets and area < assets.end and area + size > assets.start:
            taken_ms += wipe_assets(hardware)  # on 4 MiB parts a large update lies over the assets
        try:
            taken_ms += hardware.flash.erase(area, size)
        except OutsideFlash:
            raise RequestFailed(system_error.FLASH_IO) from None
        self.size, self.received = size, 0
        system.updating = True
        return taken_ms

    def add(self, data: bytes) -> float:
        """Take the next bytes. Returns: the milliseconds that it takes. Raises: RequestFailed."""
        if not self.size:
            raise RequestFailed(system_error.INVALID_STATE)
        if not 1 <= len(data) <= self.size - self.received:
            self.cancel()
            raise RequestFailed(system_error.OUT_OF_RANGE)
        area, _ = self._system.hardware.ota_area
        taken_ms = self._system.hardware.flash.program(area + self.received, data)
        self.received += len(data)
        return taken_ms

    def cancel(self) -> None:
        """Forget the update under way."""
        if self.size:
            self.size = self.received = 0
            self._system.updating = False

    def finish(self, *, validate_only: bool) -> float:
        """Check what was received; unless that is all that is wanted, have it applied at the next reset.

        Returns: the milliseconds that it takes. Raises: RequestFailed.
        """
        size, received = self.size, self.received
        self.cancel()
        if not size or received != size:
            raise RequestFailed(system_error.INVALID_STATE)
        system = self._system
        area, _ = system.hardware.ota_area
        data = system.hardware.memory.read(area, size)
        protected = BootloaderSide(system).locked
        images = check_update(system.hardware, data, system.verdict.modules, protected=protected)
        if validate_only:
            return 0.0
        try:
            return self._take_over(images, area)
        except AssetTooLarge:
            raise RequestFailed(system_error.TOO_LARGE) from None

    def _take_over(self, images: tuple[StagedImage, ...], address: int) -> float:
        """Put assets into their store; note all else for the bootloader. Return the milliseconds it takes."""
        system = self._system
        taken_ms = 0.0
        for image in images:
            if image.prefix.function == ModuleFunction.ASSET:
                required = required_assets(system.verdict.application)
                taken_ms += store_asset(system.hardware, image, required)
            else:
                note_pending(system.hardware, address, len(image.data))
            address += len(image.data)
        return taken_ms
