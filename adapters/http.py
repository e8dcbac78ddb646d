"""The http port over aiohttp."""

from __future__ import annotations

import asyncio
import io
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import aiohttp
import yarl
from attrs import field, frozen
from multidict import CIMultiDict

from particle_cli.ports.http import (
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
_CHECK_NETWORK: Final = "Check the network connection, and that the address is right."


@frozen
class Proxies:
    """The HTTP proxies to go through.

    Attributes:
        http: address of the proxy for http URLs, or None; may hold a password.
        https: the same for https URLs.
        direct: names of hosts that are reached directly, with all below them; `*` for every host.
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
        hosts = (variable("NO_PROXY") or "").split(",")
        return cls(
            http=proxy or http,
            https=proxy or variable("HTTPS_PROXY") or http,
            direct=tuple(host.strip().lstrip(".").lower() for host in hosts if host.strip()),
        )

    def proxy_for(self, url: yarl.URL) -> str | None:
        """Return the proxy that leads to the URL, or None when it is reached directly."""
        host = (url.host or "").lower()
        if any(name in ("*", host) or host.endswith("." + name) for name in self.direct):
            return None
        return self.https if url.scheme == "https" else self.http


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
                body = bytearray()
                async for piece in response.content.iter_any():
                    body += piece
                    if len(body) > self._largest_body:
                        raise HttpError(
                            f"The answer of {_host(request)} is larger than {self._largest_body} bytes."
                        )
                return HttpResponse(response.status, _pairs(response), bytes(body))

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
        return await self._open_session().request(
            request.method,
            url,
            data=io.BytesIO(body) if body and len(body) > _SENT_AT_ONCE else body,
            headers=headers,
            allow_redirects=False,
            proxy=self._proxies.proxy_for(url),
        )

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent} if self._user_agent else None,
                skip_auto_headers=["Content-Type"],
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # bounds are the request's
            )
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
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        reason = getattr(error, "certificate_error", None) or getattr(error, "strerror", None) or error
        raise HttpTlsError(
            f"The connection to {_host(request)} is not to be trusted: {reason}.",
            next_step="Check the date of this machine, and whether a proxy answers in the server's place.",
        ) from error
    except TimeoutError as error:
        raise HttpTimeout(
            f"{_host(request)} did not answer within {request.timeout_ms / 1000:g} s.",
            next_step="Try again later.",
        ) from error
    except aiohttp.ClientProxyConnectionError as error:
        raise HttpNoRoute(
            f"The proxy that leads to {_host(request)} cannot be reached: {error.strerror}.",
            next_step="Check the proxy's address (HTTPS_PROXY, or proxyUrl of the profile).",
        ) from error
    except aiohttp.ClientConnectorError as error:
        raise HttpNoRoute(
            f"{_host(request)} cannot be reached: {error.strerror or error.os_error}.",
            next_step=_CHECK_NETWORK,
        ) from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise HttpError(f"{_host(request)!r} is no address of a server.", next_step=_CHECK_NETWORK) from error
    except aiohttp.ClientHttpProxyError as error:
        raise HttpError(
            f"The proxy refused to lead to {_host(request)}: {error.status} {error.message}."
        ) from error
    except ValueError as error:  # a URL or header that no request can be made of
        raise HttpError(f"The request to {_host(request)} cannot be sent: {error}.") from error
    except (aiohttp.ClientError, OSError) as error:
        reason = getattr(error, "message", None) or getattr(error, "strerror", None) or str(error)
        raise HttpError(
            f"The connection to {_host(request)} broke: {reason or type(error).__name__}.",
            next_step="Try again.",
        ) from error
