"""Commands for products."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import Command, Option

COMMANDS = (
    Command(
        "product device list",
        "<product> [device]",
        "List the devices of a product, or show one of them",
        "product_device:list_devices",
        options=(
            Option("name", "string", "Only devices with this in their names", short="n", value="NAME"),
            Option("page", "number", "Which page of the list", short="p", value="NUMBER"),
            Option("limit", "number", "Devices on a page, else 25", short="l", value="COUNT"),
            Option("groups", "array", "Only devices in one of these groups", short="g", value="GROUP"),
        ),
        examples=(
            ("particle product device list 12345", "List the devices of the product 12345"),
            ("particle product device list my-product --groups kitchen attic", "Those in two groups"),
            ("particle product device list 12345 0123456789abcdef01234567", "Show one of them in detail"),
        ),
        details=(
            "The device with the newest session comes first. With --json, `meta` says which page this is and "
            "which stand beside it, and `data` has all that the cloud says of each device.",
        ),
        reads_only=True,
    ),
    Command(
        "product device add",
        "<product> [deviceID]",
        "Add devices to a product",
        "product_device:add",
        options=(
            Option(
                "file",
                "string",
                "Text file with ids, one a line; - reads standard input",
                short="f",
                value="FILE",
            ),
        ),
        examples=(
            ("particle product device add 12345 0123456789abcdef01234567", "Add one device"),
            ("particle product device add 12345 --file ids.txt", "Add all devices that a file names"),
        ),
    ),
    Command(
        "product device remove",
        "<product> <deviceID>",
        "Remove a device from a product",
        "product_device:remove",
        examples=(("particle product device remove 12345 0123456789abcdef01234567", "Remove one device"),),
    ),
)
