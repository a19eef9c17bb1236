/// A controller with a metadata log that commits at once, and brokers that say what they are told
/// to.
///
/// After each decision: the invariants hold, epochs did not go back, and replaying the records onto
/// a second image gives the same image as the controller's.
#pragma once

#include "broker/controller/active_controller.h"
#include "broker/metadata/image.h"
#include "runtime/random.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::broker::controller::testing {

namespace messages = kafka::messages;
using std::chrono::milliseconds;
using std::chrono::seconds;

using ids = std::vector<std::int32_t>;

/// Knows four keys.
class few_rules : public config_rules {
  public:
    [[nodiscard]] std::expected<std::string, fault> checked(
        const metadata::config_resource& of,
        const std::string& key,
        const std::string& value) const override;
    [[nodiscard]] std::optional<std::string> default_list(const metadata::config_resource& of,
                                                          const std::string& key) const override;
    [[nodiscard]] std::optional<fault> conflict(
        const metadata::config_resource& of, const metadata::config_values& values) const override;
};

[[nodiscard]] controller_settings plain_settings();
[[nodiscard]] kafka::uuid uuid_of(int number);
[[nodiscard]] inline std::int16_t wire(kafka::error_code code) {
    return kafka::to_wire(code);
}

/// What a broker process knows of itself.
struct process {
    kafka::uuid incarnation;
    std::int64_t epoch = -1;
    std::vector<kafka::uuid> log_dirs;
    std::optional<std::string> rack;
};

class cluster {
  public:
    explicit cluster(controller_settings settings = plain_settings());

    // Brokers.
    /// The request that a new process of the broker registers with.
    messages::broker_registration_request registration(std::int32_t id,
                                                       std::int64_t previous_epoch = -1);
    /// Registers a new process; its directories and rack are those of the one before.
    messages::broker_registration_response enroll(std::int32_t id,
                                                  std::int64_t previous_epoch = -1);
    messages::broker_registration_response enroll(
        const messages::broker_registration_request& request);
    /// Registers and is unfenced.
    void start(std::int32_t id, std::int64_t previous_epoch = -1);
    void start_all(const ids& brokers);
    messages::broker_heartbeat_request heartbeat_of(std::int32_t id) const;
    messages::broker_heartbeat_response beat(std::int32_t id);
    messages::broker_heartbeat_response beat(const messages::broker_heartbeat_request& request);
    /// A session passes in which only these are heard of.
    void pass_session(const ids& heard);
    void fence(std::int32_t id);

    // Topics.
    /// With these replicas, one list a partition.
    kafka::uuid create(const std::string& name, const std::vector<ids>& replicas);
    messages::create_topics_response create(messages::create_topics_request request);
    void set_config(std::int8_t type,
                    const std::string& name,
                    const std::string& key,
                    std::optional<std::string> value);
    const metadata::partition& partition(const std::string& topic, std::int32_t index = 0) const;
    /// The request with which a leader, as it is now, would ask for that in-sync set.
    messages::alter_partition_request proposal(const std::string& topic, const ids& isr) const;
    messages::alter_partition_response alter(const messages::alter_partition_request& request);
    /// The error for its one partition.
    kafka::error_code alter_error(const messages::alter_partition_request& request);
    kafka::error_code reassign(const std::string& topic, std::optional<ids> replicas);
    kafka::error_code elect(const std::string& topic, std::int8_t type);

    [[nodiscard]] moment when() const { return {.now = now, .log_end = log_end}; }
    template <typename Answer>
    Answer take(decision<Answer> made) {
        accept(made.records);
        return std::move(made.answer);
    }
    void tick() { take(controller.tick(when())); }
    /// Leadership ends and begins again with what is committed.
    void change_controller();
    [[nodiscard]] const metadata::image& image() const { return controller.appended(); }
    /// How many records the last decision made.
    [[nodiscard]] std::size_t last_count() const { return last_count_; }

    few_rules rules;
    active_controller controller;
    runtime::random_source chance{1};
    runtime::instant now{seconds(100)};
    kafka::offset log_end{1};
    std::map<std::int32_t, process> processes;
    /// All that was decided, for whoever follows the log.
    std::vector<std::pair<metadata::record, metadata::log_position>> log;

  private:
    void accept(const std::vector<metadata::record>& records);

    metadata::image replayed_;
    int incarnations_ = 1'000;
    std::size_t last_count_ = 0;
};

}  // namespace verdikt::broker::controller::testing
