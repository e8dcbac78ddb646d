"""npm's particle-api-js at the near end, `particle sim cloud` at the far one."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, frozen
from tests.strangers.conftest import NODE_MODULES, ROOT

BRIDGE = Path(__file__).parent / "particle_api_bridge.js"


@frozen
class Told:
    """What the client made of an answer: its body and status, or the error it threw."""

    ok: bool
    body: Any = None
    status: int | None = None
    message: str | None = None


def file(content: bytes) -> Mapping[str, str]:
    """Return content as the bridge is handed it."""
    return {"$file": base64.b64encode(content).decode()}


def content(told: Told) -> bytes:
    """Return the content of a download."""
    return base64.b64decode(told.body["$file"])


@define
class OfficialClient:
    """The official client, logged in as somebody, or not.

    Attributes:
        address: of the cloud.
        token: sent with every call that is not given another.
    """

    address: str
    bridge: subprocess.Popen[str]
    token: str | None = None

    def call(self, method: str, **args: object) -> Told:
        """Call a method; what it wants is named as in its documentation."""
        auth = {} if self.token is None else {"auth": self.token}
        return self._ask({"method": method, "args": {**auth, **args}})

    def body(self, method: str, **args: object) -> Any:
        """Call a method that has to succeed, and return the body of the answer."""
        told = self.call(method, **args)
        assert told.ok, (method, told)
        return told.body

    def log_in(self, username: str = "you@example.com", password: str = "password") -> None:
        """Log in, and go on with that token."""
        self.token = self.body("login", username=username, password=password, auth=None)["access_token"]

    def stream(self, **args: object) -> Told:
        """Open an event stream in place of the one before."""
        return self._ask({"stream": {"auth": self.token, **args}})

    def events(self, count: int) -> list[dict[str, Any]]:
        """Return the next events of the stream."""
        found: list[dict[str, Any]] = self._ask({"events": count}).body
        return found

    def _ask(self, asked: Mapping[str, object]) -> Told:
        assert self.bridge.stdin is not None
        assert self.bridge.stdout is not None
        self.bridge.stdin.write(json.dumps(asked) + "\n")
        self.bridge.stdin.flush()
        line = self.bridge.stdout.readline()
        assert line, "the bridge to the client has died"
        return Told(**json.loads(line))


@contextmanager
def official_client(home: Path, *words: str) -> Iterator[OfficialClient]:
    """Start a simulated cloud and the client, logged in as the first user."""
    program = [sys.executable, "-m", "particle_cli.entrypoints.cli.main", "sim", "cloud", "--json", *words]
    environment = {**os.environ, "HOME": str(home)}
    node = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    pipe = subprocess.PIPE
    with subprocess.Popen(program, env=environment, cwd=ROOT, stdout=pipe, text=True) as cloud:
        assert cloud.stdout is not None
        address = json.loads(cloud.stdout.readline())["url"]
        with subprocess.Popen(
            ["node", str(BRIDGE), address], env=node, stdin=pipe, stdout=pipe, text=True
        ) as bridge:
            client = OfficialClient(address, bridge)
            try:
                client.log_in()
                yield client
            finally:
                bridge.kill()
                cloud.terminate()
