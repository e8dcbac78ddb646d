"""How the functions and variables of a simulated application travel in the payload of its module.

Real firmware registers them while it runs. A simulated device runs no machine code: the simulated compiler
writes down what the source registers, as UTF-8 JSON behind a mark, somewhere in the payload, and a device
that boots the module offers exactly that.

    [ any bytes ][ mark, 16 bytes ][ length u32le ][ CRC-32 u32le ][ JSON ][ any bytes ]
"""

from __future__ import annotations

import json
import struct
import zlib

from attrs import frozen

MARK = b"\x00simulated app\x1a\x00"
_HEAD = struct.Struct("<II")

Value = bool | int | float | str
"""What a variable can hold."""


@frozen
class Function:
    """A cloud function: its name, and what a call returns unless a handler says otherwise."""

    name: str
    returns: int = 1


@frozen
class Variable:
    """A cloud variable: its name, its type (`bool`, `int`, `double` or `string`) and its first value."""

    name: str
    type: str
    value: Value


@frozen
class ApplicationManifest:
    """What an application offers to the cloud."""

    functions: tuple[Function, ...] = ()
    variables: tuple[Variable, ...] = ()


def encode_manifest(manifest: ApplicationManifest) -> bytes:
    """Return the bytes to put into the payload; the same manifest always gives the same bytes."""
    document = {
        "functions": {function.name: function.returns for function in manifest.functions},
        "variables": {one.name: [one.type, one.value] for one in manifest.variables},
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return MARK + _HEAD.pack(len(text), zlib.crc32(text)) + text


def decode_manifest(payload: bytes | memoryview) -> ApplicationManifest | None:
    """Find a manifest in a payload; None where there is none, as in real firmware."""
    content = bytes(payload)
    at = content.find(MARK)
    while at >= 0:
        start = at + len(MARK) + _HEAD.size
        if start <= len(content):
            length, crc = _HEAD.unpack_from(content, at + len(MARK))
            text = content[start : start + length]
            if len(text) == length and zlib.crc32(text) == crc:
                return _read(text)
        at = content.find(MARK, at + 1)
    return None


def _read(text: bytes) -> ApplicationManifest:
    document = json.loads(text)
    return ApplicationManifest(
        functions=tuple(Function(name, returns) for name, returns in document["functions"].items()),
        variables=tuple(Variable(name, kind, value) for name, (kind, value) in document["variables"].items()),
    )
