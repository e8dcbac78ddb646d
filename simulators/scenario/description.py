"""What a scenario says of its devices, accounts and networks."""

from __future__ import annotations

import re
from typing import Final

from attrs import Attribute, field, frozen

from particle_cli.domain.platforms.names import entries, platform_id
from particle_cli.simulators.cloud.compiler.sources import Source
from particle_cli.simulators.scenario.fault_words import read_faults

MODES: Final = ("normal", "listening", "safe", "dfu")
TINKER, NO_APPLICATION = "tinker", "none"
"""The application that a device leaves the factory with; and none at all."""

_ID: Final = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)


@frozen
class Binary:
    """An application that is compiled already: the name of its file, and its bytes."""

    name: str
    content: bytes = field(repr=False)


@frozen
class Program:
    """An application in source.

    Attributes:
        sources: its files.
        device_os: the release that it is compiled for; None: that of the device.
    """

    sources: tuple[Source, ...] = field(repr=False)
    device_os: str | None = None


Application = str | Binary | Program
"""TINKER, NO_APPLICATION, or one of somebody's own."""


def _known_platform(_: object, __: Attribute[str], word: str) -> None:
    if platform_id(word, public=False) is None:
        names = ", ".join(str(entry["name"]) for entry in entries() if entry["dfu"])
        raise ValueError(f"there is no platform '{word}'; known are {names}")


def _device_id(_: object, __: Attribute[str | None], word: str | None) -> None:
    if word is not None and not _ID.fullmatch(word):
        raise ValueError(f"a device id is 24 hexadecimal digits, not '{word}'")


def _one_of_modes(_: object, __: Attribute[str], word: str) -> None:
    if word not in MODES:
        raise ValueError(f"there is no mode '{word}'; known are {', '.join(MODES)}")


def _readable_faults(_: object, __: Attribute[tuple[str, ...]], texts: tuple[str, ...]) -> None:
    read_faults(texts)


@frozen
class DeviceDescription:
    """One device.

    Attributes:
        platform: the name of its platform, `boron`.
        name: its name in the cloud; None: its platform's, numbered where that is taken.
        id: 24 hexadecimal digits; None: one that is made up.
        device_os: the release that it runs; None: the newest for its platform.
        application: what it runs on that.
        mode: the mode that it is in.
        protected: whether Device Protection is on.
        claimed: whether it is somebody's.
        owner: whose it is, by the e-mail address of an account; None: the first account's.
        attached: whether its cable is plugged in.
        faults: what is broken, in the words of `fault_words`.
    """

    platform: str = field(validator=_known_platform)
    name: str | None = None
    id: str | None = field(default=None, validator=_device_id)
    device_os: str | None = None
    application: Application = TINKER
    mode: str = field(default="normal", validator=_one_of_modes)
    protected: bool = False
    claimed: bool = True
    owner: str | None = None
    attached: bool = True
    faults: tuple[str, ...] = field(default=(), validator=_readable_faults)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts itself. Raises: ValueError."""
        if not self.attached and self.mode != "normal":
            raise ValueError(f"a device without its cable has no power, and cannot be in {self.mode} mode")
        if self.owner is not None and not self.claimed:
            raise ValueError("a device that is not claimed has no owner")

    @property
    def platform_id(self) -> int:
        """The id of its platform."""
        found = platform_id(self.platform, public=False)
        assert found is not None
        return found


@frozen
class AccountDescription:
    """An account of the cloud, besides those that are always there.

    Attributes:
        username: its e-mail address.
        password: its password.
        login_code: what is asked for besides, always the same; None: nothing.
    """

    username: str
    password: str = field(repr=False)
    login_code: str | None = field(default=None, repr=False)


@frozen
class Scenario:
    """A world.

    Attributes:
        description: what it is, in a line.
        devices: in the order in which they are plugged in.
        accounts: of the cloud.
    """

    description: str = ""
    devices: tuple[DeviceDescription, ...] = ()
    accounts: tuple[AccountDescription, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what is there twice. Raises: ValueError."""
        names = [device.name for device in self.devices if device.name is not None]
        ids = [device.id.lower() for device in self.devices if device.id is not None]
        usernames = [account.username.casefold() for account in self.accounts]
        for what, words in (("named", names), ("with the id", ids)):
            for word in words:
                if words.count(word) > 1:
                    raise ValueError(f"there are two devices {what} '{word}'")
        for username in usernames:
            if usernames.count(username) > 1:
                raise ValueError(f"there are two accounts '{username}'")
