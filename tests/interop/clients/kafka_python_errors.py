"""What kafka-python leaves to its user where a leader, coordinator, controller or connection was lost.

Its errors say which of them are retriable. Its admin client tells of a connection that broke instead of making another,
and goes on asking the controller that it first met: each of its calls here has a client of its own.
"""

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

import conversation


# Asked to find out the broker's version, it takes a connection that breaks meanwhile for one that is there.
COMMON = {"bootstrap_servers": conversation.BROKERS}
if conversation.LEADERS_DIE:
    COMMON["api_version"] = (2, 5, 0)


def may_pass(failure):
    return isinstance(failure, KafkaError) and failure.retriable


def insist(call, *words, done=()):
    """`done` is the error of asking for it once more."""
    return conversation.insist(lambda: call(*words), may_pass, lambda failure: isinstance(failure, done))


def administer(call, done=()):
    def ask():
        admin = KafkaAdminClient(**COMMON)
        try:
            return call(admin)
        finally:
            admin.close()

    return insist(ask, done=done)


def patient():
    """By default its producer never sends again what may not have arrived."""
    if not conversation.LEADERS_DIE:
        return {}
    return {"retries": 1000, "retry_backoff_ms": 50, "max_in_flight_requests_per_connection": 1}
