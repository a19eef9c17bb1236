/// Records of the metadata log: what the controller decides and every broker follows.
///
/// The value of each record in the log is a frame of our own bytes:
///
///     varint frame version = 1 | varint key of the record | varint version of the record | body
///
/// Unsigned varints, as in Kafka's own metadata log. Whoever reads a log reads only what its own
/// quorum wrote, yet decoding takes any bytes: a damaged record is a value, never a crash.
#pragma once

#include "kafka/buffer_reader.h"
#include "kafka/messages/metadata_broker_records.h"
#include "kafka/messages/metadata_cluster_records.h"
#include "kafka/messages/metadata_topic_records.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::broker::metadata {

using record = std::variant<kafka::messages::register_broker_record,
                            kafka::messages::unregister_broker_record,
                            kafka::messages::topic_record,
                            kafka::messages::partition_record,
                            kafka::messages::config_record,
                            kafka::messages::partition_change_record,
                            kafka::messages::remove_topic_record,
                            kafka::messages::feature_level_record,
                            kafka::messages::producer_ids_record,
                            kafka::messages::broker_registration_change_record,
                            kafka::messages::no_op_record>;

enum class record_errc {
    unknown_frame,    ///< The frame has a version other than 1.
    unknown_record,   ///< No record that we know has this key.
    unknown_version,  ///< The record is of a version that we do not know.
    malformed,        ///< The bytes are not what the frame promises; `detail` says where.
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(record_errc what);

struct record_fault {
    record_errc what{};
    kafka::decode_error detail = {};  ///< For `malformed` alone.
};

/// Kafka's name, "PartitionChangeRecord".
[[nodiscard]] std::string_view name(const record& which);

/// Each record in the newest version of its schema.
[[nodiscard]] std::vector<std::byte> encode_record(const record& which);

[[nodiscard]] std::expected<record, record_fault> decode_record(std::span<const std::byte> frame);

}  // namespace verdikt::broker::metadata
