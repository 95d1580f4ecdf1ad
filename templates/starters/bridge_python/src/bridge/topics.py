"""What the project beside makes, and the bridge needs."""

from kafka import KafkaAdminClient

from bridge.kafka_connection import MissingError, connection
from bridge.settings import Settings


def require_topics(settings: Settings) -> None:
    """A bridge from a topic that is not there would wait for ever, and in silence."""
    admin = KafkaAdminClient(**connection(settings))
    missing = {settings.topic, settings.dead_letter_topic} - set(admin.list_topics())
    admin.close()
    if missing:
        raise MissingError(f"no such topic: {', '.join(sorted(missing))} (make topics, in the Kafka project)")
