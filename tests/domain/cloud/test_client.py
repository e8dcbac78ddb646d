"""The client: what goes out, to whom, and how often."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
import yarl
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.cloud.scripted import BASE, NOON, TOKEN, answered, client_over, texts

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.compiling import SourceFile, compile_sources
from particle_cli.domain.cloud.devices import call_function, get_device
from particle_cli.domain.cloud.errors import (
    CloudAddressRefused,
    CloudAnswerUnreadable,
    CloudBusy,
    CloudFailed,
    CloudRefused,
    CloudTokenExpired,
    CloudUnreachable,
    NotLoggedIn,
)
from particle_cli.domain.cloud.firmware import DeviceOsModule, DeviceOsRelease, download_module
from particle_cli.domain.cloud.patience import Patience
from particle_cli.domain.cloud.requests import CloudRequest, FormBody, JsonBody, Secret
from particle_cli.domain.cloud.tokens import require_fresh_token
from particle_cli.ports.http import (
    HttpBroken,
    HttpError,
    HttpNoRoute,
    HttpResponse,
    HttpTimeout,
    HttpTlsError,
    Part,
)

WHOAMI = CloudRequest("GET", ("v1", "user"))


# What goes out


async def test_a_request_carries_the_token_in_the_header_and_nothing_of_it_in_the_address() -> None:
    client, http = client_over(answered({}))
    await client.send(WHOAMI)
    assert http.asked == [f"GET {BASE}/v1/user"]
    assert http.headers()["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in repr(http.requests)


async def test_each_segment_and_query_value_is_encoded_by_itself() -> None:
    client, http = client_over(answered({}))
    await client.send(CloudRequest("GET", ("v1", "x/y?z#q", "blå é"), query=(("a", "b&c"), ("d", "e f"))))
    assert http.asked == [f"GET {BASE}/v1/x%2Fy%3Fz%23q/bl%C3%A5%20%C3%A9?a=b%26c&d=e%20f"]


async def test_a_base_with_a_final_slash_makes_no_double_one() -> None:
    client, http = client_over(answered({}), api_url=f"{BASE}/")
    await client.send(WHOAMI)
    assert http.asked == [f"GET {BASE}/v1/user"]


@pytest.mark.parametrize("segment", ["", ".", ".."])
async def test_a_name_that_would_change_the_path_is_not_sent(segment: str) -> None:
    client, http = client_over(answered({}))
    with pytest.raises(CloudAddressRefused):
        await get_device(client, segment)
    assert http.requests == []


async def test_bodies_are_compact_json_or_forms() -> None:
    client, http = client_over(answered({}))
    await client.send(CloudRequest("POST", ("v1", "x"), JsonBody({"args": "on", "é": [1, True, None]})))
    assert http.requests[-1].body == b'{"args":"on","\\u00e9":[1,true,null]}'
    assert http.headers()["Content-Type"] == "application/json"
    await client.send(
        CloudRequest("POST", ("oauth", "token"), FormBody((("username", "a@b.c"), ("p", "x y"))))
    )
    assert http.requests[-1].body == b"username=a%40b.c&p=x%20y"
    assert http.headers()["Content-Type"] == "application/x-www-form-urlencoded"


async def test_a_compilation_goes_out_as_the_recorded_one_does() -> None:
    client, http = client_over(
        answered({"ok": True, "binary_id": "b" * 24, "binary_url": "/x"}), answered(b"\x01")
    )
    sources = [
        SourceFile("lib/foo/src/foo.cpp", b"int x;\n"),
        SourceFile("project.properties", b"name=proj\n"),
        SourceFile("src/main.ino", b"void setup(){}\n"),
    ]
    await compile_sources(client, sources, platform_id=13, target="6.3.0")
    assert http.requests[0].body == (
        Part("file", b"int x;\n", "lib/foo/src/foo.cpp", "text/x-c"),
        Part("file2", b"name=proj\n", "project.properties", "application/octet-stream"),
        Part("file3", b"void setup(){}\n", "src/main.ino", "application/octet-stream"),
        Part("platform_id", b"13"),
        Part("build_target_version", b"6.3.0"),
    )
    assert http.asked == [f"POST {BASE}/v1/binaries", f"GET {BASE}/v1/binaries/{'b' * 24}"]
    await compile_sources(client_over(answered({"binary_id": "b", "binary_url": "u"}))[0], [], platform_id=6)


async def test_without_a_target_the_latest_is_asked_for() -> None:
    client, http = client_over(answered({"binary_id": "b", "binary_url": "/x"}), answered(b"\x01"))
    await compile_sources(client, [], platform_id=6)
    assert http.requests[0].body == (Part("platform_id", b"6"), Part("latest", b"true"))


# Who may see the token


async def test_without_a_token_nothing_is_sent() -> None:
    client, http = client_over(answered({}), token=None)
    with pytest.raises(NotLoggedIn, match=r"You're not logged in\. Run `particle login` to authenticate\."):
        await client.send(WHOAMI)
    assert http.requests == []


@pytest.mark.parametrize("base", ["http://api.test", "http://10.0.0.1:8080", "http://localhost.evil.test"])
async def test_plain_http_to_another_machine_is_refused(base: str) -> None:
    client, http = client_over(answered({}), api_url=base)
    with pytest.raises(CloudAddressRefused, match="plain HTTP"):
        await client.send(WHOAMI)
    assert http.requests == []


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:9000", "http://[::1]:9", "http://localhost", "http://a.localhost"]
)
async def test_plain_http_within_this_machine_is_fine(base: str) -> None:
    client, http = client_over(answered({}), api_url=base)
    await client.send(WHOAMI)
    assert http.asked == [f"GET {base}/v1/user"]


@pytest.mark.parametrize(
    "base",
    ["", "api.particle.io", "ftp://x", "https://", "https://u:secret@x", "https://[", "https://x:99999"],
)
async def test_what_is_no_address_is_told_and_no_password_shown(base: str) -> None:
    client, _ = client_over(answered({}), api_url=base)
    with pytest.raises(CloudAddressRefused) as caught:
        await client.send(WHOAMI)
    assert "secret" not in texts([caught.value])


async def test_a_redirect_on_the_same_host_is_followed_with_the_token() -> None:
    client, http = client_over(answered(b"", 302, location="/v2/user"), answered({"username": "x"}))
    await client.send(WHOAMI)
    assert http.asked == [f"GET {BASE}/v1/user", f"GET {BASE}/v2/user"]
    assert http.headers(1)["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/v1/user",
        "http://api.test/v1/user",
        "https://api.test:444/",
        "https://api.test.evil.test/",
        "https://sub.api.test/",
        "https://me@api.test/v1/user",
        "https://me:pw@api.test/v1/user",
        "https://api.test@evil.test/",
        "https://api.test\\@evil.test/",
        "//evil.test/",
        "ftp://api.test/",
        "javascript:alert(1)",
        "https://[",
        "https://api.test:port/",
    ],
)
async def test_a_redirect_to_elsewhere_is_not(target: str, status: int) -> None:
    client, http = client_over(answered(b"", status, location=target), answered({}))
    with pytest.raises(CloudAddressRefused) as caught:
        await client.send(WHOAMI)
    assert http.asked == [f"GET {BASE}/v1/user"]
    assert caught.value.next_step
    assert "pw" not in texts([caught.value])


async def test_a_redirect_in_a_circle_ends() -> None:
    client, http = client_over(answered(b"", 302, location="/v1/user"))
    with pytest.raises(CloudAddressRefused):
        await client.send(WHOAMI)
    assert len(http.requests) < 10


@given(
    st.lists(
        st.sampled_from(
            ["https:", "http:", "//", "/", "\\", "@", "api.test", "evil.test", ":", "443", "80", "?", "#",
             "[", "::1]", ".", "..", "\t", "\n", " ", "%2f", "é", "\x00"]
        ),
        max_size=8,
    )
)  # fmt: skip
def test_wherever_a_redirect_points_only_the_cloud_hears_the_token(words: list[str]) -> None:
    client, http = client_over(answered(b"", 302, location="".join(words)), answered({}))
    with suppress(CloudAddressRefused):
        asyncio.run(client.send(WHOAMI))
    for request in http.requests:
        url = yarl.URL(request.url, encoded=True)  # as the wire reads it
        assert (url.scheme, url.host, url.port, url.user) == ("https", "api.test", 443, None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_changes_something_is_not_repeated_elsewhere(method: str, status: int) -> None:
    client, http = client_over(answered(b"", status, location="/v2"), answered({}))
    with pytest.raises(CloudAddressRefused):
        await client.send(CloudRequest(method, ("v1", "x")))
    assert len(http.requests) == 1


async def test_a_redirect_without_a_place_is_told() -> None:
    client, _ = client_over(answered(b"", 302))
    with pytest.raises(CloudAddressRefused):
        await client.send(WHOAMI)


async def test_a_module_is_fetched_without_the_token_wherever_it_lies() -> None:
    content = b"module" + bytes.fromhex("da140931")
    client, http = client_over(answered(b"", 302, location="https://cdn.test/m.bin"), answered(content))
    release = DeviceOsRelease("6.3.0", base_url=f"{BASE}/fw/v6.3.0")
    module = DeviceOsModule("boron-system-part1@6.3.0.bin", "DA140931", "system_part", 1)
    assert await download_module(client, release, module) == content
    assert http.asked == [
        f"GET {BASE}/fw/v6.3.0/boron-system-part1%406.3.0.bin",
        "GET https://cdn.test/m.bin",
    ]
    assert all("Authorization" not in dict(request.headers) for request in http.requests)


async def test_a_module_that_is_not_the_one_announced_is_refused() -> None:
    client, _ = client_over(answered(b"something else"))
    release = DeviceOsRelease("6.3.0", base_url=BASE)
    with pytest.raises(CloudAnswerUnreadable, match="damaged"):
        await download_module(client, release, DeviceOsModule("a.bin", "da140931", None, None))


@pytest.mark.parametrize("name", ["../x.bin", "a/b.bin", "", ".."])
async def test_a_module_s_name_is_a_name_only(name: str) -> None:
    client, http = client_over(answered(b"x"))
    with pytest.raises(CloudAnswerUnreadable):
        await download_module(
            client, DeviceOsRelease("1", base_url=BASE), DeviceOsModule(name, None, None, None)
        )
    assert http.requests == []


async def test_firmware_is_not_fetched_where_others_can_change_it() -> None:
    client, http = client_over(answered(b"x"))
    with pytest.raises(CloudAddressRefused):
        await client.fetch("http://cdn.test/m.bin", about="m.bin")
    assert http.requests == []


@pytest.mark.parametrize(
    "target", ["http://cdn.test/m.bin", "https://u:pw@cdn.test/m", "ftp://cdn.test/m", "https://["]
)
async def test_a_download_does_not_lead_to_where_nobody_is_safe(target: str) -> None:
    client, http = client_over(answered(b"", 302, location=target), answered(b"x"))
    with pytest.raises(CloudAddressRefused) as caught:
        await client.fetch("https://cdn.test/m.bin", about="m.bin")
    assert len(http.requests) == 1
    assert caught.value.next_step
    assert "pw" not in texts([caught.value])


async def test_a_download_shows_nobody_what_its_address_is_signed_with() -> None:
    client, http = client_over(answered(b"", 403))
    with pytest.raises(CloudRefused) as caught:
        await client.fetch("https://cdn.test/m.bin?signature=abad1dea", about="m.bin")
    assert "abad1dea" not in texts([caught.value])
    assert http.requests[0].shown_url == "https://cdn.test/m.bin"


async def test_a_download_that_leads_in_a_circle_ends() -> None:
    client, http = client_over(answered(b"", 302, location="/m.bin"))
    with pytest.raises(CloudAnswerUnreadable, match="on and on"):
        await client.fetch("https://cdn.test/m.bin", about="m.bin")
    assert len(http.requests) < 10


@pytest.mark.parametrize(
    "answer", [answered(b""), answered(b"<html>log in</html>", content_type="text/html; charset=utf-8")]
)
async def test_a_page_or_nothing_is_no_file(answer: HttpResponse) -> None:
    client, _ = client_over(answer)
    with pytest.raises(CloudAnswerUnreadable) as caught:
        await client.fetch("https://cdn.test/m.bin", about="m.bin")
    assert caught.value.next_step
    client, _ = client_over(answered({"binary_id": "b", "binary_url": "/x"}), answer)
    with pytest.raises(CloudAnswerUnreadable):
        await compile_sources(client, [], platform_id=6)


# Patience


async def test_a_connection_that_breaks_is_tried_again_by_who_only_reads() -> None:
    broken = HttpBroken("The connection to api.test broke: reset.", next_step="Try again.")
    client, http = client_over(broken, broken, answered({"username": "x"}))
    await client.send(WHOAMI)
    assert len(http.requests) == 3
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        client, http = client_over(broken, answered({}))
        with pytest.raises(CloudUnreachable):
            await client.send(CloudRequest(method, ("v1", "x")))
        assert len(http.requests) == 1


@pytest.mark.parametrize("fault", [HttpNoRoute("no"), HttpTlsError("no"), HttpTimeout("no"), HttpError("no")])
async def test_other_failures_of_the_wire_are_told_at_once(fault: HttpError) -> None:
    client, http = client_over(fault, answered({}))
    with pytest.raises(CloudUnreachable):
        await client.send(WHOAMI)
    assert len(http.requests) == 1


@pytest.mark.parametrize(
    ("jitter", "first", "second"), [(0.0, answered(b"", 503), 1 + 2), (1.0, answered(b"", 503), 0.5 + 1)]
)
async def test_not_all_come_back_at_the_same_moment(
    jitter: float, first: HttpResponse, second: float
) -> None:
    client, _ = client_over(first, first, answered({}), patience=Patience(jitter=lambda: jitter))
    before = asyncio.get_running_loop().time()
    await client.send(WHOAMI)
    assert asyncio.get_running_loop().time() - before == second


async def test_nobody_comes_back_before_he_was_asked_to() -> None:
    asked = answered(b"", 429, retry_after="7")
    client, _ = client_over(asked, answered({}), patience=Patience(jitter=lambda: 0.5))
    before = asyncio.get_running_loop().time()
    await client.send(WHOAMI)
    assert asyncio.get_running_loop().time() - before == 7.5


async def test_a_date_is_meant_by_the_clock_of_who_wrote_it() -> None:
    answer = answered(
        b"", 429, retry_after="Thu, 01 Jan 2026 00:00:05 GMT", date="Thu, 01 Jan 2026 00:00:00 GMT"
    )
    client, _ = client_over(answer, answered({}))  # our clock says 2024
    before = asyncio.get_running_loop().time()
    await client.send(WHOAMI)
    assert asyncio.get_running_loop().time() - before == 5


async def test_a_429_with_a_time_is_waited_for_and_sent_again_whatever_it_was() -> None:
    client, http = client_over(answered(b"", 429, retry_after="7"), answered({"return_value": 3}))
    before = asyncio.get_running_loop().time()
    assert await call_function(client, "bench", "led") == 3
    assert asyncio.get_running_loop().time() - before == 7
    assert len(http.requests) == 2


async def test_a_429_with_a_date_is_waited_for() -> None:
    client, _ = client_over(
        answered(b"", 429, retry_after="Mon, 13 May 2024 12:00:09 GMT"), answered({"username": "x"})
    )
    before = asyncio.get_running_loop().time()
    await client.send(WHOAMI)
    assert 8.9 <= asyncio.get_running_loop().time() - before <= 9


@pytest.mark.parametrize(
    "wait", ["4000", "soon", "-", "inf", "nan", "1e999", "Mon, 13 May 2099 12:00:00 GMT"]
)
async def test_a_429_that_asks_for_too_much_or_for_nothing_is_told(wait: str) -> None:
    client, http = client_over(answered({"error": "Too many requests"}, 429, retry_after=wait))
    with pytest.raises(CloudBusy) as caught:
        await client.send(WHOAMI)
    assert len(http.requests) == 1
    assert "Try again" in (caught.value.next_step or "")


async def test_trouble_behind_the_load_balancer_is_asked_again_only_when_nothing_can_be_done_twice() -> None:
    client, http = client_over(answered(b"", 503), answered(b"", 502), answered({"username": "x"}))
    await client.send(WHOAMI)
    assert len(http.requests) == 3
    client, http = client_over(answered(b"", 503))
    with pytest.raises(CloudFailed):
        await client.send(CloudRequest("POST", ("v1", "devices", "d", "led")))
    assert len(http.requests) == 1


async def test_patience_ends() -> None:
    client, http = client_over(answered(b"", 503), patience=Patience(attempts=5, first_pause_s=1))
    before = asyncio.get_running_loop().time()
    with pytest.raises(CloudFailed):
        await client.send(WHOAMI)
    assert len(http.requests) == 5
    assert asyncio.get_running_loop().time() - before == 1 + 2 + 4 + 8


async def test_an_address_with_a_secret_says_how_it_may_be_shown() -> None:
    client, http = client_over(answered({}), answered({}))
    await client.send(CloudRequest("GET", ("v1", "user")))
    await client.send(CloudRequest("DELETE", ("v1", "access_tokens", Secret("abad1dea"))))
    assert [request.shown_url for request in http.requests] == [
        None,
        f"{BASE}/v1/access_tokens/<redacted>",
    ]
    assert http.requests[-1].url.endswith("/abad1dea")
    assert not any(request.secret for request in http.requests)


# Clocks that differ


@pytest.mark.parametrize(
    ("cloud_says", "left", "good"),
    [
        ("Mon, 13 May 2024 11:00:00 GMT", "2024-05-13T11:20:00Z", True),  # we are an hour ahead
        ("Wed, 13 May 2026 12:00:00 GMT", "2026-05-13T12:20:00Z", True),
        ("Wed, 13 May 2026 12:00:00 GMT", "2026-05-13T12:05:00Z", False),  # we are two years behind
        ("nonsense", "2024-05-13T12:20:00Z", True),
        ("nonsense", "2024-05-13T12:05:00Z", False),
    ],
)
async def test_what_is_left_of_a_token_is_told_by_the_cloud_s_own_clock(
    cloud_says: str, left: str, good: bool
) -> None:
    client, http = client_over(answered({"expires_at": left}, date=cloud_says))
    kept = "2024-05-13T11:20:00Z"  # expired, by our clock
    clock = LoopClock(epoch=NOON)
    if good:
        assert await require_fresh_token(client, clock, expires_at=kept, least_s=900) == left
    else:
        with pytest.raises(CloudTokenExpired, match="about to expire"):
            await require_fresh_token(client, clock, expires_at=kept, least_s=900)
    assert http.asked == [f"GET {BASE}/v1/access_tokens/current"]
