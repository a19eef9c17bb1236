/// Records on their way to and from a log, as programs see them.
#pragma once

#include "client/error.h"
#include "kafka/records/record.h"
#include "kafka/types.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::client {

using kafka::topic_partition;
using kafka::records::nullable_bytes;
using kafka::records::record_header;

/// Text as the bytes that records carry.
[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A record to send. It borrows everything: the producer has copied what it needs as soon as
/// `append` or `send` has returned a place in a batch.
struct producer_record {
    std::string_view topic;
    std::optional<kafka::partition_index> partition = {};  ///< Chosen by the partitioner if absent.
    std::optional<kafka::timestamp> time = {};             ///< Now, if absent.
    nullable_bytes key = {};
    nullable_bytes value = {};
    std::span<const record_header> headers = {};
};

/// The record is in the log, under the durability that `acks` asked for.
struct delivered {
    topic_partition where;
    /// -1 if the broker knows that it has the record, but no longer where
    /// (DUPLICATE_SEQUENCE_NUMBER).
    kafka::offset offset = kafka::no_offset;
    kafka::timestamp time = kafka::no_timestamp;

    bool operator==(const delivered&) const = default;
};

/// The record is certainly not in the log, and no attempt that is still under way can put it there.
struct failed {
    error why;

    bool operator==(const failed&) const = default;
};

/// The record may or may not be in the log, now or later: an attempt may have reached the broker,
/// and no answer told its fate. With `acks=0` this is the outcome of every send.
struct unknown {
    error why;

    bool operator==(const unknown&) const = default;
};

using delivery = std::variant<delivered, failed, unknown>;

/// One consumed record. Its spans point into the fetch answer that the `consumed_records` it came
/// with keeps alive.
struct consumed_record {
    std::string_view topic;
    kafka::partition_index partition;
    kafka::offset offset;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
    kafka::timestamp time = kafka::no_timestamp;
    nullable_bytes key;
    nullable_bytes value;
    kafka::records::header_range headers;
};

/// What one poll returned, in offset order within each partition. Copies share the bytes.
class consumed_records {
  public:
    using keep_alive = std::shared_ptr<const void>;

    [[nodiscard]] std::size_t size() const { return records_.size(); }
    [[nodiscard]] bool empty() const { return records_.empty(); }
    [[nodiscard]] auto begin() const { return records_.begin(); }
    [[nodiscard]] auto end() const { return records_.end(); }
    [[nodiscard]] const consumed_record& operator[](std::size_t at) const { return records_[at]; }

    void reserve(std::size_t count) { records_.reserve(count); }
    void add(const consumed_record& record) { records_.push_back(record); }
    /// Requires: whatever the records added so far borrow is kept by `owner` or an earlier one.
    void keep(keep_alive owner) { owners_.push_back(std::move(owner)); }

  private:
    std::vector<consumed_record> records_;
    std::vector<keep_alive> owners_;
};

/// A position to go back to, as it is committed to a group.
struct committed_offset {
    kafka::offset offset;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;  ///< Of the record before it.
    std::string metadata = {};

    bool operator==(const committed_offset&) const = default;
};

}  // namespace verdikt::client
