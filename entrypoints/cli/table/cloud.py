"""Commands that talk with the cloud."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import FOLLOW_SYMLINKS, PRODUCT, TARGET, YES, Command, Option

COMMANDS = (
    Command(
        "login",
        "",
        "Log in to the cloud, and keep the access token in the profile",
        "login:run",
        aliases=("cloud login",),
        options=(
            Option("username", "string", "Your e-mail address", short="u", value="EMAIL"),
            Option(
                "password",
                "string",
                "Your password; `-` reads it from standard input",
                short="p",
                value="PASSWORD",
            ),
            Option(
                "token",
                "string",
                "An access token to use instead; `-` reads it from standard input",
                short="t",
                value="TOKEN",
            ),
            Option("otp", "string", "The login code that your authenticator app shows", value="CODE"),
        ),
        examples=(
            ("particle login", "Log in, and be asked for what is needed"),
            (
                "particle login --username you@example.com --password -",
                "Read the password from standard input",
            ),
            ("particle login --token -", "Use an access token that you have, read from standard input"),
        ),
        details=(
            "What stands on a command line can be seen by others on the same machine: in scripts, hand the "
            "password or the token over on standard input.",
        ),
    ),
    Command(
        "logout",
        "",
        "Log out: revoke the access token of the profile, and forget it",
        "logout:run",
        aliases=("cloud logout",),
        examples=(("particle logout", "Log out from the account of the current profile"),),
    ),
    Command(
        "whoami",
        "",
        "Show which account you are logged in to",
        "whoami:run",
        examples=(("particle whoami", "Show the account of the current profile"),),
        reads_only=True,
    ),
    Command(
        "list",
        "[filter]",
        "List your devices, whether they are online, and what they offer",
        "list:run",
        aliases=("cloud list",),
        examples=(
            ("particle list", "List all your devices"),
            ("particle list online", "List only devices that are online"),
            ("particle list argon", "List only devices of one platform"),
            ("particle list red", "Show the device named `red`"),
        ),
        details=("The filter is `online`, `offline`, a platform, a device id or a device name.",),
        reads_only=True,
    ),
    Command(
        "call",
        "<device> <function> [argument]",
        "Call a function on a device",
        "call:run",
        aliases=("function call",),
        options=(PRODUCT,),
        examples=(
            ("particle call coffee brew", "Call the function `brew` of the device `coffee`"),
            ("particle call board digitalWrite D7,HIGH", "Call Tinker's `digitalWrite` with an argument"),
        ),
    ),
    Command(
        "get",
        "[device] [variable]",
        "Read a variable of a device",
        "get:run",
        aliases=("variable get",),
        options=(
            Option("time", "boolean", "Show when each value was read"),
            PRODUCT,
        ),
        examples=(
            ("particle get basement temperature", "Read `temperature` from the device `basement`"),
            ("particle get all temperature", "Read `temperature` from every device that has it"),
            ("particle get", "List the variables of all devices that are online"),
        ),
        reads_only=True,
    ),
    Command(
        "function list",
        "",
        "List the functions of devices that are online",
        "offered:functions",
        options=(PRODUCT,),
        examples=(("particle function list", "List the functions of all your devices"),),
        reads_only=True,
    ),
    Command(
        "variable list",
        "",
        "List the variables of devices that are online",
        "offered:variables",
        options=(PRODUCT,),
        examples=(("particle variable list", "List the variables of all your devices"),),
        reads_only=True,
    ),
    Command(
        "device add",
        "<deviceID>",
        "Claim a device: make it yours",
        "device:add",
        aliases=("cloud claim",),
        options=(Option("request-transfer", "boolean", "Ask the owner for it, where it has another"),),
        examples=(("particle device add 0123456789abcdef01234567", "Claim a device by its id"),),
    ),
    Command(
        "device rename",
        "<device> <name>",
        "Give a device another name",
        "device:rename",
        aliases=("cloud name",),
        options=(PRODUCT,),
        examples=(("particle device rename red green", "Call the device `red` `green`"),),
    ),
    Command(
        "device remove",
        "<device>",
        "Release a device: it belongs to nobody then",
        "device:remove",
        aliases=("cloud remove",),
        options=(YES,),
        examples=(
            ("particle device remove red", "Release the device `red`, after a question"),
            ("particle device remove red --yes", "Release it without a question"),
        ),
    ),
    Command(
        "nyan",
        "[device] [onOff]",
        "Let a device signal with its LED in all colours",
        "nyan:run",
        aliases=("cloud nyan",),
        options=(PRODUCT,),
        examples=(
            ("particle nyan", "Let all devices that are online signal"),
            ("particle nyan red on", "Let the device `red` signal"),
            ("particle nyan all off", "Let all of them stop"),
        ),
    ),
    Command(
        "compile",
        "<deviceType> [files...]",
        "Compile source files, or a project, into a firmware binary",
        "compile:run",
        aliases=("cloud compile",),
        options=(
            TARGET,
            FOLLOW_SYMLINKS,
            Option("saveTo", "string", "File to write the binary to", value="FILE"),
        ),
        examples=(
            ("particle compile boron", "Compile the project in the current folder for Boron"),
            ("particle compile p2 blink.ino --saveTo blink.bin", "Compile one file and name the result"),
            ("particle compile argon my_project --target 5.8.0", "Compile for one version of Device OS"),
        ),
        reads_only=True,
    ),
)
