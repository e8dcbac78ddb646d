"""From firmware files and a device to the steps that flash it; nothing is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.errors import DeviceProtected
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.errors import NotFlashable, PlaceTaken
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.grouping import Grouping, group
from particle_cli.domain.flashing.order import dependency_graph
from particle_cli.domain.flashing.placement import Placement, place_factory_image, place_module
from particle_cli.domain.flashing.requirements import check_requirements, consequences
from particle_cli.domain.flashing.selection import select
from particle_cli.domain.flashing.slots import checked_slot
from particle_cli.domain.flashing.step_making import steps_of, switch_to, write_of
from particle_cli.domain.flashing.steps import Mode, Skipped, Step, SwitchMode, Transport
from particle_cli.domain.flashing.target import Target


@frozen
class Plan:
    """The steps of a flash, in order, for one device.

    Attributes:
        target: the device, as it was when the plan was made.
        steps: what to do.
        skipped: files that are not flashed, and why.
        warnings: what may be wrong, or could not be known.
        verify: whether what is written over DFU is read back and compared.
        ends_in: the mode that the device is left in.
    """

    target: Target
    steps: tuple[Step, ...]
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[str, ...] = ()
    verify: bool = True
    ends_in: Mode = Mode.NORMAL

    @property
    def estimate_ms(self) -> int:
        """About how long all of it takes."""
        return sum(step.estimate_ms for step in self.steps)

    @property
    def mode_switches(self) -> int:
        """How often the device changes its mode, restarts after an update not counted."""
        return sum(isinstance(step, SwitchMode) for step in self.steps)


def plan_flash(
    files: Sequence[FirmwareFile],
    target: Target,
    *,
    verify: bool = True,
    ends_in: Mode = Mode.NORMAL,
) -> Plan:
    """Return the steps that bring the files onto the device.

    Args:
        files: the modules, in the order in which they were given.
        target: the device.
        verify: whether to read back what was written over DFU.
        ends_in: the mode to leave the device in. DFU only counts where the device is in it already and no
            step needs another.

    Raises:
        FlashingError: one of the files is not for this device, has no place there, is in the way of another,
            or needs what is missing; or nothing is left to flash.
        DowngradeRefused: a protected device would lose its protection.
        DeviceProtected: the device takes nothing, as it is not in service mode.
    """
    chosen, skipped = select(files, target)
    check_unlocked(target)
    warnings = (*check_requirements(chosen, target), *consequences(chosen, target))
    transports = [transport_of(file, target) for file in chosen]
    placements = {
        position: place_module(file, target.platform)
        for position, file in enumerate(chosen)
        if transports[position] is Transport.DFU
    }
    _check_places(chosen, placements)
    grouping = group(dependency_graph(chosen), transports, in_dfu=target.in_dfu)
    steps = tuple(steps_of(chosen, placements, grouping, target, verify=verify, ends_in=ends_in))
    return Plan(
        target=target,
        steps=steps,
        skipped=skipped,
        warnings=(*warnings, *_about_waived(chosen, grouping)),
        verify=verify,
        ends_in=_last_mode(steps, target),
    )


def plan_factory(file: FirmwareFile, target: Target, *, verify: bool = True) -> Plan:
    """Return the steps that make an application the one that a factory reset restores.

    A device that is in DFU mode is left in it, as what it runs does not change.

    Raises: as `plan_flash`; FactoryUnsupported where there is no such place.
    """
    (chosen,), skipped = select([file], target)
    check_unlocked(target)
    placement = place_factory_image(chosen, target.platform)
    write = write_of(chosen, placement, target, verify=verify)
    steps = (write,) if target.in_dfu else (switch_to(Mode.DFU), write, switch_to(Mode.NORMAL))
    return Plan(target, steps, skipped, verify=verify, ends_in=_last_mode(steps, target))


def transport_of(file: FirmwareFile, target: Target) -> Transport:
    """Return how a module reaches the device. Raises: NotFlashable, Misplaced for what has no place there."""
    if file.function == ModuleFunction.ASSET:
        return Transport.CONTROL_REQUEST
    slot = checked_slot(file, target.platform)
    if slot.flash_via == "dfu" and target.platform.dfu is None:
        raise NotFlashable(f"{target.platform.display_name} has no DFU mode; {file.name} cannot be flashed.")
    return Transport.DFU if slot.flash_via == "dfu" else Transport.CONTROL_REQUEST


def check_unlocked(target: Target) -> None:
    """Refuse a device that takes nothing: protected, and not in service mode. Raises: DeviceProtected."""
    if target.protection is Protection.PROTECTED:
        raise DeviceProtected(
            "Operation could not be completed due to Device Protection: "
            f"{target.platform.display_name} {target.id} is a Protected Device."
        )


def _check_places(files: Sequence[FirmwareFile], placements: Mapping[int, Placement]) -> None:
    for first, placement in placements.items():
        for second, other in placements.items():
            if first < second and placement.collides(other):
                one, two = files[first], files[second]
                raise PlaceTaken(
                    f"{one.name} ({one.title}, {placement.address:#010x} to {placement.end:#010x}) and "
                    f"{two.name} ({two.title}, {other.address:#010x} to {other.end:#010x}) are in each "
                    "other's way.",
                    next_step="Leave one of them out.",
                )


def _last_mode(steps: Sequence[Step], target: Target) -> Mode:
    modes = [step.to for step in steps if isinstance(step, SwitchMode)]
    return modes[-1] if modes else Mode.DFU if target.in_dfu else Mode.NORMAL


def _about_waived(files: Sequence[FirmwareFile], grouping: Grouping) -> tuple[str, ...]:
    return tuple(
        f"The device is in DFU mode, so {files[second].name} is written before {files[first].name}, which it "
        "needs; in between the device starts in safe mode."
        for first, second in sorted(grouping.waived)
    )
