"""Pictures as SVG text: one small pure function for each, from plain values. Know no page, no door and no rulebook."""
