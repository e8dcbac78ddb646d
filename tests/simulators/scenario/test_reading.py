"""Scenario files: what they may say, and how what is wrong is told."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.adapters.disk import Disk
from particle_cli.ports.files import FileError
from particle_cli.simulators.scenario.description import (
    AccessPointDescription,
    AccountDescription,
    Binary,
    DeviceDescription,
    Program,
    Scenario,
    WifiCredentials,
)
from particle_cli.simulators.scenario.products import ProductDescription, TeamDescription
from particle_cli.simulators.scenario.reading import ScenarioWrong, read_scenario, scenario_of

EVERYTHING = b"""
description = "All there is"
cellular = false

[[account]]
username = "she@example.com"
password = "hers"
login_code = "654321"

[[product]]
name = "Attic Windows"
platform = "p2"
number = 2001
description = "d"
owner = "she@example.com"
protected = true
quarantine = false
groups = ["beta"]
team = [{ username = "mfa@example.com", role = "viewer" }]

[[access_point]]
ssid = "Attic"
security = "wpa3"
password = "cobwebs"
channel = 44
rssi = -80
hidden = true
bssid = "02:00:00:00:00:01"

[[device]]
platform = "p2"
name = "red"
id = "0A10ACED202194944A000001"
device_os = "6.1.1"
application = "none"
mode = "dfu"
protected = true
owner = "she@example.com"
product = "attic-windows"
groups = ["beta"]
development = true
setup_done = true
wifi = [{ ssid = "Attic", password = "cobwebs", security = "wpa3", hidden = true }]
ethernet = "plugged"
environment = { STAGE = "test" }
faults = ["slow-flash", "stall every 7"]

[[device]]
platform = "boron"
claimed = false
attached = false
"""


def test_a_file_with_all_there_is_means_what_it_says() -> None:
    assert read_scenario(EVERYTHING, "all.toml") == Scenario(
        description="All there is",
        cellular=False,
        accounts=(AccountDescription("she@example.com", "hers", "654321"),),
        products=(
            ProductDescription(
                "Attic Windows",
                "p2",
                2001,
                description="d",
                owner="she@example.com",
                protected=True,
                quarantine=False,
                groups=("beta",),
                team=(TeamDescription("mfa@example.com", "viewer"),),
            ),
        ),
        access_points=(
            AccessPointDescription(
                "Attic", "wpa3", "cobwebs", channel=44, rssi=-80, hidden=True, bssid="02:00:00:00:00:01"
            ),
        ),
        devices=(
            DeviceDescription(
                "p2",
                name="red",
                id="0A10ACED202194944A000001",
                device_os="6.1.1",
                application="none",
                mode="dfu",
                protected=True,
                owner="she@example.com",
                product="attic-windows",
                groups=("beta",),
                development=True,
                setup_done=True,
                wifi=(WifiCredentials("Attic", "cobwebs", "wpa3", hidden=True),),
                ethernet="plugged",
                environment={"STAGE": "test"},
                faults=("slow-flash", "stall every 7"),
            ),
            DeviceDescription("boron", claimed=False, attached=False),
        ),
    )


def test_secrets_have_no_repr() -> None:
    told = repr(read_scenario(EVERYTHING, "all.toml"))
    for secret in ("hers", "cobwebs", "654321"):
        assert secret not in told


def test_an_empty_file_is_an_empty_world() -> None:
    assert read_scenario(b"", "empty.toml") == Scenario()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("device = [", "Invalid value"),
        ("devices = []", "unknown key 'devices'; known are description, device, account"),
        ("device = 5", "device: a list is wanted, not a whole number"),
        ("[device]\nplatform = 'p2'", "device: a list is wanted, not a table"),
        ("device = [1]", "device 1: a table is wanted, not a whole number"),
        ("[[device]]", "device 1, platform: it is missing"),
        ("[[device]]\nplatform = 1", "device 1, platform: a text is wanted, not a whole number"),
        ("[[device]]\nplatform = 'nix'", "device 1: there is no platform 'nix'; known are core, photon"),
        (
            "[[device]]\nplatform = 'p2'\ncolour = 1",
            "device 1: unknown key 'colour'; known are platform, name",
        ),
        ("[[device]]\nplatform = 'p2'\nid = 'x'", "a device id is 24 hexadecimal digits, not 'x'"),
        ("[[device]]\nplatform = 'p2'\nmode = 'on'", "there is no mode 'on'; known are normal"),
        ("[[device]]\nplatform = 'p2'\nprotected = 1", "protected: true or false is wanted"),
        ("[[device]]\nplatform = 'p2'\nfaults = 'stall'", "faults: a list is wanted, not a text"),
        ("[[device]]\nplatform = 'p2'\nfaults = ['rust']", "There is no fault 'rust'. Known are: stall"),
        ("[[device]]\nplatform = 'p2'\nfaults = ['stall']", "Write 'stall at N' or 'stall every N'."),
        ("[[device]]\nplatform = 'boron'\nwifi = []", "a boron connects with no Wi-Fi network"),
        ("[[device]]\nplatform = 'photon'\nethernet = 'none'", "a photon has no Ethernet port"),
        ("[[device]]\nplatform = 'p2'\nethernet = 'on'", "'on' is none of none, unplugged, plugged"),
        ("[[device]]\nplatform = 'p2'\nattached = false\nmode = 'dfu'", "cannot be in dfu mode"),
        ("[[device]]\nplatform = 'p2'\nclaimed = false\nowner = 'a'", "is not claimed has no owner"),
        ("[[device]]\nplatform = 'p2'\nowner = 'a@b.c'", "there is no account 'a@b.c'"),
        (
            "[[device]]\nplatform = 'p2'\nwifi = [{ssid = 'a', security = 'x'}]",
            "no security 'x'; known are none",
        ),
        ("[[device]]\nplatform = 'p2'\nwifi = [{}]", "device 1, wifi 1, ssid: it is missing"),
        ("[[device]]\nplatform = 'p2'\nenvironment = {A = 1}", "environment, A: a text is wanted"),
        ("[[device]]\nplatform = 'p2'\nvariables = {a = [1]}", "a number or a text is wanted, not a list"),
        ("[[device]]\nplatform = 'p2'\napplication = 'x.bin'", "neither 'tinker' nor 'none'"),
        ("[[device]]\nplatform = 'p2'\napplication = 7", "'tinker', 'none', a path or a table is wanted"),
        ("[[device]]\nplatform = 'p2'\napplication = {}", "either 'path' or 'code'"),
        ("[[device]]\nplatform = 'p2'\napplication = {code = 7}", "code: a text is wanted"),
        ("[[device]]\nplatform = 'p2'\napplication = {cod = ''}", "unknown key 'cod'; known are path"),
        ("[[access_point]]\nssid = ''", "access_point 1: the name of a Wi-Fi network has 1 to 32 bytes"),
        ("[[access_point]]\nssid = 'a'\nchannel = 0", "there is no channel 0"),
        ("[[access_point]]\nssid = 'a'\nrssi = 5", "between -120 and -1 dBm"),
        ("[[access_point]]\nssid = 'a'\nbssid = '1'", "six bytes as in 02:50:41:52:54:0a"),
        ("[[account]]\nusername = 'a'", "account 1, password: it is missing"),
        (
            "[[account]]\nusername='a'\npassword='b'\n[[account]]\nusername='A'\npassword='b'",
            "two accounts 'a'",
        ),
        ("[[product]]\nname = 'A'", "product 1, platform: it is missing"),
        ("[[product]]\nname = '7'\nplatform = 'p2'", "a product's name has letters in it"),
        ("[[product]]\nname = 'A'\nplatform = 'p2'\nslug = 'A b'", "a slug is made of lower-case letters"),
        ("[[product]]\nname = 'A'\nplatform = 'p2'\nnumber = 6", "lies between 1001 and 65534, unlike 6"),
        ("[[product]]\nname = 'A'\nplatform = 'nix'", "there is no platform 'nix'"),
        ("[[product]]\nname = 'Example product'\nplatform = 'p2'", "two products 'example-product'"),
        ("[[product]]\nname = 'A'\nplatform = 'p2'\nowner = 'a@b.c'", "there is no account 'a@b.c'"),
        ("[[product]]\nname = 'A'\nplatform = 'p2'\norganization = 'x'", "there is no organization 'x'"),
        (
            "[[product]]\nname = 'A'\nplatform = 'p2'\nteam = [{username = 'a', role = 'king'}]",
            "product 1, team 1: there is no role 'king'; known are administrator",
        ),
        ("[[device]]\nplatform = 'boron'\nproduct = 'x'", "there is no product 'x' for a device"),
        ("[[device]]\nplatform = 'p2'\nproduct = '12345'", "devices of product '12345' are no p2s"),
        ("[[device]]\nplatform = 'p2'\ngroups = ['a']", "only a device of a product is in groups"),
        (
            "[[device]]\nplatform='p2'\nname='a'\n[[device]]\nplatform='p2'\nname='a'",
            "there are two devices named 'a'",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ScenarioWrong) as wrong:
        read_scenario(text.encode(), "mine.toml")
    assert wrong.value.message.startswith("mine.toml is no scenario: ")
    assert said in wrong.value.message


def test_everything_wrong_is_told_at_once() -> None:
    text = b"[[device]]\nplatform = 1\n[[device]]\nplatform = 'p2'\ncolour = 'red'\nmode = 1"
    with pytest.raises(ScenarioWrong) as wrong:
        read_scenario(text, "mine.toml")
    assert [line.strip().partition(":")[0] for line in wrong.value.message.splitlines()[1:]] == [
        "device 1, platform",
        "device 2, mode",
        "device 2",
    ]


def test_a_file_that_is_no_text_is_told() -> None:
    with pytest.raises(ScenarioWrong, match="not UTF-8"):
        read_scenario(b"\xff\xfe", "mine.toml")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "device",
                    "account",
                    "access_point",
                    "platform",
                    "application",
                    "wifi",
                    "faults",
                    "code",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["device", "account", "access_point", "cellular", "x"]), ANYTHING))
def test_whatever_it_holds_it_is_a_scenario_or_one_clear_error(document: dict[str, object]) -> None:
    with suppress(ScenarioWrong):
        assert isinstance(scenario_of(document, "It"), Scenario)


# -- applications on the disk ------------------------------------------------------------------------------


def read(folder: Path, application: str) -> DeviceDescription:
    text = f"[[device]]\nplatform = 'boron'\napplication = {application}".encode()
    return read_scenario(text, "mine.toml", files=Disk(), folder=str(folder)).devices[0]


def test_paths_begin_where_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "app.bin").write_bytes(b"firmware")
    (tmp_path / "blink" / "src").mkdir(parents=True)
    (tmp_path / "blink" / "project.properties").write_text("name=blink")
    (tmp_path / "blink" / "src" / "blink.ino").write_text("void setup() {}")
    assert read(tmp_path, "'app.bin'").application == Binary("app.bin", b"firmware")
    program = read(tmp_path, "{path = 'blink', device_os = '6.2.0'}").application
    assert isinstance(program, Program)
    assert program.device_os == "6.2.0"
    assert sorted(source.path for source in program.sources) == ["project.properties", "src/blink.ino"]


@pytest.mark.parametrize("application", ["'gone.bin'", "'gone'", "{path = 'gone'}"])
def test_an_application_that_is_not_there_is_told(tmp_path: Path, application: str) -> None:
    with pytest.raises((ScenarioWrong, FileError), match="gone"):
        read(tmp_path, application)
