"""The program `particle`: the fast ways out first, everything else imported when it is needed."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        words: what stands after the program's name; those of this process by default.

    Returns: 0 done, 1 the operation failed, 2 wrong usage, 130 interrupted.
    """
    words = sys.argv[1:] if words is None else words
    try:
        if list(words) in (["--version"], ["version"]):
            from particle_cli import __version__

            sys.stdout.write(f"{__version__}\n")
            sys.stdout.flush()
            return 0
        from particle_cli.entrypoints.cli.table.index import locate

        place = locate(words)
        if place.wants_help and place.entry is not None and "--json" not in words:
            from particle_cli.entrypoints.cli.help_text import help_of

            sys.stdout.write(help_of(place.entry))
            sys.stdout.flush()
            return 0
        from particle_cli.entrypoints.cli.session import perform

        return perform(place)
    except BrokenPipeError:
        from particle_cli.entrypoints.cli.output import close_quietly

        close_quietly()
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
