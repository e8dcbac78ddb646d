"""A device in DFU mode: which bootloader it is, over which memories, with what protection."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import PREFIX_SIZE
from particle_cli.domain.platforms.values import AltSetting
from particle_cli.ports.usb import Setup
from particle_cli.simulators.dfu.gen2 import DfuCore, DfuGen2
from particle_cli.simulators.dfu.gen3 import Bootloader, DfuGen3
from particle_cli.simulators.dfu.media import DctMedium, FlashMedium, Medium
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.usb.answer import STALL, Agenda, Answer

_GEN2_LOCKED_BELOW = 0x0802_0000
_CORE_LOCKED_BELOW = 0x0800_5000
_NRF_LOCKED_BELOW = 0x1000
_NRF_APPLICATION, _NRF_OLD_APPLICATION = 0xB4000, 0xD4000

DfuMachine = DfuGen3 | DfuGen2


class DfuMode:
    """The bootloader's part of the USB conversation.

    Attributes:
        machine: the state machine of its DFU interface.
    """

    def __init__(self, machine: DfuMachine, alternates: int) -> None:
        """Serve a state machine over that many alternate settings."""
        self.machine = machine
        self._alternates = alternates

    def class_request(self, setup: Setup, data: bytes) -> Answer:
        """Answer a DFU request to interface 0."""
        if setup.index != 0 or setup.request_type & 0x1F != 1:
            return STALL
        return self.machine.handle(setup, data)

    def vendor_request(self, setup: Setup, data: bytes) -> Answer:
        """Refuse: control requests are the firmware's. The DFU state stays as it is."""
        return STALL

    def select(self, interface: int, alternate: int) -> bool:
        """Take an alternate setting, i.e. a memory."""
        if interface != 0 or alternate >= self._alternates:
            return False
        self.machine.alternate = alternate
        return True

    def bus_reset(self) -> None:
        """Keep everything: the bootloader does not care."""


def start_dfu(
    hardware: Hardware,
    agenda: Agenda,
    bootloader: Bootloader,
    *,
    system_whole: Callable[[], bool],
    service_mode: bool = False,
    late_stall: bool = True,
) -> DfuMode:
    """Return a bootloader that has just started, in dfuIDLE.

    Args:
        hardware: the device.
        agenda: where its reset is noted.
        bootloader: what else it can do to the device.
        system_whole: tells whether all system parts are valid now.
        service_mode: whether Device Protection is overridden.
        late_stall: see `DfuGen3`.
    """
    dfu = hardware.platform.dfu
    assert dfu is not None
    media = {
        setting.alt: _medium(hardware, setting, system_whole=system_whole) for setting in dfu.alt_settings
    }
    family = hardware.platform.family
    machine: DfuMachine
    if family in ("gen2", "core"):
        make = DfuCore if family == "core" else DfuGen2
        machine = make(
            media,
            agenda,
            bootloader,
            poll_timeouts={
                one.alt: dfu.poll_timeout_ms[_timeout_key(one, dfu.poll_timeout_ms)]
                for one in dfu.alt_settings
            },
            transfer_size=dfu.transfer_size,
            late_stall=late_stall,
        )
    else:
        if service_mode:
            media = _in_service_mode(hardware, media)
        machine = DfuGen3(media, agenda, bootloader, transfer_size=dfu.transfer_size, late_stall=late_stall)
    return DfuMode(machine, len(media))


def _timeout_key(setting: AltSetting, known: Mapping[str, object]) -> str:
    return setting.media if setting.media in known else "internal_flash"


def _medium(hardware: Hardware, setting: AltSetting, *, system_whole: Callable[[], bool]) -> Medium:
    platform = hardware.platform
    if setting.media == "dct":
        assert hardware.dct is not None
        # The functions that read a Photon's or P1's table lie in its system parts.
        needs_system = platform.family == "gen2" and "wifi" in platform.features
        return DctMedium(hardware.dct, intact=system_whole if needs_system else lambda: True)
    medium = FlashMedium(hardware.flash, setting.start, setting.end)
    if setting.media == "internal_flash":
        if platform.family == "gen2":
            medium.locked_below, medium.verifies = _GEN2_LOCKED_BELOW, True
        elif platform.family == "core":
            medium.locked_below = _CORE_LOCKED_BELOW
        elif platform.family == "nrf52840":
            medium.locked_below = _NRF_LOCKED_BELOW
            medium.after_write = _OldApplicationEraser(hardware)
    medium.zeros_outside = platform.family in ("gen2", "core")
    return medium


class _OldApplicationEraser:
    """Erases the old application when a new one is begun at the start of the 256 KiB slot (nRF52840)."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware

    def __call__(self, address: int, data: bytes) -> float:
        if address != _NRF_APPLICATION or len(data) < PREFIX_SIZE:
            return 0.0
        start, end = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4))
        if start == address and end > start and data[14] == ModuleFunction.USER_PART:
            return self._hardware.flash.erase_sector(_NRF_OLD_APPLICATION)
        return 0.0


def _in_service_mode(hardware: Hardware, media: Mapping[int, Medium]) -> dict[int, Medium]:
    from particle_cli.simulators.dfu.service_mode import ServiceModeMedium

    return {
        alt: ServiceModeMedium(hardware, medium) if isinstance(medium, FlashMedium) else medium
        for alt, medium in media.items()
    }
