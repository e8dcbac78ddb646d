"""The connection to the cloud: how it stands, and whether it is wanted."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import cloud_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, reply
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""
    connection = system.connection

    def status(payload: bytes) -> Outcome:
        status = cloud_pb2.CONNECTING if connection.connecting else cloud_pb2.DISCONNECTED
        if connection.online:
            status = cloud_pb2.CONNECTED
        return reply(cloud_pb2.GetConnectionStatusReply(status=status))

    def connect(payload: bytes) -> Outcome:
        connection.automatic = True
        return Outcome()

    def disconnect(payload: bytes) -> Outcome:
        connection.automatic = False
        return Outcome()

    return {
        RequestType.CLOUD_GET_CONNECTION_STATUS: Entry(status),
        RequestType.CLOUD_CONNECT: Entry(connect),
        RequestType.CLOUD_DISCONNECT: Entry(disconnect),
    }
