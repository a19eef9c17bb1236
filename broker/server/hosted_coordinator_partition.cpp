#include "broker/server/hosted_coordinator_partition.h"

#include <chrono>

namespace verdikt::broker::server {

using kafka::error_code;

namespace {

/// A coordinator goes on waiting for as long as it leads: an answer that it gave up on would leave
/// it in doubt about its own state. The loss of the leadership ends the wait.
constexpr std::chrono::hours commit_patience{24};

}  // namespace

runtime::awaitable<coordinator::coordinator_partition::outcome>
hosted_coordinator_partition::commit(appended what) {
    if (!what) co_return std::unexpected(what.error());
    co_return co_await which_->wait_committed(what->to_commit(), world_.now() + commit_patience);
}

runtime::awaitable<coordinator::coordinator_partition::outcome>
hosted_coordinator_partition::until_committed(kafka::offset end) {
    const auto epoch = which_->serving_epoch();
    if (!epoch) co_return std::unexpected(error_code::not_leader_or_follower);
    if (end <= log().high_watermark()) co_return outcome();
    co_return co_await which_->wait_committed({.end = end, .epoch = *epoch},
                                              world_.now() + commit_patience);
}

runtime::awaitable<coordinator::coordinator_partition::outcome>
hosted_coordinator_partition::append(std::vector<std::byte> batches,
                                     kafka::leader_epoch epoch,
                                     std::optional<replication::guard> verified) {
    co_return co_await commit(co_await which_->append({.batch = batches,
                                                       .origin = storage::append_origin::internal,
                                                       .verified = verified,
                                                       .led_in = epoch}));
}

runtime::awaitable<coordinator::coordinator_partition::outcome>
hosted_coordinator_partition::append_marker(transactional::transaction_marker marker,
                                            kafka::leader_epoch epoch) {
    // Nothing is awaited before the append is under way.
    if (which_->serving_epoch() != epoch) {
        co_return std::unexpected(error_code::not_leader_or_follower);
    }
    co_return co_await commit(co_await which_->append_marker(marker.what, marker.epoch_of_its_own));
}

}  // namespace verdikt::broker::server
