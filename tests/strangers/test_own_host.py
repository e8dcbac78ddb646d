"""Our own host, from the domain down to pyusb, through the real libusb, with simulated devices."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.strangers.conftest import ROOT, Sight

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_id
from particle_cli.simulators.factory import factory_image

pytestmark = pytest.mark.strangers


@pytest.mark.parametrize("name", ["boron", "p2", "photon"])
def test_from_normal_mode_through_a_flash_and_back(
    in_sight: Callable[..., Sight], tmp_path: Path, name: str
) -> None:
    number = platform_id(name)
    assert number is not None
    parts = factory_image(platform(number))
    application = next(part for part in parts if part.module.prefix.function == ModuleFunction.USER_PART)
    start = application.module.prefix.start_address
    (tmp_path / "application").write_bytes(application.data)
    sight = in_sight(name)
    (device,) = sight.devices
    script = str(ROOT / "tests/strangers/flash_over_libusb.py")
    ended = sight.run(sys.executable, "-X", "dev", script, hex(start), str(tmp_path / "application"))
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    arrivals = told.pop("arrivals")
    assert told == {
        "mode": "NORMAL",
        "serial": device,
        "id": device,
        "verified": True,
        "read": True,
        "mode after": "NORMAL",
    }
    assert arrivals[0] < arrivals[1] < arrivals[2]
    assert sight.memory(device, start, len(application.data)) == application.data
