"""A device whose cable is pulled between any two of its transfers, while a command drives several.

The others are done, the command fails, and there is one clear error for the one that was lost.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from tests.entrypoints.conftest import Particle, Ran
from tests.entrypoints.drawer import found_changed

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.entrypoints.cli.table.index import COMMANDS
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import AttachedDevice, Setup, UsbHandle
from particle_cli.simulators.factory import factory_image
from particle_cli.simulators.faults import Fault, FaultyHandle
from particle_cli.simulators.world import World

NAMES = ("red", "green", "blue")
VICTIM = "green"
MORE: dict[str, tuple[str, ...]] = {"usb send-request": ("1",)}
"""What a command wants to know besides the devices."""

SEVERAL = [
    (*command.path.split(), *MORE.get(command.path, ()), "--all")
    for command in COMMANDS
    if any(option.name == "all" for option in command.options) and command.path.startswith("usb ")
]


@define
class PulledCable:
    """A cable that somebody pulls at one of the transfers that go through it.

    Attributes:
        at: the number of the transfer before which that happens, from 1 on; 0: as soon as it is opened.
        after: it happens after the transfer instead.
        transfers: how many there have been.
    """

    at: int
    after: bool = False
    transfers: int = 0
    world: World | None = field(default=None)

    def plugged_into(self, world: World) -> None:
        self.world = world
        world.bus.cables[world.device(VICTIM).id] = self

    def through(self, handle: UsbHandle) -> UsbHandle:
        if self.at == 0 and not self.transfers:
            self.remove(handle.device)
        return FaultyHandle(self, handle)

    @property
    def clock(self) -> Clock:
        raise AssertionError("nothing is to time out")

    def next_fault(self, setup: Setup) -> Fault | None:
        self.transfers += 1
        if self.transfers != self.at:
            return None
        return Fault.GONE_AFTER if self.after else Fault.GONE_BEFORE

    def remove(self, device: AttachedDevice) -> None:
        assert self.world is not None
        self.world.unplug(self.world.device(VICTIM))


@define
class Drawer:
    """Three devices in a world that is the same again for every command."""

    particle: Particle
    kept: Path
    place: Path
    ids: dict[str, str]

    def run(self, cable: PulledCable, *words: str) -> Ran:
        shutil.rmtree(self.place)
        shutil.copytree(self.kept, self.place)
        with found_changed(cable.plugged_into):
            return self.particle(*words)


@pytest.fixture
def drawer(sim: Particle, home: Path) -> Drawer:
    ids = {name: sim("sim", "add", "boron", "--name", name, "--json").data["id"] for name in NAMES}
    place = home / ".particle" / "sim.world"
    shutil.copytree(place, home / "kept")
    return Drawer(sim, home / "kept", place, ids)


@pytest.fixture
def app() -> str:
    path = Path("app.bin")
    path.write_bytes(factory_image(platform(13), small=True)[-1].data)
    return str(path)


def timeless(value: Any) -> Any:
    """A row without the moments in it, which others on the bus may put off."""
    if isinstance(value, dict):
        return {name: timeless(held) for name, held in value.items() if not name.endswith("Ms")}
    return [timeless(held) for held in value] if isinstance(value, list) else value


def rows_by_name(drawer: Drawer, ran: Ran) -> dict[str, Any]:
    """What a command tells of each device."""
    rows = {row.get("id") or row.get("device", {}): row for row in ran.document["data"]}
    return {name: timeless(rows[number]) for name, number in drawer.ids.items()}


def check(drawer: Drawer, words: tuple[str, ...], most: int) -> None:
    """Pull the cable at up to `most` places; see that the others are done, and the lost one is told."""
    undisturbed = PulledCable(at=-1)
    well = rows_by_name(drawer, drawer.run(undisturbed, *words, "--json"))
    count = undisturbed.transfers
    assert count
    cables = [PulledCable(at) for at in range(0, count + 1, max(1, count // most))]
    for cable in (*cables, PulledCable(count, after=True)):
        ran = drawer.run(cable, *words, "--json")
        told = rows_by_name(drawer, ran)
        lost = told.pop(VICTIM)
        assert told == {name: well[name] for name in told}, cable
        if lost == {**well[VICTIM], "modeAfter": "running"}:  # flashed, restarted, and only then lost
            continue
        assert ran.code == 1, cable
        error = lost["error"]
        assert drawer.ids[VICTIM] in error["message"], (cable, error)
        assert "left" in error["message"], (cable, error)
        assert error["hint"], (cable, error)


@pytest.mark.parametrize("words", SEVERAL, ids=" ".join)
def test_it_vanishes_between_any_two_transfers(drawer: Drawer, words: tuple[str, ...]) -> None:
    check(drawer, words, most=100)


def test_it_vanishes_while_several_are_flashed(drawer: Drawer, app: str) -> None:
    devices = [word for name in NAMES for word in ("--device", drawer.ids[name])]
    check(drawer, ("flash", "--local", app, "--application-only", *devices, "--yes"), most=12)


@pytest.mark.parametrize(
    "words", [("usb", "start-listening", "--all"), ("usb", "reset", *NAMES)], ids=" ".join
)
def test_a_person_is_told_once(drawer: Drawer, words: tuple[str, ...]) -> None:
    ran = drawer.run(PulledCable(at=2), *words)
    assert ran.code == 1
    assert sorted(line.split()[0] for line in ran.out.splitlines()) == ["blue", "red"]
    message, hint = ran.err.splitlines()
    assert drawer.ids[VICTIM] in message
    assert hint
