"""Bundles are opened as if a stranger had made them."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.firmware.archive import MAX_ENTRIES
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import NamedFile, open_bundle
from particle_cli.domain.firmware.errors import BundleError, BundleUnsafe, FirmwareError, NoApplication
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.firmware.records import AssetDependency, asset_dependency_record

APP = b"application"
Files = list[tuple[str | zipfile.ZipInfo, bytes]]


def packed(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make an archive with another program's writer."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return out.getvalue()


def mode(name: str, bits: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = bits << 16
    return info


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bundle_is_an_application_and_its_assets(method: int) -> None:
    bundle = open_bundle(
        packed(
            [
                ("app.bin", APP),
                ("assets/", b""),
                ("assets/b", b"two"),
                ("assets/a", b""),
                ("env.json", b'{"A": "1"}'),
            ],
            method,
        ),
        name="x.zip",
    )
    assert bundle.application == NamedFile("app.bin", APP)
    assert bundle.assets == (NamedFile("b", b"two"), NamedFile("a", b""))
    assert bundle.env == {"A": "1"}
    assert bundle.ignored == ()


def test_what_is_no_part_of_a_bundle_is_left_out_and_told() -> None:
    files: Files = [
        ("./app.bin", APP),
        ("readme.txt", b""),
        ("assets/deep/a", b""),
        ("__MACOSX/._app.bin", b""),
        ("._app.bin", b""),
        ("assets/.DS_Store", b""),
        ("assets/Thumbs.db", b""),
        ("A.BIN", b""),
    ]
    bundle = open_bundle(packed(files), name="x.zip")
    assert bundle.application.name == "app.bin"
    assert bundle.assets == ()
    assert bundle.ignored == tuple(str(name) for name, _ in files[1:])


def test_clutter_that_the_application_names_is_an_asset() -> None:
    app = build_module(
        platform_id=12,
        function=5,
        index=2,
        version=1,
        start_address=0xB4000,
        payload=b"",
        product=(12, 1),
        suffix_extensions=[asset_dependency_record(AssetDependency(".hidden", bytes(32)))],
    )
    files: Files = [("app.bin", write_module(app)), ("assets/.hidden", b"1"), ("assets/.DS_Store", b"2")]
    assert open_bundle(packed(files), name="x.zip").assets == (NamedFile(".hidden", b"1"),)


def test_a_comment_and_a_name_without_the_utf8_flag_do_no_harm() -> None:
    data = bytearray(packed([("app.bin", APP), ("assets/ä", b"1")]))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.rfind(mark)
        data[at + place + 1] &= ~0x08
    data[-2:] = struct.pack("<H", 5)
    assert open_bundle(bytes(data) + b"hello", name="x.zip").assets == (NamedFile("ä", b"1"),)


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "assets/../x",
        "assets/..",
        "/etc/x",
        "/assets/x",
        "assets//x",
        "C:/x",
        "assets/C:x",
        "assets/a\\..\\b",
        "..\\x",
    ],
)
def test_a_name_that_leads_elsewhere_condemns_the_archive(name: str) -> None:
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    with pytest.raises(BundleUnsafe):
        open_bundle(packed([("app.bin", APP), (info, b"")]), name="x.zip")


@pytest.mark.parametrize("name", ["a\x01b", "a\x7f", "n" * 256, "ä" * 128])
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BundleUnsafe, match="asset name"):
        open_bundle(packed([("app.bin", APP), (f"assets/{name}", b"")]), name="x.zip")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("assets/a", "assets/a"), "is there twice"),
        (("assets/a", "assets/A"), "differ in upper and lower case only"),
        (("assets/\u00e9", "assets/e\u0301"), "differ"),
        (("env.json", "env.json"), "twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twins_are_refused(names: tuple[str, str], says: str) -> None:
    with pytest.raises(BundleUnsafe, match=says):
        open_bundle(packed([("app.bin", APP), *((name, b"{}") for name in names)]), name="x.zip")


def test_two_applications_are_one_too_many() -> None:
    with pytest.raises(BundleError, match=r"more applications than one: a\.bin and b\.bin"):
        open_bundle(packed([("a.bin", APP), ("b.bin", APP)]), name="x.zip")


def test_a_bundle_inside_an_archive_is_not_opened() -> None:
    inner = packed([("app.bin", APP)])
    with pytest.raises(NoApplication) as caught:
        open_bundle(packed([("inner.zip", inner), ("app.txt", b"")]), name="outer.zip")
    assert caught.value.next_step == "outer.zip holds another archive, inner.zip: unpack that one first."


@pytest.mark.parametrize("bits", [0o120777, 0o010644, 0o060644])
def test_links_and_special_files_are_refused(bits: int) -> None:
    with pytest.raises(BundleUnsafe, match="link or special file"):
        open_bundle(packed([("app.bin", APP), (mode("assets/a", bits), b"/etc/passwd")]), name="x.zip")


def central(data: bytes, place: int, content: bytes) -> bytes:
    """Overwrite a field of the first directory entry."""
    at = data.index(b"PK\1\2") + place
    return data[:at] + content + data[at + len(content) :]


ONE = packed([("app.bin", APP * 100)])
DAMAGE: dict[str, tuple[Callable[[], bytes], type[BundleError], str]] = {
    "nothing": (lambda: b"", BundleError, "no zip archive"),
    "text": (lambda: b"PK" * 100, BundleError, "no zip archive"),
    "encrypted": (lambda: central(ONE, 8, b"\1\0"), BundleUnsafe, "encrypted"),
    "other method": (lambda: central(ONE, 10, b"\x0c\0"), BundleError, "compression method 12"),
    "wrong CRC": (lambda: central(ONE, 16, b"\0\0\0\0"), BundleError, "CRC of 'app.bin' should be 00000000"),
    "declares too little": (
        lambda: central(ONE, 24, b"\5\0\0\0"),
        BundleUnsafe,
        "declares 5 bytes and holds more",
    ),
    "declares too much": (
        lambda: central(ONE, 24, b"\0\0\1\0"),
        BundleError,
        "declares 65536 bytes and holds 1100",
    ),
    "declares a bomb": (
        lambda: central(ONE, 24, b"\0\0\0\x7f"),
        BundleUnsafe,
        "declares 2130706432 bytes; 33554432",
    ),
    "zip64": (lambda: central(ONE, 20, b"\xff" * 4), BundleError, "zip64"),
    "no entry there": (lambda: central(ONE, 42, b"\1\0\0\0"), BundleError, "no entry at 0x1"),
    "two names": (lambda: ONE.replace(b"app.bin", b"ape.bin", 1), BundleUnsafe, "two different names"),
    "cut": (lambda: ONE[:40] + ONE[60:], BundleError, "damaged"),
    "no deflate": (lambda: ONE[:37] + b"\xff" * 10 + ONE[47:], BundleError, "cannot be inflated"),
    "too many": (
        lambda: packed([(f"assets/{number}", b"") for number in range(MAX_ENTRIES + 1)]),
        BundleUnsafe,
        "4097 entries; 4096 are allowed",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_an_archive_that_is_not_sound_is_refused_with_the_reason(damage: str) -> None:
    make, error, says = DAMAGE[damage]
    with pytest.raises(error, match=says):
        open_bundle(make(), name="x.zip")


def test_entries_that_share_bytes_are_refused() -> None:
    data = packed([("a.bin", APP), ("b.txt", APP)])
    second = data.rindex(b"PK\1\2")
    twin = data[:second] + data[second : second + 42] + b"\0\0\0\0" + b"a.bin" + data[second + 51 :]
    with pytest.raises(BundleUnsafe, match="shares bytes"):
        open_bundle(twin, name="x.zip")


def test_a_bomb_is_given_up_after_its_declared_size() -> None:
    bomb = zlib.compress(bytes(1 << 26), 9, -15)
    data = bytearray(packed([("app.bin", APP), ("assets/bomb", bytes(1 << 26))]))
    at = data.rindex(b"PK\1\2") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    assert len(data) < len(bomb) * 2
    with pytest.raises(BundleUnsafe, match="declares 100 bytes and holds more"):
        open_bundle(bytes(data), name="x.zip")


def test_a_large_bundle_is_held_in_memory_once() -> None:
    content = random.Random(3).randbytes(4 << 20)
    data = packed([("app.bin", APP), ("assets/noise", content)])
    tracemalloc.start()
    try:
        bundle = open_bundle(data, name="x.zip")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert bundle.assets[0].data == content
    assert peak < 1.1 * len(content)


def test_sizes_are_summed_up_before_anything_is_inflated() -> None:
    files: Files = [("app.bin", APP), ("assets/a", bytes(600)), ("assets/b", bytes(600))]
    with pytest.raises(BundleUnsafe, match="declares 1211 bytes; 1000 are allowed"):
        open_bundle(packed(files), name="x.zip", max_size=1000)
    assert open_bundle(packed([*files, ("ignored", bytes(9999))]), name="x.zip", max_size=1211)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"A": 1}', b"\xff", b"[" * 100_000, b'{"A": ' + b"1" * 5000 + b"}"]
)
def test_an_env_json_that_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(BundleError, match=r"^Env file at env\.json is invalid: "):
        open_bundle(packed([("app.bin", APP), ("env.json", text)]), name="x.zip")


SOUND = packed([("app.bin", APP), ("assets/a", b"one" * 50), ("env.json", b'{"A": "1"}')])


@given(st.data())
def test_changed_and_cut_archives_end_in_a_bundle_or_in_our_own_error(data: st.DataObject) -> None:
    damaged = bytearray(SOUND)
    for _ in range(data.draw(st.integers(0, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FirmwareError):
        open_bundle(bytes(damaged[: data.draw(st.integers(len(damaged) - 30, len(damaged)))]), name="x.zip")
