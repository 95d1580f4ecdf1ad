"""The REST door's addresses. The two archives stand at the root, where curl users expect them."""

from django.urls import URLPattern, path, re_path

from advisor.api.analysis import BreakEven, Sensitivity, Sweep
from advisor.api.batch import RecommendMany
from advisor.api.comparing import Compare
from advisor.api.description import show_decision_schema, show_json, show_yaml
from advisor.api.endpoint import Nothing
from advisor.api.health import show_health, show_metrics, show_readiness, show_version
from advisor.api.index import Index, show_catalog
from advisor.api.kits import KitDiff, KitFile, KitFiles, Starter
from advisor.api.lists import SHELVES, Entries
from advisor.api.pages import show_problem, show_reference
from advisor.api.recommendations import HOW_NAMED, Recommend, Recommendations, directly

V1 = "api/v1"


def _shelves() -> list[URLPattern]:
    return [
        pattern
        for shelf in SHELVES
        for pattern in (
            path(f"{V1}/{shelf.plural}", Entries.as_view(shelf=shelf), name=f"api-{shelf.plural}"),
            path(f"{V1}/{shelf.plural}/<str:name>", Entries.as_view(shelf=shelf), name=f"api-{shelf.kind}"),
        )
    ]


urlpatterns = [
    path(  # first, since it is asked most: addresses are tried in this order
        f"{V1}/recommendations",
        directly(Recommendations.as_view(), {"*/*", "application/json"}),
        name="api-recommendations",
    ),
    path(f"{V1}/", Index.as_view(), name="api-index"),
    path(f"{V1}/recommendations.<str:format>", Recommendations.as_view(shows=HOW_NAMED), name="api-recommendations-as"),
    path(f"{V1}/recommendations:compare", Compare.as_view(), name="api-compare"),
    path(f"{V1}/recommendations:sensitivity", Sensitivity.as_view(), name="api-sensitivity"),
    path(f"{V1}/recommendations:breakeven", BreakEven.as_view(), name="api-breakeven"),
    path(f"{V1}/recommendations:sweep", Sweep.as_view(), name="api-sweep"),
    path(f"{V1}/recommendations:batch", RecommendMany.as_view(), name="api-batch"),
    path("recommend", directly(Recommend.as_view(), {"application/json"}), name="recommend"),
    path("recommend.<str:format>", Recommend.as_view(shows=HOW_NAMED), name="recommend-as"),
    *_shelves(),
    path(f"{V1}/kit", KitFiles.as_view(), name="api-kit"),
    path(f"{V1}/kit/diff", KitDiff.as_view(), name="api-kit-diff"),
    path(f"{V1}/kit/files/<path:path>", KitFile.as_view(), name="api-kit-file"),
    path("starter.zip", Starter.as_view(archive="zip"), name="starter-zip"),
    path("starter.tgz", Starter.as_view(archive="tgz"), name="starter-tgz"),
    path("healthz", show_health, name="healthz"),
    path("readyz", show_readiness, name="readyz"),
    path("version", show_version, name="version"),
    path("metrics", show_metrics, name="metrics"),
    path(".well-known/api-catalog", show_catalog, name="api-catalog"),
    path("openapi.json", show_json, name="openapi-json"),
    path("openapi.yaml", show_yaml, name="openapi-yaml"),
    path("api/reference", show_reference, name="reference"),
    path("schemas/decision.json", show_decision_schema, name="decision-schema"),
    path("problems/", show_problem, name="problems"),
    path("problems/<str:code>", show_problem, name="problem"),
    re_path(r"^api(/.*)?$", Nothing.as_view()),
]
