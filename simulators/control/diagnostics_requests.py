"""The device's diagnostics."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.diagnostics import diagnostics
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def show(payload: bytes) -> Outcome:
        """Show all sources; to choose among them is not supported."""
        if payload:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        return Outcome(reply=diagnostics(system).encode())

    return {RequestType.DIAGNOSTIC_INFO: Entry(show, gen2=since(300))}
