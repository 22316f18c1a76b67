"""The map of a bitmap, as it is written on a page."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from sphinxcontrib_kerasgraph.web.image_map import ImageMap

#: As Graphviz writes it.
WRITTEN = """<map id="net&#45;1" name="net&#45;1">
<area shape="rect" id="node1" href="kerasgraph:pkg.make.&lt;locals&gt;.Net" title="a
(2 &lt; 3)" alt="" coords="5,10,25,30"/>
<area shape="rect" id="node2" href="kerasgraph:pkg.Other" title="b" alt="" coords="1,2,3,4"/>
<area shape="poly" id="edge1" title=" href=&quot;kerasgraph:pkg.Other&quot; title=" alt=""
 coords="1,1,2,2"/>
</map>
"""
LINKS = {"pkg.make.<locals>.Net": 'https://example.org/?a=1&b="2"', "pkg.Net": "wrong"}


def areas(image_map: ImageMap) -> list[dict[str, str]]:
    root = ET.fromstring(image_map.written(WRITTEN))
    assert root.attrib == {"id": image_map.name, "name": image_map.name}
    return [area.attrib for area in root]


def test_boxes_lead_to_addresses_and_all_else_only_tells():
    linked, unlinked, line = areas(ImageMap("map-1", LINKS))
    assert linked["href"] == 'https://example.org/?a=1&b="2"'
    assert linked["alt"].split() == linked["title"].split() == ["a", "(2", "<", "3)"]
    assert "href" not in unlinked | line


def test_ids_are_left_out_since_an_image_may_be_twice_on_a_page():
    assert all("id" not in area for area in areas(ImageMap("map-1", LINKS)))


def test_areas_grow_with_the_image():
    assert areas(ImageMap("map-1", LINKS, scale=0.5))[0]["coords"] == "2,5,12,15"


def test_areas_that_but_tell_are_left_out_where_they_are_not_valid():
    assert len(areas(ImageMap("map-1", LINKS, links_alone=True))) == 1
    assert ImageMap("map-1", {}, links_alone=True).written(WRITTEN) == ""
