"""The console of listening mode: one letter is a command, its answer ends in silence.

A device that is not in listening mode gives every byte to its application, which as a rule says nothing; so
silence is told as "not listening".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from particle_cli.domain.serial_console import replies
from particle_cli.domain.serial_console.errors import LISTENING, ConsoleRefused, ConsoleSilent
from particle_cli.domain.serial_console.listening import until_silent
from particle_cli.domain.serial_console.replies import ConsoleDescribe, Identification, NotMeasured
from particle_cli.ports.clock import Clock
from particle_cli.ports.serial import Serial, SerialLine

BAUD_RATE: Final = 9600
"""Any rate but the special ones (see `special_rates`) will do: there is no real serial line."""
ANSWER_S: Final = 5.0
CLAIM_CODE_LENGTH: Final = 63

_MODEM_S: Final = 20.0  # the modem may have to be asked


class Console:
    """The console of a device in listening mode, on an open port.

    Every method may raise ConsoleSilent (nothing came, or not in time), ConsoleGarbled (something else came)
    and SerialGone.
    """

    def __init__(self, line: SerialLine, clock: Clock, *, path: str) -> None:
        """Keep the open port, the clock, and the port's name for messages."""
        self.line = line
        self.clock = clock
        self.path = path

    async def ask(self, command: bytes, *, timeout_s: float = ANSWER_S, secret: bool = False) -> bytes:
        """Send one command and return all that comes back until the device falls silent.

        Args:
            command: one letter.
            timeout_s: how long to wait for the first byte.
            secret: whether the answer holds a secret.
        """
        await self.line.write(command)
        answer = await until_silent(self.line, self.clock, timeout_s=timeout_s, secret=secret)
        if not answer:
            raise ConsoleSilent(
                f"{self.path}: the device did not answer within {timeout_s:g} s.", next_step=LISTENING
            )
        return answer

    async def identify(self, *, timeout_s: float = _MODEM_S) -> Identification:
        """Return who the device is."""
        return replies.read_identification(await self.ask(b"i", timeout_s=timeout_s, secret=True))

    async def version(self) -> str:
        """Return the version of Device OS, e.g. `6.2.0`."""
        return replies.read_version(await self.ask(b"v"))

    async def mac_address(self) -> str | None:
        """Return the MAC address, `aa:bb:…`; None where the device has none."""
        return replies.read_mac_address(await self.ask(b"m"))

    async def describe(self) -> ConsoleDescribe:
        """Return the firmware modules."""
        return replies.read_console_describe(await self.ask(b"s"))

    async def diagnostics(self) -> Mapping[str, int | NotMeasured]:
        """Return the diagnostic values by name (Device OS 0.8 and later)."""
        return replies.read_diagnostics(await self.ask(b"d"))

    async def is_claimed(self) -> bool:
        """Tell whether somebody owns the device."""
        return replies.read_claimed(await self.ask(b"c"))

    async def set_claim_code(self, code: str) -> None:
        """Give the device the code with which it gets its owner when it next meets the cloud.

        Args:
            code: 63 characters, from the cloud; whoever has it can own the device.

        Raises: ConsoleRefused for one of another length.
        """
        if len(code) > CLAIM_CODE_LENGTH or not (code.isascii() and code.isprintable()):
            raise self._no_claim_code(code)  # the rest of it would be taken for commands
        await self.ask(b"C")
        await self.line.write(f"{code}\n".encode(), secret=True)
        answer = await until_silent(self.line, self.clock, timeout_s=ANSWER_S, secret=True)
        if not replies.read_claim_code_set(answer, code):
            raise self._no_claim_code(code)

    def _no_claim_code(self, code: str) -> ConsoleRefused:
        return ConsoleRefused(
            f"{self.path}: the device takes a claim code of {CLAIM_CODE_LENGTH} letters and digits, not one "
            f"of {len(code)} characters."
        )

    async def leave(self) -> None:
        """End listening mode; the device says nothing to that."""
        await self.line.write(b"x")


@asynccontextmanager
async def console(serial: Serial, clock: Clock, path: str) -> AsyncIterator[Console]:
    """Open the console behind a port while the body runs.

    Raises: SerialGone (no such port), SerialBusy, SerialAccessDenied.
    """
    line = await serial.open(path, baud_rate=BAUD_RATE)
    try:
        yield Console(line, clock, path=path)
    finally:
        await line.close()
