"""The way back to dfuIDLE, from every state and after every fault."""

from __future__ import annotations

import pytest
from tests.domain.dfu.boron import (
    ADDRESS_B4000,
    ALT_0,
    DATA,
    ERASE_B4000,
    IDLE,
    WORK,
    WRITE_BLOCK_2,
    opened,
)

from particle_cli.domain.dfu.errors import DfuError, DfuFailed
from particle_cli.domain.errors import ProtocolError
from particle_cli.ports.usb import UsbGone

REST = (ERASE_B4000, ADDRESS_B4000, WRITE_BLOCK_2)
STATE = "a105 0000 0000 0100"
STATUS = "a103 0000 0000 0600"
ABORT = "2106 0000 0000 0000"
CLEAR = "2104 0000 0000 0000"


@pytest.mark.parametrize(
    "way",
    [
        (f"{STATE} < 03", ABORT, IDLE),  # dfuDNLOAD-SYNC
        (f"{STATE} < 05", ABORT, IDLE),  # dfuDNLOAD-IDLE
        (f"{STATE} < 06", ABORT, IDLE),  # dfuMANIFEST-SYNC
        (f"{STATE} < 09", ABORT, IDLE),  # dfuUPLOAD-IDLE
        (f"{STATE} < 0a", f"{STATUS} < 0e 000000 0a 00", CLEAR, IDLE),  # dfuERROR
        (f"{STATE} ! stall", f"{STATE} < 0a", f"{STATUS} < 0e 000000 0a 00", CLEAR, IDLE),  # Gen 3, dfuDNBUSY
        (f"{STATE} < 04", f"{STATE} < 03", ABORT, IDLE),  # a bootloader that answers while it works
        (f"{STATE} < 07", f"{STATE} < 02"),  # dfuMANIFEST
        (f"{STATE} < 0f", CLEAR, f"{STATE} < 0a", f"{STATUS} < 0e 000000 0a 00", CLEAR, IDLE),  # Gen 2's slip
        (f"{STATE} ! timeout", f"{STATE} ! timeout", IDLE),
        (f"{STATE} < 05", f"{ABORT} ! stall", f"{STATE} < 05", ABORT, IDLE),
        (f"{STATE} < 05", f"{ABORT} ! timeout", IDLE),
    ],
    ids=lambda way: " ".join(step.split()[-1] for step in way),
)
async def test_work_begins_from_any_state(way: tuple[str, ...]) -> None:
    host, handle = await opened(ALT_0, *way, *REST)
    await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


async def test_a_device_that_waits_for_its_reset_goes() -> None:
    host, handle = await opened(ALT_0, f"{STATE} < 07", f"{STATE} < 07", f"{STATE} ! gone")
    with pytest.raises(UsbGone):
        await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ((f"{STATE} ! stall",) * 8, "does not tell its state"),
        ((f"{STATE} ! timeout",) * 8, "does not tell its state"),
        ((f"{STATE} < 04",) * 8, "dfuDNBUSY"),
        ((f"{STATE} < 05", ABORT) * 8, "dfuDNLOAD-IDLE"),
    ],
)
async def test_a_state_that_there_is_no_way_out_of(looks: tuple[str, ...], told: str) -> None:
    host, handle = await opened(ALT_0, *looks)
    with pytest.raises(DfuFailed, match=told) as caught:
        await host.write(0, 0xB4000, DATA)
    assert caught.value.next_step
    handle.assert_finished()


@pytest.mark.parametrize("state", ["00", "01"])
async def test_a_device_that_is_not_in_dfu_mode(state: str) -> None:
    host, _ = await opened(ALT_0, f"{STATE} < {state}")
    with pytest.raises(DfuError, match="not in DFU mode"):
        await host.write(0, 0xB4000, DATA)


async def test_nonsense_for_a_status() -> None:
    host, _ = await opened(ALT_0, IDLE, "21 01 00 00 00 00 05 00 > 41 00400b00", f"{STATUS} < 00 00")
    with pytest.raises(ProtocolError, match="2 bytes"):
        await host.write(0, 0xB4000, DATA)


BUSY = f"{STATUS} < 00 000000 04 00"
DONE = f"{STATUS} < 00 000000 05 00"
ERASE = "21 01 00 00 00 00 05 00 > 41 00400b00"
WRITE = f"21 01 02 00 00 00 00 0c > {DATA.hex()}"


@pytest.mark.parametrize(
    "failure",
    [
        (f"{ERASE} ! stall", IDLE),
        (f"{ERASE} ! timeout", IDLE),  # the request was lost
        (f"{ERASE} ! timeout", f"{STATE} < 03", ABORT, IDLE),  # its acknowledgement was lost
        (ERASE, f"{STATUS} ! timeout", f"{STATE} < 03", ABORT, IDLE),  # the question was lost
        (ERASE, f"{STATUS} ! timeout", f"{STATE} < 05", ABORT, IDLE),  # the answer was lost
        (ERASE, BUSY, f"{STATUS} ! stall", f"{STATE} < 03", ABORT, IDLE),  # a Gen 2 device that failed
        (ERASE, f"{STATUS} ! stall", f"{STATE} < 0a", f"{STATUS} < 0e 000000 0a 00", CLEAR, IDLE),
        (
            ERASE,
            BUSY,
            f"{STATUS} < 04 000000 0a 00",
            f"{STATE} < 0a",
            f"{STATUS} < 04 000000 0a 00",
            CLEAR,
            IDLE,
        ),
        (ERASE, f"{STATUS} < 00 000000 02 00", IDLE),  # nothing was handed over
    ],
)
async def test_an_erase_is_done_again_when_its_outcome_is_not_known(failure: tuple[str, ...]) -> None:
    host, handle = await opened(ALT_0, IDLE, *failure, *REST)
    await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


async def test_an_answer_lost_while_the_device_works_is_asked_for_again() -> None:
    host, handle = await opened(
        ALT_0, IDLE, ERASE, BUSY, f"{STATUS} ! timeout", f"{STATUS} ! timeout", DONE, *REST[1:]
    )
    await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


async def test_a_block_is_written_again_after_the_address() -> None:
    host, handle = await opened(
        ALT_0,
        IDLE,
        ERASE_B4000,
        ADDRESS_B4000,
        WRITE,
        f"{STATUS} ! timeout",
        f"{STATE} < 03",
        ABORT,
        IDLE,
        ADDRESS_B4000,
        WRITE_BLOCK_2,
    )
    await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


async def test_a_block_is_read_again() -> None:
    idle_again = (f"{STATE} < 05", ABORT, IDLE)
    host, handle = await opened(
        ALT_0,
        IDLE,
        ADDRESS_B4000,
        *idle_again,
        "a102 0200 0000 000c ! timeout",
        IDLE,
        ADDRESS_B4000,
        *idle_again,
        f"a102 0200 0000 000c < {DATA[:100].hex()}",
        IDLE,
        ADDRESS_B4000,
        *idle_again,
        f"a102 0200 0000 000c < {DATA.hex()}",
        f"{STATE} < 09",
        ABORT,
        IDLE,
    )
    assert await host.read(0, 0xB4000, len(DATA)) == DATA
    handle.assert_finished()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ((f"{ERASE} ! stall", IDLE), "refuses with a stall"),
        ((f"{ERASE} ! timeout", IDLE), "does not answer"),
        (
            (ERASE, BUSY, f"{STATUS} ! stall", f"{STATE} < 0a", f"{STATUS} < 04 000000 0a 00", CLEAR, IDLE),
            r"errERASE \(memory cannot be erased\)",
        ),
    ],
)
async def test_a_failure_that_comes_again_and_again(failure: tuple[str, ...], told: str) -> None:
    host, handle = await opened(ALT_0, IDLE, *(failure * 3))
    with pytest.raises(DfuFailed, match=f"erasing the sector at 0xB4000 failed: .*{told}") as caught:
        await host.write(0, 0xB4000, DATA)
    assert "e00fce68aaaaaaaaaaaaaaaa" in caught.value.message
    assert "again" in (caught.value.next_step or "")
    handle.assert_finished()


async def test_an_unplugged_device_ends_it() -> None:
    host, handle = await opened(ALT_0, IDLE, ERASE, f"{STATUS} ! gone")
    with pytest.raises(UsbGone):
        await host.write(0, 0xB4000, DATA)
    handle.assert_finished()


async def test_writing_128_kib_takes_three_transfers_for_each_sector_and_block() -> None:
    data = bytes(0x20000)
    script = [ALT_0, IDLE]
    for sector in range(32):
        script.append(
            f"21 01 00 00 00 00 05 00 > 41 {(0xB4000 + sector * 4096).to_bytes(4, 'little').hex()}" + WORK
        )
    script.append(ADDRESS_B4000)
    for block in range(32):
        script.append(f"21 01 {(2 + block).to_bytes(2, 'little').hex()} 0000 0010 > " + "00" * 4096 + WORK)
    host, handle = await opened(*script)
    await host.memory(0)
    before = handle.played
    await host.write(0, 0xB4000, data)
    handle.assert_finished()
    assert handle.played - before - 1 == 195  # the 1: where the state was asked for before the first erase
