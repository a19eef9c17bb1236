#include "broker/transactional/partition_markers.h"

#include "runtime/scope.h"

#include <utility>

namespace verdikt::broker::transactional {

namespace {

runtime::awaitable<void> write_one(partition_markers& markers,
                                   transaction_marker marker,
                                   kafka::topic_partition where,
                                   kafka::error_code& outcome) {
    outcome = co_await markers.write_marker(marker, std::move(where));
}

}  // namespace

runtime::awaitable<marker_outcomes> write_markers(runtime::environment& world,
                                                  partition_markers& markers,
                                                  transaction_marker marker,
                                                  std::vector<kafka::topic_partition> where) {
    marker_outcomes outcomes;
    runtime::scope writing(world.get_executor());
    for (const kafka::topic_partition& each : where) {
        kafka::error_code& outcome = outcomes[each];
        writing.spawn(write_one(markers, marker, each, outcome));
    }
    co_await writing.join();
    co_return outcomes;
}

}  // namespace verdikt::broker::transactional
