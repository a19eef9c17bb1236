#include "broker/server/producer_ids.h"

#include "kafka/messages/allocate_producer_ids.h"

#include <chrono>

namespace verdikt::broker::server {

namespace messages = kafka::messages;
using kafka::error_code;

namespace {
constexpr std::chrono::seconds controller_patience{10};
}

runtime::awaitable<std::expected<kafka::producer_id, error_code>> producer_ids::next() {
    // Others may have used up the new block before we look again.
    while (next_ == end_) {
        if (const auto filled = co_await refill(); !filled) {
            co_return std::unexpected(filled.error());
        }
    }
    co_return kafka::producer_id(next_++);
}

runtime::awaitable<std::expected<void, error_code>> producer_ids::refill() {
    const messages::allocate_producer_ids_request request{.broker_id = self_.value(),
                                                          .broker_epoch = here_.epoch().value()};
    const auto block = co_await controller_.ask_until<messages::allocate_producer_ids_response>(
        request, link::channel::controller, world_.now() + controller_patience);
    // Every refusal passes: the controller moves, and a broker that lost its epoch gets another.
    if (!block || block->error_code != 0) {
        co_return std::unexpected(error_code::coordinator_load_in_progress);
    }
    if (next_ != end_) co_return std::expected<void, error_code>{};
    next_ = block->producer_id_start;
    end_ = next_ + block->producer_id_len;
    co_return std::expected<void, error_code>{};
}

}  // namespace verdikt::broker::server
