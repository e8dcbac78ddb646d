"""Assets and environment variables of a project, and its layout."""

from __future__ import annotations

import pytest
from tests.domain.project.conftest import Tree

from particle_cli.adapters.disk import Disk
from particle_cli.domain.project.assets import extras_for_binary, find_extras
from particle_cli.domain.project.errors import AssetsMissing, EnvironmentUnreadable
from particle_cli.domain.project.layout import Layout, is_project, layout_of


def test_assets_are_the_plain_files_directly_in_the_folder(disk: Disk, tree: Tree) -> None:
    tree(
        {
            "p/project.properties": "assetOtaDir=assets\n",
            "p/assets/b.txt": "B",
            "p/assets/a.bin": b"\x00",
            "p/assets/.dot": "",
            "p/assets/Thumbs.db": "",
            "p/assets/sub/c.txt": "",
        }
    )
    found = find_extras(disk, ["p"])
    assert [(asset.name, asset.content) for asset in found.assets] == [("a.bin", b"\x00"), ("b.txt", b"B")]
    assert found.wanted


@pytest.mark.parametrize("text", ["", "assetOtaDir=\n", "#assetOtaDir=assets\n"])
def test_without_a_folder_named_there_are_none(disk: Disk, tree: Tree, text: str) -> None:
    tree({"p/project.properties": text, "p/assets/a.txt": ""})
    assert not find_extras(disk, ["p"]).wanted


def test_a_folder_that_is_missing_or_a_file_is_told(disk: Disk, tree: Tree) -> None:
    tree({"p/project.properties": "assetOtaDir=assets"})
    with pytest.raises(AssetsMissing, match="The assets dir p/assets does not exist"):
        find_extras(disk, ["p"])
    tree({"p/assets": ""})
    with pytest.raises(AssetsMissing, match="The assets path p/assets is not a directory"):
        find_extras(disk, ["p"])


def test_the_first_project_that_has_a_key_decides(disk: Disk, tree: Tree) -> None:
    tree(
        {
            "a/project.properties": "env=e.json",
            "a/e.json": '{"A": "1"}',
            "b/project.properties": "assetOtaDir=x\nenv=no.json",
            "b/x/b.txt": "",
            "c/project.properties": "assetOtaDir=none",
            "m.ino": "",
        }
    )
    found = find_extras(disk, ["m.ino", "a", "b", "c"])
    assert found.environment == {"A": "1"}
    assert [asset.local for asset in found.assets] == ["b/x/b.txt"]


@pytest.mark.parametrize("text", [None, "{", "[1]", '{"A": 1}'])
def test_an_environment_that_cannot_be_used_is_told(disk: Disk, tree: Tree, text: str | None) -> None:
    tree({"p/project.properties": "env=e.json", **({} if text is None else {"p/e.json": text})})
    with pytest.raises(EnvironmentUnreadable, match=r"Env vars in file p/e\.json cannot be processed: "):
        find_extras(disk, ["p"])


def test_a_finished_application_gets_what_the_current_folder_says(disk: Disk, tree: Tree) -> None:
    tree({"project.properties": "assetOtaDir=x\nenv=e.json", "x/a.txt": "", "e.json": '{"A": "1"}'})
    found = extras_for_binary(disk, assets=None, environment=None)
    assert [asset.local for asset in found.assets] == ["x/a.txt"]
    assert found.environment == {"A": "1"}
    assert (found.assets_from, found.environment_from) == ("x", "e.json")


def test_what_is_named_goes_before_what_the_current_folder_says(disk: Disk, tree: Tree) -> None:
    tree(
        {
            "project.properties": "assetOtaDir=none\nenv=none.json",
            "p/my.properties": "assetOtaDir=x",
            "p/x/a.txt": "",
            "e.json": "{}",
        }
    )
    for assets in ("p/my.properties", "p/x"):
        found = extras_for_binary(disk, assets=assets, environment="e.json")
        assert (found.assets_from, found.environment_from) == ("p/x", "e.json")
        assert found.environment == {}


def test_a_project_says_that_it_has_no_assets(disk: Disk, tree: Tree) -> None:
    for text in ("assetOtaDir=", "env=e.json"):
        tree({"project.properties": text, "e.json": "{}"})
        assert extras_for_binary(disk, assets=None, environment=None).assets == ()
    tree({"project.properties": "name=x"})
    with pytest.raises(AssetsMissing, match="Add assetOtaDir"):
        extras_for_binary(disk, assets=None, environment=None)


def test_the_three_layouts(disk: Disk, tree: Tree) -> None:
    tree(
        {"old/a.ino": "", "flat/project.properties": "", "full/project.properties": "", "full/src/a.ino": ""}
    )
    assert [layout_of(disk, name) for name in ("old", "flat", "full")] == list(Layout)
    assert [is_project(disk, name) for name in ("old", "flat", "full")] == [False, True, True]
