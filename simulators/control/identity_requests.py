"""Who the device is, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, reply
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_release


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""
    hardware = system.hardware
    return {
        RequestType.DEVICE_ID: Entry(
            lambda payload: reply(config_pb2.GetDeviceIdReply(id=hardware.device_id)), slow=True
        ),
        RequestType.SERIAL_NUMBER: Entry(
            lambda payload: reply(config_pb2.GetSerialNumberReply(serial=hardware.serial_number))
        ),
        RequestType.SYSTEM_VERSION: Entry(
            lambda payload: reply(config_pb2.GetSystemVersionReply(version=system_release(system)))
        ),
        RequestType.SYSTEM_CAPABILITIES: Entry(lambda payload: Outcome()),
    }
