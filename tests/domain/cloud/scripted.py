"""An http wire that answers what it was told to, and a client at its near end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.patience import Patience
from particle_cli.ports.http import HttpRequest, HttpResponse, HttpStream

TOKEN = "f00dfacef00dfacef00dfacef00dfacef00dface"
BASE = "https://api.test"
NOON = datetime(2024, 5, 13, 12, tzinfo=UTC)

Answer = HttpResponse | Exception


def answered(document: object, status: int = 200, **headers: str) -> HttpResponse:
    """An answer of JSON, or of bytes as they are."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return HttpResponse(
        status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), body
    )


class ScriptedHttp:
    """Gives the answers one after another, the last one again and again; keeps what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[HttpRequest] = []
        self._answers = list(answers)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stream(self, request: HttpRequest) -> AbstractAsyncContextManager[HttpStream]:
        raise NotImplementedError

    @property
    def asked(self) -> list[str]:
        """Method and address of every request."""
        return [f"{request.method} {request.url}" for request in self.requests]

    def headers(self, number: int = -1) -> dict[str, str]:
        """The headers of a request."""
        return dict(self.requests[number].headers)


def client_over(
    *answers: Answer, token: str | None = TOKEN, api_url: str = BASE, patience: Patience | None = None
) -> tuple[CloudClient, ScriptedHttp]:
    """A client, and the wire that it is on."""
    http = ScriptedHttp(*answers)
    clock = LoopClock(epoch=NOON)
    return CloudClient(http, clock, api_url=api_url, token=token, patience=patience or Patience()), http


def texts(errors: Iterable[BaseException]) -> str:
    """Everything that errors say."""
    return "\n".join(f"{error!r} {error} {vars(error)}" for error in errors)
