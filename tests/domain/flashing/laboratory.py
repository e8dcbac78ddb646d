"""One simulated device, firmware for it, and a person who remembers what was said."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import Dependency
from particle_cli.domain.firmware.records import location_record, product_record
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.firmware_file import FirmwareFile, read_firmware_file
from particle_cli.domain.flashing.plan import plan_flash
from particle_cli.domain.flashing.result import FlashResult
from particle_cli.domain.flashing.steps import Mode
from particle_cli.domain.flashing.survey import survey
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import factory_image, new_device
from particle_cli.simulators.faults import FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.application import ApplicationManifest, Function, encode_manifest
from particle_cli.simulators.firmware.boot import BootRequest

CORE, PHOTON, P1, ELECTRON, ARGON, BORON, XENON, TRACKER, P2, MSOM = 0, 6, 8, 10, 12, 13, 14, 26, 32, 35
ANSWER = 42


class Listener:
    """A person port that keeps what it is told; asks nothing."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self.warnings: list[str] = []
        self.said: list[str] = []
        self.done = 0.0

    @property
    def present(self) -> bool:
        return False

    def say(self, text: str) -> None:
        self.said.append(text)

    note = say

    def pour(self, text: str, *, raw: bool = False) -> bool:
        raise AssertionError(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    async def ask(self, question: str, *, flag: str, default: str | None = None) -> str:
        raise AssertionError(question)

    async def ask_secret(self, question: str, *, flag: str) -> str:
        raise AssertionError(question)

    async def choose(self, question: str, choices: Sequence[str], *, flag: str) -> int:
        raise AssertionError(question)

    async def confirm(self, question: str, *, flag: str, default: bool) -> bool:
        raise AssertionError(question)

    @contextmanager
    def progress(self, label: str, total: float) -> Iterator[Listener]:
        self.label(label)
        yield self

    def label(self, text: str) -> None:
        self.labels.append(text)

    def advance(self, amount: float) -> None:
        assert amount >= 0
        self.done += amount


class Laboratory:
    """A device on a bus, and a wire to it that can be spoilt.

    Attributes:
        device: the device.
        person: who is told of the flash.
        bus: the true wire.
        usb: the one that is used.
    """

    def __init__(self, device: SimulatedDevice, *, faults: FaultPlan | None = None) -> None:
        self.clock = LoopClock()
        self.bus = SimulatedBus(self.clock)
        self.usb = FaultyUsb(self.bus, self.clock, faults, unplug=self.bus.interrupt)
        self.device = device
        self.person = Listener()

    @classmethod
    async def of(
        cls, platform_id: int, *, dfu: bool = False, small: bool = True, release: str | None = None
    ) -> Laboratory:
        """Plug in a device fresh from the factory, and wait until it is up."""
        laboratory = cls(new_device(platform_id, small=small, release=release))
        await laboratory.plug(dfu=dfu)
        return laboratory

    async def plug(self, *, dfu: bool = False) -> None:
        self.bus.plug(self.device)
        await self.bus.settle()
        if dfu:
            self.device.reset(BootRequest.DFU)
            await self.bus.settle()

    async def found(self, usb: Usb | None = None) -> FoundDevice:
        (found,) = await attached_devices(usb or self.bus)
        return found

    async def flash(
        self,
        *files: FirmwareFile,
        usb: Usb | None = None,
        verify: bool = True,
        ends_in: Mode = Mode.NORMAL,
    ) -> FlashResult:
        """Ask, plan and flash, over the wire that is used or another one."""
        wire = usb or self.usb
        found = await self.found(wire)
        target = await survey(found, usb=wire, clock=self.clock)
        plan = plan_flash(files, target, verify=verify, ends_in=ends_in)
        return await flash(plan, found, usb=wire, clock=self.clock, person=self.person)

    async def attempt(self, *files: FirmwareFile) -> FlashResult | ParticleError | None:
        """Flash; return the result, the error that it ended in, or None if it was interrupted."""
        task = asyncio.ensure_future(self.flash(*files))
        try:
            return await task
        except asyncio.CancelledError:
            return None
        except ParticleError as error:
            return error

    def memory(self, address: int, size: int) -> bytes:
        """What the device's flash holds."""
        return self.device.hardware.memory.read(address, size)


def application(platform_id: int, size: int, *, name: str = "app.bin", version: int = 7) -> FirmwareFile:
    """Build an application of `size` bytes that offers `answer` to the cloud, which returns 42."""
    kind = platform(platform_id)
    function = ModuleFunction.MONO_FIRMWARE if kind.family == "core" else ModuleFunction.USER_PART
    slot = max((one for one in kind.modules if one.function == function), key=lambda one: one.index)
    needs = {"core": (), "gen2": (Dependency(ModuleFunction.SYSTEM_PART, 2, 1),)}
    table = struct.pack("<I", 0x2000_5000).ljust(0x10C, b"\0") if kind.family == "core" else b""
    start = slot.start
    records: tuple[Extension, ...] = ()
    if slot.grows_left and slot.end:
        start = slot.end - size
        records = (location_record(start, 0, 0), product_record(0xFFFF, 0xFFFF))
    overhead = len(table) + 24 + (62 if records else 36) + 4
    manifest = encode_manifest(ApplicationManifest(functions=(Function("answer", ANSWER),)))
    filler = bytes(at * 7 + (at >> 8) & 0xFF for at in range(size - overhead - len(manifest)))
    return FirmwareFile(
        name,
        build_module(
            platform_id=platform_id,
            function=function,
            index=slot.index,
            version=version,
            payload=manifest + filler,
            start_address=start,
            dependencies=needs.get(kind.family or "", (Dependency(ModuleFunction.SYSTEM_PART, 1, 1),)),
            preamble=table,
            suffix_extensions=records,
        ),
    )


def release(platform_id: int) -> list[FirmwareFile]:
    """Return all modules of the newest Device OS for a platform, small ones, with Tinker."""
    parts = factory_image(platform(platform_id), small=True)
    return [read_firmware_file(part.data, part.filename) for part in parts]
