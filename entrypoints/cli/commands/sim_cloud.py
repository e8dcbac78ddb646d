"""`particle sim cloud`: a simulated cloud with devices, for anybody's client to reach over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.termination import told_to_end
from particle_cli.entrypoints.cli.commands.sim_scenarios import scenario_named
from particle_cli.entrypoints.cli.result import Result, Streamed
from particle_cli.entrypoints.cli.stream import Stream
from particle_cli.entrypoints.cloud_server import CloudServer, kept_world, new_world
from particle_cli.entrypoints.outgoing import WayOut
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.errors import UsageError
from particle_cli.simulators.world_file import WorldFile

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk
    from particle_cli.simulators.world import World

LOOPBACK = "127.0.0.1"
FIRST_SCENARIO = "laptop"


def run(given: Given, desk: Desk) -> Result:
    """Serve until somebody ends it, or the time is up."""
    path = given.text("db")
    file = WorldFile(path, journal="wal") if path else None
    try:
        world = _world(given, desk, file)
        for name in given.texts("webhook-host"):
            world.cloud.allow(name)
        server = CloudServer(world, file, desk.person.warn)
        with asyncio.Runner() as runner:
            runner.run(_serve(given, desk, server))
    finally:
        if file is not None:
            file.close()
    return Streamed()


async def _serve(given: Given, desk: Desk, server: CloudServer) -> None:
    host, port, seconds = given.text("host") or LOOPBACK, _port(given), given.number("timeout")
    stream = Stream(desk.person, json=given.flag("json"))

    def tell(address: str) -> None:
        stream.text(f"Simulated cloud at {address}\n")
        stream.record({"url": address})

    with told_to_end() as told:
        try:
            async with LoopClock().timeout(seconds) if seconds else nullcontext():
                await server.run(host=host, port=port, started=tell, ended=told)
        except TimeIsUp:
            return  # that is how it was meant to end


def _world(given: Given, desk: Desk, file: WorldFile | None) -> World:
    """Return the world of the file if there is one in it, else that of the scenario."""
    word = given.text("scenario")
    if file is not None and file.devices_made:
        if word is not None:
            raise UsageError(
                f"There is a world in {file.path} already.",
                next_step="Leave --scenario out, or name another file with --db.",
            )
        return kept_world(file, outgoing=WayOut(desk.environment))
    scenario = scenario_named(word or FIRST_SCENARIO, desk)
    return new_world(scenario, file, outgoing=WayOut(desk.environment))


def _port(given: Given) -> int:
    port = given.number("port")
    if port is None:
        return 0
    if not (port.is_integer() and 0 <= port <= 0xFFFF):
        raise UsageError(f"There is no port {port:g}.", next_step="A port is a number from 0 to 65535.")
    return int(port)
