"""Steps of logging in that wait for the next, as rows that JSON can hold. Times: ms since 1970, UTC."""

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


@frozen
class RefreshToken:
    """What a new access token can be had for, once; `lifetime_s` is that token's, 0 means for ever."""

    value: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    client: str = field(validator=_text)
    lifetime_s: int = field(validator=instance_of(int))
    expires: int = field(validator=instance_of(int))


@frozen
class Enrolment:
    """Somebody has been shown the secret of a second factor, and has yet to prove that an app has it."""

    value: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    secret: str = field(repr=False, validator=_text)
    expires: int = field(validator=instance_of(int))
