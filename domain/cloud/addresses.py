"""Addresses of the API: made from unescaped parts, and judged before anything secret is sent there."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from particle_cli.domain.cloud.errors import CloudAddressRefused

_DEFAULT_PORTS = {"https": 443, "http": 80}


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an absolute http or https address.

    Raises: CloudAddressRefused for anything else.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise _no_address(url) from fault
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise _no_address(url)
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]


def may_carry_secrets(url: str) -> bool:
    """Tell whether what is sent there cannot be read on the way: TLS, or plain HTTP within this machine."""
    scheme, host, _ = origin(url)
    if scheme == "https" or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def joined(base: str, segments: Sequence[str], query: Sequence[tuple[str, str]] = ()) -> str:
    """Return the address of a resource below the base, each segment and value percent-encoded.

    Raises: CloudAddressRefused for a segment that would change the path's meaning: empty, `.` or `..`.
    """
    for segment in segments:
        if segment in ("", ".", ".."):
            raise CloudAddressRefused(
                f"{segment!r} can't be looked up in the cloud.",
                next_step="Give the device's id instead; `particle list` shows it.",
            )
    path = "".join(f"/{_escaped(segment)}" for segment in segments)
    tail = "&".join(f"{_escaped(key)}={_escaped(value)}" for key, value in query)
    return base.rstrip("/") + path + (f"?{tail}" if tail else "")


def _escaped(text: str) -> str:
    # A name typed in another encoding reaches us with its bytes in surrogates: send the bytes.
    return quote(text, safe="", errors="surrogateescape" if _only_escaped_bytes(text) else "replace")


def _only_escaped_bytes(text: str) -> bool:
    return all(
        not "\ud800" <= character <= "\udfff" or "\udc80" <= character <= "\udcff" for character in text
    )


def _no_address(url: str) -> CloudAddressRefused:
    shown = "An address with a user name in it" if "@" in url else repr(url)  # its password stays unseen
    return CloudAddressRefused(
        f"{shown} is no address of a cloud.",
        next_step="Set `apiUrl` to an address such as https://api.particle.io.",
    )
