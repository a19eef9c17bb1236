/// What this client believes of the cluster: brokers, topics, leaders.
///
/// Pure. Answers may come from brokers that lag behind, so a partition never goes back to an older
/// leader epoch (KIP-320), unless the topic is another one by now (its id differs).
///
/// Invariants: partitions of a topic are dense, from 0 on.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/messages/metadata.h"
#include "kafka/types.h"
#include "runtime/network.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::client {

struct partition_metadata {
    kafka::node_id leader{-1};  ///< -1: none just now.
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
    std::vector<std::int32_t> replicas;
    std::vector<std::int32_t> isr;
    std::vector<std::int32_t> offline;
};

struct topic_metadata {
    std::string name;
    kafka::uuid id;
    bool internal = false;
    std::vector<partition_metadata> partitions;
};

struct broker_metadata {
    runtime::endpoint address;
    std::optional<std::string> rack;
};

class metadata_cache {
  public:
    /// Takes in an answer. Topics that it does not speak of stay as they are; topics with an error
    /// are kept if the error will pass, and the error noted.
    void apply(const kafka::messages::metadata_response& answer);

    /// Nothing if the topic is not known to exist.
    [[nodiscard]] const topic_metadata* find(const std::string& topic) const;
    /// What the last answer said of a topic, `none` if it was well or never spoken of.
    [[nodiscard]] kafka::error_code fault_of(const std::string& topic) const;

    struct leadership {
        kafka::node_id leader;
        kafka::leader_epoch epoch;
    };
    /// Nothing if the partition is unknown or has no leader just now.
    [[nodiscard]] std::optional<leadership> leader_of(const kafka::topic_partition& which) const;

    [[nodiscard]] const std::map<kafka::node_id, broker_metadata>& brokers() const {
        return brokers_;
    }
    [[nodiscard]] const std::map<std::string, topic_metadata>& topics() const { return topics_; }
    [[nodiscard]] const std::string& cluster_id() const { return cluster_id_; }
    [[nodiscard]] kafka::node_id controller() const { return controller_; }

    void check_invariants() const;

  private:
    void apply_topic(const kafka::messages::metadata_response::metadata_response_topic& answer);

    std::map<kafka::node_id, broker_metadata> brokers_;
    std::map<std::string, topic_metadata> topics_;
    std::map<std::string, kafka::error_code> faults_;
    std::string cluster_id_;
    kafka::node_id controller_{-1};
};

}  // namespace verdikt::client
