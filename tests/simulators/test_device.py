"""A device as a whole: power, buttons, network, keeping."""

from __future__ import annotations

import json
from random import Random

import pytest
from attrs import asdict
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host
from tests.simulators.test_boot import application

from particle_cli.domain.firmware.module import write_module
from particle_cli.simulators.device import NotOffered, SimulatedDevice
from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.application import ApplicationManifest, Variable
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.keeping import restored, state_of
from particle_cli.simulators.system.led import Led

PHOTON, P2 = 6, 32


def test_without_power_it_does_nothing() -> None:
    device = new_device(BORON, small=True)
    assert (device.mode, device.led, device.settled) == (Mode.OFF, Led("off"), True)
    assert device.functions == ()
    assert Host(device).raw("8006000100001200").silent
    device.press("reset")
    assert device.settled


def test_the_way_up(boron: Host) -> None:
    device = new_device(BORON, small=True)
    host = Host(device)
    device.power_on()
    assert host.mode() is Mode.RESETTING
    assert device.led == Led("off")
    (boot,) = device.agenda.pending
    assert boot.after_ms == 2500
    device.ring(boot)
    assert host.mode() is Mode.NORMAL
    assert device.led == Led("fast blinking", "cyan")
    assert not device.online
    (cloud,) = device.agenda.pending
    assert cloud.after_ms == 3000
    device.ring(cloud)
    assert device.led == Led("breathing", "cyan")
    assert device.settled
    device.power_on()
    assert device.settled


@pytest.mark.parametrize(
    ("button", "hold_s", "mode"),
    [
        ("reset", 0.1, Mode.NORMAL),
        ("both", 0.5, Mode.NORMAL),
        ("both", 1.5, Mode.SAFE),
        ("both", 4.0, Mode.DFU),
        ("mode", 0.5, Mode.NORMAL),
        ("mode", 3.0, Mode.LISTENING),
    ],
)
def test_buttons(boron: Host, button: str, hold_s: float, mode: Mode) -> None:
    boron.device.press(button, hold_s)
    assert boron.settle() is mode


def test_listening_starts_and_ends_by_button(boron: Host) -> None:
    boron.device.press("mode", 3)
    assert boron.device.led == Led("blinking", "blue")
    assert not boron.device.online
    boron.device.press("mode", 3)
    assert boron.settle() is Mode.NORMAL
    assert boron.device.online


def test_a_button_that_there_is_not(boron: Host) -> None:
    with pytest.raises(ValueError, match="no button 'setup'"):
        boron.device.press("setup")


def test_the_reset_button_gets_out_of_dfu_mode(dfu: Host) -> None:
    dfu.device.press("reset")
    assert dfu.settle() is Mode.NORMAL


def test_without_a_network_it_looks_for_one(boron: Host) -> None:
    boron.device.connection.network = False
    assert boron.device.led == Led("blinking", "green")
    boron.device.reset()
    assert boron.settle() is Mode.NORMAL
    assert not boron.device.online
    boron.device.connection.network = True
    boron.settle()
    assert boron.device.online


def test_functions_and_variables(boron: Host) -> None:
    device = boron.device
    assert "digitalRead" in device.functions
    assert device.call("digitalRead", "D7") == 1
    device.handlers["digitalRead"] = len
    assert device.call("digitalRead", "D7=on") == 5
    with pytest.raises(NotOffered):
        device.call("nothing", "")
    device.reset()
    boron.settle()
    assert device.call("digitalRead", "D7") == 2  # handlers stay
    device.listen(True)
    assert device.functions == ()


def test_variables_start_anew_after_a_reset_and_are_kept_without(boron: Host) -> None:
    manifest = ApplicationManifest(variables=(Variable("t", "double", 21.5),))
    boron.device.hardware.memory.replace(0xB4000, write_module(application(manifest=manifest)))
    boron.device.reset()
    boron.settle()
    assert boron.device.variables == {"t": "double"}
    assert boron.device.variable("t") == 21.5
    boron.device.runtime.values["t"] = 3.5
    assert carried_on(boron.device).device.variable("t") == 3.5
    boron.device.reset()
    boron.settle()
    assert boron.device.variable("t") == 21.5


def test_watchers_are_told(boron: Host) -> None:
    told: list[Mode] = []

    def watcher() -> None:
        told.append(boron.mode())

    boron.device.watch(watcher)
    boron.device.reset(BootRequest.DFU)
    boron.settle()
    assert told[0] is Mode.RESETTING
    assert told[-1] is Mode.DFU
    boron.device.unwatch(watcher)
    count = len(told)
    boron.device.reset()
    assert len(told) == count


def test_a_power_cut_inside_an_erase(dfu: Host) -> None:
    dfu.device.cut_power_during(1, 0.5)
    dfu.download(0, b"\x41\x00\x40\x0b\x00")
    assert dfu.transfer(0xA1, 3, data=6).silent
    assert dfu.mode() is Mode.OFF
    assert len(set(dfu.device.hardware.memory.read(0xB4000, 4096))) > 200
    assert dfu.settle() is Mode.SAFE  # the power is back after a second


def test_a_power_cut_that_lasts(dfu: Host) -> None:
    dfu.device.cut_power_during(1, back_after_s=None)
    dfu.download(0, b"\x41\x00\x40\x0b\x00")
    assert dfu.transfer(0xA1, 3, data=6).silent
    assert dfu.settle() is Mode.OFF
    dfu.device.power_on()
    assert dfu.settle() is Mode.SAFE


def carried_on(device: SimulatedDevice) -> Host:
    """Keep a device as a world file does, and take it up again."""
    stored = dict(device.hardware.memory.changed())
    state = DeviceState(**json.loads(json.dumps(asdict(state_of(device)))))
    return Host(restored(state, stored.get))


@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.SAFE, Mode.DFU])
@pytest.mark.parametrize("number", [BORON, PHOTON, P2])
def test_it_carries_on_after_being_kept(new_host: NewHost, number: int, mode: Mode) -> None:
    host = new_host(number, mode)
    host.device.override_resets = 3
    again = carried_on(host.device)
    old, new = host.device, again.device
    assert new.settled
    assert (new.id, new.platform_id, new.mode, new.online, new.led) == (
        old.id,
        old.platform_id,
        old.mode,
        old.online,
        old.led,
    )
    assert new.functions == old.functions
    assert [one.prefix for one in new.modules] == [one.prefix for one in old.modules]
    assert new.override_resets == 3
    assert again.raw("8006000200000900").data == host.raw("8006000200000900").data
    new.reset()
    assert again.settle() in (Mode.NORMAL, mode)


def test_listening_and_offline_are_kept_too(boron: Host) -> None:
    boron.device.listen(True)
    boron.device.connection.network = False
    again = carried_on(boron.device)
    assert again.mode() is Mode.LISTENING
    assert again.device.settled
    again.device.listen(False)
    assert again.device.led == Led("blinking", "green")


def test_one_that_was_resetting_begins_anew(boron: Host) -> None:
    boron.device.reset()
    again = carried_on(boron.device)
    assert again.mode() is Mode.RESETTING
    assert again.settle() is Mode.NORMAL


def test_a_device_without_power_is_kept_without(boron: Host) -> None:
    boron.device.power_off()
    again = carried_on(boron.device)
    assert again.mode() is Mode.OFF
    again.device.power_on()
    assert again.settle() is Mode.NORMAL


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_whatever_is_in_its_flash_it_comes_up_as_something(seed: int, flips: int) -> None:
    random = Random(seed)
    device = new_device(BORON, small=True)
    places = [module.address for module in device.modules]
    for _ in range(flips):
        device.hardware.memory.flip(random.choice(places) + random.randrange(0x600), random.randrange(8))
    host = Host(SimulatedDevice(BORON, device.id, load=dict(device.hardware.memory.changed()).get))
    host.device.power_on()
    assert host.settle() in (Mode.NORMAL, Mode.SAFE, Mode.DFU, Mode.DEAD)
