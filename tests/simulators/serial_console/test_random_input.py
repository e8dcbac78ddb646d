"""Whatever is typed, in whatever pieces: the console lives on, and the pieces do not matter."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.simulators.serial_console.typing_host import ARGON, PHOTON, listening
from tests.simulators.talk import BORON

from particle_cli.simulators.firmware.boot import Mode

KEYS = st.sampled_from([b"i", b"m", b"v", b"s", b"c", b"d", b"f", b"a", b"\r", b"\n", b"z", b"\x01", b"\x18"])
TYPED = st.lists(
    st.one_of(
        KEYS,
        st.binary(max_size=8),
        st.sampled_from([b"w", b"C", b"x", b"L", b"net\n", b"3\n", b"1\n", b"5\n", b"0\n", b"\n\n", b"\x7f"]),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(typed=TYPED, place=st.sampled_from([(PHOTON, "2.3.1"), (BORON, "5.9.0"), (ARGON, "6.2.0")]))
def test_nothing_typed_stops_the_device(typed: list[bytes], place: tuple[int, str]) -> None:
    host = listening(*place)
    for piece in typed:
        host.types(piece)
        assert host.device.mode in (Mode.LISTENING, Mode.NORMAL, Mode.SAFE)
    host.device.listen(False)
    host.settle()
    host.device.listen(True)
    host.reads()
    host.device.serial.host_opens()
    assert host.types(b"c") == b"Device claimed: no\r\n"


@settings(max_examples=40)
@given(keys=st.lists(KEYS, max_size=30), cuts=st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_commands_may_come_in_any_pieces(keys: list[bytes], cuts: list[int]) -> None:
    typed, at = b"".join(keys), 0
    whole = listening(ARGON, "5.9.0").types(typed)
    host, answered, turn = listening(ARGON, "5.9.0"), b"", 0
    while at < len(typed):
        size = cuts[turn % len(cuts)]
        answered += host.types(typed[at : at + size])
        at, turn = at + size, turn + 1
    assert answered == whole
