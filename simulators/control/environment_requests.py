"""The environment variables of the device."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, reply, since
from particle_cli.simulators.system.system import System

_SINCE = since(6400)


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""
    environment = system.environment

    def show(payload: bytes) -> Outcome:
        answer = config_pb2.GetEnvReply(snapshot_hash=environment.snapshot_hash)
        for one in environment.variables:
            answer.vars.add(name=one.name, value=one.value, is_app=one.of_application)
        return reply(answer)

    def clear(payload: bytes) -> Outcome:
        """Forget what came from the cloud; a program that has read it is to begin anew."""
        had_any = bool(environment.from_cloud)
        environment.from_cloud = {}
        return reply(config_pb2.ClearEnvReply(need_reset=had_any))

    return {
        RequestType.GET_ENV: Entry(show, _SINCE, NEVER),
        RequestType.CLEAR_ENV: Entry(clear, _SINCE, NEVER),
    }
