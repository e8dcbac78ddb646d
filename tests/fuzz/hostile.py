"""Files of 16 MiB made to take long, or much memory."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

from attrs import evolve
from tests.fuzz.seeds import Seed

from particle_cli.domain.firmware.build import build_module, fitted
from particle_cli.domain.firmware.combined import MAX_PARTS, combine
from particle_cli.domain.firmware.compressed import MAX_SIZE as MAX_INFLATED
from particle_cli.domain.firmware.env_vars import MAX_BINARY
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.module import Module, sealed, write_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.firmware.records import AssetDependency, asset_dependency_record, hash_record

SIZE = 16 << 20
Files = Iterator[tuple[str, bytes]]


def hostile_files(size: int = SIZE) -> Iterator[Seed]:
    """Yield such files, each at most as large as said."""
    for name, data in _modules(size):
        yield Seed(name, "module", data)
    for name, data in _archives(size):
        yield Seed(name, "bundle", data)
    yield Seed("too many variables", "variables", b"\x0a\0" * (size // 2))


def _modules(size: int) -> Files:
    noise = bytes(range(251)) * (size // 251)
    most = noise[: size - 200]
    yield "nothing but zeros", bytes(size)
    yield "nothing but 0xff", b"\xff" * size
    yield "prefixes everywhere", struct.pack("<II", 4, 64) * (size // 8)
    yield "one plain module", write_module(_module(most))
    yield "mostly padding", write_module(evolve(_module(b""), trailing=b"\xff" * len(most)))
    yield "mostly trailing bytes", write_module(evolve(_module(b""), trailing=most))
    yield "long records", write_module(_with_records(size, 65531))
    yield "short records", write_module(_with_records(size, 0))
    yield "far too many parts", _many_parts(size)
    part = _module(noise[: size // MAX_PARTS - 200])
    yield "as many parts as allowed", write_module(combine([part] * MAX_PARTS))
    yield "bomb", write_module(_bomb(MAX_INFLATED))
    yield "bomb that lies", write_module(_bomb(64))
    yield "bomb as an asset", write_module(_bomb(MAX_INFLATED, function=9))
    yield "all parts are bombs", write_module(combine([_bomb(MAX_INFLATED)] * MAX_PARTS))


def _archives(size: int) -> Files:
    application = write_module(_module(b""))
    yield "archive of noise", _archive({"app.bin": bytes(range(251)) * ((size - 200) // 251)})
    yield "archive of bombs", _archive({"app.bin": bytes(8 << 20), "assets/1": bytes(20 << 20)}, pack=True)
    yield "archive of many files", _archive({f"assets/{number:04}": b"" for number in range(4096)})
    yield "archive of too many files", _archive({f"assets/{number:06}": b"" for number in range(60_000)})
    yield "archive that names one asset often", _often_named()
    for what, number in (("variables", MAX_BINARY // 2), ("too many variables", 6 << 20)):
        files = {
            "app.bin": application,
            "env.json": b"[%s0]" % (b"0," * number),
            "assets/env": b"\x08\0" * number,
        }
        yield f"archive of {what}", _archive(files, pack=True)
    yield "end records everywhere", b"PK\5\6" * (size // 4)


def _module(
    payload: bytes, *, flags: int = 0, function: int = 5, records: tuple[Extension, ...] = ()
) -> Module:
    return build_module(
        platform_id=13,
        function=function,
        index=1,
        version=1,
        start_address=0,
        payload=payload,
        flags=flags,
        prefix_extensions=records,
        product=(13, 1),
    )


def _with_records(size: int, length: int) -> Module:
    count = min(2047, size // (length + 4) - 1)
    body = bytes(max(size - 200 - count * (length + 4), 0))
    return _module(body, records=(Extension(0x20, bytes(length)),) * count)


def _many_parts(size: int) -> bytes:
    part = write_module(sealed(_module(b"", flags=COMBINED)))
    return part * (size // len(part))


def _bomb(declared: int, *, function: int = 5) -> Module:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = deflater.compress(bytes(MAX_INFLATED)) + deflater.flush()
    payload = struct.pack("<HBBI", 8, 0, 0, declared) + stream
    records = (hash_record(bytes(32)), Extension(0x11, b"name")) if function == 9 else ()
    module = _module(payload, flags=COMPRESSED | DROP_MODULE_INFO, function=function, records=records)
    return sealed(fitted(module))


def _often_named() -> bytes:
    records = (asset_dependency_record(AssetDependency("big", bytes(32))),) * 2000
    application = write_module(_module(b"", records=records))
    return _archive({"app.bin": application, "assets/big": bytes(30 << 20)}, pack=True)


def _archive(files: Mapping[str, bytes], *, pack: bool = False) -> bytes:
    """Write a zip archive by hand: the standard library's writer is slow for so many files."""
    local, central = bytearray(), bytearray()
    for path, content in files.items():
        name, data = path.encode(), content
        if pack:
            deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
            data = deflater.compress(content) + deflater.flush()
        sizes = zlib.crc32(content), len(data), len(content)
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8 if pack else 0, 0, 33, *sizes, len(name), 0)
        place = struct.pack("<HHHII", 0, 0, 0, 0, len(local))
        central += b"PK\1\2" + struct.pack("<H", 20) + common + place + name
        local += b"PK\3\4" + common + name + data
    count = len(files)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(local), 0)
    return bytes(local + central + end)
