"""A simulated cloud with very many light devices, served by a process of its own.

It prints its address; each line on its standard input is answered with what it was asked since the last one.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from typing import Final

from tests.simulators.cloud.far_end import BORON, FarEnd

from particle_cli.adapters.clock import PacedClock
from particle_cli.entrypoints.cloud_server import CloudServer
from particle_cli.simulators.cloud.state import FIRST_USER
from particle_cli.simulators.world import World

COLLECTOR: Final = "many@example.com"
PASSWORD: Final = "password"
DEVICES: Final = 10_000
COLLECTED: Final = 500
_WAY_S: Final = 0.005
"""What an answer about a single device takes on its way, so that several may be under way."""
_FIRST_COLLECTED: Final = 1_000_000


class Asked:
    """Counts requests, and how many are under way at a time."""

    def __init__(self, world: World) -> None:
        """Stand before the world's cloud."""
        self._clock = PacedClock(1)
        self._handle = world.cloud.handle
        self._now = 0
        self._begin_anew()
        world.cloud.handle = self._counted  # type: ignore[method-assign]

    def _begin_anew(self) -> None:
        self._paths: dict[str, int] = {}
        self._most = 0

    async def _counted(self, *request, **more):  # type: ignore[no-untyped-def]
        path = "/".join(request[0].url.split("/", 6)[3:6]).partition("?")[0]
        self._paths[path] = self._paths.get(path, 0) + 1
        self._now += 1
        self._most = max(self._most, self._now)
        try:
            if path.count("/") == 2 and path.startswith("v1/devices/"):
                await self._clock.sleep(_WAY_S)
            return await self._handle(*request, **more)
        finally:
            self._now -= 1

    def tell(self) -> str:
        """Return the counts as JSON, and begin anew."""
        lists = self._paths.get("v1/devices", 0)
        told = {"requests": sum(self._paths.values()), "lists": lists, "at_once": self._most}
        self._begin_anew()
        return json.dumps(told)


def crowded_world() -> World:
    """Return a world with two accounts full of devices, each with a function and a variable, all online."""
    world = World(PacedClock(1))
    for number in range(DEVICES):
        device = FarEnd(number, BORON, functions={"led": int}, values={"temperature": 21.5})
        world.cloud.adopt(device, name=f"device-{number:05d}", owner=FIRST_USER)
    world.cloud.open_account(COLLECTOR, PASSWORD)
    for number in range(COLLECTED):
        device = FarEnd(
            _FIRST_COLLECTED + number, BORON, functions={"led": int}, values={"temperature": 21.5}
        )
        world.cloud.adopt(device, name=f"mine-{number:03d}", owner=COLLECTOR)
    return world


async def _main() -> None:
    world = crowded_world()
    asked = Asked(world)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer() -> None:
        print(asked.tell(), flush=True)

    def listen() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(answer)
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=listen, daemon=True).start()
    server = CloudServer(world, None, lambda fault: print(fault, file=sys.stderr, flush=True))
    await server.run(
        host="127.0.0.1", port=0, started=lambda address: print(address, flush=True), ended=ended
    )


if __name__ == "__main__":
    asyncio.run(_main())
