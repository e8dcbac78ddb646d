"""Bundles are made so that every reader, and a device, takes them."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.firmware.asset_limits import asset_budget, require_fitting
from particle_cli.domain.firmware.assets import asset_module, bundle_modules, unwrap_asset
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import NamedFile, open_bundle, read_env_json
from particle_cli.domain.firmware.bundling import (
    create_bundle,
    require_asset_support,
    without_asset_dependencies,
)
from particle_cli.domain.firmware.env_vars import EnvInvalid, Snapshot, decode_env, encode_env
from particle_cli.domain.firmware.errors import BundleError, LimitExceeded, ModuleBroken, ModuleUnsuited
from particle_cli.domain.firmware.inspection import inspect_bundle
from particle_cli.domain.firmware.module import Dependency, Module, parse_module, write_module
from particle_cli.domain.firmware.records import asset_dependencies, asset_type_field
from particle_cli.domain.platforms.errors import UnknownPlatform


def application(platform_id: int = 12, index: int = 2) -> NamedFile:
    module = build_module(
        platform_id=platform_id,
        function=5,
        index=index,
        version=1,
        start_address=0xB4000,
        payload=b"code",
        product=(12, 1),
    )
    return NamedFile("app.bin", write_module(module))


CAT, DOG = NamedFile("cat.txt", b"miau"), NamedFile("dog.txt", b"wau")


def test_a_bundle_opens_again_and_its_application_names_its_assets() -> None:
    data = create_bundle(application(), [DOG, CAT], {"FOO": "bar"})
    bundle = open_bundle(data, name="x.zip")
    assert bundle.application.name == "app.bin"
    assert bundle.assets == (DOG, CAT, NamedFile("env", encode_env({"FOO": "bar"})))
    assert bundle.env == {"FOO": "bar"}
    assert inspect_bundle(data, name="x.zip").faults == ()
    named = asset_dependencies(parse_module(bundle.application.data, name="app.bin").extensions)
    assert [asset.name for asset in named] == ["dog.txt", "cat.txt", "env"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert create_bundle(application(), [CAT], {"A": ""}) == create_bundle(application(), [CAT], {"A": ""})


def test_other_programs_can_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(create_bundle(application(), [CAT], {"A": "1"}))) as archive:
        assert archive.namelist() == ["app.bin", "assets/cat.txt", "assets/env", "env.json"]
        assert archive.testzip() is None
        assert archive.read("env.json") == b'{\n  "A": "1"\n}'


def test_without_assets_the_application_stays_as_it_is() -> None:
    bundle = open_bundle(create_bundle(application(), []), name="x.zip")
    assert bundle.application == application()
    assert bundle.assets == ()


def test_bundling_again_replaces_the_list_of_assets() -> None:
    first = open_bundle(create_bundle(application(32, 1), [CAT]), name="x.zip").application
    second = open_bundle(create_bundle(first, [DOG, CAT]), name="x.zip")
    module = parse_module(second.application.data, name="app.bin")
    assert [asset.name for asset in asset_dependencies(module.extensions)] == ["dog.txt", "cat.txt"]
    assert asset_dependencies(without_asset_dependencies(module).extensions) == ()


def test_an_asset_module_goes_in_unwrapped() -> None:
    wrapped = NamedFile("cat.txt", write_module(asset_module(b"miau", "other name")))
    assert open_bundle(create_bundle(application(), [wrapped]), name="x.zip").assets == (CAT,)


def test_a_device_gets_the_application_and_every_asset_as_a_module() -> None:
    bundle = open_bundle(create_bundle(application(), [CAT], {"A": "1"}), name="x.zip")
    (name, app), cat, (env_name, env) = bundle_modules(bundle)
    assert (name, app.prefix.function) == ("app.bin", 5)
    assert (cat[0], unwrap_asset(cat[1])) == ("cat.txt", ("cat.txt", b"miau"))
    assert env_name == "env"
    assert asset_type_field(env.suffix.extensions[2]) == 1
    assert unwrap_asset(env)[1] == encode_env({"A": "1"})


@pytest.mark.parametrize(
    ("names", "env", "says"),
    [
        (["a", "a"], None, "have the same name"),
        (["a", "A"], None, "have the same name"),
        (["env"], {"A": "1"}, "taken by the environment variables"),
        (["../a"], None, "is a path, not a name"),
        ([""], None, "is no name"),
        (["a\n"], None, "control characters"),
        (["n" * 256], None, "longer than 255 bytes"),
    ],
)
def test_names_that_a_device_or_disk_would_mix_up_are_refused(
    names: list[str], env: dict[str, str] | None, says: str
) -> None:
    with pytest.raises(BundleError, match=says):
        create_bundle(application(), [NamedFile(name, b"") for name in names], env)


def test_an_application_must_have_a_name_that_readers_take() -> None:
    with pytest.raises(BundleError, match=r"ends in \.bin"):
        create_bundle(NamedFile("app.elf", application().data), [])


def test_what_an_asset_takes_is_counted_as_the_device_does() -> None:
    noise = random.Random(1).randbytes(5000)
    budget = asset_budget(12, [NamedFile("ones", b"\1" * 5000), NamedFile("noise", noise)])
    ones, random_bytes = budget.assets
    assert (ones.original, ones.storage) == (5000, 4096)
    assert random_bytes.module == asset_module(noise, "noise").length > 5000
    assert random_bytes.storage == 8192
    assert (budget.total, budget.max_single, budget.max_total) == (12288, 606208, 1138688)
    assert budget.faults == ()


def test_all_limits_that_are_exceeded_are_told_at_once() -> None:
    noise = random.Random(2)
    assets = [NamedFile(name, noise.randbytes(700_000)) for name in ("a", "b")]
    excess = asset_module(assets[0].data, "a").length - 606208
    assert excess > 90_000
    with pytest.raises(LimitExceeded) as caught:
        require_fitting(12, assets)
    assert caught.value.message == (
        f"Asset a exceeds maximum single asset size limit by {excess} bytes. "
        f"Asset b exceeds maximum single asset size limit by {excess} bytes. "
        "Total size of assets exceeds platform limits by 270336 bytes."
    )


def test_a_platform_without_asset_storage_takes_no_assets() -> None:
    with pytest.raises(ModuleUnsuited, match="does not support assets: Photon"):
        create_bundle(application(6, 1), [CAT])
    with pytest.raises(UnknownPlatform):
        create_bundle(application(99), [CAT])


@pytest.mark.parametrize(
    ("variables", "error", "says"),
    [
        ({f"V{number}": "" for number in range(101)}, LimitExceeded, "maximum of 100"),
        ({"A": "x" * 16384}, LimitExceeded, "16392 characters"),
        ({"A": "\U0001f600" * 8189}, LimitExceeded, "maximum size"),
        ({"A" * 129: "x"}, EnvInvalid, r"too long: A{30}\.\.\."),
        ({"foo": "x"}, EnvInvalid, "Invalid variable name: foo"),
        ({"1A": "x"}, EnvInvalid, "Invalid variable name: 1A"),
        ({"A\n": "x"}, EnvInvalid, "Invalid variable name"),
        ({"A": "\ud800"}, EnvInvalid, "not valid Unicode"),
        ({"A": 1}, EnvInvalid, "not a string: A"),
    ],
)
def test_variables_that_a_device_would_not_take_are_refused(
    variables: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        encode_env(variables)


NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,20}", fullmatch=True)


@given(
    st.dictionaries(NAMES, st.text(st.characters(codec="utf-8"), max_size=40), max_size=20),
    st.none() | st.builds(Snapshot, st.binary(min_size=1, max_size=32), st.integers(0, (1 << 64) - 1)),
)
def test_decoding_undoes_encoding(variables: dict[str, str], snapshot: Snapshot | None) -> None:
    assert decode_env(encode_env(variables, snapshot)) == (variables, snapshot)


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_variables_or_our_own_error(data: bytes) -> None:
    try:
        decode_env(data)
    except ModuleBroken as error:
        assert "byte" in error.message  # noqa: PT017


def test_more_than_any_device_takes_is_not_even_read() -> None:
    with pytest.raises(LimitExceeded, match="131073 bytes"):
        decode_env(bytes(131_073))
    with pytest.raises(BundleError, match="262145 bytes"):
        read_env_json(b" " * 262_145)


def test_only_applications_for_a_device_os_with_assets_can_have_any() -> None:
    def module(function: int, *needs: Dependency) -> Module:
        return build_module(
            platform_id=12,
            function=function,
            index=1,
            version=9999,
            start_address=0,
            payload=b"",
            dependencies=needs,
        )

    require_asset_support(module(5, Dependency(2, 0, 9999), Dependency(4, 1, 5500)))
    for needs in ((), (Dependency(4, 1, 5499),), (Dependency(2, 0, 9999),)):
        with pytest.raises(ModuleUnsuited, match="Asset support only available"):
            require_asset_support(module(5, *needs))
    with pytest.raises(ModuleUnsuited, match="this is a system module"):
        require_asset_support(module(4, Dependency(4, 2, 6000)))


def test_an_empty_value_is_written_out() -> None:
    assert encode_env({"A": ""}) == bytes.fromhex("0a05 0a0141 1200")


def test_a_snapshot_needs_a_hash_and_a_time() -> None:
    with pytest.raises(EnvInvalid, match="hash"):
        encode_env({}, Snapshot(b"", 1))
    with pytest.raises(EnvInvalid, match="timestamp"):
        encode_env({}, Snapshot(b"x", -1))


def test_the_hash_that_the_application_names_is_that_of_the_raw_asset() -> None:
    bundle = open_bundle(create_bundle(application(), [CAT]), name="x.zip")
    named = asset_dependencies(parse_module(bundle.application.data, name="app.bin").extensions)
    assert named[0].hash == hashlib.sha256(b"miau").digest()
