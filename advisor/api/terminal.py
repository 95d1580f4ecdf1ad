"""Help for those who come with curl instead of a browser: a few lines that work when they are pasted."""

import re

from django.http import HttpRequest, HttpResponse

from advisor import service
from advisor.api.caching import FOR_MINUTES

_TERMINALS = re.compile(r"^(curl|wget|httpie|xh)/", re.IGNORECASE)
_HELP = """\
Broker Advisor: Kafka or SQS?                                    release {release}

Ask in the address; leave out what you do not know:

  curl '{home}/recommend?replay_needed=yes&consumer_groups=4'

The same as data, and as a decision record for your repository:

  curl '{home}/api/v1/recommendations?work_queue=yes'
  curl '{home}/recommend.md?work_queue=yes'

A project that runs, with your numbers in it:

  curl '{home}/starter.tgz?work_queue=yes' | tar -xz

Post what you have in a file, as JSON or YAML:

  curl -H 'Content-Type: application/yaml' \\
       --data-binary 'messages_per_second_avg: 5k/s' \\
       {home}/recommend

Every question        {home}/api/v1/questions
Every address         {home}/api/reference
For generators        {home}/openapi.json
"""


def is_terminal(request: HttpRequest) -> bool:
    """Whether the asker reads text: said by Accept, or shown by what asks."""
    accept = request.headers.get("Accept", "*/*")
    if "text/html" in accept:
        return False
    return accept.startswith("text/plain") or bool(_TERMINALS.match(request.headers.get("User-Agent", "")))


def wants_data(request: HttpRequest) -> bool:
    """Whether the asker names JSON before anything else."""
    return request.headers.get("Accept", "").startswith("application/json")


def show_help(request: HttpRequest) -> HttpResponse:
    text = _HELP.format(home=request.build_absolute_uri("/").rstrip("/"), release=service.release())
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FOR_MINUTES})
