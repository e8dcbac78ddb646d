"""Describe messages: the modules that a device has, as it tells the cloud.

    {"p": platform, "f": [functions], "v": {variable: type},
     "m": [{"s", "l", "vc", "vv", "u", "f", "n", "v", "d": [{"f", "n", "v"}]}]}

Old firmware leaves out fields of modules that are not valid, and tells empty slots and dependencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.functions import ModuleFunction, function_of, letter
from particle_cli.domain.firmware.module import Dependency

INTEGRITY = 0x02
DEPENDENCIES = 0x04
RANGE = 0x08
PLATFORM = 0x10
PRODUCT = 0x20
DEPENDENCIES_FULL = 0x40
MAIN, FACTORY, BACKUP, SCRATCHPAD, ELSEWHERE = "m", "f", "b", "t", "_"


class DescribeInvalid(FirmwareError):
    """A describe message that does not tell modules as it must."""

    code = "describe_invalid"


@frozen
class DescribedModule:
    """One module, or slot for one.

    Attributes:
        location: `m` main, `f` factory, `b` backup, `t` scratchpad, `_` elsewhere.
        function, index, version: None where the device does not tell.
        max_size: bytes that the slot has.
        checked, passed: which checks were made, and which of them it passed (INTEGRITY and so on).
        uuid: SHA-256 in upper-case hexadecimal; of applications only.
        dependencies: what it needs.
        platform_id: told only when asked for.
    """

    location: str = MAIN
    function: int | None = None
    index: int | None = None
    version: int | None = None
    max_size: int | None = None
    checked: int = 0
    passed: int = 0
    uuid: str | None = None
    dependencies: tuple[Dependency, ...] = ()
    platform_id: int | None = None

    @property
    def valid(self) -> bool:
        """Whether it passed every check that was made."""
        return self.checked == self.passed

    def passes(self, check: int) -> bool:
        """Return whether it passed a check, e.g. INTEGRITY."""
        return bool(self.passed & check)

    def meets(self, need: Dependency) -> bool:
        """Return whether it is what another module depends on. A version that is not told counts as 0."""
        same = (self.function, self.index) == (need.function, need.index)
        return same and (self.version or 0) >= need.version


@frozen
class Describe:
    """What a device tells of itself, as far as its firmware goes."""

    platform_id: int | None
    modules: tuple[DescribedModule, ...]

    @property
    def system_version(self) -> int | None:
        """Version of the first system part in the order told, which is not always the newest; or None."""
        systems = (module for module in self.modules if module.function == ModuleFunction.SYSTEM_PART)
        return next((module.version for module in systems), None)

    @property
    def application(self) -> DescribedModule | None:
        """The application in main memory (of several the last), or None."""
        return next(
            (
                module
                for module in reversed(self.modules)
                if module.function == ModuleFunction.USER_PART and module.location == MAIN
            ),
            None,
        )


def read_describe(message: Mapping[str, object]) -> Describe:
    """Read a describe message that was parsed from JSON.

    Raises: DescribeInvalid when it has no list of modules, or a field of the wrong kind.
    """
    modules = message.get("m")
    if not isinstance(modules, list):
        raise DescribeInvalid("The describe message tells no modules.")
    return Describe(_number(message, "p"), tuple(_module(entry) for entry in modules))


def _module(entry: object) -> DescribedModule:
    if not isinstance(entry, Mapping):
        raise DescribeInvalid(f"The describe message has a module that is no object: {entry!r}.")
    dependencies = entry.get("d") or []
    if not isinstance(dependencies, list):
        raise DescribeInvalid("The describe message has a module whose `d` is no list.")
    return DescribedModule(
        location=_text(entry, "l") or MAIN,
        function=_function(entry),
        index=_number(entry, "n"),
        version=_number(entry, "v"),
        max_size=_number(entry, "s"),
        checked=_number(entry, "vc") or 0,
        passed=_number(entry, "vv") or 0,
        uuid=_text(entry, "u"),
        dependencies=tuple(need for need in map(_dependency, dependencies) if need),
        platform_id=_number(entry, "p"),
    )


def _dependency(entry: object) -> Dependency | None:
    """Read a dependency; None for an empty slot, which old firmware tells."""
    if not isinstance(entry, Mapping):
        raise DescribeInvalid(f"The describe message has a dependency that is no object: {entry!r}.")
    function = _function(entry)
    if not function:
        return None
    return Dependency(function, _number(entry, "n") or 0, _number(entry, "v") or 0)


def _function(entry: Mapping[str, object]) -> int | None:
    told = _text(entry, "f")
    return function_of(told) if told else None


def _text(entry: Mapping[str, object], key: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise DescribeInvalid(f"The describe message has {value!r} for `{key}`, where text belongs.")
    return value


def _number(entry: Mapping[str, object], key: str) -> int | None:
    """Read a number, which may be written as text, as the index is."""
    value = entry.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and len(value) <= 10 and value.isascii() and value.isdigit():
        return int(value)
    raise DescribeInvalid(f"The describe message has {value!r} for `{key}`, where a number belongs.")


def described(module: DescribedModule) -> Mapping[str, object]:
    """Return a module as a device writes it, ready for JSON; what is None is left out."""
    told = {
        "s": module.max_size,
        "l": module.location,
        "vc": module.checked,
        "vv": module.passed,
        "u": module.uuid,
        "f": None if module.function is None else letter(module.function),
        "n": None if module.index is None else str(module.index),
        "v": module.version,
        "p": module.platform_id,
        "d": [
            {"f": letter(need.function), "n": str(need.index), "v": need.version}
            for need in module.dependencies
        ],
    }
    return {key: value for key, value in told.items() if value is not None}


def repaired(modules: Sequence[DescribedModule]) -> tuple[DescribedModule, ...]:
    """Fill in what old firmware leaves out of modules that fail: they are system parts, numbered in a row."""
    result = list(modules)
    for place, module in enumerate(result):
        if module.location != MAIN:
            continue
        if module.function == ModuleFunction.USER_PART:
            break
        if module.index is not None:
            continue
        before = result[place - 1].index if place else None
        if not place:
            result[place] = evolve(module, index=0)
        elif before is not None:
            result[place] = evolve(
                module,
                index=before + 1,
                function=ModuleFunction.SYSTEM_PART if module.function is None else module.function,
                version=module.version or 0,
            )
    return tuple(result)
