"""Reads a live queue, cluster or price list into answers and proposals. Never changes anything."""
