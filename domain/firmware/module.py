"""A firmware module as values, read from bytes and written back to the same bytes.

    [ preamble ][ prefix ][ payload ][ suffix ][ CRC ][ trailing ]

The preamble is a vector table or boot header; trailing are bytes after the declared end, padding or further
modules. The payload is a view of the bytes that were read, never a copy.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from attrs import evolve, field, frozen

from particle_cli.domain.firmware.errors import ModuleBroken, ModuleCut, ModuleUnsuited, NotAModule
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.locating import best_prefix_offset, cut_prefix
from particle_cli.domain.firmware.prefix import PREFIX_SIZE, Dependency, ModulePrefix, read_prefix
from particle_cli.domain.firmware.suffix import AFTER_SHA, BASE_SIZE, ModuleSuffix, read_suffix

__all__ = ["Dependency", "Module", "ModulePrefix", "ModuleSuffix", "parse_module", "sealed", "write_module"]

CRC_SIZE = 4
"""Big-endian, unlike all other numbers of a module."""
LEAST_SIZE = PREFIX_SIZE + BASE_SIZE + CRC_SIZE


@frozen
class Module:
    """A firmware module, or what a file says one is: the checks are asked for, not made in advance."""

    prefix: ModulePrefix
    payload: bytes | memoryview = field(repr=False)
    suffix: ModuleSuffix
    crc: int
    preamble: bytes = field(default=b"", repr=False)
    trailing: bytes | memoryview = field(default=b"", repr=False)

    @property
    def size(self) -> int:
        """The size that the addresses declare, CRC included."""
        return self.prefix.end_address - self.prefix.start_address + CRC_SIZE

    @property
    def length(self) -> int:
        """The size of the parts as they are, CRC included, without `trailing`."""
        return len(self.preamble) + self.prefix.size + len(self.payload) + self.suffix.size + CRC_SIZE

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What must be present: both slots of the prefix as far as filled, then DEPENDENCY records."""
        prefix = self.prefix
        found = [slot for slot in (prefix.dependency1, prefix.dependency2) if slot.function]
        for extension in self.extensions:
            if extension.type == ExtensionType.DEPENDENCY and len(extension.data) >= 4:
                function, index, *version = extension.data[:4]
                found.append(Dependency(function, index, int.from_bytes(version, "little")))
        return tuple(found)

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """All records, those of the prefix first."""
        return self.prefix.extensions + self.suffix.extensions

    @property
    def uuid(self) -> str:
        """The stored SHA-256 as 64 hexadecimal digits: what tools show as the module's identity."""
        return self.suffix.sha256.hex()

    def computed_crc(self) -> int:
        """Return the CRC-32 of everything before the CRC field."""
        crc = 0
        for part in self._covered():
            crc = zlib.crc32(part, crc)
        return crc

    @property
    def crc_ok(self) -> bool:
        """Whether the stored CRC is that of the module. Computed anew at each call."""
        return self.crc == self.computed_crc()

    def computed_sha256(self) -> bytes:
        """Return the SHA-256 of everything before the hash field."""
        from hashlib import sha256

        *parts, suffix = self._covered()
        digest = sha256()
        for part in parts:
            digest.update(part)
        digest.update(suffix[:-AFTER_SHA])
        return digest.digest()

    def _covered(self) -> Iterator[bytes | memoryview]:
        yield self.preamble
        yield self.prefix.encoded()
        yield self.payload
        yield self.suffix.encoded()


def parse_module(data: bytes | memoryview, *, name: str) -> Module:
    """Read a module; `write_module` of the result gives the same bytes.

    CRC and SHA-256 are not looked at. The range that the prefix declares is the module, what follows is
    `trailing`.

    Args:
        data: the file. The payload remains a view of it: it must not change.
        name: the file, for messages.

    Raises:
        NotAModule: nothing in it passes for a module prefix.
        ModuleCut: the module declares more bytes than there are.
        ModuleBroken: prefix and suffix do not fit together.
    """
    view = memoryview(data).toreadonly()
    if len(view) < LEAST_SIZE:
        what = "is empty" if not view else f"has {len(view)} bytes; a module has at least {LEAST_SIZE}"
        raise NotAModule(f"Could not parse {name}: the file {what}")
    offset, score = best_prefix_offset(view)
    start, end = (int.from_bytes(view[at : at + 4], "little") for at in (offset, offset + 4))
    declared = end - start + CRC_SIZE
    if not score and not (start < end and declared <= len(view)):
        raise _no_prefix(view, name)
    if offset + LEAST_SIZE > declared:
        raise ModuleBroken(
            f"Could not parse {name}: the prefix at offset {offset:#x} declares {declared} bytes; "
            f"prefix, suffix and CRC alone reach to {offset + LEAST_SIZE}"
        )
    module = view[:declared]
    prefix = read_prefix(module, offset, name=name)
    body = offset + prefix.size
    suffix = read_suffix(module, body, name=name)
    tail = declared - CRC_SIZE
    return Module(
        prefix=prefix,
        payload=module[body : tail - suffix.size],
        suffix=suffix,
        crc=int.from_bytes(module[tail:], "big"),
        preamble=bytes(module[:offset]),
        trailing=view[declared:],
    )


def _no_prefix(view: memoryview, name: str) -> NotAModule | ModuleCut:
    cut = cut_prefix(view)
    if cut:
        offset, declared = cut
        return ModuleCut(
            f"Could not parse {name}: the prefix at offset {offset:#x} declares {declared} bytes, "
            f"the file has {len(view)}",
            next_step="Get the file anew: its end is missing.",
        )
    return NotAModule(
        f"Could not parse {name}: it is no Particle firmware, nothing in its first 8 KiB passes for a "
        "module prefix"
    )


def write_module(module: Module) -> bytes:
    """Return the bytes of a module, exactly as its fields say: nothing is corrected.

    Raises: ModuleBroken for a number that does not fit its field.
    """
    return b"".join(
        (
            module.preamble,
            module.prefix.encoded(),
            module.payload,
            module.suffix.encoded(),
            _crc_bytes(module.crc),
            module.trailing,
        )
    )


def _crc_bytes(crc: int) -> bytes:
    try:
        return crc.to_bytes(CRC_SIZE, "big")
    except OverflowError:
        raise ModuleBroken(f"A CRC-32 has 32 bits: {crc:#x} does not fit.") from None


def sealed(module: Module) -> Module:
    """Return the module with SHA-256 and then CRC made right for its other fields."""
    hashed = evolve(module, suffix=evolve(module.suffix, sha256=module.computed_sha256()))
    return evolve(hashed, crc=hashed.computed_crc())


def require_whole(module: Module) -> None:
    """Refuse a module that is longer or shorter than it declares, or that others follow.

    Raises: ModuleUnsuited.
    """
    if module.size != module.length or module.trailing:
        length = module.length + len(module.trailing)
        raise ModuleUnsuited(
            f"The module declares {module.size} bytes and has {length}: it cannot be changed."
        )
