/// Kafka's client settings: one struct, and one table that says all that is known of each.
///
/// The fields carry Kafka's names with dots turned into underscores, and Java's defaults. The table
/// names each setting, who uses it, its bounds and its meaning; text is parsed, bounds are checked
/// and documentation is made from it alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::client {

using std::chrono::milliseconds;

/// Who a setting is for. A setting may have several.
enum class role : std::uint8_t { producer = 1, consumer = 2, admin = 4 };

struct client_config {
    // Everyone.
    std::vector<std::string> bootstrap_servers;
    std::string client_id;
    milliseconds request_timeout_ms{30'000};
    milliseconds retry_backoff_ms{100};
    milliseconds retry_backoff_max_ms{1'000};
    milliseconds reconnect_backoff_ms{50};
    milliseconds reconnect_backoff_max_ms{1'000};
    milliseconds socket_connection_setup_timeout_ms{10'000};
    milliseconds metadata_max_age_ms{300'000};
    milliseconds default_api_timeout_ms{60'000};
    std::int64_t receive_message_max_bytes = 1'073'741'824;

    // Producer.
    std::string acks = "all";  ///< "all" (or "-1"), "1", "0".
    bool enable_idempotence = true;
    std::int64_t max_in_flight_requests_per_connection = 5;
    std::int64_t retries = INT32_MAX;
    std::int64_t batch_size = 16'384;
    milliseconds linger_ms{0};
    std::int64_t buffer_memory = 33'554'432;
    milliseconds max_block_ms{60'000};
    milliseconds delivery_timeout_ms{120'000};
    std::int64_t max_request_size = 1'048'576;
    std::string compression_type = "none";
    std::int64_t compression_gzip_level = -1;
    std::int64_t compression_zstd_level = 3;
    bool partitioner_ignore_keys = false;
    std::string transactional_id;
    milliseconds transaction_timeout_ms{60'000};
    std::int64_t transaction_version_max = 2;

    // Consumer.
    std::string group_id;
    std::string group_instance_id;
    std::string auto_offset_reset = "latest";
    bool enable_auto_commit = true;
    milliseconds auto_commit_interval_ms{5'000};
    std::string isolation_level = "read_uncommitted";
    std::int64_t max_poll_records = 500;
    milliseconds max_poll_interval_ms{300'000};
    milliseconds session_timeout_ms{45'000};
    milliseconds heartbeat_interval_ms{3'000};
    std::vector<std::string> partition_assignment_strategy{"range", "cooperative-sticky"};
    std::int64_t fetch_min_bytes = 1;
    std::int64_t fetch_max_bytes = 52'428'800;
    std::int64_t max_partition_fetch_bytes = 1'048'576;
    milliseconds fetch_max_wait_ms{500};
    bool check_crcs = true;
    bool allow_auto_create_topics = true;
    std::string client_rack;

    /// The settings of `properties` over the defaults, checked for `who`. The error names what is
    /// wrong, and for an unknown key the nearest one.
    [[nodiscard]] static std::expected<client_config, std::string> parse(
        role who, const std::map<std::string, std::string>& properties);

    /// What is wrong with these values for `who`, if anything: bounds, and rules between settings.
    [[nodiscard]] std::optional<std::string> find_fault(role who) const;
};

struct setting {
    using field = std::variant<std::string client_config::*,
                               std::int64_t client_config::*,
                               milliseconds client_config::*,
                               bool client_config::*,
                               std::vector<std::string> client_config::*>;

    std::string_view name;
    std::uint8_t roles;  ///< `role` bits.
    field where;
    std::int64_t min = 0;  ///< Of numbers and times.
    std::int64_t max = INT64_MAX;
    std::span<const std::string_view> choices = {};  ///< Of texts; empty: any.
    std::string_view meaning;

    [[nodiscard]] bool used_by(role who) const {
        return (roles & static_cast<std::uint8_t>(who)) != 0;
    }
    [[nodiscard]] std::string default_text() const;
};

/// All settings, sorted by name.
[[nodiscard]] std::span<const setting> settings();

}  // namespace verdikt::client
