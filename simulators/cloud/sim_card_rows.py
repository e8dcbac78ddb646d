"""SIM cards, as rows that JSON can hold. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

_text = instance_of(str)

ACTIVE, INACTIVE, DEACTIVATED = "active", "inactive", "deactivated"


@frozen
class SimCard:
    """A SIM card of which somebody has said something; of others, the devices that they are in tell.

    Attributes:
        iccid: its number.
        owner_id: whose it is; None after it was released.
        product_id: the product that it was imported into, or None.
        status: `active`, `inactive` or `deactivated`.
        last_action: what was last done to it.
        activated: when it was last activated.
    """

    iccid: str = field(validator=_text)
    owner_id: str | None = field(validator=optional(_text))
    product_id: int | None = field(default=None, validator=optional(instance_of(int)))
    status: str = field(default=ACTIVE, validator=in_((ACTIVE, INACTIVE, DEACTIVATED)))
    last_action: str | None = field(default=None, validator=optional(_text))
    activated: int | None = field(default=None, validator=optional(instance_of(int)))
