"""`particle binary diff`: what changed from one firmware file to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.firmware.difference import SECTOR_SIZE, Change, Difference, compare_files
from particle_cli.entrypoints.cli.commands.firmware_input import read_firmware, require_one_stdin
from particle_cli.entrypoints.cli.result import Plain, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from particle_cli.domain.firmware.difference import FileDifference
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk

_KIB = 1024


class Compared(Result):
    """How two files differ."""

    def __init__(self, first: str, second: str, difference: FileDifference) -> None:
        """Keep the paths, as typed, and the difference."""
        self._first = first
        self._second = second
        self._found = difference

    def text(self, width: int) -> str:
        """Return a line for each field that changed, and the flash that did."""
        if self._found.same:
            return f"{self._first} and {self._second} are the same."
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"From {self._first} to {self._second}:"
        yield from map(_change_line, self._found.changes)
        modules = self._found.modules
        for number, module in enumerate(modules, 1):
            if len(modules) > 1:
                yield f"Part {number} is the same" if module.same else f"Part {number}:"
            yield from _module_lines(module)

    def data(self) -> Plain:
        """Return the same; addresses are hexadecimal text."""
        return {
            "first": self._first,
            "second": self._second,
            "same": self._found.same,
            "changes": _change_data(self._found.changes),
            "sectorSize": SECTOR_SIZE,
            "modules": [
                {
                    "same": module.same,
                    "changes": _change_data(module.changes),
                    "sectors": len(module.sectors),
                    "changedSectors": [f"{address:x}" for address in module.changed],
                }
                for module in self._found.modules
            ],
        }


def run(given: Given, desk: Desk) -> Result:
    """Read both files and compare them."""
    paths = given.word("first"), given.word("second")
    require_one_stdin(paths)
    first, second = (read_firmware(desk, path) for path in paths)
    return Compared(first.path, second.path, compare_files(first.inspected(), second.inspected()))


def _module_lines(module: Difference) -> Iterator[str]:
    yield from map(_change_line, module.changes)
    if module.sectors and not module.same:
        changed, whole = (len(sectors) * SECTOR_SIZE // _KIB for sectors in (module.changed, module.sectors))
        yield (
            f" {len(module.changed)} of {len(module.sectors)} sectors of flash differ "
            f"({changed} of {whole} KiB):"
            if module.changed
            else f" none of {len(module.sectors)} sectors of flash differs"
        )
        yield from (f"  {start:#010x} to {end - 1:#010x}" for start, end in _runs(module.changed))


def _change_line(change: Change) -> str:
    before, after = (value if value is not None else "none" for value in (change.before, change.after))
    return f" {change.field}: {before} -> {after}"


def _change_data(changes: Iterable[Change]) -> Plain:
    return [{"field": one.field, "before": one.before, "after": one.after} for one in changes]


def _runs(sectors: Sequence[int]) -> Sequence[tuple[int, int]]:
    """Return where sectors that touch start and end."""
    runs: list[tuple[int, int]] = []
    for address in sectors:
        start = runs.pop()[0] if runs and runs[-1][1] == address else address
        runs.append((start, address + SECTOR_SIZE))
    return runs
