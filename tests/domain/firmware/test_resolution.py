"""What a device lacks, by what it tells of itself."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.describes import (
    DEPENDENCIES,
    FACTORY,
    INTEGRITY,
    MAIN,
    PLATFORM,
    PRODUCT,
    RANGE,
    Describe,
    DescribedModule,
    DescribeInvalid,
    described,
    read_describe,
    repaired,
)
from particle_cli.domain.firmware.functions import ModuleFunction, function_of
from particle_cli.domain.firmware.module import Dependency, Module, parse_module
from particle_cli.domain.firmware.resolution import (
    missing_dependencies,
    missing_for,
    missing_for_application,
    resolve,
    unmet,
)

BOOT, SYSTEM, USER = ModuleFunction.BOOTLOADER, ModuleFunction.SYSTEM_PART, ModuleFunction.USER_PART


def has(function: int, index: int, version: int, *needs: Dependency, location: str = MAIN) -> DescribedModule:
    return DescribedModule(location, function, index, version, dependencies=needs)


def binary(function: int, index: int, version: int, *needs: Dependency) -> Module:
    return build_module(
        platform_id=6,
        function=function,
        index=index,
        version=version,
        start_address=0,
        payload=b"",
        dependencies=needs,
    )


def needs(entries: list[dict[str, Any]]) -> list[Dependency]:
    """Read the peer's answers, which are modules with the version that is needed."""
    return [Dependency(function_of(entry["f"]) or 0, int(entry["n"]), entry["v"]) for entry in entries]


def test_real_describes_are_read_and_resolved_as_recorded(corpus: Path) -> None:
    recorded = json.loads((corpus / "modules/describes.json").read_text())
    for name, entry in recorded.items():
        if "m" not in entry["describe"]:
            with pytest.raises(DescribeInvalid, match="no modules"):
                read_describe(entry["describe"])
            continue
        describe = read_describe(entry["describe"])
        assert describe.system_version == entry["getSystemVersion"], name
        missing = needs(entry["findAnyMissingDependencies"])
        assert list(missing_dependencies(describe)) == missing, name
        with_factory = needs(entry["findAnyMissingDependenciesWithFactory"])
        assert list(missing_dependencies(describe, with_factory=True)) == with_factory, name
        user = entry["userModuleHasMissingDependencies"]
        assert list(missing_for_application(describe)) == needs(user.get("rejects", [])), name
        assert (describe.application is None) is (user.get("resolves") == "no user module"), name
        wanted = binary(USER, 1, 1, Dependency(SYSTEM, 1, 9999), Dependency(BOOT, 0, 9999))
        assert list(missing_for(describe, wanted)) == needs(entry["solve_s1_9999_b0_9999"]), name
        again = repaired(describe.modules)
        assert [dict(described(module)) for module in again] == without_marks(entry["repaired"]), name
        predicates = [predicates_of(module) for module in describe.modules]
        assert predicates == [predicates_recorded(module) for module in entry["modules"]], name


def without_marks(modules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the empty `_` that old firmware writes into dependencies."""
    for module in modules:
        for need in module["d"]:
            need.pop("_", None)
    return modules


def predicates_of(module: DescribedModule) -> list[bool]:
    checks = [module.passes(check) for check in (INTEGRITY, DEPENDENCIES, RANGE, PLATFORM, PRODUCT)]
    kinds = [module.function == USER, module.function == SYSTEM, module.location == MAIN]
    return [module.valid, *checks, *kinds]


def predicates_recorded(module: dict[str, Any]) -> list[bool]:
    names = (
        "isValid",
        "hasIntegrity",
        "areDependenciesValid",
        "isImageAddressInRange",
        "isImagePlatformValid",
        "isImageProductValid",
        "isUserModule",
        "isSystemModule",
        "isMainLocation",
    )
    return [module[name] for name in names]


def test_real_modules_come_in_the_order_of_their_dependencies(corpus: Path) -> None:
    def real(name: str) -> Module:
        return parse_module((corpus / "modules" / name).read_bytes(), name=name)

    part1, part2, user = (real(f"040_{part}.bin") for part in ("system-part1", "system-part2", "user-part"))
    nothing = Describe(6, (has(BOOT, 0, 3),))
    assert resolve(nothing, user, [part2, part1]) == (part1, part2)
    old = Describe(6, (has(BOOT, 0, 3), has(SYSTEM, 1, 1), has(SYSTEM, 2, 0)))
    assert resolve(old, user, [part2, part1]) == (part2,)


def test_a_dependency_is_met_by_the_same_or_a_newer_version() -> None:
    modules = [has(SYSTEM, 1, 3000)]
    assert unmet(modules, [Dependency(SYSTEM, 1, version) for version in (2999, 3000, 3001)]) == (
        Dependency(SYSTEM, 1, 3001),
    )


def test_a_copy_outside_main_memory_meets_nothing() -> None:
    describe = Describe(6, (has(SYSTEM, 1, 9, location=FACTORY), has(USER, 1, 1, Dependency(SYSTEM, 1, 2))))
    assert missing_dependencies(describe) == (Dependency(SYSTEM, 1, 2),)


def test_of_two_modules_in_one_place_any_may_meet_the_need() -> None:
    describe = Describe(6, (has(SYSTEM, 1, 6), has(SYSTEM, 1, 8), has(USER, 1, 1, Dependency(SYSTEM, 1, 7))))
    assert missing_dependencies(describe) == ()


def test_what_several_modules_lack_is_told_once() -> None:
    need = Dependency(BOOT, 0, 5)
    assert missing_dependencies(Describe(6, (has(SYSTEM, 1, 1, need), has(SYSTEM, 2, 1, need)))) == (need,)


def test_a_module_that_two_others_need_is_sent_once_and_first() -> None:
    boot = binary(BOOT, 0, 5)
    one = binary(SYSTEM, 1, 5, Dependency(BOOT, 0, 5))
    two = binary(SYSTEM, 2, 5, Dependency(SYSTEM, 1, 5), Dependency(BOOT, 0, 5))
    user = binary(USER, 1, 1, Dependency(SYSTEM, 2, 5))
    assert resolve(Describe(6, ()), user, [two, one, boot]) == (boot, one, two)


def test_modules_that_need_one_another_end() -> None:
    one = binary(SYSTEM, 1, 5, Dependency(SYSTEM, 2, 5))
    two = binary(SYSTEM, 2, 5, Dependency(SYSTEM, 1, 5))
    user = binary(USER, 1, 1, Dependency(SYSTEM, 1, 5))
    assert resolve(Describe(6, ()), user, [one, two]) == (two, one)


def test_what_the_store_does_not_have_stays_missing() -> None:
    user = binary(USER, 1, 1, Dependency(SYSTEM, 1, 5))
    assert resolve(Describe(6, ()), user, [binary(SYSTEM, 1, 4)]) == ()
    assert missing_for(Describe(6, ()), user) == (Dependency(SYSTEM, 1, 5),)


def test_empty_slots_are_no_dependencies() -> None:
    told = {
        "m": [{"f": "s", "n": "1", "v": 1, "d": [{"f": "n", "n": "0", "v": 0}, {"f": "b", "n": 0, "v": 2}]}]
    }
    assert read_describe(told).modules[0].dependencies == (Dependency(BOOT, 0, 2),)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"m": {}},
        {"m": [1]},
        {"m": [{"d": {"f": "s"}}]},
        {"m": [{"d": [1]}]},
        {"m": [{"v": "x"}]},
        {"m": [{"v": True}]},
        {"m": [{"f": 1}]},
        {"m": [{"n": "²"}]},
        {"m": [{"n": "9" * 5000}]},
        {"p": [], "m": []},
    ],
)
def test_a_message_that_does_not_tell_modules_is_refused(message: dict[str, object]) -> None:
    with pytest.raises(DescribeInvalid):
        read_describe(message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["f", "n", "v", "l", "s", "d", "u"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3))
def test_arbitrary_modules_are_read_or_refused(modules: list[object]) -> None:
    with contextlib.suppress(DescribeInvalid):
        describe = read_describe({"m": modules})
        repaired(describe.modules)
        missing_dependencies(describe)


def test_what_is_written_reads_back_equal() -> None:
    module = DescribedModule(MAIN, USER, 2, 6, 262144, 30, 26, "AB" * 32, (Dependency(SYSTEM, 1, 3103),), 13)
    assert read_describe({"m": [described(module)]}).modules == (module,)
