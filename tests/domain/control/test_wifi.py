"""Wi-Fi: what is refused before it is sent, odd answers, and the flows."""

from __future__ import annotations

import pytest
from tests.domain.control.running_boron import accepted, answered, channel_to

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control import wifi, wifi_setup
from particle_cli.domain.control.errors import RequestFailed, RequestInvalid
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.wifi import AccessPoint, Security
from particle_cli.domain.errors import DeviceProtected

SSID = "0a076d795f73736964"
JOIN = SSID + "1803 220f0801120b6d795f70617373776f7264"
KNOWN = "0a0d0a076d795f7373696410031801"
INTERFACES = "0a09080112036c6f301801 0a0908041203776c331808"
LINKED = "0a09 0804 1203776c33 2043"
NOT_LINKED = "0a09 0804 1203776c33 2003"
CURRENT = "0a076d795f7373696412060123456789ab180620d1ffffffffffffffff01"


@pytest.mark.parametrize("ssid", ["", "x" * 33, "ü" * 17, "bad \udcff"])
async def test_a_name_that_no_network_can_have(ssid: str) -> None:
    channel, _ = channel_to()
    for attempt in (wifi.join_new, wifi.set_credentials, wifi.join_known, wifi.remove_known):
        with pytest.raises(RequestInvalid, match="name of a Wi-Fi network"):
            await attempt(channel, ssid)


async def test_the_longest_names() -> None:
    channel, handle = channel_to(answered(501, "0a20" + "c3bc" * 16))
    await wifi.join_known(channel, "ü" * 16)
    handle.assert_finished()


async def test_a_secured_network_needs_a_password() -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestInvalid, match="password") as caught:
        await wifi.join_new(channel, "my_ssid", security=Security.WPA2_PSK)
    assert caught.value.next_step


async def test_a_password_alone_leaves_the_security_to_the_device() -> None:
    channel, handle = channel_to(answered(500, SSID + "2206 0801 12027077"))
    await wifi.join_new(channel, "my_ssid", password="pw")
    handle.assert_finished()


async def test_a_hidden_network_and_one_of_a_security_that_is_not_known_yet() -> None:
    channel, _ = channel_to(answered(506, reply="0a0c 1206 0123456789ab 1809 2024"))
    assert await wifi.scan(channel) == (AccessPoint(None, bytes.fromhex("0123456789ab"), None, 36, 0),)


async def test_a_name_that_is_no_utf_8_does_not_hide_the_other_networks() -> None:
    channel, _ = channel_to(answered(506, reply="0a06 0a04 6361e920 0a05 0a03 616263"))
    assert [point.ssid for point in await wifi.scan(channel)] == ["ca\ufffd ", "abc"]


async def test_a_long_text_that_is_no_utf_8() -> None:
    channel, _ = channel_to(answered(506, reply="0a7a 0a78" + "e9" * 120))
    (point,) = await wifi.scan(channel)
    assert point.ssid == "\ufffd" * 120


async def test_a_device_that_listens_goes_and_uses_the_network_it_joined() -> None:
    channel, handle = channel_to(answered(500, JOIN), answered(72, reply="0801"), answered(71))
    before = await wifi_setup.join(channel, "my_ssid", security=Security.WPA2_PSK, password="my_password")
    assert before is RunningMode.LISTENING
    handle.assert_finished()


async def test_a_device_that_does_not_listen_is_left_alone() -> None:
    channel, handle = channel_to(answered(501, SSID), answered(72))
    assert await wifi_setup.join_known(channel, "my_ssid") is RunningMode.NORMAL
    handle.assert_finished()


async def test_what_fails_is_tried_three_times_a_second_apart() -> None:
    channel, handle = channel_to(answered(501, SSID, result=-230) * 2 + answered(501, SSID), answered(72))
    clock = LoopClock()
    before = clock.monotonic()
    await wifi_setup.join_known(channel, "my_ssid")
    assert 2 <= clock.monotonic() - before < 2.5
    handle.assert_finished()


async def test_after_the_third_time_it_has_failed() -> None:
    channel, handle = channel_to(answered(506, result=-230) * 3)
    with pytest.raises(RequestFailed, match="Network error"):
        await wifi_setup.nearby(channel)
    handle.assert_finished()


@pytest.mark.parametrize("result", [-120, -170, -210, -270])
async def test_an_answer_that_is_final_for_a_join(result: int) -> None:
    channel, handle = channel_to(answered(501, SSID, result=result))
    with pytest.raises(RequestFailed):
        await wifi_setup.join_known(channel, "my_ssid")
    handle.assert_finished()


async def test_a_protected_device_is_asked_once() -> None:
    channel, handle = channel_to(answered(506, result=-1801))
    with pytest.raises(DeviceProtected):
        await wifi_setup.nearby(channel)
    handle.assert_finished()


async def test_a_lost_transfer_is_made_good() -> None:
    channel, handle = channel_to(
        "c001 0000 f601 4000 ! stall",
        accepted(502) + "c002 0000 0100 4000 < 01000000 0500",
        answered(502, reply=KNOWN),
    )
    assert [one.ssid for one in await wifi_setup.known(channel)] == ["my_ssid"]
    handle.assert_finished()


async def test_networks_nearby_once_each_the_loudest_first() -> None:
    def heard(name: str, rssi: int) -> str:
        level = (rssi & (1 << 64) - 1).to_bytes(8, "little")
        number, varint = int.from_bytes(level, "little"), ""
        while number >= 0x80:
            varint += f"{number & 0x7F | 0x80:02x}"
            number >>= 7
        body = (f"0a{len(name):02x}{name.encode().hex()}" if name else "") + f"28{varint}{number:02x}"
        return f"0a{len(bytes.fromhex(body)):02x}{body}"

    reply = heard("far", -90) + heard("", -20) + heard("near", -60) + heard("near", -40) + heard("mid", -50)
    channel, _ = channel_to(answered(506, reply=reply))
    assert [(one.ssid, one.rssi) for one in await wifi_setup.nearby(channel)] == [
        ("near", -40),
        ("mid", -50),
        ("far", -90),
    ]


async def test_the_current_network_of_a_device_with_a_link() -> None:
    channel, handle = channel_to(
        answered(400, reply=INTERFACES), answered(401, "0804", LINKED), answered(505, reply=CURRENT)
    )
    found = await wifi_setup.current(channel)
    assert found
    assert (found.ssid, found.channel, found.rssi) == ("my_ssid", 6, -47)
    handle.assert_finished()


async def test_no_link_no_network() -> None:
    channel, handle = channel_to(answered(400, reply=INTERFACES), answered(401, "0804", NOT_LINKED))
    assert await wifi_setup.current(channel) is None
    handle.assert_finished()


async def test_no_wifi_no_network() -> None:
    channel, handle = channel_to(answered(400, reply="0a09080112036c6f301801"))
    assert await wifi_setup.current(channel) is None
    handle.assert_finished()


async def test_adding_removing_and_clearing() -> None:
    channel, handle = channel_to(answered(507, JOIN), answered(503, SSID), answered(504))
    await wifi_setup.add(channel, "my_ssid", security=Security.WPA2_PSK, password="my_password")
    await wifi_setup.remove(channel, "my_ssid")
    await wifi_setup.clear(channel)
    handle.assert_finished()
