"""The words for what can be broken."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.scenario.fault_words import WORDS, DeviceFault, FaultUnknown, read_faults

NUMBERS = st.integers(1, 999_999)
FAULTS = st.one_of(
    st.builds(DeviceFault, st.sampled_from(["stall", "lose-request", "lose-reply", "drop"]), at=NUMBERS),
    st.builds(DeviceFault, st.sampled_from(["stall", "lose-request", "lose-reply", "drop"]), every=NUMBERS),
    st.builds(DeviceFault, st.sampled_from(["unplug", "power-cut"]), at=NUMBERS),
    st.builds(DeviceFault, st.just("slow-flash"), times=NUMBERS),
    st.builds(DeviceFault, st.sampled_from(["no-network", "no-sim"])),
    st.builds(DeviceFault, st.just("damage"), module=st.sampled_from(["application", "system-part1"])),
)


@given(st.lists(FAULTS), st.sampled_from([" ", ", "]))
def test_what_is_written_down_reads_the_same(faults: list[DeviceFault], between: str) -> None:
    texts = [str(fault) for fault in faults]
    assert read_faults(texts) == tuple(faults)
    assert read_faults([between.join(texts)]) == tuple(faults)
    assert read_faults(" ".join(texts).split()) == tuple(faults)


def test_some_have_usual_numbers() -> None:
    assert read_faults(["slow-flash power-cut"]) == (
        DeviceFault("slow-flash", times=10),
        DeviceFault("power-cut", at=1),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rust", "There is no fault 'rust'."),
        ("drop", "Write 'drop at N' or 'drop every N'."),
        ("unplug", "Write 'unplug at N'."),
        ("unplug every 3", "Write 'unplug at N'."),
        ("drop at", "'drop' needs a number."),
        ("drop at 0", "'drop' needs a number from 1 on, not '0'."),
        ("drop every x", "not 'x'"),
        ("slow-flash 0", "not '0'"),
        ("damage", "'damage' needs the name of a module."),
        ("no-sim at 3", "There is no fault 'at'."),
    ],
)
def test_what_means_nothing_is_told(text: str, said: str) -> None:
    with pytest.raises(FaultUnknown) as unknown:
        read_faults([text])
    assert said in unknown.value.message
    assert unknown.value.next_step
    assert all(word in unknown.value.next_step for word in WORDS)


@given(st.lists(st.sampled_from([*WORDS, "at", "every", "3", "x"]), max_size=6))
def test_any_words_are_faults_or_one_clear_error(words: list[str]) -> None:
    with suppress(FaultUnknown):
        assert len(read_faults(words)) <= len(words)


@given(NUMBERS, st.integers(1, 2000))
def test_at_strikes_once_and_every_again_and_again(number: int, transfer: int) -> None:
    assert DeviceFault("stall", at=number).strikes(transfer) == (transfer == number)
    assert DeviceFault("stall", every=number).strikes(transfer) == (transfer % number == 0)
