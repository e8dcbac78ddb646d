"""The DFU interface of a device, as its configuration descriptor tells it (USB DFU 1.1, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from particle_cli.domain.dfu.errors import NoSuchMemory
from particle_cli.domain.errors import ProtocolError

CONFIGURATION: Final = 2
"""Descriptor type of a configuration, with all that belongs to it."""
CONFIGURATION_HEAD: Final = 4
"""Bytes of it that tell how long the whole is."""

_INTERFACE: Final = 4
_FUNCTIONAL: Final = 0x21
_DFU_CLASS: Final = bytes((0xFE, 1))
_DEFAULT_TRANSFER_SIZE: Final = 1024


@frozen
class Alternate:
    """One alternate setting: its number, and the string descriptor that describes its memory."""

    number: int
    text_index: int


@frozen
class DfuInterface:
    """A DFU interface.

    Attributes:
        number: the interface number, wIndex of every request.
        alternates: the alternate settings, one for each memory.
        transfer_size: the most bytes of one transfer, and what a block number counts in.
        version: bcdDFUVersion; 0x011A for DfuSe.
    """

    number: int
    alternates: tuple[Alternate, ...]
    transfer_size: int = _DEFAULT_TRANSFER_SIZE
    version: int = 0x011A

    def alternate(self, number: int) -> Alternate:
        """Return the alternate setting of that number. Raises: NoSuchMemory."""
        for alternate in self.alternates:
            if alternate.number == number:
                return alternate
        have = ", ".join(str(alternate.number) for alternate in self.alternates)
        raise NoSuchMemory(f"The device has no DFU alternate setting {number}, only {have}.")


def total_length(head: bytes) -> int:
    """Return how long a configuration descriptor is as a whole, by its first four bytes."""
    if len(head) < CONFIGURATION_HEAD or head[1] != CONFIGURATION:
        raise ProtocolError("The device's configuration descriptor cannot be read.")
    return int.from_bytes(head[2:4], "little")


def parse_interface(configuration: bytes) -> DfuInterface:
    """Return the DFU interface in a configuration descriptor.

    The functional descriptor stands after the last alternate setting and is good for all of them; without
    one the transfer size is 1024 bytes.

    Raises: ProtocolError when there is no DFU interface, or the descriptor is broken.
    """
    alternates: list[Alternate] = []
    number, functional = 0, b""
    for kind, body in _descriptors(configuration):
        if kind == _INTERFACE and body[5:7] == _DFU_CLASS:
            number = body[2]
            alternates.append(Alternate(body[3], body[8]))
        elif kind == _FUNCTIONAL and alternates:
            functional = body
    if not alternates:
        raise ProtocolError(
            "The device has no DFU interface.", next_step="Put it in DFU mode, then try again."
        )
    if not functional:
        return DfuInterface(number, tuple(alternates))
    transfer_size = int.from_bytes(functional[5:7], "little")
    if not transfer_size:
        raise ProtocolError("The device's DFU functional descriptor allows no transfers.")
    return DfuInterface(number, tuple(alternates), transfer_size, int.from_bytes(functional[7:9], "little"))


def _descriptors(configuration: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and bytes of each descriptor, those of interest at least nine bytes long."""
    rest = configuration
    while rest:
        length = rest[0]
        short = length < 2 or length > len(rest)
        if short or (rest[1] in (_INTERFACE, _FUNCTIONAL) and length < 9):
            raise ProtocolError("The device's configuration descriptor is broken.")
        yield rest[1], rest[:length]
        rest = rest[length:]
