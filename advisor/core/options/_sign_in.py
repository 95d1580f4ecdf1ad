"""How the project's clients sign in to a cluster once they are deployed. Knows no price, and no secret."""

from advisor.core.estimate import Setting
from advisor.core.facts import Facts
from advisor.core.options._model import OUTSIDE_AWS, setting
from advisor.core.workload import Workload


def sign_in(protocol: str, mechanism: str, because: str) -> tuple[Setting, ...]:
    """No mechanism stands for none: a certificate needs none."""
    reason = f"{because}; the local broker takes PLAINTEXT"
    return (setting("security_protocol", protocol, "", reason), setting("sasl_mechanism", mechanism, "", reason))


def offer(fact: str, facts: Facts) -> str:
    """The ways of signing in that a fact lists."""
    value = facts[fact].cells[()].value
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def sign_in_to_msk(workload: Workload, facts: Facts) -> tuple[Setting, ...]:
    """IAM where clients have roles; provisioned MSK takes passwords and certificates too."""
    choice = f"MSK takes {offer('msk_provisioned_auth', facts)}"
    if workload.cloud in OUTSIDE_AWS:
        return sign_in("SASL_SSL", "SCRAM-SHA-512", f"{choice}: clients outside AWS have no role of it")
    return sign_in("SASL_SSL", "AWS_MSK_IAM", f"{choice}: a role leaves no password to keep")
