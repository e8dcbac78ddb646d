"""Devices for the tests of control requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.simulators.talk import BORON, Host

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.firmware.protected import protected_module
from particle_cli.simulators.control.channel import ControlChannel
from particle_cli.simulators.control.mode import FirmwareMode
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import Mode

NewProtected = Callable[..., Host]


def channel_of(host: Host) -> ControlChannel:
    """The device's end of the control requests."""
    assert host.device.usb is not None
    conversation = host.device.usb.conversation
    assert isinstance(conversation, FirmwareMode)
    return conversation.channel


@pytest.fixture
def new_protected() -> NewProtected:
    """Make a device whose bootloader carries Device Protection, running its application."""

    def make(platform_id: int = BORON) -> Host:
        device = new_device(platform_id, small=True)
        bootloader = next(
            one.module
            for one in device.modules
            if one.prefix.function == ModuleFunction.BOOTLOADER and one.prefix.index == 0 and one.module
        )
        locked = protected_module(bootloader)
        device.hardware.memory.replace(locked.prefix.start_address, write_module(locked))
        device.power_on()
        host = Host(device)
        assert host.settle() is Mode.NORMAL
        return host

    return make


@pytest.fixture
def protected(new_protected: NewProtected) -> Host:
    """A protected Boron."""
    return new_protected()
