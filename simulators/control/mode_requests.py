"""Resets, listening mode, what the next boot begins with, and what is left of the first set-up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, configuration, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.session import ResetReason
from particle_cli.simulators.system.startup import ask_to_listen, heeds_setup, is_set_up, mark_set_up
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

_RESET_AFTER_MS = 1000.0
_TELLS_LISTENING_ERRORS = 4000


def reset_soon(
    system: System, request: BootRequest = BootRequest.NOTHING, *, reason: ResetReason | None = None
) -> None:
    """Reset after a second, as a device does once its last reply is on its way; see `System.reset`."""
    system.agenda.set("reset", _RESET_AFTER_MS, lambda: system.reset(request, reason=reason))


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def resetting(request: BootRequest) -> Entry:
        then = partial(reset_soon, system, request)
        return Entry(lambda payload: Outcome(then=then), gen2=since(300))

    return {
        RequestType.RESET_DEVICE: resetting(BootRequest.NOTHING),
        RequestType.FACTORY_RESET: resetting(BootRequest.FACTORY),
        RequestType.DFU_MODE: resetting(BootRequest.DFU),
        RequestType.SAFE_MODE: resetting(BootRequest.SAFE),
        RequestType.START_LISTENING: Entry(partial(_start_listening, system), gen2=since(300)),
        RequestType.STOP_LISTENING: Entry(partial(_stop_listening, system), gen2=since(300)),
        RequestType.GET_DEVICE_MODE: Entry(partial(_device_mode, system)),
        RequestType.SET_DEVICE_SETUP_DONE: Entry(partial(_set_setup_done, system)),
        RequestType.IS_DEVICE_SETUP_DONE: Entry(partial(_is_setup_done, system)),
        RequestType.SET_STARTUP_MODE: Entry(partial(_set_startup_mode, system)),
    }


def _start_listening(system: System, payload: bytes) -> Outcome:
    """Start listening mode. Device OS before 4.0 tells nothing when its application does not allow that."""
    system.listen(True)
    refused = system.mode is not Mode.LISTENING and system_version(system) >= _TELLS_LISTENING_ERRORS
    return Outcome(system_error.NOT_ALLOWED if refused else 0)


def _stop_listening(system: System, payload: bytes) -> Outcome:
    system.listen(False)
    return Outcome()


def _device_mode(system: System, payload: bytes) -> Outcome:
    listens = system.mode is Mode.LISTENING
    mode = config_pb2.LISTENING_MODE if listens else config_pb2.NORMAL_MODE
    return reply(config_pb2.GetDeviceModeReply(mode=mode))


def _set_setup_done(system: System, payload: bytes) -> Outcome:
    done = decoded(config_pb2.SetDeviceSetupDoneRequest, payload).done
    if heeds_setup(system):
        return Outcome(takes_ms=mark_set_up(configuration(system), done))
    if not done:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return Outcome()


def _is_setup_done(system: System, payload: bytes) -> Outcome:
    done = not heeds_setup(system) or is_set_up(configuration(system))
    return reply(config_pb2.IsDeviceSetupDoneReply(done=done))


def _set_startup_mode(system: System, payload: bytes) -> Outcome:
    mode = decoded(config_pb2.SetStartupModeRequest, payload).mode
    if mode not in (config_pb2.NORMAL_MODE, config_pb2.LISTENING_MODE):
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    takes_ms = ask_to_listen(configuration(system), mode == config_pb2.LISTENING_MODE)
    return Outcome(takes_ms=takes_ms)
