"""Simulated devices, factory-fresh and settled, with a host that talks to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.simulators.talk import BORON, Host

from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.world_file import WorldFile

NewHost = Callable[..., Host]


@pytest.fixture
def new_host() -> NewHost:
    """Make a factory-fresh device with small modules, settled in a mode."""

    def make(platform_id: int = BORON, mode: Mode = Mode.NORMAL, *, release: str | None = None) -> Host:
        device = new_device(platform_id, release=release, small=True)
        host = Host(device)
        device.power_on()
        host.settle()
        if mode is Mode.DFU:
            device.reset(BootRequest.DFU)
        elif mode is Mode.SAFE:
            device.reset(BootRequest.SAFE)
        assert host.settle() is mode
        host.waited_ms = 0.0
        return host

    return make


@pytest.fixture
def boron(new_host: NewHost) -> Host:
    """A Boron that runs its Tinker."""
    return new_host()


@pytest.fixture
def dfu(new_host: NewHost) -> Host:
    """A Boron in DFU mode."""
    return new_host(mode=Mode.DFU)


@pytest.fixture
def world_files_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every world file that a test has opened."""
    opened: list[WorldFile] = []
    open_file = WorldFile.__init__

    def open_and_note(file: WorldFile, path: str, *, reads_only: bool = False) -> None:
        open_file(file, path, reads_only=reads_only)
        opened.append(file)

    monkeypatch.setattr(WorldFile, "__init__", open_and_note)
    yield
    for file in opened:
        file.close()
