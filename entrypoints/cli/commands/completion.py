"""`particle completion`: scripts that complete commands in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given

SHELLS = ("bash", "zsh", "fish")


def run(given: Given) -> Result:
    """Return the script for the shell named."""
    shell = given.word("shell")
    if shell not in SHELLS:
        raise UsageError(
            f"There is no completion for '{shell}'.", next_step=f"Use one of: {', '.join(SHELLS)}."
        )
    import shtab

    from particle_cli.entrypoints.cli.parser import whole_parser

    script = shtab.complete(whole_parser(), shell=shell)
    return Told(script.rstrip("\n"), {"shell": shell, "script": script})
