"""What the application lets the system do, and brings along for it."""

from __future__ import annotations

from attrs import define, field


@define(eq=False)
class ApplicationPolicy:
    """Decisions of the application that runs. A person sets them here; they stay over resets.

    Attributes:
        listening: whether the device may enter listening mode; not every product has a use for that.
        denied_requests: types of control requests that a filter of the application refuses.
        log_config: whether it is built with `log-config`, so that a host may add log handlers.
    """

    listening: bool = True
    denied_requests: set[int] = field(factory=set)
    log_config: bool = False
