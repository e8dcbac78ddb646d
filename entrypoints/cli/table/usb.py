"""Commands for devices attached over USB."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import ALL_DEVICES, DEVICE, Command, Option

_SEVERAL = (ALL_DEVICES, DEVICE)

COMMANDS = (
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
        options=_SEVERAL,
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
        options=_SEVERAL,
        examples=(("particle usb reset red", "Restart the device `red`"),),
    ),
    Command(
        "usb safe-mode",
        "[devices...]",
        "Restart devices without their application",
        "usb_modes:safe_mode",
        options=_SEVERAL,
        examples=(("particle usb safe-mode red", "Put the device `red` into safe mode"),),
    ),
    Command(
        "usb start-listening",
        "[devices...]",
        "Put devices into listening mode",
        "usb_modes:start_listening",
        options=_SEVERAL,
        aliases=("usb listen",),
        examples=(("particle usb start-listening red", "Put the device `red` into listening mode"),),
    ),
    Command(
        "usb stop-listening",
        "[devices...]",
        "Let devices leave listening mode",
        "usb_modes:stop_listening",
        options=_SEVERAL,
        examples=(("particle usb stop-listening red", "Let the device `red` leave listening mode"),),
    ),
)
