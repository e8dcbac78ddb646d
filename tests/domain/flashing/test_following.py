"""Following an update over the air by what the device tells, and what is said when it does not arrive."""

from __future__ import annotations

import json

import pytest
from tests.domain.cloud.scripted import BASE, TOKEN, answered
from tests.domain.cloud.test_subscription import CLOCK, Piece, Played, PlayedHttp

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudRefused
from particle_cli.domain.flashing.errors import UpdateFailed, UpdateUnfinished
from particle_cli.domain.flashing.following import Arrival, Follower
from particle_cli.domain.flashing.update_course import Stage
from particle_cli.ports.http import HttpError, HttpRequest, HttpResponse

ID = "0123456789abcdef01234567"
HASH = "AB" * 32


def event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'data': data, 'coreid': ID})}\n\n".encode()


STARTED, SUCCESS, FAILED = (
    event("spark/flash/status", f"{word} ") for word in ("started", "success", "failed")
)
OFFLINE, ONLINE = event("spark/status", "offline"), event("spark/status", "online")
SAFE_MODE = event("spark/status/safe-mode", "{}")
TOLD = event("spark/device/app-hash", HASH)


class Wire(PlayedHttp):
    """Plays event streams, and knows of one device."""

    def __init__(self, *plays: Played | Exception, statuses: tuple[str, ...] = ("normal",)) -> None:
        super().__init__(*plays)
        self.statuses = list(statuses)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return answered({"id": ID, "online": True, "status": status, "system_firmware_version": "6.2.0"})


class Following:
    """One update that is followed."""

    def __init__(self, *plays: Played | Exception, statuses: tuple[str, ...] = ("normal",)) -> None:
        self.http = Wire(*plays, statuses=statuses)
        self.stages: list[Stage] = []
        self.begun = 0

    async def begin(self) -> None:
        assert len(self.http.requests) == 1, "the events have to be heard first"
        self.begun += 1

    async def run(self, *, app_hash: str | None = HASH.lower(), limit_s: float = 600.0) -> Arrival:
        client = CloudClient(self.http, CLOCK, api_url=BASE, token=TOKEN)
        follower = Follower(client, CLOCK, device="red")
        return await follower.follow(self.begin, app_hash=app_hash, limit_s=limit_s, told=self.stages.append)


def played(*pieces: Piece) -> Played:
    return Played((b":ok\n\n", *pieces))


async def test_the_recorded_course_of_an_update_is_followed_to_its_end() -> None:
    following = Following(
        played(
            *(STARTED, 2.7, SUCCESS, 7.7, OFFLINE, ONLINE, 0.8, TOLD),
            event("spark/device/last_reset", "update"),
            60.0,
        )
    )
    assert await following.run() == Arrival(11.2, HASH.lower(), "6.2.0")
    assert following.begun == 1
    assert following.stages == [Stage.SENDING, Stage.RESTARTING, Stage.BACK]
    assert following.http.requests[0].url == f"{BASE}/v1/devices/red/events/spark"


async def test_a_device_that_refuses_ends_it_at_once() -> None:
    with pytest.raises(UpdateFailed, match="red did not take the firmware"):
        await Following(played(STARTED, 1.0, FAILED, 1000.0)).run()


async def test_what_a_device_told_before_does_not_count() -> None:
    following = Following(played(TOLD, ONLINE, STARTED, 1.0, SUCCESS, 5.0, OFFLINE, 6.0, ONLINE, 1.0, TOLD))
    assert (await following.run()).seconds == 13


async def test_a_device_in_safe_mode_is_waited_for_until_it_has_what_it_needs() -> None:
    following = Following(
        played(
            *(STARTED, 1.0, SUCCESS, OFFLINE, 5.0, ONLINE, SAFE_MODE, STARTED, 1.0, TOLD),
            *(20.0, SUCCESS, OFFLINE, 8.0, ONLINE, 1.0, TOLD, 60.0),
        )
    )
    assert (await following.run()).seconds == 36
    assert following.stages == [
        Stage.SENDING,
        Stage.RESTARTING,
        Stage.BACK,
        Stage.COMPLETING,
        Stage.RESTARTING,
        Stage.BACK,
    ]


async def test_a_device_that_does_not_say_what_it_runs_is_believed_after_a_while() -> None:
    following = Following(played(STARTED, 1.0, SUCCESS, OFFLINE, 5.0, ONLINE, 500.0))
    assert await following.run() == Arrival(21.0, None, "6.2.0")


async def test_what_the_cloud_knows_of_safe_mode_counts_too() -> None:
    first = played(STARTED, 1.0, SUCCESS, OFFLINE, 5.0, ONLINE, 500.0)
    second = played(10.0, STARTED, 5.0, SUCCESS, 5.0, ONLINE, TOLD, 60.0)
    following = Following(first, second, statuses=("safe_mode", "normal"))
    assert (await following.run()).seconds == 41


async def test_another_application_than_the_one_sent_is_told() -> None:
    following = Following(played(STARTED, SUCCESS, 5.0, ONLINE, TOLD, 60.0))
    with pytest.raises(UpdateFailed, match=r"another application \(abababababab\)"):
        await following.run(app_hash="cd" * 32)


async def test_a_stream_that_breaks_off_is_taken_up_again() -> None:
    following = Following(
        played(STARTED, 1.0, SUCCESS, HttpError("cut")), played(TOLD, 60.0), statuses=("normal",)
    )
    assert (await following.run()).app_hash == HASH.lower()
    assert following.begun == 1


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((STARTED, 1000.0), "still being sent"),
        ((STARTED, SUCCESS, 50.0, b"\n", 1000.0), "has not come back"),
        ((STARTED, SUCCESS, OFFLINE, ONLINE, SAFE_MODE, 1000.0), "in safe mode"),
    ],
)
async def test_the_time_is_up(pieces: tuple[Piece, ...], words: str) -> None:
    following = Following(played(*pieces))
    with pytest.raises(UpdateUnfinished, match=f"not finished within 30 s: .*{words}") as caught:
        await following.run(limit_s=30)
    assert caught.value.next_step


async def test_an_update_that_does_not_begin_is_not_followed() -> None:
    following = Following(played(1000.0))

    async def refuse() -> None:
        raise CloudRefused("Another update of this device is in progress", status=409)

    following.begin = refuse  # type: ignore[method-assign]
    before = CLOCK.monotonic()
    with pytest.raises(CloudRefused):
        await following.run()
    assert CLOCK.monotonic() == before
