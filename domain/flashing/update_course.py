"""How far an update over the air has come, as the events of the device tell.

    spark/flash/status    `started `, then `success ` (sent) or `failed `
    spark/status          `offline`, `online`: the device resets to apply what it has got
    spark/status/safe-mode    it lacks a newer Device OS, or assets, which the cloud then sends by itself
    spark/device/app-hash     what it runs

That firmware was sent does not mean that it runs. Data may end in a blank.
"""

from __future__ import annotations

from enum import Enum

from particle_cli.domain.cloud.events import CloudEvent


class Stage(Enum):
    """What is under way, in words for people."""

    SENDING = "sending the firmware"
    RESTARTING = "waiting for the device to come back"
    COMPLETING = "sending what the application needs"
    BACK = "asking what the device runs"
    FAILED = "failed"


class UpdateCourse:
    """One update, from its beginning to the device's first session that needs nothing more.

    Attributes:
        stage: what is under way.
        safe_mode: whether the device came back without running its application.
        app_hash: the SHA-256 of its application, as it has told since it came back; lower case, or None.
    """

    def __init__(self) -> None:
        """Begin to send."""
        self.stage = Stage.SENDING
        self.safe_mode = False
        self.app_hash: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be expected: it failed, or the device is back and told what it runs."""
        if self.stage is Stage.BACK:
            return self.app_hash is not None and not self.safe_mode
        return self.stage is Stage.FAILED

    def take(self, event: CloudEvent) -> None:
        """Take in an event of the device."""
        data = (event.data or "").strip()
        if event.name == "spark/flash/status":
            self._flash(data)
        elif event.name == "spark/status" and data == "online" and self.stage is not Stage.SENDING:
            self.found_online()
        elif event.name == "spark/status/safe-mode" and self.stage is not Stage.SENDING:
            self.safe_mode = True
            self.stage = Stage.COMPLETING
        elif event.name == "spark/device/app-hash" and self.stage is not Stage.SENDING:
            self.app_hash = data.lower()

    def found_online(self) -> None:
        """Take in that the device is there again; whether it runs its application is still to be told."""
        self.stage = Stage.BACK
        self.safe_mode, self.app_hash = False, None

    def _flash(self, data: str) -> None:
        if data == "failed":
            self.stage = Stage.FAILED
        elif data == "success":
            self.stage = Stage.RESTARTING
        elif data == "started" and self.stage is not Stage.SENDING:
            self.stage = Stage.COMPLETING
