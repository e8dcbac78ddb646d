"""Where the access token in use comes from, and where that of a login is kept.

It is kept in the profile's file, or, where that was chosen, in the key ring of the system. A token in the
environment is used instead of it and kept nowhere. The embedded cloud knows nothing of either: its tokens
open nothing else, and stay in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from attrs import field, frozen

from particle_cli.domain.settings import SIM
from particle_cli.ports.errors import UsageError, WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from particle_cli.domain.cloud.account import Session
    from particle_cli.domain.settings import Profile, Settings

TOKEN_VARIABLE: Final = "PARTICLE_ACCESS_TOKEN"
FILE, KEY_RING = "file", "keyring"
STORES: Final = (FILE, KEY_RING)
"""Where tokens can be kept: the values of the setting `tokenStore`."""


class KeyRing(Protocol):
    """A keeper of secrets, each under a name. Every method may raise ParticleError."""

    def get(self, name: str) -> str | None:
        """Return a secret, or None where there is none of that name."""
        ...

    def set(self, name: str, secret: str) -> None:
        """Keep a secret."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is none the worse."""
        ...


@frozen
class TokenInUse:
    """The access token that requests are made with.

    Attributes:
        value: the token, a secret; None for nobody's.
        expires_at: when it expires, ISO 8601; None where that is not known.
        variable: the variable of the environment that it comes from; None for one that is kept.
    """

    value: str | None = field(repr=False)
    expires_at: str | None = None
    variable: str | None = None


class SessionKeeping:
    """The login of one profile: read, kept and forgotten."""

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        environment: Mapping[str, str],
        key_ring: Callable[[], KeyRing],
    ) -> None:
        """Look nothing up yet; `key_ring` is called only where the key ring was chosen."""
        self._profile = profile
        self._settings = settings
        self._environment = environment
        self._key_ring = key_ring
        self._in_use: TokenInUse | None = None

    @property
    def in_use(self) -> TokenInUse:
        """The token to make requests with.

        Raises: UsageError for a variable that holds something else; as the key ring.
        """
        if self._in_use is None:
            self._in_use = self._from_environment() or self.kept
        return self._in_use

    @property
    def kept(self) -> TokenInUse:
        """The token that a login left, whatever the environment says."""
        profile = self._profile
        value = self._key_ring().get(profile.name) if self._in_key_ring else None
        return TokenInUse(value or profile.access_token, profile.access_token_expires_at)

    def remember(self, session: Session) -> None:
        """Keep what a login gave."""
        token: str | None = session.token
        if self._in_key_ring:
            self._key_ring().set(self._profile.name, session.token)
            token = None
        self._settings.remember_session(
            self._profile.name, token=token, expires_at=session.expires_at, username=session.username
        )

    def remember_expiry(self, expires_at: str) -> None:
        """Keep when the token in use expires, if the token is a kept one."""
        if self.in_use.variable is None:
            self._settings.set(self._profile.name, "access_token_expires_at", expires_at)

    def forget_token(self, refused: str | None) -> None:
        """Forget a kept token that is of no use any more, unless another has taken its place meanwhile."""
        if self._in_key_ring:
            if self._key_ring().get(self._profile.name) == refused:
                self._key_ring().delete(self._profile.name)
                self._settings.forget_token(self._profile.name)
        elif self._settings.profile(self._profile.name).access_token == refused:
            self._settings.forget_token(self._profile.name)
        if self.in_use.variable is None:
            self._in_use = TokenInUse(None)

    def forget(self) -> None:
        """Forget all that a login gave."""
        if self._in_key_ring:
            self._key_ring().delete(self._profile.name)
        self._settings.forget_session(self._profile.name)

    def keep_in(self, store: str) -> None:
        """Keep the token of the profile elsewhere from now on; the one that there is moves along.

        Out of a key ring that does not work nothing comes; the next login then starts anew.

        Raises: UsageError; as the key ring that is to be used.
        """
        if store not in STORES:
            raise UsageError(
                f"Tokens cannot be kept in '{store}'.", next_step=f"Choose one of: {', '.join(STORES)}."
            )
        name, ring = self._profile.name, self._key_ring() if store == KEY_RING else None
        if self._profile.api_url != SIM and store != self._profile.token_store:
            token = self._taken_out()
            if ring is not None and token is not None:
                ring.set(name, token)
            self._settings.set(name, "access_token", None if ring else token)
        self._settings.set(name, "tokenStore", store)

    def _taken_out(self) -> str | None:
        """Return the kept token, which is in the key ring no more."""
        try:
            token = self.kept.value
            if self._in_key_ring:
                self._key_ring().delete(self._profile.name)
        except WireError:
            return None
        return token

    def set_token(self, token: str) -> None:
        """Keep a token that somebody hands over as a setting, where tokens are kept."""
        if self._in_key_ring:
            self._key_ring().set(self._profile.name, token)
        self._settings.set(self._profile.name, "access_token", None if self._in_key_ring else token)

    @property
    def _in_key_ring(self) -> bool:
        return self._profile.token_store == KEY_RING and self._profile.api_url != SIM

    def _from_environment(self) -> TokenInUse | None:
        token = self._environment.get(TOKEN_VARIABLE, "").strip()
        if not token or self._profile.api_url == SIM:
            return None
        if " " in token or not (token.isascii() and token.isprintable()):
            raise UsageError(
                f"What {TOKEN_VARIABLE} holds can't be a token: a token is one word of plain characters.",
                next_step="Set it to an access token, or unset it to use the login of the profile.",
            )
        return TokenInUse(token, variable=TOKEN_VARIABLE)
