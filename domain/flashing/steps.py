"""What a plan is made of: frozen values that say everything about one step, and do nothing."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from particle_cli.domain.flashing.blocks import BlockOrder
from particle_cli.domain.flashing.placement import Placement
from particle_cli.domain.flashing.target import StoredAsset


class Transport(Enum):
    """How a module reaches the device."""

    DFU = "dfu"
    """Written to memory while the bootloader runs."""
    CONTROL_REQUEST = "control_request"
    """Handed to the running Device OS, which puts it where it belongs and restarts."""


class Mode(Enum):
    """What a device has to be running for a step."""

    NORMAL = "normal"
    """Device OS, whether it listens, is in safe mode, or runs the application."""
    DFU = "DFU"


@frozen
class SwitchMode:
    """Restart the device into another mode, and wait until it is back."""

    to: Mode
    estimate_ms: int

    @property
    def name(self) -> str:
        """What to call it while it is done."""
        return f"Switching device to {self.to.value} mode"


@frozen
class WriteMemory:
    """Erase, write and, unless told not to, read back.

    Attributes:
        name: the file, or the name of what is done to the memory.
        title: what it is, in words.
        version: the module version, or None for what is no module.
        placement: bytes and place.
        order: the order of the blocks, in a word.
        sequence: the order of the blocks, in numbers from 0 at the placement's address.
        estimate_ms: about how long it takes.
    """

    name: str
    title: str
    version: int | None
    placement: Placement
    order: BlockOrder
    sequence: tuple[int, ...] = field(repr=False)
    estimate_ms: int


@frozen
class SendUpdate:
    """Hand a module to Device OS, which checks it, puts it in its place, and restarts.

    Attributes:
        name: the file.
        title: what it is, in words.
        function, index, version, sha256: by which the device knows it, the hash in hexadecimal digits.
        data: the module, whole.
        asset: for an asset, what the device would list it as; it is skipped where that is there already.
        estimate_ms: about how long it takes.
    """

    name: str
    title: str
    function: int
    index: int
    version: int
    sha256: str
    data: bytes = field(repr=False)
    asset: StoredAsset | None
    estimate_ms: int

    @property
    def size(self) -> int:
        """Bytes sent."""
        return len(self.data)


Step = SwitchMode | WriteMemory | SendUpdate


@frozen
class Skipped:
    """A file that is not flashed, and why."""

    name: str
    reason: str
