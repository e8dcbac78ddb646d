"""Commands for the embedded world of simulated devices."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import YES, Command, Option

_FAULTS = (
    "Faults of the cable strike transfers, counted from 1 in every command: `stall`, `lose-request`, "
    "`lose-reply` and `drop` (power is lost for a second), each with `at N` or `every N`; `unplug at N`.",
    "Faults of the device: `slow-flash [TIMES]`; `power-cut [at N]`, once, in the N-th write to flash; "
    "`no-network`; `no-sim`; `damage MODULE`, where the module is `application`, `bootloader`, "
    "`system-part1` or another that particle sim status shows.",
)

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
        options=(
            Option("name", "string", "Name to give it in the cloud", value="NAME"),
            Option("device-os", "string", "Release of Device OS that it runs", value="VERSION"),
            Option(
                "application", "string", "What it runs: `none`, a .bin, a source or a project", value="PATH"
            ),
            Option(
                "mode",
                "string",
                "Mode to bring it into",
                value="MODE",
                choices=("normal", "listening", "safe", "dfu"),
            ),
            Option("protected", "boolean", "Turn Device Protection on"),
            Option("unclaimed", "boolean", "Leave it nobody's"),
            Option("id", "string", "Device id, 24 hexadecimal digits", value="ID"),
        ),
        examples=(
            ("particle sim add boron", "Add a Boron"),
            ("particle sim add p2 --name red", "Add a P2 named `red`"),
            ("particle sim add photon --device-os 0.7.0", "Add a Photon that was never updated"),
            ("particle sim add argon --application blink --mode listening", "Add one that runs a project"),
        ),
    ),
    Command(
        "sim scenarios",
        "[scenario]",
        "List the ready scenarios, or print one to begin your own with",
        "sim_scenarios:scenarios",
        needs="nothing",
        examples=(
            ("particle sim scenarios", "List them"),
            ("particle sim scenarios drawer > mine.toml", "Begin a scenario of your own"),
        ),
        reads_only=True,
    ),
    Command(
        "sim load",
        "<scenario|file>",
        "Replace the simulated world by that of a scenario",
        "sim_scenarios:load",
        options=(YES,),
        examples=(
            ("particle sim load drawer", "Five devices, each in another state"),
            ("particle sim load mine.toml --yes", "A scenario of your own, without a question"),
        ),
        details=(
            "A scenario is a TOML file. Each `[[device]]` has a `platform` and may have: name, id, "
            "device_os, application (`tinker`, `none`, a path, or a table with `path` or `code` and the "
            "`device_os` it is compiled for), mode, protected, claimed, owner, attached, setup_done, "
            "wifi (a list of ssid, password, security, hidden), ethernet (`none`, `unplugged`, `plugged`), "
            "environment, variables, faults (see particle sim break).",
            "Each `[[access_point]]` has an `ssid` and may have: security, password, username, channel, "
            "rssi, hidden, bssid. Each `[[account]]` has username, password and perhaps login_code. Besides "
            "there are `description`, `cellular` and `webhook_hosts`, and of the cloud `rate_limits`, "
            "`keep_alive` and `transfers_approved`. Paths begin in the folder of the file.",
        ),
    ),
    Command(
        "sim break",
        "<device> <fault...>",
        "Break something about a simulated device, until it is repaired",
        "sim_faults:break_device",
        examples=(
            ("particle sim break red drop every 200", "A loose contact in its cable"),
            ("particle sim break red power-cut at 12", "No power in the middle of the next flash"),
            ("particle sim break red damage system-part1 slow-flash", "Two faults at once"),
        ),
        details=_FAULTS,
    ),
    Command(
        "sim repair",
        "<device>",
        "Put right all that is broken about a simulated device",
        "sim_faults:repair",
        examples=(("particle sim repair red", "A good cable, and all the rest"),),
    ),
    Command(
        "sim set",
        "<device> <variable> <value>",
        "Give a variable of a simulated device's application another value",
        "sim_faults:set_variable",
        examples=(("particle sim set red temperature 21.5", "What a sensor has measured"),),
        details=("It stays until the device restarts, or its next measurement.",),
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
        "sim serial",
        "[device]",
        "Offer the serial ports of simulated devices to other programs, until Ctrl-C",
        "sim_serial:run",
        options=(
            Option(
                "links",
                "string",
                "Make a link for each port in this folder, named as its device",
                value="FOLDER",
            ),
        ),
        examples=(
            ("particle sim serial", "One port a device; open them with any terminal program"),
            ("particle sim serial red --links ports", "The port of `red` is ports/red, over all its resets"),
            (
                "particle sim serial --timeout 60 --json",
                "For a minute; a JSON document a port, on a line each",
            ),
        ),
        details=(
            "A port is a pseudo terminal (Linux, macOS) and is there as long as the device's is: with each "
            "reset it goes away and another one comes. Opening one at 14400 baud brings the device into DFU "
            "mode.",
            "Meanwhile the simulated world runs at the pace of real time, and other commands that change it "
            "have to wait. It is saved at the end.",
        ),
        serves=True,
    ),
    Command(
        "sim cloud",
        "",
        "Serve a simulated cloud with devices over HTTP, until Ctrl-C",
        "sim_cloud:run",
        needs="desk",
        options=(
            Option("port", "number", "Port to listen on; without it, or with 0, one that is free"),
            Option("host", "string", "Address to listen on, in place of 127.0.0.1", value="ADDRESS"),
            Option("db", "string", "Keep everything in this file", value="FILE"),
            Option(
                "scenario",
                "string",
                "World to begin with, in place of `laptop`; one of the gallery, or a file",
                value="SCENARIO",
            ),
            Option(
                "webhook-host",
                "strings",
                "Host that webhooks may be sent to, besides this machine; may be repeated",
                value="HOST",
            ),
        ),
        examples=(
            ("particle sim cloud", "Print the address, and serve"),
            ("particle sim cloud --port 8080 --db cloud.db", "Keep what happens in a file"),
            ("particle sim cloud --scenario drawer --json", "Print the address as JSON"),
        ),
        details=(
            "The accounts are you@example.com and mfa@example.com, both with the password `password`; the "
            "second one asks for a login code, which is 123456. Point a client at the address: of this "
            "program with particle config NAME apiUrl ADDRESS.",
            "Whatever is acknowledged is in the file: it survives the program's being killed.",
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
