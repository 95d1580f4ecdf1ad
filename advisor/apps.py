"""The Django app: no models, so it stores nothing and needs no migration. A broken rulebook is a failed check."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.apps import AppConfig
from django.core.cache import close_caches
from django.core.checks import CheckMessage, Error, Info, register
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

from advisor.core.ageing import find_aged
from advisor.core.errors import AdvisorError, Problem, RulebookError
from advisor.environment import find_problems
from advisor.evidence import get_cases, get_published_cases
from advisor.service import get_rulebook

OLD_DAYS = 365


class AdvisorConfig(AppConfig):
    """Registers the app; what must hold before a start is a system check hooked in here."""

    name = "advisor"
    verbose_name = "Broker Advisor"

    def ready(self) -> None:
        """No request has to close connections: there is no database, and nothing uses Django's cache."""
        request_started.disconnect(reset_queries)
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        request_finished.disconnect(close_caches)


@register()
def check_environment(**_: Any) -> list[CheckMessage]:
    """Every variable that the service cannot be run by."""
    return _list_errors(find_problems())


@register()
def check_rulebook(**_: Any) -> list[CheckMessage]:
    """Every problem of the rulebook and of its cases, each with its file and line."""
    problems: list[Problem] = []
    for read in (get_rulebook, get_cases, get_published_cases):
        try:
            read()
        except AdvisorError as error:
            problems += error.problems
    return _list_errors(dict.fromkeys(problems))


def _list_errors(problems: Iterable[Problem]) -> list[CheckMessage]:
    return [
        Error(problem.message, hint=problem.hint or None, obj=problem.where, id=f"advisor.{problem.code}")
        for problem in problems
    ]


@register(deploy=True)
def check_ages(**_: Any) -> list[CheckMessage]:
    """How many facts are old: to be known, and no reason to fail, since the calendar alone makes them so."""
    try:
        facts = get_rulebook().facts
    except RulebookError:
        return []  # said above
    aged = find_aged(facts.values(), datetime.now(tz=UTC).date(), OLD_DAYS)
    message = f"{len(aged)} of {len(facts)} facts were checked more than {OLD_DAYS} days ago."
    hint = f"manage.py check_facts --max-age {OLD_DAYS} lists them."
    return [Info(message, hint=hint, obj="facts", id="advisor.aged_facts")] if aged else []
