"""Device Protection: whether it is in force, and its override."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def state(payload: bytes) -> Outcome:
        side = BootloaderSide(system)
        return reply(config_pb2.GetProtectedStateReply(state=side.protected, overridden=side.overridden))

    def set_state(payload: bytes) -> Outcome:
        request = decoded(config_pb2.SetProtectedStateRequest, payload)
        if request.action != config_pb2.SetProtectedStateRequest.RESET:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        system.override_resets = 0
        return Outcome()

    return {
        RequestType.GET_PROTECTED_STATE: Entry(state, since(6000), since(6000)),
        RequestType.SET_PROTECTED_STATE: Entry(set_state, since(6101), since(6101)),
    }
