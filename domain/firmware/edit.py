"""Add and remove extension records of a finished module.

Where they go is the platform's affair: as a rule the suffix, and the module grows at its end. Modules that
"grow left" (applications of the RTL872x family, whose end is fixed) and modules that have prefix extensions
already get them behind the prefix, and their start moves down.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from attrs import evolve

from particle_cli.domain.firmware.build import fitted, with_end
from particle_cli.domain.firmware.errors import LimitExceeded, ModuleUnsuited
from particle_cli.domain.firmware.extensions import END, Extension, ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, require_whole, sealed
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, PREFIX_EXTENSIONS
from particle_cli.domain.firmware.suffix import NO_PRODUCT
from particle_cli.domain.platforms.catalogue import platform


def add_extensions(module: Module, new: Sequence[Extension], *, replace: bool = False) -> Module:
    """Return the module with more records.

    Args:
        module: a whole module, neither compressed nor combined.
        new: the records, END not among them.
        replace: drop records of the same types first.

    Raises:
        ModuleUnsuited: there are no records, or the module cannot take them.
        UnknownPlatform: it is for a platform that is not in the catalogue.
        LimitExceeded: it would be larger than the platform allows.
    """
    if not new:
        raise ModuleUnsuited("There are no extensions to add.")
    _require_editable(module)
    dropped = {record.type for record in new} if replace else set()
    in_prefix = _belongs_into_prefix(module)
    before = module.prefix.extensions if in_prefix else module.suffix.extensions
    kept = tuple(record for record in before if record.type not in dropped)
    if in_prefix:
        return _finished(_with_prefix_records(module, (*kept, *new)), keep_end=True)
    return _finished(_with_suffix_records(module, (*new, *kept)), keep_end=False)


def remove_extensions(module: Module, types: Collection[int]) -> Module:
    """Return the module without records of these types, in prefix and suffix.

    An END record stays, so a module that had records does not become what it was before it got them. A module
    without such records is returned as it is.

    Raises: as `add_extensions`.
    """
    _require_editable(module)
    prefix = tuple(record for record in module.prefix.extensions if record.type not in types)
    suffix = tuple(record for record in module.suffix.extensions if record.type not in types)
    if prefix == module.prefix.extensions and suffix == module.suffix.extensions:
        return module
    keep_end = _belongs_into_prefix(module)
    if prefix != module.prefix.extensions:
        module = _with_prefix_records(module, prefix)
    if suffix != module.suffix.extensions:
        module = _with_suffix_records(module, suffix)
    return _finished(module, keep_end=keep_end)


def _require_editable(module: Module) -> None:
    if module.prefix.flags & COMPRESSED:
        raise ModuleUnsuited(
            "The extensions of a compressed module can't be changed.", next_step="Decompress it first."
        )
    if module.prefix.flags & COMBINED:
        raise ModuleUnsuited(
            "The extensions of a combined module can't be changed.",
            next_step="Split it into its parts first.",
        )
    require_whole(module)


def _belongs_into_prefix(module: Module) -> bool:
    if module.prefix.flags & PREFIX_EXTENSIONS:
        return True
    places = platform(module.prefix.platform_id).modules
    kind = (module.prefix.function, module.prefix.index)
    return any(place.grows_left and (place.function, place.index) == kind for place in places)


def _with_prefix_records(module: Module, records: Sequence[Extension]) -> Module:
    if module.preamble:
        raise ModuleUnsuited("A module with a vector table or boot header takes no prefix extensions.")
    some = (record for record in records if record.type != ExtensionType.END)
    prefix = evolve(module.prefix, flags=module.prefix.flags | PREFIX_EXTENSIONS, extensions=(*some, END))
    return evolve(module, prefix=prefix)


def _with_suffix_records(module: Module, records: Sequence[Extension]) -> Module:
    """Change the suffix's records. Product data that are missing altogether are written as "none"."""
    suffix = evolve(module.suffix, extensions=with_end(records))
    if suffix.product is None:
        suffix = evolve(suffix, product_fields=(NO_PRODUCT, NO_PRODUCT))
    return evolve(module, suffix=suffix)


def _finished(module: Module, *, keep_end: bool) -> Module:
    """Make addresses, hash and CRC right again."""
    module = fitted(module, keep_end=keep_end)
    if keep_end:
        module = _located(module)
    limit = _user_part_limit(module)
    if limit is not None and module.size > limit:
        raise LimitExceeded(
            f"The resulting module exceeds platform size limits: it would have {module.size} bytes, an "
            f"application of {platform(module.prefix.platform_id).display_name} has {limit} at most.",
            next_step="Make the application smaller.",
        )
    return sealed(module)


def _located(module: Module) -> Module:
    """Repeat the new start address in the DYNAMIC_LOCATION record of the suffix."""
    start = (module.prefix.start_address & 0xFFFFFFFF).to_bytes(4, "little")
    records = tuple(
        evolve(record, data=start + record.data[4:])
        if record.type == ExtensionType.DYNAMIC_LOCATION
        else record
        for record in module.suffix.extensions
    )
    return evolve(module, suffix=evolve(module.suffix, extensions=records))


def _user_part_limit(module: Module) -> int | None:
    """Return how long an application may be, or None where the catalogue does not say."""
    if module.prefix.function != ModuleFunction.USER_PART:
        return None
    places = [
        place
        for place in platform(module.prefix.platform_id).modules
        if place.function == ModuleFunction.USER_PART and place.max_size is not None
    ]
    exact = [place.max_size for place in places if place.index == module.prefix.index]
    return exact[0] if exact else max((place.max_size or 0 for place in places), default=None)
