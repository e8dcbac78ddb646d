"""Commands for the serial ports of devices."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import (
    APPLICATION_ONLY,
    DEVICE,
    DRY_RUN,
    FOLLOW_SYMLINKS,
    NO_VERIFY,
    PORT,
    TARGET,
    YES,
    Command,
    Option,
)

_WHICH = (PORT, DEVICE)

COMMANDS = (
    Command(
        "serial list",
        "",
        "List the devices connected via serial",
        "serial_list:run",
        examples=(("particle serial list", "Port, platform and id of each device"),),
        reads_only=True,
    ),
    Command(
        "serial monitor",
        "",
        "Show what a device prints",
        "serial_monitor:run",
        options=(
            *_WHICH,
            Option("follow", "boolean", "Wait for the device when it resets or is unplugged"),
            Option("timestamp", "boolean", "Begin each line with the time when it came"),
            Option("log", "string", "Add what comes to the end of a file, too", value="FILE"),
            Option(
                "until",
                "string",
                "End when a text that fits this regular expression comes; fail after --timeout (60 s)",
                value="PATTERN",
            ),
            Option("send", "boolean", "Send what is typed, or piped in, to the device"),
            Option("raw", "boolean", "Let control characters reach the terminal"),
        ),
        examples=(
            ("particle serial monitor", "The only device; Ctrl-C ends it"),
            ("particle serial monitor --follow --device red", "Over resets, whatever port it comes back on"),
            ("particle serial monitor --port COM3 --timestamp --log red.log", "With times, and into a file"),
            (
                "particle serial monitor --until 'test (passed|failed)' --timeout 120",
                "Exit 0 when the text comes, 1 when the time is up",
            ),
            ("particle serial monitor --send", "Talk to the device, line by line"),
        ),
        details=(
            "With `--json`, each line that comes is a document on a line of its own, with its time, the "
            "device's id and the port.",
            "In the pattern, `^` and `$` are the ends of lines.",
        ),
        reads_only=True,
        live=True,
    ),
    Command(
        "serial identify",
        "[deviceID]",
        "Show id, modem numbers and Device OS version of a device",
        "identify:run",
        options=_WHICH,
        aliases=("identify",),
        examples=(
            ("particle identify", "The only device"),
            ("particle identify --port 1", "The first one of `particle serial list`"),
            ("particle identify --port COM3", "The one on that port"),
            ("particle identify 0123456789abcdef78901234", "The one with that id"),
        ),
        details=(
            "The modem of a device with Device OS before 6.0 is asked on its console: put it in listening "
            "mode first.",
        ),
    ),
    Command(
        "serial mac",
        "",
        "Show the MAC address of a device",
        "identify:mac",
        options=_WHICH,
        examples=(("particle serial mac", "The first Wi-Fi or Ethernet interface of the only device"),),
    ),
    Command(
        "serial inspect",
        "",
        "Show the firmware modules on a device",
        "serial_inspect:run",
        options=_WHICH,
        examples=(("particle serial inspect", "The only device"),),
        details=(
            "A FAIL means, as a rule, that something the module depends on is missing or too old; a device "
            "that can reach the cloud gets it from there.",
        ),
    ),
    Command(
        "serial wifi",
        "",
        "Give a device in listening mode Wi-Fi credentials",
        "serial_wifi:run",
        options=(*_WHICH, Option("file", "string", "Credentials, as JSON", value="FILE")),
        examples=(
            ("particle serial wifi", "Ask for network and password"),
            ("particle serial wifi --file credentials.json", "Take them from a file, and ask nothing"),
        ),
        details=(
            'The file: {"network": "my_ssid", "security": "WPA2_AES", "password": "my_password"}. Security '
            "is NONE, WEP, WPA2_AES, WPA2_TKIP, WPA2_AES+TKIP, WPA_AES, WPA_TKIP, WPA_AES+TKIP, WPA3_AES, "
            "or, on Photon and P1, WPA_802.1x or WPA2_802.1x with eap (PEAP or EAP-TLS), username, "
            "outer_identity, client_certificate, private_key and root_ca.",
            "Argon, P2 and Photon 2 cannot join a network that hides its name.",
        ),
    ),
    Command(
        "serial flash",
        "<binary>",
        "Flash the device on a serial port, over USB",
        "flash:serial",
        options=(
            *_WHICH,
            TARGET,
            APPLICATION_ONLY,
            NO_VERIFY,
            FOLLOW_SYMLINKS,
            YES,
            DRY_RUN,
        ),
        examples=(("particle serial flash firmware.bin", "What particle flash --local does better"),),
        details=("Device OS has not taken firmware over serial since 6.0.0.",),
    ),
)
