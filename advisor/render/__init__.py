"""A recommendation as plain values and text. Pure; knows the core and nothing above it."""
