/// InitProducerId: an id for an idempotent producer, or a fresh one after it lost its way.
///
/// A producer that asks to go on under its old id (KIP-360) gets a new id at epoch 0: for a
/// producer without transactions nothing depends on the old one.
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

runtime::awaitable<messages::init_producer_id_response> handle_init_producer_id(
    node_services& here,
    const request_context& /*asked*/,
    messages::init_producer_id_request request) {
    messages::init_producer_id_response answer;
    answer.producer_epoch = -1;
    if (request.transactional_id) {
        const bool empty = request.transactional_id->empty();
        answer.error_code = kafka::to_wire(empty ? kafka::error_code::invalid_request
                                                 : kafka::error_code::coordinator_not_available);
        co_return answer;
    }
    const auto id = co_await here.producers.next();
    if (!id) {
        answer.error_code = kafka::to_wire(id.error());
        co_return answer;
    }
    answer.producer_id = id->value();
    answer.producer_epoch = 0;
    co_return answer;
}

}  // namespace verdikt::broker::server
