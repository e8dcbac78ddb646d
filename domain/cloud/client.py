"""One method through which everything goes to the cloud, and comes back as a value or as an error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final
from urllib.parse import urljoin

from attrs import evolve

from particle_cli.domain.cloud.addresses import joined, may_carry_secrets, origin
from particle_cli.domain.cloud.answer import IS_IT_THE_CLOUD, Answer, media_type_of
from particle_cli.domain.cloud.errors import (
    CloudAddressRefused,
    CloudAnswerUnreadable,
    CloudError,
    CloudUnreachable,
)
from particle_cli.domain.cloud.patience import Patience, asked_to_wait_s
from particle_cli.domain.cloud.reading import Unreadable, parse_json
from particle_cli.domain.cloud.refusals import not_logged_in, refusal
from particle_cli.domain.cloud.requests import CloudRequest, Secret, encoded
from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.http import (
    Http,
    HttpBroken,
    HttpError,
    HttpRequest,
    HttpResponse,
    HttpStream,
    HttpTimeout,
)

_REDIRECTS: Final = (301, 302, 303, 307, 308)
_MOST_REDIRECTS: Final = 5
_MOST_REFUSAL: Final = 64 << 10
_REFUSAL_S: Final = 10.0  # for the body of a refusal to come, where a stream was asked for
_HIDDEN: Final = "<redacted>"
_EVENTS: Final = "text/event-stream"


class CloudClient:
    """The API of one cloud, in one person's name.

    The token is sent to the host of `api_url` and nowhere else, and never over a connection that others
    can read. No error carries it.
    """

    def __init__(
        self,
        http: Http,
        clock: Clock,
        *,
        api_url: str,
        token: str | None = None,
        allow_plain_http: bool = False,
        patience: Patience = Patience(),  # noqa: B008 - a frozen value
        user_agent: str = "particle-cli",
    ) -> None:
        """Keep the wires.

        Args:
            http: the wire.
            clock: to wait on when the cloud asks for it.
            api_url: address that all paths are joined to.
            token: access token, or None for nobody.
            allow_plain_http: send the token over plain HTTP to other machines, too.
            patience: how often and how long to try again.
            user_agent: what the program calls itself.
        """
        self._http = http
        self._clock = clock
        self._api_url = api_url
        self._token = token
        self._allow_plain_http = allow_plain_http
        self._patience = patience
        self._user_agent = user_agent

    @property
    def api_url(self) -> str:
        """The address that all paths are joined to."""
        return self._api_url

    async def send(self, request: CloudRequest) -> Answer:
        """Send the request and return the answer if its status is 2xx, or one that the request understands.

        A request that the cloud turned down for now (429), and a reading one that hit trouble on its side
        (502, 503, 504), is sent again as often as `patience` says.

        Raises: NotLoggedIn, CloudTokenInvalid, MfaRequired, CloudAddressRefused, CloudUnreachable,
            CloudBusy, CloudRefused and its children by status, CloudFailed.
        """
        url = joined(self._api_url, request.path, request.query)
        shown = self._shown(url, request)
        message = self._message(request, url, shown)
        for _ in range(_MOST_REDIRECTS):
            response = await self._patiently(message, shown)
            target = _moved_to(response, message.url)
            if target is None or message.method != "GET" or not self._is_ours(target):
                break
            message = evolve(message, url=target)
        if 200 <= response.status < 300 or response.status in request.understood:
            return Answer.of(response, shown)
        raise self._refused(response, shown, request.about)

    @asynccontextmanager
    async def stream(self, request: CloudRequest) -> AsyncIterator[AsyncIterator[bytes]]:
        """Send the request; give the pieces of the answer's body, as they come, if it is accepted (200).

        The timeout of the request is that for the head of the answer.

        Raises: as `send`; in the body of the `async with`, CloudUnreachable when the connection breaks.
        """
        url = joined(self._api_url, request.path, request.query)
        shown = self._shown(url, request)
        message = self._message(request, url, shown)
        with self._wire_errors_told(message, shown):
            async with self._http.stream(message) as answer:
                kind = media_type_of(answer.headers)
                if answer.status == 200 and request.accept == _EVENTS and kind not in (_EVENTS, ""):
                    raise CloudAnswerUnreadable(
                        f"The answer from {shown} is no event stream, but {kind}.",
                        next_step=IS_IT_THE_CLOUD,
                        status=answer.status,
                    )
                if answer.status == 200:
                    yield answer.chunks()
                    return
                raise self._refused(await self._beginning(answer), shown, request.about)

    async def fetch(self, url: str, *, about: str, timeout_ms: int = 300_000) -> bytes:
        """Return the file at an absolute address, asked for in nobody's name; redirects are followed.

        Args:
            url: where a record of the cloud says that the file lies; may be on another host.
            about: what it is, to be named in errors.
            timeout_ms: how long each exchange may take.

        Raises: as `send`.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            shown = url.partition("?")[0]  # what is signed for a while is in the query
            if not (self._allow_plain_http or may_carry_secrets(url)):
                # firmware from who knows whom is no better than a lost token
                raise CloudAddressRefused(
                    f"{about} is offered at {shown}, which others could tamper with.",
                    next_step="Set `apiUrl` to a cloud with https:// addresses, or trust the network between "
                    "here and there with --insecure.",
                )
            agent = ("User-Agent", self._user_agent)
            message = HttpRequest("GET", url, (agent,), timeout_ms=timeout_ms, shown_url=shown)
            response = await self._patiently(message, shown)
            target = _moved_to(response, url)
            if target is None:
                break
            url = target
        else:
            raise CloudAnswerUnreadable(
                f"{about} is offered at {shown}, which leads on and on.", next_step="Try again later."
            )
        if response.status != 200:
            raise self._refused(response, shown, about)
        return Answer.of(response, shown).file()

    def _message(self, request: CloudRequest, url: str, shown: str) -> HttpRequest:
        """Turn the request into what goes on the wire.

        Raises: NotLoggedIn, CloudAddressRefused.
        """
        headers = [("User-Agent", self._user_agent), ("Accept", request.accept), *request.headers]
        if not self._allow_plain_http and not may_carry_secrets(self._api_url):
            raise CloudAddressRefused(
                f"{self._api_url} is reached over plain HTTP: others could read your token on its way there.",
                next_step="Use an https:// address as `apiUrl`, or trust the network between here and there "
                "with --insecure.",
            )
        if request.with_token:
            if not self._token:
                raise not_logged_in()
            headers.append(("Authorization", f"Bearer {self._token}"))
        content_type, body = encoded(request.body)
        if content_type:
            headers.append(("Content-Type", content_type))
        return HttpRequest(
            request.method,
            url,
            tuple(headers),
            body,
            request.timeout_ms,
            secret=request.secret,
            shown_url=shown if request.has_secret_address else None,
        )

    async def _patiently(self, message: HttpRequest, shown: str) -> HttpResponse:
        """Exchange, wait and exchange again, as long as patience lasts."""
        attempt = 1
        while True:
            try:
                response = await self._exchange(message, shown)
            except CloudUnreachable as fault:
                broke = isinstance(fault.__cause__, HttpBroken)
                wait_s = self._patience.wait_s(message.method, None, attempt, None) if broke else None
                if wait_s is None:
                    raise
            else:
                asked_s = self._asked_to_wait_s(response)
                wait_s = self._patience.wait_s(message.method, response.status, attempt, asked_s)
                if wait_s is None:
                    return response
            await self._clock.sleep(wait_s)
            attempt += 1

    def _asked_to_wait_s(self, response: HttpResponse) -> float | None:
        sent = response.header("date")
        return asked_to_wait_s(response.header("retry-after"), self._clock.now(), sent=sent)

    async def _beginning(self, answer: HttpStream) -> HttpResponse:
        """Return an answer with as much of its body as a refusal needs."""
        body = b""
        with suppress(TimeIsUp):
            async with self._clock.timeout(_REFUSAL_S):
                async for piece in answer.chunks():
                    body += piece
                    if len(body) > _MOST_REFUSAL:
                        break
        return HttpResponse(answer.status, answer.headers, body[:_MOST_REFUSAL])

    async def _exchange(self, message: HttpRequest, shown: str) -> HttpResponse:
        """Exchange once; the wire's errors become the cloud's."""
        with self._wire_errors_told(message, shown):
            return await self._http.exchange(message)

    @contextmanager
    def _wire_errors_told(self, message: HttpRequest, shown: str) -> Iterator[None]:
        try:
            yield
        except HttpTimeout as fault:
            reason = f"no answer within {message.timeout_ms / 1000:g} s"
            raise CloudUnreachable(
                f"Network error from {shown}: {reason}",
                next_step="Try again in a moment.",
            ) from fault
        except HttpError as fault:
            raise CloudUnreachable(
                f"Network error from {shown}: {self._without_token(fault.message)}",
                next_step=fault.next_step or "Check the network, the proxy settings and `apiUrl`.",
            ) from fault

    def _refused(self, response: HttpResponse, shown: str, about: str | None) -> CloudError:
        """Read the refusal in an answer; whatever the server repeats, the token is not in it."""
        if response.status in _REDIRECTS:
            return CloudAddressRefused(
                f"{shown} answered that it has moved; the token goes to no other address.",
                next_step="Set `apiUrl` to the cloud's own address.",
                status=response.status,
            )
        try:
            document = parse_json(response.body)
        except Unreadable:
            document = None
        asked = self._asked_to_wait_s(response)
        error = refusal(response.status, document, url=shown, about=about, wait_s=asked)
        error.message = self._without_token(error.message)
        error.args = (error.message,)
        return error

    def _is_ours(self, url: str) -> bool:
        """Tell whether the address is on the host that the token belongs to."""
        try:
            return origin(url) == origin(self._api_url)
        except CloudAddressRefused:
            return False

    def _shown(self, url: str, request: CloudRequest) -> str:
        """Return the address without its secrets."""
        if request.has_secret_address:
            path = [_HIDDEN if isinstance(segment, Secret) else segment for segment in request.path]
            query = [(key, _HIDDEN if isinstance(value, Secret) else value) for key, value in request.query]
            url = joined(self._api_url, path, query).replace("%3Credacted%3E", _HIDDEN)
        return self._without_token(url)

    def _without_token(self, text: str) -> str:
        return text.replace(self._token, _HIDDEN) if self._token else text


def _moved_to(response: HttpResponse, url: str) -> str | None:
    """Return the absolute address that a redirect points to, or None for any other answer."""
    target = response.header("location") if response.status in _REDIRECTS else None
    try:
        return urljoin(url, target) if target else None
    except ValueError:
        return None
