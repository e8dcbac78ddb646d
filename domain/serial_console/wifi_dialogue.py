r"""The Wi-Fi dialogue of listening mode: the device asks, credentials answer.

Theory of operation. After `w` the device asks for one thing after the other, and which it leaves out depends
on what it sees in the air. It echoes each answer; the echo is compared with what was sent, so that neither a
network called `Password: ` is taken for a prompt, nor a byte lost on the way goes unnoticed. Only `\n` ends
an answer, and only when its prompt has come: after each the device throws away what has come too early. There
is no way to break a dialogue off from this side; what ends it before its time leaves a device that waits for
an answer, until it is reset.
"""

from __future__ import annotations

from typing import Final

from particle_cli.domain.serial_console.console import Console
from particle_cli.domain.serial_console.errors import (
    RESET,
    AnswerMissing,
    ConsoleGarbled,
    ConsoleRefused,
    ConsoleSilent,
    PortClosedEarly,
)
from particle_cli.domain.serial_console.listening import next_bytes
from particle_cli.domain.serial_console.wifi_credentials import WifiCredentials
from particle_cli.domain.serial_console.wifi_prompts import PROMPTS, Prompt, Said, Saying, first_said
from particle_cli.ports.serial import SerialGone

_BEGINS_S: Final = 5.0
_ECHO_S: Final = 5.0
_SAVING_S: Final = 30.0
_MOST_PROMPTS: Final = 20
_NOT_LISTENING: Final = (
    "Serial timed out while initially listening to device, please ensure device is in listening mode with "
    "particle usb start-listening"
)


async def send_credentials(console: Console, credentials: WifiCredentials) -> None:
    """Have a device in listening mode store Wi-Fi credentials; it then leaves listening mode to connect.

    Whether the credentials are any good the device does not check before.

    Args:
        console: the open console.
        credentials: everything the device may ask for.

    Raises: ConsoleSilent (not listening, or it stopped in the middle), AnswerMissing, ConsoleRefused,
    ConsoleGarbled, PortClosedEarly.
    """
    try:
        await _Dialogue(console, credentials).carry_out()
    except SerialGone as gone:
        raise PortClosedEarly("Serial port closed early", next_step=gone.next_step) from gone


class _Dialogue:
    """One dialogue, from `w` to the heart."""

    def __init__(self, console: Console, credentials: WifiCredentials) -> None:
        self._line = console.line
        self._clock = console.clock
        self._path = console.path
        self._credentials = credentials
        self._heard = b""

    async def carry_out(self) -> None:
        await self._line.write(b"w")
        said = await self._begun()
        for _ in range(_MOST_PROMPTS):
            if said.saying is Saying.SAVED:
                return
            following = await self._answered(said)
            if following.saying is said.saying:
                raise ConsoleRefused(
                    f"{self._path}: the device does not take what was given as {said.saying.value}.",
                    next_step=RESET,
                )
            said = following
        raise ConsoleGarbled(f"{self._path}: the device asks and asks.", next_step=RESET)

    async def _begun(self) -> Said:
        """Return the first prompt."""
        try:
            return await self._next_said(_BEGINS_S)
        except ConsoleSilent:
            if self._heard == b"w":  # taken for the beginning of an answer
                raise ConsoleGarbled(
                    f"{self._path}: the device still waits for an answer of an earlier dialogue.",
                    next_step=RESET,
                ) from None
            raise ConsoleSilent(_NOT_LISTENING) from None

    async def _answered(self, said: Said) -> Said:
        """Do what the device asks for, and return what it says then. Raises where it gave up."""
        if said.saying is Saying.SAVING:
            return await self._next_said(_SAVING_S)
        if said.saying is Saying.NOT_SAVED:
            raise ConsoleRefused(f"{self._path}: the device could not save the credentials.", next_step=RESET)
        if said.saying is Saying.NO_MEMORY:
            raise ConsoleRefused(
                f"{self._path}: the device has no memory left for the certificates.",
                next_step="Use smaller certificates, or leave out root_ca.",
            )
        prompt = PROMPTS[said.saying]
        answer = self._answer(said, prompt)
        await self._type(prompt, answer)
        return await self._next_said(prompt.patience_s)

    def _answer(self, said: Said, prompt: Prompt) -> str:
        answer = prompt.answer(self._credentials)
        if answer is None:
            raise AnswerMissing(
                f"{self._path}: the device asks for the {said.saying.value}, which is not known.",
                next_step=f"Write it into the credentials file. {RESET}",
            )
        security = self._credentials.security
        if said.saying is Saying.SECURITY and security and security.enterprise and not said.offers_enterprise:
            raise ConsoleRefused(
                f"{self._path}: the device cannot join networks with 802.1x, only Photon and P1 can.",
                next_step=f"Choose another network. {RESET}",
            )
        return answer

    async def _type(self, prompt: Prompt, answer: str) -> None:
        """Send an answer and wait for its echo."""
        lines = prompt.lines(answer)
        await self._line.write("".join(f"{line}\n" for line in lines).encode(), secret=prompt.secret)
        expected = "".join(f"{line}\r\n" for line in lines).encode()
        while not self._heard.startswith(expected):
            if not expected.startswith(self._heard):
                raise ConsoleGarbled(
                    f"{self._path}: the device echoes something else than was sent.", next_step=RESET
                )
            await self._hear(_ECHO_S, secret=prompt.secret)
        self._heard = self._heard[len(expected) :]

    async def _next_said(self, patience_s: float) -> Said:
        """Return the next thing that the device says, whatever else it prints before."""
        until = self._clock.monotonic() + patience_s
        while not (said := first_said(self._heard)):
            await self._hear(until - self._clock.monotonic())
        self._heard = self._heard[said.end :]
        return said

    async def _hear(self, timeout_s: float, *, secret: bool = False) -> None:
        data = await next_bytes(self._line, timeout_s, secret=secret) if timeout_s > 0 else b""
        if not data:
            raise ConsoleSilent("Serial timed out", next_step=RESET)
        self._heard += data
