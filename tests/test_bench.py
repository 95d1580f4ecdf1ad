"""What `make bench` times agrees with the plain evaluator, so that a new rule cannot stop it unseen; nothing is timed.

Each work ends the process where it disagrees. Peers that are not installed are left out.
"""

from advisor import service
from advisor.core.rank import merge_weights
from bench.engines import agree, grow, make_samples
from bench.peers import make_glue, open_peers

COUNT = 100


def test_every_engine_that_is_timed_ranks_like_the_plain_evaluator() -> None:
    rulebook = service.get_rulebook()
    weights = merge_weights(rulebook, {})
    glue = make_glue(rulebook, weights)
    samples = make_samples(COUNT, rulebook, weights, glue)
    peers, _ = open_peers(glue.rules)
    agree(samples, rulebook, weights, glue, peers)
    for work in grow(samples, rulebook, weights).values():
        work()
