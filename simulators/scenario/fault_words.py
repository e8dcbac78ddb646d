"""What can be broken about a device, in the words of `particle sim break`, of scenarios and of test suites.

stall at N | every N          the N-th transfer of a command (or every N-th) is refused
lose-request at N | every N   … does not reach the device: a time-out
lose-reply at N | every N     … reaches the device, whose answer is lost: a time-out
drop at N | every N           … meets a loose contact: the device loses its power, and has it back 1 s later
unplug at N                   … is the last: somebody pulls the cable
slow-flash [TIMES]            erasing takes so many times as long, by default 10
power-cut [at N]              once: the power fails in the N-th write to flash of a command, or in the first
no-network                    there is no network where the device is
no-sim                        there is no SIM card in it
damage MODULE                 a bit of a module has flipped: application, system-part1, bootloader, …
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from particle_cli.ports.errors import UsageError

STALL, LOSE_REQUEST, LOSE_REPLY, DROP, UNPLUG = "stall", "lose-request", "lose-reply", "drop", "unplug"
SLOW_FLASH, POWER_CUT, NO_NETWORK, NO_SIM, DAMAGE = (
    "slow-flash", "power-cut", "no-network", "no-sim", "damage",
)  # fmt: skip
CABLE: Final = (STALL, LOSE_REQUEST, LOSE_REPLY, DROP, UNPLUG)
"""Faults of the cable: they strike transfers."""
WORDS: Final = (*CABLE, SLOW_FLASH, POWER_CUT, NO_NETWORK, NO_SIM, DAMAGE)

_DEFAULT_SLOWNESS: Final = 10
_VOCABULARY: Final = (
    "Known are: stall, lose-request, lose-reply and drop, each with `at N` or `every N`; unplug at N; "
    "slow-flash [TIMES]; power-cut [at N]; no-network; no-sim; damage MODULE."
)


class FaultUnknown(UsageError):
    """The words name no fault."""

    code = "fault_unknown"


@frozen
class DeviceFault:
    """One thing that is broken.

    Attributes:
        word: what it is, one of WORDS.
        at: the one transfer, or write to flash, that it strikes, counted from 1 in each command.
        every: it strikes whenever so many transfers have passed.
        times: how many times as long erasing takes.
        module: the module that is damaged.
    """

    word: str
    at: int | None = None
    every: int | None = None
    times: int | None = None
    module: str | None = None

    def __str__(self) -> str:
        """Return it in the words that it is read from."""
        parts = [self.word]
        parts += [f"at {self.at}"] if self.at is not None else []
        parts += [f"every {self.every}"] if self.every is not None else []
        parts += [str(self.times)] if self.times is not None else []
        parts += [self.module] if self.module is not None else []
        return " ".join(parts)

    def strikes(self, number: int) -> bool:
        """Tell whether it strikes the transfer of that number."""
        return number == self.at or (self.every is not None and number % self.every == 0)


def read_faults(texts: Iterable[str]) -> tuple[DeviceFault, ...]:
    """Read faults from texts that hold one or several each, as `drop every 200 slow-flash`.

    Raises: FaultUnknown.
    """
    words = [word for text in texts for word in text.replace(",", " ").split()]
    found: list[DeviceFault] = []
    while words:
        found.append(_read_one(words))
    return tuple(found)


def _read_one(words: list[str]) -> DeviceFault:
    """Take the words of one fault from the front of the list."""
    word = words.pop(0).lower()
    if word not in WORDS:
        raise FaultUnknown(f"There is no fault '{word}'.", next_step=_VOCABULARY)
    if word in (NO_NETWORK, NO_SIM):
        return DeviceFault(word)
    if word == DAMAGE:
        if not words:
            raise FaultUnknown("'damage' needs the name of a module.", next_step=_VOCABULARY)
        return DeviceFault(word, module=words.pop(0).lower())
    if word == SLOW_FLASH:
        given = words and words[0].isdecimal()
        return DeviceFault(word, times=_number(word, words) if given else _DEFAULT_SLOWNESS)
    if words and words[0] in _schedules(word):
        if words.pop(0) == "at":
            return DeviceFault(word, at=_number(word, words))
        return DeviceFault(word, every=_number(word, words))
    if word == POWER_CUT:
        return DeviceFault(word, at=1)
    shown = " or ".join(f"'{word} {schedule} N'" for schedule in _schedules(word))
    raise FaultUnknown(f"When is it to happen? Write {shown}.", next_step=_VOCABULARY)


def _schedules(word: str) -> tuple[str, ...]:
    return ("at",) if word in (UNPLUG, POWER_CUT) else ("at", "every")


def _number(word: str, words: list[str]) -> int:
    given = words.pop(0) if words else ""
    if not given.isdecimal() or not 0 < int(given) < 1_000_000:
        raise FaultUnknown(
            f"'{word}' needs a number from 1 on, not '{given}'." if given else f"'{word}' needs a number.",
            next_step=_VOCABULARY,
        )
    return int(given)
