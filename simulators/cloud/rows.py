"""What the cloud remembers, as rows that JSON can hold. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen
from attrs.validators import instance_of, optional

_text = instance_of(str)
_number = optional(instance_of(int))


def _names(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)


def as_names(value: Iterable[str]) -> tuple[str, ...]:
    """Take names as they are, or as JSON carries them."""
    return tuple(value)


def _pairs(value: Iterable[Iterable[str]] | None) -> tuple[tuple[str, str], ...] | None:
    return None if value is None else tuple((name, kind) for name, kind in value)


@frozen
class User:
    """An account.

    With a `login_code` (always the same) or a `login_secret` (an authenticator app's, base32), a login code
    is asked for besides the password. With a `product_id` it is a customer of that product and nobody else.
    """

    id: str = field(validator=_text)
    username: str = field(validator=_text)
    password: str = field(repr=False, validator=_text)
    first_name: str = field(default="", validator=_text)
    last_name: str = field(default="", validator=_text)
    login_code: str | None = field(default=None, repr=False, validator=optional(_text))
    login_secret: str | None = field(default=None, repr=False, validator=optional(_text))
    company_name: str = field(default="", validator=_text)
    business_account: bool = field(default=False, validator=instance_of(bool))
    product_id: int | None = field(default=None, validator=_number)

    @property
    def has_second_factor(self) -> bool:
        """Whether the password alone opens nothing."""
        return self.login_code is not None or self.login_secret is not None


@frozen
class Token:
    """An access token; `expires` None means never, `scopes` None that it is good for everything."""

    value: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    client: str = field(validator=_text)
    expires: int | None = field(validator=_number)
    scopes: tuple[str, ...] | None = field(default=None, converter=_names)


@frozen
class DeviceRecord:
    """A device, with what it said of itself when it last connected.

    `owner_id` is None for one that nobody has claimed; `functions` and `variables` are None before it has
    ever connected. Of a device that belongs to a product: `product_id`, `groups`, whether it is kept for
    `development`, which firmware version it is locked to (`desired_firmware`), and whether it is
    `quarantined` or `denied`; `firmware_version` is what its firmware says. `protected` is whether Device
    Protection is on; `updates_enabled` what its application says, `updates_forced` what its owner wants all
    the same. `fades` is until when a device that has vanished is believed to be online.
    """

    id: str = field(validator=_text)
    platform_id: int = field(validator=instance_of(int))
    owner_id: str | None = field(validator=optional(_text))
    name: str | None = field(default=None, validator=optional(_text))
    notes: str | None = field(default=None, validator=optional(_text))
    functions: tuple[str, ...] | None = field(default=None, converter=_names)
    variables: tuple[tuple[str, str], ...] | None = field(default=None, converter=_pairs)
    system_version: int | None = field(default=None, validator=_number)
    safe_mode: bool = field(default=False, validator=instance_of(bool))
    last_heard: int | None = field(default=None, validator=_number)
    last_handshake: int | None = field(default=None, validator=_number)
    signaling: bool = field(default=False, validator=instance_of(bool))
    product_id: int | None = field(default=None, validator=_number)
    firmware_version: int | None = field(default=None, validator=_number)
    groups: tuple[str, ...] = field(default=(), converter=as_names)
    development: bool = field(default=False, validator=instance_of(bool))
    desired_firmware: int | None = field(default=None, validator=_number)
    quarantined: bool = field(default=False, validator=instance_of(bool))
    denied: bool = field(default=False, validator=instance_of(bool))
    serial_number: str | None = field(default=None, validator=optional(_text))
    mobile_secret: str | None = field(default=None, repr=False, validator=optional(_text))
    mac_wifi: str | None = field(default=None, validator=optional(_text))
    imei: str | None = field(default=None, validator=optional(_text))
    iccid: str | None = field(default=None, validator=optional(_text))
    protected: bool = field(default=False, validator=instance_of(bool))
    updates_enabled: bool = field(default=True, validator=instance_of(bool))
    updates_forced: bool = field(default=False, validator=instance_of(bool))
    fades: int | None = field(default=None, validator=_number)
