"""Asking a simulated cloud over its wire, in the first user's name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest, HttpResponse, Part
from particle_cli.simulators.cloud.cloud import ORIGIN, SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN

NOON = datetime(2024, 5, 13, 10, 55, 2, 520_000, tzinfo=UTC)


class Asker:
    """Asks a cloud in the first user's name."""

    def __init__(self) -> None:
        self.cloud = SimulatedCloud(LoopClock(epoch=NOON))
        self.token: str | None = FIRST_TOKEN

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
        return await self.cloud.exchange(HttpRequest(method, ORIGIN + path, tuple(sent), body))

    async def ask(self, method: str, path: str, document: object = None) -> tuple[int, object]:
        body = None if document is None else json.dumps(document).encode()
        answer = await self.send(method, path, body)
        assert answer.header("content-type") == "application/json; charset=utf-8"
        return answer.status, json.loads(answer.body)

    async def log_in(self, **fields: str) -> tuple[int, dict[str, object]]:
        form = {
            "username": "you@example.com",
            "password": "password",
            "grant_type": "password",
            "client_id": "particle-cli",
            "client_secret": "particle-cli",
            **fields,
        }
        answer = await self.send(
            "POST", "/oauth/token", urlencode(form).encode(), kind="application/x-www-form-urlencoded"
        )
        return answer.status, json.loads(answer.body)


SKETCH = b"void setup() {}\nvoid loop() {}\n"


def parts(*fields: tuple[str, str], path: str = "src\\app.ino", content: bytes = SKETCH) -> tuple[Part, ...]:
    return Part("file", content, path, "text/x-c"), *(Part(name, value.encode()) for name, value in fields)
