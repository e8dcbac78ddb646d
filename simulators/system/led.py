"""The RGB LED, by which a device tells people what it does."""

from __future__ import annotations

from attrs import frozen

from particle_cli.simulators.firmware.boot import Mode


@frozen
class Led:
    """What it shows: a pattern (`off`, `solid`, `blinking`, `fast blinking`, `breathing`) of a colour.

    The pattern `rainbow` has colours of its own.
    """

    pattern: str
    colour: str = ""

    def __str__(self) -> str:
        """Return it in words, e.g. `breathing cyan`."""
        return f"{self.pattern} {self.colour}".strip()


_BY_MODE = {
    Mode.OFF: Led("off"),
    Mode.RESETTING: Led("off"),
    Mode.DEAD: Led("off"),
    Mode.DFU: Led("blinking", "yellow"),
    Mode.LISTENING: Led("blinking", "blue"),
}


def led_of(
    mode: Mode, *, online: bool, connecting: bool, linked: bool, updating: bool, nyan: bool = False
) -> Led:
    """Return what the LED shows.

    Args:
        mode: what the device is doing.
        online: whether it is connected to the cloud.
        connecting: whether it is on its way there.
        linked: whether it is connected with a network.
        updating: whether it is receiving firmware.
        nyan: whether it calls for attention.
    """
    if nyan and mode.runs_firmware:
        return Led("rainbow")
    if mode in _BY_MODE:
        return _BY_MODE[mode]
    if updating:
        return Led("blinking", "magenta")
    if online:
        return Led("breathing", "magenta" if mode is Mode.SAFE else "cyan")
    if connecting:
        return Led("fast blinking", "cyan")
    if linked:
        return Led("breathing", "green")
    return Led("blinking", "green")  # looking for a network
