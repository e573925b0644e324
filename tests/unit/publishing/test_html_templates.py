"""Templates escape every value and write one line."""

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from chat.publishing.html_templates import html_templates

TEMPLATES = html_templates("chat.publishing")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("<b>", "&lt;b&gt;"),
        ("a \"b\" & 'c'", "a &quot;b&quot; &amp; &#x27;c&#x27;"),
        ("a\r\n\nb", "a&#13;&#10;&#10;b"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        (7, "7"),
    ],
)
def test_a_value_is_escaped_and_has_no_line_end(value: object, written: str) -> None:
    assert TEMPLATES.from_string("<p>{{ value }}</p>").render(value=value) == f"<p>{written}</p>"


def test_what_a_macro_wrote_is_not_escaped_again() -> None:
    template = "{% macro one(x) %}<b>{{ x }}</b>{% endmacro %}{{ one('<') }}"
    assert TEMPLATES.from_string(template).render() == "<b>&lt;</b>"
    assert TEMPLATES.from_string("{{ value }}").render(value=Markup("<b>")) == "<b>"


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        TEMPLATES.from_string("{{ missing }}").render()
