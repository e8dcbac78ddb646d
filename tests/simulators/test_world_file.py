from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.world_errors import WorldDamaged, WorldError, WorldNotSaved, WorldTooNew
from particle_cli.simulators.world_file import ChangedDevice, WorldFile, set_aside

RED, GREEN = "e00fce68aaaaaaaaaaaaaaaa", "e00fce68bbbbbbbbbbbbbbbb"
SECTOR = bytes(range(256)) * 16


pytestmark = pytest.mark.usefixtures("world_files_closed")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "world.sqlite")


def device(name: str, sectors: Mapping[int, bytes | None], *, attached: bool = True) -> ChangedDevice:
    return ChangedDevice(DeviceState(13, name, "normal"), attached, tuple(sectors.items()))


def save(file: WorldFile, *devices: ChangedDevice, cloud: Mapping[str, bytes | None] | None = None) -> None:
    file.save(devices, cloud or {}, devices_made=len(devices))


def test_what_was_saved_is_found_again(path: str) -> None:
    file = WorldFile(path)
    save(file, device(RED, {0: SECTOR, 0x80000: b"\0" * 4096}), device(GREEN, {}, attached=False))
    save(file, device(RED, {}), device(GREEN, {}), cloud={"names": b"{}"})
    file.close()

    file = WorldFile(path)
    red, green = file.devices()
    assert (red.state.device_id, green.state.device_id) == (RED, GREEN)
    assert red.load(0) == SECTOR
    assert red.load(0x80000) == b"\0" * 4096
    assert red.load(1) is None
    assert green.load(0) is None
    assert file.cloud() == {"names": b"{}"}
    assert file.devices_made == 2


def test_the_order_and_the_cables_are_kept(path: str) -> None:
    file = WorldFile(path)
    save(file, device(GREEN, {}), device(RED, {}, attached=False))
    assert [(one.state.device_id, one.attached) for one in file.devices()] == [(GREEN, True), (RED, False)]
    save(file, device(RED, {}), device(GREEN, {}))
    assert [one.state.device_id for one in file.devices()] == [RED, GREEN]


def test_a_sector_that_became_blank_takes_no_room(path: str) -> None:
    file = WorldFile(path)
    save(file, device(RED, {0: SECTOR}))
    save(file, device(RED, {0: None}))
    assert file.devices()[0].load(0) is None


def test_a_device_that_is_gone_leaves_no_sectors_behind(path: str) -> None:
    file = WorldFile(path)
    save(file, device(RED, {0: SECTOR}), device(GREEN, {0: SECTOR}))
    save(file, device(GREEN, {}))
    save(file, device(RED, {}), device(GREEN, {}))
    assert {one.state.device_id: one.load(0) for one in file.devices()} == {RED: None, GREEN: SECTOR}


def test_a_cloud_key_can_be_forgotten(path: str) -> None:
    file = WorldFile(path)
    save(file, cloud={"a": b"1", "b": b"2"})
    save(file, cloud={"a": None})
    assert file.cloud() == {"b": b"2"}


def test_a_reader_sees_one_moment_whatever_is_saved_meanwhile(path: str) -> None:
    writer = WorldFile(path)
    save(writer, device(RED, {0: SECTOR}))
    reader = WorldFile(path, reads_only=True)
    assert not reader.changed_by_others()
    (red,) = reader.devices()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as impatient:
        impatient.execute("BEGIN IMMEDIATE")
        impatient.execute("DELETE FROM sector")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("COMMIT")
    assert red.load(0) == SECTOR


def test_a_paused_reader_lets_others_save_and_sees_it_afterwards(path: str) -> None:
    writer = WorldFile(path)
    save(writer, device(RED, {}))
    reader = WorldFile(path, reads_only=True)
    reader.pause()
    save(writer, device(RED, {}), device(GREEN, {}))
    reader.resume()
    assert reader.changed_by_others()
    assert [one.state.device_id for one in reader.devices()] == [RED, GREEN]


def test_a_reader_cannot_save(path: str) -> None:
    save(WorldFile(path))
    with pytest.raises(WorldNotSaved):
        save(WorldFile(path, reads_only=True))


def test_changes_of_others_are_noticed(path: str) -> None:
    one, other = WorldFile(path), WorldFile(path)
    save(one, device(RED, {}))
    assert other.changed_by_others()
    assert not one.changed_by_others()
    os.replace(path, f"{path}.moved")
    assert one.changed_by_others()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"not a database at all" * 100, id="something else"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: data[:4096] + os.urandom(len(data) - 4096), id="noise"),
        pytest.param(lambda data: data[:100], id="only a head"),
    ],
)
def test_a_damaged_file_is_told_and_left_alone(path: str, damage: object) -> None:
    file = WorldFile(path)
    save(file, device(RED, dict.fromkeys(range(20), SECTOR)))
    file.close()
    assert callable(damage)
    spoiled = damage(Path(path).read_bytes())
    Path(path).write_bytes(spoiled)
    with pytest.raises(WorldDamaged) as error:  # noqa: PT012 - which of them finds it depends on the damage
        file = WorldFile(path)
        for stored in file.devices():
            for number in range(20):
                assert stored.load(number) == SECTOR
        file.cloud()
        save(file, device(RED, dict.fromkeys(range(20), SECTOR)))
    assert path in error.value.message
    assert Path(path).read_bytes() == spoiled


def test_another_programs_database_is_not_taken_over(path: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE theirs (x)")
    before = Path(path).read_bytes()
    with pytest.raises(WorldDamaged):
        WorldFile(path)
    assert Path(path).read_bytes() == before


def test_rows_that_make_no_sense_are_damage(path: str) -> None:
    file = WorldFile(path)
    save(file, device(RED, {}))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE device SET state = '{\"mode\": 1}'")
    with pytest.raises(WorldDamaged):
        file.devices()


def test_a_file_of_a_later_version_is_told_from_damage(path: str) -> None:
    WorldFile(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(WorldTooNew):
        WorldFile(path)


def test_a_file_that_may_not_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="Cannot open") as error:
        WorldFile(str(tmp_path / "nowhere" / "world.sqlite"))
    assert error.value.next_step


def test_a_full_disk_leaves_the_world_as_it_was(path: str) -> None:
    file = WorldFile(path)
    save(file, device(RED, {0: SECTOR}))
    (pages,) = file._database.execute("PRAGMA page_count").fetchone()
    file._database.execute(f"PRAGMA max_page_count = {pages + 2}")  # as if the disk had no more
    with pytest.raises(WorldNotSaved, match="the disk is full") as error:
        save(file, device(RED, {number: b"\0" * 4096 for number in range(100)}), device(GREEN, {}))
    assert error.value.next_step
    file.close()
    (red,) = WorldFile(path).devices()
    assert red.load(0) == SECTOR
    assert red.load(1) is None


def test_setting_aside_never_overwrites(path: str) -> None:
    for number in (1, 2, 3):
        Path(path).write_text(str(number))
        Path(f"{path}-journal").write_text(f"journal {number}")
        assert set_aside(path) == f"{path}.damaged-{number}"
    assert [Path(f"{path}.damaged-{number}").read_text() for number in (1, 2, 3)] == ["1", "2", "3"]
    assert Path(f"{path}.damaged-2-journal").read_text() == "journal 2"


SAVING_FOR_EVER = """
    import sys
    from particle_cli.simulators.device_state import DeviceState
    from particle_cli.simulators.world_file import ChangedDevice, WorldFile

    file, number = WorldFile(sys.argv[1]), 0
    while True:
        number += 1
        sectors = tuple((at, bytes([number % 250]) * 4096) for at in range(40))
        state = DeviceState(13, "e00fce68aaaaaaaaaaaaaaaa", "normal", override_resets=number)
        file.save([ChangedDevice(state, True, sectors)], {"number": b"%d" % number}, devices_made=number)
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_process_killed_while_it_saves_leaves_a_whole_world(path: str) -> None:
    for kill in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SAVING_FOR_EVER), path], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        saved = [int(process.stdout.readline()) for _ in range(kill + 1)]  # then somewhere in the next save
        process.send_signal(signal.SIGKILL)
        saved += [int(line) for line in process.stdout]
        process.wait()
        process.stdout.close()

        file = WorldFile(path)
        (red,) = file.devices()
        number = red.state.override_resets
        assert number in (saved[-1], saved[-1] + 1)
        assert {red.load(at) for at in range(40)} == {bytes([number % 250]) * 4096}
        assert file.cloud() == {"number": b"%d" % number}
        file.close()
