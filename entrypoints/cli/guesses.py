"""What a person may have meant by a command that does not exist."""

from __future__ import annotations

from difflib import get_close_matches

from particle_cli.entrypoints.cli.table.index import entry, paths
from particle_cli.ports.errors import UsageError


class NoSuchCommand(UsageError):
    """There is no command of that name."""

    code = "no_such_command"


def no_such_command(typed: str) -> NoSuchCommand:
    """Return the error for words that name no command, with the nearest one that exists."""
    words = typed.split()
    near: list[str] = []
    while words and not near:
        near = [path for path in get_close_matches(" ".join(words), paths(), cutoff=0.7) if path not in typed]
        words.pop()
    first = typed.split(maxsplit=1)[0] if typed else ""
    place = f" {first}" if entry(first) else ""
    hint = (
        f"Did you mean 'particle {near[0]}'?" if near else f"Run particle help{place} to see what there is."
    )
    return NoSuchCommand(f"No such command '{typed}'", next_step=hint)
