"""What commands say does not depend on how the cloud is reached: in process, or over a socket."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle, Ran
from tests.entrypoints.serving import Served
from tests.entrypoints.test_sim_cloud import served  # noqa: F401 - a fixture

pytestmark = pytest.mark.real_time

SKETCH = """
#include "Particle.h"
int level = 5;
int set(String command) { return 2; }
void setup() { Particle.function("set", set); Particle.variable("level", level); }
void loop() {}
"""

COMMANDS = (
    "whoami",
    "list",
    "list offline",
    "list argon --json",
    "function list",
    "variable list",
    "get weather temperature",
    "get weather place --json",
    "get all rain",
    "get weather nosuch",
    "monitor weather rain --max 2",
    "call weather led on",
    "call weather led on --json",
    "call weather nosuch",
    "call nosuch led",
    "device rename lamp hall",
    "device rename hall lämpchen",
    "device remove door --yes",
    "device add 0a10aced20215fc4e85ac7f0",
    "device add 000000000000000000000000",
    "nyan weather on",
    "nyan all off",
    "publish greeting hello",
    "publish spark/no",
    "subscribe --all",
    "compile boron level.ino --saveTo level.bin",
    "compile boron broken.ino --json",
    "flash weather level.bin --wait",
    "call weather set 1",
    "get weather level",
    "cloud flash lämpchen level.bin",
    "webhook create greeting http://127.0.0.1:9/in",
    "webhook list",
    "webhook create webhook.json",
    "webhook delete all --yes",
    "webhook delete nosuch",
    "product device list 12345",
    "product device add 12345 e00fce6881c2e7b9a5114a8a",
    "product device list example-product e00fce6881c2e7b9a5114a8a",
    "product device remove 12345 e00fce6881c2e7b9a5114a8a",
    "product device list nosuch",
    "token create --password wrong",
    "config",
)

_VARYING = (
    (re.compile(r"https?://[^\s/\"]+"), "ADDRESS"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "TOKEN"),
    (re.compile(r"(?<=ID )[0-9a-f]{24}\b|(?<=deleting )[0-9a-f]{24}\b"), "HOOK"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)"), "MOMENT"),
    (re.compile(r"after \d+ s"), "after N s"),
    (re.compile(r"(?<=Current profile: )\w+"), "PROFILE"),
    (re.compile(r"sim:"), "ADDRESS"),
)


def plain(ran: Ran, home: Path) -> tuple[int, str, str]:
    """Return how a command ended, without what differs between any two runs."""
    texts = []
    for text in (ran.out, ran.err):
        text = text.replace(str(home.parent), "HERE")
        for pattern, word in _VARYING:
            text = pattern.sub(word, text)
        texts.append(text)
    return ran.code, texts[0], texts[1]


@pytest.fixture
def files(home: Path) -> None:
    """The files that the commands name, in the working folder."""
    Path("level.ino").write_text(SKETCH)
    Path("broken.ino").write_text("broken")
    Path("webhook.json").write_text('{"event": "tick", "url": "http://127.0.0.1:9/in", "requestType": "PUT"}')


@pytest.mark.usefixtures("files")
def test_commands_say_the_same_in_process_and_over_a_socket(
    particle: Particle,
    served: Callable[..., Served],  # noqa: F811
    home: Path,
) -> None:
    assert particle("config", "sim").code == 0
    assert particle("sim", "load", "laptop", "--yes").code == 0
    embedded = [plain(particle(*line.split()), home) for line in COMMANDS]
    server = served()
    assert particle("config", "laptop").code == 0
    assert particle("config", "laptop", "apiUrl", server.address).code == 0
    assert particle("login", "-u", "you@example.com", "-p", "password").code == 0
    for line, told in zip(COMMANDS, embedded, strict=True):
        assert plain(particle(*line.split()), home) == told, line
