"""What comparing a device's memory with the bytes meant for it can show."""

from __future__ import annotations

from attrs import frozen


@frozen
class Verified:
    """The memory holds what it should, all `size` bytes."""

    size: int


@frozen
class Differs:
    """The memory holds something else.

    Attributes:
        address: where it first differs.
        expected, found: the byte there.
    """

    address: int
    expected: int
    found: int


@frozen
class NotVerified:
    """The device does not let its memory be read, for the reason given; nothing is known."""

    reason: str


Verification = Verified | Differs | NotVerified


def compare(address: int, expected: bytes | memoryview, found: bytes) -> Differs | None:
    """Return the first difference between two pieces of memory of one length, or None."""
    if found == expected:
        return None
    at = next(i for i, (one, other) in enumerate(zip(expected, found, strict=True)) if one != other)
    return Differs(address + at, expected[at], found[at])
