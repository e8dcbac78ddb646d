"""What a device knows of its owner: the claim code it takes to the cloud, and whether it is claimed."""

from __future__ import annotations

from particle_cli.simulators.hardware.dct import CLAIM_CODE, CLAIM_CODE_SIZE, CLAIMED
from particle_cli.simulators.hardware.hardware import Hardware


class Ownership:
    """That part of a device's configuration."""

    def __init__(self, hardware: Hardware) -> None:
        """Look at the configuration of a device."""
        self._dct = hardware.dct

    @property
    def claim_code(self) -> str | None:
        """The claim code that the device was given, or None."""
        code = self._dct.read(CLAIM_CODE, CLAIM_CODE_SIZE).strip(b"\0\xff") if self._dct else b""
        return code.decode("ascii", "replace") or None

    @property
    def claimed(self) -> bool:
        """Whether the device believes that it has an owner."""
        return self._dct is not None and self._dct.read(CLAIMED, 1) == b"\x01"

    def note(self, claimed: bool) -> None:
        """Let the device know that it has an owner, or none any more; its claim code is used up by that."""
        if self._dct:
            self._dct.write(CLAIMED, bytes((claimed,)))
            if claimed:
                self._dct.write(CLAIM_CODE, bytes(CLAIM_CODE_SIZE))
