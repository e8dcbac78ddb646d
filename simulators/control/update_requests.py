"""Firmware over control requests: start, data, finish, cancel."""

from __future__ import annotations

from collections.abc import Mapping

from particle_cli.domain.control.messages import storage_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, decoded, reply, since
from particle_cli.simulators.control.firmware_update import CHUNK_SIZE, FirmwareUpdate
from particle_cli.simulators.control.mode_requests import reset_soon
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.session import ResetReason
from particle_cli.simulators.system.system import System


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""
    update = FirmwareUpdate(system)

    def start(payload: bytes) -> Outcome:
        request = decoded(storage_pb2.StartFirmwareUpdateRequest, payload)
        if request.format != storage_pb2.BIN:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        takes_ms = update.start(request.size)
        return reply(storage_pb2.StartFirmwareUpdateReply(chunk_size=CHUNK_SIZE), takes_ms=takes_ms)

    def data(payload: bytes) -> Outcome:
        try:
            piece = decoded(storage_pb2.FirmwareUpdateDataRequest, payload).data
        except RequestFailed:
            update.cancel()
            raise
        return Outcome(takes_ms=update.add(piece))

    def finish(payload: bytes) -> Outcome:
        request = decoded(storage_pb2.FinishFirmwareUpdateRequest, payload)
        takes_ms = update.finish(validate_only=request.validate_only)
        if request.validate_only:
            return Outcome()
        return Outcome(takes_ms=takes_ms, then=lambda: reset_soon(system, reason=ResetReason.UPDATE))

    def cancel(payload: bytes) -> Outcome:
        update.cancel()
        return Outcome()

    return {
        RequestType.START_FIRMWARE_UPDATE: Entry(start, gen2=since(300), slow=True),
        RequestType.FIRMWARE_UPDATE_DATA: Entry(data, gen2=since(300)),
        RequestType.FINISH_FIRMWARE_UPDATE: Entry(finish, gen2=since(300), slow=True),
        RequestType.CANCEL_FIRMWARE_UPDATE: Entry(cancel, gen2=since(300)),
    }
