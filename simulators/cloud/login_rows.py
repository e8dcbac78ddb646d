"""Logins that are not complete, as rows that JSON can hold. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import instance_of

_text = instance_of(str)


@frozen
class HalfLogin:
    """A login whose password was right and whose login code is awaited; `lifetime_s` 0 means for ever."""

    value: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    client: str = field(validator=_text)
    lifetime_s: int = field(validator=instance_of(int))
    expires: int = field(validator=instance_of(int))
