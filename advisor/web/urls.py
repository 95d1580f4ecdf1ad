"""The addresses of the pages. A name here is what templates link by."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from advisor.web import catalogue, charts, comparing, evidence, guided, kits, live, views

_PAGES = [
    path("", views.show_form, name="form"),
    path("start", guided.show_question, name="start"),
    path("recommendation", views.show_recommendation, name="recommendation"),
    path("recommendation/live", live.show_live, name="live"),
    path("private", live.show_private, name="private"),
    path("recommendation.md", views.show_decision_record, name="decision-record"),
    path("charts/<slug:name>.<str:form>", charts.show_chart, name="chart-file"),
    path("charts/<slug:name>", charts.show_chart, name="chart"),
    path("starter/<path:path>", views.show_file, name="starter-file"),
    path("kit.<str:kind>", kits.show_archive, name="kit-archive"),
    path("kit", kits.show_kit, name="kit"),
    path("kit/difference", kits.show_kit_difference, name="kit-difference"),
    path("kit/files/<path:path>", kits.show_kit, name="kit-file"),
    path("compare", comparing.show_comparison, name="compare"),
    path("evidence", evidence.show_evidence, name="evidence"),
    path("rulebook/", catalogue.show_rulebook, name="rulebook"),
    path("facts/<slug:name>", catalogue.show_fact, name="fact"),
    path("rules/<slug:name>", catalogue.show_rule, name="rule"),
    path("questions/<slug:name>", catalogue.show_question, name="question"),
    path("options/<slug:name>", catalogue.show_option, name="option"),
]

# Compressed here and not for all: a stream of the REST door must reach its reader line by line.
urlpatterns = [path(str(page.pattern), gzip_page(page.callback), name=page.name) for page in _PAGES]
