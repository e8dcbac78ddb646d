"""A simulated cloud that is killed again and again while people work with it, and what must be there then.

Each job works on things of its own, one request after another, and keeps what was acknowledged. Of the one
request that was under way when the server died nobody knows; everything else has to be as it was told.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Protocol
from urllib.parse import urlencode

from attrs import define, field
from tests.entrypoints.serving import COMMAND, Served

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.ports.http import HttpError, HttpRequest, HttpResponse
from particle_cli.simulators.cloud.state import FIRST_PASSWORD, FIRST_TOKEN, FIRST_USER

CLOCK: Final = LoopClock()
LONGEST_LIFE_S: Final = 0.5
MOST_HOOKS: Final = 20
JSON: Final = ("Content-Type", "application/json")
FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")


@define
class Cloud:
    """The way to the server, as long as it lives."""

    http: AiohttpClient
    address: str

    async def ask(
        self, method: str, path: str, document: object = None, *, token: str | None = FIRST_TOKEN
    ) -> HttpResponse:
        """Return the answer, whatever its status. Raises: HttpError when there is none any more."""
        headers = (() if token is None else (("Authorization", f"Bearer {token}"),)) + (
            () if document is None else (JSON,)
        )
        body = None if document is None else json.dumps(document).encode()
        return await self.http.exchange(HttpRequest(method, f"{self.address}{path}", headers, body))


class Job(Protocol):
    """Somebody who works with the cloud."""

    acknowledged: int

    async def work(self, cloud: Cloud) -> None:
        """Do one thing more, and keep what was acknowledged of it."""
        ...

    async def check(self, cloud: Cloud) -> None:
        """Make sure that everything acknowledged is there."""
        ...


@define
class Renamer:
    """Gives a device one name after another."""

    device: str
    number: int = 0
    sent: int = 0
    acknowledged: int = 0

    async def work(self, cloud: Cloud) -> None:
        self.sent = self.number + 1
        answer = await cloud.ask("PUT", f"/v1/devices/{self.device}", {"name": f"name-{self.sent}"})
        assert answer.status == 200, answer
        self.number = self.sent
        self.acknowledged += 1

    async def check(self, cloud: Cloud) -> None:
        name = json.loads((await cloud.ask("GET", f"/v1/devices/{self.device}")).body)["name"]
        if self.number or name == f"name-{self.sent}":
            assert name in (f"name-{self.number}", f"name-{self.sent}"), (name, self)
            self.number = int(name.removeprefix("name-"))


@define
class TokenKeeper:
    """Makes tokens, and ends every other one."""

    living: list[str] = field(factory=list, repr=False)
    ended: list[str] = field(factory=list, repr=False)
    doubtful: set[str] = field(factory=set, repr=False)
    acknowledged: int = 0

    async def work(self, cloud: Cloud) -> None:
        fields = {
            "grant_type": "password",
            "username": FIRST_USER,
            "password": FIRST_PASSWORD,
            "client_id": "particle-cli",
            "client_secret": "particle-cli",
            "expires_in": "3600",
        }
        request = HttpRequest("POST", f"{cloud.address}/oauth/token", (FORM,), urlencode(fields).encode())
        answer = await cloud.http.exchange(request)
        assert answer.status == 200, answer
        self.living.append(json.loads(answer.body)["access_token"])
        self.acknowledged += 1
        if len(self.living) % 2:
            token = self.living[-1]
            self.doubtful.add(token)
            answer = await cloud.ask("DELETE", f"/v1/access_tokens/{token}", token=None)
            assert answer.status == 200, answer
            self.doubtful.remove(token)
            self.living.remove(token)
            self.ended.append(token)
            self.acknowledged += 1

    async def check(self, cloud: Cloud) -> None:
        for tokens, status in ((self.living, 200), (self.ended, 401)):
            for token in tokens[-20:]:
                if token not in self.doubtful:
                    answer = await cloud.ask("GET", "/v1/user", token=token)
                    assert answer.status == status, (answer.status, self)
        self.living = [token for token in self.living if token not in self.doubtful]
        self.doubtful.clear()


@define
class HookKeeper:
    """Makes integrations, and removes one as soon as there are many."""

    living: set[str] = field(factory=set)
    ended: set[str] = field(factory=set)
    doubtful: set[str] = field(factory=set)
    acknowledged: int = 0

    async def work(self, cloud: Cloud) -> None:
        document = {"event": "ev", "url": "http://127.0.0.1:9/x", "integration_type": "Webhook"}
        answer = await cloud.ask("POST", "/v1/integrations", document)
        assert answer.status == 201, answer
        number = json.loads(answer.body)["id"]
        self.living.add(number)
        self.acknowledged += 1
        if len(self.living) > MOST_HOOKS:
            number = min(self.living)
            self.doubtful.add(number)
            answer = await cloud.ask("DELETE", f"/v1/integrations/{number}")
            assert answer.status in (200, 204), answer
            self.doubtful.remove(number)
            self.living.remove(number)
            self.ended.add(number)
            self.acknowledged += 1

    async def check(self, cloud: Cloud) -> None:
        listed = json.loads((await cloud.ask("GET", "/v1/integrations")).body)
        there = {one["id"] for one in listed}
        assert self.living - self.doubtful <= there, self.living - self.doubtful - there
        assert not self.ended & there
        self.living, self.doubtful = self.living & there, set()


@define
class Tally:
    """What came of all kills."""

    kills: int = 0
    acknowledged: int = 0

    def __str__(self) -> str:
        """One line."""
        return f"{self.kills} kills, {self.acknowledged} acknowledged changes, none lost"


def torment(database: str, *, kills: int, seed: int) -> Tally:
    """Let people work with a cloud that is killed, over and over, and check it after each time.

    Args:
        database: file of the cloud.
        kills: how often.
        seed: chooses the moments.
    """
    moments = random.Random(seed)
    kill_while_it_starts(database, moments.uniform(0.0, 0.6))
    tally = Tally()
    jobs: list[Job] = []
    for _ in range(kills):
        served = Served("--db", database)
        try:
            jobs = asyncio.run(_checked(jobs, served.address))
            asyncio.run(_work_until_killed(jobs, served, moments.uniform(0.02, LONGEST_LIFE_S)))
        finally:
            served.end(signal.SIGKILL)
        tally.kills += 1
    served = Served("--db", database)
    try:
        asyncio.run(_checked(jobs, served.address))
    finally:
        code, _, said = served.end(signal.SIGTERM)
    assert (code, said) == (0, "")
    tally.acknowledged = sum(job.acknowledged for job in jobs)
    return tally


def kill_while_it_starts(database: str, after_s: float) -> None:
    """Start a server and kill it before it has said a word, or soon after."""
    command = [*COMMAND, "--db", database]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(after_s)
        process.kill()


async def _checked(jobs: list[Job], address: str) -> list[Job]:
    """Check what the jobs did; the first time, find them their devices."""
    http = AiohttpClient()
    cloud = Cloud(http, address)
    try:
        if not jobs:
            devices = json.loads((await cloud.ask("GET", "/v1/devices")).body)
            jobs = [TokenKeeper(), HookKeeper(), *(Renamer(device["id"]) for device in devices)]
        for job in jobs:
            await job.check(cloud)
    finally:
        await http.close()
    return jobs


async def _work_until_killed(jobs: list[Job], served: Served, life_s: float) -> None:
    """Have all jobs done at once until the server is dead."""
    http = AiohttpClient()
    cloud = Cloud(http, served.address)

    async def for_ever(work: Callable[[Cloud], Awaitable[None]]) -> None:
        try:
            while True:
                await work(cloud)
        except HttpError:
            return

    working = [asyncio.ensure_future(for_ever(job.work)) for job in jobs]
    try:
        await CLOCK.sleep(life_s)
        served.process.kill()
        async with CLOCK.timeout(10):
            await asyncio.gather(*working)
    finally:
        for task in working:
            task.cancel()
        await http.close()
