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

# What is read now stays: nothing of it is garbage, and no later search for garbage walks through it again.
gc.disable()
get_rulebook()  # a broken rulebook stops the start here, not the first visitor
application = get_wsgi_application()
gc.freeze()
gc.enable()
