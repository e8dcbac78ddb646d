"""What the application answers, or could: its own requests; and the echo."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def application(payload: bytes) -> Outcome:
        handler = system.request_handler
        if handler is None or not system.application_runs:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        return Outcome(reply=handler(payload))

    return {
        RequestType.ECHO: Entry(lambda payload: Outcome(reply=payload), since(1500), since(1500)),
        RequestType.APP_CUSTOM: Entry(application, gen2=since(300)),
    }
