"""The tests; they mirror the core without Django, then the doors, starters and brokers."""
