"""Answers of the cloud, read in process: all of a stream at once, or any answer in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator

from attrs import field, frozen

from particle_cli.ports.http import HttpResponse, HttpStream
from particle_cli.simulators.cloud.replies import EventStream


def in_pieces(answer: HttpResponse | EventStream) -> HttpStream:
    """Return an answer to be read piece by piece; a stream still has to be closed."""
    return _Live(answer) if isinstance(answer, EventStream) else _Whole(answer)


@frozen(eq=False)
class _Whole:
    """An answer that is complete before it is read as a stream."""

    _response: HttpResponse = field(repr=False)

    @property
    def status(self) -> int:
        return self._response.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self._response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        if self._response.body:
            yield self._response.body


@frozen(eq=False)
class _Live:
    """An event stream, piece by piece."""

    _stream: EventStream

    @property
    def status(self) -> int:
        return self._stream.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self._stream.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        async for frame in self._stream.frames:
            yield frame


async def read_out(stream: EventStream) -> HttpResponse:
    """Read a stream to its end, if it ever comes."""
    try:
        body = b"".join([frame async for frame in stream.frames])
    finally:
        await stream.close()
    return HttpResponse(stream.status, stream.headers, body)
