"""What a person may have meant by a command or flag that does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from particle_cli.entrypoints.cli.table.entry import Command, global_options
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


def unknown_arguments(command: Command, words: Sequence[str]) -> UsageError:
    """Return the error for flags that a command does not have, with those that it does have and come near."""
    names = [word.lstrip("-").partition("=")[0] for word in words]
    options = (*command.options, *global_options(command))
    known = [spelling for option in options for spelling in option.spellings]
    near = [match for name in names for match in get_close_matches(name, known, n=1, cutoff=0.8)]
    return UsageError(
        f"Unknown argument{'s' if len(names) > 1 else ''} '{', '.join(names)}'",
        next_step=f"Did you mean {' and '.join(f'--{name}' for name in near)}?" if near else None,
    )
