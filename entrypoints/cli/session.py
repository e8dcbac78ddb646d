"""One command from words to exit code: the only place that turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, cast

from particle_cli.entrypoints.cli.help_text import help_of, usage_of
from particle_cli.entrypoints.cli.output import Output
from particle_cli.entrypoints.cli.table.entry import Command
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Result
    from particle_cli.entrypoints.cli.table.index import Place
    from particle_cli.entrypoints.wires import Desk, Wires
    from particle_cli.ports.person import Person

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
_COMMANDS = "particle_cli.entrypoints.cli.commands"


class Interrupted(ParticleError):
    """The person pressed Ctrl-C."""

    code: ClassVar[str] = "interrupted"


class Unexpected(ParticleError):
    """A fault of the program itself."""

    code: ClassVar[str] = "unexpected"


def perform(place: Place) -> int:
    """Run the command that the words name, print what comes of it, and return the exit code."""
    output = Output(json="--json" in place.words)
    try:
        return _perform(place, output)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        output.error(Interrupted("Interrupted."))
        return INTERRUPTED
    except UsageError as error:
        output.error(error, reminder=_reminder(place))
        return USAGE
    except ParticleError as error:
        output.error(error)
        _trace_if_asked(error, place)
        return INTERRUPTED if error.code == Interrupted.code else FAILED
    except Exception as error:
        output.error(_told(error))
        _trace_if_asked(error, place)
        return FAILED


def _perform(place: Place, output: Output) -> int:
    if place.entry is None:
        from particle_cli.entrypoints.cli.guesses import no_such_command

        raise no_such_command(place.typed)
    if place.wants_help or not isinstance(place.entry, Command):
        output.text(help_of(place.entry), "help")
        return DONE
    if place.entry.path == "version":
        from particle_cli import __version__

        output.text(__version__, "version")
        return DONE
    from particle_cli.entrypoints.cli.parser import parse

    given = parse(place.entry, place.words)
    result = _run(place.entry, given, output)
    output.result(result)
    return FAILED if result.failed else DONE


def _run(command: Command, given: Given, output: Output) -> Result:
    """Run the function that the table names, with what it needs."""
    module, _, function = command.run.partition(":")
    found = getattr(import_module(f"{_COMMANDS}.{module}"), function)
    if command.needs == "nothing":
        return cast("Callable[[Given], Result]", found)(given)
    person = _person(given, os.environ, output)
    if command.needs == "desk":
        from particle_cli.entrypoints.wires import Desk

        desk = Desk(os.environ, person, profile=given.text("profile"))
        return cast("Callable[[Given, Desk], Result]", found)(given, desk)
    return _run_wired(cast("Callable[[Given, Wires], Awaitable[Result]]", found), given, person)


def _run_wired(function: Callable[[Given, Wires], Awaitable[Result]], given: Given, person: Person) -> Result:
    """Run a command's coroutine on the event loop that its wires need."""
    import asyncio

    from particle_cli.entrypoints.wires import Wires

    wires = Wires(
        os.environ,
        person,
        profile=given.text("profile"),
        buses=given.texts("bus"),
        reads_only=given.reads_only,
        command=f"particle {given.path}",
    )

    async def run() -> Result:
        async with wires:
            seconds = given.number("timeout")
            if seconds is None:
                return await function(given, wires)
            async with wires.clock.timeout(seconds):
                return await function(given, wires)

    with asyncio.Runner(loop_factory=wires.loop_factory) as runner:
        return runner.run(run())


def _person(given: Given, environment: Mapping[str, str], output: Output) -> Person:
    raise NotImplementedError


def _reminder(place: Place) -> str | None:
    if isinstance(place.entry, Command):
        return usage_of(place.entry)
    return None


def _told(error: Exception) -> ParticleError:
    """Put a fault of the program in one line."""
    return Unexpected(
        f"Unexpected error: {type(error).__name__}: {error}".rstrip(": "),
        next_step="Run the command again with -v to see where it happened.",
    )


def _trace_if_asked(error: Exception, place: Place) -> None:
    """Print where an error came from, on stderr, when the person asked for more with -v."""
    if any(word == "--verbose" or (word.startswith("-v") and not word.strip("-v")) for word in place.words):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
