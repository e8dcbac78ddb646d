"""Commands about the account: logging in and out, and its access tokens."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import Command, Option

_PASSWORD = Option(
    "password", "string", "Your password; `-` reads it from standard input", short="p", value="PASSWORD"
)
_USERNAME = Option("username", "string", "Your e-mail address", short="u", value="EMAIL")
_CODE = Option("otp", "string", "The login code that your authenticator app shows", value="CODE")

COMMANDS = (
    Command(
        "login",
        "",
        "Log in to the cloud, and keep the access token in the profile",
        "login:run",
        aliases=("cloud login",),
        options=(
            _USERNAME,
            _PASSWORD,
            Option(
                "token",
                "string",
                "An access token to use instead; `-` reads it from standard input",
                short="t",
                value="TOKEN",
            ),
            _CODE,
            Option("sso", "boolean", "Log in on a web page, by single sign-on"),
        ),
        examples=(
            ("particle login", "Log in, and be asked for what is needed"),
            (
                "particle login --username you@example.com --password -",
                "Read the password from standard input",
            ),
            ("particle login --token -", "Use an access token that you have, read from standard input"),
            ("particle login --sso", "Log in on a web page, by the single sign-on of your organization"),
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
        "token create",
        "",
        "Make an access token for a program of your own",
        "token:create",
        options=(
            Option("expires-in", "number", "How long it is good for; 90 days otherwise", value="SECONDS"),
            Option("never-expires", "boolean", "It is good until it is revoked"),
            _USERNAME,
            _PASSWORD,
            _CODE,
        ),
        examples=(
            ("particle token create", "Make a token that is good for 90 days"),
            ("particle token create --expires-in 3600", "Make one that is good for an hour"),
            ("particle token create --never-expires", "Make one that is good until it is revoked"),
        ),
        details=("You stay logged in with the token that you have.",),
    ),
    Command(
        "token list",
        "",
        "List the access tokens of your account",
        "token:show",
        options=(_USERNAME, _PASSWORD, _CODE),
        examples=(("particle token list", "List them, after a question for your password"),),
        reads_only=True,
    ),
    Command(
        "token revoke",
        "<tokens...>",
        "Revoke access tokens: they are good for nothing any more",
        "token:revoke",
        options=(Option("force", "boolean", "Also the token that you are logged in with"),),
        examples=(
            ("particle token revoke 0123456789abcdef0123456789abcdef01234567", "Revoke one token"),
            ("particle token revoke -", "Revoke one that is read from standard input"),
        ),
    ),
)
