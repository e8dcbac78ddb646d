"""Commands for the embedded world of simulated devices."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import YES, Command, Option

COMMANDS = (
    Command(
        "sim status",
        "[device]",
        "Show the simulated devices: mode, LED, modules",
        "sim:status",
        examples=(("particle sim status --json", "Every device whole, for a script"),),
        reads_only=True,
    ),
    Command(
        "sim add",
        "<platform>",
        "Add a simulated device, fresh from the factory, and attach it",
        "sim:add",
        options=(Option("name", "string", "Name to give it in the cloud", value="NAME"),),
        examples=(
            ("particle sim add boron", "Add a Boron"),
            ("particle sim add p2 --name red", "Add a P2 named `red`"),
        ),
    ),
    Command(
        "sim remove",
        "<device>",
        "Remove a simulated device for good",
        "sim:remove",
        examples=(("particle sim remove red", "Remove the device `red`"),),
    ),
    Command(
        "sim unplug",
        "<device>",
        "Pull a simulated device's USB cable; power goes with it",
        "sim:unplug",
        examples=(("particle sim unplug red", "Unplug the device `red`"),),
    ),
    Command(
        "sim plug",
        "<device>",
        "Plug a simulated device in again",
        "sim:plug",
        examples=(("particle sim plug red", "Plug the device `red` in"),),
    ),
    Command(
        "sim press",
        "<device> <button>",
        "Press a button of a simulated device",
        "sim:press",
        options=(Option("seconds", "number", "How long MODE is held", value="SECONDS"),),
        examples=(
            ("particle sim press red reset", "Restart the device `red`"),
            ("particle sim press red mode --seconds 3", "Hold MODE until the device listens"),
            ("particle sim press red both --seconds 3", "Tap RESET while MODE is held: DFU mode"),
        ),
        details=(
            "Buttons: `reset`; `mode` (SETUP on older boards), which starts or ends listening after 3 s; "
            "`both`: RESET tapped while MODE is held, 1 s for safe mode, 3 s for DFU mode.",
        ),
    ),
    Command(
        "sim reset-world",
        "",
        "Remove all simulated devices and all that the simulated cloud knows",
        "sim:reset_world",
        options=(YES,),
        examples=(("particle sim reset-world --yes", "Start anew, without a question"),),
    ),
)
