"""The program `particle`: the fast ways out first, everything else imported when it is needed."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.entrypoints.cli.stage import Stage

_ALLOCATIONS_BETWEEN_COLLECTIONS = (
    50_000  # starting makes many objects that stay; 700 looks at them all the time
)


def main(words: Sequence[str] | None = None, *, stage: Stage | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        words: what stands after the program's name; those of this process by default.
        stage: where it is run; None: in this process's environment, on wires of its own.

    Returns: 0 done, 1 the operation failed, 2 wrong usage, 130 interrupted.
    """
    if words is not None:
        return _guarded(list(words), stage)
    import gc

    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    code = _guarded(sys.argv[1:], stage)
    gc.freeze()  # the process ends: the interpreter need not look for garbage once more
    return code


def _guarded(words: list[str], stage: Stage | None) -> int:
    try:
        return _answer(words, stage)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        return 130


def _answer(words: list[str], stage: Stage | None) -> int:
    if words in (["--version"], ["version"]):
        from particle_cli import __version__

        return _print(f"{__version__}\n")
    from particle_cli.entrypoints.cli.table.index import locate

    place = locate(words)
    if place.wants_help and place.entry is not None and "--json" not in words:
        from particle_cli.entrypoints.cli.help_text import help_of

        return _print(help_of(place.entry))
    from particle_cli.entrypoints.cli.session import perform

    return perform(place, stage)


def _print(text: str) -> int:
    """Print a text without importing anything, unless stdout turns out to be broken."""
    try:
        if sys.stdout is not None:
            sys.stdout.write(text)
            sys.stdout.flush()
    except (OSError, UnicodeEncodeError):
        from particle_cli.entrypoints.cli.session import print_text

        return print_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
