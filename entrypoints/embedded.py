"""The embedded world of a profile, for the time of one command: locked, loaded, and saved at the end.

The lock is held while the command works, never while a person thinks: a question parks the world (it
settles, is saved and unlocked) and takes it up again afterwards, as others may have left it. A command that
only reads takes no lock; it sees the world as it was last saved.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NoReturn

from particle_cli.adapters.world_lock import Holder, WorldLock
from particle_cli.simulators.world_errors import WorldDamaged, WorldEmpty
from particle_cli.simulators.world_file import WorldFile, set_aside, stamp

if TYPE_CHECKING:
    from particle_cli.ports.files import Files
    from particle_cli.ports.person import Person
    from particle_cli.simulators.world import World


class EmbeddedWorld:
    """One profile's world, between the file that keeps it and the command that uses it."""

    def __init__(
        self, folder: str, world: World, *, files: Files, person: Person, command: str, reads_only: bool
    ) -> None:
        """Keep what is needed; nothing is opened yet.

        Args:
            folder: where the world is kept; made when something is to be saved.
            world: an empty world, to be filled.
            files: the disk that the folder is on.
            person: told when the command has to wait for another.
            command: what is being run, told to others who wait for this one.
            reads_only: whether the world will be left as it is.
        """
        self._folder = folder
        self._world = world
        self._files = files
        self._person = person
        self._reads_only = reads_only
        self._lock = WorldLock(f"{folder}/world.lock", command)
        self._path = f"{folder}/world.sqlite"
        self._file: WorldFile | None = None

    @property
    def world(self) -> World:
        """The world as it is kept, loaded when it is first asked for. Raises: WorldError."""
        if self._file is None:
            self._take_up()
        return self._world

    def _take_up(self) -> None:
        """Lock and read the world; a damaged file is kept aside and told."""
        if self._reads_only and not self._files.is_file(self._path):
            return
        self._files.make_folder(self._folder)
        if not self._reads_only:
            self._acquire()
        try:
            self._read()
        except BaseException:
            self._let_go()
            raise

    def _read(self) -> None:
        try:
            file = self._file = WorldFile(self._path, reads_only=self._reads_only)
            self._world.restore(file.devices(), file.cloud(), devices_made=file.devices_made)
        except WorldEmpty:
            return
        except WorldDamaged as damage:
            self._keep_aside(damage)

    def _acquire(self) -> None:
        self._lock.acquire(self._tell_who)

    def _tell_who(self, holder: Holder | None) -> None:
        who = f"{holder.command} (process {holder.pid})" if holder else "another command"
        self._person.note(f"Waiting for {who}, which is using the simulated world.")

    def _keep_aside(self, damage: WorldDamaged) -> NoReturn:
        """Move a damaged file out of the way. Raises: WorldDamaged, always."""
        self._close_file()
        try:
            if not self._lock.held:
                found = stamp(self._path)
                self._acquire()
                if stamp(self._path) != found:  # somebody was at work on it
                    raise WorldDamaged(damage.message, next_step="Run the command again.") from damage
            aside = set_aside(self._path)
        finally:
            self._lock.release()
        raise WorldDamaged(
            f"{damage.message} It is kept as {aside}.",
            next_step="Run the command again: it begins with an empty world. Fill it with particle sim add.",
        ) from damage

    async def leave(self, error: BaseException | None) -> None:
        """Let the world settle, save it and let others have it.

        Args:
            error: what ended the command, if anything did; the world goes on from where it was then.
        """
        if self._file is None:
            return
        if isinstance(error, WorldDamaged):  # found when a sector was first touched
            self._keep_aside(error)
        interrupted = error is not None and not isinstance(error, Exception)
        try:
            await self._save(self._file, settled=not interrupted)
        finally:
            self._let_go()

    @asynccontextmanager
    async def parked(self) -> AsyncIterator[None]:
        """Let others have the world while the body runs; then go on with it as they left it."""
        file = self._file
        if file is None:
            yield
            return
        await self._save(file)
        file.pause()
        self._lock.release()
        try:
            yield
        finally:
            if not self._reads_only:
                self._acquire()
            file.resume()
            if file.changed_by_others():
                self._close_file()
                self._read()

    async def _save(self, file: WorldFile, *, settled: bool = True) -> None:
        """Save the world once it has settled; at once for somebody who interrupts, before it or now."""
        if self._reads_only:
            return
        try:
            if settled:
                await self._world.settle()
        finally:
            changes = self._world.changes()
            try:
                file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
            except WorldDamaged as damage:
                self._keep_aside(damage)
            self._world.saved()

    def _let_go(self) -> None:
        self._close_file()
        self._lock.release()

    def _close_file(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
