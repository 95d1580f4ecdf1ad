"""Addresses. Each door lists its own in `<door>/urls.py`; this file only says where a door begins."""

from django.urls import URLPattern, URLResolver

# Order of entry: "api/v1/" to advisor.api.urls, then "" to advisor.web.urls, which is the page and catches the rest.
urlpatterns: list[URLPattern | URLResolver] = []
