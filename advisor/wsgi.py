"""Where a WSGI server enters. Must not know which server it is."""

import os

from django.core.wsgi import get_wsgi_application

from advisor.service import get_rulebook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")

get_rulebook()  # a broken rulebook stops the start here, not the first visitor
application = get_wsgi_application()
