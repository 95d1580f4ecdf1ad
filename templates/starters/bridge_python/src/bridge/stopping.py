"""A flag that SIGTERM and SIGINT raise; the work in hand is finished first."""

import signal
import threading


def stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
