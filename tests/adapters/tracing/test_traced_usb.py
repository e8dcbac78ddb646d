"""A traced usb port: everything that goes over the wire is in the file, and nothing that is secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import define, frozen
from tests.adapters.tracing.reading import Record, records_of, trace_in
from tests.contract.test_usb import bench_of
from tests.contract.usb_contract import DFU_GETSTATUS, GET_STATUS, Bench

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.disk import Disk
from particle_cli.adapters.tracing.traced_usb import TracedHandle, TracedUsb
from particle_cli.adapters.tracing.usb_trace import UsbTrace, begin_trace
from particle_cli.ports.files import FileError, FileMissing, FileRefused
from particle_cli.ports.usb import AttachedDevice, Setup, UsbError, UsbGone, UsbStall, UsbTimeout
from particle_cli.simulators.faults import Fault, FaultPlan

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = b"correct horse battery staple"


@frozen
class Traced:
    """A bench with a Boron, traced into a file."""

    bench: Bench
    usb: TracedUsb
    trace: UsbTrace
    path: Path

    async def opened(self) -> TracedHandle:
        return await self.usb.open(await self.bench.only())

    @property
    def records(self) -> list[Record]:
        return trace_in(self.path)

    def since(self, count: int) -> list[Record]:
        return self.records[count:]


@pytest.fixture
async def traced(tmp_path: Path) -> AsyncIterator[Traced]:
    clock = LoopClock(epoch=NOON)
    bench = bench_of(clock)
    path = tmp_path / "usb.pcapng"
    trace = begin_trace(Disk(), str(path), program="test")
    yield Traced(bench, TracedUsb(bench.usb, trace, clock), trace, path)
    trace.close()
    await bench.bus.close()


async def test_a_device_is_introduced_when_it_is_first_opened(traced: Traced) -> None:
    assert traced.records == []
    handle = await traced.opened()
    usb = traced.bench.device.usb
    assert usb is not None
    told = usb.descriptors
    submitted, completed = traced.records[::2], traced.records[1::2]
    assert [one.request for one in submitted] == [
        (0x80, 6, 0x0100, 0, 18),
        (0x80, 6, 0x0200, 0, 9),
        (0x80, 6, 0x0200, 0, len(told.configuration)),
        (0x00, 9, 1, 0, 0),
    ]
    assert [one.data for one in completed] == [
        told.device,
        told.configuration[:9],
        told.configuration,
        b"",
    ]
    await handle.close()
    await (await traced.opened()).close()
    assert len(traced.records) == 8  # once is enough


async def test_each_enumeration_has_an_address_of_its_own(traced: Traced) -> None:
    await (await traced.opened()).close()
    before = await traced.bench.only()
    traced.bench.device.reset()
    await traced.usb.changed((before,), timeout_ms=60_000)
    await (await traced.opened()).close()
    assert [(one.bus, one.address) for one in traced.records] == [(1, 2)] * 8 + [(1, 3)] * 8


async def test_addresses_are_used_again_when_they_run_out(traced: Traced) -> None:
    numbers = [
        traced.trace.bulk(AttachedDevice(0x2B04, 0xD00D, None, path, arrival), 1)
        for arrival, path in enumerate(["3-1"] * 127 + ["20-1.4", "elsewhere"])
    ]
    assert [one.address for one in numbers] == [*range(2, 128), 2, 3, 4]
    assert [one.bus for one in numbers[-3:]] == [3, 20, 0]


async def test_a_transfer_has_two_records_at_its_times(traced: Traced) -> None:
    handle = await traced.opened()
    assert await handle.control_in(GET_STATUS, timeout_ms=1000) == b"\x01\x00"
    submitted, completed = traced.since(8)
    assert submitted.request == (0x80, 0, 0, 0, 2)
    assert (submitted.event, submitted.kind, submitted.endpoint) == ("S", 2, 0x80)
    assert (submitted.has_setup, submitted.data_flag, submitted.status) == (True, "<", -115)
    assert (submitted.length, submitted.data) == (2, b"")
    assert (completed.event, completed.id, completed.endpoint) == ("C", submitted.id, 0x80)
    assert (completed.has_setup, completed.data_flag, completed.status) == (False, "", 0)
    assert (completed.length, completed.data) == (2, b"\x01\x00")
    assert completed.time_us - submitted.time_us == 1000  # as the bus is modelled
    assert submitted.time_us - traced.records[0].time_us == 3000
    assert submitted.time_us - NOON.timestamp() * 1_000_000 == 2_503_000  # it took its time to start
    await handle.close()


async def test_what_is_written_is_in_the_submission(traced: Traced) -> None:
    await traced.bench.only()
    await (await traced.bench.in_dfu_mode()).close()
    handle = await traced.opened()
    await handle.claim(0)
    count = len(traced.records)
    await handle.set_alternate(0, 1)
    await handle.control_out(Setup(0x21, 1, 0, 0, 5), memoryview(b"\x21\x00\x40\x0d\x00"), timeout_ms=1000)
    await handle.control_in(DFU_GETSTATUS, timeout_ms=1000)
    records = traced.since(count)
    assert [one.request for one in records[::2]] == [
        (0x01, 11, 1, 0, 0),
        (0x21, 1, 0, 0, 5),
        (0xA1, 3, 0, 0, 6),
    ]
    assert (records[2].data, records[2].length, records[2].data_flag) == (b"\x21\x00\x40\x0d\x00", 5, "")
    assert (records[3].data, records[3].length, records[3].data_flag) == (b"", 5, ">")
    assert records[5].data[4] == 4  # dfuDNBUSY
    await handle.release(0)
    await handle.close()


async def test_strings_and_descriptors_are_there(traced: Traced) -> None:
    handle = await traced.opened()
    assert await handle.string(3) == traced.bench.device.id
    with pytest.raises(UsbStall):
        await handle.string(0)
    with pytest.raises(UsbStall):
        await handle.string(0x77)
    asked, answered, refused, refusal = traced.since(8)
    assert asked.request == (0x80, 6, 0x0303, 0x0409, 255)
    text = traced.bench.device.id.encode("utf-16-le")
    assert answered.data == bytes((2 + len(text), 3)) + text
    assert (refused.request[2], refusal.status) == (0x0377, -32)
    await handle.close()


async def test_bulk_transfers_are_there(traced: Traced) -> None:
    handle = await traced.opened()
    assert await handle.bulk_write(0x01, b"hello", timeout_ms=1000) == 5
    with pytest.raises(UsbTimeout):
        await handle.bulk_read(0x81, 64, timeout_ms=100)
    sent, taken, asked, nothing = traced.since(8)
    assert [one.kind for one in (sent, taken, asked, nothing)] == [3] * 4
    assert (sent.endpoint, sent.has_setup, sent.data, taken.length) == (0x01, False, b"hello", 5)
    assert (asked.endpoint, asked.length, asked.data_flag) == (0x81, 64, "<")
    assert (nothing.status, nothing.data, nothing.time_us - asked.time_us) == (-110, b"", 100_000)
    await handle.close()


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        (Fault.STALL, UsbStall, -32),
        (Fault.REQUEST_LOST, UsbTimeout, -110),
        (Fault.REPLY_LOST, UsbTimeout, -110),
        (Fault.GONE_BEFORE, UsbGone, -108),
        (Fault.GONE_AFTER, UsbGone, -108),
        (Fault.CANCELLED_AFTER, asyncio.CancelledError, -2),
    ],
)
async def test_a_transfer_that_fails_says_how(
    traced: Traced, fault: Fault, error: type[BaseException], status: int
) -> None:
    handle = await traced.opened()
    traced.bench.faults.plan = FaultPlan(fault, matching=lambda setup: setup == GET_STATUS)

    async def read() -> None:
        await handle.control_in(GET_STATUS, timeout_ms=250)

    with pytest.raises(error):
        await asyncio.ensure_future(read())
    last = traced.records[-1]
    assert (last.event, last.status, last.length, last.data) == ("C", status, 0, b"")
    await handle.close()


async def test_a_device_that_will_not_be_introduced_can_be_used_all_the_same(traced: Traced) -> None:
    traced.bench.faults.plan = FaultPlan(Fault.STALL, times=None, matching=lambda setup: setup.request == 6)
    handle = await traced.opened()
    assert len(await handle.control_in(GET_STATUS, timeout_ms=1000)) == 2
    assert [one.status for one in traced.records] == [-115, -32, -115, 0]
    await handle.close()


async def test_a_device_whose_introduction_is_given_up_is_closed(traced: Traced) -> None:
    traced.bench.faults.plan = FaultPlan(Fault.CANCELLED_BEFORE)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.ensure_future(traced.opened())
    assert traced.records[-1].status == -2


# what is secret


async def test_secret_data_is_zeros_of_equal_length(traced: Traced) -> None:
    handle = await traced.opened()
    out = Setup(0x40, 3, 0, 1, len(SECRET), secret=True)
    with pytest.raises(UsbStall):
        await handle.control_out(out, SECRET, timeout_ms=1000)
    read = Setup(0x80, 6, 0x0200, 0, 20, secret=True)
    assert await handle.control_in(read, timeout_ms=1000) != bytes(20)
    sent, _, _, received = traced.since(8)
    assert (sent.data, sent.length) == (bytes(len(SECRET)), len(SECRET))
    assert (received.data, received.length, received.status) == (bytes(20), 20, 0)
    assert "zeros" in sent.comment
    assert "zeros" in received.comment
    assert SECRET not in traced.path.read_bytes()
    await handle.close()


# the file


def test_a_trace_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "t.pcapng"
    for _ in range(2):
        trace = begin_trace(Disk(), str(path), program="test")
        assert trace_in(path) == []
        urb = trace.bulk(AttachedDevice(1, 2, None, "1-1", 1), 0x81)
        trace.submitted(urb, NOON, 5)
        trace.close()
        assert len(trace_in(path)) == 1
    path.write_bytes(b"")
    begin_trace(Disk(), str(path), program="test").close()
    assert trace_in(path) == []


def test_what_is_no_trace_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "firmware.bin"
    path.write_bytes(b"precious")
    with pytest.raises(FileRefused, match="is no trace, and is left as it is") as refused:
        begin_trace(Disk(), str(path), program="test")
    assert refused.value.next_step
    assert path.read_bytes() == b"precious"


def test_a_trace_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="its folder does not exist"):
        begin_trace(Disk(), str(tmp_path / "gone" / "t.pcapng"), program="test")
    with pytest.raises(FileError, match="it is a folder"):
        begin_trace(Disk(), str(tmp_path), program="test")


@define
class FillsUp:
    """A file on a disk that has room for so many blocks."""

    room: int
    data: bytes = b""

    def write(self, data: bytes) -> None:
        if not self.room:
            raise FileRefused("Cannot write t: the disk is full.")
        self.room -= 1
        self.data += data

    def close(self) -> None:
        """Nothing is open."""


async def test_a_disk_that_fills_up_ends_the_trace_and_not_the_work(traced: Traced) -> None:
    file = FillsUp(room=5)
    head = traced.path.read_bytes()
    trace = UsbTrace(file)
    usb = TracedUsb(traced.bench.usb, trace, LoopClock(epoch=NOON))
    handle = await usb.open(await traced.bench.only())
    assert trace.failure is not None
    file.room = 100  # once it has failed there would be a gap
    assert len(await handle.control_in(GET_STATUS, timeout_ms=1000)) == 2
    assert len(records_of(head + file.data)) == 5
    await handle.close()


async def test_the_file_is_whole_before_and_after_every_transfer(
    traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a program finds it that is killed between any two records."""
    seen: list[int] = []
    write = traced.trace._file.write

    def looked_at(data: bytes) -> None:
        seen.append(len(traced.records))
        write(data)
        seen.append(len(traced.records))

    monkeypatch.setattr(traced.trace._file, "write", looked_at)
    handle = await traced.opened()
    with pytest.raises(UsbError):
        await handle.string(0x77)
    await handle.close()
    assert seen == [count for pair in enumerate(range(1, 11)) for count in pair]
