"""The device's end of the control requests: requests, their buffers and their states.

INIT opens a request, SEND fills it, CHECK asks after it, RECV fetches the reply; each is one vendor transfer
on endpoint 0. What a request means is not known here: a `Handler` gets its payload.

    INIT, size 0 ............... -> PENDING
    INIT, room in the pool ..... -> RECV_PAYLOAD
    INIT, larger ............... -> ALLOC_PENDING -> RECV_PAYLOAD or ALLOC_FAILED
    RECV_PAYLOAD, all sent ..... -> PENDING
    PENDING, handled ........... -> DONE
    ALLOC_FAILED, CHECK ........ -> removed
    DONE, reply fetched ........ -> removed
    any, RESET ................. -> removed
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum
from functools import partial

from attrs import define, field, frozen

from particle_cli.ports.usb import Setup
from particle_cli.simulators.control.service import SERVICE_REPLY_SIZE, ServiceRequest, Status, service_reply
from particle_cli.simulators.usb.answer import DONE, STALL, Agenda, Answer

MOST_ACTIVE = 4
POOL_SIZE = 64
_ALARM = "control request"


class RequestState(Enum):
    """What a request waits for."""

    ALLOC_PENDING = "buffer"
    ALLOC_FAILED = "the bad news"
    RECV_PAYLOAD = "payload"
    PENDING = "handler"
    DONE = "fetching"


@frozen
class Outcome:
    """What handling a request came to.

    Attributes:
        result: 0, or a system error code (negative).
        reply: the reply's bytes.
        takes_ms: how long the work takes; until then CHECK answers PENDING.
        polls: how many CHECKs find it PENDING, however little time it takes.
        then: what happens once the host has the whole reply, or has cancelled the request.
    """

    result: int = 0
    reply: bytes = field(default=b"", repr=False)
    takes_ms: float = 0.0
    polls: int = 0
    then: Callable[[], None] | None = None


@frozen
class Handler:
    """What does the work.

    Attributes:
        run: takes request type and payload.
        announced: told the type of every request that INIT accepts.
        free: whether the thread that does the work has time for it now.
    """

    run: Callable[[int, bytes], Outcome]
    announced: Callable[[int], None]
    free: Callable[[], bool] = lambda: True


@define(eq=False)
class _Request:
    id: int
    kind: int
    size: int
    state: RequestState
    pooled: int = 0
    payload: bytearray = field(factory=bytearray)
    outcome: Outcome = Outcome()
    polls_left: int = 0
    sent: int = 0


class ControlChannel:
    """The requests of one device from enumeration to reset.

    Attributes:
        free_memory: payloads above this many bytes cannot be buffered.
        whole_only: whether payloads and replies travel in one piece, as before Device OS 1.5.
        next_id: id of the next request; 0 is left out, since it means all of them.
    """

    def __init__(
        self, agenda: Agenda, handler: Handler, *, free_memory: int = 65535, whole_only: bool = False
    ) -> None:
        """Begin without requests."""
        self._agenda = agenda
        self._handler = handler
        self.free_memory = free_memory
        self.whole_only = whole_only
        self.next_id = 1
        self._active: dict[int, _Request] = {}
        self._queue: deque[_Request] = deque()
        self._working: _Request | None = None

    @property
    def active(self) -> int:
        """How many requests are accepted and not yet removed."""
        return len(self._active)

    def handle(self, setup: Setup, data: bytes) -> Answer:
        """Answer one vendor transfer of the protocol; all that is out of order stalls."""
        try:
            request = ServiceRequest(setup.request)
        except ValueError:
            return STALL
        if bool(setup.request_type & 0x80) is (request is ServiceRequest.SEND):
            return STALL
        if request is ServiceRequest.SEND:
            return self._send(setup, data)
        if request is ServiceRequest.RECV:
            return self._receive(setup)
        if setup.length != SERVICE_REPLY_SIZE:
            return STALL
        if request is ServiceRequest.INIT:
            return self._init(setup.index, setup.value)
        if request is ServiceRequest.CHECK:
            return self._check(setup.index)
        return self._reset(setup.index)

    def _init(self, kind: int, size: int) -> Answer:
        if len(self._active) >= MOST_ACTIVE:
            return Answer(service_reply(Status.BUSY))
        request = _Request(self.next_id, kind, size, RequestState.PENDING)
        self.next_id = self.next_id % 0xFFFF + 1
        self._active[request.id] = request
        self._handler.announced(kind)
        status = Status.OK
        if not size:
            self._submit(request)
        elif size <= POOL_SIZE - sum(one.pooled for one in self._active.values()):
            request.pooled, request.state = size, RequestState.RECV_PAYLOAD
        else:
            request.state = RequestState.ALLOC_PENDING
            status = Status.PENDING
        return Answer(service_reply(status, id=request.id))

    def _check(self, id: int) -> Answer:
        request = self._active.get(id)
        if request is None:
            return Answer(service_reply(Status.NOT_FOUND))
        if request.state is RequestState.ALLOC_PENDING:
            fits = request.size <= self.free_memory
            request.state = RequestState.RECV_PAYLOAD if fits else RequestState.ALLOC_FAILED
        if request.state is RequestState.ALLOC_FAILED:
            self._remove(request)
            return Answer(service_reply(Status.NO_MEMORY))
        if request.state is RequestState.RECV_PAYLOAD:
            return Answer(service_reply(Status.OK))
        self._work()
        if request.state is RequestState.PENDING or request.polls_left:
            request.polls_left = max(0, request.polls_left - 1)
            return Answer(service_reply(Status.PENDING))
        outcome = request.outcome
        if outcome.reply:
            size = len(outcome.reply)
            return Answer(service_reply(Status.OK, size=size, result=outcome.result))
        self._remove(request)
        return Answer(service_reply(Status.OK, result=outcome.result))

    def _send(self, setup: Setup, data: bytes) -> Answer:
        request = self._active.get(setup.index)
        if request is None or request.state is not RequestState.RECV_PAYLOAD:
            return STALL
        if not self._fits(len(data), request.size - len(request.payload)):
            return STALL
        request.payload += data
        if len(request.payload) == request.size:
            self._submit(request)
        return DONE

    def _receive(self, setup: Setup) -> Answer:
        request = self._active.get(setup.index)
        if request is None or request.state is not RequestState.DONE or request.polls_left:
            return STALL
        reply = request.outcome.reply
        if not self._fits(setup.length, len(reply) - request.sent):
            return STALL
        piece = reply[request.sent : request.sent + setup.length]
        request.sent += len(piece)
        if request.sent == len(reply):
            self._remove(request)
        return Answer(piece)

    def _fits(self, piece: int, rest: int) -> bool:
        return piece == rest if self.whole_only else 1 <= piece <= rest

    def _reset(self, id: int) -> Answer:
        if id == 0:
            self.drop_all()
            return Answer(service_reply(Status.OK))
        request = self._active.get(id)
        if request is None:
            return Answer(service_reply(Status.NOT_FOUND))
        self._remove(request)
        return Answer(service_reply(Status.OK))

    def drop_all(self) -> None:
        """Remove every request, as RESET of all and a USB bus reset do."""
        for request in tuple(self._active.values()):
            self._remove(request)

    def _remove(self, request: _Request) -> None:
        """Forget a request; what was to happen after its reply happens now, also when it was cancelled.

        One that is being handled is handled to its end, and what follows then follows.
        """
        del self._active[request.id]
        if request in self._queue:
            self._queue.remove(request)
        if request.state is RequestState.DONE and request.outcome.then:
            request.outcome.then()

    def _submit(self, request: _Request) -> None:
        request.state = RequestState.PENDING
        self._queue.append(request)
        self._work()

    def _work(self) -> None:
        """Handle requests one after another, as the system thread does."""
        while self._queue and self._working is None and self._handler.free():
            request = self._queue.popleft()
            outcome = self._handler.run(request.kind, bytes(request.payload))
            request.outcome = outcome
            request.polls_left = outcome.polls
            if outcome.takes_ms:
                self._working = request
                self._agenda.set(_ALARM, outcome.takes_ms, partial(self._finish, request))
                return
            request.state = RequestState.DONE

    def _finish(self, request: _Request) -> None:
        self._working = None
        request.state = RequestState.DONE
        if self._active.get(request.id) is not request and request.outcome.then:
            request.outcome.then()
        self._work()
