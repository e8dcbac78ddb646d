"""A measured figure and its limit, and how a list of them is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement.

    Attributes:
        what: what was measured.
        value: the figure.
        unit: `x` for ratios, `ms`, `s`, `MiB`, `transfers`; may be empty.
        limit: what it must not exceed, or None where it only informs.
        at_least: the limit is a lower one.
        beside: another figure to read it by, as text.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    beside: str = ""

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        """One line."""
        limit = ""
        if self.limit is not None:
            words = "at least" if self.at_least else "at most"
            limit = f"{words} {self.limit:g} {self.unit}".rstrip() + ("" if self.kept else "   MISSED")
        return f"  {self.what:<52} {self.value:>10.2f} {self.unit:<10} {limit:<24} {self.beside}".rstrip()


def show(title: str, figures: Iterable[Figure]) -> bool:
    """Print figures under a title; tell whether all limits were kept."""
    print(f"\n{title}")
    kept = True
    for figure in figures:
        print(figure, flush=True)
        kept = kept and figure.kept
    return kept
