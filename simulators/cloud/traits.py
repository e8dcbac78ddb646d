"""The names of what a simulated cloud may have that it has not by itself."""

from __future__ import annotations

from typing import Final

RATE_LIMITS: Final = "rate_limits"
"""It turns away who asks too often."""
KEEP_ALIVE: Final = "keep_alive"
"""It believes a device that has vanished to be online until two keep-alives have failed to come."""
TRANSFERS_APPROVED: Final = "transfers_approved"
"""Whoever is asked for a device says yes at once."""

TRAITS: Final = (RATE_LIMITS, KEEP_ALIVE, TRANSFERS_APPROVED)
