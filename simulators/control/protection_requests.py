"""Device Protection: whether it is in force, and its override."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System

_MOST_BYTES = 32
"""Of a nonce or a fingerprint; more are not received."""


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def state(payload: bytes) -> Outcome:
        side = BootloaderSide(system)
        return reply(config_pb2.GetProtectedStateReply(state=side.protected, overridden=side.overridden))

    def set_state(payload: bytes) -> Outcome:
        from particle_cli.simulators.system import protection

        request = decoded(config_pb2.SetProtectedStateRequest, payload)
        limited = (request.prepare.server_nonce, request.confirm.server_public_key_fingerprint)
        if any(len(part) > _MOST_BYTES for part in limited):
            raise RequestFailed(system_error.BAD_DATA)
        if request.action == request.RESET:
            protection.end_override(system)
        elif request.action == request.PREPARE:
            return _prepared(system, request.prepare.server_nonce)
        elif request.action == request.CONFIRM:
            answer = request.confirm
            protection.confirm(system, answer.server_signature, answer.server_public_key_fingerprint)
        else:
            raise RequestFailed(system_error.INVALID_ARGUMENT)
        return Outcome()

    return {
        RequestType.GET_PROTECTED_STATE: Entry(state, since(6000), NEVER),
        RequestType.SET_PROTECTED_STATE: Entry(set_state, since(6101), NEVER),
    }


def _prepared(system: System, server_nonce: bytes) -> Outcome:
    """Begin an override; where there is nothing to override, the reply says nothing."""
    from particle_cli.simulators.system.protection import prepare

    answer = config_pb2.SetProtectedStateReply()
    if BootloaderSide(system).protected:
        done = prepare(system, server_nonce)
        answer.prepare.device_nonce = done.nonce
        answer.prepare.device_signature = done.signature
        answer.prepare.device_public_key_fingerprint = done.key_fingerprint
    return reply(answer)
