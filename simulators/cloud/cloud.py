"""The simulated cloud as a whole: in process it is the http wire, and devices hang on its other side."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from attrs import evolve

from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.http import HttpNoRoute, HttpRequest, HttpResponse, HttpStream, HttpTimeout
from particle_cli.simulators.cloud.account import authenticate
from particle_cli.simulators.cloud.bodies import (
    basic_authentication,
    bearer_token,
    header,
    kind_of,
    read_body,
)
from particle_cli.simulators.cloud.broker import Broker, Event
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.replies import EventStream, Refusal, preflight, reply
from particle_cli.simulators.cloud.router import find, query_of, segments_of
from particle_cli.simulators.cloud.routes import ROUTES
from particle_cli.simulators.cloud.rows import DeviceRecord, User
from particle_cli.simulators.cloud.sessions import Sessions
from particle_cli.simulators.cloud.state import FIRST_USER, CloudState
from particle_cli.simulators.cloud.traits import KEEP_ALIVE, RATE_LIMITS

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.claim_rows import Transfer
    from particle_cli.simulators.cloud.founding import NewProduct
    from particle_cli.simulators.cloud.integration_rows import Delivery, Integration
    from particle_cli.simulators.cloud.limits import Limits
    from particle_cli.simulators.cloud.webhook_answers import Outcome
    from particle_cli.simulators.cloud.webhook_firing import Firing, Servers

ORIGIN: Final = "https://cloud.particle.invalid"
"""Address of the embedded cloud; the name exists nowhere else (RFC 2606)."""
LOOPBACK: Final = "127.0.0.1"
"""Where requests to it come from."""


class SimulatedCloud:
    """A device cloud without network: its users, their devices, and the REST API to them.

    It implements the http port for its own address only, `origin`; `handle` answers a request to any, for a
    server that serves it on a socket.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        origin: str = ORIGIN,
        limits: bool = False,
        keep_alive: bool = False,
        outgoing: Servers | None = None,
    ) -> None:
        """Start with two accounts and no devices.

        Args:
            clock: the world's clock.
            origin: the cloud's own address.
            limits: whether it turns away who asks too often, as the real one does.
            keep_alive: whether a device that vanishes without a goodbye is believed to be online until two
                keep-alives have failed to come.
            outgoing: the way on which webhooks are sent, to this machine and to hosts that `allow` was told
                of; None: there is none.
        """
        self._clock = clock
        self._lasting_traits = (*((RATE_LIMITS,) if limits else ()), *((KEEP_ALIVE,) if keep_alive else ()))
        self._limits: Limits | None = None
        self._failed_logins: dict[str, tuple[int, int]] = {}
        self._origin = origin.rstrip("/")
        self._state = CloudState()
        self._broker = Broker()
        self._broker.listen(self._let_trigger)
        self._outgoing = outgoing
        self._at_work: Firing | None = None
        self._sessions = Sessions(lambda: self._surroundings)
        self._broker.listen(self._sessions.pass_on)
        self.take_on(*self._lasting_traits)

    @property
    def origin(self) -> str:
        """Its own address, for the client's base address."""
        return self._origin

    def take_on(self, *traits: str) -> None:
        """Be stricter, or quicker, from now on; see `traits`. Raises: ValueError for an unknown one."""
        for name in traits:
            from particle_cli.simulators.cloud.trait_rows import Trait  # most clouds have none

            self._state.traits.put(Trait(name))

    def found_product(self, product: NewProduct) -> None:
        """Make a product; one of its slug that is there stays as it is.

        Raises: LookupError for an account or organization that there is not.
        """
        from particle_cli.simulators.cloud.founding import found_product  # most worlds have none of their own

        found_product(self._surroundings, product)

    def put_into_product(
        self, device: CloudDevice, product: str, *, groups: Sequence[str] = (), development: bool = False
    ) -> None:
        """Let a device be one of a product, named by number or slug.

        Raises: LookupError for a product that there is not.
        """
        from particle_cli.simulators.cloud.founding import put_into_product

        put_into_product(self._surroundings, device, product, groups=groups, development=development)

    # -- integrations ----------------------------------------------------------------------------------

    def allow(self, host: str) -> None:
        """Let webhooks be sent to a host, by its name or address; to this machine they always may."""
        from particle_cli.simulators.cloud.integration_rows import ReachableHost  # most reach none

        self._state.reachable_hosts.put(ReachableHost(host.lower()))

    def go_on(self) -> None:
        """Go on with webhooks that were under way when this was written down."""
        if len(self._state.deliveries):
            self._firing().go_on()

    async def settle(self) -> bool:
        """Wait until no webhook is under way, tell whether one was; one that rests until it is due is not."""
        return len(self._state.deliveries) > 0 and await self._firing().settle()

    def _let_trigger(self, event: Event) -> None:
        if len(self._state.integrations):
            self._firing().notice(event)

    def _try_out(self, integration: Integration, delivery: Delivery) -> Awaitable[Outcome]:
        return self._firing().try_once(integration, delivery)

    def _firing(self) -> Firing:
        if self._at_work is None:
            from particle_cli.simulators.cloud.webhook_firing import Firing  # most worlds have no webhooks

            self._at_work = Firing(lambda: self._surroundings, self._outgoing)
        return self._at_work

    # -- the far ends ----------------------------------------------------------------------------------

    def adopt(self, device: CloudDevice, *, name: str | None = None, owner: str = FIRST_USER) -> None:
        """Make a device somebody's, under a name, and connect its far end.

        Raises: LookupError for an owner without account.
        """
        user = self._state.user_named(owner)
        if user is None:
            raise LookupError(f"there is no account {owner}")
        self._state.devices.put(DeviceRecord(device.id, device.platform_id, user.id, name))
        device.ownership.note(True)
        self.attach(device)

    def open_account(self, username: str, password: str, *, login_code: str | None = None) -> None:
        """Let somebody in who has no account yet; one that is there stays as it is.

        Args:
            username: an e-mail address.
            password: the password.
            login_code: what is asked for besides, always the same; None: nothing.
        """
        if self._state.user_named(username) is None:
            number = self._state.fresh("user")
            self._state.users.put(User(number, username, password, login_code=login_code))

    def attach(self, device: CloudDevice, *, resumed: bool = False) -> None:
        """Connect the far end of a device; one that nobody owns may come online, and is nobody's.

        Args:
            device: the far end.
            resumed: whether a session that is open goes on, as the cloud remembers it; else it begins now.
        """
        self._sessions.attach(device, resumed=resumed)

    def detach(self, device_id: str) -> None:
        """Disconnect the far end of a device; the cloud keeps what it knows of it."""
        self._sessions.detach(device_id)

    def release(self, device_id: str) -> None:
        """Forget a device altogether."""
        self.detach(device_id)
        self._state.devices.remove(device_id)

    def name_of(self, device_id: str) -> str | None:
        """Return the name that a device has in the cloud, or None."""
        record = self._state.devices.get(device_id)
        return record.name if record else None

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The wishes for devices of others that wait for an answer, the oldest first."""
        return tuple(self._state.transfers)

    def answer_transfer(self, transfer_id: str, *, approved: bool) -> None:
        """Answer a wish as the owner of the device does. Raises: LookupError for one that does not wait."""
        from particle_cli.simulators.cloud.claims import answer_transfer

        answer_transfer(self._surroundings, transfer_id, approved=approved)

    # -- memory ----------------------------------------------------------------------------------------

    def dump_state(self) -> bytes:
        """Return all that the cloud remembers; far ends are not part of it."""
        self._state.forget_expired(self._surroundings.now)
        return self._state.dump()

    def load_state(self, dumped: bytes) -> None:
        """Remember what `dump_state` wrote down, instead of everything known now.

        Raises: CloudStateDamaged; then nothing has changed.
        """
        self._state = CloudState.load(dumped)
        self.take_on(*self._lasting_traits)

    def begin_anew(self) -> None:
        """Forget everything but the accounts that are there from the beginning."""
        self._state.begin_anew()
        self.take_on(*self._lasting_traits)

    def changes(self) -> dict[str, bytes | None]:
        """Return what is to be kept of all this since `saved`, by key; None for what is gone."""
        self._state.forget_expired(self._surroundings.now)
        return self._state.changes()

    def saved(self) -> None:
        """Remember that what `changes` gave is kept now."""
        self._state.saved()

    def restore(self, kept: Mapping[str, bytes]) -> None:
        """Remember what all `changes` together gave, instead of everything known now.

        Raises: CloudStateDamaged; then nothing has changed.
        """
        self._state = CloudState.restored(kept)
        self.take_on(*self._lasting_traits)

    # -- the wire --------------------------------------------------------------------------------------

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Answer a request to the cloud's own address; the http port.

        Raises: HttpNoRoute for any other address, HttpTimeout.
        """
        self._check_address(request)
        try:
            async with self._clock.timeout(request.timeout_ms / 1000):
                response = await self.handle(request)
                if isinstance(response, EventStream):
                    from particle_cli.simulators.cloud.answers import read_out  # most are no streams

                    return await read_out(response)
                return response
        except TimeIsUp as late:
            raise HttpTimeout(f"{self._origin} took longer than {request.timeout_ms} ms.") from late

    def _check_address(self, request: HttpRequest) -> None:
        if not (request.url + "/").startswith(self._origin + "/"):
            host = urlsplit(request.url).netloc
            raise HttpNoRoute(f"There is no {host} in the simulated world, only {self._origin}.")

    @asynccontextmanager
    async def stream(self, request: HttpRequest) -> AsyncIterator[HttpStream]:
        """Answer a request to the cloud's own address, the body in pieces; the http port.

        Raises: HttpNoRoute for any other address, HttpTimeout.
        """
        self._check_address(request)
        try:
            async with self._clock.timeout(request.timeout_ms / 1000):
                response = await self.handle(request)
        except TimeIsUp as late:
            raise HttpTimeout(f"{self._origin} took longer than {request.timeout_ms} ms.") from late
        from particle_cli.simulators.cloud.answers import in_pieces  # most ask for no streams

        try:
            yield in_pieces(response)
        finally:
            if isinstance(response, EventStream):
                await response.close()

    async def handle(self, request: HttpRequest, peer: str = LOOPBACK) -> HttpResponse | EventStream:
        """Answer a request to whatever address; every request has an answer.

        Whoever asks has to `close` an event stream.

        Args:
            request: the request.
            peer: address of the machine that it comes from.
        """
        self._sessions.look_at_the_clock()
        try:
            response = await self._answer(request, peer)
        except Refusal as refusal:
            response = reply(refusal.document, refusal.status, *refusal.more)
        if request.method != "HEAD":
            return response
        if isinstance(response, EventStream):
            await response.close()
            return HttpResponse(response.status, response.headers, b"")
        return evolve(response, body=b"")

    async def _answer(self, request: HttpRequest, peer: str) -> HttpResponse | EventStream:
        """Route, read and answer a request. Raises: Refusal."""
        limits = self._limits_in_force()
        if limits:
            limits.count_request(peer)
        if request.method == "OPTIONS":
            return preflight()
        scheme, _, rest = request.url.partition("://")
        path, _, raw_query = rest.partition("?")
        host, _, path = path.partition("/")
        route, places = find(ROUTES, request.method, segments_of(path))
        if limits:
            limits.count_target(route.target, peer)
        fields, files = read_body(request)
        query = query_of(raw_query.partition("#")[0])
        token = bearer_token(request) or query.get("access_token") or fields.get("access_token")
        world = evolve(self._surroundings, origin=f"{scheme}://{host}")
        caller = None if route.public else authenticate(world, str(token or ""), route.target)
        if limits and caller:
            limits.count_account(route.target, caller.id)
        response = await route.handler(
            Call(
                world=world,
                method=request.method,
                target=route.target,
                places=places,
                query=query,
                fields=fields,
                files=files,
                caller=caller,
                token=str(token) if token else None,
                basic=basic_authentication(request),
                kind=kind_of(request),
                accept=header(request, "accept"),
                peer=peer,
            )
        )
        return limits.counted(response, peer) if limits and isinstance(response, EventStream) else response

    def _limits_in_force(self) -> Limits | None:
        """Return who counts requests, or None where nobody does."""
        if self._state.traits.get(RATE_LIMITS) is None:
            return None
        if self._limits is None:
            from particle_cli.simulators.cloud.limits import Limits

            self._limits = Limits(self._clock)
        return self._limits

    @property
    def _surroundings(self) -> Surroundings:
        return Surroundings(
            self._state,
            self._sessions.devices,
            self._clock,
            self._origin,
            self._broker,
            self._failed_logins,
            self._try_out,
        )
