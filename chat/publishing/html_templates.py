"""HTML templates that escape every value and write one line, so that Markdown leaves the block alone."""

from html import escape
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable


class _OneLineLoader(PackageLoader):
    """Loads a template without its line ends and the spaces around them: a blank line would end the block of HTML."""

    def get_source(self, environment: Environment, template: str) -> "tuple[str, str, Callable[[], bool] | None]":
        source, path, is_fresh = super().get_source(environment, template)
        return "".join(map(str.strip, source.splitlines())), path, is_fresh


def html_templates(package: str) -> Environment:
    """The templates in the folder `templates` of a package; a name that a template does not get is an error."""
    return Environment(
        loader=_OneLineLoader(package),
        autoescape=True,
        finalize=_one_line,
        undefined=StrictUndefined,
        auto_reload=False,
    )


def _one_line(value: Any) -> Markup:
    """A value escaped for HTML, without a line end; what a template made is left as it is."""
    if isinstance(value, Markup):
        return value
    return Markup(escape(str(value)).replace("\r", "&#13;").replace("\n", "&#10;"))
