"""One request on its way: what it carries, and how far it has come."""

from __future__ import annotations

from enum import Enum
from typing import cast

from attrs import define, field, frozen

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S, Pace
from particle_cli.ports.errors import ParticleError


@frozen
class Request:
    """A control request.

    Attributes:
        kind: its type, 0 to 65535, usually one of RequestType.
        payload: its bytes, at most 65535; may hold passwords, hence no repr.
        timeout_s: bound on its whole life.
        secret: whether its payload or its reply holds passwords or keys, so that no record may keep them.
    """

    kind: int
    payload: bytes = field(default=b"", repr=False)
    timeout_s: float = DEFAULT_TIMEOUT_S
    secret: bool = False

    @property
    def name(self) -> str:
        """Its type in words."""
        if self.kind in RequestType.values():
            return RequestType.Name(cast("RequestType", self.kind))
        return f"request {self.kind}"


class Stage(Enum):
    """What a request waits for."""

    QUEUED = "its turn"
    ALLOCATING = "a buffer for its payload"
    WORKING = "the device to handle it"
    DONE = "nothing any more"


@define(eq=False)
class Job:
    """A request on its way.

    Attributes:
        request: what is asked.
        device: what messages call the device.
        deadline_s: when it fails, by the clock.
        pace: gives the times between CHECKs.
        stage: what it waits for.
        id: the device's number for it, 0 before it has one.
        due_s: when to CHECK next, by the clock.
        checks: how many CHECKs were sent in this stage.
        lost: how many CHECKs in a row had no answer.
        outcome: the reply's bytes, which may hold secrets, or the error, once it is DONE.
    """

    request: Request
    device: str
    deadline_s: float
    pace: Pace
    stage: Stage = Stage.QUEUED
    id: int = 0
    due_s: float = 0.0
    checks: int = 0
    lost: int = 0
    outcome: bytes | ParticleError = field(default=b"", repr=False)

    @property
    def active(self) -> bool:
        """Whether the device holds it."""
        return bool(self.id) and self.stage is not Stage.DONE

    @property
    def name(self) -> str:
        """Device and request, for messages."""
        return f"{self.device}: {self.request.name}"

    def enter(self, stage: Stage, now: float) -> None:
        """Wait for something new, asked after at the intervals from the first on."""
        self.stage, self.checks, self.lost = stage, 0, 0
        self.due_s = now + self.pace.wait_s(0)

    def ask_later(self, now: float) -> None:
        """Wait for the next CHECK."""
        self.checks += 1
        self.due_s = now + self.pace.wait_s(self.checks)

    def finish(self, outcome: bytes | ParticleError) -> None:
        """Be done."""
        self.stage, self.outcome = Stage.DONE, outcome
