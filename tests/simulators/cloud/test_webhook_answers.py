"""What events tell of the answer to a webhook."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.cloud.receiver import answered

from particle_cli.simulators.cloud.webhook_answers import MOST_BYTES, PART_BYTES, answer_parts, parts_of

ANY_WIDTH = st.text(
    st.sampled_from("aé€\U0001f600") | st.characters(exclude_categories=["Cs"]), max_size=1500
)


@given(ANY_WIDTH)
def test_parts_are_as_long_as_can_be_and_no_character_is_cut(text: str) -> None:
    parts = parts_of(text)
    assert "".join(parts) == text
    sizes = [len(part.encode()) for part in parts]
    assert all(0 < size <= PART_BYTES for size in sizes)
    for size, following in zip(sizes, parts[1:], strict=False):
        assert size + len(following[0].encode()) > PART_BYTES


def test_plain_text_is_cut_at_512() -> None:
    assert [len(part) for part in parts_of("x" * 1200)] == [512, 512, 176]
    assert parts_of("") == ()


def test_a_long_answer_is_cut_off() -> None:
    parts = answer_parts(answered("€" * MOST_BYTES), {}, {})
    whole = "".join(parts).encode()
    assert MOST_BYTES - 3 < len(whole) <= MOST_BYTES


def test_an_answer_can_come_in_one_piece() -> None:
    assert answer_parts(answered("x" * 1200), {"unchunked": True}, {}) == ("x" * 1200,)
    assert answer_parts(answered(""), {"unchunked": True}, {}) == ()


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{{list.0.city}}} for {{PARTICLE_DEVICE_ID}}", "Oslo & so for d1"),
        ({"lat": "{{{lat}}}", "n": 1}, '{"lat":"59.9","n":1}'),
        ("", '{"lat":59.9,"list":[{"city":"Oslo & so"}]}'),
    ],
)
def test_an_answer_in_json_is_put_in_a_template(template: object, told: str) -> None:
    answer = answered('{"lat":59.9,"list":[{"city":"Oslo & so"}]}')
    settings = {"responseTemplate": template}
    assert answer_parts(answer, settings, {"PARTICLE_DEVICE_ID": "d1"}) == (told,)  # type: ignore[arg-type]


def test_what_is_no_json_passes_every_template_by() -> None:
    assert answer_parts(answered("just text"), {"responseTemplate": "{{x}}"}, {}) == ("just text",)


def test_bytes_can_be_told_as_a_data_url() -> None:
    content = bytes(range(256))
    parts = answer_parts(answered(content, kind="image/png"), {"dataUrlResponseEvent": True}, {})
    assert "".join(parts) == "data:image/png;base64," + base64.b64encode(content).decode()


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert answer_parts(answered(b"a\xff"), {}, {}) == ("a\ufffd",)
