"""Where a WSGI server enters. Must not know which server it is."""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")

# A log line names no place in the code, no thread and no process, so none is looked up for it:
# https://docs.python.org/3/howto/logging.html#optimization
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


@contextmanager
def stopped_at_once() -> Iterator[None]:
    """A signal to stop ends the process while it loads. A worker has the handlers of the process that started it, which
    only take note: it loaded on, and was waited for as if it had requests to finish."""
    found = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    is_main = threading.current_thread() is threading.main_thread()  # handlers can be set there alone
    taken = {each: handler for each, handler in found.items() if is_main and callable(handler)}
    for each in taken:
        signal.signal(each, signal.SIG_DFL)
    try:
        yield
    finally:
        for each, handler in taken.items():
            signal.signal(each, handler)


with stopped_at_once():
    from django.core.exceptions import ImproperlyConfigured
    from django.core.handlers.wsgi import WSGIRequest
    from django.core.wsgi import get_wsgi_application

    from advisor.core.errors import AdvisorError
    from advisor.environment import find_problems
    from advisor.evidence import get_published_cases
    from advisor.service import get_presets, get_rulebook

    try:
        if problems := [*find_problems()]:
            raise ImproperlyConfigured("\n".join(map(str, problems)))
        application = get_wsgi_application()
        get_rulebook()  # a broken rulebook stops the start here, not the first visitor
        get_presets()
        get_published_cases()
    except (ImproperlyConfigured, AdvisorError) as error:
        sys.exit(f"The service cannot start:\n{error}")


class Request(WSGIRequest):
    """Reads addresses as UTF-8 always. Django reads them in the charset that Content-Type names, which is the body's:
    in utf-16 every answer in the address is lost, and base64 fails before any view."""

    @property
    def encoding(self) -> None:
        return None

    @encoding.setter
    def encoding(self, charset: str) -> None:
        pass


application.request_class = Request

# A request leaves next to nothing in cycles, and at the default of 700 new objects garbage is looked for during each.
gc.set_threshold(20_000)
