"""How functions and variables travel in an application."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.firmware.application import (
    MARK,
    ApplicationManifest,
    Function,
    Value,
    Variable,
    decode_manifest,
    encode_manifest,
)
from particle_cli.simulators.system.runtime import NotOffered, Runtime

MANIFEST = ApplicationManifest(
    functions=(Function("led", 7), Function("ping")),
    variables=(
        Variable("t", "double", 21.5),
        Variable("name", "string", "Zoë"),
        Variable("on", "bool", True),
    ),
)
names = st.text(min_size=1, max_size=12)
values: st.SearchStrategy[Value] = st.one_of(
    st.booleans(), st.integers(-(2**31), 2**31 - 1), st.floats(allow_nan=False), st.text(max_size=20)
)
manifests = st.builds(
    ApplicationManifest,
    functions=st.lists(st.builds(Function, names, st.integers(-5, 5)), unique_by=lambda one: one.name).map(
        tuple
    ),
    variables=st.lists(st.builds(Variable, names, names, values), unique_by=lambda one: one.name).map(tuple),
)


def test_the_bytes() -> None:
    manifest = ApplicationManifest((Function("led", 7),), (Variable("t", "int", 1),))
    assert encode_manifest(manifest).hex() == (
        "0073696d756c61746564206170701a00"
        "33000000"
        "52a43346" + b'{"functions":{"led":7},"variables":{"t":["int",1]}}'.hex()
    )


@given(manifests, st.binary(max_size=50), st.binary(max_size=50))
def test_it_is_found_wherever_it_lies(manifest: ApplicationManifest, before: bytes, after: bytes) -> None:
    assert decode_manifest(before + encode_manifest(manifest) + after) == manifest


def test_real_firmware_has_none() -> None:
    assert decode_manifest(bytes(5000)) is None
    assert decode_manifest(MARK) is None
    damaged = bytearray(encode_manifest(MANIFEST))
    damaged[-1] ^= 1
    assert decode_manifest(bytes(damaged)) is None
    assert decode_manifest(bytes(damaged) + encode_manifest(MANIFEST)) == MANIFEST


def test_what_runs_offers_exactly_this() -> None:
    runtime = Runtime(MANIFEST, handlers={}, sources={})
    assert runtime.functions == ("led", "ping")
    assert runtime.variables == {"t": "double", "name": "string", "on": "bool"}
    assert (runtime.call("led", "on"), runtime.call("ping", "")) == (7, 1)
    assert (runtime.variable("t"), runtime.variable("name")) == (21.5, "Zoë")
    with pytest.raises(NotOffered):
        runtime.call("t", "")
    with pytest.raises(NotOffered):
        runtime.variable("led")


def test_python_answers_in_place_of_the_literal() -> None:
    calls: list[str] = []

    def led(argument: str) -> int:
        calls.append(argument)
        return len(argument)

    runtime = Runtime(MANIFEST, handlers={"led": led, "other": led}, sources={"t": lambda: 3.25})
    assert runtime.call("led", "blink") == 5
    assert calls == ["blink"]
    assert runtime.variable("t") == 3.25
    with pytest.raises(NotOffered):
        runtime.call("other", "")
