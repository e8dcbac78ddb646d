"""`particle flash`: firmware to devices, over USB here and over the air in `flash_cloud`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from particle_cli.domain.devices.finding import find_device
from particle_cli.domain.devices.found import label
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.local import (
    FlashWish,
    Workbench,
    plan_factory_reset,
    plan_local,
    plan_usb,
)
from particle_cli.domain.flashing.plan_report import plan_data, plan_lines
from particle_cli.domain.flashing.result_report import result_data, result_lines
from particle_cli.domain.flashing.words import FlashWords, read_words
from particle_cli.entrypoints.cli.commands.cloud_session import LONG_JOB_S, cloud_session
from particle_cli.entrypoints.cli.commands.despite_protection import despite_protection
from particle_cli.entrypoints.cli.commands.device_choice import one_device
from particle_cli.entrypoints.cli.commands.device_names import names_for
from particle_cli.entrypoints.cli.commands.downloads import downloads
from particle_cli.entrypoints.cli.result import Plain, Result, error_data
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.domain.flashing.plan import Plan
    from particle_cli.domain.flashing.result import FlashResult
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_LOCAL, _USB, _FACTORY, _SERIAL, _CLOUD = "--local", "--usb", "--factory", "--serial", "--cloud"
_NO_YMODEM = (
    "NOTE: particle flash serial has been replaced by particle flash --local.",
    "Please use that command going forward.",
    "",
)


class Flashed(Result):
    """What became of each device: a result, a plan, or an error."""

    def __init__(
        self, devices: Sequence[FoundDevice], outcomes: Sequence[FlashResult | Plan | ParticleError]
    ) -> None:
        """Keep devices and outcomes, in the same order."""
        self._outcomes = tuple(zip(devices, outcomes, strict=True))
        self.errors = tuple(outcome for outcome in outcomes if isinstance(outcome, ParticleError))

    def text(self, width: int) -> str:
        """Return what a person wants to know of each device, under its name where there are several."""
        several = len(self._outcomes) > 1
        blocks: list[str] = []
        for device, outcome in self._outcomes:
            lines = _lines(outcome)
            blocks += [f"{label(device)}:", *(f"  {line}" for line in lines)] if several and lines else lines
        return "\n".join(blocks)

    def data(self) -> Plain:
        """Return an object for one device, a list of them for several."""
        data = [_data(device, outcome) for device, outcome in self._outcomes]
        return data[0] if len(data) == 1 else data


async def run(given: Given, wires: Wires) -> Result:
    """Flash one device or several, or say how it would be done."""
    way, typed = _way(given), _typed(given)
    if way == _CLOUD:
        from particle_cli.entrypoints.cli.commands.flash_cloud import flash_over_the_air

        return await flash_over_the_air(given, wires, typed)
    seconds = given.number("timeout")
    if seconds is None:
        return await _flash(given, wires, way, typed)
    async with wires.clock.timeout(seconds):
        return await _flash(given, wires, way, typed)


async def serial(given: Given, wires: Wires) -> Result:
    """Flash the device on a serial port, over USB."""
    return await _flash(given, wires, _SERIAL, (given.word("binary"),))


async def _flash(given: Given, wires: Wires, way: str, typed: Sequence[str]) -> Result:
    named = given.texts("device")
    if way == _SERIAL:
        for line in _NO_YMODEM:
            wires.person.note(line)
        named = named or (await _on_port(given, wires),)
    words = read_words(typed, wires.files, device=named[0] if named else None)
    if way in (_USB, _FACTORY) and len(words.paths) > 1:
        raise UsageError(f"{way} takes one binary, not {len(words.paths)}: {' '.join(words.paths)}")
    devices = await _devices(named or ((words.device,) if words.device else ()), wires)
    jobs = [_Job(given, wires, way, words, device) for device in devices]
    if len(jobs) == 1:
        return Flashed(devices, [await jobs[0].carry_out()])
    return Flashed(devices, await wires.clock.together(*(job.carry_out() for job in jobs)))


def _way(given: Given) -> str:
    """Return the way that was asked for. Raises: UsageError."""
    if given.flag("factory"):
        return _FACTORY
    if given.flag("usb"):
        return _USB
    if given.flag("local"):
        return _LOCAL
    if given.flag("serial"):
        return _SERIAL
    if not (_typed(given) or given.texts("device")):
        raise UsageError("You must specify a device or a file")
    return _CLOUD


def _typed(given: Given) -> tuple[str, ...]:
    first = given.optional("device")
    return (first, *given.rest("files")) if first else given.rest("files")


async def _on_port(given: Given, wires: Wires) -> str:
    """Return the id of the device on the serial port that is meant."""
    from particle_cli.entrypoints.cli.commands.port_choice import port_with_device

    _, number = await port_with_device(wires, given.text("port"))
    return number


async def _devices(words: Sequence[str], wires: Wires) -> Sequence[FoundDevice]:
    """Return the devices named, or the only one, or the one that the person chooses."""
    if words:
        names = await names_for(wires, words)
        return [await find_device(wires.usb, word, names=names) for word in words]
    return [await one_device(wires, None)]


class _Job:
    """One device to flash."""

    def __init__(self, given: Given, wires: Wires, way: str, words: FlashWords, device: FoundDevice) -> None:
        self._given = given
        self._wires = wires
        self._way = way
        self._words = words
        self._device = device

    async def carry_out(self) -> FlashResult | Plan:
        """Plan, and unless only the plan was wanted, flash; a protected device in service mode."""
        if self._given.flag("dry-run"):
            return await self._plan(self._device)
        return await despite_protection(self._wires, self._device, self._flash)

    async def _flash(self, device: FoundDevice) -> FlashResult:
        plan = await self._plan(device)
        wires = self._wires
        for warning in plan.warnings:
            wires.person.warn(warning)
        result = await flash(
            plan,
            device,
            usb=wires.usb,
            clock=wires.clock,
            person=wires.person,
            again=self._command_line(),
        )
        for warning in result.warnings[len(plan.warnings) :]:
            wires.person.warn(warning)
        return result

    @property
    def _application_only(self) -> bool:
        return self._way == _SERIAL or self._given.flag("application-only")

    async def _plan(self, device: FoundDevice) -> Plan:
        given, wires = self._given, self._wires
        wish = FlashWish(
            device_os=given.text("target"),
            application_only=self._application_only,
            follow_links=given.flag("followSymlinks"),
            verify=not given.flag("no-verify"),
        )
        bench = workbench(wires)
        if self._way in (_LOCAL, _SERIAL):
            return await plan_local(self._words, device, bench, wish)
        path = self._words.known_app or self._words.paths[0]
        planner = plan_factory_reset if self._way == _FACTORY else plan_usb
        return await planner(path, device, bench, wish)

    def _command_line(self) -> str:
        """Return the words that do the same to the same device once more."""
        given, words = self._given, self._words
        flags = [_LOCAL if self._way == _SERIAL else self._way]
        for name in ("profile", "target"):
            value = given.text(name)
            flags += [f"--{name}", value] if value else []
        flags += ["--application-only"] if self._application_only else []
        flags += ["--no-verify"] if given.flag("no-verify") else []
        rest = (words.known_app,) if words.known_app else words.paths
        return shlex.join(["particle", "flash", *flags, "--device", self._device.id, *rest])


def workbench(wires: Wires) -> Workbench:
    """Return the wires that flashing needs."""
    return Workbench(
        usb=wires.usb,
        clock=wires.clock,
        files=wires.files,
        person=wires.person,
        cloud=lambda: cloud_session(wires, good_for_s=LONG_JOB_S),
        downloads=downloads(wires),
    )


def _lines(outcome: FlashResult | Plan | ParticleError) -> Sequence[str]:
    from particle_cli.domain.flashing.plan import Plan

    if isinstance(outcome, ParticleError):
        return []  # told as an error
    if isinstance(outcome, Plan):
        warnings = [f"Warning: {warning}" for warning in outcome.warnings]
        return [*plan_lines(outcome), *warnings]
    return list(result_lines(outcome))


def _data(device: FoundDevice, outcome: FlashResult | Plan | ParticleError) -> Plain:
    from particle_cli.domain.flashing.plan import Plan

    if isinstance(outcome, ParticleError):
        return {"device": device.id, "error": error_data(outcome)}
    return plan_data(outcome) if isinstance(outcome, Plan) else result_data(outcome)
