"""Commands for what the cloud does when events are published."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import DRY_RUN, YES, Command, Option

PRODUCT = Option("product", "string", "Id or slug of the product that it belongs to", value="PRODUCT")
ORG = Option("org", "string", "Id or slug of the organization that it belongs to", value="ORG")
TYPE = Option(
    "type", "string", "Webhook, GoogleMaps, GoogleCloudPubSub or AzureIotHub, in any case", value="TYPE"
)
_OWNERS = (PRODUCT, ORG)

_APPLY_DETAILS = (
    "The file holds what `create` takes. It is meant for the one that is there of its `name`; without a name "
    "for the one of its event, device and url; with an `id` for that one. If there is none, one is made; if "
    "there is one, all its settings are replaced. What changes is told, but not the values of headers, "
    "passwords and bodies.",
)

COMMANDS = (
    Command(
        "webhook create",
        "<event|file> [url] [device] [requestType]",
        "Create a webhook: a request that is sent when an event is published",
        "webhook:create",
        options=_OWNERS,
        examples=(
            (
                "particle webhook create temp https://example.com/in",
                "Send a POST request for each event `temp`",
            ),
            ("particle webhook create temp https://example.com/in 0123456789abcdef01234567", "Of one device"),
            ("particle webhook create webhook.json", "With all settings, from a file"),
        ),
        details=(
            "An event triggers the webhook if its name begins with the one given here. A file is one JSON "
            "object with `event`, `url` and any other setting of a webhook: `requestType`, `json`, `form` or "
            "`body`, `query`, `headers`, `auth`, `noDefaults`, `responseTopic`, `responseTemplate` and so on",
            "`particle webhook GET <event> <url> [device]` is short for the request type GET; so is POST.",
        ),
    ),
    Command(
        "webhook list",
        "",
        "List your webhooks",
        "webhook:list_all",
        options=_OWNERS,
        reads_only=True,
        examples=(("particle webhook list", "All of your account"),),
    ),
    Command(
        "webhook get",
        "<id>",
        "Print a webhook as JSON that `webhook create` takes, passwords included",
        "webhook:show",
        options=_OWNERS,
        aliases=("integration get",),
        reads_only=True,
        examples=(("particle webhook get 234523452345234523452345 > webhook.json", "Keep it in a file"),),
    ),
    Command(
        "webhook apply",
        "<file>",
        "Create or update a webhook from a file, and tell what changed",
        "webhook_apply:run",
        options=(DRY_RUN, *_OWNERS),
        aliases=("integration apply",),
        examples=(
            ("particle webhook apply webhook.json", "Make it what the file says"),
            ("particle webhook apply webhook.json --dry-run", "Only tell what would change"),
        ),
        details=_APPLY_DETAILS,
    ),
    Command(
        "webhook delete",
        "<id|all>",
        "Delete a webhook, or all of them",
        "webhook:delete",
        options=(YES, *_OWNERS),
        examples=(
            ("particle webhook delete 234523452345234523452345", "This one"),
            ("particle webhook delete all", "All, after a question"),
        ),
    ),
    Command(
        "webhook POST",
        "<event> <url> [device]",
        "Create a webhook that sends POST requests",
        "webhook:create_post",
        options=_OWNERS,
        aliases=("integration POST",),
        hidden=True,
        examples=(("particle webhook POST temp https://example.com/in", "The event, as a form"),),
    ),
    Command(
        "webhook GET",
        "<event> <url> [device]",
        "Create a webhook that sends GET requests",
        "webhook:create_get",
        options=_OWNERS,
        aliases=("integration GET",),
        hidden=True,  # a manual page GET beside one of get is one too many where case does not count
        examples=(("particle webhook GET temp https://example.com/in", "The event, in the query"),),
    ),
    Command(
        "integration create",
        "<event|file> [url] [device] [requestType]",
        "Create an integration of any type",
        "webhook:create",
        options=(TYPE, *_OWNERS),
        examples=(
            ("particle integration create maps.json --type GoogleMaps", "With its settings, from a file"),
        ),
    ),
    Command(
        "integration list",
        "",
        "List your integrations of all types",
        "webhook:list_all",
        options=(TYPE, *_OWNERS),
        reads_only=True,
        examples=(("particle integration list --type AzureIotHub", "Those of one type"),),
    ),
    Command(
        "integration delete",
        "<id|all>",
        "Delete an integration, or all of them",
        "webhook:delete",
        options=(YES, TYPE, *_OWNERS),
        examples=(("particle integration delete 234523452345234523452345", "This one"),),
    ),
)
