"""Asking a person for Wi-Fi credentials, all of them before the dialogue with the device begins.

Answers are not asked for one by one as the device wants them: it stands still meanwhile, and a person who
gives up in the middle would leave it so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from attrs import evolve, frozen

from particle_cli.domain.serial_console.errors import CredentialsInvalid
from particle_cli.domain.serial_console.wifi_credentials import WifiCredentials
from particle_cli.domain.serial_console.wifi_security import (
    EAP_WORDS,
    SECURITY_WORDS,
    EapDigit,
    WifiSecurity,
)
from particle_cli.ports.person import Person

_FLAG: Final = "--file"
_RESCAN, _TYPE = "[rescan networks]", "[type the name of another network]"
_OF_DEVICES: Final = "Photon-"  # networks that devices in listening mode open themselves


@frozen
class NetworkNearby:
    """A network that the device sees, and how it is secured; None where it cannot tell."""

    ssid: str
    security: WifiSecurity | None


Scan = Callable[[], Awaitable[Sequence[NetworkNearby]]]
"""Has the device look around; nothing where it cannot."""


async def ask_credentials(
    person: Person, *, scan: Scan | None, enterprise: bool, hidden: bool, read: Callable[[str], bytes]
) -> WifiCredentials:
    """Ask for a network and the way into it.

    Args:
        person: whom to ask.
        scan: has the device look around; None where it cannot.
        enterprise: whether the device can join networks with 802.1x.
        hidden: whether it can join networks that do not tell their names.
        read: returns the content of a file that holds a certificate or key.

    Raises: NobodyThere; CredentialsInvalid; what `scan` and `read` raise.
    """
    network = await _network(person, scan, hidden=hidden)
    known = WifiCredentials(network.ssid)
    if network.security and await person.confirm(
        "Should I try to auto-detect the wireless security type?", flag=_FLAG, default=True
    ):
        known = evolve(known, security=network.security)
    return await complete(person, known, enterprise=enterprise, read=read)


async def complete(
    person: Person, known: WifiCredentials, *, enterprise: bool, read: Callable[[str], bytes]
) -> WifiCredentials:
    """Ask for what is missing in credentials; the security is left open where nobody can be asked.

    Args:
        person: whom to ask.
        known: what is known.
        enterprise: whether the device can join networks with 802.1x.
        read: returns the content of a file that holds a certificate or key.

    Raises: NobodyThere; CredentialsInvalid; what `read` raises.
    """
    if known.security is None:
        if not person.present:
            return known  # the device may see for itself
        words = [word for word, one in SECURITY_WORDS.items() if enterprise or not one.enterprise]
        chosen = await person.choose("Which security does the network have?", words, flag=_FLAG)
        known = evolve(known, security=SECURITY_WORDS[words[chosen]])
    security = known.security
    if security and security.enterprise and not enterprise:
        raise CredentialsInvalid(
            f"The device cannot join '{known.network}': of all devices only Photon and P1 know 802.1x.",
            next_step="Choose another network.",
        )
    if security and security.has_password and known.password is None:
        known = evolve(known, password=await _secret(person, "Wi-Fi password"))
    return await _account(person, known, read) if security and security.enterprise else known


async def _account(person: Person, known: WifiCredentials, read: Callable[[str], bytes]) -> WifiCredentials:
    """Ask for what a network with accounts wants to know."""
    if known.eap is None:
        words = list(EAP_WORDS)
        known = evolve(known, eap=EAP_WORDS[words[await person.choose("Which EAP type?", words, flag=_FLAG)]])
    if known.eap is EapDigit.PEAP:
        if known.username is None:
            known = evolve(known, username=await _line(person, "Username:"))
        if known.password is None:
            known = evolve(known, password=await _secret(person, "Password"))
    if known.eap is EapDigit.TLS:
        if known.client_certificate is None:
            known = evolve(known, client_certificate=await _file(person, "client certificate", read))
        if known.private_key is None:
            known = evolve(known, private_key=await _file(person, "private key", read))
    return known


async def _network(person: Person, scan: Scan | None, *, hidden: bool) -> NetworkNearby:
    """Return the network that the person chooses from those nearby, or types."""
    seen: list[NetworkNearby] = []
    if scan and await person.confirm("Should I scan for nearby Wi-Fi networks?", flag=_FLAG, default=True):
        while True:
            seen = sorted(
                (one for one in await scan() if not one.ssid.startswith(_OF_DEVICES)),
                key=lambda one: one.ssid.casefold(),
            )
            choices = [one.ssid for one in seen] + [_RESCAN, _TYPE]
            chosen = await person.choose(
                "Select the Wi-Fi network with which you wish to connect your device:", choices, flag=_FLAG
            )
            if chosen < len(seen):
                return seen[chosen]
            if choices[chosen] == _TYPE:
                break
    ssid = await _line(person, "SSID:")
    if seen and not hidden and all(one.ssid != ssid for one in seen):
        person.warn(f"The device does not see '{ssid}', and cannot join a network that hides its name.")
    return next((one for one in seen if one.ssid == ssid), NetworkNearby(ssid, None))


async def _line(person: Person, question: str) -> str:
    while not (typed := (await person.ask(question, flag=_FLAG)).strip()):
        continue
    return typed


async def _secret(person: Person, question: str) -> str:
    while not (typed := await person.ask_secret(f"{question}:", flag=_FLAG)):
        continue
    return typed


async def _file(person: Person, what: str, read: Callable[[str], bytes]) -> str:
    path = await _line(person, f"File with the {what}, in PEM format:")
    return read(path).decode("utf-8", "replace")
