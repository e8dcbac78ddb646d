"""What a device can do, and what of it is switched on.

Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from enum import Enum, IntFlag

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


class Feature(Enum):
    """What can be switched; the names are those of the messages."""

    ETHERNET_DETECTION = 1
    """Looking for an Ethernet FeatherWing at the start."""


class SystemCapability(IntFlag):
    """What the system can do."""

    COMPRESSED_OTA = 1
    """It takes compressed updates over the air."""


@frozen
class NcpFirmware:
    """The firmware of the processor that does the Wi-Fi.

    Attributes:
        version: in its maker's words.
        module_version: as a module version number.
    """

    version: str
    module_version: int


async def feature_enabled(
    channel: ControlChannel, feature: Feature, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> bool:
    """Return whether a feature is on; RequestFailed with NOT_SUPPORTED where the device does not have it."""
    reply = await exchange(
        channel,
        RequestType.GET_FEATURE,
        config.GetFeatureReply,
        config.GetFeatureRequest(feature=feature.name),
        timeout_s=timeout_s,
    )
    return reply.enabled


async def set_feature(
    channel: ControlChannel, feature: Feature, enabled: bool, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Switch a feature on or off; it takes effect at the next start."""
    request = config.SetFeatureRequest(feature=feature.name, enabled=enabled)
    await channel.request(RequestType.SET_FEATURE, request.SerializeToString(), timeout_s=timeout_s)


async def capabilities(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> SystemCapability:
    """Return what the system can do; may have bits that only newer firmware knows."""
    reply = await exchange(
        channel, RequestType.SYSTEM_CAPABILITIES, config.GetSystemCapabilitiesReply, timeout_s=timeout_s
    )
    return SystemCapability(reply.flags)


async def ncp_firmware(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> NcpFirmware:
    """Return the firmware of the Wi-Fi processor; RequestFailed with NOT_SUPPORTED where there is none."""
    reply = await exchange(
        channel, RequestType.NCP_FIRMWARE_VERSION, config.GetNcpFirmwareVersionReply, timeout_s=timeout_s
    )
    return NcpFirmware(reply.version, reply.module_version)
