"""npm's particle-usb, the library under the Node command line, with simulated devices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.strangers.conftest import Sight

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_id
from particle_cli.simulators.factory import factory_image

pytestmark = [pytest.mark.strangers, pytest.mark.usefixtures("node")]


@pytest.mark.parametrize("name", ["boron", "p2", "photon"])
def test_a_tour_of_a_device(in_sight: Callable[..., Sight], tmp_path: Path, name: str) -> None:
    number = platform_id(name)
    assert number is not None
    parts = factory_image(platform(number))
    application = next(part for part in parts if part.module.prefix.function == ModuleFunction.USER_PART)
    start = application.module.prefix.start_address
    (tmp_path / "application").write_bytes(application.data)
    sight = in_sight(name)
    (device,) = sight.devices
    told = sight.node("particle_usb_tour.js", str(start), str(tmp_path / "application"))
    assert told["listed"] == 1
    assert told["id"] == told["deviceId"] == device
    assert told["type"] == name
    assert (told["dfu"], told["dfuThen"]) == (False, True)
    assert told["same"]
    assert told["mode"] == told["modeAfter"] == "NORMAL"
    assert told["serialNumber"]
    assert told["version"]
    assert {kind for kind, _, _ in told["modules"]} >= {"BOOTLOADER", "SYSTEM_PART", "USER_PART"}
    assert sight.memory(device, start, len(application.data)) == application.data
