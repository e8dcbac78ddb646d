"""Module information as text, as Gen 2 devices with Device OS 0.8 to 1.0 give it: a describe message."""

from __future__ import annotations

import json

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.module_info import Check, InstalledModule, ModuleStore
from particle_cli.domain.errors import ProtocolError
from particle_cli.domain.firmware import describes
from particle_cli.domain.firmware.describes import DescribedModule, DescribeInvalid
from particle_cli.domain.firmware.functions import ModuleFunction

_STORES = {
    describes.MAIN: ModuleStore.MAIN,
    describes.FACTORY: ModuleStore.FACTORY,
    describes.BACKUP: ModuleStore.BACKUP,
    describes.SCRATCHPAD: ModuleStore.SCRATCHPAD,
}


def modules_in_text(channel: ControlChannel, text: bytes) -> tuple[InstalledModule, ...]:
    """Return the modules that a describe message tells of.

    Their size is not told: it is 0. Raises: ProtocolError.
    """
    try:
        told = json.loads(text)
        if not isinstance(told, dict):
            raise DescribeInvalid("It is no object.")
        return tuple(map(_module, describes.read_describe(told).modules))
    except (ValueError, RecursionError, DescribeInvalid) as damage:
        raise ProtocolError(
            f"{channel.device}: GET_MODULE_INFO was answered with text that tells no modules."
        ) from damage


def _module(told: DescribedModule) -> InstalledModule:
    return InstalledModule(
        function=ModuleFunction.NONE if told.function is None else told.function,
        index=told.index or 0,
        version=told.version or 0,
        store=_STORES.get(told.location),
        size=0,
        max_size=told.max_size,
        sha256=told.uuid.lower() if told.uuid else None,
        failed=Check(told.checked & ~told.passed),
        dependencies=told.dependencies,
    )
