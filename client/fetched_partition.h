/// The records of one partition in one Fetch answer, handed out a few at a time.
///
/// Pure but for decompression. Batches are checked and unpacked when they are reached. Control
/// batches are skipped, and with read_committed so are the batches of aborted transactions: a
/// producer's transactional batches from an aborted transaction's first offset up to its abort
/// marker (KIP-98).
///
/// Records borrow the answer, or the memory into which a compressed batch was unpacked; both are
/// kept alive by the `consumed_records` that they are added to.
#pragma once

#include "client/connection.h"
#include "client/positions.h"
#include "client/record.h"
#include "kafka/messages/fetch.h"
#include "kafka/records/batch.h"
#include "kafka/records/compression.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace verdikt::client {

struct fetch_rules {
    bool read_committed = false;
    bool check_crcs = true;
    std::size_t unpacked_size_max = std::size_t{1} << 30;  ///< Of one batch.
};

class fetched_partition {
  public:
    /// Requires: `data.records` borrows `answer`.
    fetched_partition(topic_partition where,
                      std::uint64_t turn,
                      kafka::offset from,
                      const kafka::messages::fetch_response::partition_data& data,
                      answer_bytes answer,
                      fetch_rules rules);

    /// Adds up to `count` records. What was added before an error stands.
    result<void> take(std::size_t count, consumed_records& into);

    /// Where to go on: behind what was taken or skipped.
    [[nodiscard]] const fetch_position& next() const { return next_; }
    /// Nothing is left, or nothing can be read any more.
    [[nodiscard]] bool exhausted() const { return exhausted_; }
    [[nodiscard]] const topic_partition& where() const { return source_->where; }
    [[nodiscard]] std::uint64_t turn() const { return turn_; }
    [[nodiscard]] kafka::offset from() const { return from_; }

  private:
    struct source {
        topic_partition where;
        answer_bytes answer;
    };
    struct aborted {
        kafka::offset first;
        kafka::producer_id producer;
        auto operator<=>(const aborted&) const = default;
    };

    result<void> open_batch();
    [[nodiscard]] bool is_hidden(const kafka::records::batch_view& batch);
    [[nodiscard]] error corrupt(kafka::records::errc why) const;
    result<void> take_from_batch(std::size_t& left, consumed_records& into);
    void close_batch();

    std::shared_ptr<const source> source_;
    std::uint64_t turn_;
    kafka::offset from_;
    fetch_rules rules_;
    kafka::records::batch_reader batches_;
    std::vector<aborted> aborted_;  ///< By first offset, latest first.
    std::set<kafka::producer_id> aborting_;
    std::optional<kafka::records::batch_header> header_;  ///< Of the open batch.
    kafka::records::record_reader records_{{}, 0};
    consumed_records::keep_alive unpacked_;
    fetch_position next_;
    bool exhausted_ = false;
};

}  // namespace verdikt::client
