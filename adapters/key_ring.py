"""The key ring of the system, through the package `keyring`, which is an optional one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final, Protocol, cast

from particle_cli.ports.errors import WireError

_SERVICE: Final = "particle-cli"
_OR_THE_FILE: Final = "keep tokens in the file of the profile again: particle config set tokenStore file"


class KeyRingMissing(WireError):
    """The package that leads to the key ring is not installed."""

    code = "key_ring_missing"


class KeyRingFailed(WireError):
    """There is no key ring, or it is locked, or it refuses."""

    code = "key_ring_failed"


class _Backend(Protocol):
    def get_password(self, service: str, name: str) -> str | None: ...

    def set_password(self, service: str, name: str, secret: str) -> None: ...

    def delete_password(self, service: str, name: str) -> None: ...


class SystemKeyRing:
    """Secrets of this program in the key ring of whoever is logged in at the machine."""

    def __init__(self) -> None:
        """Import the package. Raises: KeyRingMissing."""
        try:
            self._keyring = cast("_Backend", import_module("keyring"))
        except ImportError as missing:
            raise KeyRingMissing(
                "The key ring of the system cannot be used: the package keyring is not installed.",
                next_step=f"Install it with: pip install 'particle-cli[keyring]'. Or {_OR_THE_FILE}",
            ) from missing

    def get(self, name: str) -> str | None:
        """Return a secret, or None where there is none of that name. Raises: KeyRingFailed."""
        with _told():
            return self._keyring.get_password(_SERVICE, name)

    def set(self, name: str, secret: str) -> None:
        """Keep a secret. Raises: KeyRingFailed."""
        with _told():
            self._keyring.set_password(_SERVICE, name, secret)

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is none the worse. Raises: KeyRingFailed."""
        with _told():
            if self._keyring.get_password(_SERVICE, name) is not None:
                self._keyring.delete_password(_SERVICE, name)


@contextmanager
def _told() -> Iterator[None]:
    """Tell of whatever a back end raises, which can be anything; what it says may hold the secret."""
    try:
        yield
    except Exception as fault:
        raise KeyRingFailed(
            f"The key ring of the system does not work ({type(fault).__name__}).",
            next_step=f"Unlock it, or {_OR_THE_FILE}",
        ) from fault
