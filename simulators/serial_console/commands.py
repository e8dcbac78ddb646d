"""The commands of the console, by key (Device OS system_setup.cpp)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from particle_cli.simulators.firmware.boot import BootRequest
from particle_cli.simulators.hardware.dct import CLAIM_CODE, CLAIM_CODE_SIZE
from particle_cli.simulators.serial_console.description import description
from particle_cli.simulators.serial_console.file_transfer import START_KEYS, receive_at_once, receive_file
from particle_cli.simulators.serial_console.identification import identification, mac_address
from particle_cli.simulators.serial_console.terminal import Program, Terminal
from particle_cli.simulators.serial_console.wifi_dialogue import wifi_dialogue
from particle_cli.simulators.system.diagnostics import diagnostics
from particle_cli.simulators.system.ownership import Ownership
from particle_cli.simulators.system.startup import ask_to_listen
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_release, system_version

Dialogue = Callable[[System, Terminal], Program[None]]

_WITH_DIAGNOSTICS: Final = 300  # 0.8.0


def _version(system: System) -> str:
    return f"system firmware version: {system_release(system)}\n\r\n"


def _claimed(system: System) -> str:
    return f"Device claimed: {'yes' if Ownership(system.hardware).claimed else 'no'}\r\n"


def _diagnostics(system: System) -> str:
    if system_version(system) < _WITH_DIAGNOSTICS:
        return ""
    return f"{diagnostics(system)}\r\n"


def _set_claim_code(system: System, terminal: Terminal) -> Program[None]:
    code = yield from terminal.line(f"Enter {CLAIM_CODE_SIZE}-digit claim code: ", CLAIM_CODE_SIZE)
    if len(code) != CLAIM_CODE_SIZE or system.hardware.dct is None:
        terminal.print(
            f"Sorry, claim code is not {CLAIM_CODE_SIZE} characters long. Claim code unchanged.\r\n"
        )
        return
    yield system.hardware.dct.write(CLAIM_CODE, code)
    terminal.print(f"Claim code set to: {code.decode(errors='replace')}\r\n")


def _leave(system: System, terminal: Terminal) -> Program[None]:
    system.listen(False)
    yield from ()


def _restart_listening(system: System, terminal: Terminal) -> Program[None]:
    """Restart in safe mode, where no application gets in the way, and listen."""
    if system.hardware.dct is not None:
        yield ask_to_listen(system.hardware.dct, True)
    system.reset(BootRequest.SAFE)


ANSWERS: Final[Mapping[int, Callable[[System], str]]] = {
    ord("i"): identification,
    ord("m"): mac_address,
    ord("v"): _version,
    ord("s"): description,
    ord("c"): _claimed,
    ord("d"): _diagnostics,
}
"""Commands that print one thing."""

DIALOGUES: Final[Mapping[int, Dialogue]] = {
    ord("C"): _set_claim_code,
    ord("w"): wifi_dialogue,
    ord("x"): _leave,
    ord("L"): _restart_listening,
    ord("f"): receive_file,
    **dict.fromkeys(START_KEYS, receive_at_once),
}
"""Commands that take time, ask something or end the listening."""
