"""The channel on which control requests travel, from the host's side.

Theory of operation. A device handles up to four requests at a time and tells nothing by itself: after INIT
(and SEND) the host asks with CHECK, at growing intervals, until there is a result, and fetches the reply with
RECV. Several requests are driven by one loop that does one thing after the other. What comes first: a request
whose time is up is taken back with RESET; then a CHECK that is due; then the INIT of the next in the queue.
When the device says BUSY, the next INIT waits until one of our own requests has ended or, when it was
somebody else's doing, for as long as between CHECKs.

A fault of one transfer ends its request and no other.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from particle_cli.domain.control import raw
from particle_cli.domain.control.conversation import Conversation, too_late
from particle_cli.domain.control.errors import RequestTimeout
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S, Pace
from particle_cli.domain.control.request import Job, Request, Stage
from particle_cli.domain.errors import ProtocolError
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import UsbError, UsbGone, UsbHandle, UsbTimeout

_INSTANT: Final = 1e-6
"""Seconds by which a moment may be missed: what rounding leaves."""


class ControlChannel:
    """The control requests of one running device.

    One coroutine at a time may use it; for several requests at once there is `request_all`.

    Attributes:
        device: what messages call the device.
        clock: the time that passes.
        system_version: its Device OS version once it is open, or None where it does not tell.
    """

    def __init__(
        self, handle: UsbHandle, clock: Clock, *, data_stage: bool, pace: Pace | None = None
    ) -> None:
        """Speak on an open handle; sends nothing yet.

        Args:
            handle: the open device, the caller's to close.
            clock: the time that passes.
            data_stage: whether the platform needs a dummy byte with raw requests (its USB quirk).
            pace: times and sizes.
        """
        self._handle = handle
        self.clock = clock
        self._data_stage = data_stage
        self._pace = pace or Pace()
        attached = handle.device
        self.device = f"Device {attached.serial}" if attached.serial else f"The device at {attached.bus_path}"
        self._talk = Conversation(handle, clock, self._pace)
        self._busy = False
        self._hold_while_active: int | None = None
        self._hold_until_s = 0.0
        self._refused = 0
        self.system_version: str | None = None

    async def open(self) -> None:
        """Ask for the Device OS version, and take back what an earlier host may have left behind.

        Raises: UsbGone.
        """
        self.system_version = await raw.system_version(self._handle, timeout_ms=self._pace.transfer_ms)
        if not self.chunks:
            self._talk.most_payload = self._pace.chunk
        await self._talk.take_back_all()

    @property
    def chunks(self) -> bool:
        """Whether the device takes a request, and gives a reply, in several transfers (Device OS 1.5)."""
        numbers = re.match(r"(\d+)\.(\d+)", self.system_version or "")
        return numbers is None or (int(numbers[1]), int(numbers[2])) >= (1, 5)

    async def request(
        self,
        kind: int,
        payload: bytes = b"",
        *,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        secret: bool = False,
    ) -> bytes:
        """Make one request and return the bytes of its reply.

        Args:
            kind: the request's type, 0 to 65535.
            payload: its bytes, at most 65535.
            timeout_s: bound on the whole of it.
            secret: whether payload or reply holds passwords or keys.

        Raises: RequestFailed (the device's answer), DeviceProtected, RequestTimeout, RequestDropped,
        RequestTooLarge, ProtocolError; UsbGone, UsbStall, UsbTimeout.
        """
        (outcome,) = await self.request_all(Request(kind, payload, timeout_s, secret))
        if isinstance(outcome, ParticleError):
            raise outcome
        return outcome

    async def request_all(self, *requests: Request) -> tuple[bytes | ParticleError, ...]:
        """Make several requests at once; return each one's reply or error, in their order.

        When it is cancelled, the requests under way are taken back.
        """
        if self._busy:
            raise RuntimeError("the channel is in use; make requests at once with request_all")
        now = self.clock.monotonic()
        jobs = [Job(request, self.device, now + request.timeout_s, self._pace) for request in requests]
        self._busy, self._hold_while_active, self._hold_until_s, self._refused = True, None, now, 0
        try:
            while waiting := [job for job in jobs if job.stage is not Stage.DONE]:
                await self._step(waiting)
        except UsbGone as gone:
            for job in jobs:
                if job.stage is not Stage.DONE:
                    job.finish(gone)
        except BaseException:
            await self._abandon(jobs)
            raise
        finally:
            self._busy = False
        return tuple(job.outcome for job in jobs)

    async def force_reset(self) -> None:
        """Reset the device at once, even when it hangs; what became of it only the bus tells.

        Raises: UsbStall (Device OS before 2.0).
        """
        try:
            await raw.force_reset(
                self._handle, data_stage=self._data_stage, timeout_ms=self._pace.transfer_ms
            )
        except (UsbTimeout, UsbGone):
            return  # it hardly ever gets round to acknowledging

    async def force_cloud_disconnect(self) -> None:
        """Break the cloud connection off at once.

        Raises: UsbStall (Device OS before 2.0), UsbTimeout, UsbGone.
        """
        await raw.force_cloud_disconnect(
            self._handle, data_stage=self._data_stage, timeout_ms=self._pace.transfer_ms
        )

    async def _step(self, waiting: Sequence[Job]) -> None:
        """Do the most urgent thing, or wait until there is something to do."""
        now = self.clock.monotonic() + _INSTANT
        late = next((job for job in waiting if job.deadline_s <= now), None)
        due = min((job for job in waiting if job.active), key=lambda job: job.due_s, default=None)
        queued = next((job for job in waiting if job.stage is Stage.QUEUED), None)
        if late:
            await self._end(late, too_late(late))
        elif due and due.due_s <= now:
            await self._attempt(due, self._talk.check)
        elif queued and self._may_begin(waiting, now):
            await self._attempt(queued, lambda job: self._begin(job, waiting))
        else:
            moments = [job.deadline_s for job in waiting] + [job.due_s for job in waiting if job.active]
            if queued and self._hold_while_active is None:
                moments.append(self._hold_until_s)
            await self.clock.sleep(max(0.0, min(moments) - self.clock.monotonic()))

    def _may_begin(self, waiting: Sequence[Job], now: float) -> bool:
        if self._hold_while_active is None:
            return self._hold_until_s <= now
        if sum(job.active for job in waiting) < self._hold_while_active:
            self._hold_while_active = None
            return True
        return False

    async def _attempt(self, job: Job, step: Callable[[Job], Awaitable[None]]) -> None:
        try:
            await step(job)
        except UsbGone:
            raise
        except (UsbError, ProtocolError, RequestTimeout) as fault:
            await self._end(job, fault)

    async def _begin(self, job: Job, waiting: Sequence[Job]) -> None:
        taken = {other.id for other in waiting if other.active}
        if await self._talk.begin(job, taken=taken):
            self._refused = 0
        elif not taken:
            self._hold_until_s = self.clock.monotonic() + self._pace.wait_s(self._refused)
            self._refused += 1
        else:
            self._hold_while_active = len(taken)

    async def _end(self, job: Job, error: ParticleError) -> None:
        """Give a request up, on the device's side too."""
        number = job.id
        job.finish(error)
        if number:
            await self._talk.take_back(number)

    async def _abandon(self, jobs: Sequence[Job]) -> None:
        """Take back what is under way, as far as that can be done."""
        for job in jobs:
            if job.active:
                try:
                    await self._talk.take_back(job.id)
                except ParticleError:
                    return
