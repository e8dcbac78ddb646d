"""One platform at a time, as checked values."""

from __future__ import annotations

from functools import cache

from cattrs import Converter
from cattrs.errors import ClassValidationError
from cattrs.v import transform_error

from particle_cli.domain.errors import DomainError
from particle_cli.domain.platforms.errors import UnknownPlatform
from particle_cli.domain.platforms.names import entries
from particle_cli.domain.platforms.values import Platform


class CatalogueError(DomainError):
    """The catalogue shipped with the program is damaged."""

    code = "catalogue"


def _integer(value: object, _: type[int]) -> int:
    """Read a number as the catalogue writes it: decimal as such, addresses and ids as hex text."""
    if isinstance(value, str) and value.startswith("0x"):
        return int(value, 16)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"neither a number nor 0x…: {value!r}")


def _truth(value: object, _: type[bool]) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"neither true nor false: {value!r}")


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(int, _integer)
    converter.register_structure_hook(bool, _truth)  # else it would inherit the hook of int
    return converter


@cache
def platform(number: int) -> Platform:
    """Return what the catalogue knows of the platform with this id.

    Raises: UnknownPlatform; CatalogueError, which lists every bad field with its path.
    """
    for entry in entries():
        if entry["id"] == number:
            try:
                return _converter().structure(entry, Platform)
            except ClassValidationError as damage:
                faults = "; ".join(transform_error(damage, path="$"))
                raise CatalogueError(
                    f"The platform catalogue is damaged at platform {number}: {faults}",
                    next_step="Install the program anew.",
                ) from damage
    raise UnknownPlatform(f"There is no platform with id {number}.")
