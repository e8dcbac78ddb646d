"""`particle serial monitor`: what a device prints, as it comes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from particle_cli.domain.serial_console.discovery import DevicePort
from particle_cli.domain.serial_console.errors import NoSerialPort
from particle_cli.domain.serial_console.monitor import Monitor
from particle_cli.domain.serial_console.received_text import Lines, Stamped, TextDecoder, Until
from particle_cli.entrypoints.cli.commands.port_choice import chosen_port, device_number, port_of_device
from particle_cli.entrypoints.cli.result import Result, Streamed
from particle_cli.entrypoints.cli.stream import Stream
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.ports.serial import SerialGone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from particle_cli.domain.serial_console.received_text import Line
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.ports.files import AppendedFile
    from particle_cli.ports.serial import SerialError

UNTIL_S = 60.0
"""How long a pattern is waited for, unless --timeout says otherwise."""


class PatternNotSeen(ParticleError):
    """What was waited for was not printed."""

    code = "pattern_not_seen"


class Display:
    """Shows what comes, in the forms that were asked for, and tells when it was enough."""

    def __init__(self, given: Given, wires: Wires, until: Until | None, log: AppendedFile | None) -> None:
        """Begin at the start of a line."""
        self._clock = wires.clock
        self._stream = Stream(wires.person, json=given.flag("json"))
        self._json = given.flag("json")
        self._raw = given.flag("raw")
        self._until = until
        self._log = log
        self._stamped = Stamped() if given.flag("timestamp") else None
        self._decoder = TextDecoder()
        self._lines = Lines()
        self._port = DevicePort("")

    @property
    def midway(self) -> bool:
        """Whether the line that was shown last has not ended."""
        return self._lines.midway

    def take(self, data: bytes, port: DevicePort) -> bool:
        """Show what came through a port; return whether more is wanted."""
        self._port = port
        return self._show(self._decoder.feed(data))

    def pause(self) -> None:
        """Take note that nothing more comes for now: what has begun stands for itself."""
        if self._json:
            self._record(self._lines.end())

    def end(self) -> bool:
        """Take note that the device has left, or nobody listens to it any more; return as `take` does."""
        wanted = self._show(self._decoder.end())
        self.pause()
        return wanted

    def _show(self, text: str) -> bool:
        if not text:
            return True
        shown = text if self._stamped is None else self._stamped.feed(text, f"{self._now()} ")
        if self._log:
            self._log.write(shown.encode("utf-8", "surrogateescape"))
        read = self._stream.text(shown, raw=self._raw)
        read = self._record(self._lines.feed(text)) and read
        found = self._until is not None and self._until.feed(text)
        if found:
            self.pause()
        return read and not found

    def _record(self, lines: list[Line]) -> bool:
        read, port = True, self._port
        for line in lines:
            text = line.text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            about = {"time": self._now(), "device": port.device_id, "port": port.path, "text": text}
            read = self._stream.record(about)
        return read

    def _now(self) -> str:
        return self._clock.now().astimezone().isoformat(timespec="milliseconds")


async def run(given: Given, wires: Wires) -> Result:
    """Show what comes until it is enough, the time is up, the device has left, or somebody ends it."""
    pattern, path = given.text("until"), given.text("log")
    until = Until(pattern) if pattern is not None else None
    seconds = given.number("timeout") or (UNTIL_S if until else None)
    log = wires.files.appending(path) if path else None
    display = Display(given, wires, until, log)
    try:
        async with wires.clock.timeout(seconds) if seconds else nullcontext():
            seen = await _follow(given, wires, display)
    except TimeIsUp as late:
        if until is None:
            return Streamed()
        raise PatternNotSeen(
            f"'{pattern}' did not come within {seconds:g} s.",
            next_step="Allow a longer --timeout, or see with particle serial monitor what comes.",
        ) from late
    finally:
        display.end()
        if log:
            log.close()
    if until and not seen:
        raise PatternNotSeen(
            f"The device left before '{pattern}' came.", next_step="Wait for it to come back with --follow."
        )
    return Streamed()


async def _follow(given: Given, wires: Wires, display: Display) -> bool:
    """Show a device; return True when it was enough, False when it left and is not followed."""
    person, follow = wires.person, given.flag("follow")
    port = await _first_port(given, wires)
    delay_s = wires.profile.serial_follow_delay_ms / 1000
    monitor = Monitor(wires.serial, wires.clock, port, delay_s=delay_s, secret=given.flag("send"))
    try:
        await _open(monitor, wires, follow=follow)
        async with _typing(given, wires, monitor):
            while await _shown_to_the_end(monitor, display):
                if display.midway:
                    person.note("")
                if not follow:
                    person.note("Serial connection closed.")
                    return False
                person.note("Serial connection closed.  Attempting to reconnect...")
                await monitor.reopen(lambda error: _warn(wires, error))
                person.note(f"Serial monitor opened again: {monitor.port.label}")
        return True
    finally:
        await monitor.close()


async def _open(monitor: Monitor, wires: Wires, *, follow: bool) -> None:
    """Open the port for the first time. Raises: SerialError, with `follow` only what will not pass."""
    wires.person.note(f'Opening serial monitor for com port: " {monitor.port.path} "')
    try:
        await monitor.open()
    except SerialGone:
        if not follow:
            raise
        await monitor.reopen(lambda error: _warn(wires, error))
    wires.person.note("Serial monitor opened successfully:")


async def _shown_to_the_end(monitor: Monitor, display: Display) -> bool:
    """Show what comes until the device leaves; return whether more is wanted then."""
    while (data := await monitor.read()) is not None:
        if not data:
            display.pause()
        elif not display.take(data, monitor.port):
            return False
    return display.end()


async def _first_port(given: Given, wires: Wires) -> DevicePort:
    """Return the port to begin with; with --follow, wait for one."""
    devices, word = given.texts("device"), given.text("port")
    if len(devices) > 1 or (devices and word):
        raise UsageError("One device can be monitored at a time.", next_step="Pass one --device, or --port.")
    number = await device_number(wires, devices[0]) if devices else None
    told = False
    while True:
        try:
            return await (port_of_device(wires, number) if number else chosen_port(wires, word))
        except NoSerialPort:
            if not given.flag("follow"):
                raise
        if not told:
            told = True
            wires.person.note("Polling for available serial device...")
        await wires.clock.sleep(wires.profile.serial_follow_delay_ms / 1000)


@asynccontextmanager
async def _typing(given: Given, wires: Wires, monitor: Monitor) -> AsyncIterator[None]:
    """With --send, send to the device what is typed while the body runs."""
    if not given.flag("send"):
        yield
        return
    sender = asyncio.create_task(_send_typed(wires, monitor))
    try:
        yield
    finally:
        sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender


async def _send_typed(wires: Wires, monitor: Monitor) -> None:
    async for data in wires.typed():
        if not await monitor.send(data):
            wires.person.warn("The device did not take what was typed: it is lost.")


def _warn(wires: Wires, error: SerialError) -> None:
    wires.person.warn(error.in_one_line)
