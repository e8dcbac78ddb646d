"""What the console of listening mode answers, read into values.

Sources: Device OS 6.2 system_setup.cpp and system_info.cpp, Device OS 0.6 for the oldest forms. An answer may
have other text around it: what the application printed before, or an echo of what was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.describes import Describe, DescribeInvalid, read_describe
from particle_cli.domain.serial_console.errors import LISTENING, ConsoleGarbled

_OLD_ID: Final = re.compile(r"Your (?:core|device) id is\s+(\w+)")
_ID: Final = re.compile(r"(?:^|[\s:])([0-9a-fA-F]{24})(?:\s|$)")
_VERSION: Final = re.compile(r"system firmware version: *([^\r\n]*?) *[\r\n]")
_MAC: Final = re.compile(r"((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})\s")
_CLAIMED: Final = re.compile(r"Device claimed: (yes|no)\s")
_CLAIM_CODE: Final = re.compile(r"Claim code set to: (\S+)\s")
_NO_MAC: Final = "00:00:00:00:00:00"


@frozen
class Identification:
    """Who a device is (command `i`).

    Attributes:
        device_id: 24 hex digits in lower case.
        secret: the mobile secret, which lets a stranger claim the device; None where it tells none.
        serial_number: as printed on the device, or None.
        imei, iccid: of modem and SIM card; None where it tells none, as while the modem is off.
        modem_firmware: version of the modem's firmware, or None.
    """

    device_id: str
    secret: str | None = field(default=None, repr=False)
    serial_number: str | None = None
    imei: str | None = None
    iccid: str | None = None
    modem_firmware: str | None = None


@frozen
class ConsoleDescribe:
    """The modules of a device, and its modem (command `s`).

    Attributes:
        describe: platform and modules.
        imei, iccid, modem_firmware: as of an `Identification`.
    """

    describe: Describe
    imei: str | None = None
    iccid: str | None = None
    modem_firmware: str | None = None


@frozen
class NotMeasured:
    """A diagnostic value that the device could not tell; `result` is its system error code."""

    result: int


def read_identification(answer: bytes) -> Identification:
    """Read the answer to `i`, in the form of any Device OS. Raises: ConsoleGarbled."""
    text = _text(answer)
    if old := _OLD_ID.search(text):
        return Identification(old[1].lower())
    if not (inside := _ID.search(text)):
        raise _garbled("its device id")
    return Identification(
        inside[1].lower(),
        secret=_labelled(text, "Device Secret"),
        serial_number=_labelled(text, "Serial Number"),
        imei=_labelled(text, "IMEI"),
        iccid=_labelled(text, "ICCID"),
        modem_firmware=_labelled(text, "Cell Radio Version"),
    )


def read_version(answer: bytes) -> str:
    """Read the answer to `v`: the version of Device OS, e.g. `6.2.0`. Raises: ConsoleGarbled."""
    found = _VERSION.search(_text(answer))
    if not found or not found[1]:
        raise _garbled("its Device OS version")
    return found[1].removesuffix(" minimal")


def read_mac_address(answer: bytes) -> str | None:
    """Read the answer to `m`: `aa:bb:…` in lower case, or None for zeros. Raises: ConsoleGarbled."""
    found = _MAC.search(_text(answer))
    if not found:
        raise _garbled("its MAC address")
    return None if found[1] == _NO_MAC else found[1].lower()


def read_claimed(answer: bytes) -> bool:
    """Read the answer to `c`: whether somebody owns the device. Raises: ConsoleGarbled."""
    found = _CLAIMED.search(_text(answer))
    if not found:
        raise _garbled("whether it is claimed")
    return found[1] == "yes"


def read_claim_code_set(answer: bytes, code: str) -> bool:
    """Read the end of the answer to `C`: whether that claim code was taken. Raises: ConsoleGarbled."""
    text = _text(answer)
    if "Claim code unchanged" in text:
        return False
    found = _CLAIM_CODE.search(text)
    if not found or found[1] != code:
        raise _garbled("whether it took the claim code")
    return True


def read_console_describe(answer: bytes) -> ConsoleDescribe:
    """Read the answer to `s`. Raises: ConsoleGarbled."""
    document = _document(answer, "its modules")
    try:
        describe = read_describe(document)
    except DescribeInvalid as fault:
        raise ConsoleGarbled(f"{fault.message}", next_step=LISTENING) from fault
    told = {key: value for key in ("imei", "iccid", "cellfw") if isinstance(value := document.get(key), str)}
    return ConsoleDescribe(describe, told.get("imei"), told.get("iccid"), told.get("cellfw"))


def read_diagnostics(answer: bytes) -> Mapping[str, int | NotMeasured]:
    """Read the answer to `d`: values by name, e.g. `sys:uptime`. Raises: ConsoleGarbled."""
    return {name: _measured(value) for name, value in _document(answer, "its diagnostics").items()}


def _measured(value: object) -> int | NotMeasured:
    if isinstance(value, Mapping):
        result = value.get("err")
        if isinstance(result, int) and not isinstance(result, bool):
            return NotMeasured(result)
    elif isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _garbled("its diagnostics")


def _document(answer: bytes, what: str) -> Mapping[str, object]:
    """Return the JSON object on the line that holds one."""
    for line in _text(answer).splitlines():
        if line.startswith("{"):
            try:
                document = json.loads(line)
            except (ValueError, RecursionError) as fault:
                raise _garbled(what) from fault
            if isinstance(document, dict):
                return document
    raise _garbled(what)


def _labelled(text: str, label: str) -> str | None:
    found = re.search(rf"^{label}: *([^\r\n]*?) *$", text.replace("\r", ""), re.MULTILINE)
    return (found[1] or None) if found else None


def _text(answer: bytes) -> str:
    return answer.decode("utf-8", "replace")


def _garbled(what: str) -> ConsoleGarbled:
    return ConsoleGarbled(f"The device did not tell {what}, but something else.", next_step=LISTENING)
