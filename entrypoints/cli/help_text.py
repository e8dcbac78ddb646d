"""Help, drawn straight from the command table."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import GLOBAL_OPTIONS, Category, Command, Option, global_options
from particle_cli.entrypoints.cli.table.index import below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_WELCOME = """\
Welcome to the Particle Command Line Interface!
Version {version}
https://docs.particle.io/reference/developer-tools/cli/
"""


def help_of(entry: Command | Category) -> str:
    """Return the help of a command, of a category or (path "") of the program, ending in a newline."""
    blocks = _command_blocks(entry) if isinstance(entry, Command) else _category_blocks(entry)
    return "\n".join(blocks)


def usage_of(command: Command) -> str:
    """Return the usage line of a command."""
    return " ".join(filter(None, ("Usage: particle", command.path, "[options]", command.parameters)))


def _command_blocks(command: Command) -> Iterable[str]:
    yield f"{command.summary}\n{usage_of(command)}\n"
    yield _section("Global Options", map(_option_row, global_options(command)))
    if command.options:
        yield _section("Options", map(_option_row, command.options))
    if command.examples:
        yield _section("Examples", command.examples)
    for paragraph in command.details:
        yield f"{paragraph}\n"


def _category_blocks(category: Category) -> Iterable[str]:
    if category.path:
        yield (
            f"{category.summary}\nUsage: particle {category.path} <command>\n"
            f"Help:  particle help {category.path} <command>\n"
        )
    else:
        from particle_cli import __version__

        yield _WELCOME.format(version=__version__)
        yield "Usage: particle <command>\nHelp:  particle help <command>\n"
    yield _section("Commands", ((word, held.summary) for word, held in below(category)))
    yield _section("Global Options", map(_option_row, GLOBAL_OPTIONS))


def _section(title: str, rows: Iterable[tuple[str, str]]) -> str:
    known = tuple(rows)
    widest = max(len(left) for left, _ in known) + 2
    return f"{title}:\n" + "".join(f"  {left:{widest}}{right}\n" for left, right in known)


def _option_row(option: Option) -> tuple[str, str]:
    flags = f"-{option.short}, --{option.name}" if option.short else f"--{option.name}"
    kind = "string" if option.kind == "strings" else option.kind
    choices = f" [choices: {', '.join(option.choices)}]" if option.choices else ""
    return flags, f"{option.summary}  [{kind}]{choices}"
