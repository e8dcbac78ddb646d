"""The cellular modem and its SIMs, on Gen 3 and later (Device OS system/src/control/cellular.cpp)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from particle_cli.domain.control.messages import cellular_pb2 as pb
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, decoded, reply
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.network.modem import COMMAND_MS, Modem, PacketNetwork, Sim
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

_TELLS_IMEI: Final = 5800
_SIMS: Final = {pb.INTERNAL: Sim.INTERNAL, pb.EXTERNAL: Sim.EXTERNAL}
_NUMBERS: Final = {sim: number for number, sim in _SIMS.items()}


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group; none without a modem."""
    modem = system.network.modem
    if modem is None:
        return {}

    def gen3(handle: Callable[[System, Modem, bytes], Outcome]) -> Entry:
        return Entry(partial(handle, system, modem), gen2=NEVER)

    return {
        RequestType.CELLULAR_SET_ACCESS_POINT: gen3(_set_access_point),
        RequestType.CELLULAR_GET_ACCESS_POINT: gen3(_access_point),
        RequestType.CELLULAR_SET_ACTIVE_SIM: gen3(_set_active_sim),
        RequestType.CELLULAR_GET_ACTIVE_SIM: gen3(_active_sim),
        RequestType.CELLULAR_GET_ICCID: gen3(_sim_identity),
    }


def _sim(number: pb.SimType) -> Sim:
    sim = _SIMS.get(number)
    if sim is None:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    return sim


def _set_access_point(system: System, modem: Modem, payload: bytes) -> Outcome:
    """Remember the access point for a SIM, for the next time the modem connects."""
    request = decoded(pb.SetAccessPointRequest, payload)
    sim, told = _sim(request.sim_type), request.access_point
    modem.access_points.pop(sim, None)
    if not told.use_defaults:
        modem.access_points[sim] = PacketNetwork(told.apn, told.user, told.password)
    return Outcome()


def _access_point(system: System, modem: Modem, payload: bytes) -> Outcome:
    known = modem.access_points.get(_sim(decoded(pb.GetAccessPointRequest, payload).sim_type))
    shown = (
        pb.AccessPoint(apn=known.name, user=known.user, password=known.password)
        if known
        else pb.AccessPoint(use_defaults=True)
    )
    return reply(pb.GetAccessPointReply(access_point=shown))


def _set_active_sim(system: System, modem: Modem, payload: bytes) -> Outcome:
    """Choose a SIM; the modem goes on with the other one until the next reset."""
    modem.active_sim = _sim(decoded(pb.SetActiveSimRequest, payload).sim_type)
    return Outcome()


def _active_sim(system: System, modem: Modem, payload: bytes) -> Outcome:
    return reply(pb.GetActiveSimReply(sim_type=_NUMBERS[modem.active_sim]))


def _sim_identity(system: System, modem: Modem, payload: bytes) -> Outcome:
    """Ask the modem, once it is on; without a SIM it answers with an error."""
    takes_ms = modem.power_on() + COMMAND_MS
    if not modem.sim_present:
        return Outcome(system_error.AT_NOT_OK, takes_ms=takes_ms)
    imei = modem.imei if system_version(system) >= _TELLS_IMEI else ""
    return reply(pb.GetIccidReply(iccid=modem.iccid, imei=imei), takes_ms=takes_ms)
