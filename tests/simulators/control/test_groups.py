"""Which requests there are, in which firmware, and that only what is asked for is loaded."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.requests import GROUPS
from particle_cli.simulators.firmware.boot import Mode

PHOTON, P1, ELECTRON, ARGON, P2, MSOM = 6, 8, 10, 12, 32, 35
UNKNOWN = -120


@pytest.mark.parametrize("platform_id", [PHOTON, ELECTRON, BORON, ARGON, MSOM])
def test_every_group_keeps_to_its_range(new_host: NewHost, platform_id: int) -> None:
    device = new_host(platform_id).device
    handled: set[int] = set()
    for name in {name for _, name in GROUPS}:
        group = import_module(f"particle_cli.simulators.control.{name}").entries(device)
        kinds = {kind for span, other in GROUPS if other == name for kind in span}
        assert set(group) <= kinds
        handled |= set(group)
    everywhere = set(RequestType.values()) - {0, 1100, 1101, 1102}
    radios = set(range(110, 123)) | set(range(500, 560)) | {400, 401}
    assert handled >= everywhere - radios


def test_only_the_group_that_is_asked_for_is_loaded() -> None:
    program = """
import sys
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.control.requests import ControlRequests
device = new_device(13, small=True)
device.power_on()
before = set(sys.modules)
ControlRequests(device).run(72, b"")
room = "particle_cli.simulators.control."
print(*sorted(name.removeprefix(room) for name in set(sys.modules) - before if name.startswith(room)))
print("cryptography" in sys.modules)
"""
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines() == ["mode_requests", "False"]


@pytest.mark.parametrize(
    ("platform_id", "release", "kind", "known"),
    [
        # the first firmware with control requests
        *((PHOTON, "0.8.0-rc.27", kind, True) for kind in (40, 70, 71, 90, 100, 201, 210, 230, 252, 260)),
        *((PHOTON, "1.0.1", kind, False) for kind in (20, 21, 30, 32, 33, 72, 73, 74, 75, 300, 301, 1)),
        *((PHOTON, "1.1.0", kind, True) for kind in (20, 21, 30, 32, 72, 74, 75, 90, 300)),
        *((PHOTON, "1.5.2", kind, True) for kind in (1, 110, 112, 114, 210, 220, 240, 260, 264)),
        # what ended with 2.0, and with 3.0
        *((PHOTON, "2.0.1", kind, False) for kind in (110, 112, 113, 120, 122, 260, 261, 262, 263, 264)),
        *((PHOTON, "2.0.1", kind, True) for kind in (210, 211, 220, 221, 222, 223, 240)),
        *((PHOTON, "3.0.0", kind, False) for kind in (210, 211, 220, 221, 222, 223, 240, 76, 91, 600)),
        *((ELECTRON, "2.0.1", kind, False) for kind in (110, 500, 554, 240)),
        # Gen 3
        *((BORON, "0.9.0", kind, True) for kind in (20, 30, 32, 34, 40, 72, 74, 90, 100, 201, 230, 252, 300)),
        *((BORON, "0.9.0", kind, False) for kind in (1, 76, 77, 91, 110, 210, 223, 240, 260, 600, 601)),
        *((BORON, "6.2.0", kind, False) for kind in (80, 110, 122, 210, 223, 240, 260, 600, 601, 1001, 1102)),
        *((BORON, "6.4.0", kind, True) for kind in (600, 601)),
        *((MSOM, "6.2.0", kind, True) for kind in (20, 32, 34, 74, 76, 91, 201, 231, 502, 554)),
    ],
)
def test_what_is_known_when(
    new_host: NewHost, platform_id: int, release: str, kind: int, known: bool
) -> None:
    answer = new_host(platform_id, release=release).request(kind)[0]
    if kind in (33, 34, 240) and known:  # the feature, or the name, is not one that it knows
        assert answer in (UNKNOWN, 0)
    else:
        assert (answer != UNKNOWN) is known


def test_the_application_may_deny_requests(new_host: NewHost) -> None:
    host = new_host()
    host.device.policy.denied_requests.add(72)
    assert host.request(72) == (-130, b"")
    assert host.request(20)[0] == 0
    safe = new_host(mode=Mode.SAFE)
    safe.device.policy.denied_requests.add(72)
    assert safe.request(72) == (0, b"")  # there it does not run
