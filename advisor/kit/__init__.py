"""From starters to kits: path to bytes, reproducible. Must not know Django or who asks."""
