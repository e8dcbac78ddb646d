"""What can be wrong with a platform id or name."""

from __future__ import annotations

from particle_cli.domain.errors import DomainError


class UnknownPlatform(DomainError):
    """There is no platform of that id or name."""

    code = "unknown_platform"
