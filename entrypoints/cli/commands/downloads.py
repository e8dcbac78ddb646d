"""Where downloaded Device OS is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from particle_cli.entrypoints.wires import Wires


def downloads(wires: Wires) -> str:
    """Return the folder for downloaded Device OS; what a simulated cloud offers is kept apart."""
    simulated = wires.profile.api_url == "sim:"
    return f"{wires.settings.folder}/device-os-flash/{'simulated' if simulated else 'binaries'}"
