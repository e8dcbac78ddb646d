"""What of an HTTP exchange must not stand in a log, by the names that such things go by.

It is the second net: who makes a request says whether its bodies are secret. This one catches what a server
sends unasked, and what stands in addresses and headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias
from urllib.parse import unquote_plus

from particle_cli.adapters.tracing.text import REDACTED

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

_SECRET: Final = re.compile(
    r"token|secret|passw|passphrase|^pwd$|otp$|credential|signature|private|claim_?code|api_?-?key"
    r"|authorization|cookie",
    re.IGNORECASE,
)
_SECRET_IN_FORMS: Final = frozenset({"auth", "code", "key", "sig", "assertion"})
_SHORTEST_WORD: Final = 8  # "Bearer" and the like are none
_USER_OF_ADDRESS: Final = re.compile(r"(?<=//)[^/?#@]*@")


def shown_url(url: str) -> str:
    """Return an address without user name, password, and the values of secret parameters."""
    address, hash_sign, fragment = _USER_OF_ADDRESS.sub(f"{REDACTED}@", url).partition("#")
    place, question_mark, query = address.partition("?")
    return place + question_mark + shown_form(query) + hash_sign + shown_form(fragment)


def shown_form(form: str) -> str:
    """Return urlencoded fields without the values of secret ones."""
    return "&".join(map(_shown_field, form.split("&")))


def _shown_field(field: str) -> str:
    name, equals, value = field.partition("=")
    plain = unquote_plus(name)
    secret = plain.lower() in _SECRET_IN_FORMS or _SECRET.search(plain)
    return f"{name}={REDACTED}" if secret and value else name + equals + value


def shown_header(name: str, value: str) -> str:
    """Return what may be shown of a header's value, which may be an address."""
    return REDACTED if _SECRET.search(name) else shown_url(value)


def credentials(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the secret words in headers, which a server may repeat anywhere."""
    secret = (value for name, value in headers if _SECRET.search(name))
    return tuple(word for value in secret for word in value.split() if len(word) >= _SHORTEST_WORD)


def shown_json(value: Json) -> Json:
    """Return a JSON document without the values of secret fields."""
    if isinstance(value, dict):
        return {name: _shown_member(name, member) for name, member in value.items()}
    if isinstance(value, list):
        return [shown_json(member) for member in value]
    return value


def _shown_member(name: str, value: Json) -> Json:
    if _SECRET.search(name) and value is not None and not isinstance(value, bool):
        return REDACTED
    return shown_json(value)
