"""What the cloud remembers, as rows that JSON can hold. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from attrs import field, frozen
from attrs.validators import instance_of, optional

_text = instance_of(str)
_moment = optional(instance_of(int))


def _names(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)


def _pairs(value: Iterable[Iterable[str]] | None) -> tuple[tuple[str, str], ...] | None:
    return None if value is None else tuple((name, kind) for name, kind in value)


def _content(value: bytes | str) -> bytes:
    """Take bytes as they are, or as JSON carries them."""
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


@frozen
class User:
    """An account."""

    id: str = field(validator=_text)
    username: str = field(validator=_text)
    password: str = field(repr=False, validator=_text)
    first_name: str = field(default="", validator=_text)
    last_name: str = field(default="", validator=_text)


@frozen
class Token:
    """An access token; `expires` None means never."""

    value: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    client: str = field(validator=_text)
    expires: int | None = field(validator=_moment)


@frozen
class DeviceRecord:
    """A device that somebody owns, with what it said of itself when it last connected.

    `functions` and `variables` are None before it has ever connected.
    """

    id: str = field(validator=_text)
    platform_id: int = field(validator=instance_of(int))
    owner_id: str = field(validator=_text)
    name: str | None = field(default=None, validator=optional(_text))
    notes: str | None = field(default=None, validator=optional(_text))
    functions: tuple[str, ...] | None = field(default=None, converter=_names)
    variables: tuple[tuple[str, str], ...] | None = field(default=None, converter=_pairs)
    system_version: int | None = field(default=None, validator=_moment)
    safe_mode: bool = field(default=False, validator=instance_of(bool))
    last_heard: int | None = field(default=None, validator=_moment)
    last_handshake: int | None = field(default=None, validator=_moment)
    signaling: bool = field(default=False, validator=instance_of(bool))


@frozen
class Binary:
    """The result of a compilation, until it expires."""

    id: str = field(validator=_text)
    owner_id: str = field(validator=_text)
    content: bytes = field(repr=False, converter=_content)
    expires: int = field(validator=instance_of(int))
