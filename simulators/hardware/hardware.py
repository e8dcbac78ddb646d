"""What of a simulated device exists without power: its kind, its id and its memories."""

from __future__ import annotations

from random import Random

from particle_cli.domain.platforms.values import Platform, Region
from particle_cli.simulators.hardware.dct import Dct, dct_base
from particle_cli.simulators.hardware.flash_driver import FlashDriver
from particle_cli.simulators.hardware.flash_memory import FlashMemory, Load

OLD_OTA_LIMIT = 1500 * 1024
"""The OTA area that nRF52840 firmware declares; on 4 MiB parts it overlaps the assets."""


class Hardware:
    """The board of one device.

    Attributes:
        platform: what the catalogue says of its kind.
        device_id: 24 lower-case hexadecimal digits.
        memory: all of its flash.
        flash: the same, with the times that work on it takes.
        dct: the configuration table, or None (Core).
    """

    def __init__(self, platform: Platform, device_id: str, load: Load | None = None) -> None:
        """Build the board; `load` gives the sectors of its flash, else it is blank."""
        self.platform = platform
        self.device_id = device_id
        noise = Random(device_id)  # the same device leaves the same noise in every run
        self.memory = FlashMemory(load, noise=noise) if load else FlashMemory(noise=noise)
        self.flash = FlashDriver(self.memory, platform)
        base = dct_base(platform)
        self.dct = Dct(self.flash, base) if base is not None else None

    def region(self, name: str) -> Region | None:
        """Return a named region of the platform's flash map, or None."""
        return next((region for region in self.platform.flash_map if region.name == name), None)

    @property
    def serial_number(self) -> str:
        """The 15 characters on its label, made up from the device id."""
        return f"SIM{self.platform.id:02d}{self.device_id[-10:].upper()}"

    @property
    def mobile_secret(self) -> str:
        """The 15 characters that prove to the cloud who has the device, made up from the device id."""
        from hashlib import sha256

        return sha256(f"{self.device_id} mobile secret".encode()).hexdigest()[:15].upper()

    @property
    def ota_area(self) -> tuple[int, int]:
        """Start and size of where an update is received; size 0 where there is no such place."""
        region = self.region("ota")
        if region is None:
            return 0, 0
        return region.start, OLD_OTA_LIMIT if self.platform.family == "nrf52840" else region.size
