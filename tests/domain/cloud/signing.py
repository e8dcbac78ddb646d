"""An identity provider's tokens, made with a key of the test's own."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

HEAD = {"alg": "RS256", "kid": "first", "typ": "JWT"}


@cache
def key(number: int = 0, bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8))


def published(private: RSAPrivateKey, **more: object) -> dict[str, object]:
    """A key as the provider publishes it."""
    public = private.public_key().public_numbers()
    about = {"kty": "RSA", "kid": "first", "use": "sig", "alg": "RS256"}
    return {**about, "n": number(public.n), "e": number(public.e), **more}


def signed(claims: object, private: RSAPrivateKey, head: object = HEAD) -> str:
    """A token in compact form."""
    body = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    return f"{body}.{encoded(private.sign(body.encode(), PKCS1v15(), SHA256()))}"
