"""The pure core: answers become a workload, the workload meets the rulebook. Standard library only."""
