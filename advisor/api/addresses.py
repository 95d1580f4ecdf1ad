"""Which addresses programs ask, and at which, pages included, something is worked out. Knows addresses alone."""

_PROGRAMS = ("/api/", "/starter.", "/recommend.", "/openapi.", "/schemas/", "/.well-known/")
PROBED = frozenset({"/healthz", "/readyz", "/metrics"})  # asked by what watches over the service
_PROGRAMS_WHOLE = frozenset({"/api", "/recommend", "/version"}) | PROBED
_WORK = (
    "/api/", "/starter.", "/starter/", "/recommend.", "/recommendation.", "/recommendation/",
    "/charts/", "/kit.", "/kit/",
)  # fmt: skip
_WORK_WHOLE = frozenset({"/recommend", "/recommendation", "/start", "/compare", "/kit", "/private"})


def is_for_programs(path: str) -> bool:
    """Whether what is answered there, refusals too, is for programs: no page."""
    return path.startswith(_PROGRAMS) or path in _PROGRAMS_WHOLE


def is_work(path: str) -> bool:
    """Whether it costs more than a page that is the same for everybody."""
    return path.startswith(_WORK) or path in _WORK_WHOLE
