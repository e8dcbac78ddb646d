"""`particle flash DEVICE …` and `particle cloud flash`: firmware to devices, over the air."""

from __future__ import annotations

import random
import shlex
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.over_the_air import send_firmware
from particle_cli.domain.cloud.products import mark_as_development
from particle_cli.domain.flashing.over_the_air import Packing, Parcel, is_binary
from particle_cli.entrypoints.cli.commands.cloud_session import (
    check_product_device,
    cloud_session,
    prefixed,
)
from particle_cli.entrypoints.cli.commands.downloads import downloads
from particle_cli.entrypoints.cli.result import Plain, Result, error_data
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.domain.flashing.following import Arrival, Follower
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

GOOD_FOR_S = 15 * 60.0
_SHOWN_ON = "flashWarningShownOn"
_FIRST_FLASH = (
    ":::: The first time that a device is flashed, its Device OS may have to be brought up to date as well.",
    ":::: That can take up to 10 minutes, and the device may restart more than once meanwhile.",
    ":::: Its LED blinks magenta while firmware comes: leave it powered until it breathes cyan.",
    ":::: This is said only once.",
)


class Sent(Result):
    """What became of each device: an update that was begun or followed to its end, a plan, or an error."""

    def __init__(
        self, devices: Sequence[str], outcomes: Sequence[tuple[Parcel, Arrival | None] | Plan | ParticleError]
    ) -> None:
        """Keep devices and outcomes, in the same order."""
        self._outcomes = tuple(zip(devices, outcomes, strict=True))
        self.errors = tuple(outcome for outcome in outcomes if isinstance(outcome, ParticleError))

    def text(self, width: int) -> str:
        """Return what a person wants to know in the end."""
        return "\n".join(line for device, outcome in self._outcomes for line in _lines(device, outcome))

    def data(self) -> Plain:
        """Return an object for one device, a list of them for several."""
        data = [_data(device, outcome) for device, outcome in self._outcomes]
        return data[0] if len(data) == 1 else data


class Plan:
    """What would be sent to a device."""

    def __init__(self, paths: Sequence[str], *, compiled: bool, product: str | None) -> None:
        """Keep the words, and whether they stand for sources."""
        self.paths = tuple(paths)
        self.compiled = compiled
        self.product = product


async def run(given: Given, wires: Wires) -> Result:
    """Send firmware to the device that the first word names, `particle cloud flash`."""
    return await flash_over_the_air(given, wires, (given.word("device"), *given.rest("files")))


async def flash_over_the_air(given: Given, wires: Wires, typed: Sequence[str]) -> Result:
    """Send firmware to one device or several, or say what would be sent."""
    devices, paths = _meant(given, wires, typed)
    product = given.text("product")
    for device in devices:
        check_product_device(device, product)
    if given.flag("dry-run"):
        compiled = not is_binary(paths[0] if paths else ".", wires.files)
        return Sent(devices, [Plan(paths or (".",), compiled=compiled, product=product) for _ in devices])
    _tell_of_first_flash(wires)
    async with cloud_session(wires, good_for_s=GOOD_FOR_S) as client:
        jobs = [_Job(given, wires, client, device, paths) for device in devices]
        if len(jobs) == 1:
            return Sent(devices, [await jobs[0].carry_out()])
        return Sent(devices, await wires.clock.together(*(job.carry_out() for job in jobs)))


def _meant(given: Given, wires: Wires, typed: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return devices and files. Raises: UsageError."""
    named = given.texts("device") if given.path == "flash" else ()
    if named:
        return named, typed
    device, paths = typed[0], typed[1:]
    if not paths and (wires.files.is_file(device) or wires.files.is_folder(device)):
        raise UsageError(
            f"{device} is to be flashed, but to which device?",
            next_step=f"Name it first: particle flash DEVICE {shlex.quote(device)}. "
            f"Or over USB: particle flash --local {shlex.quote(device)}",
        )
    return (device,), paths


def _tell_of_first_flash(wires: Wires) -> None:
    """Tell once what a first flash may bring along."""
    profile = wires.profile
    if not profile.warned_of_flash:
        for line in _FIRST_FLASH:
            wires.person.note(line)
        wires.settings.set(profile.name, _SHOWN_ON, round(wires.clock.now().timestamp() * 1000))


class _Job:
    """One device to send firmware to."""

    def __init__(
        self, given: Given, wires: Wires, client: CloudClient, device: str, paths: Sequence[str]
    ) -> None:
        self._given = given
        self._wires = wires
        self._client = client
        self._device = device
        self._paths = paths

    async def carry_out(self) -> tuple[Parcel, Arrival | None]:
        """Make the parcel and send it; if that is wanted, wait until the device runs what was in it."""
        given, wires, product = self._given, self._wires, self._given.text("product")
        target = given.text("target")
        packing = Packing(
            self._client,
            wires.files,
            wires.person,
            downloads(wires),
            target=None if target == "latest" else target,
            follow_links=given.flag("followSymlinks"),
        )
        with prefixed(f"Failed to flash {self._device}: "):
            parcel = await packing.parcel(self._device, self._paths, product)
            if product is not None:
                wires.person.say(f"Marking device {self._device} as a development device")
                await mark_as_development(self._client, product, self._device)
            wires.person.say(f"Flashing firmware to your device {self._device}")
            if given.flag("wait"):
                arrival = await self._send_and_wait(parcel)
            else:
                arrival = None
                await self._send(parcel)
        self._tell_end(product)
        return parcel, arrival

    async def _send(self, parcel: Parcel) -> None:
        await send_firmware(self._client, parcel.device, parcel.name, parcel.content, product=parcel.product)

    async def _send_and_wait(self, parcel: Parcel) -> Arrival:
        """Send the parcel, and follow what the device tells until it is back."""
        from particle_cli.domain.cloud.subscription import Persistence
        from particle_cli.domain.flashing.following import LONGEST_S, Follower

        wires = self._wires
        follower = Follower(
            self._client,
            wires.clock,
            device=parcel.device,
            product=parcel.product,
            persistence=Persistence(jitter=random.random),
        )
        limit_s = self._given.number("timeout")
        return await self._watch(follower, parcel, LONGEST_S if limit_s is None else limit_s)

    async def _watch(self, follower: Follower, parcel: Parcel, limit_s: float) -> Arrival:
        from particle_cli.domain.flashing.update_course import Stage

        with self._wires.person.progress(f"{self._device}: {Stage.SENDING.value}", 3) as bar:
            shown = Stage.SENDING

            def told(stage: Stage) -> None:
                nonlocal shown
                if stage is not shown and stage is not Stage.FAILED:
                    shown = stage
                    bar.label(f"{self._device}: {stage.value}")
                    bar.advance(1)

            return await follower.follow(
                lambda: self._send(parcel), app_hash=parcel.app_hash, limit_s=limit_s, told=told
            )

    def _tell_end(self, product: str | None) -> None:
        person, device = self._wires.person, self._device
        if product is not None:
            person.say(
                f"Device {device} is now marked as a developement device and will NOT receive automatic "
                "product firmware updates."
            )
            person.say("To resume normal updates, please visit:")
            person.say(f"https://console.particle.io/{product}/devices/unmark-development/{device}")
        person.say("Flash success!")


def _lines(device: str, outcome: tuple[Parcel, Arrival | None] | Plan | ParticleError) -> Sequence[str]:
    if isinstance(outcome, ParticleError):
        return []  # told as an error
    if isinstance(outcome, Plan):
        what = " ".join(outcome.paths)
        through = f", through product {outcome.product}" if outcome.product else ""
        compiled = f"{what}, compiled in the cloud," if outcome.compiled and what != "tinker" else what
        return [f"Would send {compiled} to {device} over the air{through}."]
    _, arrival = outcome
    if arrival is None:
        return []
    runs = f"application {arrival.app_hash[:12]}" if arrival.app_hash else "its new firmware"
    device_os = f" on Device OS {arrival.device_os}" if arrival.device_os else ""
    return [f"{device} is back after {arrival.seconds:.0f} s and runs {runs}{device_os}."]


def _data(device: str, outcome: tuple[Parcel, Arrival | None] | Plan | ParticleError) -> Plain:
    if isinstance(outcome, ParticleError):
        return {"device": device, "error": error_data(outcome)}
    if isinstance(outcome, Plan):
        return {
            "device": device,
            "dryRun": True,
            "files": outcome.paths,
            "compile": outcome.compiled and outcome.paths != ("tinker",),
            "product": outcome.product,
        }
    parcel, arrival = outcome
    return {
        "device": device,
        "product": parcel.product,
        "file": parcel.name,
        "size": len(parcel.content),
        "status": "started" if arrival is None else "running",
        "application": parcel.app_hash if arrival is None else arrival.app_hash,
        "deviceOs": arrival.device_os if arrival else None,
        "seconds": arrival.seconds if arrival else None,
    }
