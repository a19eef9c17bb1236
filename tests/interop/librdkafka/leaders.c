/// What is different where leaders die: which errors pass, and what is repeated.
#include "conversation.h"

#include <stdio.h>
#include <unistd.h>

enum { PACE_US = 5000, PAUSE_US = 100000 };

void use_topic(const char* topic, int partitions) {
    char request[128];
    snprintf(request, sizeof request, "use %s %d", topic, partitions);
    ask(request);
}

void lose_leader_of(const char* topic) {
    char request[128];
    snprintf(request, sizeof request, "lose %s", topic);
    ask(request);
}

void keep_pace(void) {
    if (leaders_die) usleep(PACE_US);
}

bool may_pass(rd_kafka_resp_err_t error) {
    switch (error) {
        case RD_KAFKA_RESP_ERR__TRANSPORT:
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__WAIT_COORD:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
        case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
        case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
        case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
        case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
        case RD_KAFKA_RESP_ERR_NOT_CONTROLLER:
            return leaders_die;
        default:
            return false;
    }
}

bool is_worth_repeating(rd_kafka_resp_err_t error, int64_t since) {
    if (!may_pass(error) || now_ms() > since + PATIENCE_MS) return false;
    usleep(PAUSE_US);
    return true;
}

rd_kafka_error_t* insist_on(transactional_call call, rd_kafka_t* producer) {
    const int64_t since = now_ms();
    for (;;) {
        rd_kafka_error_t* error = call(producer, PATIENCE_MS);
        const bool is_over = error == NULL || !rd_kafka_error_is_retriable(error);
        if (is_over || !leaders_die || now_ms() > since + PATIENCE_MS) return error;
        rd_kafka_error_destroy(error);
    }
}

/// The error of the answer as a whole, or of the one thing in it.
static rd_kafka_resp_err_t error_of(rd_kafka_event_t* answer, struct administration call) {
    REQUIRE(answer != NULL, "no answer within %d ms", PATIENCE_MS);
    const rd_kafka_resp_err_t error = rd_kafka_event_error(answer);
    return error ? error : call.read(answer, call.found);
}

rd_kafka_resp_err_t administer(rd_kafka_t* client, struct administration call) {
    const int64_t since = now_ms();
    for (bool is_in_doubt = false;; is_in_doubt = true) {
        rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
        call.ask(client, queue, call.what);
        rd_kafka_event_t* answer = rd_kafka_queue_poll(queue, PATIENCE_MS);
        const rd_kafka_resp_err_t error = error_of(answer, call);
        rd_kafka_event_destroy(answer);
        rd_kafka_queue_destroy(queue);
        if (is_in_doubt && call.done && error == call.done) return RD_KAFKA_RESP_ERR_NO_ERROR;
        const bool is_passing = leaders_die && error && error == call.passing;
        if (!is_worth_repeating(is_passing ? RD_KAFKA_RESP_ERR__TIMED_OUT : error, since))
            return error;
    }
}
