"""A simulated cloud on a socket, with devices of its own: `particle sim cloud`.

The world runs at the pace of real time. It begins as a scenario describes, or as a file holds it. With a
file, nothing is acknowledged before it is written there.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.adapters.http_server import serve
from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.replies import refused, reply
from particle_cli.simulators.virtual_time import VirtualTimeLoop
from particle_cli.simulators.world import Changes, World
from particle_cli.simulators.world_errors import WorldError
from particle_cli.simulators.world_file import StoredDevice, WorldFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from particle_cli.ports.http import HttpRequest
    from particle_cli.simulators.cloud.replies import EventStream
    from particle_cli.simulators.cloud.webhook_firing import Servers
    from particle_cli.simulators.scenario.description import Scenario

_READING: Final = ("GET", "HEAD")
_BETWEEN_SAVES_S: Final = 5.0


class CloudServer:
    """One world, served."""

    def __init__(self, world: World, file: WorldFile | None, tell: Callable[[str], None]) -> None:
        """Serve nothing yet.

        Args:
            world: what is served.
            file: where it is kept, or None for nowhere.
            tell: is told of faults of the program.
        """
        self._world = world
        self._file = file
        self._tell = tell
        self._clock = PacedClock(1)

    async def run(
        self, *, host: str, port: int, started: Callable[[str], None], ended: asyncio.Event
    ) -> None:
        """Serve until `ended` is set.

        Args:
            host: name or address of the interface to listen on.
            port: its number, 0 for a free one.
            started: told the address, once connections are accepted.
            ended: what to wait for.

        Raises: ServerNotStarted, WorldNotSaved.
        """
        await self._world.bus.attached()  # from now on the devices live
        self._world.cloud.go_on()
        saving = asyncio.ensure_future(self._save_now_and_then())
        try:
            async with serve(self._answer, host=host, port=port) as address:
                started(address)
                await ended.wait()
        finally:
            saving.cancel()
            self._save()

    async def _answer(self, request: HttpRequest, peer: str) -> HttpResponse | EventStream:
        try:
            response = await self._world.cloud.handle(request, peer)
            if self._file is not None and (request.method not in _READING or self._world.cloud.changes()):
                self._save()
        except Exception as fault:
            self._tell(f"{request.method} {request.url.partition('?')[0]}: {type(fault).__name__}: {fault}")
            failure = refused(500, "Internal server error")
            return reply(failure.document, failure.status)
        return response

    async def _save_now_and_then(self) -> None:
        """Save what devices do by themselves, too."""
        while self._file is not None:
            await self._clock.sleep(_BETWEEN_SAVES_S)
            try:
                self._save()
            except WorldError as fault:  # whoever asks for something that cannot be kept is told, too
                self._tell(fault.message)

    def _save(self) -> None:
        """Write down what changed. Raises: WorldNotSaved."""
        if self._file is None:
            return
        changes = self._world.changes()
        self._file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
        self._world.saved()


def kept_world(file: WorldFile, *, outgoing: Servers | None = None) -> World:
    """Return the world in a file; its webhooks leave it by `outgoing`. Raises: WorldDamaged."""
    return _world(file.devices(), file.cloud(), file.devices_made, outgoing)


def new_world(scenario: Scenario, file: WorldFile | None, *, outgoing: Servers | None = None) -> World:
    """Return a world as a scenario describes it, up and running; not to be called inside an event loop.

    It is built in virtual time, and taken over into real time by way of the file, if there is one.

    Args:
        scenario: the description.
        file: where it will be kept, or None for nowhere.
        outgoing: the way on which webhooks leave it; None: there is none.

    Raises: NameTaken, CannotBuild, CannotBreak; WorldNotSaved.
    """

    async def build() -> Changes:
        world = World(LoopClock())
        await world.populate(scenario)
        return world.changes()

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        changes = runner.run(build())
    if file is not None:
        file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
        return kept_world(file, outgoing=outgoing)
    devices = [StoredDevice(one.state, one.attached, dict(one.sectors).get) for one in changes.devices]
    kept = {key: value for key, value in changes.cloud.items() if value is not None}
    return _world(devices, kept, changes.devices_made, outgoing)


def _world(
    devices: Iterable[StoredDevice], cloud: Mapping[str, bytes], made: int, outgoing: Servers | None
) -> World:
    world = World(PacedClock(1), outgoing=outgoing)
    world.restore(devices, cloud, devices_made=made)
    return world
