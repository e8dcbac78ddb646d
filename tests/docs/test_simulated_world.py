"""The page about the simulated world: what it says of scenarios and faults is all there is, and true."""

from __future__ import annotations

import re

import pytest
from attrs import fields
from tests.docs.console import PAGES, block_of

from particle_cli.adapters.clock import LoopClock
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.scenario.description import (
    ETHERNET,
    MODES,
    AccessPointDescription,
    AccountDescription,
    DeviceDescription,
    WifiCredentials,
)
from particle_cli.simulators.scenario.fault_words import WORDS, read_faults
from particle_cli.simulators.scenario.reading import read_scenario
from particle_cli.simulators.world import World

PAGE = "simulated-world.md"
TEXT = (PAGES / PAGE).read_text(encoding="utf-8")
SCENARIO = block_of(PAGE, "toml")


async def test_the_scenario_of_the_page_can_be_had() -> None:
    world = World(LoopClock())
    red, boron = await world.populate(read_scenario(SCENARIO.encode(), PAGE))
    assert red.online
    assert boron.variable("level") == 7


@pytest.mark.parametrize(
    "kind", [DeviceDescription, AccessPointDescription, AccountDescription, WifiCredentials]
)
def test_the_page_says_all_that_a_scenario_can_say(kind: type) -> None:
    for one in fields(kind):
        assert re.search(rf"\b{one.name}\b.* = |^\[device\.{one.name}\]", SCENARIO, re.MULTILINE), one.name
    for word in (*MODES, *ETHERNET, *(one.value for one in Security)):
        assert word in SCENARIO


def test_the_page_says_all_that_can_break() -> None:
    table = TEXT.partition("| fault | what happens |")[2].partition("\n\n")[0]
    first = [line.split("|")[1] for line in table.splitlines()[2:]]
    said = [re.findall(r"`([^`]+)`", cell)[0] for cell in first]
    assert [text.split()[0] for text in said] == list(WORDS)
    for text in said:
        read_faults([text.replace("N", "3").replace("[", "").replace("]", "").replace("TIMES", "3")])
