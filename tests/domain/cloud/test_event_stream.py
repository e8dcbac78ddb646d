"""Event streams: the decoding rules case by case, and that the cuts between pieces never matter."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.cloud.errors import CloudAnswerUnreadable
from particle_cli.domain.cloud.event_stream import MOST_PENDING, EventStreamDecoder, StreamEvent
from particle_cli.domain.cloud.events import CloudEvent, EventReader

J = '{"data":"25.34","ttl":60,"published_at":"2024-05-13T10:55:02.520Z","coreid":"0123456789abcdef01234567"}'
A = '{"data":"a"}'
TEMP = [("temp", J)]
ACCENTS = '{"data":"grüß 你 😀"}'
WORDS = f"event: t\ndata: {ACCENTS}\n\n".encode()


def decoded(*pieces: bytes) -> list[tuple[str, str]]:
    decoder = EventStreamDecoder()
    return [(event.kind, event.data) for piece in pieces for event in decoder.feed(piece)]


def text(*pieces: str) -> tuple[bytes, ...]:
    return tuple(piece.replace("J", J).replace("A", A).encode() for piece in pieces)


@pytest.mark.parametrize(
    ("pieces", "events"),
    [
        (text("event: temp\ndata: J\n\n"), TEMP),
        (text("event: temp\r\ndata: J\r\n\r\n"), TEMP),
        (text("event: temp\rdata: J\r\r"), TEMP),
        (text("event: temp\r", "\ndata: J\r\n\r\n"), TEMP),
        (text("event: temp\r\ndata: J\r", "\n\r\n"), TEMP),
        (text("event: temp\r\ndata: J\r\n\r", "\n"), TEMP),
        (text(":ok\n\n", "event: temp\ndata: J\n\n"), TEMP),
        (text("\n", "\n", ":\n\n", "event: temp\ndata: J\n\n", "\n"), TEMP),
        ((WORDS[: WORDS.index(b"\xbc")], WORDS[WORDS.index(b"\xbc") :]), [("t", ACCENTS)]),
        ((WORDS[: WORDS.index(b"\x98\x80")], WORDS[WORDS.index(b"\x98\x80") :]), [("t", ACCENTS)]),
        (text("\ufeffevent: temp\ndata: J\n\n"), TEMP),
        (text('event: t\ndata: {"data":"a",\ndata: "ttl":60}\n\n'), [("t", '{"data":"a",\n"ttl":60}')]),
        (text("event:t\ndata:A\n\n"), [("t", A)]),
        (text("event:  t\ndata:  A\n\n"), [(" t", f" {A}")]),
        (text("event\ndata\n\n"), [("message", "")]),
        (text("data: A\n\n"), [("message", A)]),
        (text("event: t\n\n", "event: u\ndata: A\n\n"), [("u", A)]),
        (text("event:\ndata: A\n\n"), [("message", A)]),
        (text("data: A\nevent: t\n\n"), [("t", A)]),
        (text("foo: bar\nevent: t\ndata: A\n\n"), [("t", A)]),
        (text("event: t\ndata: A\n"), []),
        (text("event: t\ndata: A"), []),
        (text("event: t\ndata: hello\n\nevent: t\ndata: A\n\n"), [("t", "hello"), ("t", A)]),
        (text("event: a\nevent: b\ndata: A\n\n"), [("b", A)]),
        (text('event: a:b/c\ndata: {"data":"x:y"}\n\n'), [("a:b/c", '{"data":"x:y"}')]),
        (
            text('event: t\ndata: {"data":"a\u2028b\u0085c"}\n\n'),
            [("t", '{"data":"a\u2028b\u0085c"}')],
        ),
        (text("event: a\ndata: A\n\nevent: b\ndata: A\n\n"), [("a", A), ("b", A)]),
        (text("event: t\ndata: A\n\r\n"), [("t", A)]),
        (text("event: t\n:between\ndata: A\n\n"), [("t", A)]),
        (text("data: A\n", "\nevent: u\ndata: A\n\n"), [("message", A), ("u", A)]),
    ],
)
def test_a_stream_means_what_the_rules_say(pieces: tuple[bytes, ...], events: list[tuple[str, str]]) -> None:
    assert decoded(*pieces) == events
    whole = b"".join(pieces)
    assert decoded(whole) == events
    assert decoded(*(whole[i : i + 1] for i in range(len(whole)))) == events


def test_ids_and_waiting_times_are_remembered() -> None:
    decoder = EventStreamDecoder()
    decoder.feed(b"id: 7\nretry: 5000\nevent: t\ndata: 1\n\nevent: t\ndata: 2\n\n")
    assert (decoder.last_id, decoder.retry_ms) == ("7", 5000)
    decoder.feed(b"retry: 5s\nid: a\0b\nevent: t\ndata: 3\n\n")
    assert (decoder.last_id, decoder.retry_ms) == ("7", 5000)


FRAGMENTS = st.sampled_from(
    [
        "event",
        "data",
        "id",
        "retry",
        ":",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "event: t\ndata: {}\n\n",
        "x",
        "ü",
        "😀",
    ]
)


@given(st.lists(FRAGMENTS, max_size=40), st.data())
def test_where_a_stream_is_cut_does_not_matter(fragments: list[str], data: st.DataObject) -> None:
    stream = "".join(fragments).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decoded(*pieces) == decoded(stream)


@given(st.binary(max_size=200))
def test_garbage_is_no_trouble(garbage: bytes) -> None:
    assert decoded(garbage, b"\n\nevent: t\ndata: 1\n\n")[-1] == ("t", "1")


def test_a_very_long_event_in_small_pieces_is_taken_in_one_go() -> None:
    payload = json.dumps({"data": "x" * 1_000_000})
    stream = f"event: t\ndata: {payload}\n\n".encode()
    assert decoded(*(stream[i : i + 1000] for i in range(0, len(stream), 1000))) == [("t", payload)]


@pytest.mark.parametrize(
    "endless", [b"data: " + b"x" * 100_000, b"x" * 100_000, b"data: " + b"x" * 100_000 + b"\n"]
)
def test_an_endless_event_is_refused_before_it_fills_the_memory(endless: bytes) -> None:
    with pytest.raises(CloudAnswerUnreadable, match="4 MiB"):
        decoded(*[endless] * (MOST_PENDING // 100_000 + 2))


def test_events_of_the_cloud_carry_their_name_and_keep_what_is_unknown() -> None:
    reader = EventReader()
    events = reader.feed(
        b'event: t\ndata: {"data":null,"ttl":"60","coreid":"api","later":[1]}\n\n'
        b'event: u\ndata: {"name":"zzz","data":"\xc3\xbc"}\n\n'
        b"event: t\ndata: hello\n\nevent: t\ndata: [1]\n\n"
    )
    assert [event.line for event in events] == [
        '{"data":null,"ttl":"60","coreid":"api","later":[1],"name":"t"}',
        '{"name":"u","data":"ü"}',
    ]
    assert (events[0].data, events[0].source, events[0].published_at) == (None, "api", None)
    assert (events[1].name, events[1].data) == ("u", "ü")
    assert reader.passed_over == 2


def test_values_tell_little_of_what_was_published() -> None:
    (event,) = EventReader().feed(b'event: t\ndata: {"data":"my secret"}\n\n')
    assert event == CloudEvent("t", {"data": "my secret", "name": "t"})
    assert "secret" not in repr(event)
    assert StreamEvent("t", "x").kind == "t"
