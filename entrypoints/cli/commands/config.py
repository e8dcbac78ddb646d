"""`particle config`: profiles and their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.settings import Profile, known_key
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.session_keeping import TokenInUse
    from particle_cli.entrypoints.wires import Desk

_RESERVED = {
    "env": "The settings of devices live in the Particle console: https://console.particle.io",
    "secrets": "Secrets live in the Particle console: https://console.particle.io",
}


class ShownProfile(Result):
    """The settings in force; the token only as text, which is what one asks for it with."""

    def __init__(self, profile: Profile, token: TokenInUse) -> None:
        """Keep the profile, and the token that is used under it."""
        self._profile = profile
        self._token = token

    def text(self, width: int) -> str:
        """Return a line a setting."""
        profile = self._profile
        lines = [f"Current profile: {profile.name}", f"Using API: {profile.api_url}"]
        if profile.proxy_url:
            lines.append(f"Proxy URL: {profile.proxy_url}")
        variable = self._token.variable
        shown = f"the one in {variable}" if variable else self._token.value or "null"
        lines.append(f"Access token: {shown}")
        return "\n".join(lines)

    def data(self) -> Plain:
        """Return the settings without the token."""
        profile = self._profile
        return {
            "profile": profile.name,
            "apiUrl": profile.api_url,
            "usb": profile.usb,
            "serial": profile.serial,
            "proxyUrl": profile.proxy_url,
            "username": profile.username,
            "loggedIn": self._token.value is not None,
            "accessTokenExpiresAt": self._token.expires_at,
            "accessTokenFrom": self._token.variable or profile.token_store,
        }


def run(given: Given, desk: Desk) -> Result:
    """Show, list, switch or set, as the words say."""
    words = [word for place in ("profile", "setting", "value") if (word := given.optional(place)) is not None]
    if given.flag("list"):
        _refuse_words(words)
        return _list(desk.settings.profiles())
    if words and words[0] in _RESERVED:
        raise UsageError(f"`config {words[0]}` is not part of this tool.", next_step=_RESERVED[words[0]])
    match words:
        case []:
            return ShownProfile(desk.profile, desk.session.in_use)
        case ["set", key, value]:
            return _set(desk, desk.profile_name, key, value)
        case ["set", *_]:
            raise UsageError("`config set` needs a setting and a value.")
        case [profile]:
            desk.settings.switch(profile)
            return Told("", {"profile": profile})
        case [key, value] if known_key(key):
            return _set(desk, desk.profile_name, key, value)
        case [profile, setting]:
            raise UsageError(f"`config {profile} {setting}` needs a value to set `{setting}` to.")
        case [profile, key, value]:
            return _set(desk, profile, key, value)
    raise AssertionError(words)


def _set(desk: Desk, profile: str, key: str, value: str) -> Result:
    setting = known_key(key) or key
    if setting == "tokenStore":
        desk.session_of(desk.settings.profile(profile)).keep_in(value)
    elif setting == "access_token":
        desk.session_of(desk.settings.profile(profile)).set_token(value)
    else:
        desk.settings.set(profile, setting, value)
    return Told("", {"profile": profile, "setting": setting})


def _list(names: tuple[str, ...]) -> Result:
    if not names:
        return Told("No profiles found.", [])
    rows = [f"{number}.) {name}" for number, name in enumerate(names, 1)]
    return Told("\n".join(("Available config files: ", *rows)), list(names))


def _refuse_words(words: list[str]) -> None:
    if words:
        raise UsageError(f"Command parameters '{' '.join(words)}' are not expected here.")
