#include "broker/controller/producer_ids.h"

#include "kafka/error_codes.h"

#include <limits>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;

messages::allocate_producer_ids_response allocate_producer_ids(
    draft& into, const messages::allocate_producer_ids_request& request) {
    messages::allocate_producer_ids_response answer;
    const auto* broker = into.image().find_broker(kafka::node_id(request.broker_id));
    if (broker == nullptr || broker->epoch.value() != request.broker_epoch) {
        answer.error_code = kafka::to_wire(error_code::stale_broker_epoch);
        return answer;
    }
    const std::int64_t first = into.image().next_producer_id().value();
    if (first > std::numeric_limits<std::int64_t>::max() - producer_id_block_size) {
        answer.error_code = kafka::to_wire(error_code::unknown_server_error);
        return answer;
    }
    into.append(messages::producer_ids_record{.broker_id = request.broker_id,
                                              .broker_epoch = request.broker_epoch,
                                              .next_producer_id = first + producer_id_block_size});
    answer.producer_id_start = first;
    answer.producer_id_len = producer_id_block_size;
    return answer;
}

}  // namespace verdikt::broker::controller
