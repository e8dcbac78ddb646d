"""Module information as text, as Gen 2 devices with Device OS 0.8 to 1.0 give it: a describe message."""

from __future__ import annotations

import json

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.errors import ProtocolError
from particle_cli.domain.firmware.describes import DescribedModule, DescribeInvalid, read_describe


def modules_in_text(channel: ControlChannel, text: bytes) -> tuple[DescribedModule, ...]:
    """Return the modules that a describe message tells of. Raises: ProtocolError."""
    try:
        told = json.loads(text)
        if not isinstance(told, dict):
            raise DescribeInvalid("It is no object.")
        return read_describe(told).modules
    except (ValueError, RecursionError, DescribeInvalid) as damage:
        raise ProtocolError(
            f"{channel.device}: GET_MODULE_INFO was answered with text that tells no modules."
        ) from damage
