"""What the firmware has in its RAM: from a boot to the next reset."""

from __future__ import annotations

from attrs import define, field


@define(eq=False)
class Session:
    """One run of the firmware.

    Attributes:
        began_s: when it began, by the device's agenda.
        nyan: whether the LED shows a rainbow, so that somebody may find the device.
        log_handlers: the log handlers that a host has added: id and description, as JSON.
        step: number of the step of the application that comes next (see `ApplicationManifest`).
    """

    began_s: float
    nyan: bool = False
    log_handlers: dict[str, str] = field(factory=dict)
    step: int = 0
