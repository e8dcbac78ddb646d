"""Long lists, handed out in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from attrs import frozen

from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.replies import Plain, refused

T = TypeVar("T")

_MOST_PER_PAGE: Final = 100_000


@frozen
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        rows: what is on it; nothing beyond the last page.
        number: which page it is, from 1.
        per_page: how many rows a full one has.
        total: how many rows the whole list has.
    """

    rows: tuple[T, ...]
    number: int
    per_page: int
    total: int

    @property
    def total_pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.per_page))

    @property
    def meta(self) -> dict[str, Plain]:
        """What newer lists say of a page."""
        return {
            "page": self.number,
            "per_page": self.per_page,
            "total_pages": self.total_pages,
            "total": self.total,
        }


def page_of(call: Call, rows: Sequence[T], *, per_page: int) -> Page[T]:
    """Return the page that the query names by `page` and `per_page` (or `perPage`).

    Args:
        call: the request.
        rows: the whole list, in order.
        per_page: rows of a page unless the query says so.

    Raises: Refusal for what is no number of a page.
    """
    number = _positive(call, "page", 1)
    size = _positive(call, "per_page", _positive(call, "perPage", per_page))
    start = (number - 1) * size
    return Page(tuple(rows[start : start + size]), number, size, len(rows))


def _positive(call: Call, key: str, default: int) -> int:
    text = call.query.get(key)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 0 < int(text) <= _MOST_PER_PAGE):
        raise refused(400, f"{key} must be a number from 1")
    return int(text)
