"""The http port over aiohttp."""

from __future__ import annotations

import asyncio
import io
import ipaddress
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Final

import aiohttp
import yarl
from attrs import field, frozen
from multidict import CIMultiDict

from particle_cli.ports.http import (
    HttpBroken,
    HttpError,
    HttpNoRoute,
    HttpRequest,
    HttpResponse,
    HttpStream,
    HttpTimeout,
    HttpTlsError,
    Part,
)

_LARGEST_BODY: Final = 64 * 1024 * 1024
_SENT_AT_ONCE: Final = 1 << 20  # larger bodies are handed over as files, which block no loop
_CONNECTED_WITHIN_S: Final = 10.0  # name looked up, proxy passed, TLS agreed upon
_CHECK_NETWORK: Final = "Check the network connection, and that the address is right."
_CHECK_PROXY: Final = "Check the proxy's address (HTTPS_PROXY, or proxyUrl of the profile)."
_LOG_IN_AT_PROXY: Final = (
    "Put the proxy's user name and password in its address: http://user:password@host:port."
)


@frozen
class Proxies:
    """The HTTP proxies to go through.

    Attributes:
        http: address of the proxy for http URLs, or None; may hold a password.
        https: the same for https URLs.
        direct: names of hosts that are reached directly, with all below them; `*` for every host. This
            machine always is: what is safe to say within it is not safe to say to a proxy.
    """

    http: str | None = field(default=None, repr=False)
    https: str | None = field(default=None, repr=False)
    direct: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, proxy: str | None = None) -> Proxies:
        """Read the usual variables: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, each in either case.

        Args:
            environment: the variables.
            proxy: an address from elsewhere that takes the place of the first two.
        """

        def variable(name: str) -> str | None:
            return environment.get(name) or environment.get(name.lower()) or None

        http = variable("HTTP_PROXY")
        hosts = (host.strip().strip(".[]").lower() for host in (variable("NO_PROXY") or "").split(","))
        return cls(
            http=_with_scheme(proxy or http),
            https=_with_scheme(proxy or variable("HTTPS_PROXY") or http),
            direct=tuple(filter(None, hosts)),
        )

    def proxy_for(self, url: yarl.URL) -> str | None:
        """Return the proxy that leads to the URL, or None when it is reached directly."""
        host = (url.host or "").lower().rstrip(".")
        if _is_this_machine(host):
            return None
        if any(name in ("*", host) or host.endswith("." + name) for name in self.direct):
            return None
        return self.https if url.scheme == "https" else self.http


def _with_scheme(address: str | None) -> str | None:
    """Return a proxy's address as a URL; `proxy.example:8080` is what many people write."""
    return address if not address or "://" in address else f"http://{address}"


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class AiohttpClient:
    """A way to HTTP servers: one session, connections kept open, certificates always verified.

    Args:
        proxies: the proxies to go through.
        user_agent: told to servers unless a request says otherwise; None: aiohttp's own.
        largest_body: bytes of an answer beyond which it is refused.
    """

    def __init__(
        self,
        *,
        proxies: Proxies | None = None,
        user_agent: str | None = None,
        largest_body: int = _LARGEST_BODY,
    ) -> None:
        """Connect to nothing yet; needs no running loop."""
        self._proxies = proxies or Proxies()
        self._user_agent = user_agent
        self._largest_body = largest_body
        self._session: aiohttp.ClientSession | None = None

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send the request and return the whole answer, whatever its status; redirects are not followed.

        Raises: HttpNoRoute, HttpTlsError, HttpTimeout, HttpError (also for an answer that is too large).
        """
        with _errors_told(request):
            async with asyncio.timeout(request.timeout_ms / 1000), await self._send(request) as response:
                has_body = request.method != "HEAD"
                if has_body and (response.content_length or 0) > self._largest_body:
                    raise self._too_large(request)
                body = bytearray()
                async for piece in response.content.iter_any():
                    body += piece
                    if len(body) > self._largest_body:
                        raise self._too_large(request)
                return HttpResponse(response.status, _pairs(response), bytes(body))

    def _too_large(self, request: HttpRequest) -> HttpError:
        return HttpError(
            f"The answer of {_host(request)} is larger than {self._largest_body} bytes.",
            next_step="See whether the address is that of the server that was meant (apiUrl of the profile).",
        )

    @asynccontextmanager
    async def stream(self, request: HttpRequest) -> AsyncIterator[HttpStream]:
        """Send the request; yield the answer once its headers are there.

        Raises: as `exchange`.
        """
        with _errors_told(request):
            async with asyncio.timeout(request.timeout_ms / 1000):
                response = await self._send(request)
        try:
            yield _Stream(request, response)
        finally:
            response.close()

    async def close(self) -> None:
        """Close all connections; the client opens new ones when it is used again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _send(self, request: HttpRequest) -> aiohttp.ClientResponse:
        """Return the answer as soon as its headers are there."""
        headers = CIMultiDict(request.headers)
        body = request.body
        if isinstance(body, tuple):
            boundary = secrets.token_hex(16)
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
            body = _form(body, boundary)
        url = yarl.URL(request.url, encoded=True)
        proxy = self._proxy_for(url)

        async def send() -> aiohttp.ClientResponse:
            return await self._open_session().request(
                request.method,
                url,
                data=io.BytesIO(body) if body and len(body) > _SENT_AT_ONCE else body,
                headers=headers,
                allow_redirects=False,
                proxy=proxy,
            )

        try:
            return await send()
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientConnectionResetError):
            if request.method not in ("GET", "HEAD"):
                raise
        return await send()  # a server may close a connection that it kept open at any moment

    def _proxy_for(self, url: yarl.URL) -> str | None:
        """Return the proxy on the way. Raises: HttpError for an unusable address, which is not shown."""
        proxy = self._proxies.proxy_for(url)
        if proxy is None:
            return None
        try:
            usable = (found := yarl.URL(proxy)).scheme in ("http", "https") and bool(found.host)
        except ValueError:
            usable = False
        if not usable:
            raise HttpError(
                f"The address of the proxy that leads to {url.host} is none of an HTTP proxy.",
                next_step="Give it as http://host:port (HTTPS_PROXY, or proxyUrl of the profile).",
            )
        return proxy

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),  # who asks knows how much at a time; streams stay
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent} if self._user_agent else None,
                skip_auto_headers=["Content-Type"],
                timeout=aiohttp.ClientTimeout(  # what else is to be bounded, the request says
                    total=None, connect=_CONNECTED_WITHIN_S, sock_connect=None
                ),
            )
            # aiohttp itself would send PUT and DELETE a second time, too, when a connection breaks.
            self._session._retry_connection = False
        return self._session


class _Stream:
    """An answer whose body is still coming."""

    def __init__(self, request: HttpRequest, response: aiohttp.ClientResponse) -> None:
        self._request = request
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return _pairs(self._response)

    async def chunks(self) -> AsyncIterator[bytes]:
        with _errors_told(self._request):
            async for piece in self._response.content.iter_any():
                if piece:
                    yield piece


def _pairs(response: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in response.headers.items())


def _form(parts: Sequence[Part], boundary: str) -> bytes:
    """Return the parts as a multipart/form-data body (RFC 7578).

    Names are UTF-8 and otherwise as browsers write them: aiohttp's own writer would percent-encode the
    slash of `src/blink.ino`, which no server undoes.
    """
    body = bytearray()
    for part in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"'.encode()
        if part.filename is not None:
            body += f'; filename="{_quoted(part.filename)}"'.encode("utf-8", "surrogateescape")
        if part.content_type is not None:
            body += f"\r\nContent-Type: {part.content_type}".encode()
        body += b"\r\n\r\n" + part.content + b"\r\n"
    return bytes(body) + f"--{boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _host(request: HttpRequest) -> str:
    """Name the server, without what the rest of the URL may give away."""
    try:
        return yarl.URL(request.url, encoded=True).host or request.url.partition("?")[0]
    except ValueError:
        return request.url.partition("?")[0]


@contextmanager
def _errors_told(request: HttpRequest) -> Iterator[None]:
    """Turn what aiohttp raises in the body into errors of the http port."""
    try:
        yield
    except (aiohttp.ClientError, ValueError, OSError) as error:  # the system's time-out is an OSError
        raise _told(request, error) from error


def _told(request: HttpRequest, error: Exception) -> HttpError:
    """Return the port's error for what aiohttp raised, without query, headers and a proxy's password."""
    host = _host(request)
    match error:
        case aiohttp.ClientConnectorError() | ssl.SSLError() | aiohttp.ConnectionTimeoutError():
            return _not_connected(host, error)
        case TimeoutError():
            return HttpTimeout(
                f"{host} did not answer within {request.timeout_ms / 1000:g} s.",
                next_step="Try again later.",
            )
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return HttpError(f"{host!r} is no address of a server.", next_step=_CHECK_NETWORK)
        case aiohttp.ClientHttpProxyError():
            wants_login = error.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
            return HttpNoRoute(
                f"The proxy refused to lead to {host}: {error.status} {error.message}.",
                next_step=_LOG_IN_AT_PROXY if wants_login else _CHECK_PROXY,
            )
        case ValueError():
            return HttpError(
                f"The request to {host} cannot be sent: {error}.",
                next_step="Check the address and the settings of the profile.",
            )
        case _:
            reason = getattr(error, "message", None) or getattr(error, "strerror", None) or str(error)
            first_line = str(reason).partition("\n")[0].rstrip(" :.") or type(error).__name__
            return HttpBroken(f"The connection to {host} broke: {first_line}.", next_step="Try again.")


def _not_connected(host: str, error: Exception) -> HttpError:
    """Return the error for a connection that never was."""
    match error:
        case aiohttp.ClientSSLError() | ssl.SSLError():
            reason = getattr(error, "certificate_error", None) or getattr(error, "strerror", None) or error
            return HttpTlsError(
                f"The connection to {host} is not to be trusted: {reason}.",
                next_step="Check the date of this machine, and whether a proxy answers for the server.",
            )
        case aiohttp.ConnectionTimeoutError():
            return HttpNoRoute(
                f"{host} cannot be reached: no connection within {_CONNECTED_WITHIN_S:g} s.",
                next_step="Check the network connection, and whether a proxy is needed (HTTPS_PROXY).",
            )
        case aiohttp.ClientProxyConnectionError():
            what, next_step = f"The proxy that leads to {host}", _CHECK_PROXY
        case _:
            what, next_step = host, _CHECK_NETWORK
    reason = getattr(error, "strerror", None) or getattr(error, "os_error", error)
    return HttpNoRoute(f"{what} cannot be reached: {reason}.", next_step=next_step)
