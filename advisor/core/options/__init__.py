"""One file per option: how much of it a workload needs, and what that costs."""
