"""A server in a thread that answers whatever it is told to, for commands that run in the test's thread."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import define, field
from tests.adapters.talking import served

from particle_cli.adapters.clock import LoopClock

_TLS_HANDSHAKE = b"\x16"
Answer = bytes | Callable[[str], bytes]


def answer(body: object = b"", status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """Return an answer of HTTP; a body that is no bytes is put as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"content_type": kind, "content_length": str(len(content)), "connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + content


@define
class Crooked:
    """A server that gives one answer to everything; a callable makes it from the line of the request."""

    says: Answer = b""
    port: int = 0
    heads: list[str] = field(factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == _TLS_HANDSHAKE:
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        said = self.says(head.split("\r\n")[0]) if callable(self.says) else self.says
        writer.write(said)
        await writer.drain()
        writer.write_eof()
        async with LoopClock().timeout(5):
            await reader.read()  # what else comes, so that nothing is reset before it was read


@contextmanager
def crooked() -> Iterator[Crooked]:
    """Serve while the body runs."""
    server = Crooked()
    started, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with served(server.talk) as server.port:
            started.set()
            await ended.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(5)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(5)
