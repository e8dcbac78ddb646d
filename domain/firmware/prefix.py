"""The module prefix (`module_info_t` of Device OS): 24 bytes, and the extension records after them."""

from __future__ import annotations

import struct

from attrs import frozen

from particle_cli.domain.firmware.errors import ModuleBroken
from particle_cli.domain.firmware.extensions import (
    Extension,
    ExtensionType,
    encode_extensions,
    read_extensions,
)

_FIELDS = struct.Struct("<IIBBHHBBBBHBBH")
PREFIX_SIZE = 24

DROP_MODULE_INFO = 0x01
"""The receiver strips the prefix before it writes the body to its destination."""
COMPRESSED = 0x02
"""The body is a Deflate stream behind a header of its own."""
COMBINED = 0x04
"""Another module follows in the same file."""
ENCRYPTED = 0x08
"""The body is encrypted, by a method that is not public."""
PREFIX_EXTENSIONS = 0x10
"""Extension records follow the prefix, the last of them END."""

FLAG_NAMES = {
    DROP_MODULE_INFO: "drop_module_info",
    COMPRESSED: "compressed",
    COMBINED: "combined",
    ENCRYPTED: "encrypted",
    PREFIX_EXTENSIONS: "prefix_extensions",
}


@frozen
class Dependency:
    """A module that must be present, in this version or a newer one. Function 0 is an empty slot."""

    function: int
    index: int
    version: int


NO_DEPENDENCY = Dependency(0, 0, 0)


@frozen
class ModulePrefix:
    """The fields of the prefix, in the order of the file.

    `start_address` is that of the file's first byte (a vector table before the prefix included),
    `end_address` that of the CRC. `mcu_target` 0 is the main MCU.
    """

    start_address: int
    end_address: int
    mcu_target: int
    flags: int
    version: int
    platform_id: int
    function: int
    index: int
    dependency1: Dependency = NO_DEPENDENCY
    dependency2: Dependency = NO_DEPENDENCY
    extensions: tuple[Extension, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the prefix with its extensions."""
        return PREFIX_SIZE + sum(extension.size for extension in self.extensions)

    @property
    def flag_names(self) -> tuple[str, ...]:
        """Names of the flags that are set; bits without a name are left out."""
        return tuple(name for bit, name in FLAG_NAMES.items() if self.flags & bit)

    def encoded(self) -> bytes:
        """Return the bytes of the prefix. Raises: ModuleBroken for a number too large for its field."""
        first, second = self.dependency1, self.dependency2
        try:
            fields = _FIELDS.pack(
                self.start_address,
                self.end_address,
                self.mcu_target,
                self.flags,
                self.version,
                self.platform_id,
                self.function,
                self.index,
                first.function,
                first.index,
                first.version,
                second.function,
                second.index,
                second.version,
            )
        except struct.error as misfit:
            raise ModuleBroken(f"A number does not fit its field in the module prefix: {misfit}.") from None
        return encode_extensions(self.extensions, after=fields)


def read_prefix(data: memoryview, offset: int, *, name: str) -> ModulePrefix:
    """Read the prefix at an offset of a module.

    Args:
        data: the module, no more (no byte after its CRC).
        offset: of the prefix; 24 bytes must be there.
        name: the file, for messages.

    Raises:
        ModuleBroken: the flags announce extension records, and these do not end with END.
    """
    (start, end, target, flags, version, platform, function, index, f1, i1, v1, f2, i2, v2) = (
        _FIELDS.unpack_from(data, offset)
    )
    extensions: tuple[Extension, ...] = ()
    if flags & PREFIX_EXTENSIONS:
        first = offset + PREFIX_SIZE
        extensions, size = read_extensions(data[first:], offset=first, name=name)
        if not extensions or extensions[-1].type != ExtensionType.END:
            raise ModuleBroken(
                f"Could not parse {name}: prefix extensions should end with an END extension; none up to "
                f"offset {first + size:#x}"
            )
    return ModulePrefix(
        start,
        end,
        target,
        flags,
        version,
        platform,
        function,
        index,
        Dependency(f1, i1, v1),
        Dependency(f2, i2, v2),
        extensions,
    )
