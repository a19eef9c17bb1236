/// The metadata image: what the records of the metadata log add up to.
///
/// Every broker keeps one and applies what is committed; the active controller keeps one more, of
/// all that it has appended. Pure: no clock, no log, no network. Ordered containers only, so that
/// whoever walks it does so in the same order everywhere.
///
/// Invariants: records are applied in the order of their offsets and each once (what is refused
/// changes nothing); names and ids of topics are in step; every partition is one that
/// `partition::fault` finds nothing wrong with; no partition's epochs ever go back.
#pragma once

#include "broker/metadata/changes.h"
#include "broker/metadata/cluster.h"
#include "broker/metadata/record.h"
#include "kafka/types.h"

#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::metadata {

/// Where a record lies in the metadata log. Its epoch is that of the controller which wrote it.
struct log_position {
    kafka::offset offset = kafka::no_offset;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;

    auto operator<=>(const log_position&) const = default;
};

/// Why a record was refused. All but the first mean that the log or this program is broken.
enum class apply_errc {
    already_applied,  ///< Its offset is not above that of the last one applied.
    unknown_broker,   ///< It changes a broker that is not registered, or another process of it.
    unknown_topic,
    unknown_partition,
    topic_exists,
    bad_partition,     ///< What it makes of a partition is none that may be.
    partition_gap,     ///< A new partition's index is not the next one.
    unknown_resource,  ///< A setting of something that has none.
    ids_went_back,     ///< Producer ids that are given out would be given out again.
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(apply_errc what);

class image {
  public:
    using brokers_by_id = std::map<kafka::node_id, broker_registration>;
    using topics_by_id = std::map<kafka::uuid, topic>;
    using configs_by_resource = std::map<config_resource, config_values>;
    using feature_levels = std::map<std::string, std::int16_t, std::less<>>;

    /// Applies a record and adds what it changed to `changed`. Refused, it changes neither.
    std::expected<void, apply_errc> apply(const record& which,
                                          log_position where,
                                          changes& changed);
    /// Raises the position over records of the log that are not of the image: the quorum's own.
    /// Where it is already there or beyond, nothing happens.
    void skip_to(log_position where);

    /// Records that make an empty image equal to this one.
    [[nodiscard]] std::vector<record> snapshot() const;
    /// The image that such records make. `where` is what the snapshot says it covers.
    [[nodiscard]] static std::expected<image, apply_errc> restored(std::span<const record> records,
                                                                   log_position where);

    [[nodiscard]] const brokers_by_id& brokers() const { return brokers_; }
    [[nodiscard]] const topics_by_id& topics() const { return topics_; }
    [[nodiscard]] const configs_by_resource& configs() const { return configs_; }
    [[nodiscard]] const feature_levels& features() const { return features_; }
    /// All producer ids below it are given out.
    [[nodiscard]] kafka::producer_id next_producer_id() const { return next_producer_id_; }
    [[nodiscard]] log_position position() const { return position_; }

    /// Null where there is none.
    [[nodiscard]] const broker_registration* find_broker(kafka::node_id which) const;
    [[nodiscard]] const topic* find_topic(const kafka::uuid& id) const;
    [[nodiscard]] const topic* find_topic(std::string_view name) const;
    [[nodiscard]] const partition* find_partition(const topic_partition_id& which) const;
    /// What is set for exactly this resource; null if nothing is.
    [[nodiscard]] const std::string* find_config(const config_resource& of,
                                                 std::string_view key) const;
    /// What holds for the topic by the log: its own setting, else that of all brokers; null where
    /// the log has neither, and the static default of the nodes decides.
    [[nodiscard]] const std::string* find_topic_config(std::string_view topic,
                                                       std::string_view key) const;
    /// 0 where the cluster does not use the feature.
    [[nodiscard]] std::int16_t feature_level(std::string_view feature) const;
    /// Whether that replica could serve now: its broker is active, and its directory works.
    [[nodiscard]] bool is_electable(const partition& of, kafka::node_id replica) const;

    /// Aborts if an invariant does not hold.
    void check_invariants() const;

    bool operator==(const image&) const = default;

  private:
    using result = std::expected<void, apply_errc>;

    result change(const record& which, changes& changed);
    result change(const kafka::messages::register_broker_record& with, changes& changed);
    result change(const kafka::messages::unregister_broker_record& with, changes& changed);
    result change(const kafka::messages::broker_registration_change_record& with, changes& changed);
    result change(const kafka::messages::topic_record& with, changes& changed);
    result change(const kafka::messages::remove_topic_record& with, changes& changed);
    result change(const kafka::messages::partition_record& with, changes& changed);
    result change(const kafka::messages::partition_change_record& with, changes& changed);
    result change(const kafka::messages::config_record& with, changes& changed);
    result change(const kafka::messages::feature_level_record& with, changes& changed);
    result change(const kafka::messages::producer_ids_record& with, changes& changed);
    result change(const kafka::messages::no_op_record& with, changes& changed);

    brokers_by_id brokers_;
    topics_by_id topics_;
    std::map<std::string, kafka::uuid, std::less<>> topic_ids_;
    configs_by_resource configs_;
    feature_levels features_;
    kafka::producer_id next_producer_id_{0};
    log_position position_;
};

/// Where `before` and `after` differ, for a follower that was given a snapshot instead of records.
[[nodiscard]] changes difference(const image& before, const image& after);

}  // namespace verdikt::broker::metadata
