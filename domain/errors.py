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
