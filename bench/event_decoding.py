"""Events that the client decodes in a second on one core, and Particle's own library on the same bytes."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bench.figures import Figure
from particle_cli.domain.cloud.event_stream import EventStreamDecoder
from particle_cli.domain.cloud.events import EventReader

EVENTS: Final = 20_000
ROUNDS: Final = 7
LEAST: Final = 200_000
PIECES: Final = (16_384, 150)  # as a busy connection delivers them, and about one event at a time
LIBRARY: Final = Path(".strangers/node_modules/particle-api-js/lib/src/EventStream.js")
HOW_TO_GET_THE_LIBRARY: Final = "no library to compare with: install Node, then make strangers"
_FRAME: Final = (
    'event: sensors/temperature\ndata: {"data":"%.2f","ttl":60,"published_at":"2024-05-13T10:55:02.520Z",'
    '"coreid":"0123456789abcdef01234567"}\n\n'
)


def figures() -> Iterator[Figure]:
    """Yield events a second, and the ratio to the peer's."""
    stream = "".join(_FRAME % (number / 7) for number in range(EVENTS)).encode()
    for size in PIECES:
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        rate = EVENTS / _best(_read, pieces)
        frames = EVENTS / _best(_decode, pieces)
        peer = _peer_rate(stream, size)
        yield Figure(
            f"events decoded, in pieces of {size} bytes",
            rate / 1000,
            "1000/s",
            LEAST / 1000,
            at_least=True,
            beside=f"without their JSON {frames / 1000:.0f}",
        )
        if peer is not None:
            yield Figure(
                "  against Particle's own library", rate / peer, "x", beside=f"{peer / 1000:.0f} 1000/s"
            )
    if _peer_rate(stream, PIECES[0]) is None:
        print(f"  {HOW_TO_GET_THE_LIBRARY}")


def _best(job: Callable[[list[bytes]], None], pieces: list[bytes]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        job(pieces)
        best = min(best, time.perf_counter() - started)
    return best


def _read(pieces: list[bytes]) -> None:
    reader = EventReader()
    assert sum(len(reader.feed(piece)) for piece in pieces) == EVENTS


def _decode(pieces: list[bytes]) -> None:
    decoder = EventStreamDecoder()
    assert sum(len(decoder.feed(piece)) for piece in pieces) == EVENTS


def _peer_rate(stream: bytes, size: int) -> float | None:
    """Return the events a second of particle-api-js's EventStream, or None where it is not installed."""
    node = shutil.which("node")
    if node is None or not LIBRARY.exists():
        return None
    with tempfile.NamedTemporaryFile() as file:
        file.write(stream)
        file.flush()
        script = Path(__file__).with_name("peer_events.js")
        command = [node, str(script), str(LIBRARY.resolve()), str(ROUNDS), str(size), file.name]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert told["events"] == EVENTS
    return EVENTS / float(told["seconds"])
