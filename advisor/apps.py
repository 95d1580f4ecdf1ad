"""The Django app: no models, so it stores nothing and needs no migration. A broken rulebook is a failed check."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from advisor.core.errors import RulebookError
from advisor.service import get_rulebook


class AdvisorConfig(AppConfig):
    """Registers the app; what must hold before a start is a system check hooked in here."""

    name = "advisor"
    verbose_name = "Broker Advisor"


@register()
def check_rulebook(**_: Any) -> list[CheckMessage]:
    """Every problem of the rulebook, each with its file and line."""
    try:
        get_rulebook()
    except RulebookError as error:
        return [
            Error(problem.message, hint=problem.hint or None, obj=problem.where, id=f"advisor.{problem.code}")
            for problem in error.problems
        ]
    return []
