/// What clients of a storm were told, what replicas showed, and what of it cannot both be true.
///
/// A record that anybody saw as committed is there for ever, at its offset: on every replica, to
/// every reader. A record that was acknowledged by all is committed at the offset told. A producer
/// that repeats its batches until they are acknowledged has each of them once, in its order. What
/// was deleted, as its deleter was told, does not come back. One
/// node, in one incarnation, leads an epoch.
#pragma once

#include "kafka/types.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace verdikt::tests {

class storm_history {
  public:
    using values = std::map<kafka::offset, std::string>;

    void leads(const kafka::uuid& topic,
               kafka::partition_index partition,
               kafka::leader_epoch epoch,
               kafka::node_id node,
               kafka::broker_epoch incarnation);
    void acknowledged(const kafka::topic_partition& which,
                      kafka::offset base,
                      const std::vector<std::string>& batch);
    /// Somebody saw the record below a high watermark.
    void seen(const kafka::topic_partition& which, kafka::offset at, const std::string& value);
    /// Everything below is gone, as somebody was told who asked for it.
    void deleted(const kafka::topic_partition& which, kafka::offset below);
    void violation(std::string what);

    /// After the storm: all of a partition, from the offset at which it starts now.
    void final_log(const kafka::topic_partition& which, kafka::offset start, const values& log);

    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
    [[nodiscard]] std::size_t acknowledged_count() const { return acknowledged_count_; }
    [[nodiscard]] std::size_t deletion_count() const { return deletion_count_; }

  private:
    using leadership = std::tuple<kafka::uuid, kafka::partition_index, kafka::leader_epoch>;

    std::map<leadership, std::pair<kafka::node_id, kafka::broker_epoch>> leaders_;
    std::map<kafka::topic_partition, values> committed_;
    std::map<kafka::topic_partition, kafka::offset> deleted_below_;
    std::size_t acknowledged_count_ = 0;
    std::size_t deletion_count_ = 0;
    std::vector<std::string> violations_;
};

}  // namespace verdikt::tests
