"""The way to the cloud follows the link to a network; the LED tells both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from attrs import asdict
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.adapters.clock import LoopClock
from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.keeping import restored, state_of
from particle_cli.simulators.network.air import BENCH, AccessPoint, Air
from particle_cli.simulators.network.interfaces import Flag
from particle_cli.simulators.network.known_network import Enterprise, KnownNetwork
from particle_cli.simulators.network.modem import PacketNetwork, Sim
from particle_cli.simulators.network.security import Cipher, Eap, Security
from particle_cli.simulators.network.wifi import WifiRadio
from particle_cli.simulators.system.led import Led
from particle_cli.simulators.world import World
from particle_cli.simulators.world_errors import WorldDamaged
from particle_cli.simulators.world_file import StoredDevice, WorldFile

PHOTON, ELECTRON, ARGON, XENON, TRACKER, P2, MSOM = 6, 10, 12, 14, 26, 32, 35
LOOKING, LISTENING = Led("blinking", "green"), Led("blinking", "blue")


def online(host: Host) -> bool:
    return host.device.online


def wifi(host: Host) -> WifiRadio:
    radio = host.device.network.wifi
    assert radio
    return radio


@pytest.mark.parametrize("platform_id", [PHOTON, ELECTRON, ARGON, BORON, XENON, TRACKER, P2, MSOM])
def test_new_devices_are_online_without_any_set_up(new_host: NewHost, platform_id: int) -> None:
    device = new_host(platform_id).device
    assert device.online
    assert device.network.linked


def test_a_device_that_is_only_restored_has_no_radios_loaded(new_host: NewHost) -> None:
    host = new_host(P2)
    again = restored(state_of(host.device), dict(host.device.hardware.memory.changed()).get)
    assert (again.online, again.led) == (True, Led("breathing", "cyan"))
    assert again.link._network is None
    assert state_of(again) == state_of(host.device)


# Wi-Fi


def test_without_its_network_it_looks_for_one_and_comes_back_with_it(new_host: NewHost) -> None:
    host, air = new_host(P2), Air()
    host.device.link.air = lambda: air
    host.device.link.restore("", up=False)
    air.on_change = host.device.connection.air_changed
    host.device.reset()
    host.settle()
    assert online(host)
    air.remove("Bench")
    assert not online(host)
    assert host.device.led == LOOKING
    host.device.reset()
    host.settle()
    assert host.device.led == LOOKING
    air.add(BENCH)
    assert host.device.led == Led("fast blinking", "cyan")
    host.settle()
    assert online(host)


def test_a_wrong_password_keeps_it_off_the_cloud(new_host: NewHost) -> None:
    host = new_host(P2)
    wifi(host).store(KnownNetwork("Bench", Security.WPA2_PSK, "wrong"))
    assert online(host)  # the connection that there is goes on
    host.device.reset()
    host.settle()
    assert (host.device.online, host.device.led) == (False, LOOKING)


@pytest.mark.parametrize("platform_id", [PHOTON, ARGON, P2])
def test_without_any_known_network_it_listens(new_host: NewHost, platform_id: int) -> None:
    host = new_host(platform_id)
    wifi(host).clear()
    assert online(host)
    host.device.reset()
    assert host.settle() is Mode.LISTENING
    assert host.device.led == LISTENING
    host.device.listen(False)
    assert host.mode() is Mode.LISTENING  # still not knowing what to connect with
    wifi(host).store(KnownNetwork("Bench Guests"))
    host.device.listen(False)
    assert host.settle() is Mode.NORMAL
    assert online(host)


@pytest.mark.parametrize("listening", [False, True])
def test_holding_the_button_for_ten_seconds_forgets_all_networks(new_host: NewHost, listening: bool) -> None:
    host = new_host(ARGON)
    host.device.listen(listening)
    host.device.press("mode", 10)
    assert (host.mode(), wifi(host).known) == (Mode.LISTENING, ())
    host.device.press("reset")
    assert host.settle() is Mode.LISTENING


def test_an_application_may_forbid_even_that(new_host: NewHost) -> None:
    host = new_host(P2)
    wifi(host).clear()
    host.device.policy.listening = False
    host.device.reset()
    assert host.settle() is Mode.NORMAL
    assert host.device.led == LOOKING


def test_other_ways_to_a_network_need_no_set_up(new_host: NewHost) -> None:
    host = new_host(MSOM)
    wifi(host).clear()
    host.device.reset()
    assert host.settle() is Mode.NORMAL
    assert online(host)


def test_listening_mode_ends_the_link(new_host: NewHost) -> None:
    host = new_host(P2)
    host.device.listen(True)
    assert (wifi(host).current, host.device.network.linked) == (None, False)
    host.device.listen(False)
    assert wifi(host).current == BENCH


# Cellular and Ethernet


def test_without_a_sim_it_looks_for_a_network_for_ever(boron: Host) -> None:
    modem = boron.device.network.modem
    assert modem
    modem.pull()
    boron.device.connection.air_changed()
    assert (boron.device.online, boron.device.led, modem.iccid) == (False, LOOKING, "")
    boron.settle()
    assert not online(boron)
    modem.insert()
    boron.device.connection.air_changed()
    boron.settle()
    assert online(boron)
    assert len(modem.iccid) == 20


def test_the_sim_that_was_chosen_counts_from_the_next_reset_on(boron: Host) -> None:
    modem = boron.device.network.modem
    assert modem
    modem.active_sim = Sim.EXTERNAL
    assert online(boron)
    boron.device.reset()
    boron.settle()
    assert not online(boron)
    modem.insert(Sim.EXTERNAL)
    boron.device.connection.air_changed()
    boron.settle()
    assert online(boron)


def test_the_cable_is_the_only_way_of_a_xenon(new_host: NewHost) -> None:
    host = new_host(XENON)
    port = host.device.network.ethernet
    assert port
    port.plugged = False
    host.device.connection.air_changed()
    assert (host.device.online, host.device.led) == (False, LOOKING)
    port.plugged = True
    host.device.connection.air_changed()
    host.settle()
    assert online(host)


def test_a_cable_is_another_way(new_host: NewHost) -> None:
    host = new_host(P2)
    port = host.device.network.ethernet
    assert port
    port.fitted = port.plugged = port.detected = True
    host.device.reset()
    host.settle()
    assert [one.name for one in host.device.network.interfaces] == ["lo0", "en2", "wl3"]
    host.device.connection.network = False  # its antenna is gone
    assert wifi(host).current is None
    assert port.linked


# Keeping


def kept_and_restored(host: Host) -> Host:
    state = DeviceState(**asdict(state_of(host.device)))
    return Host(restored(state, dict(host.device.hardware.memory.changed()).get))


words = st.text(max_size=20)
blobs = st.binary(max_size=40)
enterprises = st.builds(Enterprise, st.sampled_from(Eap), words, words, blobs, blobs, blobs)
known_networks = st.builds(
    KnownNetwork,
    words,
    st.sampled_from(Security),
    words,
    hidden=st.booleans(),
    cipher=st.sampled_from(Cipher),
    enterprise=st.none() | enterprises,
)
access_points = st.builds(
    AccessPoint,
    st.text(min_size=1, max_size=8),
    st.binary(min_size=6, max_size=6),
    st.sampled_from(Security),
    channel=st.integers(1, 165),
    rssi=st.integers(-95, -20),
    password=words,
    username=words,
    cipher=st.sampled_from(Cipher),
    hidden=st.booleans(),
)
packet_networks = st.builds(PacketNetwork, words, words, words)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("kept") / "world.sqlite")


@pytest.fixture(scope="module")
def file(path: str) -> Iterator[WorldFile]:
    opened = WorldFile(path)
    yield opened
    opened.close()


@given(
    st.lists(known_networks, max_size=10, unique_by=lambda one: one.ssid),
    st.lists(access_points, max_size=5, unique_by=lambda one: one.bssid),
    st.dictionaries(st.sampled_from(Sim), packet_networks),
    st.frozensets(st.sampled_from(Sim)),
    st.booleans(),
)
def test_what_radios_and_air_know_survives_the_world_file(
    file: WorldFile,
    known: list[KnownNetwork],
    points: list[AccessPoint],
    operators: dict[Sim, PacketNetwork],
    sims: frozenset[Sim],
    plugged: bool,
) -> None:
    world = World(LoopClock())
    device = new_device(MSOM, small=True)
    device.link.air = lambda: world.air
    world._devices[device.id] = device
    network = device.network
    assert network.wifi
    assert network.modem
    assert network.ethernet
    network.wifi.known, world.air.access_points = known, points
    network.modem.access_points, network.modem.inserted = operators, sims
    network.ethernet.plugged = plugged
    changes = world.changes()
    file.save(changes.devices, changes.cloud, devices_made=1)

    again = World(LoopClock())
    (stored,) = file.devices()
    again.restore([StoredDevice(stored.state, False, stored.load)], file.cloud(), devices_made=1)
    twin = again.device(device.id).network
    assert twin.wifi
    assert twin.modem
    assert twin.ethernet
    assert twin.wifi.known == network.wifi.known
    assert twin.modem.access_points == network.modem.access_points
    assert twin.modem.inserted == network.modem.inserted
    assert twin.ethernet.plugged == plugged
    assert again.air.access_points == world.air.access_points
    assert again.changes().cloud == {}


def test_what_it_is_connected_with_is_kept(new_host: NewHost) -> None:
    host = new_host(P2)
    wifi(host).join(KnownNetwork("Bench Guests"))
    again = kept_and_restored(host)
    current = wifi(again).current
    assert current
    assert current.ssid == "Bench Guests"
    assert Flag.LOWER_UP in again.device.network.interfaces[-1].flags


def test_worlds_without_any_word_of_radios_can_be_read(new_host: NewHost) -> None:
    host = new_host(P2)
    old = asdict(state_of(host.device))
    del old["radios"], old["linked"]
    again = Host(restored(DeviceState(**old), dict(host.device.hardware.memory.changed()).get))
    assert online(again)
    assert wifi(again).current == BENCH


def test_what_was_not_written_by_us_is_damage(new_host: NewHost) -> None:
    host = new_host(P2)
    state = asdict(state_of(host.device)) | {"radios": '{"up": 1, "wifi": 7}'}
    again = restored(DeviceState(**state), dict(host.device.hardware.memory.changed()).get)
    with pytest.raises(WorldDamaged):
        assert again.network


def test_the_state_shows_no_passwords(new_host: NewHost) -> None:
    state = state_of(new_host(P2).device)
    assert "simulated" in state.radios
    assert "simulated" not in repr(state)


# Worlds


async def test_the_devices_of_a_world_share_the_air() -> None:
    world = World(LoopClock())
    first, second, modem = world.add(P2), world.add(ARGON), world.add(BORON)
    await world.settle()
    assert first.online
    assert second.online
    world.air.remove("Bench")
    assert (first.online, second.online, modem.online) == (False, False, True)
    assert first.led == LOOKING
    world.air.cellular = False
    assert not modem.online
    world.air.become_usual()
    await world.settle()
    assert first.online
    assert second.online
    assert modem.online


async def test_an_emptied_world_has_its_usual_air_again() -> None:
    world = World(LoopClock())
    world.air.access_points = []
    world.clear()
    assert world.air.access_points == Air().access_points
