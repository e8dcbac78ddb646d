"""One command from words to exit code: the only place that turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, cast

from particle_cli.entrypoints.cli.help_text import help_of, usage_of
from particle_cli.entrypoints.cli.output import Output
from particle_cli.entrypoints.cli.result import Told
from particle_cli.entrypoints.cli.table.entry import Command
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Result
    from particle_cli.entrypoints.cli.stage import Stage
    from particle_cli.entrypoints.cli.table.index import Place
    from particle_cli.entrypoints.traces import Traces
    from particle_cli.entrypoints.wires import Desk, Wires
    from particle_cli.ports.person import Person

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
_COMMANDS = "particle_cli.entrypoints.cli.commands"
_TRACING = 3  # the verbosity from which on wires are traced


class Interrupted(ParticleError):
    """The person pressed Ctrl-C."""

    code: ClassVar[str] = "interrupted"


class Unexpected(ParticleError):
    """A fault of the program itself."""

    code: ClassVar[str] = "unexpected"


def perform(place: Place, stage: Stage | None = None) -> int:
    """Run the command that the words name, print what comes of it, and return the exit code.

    Args:
        place: the command and its words.
        stage: where it is run; None: in this process's environment, on wires of its own.
    """
    output = Output(place.words)
    try:
        result = _result(place, output, stage)
        output.result(result)
        return FAILED if result.failed or result.errors else DONE
    except KeyboardInterrupt:
        output.error(Interrupted("Interrupted."))
        return INTERRUPTED
    except UsageError as error:
        output.error(error, reminder=_reminder(place))
        return USAGE
    except ParticleError as error:
        _explain(error, error, output)
        return INTERRUPTED if error.code == Interrupted.code else FAILED
    except Exception as error:
        _explain(_told(error), error, output)
        return FAILED


def print_text(text: str) -> int:
    """Print a text on a stdout that has refused it once, and return the exit code."""
    output = Output(())
    try:
        output.result(Told(text.rstrip("\n"), None))
    except ParticleError as error:
        output.error(error)
        return FAILED
    return DONE


def _result(place: Place, output: Output, stage: Stage | None) -> Result:
    if place.entry is None:
        from particle_cli.entrypoints.cli.guesses import no_such_command

        raise no_such_command(place.typed)
    if place.wants_help or not isinstance(place.entry, Command):
        text = help_of(place.entry)
        return Told(text.rstrip("\n"), {"help": text})
    if place.entry.path == "version":
        from particle_cli import __version__

        return Told(__version__, {"version": __version__})
    from particle_cli.entrypoints.cli.parser import parse

    given = parse(place.entry, place.words)
    path = given.text("trace")
    if path is None and output.verbosity < _TRACING:
        return _run(place.entry, given, output.person, None, stage)
    from particle_cli.entrypoints.traces import Traces

    with Traces.begun(output.person, verbosity=output.verbosity, path=path) as traces:
        return _run(place.entry, given, output.person, traces, stage)


def _run(
    command: Command, given: Given, person: Person, traces: Traces | None, stage: Stage | None
) -> Result:
    """Run the function that the table names, with what it needs."""
    module, _, function = command.run.partition(":")
    found = getattr(import_module(f"{_COMMANDS}.{module}"), function)
    if command.needs == "nothing":
        return cast("Callable[[Given], Result]", found)(given)
    environment = stage.environment if stage else os.environ
    if command.needs == "desk":
        from particle_cli.entrypoints.wires import Desk

        desk = Desk(environment, person, profile=given.text("profile"))
        return cast("Callable[[Given, Desk], Result]", found)(given, desk)
    from particle_cli.entrypoints.wires import Wires

    wires = (stage.make_wires if stage else Wires)(
        environment,
        person,
        profile=given.text("profile"),
        buses=given.texts("bus"),
        reads_only=given.reads_only,
        command=f"particle {given.path}",
        endless=given.endless,
        insecure=given.flag("insecure"),
        traces=traces,
    )
    seconds = None if command.times_itself else given.number("timeout")
    return _run_wired(cast("Callable[[Given, Wires], Awaitable[Result]]", found), given, wires, seconds)


def _run_wired(
    function: Callable[[Given, Wires], Awaitable[Result]],
    given: Given,
    wires: Wires,
    timeout_s: float | None,
) -> Result:
    """Run a command's coroutine on the event loop that its wires need, for so many seconds at most."""

    async def run() -> Result:
        async with wires:
            if timeout_s is None:
                return await function(given, wires)
            async with wires.clock.timeout(timeout_s):
                return await function(given, wires)

    return wires.run(run)


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


def _explain(told: ParticleError, error: Exception, output: Output) -> None:
    """Print an error; with -v also where in the program it came from, on stderr."""
    output.error(told)
    if output.verbosity > 1:
        import traceback

        traceback.print_exception(error, file=sys.stderr)
