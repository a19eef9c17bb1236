#include "tests/sim/controller/dispatch.h"

#include "runtime/check.h"

#include <utility>

namespace verdikt::tests {

namespace messages = kafka::messages;
using broker::controller::host::controller_host;
using broker::quorum::quorum_host;
using broker::quorum::with_bytes;
using kafka::api_key;
using runtime::awaitable;

namespace {

template <typename Response>
reaction encoded(const asked& what, const Response& answer) {
    return {.bytes = what.answered_by(answer)};
}

template <typename Response>
reaction encoded(const asked& what, const with_bytes<Response>& answer) {
    return {.bytes = what.answered_by(answer.message)};
}

template <typename Request, typename Host>
awaitable<reaction> answered(Host& host, asked what) {
    const auto answer = co_await host.handle(what.as<Request>());
    co_return encoded(what, answer);
}

awaitable<reaction> answered_by_replica(quorum_host& host, const asked& what) {
    switch (what.key) {
        case api_key::vote:
            return answered<messages::vote_request>(host, what);
        case api_key::begin_quorum_epoch:
            return answered<messages::begin_quorum_epoch_request>(host, what);
        case api_key::end_quorum_epoch:
            return answered<messages::end_quorum_epoch_request>(host, what);
        case api_key::fetch:
            return answered<messages::fetch_request>(host, what);
        case api_key::fetch_snapshot:
            return answered<messages::fetch_snapshot_request>(host, what);
        default:
            CHECK(false, "nobody answers {}", kafka::name(what.key));
            return {};
    }
}

}  // namespace

awaitable<reaction> dispatch(controller_host& controller, quorum_host& replica, asked what) {
    switch (what.key) {
        case api_key::broker_registration:
            return answered<messages::broker_registration_request>(controller, what);
        case api_key::broker_heartbeat:
            return answered<messages::broker_heartbeat_request>(controller, what);
        case api_key::create_topics:
            return answered<messages::create_topics_request>(controller, what);
        case api_key::delete_topics:
            return answered<messages::delete_topics_request>(controller, what);
        case api_key::incremental_alter_configs:
            return answered<messages::incremental_alter_configs_request>(controller, what);
        case api_key::allocate_producer_ids:
            return answered<messages::allocate_producer_ids_request>(controller, what);
        default:
            return answered_by_replica(replica, what);
    }
}

}  // namespace verdikt::tests
