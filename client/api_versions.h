/// Which versions of each request this client speaks, and which of them a broker speaks too.
///
/// Pure. The upper ends leave out what changes a message's meaning in ways that this client does
/// not follow (topic ids in Fetch 13, batched coordinators and groups); the lower ends lie at or
/// below what Kafka 2.1 has, so any broker since then will do.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/messages/versions.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace verdikt::client {

/// Requires: this client sends `key`.
[[nodiscard]] kafka::messages::version_range spoken_versions(kafka::api_key key);

/// Whether this client ever sends it.
[[nodiscard]] bool is_spoken(kafka::api_key key);

class broker_versions {
  public:
    void add(std::int16_t key, kafka::messages::version_range range) { ranges_[key] = range; }
    void add_feature(std::string name, std::int16_t level) { features_[std::move(name)] = level; }
    /// The level that the cluster has finalised (KIP-584); 0 if it knows no such feature.
    [[nodiscard]] std::int16_t feature(const std::string& name) const {
        const auto found = features_.find(name);
        return found == features_.end() ? std::int16_t{0} : found->second;
    }

    /// The highest that both sides speak, and that is no higher than `at_most`. Nothing if there is
    /// none.
    [[nodiscard]] std::optional<std::int16_t> choose(
        kafka::api_key key, std::int16_t at_most = kafka::messages::version_max) const;

  private:
    std::map<std::int16_t, kafka::messages::version_range> ranges_;
    std::map<std::string, std::int16_t> features_;
};

}  // namespace verdikt::client
