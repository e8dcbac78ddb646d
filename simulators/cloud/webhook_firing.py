"""Firing webhooks: events trigger them, requests go out, answers come back as events.

What is under way is kept among the cloud's rows until it is delivered or given up. A cloud that ends in
between goes on when it is taken up again, so that an event is delivered at least once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from attrs import evolve

from particle_cli.ports.http import HttpError, HttpRequest, HttpResponse, HttpTimeout
from particle_cli.simulators.cloud.broker import CLOUD_ITSELF, Event
from particle_cli.simulators.cloud.integration_rows import (
    ORGANIZATION,
    WEBHOOK,
    Delivery,
    Integration,
)
from particle_cli.simulators.cloud.webhook_answers import Outcome, answer_parts
from particle_cli.simulators.cloud.webhook_hosts import OutOfReach, Throttle, host_in_reach
from particle_cli.simulators.cloud.webhook_log import keep
from particle_cli.simulators.cloud.webhook_request import request_of
from particle_cli.simulators.cloud.webhook_templates import TemplateWrong, render
from particle_cli.simulators.cloud.webhook_variables import default_fields, variables_of

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.call import Surroundings
    from particle_cli.simulators.cloud.replies import Plain
    from particle_cli.simulators.cloud.state import CloudState

RETRIES_AFTER_S: Final = (30, 60)
SLEEPING: Final = "Sleeping, too many errors, please wait and try again"

_ON_THE_WAY_S: Final = 0.05  # modelled time to the server
_ABOUT_HOOKS: Final = ("hook-sent", "hook-response", "hook-error")


class Servers(Protocol):
    """The way to the servers that webhooks are sent to; every http port is one."""

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request and return the whole answer. Raises: as `Http.exchange`."""
        ...


class Firing:
    """The integrations of a cloud at work."""

    def __init__(self, world: Callable[[], Surroundings], outgoing: Servers | None) -> None:
        """Have nothing to do yet.

        Args:
            world: gives what there is, as it is at the moment.
            outgoing: the way to servers, or None where there is none.
        """
        self._world = world
        self._outgoing = outgoing
        self._throttle = Throttle()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._resting: set[str] = set()
        self._news = asyncio.Event()

    def notice(self, event: Event) -> None:
        """Let an event trigger what it may trigger."""
        if event.source == CLOUD_ITSELF or event.name.startswith(_ABOUT_HOOKS):
            return
        world, event_id = self._world(), ""
        for one in world.state.integrations:
            if _triggers(event, one, world.state):
                event_id = event_id or world.state.fresh("event", 32)
                row = _delivery(world, one, event, event_id)
                world.state.deliveries.put(row)
                self._begin(row.id)

    def go_on(self) -> None:
        """Deliver what is to be delivered and nobody is at; nothing happens outside of an event loop."""
        for row in self._world().state.deliveries:
            if row.id not in self._tasks:
                self._begin(row.id)

    def _begin(self, number: str) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        task = self._tasks[number] = loop.create_task(self._deliver(number))
        task.add_done_callback(partial(self._forget, number))

    async def settle(self) -> bool:
        """Go on; wait until all that is under way rests until it is due, or is done; tell if anything was."""
        self.go_on()
        waited = False
        while len(self._tasks) > len(self._resting):
            waited = True
            self._news.clear()
            await self._news.wait()
        return waited

    def _forget(self, number: str, _: asyncio.Task[None]) -> None:
        self._tasks.pop(number, None)
        self._resting.discard(number)
        self._news.set()

    async def _deliver(self, number: str) -> None:
        """Make attempt after attempt until one succeeds, or the last has failed."""
        while True:
            world = self._world()
            row = world.state.deliveries.get(number)
            integration = world.state.integrations.get(row.integration_id) if row else None
            if row is None or integration is None or integration.disabled:
                world.state.deliveries.remove(number)
                return
            if row.due > world.now:
                await self._rest(number, (row.due - world.now) / 1000)
                continue
            outcome = await self._attempt(integration, row)
            world = self._world()
            if outcome.error is None or not outcome.again or row.attempt > len(RETRIES_AFTER_S):
                world.state.deliveries.remove(number)
                return
            due = world.now + RETRIES_AFTER_S[row.attempt - 1] * 1000
            world.state.deliveries.put(evolve(row, attempt=row.attempt + 1, due=due))

    async def _rest(self, number: str, seconds: float) -> None:
        self._resting.add(number)
        self._news.set()
        await self._world().clock.sleep(seconds)
        self._resting.discard(number)

    async def _attempt(self, integration: Integration, row: Delivery) -> Outcome:
        """Make one attempt, and publish what came of it."""
        outcome = await self.try_once(integration, row)
        world = self._world()
        variables = variables_of(row, world.state)
        if outcome.error is not None:
            topic = _topic(
                integration.settings.get("errorResponseTopic"), variables, f"hook-error/{row.name}"
            )
            _publish(world, row, f"{topic}/0", outcome.error)
            return outcome
        _publish(world, row, f"hook-sent/{row.name}", "")
        usual = f"hook-response/{row.name}"
        if not integration.scope.startswith("user/"):
            usual = f"{row.source}/{usual}"
        topic = _topic(integration.settings.get("responseTopic"), variables, usual)
        for index, part in enumerate(outcome.parts):
            _publish(world, row, topic if integration.settings.get("unchunked") else f"{topic}/{index}", part)
        return outcome

    async def try_once(self, integration: Integration, row: Delivery) -> Outcome:
        """Send the request of an integration, take note of it in the log, and publish nothing."""
        world = self._world()
        await world.clock.sleep(_ON_THE_WAY_S)
        request: HttpRequest | None = None
        answer: HttpResponse | None = None
        try:
            variables = variables_of(row, world.state)
            request = _request(integration, row, variables)
            host = host_in_reach(request.url, [one.name for one in world.state.reachable_hosts])
            answer, outcome = await self._exchange(request, host)
            if answer is not None and outcome.error is None:
                outcome = evolve(outcome, parts=answer_parts(answer, integration.settings, variables))
        except (TemplateWrong, OutOfReach) as reason:
            outcome = Outcome(f"error: {reason}")
        state = self._world().state
        keep(state, row, self._world().now, request=request, answer=answer, error=outcome.error)
        return outcome

    async def _exchange(self, request: HttpRequest, host: str) -> tuple[HttpResponse | None, Outcome]:
        """Send a request, unless its host is better left alone."""
        clock = self._world().clock
        if not self._throttle.lets_through(host, clock.monotonic()):
            return None, Outcome(SLEEPING, again=True)
        if self._outgoing is None:
            raise OutOfReach("there is no way out of this simulated world")
        answer, error = None, None
        try:
            answer = await self._outgoing.exchange(request)
            if not 200 <= answer.status < 300:
                error = f"error status {answer.status} from {host}"
        except HttpTimeout:
            error = f"error: no answer from {host} within {request.timeout_ms / 1000:g} s"
        except HttpError as fault:
            error = f"error: {fault.message}"
        self._throttle.note(host, clock.monotonic(), good=error is None)
        return answer, Outcome(error, again=True)


def delivery_to(
    integration: Integration, world: Surroundings, *, name: str, data: str | None, source: str
) -> Delivery:
    """Return a delivery that no event has triggered."""
    product = integration.scope.removeprefix("product/")
    return Delivery(
        id=world.state.fresh("delivery"),
        integration_id=integration.id,
        event_id=world.state.fresh("event", 32),
        name=name,
        data=data,
        source=source,
        channels=(),
        published=world.now,
        product_id=int(product) if product.isdecimal() else None,
    )


def _delivery(world: Surroundings, integration: Integration, event: Event, event_id: str) -> Delivery:
    return Delivery(
        id=world.state.fresh("delivery"),
        integration_id=integration.id,
        event_id=event_id,
        name=event.name,
        data=event.data,
        source=event.source,
        channels=tuple(
            channel for channel in event.channels if channel[0] in ("user", "product", "organization")
        ),
        published=event.published,
        product_id=event.product_id,
        version=event.version,
        due=world.now,
    )


def _triggers(event: Event, integration: Integration, state: CloudState) -> bool:
    """Tell whether an event triggers an integration."""
    if integration.disabled or not event.name.startswith(integration.event):
        return False
    if integration.device_id not in (None, event.source):
        return False
    kind, _, key = integration.scope.partition("/")
    if kind == ORGANIZATION:
        products = (state.products.get(number) for what, number in event.channels if what == "product")
        return any(product is not None and product.organization_id == key for product in products)
    return (kind, key) in event.channels


def _request(integration: Integration, row: Delivery, variables: Mapping[str, Plain]) -> HttpRequest:
    if integration.type != WEBHOOK:
        raise OutOfReach(f"{integration.type} is not part of the simulated world")
    return request_of(integration.settings, variables, default_fields(row))


def _topic(template: Plain, variables: Mapping[str, Plain], usual: str) -> str:
    try:
        return (render(template, variables) if isinstance(template, str) else "") or usual
    except TemplateWrong:
        return usual


def _publish(world: Surroundings, row: Delivery, name: str, data: str) -> None:
    event = Event(
        name,
        data,
        world.now,
        CLOUD_ITSELF,
        row.channels,
        product_id=row.product_id,
        version=row.version,
    )
    world.broker.publish(event)
