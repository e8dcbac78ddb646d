"""Build a module from its parts, as the linker and post-processing of Device OS do."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from particle_cli.domain.firmware.extensions import END, Extension, ExtensionType
from particle_cli.domain.firmware.module import CRC_SIZE, Module, sealed
from particle_cli.domain.firmware.prefix import (
    NO_DEPENDENCY,
    PREFIX_EXTENSIONS,
    Dependency,
    ModulePrefix,
)
from particle_cli.domain.firmware.suffix import ModuleSuffix

_START_ALIGNMENT = 8


def build_module(
    *,
    platform_id: int,
    function: int,
    index: int,
    version: int,
    payload: bytes | memoryview,
    start_address: int | None = None,
    end_address: int | None = None,
    dependencies: Sequence[Dependency] = (),
    preamble: bytes = b"",
    flags: int = 0,
    mcu_target: int = 0,
    product: tuple[int, int] | None = None,
    prefix_extensions: Sequence[Extension] = (),
    suffix_extensions: Sequence[Extension] = (),
) -> Module:
    """Build a module with right addresses, sizes, SHA-256 and CRC.

    Args:
        platform_id: the platform that it is for.
        function: what it is (`ModuleFunction`).
        index: which one of that function.
        version: its version, 0 to 65535.
        payload: the body.
        start_address: of the first byte, the preamble's if there is one; or else
        end_address: of the CRC, for a module that grows towards lower addresses.
        dependencies: the first two go into the prefix, more become DEPENDENCY records of the suffix.
        preamble: the vector table or boot header before the prefix.
        flags: prefix flags; PREFIX_EXTENSIONS is added when there are such.
        mcu_target: 0 for the main MCU.
        product: product id and version as four plain bytes of the suffix; leave it out when
            `suffix_extensions` ends with a PRODUCT_DATA record, or for none at all.
        prefix_extensions: records after the prefix; END is added.
        suffix_extensions: records of the suffix; END is added unless PRODUCT_DATA is the last.

    Raises:
        ModuleBroken: a number does not fit its field.
        ValueError: not exactly one of `start_address` and `end_address` is given.
    """
    if (start_address is None) == (end_address is None):
        raise ValueError("give either start_address or end_address")
    slots = (*dependencies[:2], NO_DEPENDENCY, NO_DEPENDENCY)
    records = (*map(_dependency_record, dependencies[2:]), *suffix_extensions)
    prefix = ModulePrefix(
        start_address=start_address or 0,
        end_address=end_address or 0,
        mcu_target=mcu_target,
        flags=flags | (PREFIX_EXTENSIONS if prefix_extensions else 0),
        version=version,
        platform_id=platform_id,
        function=function,
        index=index,
        dependency1=slots[0],
        dependency2=slots[1],
        extensions=with_end(prefix_extensions),
    )
    suffix = ModuleSuffix(sha256=bytes(32), extensions=with_end(records), product_fields=product)
    module = Module(prefix=prefix, payload=payload, suffix=suffix, crc=0, preamble=preamble)
    return sealed(fitted(module, keep_end=end_address is not None))


def fitted(module: Module, *, keep_end: bool = False) -> Module:
    """Return the module with addresses that declare its true size.

    Args:
        module: any module.
        keep_end: move the start instead of the end. With prefix extensions the END record then grows so
            that the start is a multiple of 8, as Device OS wants it.
    """
    prefix = module.prefix
    length = module.length - CRC_SIZE
    if not keep_end:
        return evolve(module, prefix=evolve(prefix, end_address=prefix.start_address + length))
    start = prefix.end_address - length
    if prefix.extensions and prefix.extensions[-1].type == ExtensionType.END:
        padding = start % _START_ALIGNMENT
        last = prefix.extensions[-1]
        grown = evolve(last, data=last.data + bytes(padding))
        prefix = evolve(prefix, extensions=(*prefix.extensions[:-1], grown))
        start -= padding
    return evolve(module, prefix=evolve(prefix, start_address=start))


def with_end(records: Sequence[Extension]) -> tuple[Extension, ...]:
    """Return the records, END appended where a list of records needs it."""
    if not records or records[-1].type in (ExtensionType.END, ExtensionType.PRODUCT_DATA):
        return tuple(records)
    return (*records, END)


def _dependency_record(dependency: Dependency) -> Extension:
    from particle_cli.domain.firmware.records import dependency_record

    return dependency_record(dependency)
