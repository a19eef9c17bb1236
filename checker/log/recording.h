/// A history of sends and polls, kept whole in little memory: what the log checker judges.
///
/// Operations are rows, what they did are events, 16 bytes each; an operation that sends one
/// message which is polled once takes about 110 bytes in all. Lines of the history are counted from
/// 0 (`line`); what a report shows is the operation's `index`, which is nearly always the same
/// number.
///
/// Operations understood, by `f` (micro-operations as jepsen.tests.kafka has them, what is ours
/// marked +):
///     send, poll, txn   [[:send k v] [:poll] …], completed as [[:send k [offset v]] [:poll {k
///     [[offset v] …]}] …];
///                       + a pair may go on with the record's leader epoch and timestamp, nil where
///                       unknown
///     assign, subscribe [k …]; `seek-to-beginning?` true where it starts from the beginning
///     list-offsets +    {k end}: the end offset that the partition's leader gave
/// A completed poll may say `rebalance-log` [{:keys [k …]} …], the partitions that came or went
/// meanwhile, and `read-to-end` + [k …], those that its process has read, since its last `assign`
/// began, up to an end offset that the leader told after that. An operation that sends may say
/// `acks` + ("0", "1" or "all"): what its producer waited for, where that differs from one to the
/// next. Others, and what the nemesis does, are counted and left alone.
#pragma once

#include "checker/history/line_indexes.h"
#include "checker/history/operation.h"
#include "checker/history/reader.h"
#include "checker/log/message_table.h"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace verdikt::checker::log {

enum class act : std::uint8_t { send, poll, txn, assign, subscribe, list_offsets };

enum class event_kind : std::uint8_t {
    sent,
    polled,
    /// Of assign and subscribe: a partition that is held from now on.
    held,
    /// The consumer lost or got this partition while the operation ran.
    rebalanced,
    end_offset,
    /// The consumer has read this partition up to the end that the leader told since the last
    /// `assign`.
    at_end,
};

inline constexpr std::int64_t unknown_offset = -1;

struct event {
    /// Of a send the one it was told, or `unknown_offset`.
    std::int64_t offset = unknown_offset;
    /// Of `sent` and `polled` the message, of the others the partition.
    std::uint32_t subject = none;
    event_kind kind = event_kind::sent;
};

/// What the producer of an operation waited for, where the history says so.
enum class waited_for : std::uint8_t { unsaid, nobody, leader, all };

/// One operation.
struct row {
    std::uint32_t begun = 0;
    /// `none` where it never ended, as its type `info` says too.
    std::uint32_t ended = none;
    std::uint32_t process = 0;
    std::uint32_t first_event = 0;
    std::uint32_t events = 0;
    act what = act::send;
    history::op_type type = history::op_type::info;
    bool from_beginning = false;
    waited_for acks = waited_for::unsaid;

    /// It said that it would not wait for all replicas: an acknowledgement then promises nothing.
    [[nodiscard]] bool is_weak() const {
        return acks == waited_for::nobody || acks == waited_for::leader;
    }
};

/// What a polled record carries besides its value. Few histories have it.
struct stamp {
    std::uint32_t event = 0;
    std::int32_t epoch = -1;
    std::int64_t timestamp = -1;
};

class recording {
  public:
    /// Reads all of it. An operation that never ended is `info`.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from);

    /// In the order in which they ended; those that never did are last.
    [[nodiscard]] const std::vector<row>& rows() const { return rows_; }
    [[nodiscard]] std::span<const event> events_of(const row& which) const {
        return std::span(events_).subspan(which.first_event, which.events);
    }
    [[nodiscard]] const std::vector<event>& events() const { return events_; }
    [[nodiscard]] const std::vector<stamp>& stamps() const { return stamps_; }
    [[nodiscard]] const message_table& messages() const { return messages_; }
    [[nodiscard]] const name_table& partitions() const { return partitions_; }
    [[nodiscard]] std::uint32_t processes() const { return processes_; }
    [[nodiscard]] std::uint32_t lines() const { return indexes_.lines(); }
    [[nodiscard]] std::uint32_t partition_of(const event& which) const {
        const bool message = which.kind == event_kind::sent || which.kind == event_kind::polled;
        return message ? messages_.partition_of(which.subject) : which.subject;
    }
    /// The `index` of the operation on that line.
    [[nodiscard]] std::int64_t index_of(std::uint32_t line) const { return indexes_.of(line); }
    /// The line that shows best what the operation did: where it ended, or began if it never did.
    [[nodiscard]] std::int64_t index_of(const row& which) const {
        return index_of(which.ended == none ? which.begun : which.ended);
    }

  private:
    friend class recorder;

    std::vector<row> rows_;
    std::vector<event> events_;
    std::vector<stamp> stamps_;
    message_table messages_;
    name_table partitions_;
    history::line_indexes indexes_;
    std::uint32_t processes_ = 0;
};

}  // namespace verdikt::checker::log
