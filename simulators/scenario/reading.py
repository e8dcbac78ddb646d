"""Scenario files: TOML, read strictly. Whatever is wrong is told at once, each with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, get_args, get_origin

from attrs import fields, has
from cattrs import Converter
from cattrs.cols import homogenous_tuple_structure_factory, mapping_structure_factory
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, override

from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.ports.files import Files
from particle_cli.simulators.firmware.application import Value
from particle_cli.simulators.scenario.applications import ApplicationReader
from particle_cli.simulators.scenario.description import Application, Scenario

Hook: TypeAlias = Callable[[Any, Any], Any]  # what cattrs itself declares of its hooks

_KEYS: Final[Mapping[str, str]] = {
    "devices": "device",
    "accounts": "account",
    "products": "product",
    "access_points": "access_point",
}
"""Fields that are called otherwise in a file, where each `[[device]]` is one."""
_NAMES: Final[Mapping[type, str]] = {
    bool: "true or false",
    dict: "a table",
    float: "a number",
    int: "a whole number",
    list: "a list",
    str: "a text",
}


class ScenarioWrong(UsageError):
    """A scenario says something that cannot be; the message has all of it, with the places."""

    code = "scenario_wrong"


def read_scenario(text: bytes, name: str, *, files: Files | None = None, folder: str = ".") -> Scenario:
    """Return the scenario that a file holds.

    Args:
        text: the file.
        name: how it is called in errors.
        files: the disk that applications are read from; None: there are none to read.
        folder: where their paths begin.

    Raises: ScenarioWrong.
    """
    try:
        document = tomllib.loads(text.decode())
    except UnicodeDecodeError as error:
        raise ScenarioWrong(f"{name} is no scenario: it is not UTF-8 text ({error.reason}).") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioWrong(
            f"{name} is no scenario: {error}.", next_step="Scenarios are written in TOML: https://toml.io"
        ) from error
    return scenario_of(document, name, files=files, folder=folder)


def scenario_of(
    document: Mapping[str, object], name: str, *, files: Files | None = None, folder: str = "."
) -> Scenario:
    """Return the scenario that a document of tables, lists and plain values means; see `read_scenario`.

    Raises: ScenarioWrong.
    """
    try:
        return _converter(ApplicationReader(files, folder)).structure(document, Scenario)
    except (ClassValidationError, ValueError) as error:
        faults = [f"{_shown(place)}{what}" for place, what in _faults(error, ())]
        told = faults[0] if len(faults) == 1 else "\n  " + "\n  ".join(faults)
        raise ScenarioWrong(
            f"{name} is no scenario: {told}",
            next_step="particle sim load --help tells what a scenario is made of.",
        ) from error


# -- what is wrong, and where ------------------------------------------------------------------------------


def _faults(
    error: BaseException, place: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the places and texts of all that is wrong."""
    if isinstance(error, ClassValidationError):
        noted, others = error.group_exceptions()
        for fault, note in noted:
            yield from _faults(fault, (*place, _KEYS.get(note.name, note.name)))
        for fault in others:
            yield from _faults(fault, place)
    elif isinstance(error, IterableValidationError):
        items, others = error.group_exceptions()
        for fault, item in items:
            yield from _faults(fault, (*place, item.index))
        for fault in others:
            yield from _faults(fault, place)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = ", ".join(_KEYS.get(one.name, one.name) for one in fields(error.cl))
        for key in sorted(error.extra_fields):
            yield place, f"unknown key '{key}'; known are {known}"
    elif isinstance(error, KeyError):
        yield place, "it is missing"
    elif isinstance(error, ParticleError):
        yield place, " ".join(filter(None, (error.message, error.next_step)))
    else:
        yield place, str(error)


def _shown(place: Sequence[str | int]) -> str:
    """Return a place in words: `device 2, wifi 1, ssid: `."""
    words: list[str] = []
    for step in place:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return f"{', '.join(words)}: " if words else ""


# -- how values are read -----------------------------------------------------------------------------------


def _unexpected(wanted: str, found: object) -> ValueError:
    return ValueError(f"{wanted} is wanted, not {_NAMES.get(type(found), repr(found))}")


def _only_from(*kinds: type, own: Hook = lambda value, _: value) -> Hook:
    """Let a hook see nothing but values of these kinds; true and false are no numbers."""

    def hook(value: object, into: object) -> object:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise _unexpected(_NAMES[kinds[0]], value)
        return own(value, into)

    return hook


def _is_row(kind: object) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[-1:] == (Ellipsis,)


def _row_hook(kind: Any, converter: Converter) -> Hook:
    return _only_from(list, tuple, own=homogenous_tuple_structure_factory(kind, converter))


def _is_table(kind: object) -> bool:
    return get_origin(kind) is Mapping


def _table_hook(kind: Any, converter: Converter) -> Hook:
    return _only_from(dict, own=mapping_structure_factory(kind, converter))


def _class_hook(kind: Any, converter: Converter) -> Hook:
    renamed: dict[str, Any] = {
        name: override(rename=key) for name, key in _KEYS.items() if hasattr(fields(kind), name)
    }
    own = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **renamed)
    return _only_from(dict, own=own)


def _value(value: object, _: object) -> object:
    """Take what a variable can hold."""
    if isinstance(value, (bool, int, float, str)):
        return value
    raise _unexpected("true or false, a number or a text", value)


def _converter(applications: ApplicationReader) -> Converter:
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _only_from(str))
    converter.register_structure_hook(bool, _only_from(bool))
    converter.register_structure_hook(int, _only_from(int))
    converter.register_structure_hook_func(lambda kind: kind == Value, _value)
    converter.register_structure_hook_func(
        lambda kind: kind == Application, lambda value, _: applications.read(value)
    )
    converter.register_structure_hook_factory(_is_row, _row_hook)
    converter.register_structure_hook_factory(_is_table, _table_hook)
    converter.register_structure_hook_factory(has, _class_hook)
    return converter
