"""Getting a device onto a Wi-Fi network, and looking at the one it is on, as people want it done.

A device that is scanning, or has just begun to listen, may refuse at first: what fails is tried three times.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from particle_cli.domain.control import modes, network, wifi
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.network import InterfaceFlag, InterfaceKind
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.control.wifi import AccessPoint, CurrentNetwork, KnownNetwork, Security
from particle_cli.ports.usb import UsbStall, UsbTimeout

T = TypeVar("T")

JOIN_TIMEOUT_S: Final = 30.0
_TIMEOUT_S: Final = 10.0
_TRIES: Final = 3
_BETWEEN_TRIES_S: Final = 1.0
_FINAL: Final = frozenset({ResultCode.NOT_SUPPORTED})
_FINAL_TO_JOIN: Final = _FINAL | {ResultCode.INVALID_ARGUMENT, ResultCode.INVALID_STATE}
"""Answers that do not change when the device is asked again; a network may well be found the next time."""
_FINAL_TO_JOIN_KNOWN: Final = _FINAL_TO_JOIN | {ResultCode.NOT_FOUND}


async def join(
    channel: ControlChannel,
    ssid: str,
    *,
    security: Security | None = None,
    password: str | None = None,
    hidden: bool = False,
    timeout_s: float = JOIN_TIMEOUT_S,
) -> RunningMode | None:
    """Have the device try a network and store it; one that was listening then goes and uses it.

    Args:
        channel: the device.
        ssid: the network's name.
        security: how it is secured; None to let the device find out.
        password: its password; None for an open network.
        hidden: whether it does not tell its name.
        timeout_s: bound on each try.

    Returns: the mode that it was in before.
    Raises: RequestInvalid; as `ControlChannel.request`.
    """
    await _insist(
        channel,
        lambda: wifi.join_new(
            channel, ssid, security=security, password=password, hidden=hidden, timeout_s=timeout_s
        ),
        _FINAL_TO_JOIN,
    )
    return await _stop_listening(channel)


async def join_known(
    channel: ControlChannel, ssid: str, *, timeout_s: float = JOIN_TIMEOUT_S
) -> RunningMode | None:
    """Have the device join a network that it has stored; otherwise as `join`."""
    await _insist(channel, lambda: wifi.join_known(channel, ssid, timeout_s=timeout_s), _FINAL_TO_JOIN_KNOWN)
    return await _stop_listening(channel)


async def add(
    channel: ControlChannel,
    ssid: str,
    *,
    security: Security | None = None,
    password: str | None = None,
    hidden: bool = False,
) -> None:
    """Have the device store a network without trying it. Raises: as `join`."""
    await _insist(
        channel,
        lambda: wifi.set_credentials(
            channel, ssid, security=security, password=password, hidden=hidden, timeout_s=_TIMEOUT_S
        ),
    )


async def known(channel: ControlChannel) -> tuple[KnownNetwork, ...]:
    """Return the networks that the device has stored. Raises: as `ControlChannel.request`."""
    return await _insist(channel, lambda: wifi.known_networks(channel, timeout_s=_TIMEOUT_S))


async def remove(channel: ControlChannel, ssid: str) -> None:
    """Have the device forget a network. Raises: as `join`."""
    await _insist(channel, lambda: wifi.remove_known(channel, ssid, timeout_s=_TIMEOUT_S))


async def clear(channel: ControlChannel) -> None:
    """Have the device forget all networks. Raises: as `ControlChannel.request`."""
    await _insist(channel, lambda: wifi.clear_known(channel, timeout_s=_TIMEOUT_S))


async def nearby(channel: ControlChannel) -> tuple[AccessPoint, ...]:
    """Return the networks around that tell their names, the loudest first, each by its loudest access point.

    Raises: as `ControlChannel.request`.
    """
    found = await _insist(channel, lambda: wifi.scan(channel, timeout_s=_TIMEOUT_S))
    loudest: dict[str, AccessPoint] = {}
    for point in sorted(found, key=lambda point: -point.rssi):
        if point.ssid:
            loudest.setdefault(point.ssid, point)
    return tuple(loudest.values())


async def current(channel: ControlChannel) -> CurrentNetwork | None:
    """Return the network that the device is on, or None.

    A device that is on none does not always say so: its Wi-Fi interface tells whether there is a link.

    Raises: as `ControlChannel.request`.
    """
    return await _insist(channel, lambda: _current(channel))


async def _current(channel: ControlChannel) -> CurrentNetwork | None:
    listed = await network.interfaces(channel, timeout_s=_TIMEOUT_S)
    wireless = next((one for one in listed if one.kind is InterfaceKind.WIFI), None)
    if wireless is None:
        return None
    details = await network.interface(channel, wireless.index, timeout_s=_TIMEOUT_S)
    if not details.flags & InterfaceFlag.LOWER_UP:
        return None
    return await wifi.current_network(channel, timeout_s=_TIMEOUT_S)


async def _stop_listening(channel: ControlChannel) -> RunningMode | None:
    before = await modes.running_mode(channel, timeout_s=_TIMEOUT_S)
    if before is RunningMode.LISTENING:
        await modes.stop_listening(channel, timeout_s=_TIMEOUT_S)
    return before


async def _insist(
    channel: ControlChannel, once: Callable[[], Awaitable[T]], final: frozenset[ResultCode] = _FINAL
) -> T:
    """Do something up to three times, until it succeeds or the device's answer is final."""
    for _ in range(_TRIES - 1):
        try:
            return await once()
        except RequestFailed as failed:
            if failed.result in final:
                raise
        except (RequestDropped, RequestTimeout, UsbStall, UsbTimeout):
            pass  # perhaps the next try gets through
        await channel.clock.sleep(_BETWEEN_TRIES_S)
    return await once()
