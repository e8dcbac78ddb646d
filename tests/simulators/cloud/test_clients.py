"""OAuth clients of the simulated cloud."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.test_tokens import with_product

BASES = ["/v1/clients", "/v1/products/lamps/clients"]


@pytest.mark.parametrize("base", BASES)
async def test_a_client_is_made_listed_changed_and_removed(asker: Asker, base: str) -> None:
    with_product(asker)
    wanted = {"name": "My app!", "type": "web", "redirect_uri": "https://example.com/done"}
    answer = await asker.told("POST", base, wanted)
    made = answer["client"]
    assert answer["ok"] is True
    assert made["id"].startswith("my-app-")
    assert len(made["secret"]) == 40
    shown = {key: made[key] for key in ("name", "type", "id", "redirect_uri")}
    assert await asker.ask("GET", base) == (200, {"ok": True, "clients": [shown]})
    renamed = {"ok": True, "client": {**shown, "name": "Yours", "scope": "x"}}
    assert await asker.ask("PUT", f"{base}/{made['id']}", {"name": "Yours", "scope": "x"}) == (200, renamed)
    gone = await asker.send("DELETE", f"{base}/{made['id']}")
    assert (gone.status, gone.body) == (204, b"")
    missing = (404, {"ok": False, "error": "Client not found"})
    assert await asker.ask("DELETE", f"{base}/{made['id']}") == missing
    assert await asker.ask("GET", base) == (200, {"ok": True, "clients": []})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"type": "installed"}, "name is required"),
        ({"name": " ", "type": "installed"}, "name is required"),
        ({"name": "x"}, "type must be installed or web"),
        ({"name": "x", "type": "web"}, "redirect_uri is required for a client of type web"),
    ],
)
async def test_a_client_is_told_what_it_lacks(asker: Asker, fields: dict[str, str], text: str) -> None:
    assert await asker.ask("POST", "/v1/clients", fields) == (400, {"ok": False, "error": text})


async def test_clients_are_their_owners_and_those_of_products_apart(asker: Asker) -> None:
    with_product(asker)
    mine = (await asker.told("POST", BASES[0], {"name": "a", "type": "installed"}))["client"]
    lamps = (await asker.told("POST", BASES[1], {"name": "b", "type": "installed"}))["client"]
    assert (await asker.ask("PUT", f"{BASES[0]}/{lamps['id']}", {"name": "c"}))[0] == 404
    assert (await asker.ask("PUT", f"{BASES[1]}/{mine['id']}", {"name": "c"}))[0] == 404
    asker.cloud.open_account("other@example.com", "password")
    _, other = await asker.log_in(username="other@example.com")
    asker.token = str(other["access_token"])
    assert await asker.ask("GET", BASES[0]) == (200, {"ok": True, "clients": []})
    assert await asker.ask("GET", BASES[1]) == (403, {"ok": False, "error": "Permission denied"})
    assert (await asker.ask("DELETE", f"{BASES[0]}/{mine['id']}"))[0] == 404
