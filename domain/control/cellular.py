"""The SIM cards and access points of cellular devices of Gen 3 and later.

Every function may raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED from devices
without a modem.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import cellular_pb2 as cellular
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


class Sim(Enum):
    """Which SIM card; the names are those of the messages."""

    INTERNAL = 1
    EXTERNAL = 2


@frozen
class CellularAccessPoint:
    """The access point of a mobile network.

    Attributes:
        apn: its name.
        user, password: what it asks for, often nothing.
        use_defaults: whether the device takes what it knows of the SIM card's network instead.
    """

    apn: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    use_defaults: bool = False


@frozen
class SimIdentity:
    """Who the SIM card and the modem are.

    Attributes:
        iccid: number of the SIM card.
        imei: number of the modem; None from Device OS before 5.8, which does not tell.
    """

    iccid: str
    imei: str | None


async def sim_identity(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> SimIdentity:
    """Return the numbers of SIM card and modem; the device switches the modem on for it, if need be."""
    reply = await exchange(
        channel, RequestType.CELLULAR_GET_ICCID, cellular.GetIccidReply, timeout_s=timeout_s
    )
    return SimIdentity(reply.iccid, reply.imei or None)


async def access_point(
    channel: ControlChannel, sim: Sim, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> CellularAccessPoint:
    """Return the access point that is used with a SIM card."""
    reply = await exchange(
        channel,
        RequestType.CELLULAR_GET_ACCESS_POINT,
        cellular.GetAccessPointReply,
        cellular.GetAccessPointRequest(sim_type=sim.name),
        timeout_s=timeout_s,
        secret=True,
    )
    told = reply.access_point
    return CellularAccessPoint(told.apn, told.user, told.password, told.use_defaults)


async def set_access_point(
    channel: ControlChannel,
    sim: Sim,
    wanted: CellularAccessPoint,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Store the access point to use with a SIM card."""
    request = cellular.SetAccessPointRequest(
        sim_type=sim.name,
        access_point=cellular.AccessPoint(
            apn=wanted.apn, user=wanted.user, password=wanted.password, use_defaults=wanted.use_defaults
        ),
    )
    await channel.request(
        RequestType.CELLULAR_SET_ACCESS_POINT, request.SerializeToString(), timeout_s=timeout_s, secret=True
    )


async def active_sim(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Sim | None:
    """Return which SIM card the device uses, or None where it does not tell one that is known here."""
    reply = await exchange(
        channel, RequestType.CELLULAR_GET_ACTIVE_SIM, cellular.GetActiveSimReply, timeout_s=timeout_s
    )
    return member(Sim, reply.sim_type)


async def set_active_sim(channel: ControlChannel, sim: Sim, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device use a SIM card, from its next reset on."""
    request = cellular.SetActiveSimRequest(sim_type=sim.name)
    await channel.request(
        RequestType.CELLULAR_SET_ACTIVE_SIM, request.SerializeToString(), timeout_s=timeout_s
    )
