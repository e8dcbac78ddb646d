"""The single steps that bring modules to their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.blocks import BlockOrder, block_order, block_sequence
from particle_cli.domain.flashing.errors import NotFlashable
from particle_cli.domain.flashing.estimate import RESTART_MS, TO_DFU_MS, dfu_write_ms, update_ms
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.grouping import Grouping
from particle_cli.domain.flashing.placement import Placement, blank
from particle_cli.domain.flashing.steps import Mode, SendUpdate, Step, SwitchMode, Transport, WriteMemory
from particle_cli.domain.flashing.target import StoredAsset, Target

FORMER_SLOT_STEP: Final = "invalidate-128k-user-part"
"""Name of the step that makes an application of Device OS before 3.1 disappear."""


def steps_of(
    files: Sequence[FirmwareFile],
    placements: Mapping[int, Placement],
    grouping: Grouping,
    target: Target,
    *,
    verify: bool,
    ends_in: Mode,
) -> Iterator[Step]:
    """Yield the steps for modules that are arranged in runs.

    Args:
        files: the modules.
        placements: where those that are written over DFU go, by their positions among the files.
        grouping: the runs.
        target: the device.
        verify: whether what is written is read back.
        ends_in: as `plan_flash` takes it.
    """
    mode = Mode.DFU if target.in_dfu else Mode.NORMAL
    for run in grouping.runs:
        needed = Mode.DFU if run.transport is Transport.DFU else Mode.NORMAL
        if needed is not mode:
            yield switch_to(needed)
            mode = needed
        for position in run.positions:
            file = files[position]
            if run.transport is Transport.DFU:
                yield from _writes(file, placements[position], target, verify=verify)
            else:
                yield _update(file)
    stays = ends_in is Mode.DFU and target.in_dfu
    if mode is Mode.DFU and not stays:
        yield switch_to(Mode.NORMAL)


def _writes(
    file: FirmwareFile, placement: Placement, target: Target, *, verify: bool
) -> Iterator[WriteMemory]:
    """Yield the writes of one module, with what must disappear before it."""
    former = target.platform.segments.former_user_part
    below = former is not None and placement.end <= former.address
    if file.function == ModuleFunction.USER_PART and former is not None and below:
        empty = blank(target.platform, former.alt, former.address, former.size, FORMER_SLOT_STEP)
        yield WriteMemory(
            name=FORMER_SLOT_STEP,
            title="end of the 128K application of older Device OS",
            version=None,
            placement=empty,
            order=BlockOrder.ASCENDING,
            sequence=block_sequence(BlockOrder.ASCENDING, empty, target.platform, _transfer_size(target)),
            estimate_ms=dfu_write_ms(empty, target.platform.family, _transfer_size(target), verify=verify),
        )
    yield write_of(file, placement, target, verify=verify)


def write_of(file: FirmwareFile, placement: Placement, target: Target, *, verify: bool) -> WriteMemory:
    """Return the step that writes a module to its place. Raises: NotFlashable without DFU mode."""
    order = block_order(placement, file.function, target.platform, target.protection)
    transfer_size = _transfer_size(target)
    return WriteMemory(
        name=file.name,
        title=file.title,
        version=file.version,
        placement=placement,
        order=order,
        sequence=block_sequence(order, placement, target.platform, transfer_size),
        estimate_ms=dfu_write_ms(placement, target.platform.family, transfer_size, verify=verify),
    )


def _update(file: FirmwareFile) -> SendUpdate:
    data = file.image()
    digest = file.asset_hash
    return SendUpdate(
        name=file.name,
        title=file.title,
        function=file.function,
        index=file.index,
        version=file.version,
        sha256=file.module.uuid,
        data=data,
        asset=StoredAsset(file.name, digest) if digest and file.function == ModuleFunction.ASSET else None,
        estimate_ms=update_ms(len(data)) + RESTART_MS,
    )


def switch_to(to: Mode) -> SwitchMode:
    """Return the step that changes the mode."""
    return SwitchMode(to, TO_DFU_MS if to is Mode.DFU else RESTART_MS)


def _transfer_size(target: Target) -> int:
    if target.platform.dfu is None:
        raise NotFlashable(f"{target.platform.display_name} has no DFU mode.")
    return target.platform.dfu.transfer_size
