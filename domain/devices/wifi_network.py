"""A Wi-Fi network for a device of Gen 3 or later, and the JSON file that describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from particle_cli.domain.control.wifi import Security, checked_ssid
from particle_cli.domain.devices.errors import DeviceError
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.serial_console.wifi_credentials import structured
from particle_cli.ports.errors import UsageError

_WORDS: Final[Mapping[str, Security]] = {
    "NONE": Security.NO_SECURITY,
    **dict.fromkeys(("WPA_AES", "WPA_TKIP", "WPA_AES+TKIP"), Security.WPA_PSK),
    **dict.fromkeys(("WPA2_AES", "WPA2_TKIP", "WPA2_AES+TKIP"), Security.WPA2_PSK),
    **{security.name: security for security in Security},
}
_FIRST_GENERATION: Final = 3


class WifiUnsupported(DeviceError):
    """The device has no Wi-Fi that can be set up over USB by control requests."""

    code = "wifi_unsupported"


@frozen
class WifiNetwork:
    """A network and the way into it.

    Attributes:
        ssid: its name.
        security: how it is secured; None to let the device find out.
        password: its password; None for an open network.
        hidden: whether it does not tell its name.
    """

    ssid: str
    security: Security | None = None
    password: str | None = field(default=None, repr=False)
    hidden: bool = False


@frozen
class _NetworkFile:
    """The file as it stands; other keys pass."""

    network: str | None = None
    security: str | None = None
    password: str | None = field(default=None, repr=False)
    hidden: bool | None = None


def read_network(data: bytes, *, path: str) -> WifiNetwork:
    """Read a file of `network`, `security`, `password` and `hidden`; an empty text counts as absent.

    Args:
        data: the file.
        path: its name, for messages; never what it holds.

    Raises: CredentialsInvalid, with all that is wrong with its shape; UsageError, RequestInvalid.
    """
    told = structured(data, _NetworkFile, path=path)
    if not told.network:
        raise UsageError(
            f"No network name found in the file {path}",
            next_step='Write it like this: {"network": "my_ssid", "security": "WPA2_AES", "password": "…"}',
        )
    security = security_named(told.security) if told.security else None
    return WifiNetwork(checked_ssid(told.network), security, told.password or None, bool(told.hidden))


def security_named(word: str) -> Security:
    """Return what a word for the security of a network means; case is nothing. Raises: UsageError."""
    found = _WORDS.get(word.strip().upper())
    if found is None:
        enterprise = "802.1X" in word.upper()
        raise UsageError(
            f"Unknown security type: {word}",
            next_step="Networks with an account for each user are set up with: particle serial wifi"
            if enterprise
            else f"Use one of: {', '.join(_WORDS)}.",
        )
    return found


def check_wifi(device: FoundDevice) -> None:
    """Refuse a device whose Wi-Fi is not set up by control requests. Raises: WifiUnsupported."""
    kind = platform(device.platform_id)
    if not kind.interfaces.wifi:
        raise WifiUnsupported(f"This device ({device.id} / {kind.display_name}) does not support Wi-Fi.")
    if (kind.generation or 0) < _FIRST_GENERATION:
        raise WifiUnsupported(
            f"The 'particle wifi' commands are not supported on this device ({device.id} / "
            f"{kind.display_name}).",
            next_step="Use 'particle serial wifi' instead.",
        )
