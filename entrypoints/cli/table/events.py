"""Commands for the events of devices."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import DEVICE, PRODUCT, Command, Option

COMMANDS = (
    Command(
        "publish",
        "<event> [data]",
        "Publish an event",
        "publish:run",
        options=(
            PRODUCT,
            Option("private", "boolean", "Only to your own devices and streams, as is always the case"),
        ),
        examples=(
            ("particle publish temp 25.0", "Publish the event `temp` with the data `25.0`"),
            ("particle publish temp 25.0 --product 12345", "Publish to the streams of a product"),
        ),
    ),
    Command(
        "subscribe",
        "[event] [device]",
        "Show events as they are published",
        "subscribe:run",
        live=True,
        options=(
            DEVICE,
            PRODUCT,
            Option("org", "string", "Id or slug of an organization, for all of its products", value="ORG"),
            Option("all", "boolean", "Also what others publish to the public; needs an event"),
            Option("until", "string", "End when an event with just this data comes", value="DATA"),
            Option("max", "number", "End after so many events", value="COUNT"),
        ),
        examples=(
            ("particle subscribe", "All events of your devices"),
            ("particle subscribe temp", "Those whose names begin with `temp`"),
            ("particle subscribe mine red", "All events of the device `red`"),
            ("particle subscribe temp red --max 1 --timeout 60", "Wait a minute for one event"),
        ),
        details=(
            "Each event is one line of JSON on standard output; everything else goes to standard error. The "
            "word `mine` in place of event or device means all of yours. A stream that breaks is opened "
            "again: events published in the meantime are lost, and for how long is told.",
        ),
    ),
)
