"""The project before it is downloaded: its files with a preview each, and what sets the two sides apart.

Asks the service for the kit; must not know what a project holds.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from advisor import service
from advisor.core.errors import AnswersError
from advisor.web import links
from advisor.web.code import list_folders
from advisor.web.private import takes_answers
from advisor.web.views import ask_again, languages_of, read_request

README = "README.md"


@takes_answers
def show_kit(request: HttpRequest, path: str = "") -> HttpResponse:
    """All files of the project, one of them to read; the address of a file can be passed on."""
    asked = read_request(request)
    try:
        query = service.read_query(asked.given)
        kit = service.build_kit(query)
    except AnswersError as error:
        return ask_again(request, asked, error)
    shown = path or (README if README in kit.parts else next(iter(kit.parts)))
    if shown not in kit.parts:
        raise Http404(path)
    context = {
        "kit": kit,
        "folders": list_folders((name, part.size) for name, part in kit.parts.items()),
        "shown": shown,
        "text": kit.parts[shown].content.decode(),
        "languages": languages_of(asked.given),
        "query": links.encode(asked.given),
        "asked": asked,
    }
    return render(request, "kit.html", context)


@takes_answers
def show_kit_difference(request: HttpRequest) -> HttpResponse:
    """What the Kafka project has otherwise than the SQS project, file by file."""
    asked = read_request(request)
    try:
        changes = service.compare_kits(service.read_query(asked.given))
    except AnswersError as error:
        return ask_again(request, asked, error)
    context = {"changes": changes, "query": links.encode(asked.given), "asked": asked}
    return render(request, "kit_difference.html", context)


@takes_answers
def show_archive(request: HttpRequest, kind: str) -> HttpResponse:
    """The project as a file; for private pages, since those of the API are asked for by address."""
    if kind not in service.ARCHIVES:
        raise Http404(kind)
    asked = read_request(request)
    try:
        archive = service.pack_kit(service.read_query(asked.given), kind)
    except AnswersError as error:
        return ask_again(request, asked, error)
    headers = {"Content-Disposition": f'attachment; filename="{archive.name}"'}
    return HttpResponse(archive.content, content_type=service.ARCHIVES[kind], headers=headers)
