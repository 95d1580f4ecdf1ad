"""The questionnaire and the answer. Parse, ask the service, render; nothing is worked out here."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.render.document import to_document
from advisor.render.markdown import to_markdown
from advisor.web import links
from advisor.web.adapt import Adapted, adapt
from advisor.web.answer import arrange
from advisor.web.code import pick_snippets
from advisor.web.controls import PROJECT, list_controls
from advisor.web.form import Form, build_form
from advisor.web.presets import list_presets
from advisor.web.private import is_private, takes_answers
from advisor.web.taken import find_taken
from advisor.web.weights import list_weights

UNPROCESSABLE = 422
_SPELT = {"typescript": "TypeScript"}


def read_request(request: HttpRequest) -> Adapted:
    """The raw answers of an address, without what this release cannot use, and a sentence for each such thing."""
    return adapt(service.read_pairs(request.GET.lists()), service.get_rulebook())


@takes_answers
def show_form(request: HttpRequest) -> HttpResponse:
    """All questions on one page."""
    return render(request, "form.html", form_context(read_request(request)))


def form_context(asked: Adapted, error: AnswersError | None = None) -> dict[str, object]:
    """What the form shows; with an error, every problem at its question and nothing typed is lost."""
    rulebook = service.get_rulebook()
    problems = error.problems if error else ()
    form = build_form(rulebook.questions, asked.given, problems, find_taken(rulebook.questions, asked.given))
    weights, controls = list_weights(rulebook, asked.given, problems), list_controls(asked.given, problems)
    return {
        "form": form,
        "weights": weights,
        "weighs": any(weight.typed for weight in weights),
        "shown": [control for control in controls if control.is_shown],
        "kept": [(control.name, word) for control in controls if not control.is_shown for word in control.words],
        "problems": name_problems(problems, form),
        "presets": list_presets(service.get_presets()),
        "asked": asked,
        "query": links.encode(asked.given),
    }


def ask_again(request: HttpRequest, asked: Adapted, error: AnswersError) -> HttpResponse:
    """The form with every problem, as 422."""
    return render(request, "form.html", form_context(asked, error), status=UNPROCESSABLE)


def name_problems(problems: Sequence[Problem], form: Form) -> list[tuple[Problem, str]]:
    """Each problem with the label of its place, in the order of the form; at the end those that have no place there."""
    labels = {field.question.id: field.question.text for field in form.fields}
    labels |= {weight.name: weight.label for weight in list_weights(service.get_rulebook(), {})}
    labels |= {control.name: control.label for control in list_controls({})}
    places = {name: at for at, name in enumerate(labels)}
    ordered = sorted(problems, key=lambda problem: places.get(problem.where, len(places)))
    return [(problem, labels.get(problem.where, "")) for problem in ordered]


@takes_answers
def show_recommendation(request: HttpRequest) -> HttpResponse:
    """The answer; or the form again with every problem, as 422."""
    if not is_private(request) and any(value == "" for _, values in request.GET.lists() for value in values):
        return HttpResponseRedirect(f"{request.path}?{links.encode(service.read_pairs(request.GET.lists()))}")
    return answer_page(request, read_request(request))


def answer_page(request: HttpRequest, asked: Adapted) -> HttpResponse:
    """The answer to what was asked, or the form with every problem."""
    try:
        context = recommendation_context(service.read_query(asked.given), asked)
    except AnswersError as error:
        return ask_again(request, asked, error)
    return render(request, "recommendation.html", context)


def recommendation_context(query: service.Query, asked: Adapted) -> dict[str, object]:
    """The decision document and what the page adds to it: code, and addresses that reproduce it."""
    rulebook, recommendation = service.get_rulebook(), service.recall(query)
    document = to_document(recommendation, service.release())
    option = query.option or recommendation.option
    kit = service.build_kit(query, recommendation) if option else None
    beside = {name: asked.given[name] for name in PROJECT if name in asked.given}
    pins = {"release": service.release(), "rulebook": recommendation.rulebook_version}
    return {
        **arrange(document, rulebook),
        "doubts": [field.doubt for field in build_form(rulebook.questions, asked.given).fields if field.doubt],
        "document": document,
        "asked": asked,
        "given": asked.given,
        "query": links.encode(asked.given),
        "share": "&".join(filter(None, (document["links"]["query"], links.encode(beside | pins)))),
        "snippets": pick_snippets(kit.files) if kit else (),
        "languages": languages_of(asked.given),
        "files": tuple((path, part.size) for path, part in kit.parts.items()) if kit else (),
    }


def languages_of(given: Mapping[str, object]) -> list[tuple[str, str, bool]]:
    """Each language with the query that asks for the project in it, and whether it is the one that is shown."""
    chosen = given.get("language") or service.LANGUAGES[0]
    return [
        (_SPELT.get(name, name.capitalize()), links.change(given, "language", name), name == chosen)
        for name in service.LANGUAGES
    ]


@takes_answers
def show_decision_record(request: HttpRequest) -> HttpResponse:
    """The answer as a Markdown decision record."""
    asked = read_request(request)
    try:
        document = to_document(service.recall(service.read_query(asked.given)), service.release())
    except AnswersError as error:
        return ask_again(request, asked, error)
    record = to_markdown(document, service.get_rulebook(), asked.notes)
    return HttpResponse(record, content_type="text/markdown; charset=utf-8")


@takes_answers
def show_file(request: HttpRequest, path: str) -> HttpResponse:
    """One file of the project, as plain text at an address that can be passed on."""
    asked = read_request(request)
    try:
        part = service.build_kit(service.read_query(asked.given)).parts.get(path)
    except AnswersError as error:
        return ask_again(request, asked, error)
    if part is None:
        raise Http404(path)
    return HttpResponse(part.content, content_type="text/plain; charset=utf-8")
