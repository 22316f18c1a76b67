"""What a reader does with a diagram of a page, and sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

#: Browsers count the outlines of corners into the bounds of boxes.
_OUTLINE = 16
#: Whether what was asked for has come. Keys lead nowhere before.
_LOADED = """() => [...document.head.querySelectorAll('script[src*="_images/kerasgraph-"]')].every(
    (script) => performance.getEntriesByName(script.src).length)"""
_WITH_ROOT = "(host, argument) => { const root = host.shadowRoot; %s }"


@dataclass(frozen=True)
class Diagram:
    """The first diagram of a page."""

    page: Page

    @classmethod
    def of(cls, page: Page) -> Diagram:
        """The diagram, once it is set up."""
        found = cls(page)
        found.host.scroll_into_view_if_needed()
        found.host.locator(".tools").wait_for()
        return found

    @property
    def host(self) -> Locator:
        return self.page.locator(".kerasgraph").first

    @property
    def boxes(self) -> Locator:
        return self.host.locator(".boxes a")

    @property
    def frames(self) -> Locator:
        return self.host.locator(".frames a")

    @property
    def panel(self) -> Locator:
        return self.host.locator(".panel")

    @property
    def tip(self) -> Locator:
        return self.host.locator(".tip")

    def box(self, text: str) -> Locator:
        return self.boxes.filter(has_text=text).first

    def button(self, name: str) -> Locator:
        return self.host.get_by_role("button", name=name)

    def in_root(self, script: str, argument: Any = None) -> Any:
        """What a script returns, which knows the shadow root as ``root``."""
        return self.host.evaluate(_WITH_ROOT % script, argument)

    @property
    def focused(self) -> int:
        """The place, among frames and boxes, of the one that has the focus; -1 where none has."""
        return self.in_root(
            "return [...root.querySelectorAll('.sheet a')].indexOf(root.activeElement);"
        )

    @property
    def lit(self) -> set[int]:
        """The places of the boxes that are lit up."""
        return set(
            self.in_root(
                "return [...root.querySelectorAll('.sheet a')]"
                ".flatMap((box, at) => (box.matches('.lit') ? [at] : []));"
            )
        )

    @property
    def lines(self) -> list[tuple[int, int]]:
        """The ends of all lines."""
        said = self.in_root(
            "return [...root.querySelectorAll('.lines [data-e]')].map((one) => one.dataset.e);"
        )
        return [(int(one), int(other)) for one, other in map(str.split, said)]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def settle(self) -> None:
        """Wait until what was asked for is drawn, which may take data that is loaded."""
        self.page.wait_for_function(_LOADED)
        self.page.evaluate(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(done), 60))"
        )

    def is_in_view(self, locator: Locator) -> bool:
        """Whether all of an element is in what is seen of the drawing, and of the window."""
        box = locator.bounding_box()
        stage = self.host.locator(".stage").bounding_box()
        size = self.page.viewport_size
        assert box, stage
        return (
            box["x"] + _OUTLINE >= max(0, stage["x"])
            and box["y"] + _OUTLINE >= max(0, stage["y"])
            and box["x"] + box["width"] - _OUTLINE
            <= min(size["width"], stage["x"] + stage["width"])
            and box["y"] + box["height"] - _OUTLINE
            <= min(size["height"], stage["y"] + stage["height"])
        )
