"""Asking a simulated cloud over its wire, in the first user's name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest, HttpResponse, Part
from particle_cli.simulators.cloud.cloud import LOOPBACK, ORIGIN, SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN, CloudState

NOON = datetime(2024, 5, 13, 10, 55, 2, 520_000, tzinfo=UTC)


class Asker:
    """Asks a cloud in the first user's name."""

    def __init__(self, *, limits: bool = False, keep_alive: bool = False) -> None:
        self.cloud = SimulatedCloud(LoopClock(epoch=NOON), limits=limits, keep_alive=keep_alive)
        self.token: str | None = FIRST_TOKEN
        self.peer = LOOPBACK

    async def send(
        self,
        method: str,
        path: str,
        body: bytes | tuple[Part, ...] | None = None,
        *,
        kind: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        sent = [*headers.items()]
        if self.token is not None:
            sent.append(("Authorization", f"Bearer {self.token}"))
        if isinstance(body, bytes):
            sent.append(("content-type", kind))
        request = HttpRequest(method, ORIGIN + path, tuple(sent), body)
        if self.peer == LOOPBACK:
            return await self.cloud.exchange(request)
        response = await self.cloud.handle(request, self.peer)
        assert isinstance(response, HttpResponse)
        return response

    async def ask(self, method: str, path: str, document: object = None) -> tuple[int, object]:
        body = None if document is None else json.dumps(document).encode()
        answer = await self.send(method, path, body)
        assert answer.header("content-type") == "application/json; charset=utf-8"
        return answer.status, json.loads(answer.body)

    async def told(self, method: str, path: str, document: object = None) -> dict[str, Any]:
        """Ask for what is granted with a JSON object, and return it."""
        status, answer = await self.ask(method, path, document)
        assert status in (200, 201), answer
        assert isinstance(answer, dict)
        return answer

    async def form(self, path: str, **fields: str) -> tuple[int, Any]:
        """Send a form, and return status and document of the answer."""
        answer = await self.send(
            "POST", path, urlencode(fields).encode(), kind="application/x-www-form-urlencoded"
        )
        return answer.status, json.loads(answer.body)

    def read(self) -> CloudState:
        """Return what the cloud remembers, to be looked at or changed and given back with `write`."""
        return CloudState.load(self.cloud.dump_state())

    def write(self, state: CloudState) -> None:
        """Let the cloud remember that."""
        self.cloud.load_state(state.dump())

    async def log_in(self, **fields: str) -> tuple[int, dict[str, object]]:
        form = {
            "username": "you@example.com",
            "password": "password",
            "grant_type": "password",
            "client_id": "particle-cli",
            "client_secret": "particle-cli",
            **fields,
        }
        return await self.form("/oauth/token", **form)


SKETCH = b"void setup() {}\nvoid loop() {}\n"


def parts(*fields: tuple[str, str], path: str = "src\\app.ino", content: bytes = SKETCH) -> tuple[Part, ...]:
    return Part("file", content, path, "text/x-c"), *(Part(name, value.encode()) for name, value in fields)
