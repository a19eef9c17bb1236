/// What must hold in a storm, checked while it blows and after it.
///
/// - One node, in one incarnation, leads an epoch.
/// - The high watermark of a leader never moves back within its epoch.
/// - What any replica shows as committed is the same record, of the same epoch, on all of them and
///   for ever.
/// - A produce request acknowledged with acks=all is committed at the offset that was told.
/// - What was deleted, as its deleter was told, no later leader has.
/// - Where the log ends, as leaders tell it, never goes back from one epoch to a later one.
///
/// An unclean election breaks the promises about records: they are not judged from then on.
#pragma once

#include "broker/replication/partition_state.h"
#include "kafka/types.h"
#include "tests/sim/replication/memory_log.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace verdikt::broker::replication {

class judge {
  public:
    void leads(kafka::node_id node,
               broker_epoch incarnation,
               kafka::leader_epoch epoch,
               kafka::offset log_start);
    void leader_high_watermark(kafka::leader_epoch epoch, kafka::offset high_watermark);
    /// A replica shows all of its log below `high_watermark`.
    void shows(kafka::node_id node, const memory_log& log, kafka::offset high_watermark);
    void acknowledged(kafka::offset at, std::uint64_t value);
    /// Everything below is gone, as somebody was told who asked for it.
    void deleted(kafka::offset below);
    void told_end(kafka::leader_epoch epoch, kafka::offset end);
    void elected_uncleanly() { promises_hold_ = false; }
    /// After the storm: the replicas' logs from the first to the last.
    void final_logs(const std::vector<const memory_log*>& logs);
    void violation(std::string what);

    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
    [[nodiscard]] std::size_t acknowledged_count() const { return acknowledged_.size(); }

  private:
    void begins(kafka::node_id node, kafka::leader_epoch epoch, kafka::offset log_start);
    void check_committed(const std::string& where, kafka::offset at, const stored_record& found);

    struct leadership {
        kafka::node_id node;
        broker_epoch incarnation;

        bool operator==(const leadership&) const = default;
    };

    bool promises_hold_ = true;
    std::map<kafka::leader_epoch, leadership> leaders_;
    std::map<kafka::leader_epoch, kafka::offset> high_watermarks_;
    std::map<kafka::leader_epoch, kafka::offset> told_ends_;
    /// How far each replica's log was compared already.
    std::map<kafka::node_id, kafka::offset> shown_;
    std::vector<stored_record> committed_;
    std::map<kafka::offset, std::uint64_t> acknowledged_;
    kafka::offset deleted_below_{0};
    std::vector<std::string> violations_;
};

}  // namespace verdikt::broker::replication
