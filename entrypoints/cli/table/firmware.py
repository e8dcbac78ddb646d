"""Commands about firmware: flashing it, starting a project."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import (
    APPLICATION_ONLY,
    DEVICE,
    DRY_RUN,
    FOLLOW_SYMLINKS,
    NO_VERIFY,
    PORT,
    PRODUCT,
    TARGET,
    YES,
    Command,
    Option,
)

WAIT = Option("wait", "boolean", "Over the air: wait until the device is back and says what it runs")
WAIT_LIMIT = Option(
    "timeout", "number", "Give up after so many seconds; --wait gives up after 600", value="SECONDS"
)

COMMANDS = (
    Command(
        "flash",
        "[device|binary] [files...]",
        "Send firmware to a device: over the air, or over USB",
        "flash:run",
        options=(
            Option(
                "cloud", "boolean", "Flash over the air; that is what happens unless it is said otherwise"
            ),
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
            PRODUCT,
            WAIT,
            WAIT_LIMIT,
            YES,
            DRY_RUN,
        ),
        examples=(
            (
                "particle flash red",
                "Compile the project in the current folder and send it to the device `red`",
            ),
            ("particle flash red firmware.bin --wait", "Send a binary, and wait until the device runs it"),
            ("particle flash red tinker", "Send Tinker"),
            ("particle flash --local", "Compile the project in the current folder and flash it over USB"),
            ("particle flash --local red firmware.bin", "Flash a binary to the device `red`"),
            ("particle flash --local red tinker", "Put Tinker back on the device `red`"),
            ("particle flash --local my_project --dry-run", "Show the plan: steps, addresses, mode switches"),
            ("particle flash --usb firmware.bin", "Flash a binary and leave Device OS alone"),
            ("particle flash --factory firmware.bin", "Let a factory reset bring this application back"),
        ),
    ),
    Command(
        "cloud flash",
        "<device> [files...]",
        "Send firmware to a device over the air",
        "flash_cloud:run",
        options=(TARGET, FOLLOW_SYMLINKS, PRODUCT, WAIT, WAIT_LIMIT, YES, DRY_RUN),
        examples=(
            ("particle cloud flash red", "Compile the project in the current folder and send it"),
            ("particle cloud flash red firmware.bin", "Send a binary"),
            (
                "particle cloud flash 0123456789abcdef01234567 firmware.bin --product 12345",
                "Send a binary to a device of a product, and keep it out of the product's updates",
            ),
        ),
    ),
    Command(
        "preprocess",
        "<file.ino>",
        "Turn a sketch into the C++ that the cloud makes of it",
        "preprocess:run",
        needs="desk",
        options=(
            Option("name", "string", "What compilers are to call the file in messages", value="NAME"),
            Option("saveTo", "string", "File to write to, - for the standard output", value="FILE"),
        ),
        examples=(
            ("particle preprocess app.ino", "Write app.cpp beside it"),
            ("particle preprocess app.ino --saveTo -", "Show what becomes of it"),
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
