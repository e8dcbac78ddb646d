"""Which firmware modules and assets the device has."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.asset_store import stored_assets
from particle_cli.simulators.firmware.boot import required_assets
from particle_cli.simulators.firmware.module_reports import asset_info, legacy_module_info, module_info
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

_MODULE_INFO, _NEW_MODULE_INFO = 1100, 5600


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def modules(payload: bytes) -> Outcome:
        found = system.verdict.modules
        if system_version(system) < _MODULE_INFO and system.hardware.platform.family == "gen2":
            return Outcome(reply=_as_text(system))
        if system_version(system) < _NEW_MODULE_INFO:
            return reply(legacy_module_info(found))
        return reply(module_info(system.hardware, found, protected=BootloaderSide(system).locked))

    def assets(payload: bytes) -> Outcome:
        if system.hardware.platform.assets is None:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        required = required_assets(system.verdict.application)
        return reply(asset_info(stored_assets(system.hardware), required))

    return {
        RequestType.GET_MODULE_INFO: Entry(modules, gen2=since(300), slow=True),
        RequestType.GET_ASSET_INFO: Entry(assets, since(5600), since(5600), slow=True),
    }


def _as_text(system: System) -> bytes:
    """Return what the console of listening mode says, as the first firmware with this request did."""
    from particle_cli.simulators.serial_console.description import description

    return description(system).rstrip().encode()
