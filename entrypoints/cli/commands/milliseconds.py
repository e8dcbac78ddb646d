"""The `--timeout` of the two commands that have one of their own, in milliseconds as in the Node CLI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given

_DEFAULT_MS = 60_000.0


def seconds_given(given: Given) -> float:
    """Return the limit in seconds. Raises: UsageError for what is none."""
    milliseconds = given.number("timeout")
    if milliseconds is None:
        milliseconds = _DEFAULT_MS
    if not 0 < milliseconds < float("inf"):
        raise UsageError("--timeout must be a number of milliseconds above 0.")
    return milliseconds / 1000
