"""`particle binary verify`: whether firmware files are whole, each for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.verification import verify_binary, verify_bundle
from particle_cli.entrypoints.cli.commands.firmware_input import read_firmware, require_one_stdin
from particle_cli.entrypoints.cli.result import Plain, Result
from particle_cli.ports.files import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk


class Verdict:
    """What is wrong with one file, as typed; nothing with one that is whole."""

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        """Keep both."""
        self.path = path
        self.faults = faults

    def text(self) -> str:
        """Return the verdict, and the reasons below it."""
        if not self.faults:
            return f"{self.path}: ok"
        return "\n".join((f"{self.path}: failed", *(f" {fault}" for fault in self.faults)))


class Verified(Result):
    """The verdicts on all files, which have been told one by one."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        """Keep the verdicts."""
        self._verdicts = verdicts
        self._failed = [verdict for verdict in verdicts if verdict.faults]
        self.failed = bool(self._failed)

    def text(self, width: int) -> str:
        """Return how many of several files failed."""
        if len(self._verdicts) == 1:
            return ""
        return f"{len(self._failed)} of {len(self._verdicts)} files failed."

    def data(self) -> Plain:
        """Return every verdict."""
        return {
            "ok": not self.failed,
            "files": [
                {"file": verdict.path, "ok": not verdict.faults, "faults": list(verdict.faults)}
                for verdict in self._verdicts
            ],
        }


def run(given: Given, desk: Desk) -> Result:
    """Look at one file after the other."""
    paths = given.rest("files")
    require_one_stdin(paths)
    verdicts = []
    for path in paths:
        verdict = _verdict(desk, path)
        desk.person.say(verdict.text())
        verdicts.append(verdict)
    return Verified(verdicts)


def _verdict(desk: Desk, path: str) -> Verdict:
    """A file that cannot be read is one that failed; the others are looked at all the same."""
    try:
        file = read_firmware(desk, path)
    except (FileError, FirmwareError) as error:
        return Verdict(path, (error.message,))
    return Verdict(file.path, (verify_bundle if file.bundle else verify_binary)(file.data, name=file.name))
