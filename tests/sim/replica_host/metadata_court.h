/// The controller of a storm: the real one, over a metadata log that commits at once and never
/// fails. It can be out of reach.
#pragma once

#include "broker/controller/active_controller.h"
#include "broker/metadata/image.h"
#include "kafka/messages/alter_partition.h"
#include "runtime/sim/world.h"
#include "tests/request_server/request_server.h"

#include <utility>
#include <vector>

namespace verdikt::tests {

/// The records of one decision, which are committed and applied together.
using metadata_batch =
    std::vector<std::pair<broker::metadata::record, broker::metadata::log_position>>;

class no_rules final : public broker::controller::config_rules {
  public:
    [[nodiscard]] std::expected<std::string, broker::controller::fault> checked(
        const broker::metadata::config_resource& of,
        const std::string& key,
        const std::string& value) const override;
    [[nodiscard]] std::optional<std::string> default_list(
        const broker::metadata::config_resource& of, const std::string& key) const override;
    [[nodiscard]] std::optional<broker::controller::fault> conflict(
        const broker::metadata::config_resource& of,
        const broker::metadata::config_values& values) const override;
};

class metadata_court {
  public:
    metadata_court(runtime::sim::world& universe, std::int64_t min_insync_replicas);

    /// Each partition on all of these brokers, led by another one in turn. False if the controller
    /// refuses, since none of them is there.
    bool create_topic(const std::string& name, std::int32_t partitions, std::int32_t brokers);
    void delete_topic(const kafka::uuid& id);
    /// A node that serves registrations, heartbeats and AlterPartition, and ticks.
    runtime::awaitable<void> run(runtime::environment& world);

    [[nodiscard]] const broker::metadata::image& image() const { return controller_.appended(); }
    [[nodiscard]] const std::vector<metadata_batch>& log() const { return log_; }

  private:
    template <typename Answer>
    Answer take(broker::controller::decision<Answer> made);
    [[nodiscard]] broker::controller::moment when() const;
    runtime::awaitable<reaction> react(runtime::environment& world, asked what);
    runtime::awaitable<void> run_ticks(runtime::environment& world);

    runtime::sim::world& universe_;
    no_rules rules_;
    broker::controller::active_controller controller_;
    kafka::offset log_end_{1};
    std::vector<metadata_batch> log_;
};

}  // namespace verdikt::tests
