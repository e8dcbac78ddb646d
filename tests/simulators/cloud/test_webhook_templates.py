"""Mustache templates as the cloud renders them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.cloud.replies import Plain
from particle_cli.simulators.cloud.webhook_templates import TemplateWrong, render, render_all

DATA: Plain = {
    "a": {"aa": "testing", "ab": 1234},
    "b": "xxx",
    "c": [{"ca": "first", "cb": 123}, {"ca": "second", "cb": 456}],
    "yes": True,
    "no": False,
    "nothing": None,
    "zero": 0,
    "whole": 25.0,
    "tiny": 1e-7,
    "half": 21.5,
    "sharp": "<&'\">",
    "list": [0, 1, False, "a'"],
    "empty": "",
    "object": {},
}


@pytest.mark.parametrize(
    ("template", "rendered"),
    [
        # examples of Particle's own documentation
        ("{{{a.aa}}}", "testing"),
        ("{{{a.ab}}}", "1234"),
        ("{{{c.0.ca}}}", "first"),
        ("{{{c.1.cb}}}", "456"),
        ("{{#b}}{{{b}}}{{/b}}{{^b}}Missing{{/b}}", "xxx"),
        ("{{#z}}{{{z}}}{{/z}}{{^z}}Missing{{/z}}", "Missing"),
        ("{{#c}}{{{ca}}}~{{/c}}", "first~second~"),
        # values are written as in JavaScript
        ("{{yes}} {{no}} [{{nothing}}] {{zero}}", "true false [] 0"),
        ("{{whole}} {{half}} {{tiny}}", "25 21.5 1e-7"),
        ("{{list}} {{a}}", "0,1,false,a&#39; [object Object]"),
        # escaping
        ("{{sharp}}", "&lt;&amp;&#39;&quot;&gt;"),
        ("{{{sharp}}}{{&sharp}}", "<&'\"><&'\">"),
        ("{{#list}}({{.}}){{/list}}", "(0)(1)(false)(a&#39;)"),
        ("{{#list}}{{{.}}}{{/list}}", "01falsea'"),
        # sections
        ("{{^no}}1{{/no}}{{#no}}2{{/no}}{{#yes}}3{{/yes}}", "13"),
        ("{{#object}}1{{/object}}{{^empty}}2{{/empty}}", "12"),
        ("{{#a}}{{aa}} {{b}}{{/a}}", "testing xxx"),
        ("{{! a remark }}{{=<% %>=}}<% b %>", "xxx"),
        # nothing of the program that renders is in reach
        ("{{b.upper}}{{a.keys}}{{c.append}}{{b.__class__}}{{c.-1.ca}}{{c.7.ca}}", ""),
        ("{{> /etc/hostname}}", ""),
        ("no template { } }}", "no template { } }}"),
    ],
)
def test_a_template_is_rendered(template: str, rendered: str) -> None:
    assert render(template, DATA) == rendered


def test_keys_are_templates_as_well() -> None:
    document: Plain = {"{{b}}": ["{{c.0.ca}}", 1, None, {"deep": "{{zero}}"}], "plain": True}
    rendered = {"xxx": ["first", 1, None, {"deep": "0"}], "plain": True}
    assert render_all(document, DATA) == rendered


def test_a_list_can_be_all_there_is() -> None:
    assert render("{{1.a}}", [0, {"a": "x"}]) == "x"


@pytest.mark.parametrize("template", ["{{}}", "{{#a}}", "{{a", "{{/a}}", "{{#a}}{{/b}}", "{{=a}}"])
def test_what_is_no_template_is_told(template: str) -> None:
    with pytest.raises(TemplateWrong):
        render(template, DATA)


@given(st.text(alphabet="{}#/^.&=a b\n", max_size=30))
def test_every_text_is_rendered_or_refused(template: str) -> None:
    with suppress(TemplateWrong):
        assert isinstance(render(template, DATA), str)
