"""In which order the blocks of one module are written, so that an interruption leaves nothing half valid.

Sources: Device OS 6.2, bootloader/src/nRF52840/usbd_dfu_mal (what a header at 0xB4000 sets off), and its
services/security_mode (what service mode accepts).
"""

from __future__ import annotations

from enum import Enum

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.placement import Placement
from particle_cli.domain.platforms.values import Platform


class BlockOrder(Enum):
    """The order of a module's blocks; the header block is the first, with vector table and prefix."""

    HEADER_LAST = "header_last"
    """A module without its header is no module: what was interrupted is never taken for whole."""
    HEADER_BEFORE_FORMER_SLOT = "header_before_former_slot"
    """For an application that reaches over the place of the 128K application of older releases: as soon as a
    valid header stands at 0xB4000, the bootloader of the nRF52840 erases the page at 0xD4000. That page is
    written after the header, and last."""
    HEADER_FIRST = "header_first"
    """For a system part in service mode: the bootloader decides by the header what may follow."""
    ASCENDING = "ascending"
    """For what has no header: erased bytes."""


def block_order(
    placement: Placement, function: int, platform: Platform, protection: Protection
) -> BlockOrder:
    """Return the order that is right for a module at its place."""
    if function == ModuleFunction.SYSTEM_PART and protection is Protection.SERVICE_MODE:
        return BlockOrder.HEADER_FIRST
    return (
        BlockOrder.HEADER_BEFORE_FORMER_SLOT
        if function == ModuleFunction.USER_PART and covers_former_slot(placement, platform)
        else BlockOrder.HEADER_LAST
    )


def covers_former_slot(placement: Placement, platform: Platform) -> bool:
    """Tell whether a placement starts below the former application slot and reaches into it."""
    former = platform.segments.former_user_part
    return (
        former is not None
        and placement.alternate == former.alt
        and placement.address < former.address < placement.end
    )


def block_sequence(
    order: BlockOrder, placement: Placement, platform: Platform, transfer_size: int
) -> tuple[int, ...]:
    """Return the numbers of the blocks, counted from 0 at the placement's address, in the order of writing.

    Args:
        order: which order.
        placement: what is written where.
        platform: the kind of device.
        transfer_size: bytes of a block; the last may be shorter.
    """
    count = -(-placement.size // transfer_size)
    former = platform.segments.former_user_part
    if order is BlockOrder.HEADER_LAST:
        return (*range(1, count), 0)
    if order is BlockOrder.HEADER_BEFORE_FORMER_SLOT and former is not None:
        page = range(
            (former.address - placement.address) // transfer_size,
            min(count, -(-(former.address + former.size - placement.address) // transfer_size)),
        )
        return (*(block for block in range(1, count) if block not in page), 0, *page)
    return tuple(range(count))
