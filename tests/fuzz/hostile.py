"""Files of 16 MiB made to take long, or much memory."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from attrs import evolve
from tests.fuzz.seeds import Seed

from particle_cli.domain.firmware.build import build_module, fitted
from particle_cli.domain.firmware.combined import MAX_PARTS, combine
from particle_cli.domain.firmware.compressed import MAX_SIZE as MAX_INFLATED
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.module import Module, sealed, write_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.firmware.records import AssetDependency, asset_dependency_record, hash_record

SIZE = 16 << 20
_ZIP_NAME_SIZE = 11


def hostile_files(size: int = SIZE) -> Iterator[Seed]:
    """Yield such files, each at most as large as said."""
    noise = bytes(range(251)) * (size // 251)
    yield Seed("nothing but zeros", "module", bytes(size))
    yield Seed("nothing but 0xff", "module", b"\xff" * size)
    yield Seed("prefixes everywhere", "module", _prefixes(size))
    yield Seed("one plain module", "module", write_module(_module(noise[: size - 200])))
    yield Seed(
        "mostly padding", "module", write_module(evolve(_module(b""), trailing=b"\xff" * (size - 200)))
    )
    yield Seed(
        "mostly trailing bytes", "module", write_module(evolve(_module(b""), trailing=noise[: size - 200]))
    )
    yield Seed("long records", "module", write_module(_with_records(size, 65531)))
    yield Seed("short records", "module", write_module(_with_records(size, 0)))
    yield Seed("many small parts", "module", _many_parts(size))
    yield Seed(
        "as many parts as allowed",
        "module",
        write_module(combine([_module(noise[: size // MAX_PARTS - 200])] * MAX_PARTS)),
    )
    yield Seed("all parts are bombs", "module", write_module(combine([_bomb(MAX_INFLATED)] * MAX_PARTS)))
    yield Seed("bomb", "module", write_module(_bomb(MAX_INFLATED)))
    yield Seed("bomb that lies", "module", write_module(_bomb(64)))
    yield Seed("asset of noise", "module", write_module(_bomb(MAX_INFLATED, function=9)))
    yield Seed("archive of noise", "bundle", _archive([(b"app.bin", noise[: size - 200])]))
    yield Seed(
        "archive of bombs",
        "bundle",
        _archive([(b"app.bin", bytes(8 << 20)), (b"assets/%d" % 1, bytes(20 << 20))], pack=True),
    )
    yield Seed("archive of many files", "bundle", _archive([(b"assets/%04d" % n, b"") for n in range(4096)]))
    yield Seed(
        "archive of far too many files",
        "bundle",
        _archive([(b"assets/%06d" % n, b"") for n in range(60_000)]),
    )
    yield Seed("archive that names one asset often", "bundle", _often_named())
    yield Seed(
        "archive of variables",
        "bundle",
        _archive(
            [
                (b"app.bin", write_module(_module(b""))),
                (b"env.json", b"[" + b"0," * (6 << 20) + b"0]"),
                (b"assets/env", b"\x08\0" * (6 << 20)),
            ],
            pack=True,
        ),
    )
    yield Seed("end records everywhere", "bundle", b"PK\5\6" * (size // 4))
    yield Seed("too many variables", "variables", b"\x0a\0" * (size // 2))


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


def _prefixes(size: int) -> bytes:
    """Every fourth byte may be where a prefix starts."""
    return struct.pack("<II", 4, 64) * (size // 8)


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
    return _archive([(b"app.bin", application), (b"assets/big", bytes(30 << 20))], pack=True)


def _archive(files: list[tuple[bytes, bytes]], *, pack: bool = False) -> bytes:
    """Write a zip archive by hand: the standard library's writer is slow for so many files."""
    local, central = bytearray(), bytearray()
    for name, content in files:
        data = content
        if pack:
            deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
            data = deflater.compress(content) + deflater.flush()
        common = struct.pack(
            "<HHHHHIIIHH",
            20,
            0,
            8 if pack else 0,
            0,
            33,
            zlib.crc32(content),
            len(data),
            len(content),
            len(name),
            0,
        )
        central += (
            b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + name
        )
        local += b"PK\3\4" + common + name + data
    count = len(files)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(local), 0)
    return bytes(local + central + end)
