"""The device's diagnostics."""

from __future__ import annotations

import json
from collections.abc import Mapping

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def diagnostics(payload: bytes) -> Outcome:
        if payload:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        connection = system.connection
        status = 2 if connection.online else int(connection.connecting)
        sources = {
            "sys:protected": int(BootloaderSide(system).protected),
            "net:stat": 4 if connection.online else 0,
            "cloud:stat": status,
        }
        return Outcome(reply=json.dumps(sources, separators=(",", ":")).encode())

    return {RequestType.DIAGNOSTIC_INFO: Entry(diagnostics, gen2=since(300))}
