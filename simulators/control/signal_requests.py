"""Finding one device among many: its LED shows a rainbow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, since
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def signal(on: bool) -> Callable[[bytes], Outcome]:
        def handle(payload: bytes) -> Outcome:
            system.session.nyan = on
            return Outcome()

        return handle

    return {
        RequestType.START_NYAN_SIGNAL: Entry(signal(True), gen2=since(300)),
        RequestType.STOP_NYAN_SIGNAL: Entry(signal(False), gen2=since(300)),
    }
