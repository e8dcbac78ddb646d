"""Where webhooks may be sent, and hosts that are left in peace for a while because they only fail."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from attrs import define

COOL_DOWN_S: Final = 5.0
"""After so long without an error, a host that failed too often is tried again."""

_NEVER_IN_AN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f\\]")


class OutOfReach(Exception):
    """An address is none that the simulated cloud may send anything to; the text says why."""


def host_in_reach(url: str, allowed: Collection[str]) -> str:
    """Return the host that an address is on, in lower case.

    Args:
        url: the address.
        allowed: hosts that may be reached besides this machine.

    Raises: OutOfReach.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or _NEVER_IN_AN_ADDRESS.search(url):
        raise OutOfReach("that is no address of a web server")
    if host in allowed or _is_this_machine(host):
        return host
    raise OutOfReach(f"{host} is out of reach of the simulated cloud")


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@define
class _Record:
    """How a host has fared since it was last in good standing."""

    good: int = 0
    bad: int = 0
    last_bad_s: float = 0.0


class Throttle:
    """Leaves hosts alone that fail more often than not, until they have cooled down."""

    def __init__(self) -> None:
        """Know nothing bad of any host."""
        self._records: dict[str, _Record] = {}

    def lets_through(self, host: str, now_s: float) -> bool:
        """Tell whether a request may be sent to a host now."""
        record = self._records.get(host)
        if record is None or record.bad <= record.good:
            return True
        if now_s - record.last_bad_s < COOL_DOWN_S:
            return False
        del self._records[host]
        return True

    def note(self, host: str, now_s: float, *, good: bool) -> None:
        """Take note of how a host answered; not at all is a failure, too."""
        record = self._records.setdefault(host, _Record())
        if good:
            record.good += 1
        else:
            record.bad += 1
            record.last_bad_s = now_s
