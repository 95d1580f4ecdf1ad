"""Broker Advisor: answers become a Workload, the Workload meets the Rulebook, out comes a Recommendation."""

__version__ = "0.1.0"
