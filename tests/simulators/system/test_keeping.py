"""A device that is written down and made anew goes on as it was."""

from __future__ import annotations

import json

from attrs import asdict
from tests.simulators.talk import Host

from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.keeping import restored, state_of


def carried_on(device: SimulatedDevice) -> SimulatedDevice:
    text = json.dumps(asdict(state_of(device)))
    return restored(DeviceState(**json.loads(text)), dict(device.hardware.memory.changed()).get)


def test_what_the_application_decides(boron: Host) -> None:
    policy = boron.device.policy
    policy.listening, policy.log_config = False, True
    policy.denied_requests.update((72, 90))
    assert asdict(carried_on(boron.device).policy) == asdict(policy)


def test_safe_mode_behind_listening_mode(boron: Host) -> None:
    boron.device.reset(BootRequest.SAFE)
    boron.settle()
    boron.device.listen(True)
    again = carried_on(boron.device)
    assert again.mode is Mode.LISTENING
    assert not again.application_runs
    again.listen(False)
    assert again.mode.value == "safe"


def test_a_wish_for_the_next_boot(boron: Host) -> None:
    boron.request(75, b"\x08\x01")
    again = Host(carried_on(boron.device))
    again.device.reset()
    assert again.settle() is Mode.LISTENING


def test_states_of_earlier_versions_can_be_read() -> None:
    state = DeviceState(platform_id=13, device_id="e00fce68aaaaaaaaaaaaaaaa", mode="off")
    assert restored(state, lambda number: None).override_s == 86400
