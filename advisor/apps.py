"""The Django app: it has no models, so it stores nothing and needs no migration."""

from django.apps import AppConfig


class AdvisorConfig(AppConfig):
    """Registers the app; what must hold before a start is a system check hooked in here."""

    name = "advisor"
    verbose_name = "Broker Advisor"
