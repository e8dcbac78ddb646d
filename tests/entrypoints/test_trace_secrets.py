"""The hunt for secrets: many commands with everything that can be told of them, and no secret in any of it.

Whoever adds a command that handles a secret adds a line to `STEPS`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import frozen
from tests.entrypoints.conftest import Particle, Ran
from tests.entrypoints.drawer import found_changed
from tests.hunting import Leak, leaks

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.cloud import state
from particle_cli.simulators.cloud.state import CAREFUL_USER, FIRST_TOKEN, FIRST_USER
from particle_cli.simulators.factory import factory_image
from particle_cli.simulators.network.air import AccessPoint
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.world import World

PASSWORD, WRONG, CODE = "Zebra+Quagga&77", "Okapi/Bongo#31", "otp-Kudu-5150"
HOOK, HOOK_LATER = "Marabu~Storch%42", "Ibis=Kranich;43"
OTHER_TOKEN = "abad1dea" * 5
WIFI, WIFI_WRONG = "Walross=Wiese;88", "Narwal^Nacht%19"
KEY = "-----BEGIN PRIVATE KEY-----\nTklDSFRHRUhFSU1BQkVSR0VIRUlN\n-----END PRIVATE KEY-----\n"
SECRETS = (
    PASSWORD,
    WRONG,
    CODE,
    HOOK,
    HOOK_LATER,
    WIFI,
    WIFI_WRONG,
    "TklDSFRHRUhFSU1BQkVSR0VIRUlN",
    FIRST_TOKEN,
    OTHER_TOKEN,
)

HOME, GUESTS = "Savanne", "Steppe"
SPARE = "0a10aced202194944a00beef"


@frozen
class Step:
    """A command line, and how it ends.

    Attributes:
        words: the command line.
        code: its exit code.
        typed: what is piped in.
        result: whether its result is the secret, so that only traces are hunted through.
    """

    words: tuple[str, ...]
    code: int = 0
    typed: str = ""
    result: bool = False


def step(line: str, *more: str, code: int = 0, typed: str = "", result: bool = False) -> Step:
    return Step((*line.split(), *more), code, typed, result)


STEPS = (
    # the account
    step(f"login -u {FIRST_USER} -p", WRONG, code=1),
    step(f"login -u {FIRST_USER} -p -", code=1, typed=f"{WRONG}\n"),
    step(f"login -u {CAREFUL_USER} -p", PASSWORD, "--otp", WRONG, code=1),
    step(f"login -u {CAREFUL_USER} -p", PASSWORD, "--otp", CODE),
    step("login --token", "f00dface" * 5, code=1),
    step("login --token", FIRST_TOKEN),
    step(f"login -u {FIRST_USER} -p", PASSWORD),
    step("whoami"),
    step("list"),
    # tokens
    step(f"token create -u {CAREFUL_USER} -p", PASSWORD, "--otp", CODE, result=True),
    step(f"token create -u {CAREFUL_USER} -p", PASSWORD, "--otp", WRONG, code=1),
    step("token create --never-expires -p -", typed=f"{PASSWORD}\n", result=True),
    step(f"token list -u {CAREFUL_USER} -p", PASSWORD, "--otp", CODE, result=True),
    step("token list -p", WRONG, code=1),
    step("token list -p -", typed=f"{PASSWORD}\n", result=True),
    step("token revoke -", typed=f"{OTHER_TOKEN}\n", result=True),
    step("config set access_token", OTHER_TOKEN),
    step("whoami", code=1),
    step("login --sso", code=2),
    step(f"login -u {FIRST_USER} -p", PASSWORD),
    # protected devices
    step("device-protection status -d safe"),
    step("serial inspect --device safe"),
    step("device-protection disable -d safe"),
    step("device-protection enable -d safe"),
    # products
    step("product device add 12345 --file product.txt"),
    step("product device list 12345"),
    step(f"product device list 12345 {SPARE}"),
    step(f"product device remove 12345 {SPARE}"),
    step("product device add 999 --file product.txt", code=1),
    step("function list --product 12345"),
    # webhooks
    step("webhook create hook.json"),
    step("webhook apply later.json --dry-run"),
    step("webhook apply later.json"),
    step("webhook list"),
    step("publish temp 25"),
    step("integration delete all --yes"),
    # networks
    step("wifi add --device pea --file network.json"),
    step(f"wifi join --device pea --ssid {HOME} --security WPA2_PSK --password -", typed=f"{WIFI}\n"),
    step(f"wifi join --device pea --ssid {GUESTS} --password", WIFI_WRONG, code=1),
    step("wifi list pea"),
    step("wifi current pea"),
    step(f"wifi remove --device pea --ssid {HOME}"),
    step("wifi clear pea"),
    # the console
    step("usb start-listening pea old"),
    step("serial list"),
    step("serial identify --device old"),
    step("serial inspect --device old"),
    step("serial mac --device old"),
    step("serial wifi --device old --file credentials.json"),
    step("usb start-listening old"),
    step("serial wifi --device old --file enterprise.json"),
    step("usb start-listening pea"),
    step("serial wifi --device pea --file credentials.json"),
    step("serial monitor --device red --timeout 2 --log monitor.log --until never", code=1),
    # firmware
    step("usb network-interfaces --all", code=1),
    step("usb cloud-status red"),
    step("flash --local red app.bin --yes"),
    step("flash red app.bin --wait"),
    step("flash red tinker"),
    step("flash --local old photon.bin --yes --application-only"),
    step("sim status"),
    step("usb dfu --all"),
    step("usb list"),
    step("usb reset --all"),
    step("logout"),
)


@pytest.fixture
def world(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> Particle:
    """A world whose accounts and networks have secrets that stand out, and the files that commands take."""
    monkeypatch.setattr(state, "FIRST_PASSWORD", PASSWORD)
    monkeypatch.setattr(state, "LOGIN_CODE", CODE)
    for kind, name in (("boron", "red"), ("p2", "pea"), ("photon", "old"), ("boron", "safe")):
        flags = ("--protected",) if name == "safe" else ()
        assert sim("sim", "add", kind, "--name", name, *flags).code == 0
    for name, secret in (("hook", HOOK), ("later", HOOK_LATER)):
        auth, headers = {"username": "me", "password": secret}, {"Authorization": f"Bearer {secret}"}
        hook = {"event": "temp", "url": "http://127.0.0.1:9/", "auth": auth, "headers": headers}
        Path(f"{name}.json").write_text(json.dumps({**hook, "json": {"key": secret}}))
    Path("network.json").write_text(
        json.dumps({"network": HOME, "security": "WPA2_PSK", "password": WIFI, "hidden": False})
    )
    Path("credentials.json").write_text(
        json.dumps({"network": HOME, "security": "WPA2_AES", "password": WIFI})
    )
    enterprise = {"network": "Firma", "security": "WPA2_802.1x", "eap": "EAP-TLS", "username": "me"}
    certificate = "-----BEGIN CERTIFICATE-----\nT2ZmZW5saWNo\n-----END CERTIFICATE-----\n"
    Path("enterprise.json").write_text(
        json.dumps({**enterprise, "client_certificate": certificate, "private_key": KEY})
    )
    assert sim("sim", "add", "boron", "--name", "spare", "--id", SPARE).code == 0
    Path("product.txt").write_text(f"{SPARE}\nWAT\n")
    Path("app.bin").write_bytes(factory_image(platform(13), small=True)[-1].data)
    Path("photon.bin").write_bytes(factory_image(platform(6), small=True)[-1].data)
    return sim


def with_air(world: World) -> None:
    for number, ssid in enumerate((HOME, GUESTS)):
        security = Security.WPA2_PSK
        world.air.add(AccessPoint(ssid, bytes((2, 0, 0, 0, 0, number)), security, password=WIFI))


def hunt(ran: Ran, one: Step, where: str) -> list[Leak]:
    """Go through all that a command has left behind."""
    found = [] if one.result else leaks(f"{where}: stdout", ran.out, SECRETS)
    found += leaks(f"{where}: stderr", ran.err, SECRETS)
    for left in (Path("usb.pcapng"), Path("monitor.log")):
        if left.exists():
            found += leaks(f"{where}: {left}", left.read_bytes(), SECRETS)
    return found


@pytest.mark.parametrize("face", [("-vvv",), ("-vvv", "--json")], ids=["text", "JSON"])
def test_no_command_gives_a_secret_away(world: Particle, face: tuple[str, ...]) -> None:
    found: list[Leak] = []
    told, traced = "", b""
    with found_changed(with_air):
        for one in STEPS:
            ran = world(*one.words, *face, "--trace", "usb.pcapng", typed=one.typed)
            line = " ".join(one.words[:3])
            assert ran.code == one.code, (line, ran)
            found += hunt(ran, one, line)
            told, traced = told + ran.err, traced + Path("usb.pcapng").read_bytes()
    assert found == []
    for withheld in ("HTTP -> #1 body: <redacted>", "Serial Out -> <redacted>", "Serial In <- <redacted>"):
        assert withheld in told  # there was something to find
    assert traced.count(b"Secret data") > 3
