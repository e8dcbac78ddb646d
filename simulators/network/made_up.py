"""Numbers that a device's parts carry from the factory, made up from its id: the same in every run."""

from __future__ import annotations

from hashlib import sha256

_PARTICLE_OUI = bytes.fromhex("94944a")
_TYPE_ALLOCATION_CODE = "35275309"
_ICCID_ISSUER = "8901410"


def wifi_mac(family: str | None, device_id: str) -> bytes:
    """Return the address of the Wi-Fi station; an RTL872x carries it in its device id."""
    if family == "rtl872x":
        return bytes.fromhex(device_id[-12:])
    return _PARTICLE_OUI + _digest(device_id, "wifi")[:3]


def ethernet_mac(family: str | None, device_id: str) -> bytes:
    """Return the address of the Ethernet port: the third after Wi-Fi's on an RTL872x, else a local one."""
    if family == "rtl872x":
        following = (int.from_bytes(wifi_mac(family, device_id)) + 3) % (1 << 48)
        return following.to_bytes(6)
    address = bytearray(_digest(device_id, "ethernet")[:6])
    address[0] = address[0] & 0xFE | 0x02
    return bytes(address)


def imei(device_id: str) -> str:
    """Return the modem's number: 15 digits, the last of them a check digit (3GPP TS 23.003, 6.2.1)."""
    return _with_check_digit(_TYPE_ALLOCATION_CODE + _digits(device_id, "imei", 6))


def iccid(device_id: str, sim: str) -> str:
    """Return a SIM's number: 20 digits, the last of them a check digit (ITU-T E.118)."""
    return _with_check_digit(_ICCID_ISSUER + _digits(device_id, f"sim {sim}", 12))


def host_number(device_id: str) -> int:
    """Return the last byte of the IPv4 address that routers give to the device: 100 to 199."""
    return 100 + _digest(device_id, "host")[0] % 100


def _digest(device_id: str, use: str) -> bytes:
    return sha256(f"{device_id} {use}".encode()).digest()


def _digits(device_id: str, use: str, count: int) -> str:
    return str(int.from_bytes(_digest(device_id, use)) % 10**count).zfill(count)


def _with_check_digit(number: str) -> str:
    """Append Luhn's check digit (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number))]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return number + str(-total % 10)
