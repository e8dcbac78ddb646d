"""Reading messages whose text is no UTF-8.

The name of a Wi-Fi network is any 32 bytes, and a device passes on what it hears. A parser of protobuf
refuses the whole message for one such name, so a neighbour's network would keep all others from being seen.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError

_VARINT, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5
_FIXED_SIZES: Final = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}
_LONGEST_VARINT: Final = 10


def with_valid_text(data: bytes, message: Descriptor) -> bytes:
    """Return a message with U+FFFD in place of all that is no UTF-8 in its text fields, at any depth.

    Args:
        data: the message's bytes.
        message: its type.

    Raises: DecodeError when it is no message at all.
    """
    repaired = bytearray()
    at = 0
    while at < len(data):
        start = at
        tag, at = _varint(data, at)
        wire_type = tag & 7
        if wire_type == _VARINT:
            _, at = _varint(data, at)
        elif wire_type in _FIXED_SIZES:
            at += _FIXED_SIZES[wire_type]
        elif wire_type == _SIZED:
            size, at = _varint(data, at)
            head, content = data[start:at], data[at : at + size]
            at += size
            valid = _valid(content, message.fields_by_number.get(tag >> 3))
            if at <= len(data) and valid != content:
                repaired += head[: _varint(head, 0)[1]] + _written(len(valid)) + valid
                continue
        else:
            raise DecodeError(f"wire type {wire_type}")
        if at > len(data):
            raise DecodeError("cut short")
        repaired += data[start:at]
    return bytes(repaired)


def _valid(content: bytes, field: FieldDescriptor | None) -> bytes:
    if field is None:
        return content
    if field.type == FieldDescriptor.TYPE_STRING:
        return content.decode("utf-8", "replace").encode()
    if field.message_type is not None:
        return with_valid_text(content, field.message_type)
    return content


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and where the next thing begins."""
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise DecodeError("a number without an end")


def _written(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))
