"""Which of librdkafka's errors pass, where a leader, coordinator, controller or connection was lost.

With records librdkafka goes on by itself, and only tells of them. Of the transactional API's it says which calls may be
repeated (`retriable`, as its documentation of transactions asks for); of other calls it passes on the code of the
answer, of which Kafka's protocol says which are retriable, or its own for a connection or a time-out.
"""

from confluent_kafka import KafkaError, KafkaException

import conversation

PASSING = {
    KafkaError._TRANSPORT,
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._TIMED_OUT,
    KafkaError._TIMED_OUT_QUEUE,
    KafkaError._WAIT_COORD,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.NETWORK_EXCEPTION,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
    KafkaError.NOT_ENOUGH_REPLICAS,
    KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    KafkaError.NOT_CONTROLLER,
}
# Of a commit that a rebalance has overtaken.
OF_ANOTHER_GENERATION = {
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError.UNKNOWN_MEMBER_ID,
}


def may_pass(error):
    is_passing = error.code() in PASSING and not error.fatal() and not error.txn_requires_abort()
    return conversation.LEADERS_DIE and (error.retriable() or is_passing)


def insist(call, *words, done=None, **named):
    """`done` is the code of the error of asking for it once more."""
    return conversation.insist(
        lambda: call(*words, **named),
        lambda failure: isinstance(failure, KafkaException) and may_pass(failure.args[0]),
        lambda failure: isinstance(failure, KafkaException) and failure.args[0].code() == done,
    )
