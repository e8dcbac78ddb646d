"""What a protected Gen 3 device allows in service mode, when its owner has overridden the protection."""

from __future__ import annotations

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.locating import device_prefix_offset
from particle_cli.domain.firmware.prefix import PREFIX_SIZE
from particle_cli.simulators.dfu.media import FlashMedium, MediumRefusal
from particle_cli.simulators.dfu.protocol import DfuStatus
from particle_cli.simulators.firmware.installed import SYSTEM_STARTS
from particle_cli.simulators.hardware.hardware import Hardware

LEAST_SYSTEM_VERSION = 6000
"""Older firmware does not know Device Protection and would end it."""


class ServiceModeMedium:
    """Flash without the update area, whose system part is only replaced as a whole, from its header on.

    Erasing the system part's region is accepted and ignored; a write erases page by page as it needs to.
    """

    def __init__(self, hardware: Hardware, medium: FlashMedium) -> None:
        """Put the rules over a memory."""
        self._hardware = hardware
        self._medium = medium
        slot = next(one for one in hardware.platform.modules if one.function == ModuleFunction.SYSTEM_PART)
        assert slot.start is not None
        assert slot.end is not None
        self._system = (slot.start, slot.end)
        self._starts = SYSTEM_STARTS if slot.start == SYSTEM_STARTS[0] else (slot.start,)
        self._erased_to = 0
        self._header_accepted = False

    def _keep_out_of_update_area(self, address: int, length: int) -> None:
        start, size = self._hardware.ota_area
        if address < start + size and address + length > start:
            raise MediumRefusal(DfuStatus.VENDOR, protection=True)

    def _touches_system(self, address: int, length: int) -> bool:
        start, end = self._system
        return address < end and address + length > start

    def erase(self, address: int) -> float:
        """Erase a sector outside the system part; ignore one inside."""
        self._keep_out_of_update_area(address, 1)
        return 0.0 if self._touches_system(address, 1) else self._medium.erase(address)

    def write(self, address: int, data: bytes) -> float:
        """Write; into the system part only behind a header that is new enough."""
        self._keep_out_of_update_area(address, len(data))
        if not self._touches_system(address, len(data)):
            return self._medium.write(address, data)
        if address in self._starts:
            self._header_accepted = self._new_enough(data)
            self._erased_to = address
        if not self._header_accepted:
            raise MediumRefusal(DfuStatus.VENDOR, protection=True)
        taken = 0.0
        while self._erased_to < address + len(data):
            taken += self._medium.erase(self._erased_to)
            self._erased_to += self._hardware.flash.sector_at(self._erased_to)[1]
        return taken + self._medium.write(address, data)

    def _new_enough(self, data: bytes) -> bool:
        offset = device_prefix_offset(self._hardware.platform.family, data)
        prefix = data[offset : offset + PREFIX_SIZE]
        version = int.from_bytes(prefix[10:12], "little")
        whole = len(prefix) == PREFIX_SIZE and prefix[14] == ModuleFunction.SYSTEM_PART
        return whole and version >= LEAST_SYSTEM_VERSION

    def read(self, address: int, length: int) -> bytes:
        """Read all but the update area."""
        self._keep_out_of_update_area(address, length)
        return self._medium.read(address, length)
