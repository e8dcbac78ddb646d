"""How patient a host is with a bootloader, as one value."""

from __future__ import annotations

from attrs import frozen


@frozen
class Patience:
    """How long to wait, and how often to try again.

    Once the bootloader is back in dfuIDLE, everything may be done again: erasing and setting the address by
    their nature, reading too, and programming a block with the same bytes because NOR flash only ever clears
    bits (Gen 3; the Gen 2 bootloader verifies what it programs). What must not be done again is the leave:
    a question too many takes it back.

    Attributes:
        transfer_ms: time-out of one control transfer. A Gen 3 device answers nothing while it erases.
        attempts: how often one piece of work is tried before it counts as failed.
        pause_s: time between two attempts.
        looks: how often the state is asked for on the way to dfuIDLE.
        look_pause_s: time between two looks at a state that only time changes.
        busy_s: how long one piece of work may keep the device busy.
        departure_s: how long a device takes to reset after a leave, at the most.
    """

    transfer_ms: int = 5000
    attempts: int = 3
    pause_s: float = 0.5
    looks: int = 8
    look_pause_s: float = 0.25
    busy_s: float = 60.0
    departure_s: float = 1.5
