"""A serial line whose far end says and expects exactly what a transcript has."""

from __future__ import annotations

from collections.abc import Sequence

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.serial_console.console import Console
from particle_cli.ports.serial import SerialGone, SerialTimeout


class ScriptedLine:
    """Plays a transcript: `H…` is what the host has to write, `D…` what it gets, `gone` an unplugged cable.

    Args:
        turns: (who, bytes) in order.
        chunk: the most bytes that the host gets at once.

    Attributes:
        secret_written, secret_read: the bytes that were marked so.
        plain_read: the bytes that were not.
    """

    def __init__(self, turns: Sequence[tuple[str, bytes]], *, chunk: int = 4096) -> None:
        self._turns = list(turns)
        self._chunk = chunk
        self._clock = LoopClock()
        self.secret_written = b""
        self.secret_read = b""
        self.plain_read = b""
        self.waited_s = 0.0

    @property
    def done(self) -> bool:
        return not self._turns

    async def read(self, most: int, *, timeout_ms: int, secret: bool = False) -> bytes:
        if self._turns and self._turns[0][0] == "gone":
            raise SerialGone("ttyTEST: its device has left.")
        if not self._turns or self._turns[0][0] != "D":
            await self._clock.sleep(timeout_ms / 1000)
            self.waited_s += timeout_ms / 1000
            raise SerialTimeout("ttyTEST: nothing came.")
        data = self._turns[0][1][: min(most, self._chunk)]
        self._take(len(data))
        if secret:
            self.secret_read += data
        else:
            self.plain_read += data
        return data

    async def write(self, data: bytes, *, secret: bool = False) -> None:
        assert self._turns, f"nothing more was expected, but {data!r} written"
        who, expected = self._turns[0]
        if who == "gone":
            raise SerialGone("ttyTEST: its device has left.")
        assert (who, expected[: len(data)]) == ("H", data)
        self._take(len(data))
        if secret:
            self.secret_written += data

    async def close(self) -> None:
        """Nothing to do."""

    def console(self) -> Console:
        return Console(self, self._clock, path="ttyTEST")

    def _take(self, count: int) -> None:
        who, data = self._turns.pop(0)
        if data[count:]:
            self._turns.insert(0, (who, data[count:]))


def transcript(*turns: str) -> list[tuple[str, bytes]]:
    """Return the turns of a transcript, each written `H …` or `D …`."""
    return [(turn[0], turn[2:].encode("latin-1")) for turn in turns]
