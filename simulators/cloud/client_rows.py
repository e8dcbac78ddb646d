"""The programs that log people in, as rows that JSON can hold."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

_text = instance_of(str)

INSTALLED, WEB = "installed", "web"


@frozen
class Client:
    """An OAuth client.

    Attributes:
        id: its public name.
        owner_id: the account that made it; None for those that everybody uses.
        product_id: the product whose customers it logs in, or None.
        kind: `installed`, or `web` with a `redirect_uri`.
        scope: what it may do for whom it logs in; empty for everything.
    """

    id: str = field(validator=_text)
    secret: str = field(repr=False, validator=_text)
    name: str = field(validator=_text)
    kind: str = field(default=INSTALLED, validator=in_((INSTALLED, WEB)))
    owner_id: str | None = field(default=None, validator=optional(_text))
    product_id: int | None = field(default=None, validator=optional(instance_of(int)))
    redirect_uri: str | None = field(default=None, validator=optional(_text))
    scope: str = field(default="", validator=_text)
