"""What a person gave on the command line, by name and type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BOUNDS: Final = ("until", "timeout", "max")


class Given:
    """The words and flags of one command line, checked against the command table.

    Attributes:
        path: the command's words.
        reads_only: whether this command line changes nothing in the world.
        endless: whether it goes on until the person ends it, or other programs take part in it.

    Asking for a name that the table does not have is a fault of the program and raises KeyError.
    """

    def __init__(
        self,
        path: str,
        words: Mapping[str, tuple[str, ...]],
        flags: Mapping[str, object],
        *,
        reads_only: bool,
        live: bool = False,
        serves: bool = False,
    ) -> None:
        """Keep what was parsed: words by parameter name, values by flag name."""
        self.path = path
        talks = bool(flags.get("send"))  # with a device, which may change by it, and at a person's pace
        self.reads_only = (reads_only and not talks) or bool(flags.get("dry-run"))
        self.endless = serves or (live and (talks or all(flags.get(bound) is None for bound in _BOUNDS)))
        self._words = words
        self._flags = flags

    def word(self, parameter: str) -> str:
        """Return the word in the place of a required parameter."""
        return self._words[parameter][0]

    def optional(self, parameter: str) -> str | None:
        """Return the word in the place of an optional parameter, or None."""
        words = self._words[parameter]
        return words[0] if words else None

    def rest(self, parameter: str) -> tuple[str, ...]:
        """Return all words in the place of a parameter that takes the rest."""
        return self._words[parameter]

    def flag(self, name: str) -> bool:
        """Return whether a boolean flag was given."""
        return bool(self._flags[name])

    def text(self, name: str) -> str | None:
        """Return the value of a flag, or None when it was not given."""
        value = self._flags[name]
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the values of a flag that may be repeated or takes several words."""
        value = self._flags[name]
        return tuple(value) if isinstance(value, (list, tuple)) else ()

    def number(self, name: str) -> float | None:
        """Return the value of a flag that takes a number, or None when it was not given."""
        value = self._flags[name]
        return value if isinstance(value, float) else None

    def count(self, name: str) -> int:
        """Return how many times a counted flag was given."""
        value = self._flags[name]
        return value if isinstance(value, int) else 0

    @property
    def verbosity(self) -> int:
        """1 as a rule, less with -q, more with -v."""
        return 1 + self.count("verbose") - self.count("quiet")
