"""Writing down all of a device that is not in its flash, and making it anew from that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.hardware.flash_memory import Load
from particle_cli.simulators.system.session import ResetReason

if TYPE_CHECKING:
    from particle_cli.simulators.network.air import Air


def state_of(device: SimulatedDevice) -> DeviceState:
    """Return what, beside `hardware.memory`, must be kept of a device to carry on. Settle it first."""
    return DeviceState(
        platform_id=device.platform_id,
        device_id=device.id,
        mode=device.mode.value,
        mode_behind_listening=device.mode_behind_listening.value,
        network=device.connection.network,
        automatic=device.connection.automatic,
        online=device.online,
        linked=device.link.up,
        radios=device.link.kept,
        override_resets=device.override_resets,
        override_s=device.override_s,
        updates_enabled=device.updates_enabled,
        updates_forced=device.updates_forced,
        variables=dict(device.runtime.values),
        environment=dict(device.environment.from_cloud),
        listening_allowed=device.policy.listening,
        log_config=device.policy.log_config,
        denied_requests=sorted(device.policy.denied_requests),
        uptime_s=round(device.uptime_s, 3),
        reset_reason=device.session.reset_reason.value,
        nyan=device.session.nyan,
        log_handlers=dict(device.session.log_handlers),
        step=device.session.step,
        publishes=device.runtime.manifest.publishes,
        faults=device.faults,
    )


def restored(state: DeviceState, load: Load, *, air: Callable[[], Air] | None = None) -> SimulatedDevice:
    """Return a device as it was when `state` was taken; one that was resetting begins that anew.

    Args:
        state: what `state_of` gave.
        load: gives the sectors of its flash.
        air: see `Link`.
    """
    from particle_cli.simulators.enumeration import usb_function

    device = SimulatedDevice(state.platform_id, state.device_id, load=load)
    device.override_resets, device.override_s = state.override_resets, state.override_s
    device.updates_enabled, device.updates_forced = state.updates_enabled, state.updates_forced
    device.faults = tuple(state.faults)
    device.environment.from_cloud = dict(state.environment)
    device.policy.listening, device.policy.log_config = state.listening_allowed, state.log_config
    device.policy.denied_requests.update(state.denied_requests)
    device.link.air = air
    device.link.restore(state.radios, up=state.linked or state.online)
    mode = Mode(state.mode)
    if mode is Mode.RESETTING:
        device.reset()
        return device
    device.mode = mode
    device.mode_behind_listening = Mode(state.mode_behind_listening)
    if mode.runs_firmware or mode is Mode.DFU:
        device.enumerations = 1
        device.usb = usb_function(device)
    if mode is Mode.LISTENING:
        device.limit_listening()
    _restore_session(device, state)
    device.connection.restore(network=state.network, automatic=state.automatic, online=state.online)
    if state.linked or not state.radios:  # else nothing has changed that kept it from seeking
        device.connection.seek()
    return device


def _restore_session(device: SimulatedDevice, state: DeviceState) -> None:
    """Put back what is in RAM."""
    device.session.began_s = device.agenda.now_s - state.uptime_s
    device.session.reset_reason = ResetReason(state.reset_reason)
    device.session.nyan = state.nyan
    device.session.log_handlers.update(state.log_handlers)
    device.session.step = state.step
    device.session.announced = True
    if device.mode is Mode.NORMAL and state.variables:
        device.runtime.values.update(state.variables)
    if state.publishes:
        device.run_application()
