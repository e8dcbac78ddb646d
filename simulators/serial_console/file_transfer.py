"""Firmware over the console: YMODEM up to Device OS 5.9, a refusal since.

Not modelled: the packets of YMODEM. A device that receives takes everything in silence until it is told to
abort.
"""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.serial_console.terminal import Program, Terminal
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

WITHOUT_YMODEM: Final = 6000
"""The version of the first Device OS that cannot receive files over its serial port."""
START_KEYS: Final = b"\x01\x02"
"""What the packets of YMODEM start with, SOH and STX: the first one starts receiving, too."""

_CANCEL: Final = 0x18
_ABORT_KEY: Final = ord("a")
_REFUSED_AFTER_MS: Final = 100.0


def receive_file(system: System, terminal: Terminal) -> Program[None]:
    """Answer `f`."""
    terminal.print("Waiting for the binary file to be sent ... (press 'a' to abort)\r\n")
    if system_version(system) < WITHOUT_YMODEM:
        yield from _receive()
        return
    yield _REFUSED_AFTER_MS
    terminal.print("\x18\x18\x18\x18Serial/YModem flashing is no longer supported\r\n")


def receive_at_once(system: System, terminal: Terminal) -> Program[None]:
    """Answer the first byte of a packet, which newer firmware takes for any unknown key."""
    if system_version(system) < WITHOUT_YMODEM:
        yield from _receive()


def _receive() -> Program[None]:
    """Take everything until a person (`a`) or the sender (CAN twice) ends it."""
    last = 0
    while True:
        byte = yield None
        if byte == _ABORT_KEY or (byte == _CANCEL and last == _CANCEL):
            return
        last = byte
