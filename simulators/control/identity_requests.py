"""Who the device is, what it can do, and which of its features are switched on."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, configuration, decoded, reply
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.dct import Dct
from particle_cli.simulators.hardware.features import detect_ethernet, detects_ethernet
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
        RequestType.NCP_FIRMWARE_VERSION: Entry(lambda payload: _ncp_version(system)),
        RequestType.SYSTEM_CAPABILITIES: Entry(lambda payload: Outcome()),  # it has none of those listed
        RequestType.SET_FEATURE: Entry(lambda payload: _set_feature(system, payload)),
        RequestType.GET_FEATURE: Entry(lambda payload: _get_feature(system, payload)),
    }


def _ncp_version(system: System) -> Outcome:
    """Answer for the network co-processor; its firmware is named after its module's version."""
    found = [one for one in system.verdict.modules if one.prefix.function == ModuleFunction.NCP_FIRMWARE]
    if not found:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    version = found[0].prefix.version
    return reply(config_pb2.GetNcpFirmwareVersionReply(version=f"0.0.{version}", module_version=version))


def _set_feature(system: System, payload: bytes) -> Outcome:
    request = decoded(config_pb2.SetFeatureRequest, payload)
    return Outcome(takes_ms=detect_ethernet(_switches(system, request.feature), request.enabled))


def _get_feature(system: System, payload: bytes) -> Outcome:
    request = decoded(config_pb2.GetFeatureRequest, payload)
    return reply(config_pb2.GetFeatureReply(enabled=detects_ethernet(_switches(system, request.feature))))


def _switches(system: System, feature: config_pb2.Feature) -> Dct:
    """Return where a feature is switched. Raises: RequestFailed where it cannot be."""
    hardware = system.hardware
    if feature != config_pb2.ETHERNET_DETECTION or hardware.platform.family == "gen2":
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return configuration(system)
