"""What each control request does on the device."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from attrs import frozen
from google.protobuf.message import DecodeError, Message

from particle_cli.domain.control.messages import cloud_pb2, config_pb2, storage_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Handler, Outcome
from particle_cli.simulators.control.firmware_update import CHUNK_SIZE, FirmwareUpdate, reset_soon
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.asset_store import stored_assets
from particle_cli.simulators.firmware.boot import BootRequest, Mode, required_assets
from particle_cli.simulators.firmware.module_reports import asset_info, legacy_module_info, module_info
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.dct import CLAIM_CODE, CLAIM_CODE_SIZE, CLAIMED
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_release, system_version

M = TypeVar("M", bound=Message)

_RESETS = {
    RequestType.RESET_DEVICE: BootRequest.NOTHING,
    RequestType.FACTORY_RESET: BootRequest.FACTORY,
    RequestType.DFU_MODE: BootRequest.DFU,
    RequestType.SAFE_MODE: BootRequest.SAFE,
}
_ALLOWED_WHEN_PROTECTED = frozenset(
    {
        RequestType.GET_PROTECTED_STATE,
        RequestType.SET_PROTECTED_STATE,
        RequestType.DEVICE_ID,
        RequestType.APP_CUSTOM,
    }
)
_SLOW = frozenset(
    {
        RequestType.DEVICE_ID,
        RequestType.GET_MODULE_INFO,
        RequestType.GET_ASSET_INFO,
        RequestType.START_FIRMWARE_UPDATE,
        RequestType.FINISH_FIRMWARE_UPDATE,
    }
)
"""Answered PENDING at least once, so that a host has to ask again."""
_NEW_MODULE_INFO = 5600


@frozen
class _Entry:
    """A request that is known: what handles its payload, and since which system version (Gen 2, Gen 3)."""

    handle: Callable[[bytes], Outcome]
    since: tuple[int, int] = (1100, 400)


def _decoded(kind: type[M], payload: bytes) -> M:
    message = kind()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        raise RequestFailed(system_error.BAD_DATA) from None
    return message


def _reply(message: Message, *, takes_ms: float = 0.0) -> Outcome:
    return Outcome(reply=message.SerializeToString(deterministic=True), takes_ms=takes_ms)


class ControlRequests:
    """The request handlers of one device while its firmware runs."""

    def __init__(self, system: System) -> None:
        """Begin without an update under way."""
        self._system = system
        self._update = FirmwareUpdate(system)
        kind, before_2 = RequestType, (300, 400)
        self._known: Mapping[int, _Entry] = {
            kind.ECHO: _Entry(lambda payload: Outcome(reply=payload), (1500, 1500)),
            kind.APP_CUSTOM: _Entry(self._application, before_2),
            kind.DEVICE_ID: _Entry(self._device_id),
            kind.SERIAL_NUMBER: _Entry(self._serial_number),
            kind.SYSTEM_VERSION: _Entry(self._system_version),
            kind.SYSTEM_CAPABILITIES: _Entry(lambda payload: Outcome()),
            **{one: _Entry(self._resetting(one), before_2) for one in _RESETS},
            kind.START_LISTENING: _Entry(self._start_listening, before_2),
            kind.STOP_LISTENING: _Entry(self._stop_listening, before_2),
            kind.GET_DEVICE_MODE: _Entry(self._device_mode),
            kind.SET_DEVICE_SETUP_DONE: _Entry(self._set_setup_done),
            kind.IS_DEVICE_SETUP_DONE: _Entry(
                lambda payload: _reply(config_pb2.IsDeviceSetupDoneReply(done=True))
            ),
            kind.GET_PROTECTED_STATE: _Entry(self._protected_state, (6000, 6000)),
            kind.SET_PROTECTED_STATE: _Entry(self._set_protected_state, (6101, 6101)),
            kind.GET_MODULE_INFO: _Entry(self._module_info),
            kind.GET_ASSET_INFO: _Entry(self._asset_info, (5600, 5600)),
            kind.DIAGNOSTIC_INFO: _Entry(self._diagnostics, before_2),
            kind.SET_CLAIM_CODE: _Entry(self._set_claim_code, before_2),
            kind.IS_CLAIMED: _Entry(self._is_claimed, before_2),
            kind.START_FIRMWARE_UPDATE: _Entry(self._start_update, before_2),
            kind.FIRMWARE_UPDATE_DATA: _Entry(self._update_data, before_2),
            kind.FINISH_FIRMWARE_UPDATE: _Entry(self._finish_update, before_2),
            kind.CANCEL_FIRMWARE_UPDATE: _Entry(self._cancel_update, before_2),
            kind.CLOUD_GET_CONNECTION_STATUS: _Entry(self._connection_status),
            kind.CLOUD_CONNECT: _Entry(self._connect),
            kind.CLOUD_DISCONNECT: _Entry(self._disconnect),
        }

    @property
    def handler(self) -> Handler:
        """What the control channel needs."""
        return Handler(self.run, self.announced, lambda kind: int(kind in _SLOW))

    def announced(self, kind: int) -> None:
        """Leave the cloud at once for a request that is about to reset the device or to make it listen."""
        if BootloaderSide(self._system).protected:
            return
        if kind in _RESETS:
            self._system.connection.automatic = False
        elif kind == RequestType.START_LISTENING:
            self._system.connection.drop()

    def run(self, kind: int, payload: bytes) -> Outcome:
        """Handle a request; its type is any number."""
        if BootloaderSide(self._system).protected and kind not in _ALLOWED_WHEN_PROTECTED:
            return Outcome(system_error.PROTECTED)
        entry = self._known.get(kind)
        is_gen2 = self._system.hardware.platform.family == "gen2"
        if entry is None or system_version(self._system) < entry.since[0 if is_gen2 else 1]:
            return Outcome(system_error.NOT_SUPPORTED)
        try:
            return entry.handle(payload)
        except RequestFailed as failed:
            return Outcome(failed.result)

    # Identity

    def _application(self, payload: bytes) -> Outcome:
        handler = self._system.request_handler
        if handler is None or self._system.mode is not Mode.NORMAL:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        return Outcome(reply=handler(payload))

    def _device_id(self, payload: bytes) -> Outcome:
        return _reply(config_pb2.GetDeviceIdReply(id=self._system.hardware.device_id))

    def _serial_number(self, payload: bytes) -> Outcome:
        return _reply(config_pb2.GetSerialNumberReply(serial=self._system.hardware.serial_number))

    def _system_version(self, payload: bytes) -> Outcome:
        return _reply(config_pb2.GetSystemVersionReply(version=system_release(self._system)))

    # Modes

    def _resetting(self, kind: RequestType) -> Callable[[bytes], Outcome]:
        request = _RESETS[kind]
        return lambda payload: Outcome(then=lambda: reset_soon(self._system, request))

    def _start_listening(self, payload: bytes) -> Outcome:
        self._system.listen(True)
        return Outcome()

    def _stop_listening(self, payload: bytes) -> Outcome:
        self._system.listen(False)
        return Outcome()

    def _device_mode(self, payload: bytes) -> Outcome:
        listening = self._system.mode is Mode.LISTENING
        mode = config_pb2.LISTENING_MODE if listening else config_pb2.NORMAL_MODE
        return _reply(config_pb2.GetDeviceModeReply(mode=mode))

    def _set_setup_done(self, payload: bytes) -> Outcome:
        if not _decoded(config_pb2.SetDeviceSetupDoneRequest, payload).done:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        return Outcome()

    def _protected_state(self, payload: bytes) -> Outcome:
        side = BootloaderSide(self._system)
        return _reply(config_pb2.GetProtectedStateReply(state=side.protected, overridden=side.overridden))

    def _set_protected_state(self, payload: bytes) -> Outcome:
        """End the service mode. Starting it takes the cloud's signature, and is not modelled."""
        request = _decoded(config_pb2.SetProtectedStateRequest, payload)
        if request.action != config_pb2.SetProtectedStateRequest.RESET:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        self._system.override_resets = 0
        return Outcome()

    # Firmware

    def _module_info(self, payload: bytes) -> Outcome:
        modules = self._system.verdict.modules
        if system_version(self._system) < _NEW_MODULE_INFO:
            return _reply(legacy_module_info(modules))
        locked = BootloaderSide(self._system).locked
        return _reply(module_info(self._system.hardware, modules, protected=locked))

    def _asset_info(self, payload: bytes) -> Outcome:
        if self._system.hardware.platform.assets is None:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        available = stored_assets(self._system.hardware)
        return _reply(asset_info(available, required_assets(self._system.verdict.application)))

    def _start_update(self, payload: bytes) -> Outcome:
        request = _decoded(storage_pb2.StartFirmwareUpdateRequest, payload)
        if request.format != storage_pb2.BIN:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        takes_ms = self._update.start(request.size)
        return _reply(storage_pb2.StartFirmwareUpdateReply(chunk_size=CHUNK_SIZE), takes_ms=takes_ms)

    def _update_data(self, payload: bytes) -> Outcome:
        try:
            data = _decoded(storage_pb2.FirmwareUpdateDataRequest, payload).data
        except RequestFailed:
            self._update.cancel()
            raise
        return Outcome(takes_ms=self._update.add(data))

    def _finish_update(self, payload: bytes) -> Outcome:
        request = _decoded(storage_pb2.FinishFirmwareUpdateRequest, payload)
        takes_ms = self._update.finish(validate_only=request.validate_only)
        if request.validate_only:
            return Outcome()
        return Outcome(takes_ms=takes_ms, then=lambda: reset_soon(self._system))

    def _cancel_update(self, payload: bytes) -> Outcome:
        self._update.cancel()
        return Outcome()

    # Cloud

    def _connection_status(self, payload: bytes) -> Outcome:
        connection = self._system.connection
        status = cloud_pb2.CONNECTING if connection.connecting else cloud_pb2.DISCONNECTED
        if connection.online:
            status = cloud_pb2.CONNECTED
        return _reply(cloud_pb2.GetConnectionStatusReply(status=status))

    def _connect(self, payload: bytes) -> Outcome:
        self._system.connection.automatic = True
        return Outcome()

    def _disconnect(self, payload: bytes) -> Outcome:
        self._system.connection.automatic = False
        return Outcome()

    def _set_claim_code(self, payload: bytes) -> Outcome:
        code = _decoded(config_pb2.SetClaimCodeRequest, payload).code.encode()
        dct = self._system.hardware.dct
        if len(code) > CLAIM_CODE_SIZE or dct is None:
            raise RequestFailed(system_error.BAD_DATA)
        return Outcome(takes_ms=dct.write(CLAIM_CODE, code.ljust(CLAIM_CODE_SIZE, b"\0")))

    def _is_claimed(self, payload: bytes) -> Outcome:
        dct = self._system.hardware.dct
        claimed = dct is not None and dct.read(CLAIMED, 1) == b"\x01"
        return _reply(config_pb2.IsClaimedReply(claimed=claimed))

    def _diagnostics(self, payload: bytes) -> Outcome:
        if payload:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        connection = self._system.connection
        status = 2 if connection.online else int(connection.connecting)
        sources = {
            "sys:protected": int(BootloaderSide(self._system).protected),
            "net:stat": 4 if connection.online else 0,
            "cloud:stat": status,
        }
        return Outcome(reply=json.dumps(sources, separators=(",", ":")).encode())
