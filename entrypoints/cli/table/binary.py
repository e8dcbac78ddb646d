"""Commands about firmware files: binaries and bundles."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import Command, Option

_STDIN = "A file named `-` is read from standard input."

COMMANDS = (
    Command(
        "binary inspect",
        "<filename>",
        "Say what a firmware binary or bundle is, and what it needs",
        "binary_inspect:run",
        needs="desk",
        options=(Option("verify", "boolean", "Fail when a checksum or asset is wrong"),),
        examples=(
            ("particle binary inspect firmware.bin", "Show platform, version and dependencies"),
            ("particle binary inspect bundle.zip --verify", "Check also that every asset is there"),
            ("particle binary inspect firmware.bin --json", "Every field, for a script"),
        ),
        details=(_STDIN,),
        reads_only=True,
    ),
    Command(
        "binary verify",
        "<files...>",
        "Check firmware binaries and bundles; fail when one is damaged",
        "binary_verify:run",
        needs="desk",
        examples=(("particle binary verify *.bin bundle.zip", "A verdict on each file"),),
        details=(
            "Checked are checksums, sizes, what is compressed or combined, and the assets of a bundle.",
            _STDIN,
        ),
        reads_only=True,
    ),
    Command(
        "binary diff",
        "<first> <second>",
        "Say what changed from one firmware binary or bundle to another",
        "binary_diff:run",
        needs="desk",
        examples=(
            ("particle binary diff old.bin new.bin", "Fields that differ, and sectors of flash to write"),
        ),
        details=(_STDIN,),
        reads_only=True,
    ),
    Command(
        "binary list-assets",
        "<filename>",
        "List the assets that an application names",
        "binary_assets:list_assets",
        needs="desk",
        examples=(("particle binary list-assets firmware.bin", "Name and hash of each asset"),),
        details=(_STDIN,),
        reads_only=True,
    ),
    Command(
        "binary strip-assets",
        "<filename>",
        "Save an application so that it names no assets",
        "binary_assets:strip_assets",
        needs="desk",
        options=(Option("saveTo", "string", "Where to save, instead of beside the file", value="FILE"),),
        examples=(("particle binary strip-assets firmware.bin", "Make `firmware-no-assets.bin`"),),
        details=(_STDIN,),
    ),
    Command(
        "binary enable-device-protection",
        "<filename>",
        "Save a bootloader so that it makes its device a protected one",
        "binary_protection:enable",
        needs="desk",
        options=(
            Option(
                "saveTo", "string", "Where to save; a name alone is taken as beside the file", value="FILE"
            ),
        ),
        examples=(
            ("particle binary enable-device-protection bootloader.bin", "Make `bootloader-protected.bin`"),
        ),
        details=("The bootloader must be that of Device OS 6.0.0 or newer.",),
    ),
    Command(
        "bundle",
        "<app.bin>",
        "Put an application and its assets into one bundle",
        "bundle:run",
        needs="desk",
        options=(
            Option("assets", "string", "Folder of the assets, or properties file that names it", value="DIR"),
            Option("env", "string", "JSON file of environment variables", value="FILE"),
            Option("saveTo", "string", "Where to save the bundle, a .zip file", value="FILE"),
        ),
        examples=(
            ("particle bundle app.bin", "With the assets that project.properties in this folder names"),
            ("particle bundle app.bin --assets assets --saveTo app.zip", "With all files of a folder"),
        ),
        details=("The same files always give the same bytes.",),
    ),
)
