"""What an identity provider vouches for with its signature.

JSON Web Tokens (RFC 7519) in compact form (RFC 7515), signed with RS256 (RFC 7518, 3.3), the keys as a JSON
Web Key Set (RFC 7517). Whatever else a token may be signed with, or not, is refused: here it is the provider
that chose, and it chose this.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Final, TypeVar

from attrs import field, frozen

from particle_cli.domain.cloud.errors import CloudError
from particle_cli.domain.cloud.reading import Unreadable, parse_json, structure

T = TypeVar("T")

_ALGORITHM: Final = "RS256"
_SMALLEST_KEY_BITS: Final = 2048  # RFC 7518, 3.3
_CLOCKS_DIFFER_S: Final = 60.0


class ClaimsRefused(CloudError):
    """What should vouch for somebody does not."""

    code = "sso_claims"


@frozen
class Claims:
    """What the token of somebody who has logged in says.

    Attributes:
        iss: who has issued it.
        exp: until when it is good, in seconds since 1970.
        sub: who has logged in: the e-mail address.
        particle_profile: an access token of the cloud, a secret.
    """

    iss: str
    exp: float
    sub: str
    particle_profile: str = field(repr=False)


@frozen
class SigningKey:
    """A key of a provider; those that are none for RSA lack the two numbers."""

    kty: str
    kid: str = ""
    use: str = "sig"
    alg: str = _ALGORITHM
    n: str = ""
    e: str = ""

    @property
    def signs(self) -> bool:
        """Whether it can have signed a token."""
        return (self.kty, self.use, self.alg) == ("RSA", "sig", _ALGORITHM)


@frozen
class KeySet:
    """The keys that a provider signs with at the moment."""

    keys: tuple[SigningKey, ...]


@frozen
class _Head:
    alg: str
    kid: str = ""


def verified_claims(token: str, keys: KeySet, *, issuer: str, now: datetime) -> Claims:
    """Return the claims in a token that its issuer has signed and that is in force.

    Args:
        token: the token, in compact form.
        keys: the issuer's keys.
        issuer: who has to have issued it.
        now: the time of day, aware.

    Raises: ClaimsRefused.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise _refused("it is no signed token")
    head = _read(parts[0], _Head)
    if head.alg != _ALGORITHM:
        raise _refused(f"it is signed with {head.alg[:20]!r}, not with {_ALGORITHM}")
    key = next((one for one in keys.keys if one.signs and one.kid == head.kid), None)
    if key is None:
        raise _refused("the provider has no key of the name that it is signed with")
    _check_signature(key, ".".join(parts[:2]).encode(), _decoded(parts[2]))
    claims = _read(parts[1], Claims)
    if claims.iss != issuer:
        raise _refused(f"it was issued by {claims.iss[:200]}, not by {issuer}")
    if claims.exp + _CLOCKS_DIFFER_S <= now.timestamp():
        raise _refused("it has expired, or the clock of this machine is wrong")
    if not claims.particle_profile or not claims.sub:
        raise _refused("it names no account")
    return claims


def _check_signature(key: SigningKey, signed: bytes, signature: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.hashes import SHA256

    numbers = RSAPublicNumbers(int.from_bytes(_decoded(key.e)), int.from_bytes(_decoded(key.n)))
    if numbers.n.bit_length() < _SMALLEST_KEY_BITS:
        raise _refused("the key that it is signed with is too short")
    try:
        numbers.public_key().verify(signature, signed, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError) as fault:
        raise _refused("the signature is wrong") from fault


def _read(part: str, kind: type[T]) -> T:
    try:
        return structure(parse_json(_decoded(part)), kind)
    except Unreadable as fault:
        raise _refused("it can't be understood") from fault


def _decoded(part: str) -> bytes:
    """Return the bytes in base64url without padding (RFC 7515, 2)."""
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError as fault:
        raise _refused("it can't be understood") from fault


def _refused(reason: str) -> ClaimsRefused:
    return ClaimsRefused(
        f"What the identity provider answered does not prove who you are: {reason}.",
        next_step="Try again; if that does not help, log in with a token: particle login --token -",
    )
