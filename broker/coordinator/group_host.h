/// Which groups are here: the partitions of `__consumer_offsets` that this broker leads.
#pragma once

#include "broker/coordinator/group_partition.h"

#include <expected>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::coordinator {

class group_host {
  public:
    group_host(runtime::environment& world,
               coordinator_config config,
               coordinator_log& log,
               const topic_lookup& topics);

    void start();
    runtime::awaitable<void> stop();
    void elected(kafka::partition_index index, kafka::leader_epoch epoch);
    void resigned(kafka::partition_index index);
    void topic_deleted(const std::string& topic);

    [[nodiscard]] kafka::partition_index partition_of(std::string_view group) const;
    /// The partition that a group lives on, if it is served here; else why not:
    /// `coordinator_load_in_progress` or `not_coordinator`.
    [[nodiscard]] std::expected<group_partition*, kafka::error_code> serving(
        std::string_view group);
    [[nodiscard]] const std::map<kafka::partition_index, std::unique_ptr<group_partition>>&
    partitions() const {
        return partitions_;
    }

    [[nodiscard]] const coordinator_config& config() const { return config_; }
    [[nodiscard]] const topic_lookup& topics() const { return topics_; }
    [[nodiscard]] coordinator_log& log() { return services_.log; }
    [[nodiscard]] kafka::timestamp now() const { return services_.now(); }
    /// For a member that has none: recognisable by its client, and never given out twice.
    [[nodiscard]] std::string fresh_member_id(const std::string& prefix);

  private:
    runtime::awaitable<void> expire_regularly();
    runtime::awaitable<void> close(std::list<std::unique_ptr<group_partition>>::iterator which);

    runtime::environment& world_;
    coordinator_config config_;
    const topic_lookup& topics_;
    group_services services_;
    std::map<kafka::partition_index, std::unique_ptr<group_partition>> partitions_;
    std::list<std::unique_ptr<group_partition>> closing_;  ///< Retired; writes may be under way.
    runtime::scope running_;
};

}  // namespace verdikt::broker::coordinator
