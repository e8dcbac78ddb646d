"""Properties files: read as Java reads them, edited so that nothing else moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.project.properties import Properties


def parsed(text: str) -> dict[str, str]:
    return dict(Properties.parse(text.encode()).values)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("name=foo", {"name": "foo"}),
        (" version = 1.0.0", {"version": "1.0.0"}),
        ("sentence: a b=c", {"sentence": "a b=c"}),
        ("a b", {"a": "b"}),
        ("noval", {"noval": ""}),
        ("url=http://x?a=b", {"url": "http://x?a=b"}),
        ("# c", {}),
        ("! c", {}),
        ("  # c", {}),
        ("#assetOtaDir=assets", {}),
        ('x = "quoted" ', {"x": '"quoted"'}),
        ("long=one \\\n  two", {"long": "one two"}),
        ("long=one \\\r\n  two\r\nnext=1", {"long": "one two", "next": "1"}),
        ("long=one\\\\\nnext=1", {"long": "one\\", "next": "1"}),
        ("u=\\u0041\\t.", {"u": "A\t."}),
        ("dup=1\ndup=2", {"dup": "2"}),
        ("a=1\r\nb=2\r\n", {"a": "1", "b": "2"}),
        ("a=1\rb=2", {"a": "1", "b": "2"}),
        ("k=v # note", {"k": "v # note"}),
        ("with\\ blank\\=sign=x", {"with blank=sign": "x"}),
        ("dependencies.foo=1.2.3", {"dependencies.foo": "1.2.3"}),
        ("\ufeffname=foo", {"name": "foo"}),
        ("# comment \\\nname=foo", {"name": "foo"}),
        ("=nameless", {"": "nameless"}),
        ("a=b\\", {"a": "b"}),
        ("a=\\u00", {"a": "u00"}),
        ("", {}),
    ],
)
def test_each_kind_of_line_is_read_as_java_reads_it(line: str, values: dict[str, str]) -> None:
    assert parsed(line) == values


BEFORE = (
    "name=foo\n# a comment\n#assetOtaDir=assets\n\nurl=http://x?a=b\ndup=1\n"
    "dependencies.foo=1.2.3\ndup=2\n  spaced = v v\nversion=1.0\n"
)


def test_a_new_dependency_is_a_line_at_the_end_and_all_else_stays() -> None:
    changed = Properties.parse(BEFORE.encode()).with_value("dependencies.bar", "0.1.0")
    assert changed.encode().decode() == BEFORE + "dependencies.bar=0.1.0\n"


def test_a_known_key_keeps_its_place() -> None:
    changed = (
        Properties.parse(BEFORE.encode()).with_value("dependencies.foo", "2.0.0").with_value("spaced", "w")
    )
    expected = BEFORE.replace("dependencies.foo=1.2.3", "dependencies.foo=2.0.0")
    assert changed.encode().decode() == expected.replace("  spaced = v v", "spaced=w")


def test_of_a_key_that_is_there_twice_the_last_is_changed() -> None:
    changed = Properties.parse(BEFORE.encode()).with_value("dup", "3")
    assert changed.encode().decode() == BEFORE.replace("dup=2", "dup=3")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=1\r\nb=2", "a=1\r\nb=2\r\nk=v\r\n"),
        ("a=1", "a=1\nk=v\n"),
        ("", "k=v\n"),
        ("\ufeffk=old\n", "\ufeffk=v\n"),
        ("k=one \\\n two\nb=2\n", "k=v\nb=2\n"),
    ],
)
def test_the_file_keeps_its_line_ends(before: str, after: str) -> None:
    assert Properties.parse(before.encode()).with_value("k", "v").encode().decode() == after


def test_keys_come_once_in_the_order_of_their_first_line() -> None:
    assert Properties.parse(BEFORE.encode()).keys == (
        "name", "url", "dup", "dependencies.foo", "spaced", "version",
    )  # fmt: skip


contents = st.one_of(
    st.binary(max_size=60),
    st.text(alphabet="ab=: \t\\#!\r\n\f\ufeffu0", max_size=60).map(str.encode),
)
keys = st.text(min_size=1, max_size=8)
values = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)


@given(contents)
def test_what_is_read_is_written_again_byte_by_byte(content: bytes) -> None:
    assert Properties.parse(content).encode() == content


@given(contents, keys, values)
def test_a_change_is_read_back_and_leaves_every_other_line(content: bytes, key: str, value: str) -> None:
    before = Properties.parse(content)
    after = Properties.parse(before.with_value(key, value).encode())
    assert after.get(key) == value.rstrip(" \t\f")
    if before.get(key) is None:
        assert after.encode().startswith(content)
        added = after.encode()[len(content) :].strip(b"\r\n")
        assert dict(Properties.parse(added).values) == {key: after.get(key)}
    else:
        changed = [
            (old, new) for old, new in zip(before.entries, after.entries, strict=True) if old.text != new.text
        ]
        assert [old.key for old, _ in changed] in ([], [key])
