#include "broker/coordinator/group_coordinator.h"

#include "broker/coordinator/group_host.h"

namespace verdikt::broker::coordinator {

group_coordinator::group_coordinator(runtime::environment& world,
                                     coordinator_config config,
                                     coordinator_log& log,
                                     const topic_lookup& topics)
    : host_(std::make_unique<group_host>(world, config, log, topics)) {}

group_coordinator::~group_coordinator() = default;

void group_coordinator::start() {
    host_->start();
}

runtime::awaitable<void> group_coordinator::stop() {
    co_await host_->stop();
}

void group_coordinator::elected(kafka::partition_index partition, kafka::leader_epoch epoch) {
    host_->elected(partition, epoch);
}

void group_coordinator::resigned(kafka::partition_index partition) {
    host_->resigned(partition);
}

runtime::awaitable<kafka::error_code> group_coordinator::write_marker(
    kafka::partition_index partition, transactional::transaction_marker marker) {
    const auto found = host_->partitions().find(partition);
    if (found == host_->partitions().end()) co_return kafka::error_code::not_leader_or_follower;
    if (found->second->now() == group_partition::phase::loading) {
        co_return kafka::error_code::coordinator_load_in_progress;
    }
    auto writing = found->second->write_marker(marker);
    co_return co_await std::move(writing);
}

void group_coordinator::topic_deleted(const std::string& topic) {
    host_->topic_deleted(topic);
}

kafka::partition_index group_coordinator::partition_of(std::string_view group) const {
    return host_->partition_of(group);
}

}  // namespace verdikt::broker::coordinator
