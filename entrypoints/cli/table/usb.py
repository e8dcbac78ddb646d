"""Commands for devices attached over USB."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import (
    ALL_DEVICES,
    DEVICE,
    DRY_RUN,
    ONE_DEVICE,
    PRODUCT,
    YES,
    Command,
    Option,
)

_SEVERAL = (ALL_DEVICES, DEVICE)
_CHANGES = (*_SEVERAL, DRY_RUN)
_MILLISECONDS = Option(
    "timeout", "number", "Give up after so many milliseconds (default: 60000)", value="MILLISECONDS"
)

_PROTECTED = (Option("device", "strings", "Id or name of the device", short="d", value="DEVICE"), PRODUCT)
_SERVICE_MODE = (
    "A device in service mode can be worked with as an open one can. Commands that need that put a protected "
    "device into service mode by themselves, and out of it again.",
)

COMMANDS = (
    Command(
        "device-protection status",
        "",
        "Show whether a device is protected",
        "device_protection:status",
        options=_PROTECTED,
        examples=(("particle device-protection status", "Show it of the device that is attached"),),
        reads_only=True,
    ),
    Command(
        "device-protection disable",
        "",
        "Put a protected device into service mode",
        "device_protection:disable",
        options=(*_PROTECTED, DRY_RUN),
        examples=(
            ("particle device-protection disable", "Unlock the device that is attached"),
            ("particle device-protection disable -d red", "Unlock the device named `red`"),
        ),
        details=(
            *_SERVICE_MODE,
            "The cloud has to agree: the device must be yours, or its product's with --product.",
        ),
    ),
    Command(
        "device-protection enable",
        "",
        "Protect a device, or take it out of service mode",
        "device_protection:enable",
        options=(
            *_PROTECTED,
            Option(
                "file", "string", "Bootloader to protect it with, whatever its product", value="BOOTLOADER"
            ),
            DRY_RUN,
        ),
        examples=(
            ("particle device-protection enable", "Protect the device that is attached"),
            (
                "particle device-protection enable --file bootloader.bin",
                "Protect it with a bootloader of yours",
            ),
        ),
        details=(
            "An open device gets the bootloader of its Device OS, marked as protecting. There is no way back "
            "but service mode.",
        ),
    ),
    Command(
        "usb list",
        "[filter]",
        "List the devices attached over USB",
        "usb_list:run",
        options=(
            Option("exclude-dfu", "boolean", "Leave out devices in DFU mode"),
            Option("ids-only", "boolean", "Print device ids only; asks nothing of the cloud"),
        ),
        examples=(
            ("particle usb list", "Name, id, platform and mode of each device"),
            ("particle usb list boron --ids-only", "Ids of the Borons"),
        ),
        details=("The filter is `online`, `offline`, a platform, a device id or a device name.",),
        reads_only=True,
    ),
    Command(
        "usb dfu",
        "[devices...]",
        "Put devices into DFU mode",
        "usb_modes:dfu",
        options=_CHANGES,
        examples=(
            ("particle usb dfu", "The only device attached"),
            ("particle usb dfu red green", "Two devices, by name"),
            ("particle usb dfu --all", "Every device attached"),
        ),
    ),
    Command(
        "usb reset",
        "[devices...]",
        "Restart devices, from any mode",
        "usb_modes:reset",
        options=_CHANGES,
        examples=(("particle usb reset red", "Restart the device `red`"),),
    ),
    Command(
        "usb safe-mode",
        "[devices...]",
        "Restart devices without their application",
        "usb_modes:safe_mode",
        options=_CHANGES,
        examples=(("particle usb safe-mode red", "Put the device `red` into safe mode"),),
    ),
    Command(
        "usb start-listening",
        "[devices...]",
        "Put devices into listening mode",
        "usb_modes:start_listening",
        options=_CHANGES,
        aliases=("usb listen",),
        examples=(("particle usb start-listening red", "Put the device `red` into listening mode"),),
    ),
    Command(
        "usb stop-listening",
        "[devices...]",
        "Let devices leave listening mode",
        "usb_modes:stop_listening",
        options=_CHANGES,
        examples=(("particle usb stop-listening red", "Let the device `red` leave listening mode"),),
    ),
    Command(
        "usb cloud-status",
        "[device]",
        "Ask a device how it stands with its connection to the cloud",
        "usb_cloud_status:run",
        options=(
            Option(
                "until",
                "string",
                "Wait until the status is this one",
                choices=("unknown", "disconnected", "connecting", "connected", "disconnecting"),
            ),
            _MILLISECONDS,
            ONE_DEVICE,
        ),
        examples=(
            ("particle usb cloud-status red", "What the device `red` says"),
            (
                "particle usb cloud-status red --until connected --timeout 120000",
                "Wait up to two minutes until it is connected, whatever happens to it meanwhile",
            ),
        ),
        reads_only=True,
    ),
    Command(
        "usb configure",
        "",
        "Give every user of a Linux system access to Particle devices, by udev rules",
        "usb_configure:run",
        options=(YES, DRY_RUN),
        examples=(
            ("particle usb configure", "Install the rules, as root by sudo if you agree"),
            ("particle usb configure --dry-run", "Only print the rules"),
        ),
    ),
    Command(
        "usb setup-done",
        "[devices...]",
        "Keep Gen 3 devices with Device OS before 4.0 from starting in listening mode",
        "usb_setup_done:run",
        options=(
            Option("reset", "boolean", "Clear the setup done flag, and begin listening mode"),
            *_CHANGES,
        ),
        examples=(
            ("particle usb setup-done red", "Set the flag of the device `red`, and end listening mode"),
            ("particle usb setup-done --reset", "Clear the flag of the only device attached"),
        ),
        details=("With Device OS 4.0 and later there is no such flag, and nothing is changed.",),
    ),
    Command(
        "usb network-interfaces",
        "[devices...]",
        "Show the network interfaces of devices, and their addresses",
        "usb_network:run",
        options=_SEVERAL,
        examples=(("particle usb network-interfaces red", "The interfaces of the device `red`"),),
        reads_only=True,
    ),
    Command(
        "usb env",
        "[devices...]",
        "Show the environment variables of devices (Device OS 6.4.0 or later)",
        "usb_env:run",
        options=_SEVERAL,
        examples=(
            ("particle usb env red", "The variables of the device `red`"),
            ("particle usb env --all --json", "Those of every device attached, for a script"),
        ),
        reads_only=True,
    ),
    Command(
        "usb send-request",
        "<payload> [devices...]",
        "Send a request to the applications of devices, and show what they answer",
        "usb_send_request:run",
        options=(
            Option("silent", "boolean", "Print nothing but the answers"),
            _MILLISECONDS,
            *_SEVERAL,
        ),
        examples=(
            ('particle usb send-request \'{"op":"status"}\' red', "Ask the application of the device `red`"),
            ("particle usb send-request - --silent < request.json", "What is read from standard input"),
        ),
        details=("The application answers with a function ctrl_request_custom_handler().",),
    ),
)
