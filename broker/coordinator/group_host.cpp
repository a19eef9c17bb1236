#include "broker/coordinator/group_host.h"

#include "kafka/records/java_hash.h"
#include "runtime/check.h"

#include <array>
#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

group_host::group_host(runtime::environment& world,
                       coordinator_config config,
                       coordinator_log& log,
                       const topic_lookup& topics)
    : world_(world),
      config_(config),
      topics_(topics),
      services_{.world = world,
                .config = config_,
                .log = log,
                .timers = timer_queue(world),
                .joins = {},
                .syncs = {}},
      running_(world.get_executor()) {}

void group_host::start() {
    running_.spawn(services_.timers.run([this](const group_timer& timer) {
        partitions_.at(partition_of(timer.group))->timer_fired(timer.group, timer.which);
    }));
    running_.spawn(expire_regularly());
}

runtime::awaitable<void> group_host::stop() {
    for (auto& [index, partition] : partitions_) {
        partition->retire();
        closing_.push_back(std::move(partition));
    }
    partitions_.clear();
    co_await running_.cancel_and_join();
    for (const auto& partition : closing_) co_await partition->stop();
    closing_.clear();
}

void group_host::elected(kafka::partition_index index, kafka::leader_epoch epoch) {
    const auto found = partitions_.find(index);
    if (found != partitions_.end() && found->second->epoch() >= epoch) return;
    resigned(index);
    auto& partition = partitions_[index];
    partition = std::make_unique<group_partition>(services_, index, epoch);
    partition->start_loading();
}

void group_host::resigned(kafka::partition_index index) {
    auto found = partitions_.extract(index);
    if (found.empty()) return;
    found.mapped()->retire();
    running_.spawn(close(closing_.insert(closing_.end(), std::move(found.mapped()))));
}

runtime::awaitable<void> group_host::close(
    std::list<std::unique_ptr<group_partition>>::iterator which) {
    co_await (*which)->finish();
    closing_.erase(which);
}

void group_host::topic_deleted(const std::string& topic) {
    for (const auto& [index, partition] : partitions_) partition->forget_topic(topic);
}

kafka::partition_index group_host::partition_of(std::string_view group) const {
    return kafka::partition_index(
        kafka::records::coordinator_partition(group, config_.offsets_partitions));
}

std::expected<group_partition*, error_code> group_host::serving(std::string_view group) {
    const auto found = partitions_.find(partition_of(group));
    if (found == partitions_.end()) return std::unexpected(error_code::not_coordinator);
    if (found->second->now() == group_partition::phase::loading) {
        return std::unexpected(error_code::coordinator_load_in_progress);
    }
    return found->second.get();
}

std::string group_host::fresh_member_id(const std::string& prefix) {
    std::array<std::byte, 16> random{};
    world_.random().fill(random);
    std::string id = prefix + "-";
    for (const std::byte byte : random) id += fmt::format("{:02x}", static_cast<unsigned>(byte));
    return id;
}

runtime::awaitable<void> group_host::expire_regularly() {
    for (;;) {
        co_await world_.sleep_for(config_.retention_check_interval);
        for (const auto& [index, partition] : partitions_) partition->expire();
    }
}

}  // namespace verdikt::broker::coordinator
