"""Commands for the Wi-Fi of devices attached over USB."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import DRY_RUN, ONE_DEVICE, Command, Option

_SSID = Option("ssid", "string", "Name of the network", value="SSID")
_NETWORK = (
    Option("file", "string", "JSON file with network, security, password and hidden", value="FILE"),
    _SSID,
    Option(
        "security", "string", "How the network is secured, e.g. WPA2_PSK or NO_SECURITY", value="SECURITY"
    ),
    Option(
        "password", "string", "Password of the network; `-` reads it from standard input", value="PASSWORD"
    ),
    Option("hidden", "boolean", "The network does not tell its name"),
)
_FORM = (
    'A file has the form {"network": "my_ssid", "security": "WPA2_PSK", "password": "my_password"}. Security '
    "is one of NO_SECURITY, WEP, WPA_PSK, WPA2_PSK, WPA_WPA2_PSK, WPA3_PSK, WPA2_WPA3_PSK, or a word that "
    "particle serial wifi takes, as WPA2_AES; left out, the device finds out.",
    "What stands on a command line can be seen by others on the same machine: in scripts, hand the password "
    "over in the file or on standard input.",
)

COMMANDS = (
    Command(
        "wifi add",
        "[device]",
        "Have a device remember a Wi-Fi network, without joining it",
        "wifi:add",
        options=(*_NETWORK, ONE_DEVICE, DRY_RUN),
        examples=(
            ("particle wifi add", "Choose a network that the device hears, or type its name"),
            ("particle wifi add --file network.json", "Take the network from a file"),
            ("particle wifi add --ssid home --password -", "Read the password from standard input"),
        ),
        details=_FORM,
    ),
    Command(
        "wifi join",
        "[device]",
        "Have a device join a Wi-Fi network, and remember it",
        "wifi:join",
        options=(*_NETWORK, ONE_DEVICE, DRY_RUN),
        examples=(
            ("particle wifi join", "Choose a network that the device hears, or type its name"),
            ("particle wifi join --file network.json", "Take the network from a file"),
            ("particle wifi join --ssid home", "Join a network that the device knows"),
        ),
        details=_FORM,
    ),
    Command(
        "wifi list",
        "[device]",
        "List the Wi-Fi networks that a device knows",
        "wifi:list_known",
        options=(ONE_DEVICE,),
        examples=(("particle wifi list red", "Networks that the device `red` knows"),),
        reads_only=True,
    ),
    Command(
        "wifi remove",
        "[device]",
        "Have a device forget a Wi-Fi network",
        "wifi:remove",
        options=(_SSID, ONE_DEVICE, DRY_RUN),
        examples=(("particle wifi remove --ssid home", "Forget the network `home`"),),
    ),
    Command(
        "wifi clear",
        "[device]",
        "Have a device forget all Wi-Fi networks",
        "wifi:clear",
        options=(ONE_DEVICE, DRY_RUN),
        examples=(("particle wifi clear", "Forget all networks that the only device attached knows"),),
    ),
    Command(
        "wifi current",
        "[device]",
        "Show the Wi-Fi network that a device is on",
        "wifi:current",
        options=(ONE_DEVICE,),
        examples=(("particle wifi current", "Name, access point, channel and signal strength"),),
        reads_only=True,
    ),
)
