"""What every implementation of the files port keeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from particle_cli.adapters.disk import Disk
from particle_cli.ports.files import FileError, FileMissing, FileRefused, Files

links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")


@pytest.fixture(params=["disk"])
def files(request: pytest.FixtureRequest) -> Files:
    return {"disk": Disk}[request.param]()


def at(folder: Path, *names: str) -> str:
    return os.path.join(str(folder), *names)


def plant(folder: Path, *paths: str) -> None:
    for path in paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(path)


def test_what_is_written_reads_back(files: Files, tmp_path: Path) -> None:
    files.write(at(tmp_path, "a.bin"), b"\x00\xff one")
    assert files.read(at(tmp_path, "a.bin")) == b"\x00\xff one"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(before=st.binary(max_size=300), after=st.binary(max_size=300))
def test_writing_replaces_the_whole_content(
    files: Files, tmp_path: Path, before: bytes, after: bytes
) -> None:
    files.write(at(tmp_path, "a"), before)
    files.write(at(tmp_path, "a"), after)
    assert files.read(at(tmp_path, "a")) == after
    assert files.names(str(tmp_path)) == ("a",)


def test_an_appended_file_grows_at_its_end(files: Files, tmp_path: Path) -> None:
    path = at(tmp_path, "a")
    file = files.appending(path)
    assert files.read(path) == b""
    file.write(b"one")
    assert files.read(path) == b"one"  # before it is closed
    file.write(b"")
    file.write(b" two")
    file.close()
    file.close()
    again = files.appending(path)
    again.write(b" three")
    again.close()
    assert files.read(path) == b"one two three"
    with pytest.raises(FileError):
        again.write(b"more")


def test_appending_needs_a_folder_and_a_file(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="its folder does not exist"):
        files.appending(at(tmp_path, "gone", "a"))
    with pytest.raises(FileError, match="it is a folder"):
        files.appending(str(tmp_path))


def test_a_missing_file_is_named(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"Cannot read .*gone\.bin: no such file") as caught:
        files.read(at(tmp_path, "gone.bin"))
    assert caught.value.code == "file_missing"
    assert caught.value.next_step


def test_a_missing_folder_is_named(files: Files, tmp_path: Path) -> None:
    for act in (files.names, files.tree):
        with pytest.raises(FileMissing, match="gone"):
            act(at(tmp_path, "gone"))
    with pytest.raises(FileMissing, match="its folder does not exist"):
        files.write(at(tmp_path, "gone", "a"), b"")


def test_a_file_is_no_folder(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "a")
    for act in (files.names, files.tree, files.make_folder):
        with pytest.raises(FileError):
            act(at(tmp_path, "a"))
    with pytest.raises(FileMissing):
        files.read(at(tmp_path, "a", "b"))


def test_a_folder_is_no_file(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="it is a folder"):
        files.read(str(tmp_path))
    with pytest.raises(FileError, match="it is a folder"):
        files.write(str(tmp_path), b"")


def test_a_path_that_cannot_be_is_an_error_of_ours(files: Files) -> None:
    for act in (files.read, files.names, files.tree, files.make_folder, files.remove):
        with pytest.raises(FileError, match="cannot be used"):
            act("a\0b")
    assert not files.is_file("a\0b")


def test_files_and_folders_are_told_apart(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "a")
    assert files.is_file(at(tmp_path, "a"))
    assert not files.is_folder(at(tmp_path, "a"))
    assert files.is_folder(str(tmp_path))
    assert not files.is_file(str(tmp_path))
    assert not files.is_file(at(tmp_path, "gone"))
    assert not files.is_folder(at(tmp_path, "gone"))


def test_names_are_sorted_by_code_point(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "b", "B2", "a/inside", "Ä", "10", "9")
    assert files.names(str(tmp_path)) == ("10", "9", "B2", "a", "b", "Ä")


def test_a_tree_lists_all_files_with_slashes(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "src/b.cpp", "src/a/x.h", "project.properties", "src.txt", ".hidden/f")
    (tmp_path / "empty").mkdir()
    expected = (".hidden/f", "project.properties", "src.txt", "src/a/x.h", "src/b.cpp")
    assert files.tree(str(tmp_path)) == expected
    assert files.tree(at(tmp_path, "empty")) == ()


@links
def test_linked_files_are_listed_broken_links_are_not(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "out/real", "in/own")
    (tmp_path / "in/linked").symlink_to("../out/real")
    (tmp_path / "in/broken").symlink_to("nowhere")
    assert files.tree(at(tmp_path, "in")) == ("linked", "own")


@links
def test_of_a_linked_folder_the_files_directly_in_it_are_listed(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "out/near", "out/deep/far", "in/own")
    (tmp_path / "in/linked").symlink_to("../out")
    assert files.tree(at(tmp_path, "in")) == ("linked/near", "own")
    assert files.tree(at(tmp_path, "in"), follow_links=True) == ("linked/deep/far", "linked/near", "own")


@links
def test_no_folder_is_entered_twice(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "z/deep/far", "z/near")
    (tmp_path / "a").symlink_to("z")  # comes before z, and must not hide z/deep
    (tmp_path / "z/round").symlink_to("..")
    for follow in (False, True):
        assert files.tree(str(tmp_path), follow_links=follow) == ("z/deep/far", "z/near")


@links
def test_the_folder_asked_for_may_be_a_link_itself(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "real/deep/far")
    (tmp_path / "linked").symlink_to("real")
    assert files.tree(at(tmp_path, "linked")) == ("deep/far",)
    assert files.names(at(tmp_path, "linked")) == ("deep",)


def test_folders_are_made_with_those_above(files: Files, tmp_path: Path) -> None:
    files.make_folder(at(tmp_path, "a", "b", "c"))
    files.make_folder(at(tmp_path, "a", "b", "c"))
    assert files.is_folder(at(tmp_path, "a", "b", "c"))


def test_files_and_whole_folders_are_removed(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "a", "folder/b", "folder/c/d")
    for name in ("a", "folder", "gone"):
        files.remove(at(tmp_path, name))
    assert files.names(str(tmp_path)) == ()


@links
def test_removing_a_link_leaves_what_it_leads_to(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "real/file")
    (tmp_path / "linked").symlink_to("real")
    files.remove(at(tmp_path, "linked"))
    assert files.tree(str(tmp_path)) == ("real/file",)


def test_renaming_replaces_a_file(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "a", "b")
    files.rename(at(tmp_path, "a"), at(tmp_path, "b"))
    assert files.names(str(tmp_path)) == ("b",)
    assert files.read(at(tmp_path, "b")) == b"a"
    with pytest.raises(FileMissing, match="Cannot rename"):
        files.rename(at(tmp_path, "a"), at(tmp_path, "c"))


def test_a_folder_can_be_renamed(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "old/file")
    files.rename(at(tmp_path, "old"), at(tmp_path, "new"))
    assert files.tree(str(tmp_path)) == ("new/file",)


def test_paths_are_made_absolute_by_text(files: Files, tmp_path: Path) -> None:
    assert files.absolute(at(tmp_path, "a", "..", ".", "b")) == at(tmp_path, "b")
    assert os.path.isabs(files.absolute("x"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
class TestModes:
    def test_a_new_file_gets_the_mode_asked_for(self, files: Files, tmp_path: Path) -> None:
        files.write(at(tmp_path, "secret"), b"", mode=0o600)
        files.write(at(tmp_path, "program"), b"", mode=0o755)
        assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "program").stat().st_mode & 0o777 == 0o755

    def test_without_one_the_umask_decides(self, files: Files, tmp_path: Path) -> None:
        umask = os.umask(0o027)
        try:
            files.write(at(tmp_path, "a"), b"")
        finally:
            os.umask(umask)
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640

    def test_an_existing_file_keeps_its_own(self, files: Files, tmp_path: Path) -> None:
        plant(tmp_path, "a")
        (tmp_path / "a").chmod(0o640)
        files.write(at(tmp_path, "a"), b"new")
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
        files.write(at(tmp_path, "a"), b"new", mode=0o600)
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@links
def test_writing_through_a_link_keeps_the_link(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "real/settings")
    (tmp_path / "linked").symlink_to("real/settings")
    (tmp_path / "to nothing yet").symlink_to("real/new")
    files.write(at(tmp_path, "linked"), b"one")
    files.write(at(tmp_path, "to nothing yet"), b"two")
    assert (tmp_path / "linked").is_symlink()
    assert (tmp_path / "real/settings").read_bytes() == b"one"
    assert (tmp_path / "real/new").read_bytes() == b"two"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the system refuses root nothing")
def test_what_the_system_does_not_allow_is_refused(files: Files, tmp_path: Path) -> None:
    plant(tmp_path, "locked/a")
    (tmp_path / "locked").chmod(0)
    try:
        with pytest.raises(FileRefused, match="permission denied"):
            files.read(at(tmp_path, "locked", "a"))
        with pytest.raises(FileRefused, match="permission denied"):
            files.tree(str(tmp_path))
    finally:
        (tmp_path / "locked").chmod(0o700)
