"""Environment variables of an application, in the binary form that travels as the asset `env`.

The form is the protobuf message `particle.system.EnvVars`: field 1, repeated, a variable (1 name, 2 value);
field 2 the hash and field 3 (fixed64) the time of a snapshot from the cloud. It is written by hand here,
since its bytes are hashed: empty values are written out, which protobuf's own encoder does not do, and
variables keep their order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from attrs import frozen

from particle_cli.domain.firmware.errors import FirmwareError, LimitExceeded, ModuleBroken

MAX_VARIABLES = 100
MAX_NAME = 128
MAX_JSON = 16384
"""Characters, in UTF-16, that the variables may have as compact JSON."""
MAX_BINARY = 128 << 10
"""Bytes that the binary form may have. What a device takes has half as many at most."""
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*\Z")
_VARIABLE, _HASH, _UPDATED_AT = 1, 2, 3
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class EnvInvalid(FirmwareError):
    """Environment variables that a device would not take."""

    code = "env_invalid"


@frozen
class Snapshot:
    """Of which state of the cloud's variables this is a copy. `updated_at` is in ms since 1970."""

    hash: bytes
    updated_at: int


def encode_env(variables: Mapping[str, str], snapshot: Snapshot | None = None) -> bytes:
    """Return variables in their binary form.

    Raises: EnvInvalid, LimitExceeded.
    """
    _check(variables)
    parts = [_field(_VARIABLE, _variable(name, value)) for name, value in variables.items()]
    if snapshot:
        if not snapshot.hash:
            raise EnvInvalid("Invalid snapshot hash: it is empty.")
        if not 0 <= snapshot.updated_at < 1 << 64:
            raise EnvInvalid(f"Invalid snapshot timestamp: {snapshot.updated_at}.")
        parts.append(_field(_HASH, snapshot.hash))
        parts.append(bytes((_UPDATED_AT << 3 | _FIXED64,)) + snapshot.updated_at.to_bytes(8, "little"))
    return b"".join(parts)


def _check(variables: Mapping[str, str]) -> None:
    if len(variables) > MAX_VARIABLES:
        raise LimitExceeded(
            f"Number of variables exceeds the maximum of {MAX_VARIABLES}: there are {len(variables)}."
        )
    text = json.dumps(dict(variables), ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if size > MAX_JSON:
        raise LimitExceeded(
            f"Asset exceeds the maximum size: {size} characters as JSON, {MAX_JSON} are allowed."
        )
    for name, value in variables.items():
        if len(name) > MAX_NAME:
            raise EnvInvalid(f"Variable name is too long: {name[:30]}...")
        if not _NAME.match(name):
            raise EnvInvalid(
                f"Invalid variable name: {name}",
                next_step="Use capital letters, digits and underscores; no digit first.",
            )
        if not isinstance(value, str):
            raise EnvInvalid(f"Variable value is not a string: {name}")


def _variable(name: str, value: str) -> bytes:
    try:
        return _field(1, name.encode()) + _field(2, value.encode())
    except UnicodeEncodeError:
        raise EnvInvalid(f"Variable value is not valid Unicode: {name}") from None


def _field(number: int, content: bytes) -> bytes:
    return bytes((number << 3 | _BYTES,)) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*digits, value))


def decode_env(data: bytes) -> tuple[Mapping[str, str], Snapshot | None]:
    """Return variables, and the snapshot they come from, from their binary form.

    Raises: ModuleBroken when it is none, LimitExceeded when it is too long for any device.
    """
    if len(data) > MAX_BINARY:
        raise LimitExceeded(f"The environment variables have {len(data)} bytes; {MAX_BINARY} are allowed.")
    variables: dict[str, str] = {}
    digest, updated_at = b"", 0
    for number, content in _fields(data):
        if number == _VARIABLE and isinstance(content, bytes):
            parts = dict(_fields(content))
            variables[_text(parts.get(1, b""))] = _text(parts.get(2, b""))
        elif number == _HASH and isinstance(content, bytes):
            digest = content
        elif number == _UPDATED_AT and isinstance(content, int):
            updated_at = content
    return variables, Snapshot(digest, updated_at) if digest else None


def _text(content: bytes | int) -> str:
    return content.decode(errors="replace") if isinstance(content, bytes) else ""


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Yield number and content of each field of a message, as they lie."""
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        wire = key & 7
        if wire == _VARINT:
            value, at = _read_varint(data, at)
            yield key >> 3, value
            continue
        if wire == _BYTES:
            size, at = _read_varint(data, at)
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
        else:
            raise ModuleBroken(f"The environment variables are damaged at byte {at}: wire type {wire}.")
        if size > len(data) - at:
            raise ModuleBroken(f"The environment variables are cut: {size} bytes are missing at byte {at}.")
        content = data[at : at + size]
        yield key >> 3, content if wire == _BYTES else int.from_bytes(content, "little")
        at += size


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at + place >= len(data):
            break
        digit = data[at + place]
        value |= (digit & 0x7F) << 7 * place
        if digit < 0x80:
            return value, at + place + 1
    raise ModuleBroken(f"The environment variables are damaged at byte {at}: a number does not end.")
