"""How the questions are laid out for people: which come first, under which heading the others stand, how one may write.

Knows ids and units; must not know who draws the questionnaire.
"""

from collections.abc import Mapping

# Shape settles more cases than numbers do, so these stand first and the rest waits under a heading.
OPENERS = (
    "work_queue", "consumer_groups", "replay_needed", "stream_processing", "ordering", "per_message_retry_or_dlq",
    "messages_per_second_avg", "messages_per_second_peak", "message_size_bytes_avg", "cloud", "ops_tolerance",
    "nothing_else",
)  # fmt: skip
GROUPS: Mapping[str, str] = {
    "shape": "More about the kind of message",
    "traffic": "More about how much",
    "delivery": "How it must be delivered",
    "retention": "How long it is kept",
    "platform": "Where it runs and what is there",
    "operations": "Who runs it",
    "money": "Money",
    "other": "Closing",
}
EXAMPLES: Mapping[str, str] = {  # how a quantity may be written, by unit
    "messages/s": "5k/s",
    "bytes": "2 KiB",
    "seconds": "5 min",
    "hours": "90 min",
    "ms": "2 s",
    "months": "2 years",
}
