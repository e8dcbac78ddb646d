from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from particle_cli.adapters.disk import Disk
from particle_cli.domain.settings import (
    NoHome,
    NotAProfile,
    Settings,
    SettingsDamaged,
    home_folder,
    known_key,
)
from particle_cli.simulators.cloud.state import FIRST_TOKEN, FIRST_USER


class Desk:
    """Settings in a folder, and what was warned about."""

    def __init__(self, home: Path) -> None:
        self.folder = home / ".particle"
        self.warnings: list[str] = []
        self.settings = Settings(Disk(), str(home), warn=self.warnings.append)

    def write(self, name: str, content: object) -> Path:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def read(self, name: str) -> object:
        return json.loads((self.folder / name).read_text())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_fresh_home_has_the_default_profile_and_stays_untouched(desk: Desk) -> None:
    profile = desk.settings.profile(desk.settings.current())
    assert profile.name == "particle"
    assert profile.api_url == "https://api.particle.io"
    assert (profile.usb, profile.serial) == ("libusb", "system")
    assert profile.access_token is None
    assert desk.settings.profiles() == ()
    assert not desk.folder.exists()


def test_the_files_are_those_of_the_node_cli(desk: Desk) -> None:
    desk.settings.switch("local")
    desk.settings.set("local", "apiUrl", "http://localhost:8080")
    assert (desk.folder / "profile.json").read_text() == '{\n  "name": "local"\n}'
    assert (desk.folder / "local.config.json").read_text() == '{\n  "apiUrl": "http://localhost:8080"\n}'
    for path in desk.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_the_node_cli_wrote_is_read(desk: Desk) -> None:
    desk.write("profile.json", {"name": "work", "last_version_check": 1, "enableUpdates": False})
    desk.write(
        "work.config.json",
        {"username": "a@b.c", "access_token": "ab" * 20, "apiUrl": "http://x/", "flashWarningShownOn": 7},
    )
    profile = desk.settings.profile(desk.settings.current())
    assert (profile.username, profile.access_token) == ("a@b.c", "ab" * 20)
    assert profile.api_url == "http://x"


def test_keys_that_mean_nothing_to_us_are_kept(desk: Desk) -> None:
    desk.write("profile.json", {"name": "a", "last_version_check": 1})
    desk.write("a.config.json", {"theirs": [1, 2], "apiUrl": "http://x"})
    desk.settings.switch("b")
    desk.settings.set("a", "usb", "sim:")
    assert desk.read("profile.json") == {"name": "b", "last_version_check": 1}
    assert desk.read("a.config.json") == {"theirs": [1, 2], "apiUrl": "http://x", "usb": "sim:"}


def test_the_mode_is_tightened_when_a_file_is_written(desk: Desk) -> None:
    path = desk.write("a.config.json", {})
    path.chmod(0o644)
    desk.settings.set("a", "usb", "sim:")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_case_of_a_known_key_does_not_matter(desk: Desk) -> None:
    desk.write("a.config.json", {"APIURL": "http://x"})
    assert desk.settings.profile("a").api_url == "http://x"
    desk.settings.set("a", "apiurl", "http://y")
    assert desk.read("a.config.json") == {"apiUrl": "http://y"}
    assert known_key("USESUDOFORDFU") == "useSudoForDfu"
    assert known_key("nothing") is None


def test_an_empty_setting_means_the_default(desk: Desk) -> None:
    desk.write("a.config.json", {"apiUrl": "", "usb": None, "access_token": ""})
    profile = desk.settings.profile("a")
    assert (profile.api_url, profile.usb) == ("https://api.particle.io", "libusb")
    assert profile.access_token is None


def test_the_profile_sim_is_built_in_and_logged_in(desk: Desk) -> None:
    profile = desk.settings.profile("sim")
    assert (profile.api_url, profile.usb, profile.serial) == ("sim:", "sim:", "sim:")
    assert (profile.username, profile.access_token) == (FIRST_USER, FIRST_TOKEN)


def test_any_profile_that_ends_in_the_embedded_cloud_is_logged_in_there_and_nowhere_else(desk: Desk) -> None:
    desk.settings.set("bench", "apiUrl", "sim:")
    bench = desk.settings.profile("bench")
    assert (bench.access_token, bench.username, bench.usb) == (FIRST_TOKEN, FIRST_USER, "libusb")
    desk.settings.set("sim", "apiUrl", "http://localhost:9000")
    assert desk.settings.profile("sim").access_token is None


def test_the_profile_sim_can_be_changed_and_logged_out(desk: Desk) -> None:
    desk.settings.set("sim", "usb", "libusb")
    desk.settings.forget_token("sim")
    profile = desk.settings.profile("sim")
    assert (profile.api_url, profile.usb) == ("sim:", "libusb")
    assert profile.access_token is None
    assert profile.username == FIRST_USER


def test_each_profile_keeps_its_own_session(desk: Desk) -> None:
    desk.settings.remember_session("a", token="t" * 40, expires_at=None, username="a@b.c")
    assert desk.settings.profile("a").access_token == "t" * 40
    assert desk.settings.profile("b").access_token is None
    assert desk.settings.profiles() == ("a",)


def test_a_session_is_forgotten_with_all_that_hangs_on_it(desk: Desk) -> None:
    desk.settings.set("a", "apiUrl", "http://x")
    desk.settings.remember_session(
        "a", token="t" * 40, expires_at="2030-01-01T00:00:00.000Z", username="a@b.c"
    )
    (desk.folder / "cli-cache").mkdir()
    for _ in range(2):
        desk.settings.forget_session("a")
        assert desk.read("a.config.json") == {
            "apiUrl": "http://x",
            "access_token": None,
            "access_token_expires_at": None,
            "username": None,
        }
    assert not (desk.folder / "cli-cache").exists()


def test_a_token_has_no_way_into_a_log(desk: Desk) -> None:
    assert FIRST_TOKEN not in repr(desk.settings.profile("sim"))


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "..", ".hidden", "c:d", "env", "secrets", "a\0"])
def test_names_that_lead_elsewhere_are_refused(desk: Desk, name: str) -> None:
    for use in (desk.settings.switch, desk.settings.profile, desk.settings.world_folder):
        with pytest.raises(NotAProfile):
            use(name)
    assert not desk.folder.exists()


@pytest.mark.parametrize(
    "content", ["{", "", "[1]", "null", '{"apiUrl": {}}', "\ud800".encode("utf-8", "surrogatepass")]
)
def test_a_damaged_profile_is_told_and_left_alone(desk: Desk, content: str | bytes) -> None:
    path = desk.write("a.config.json", "")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    with pytest.raises(SettingsDamaged) as error:
        desk.settings.profile("a")
    assert str(path) in error.value.message
    assert error.value.next_step
    assert path.read_bytes() == before


def test_setting_something_keeps_a_damaged_file_aside(desk: Desk) -> None:
    for content in ("{", "[", "{{"):
        desk.write("a.config.json", content)
        desk.settings.set("a", "usb", "sim:")
    assert [(desk.folder / f"a.config.json.damaged-{n}").read_text() for n in (1, 2, 3)] == ["{", "[", "{{"]
    assert desk.settings.profile("a").usb == "sim:"
    assert len(desk.warnings) == 3
    assert "a.config.json.damaged-3" in desk.warnings[2]


def test_a_damaged_profile_file_is_told(desk: Desk) -> None:
    desk.write("profile.json", {"name": 5})
    with pytest.raises(SettingsDamaged, match=r"profile\.json"):
        desk.settings.current()


def test_profiles_are_those_with_a_file(desk: Desk) -> None:
    for name in ("foo.config.json", "bar.config.json", "profile.json", "foo.config.json.damaged-1"):
        desk.write(name, {})
    assert desk.settings.profiles() == ("bar", "foo")


def test_home_is_the_first_variable_that_names_a_folder(tmp_path: Path) -> None:
    there = str(tmp_path)
    assert home_folder({"HOME": "/no/such", "USERPROFILE": there}, Disk()) == there
    assert home_folder({"home": f"{there}/", "HOME": "/"}, Disk()) == there
    with pytest.raises(NoHome):
        home_folder({"HOME": "/no/such"}, Disk())


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(min_size=1, max_size=20), value=st.text(max_size=20))
def test_any_value_set_is_the_value_read(tmp_path: Path, key: str, value: str) -> None:
    desk = Desk(tmp_path)
    desk.settings.set("a", key, value)
    held = desk.read("a.config.json")
    assert isinstance(held, dict)
    assert held[known_key(key) or key] == value
