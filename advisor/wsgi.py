"""Where a WSGI server enters. Must not know which server it is."""

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

from advisor.service import get_rulebook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")

# A log line names no place in the code, no thread and no process, so none is looked up for it:
# https://docs.python.org/3/howto/logging.html#optimization
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

application = get_wsgi_application()
get_rulebook()  # a broken rulebook stops the start here, not the first visitor

# A request leaves next to nothing in cycles, and at the default of 700 new objects garbage is looked for during each.
gc.set_threshold(20_000)
