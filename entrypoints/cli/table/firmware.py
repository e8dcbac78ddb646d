"""Commands about firmware: flashing it, starting a project."""

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

COMMANDS = (
    Command(
        "flash",
        "[device|binary] [files...]",
        "Send firmware to a device",
        "flash:run",
        options=(
            Option("local", "boolean", "Flash over USB; Device OS is brought up to date where needed"),
            Option("usb", "boolean", "Flash one binary over USB, as it is"),
            Option("factory", "boolean", "Flash one application to where a factory reset takes it from"),
            Option("serial", "boolean", "As --local --application-only, to the device on a serial port"),
            PORT,
            TARGET,
            APPLICATION_ONLY,
            NO_VERIFY,
            FOLLOW_SYMLINKS,
            DEVICE,
            YES,
            DRY_RUN,
        ),
        examples=(
            ("particle flash --local", "Compile the project in the current folder and flash it over USB"),
            ("particle flash --local red firmware.bin", "Flash a binary to the device `red`"),
            ("particle flash --local red tinker", "Put Tinker back on the device `red`"),
            ("particle flash --local my_project --dry-run", "Show the plan: steps, addresses, mode switches"),
            ("particle flash --usb firmware.bin", "Flash a binary and leave Device OS alone"),
            ("particle flash --factory firmware.bin", "Let a factory reset bring this application back"),
        ),
    ),
    Command(
        "project create",
        "[dir]",
        "Start a project",
        "project_create:run",
        options=(Option("name", "string", "Name of the project", value="NAME"),),
        examples=(
            ("particle project create", "Ask for name and place"),
            ("particle project create . --name blinky", "Make the folder `blinky` here, and ask nothing"),
        ),
    ),
)
