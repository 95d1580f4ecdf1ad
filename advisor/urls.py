"""Addresses. Each door lists its own in `<door>/urls.py`; this file only says where a door begins."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RoutePattern
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.views import defaults
from django.views.decorators.gzip import gzip_page

from advisor.access_log import current_request_id
from advisor.api import problems
from advisor.api import urls as rest
from advisor.api.addresses import is_for_programs
from advisor.api.index import Index
from advisor.api.terminal import is_terminal, show_help, wants_data

# The page's door is named and not imported: it is loaded when the first page is asked for, or when the checks run.
PAGES, FORM = "advisor.web.urls", "advisor.web.views.show_form"


def show_root(request: HttpRequest) -> HttpResponseBase:
    """The page for browsers; for curl and its like, help that works when it is pasted; for programs, the index."""
    response: HttpResponseBase
    if wants_data(request):
        response = Index.as_view()(request)
    else:
        response = show_help(request) if is_terminal(request) else import_string(FORM)(request)
    patch_vary_headers(response, ("Accept", "User-Agent"))
    return response


# The REST door first: it answers for all of /api, and the page's door catches the rest.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", gzip_page(show_root)),
    *rest.urlpatterns,
    URLResolver(RoutePattern(""), PAGES),
]


def handler500(request: HttpRequest) -> HttpResponse:
    """A bug, said in the form that the asker reads."""
    if is_for_programs(request.path):
        return problems.server_error(request)
    return HttpResponseServerError(render_to_string("500.html", {"request_id": current_request_id.get()}))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is nowhere, in the same way: /openapi.yml is asked for by programs too."""
    if not is_for_programs(request.path):
        return defaults.page_not_found(request, exception)
    return problems.write_problem(request, problems.Refused("not_found", "There is nothing at this address."))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is refused before any view sees it, such as a foreign Host, in the same way."""
    refused = problems.as_refused(exception)
    if refused is None or not is_for_programs(request.path):  # the page is not given what cannot be read
        detail = refused.detail if refused else ""
        return HttpResponseBadRequest(render_to_string("400.html", {"detail": detail}))
    return problems.write_problem(request, refused)
