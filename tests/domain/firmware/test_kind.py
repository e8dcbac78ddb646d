"""A module or a bundle: by name, or by content where there is none."""

from __future__ import annotations

import io
import zipfile

import pytest

from particle_cli.domain.firmware.kind import WrongKindOfFile, is_bundle


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"")
    return out.getvalue()


@pytest.mark.parametrize(("path", "bundle"), [("a.bin", False), ("a.ZIP", True), ("a.zip.bin", False)])
def test_the_name_decides(path: str, bundle: bool) -> None:
    assert is_bundle(archive("x"), path=path) is bundle
    assert is_bundle(b"", path=path) is bundle


@pytest.mark.parametrize("path", ["a.hex", "bin", "", "a.bin.txt"])
def test_other_names_are_refused(path: str) -> None:
    with pytest.raises(WrongKindOfFile, match=rf"File must be a \.bin or \.zip file: {path}"):
        is_bundle(b"", path=path)


def test_without_a_name_the_content_decides() -> None:
    assert is_bundle(archive("app.bin"), path=None)
    assert is_bundle(archive(), path=None)
    assert not is_bundle(b"", path=None)
    assert not is_bundle(memoryview(b"PK\1\2 but no archive"), path=None)
