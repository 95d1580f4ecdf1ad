"""Where a WSGI server enters. Must not know which server it is."""

import gc
import logging
import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

from advisor.service import get_rulebook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")

# A log line names no place in the code, no thread and no process, so none is looked up for it:
# https://docs.python.org/3/howto/logging.html#optimization
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


class Request(WSGIRequest):
    """Reads addresses as UTF-8 always. Django reads them in the charset that Content-Type names, which is the body's:
    in utf-16 every answer in the address is lost, and base64 fails before any view."""

    @property
    def encoding(self) -> None:
        return None

    @encoding.setter
    def encoding(self, charset: str) -> None:
        pass


application = get_wsgi_application()
application.request_class = Request
get_rulebook()  # a broken rulebook stops the start here, not the first visitor

# A request leaves next to nothing in cycles, and at the default of 700 new objects garbage is looked for during each.
gc.set_threshold(20_000)
