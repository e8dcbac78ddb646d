"""A server of HTTP over aiohttp: what comes in on a socket is handed on as a request, answers go back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final, Protocol

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler
from multidict import CIMultiDict

from particle_cli.ports.http import HttpError, HttpRequest, HttpResponse, Part

MOST_BODY: Final = 12 << 20
"""Bytes of a body; larger ones are refused with 413."""
_MOST_PARTS: Final = 10_000
_CLOSING_S: Final = 1.0
_LINGERING_S: Final = 1.0
"""For how long the rest of a request that was refused is still read, so that the refusal is seen."""


class PushedAnswer(Protocol):
    """An answer that goes on until its sender has no more to say, or its reader leaves."""

    @property
    def status(self) -> int:
        """Status code."""
        ...

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Header name and value pairs."""
        ...

    @property
    def frames(self) -> AsyncGenerator[bytes, None]:
        """Its pieces, each to be sent as soon as it is there."""
        ...

    async def close(self) -> None:
        """Nobody reads any more, or ever has."""
        ...


Handler = Callable[[HttpRequest, str], Awaitable[HttpResponse | PushedAnswer]]
"""Answers a request that came from a machine of that address; never raises."""


class ServerNotStarted(HttpError):
    """The address cannot be served at."""

    code = "server_not_started"


@asynccontextmanager
async def serve(
    handler: Handler, *, host: str, port: int, head_s: float = 10.0, body_s: float = 60.0
) -> AsyncIterator[str]:
    """Serve HTTP while the body of the `async with` runs; give the address, e.g. `http://127.0.0.1:8080`.

    Args:
        handler: answers requests, several at once.
        host: name or address of the interface to listen on.
        port: number of the port, 0 for a free one.
        head_s: until the head of a request has to be there; slower senders are hung up on.
        body_s: until its body has to be there, too.

    Raises: ServerNotStarted.
    """
    server = web.Server(lambda request: _answer(handler, request, body_s))
    loop = asyncio.get_running_loop()
    try:
        listening = await loop.create_server(lambda: _ImpatientProtocol(server, loop, head_s), host, port)
    except OSError as error:
        raise ServerNotStarted(
            f"Port {port} of {host} cannot be served at: {error.strerror or error}.",
            next_step="Choose another port with --port; 0 takes any that is free.",
        ) from error
    number = listening.sockets[0].getsockname()[1]
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{number}"
    finally:
        listening.close()
        for connection in server.connections:
            if isinstance(connection, _ImpatientProtocol):
                connection.stop_pushing()
        await server.shutdown(_CLOSING_S)
        await listening.wait_closed()


def _is_of_the_program(record: logging.LogRecord) -> bool:
    """Tell whether a fault is one of the program; what clients do wrong, and that they leave, is no news."""
    fault = record.exc_info[1] if record.exc_info else None
    return not isinstance(fault, HttpProcessingError | web.RequestPayloadError | ConnectionError)


_LOGGER: Final = logging.getLogger(__name__)
_LOGGER.addFilter(_is_of_the_program)


class _ImpatientProtocol(RequestHandler):
    """Hangs up on those who begin a request and do not come to its point."""

    def __init__(self, server: web.Server, loop: asyncio.AbstractEventLoop, head_s: float) -> None:
        super().__init__(server, loop=loop, lingering_time=_LINGERING_S, logger=_LOGGER)
        self._head_s = head_s
        self._deadline: asyncio.TimerHandle | None = None
        self._answering = False
        self._pusher: asyncio.Task[object] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and not self._answering:
            self._expect_head()  # of the next request on this connection
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._head_is_here()
        self.stop_pushing()
        super().connection_lost(exc)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Be patient while the body runs: the head of a request is here, and it is being answered."""
        self._head_is_here()
        self._answering = True
        try:
            yield
        finally:
            self._answering = False

    @contextmanager
    def pushing(self) -> Iterator[None]:
        """Cancel the body when the reader leaves, who may not be written to for a long time."""
        self._pusher = asyncio.current_task()
        try:
            yield
        finally:
            self._pusher = None

    def stop_pushing(self) -> None:
        """Cancel what is pushed at the moment, if anything is."""
        if self._pusher is not None:
            self._pusher.cancel()

    def _expect_head(self) -> None:
        self._deadline = asyncio.get_running_loop().call_later(self._head_s, self._hang_up)

    def _head_is_here(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()


async def _answer(handler: Handler, came: web.BaseRequest, body_s: float) -> web.StreamResponse:
    """Read a request, have it answered, and send the answer."""
    protocol = came.protocol
    assert isinstance(protocol, _ImpatientProtocol)
    with protocol.answering():
        try:
            async with asyncio.timeout(body_s):
                body = await _body(came)
        except web.HTTPException as refusal:
            return _closing(refusal.status, refusal.reason)
        except (TimeoutError, ValueError, HttpProcessingError, web.RequestPayloadError):
            return _closing(400, "Bad Request")
        request = HttpRequest(came.method, str(came.url), tuple(came.headers.items()), body)
        answer = await handler(request, came.remote or "")
        if isinstance(answer, HttpResponse):
            return web.Response(status=answer.status, headers=CIMultiDict(answer.headers), body=answer.body)
        with protocol.pushing():
            return await _push(answer, came)


def _closing(status: int, reason: str) -> web.Response:
    """Return a refusal after which the connection is of no further use: the rest of the request is unread."""
    response = web.json_response({"ok": False, "error": reason}, status=status)
    response.force_close()
    return response


async def _push(answer: PushedAnswer, came: web.BaseRequest) -> web.StreamResponse:
    """Send an answer piece by piece, for as long as somebody is there."""
    response = web.StreamResponse(status=answer.status, headers=CIMultiDict(answer.headers))
    try:
        await response.prepare(came)
        async for frame in answer.frames:
            await response.write(frame)
        await response.write_eof()
    except ConnectionError:
        response.force_close()  # its reader has left
    except asyncio.CancelledError:
        response.force_close()
        raise
    finally:
        await answer.close()
    return response


async def _body(came: web.BaseRequest) -> bytes | tuple[Part, ...] | None:
    """Read the body. Raises: web.HTTPRequestEntityTooLarge, ValueError."""
    if came.content_type == "multipart/form-data":
        return await _parts(await came.multipart())
    body = bytearray()
    async for piece in came.content.iter_any():
        body += piece
        if len(body) > MOST_BODY:
            raise web.HTTPRequestEntityTooLarge(MOST_BODY, len(body))
    return bytes(body) or None


async def _parts(reader: MultipartReader) -> tuple[Part, ...]:
    parts: list[Part] = []
    total = 0
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or len(parts) >= _MOST_PARTS:
            raise ValueError("a form has no forms in it, and not that many parts")
        content = bytearray()
        while chunk := await part.read_chunk():
            content += chunk
            total += len(chunk)
            if total > MOST_BODY:
                raise web.HTTPRequestEntityTooLarge(MOST_BODY, total)
        kind = part.headers.get("Content-Type")
        parts.append(Part(part.name or "", bytes(content), part.filename, kind))
    return tuple(parts)
