"""Following an update over the air until the device is back and says what it runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import CloudDevice, get_device
from particle_cli.domain.cloud.events import CloudEvent
from particle_cli.domain.cloud.subscription import (
    EventSource,
    Persistence,
    StreamBack,
    StreamLost,
    follow,
)
from particle_cli.domain.flashing.errors import UpdateFailed, UpdateUnfinished
from particle_cli.domain.flashing.update_course import Stage, UpdateCourse
from particle_cli.ports.clock import Clock, TimeIsUp

LONGEST_S: Final = 600.0
"""How long an update is followed unless it is said otherwise."""
_QUIET_S: Final = 15.0
"""A device that is back for so long without a word about what it runs will not say it."""
_PREFIX: Final = "spark"
_SAFE_MODE: Final = "safe_mode"


@frozen
class Arrival:
    """What a device runs after an update.

    Attributes:
        seconds: how long it took until it was back.
        app_hash: SHA-256 of its application, 64 lower-case hexadecimal digits; None where it did not tell.
        device_os: release of Device OS, as the cloud knows it.
    """

    seconds: float
    app_hash: str | None
    device_os: str | None


class Follower:
    """Follows one update."""

    def __init__(
        self,
        client: CloudClient,
        clock: Clock,
        *,
        device: str,
        product: str | None = None,
        persistence: Persistence = Persistence(),  # noqa: B008 - a frozen value
    ) -> None:
        """Keep what is followed.

        Args:
            client: the cloud.
            clock: the time that passes.
            device: id, or name within the account.
            product: id or slug, for a device of that product.
            persistence: how a broken event stream is opened again.
        """
        self._client = client
        self._clock = clock
        self._device = device
        self._product = product
        self._persistence = persistence
        self._course = UpdateCourse()

    async def follow(
        self,
        begin: Callable[[], Awaitable[None]],
        *,
        app_hash: str | None,
        limit_s: float,
        told: Callable[[Stage], None],
    ) -> Arrival:
        """Begin an update and return when the device runs what it brought.

        Args:
            begin: begins it, once the events can be heard.
            app_hash: what the device is to say that it runs, lower case; None for whatever it is.
            limit_s: how long to wait.
            told: called with each stage.

        Raises: UpdateFailed, UpdateUnfinished; as `begin`; CloudError.
        """
        began_s = self._clock.monotonic()
        try:
            async with self._clock.timeout(limit_s):
                await self._arrival(begin, told)
        except TimeIsUp as late:
            raise self._unfinished(limit_s) from late
        course = self._course
        if course.stage is Stage.FAILED:
            raise UpdateFailed(
                f"{self._device} did not take the firmware: it refused it, or was lost on the way. "
                "It goes on with what it had.",
                next_step="See that the file is built for this kind of device, and that its application lets "
                "itself be updated; or flash it over USB with particle flash --local.",
            )
        if app_hash and course.app_hash and course.app_hash != app_hash:
            raise UpdateFailed(
                f"{self._device} is back, but runs another application ({course.app_hash[:12]}) than the one "
                f"that was sent ({app_hash[:12]}).",
                next_step="Perhaps another update came in between, of its product for example: try again.",
            )
        known = await self._look()
        return Arrival(
            round(self._clock.monotonic() - began_s, 1), course.app_hash, known.system_firmware_version
        )

    async def _arrival(self, begin: Callable[[], Awaitable[None]], told: Callable[[Stage], None]) -> None:
        """Return when the course of events has ended, and the cloud sees no safe mode, either."""
        first: Callable[[], Awaitable[None]] | None = begin
        while True:
            source = EventSource(_PREFIX, device=self._device, product=self._product)
            news = follow(self._client, self._clock, source, persistence=self._persistence, begin=first)
            async with aclosing(news):
                await self._listen(news, told)
            first = None
            if self._course.stage is Stage.FAILED or (await self._look()).status != _SAFE_MODE:
                return
            self._course.safe_mode = True

    async def _listen(
        self,
        news: AsyncGenerator[CloudEvent | StreamLost | StreamBack, None],
        told: Callable[[Stage], None],
    ) -> None:
        """Take in events until the course has ended, or a device that is back says no more."""
        course, stage = self._course, None
        while not course.ended:
            if course.stage is not stage:
                stage = course.stage
                told(stage)
            if stage is Stage.BACK:
                try:
                    async with self._clock.timeout(_QUIET_S):
                        one = await anext(news)
                except TimeIsUp:
                    return
            else:
                one = await anext(news)
            if isinstance(one, CloudEvent):
                course.take(one)
            elif (
                isinstance(one, StreamBack) and stage is not Stage.SENDING and (await self._look()).is_online
            ):
                course.found_online()

    async def _look(self) -> CloudDevice:
        return await get_device(self._client, self._device, product=self._product)

    def _unfinished(self, limit_s: float) -> UpdateUnfinished:
        """Return the error for an update that takes too long, by where it stands."""
        what = {
            Stage.SENDING: "it is still being sent",
            Stage.RESTARTING: "it has been sent, and the device has not come back",
            Stage.COMPLETING: "the device is in safe mode, for want of what its application needs",
            Stage.BACK: "the device is back, in safe mode"
            if self._course.safe_mode
            else "the device is back, and does not say what it runs",
        }[self._course.stage]
        return UpdateUnfinished(
            f"The update of {self._device} was not finished within {limit_s:g} s: {what}.",
            next_step="Look with `particle list` whether the device is online later on, or allow a longer "
            "--timeout.",
        )
