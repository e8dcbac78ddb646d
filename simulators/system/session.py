"""What the firmware has in its RAM: from a boot to the next reset."""

from __future__ import annotations

from enum import IntEnum

from attrs import define, field, frozen


class ResetReason(IntEnum):
    """Why the last reset was, as Device OS numbers it (RESET_REASON_*)."""

    PIN = 20
    POWER_DOWN = 40
    UPDATE = 70
    FACTORY_RESET = 100
    SAFE_MODE = 110
    DFU_MODE = 120
    USER = 140


@frozen
class Challenge:
    """An override that was asked for and is not confirmed yet.

    Attributes:
        server_nonce, device_nonce: the two numbers.
        key_fingerprint: that of the device's key.
        asked_s: when it was asked for, by the device's agenda.
    """

    server_nonce: bytes = field(repr=False)
    device_nonce: bytes = field(repr=False)
    key_fingerprint: bytes
    asked_s: float


@define(eq=False)
class Session:
    """One run of the firmware.

    Attributes:
        began_s: when it began, by the device's agenda.
        reset_reason: why the reset before it was.
        announced: whether the cloud has been told of the update before it, if one there was.
        nyan: whether the LED shows a rainbow, so that somebody may find the device.
        challenge: the override of Device Protection that is asked for, and not confirmed yet.
        log_handlers: the log handlers that a host has added: id and description, as JSON.
        step: number of the step of the application that comes next (see `ApplicationManifest`).
    """

    began_s: float
    reset_reason: ResetReason = ResetReason.POWER_DOWN
    announced: bool = False
    nyan: bool = False
    challenge: Challenge | None = None
    log_handlers: dict[str, str] = field(factory=dict)
    step: int = 0
