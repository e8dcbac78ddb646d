"""What is said about the results that devices give."""

from __future__ import annotations

import pytest

from particle_cli.domain.control.availability import who_supports
from particle_cli.domain.control.errors import RequestFailed, refusal
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.control.result_texts import result_next_step, result_text
from particle_cli.domain.errors import DeviceProtected

FAILURES = [code for code in ResultCode if code is not ResultCode.OK]


def test_the_words_that_scripts_look_for() -> None:
    words = {-120: "Not supported", -210: "Invalid state", -270: "Invalid argument", -170: "Not found"}
    assert {code: result_text(code) for code in words} == words


@pytest.mark.parametrize("code", FAILURES, ids=lambda code: code.name)
def test_every_failure_has_words_and_a_next_step(code: ResultCode) -> None:
    failed = refusal("Device e00f: ECHO", code)
    assert failed.message.startswith("Device e00f: ECHO: ")
    assert failed.message != "Device e00f: ECHO: "
    assert failed.next_step
    if isinstance(failed, RequestFailed):
        assert failed.result == code
        assert f"({code.value})" in failed.message


def test_no_two_failures_read_alike() -> None:
    texts = [result_text(code) for code in ResultCode]
    assert len(set(texts)) == len(texts)


def test_a_number_that_only_newer_firmware_knows() -> None:
    failed = RequestFailed("Device e00f: ECHO", -99999)
    assert failed.message == "Device e00f: ECHO: Request error (-99999)"
    assert failed.next_step is None
    assert result_next_step(0) is None


def test_protection_has_an_error_of_its_own() -> None:
    protected = refusal("Device e00f: ECHO", -1801)
    assert type(protected) is DeviceProtected
    assert protected.message == "Device e00f: ECHO: Device is protected"


def test_what_is_not_supported_says_who_would() -> None:
    def step(kind: int) -> str:
        return refusal("Device e00f", -120, kind).next_step or ""

    assert "6.4.0" in step(RequestType.GET_ENV)
    assert "ctrl_request_custom_handler" in step(RequestType.APP_CUSTOM)
    assert "Wi-Fi" in step(RequestType.WIFI_SCAN_NETWORKS)
    assert "Device OS" in step(RequestType.RESET_DEVICE)
    assert "6.4.0" not in (refusal("Device e00f", -100, RequestType.GET_ENV).next_step or "")


def test_only_what_every_firmware_has_needs_no_words() -> None:
    unsaid = {RequestType.Name(kind) for kind in RequestType.values() if not who_supports(kind)}
    assert unsaid == {
        "INVALID_REQUEST",
        *("DEVICE_ID", "SERIAL_NUMBER", "SYSTEM_VERSION", "SYSTEM_CAPABILITIES"),
        *("RESET_DEVICE", "FACTORY_RESET", "DFU_MODE", "SAFE_MODE", "START_LISTENING", "STOP_LISTENING"),
        *("DIAGNOSTIC_INFO", "SET_CLAIM_CODE", "IS_CLAIMED", "START_NYAN_SIGNAL", "STOP_NYAN_SIGNAL"),
        *("FINISH_FIRMWARE_UPDATE", "CANCEL_FIRMWARE_UPDATE", "FIRMWARE_UPDATE_DATA"),
        *("CLOUD_CONNECT", "CLOUD_DISCONNECT"),
    }
