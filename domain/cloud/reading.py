"""JSON of the cloud, read into values: unknown keys pass, absent ones are tolerated, wrong ones are told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar, get_args, get_origin

from attrs import has
from cattrs import Converter
from cattrs.cols import homogenous_tuple_structure_factory, mapping_structure_factory
from cattrs.errors import BaseValidationError
from cattrs.gen import make_dict_structure_fn
from cattrs.v import transform_error

T = TypeVar("T")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a JSON document can be."""

Hook: TypeAlias = Callable[[Any, Any], Any]  # what cattrs itself declares of its hooks

_MOST_TOLD: Final = 3
_NAMES: Final = {
    bool: "true or false",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "text",
    type(None): "null",
}


class Unreadable(ValueError):
    """The text is not JSON, or not the JSON that was expected; the message says where."""


def parse_json(text: bytes) -> Json:
    """Return the document in the text.

    Raises: Unreadable, also for what Python's reader will not swallow (endless nesting, huge numbers).
    """
    try:
        document: Json = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"it is not JSON ({fault})") from fault
    return document


def structure(document: Json, into: type[T]) -> T:
    """Return the document as a value of the class, a tuple of such, or a scalar.

    In objects, keys that the class does not know are passed over, and null counts as absent. Nothing is
    converted: text stays text, and a number where text belongs is an error.

    Raises: Unreadable, naming the path of every bad field, or of the first few.
    """
    try:
        return _converter().structure(document, into)
    except BaseValidationError as damage:
        found = transform_error(damage, path="$")
        more = [f"and {len(found) - _MOST_TOLD} more"] if len(found) > _MOST_TOLD else []
        raise Unreadable("; ".join(found[:_MOST_TOLD] + more)) from damage
    except (ValueError, TypeError) as damage:
        raise Unreadable(str(damage)) from damage


def _unexpected(wanted: str, found: object) -> ValueError:
    return ValueError(f"expected {wanted}, found {_NAMES.get(type(found), 'nothing')}")


def _exactly(*kinds: type) -> Hook:
    """Make a hook that lets through values of these kinds; true and false are no numbers."""

    def hook(value: object, _: object) -> object:
        if isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)):
            return value
        raise _unexpected(_NAMES[kinds[0]], value)

    return hook


def _whole(value: object, _: object) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _unexpected("a whole number", value)


def _is_row(kind: object) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[-1:] == (Ellipsis,)


def _is_table(kind: object) -> bool:
    return get_origin(kind) is Mapping


def _only_from(kind: type, own: Hook) -> Hook:
    """Let a hook see nothing but JSON of that kind, and objects without their nulls."""

    def hook(value: object, into: object) -> object:
        if not isinstance(value, kind):
            raise _unexpected(_NAMES[kind], value)
        if isinstance(value, dict):
            value = {key: item for key, item in value.items() if item is not None}
        return own(value, into)

    return hook


@cache
def _converter() -> Converter:
    converter = Converter()
    converter.register_structure_hook(str, _exactly(str))
    converter.register_structure_hook(bool, _exactly(bool))
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(float, _exactly(float, int))
    converter.register_structure_hook_factory(
        _is_row, lambda into, own: _only_from(list, homogenous_tuple_structure_factory(into, own))
    )
    converter.register_structure_hook_factory(
        _is_table, lambda into, own: _only_from(dict, mapping_structure_factory(into, own))
    )
    converter.register_structure_hook_factory(
        has, lambda into, own: _only_from(dict, make_dict_structure_fn(into, own))
    )
    return converter
