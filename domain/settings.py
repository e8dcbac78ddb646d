"""Settings and profiles, in the files that the Node CLI uses as well.

`<home>/.particle/profile.json` names the current profile; `<profile>.config.json` beside it holds the
settings in which that profile differs from the defaults, as one flat JSON object. Keys that mean nothing
to us are kept when a file is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from attrs import evolve, field, frozen

from particle_cli.domain.errors import DomainError
from particle_cli.ports.errors import UsageError
from particle_cli.ports.files import FileMissing, Files

Value = str | int | float | bool | None
"""What a setting can be set to."""

DEFAULT_PROFILE: Final = "particle"
SIM_PROFILE: Final = "sim"
SIM: Final = "sim:"
"""Where a wire ends that leads into the embedded world."""

_PRIVATE: Final = 0o600
_NEVER: Final = "9999-12-31T23:59:59.999Z"

_DEFAULTS: Final[Mapping[str, object]] = {
    "apiUrl": "https://api.particle.io",
    "usb": "libusb",
    "serial": "system",
    "proxyUrl": None,
    "clientId": "CLI2",
    "access_token": None,
    "access_token_expires_at": None,
    "username": None,
    "tokenStore": "file",
    "minimumApiDelay": 500,
    "useSudoForDfu": False,
    "flashWarningShownOn": None,
    "disableUpdateCheck": False,
    "updateCheckInterval": 14_400_000,
    "updateCheckTimeout": 3000,
    "MAX_FILE_SIZE": 10_485_760,
    "serial_follow_delay": 250,
    "manifestHost": None,
    "notSourceExtensions": None,
    "showIncludedSourceFiles": True,
    "cloudKnownApps": {"tinker": True},
}
_BUILT_IN: Final[Mapping[str, Mapping[str, object]]] = {
    SIM_PROFILE: {"apiUrl": SIM, "usb": SIM, "serial": SIM}
}
_SIM_SESSION: Final[Mapping[str, object]] = {
    "username": "you@example.com",
    "access_token": "5eed" * 10,  # opens nothing but the embedded cloud
    "access_token_expires_at": _NEVER,
}
"""Whoever reaches the embedded cloud is logged in there, under any profile."""
_RESERVED: Final = ("env", "secrets")
_HOME_VARIABLES: Final = ("home", "HOME", "HOMEPATH", "USERPROFILE")


class SettingsDamaged(DomainError):
    """A settings file cannot be read as what it should be."""

    code = "settings_damaged"


class NoHome(DomainError):
    """No variable of the environment names a home folder that exists."""

    code = "no_home"


class NotAProfile(UsageError):
    """The name cannot be that of a profile."""

    code = "profile_name"


@frozen
class Profile:
    """The settings in force under one profile.

    Attributes:
        name: its name.
        api_url: address of the cloud's API, without a final slash, or `sim:`.
        usb: where USB devices are looked for: `libusb` or `sim:`.
        serial: where serial ports are looked for: `system` or `sim:`.
        access_token: None when logged out, or where it is kept elsewhere.
        access_token_expires_at: ISO 8601, UTC; None when unknown.
        username: the account's e-mail address; None when logged out.
        token_store: where the access token is kept: `file` (then `access_token` is it) or `keyring`.
        proxy_url: HTTP proxy, or None.
        serial_follow_delay_ms: between two looks for a serial port that is waited for.
        warned_of_flash: whether it has been said what a first flash may bring along.
    """

    name: str
    api_url: str
    usb: str
    serial: str
    access_token: str | None = field(repr=False)
    access_token_expires_at: str | None
    username: str | None
    token_store: str
    proxy_url: str | None
    serial_follow_delay_ms: float
    warned_of_flash: bool = False


def home_folder(environment: Mapping[str, str], files: Files) -> str:
    """Return the person's home folder: the first of the usual variables that names one.

    Raises: NoHome.
    """
    for variable in _HOME_VARIABLES:
        path = environment.get(variable)
        if path and files.is_folder(path):
            return path.rstrip("/") or "/"
    raise NoHome(
        "There is no home folder to keep settings in.", next_step="Set the variable HOME to a folder."
    )


def known_key(word: str) -> str | None:
    """Return the setting of that name, whatever its case, or None."""
    return next((key for key in _DEFAULTS if key.lower() == word.lower()), None)


class Settings:
    """The settings of one person, read and written through the files port."""

    def __init__(self, files: Files, home: str, *, warn: Callable[[str], None]) -> None:
        """Keep the wire and the place; nothing is read yet.

        Args:
            files: where the settings lie.
            home: the person's home folder.
            warn: told when a damaged file was kept aside.
        """
        self._files = files
        self.folder = f"{home}/.particle"
        self._warn = warn

    def current(self) -> str:
        """Return the name of the current profile. Raises: SettingsDamaged."""
        name = self._read(self._profile_file).get("name", DEFAULT_PROFILE)
        if not isinstance(name, str):
            raise _damaged(self._profile_file, "`name` is not a text")
        return name or DEFAULT_PROFILE

    def switch(self, name: str) -> None:
        """Make a profile the current one; it needs no file of its own. Raises: NotAProfile."""
        _check_name(name)
        self._change(self._profile_file, {"name": name})

    def profile(self, name: str) -> Profile:
        """Return the settings in force under a profile.

        Raises: NotAProfile, SettingsDamaged.
        """
        _check_name(name)
        path = self._config_file(name)
        held = _Held(path, self._read(path), {**_DEFAULTS, **_BUILT_IN.get(name, {})})
        if held.end("apiUrl") == SIM:
            held = evolve(held, defaults={**held.defaults, **_SIM_SESSION})
        return Profile(
            name=name,
            api_url=held.end("apiUrl").rstrip("/"),
            usb=held.end("usb"),
            serial=held.end("serial"),
            access_token=held.text("access_token"),
            access_token_expires_at=held.text("access_token_expires_at"),
            username=held.text("username"),
            token_store=held.end("tokenStore"),
            proxy_url=held.text("proxyUrl"),
            serial_follow_delay_ms=held.number("serial_follow_delay"),
            warned_of_flash=held.text("flashWarningShownOn") is not None,
        )

    def set(self, name: str, key: str, value: Value) -> None:
        """Write one setting of a profile; the case of a known key does not matter. Raises: NotAProfile."""
        _check_name(name)
        self._change(self._config_file(name), {known_key(key) or key: value})

    def remember_session(
        self, name: str, *, token: str | None, expires_at: str | None, username: str
    ) -> None:
        """Keep what a login gave; `token` is None where it is kept elsewhere."""
        self._change(
            self._config_file(name),
            {"access_token": token, "access_token_expires_at": expires_at, "username": username},
        )

    def forget_token(self, name: str) -> None:
        """Forget a token that is of no use any more; the user name stays, to log in again."""
        self._change(self._config_file(name), {"access_token": None, "access_token_expires_at": None})

    def forget_session(self, name: str) -> None:
        """Forget all that a login gave, and the answers of the cloud that the Node CLI keeps meanwhile."""
        session = {"access_token": None, "access_token_expires_at": None, "username": None}
        self._change(self._config_file(name), session)
        self._files.remove(f"{self.folder}/cli-cache")

    def profiles(self) -> tuple[str, ...]:
        """Return the names of the profiles that have a file, sorted."""
        try:
            names = self._files.names(self.folder)
        except FileMissing:
            return ()
        return tuple(
            sorted(name.removesuffix(".config.json") for name in names if name.endswith(".config.json"))
        )

    def world_folder(self, name: str) -> str:
        """Return the folder that holds the embedded world of a profile."""
        _check_name(name)
        return f"{self.folder}/{name}.world"

    @property
    def _profile_file(self) -> str:
        return f"{self.folder}/profile.json"

    def _config_file(self, name: str) -> str:
        return f"{self.folder}/{name}.config.json"

    def _read(self, path: str) -> dict[str, object]:
        try:
            data = self._files.read(path)
        except FileMissing:
            return {}
        try:
            held = json.loads(data)
        except ValueError as error:  # wrong JSON, or no UTF-8
            raise _damaged(path, str(error)) from error
        if not isinstance(held, dict):
            raise _damaged(path, "it holds no JSON object")
        return held

    def _change(self, path: str, changes: Mapping[str, Value]) -> None:
        """Write some keys of a file; a damaged one is kept aside first."""
        try:
            held = self._read(path)
        except SettingsDamaged as damage:
            aside = self._free_name(path)
            self._files.rename(path, aside)
            self._warn(f"{damage.message} It is kept as {aside}.")
            held = {}
        for key, value in changes.items():
            for old in [old for old in held if old.lower() == key.lower()]:
                del held[old]
            held[key] = value
        self._files.make_folder(self.folder)
        text = json.dumps(held, indent=2, ensure_ascii=False)
        self._files.write(path, text.encode(), mode=_PRIVATE)

    def _free_name(self, path: str) -> str:
        taken = set(self._files.names(self.folder))
        number = 1
        while f"{path}.damaged-{number}".rpartition("/")[2] in taken:
            number += 1
        return f"{path}.damaged-{number}"


@frozen
class _Held:
    """What a file holds, over the defaults."""

    path: str
    overrides: Mapping[str, object]
    defaults: Mapping[str, object]

    def value(self, key: str) -> object:
        if key in self.overrides:
            return self.overrides[key]
        for other, value in self.overrides.items():
            if other.lower() == key.lower():
                return value
        return self.defaults[key]

    def text(self, key: str) -> str | None:
        """Return a setting as text; an empty one, false and null are None."""
        value = self.value(key)
        if value is None or value is False or value == "":
            return None
        if not isinstance(value, (str, int, float)):
            raise _damaged(self.path, f"`{key}` is neither a text nor a number")
        return str(value)

    def number(self, key: str) -> float:
        """Return a setting as a number above 0, which may be written as text."""
        try:
            number = float(self.text(key) or "")
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise _damaged(self.path, f"`{key}` is not a number above 0")
        return number

    def end(self, key: str) -> str:
        """Return where something ends, or is kept; an empty setting means the default."""
        return self.text(key) or str(self.defaults[key])


def _check_name(name: str) -> None:
    if not name or name in _RESERVED or name.startswith(".") or any(letter in name for letter in "/\\:\0"):
        raise NotAProfile(
            f"'{name}' cannot be the name of a profile.",
            next_step="Choose a name of letters, digits, dashes and underscores.",
        )


def _damaged(path: str, reason: str) -> SettingsDamaged:
    return SettingsDamaged(
        f"Error parsing file {path}: {reason}.",
        next_step="Correct the file. Or set something with `particle config …`: that keeps the damaged file "
        "aside and starts a new one.",
    )
