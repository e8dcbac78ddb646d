"""Ways to spoil a file: anywhere, and where its fields are."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from attrs import evolve

from particle_cli.domain.errors import DomainError
from particle_cli.domain.firmware.build import fitted
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.module import Module, parse_module, sealed, write_module

_EDGES = (0, 1, 2, 3, 4, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)
_HEAD, _TAIL = 640, 320
"""Where most fields of a file are: its first and its last bytes."""
_MOST = 6


def spoilt(data: bytes, random: Random, others: Callable[[], bytes]) -> bytes:
    """Return the file with a few things changed in it; `others` gives another file to take bytes from."""
    if random.random() < 0.3:
        data = _field_changed(data, random)
    spoiled = bytearray(data)
    for _ in range(random.randint(0, _MOST)):
        random.choice(_WAYS)(spoiled, random, others)
    return bytes(spoiled)


def _place(data: bytearray, random: Random) -> int:
    size = len(data)
    near = random.random()
    if near < 0.4:
        return random.randrange(min(size, _HEAD) + 1)
    if near < 0.8:
        return size - random.randrange(min(size, _TAIL) + 1)
    return random.randrange(size + 1)


def _flip(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    at = _place(data, random)
    if at < len(data):
        data[at] ^= 1 << random.randrange(8)


def _overwrite(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    at = _place(data, random)
    noise = random.randbytes(random.choice((1, 2, 4, 32)))
    data[at : at + len(noise)] = noise


def _edge(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    """Put a number at the edge of what fits, or the file's own size, into a field."""
    at, width = _place(data, random), random.choice((1, 2, 4))
    number = random.choice((*_EDGES, len(data), len(data) - 4)) % (1 << 8 * width)
    data[at : at + width] = number.to_bytes(width, random.choice(("little", "big")))


def _cut(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    at = _place(data, random)
    if random.random() < 0.5:
        del data[at:]
    else:
        del data[at : at + random.choice((1, 4, 24, 512))]


def _pad(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    data += bytes((random.choice((0, 0xFF)),)) * random.choice((1, 4, 512, 5000))


def _repeat(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    at = _place(data, random)
    data[at:at] = data[at : at + random.choice((4, 24, 48, 400))] * random.choice((1, 2, 50))


def _splice(data: bytearray, random: Random, others: Callable[[], bytes]) -> None:
    other = others()
    at, start = _place(data, random), _place(bytearray(other), random)
    piece = other[start : start + random.choice((4, 24, 60, 2000))]
    data[at : at + random.choice((0, len(piece)))] = piece


_WAYS = (_flip, _flip, _overwrite, _edge, _edge, _edge, _cut, _pad, _repeat, _splice)


def _field_changed(data: bytes, random: Random) -> bytes:
    """Change one field and make sizes and checksums right again, so that what lies deeper is reached."""
    try:
        module = _with_other_field(parse_module(data, name="seed"), random)
        return write_module(sealed(fitted(module, keep_end=random.random() < 0.3)))
    except DomainError:
        return data
    except ValueError:
        raise AssertionError("a module was parsed that cannot be changed") from None


def _with_other_field(module: Module, random: Random) -> Module:
    byte = random.choice(_EDGES) & 0xFF
    prefix, suffix = module.prefix, module.suffix
    match random.randrange(7):
        case 0:
            return evolve(module, prefix=evolve(prefix, flags=prefix.flags ^ (1 << random.randrange(8))))
        case 1:
            return evolve(module, prefix=evolve(prefix, function=byte, index=byte, platform_id=byte))
        case 2:
            return evolve(module, payload=random.randbytes(random.choice((0, 4, 8, 300))))
        case 3:
            return evolve(module, suffix=evolve(suffix, extensions=_records(suffix.extensions, random)))
        case 4:
            return evolve(module, prefix=evolve(prefix, extensions=_records(prefix.extensions, random)))
        case 5:
            return evolve(module, payload=_spoilt_start(bytes(module.payload), random))
        case _:
            return evolve(module, trailing=write_module(evolve(module, trailing=b"")))


def _spoilt_start(payload: bytes, random: Random) -> bytes:
    """Change the header of compressed data, or the first bytes of its stream."""
    start = bytearray(payload[:24])
    _edge(start, random, lambda: b"")
    _flip(start, random, lambda: b"")
    return bytes(start) + payload[24:]


def _records(records: tuple[Extension, ...], random: Random) -> tuple[Extension, ...]:
    kept = [record for record in records if random.random() < 0.8]
    types = (0, 1, 2, 3, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0xFFFF)
    new = Extension(random.choice(types), random.randbytes(random.choice((0, 1, 2, 6, 12, 38, 300))))
    kept.insert(random.randrange(len(kept) + 1), new)
    return tuple(kept)


def spoilt_json(data: bytes, random: Random) -> bytes:
    """Return a JSON document with something else in one of its places."""
    document = json.loads(data)
    place: object = document
    while True:
        if isinstance(place, dict) and place:
            key: str | int = random.choice(list(place))
            held = place[key]
        elif isinstance(place, list) and place:
            key = random.randrange(len(place))
            held = place[key]
        else:
            return json.dumps(document).encode()
        if random.random() < 0.4 or not isinstance(held, dict | list):
            place[key] = random.choice((None, True, -1, 1 << 70, 1.5, "", "x" * 300, [], {}, [{}], [held]))  # type: ignore[index]
            return json.dumps(document).encode()
        place = held
