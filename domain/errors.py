"""The domain's branch of the tree of errors; each room adds its own classes below these."""

from __future__ import annotations

from particle_cli.ports.errors import ParticleError


class DomainError(ParticleError):
    """A rule of the domain was broken, by a file, a device or the cloud."""

    code = "domain"


class ProtocolError(DomainError):
    """A device or server said something that its protocol does not allow."""

    code = "protocol"


class DeviceRefused(DomainError):
    """A device or server understood, and said no."""

    code = "refused"


class DeviceProtected(DeviceRefused):
    """Device Protection forbids it."""

    code = "device_protected"

    def __init__(self, message: str, *, next_step: str | None = None) -> None:
        """Keep the message; unless another is given, the next step is to put the device in service mode."""
        next_step = next_step or (
            "Put the device in service mode, then run the command again: particle device-protection disable"
        )
        super().__init__(message, next_step=next_step)
