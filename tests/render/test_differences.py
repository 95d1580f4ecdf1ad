"""What two rulebooks decide differently, said in lines."""

from advisor.core.differences import Changed, Difference, Result
from advisor.render.differences import to_lines

SQS = Result(outcome="sqs", option="sqs_standard", excluded=("msk_express",))
KAFKA = Result(outcome="kafka", option="msk_express", excluded=("sqs_standard",))


def test_nothing_that_differs_is_said_so() -> None:
    assert list(to_lines(Difference(changes=(), changed=(), cases=3))) == [
        "0 entries differ.",
        "0 of 3 cases change.",
    ]


def test_each_change_and_each_case_has_its_lines() -> None:
    changes = (("facts", "size"), ("criteria", "cost"))
    one = Changed(case="one", before=SQS, after=KAFKA, because=changes[:1])
    other = Changed(case="other", before=KAFKA, after=Result(outcome="none", option="", excluded=()), because=())

    assert list(to_lines(Difference(changes=changes, changed=(one, other), cases=9))) == [
        "2 entries differ:",
        "  fact size",
        "  criterion cost",
        "2 of 9 cases change:",
        "  one: sqs sqs_standard → kafka msk_express",
        "    now ruled out: sqs_standard",
        "    no longer ruled out: msk_express",
        "    because of fact size",
        "  other: kafka msk_express → none",
        "    no longer ruled out: sqs_standard",
        "    because of several entries together",
    ]
