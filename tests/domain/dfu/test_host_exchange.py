"""The host's transfers, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from tests.domain.dfu.boron import (
    ABORT,
    ADDRESS_B4000,
    ALT_0,
    ALT_1,
    DATA,
    END_READ,
    ERASE_B4000,
    IDLE,
    INTERNAL,
    PROTECTED,
    WORK,
    WRITE_BLOCK_2,
    opened,
)
from tests.scripted_usb import ScriptedHandle, string_exchange

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.dfu.errors import CommandUnknown, DfuFailed, DfuRefused, MemoryLocked, OutsideMemory
from particle_cli.domain.dfu.host import DfuHost
from particle_cli.domain.dfu.progress import Phase, Progress
from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.dfu.verification import Differs, NotVerified, Verified
from particle_cli.domain.errors import DeviceProtected
from particle_cli.ports.usb import UsbGone


def test_the_data_of_the_exchange() -> None:
    assert DATA[:16].hex() == "00070e151c232a31383f464d545b6269"
    assert hashlib.sha256(DATA).hexdigest().startswith("4c8ce78fd1272ceb08fd42ffc0e652e6")


async def test_write_read_back_and_leave() -> None:
    host, handle = await opened(
        ALT_0,
        IDLE,
        ERASE_B4000,
        ADDRESS_B4000,
        WRITE_BLOCK_2,
        # read back
        ABORT,
        ADDRESS_B4000,
        ABORT,
        f"a1 02 02 00 00 00 00 0c < {DATA.hex()}",
        END_READ,
        # leave
        IDLE,
        """
        21 01 02 00 00 00 00 00
        a1 03 00 00 00 00 06 00 < 00 000000 07 00
        """,
    )
    assert handle.claimed == [0]
    await host.write(0, 0xB4000, DATA)
    assert await host.read(0, 0xB4000, len(DATA)) == DATA
    await host.leave()
    handle.assert_finished()


async def test_an_unaligned_write_erases_three_sectors_and_counts_its_blocks() -> None:
    content = bytes(9000)
    host, handle = await opened(
        ALT_0,
        IDLE,
        *("21 01 00 00 00 00 05 00 > 41 " + page + WORK for page in ("00400b00", "00500b00", "00600b00")),
        "21 01 00 00 00 00 05 00 > 21 10400b00" + WORK,
        "21 01 02 00 00 00 00 10 > " + "00" * 4096 + WORK,
        "21 01 03 00 00 00 00 10 > " + "00" * 4096 + WORK,
        "21 01 04 00 00 00 28 03 > " + "00" * 808 + WORK,
    )
    told: list[Progress] = []
    await host.write(0, 0xB4010, content, progress=told.append)
    handle.assert_finished()
    assert [(p.done, p.total) for p in told if p.phase is Phase.ERASE] == [
        (0, 12288),
        (4096, 12288),
        (8192, 12288),
        (12288, 12288),
    ]
    assert [(p.done, p.total) for p in told if p.phase is Phase.WRITE] == [
        (0, 9000),
        (4096, 9000),
        (8192, 9000),
        (9000, 9000),
    ]


async def test_blocks_go_out_in_the_order_asked_for() -> None:
    content = b"".join(bytes((i,)) * 4096 for i in range(3))
    host, handle = await opened(
        ALT_0,
        IDLE,
        *("21 01 00 00 00 00 05 00 > 41 " + page + WORK for page in ("00400b00", "00500b00", "00600b00")),
        ADDRESS_B4000,
        "21 01 03 00 00 00 00 10 > " + "01" * 4096 + WORK,
        "21 01 04 00 00 00 00 10 > " + "02" * 4096 + WORK,
        "21 01 02 00 00 00 00 10 > " + "00" * 4096 + WORK,
    )
    await host.write(0, 0xB4000, content, order=(1, 2, 0))
    handle.assert_finished()


@pytest.mark.parametrize("order", [(0, 1), (0, 0, 1), (1, 2, 3), (0, 1, 2, 3)])
async def test_an_order_that_is_none(order: Sequence[int]) -> None:
    host, handle = await opened(ALT_0)
    with pytest.raises(ValueError, match="order"):
        await host.write(0, 0xB4000, bytes(9000), order=order)
    handle.assert_finished()


async def test_a_key_in_the_configuration_is_written_without_erasing() -> None:
    key = bytes(range(121))
    host, handle = await opened(
        ALT_1,
        IDLE,
        "21 01 00 00 00 00 05 00 > 21220c0000" + WORK,
        f"21 01 02 00 00 00 79 00 > {key.hex()}" + WORK,
    )
    await host.write(1, 3106, key, erase=False)
    handle.assert_finished()


async def test_reading_10000_bytes_takes_three_blocks() -> None:
    content = bytes(i & 0xFF for i in range(10000))
    host, handle = await opened(
        ALT_0,
        IDLE,
        ADDRESS_B4000,
        ABORT,
        f"a102 0200 0000 0010 < {content[:4096].hex()}",
        f"a102 0300 0000 0010 < {content[4096:8192].hex()}",
        f"a102 0400 0000 1007 < {content[8192:].hex()}",
        END_READ,
    )
    assert await host.read(0, 0xB4000, 10000) == content
    handle.assert_finished()


async def test_verifying_stops_at_the_first_difference() -> None:
    found = bytearray(8192)
    found[5000] = 0x40
    host, handle = await opened(
        ALT_0,
        IDLE,
        ADDRESS_B4000,
        ABORT,
        f"a102 0200 0000 0010 < {found[:4096].hex()}",
        f"a102 0300 0000 0010 < {found[4096:].hex()}",
        END_READ,
    )
    assert await host.verify(0, 0xB4000, bytes(12000)) == Differs(0xB4000 + 5000, 0, 0x40)
    handle.assert_finished()


async def test_verifying_what_is_right() -> None:
    host, _ = await opened(ALT_0, IDLE, ADDRESS_B4000, ABORT, f"a102 0200 0000 000c < {DATA.hex()}", END_READ)
    assert await host.verify(0, 0xB4000, DATA) == Verified(3072)


async def test_a_protected_device_is_told_by_its_map_before_anything_is_sent() -> None:
    host, handle = await opened(string_exchange(6, PROTECTED), "01 0b 00 00 00 00 00 00")
    with pytest.raises(DeviceProtected):
        await host.write(0, 0xB4000, DATA)
    verification = await host.verify(0, 0xB4000, DATA)
    assert isinstance(verification, NotVerified)
    assert "protected" in verification.reason
    handle.assert_finished()


REFUSED_READ = (
    ALT_0,
    IDLE,
    ADDRESS_B4000,
    ABORT,
    """
    a102 0200 0000 000c <                        # nothing at all
    a105 0000 0000 0100 < 0a
    a103 0000 0000 0600 < 0b 000000 0a 0a        # errVENDOR, text 10
    2104 0000 0000 0000
    a105 0000 0000 0100 < 02
    """,
    string_exchange(10, "Device is in protected mode"),
)


async def test_a_read_that_the_device_refuses_leaves_it_not_verified() -> None:
    host, handle = await opened(*REFUSED_READ)
    verification = await host.verify(0, 0xB4000, DATA)
    assert isinstance(verification, NotVerified)
    assert "Device is in protected mode" in verification.reason
    handle.assert_finished()


async def test_a_read_that_the_device_refuses_is_an_error() -> None:
    host, _ = await opened(*REFUSED_READ)
    with pytest.raises(DeviceProtected, match="e00fce68aaaaaaaaaaaaaaaa"):
        await host.read(0, 0xB4000, len(DATA))


async def test_a_write_that_the_devices_rules_forbid_is_not_repeated() -> None:
    host, handle = await opened(
        ALT_0,
        IDLE,
        """
        21 01 00 00 00 00 05 00 > 41 00400b00
        a103 0000 0000 0600 < 0b 000000 0a 0a
        a105 0000 0000 0100 < 0a
        a103 0000 0000 0600 < 0b 000000 0a 0a
        2104 0000 0000 0000
        a105 0000 0000 0100 < 02
        """,
        string_exchange(10, "No module header"),
    )
    with pytest.raises(DfuRefused, match="No module header"):
        await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


@pytest.mark.parametrize(
    ("address", "size", "error"),
    [(0xF7000, 0x2000, MemoryLocked), (0x0, 4, MemoryLocked), (0x200000, 4, OutsideMemory)],
)
async def test_nothing_is_sent_when_the_range_is_wrong(
    address: int, size: int, error: type[Exception]
) -> None:
    host, handle = await opened(ALT_0)
    with pytest.raises(error):
        await host.write(0, address, bytes(size))
    with pytest.raises(error):
        await host.write(0, address, bytes(size), erase=False)
    handle.assert_finished()


@pytest.mark.parametrize(
    ("text", "protection"),
    [
        ("sm=o\0\0\0\0", Protection.OPEN),
        ("sm=p\0\0\0\0", Protection.PROTECTED),
        ("sm=s\0\0\0\0", Protection.SERVICE_MODE),
        ("x=1;sm=p", Protection.PROTECTED),
    ],
)
async def test_protection_by_its_string(text: str, protection: Protection) -> None:
    host, handle = await opened(string_exchange(0xFA, text))
    assert await host.protection() is protection
    handle.assert_finished()


@pytest.mark.parametrize(
    ("text", "protection"), [(INTERNAL, Protection.OPEN), (PROTECTED, Protection.PROTECTED)]
)
async def test_protection_by_the_map_of_an_older_bootloader(text: str, protection: Protection) -> None:
    host, handle = await opened(
        "8006 fa03 0904 0100 ! stall", string_exchange(6, text), "01 0b 00 00 00 00 00 00"
    )
    assert await host.protection() is protection
    handle.assert_finished()


async def test_safe_mode() -> None:
    host, handle = await opened(
        IDLE,
        "a1 02 00 00 00 00 00 04 < 002141fafb",
        IDLE,
        """
        21 01 00 00 00 00 01 00 > fa
        a1 03 00 00 00 00 06 00 < 00 000000 04 00
        a1 03 00 00 00 00 06 00 < 00 000000 07 00
        """,
    )
    await host.enter_safe_mode()
    handle.assert_finished()


async def test_a_bootloader_that_knows_no_safe_mode() -> None:
    host, handle = await opened(IDLE, "a1 02 00 00 00 00 00 04 < 002141")
    with pytest.raises(CommandUnknown):
        await host.enter_safe_mode()
    handle.assert_finished()


async def test_the_end_of_service_mode() -> None:
    host, handle = await opened(
        IDLE,
        "a1 02 00 00 00 00 00 04 < 002141fafb",
        "21 01 00 00 00 00 05 00 > fb00000000" + WORK,
    )
    await host.end_service_mode()
    handle.assert_finished()


async def test_the_time_that_the_device_asks_for_is_given() -> None:
    host, handle = await opened(
        ALT_0,
        IDLE,
        """
        21 01 00 00 00 00 05 00 > 41 00400b00
        a103 0000 0000 0600 < 00 f40100 04 00        # 500 ms
        a103 0000 0000 0600 < 00 000000 04 00
        a103 0000 0000 0600 < 00 000000 05 00
        """,
        ADDRESS_B4000,
        WRITE_BLOCK_2,
    )
    clock = LoopClock()
    before = clock.monotonic()
    await host.write(0, 0xB4000, DATA)
    assert 0.5 <= clock.monotonic() - before < 0.6
    handle.assert_finished()


async def test_a_device_that_is_busy_for_ever() -> None:
    host, handle = await opened(ALT_0, IDLE)
    for _ in range(3):
        handle.append("21 01 00 00 00 00 05 00 > 41 00400b00")
        handle.append("a103 0000 0000 0600 < 00 10270004 00\n" * 7)  # 10 s each
        handle.append("a105 0000 0000 0100 ! stall\na105 0000 0000 0100 < 02")
    with pytest.raises(DfuFailed, match="busy"):
        await host.write(0, 0xB4000, DATA)


@pytest.mark.parametrize("goodbye", ["07", "08", "05"])
async def test_a_leave_asks_once(goodbye: str) -> None:
    host, handle = await opened(IDLE, "2101 0200 0000 0000", f"a103 0000 0000 0600 < 00 000000 {goodbye} 00")
    await host.leave()
    handle.assert_finished()


@pytest.mark.parametrize(
    "script",
    [
        "2101 0200 0000 0000 ! gone",
        "2101 0200 0000 0000 ! timeout\na103 0000 0000 0600 ! gone",
        "2101 0200 0000 0000 ! timeout\na103 0000 0000 0600 < 00 000000 07 00",
        "2101 0200 0000 0000\na103 0000 0000 0600 ! gone",
        "2101 0200 0000 0000\na103 0000 0000 0600 ! timeout\na105 0000 0000 0100 ! gone",
        "2101 0200 0000 0000\na103 0000 0000 0600 ! stall\na105 0000 0000 0100 ! gone",
    ],
)
async def test_a_lost_answer_to_a_leave_proves_nothing(script: str) -> None:
    host, handle = await opened(IDLE, script)
    await host.leave()
    handle.assert_finished()


async def test_a_leave_that_was_lost_is_said_again_after_the_device_had_time_to_go() -> None:
    host, handle = await opened(
        IDLE,
        "2101 0200 0000 0000 ! timeout",
        "a103 0000 0000 0600 < 00 000000 02 00",
        "a105 0000 0000 0100 < 02",
        "2101 0200 0000 0000",
        "a103 0000 0000 0600 < 00 000000 07 00",
    )
    clock = LoopClock()
    before = clock.monotonic()
    await host.leave()
    assert clock.monotonic() - before >= 0.6  # more than a bootloader waits before it resets
    handle.assert_finished()


async def test_a_device_that_stays() -> None:
    host, handle = await opened(IDLE)
    handle.append(
        "2101 0200 0000 0000\na103 0000 0000 0600 < 00 000000 02 00\na105 0000 0000 0100 < 02\n" * 3
    )
    with pytest.raises(DfuFailed, match="What was written to it is in place"):
        await host.leave()
    handle.assert_finished()


async def test_a_device_that_was_gone_before_the_leave() -> None:
    host, _ = await opened("a105 0000 0000 0100 ! gone")
    with pytest.raises(UsbGone):
        await host.leave()


async def test_a_device_that_does_not_describe_itself() -> None:
    handle = ScriptedHandle(LoopClock(), "8006 0002 0000 0400 ! timeout\n8006 0002 0000 0400 ! stall\n" * 2)
    with pytest.raises(DfuFailed, match="does not describe") as caught:
        await DfuHost.open(handle, LoopClock())
    assert caught.value.next_step


@pytest.mark.parametrize("index", ["00", "0a"])
async def test_a_refusal_without_words(index: str) -> None:
    host, handle = await opened(
        ALT_0,
        f"""
        a105 0000 0000 0100 < 02
        21 01 00 00 00 00 05 00 > 41 00400b00
        a103 0000 0000 0600 < 0b 000000 0a {index}
        a105 0000 0000 0100 < 0a
        a103 0000 0000 0600 < 0b 000000 0a {index}
        2104 0000 0000 0000
        a105 0000 0000 0100 < 02
        """,
    )
    if index != "00":
        handle.append("8006 0a03 0904 0100 ! stall")
    with pytest.raises(DfuRefused, match="errVENDOR"):
        await host.write(0, 0xB4000, DATA)
    handle.assert_finished()
