/// A `coordinator_log` in memory that can be slow, fail, and be looked into.
#pragma once

#include "broker/coordinator/coordinator_log.h"
#include "runtime/notification.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::broker::coordinator {

class memory_coordinator_log final : public coordinator_log {
  public:
    runtime::awaitable<append_outcome> append(kafka::partition_index partition,
                                              kafka::leader_epoch,
                                              std::vector<log_record> records,
                                              std::optional<log_transaction> transaction) override {
        ++appends_;
        while (held_) co_await released_.wait();
        if (failure_ != kafka::error_code::none) co_return std::unexpected(failure_);
        for (log_record& record : records) {
            entry next{.record = std::move(record)};
            if (transaction) next.producer = transaction->producer;
            partitions_[partition].push_back(std::move(next));
        }
        co_return append_outcome();
    }

    runtime::awaitable<append_outcome> append_marker(
        kafka::partition_index partition,
        kafka::leader_epoch,
        transactional::transaction_marker marker) override {
        ++appends_;
        while (held_) co_await released_.wait();
        if (failure_ != kafka::error_code::none) co_return std::unexpected(failure_);
        partitions_[partition].push_back({.marker = marker.what});
        co_return append_outcome();
    }

    runtime::awaitable<std::expected<std::optional<replication::guard>, kafka::error_code>>
    open_transaction(kafka::partition_index, transactional::claimed_transaction) override {
        if (verdict_ != kafka::error_code::none) co_return std::unexpected(verdict_);
        co_return std::optional<replication::guard>();
    }

    runtime::awaitable<append_outcome> replay(kafka::partition_index partition,
                                              log_visitor& visitor) override {
        while (held_) co_await released_.wait();
        if (failure_ != kafka::error_code::none) co_return std::unexpected(failure_);
        for (const entry& next : partitions_[partition]) {
            if (next.marker) {
                visitor.transaction_ended(
                    next.marker->producer_id,
                    next.marker->outcome == kafka::records::control_type::commit);
                continue;
            }
            std::optional<std::span<const std::byte>> value;
            if (next.record.value) value = *next.record.value;
            visitor.record(next.record.key, value, next.producer);
        }
        co_return append_outcome();
    }

    /// Nothing completes until `release`.
    void hold() { held_ = true; }
    void release() {
        held_ = false;
        released_.notify_all();
    }
    void fail_with(kafka::error_code error) { failure_ = error; }
    /// What the coordinators of transactions say from now on.
    void verify_with(kafka::error_code verdict) { verdict_ = verdict; }

    [[nodiscard]] std::size_t appends() const { return appends_; }
    /// Keys whose last record has a value.
    [[nodiscard]] std::size_t live_keys() const {
        std::map<std::vector<std::byte>, bool> live;
        for (const auto& [index, log] : partitions_) {
            for (const entry& each : log) {
                if (!each.marker) live[each.record.key] = each.record.value.has_value();
            }
        }
        std::size_t count = 0;
        for (const auto& [key, has_value] : live) count += has_value ? 1 : 0;
        return count;
    }

  private:
    struct entry {
        log_record record = {};
        std::optional<kafka::producer_id> producer = {};
        std::optional<kafka::records::end_transaction_marker> marker = {};
    };

    std::map<kafka::partition_index, std::vector<entry>> partitions_;
    std::size_t appends_ = 0;
    bool held_ = false;
    kafka::error_code verdict_ = kafka::error_code::none;
    kafka::error_code failure_ = kafka::error_code::none;
    runtime::notification released_;
};

/// Topics by name, with a number of partitions each.
class fixed_topics final : public topic_lookup {
  public:
    explicit fixed_topics(std::map<std::string, std::int32_t, std::less<>> topics)
        : topics_(std::move(topics)) {}

    [[nodiscard]] bool exists(std::string_view topic,
                              kafka::partition_index partition) const override {
        const auto found = topics_.find(topic);
        return found != topics_.end() && partition.value() >= 0 &&
               partition.value() < found->second;
    }

  private:
    std::map<std::string, std::int32_t, std::less<>> topics_;
};

}  // namespace verdikt::broker::coordinator
