"""The two buttons of a device, and what it means to hold one."""

from __future__ import annotations

from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.system.session import ResetReason
from particle_cli.simulators.system.system import System

LISTENING_HOLD_S = 3.0
FORGETTING_HOLD_S = 10.0
SAFE_MODE_HOLD_S = 1.0
DFU_HOLD_S = 3.0
"""Like the one before, counted from the moment at which RESET is let go."""


def press(system: System, button: str, hold_s: float) -> None:
    """Press a button of a device and let go; see `SimulatedDevice.press`."""
    if button not in ("reset", "mode", "both"):
        raise ValueError(f"a device has no button {button!r}")
    if system.mode is Mode.OFF:
        return
    if button == "reset":
        system.reset(reason=ResetReason.PIN)
    elif button == "both":
        system.reset(_asked_by(hold_s), reason=ResetReason.PIN)
    elif hold_s >= FORGETTING_HOLD_S:
        _forget_networks(system)
    elif hold_s >= LISTENING_HOLD_S:
        system.listen(system.mode is not Mode.LISTENING)


def _forget_networks(system: System) -> None:
    """Listen, and forget all Wi-Fi networks, once the button has been held that long while listening."""
    system.listen(True)
    if system.mode is Mode.LISTENING and system.network.wifi:
        system.network.wifi.clear()


def _asked_by(hold_s: float) -> BootRequest:
    if hold_s >= DFU_HOLD_S:
        return BootRequest.DFU
    return BootRequest.SAFE if hold_s >= SAFE_MODE_HOLD_S else BootRequest.NOTHING
