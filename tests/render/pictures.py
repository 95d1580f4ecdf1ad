"""Pictures as the tests look at them: parsed, and their words. Knows no picture."""

import xml.etree.ElementTree as ET

from advisor.render.charts.shapes import Chart

SVG = "{http://www.w3.org/2000/svg}"


def root(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)


def words(chart: Chart) -> list[str]:
    return [each.text or "" for each in root(chart).iter(f"{SVG}text")]
