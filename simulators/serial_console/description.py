"""The modules of the device as JSON, as the console tells them, and describe messages to the cloud do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from particle_cli.domain.firmware.functions import ModuleFunction, letter
from particle_cli.simulators.firmware.installed import ALL_CHECKS, InstalledModule
from particle_cli.simulators.system.system import System

_MOST_DEPENDENCIES: Final = 2
_MAIN: Final = "m"
"""Where modules that run are stored."""


def description(system: System) -> str:
    """Return the answer to `s`."""
    document: dict[str, object] = {"p": system.hardware.platform.id}
    modem = system.network.modem
    if modem is not None:
        document |= {"imei": modem.imei, "iccid": modem.iccid, "cellfw": modem.firmware}
    document["m"] = [_module(one) for one in system.verdict.modules]
    return json.dumps(document, separators=(",", ":")) + "\r\n"


def _module(one: InstalledModule) -> Mapping[str, object]:
    prefix = one.prefix
    told: dict[str, object] = {"s": one.slot.max_size or 0, "l": _MAIN, "vc": ALL_CHECKS, "vv": one.passed}
    if prefix.function == ModuleFunction.USER_PART and one.module:
        told["u"] = one.module.suffix.sha256.hex().upper()
    told |= {"f": letter(prefix.function), "n": str(prefix.index), "v": prefix.version}
    told["d"] = [
        {"f": letter(need.function), "n": str(need.index), "v": need.version}
        for need in one.dependencies[:_MOST_DEPENDENCIES]
    ]
    return told
