"""Public keys of devices, and steps towards service mode, as rows for JSON. Times: ms since 1970, UTC."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import in_, instance_of

_text = instance_of(str)

RSA, ECC = "rsa", "ecc"


@frozen
class DeviceKey:
    """The public key that a device has to prove itself with: PEM, and its `algorithm`."""

    device_id: str = field(validator=_text)
    public_key: str = field(repr=False, validator=_text)
    algorithm: str = field(validator=in_((RSA, ECC)))


@frozen
class Unprotection:
    """Somebody wants to override the protection of a device, and was given a nonce (hexadecimal) for it."""

    device_id: str = field(validator=_text)
    nonce: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    expires: int = field(validator=instance_of(int))
