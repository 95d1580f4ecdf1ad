"""From the files under rules/ to core values: strict reader, loader, checker. Must not know Django."""
