"""A world with devices whose cloud is asked for updates, and the events that come of it."""

from __future__ import annotations

import json

from attrs import frozen
from tests.simulators.cloud.asking import NOON
from tests.simulators.cloud.compiling import built

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest, Part
from particle_cli.simulators.cloud.broker import Event
from particle_cli.simulators.cloud.state import FIRST_TOKEN
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.world import World

ARGON, BORON, PHOTON = 12, 13, 6
LATEST = Part("latest", b"true")


@frozen
class Noted:
    """An event, and when it was published, in seconds since the last `forget`."""

    at_s: float
    name: str
    data: str | None
    source: str


class Bench:
    """A world, and what has been published in it."""

    def __init__(self) -> None:
        self.clock = LoopClock(epoch=NOON)
        self.world = World(self.clock)
        self.noted: list[Noted] = []
        self._since = 0.0
        self.world.cloud._broker.listen(self._note)

    def _note(self, event: Event) -> None:
        at_s = round(self.clock.monotonic() - self._since, 3)
        self.noted.append(Noted(at_s, event.name, event.data, event.source))

    def forget(self) -> None:
        """Forget the events so far, and count the time from now on."""
        self.noted.clear()
        self._since = self.clock.monotonic()

    @property
    def told(self) -> list[tuple[str, str | None]]:
        """Names and data of the events."""
        return [(event.name, event.data) for event in self.noted]

    @property
    def status(self) -> list[str | None]:
        """What was told of the progress of updates."""
        return [event.data for event in self.noted if event.name == "spark/flash/status"]

    async def device(self, platform_id: int = ARGON, release: str | None = None) -> SimulatedDevice:
        """Add a device with a real Device OS, and wait until it is online."""
        number = len(self.world.devices) + 1
        made = new_device(platform_id, f"{number:024x}", release=release)
        self.world._take_in(made, name=f"number-{number}")
        self.world.plug(made)
        await self.world.settle()
        assert made.online
        self.forget()
        return made

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        headers = [("Authorization", f"Bearer {FIRST_TOKEN}")]
        if not isinstance(body, tuple) and body is not None:
            headers.append(("content-type", "application/json"))
            body = json.dumps(body).encode()
        assert body is None or isinstance(body, bytes | tuple)
        url = self.world.cloud.origin + path
        answer = await self.world.cloud.exchange(HttpRequest(method, url, tuple(headers), body))
        return answer.status, json.loads(answer.body)

    async def put(self, device: SimulatedDevice, *parts: Part) -> tuple[int, object]:
        return await self.ask("PUT", f"/v1/devices/{device.id}", parts)

    async def update(self, device: SimulatedDevice, content: bytes, name: str = "app.bin") -> None:
        """Send a file that the cloud takes, and wait for all that comes of it."""
        answer = await self.put(device, file(content, name), LATEST)
        assert answer == (200, {"id": device.id, "status": "Update started"})
        await self.world.settle()


def file(content: bytes, name: str = "app.bin", kind: str = "application/octet-stream") -> Part:
    return Part("file", content, name, kind)


def application(name: str, platform_id: int = ARGON, target: str | None = None) -> bytes:
    """An application that offers one function."""
    text = (
        f'int f(String a) {{ return 1; }} void setup() {{ Particle.function("{name}", f); }} void loop() {{}}'
    )
    return built({"src/app.ino": text}, platform_id, target).binary
