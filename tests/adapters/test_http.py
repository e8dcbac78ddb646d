"""What is particular to aiohttp: servers that misbehave byte by byte, TLS, proxies, sizes."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yarl
from tests.adapters.talking import says, served

from particle_cli.adapters.http import AiohttpClient, Proxies
from particle_cli.ports.http import HttpError, HttpNoRoute, HttpRequest, HttpTlsError

pytestmark = pytest.mark.real_time


@pytest.fixture
async def http() -> AsyncIterator[AiohttpClient]:
    client = AiohttpClient(largest_body=1000)
    yield client
    await client.close()


def get(port: int, path: str = "/?access_token=hunter2") -> HttpRequest:
    return HttpRequest("GET", f"http://127.0.0.1:{port}{path}", timeout_ms=5000)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nnot",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "garbage", "short", "bad chunk", "bad gzip", "endless header"],
)
async def test_an_answer_that_is_none_is_one_error_of_ours(http: AiohttpClient, answer: bytes) -> None:
    async with served(says(answer)) as port:
        with pytest.raises(HttpError, match=r"The connection to 127\.0\.0\.1 broke") as caught:
            await http.exchange(get(port))
    assert caught.value.code == "http_broken"
    assert "hunter2" not in caught.value.message


async def test_an_answer_too_large_is_refused(http: AiohttpClient) -> None:
    async with served(says(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)) as port:
        with pytest.raises(HttpError, match="larger than 1000 bytes"):
            await http.exchange(get(port))


@pytest.mark.parametrize("url", ["http://", "https:///path", "nonsense", "ftp://host/", "http://[bad/"])
async def test_an_address_that_is_none(http: AiohttpClient, url: str) -> None:
    with pytest.raises(HttpError):
        await http.exchange(HttpRequest("GET", url))


async def test_a_name_that_nobody_has(http: AiohttpClient) -> None:
    with pytest.raises(HttpNoRoute, match=r"host\.invalid cannot be reached"):
        await http.exchange(HttpRequest("GET", "http://host.invalid/"))


async def test_a_header_that_cannot_be_sent(http: AiohttpClient) -> None:
    async with served(says(b"")) as port:
        with pytest.raises(HttpError, match="cannot be sent"):
            await http.exchange(HttpRequest("GET", get(port).url, (("X", "a\r\nEvil: b"),)))


async def test_a_server_without_tls_is_not_trusted(http: AiohttpClient) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with served(plain) as port:
        with pytest.raises(HttpTlsError, match=r"127\.0\.0\.1 is not to be trusted"):
            await http.exchange(HttpRequest("GET", f"https://127.0.0.1:{port}/"))


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs the program openssl to make a certificate")
async def test_a_certificate_of_nobody_is_not_trusted(http: AiohttpClient, tmp_path: Path) -> None:
    files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    subprocess.run([*command, *files, "-subj", "/CN=127.0.0.1"], check=True, capture_output=True)  # noqa: ASYNC221
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    async with served(says(b"HTTP/1.1 200 OK\r\n\r\n"), tls) as port:
        with pytest.raises(HttpTlsError, match=r"self[- ]signed") as caught:
            await http.exchange(HttpRequest("GET", f"https://127.0.0.1:{port}/"))
    assert caught.value.next_step


async def test_who_we_are_is_told() -> None:
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    client = AiohttpClient(user_agent="particle-cli-py/1")
    async with served(talk) as port:
        await client.exchange(get(port))
        await client.exchange(HttpRequest("GET", get(port).url, (("User-Agent", "other"),)))
    await client.close()
    assert b"User-Agent: particle-cli-py/1\r\n" in heads[0]
    assert b"User-Agent: other\r\n" in heads[1]
    assert heads[1].count(b"User-Agent") == 1


async def test_a_closed_client_opens_again(http: AiohttpClient) -> None:
    async with served(says(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")) as port:
        assert (await http.exchange(get(port))).body == b"x"
        await http.close()
        assert (await http.exchange(get(port))).body == b"x"


class TestProxies:
    async def test_requests_go_through_the_proxy(self) -> None:
        asked: list[bytes] = []

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readline())
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\np")

        async with served(proxy) as port:
            client = AiohttpClient(proxies=Proxies(http=f"http://127.0.0.1:{port}"))
            assert (await client.exchange(HttpRequest("GET", "http://host.invalid/v1"))).body == b"p"
            await client.close()
        assert asked == [b"GET http://host.invalid/v1 HTTP/1.1\r\n"]

    async def test_a_proxy_that_refuses(self) -> None:
        async with served(says(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) as port:
            client = AiohttpClient(proxies=Proxies(https=f"http://127.0.0.1:{port}"))
            with pytest.raises(HttpError, match=r"proxy refused to lead to host\.invalid: 407"):
                await client.exchange(HttpRequest("GET", "https://host.invalid/v1"))
            await client.close()

    async def test_a_proxy_that_is_not_there(self) -> None:
        client = AiohttpClient(proxies=Proxies(https="http://user:hunter2@127.0.0.1:1"))
        with pytest.raises(HttpNoRoute, match=r"proxy that leads to host\.invalid") as caught:
            await client.exchange(HttpRequest("GET", "https://host.invalid/"))
        assert "HTTPS_PROXY" in (caught.value.next_step or "")
        assert "hunter2" not in caught.value.message
        await client.close()

    def test_the_usual_variables_name_them(self) -> None:
        named = Proxies.from_environment(
            {"https_proxy": "http://s", "HTTP_PROXY": "http://h", "no_proxy": ""}
        )
        assert named == Proxies(http="http://h", https="http://s")
        assert Proxies.from_environment({}) == Proxies()
        assert Proxies.from_environment({"HTTP_PROXY": "http://h"}).https == "http://h"
        own = Proxies.from_environment({"HTTPS_PROXY": "http://s"}, proxy="http://own")
        assert own == Proxies(http="http://own", https="http://own")
        assert "own" not in repr(own)  # may hold a password

    @pytest.mark.parametrize(
        ("direct", "url", "through"),
        [
            ("", "https://api.particle.io/", "s"),
            ("", "http://api.particle.io/", "h"),
            ("*", "https://api.particle.io/", None),
            ("particle.io", "https://api.particle.io/", None),
            (" .Particle.io , x", "https://API.particle.io/", None),
            ("particle.io", "https://particle.io/", None),
            ("article.io", "https://particle.io/", "s"),
            ("api.particle.io", "https://particle.io/", "s"),
            ("api.particle.io.", "https://api.particle.io/", None),
            ("api.particle.io", "https://api.particle.io./", None),
            ("api.particle.io:443", "https://api.particle.io/", "s"),
            (" , ,.", "https://api.particle.io/", "s"),
            ("", "http://127.0.0.1:8080/", None),
            ("", "http://[::1]:8080/", None),
            ("", "https://localhost/", None),
            ("", "https://cloud.localhost./", None),
            ("", "https://localhost.particle.io/", "s"),
            ("10.0.0.1,[fd00::1]", "http://10.0.0.1/", None),
            ("10.0.0.1,[fd00::1]", "http://[fd00::1]/", None),
            ("10.0.0.0/8", "http://10.0.0.1/", "h"),
        ],
    )
    def test_some_hosts_are_reached_directly(self, direct: str, url: str, through: str | None) -> None:
        environment = {"HTTP_PROXY": "h", "HTTPS_PROXY": "http://s", "NO_PROXY": direct}
        found = Proxies.from_environment(environment).proxy_for(yarl.URL(url))
        assert found == (through and f"http://{through}")
