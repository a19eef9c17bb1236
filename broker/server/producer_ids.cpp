#include "broker/server/producer_ids.h"

namespace verdikt::broker::server {

namespace {
constexpr std::int64_t block_size = 1'000;
}

runtime::awaitable<std::expected<kafka::producer_id, kafka::error_code>> producer_ids::next() {
    // Others may have used up the new block before we look again.
    while (next_ == end_) {
        const auto first = co_await registry_.reserve_producer_ids(block_size);
        if (!first) co_return std::unexpected(first.error());
        if (next_ != end_) continue;
        next_ = *first;
        end_ = *first + block_size;
    }
    co_return kafka::producer_id(next_++);
}

}  // namespace verdikt::broker::server
