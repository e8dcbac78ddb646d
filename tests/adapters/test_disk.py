"""What is particular to the disk: a write is whole or has not happened, whatever goes wrong."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from particle_cli.adapters.disk import Disk
from particle_cli.ports.files import FileError, FileRefused


def fails_with(error: BaseException) -> Callable[..., object]:
    def fail(*_arguments: object, **_options: object) -> object:
        raise error

    return fail


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "settings.json"
    file.write_bytes(b"old")
    return file


@pytest.mark.parametrize("call", ["open", "write", "fsync", "chmod", "replace"])
@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "permission denied")],
)
def test_a_refused_write_leaves_the_file_as_it_was(
    settings: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, told: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, call, fails_with(OSError(number, os.strerror(number))))
        with pytest.raises(FileRefused, match=told) as caught:
            Disk().write(str(settings), b"new")
    assert str(settings) in caught.value.message
    assert caught.value.next_step
    assert settings.read_bytes() == b"old"
    assert os.listdir(settings.parent) == ["settings.json"]


@pytest.mark.parametrize("call", ["write", "fsync", "chmod", "replace"])
def test_an_interrupted_write_leaves_the_file_as_it_was(
    settings: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, call, fails_with(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            Disk().write(str(settings), b"new")
    assert settings.read_bytes() == b"old"
    assert os.listdir(settings.parent) == ["settings.json"]


def test_a_system_that_writes_in_small_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
        Disk().write(str(tmp_path / "a"), bytes(range(100)))
    assert (tmp_path / "a").read_bytes() == bytes(range(100))


def test_a_reader_sees_the_old_or_the_new_never_a_part(tmp_path: Path) -> None:
    contents, path, done = {b"a" * 100_000, b"b" * 50_000}, str(tmp_path / "a"), threading.Event()
    Disk().write(path, b"a" * 100_000)

    def write() -> None:
        for _ in range(20):
            for content in contents:
                Disk().write(path, content)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = {Disk().read(path)}
    while not done.is_set():
        seen.add(Disk().read(path))
    writer.join()
    assert seen <= contents


def test_an_error_without_a_class_of_its_own_says_what_the_system_said(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", fails_with(OSError(errno.EIO, os.strerror(errno.EIO))))
    with pytest.raises(FileError, match=r"Cannot write .*settings\.json: Input/output error") as caught:
        Disk().write(str(settings), b"new")
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.skipif(sys.platform == "win32", reason="has other devices")
def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    Disk().write(os.devnull, b"gone")
    assert not Path(os.devnull).is_file()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    Disk().write(str(pipe), b"through the pipe")
    reader.join()
    assert heard == [b"through the pipe"]
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such owners")
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() != 0, reason="only root gives files away")
def test_root_leaves_a_file_to_its_owner(settings: Path) -> None:
    os.chown(settings, 1234, 4321)
    Disk().write(str(settings), b"new")
    assert (settings.stat().st_uid, settings.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a full device")
def test_a_full_device() -> None:
    with pytest.raises(FileRefused, match="the disk is full"):
        Disk().write("/dev/full", b"data")


def test_what_a_full_disk_takes_half_of_is_not_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    file = Disk().appending(str(path))
    file.write(b"whole")
    write = os.write
    answers = iter([2])

    def fills_up(descriptor: int, data: bytes) -> int:
        for room in answers:
            return write(descriptor, data[:room])
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", fills_up)
        with pytest.raises(FileRefused, match="the disk is full"):
            file.write(b"block")
    assert path.read_bytes() == b"whole"
    file.write(b" again")
    file.close()
    assert path.read_bytes() == b"whole again"
