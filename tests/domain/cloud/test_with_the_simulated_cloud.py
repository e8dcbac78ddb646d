"""The client with the simulated cloud at the other end of its wire."""

from __future__ import annotations

import asyncio

import pytest
from tests.domain.cloud.scripted import NOON
from tests.simulators.cloud.far_end import ARGON, BORON, FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.compiling import MemoryUse, SourceFile, compile_sources, memory_use
from particle_cli.domain.cloud.device_list import list_in_detail, passes
from particle_cli.domain.cloud.devices import CloudDevice, call_function, get_device, get_variable
from particle_cli.domain.cloud.errors import (
    CloudDeviceNotFound,
    CloudRefused,
    CloudTokenInvalid,
    CompileFailed,
    DeviceSilent,
    FunctionNotFound,
    TargetUnknown,
    VariableNotFound,
)
from particle_cli.domain.cloud.firmware import check_target, download_module, get_device_os, list_device_os
from particle_cli.domain.cloud.requests import CloudRequest, FormBody
from particle_cli.domain.cloud.tokens import NEVER, require_fresh_token, token_expiry
from particle_cli.domain.firmware.module import parse_module
from particle_cli.ports.http import HttpRequest, HttpResponse
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN

SKETCH = SourceFile("src/app.ino", b"void setup() {}\nvoid loop() {}\n")


class Counting(SimulatedCloud):
    """Counts requests, and how many are under way at a time."""

    asked = 0
    under_way = 0
    most = 0

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.asked += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.05)  # noqa: TID251 - the test's own time
        answer = await super().exchange(request)
        self.under_way -= 1
        return answer


@pytest.fixture
def clock() -> LoopClock:
    return LoopClock(epoch=NOON)


@pytest.fixture
def cloud(clock: LoopClock) -> Counting:
    return Counting(clock)


@pytest.fixture
def client(cloud: Counting, clock: LoopClock) -> CloudClient:
    return CloudClient(cloud, clock, api_url=cloud.origin, token=FIRST_TOKEN)


async def test_devices_functions_and_variables(cloud: Counting, client: CloudClient) -> None:
    device = FarEnd(1, functions={"length": len}, values={"warmth": 21.5, "note": "å\U0001f600"})
    cloud.adopt(device, name="bänch /?")
    shown = await get_device(client, "bänch /?")
    assert (shown.id, shown.kind, shown.is_online) == (device.id, "Boron", True)
    assert (shown.functions, shown.variables) == (("length",), {"warmth": "double", "note": "string"})
    assert await call_function(client, device.id, "length", "four") == 4
    reading = await get_variable(client, "bänch /?", "note")
    assert (reading.value, reading.device_id) == ("å\U0001f600", device.id)


async def test_each_thing_that_is_missing_has_its_error(cloud: Counting, client: CloudClient) -> None:
    device = FarEnd(1, functions={"led": len})
    cloud.adopt(device, name="bench")
    with pytest.raises(FunctionNotFound):
        await call_function(client, "bench", "nope")
    with pytest.raises(VariableNotFound):
        await get_variable(client, "bench", "nope")
    with pytest.raises(CloudDeviceNotFound):
        await call_function(client, "nobody", "led")
    device.go(online=False)
    with pytest.raises(DeviceSilent):
        await call_function(client, "bench", "led")


async def test_a_list_of_500_is_one_request_and_one_for_each_online_a_few_at_a_time(
    cloud: Counting, client: CloudClient, clock: LoopClock
) -> None:
    for number in range(500):
        cloud.adopt(FarEnd(number, online=number % 5 == 0), name=f"device {number}")
    found = await list_in_detail(client, clock)
    assert len(found) == 500
    assert cloud.asked == 1 + 100
    assert cloud.most == 8
    assert [device.is_online for device in found] == [False] * 400 + [True] * 100


async def test_a_list_is_filtered_before_details_are_asked_for(
    cloud: Counting, client: CloudClient, clock: LoopClock
) -> None:
    cloud.adopt(FarEnd(1, BORON), name="Bob")
    cloud.adopt(FarEnd(2, ARGON), name="alice")
    cloud.adopt(FarEnd(3, ARGON))
    assert [device.id[-1] for device in await list_in_detail(client, clock)] == ["2", "1", "3"]
    cloud.asked = 0
    (found,) = await list_in_detail(client, clock, wanted="boron")
    assert (found.name, cloud.asked) == ("Bob", 2)


@pytest.mark.parametrize(
    ("wanted", "is_one"),
    [
        ("online", True),
        ("offline", False),
        ("boron", True),
        ("b", False),
        ("argon", False),
        ("Bob", True),
        ("bob", False),
        ("ABC", True),
        (None, True),
    ],
)
def test_what_a_filter_means(wanted: str | None, is_one: bool) -> None:
    assert passes(CloudDevice("abc", name="Bob", platform_id=13, connected=True), wanted) is is_one


@pytest.mark.parametrize(
    ("device", "kind"),
    [
        (CloudDevice("d", platform_id=6, product_id=6), "Photon"),
        (CloudDevice("d", platform_id=13, product_id=12345), "Product 12345"),
        (CloudDevice("d", platform_id=32), "Photon 2 / P2"),
        (CloudDevice("d"), "unknown platform"),
    ],
)
def test_what_a_device_is_called_by_kind(device: CloudDevice, kind: str) -> None:
    assert device.kind == kind


async def test_firmware_is_compiled_for_what_was_asked(client: CloudClient) -> None:
    compiled = await compile_sources(client, [SKETCH], platform_id=BORON, target="5.8.0")
    module = parse_module(compiled.binary, name="app.bin")
    assert (module.prefix.platform_id, module.dependencies[0].version, compiled.target) == (13, 5800, "5.8.0")
    assert compiled.memory is not None
    assert 0 < compiled.memory.ram < compiled.memory.flash


async def test_what_the_compiler_finds_is_in_the_error(client: CloudClient) -> None:
    with pytest.raises(CompileFailed) as caught:
        await compile_sources(client, [SourceFile("main.cpp", b"void setup() {\n")], platform_id=BORON)
    assert caught.value.message.startswith(
        "Compiler encountered an error\nmain.cpp:1:15: error: expected '}'"
    )
    with pytest.raises(CloudRefused, match="No source to compile"):
        await compile_sources(client, [], platform_id=BORON)


async def test_targets_are_those_that_there_are(client: CloudClient) -> None:
    await check_target(client, "6.2.0", platform_id=BORON)
    with pytest.raises(TargetUnknown, match=r"Valid targets:\n6\.2\.0 \n"):
        await check_target(client, "0.0.1", platform_id=BORON)


async def test_a_whole_release_can_be_downloaded(client: CloudClient) -> None:
    newest = (await list_device_os(client, platform_id=ARGON))[0]
    release = await get_device_os(client, "latest", platform_id=ARGON)
    assert (release.version, release.internal_version) == (newest.version, newest.internal_version)
    for module in release.modules:
        parsed = parse_module(await download_module(client, release, module), name=module.filename)
        assert parsed.crc_ok


SIZES = "   text\t   data\t    bss\t    dec\t    hex\tfilename\n  91780\t    952\t   9368\t 102100\t  18ed4\t"


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        (SIZES, MemoryUse(92732, 10320)),
        ("", None),
        ("text data bss dec\n", None),
        ("text data dec\n1 2 3", None),
        ("text data bss dec\n1 x 3 4", None),
        ("bss text data dec\n1 2 3 6", MemoryUse(5, 4)),
    ],
)
def test_memory_use_is_read_by_the_names_of_the_columns(text: str, memory: MemoryUse | None) -> None:
    assert memory_use(text) == memory


# How long a token is good for


async def log_in(
    client: CloudClient, cloud: SimulatedCloud, clock: LoopClock, lifetime_s: int
) -> CloudClient:
    form = FormBody(
        (
            ("username", "you@example.com"),
            ("password", "password"),
            ("grant_type", "password"),
            ("client_id", "particle-cli"),
            ("client_secret", "particle-cli"),
            ("expires_in", str(lifetime_s)),
        )
    )
    answer = await client.send(CloudRequest("POST", ("oauth", "token"), form, with_token=False))
    document = answer.json()
    assert isinstance(document, dict)
    return CloudClient(cloud, clock, api_url=cloud.origin, token=str(document["access_token"]))


async def test_an_expiry_that_is_known_is_not_asked_for(
    cloud: Counting, client: CloudClient, clock: LoopClock
) -> None:
    assert await require_fresh_token(client, clock, expires_at=NEVER, least_s=900) == NEVER
    known = "2024-05-13T12:10:00Z"
    assert await require_fresh_token(client, clock, expires_at=known, least_s=60) == known
    assert cloud.asked == 0


@pytest.mark.parametrize("known", ["2024-05-13T12:10:00Z", "2024-05-13T11:59:59", "1970-01-01T00:00:00.000Z"])
async def test_an_expiry_that_leaves_too_little_is_asked_for_again(
    cloud: Counting, client: CloudClient, clock: LoopClock, known: str
) -> None:
    short = await log_in(client, cloud, clock, 600)
    with pytest.raises(CloudTokenInvalid, match="is about to expire"):
        await require_fresh_token(short, clock, expires_at=known, least_s=900)
    long = await log_in(client, cloud, clock, 7200)
    told = await require_fresh_token(long, clock, expires_at=known, least_s=900)
    assert told.startswith("2024-05-13T14:00:00")


async def test_an_expiry_that_is_unknown_is_asked_for(
    cloud: Counting, client: CloudClient, clock: LoopClock
) -> None:
    assert await token_expiry(client) == NEVER
    short = await log_in(client, cloud, clock, 600)
    told = await require_fresh_token(short, clock, expires_at=None, least_s=60)
    assert told.startswith("2024-05-13T12:10:00")
    for known in (None, "nonsense"):
        with pytest.raises(CloudTokenInvalid, match="is about to expire"):
            await require_fresh_token(short, clock, expires_at=known, least_s=900)
