"""Memory sections: in pieces, and only what a section allows."""

from __future__ import annotations

import pytest
from tests.domain.control.running_boron import RESET, answered, channel_to, little

from particle_cli.domain.control import storage
from particle_cli.domain.control.errors import RequestFailed, RequestInvalid
from particle_cli.domain.control.storage import Section, SectionFlag, SectionKind
from particle_cli.domain.errors import ProtocolError

FIRMWARE = Section(0, 4, SectionKind.FIRMWARE, 131072, SectionFlag(0x09))
FACTORY = Section(0, 6, SectionKind.FACTORY_BACKUP, 131072, SectionFlag(0x1F))
CONFIG = Section(0, 7, SectionKind.CONFIG, 16384, SectionFlag(0x03))
CONTENT = bytes(i & 0xFF for i in range(5000))
OLD = "c050 0000 1e00 4000 < 312e342e34\n" + RESET.format(0)  # Device OS 1.4.4


def varint(value: int) -> str:
    """The hexadecimal digits of a number of variable length, of up to two bytes."""
    return f"{value:02x}" if value < 0x80 else f"{value & 0x7F | 0x80:02x}{value >> 7:02x}"


def read(section: int, offset: int, part: bytes) -> str:
    """Reading one piece; a reply of more than 4096 bytes comes in two parts."""
    request = f"10{section:02x}" + (f"18{varint(offset)}" if offset else "") + f"20{varint(len(part))}"
    reply = f"0a{varint(len(part))}" + part.hex()
    size = len(reply) // 2
    if size <= 4096:
        return answered(261, request, reply)
    script = answered(261, request)[: -len("c002 0000 0100 4000 < 09000000 0000 00000000\n")]
    return (
        script
        + f"c002 0000 0100 4000 < 0d000000 0000 {little(size, 4)} 00000000\n"
        + f"c004 0000 0100 0010 < {reply[:8192]}\n"
        + f"c004 0000 0100 {little(size - 4096, 2)} < {reply[8192:]}\n"
    )


def written(section: int, offset: int, part: bytes) -> str:
    """Writing one piece, for which the device gets a buffer first."""
    payload = f"10{section:02x}" + (f"18{varint(offset)}" if offset else "")
    payload += f"22{varint(len(part))}" + part.hex()
    size = len(payload) // 2
    lines = f"c001 {little(size, 2)} 0601 4000 < 03000000 0200 0100\nc002 0000 0100 4000 < 01000000 0000\n"
    for start in range(0, size, 4096):
        sent = payload[2 * start : 2 * start + 8192]
        lines += f"4003 0000 0100 {little(len(sent) // 2, 2)} > {sent}\n"
    return lines + "c002 0000 0100 4000 < 09000000 0000 00000000\n"


async def test_a_module_is_read_as_far_as_it_goes_in_pieces() -> None:
    told: list[tuple[int, int]] = []
    channel, handle = channel_to(
        answered(264, "1004", "088827"), read(4, 0, CONTENT[:4096]), read(4, 4096, CONTENT[4096:])
    )
    found = await storage.read_section(channel, FIRMWARE, progress=lambda *done: told.append(done))
    assert found == CONTENT
    assert told == [(4096, 5000), (5000, 5000)]
    handle.assert_finished()


async def test_a_section_is_cleared_where_that_is_needed_and_written_in_pieces() -> None:
    told: list[tuple[int, int]] = []
    channel, handle = channel_to(
        answered(263, "1006"), written(6, 0, CONTENT[:4096]), written(6, 4096, CONTENT[4096:])
    )
    await storage.write_section(channel, FACTORY, CONTENT, progress=lambda *done: told.append(done))
    assert told == [(4096, 5000), (5000, 5000)]
    handle.assert_finished()


async def test_the_configuration_is_written_without_clearing_and_every_byte_of_it_is_marked() -> None:
    channel, handle = channel_to(written(7, 34, CONTENT[:1000]), read(7, 34, CONTENT[:1000]))
    await storage.write_section(channel, CONFIG, CONTENT[:1000], offset=34)
    assert await storage.read_section(channel, CONFIG, offset=34, size=1000) == CONTENT[:1000]
    handle.assert_finished()
    assert [setup.secret for setup in handle.setups] == [setup.request in (3, 4) for setup in handle.setups]


async def test_before_device_os_1_5_each_piece_fits_into_one_transfer() -> None:
    channel, handle = channel_to(
        OLD, answered(263, "1006"), written(6, 0, CONTENT[:4032]), written(6, 4032, CONTENT[4032:])
    )
    await channel.open()
    await storage.write_section(channel, FACTORY, CONTENT)
    assert max(setup.length for setup in handle.setups) <= 4096
    handle.assert_finished()


async def test_what_a_section_does_not_allow_is_not_sent() -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestInvalid, match="cannot be written"):
        await storage.write_section(channel, FIRMWARE, b"x")
    with pytest.raises(RequestInvalid, match="cannot be cleared"):
        await storage.clear_section(channel, CONFIG)
    with pytest.raises(RequestInvalid, match="how much"):
        await storage.used_size(channel, CONFIG)
    with pytest.raises(RequestInvalid, match="cannot be read"):
        await storage.read_section(channel, Section(0, 1, None, 10, SectionFlag(0)))


@pytest.mark.parametrize(("offset", "size"), [(16384, 1), (-1, 1), (0, 16385), (0, -1)])
async def test_what_does_not_lie_in_a_section_is_not_asked_for(offset: int, size: int) -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestInvalid, match="do not lie in section 7"):
        await storage.read_section(channel, CONFIG, offset=offset, size=size)


async def test_more_bytes_than_asked_for_or_fewer() -> None:
    for reply in ("0a02aabb", "0a04aabbccdd", ""):
        channel, _ = channel_to(answered(261, "1007 2003", reply))
        with pytest.raises(ProtocolError, match="of a section, not 3"):
            await storage.read_section(channel, CONFIG, size=3)


async def test_nothing_at_all_is_read_without_asking() -> None:
    channel, _ = channel_to()
    assert await storage.read_section(channel, CONFIG, size=0) == b""


async def test_a_write_that_fails_midway_says_so() -> None:
    channel, handle = channel_to(
        written(7, 0, CONTENT[:4096]),
        written(7, 4096, CONTENT[4096:]).replace("00000000\n", "01ffffff\n"),
    )
    with pytest.raises(RequestFailed, match="Request error"):
        await storage.write_section(channel, CONFIG, CONTENT)
    handle.assert_finished()
