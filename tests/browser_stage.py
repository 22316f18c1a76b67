"""A diagram in a browser: where its drawing is, and what is seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Place(NamedTuple):
    """Where a drawing is in the window, and at which scale."""

    left: float
    top: float
    scale: float

    def under(self, x: float, y: float) -> tuple[float, float]:
        """The point of the drawing under one of the window."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale


@dataclass(frozen=True)
class Diagram:
    """The first diagram of a page, once it is set up."""

    page: Page

    @classmethod
    def of(cls, page: Page) -> Diagram:
        page.locator(".kerasgraph").first.scroll_into_view_if_needed()
        page.locator(".live .tools").first.wait_for()
        return cls(page)

    def told(self, script: str):
        """What a function of the stage, the drawing, and the tools returns."""
        return self.page.evaluate(
            f"""() => {{
                const root = document.querySelector('.kerasgraph').shadowRoot;
                const [stage, svg, tools] = ['.stage', '.sheet > svg', '.tools']
                    .map((name) => root.querySelector(name));
                return ({script})(stage, svg, tools);
            }}"""
        )

    @property
    def place(self) -> Place:
        return Place(
            *self.told(
                """(stage, svg) => {
                    const { left, top, width } = svg.getBoundingClientRect();
                    return [left, top, width / svg.getAttribute('width')];
                }"""
            )
        )

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """From where to where the stage is seen: left, top, right, bottom."""
        return tuple(
            self.told(
                """(stage) => {
                    const { left, top, bottom } = stage.getBoundingClientRect();
                    return [left, top, left + stage.clientWidth, Math.min(bottom, innerHeight)];
                }"""
            )
        )

    @property
    def scroll(self) -> tuple[float, float]:
        return tuple(self.told("(stage) => [stage.scrollLeft, stage.scrollTop]"))

    @property
    def fades(self) -> set[str]:
        """At which edges the drawing fades."""
        return set(self.told("(stage) => stage.dataset.more").split())

    def to(self, part: str) -> None:
        """Scroll the page until the tools are a bit below the top of the window."""
        self.page.evaluate("() => { document.documentElement.style.scrollBehavior = 'auto'; }")
        self.told(f"(stage, svg, tools) => {part}.scrollIntoView({{ block: 'start' }})")
        self.page.evaluate("() => window.scrollBy(0, -64)")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
