"""What each problem type and each problem code means: the words of the pages at /problems/<code>.

A code, once published, keeps its meaning; a test holds that none is used without standing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A problem type: its HTTP status, its title, and what to do."""

    status: int
    title: str
    meaning: str


def _kind(status: int, title: str, meaning: str) -> Kind:
    return Kind(status=status, title=title, meaning=meaning)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "malformed_body": _kind(
            400, "The body cannot be read", "It is no well-formed document; `problems` says where it breaks."
        ),
        "malformed_request": _kind(
            400, "The request cannot be read", "The address has too many names, or something no server takes."
        ),
        "not_found": _kind(404, "Not found", "No such address, or no such question, option, fact or rule."),
        "method_not_allowed": _kind(405, "Method not allowed", "The Allow header names the methods this address has."),
        "not_acceptable": _kind(
            406, "Not acceptable", "None of the accepted formats exists here; `detail` lists those that do."
        ),
        "rulebook_gone": _kind(
            410, "This rulebook is not kept", "Only the current rulebook is served; leave `rulebook` out to use it."
        ),
        "length_required": _kind(411, "Length required", "The server needs Content-Length to read this body."),
        "precondition_failed": _kind(
            412, "Another answer than you have", "If-Match names an ETag that this is not; `detail` has the one it is."
        ),
        "body_too_large": _kind(
            413, "The body is too large", "A description of one workload fits into 64 KiB many times over."
        ),
        "unsupported_media_type": _kind(
            415, "Unsupported media type", "Say in Content-Type what the body is; `detail` lists what is understood."
        ),
        "invalid_answers": _kind(
            422, "The answers cannot be used", "Well-formed, but not sensible; every problem stands in `problems`."
        ),
        "too_many_requests": _kind(429, "Too many requests", "Wait as many seconds as Retry-After says."),
        "internal_error": _kind(500, "Our mistake", "A bug. Quote the request id when you report it."),
    }
)

CODES: Mapping[str, str] = MappingProxyType(
    {
        "after_records": "A warning: the day is after the last on which a fact was checked; what held then is used.",
        "ambiguous_unit": "The unit can be read in two ways, for example KB; `message` says what to write.",
        "at_odds": "A warning: two answers hardly go together; each counts as it was given.",
        "bad_date": "A day is written as 2025-07-01.",
        "bad_name": "The name would end up in file, queue and topic names, and cannot be one.",
        "before_records": "A warning: the day is before the first change on record; what held before that is used.",
        "contradiction": "Two answers cannot both be true; both are named.",
        "cut_short": "Fewer bytes came than Content-Length announced.",
        "duplicate_key": "A name stands twice in one mapping; which one counts would be a guess.",
        "empty_body": "There was no body. Send {} to answer no question.",
        "goes_with": "A warning: the answer counts only together with another one, which is missing or assumed.",
        "implausible": "A warning: the number is accepted, and unusual enough to ask whether its unit is right.",
        "min_over_max": "The lower end of a range is above its upper end.",
        "missing_key": "Something that must be there is missing.",
        "narrowed": "A warning: of a range only a part can be, since another answer bounds it; that part is taken.",
        "no_kit": "The outcome has no project; name an option to get that one's.",
        "not_a_number": "The text does not start with a number.",
        "not_an_array": "A batch in JSON is an array of mappings.",
        "not_csv": "The text is no CSV as RFC 4180 has it, or a row is longer or shorter than the first.",
        "not_an_integer": "This question counts things; half of one cannot be.",
        "not_an_object": "The body is a list or a bare value where a mapping of answers is wanted.",
        "not_finite": "Infinity and NaN are no quantities. Leave the question out when the number is unknown.",
        "not_json": "The body is not JSON as RFC 8259 has it.",
        "not_priced": "A warning: some prices of this Region are not known; those of another one are compared instead.",
        "not_text": "A string holds half of a surrogate pair, which cannot be written as UTF-8.",
        "not_utf8": "The body is not UTF-8.",
        "not_yaml": "The body is not YAML, or has anchors, aliases or tags, which are not read.",
        "out_of_bounds": "The number is outside what the question takes at all.",
        "too_deep": "The document is nested deeper than any answer needs.",
        "too_long": "The document, or one line of a stream, is longer than 64 KiB.",
        "too_many": "A list has more words of your own than a question takes.",
        "unknown_choice": "The word is none of those that the question offers.",
        "unknown_criterion": "There is no such criterion to put a weight on.",
        "unknown_key": "Beside the answers stands a name that is not known there.",
        "unknown_parameter": "This address does not take that name; nothing is ignored silently.",
        "unknown_question": "There is no such question. A typo that is ignored would be a wrong recommendation.",
        "unknown_unit": "The unit is none of those that this question's quantity is measured in.",
        "unknown_word": "A warning: no rule knows the word; it is kept and has no effect.",
        "wrong_type": "The answer is of another kind than the question: a word for a number, or the like.",
    }
)
