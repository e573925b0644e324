"""What axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Targets of 24 px are in WCAG 2.2; axe-core looks at them only when told to.
_OPTIONS = {"rules": {"target-size": {"enabled": True}}}


def faults(page: Page, within: str = "body") -> list[str]:
    """What is serious or critical: the rule and the elements.

    `within` an open pane: what it half covers is no target meanwhile.
    """
    found = Axe().run(page, context=within, options=_OPTIONS).response
    assert len(found["passes"]) > 5
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
