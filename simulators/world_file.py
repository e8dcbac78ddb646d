"""The embedded world on disk: one SQLite file, always whole.

A row for each device, one for each of its 4 KiB flash sectors that is not blank, one for each thing the
simulated cloud keeps. A sector is read when it is first touched, and only what changed is written. SQLite's
rollback journal sees to it that a process which dies in the middle of a save leaves the world as it was.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from attrs import asdict, field, frozen

from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.world_errors import (
    WorldDamaged,
    WorldEmpty,
    WorldError,
    WorldNotSaved,
    WorldTooNew,
    damaged,
    sqlite_errors_told,
)

_APPLICATION_ID: Final = 0x50415254  # marks the file as ours: "PART"
_SCHEMA_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE device (
    id TEXT PRIMARY KEY, place INTEGER NOT NULL, attached INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE TABLE sector (
    device TEXT NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (device, number)
);
CREATE TABLE cloud (key TEXT PRIMARY KEY, value BLOB NOT NULL);
INSERT INTO meta VALUES ('generation', 0), ('devices_made', 0);
"""
_KEEP: Final = "INSERT INTO cloud VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_PATIENCE_S: Final = 60.0  # for a reader to end, before a save is given up


@frozen
class StoredDevice:
    """A device as it is kept: its state, whether it is attached, and how to get at its flash."""

    state: DeviceState
    attached: bool
    load: Callable[[int], bytes | None]


@frozen
class ChangedDevice:
    """What of a device is to be kept.

    Attributes:
        state: all but its flash.
        attached: whether its cable is plugged in.
        sectors: the sectors that changed since they were read or saved, by number; None for a blank one.
    """

    state: DeviceState
    attached: bool
    sectors: tuple[tuple[int, bytes | None], ...] = field(repr=False)


class WorldFile:
    """An open world file."""

    def __init__(self, path: str, *, reads_only: bool = False, journal: str | None = None) -> None:
        """Open the file, and make it when it is not there.

        Args:
            path: its name; its folder exists.
            reads_only: all that is read is of one moment, however long the reading takes, and nothing can be
                saved. There must be a file then.
            journal: SQLite's journal mode to keep the file in; None: as it is. With `wal` a save is much
                quicker, and as safe from a killed program, though not from a power cut.

        Raises: WorldDamaged, WorldTooNew, WorldEmpty (of a reader), WorldError.
        """
        self.path = path
        self._reads_only = reads_only
        if not reads_only:
            _make_private(path)
        with sqlite_errors_told(self.path, "open"):
            self._database = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
        try:
            with sqlite_errors_told(self.path, "open"):
                self._database.execute(f"PRAGMA synchronous = {'NORMAL' if journal == 'wal' else 'FULL'}")
                if journal is not None:
                    self._database.execute(f"PRAGMA journal_mode = {journal}")
                self._check_schema()
                if reads_only:
                    self._database.execute("PRAGMA query_only = ON")
                self._identity = os.stat(path)
            self.resume()
            with sqlite_errors_told(self.path, "read"):
                self.generation = self._number("generation")
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def pause(self) -> None:
        """Let others save for a while; nothing may be read until `resume`."""
        if self._reads_only:
            self._database.execute("ROLLBACK")

    def resume(self) -> None:
        """Read again, from now on what others saved until now. Raises: WorldError."""
        if self._reads_only:
            with sqlite_errors_told(self.path, "read"):
                self._database.execute("BEGIN")

    def devices(self) -> tuple[StoredDevice, ...]:
        """Return the devices in the order in which they were attached. Raises: WorldDamaged."""
        with sqlite_errors_told(self.path, "read"):
            rows = self._database.execute("SELECT attached, state FROM device ORDER BY place").fetchall()
        try:
            states = [(bool(attached), DeviceState(**json.loads(state))) for attached, state in rows]
        except (ValueError, TypeError) as error:
            raise damaged(self.path, str(error)) from error
        return tuple(
            StoredDevice(state, attached, self._loader(state.device_id)) for attached, state in states
        )

    def cloud(self) -> Mapping[str, bytes]:
        """Return what the simulated cloud kept. Raises: WorldDamaged."""
        with sqlite_errors_told(self.path, "read"):
            return dict(self._database.execute("SELECT key, value FROM cloud ORDER BY rowid").fetchall())

    @property
    def devices_made(self) -> int:
        """How many devices there ever were in this world."""
        with sqlite_errors_told(self.path, "read"):
            return self._number("devices_made")

    def changed_by_others(self) -> bool:
        """Tell whether somebody saved since this object was made or last saved, or replaced the file."""
        with sqlite_errors_told(self.path, "read"):
            if self._number("generation") != self.generation:
                return True
        return not (os.path.exists(self.path) and os.path.samestat(os.stat(self.path), self._identity))

    def save(
        self, devices: Iterable[ChangedDevice], cloud: Mapping[str, bytes | None], *, devices_made: int
    ) -> None:
        """Write down the world, all of it or nothing.

        Args:
            devices: all devices, in the order of attachment; those not among them are forgotten.
            cloud: what changed in the cloud, by key; None for what is gone.
            devices_made: how many devices there ever were.

        Raises: WorldNotSaved.
        """
        try:
            with sqlite_errors_told(self.path, "save"), self._transaction() as database:
                self._save_devices(database, devices)
                for key, value in cloud.items():
                    if value is None:
                        database.execute("DELETE FROM cloud WHERE key = ?", (key,))
                    else:
                        database.execute(_KEEP, (key, value))
                database.execute("UPDATE meta SET value = ? WHERE key = 'devices_made'", (devices_made,))
                database.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
                generation = self._number("generation")
            self.generation = generation
        except WorldDamaged:
            raise
        except WorldError as error:
            raise WorldNotSaved(
                f"{error.message} It is as it was before this command.", next_step=error.next_step
            ) from error

    def _save_devices(self, database: sqlite3.Connection, devices: Iterable[ChangedDevice]) -> None:
        kept: list[str] = []
        for place, device in enumerate(devices):
            name = device.state.device_id
            kept.append(name)
            database.execute(
                "INSERT OR REPLACE INTO device VALUES (?, ?, ?, ?)",
                (name, place, device.attached, json.dumps(asdict(device.state))),
            )
            blank = [(name, number) for number, content in device.sectors if content is None]
            filled = [(name, number, content) for number, content in device.sectors if content is not None]
            database.executemany("DELETE FROM sector WHERE device = ? AND number = ?", blank)
            database.executemany("INSERT OR REPLACE INTO sector VALUES (?, ?, ?)", filled)
        for (name,) in database.execute("SELECT id FROM device").fetchall():
            if name not in kept:
                database.execute("DELETE FROM device WHERE id = ?", (name,))
                database.execute("DELETE FROM sector WHERE device = ?", (name,))

    def _loader(self, device: str) -> Callable[[int], bytes | None]:
        def load(number: int) -> bytes | None:
            with sqlite_errors_told(self.path, "read"):
                row = self._database.execute(
                    "SELECT content FROM sector WHERE device = ? AND number = ?", (device, number)
                ).fetchone()
                return bytes(row[0]) if row else None

        return load

    def _number(self, key: str) -> int:
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise damaged(self.path, f"it has no {key}")
        return int(row[0])

    def _check_schema(self) -> None:
        (mark,) = self._database.execute("PRAGMA application_id").fetchone()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if (mark, version) == (_APPLICATION_ID, _SCHEMA_VERSION):
            return
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if mark == 0 and version == 0 and tables == 0:
            if self._reads_only:
                raise WorldEmpty(f"There is nothing in {self.path} yet.")
            self._make_schema()
        elif mark == _APPLICATION_ID and version > _SCHEMA_VERSION:
            raise WorldTooNew(
                f"The simulated world in {self.path} was written by a later version of this program.",
                next_step="Update the program; or move the file away, to begin with an empty world.",
            )
        else:
            raise damaged(self.path, "it is something else")

    def _make_schema(self) -> None:
        with self._transaction() as database:
            for statement in filter(None, map(str.strip, _SCHEMA.split(";"))):
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
            self._database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise


def _make_private(path: str) -> None:
    """Make the file, empty and for nobody else to read, unless it is there: it will hold keys and tokens."""
    with suppress(OSError):  # SQLite finds out by itself, and says more
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def stamp(path: str) -> tuple[int, int, int] | None:
    """Return what differs as soon as a file is replaced or written to; None where there is none."""
    try:
        about = os.stat(path)
    except FileNotFoundError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def set_aside(path: str) -> str:
    """Give a damaged world file, and its journal, a name out of the way; return that name."""
    number = 1
    while os.path.exists(f"{path}.damaged-{number}"):
        number += 1
    aside = f"{path}.damaged-{number}"
    os.replace(path, aside)
    with suppress(FileNotFoundError):
        os.replace(f"{path}-journal", f"{aside}-journal")
    return aside
