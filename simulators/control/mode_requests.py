"""Resets, listening mode, and what is left of the first set-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.system import System

_RESET_AFTER_MS = 1000.0


def reset_soon(system: System, request: BootRequest = BootRequest.NOTHING) -> None:
    """Reset after a second, as a device does once its last reply is on its way."""
    system.agenda.set("reset", _RESET_AFTER_MS, lambda: system.reset(request))


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def resetting(request: BootRequest) -> Entry:
        then = _soon(system, request)
        return Entry(lambda payload: Outcome(then=then), gen2=since(300))

    def listening(on: bool) -> Callable[[bytes], Outcome]:
        def handle(payload: bytes) -> Outcome:
            system.listen(on)
            return Outcome()

        return handle

    def device_mode(payload: bytes) -> Outcome:
        listens = system.mode is Mode.LISTENING
        mode = config_pb2.LISTENING_MODE if listens else config_pb2.NORMAL_MODE
        return reply(config_pb2.GetDeviceModeReply(mode=mode))

    return {
        RequestType.RESET_DEVICE: resetting(BootRequest.NOTHING),
        RequestType.FACTORY_RESET: resetting(BootRequest.FACTORY),
        RequestType.DFU_MODE: resetting(BootRequest.DFU),
        RequestType.SAFE_MODE: resetting(BootRequest.SAFE),
        RequestType.START_LISTENING: Entry(listening(True), gen2=since(300)),
        RequestType.STOP_LISTENING: Entry(listening(False), gen2=since(300)),
        RequestType.GET_DEVICE_MODE: Entry(device_mode),
        RequestType.SET_DEVICE_SETUP_DONE: Entry(_set_setup_done),
        RequestType.IS_DEVICE_SETUP_DONE: Entry(
            lambda payload: reply(config_pb2.IsDeviceSetupDoneReply(done=True))
        ),
    }


def _soon(system: System, request: BootRequest) -> Callable[[], None]:
    return lambda: reset_soon(system, request)


def _set_setup_done(payload: bytes) -> Outcome:
    if not decoded(config_pb2.SetDeviceSetupDoneRequest, payload).done:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return Outcome()
