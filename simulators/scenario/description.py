"""What a scenario says of its devices, accounts and networks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import Attribute, field, frozen

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.domain.platforms.names import entries, platform_id
from particle_cli.simulators.cloud.compiler.sources import Source
from particle_cli.simulators.cloud.state import (
    CAREFUL_USER,
    FIRST_ORGANIZATION_SLUG,
    FIRST_PRODUCT,
    FIRST_PRODUCT_PLATFORM,
    FIRST_PRODUCT_SLUG,
    FIRST_USER,
)
from particle_cli.simulators.firmware.application import Value
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.scenario.fault_words import read_faults
from particle_cli.simulators.scenario.products import ProductDescription

MODES: Final = ("normal", "listening", "safe", "dfu")
TINKER, NO_APPLICATION = "tinker", "none"
"""The application that a device leaves the factory with; and none at all."""

ETHERNET: Final = ("none", "unplugged", "plugged")
"""What there is of an Ethernet port: nothing, one without a cable, one with a cable to a network."""

LONGEST_SSID: Final = 32
HIGHEST_CHANNEL: Final = 196

_ALWAYS_THERE: Final = (FIRST_USER, CAREFUL_USER)
_BSSID: Final = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}", re.IGNORECASE)


def security_of(word: str | None, password: str) -> Security:
    """Return the security that a word means; without a word, what goes with a password or without one.

    Raises: ValueError.
    """
    if word is None:
        return Security.WPA2_PSK if password else Security.NO_SECURITY
    try:
        return Security(word.lower())
    except ValueError:
        known = ", ".join(one.value for one in Security)
        raise ValueError(f"there is no security '{word}'; known are {known}") from None


@frozen
class AccessPointDescription:
    """A Wi-Fi access point.

    Attributes:
        ssid: the name of its network.
        security: a value of `Security`, `wpa2`; None: as its password asks for.
        password: of the network; with enterprise security that of the user.
        username: whom it lets in, with enterprise security.
        channel: above 14 in the 5 GHz band.
        rssi: how strong devices receive it, dBm.
        hidden: whether it keeps its name to itself.
        bssid: its address, `02:50:41:52:54:0a`; None: one that is made up.
    """

    ssid: str
    security: str | None = None
    password: str = field(default="", repr=False)
    username: str = ""
    channel: int = 6
    rssi: int = -50
    hidden: bool = False
    bssid: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what no access point can be. Raises: ValueError."""
        if not 0 < len(self.ssid.encode()) <= LONGEST_SSID:
            raise ValueError(f"the name of a Wi-Fi network has 1 to {LONGEST_SSID} bytes")
        if self.bssid is not None and not _BSSID.fullmatch(self.bssid):
            raise ValueError(f"a bssid is six bytes as in 02:50:41:52:54:0a, not '{self.bssid}'")
        if not 1 <= self.channel <= HIGHEST_CHANNEL:
            raise ValueError(f"there is no channel {self.channel}")
        if not -120 <= self.rssi < 0:
            raise ValueError(f"an rssi lies between -120 and -1 dBm, unlike {self.rssi}")
        security_of(self.security, self.password)


@frozen
class WifiCredentials:
    """A Wi-Fi network that a device knows.

    Attributes:
        ssid: its name.
        password: what the device believes lets it in.
        security: what the device believes it asks for; None: as the password asks for.
        hidden: whether the device asks for it by name.
    """

    ssid: str
    password: str = field(default="", repr=False)
    security: str | None = None
    hidden: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what no network can be. Raises: ValueError."""
        security_of(self.security, self.password)


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
    if word is not None and not is_device_id(word):
        raise ValueError(f"a device id is 24 hexadecimal digits, not '{word}'")


def _one_of_modes(_: object, __: Attribute[str], word: str) -> None:
    if word not in MODES:
        raise ValueError(f"there is no mode '{word}'; known are {', '.join(MODES)}")


def _one_of_ethernets(_: object, __: Attribute[str | None], word: str | None) -> None:
    if word is not None and word not in ETHERNET:
        raise ValueError(f"'{word}' is none of {', '.join(ETHERNET)}")


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
        product: the product that it belongs to, by slug or number.
        groups: the groups of the product that it is in.
        development: whether it is for development, so that releases pass it by.
        attached: whether its cable is plugged in.
        setup_done: whether it is marked as set up; None: as it leaves the factory.
        wifi: the Wi-Fi networks that it knows; None: that of the bench, as it leaves the factory.
        ethernet: what there is of its Ethernet port; None: as it leaves the factory.
        environment: its environment variables, as the cloud has sent them.
        variables: present values of its application's variables.
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
    product: str | None = None
    groups: tuple[str, ...] = ()
    development: bool = False
    attached: bool = True
    setup_done: bool | None = None
    wifi: tuple[WifiCredentials, ...] | None = None
    ethernet: str | None = field(default=None, validator=_one_of_ethernets)
    environment: Mapping[str, str] = field(factory=dict, repr=False)
    variables: Mapping[str, Value] = field(factory=dict)
    faults: tuple[str, ...] = field(default=(), validator=_readable_faults)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts itself. Raises: ValueError."""
        if not self.attached and self.mode != "normal":
            raise ValueError(f"a device without its cable has no power, and cannot be in {self.mode} mode")
        if self.owner is not None and not self.claimed:
            raise ValueError("a device that is not claimed has no owner")
        if self.product is None and (self.groups or self.development):
            raise ValueError("only a device of a product is in groups, or for development")
        ways = platform(self.platform_id).interfaces
        if self.wifi is not None and (not ways.wifi or ways.wifi_scan_only):
            raise ValueError(f"a {self.platform} connects with no Wi-Fi network")
        if self.ethernet is not None and not ways.ethernet:
            raise ValueError(f"a {self.platform} has no Ethernet port")

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
        products: of the cloud.
        access_points: the Wi-Fi around; None: the usual ones.
        cellular: whether modems find a network.
        webhook_hosts: where webhooks may be sent to, besides this machine.
        rate_limits, keep_alive, transfers_approved: what the cloud has that it has not by itself; see
            `cloud.traits`.
    """

    description: str = ""
    devices: tuple[DeviceDescription, ...] = ()
    accounts: tuple[AccountDescription, ...] = ()
    products: tuple[ProductDescription, ...] = ()
    access_points: tuple[AccessPointDescription, ...] | None = None
    cellular: bool = True
    webhook_hosts: tuple[str, ...] = ()
    rate_limits: bool = False
    keep_alive: bool = False
    transfers_approved: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what is there twice. Raises: ValueError."""
        names = [device.name for device in self.devices if device.name is not None]
        ids = [device.id.lower() for device in self.devices if device.id is not None]
        usernames = [account.username.casefold() for account in self.accounts]
        for what, words in (("named", names), ("with the id", ids)):
            for word in words:
                if words.count(word) > 1:
                    raise ValueError(f"there are two devices {what} '{word}'")
        for device in self.devices:
            if device.owner and device.owner.casefold() not in (*usernames, *_ALWAYS_THERE):
                raise ValueError(f"there is no account '{device.owner}' for a device to belong to")
        self._check_products((*usernames, *_ALWAYS_THERE))
        for username in usernames:
            if usernames.count(username) > 1:
                raise ValueError(f"there are two accounts '{username}'")

    def _check_products(self, usernames: Sequence[str]) -> None:
        """Refuse products of nobody, and devices that cannot be of their product. Raises: ValueError."""
        platforms = {str(FIRST_PRODUCT): FIRST_PRODUCT_PLATFORM, FIRST_PRODUCT_SLUG: FIRST_PRODUCT_PLATFORM}
        for product in self.products:
            for word in product.words:
                if word in platforms:
                    raise ValueError(f"there are two products '{word}'")
                platforms[word] = product.platform_id
            if product.organization not in (None, FIRST_ORGANIZATION_SLUG):
                raise ValueError(f"there is no organization '{product.organization}'")
            for username in product.usernames:
                if username.casefold() not in usernames:
                    raise ValueError(f"there is no account '{username}' to work on a product")
        for device in self.devices:
            if device.product is not None and device.product not in platforms:
                raise ValueError(f"there is no product '{device.product}' for a device to belong to")
            if device.product is not None and platforms[device.product] != device.platform_id:
                raise ValueError(f"the devices of product '{device.product}' are no {device.platform}s")
