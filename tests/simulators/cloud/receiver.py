"""A wire out of the simulated world at whose far end somebody answers, or does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.domain.cloud.scripted import Answer, ScriptedHttp
from tests.simulators.cloud.asking import NOON, Asker

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest, HttpResponse
from particle_cli.simulators.cloud.broker import Event
from particle_cli.simulators.cloud.cloud import SimulatedCloud


def answered(body: str | bytes = b"", status: int = 200, kind: str = "text/plain") -> HttpResponse:
    content = body.encode() if isinstance(body, str) else body
    return HttpResponse(status, (("content-type", kind),), content)


class Receiver(ScriptedHttp):
    """Keeps what it is sent, and answers as it is told; it may note when something comes."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers or (answered(),))
        self.on_request: Callable[[], None] = lambda: None

    def answer_with(self, *answers: Answer) -> None:
        """Give these from now on, one after another, the last one for good."""
        self._answers = list(answers)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.on_request()
        return await super().exchange(request)

    @property
    def last(self) -> HttpRequest:
        return self.requests[-1]

    @property
    def body(self) -> str:
        """The body of the last request."""
        assert isinstance(self.last.body, bytes)
        return self.last.body.decode()

    @property
    def told(self) -> dict[str, str]:
        """The headers of the last request, their names in lower case."""
        return {name.lower(): value for name, value in self.last.headers}


class HookAsker(Asker):
    """Asks a cloud whose webhooks end at a receiver, and hears what is published."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.receiver = Receiver(*answers)
        self.events: list[Event] = []
        self.renew()

    def renew(self) -> None:
        """Take a new cloud, that remembers nothing."""
        self.cloud = SimulatedCloud(LoopClock(epoch=NOON), outgoing=self.receiver)
        self.cloud._broker.listen(self.events.append)  # as an application or a stream would

    async def hook(self, **settings: object) -> str:
        """Make a webhook for the event `temp`, and return its id."""
        document = {"event": "temp", "url": "http://127.0.0.1:8080/in", **settings}
        status, made = await self.ask("POST", "/v1/integrations", document)
        assert (status, isinstance(made, dict)) == (201, True), made
        assert isinstance(made, dict)
        return str(made["id"])

    async def publish(self, name: str = "temp", data: str | None = "25", **more: object) -> None:
        """Publish an event, and wait until its webhooks have fired."""
        document = {"name": name, "data": data, "private": True, **more}
        assert await self.ask("POST", "/v1/devices/events", document) == (200, {"ok": True})
        await self.cloud.settle()

    def heard(self) -> list[tuple[str, str | None]]:
        """What the cloud has published by itself since this was last asked, as name and data."""
        told = [(event.name, event.data) for event in self.events if event.source == "particle-internal"]
        self.events.clear()
        return told

    async def log(self, hook: str) -> list[Any]:
        """The log of a webhook."""
        answer = await self.send("GET", f"/v1/integrations/{hook}")
        logs: list[Any] = json.loads(answer.body)["integration"]["logs"]
        return logs
