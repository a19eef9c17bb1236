/// InitProducerId: an id for an idempotent producer, or a fresh one after it lost its way. Of a
/// transactional one its coordinator decides.
///
/// A producer that asks to go on under its old id (KIP-360) gets a new id at epoch 0: for a
/// producer without transactions nothing depends on the old one.
#include "broker/server/handlers.h"
#include "broker/server/node_transactions.h"

namespace verdikt::broker::server {

runtime::awaitable<messages::init_producer_id_response> handle_init_producer_id(
    node_services& here, const request_context& asked, messages::init_producer_id_request request) {
    if (request.transactional_id) {
        co_return co_await here.transactions.coordinator().init_producer_id(std::move(request),
                                                                            asked.version);
    }
    messages::init_producer_id_response answer;
    answer.producer_epoch = -1;
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
