"""The transfers of single requests: INIT, SEND, CHECK, RECV and RESET, each with what its answer leads to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from particle_cli.domain.control import service
from particle_cli.domain.control.errors import RequestDropped, RequestTimeout, RequestTooLarge, refusal
from particle_cli.domain.control.policy import Pace
from particle_cli.domain.control.request import Job, Stage
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.control.service import ServiceReply, ServiceStatus
from particle_cli.domain.errors import ProtocolError
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Setup, UsbGone, UsbHandle, UsbStall, UsbTimeout

_MOST_REPLY: Final = 1 << 20
"""Bytes; no reply comes near."""


class Conversation:
    """Moves jobs from stage to stage, one transfer after the other.

    Every method may raise UsbGone; where nothing else is said also UsbStall, UsbTimeout, ProtocolError and
    RequestTimeout, after which the job has to be taken back.

    Attributes:
        most_payload: bytes that a request can carry.
    """

    def __init__(self, handle: UsbHandle, clock: Clock, pace: Pace) -> None:
        """Speak on an open handle."""
        self._handle = handle
        self._clock = clock
        self._pace = pace
        self.most_payload = service.MOST_PAYLOAD

    async def begin(self, job: Job, *, taken: Collection[int]) -> bool:
        """Open a request, and hand its payload over if there is room for it.

        Args:
            job: a request that is QUEUED.
            taken: the ids of our other requests that the device holds. Without any, all requests are taken
                back when the answer is lost, since ours may have been opened under an id that nobody knows.

        Returns: False when the device has no room for another request now.
        """
        request = job.request
        if len(request.payload) > self.most_payload:
            job.finish(
                RequestTooLarge(
                    f"{job.name}: Request data is too large: {len(request.payload)} bytes, "
                    f"and the device takes {self.most_payload}.",
                    next_step="Send less at once.",
                )
            )
            return True
        try:
            reply = await self._ask(service.init(request.kind, len(request.payload)))
        except (UsbGone, UsbStall):
            raise
        except BaseException:  # an interruption, too: the device may have opened it
            if not taken:
                await self.take_back_all()
            raise
        if reply.status is ServiceStatus.BUSY:
            return False
        if reply.status is ServiceStatus.NO_MEMORY:
            job.finish(refusal(job.name, ResultCode.NO_MEMORY))
        elif reply.status in (ServiceStatus.OK, ServiceStatus.PENDING) and reply.id and reply.id not in taken:
            job.id = reply.id
            await self._begun(job, reply)
        else:
            raise _nonsense(job, reply)
        return True

    async def check(self, job: Job) -> None:
        """Ask how it stands with a request that the device holds, and do what the answer allows."""
        try:
            reply = await self._ask(service.check(job.id))
        except (UsbStall, UsbTimeout):
            job.lost += 1
            if job.lost >= self._pace.lost_checks:
                raise
            job.ask_later(self._clock.monotonic())
            return
        job.lost = 0
        if reply.id not in (None, job.id):
            raise _nonsense(job, reply)
        if reply.status is ServiceStatus.PENDING:
            job.ask_later(self._clock.monotonic())
        elif reply.status is ServiceStatus.OK and job.stage is Stage.ALLOCATING:
            await self._send(job)
        elif reply.status is ServiceStatus.OK and reply.result is not None:
            await self._conclude(job, reply.size or 0, reply.result)
        elif reply.status is ServiceStatus.NOT_FOUND:
            job.finish(RequestDropped(f"{job.name}: Request was cancelled", next_step="Try again."))
        elif reply.status is ServiceStatus.NO_MEMORY:
            job.finish(refusal(job.name, ResultCode.NO_MEMORY))
        else:
            raise _nonsense(job, reply)

    async def take_back(self, number: int) -> None:
        """Take a request back; whether the device still knew it does not matter. Raises: UsbGone."""
        for _ in range(2):
            try:
                await self._ask(service.reset(number))
                return
            except ProtocolError:
                return
            except (UsbStall, UsbTimeout):
                continue

    async def take_back_all(self) -> None:
        """Take back all requests, whoever made them. Raises: UsbGone."""
        await self.take_back(service.EVERY_REQUEST)

    async def _begun(self, job: Job, reply: ServiceReply) -> None:
        now = self._clock.monotonic()
        if reply.status is ServiceStatus.OK and job.request.payload:
            await self._send(job)
        elif reply.status is ServiceStatus.OK:
            job.enter(Stage.WORKING, now)
        elif job.request.payload:
            job.enter(Stage.ALLOCATING, now)
        else:
            raise _nonsense(job, reply)

    async def _send(self, job: Job) -> None:
        payload = memoryview(job.request.payload)
        for start in range(0, len(payload), self._pace.chunk):
            self._in_time(job)
            part = payload[start : start + self._pace.chunk]
            setup = service.send(job.id, len(part), secret=job.request.secret)
            await self._handle.control_out(setup, part, timeout_ms=self._pace.transfer_ms)
        job.enter(Stage.WORKING, self._clock.monotonic())

    async def _conclude(self, job: Job, size: int, result: int) -> None:
        """Fetch the reply, until when the device keeps the request, and be done."""
        if size > _MOST_REPLY:
            raise ProtocolError(f"{job.name}: the device announces a reply of {size} bytes.")
        data = bytearray()
        while len(data) < size:
            self._in_time(job)
            length = min(self._pace.chunk, size - len(data))
            setup = service.receive(job.id, length, secret=job.request.secret)
            part = await self._handle.control_in(setup, timeout_ms=self._pace.transfer_ms)
            if len(part) != length:
                raise ProtocolError(f"{job.name}: the device sent {len(part)} bytes, not {length}.")
            data += part
        job.finish(refusal(job.name, result, job.request.kind) if result else bytes(data))

    async def _ask(self, setup: Setup) -> ServiceReply:
        reply = await self._handle.control_in(setup, timeout_ms=self._pace.transfer_ms)
        return service.parse_service_reply(reply)

    def _in_time(self, job: Job) -> None:
        if job.deadline_s <= self._clock.monotonic():
            raise too_late(job)


def too_late(job: Job) -> RequestTimeout:
    """Return the error of a request whose time is up."""
    return RequestTimeout(f"{job.name}: Request timeout", next_step="Reset the device, then try again.")


def _nonsense(job: Job, reply: ServiceReply) -> ProtocolError:
    return ProtocolError(f"{job.name}: the device answered {reply}.")
