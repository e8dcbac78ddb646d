"""To whom the device belongs: the claim code that it takes to the cloud, and whether it is claimed."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, configuration, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.dct import CLAIM_CODE, CLAIM_CODE_SIZE
from particle_cli.simulators.system.ownership import Ownership
from particle_cli.simulators.system.system import System

_LONGEST_CODE = 64
"""What can be received; a code has 63 characters, and no more are kept."""


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def set_claim_code(payload: bytes) -> Outcome:
        code = decoded(config_pb2.SetClaimCodeRequest, payload).code.encode()
        if len(code) > _LONGEST_CODE:
            raise RequestFailed(system_error.BAD_DATA)
        stored = code[:CLAIM_CODE_SIZE].ljust(CLAIM_CODE_SIZE, b"\0")
        return Outcome(takes_ms=configuration(system).write(CLAIM_CODE, stored))

    def is_claimed(payload: bytes) -> Outcome:
        configuration(system)
        return reply(config_pb2.IsClaimedReply(claimed=Ownership(system.hardware).claimed))

    return {
        RequestType.SET_CLAIM_CODE: Entry(set_claim_code, gen2=since(300)),
        RequestType.IS_CLAIMED: Entry(is_claimed, gen2=since(300)),
    }
