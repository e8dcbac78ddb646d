"""Which wire goes where, by profile, flag and environment."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from particle_cli.adapters.terminal.facts import TerminalFacts
from particle_cli.adapters.terminal.person import Terminal
from particle_cli.entrypoints.wires import Wires
from particle_cli.ports.errors import UsageError
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.virtual_time import VirtualTimeLoop


class MakeWires(Protocol):
    """Makes the wires of a profile that has these settings."""

    def __call__(
        self,
        settings: Mapping[str, str] | None = None,
        *,
        profile: str = "mixed",
        buses: tuple[str, ...] = (),
        endless: bool = False,
        **environment: str,
    ) -> Wires: ...


@pytest.fixture
def wires(home: Path) -> Iterator[MakeWires]:
    """A maker of wires; what they opened is closed at the end."""
    made: list[Wires] = []

    def make(
        settings: Mapping[str, str] | None = None,
        *,
        profile: str = "mixed",
        buses: tuple[str, ...] = (),
        endless: bool = False,
        **environment: str,
    ) -> Wires:
        out = io.StringIO()
        facts = TerminalFacts(stdin=False, stdout=False, stderr=False)
        person = Terminal(facts, io.StringIO(), out, out)
        found = Wires(
            {"HOME": str(home), **environment},
            person,
            profile=profile,
            buses=buses,
            command="particle test",
            endless=endless,
        )
        for key, value in (settings or {}).items():
            found.settings.set(profile, key, value)
        made.append(found)
        return found

    yield make
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        for one in made:
            runner.run(one.__aexit__(None, None, None))


ALL_SIM = {"apiUrl": "sim:", "usb": "sim:", "serial": "sim:"}


def test_time_is_virtual_only_if_nothing_real_is_on_any_wire(wires: MakeWires) -> None:
    assert wires(profile="sim").loop_factory is VirtualTimeLoop
    assert wires(ALL_SIM).loop_factory is VirtualTimeLoop
    for key, real in (("apiUrl", "http://localhost"), ("usb", "libusb"), ("serial", "system")):
        assert wires({**ALL_SIM, key: real}).loop_factory is asyncio.new_event_loop
    assert wires(ALL_SIM, buses=("libusb",)).loop_factory is asyncio.new_event_loop
    assert wires(ALL_SIM, PARTICLE_SIM_SPEED="1").loop_factory is asyncio.new_event_loop
    assert wires(ALL_SIM, PARTICLE_SIM_SPEED="").loop_factory is VirtualTimeLoop


def test_what_has_no_end_goes_on_at_the_pace_of_people(wires: MakeWires) -> None:
    assert (wires(profile="sim", endless=True).speed, wires(profile="sim").speed) == (1.0, None)
    assert wires(profile="sim", endless=True).loop_factory is asyncio.new_event_loop
    assert wires(profile="sim", endless=True, PARTICLE_SIM_SPEED="20").speed == 20.0


def test_the_default_profile_leads_to_the_real_world(wires: MakeWires) -> None:
    real = wires(profile="particle")
    assert (real.bus, real.api_url) == ("libusb", "https://api.particle.io")
    with pytest.raises(UsageError, match="has no simulated devices"):
        _ = real.world


def test_each_wire_can_end_elsewhere(wires: MakeWires) -> None:
    cloud_only = wires({"apiUrl": "sim:"})
    assert isinstance(cloud_only.http, SimulatedCloud)
    assert type(cloud_only.usb).__name__ == "LibUsb"

    bus_only = wires({"apiUrl": "http://localhost:1", "usb": "sim:"}, profile="other")
    assert isinstance(bus_only.usb, SimulatedBus)
    assert type(bus_only.http).__name__ == "AiohttpClient"
    assert bus_only.api_url == "http://localhost:1"


def test_bus_and_cloud_of_one_command_are_of_one_world(wires: MakeWires) -> None:
    both = wires(profile="sim")
    assert both.usb is both.world.bus
    assert both.http is both.world.cloud
    assert both.api_url == both.world.cloud.origin


def test_a_flag_overrides_the_profile(wires: MakeWires) -> None:
    assert isinstance(wires(profile="particle", buses=("sim:",)).usb, SimulatedBus)


def test_worlds_belong_to_profiles(wires: MakeWires) -> None:
    wires(ALL_SIM, profile="one").world.add(13)
    assert wires(ALL_SIM, profile="two").world.devices == ()


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf"])
def test_a_pace_must_be_a_number_above_0(wires: MakeWires, speed: str) -> None:
    with pytest.raises(UsageError, match="PARTICLE_SIM_SPEED"):
        _ = wires(profile="sim", PARTICLE_SIM_SPEED=speed).loop_factory


def test_a_paced_world_runs_at_its_pace(wires: MakeWires) -> None:
    paced = wires(profile="sim", PARTICLE_SIM_SPEED="1000")

    async def measure() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        started, modelled = loop.time(), paced.clock.monotonic()
        await paced.clock.sleep(20)
        return loop.time() - started, paced.clock.monotonic() - modelled

    with asyncio.Runner(loop_factory=paced.loop_factory) as runner:
        real, modelled = runner.run(measure())
    assert 0.02 <= real < 1
    assert modelled >= 20


def test_wires_leave_no_client_open(wires: MakeWires) -> None:
    async def use() -> None:
        async with wires({"apiUrl": "http://localhost:1"}) as used:
            assert used.http is used.http

    asyncio.run(use())  # a session left open would be a warning, and that an error
