"""Django's settings: wiring only. Must not know any question, rule or number about brokers.

Whoever runs the service sets the variables that the README lists; everything else is fixed here. There is no database,
no session and no cookie: the address of a page is all there is to remember.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from advisor.api.addresses import PROBED
from advisor.environment import HOSTS, RATE, is_switched_on, read_list
from advisor.service import find_folder

PACKAGE = Path(__file__).resolve().parent
BASE_DIR = PACKAGE.parent

# --- Who may talk to us ------------------------------------------------------------------------------------------

DEBUG = is_switched_on("ADVISOR_DEBUG")
# The prefix is the one that `check --deploy` refuses: good enough on a laptop, where nothing is signed anyway.
DEVELOPMENT_KEY = "django-insecure-for-development-only-set-ADVISOR_SECRET_KEY-before-you-deploy"
SECRET_KEY = os.environ.get("ADVISOR_SECRET_KEY") or DEVELOPMENT_KEY
ALLOWED_HOSTS = read_list(HOSTS, "127.0.0.1,localhost,[::1]")
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # answers are a few KiB; more is a mistake or an attack
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # there is nothing to upload

# Off unless set, for example to 60/minute. Counted in a file that all workers of one machine share.
RATE_LIMIT = os.environ.get(RATE, "").strip()
RATE_LIMIT_FOLDER = Path(
    os.environ.get("ADVISOR_CACHE_DIR") or f"{tempfile.gettempdir()}/broker-advisor-{os.geteuid()}"
)

# --- Parts -------------------------------------------------------------------------------------------------------

# Not csp: its middleware is enough, and its app would only look for settings that an earlier version had.
INSTALLED_APPS = ["django.contrib.staticfiles", "rest_framework", "drf_spectacular", "advisor"]
MIDDLEWARE = [
    "advisor.access_log.AccessLog",  # first: it times and numbers everything below
    "advisor.api.metrics.CountRequests",
    "advisor.api.headers.OpenToAll",
    "django.middleware.security.SecurityMiddleware",
    "advisor.web.compress.CompressStatic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "advisor.api.headers.Policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "advisor.api.headers.RefuseForeignHosts",
    "advisor.api.rates.LimitRate",  # last: its page has all headers, and what is answered above it costs little
]
ROOT_URLCONF = "advisor.urls"
WSGI_APPLICATION = "advisor.wsgi.application"
DATABASES: dict[str, Any] = {}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Only the pages: starters contain braces of their own and must never be parsed.
        "DIRS": [find_folder("templates") / "pages"],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "builtins": ["advisor.web.filters"],  # quantities and questions in words, for every page
        },
    }
]
STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True  # served from where they lie: no collectstatic between a clone and a page
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- Headers -----------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "no-referrer"  # answers stand in the address, and they are nobody else's business
SECURE_CONTENT_TYPE_NOSNIFF = True
BEHIND_PROXY = is_switched_on("ADVISOR_BEHIND_TLS")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [f"^{path[1:]}$" for path in sorted(PROBED)]  # probes come past the proxy, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # CSRF: no cookie and no login means no identity that a foreign page could borrow
    "security.W005",  # HSTS for sub-domains: only the owner of a domain knows whether all of them speak TLS
    "security.W021",  # HSTS preload: likewise
]

# --- REST --------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_PARSER_CLASSES": ["advisor.api.parsers.JSONAnswers", "advisor.api.parsers.YAMLAnswers"],
    "DEFAULT_RENDERER_CLASSES": ["advisor.api.renderers.JSON"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "advisor.api.negotiation.Negotiation",
    "EXCEPTION_HANDLER": "advisor.api.problems.refuse",
    "DEFAULT_SCHEMA_CLASS": "advisor.api.generator.Described",
    "UNAUTHENTICATED_USER": None,  # the default would import Django's users, which are not installed
    "UNAUTHENTICATED_TOKEN": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Broker Advisor",
    "DESCRIPTION": "Kafka or SQS? Answers about a workload in, a recommendation with its reasons out.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["advisor.api.generator.complete"],
}

# --- Logs --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "advisor.access_log.RequestId"},
        "refusal": {"()": "advisor.access_log.Refusal"},
    },
    "formatters": {"line": {"()": "advisor.access_log.JsonLine"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
        "refusals": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id", "refusal"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Handlers named here replace Django's own, one of which would mail tracebacks.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Refusals (4xx) are in the access log already; only bugs need a line of their own.
        "django.request": {"level": "ERROR"},
        # Django takes a foreign Host, a body too large and their like for errors. What a Host should have been helps.
        "django.security": {"handlers": ["refusals"], "level": "WARNING", "propagate": False},
        # The development server writes whole addresses, and answers stand in them.
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "advisor": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
