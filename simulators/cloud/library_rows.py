"""Libraries that were uploaded, as rows that JSON can hold. Times: ms since 1970, UTC."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

PUBLIC, PRIVATE = "public", "private"
LATEST: Final = "latest"

_text = instance_of(str)
_number = instance_of(int)
_truth = instance_of(bool)


def _content(value: bytes | str) -> bytes:
    """Take bytes as they are, or as JSON carries them."""
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _pairs(value: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, version) for name, version in value)


@frozen
class Library:
    """One version of a library.

    Attributes:
        key: what its archive is called in addresses; nobody guesses it.
        owner_id: whose it is, None for those that are there from the beginning.
        archive: its files, as tar.gz.
        details: what else its properties say: `license`, `paragraph`, `url`, …
        dependencies: names and versions of the libraries that it needs.
    """

    key: str = field(validator=_text)
    name: str = field(validator=_text)
    version: str = field(validator=_text)
    owner_id: str | None = field(validator=optional(_text))
    archive: bytes = field(repr=False, converter=_content)
    author: str = field(validator=_text)
    sentence: str = field(validator=_text)
    created: int = field(validator=_number)
    details: tuple[tuple[str, str], ...] = field(default=(), converter=_pairs)
    architectures: tuple[str, ...] = field(default=(), converter=_texts)
    dependencies: tuple[tuple[str, str], ...] = field(default=(), converter=_pairs)
    visibility: str = field(default=PRIVATE, validator=in_((PUBLIC, PRIVATE)))
    published: int | None = field(default=None, validator=optional(_number))
    installs: int = field(default=0, validator=_number)
    official: bool = field(default=False, validator=_truth)
    verified: bool = field(default=False, validator=_truth)

    @property
    def number(self) -> tuple[int, ...]:
        """Its version, to be compared."""
        return version_number(self.version)


def version_number(version: str) -> tuple[int, ...]:
    """Return a version `1.2.3` so that versions can be compared. Raises: ValueError."""
    return tuple(map(int, version.split(".")))
