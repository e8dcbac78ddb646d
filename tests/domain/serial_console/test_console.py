"""The console of listening mode, byte for byte as the firmware writes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.serial_console.scripted_line import ScriptedLine, transcript

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.serial_console import replies
from particle_cli.domain.serial_console.console import Console
from particle_cli.domain.serial_console.errors import ConsoleGarbled, ConsoleRefused, ConsoleSilent
from particle_cli.domain.serial_console.replies import Identification, NotMeasured
from particle_cli.ports.serial import SerialGone

BORON = (
    "D Device ID: e00fce68aaaaaaaaaaaaaaaa\r\nDevice Secret: ABCDEFGHIJKLMNO\r\n"
    "Serial Number: B40KAB000000ABC\r\nIMEI: 352753090000000\r\nICCID: 89014103271226425274\r\n"
    "Cell Radio Version: L0.0.00.00.05.08\r\n"
)
CHUNKS = pytest.mark.parametrize("chunk", [1, 7, 4096])


@CHUNKS
async def test_t1_identify_a_photon(chunk: int) -> None:
    line = ScriptedLine(transcript("H i", "D Your device id is 1e0035000447343138333038\r\n"), chunk=chunk)
    assert await line.console().identify() == Identification("1e0035000447343138333038")
    assert line.done


@CHUNKS
async def test_t2_identify_a_boron(chunk: int) -> None:
    line = ScriptedLine(transcript("H i", BORON), chunk=chunk)
    told = await line.console().identify()
    assert told == Identification(
        "e00fce68aaaaaaaaaaaaaaaa",
        secret="ABCDEFGHIJKLMNO",
        serial_number="B40KAB000000ABC",
        imei="352753090000000",
        iccid="89014103271226425274",
        modem_firmware="L0.0.00.00.05.08",
    )
    assert b"ABCDEFGHIJKLMNO" in line.secret_read
    assert line.plain_read == b""
    assert "ABCDEFGHIJKLMNO" not in repr(told)


async def test_t3_version_claim_state_and_mac_address() -> None:
    line = ScriptedLine(
        transcript(
            "H v",
            "D system firmware version: 6.2.0\n\r\n",
            "H c",
            "D Device claimed: no\r\n",
            "H m",
            "D Your device MAC address is\r\n01:23:45:67:89:AB\r\n",
        )
    )
    console = line.console()
    assert await console.version() == "6.2.0"
    assert await console.is_claimed() is False
    assert await console.mac_address() == "01:23:45:67:89:ab"


async def test_t9_a_claim_code_that_is_too_short() -> None:
    line = ScriptedLine(
        transcript(
            "H C",
            "D Enter 63-digit claim code: ",
            "H abc\n",
            "D abc\r\nSorry, claim code is not 63 characters long. Claim code unchanged.\r\n",
        )
    )
    with pytest.raises(ConsoleRefused, match="ttyTEST: the device takes a claim code of 63"):
        await line.console().set_claim_code("abc")
    assert line.done


async def test_a_claim_code_is_set_and_kept_secret() -> None:
    code = "aB3" * 21
    line = ScriptedLine(
        transcript(
            "H C",
            "D Enter 63-digit claim code: ",
            f"H {code}\n",
            f"D {code}\r\nClaim code set to: {code}\r\n",
        )
    )
    await line.console().set_claim_code(code)
    assert line.secret_written == f"{code}\n".encode()
    assert code.encode() not in line.plain_read


@pytest.mark.parametrize("code", ["a" * 64, "a" * 62 + "\n", "a" * 62 + "é"])
async def test_a_claim_code_whose_end_would_be_commands_is_not_sent(code: str) -> None:
    with pytest.raises(ConsoleRefused):
        await ScriptedLine([]).console().set_claim_code(code)


async def test_t10_ymodem_is_refused() -> None:
    line = ScriptedLine(
        transcript(
            "H f",
            "D Waiting for the binary file to be sent ... (press 'a' to abort)\r\n",
            "D \x18\x18\x18\x18Serial/YModem flashing is no longer supported\r\n",
        )
    )
    assert (await line.console().ask(b"f")).endswith(b"no longer supported\r\n")


async def test_t12_leave() -> None:
    line = ScriptedLine(transcript("H x"))
    await line.console().leave()
    assert line.done
    assert line.waited_s == 0


DESCRIBE = (
    'D {"p":13,"imei":"352753090000000","iccid":"89014103271226425274","cellfw":"L0.0.00.00.05.08","m":['
    '{"s":49152,"l":"m","vc":30,"vv":30,"f":"b","n":"0","v":3000,"d":[]},'
    '{"s":671744,"l":"m","vc":30,"vv":30,"f":"s","n":"1","v":6200,"d":[{"f":"b","n":"0","v":3000},'
    '{"f":"a","n":"0","v":202}]},{"s":262144,"l":"m","vc":30,"vv":26,"u":"' + "CD" * 32 + '","f":"u","n":"1",'
    '"v":6,"d":[{"f":"s","n":"1","v":6200}]}]}\r\n'
)


async def test_the_modules_are_described() -> None:
    told = await ScriptedLine(transcript("H s", DESCRIBE), chunk=64).console().describe()
    assert (told.imei, told.iccid, told.modem_firmware) == (
        "352753090000000",
        "89014103271226425274",
        "L0.0.00.00.05.08",
    )
    assert told.describe.platform_id == 13
    assert told.describe.system_version == 6200
    assert [module.function for module in told.describe.modules] == [
        ModuleFunction.BOOTLOADER,
        ModuleFunction.SYSTEM_PART,
        ModuleFunction.USER_PART,
    ]
    assert told.describe.application
    assert not told.describe.application.valid


async def test_diagnostics_are_values_or_errors() -> None:
    said = 'D {"sys:reset":40,"mem:free":81234,"net:rssi":-55,"batt:soc":{"err":-210},"cloud:stat":0}\r\n'
    assert await ScriptedLine(transcript("H d", said)).console().diagnostics() == {
        "sys:reset": 40,
        "mem:free": 81234,
        "net:rssi": -55,
        "batt:soc": NotMeasured(-210),
        "cloud:stat": 0,
    }


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Your core id is 48ff6a065067555026311387\r\n", Identification("48ff6a065067555026311387")),
        ("Device ID: E00FCE68AAAAAAAAAAAAAAAA\r\n", Identification("e00fce68aaaaaaaaaaaaaaaa")),
        (
            "0000 [app] INFO: hi\r\nDevice ID: e00fce68aaaaaaaaaaaaaaaa\r\nIMEI: \r\nICCID: \r\n",
            Identification("e00fce68aaaaaaaaaaaaaaaa"),
        ),
        (
            "iDevice ID: e00fce68aaaaaaaaaaaaaaaa\r\nIMEI: 35\xff2\r\n",
            Identification("e00fce68aaaaaaaaaaaaaaaa", imei="35\ufffd2"),
        ),
    ],
)
async def test_other_forms_of_an_identification(said: str, told: Identification) -> None:
    assert await ScriptedLine(transcript("H i", f"D {said}")).console().identify() == told


async def test_minimal_firmware_and_no_network() -> None:
    line = ScriptedLine(
        transcript(
            "H v",
            "D system firmware version: 0.6.2 minimal\n\r\n",
            "H m",
            "D Your device MAC address is\r\n00:00:00:00:00:00\r\n",
        )
    )
    assert await line.console().version() == "0.6.2"
    assert await line.console().mac_address() is None


QUESTIONS: list[tuple[str, Callable[[Console], Awaitable[object]]]] = [
    ("i", lambda console: console.identify()),
    ("v", lambda console: console.version()),
    ("m", lambda console: console.mac_address()),
    ("c", lambda console: console.is_claimed()),
    ("s", lambda console: console.describe()),
    ("d", lambda console: console.diagnostics()),
]


@pytest.mark.parametrize(("letter", "ask"), QUESTIONS)
async def test_a_device_that_is_not_listening_says_nothing(
    letter: str, ask: Callable[[Console], Awaitable[object]]
) -> None:
    line = ScriptedLine(transcript(f"H {letter}"))
    with pytest.raises(ConsoleSilent, match="ttyTEST") as caught:
        await ask(line.console())
    assert "start-listening" in str(caught.value.next_step)
    assert line.waited_s in (5, 20)


@pytest.mark.parametrize(("letter", "ask"), QUESTIONS)
@pytest.mark.parametrize(
    "said", ["temp=42\r\n", "\xff\xfe\x00", '{"m":', "{}\r\n[]\r\n", "{" * 3000, '{"d":1.5}\n']
)
async def test_something_else_is_no_answer(
    letter: str, ask: Callable[[Console], Awaitable[object]], said: str
) -> None:
    if (letter, said) == ("d", "{}\r\n[]\r\n"):
        return
    with pytest.raises(ConsoleGarbled) as caught:
        await ask(ScriptedLine(transcript(f"H {letter}", f"D {said}")).console())
    assert "start-listening" in str(caught.value.next_step)


@pytest.mark.parametrize(("letter", "ask"), QUESTIONS)
async def test_a_device_that_leaves_is_gone(letter: str, ask: Callable[[Console], Awaitable[object]]) -> None:
    for turns in ([("gone", b"")], [("H", letter.encode()), ("gone", b"")]):
        with pytest.raises(SerialGone):
            await ask(ScriptedLine(turns).console())


async def test_what_was_said_before_it_left_counts() -> None:
    line = ScriptedLine([*transcript("H v", "D system firmware version: 6.2.0\n\r\n"), ("gone", b"")])
    assert await line.console().version() == "6.2.0"


@given(st.binary(max_size=200))
def test_no_answer_is_too_odd_to_be_refused(said: bytes) -> None:
    for read in (
        replies.read_identification,
        replies.read_version,
        replies.read_mac_address,
        replies.read_claimed,
        replies.read_console_describe,
        replies.read_diagnostics,
    ):
        try:
            read(said)
        except ConsoleGarbled:
            continue
