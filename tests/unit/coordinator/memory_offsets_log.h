/// An `offsets_log` in memory that can be slow, fail, and be looked into.
#pragma once

#include "broker/coordinator/offsets_log.h"
#include "runtime/notification.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::broker::coordinator {

class memory_offsets_log final : public offsets_log {
  public:
    runtime::awaitable<std::expected<void, kafka::error_code>> append(
        kafka::partition_index partition,
        kafka::leader_epoch,
        std::vector<offsets_record> records) override {
        ++appends_;
        while (held_) co_await released_.wait();
        if (failure_ != kafka::error_code::none) co_return std::unexpected(failure_);
        auto& log = partitions_[partition];
        log.insert(log.end(), records.begin(), records.end());
        co_return std::expected<void, kafka::error_code>();
    }

    runtime::awaitable<std::expected<void, kafka::error_code>> replay(
        kafka::partition_index partition, visitor visit) override {
        while (held_) co_await released_.wait();
        if (failure_ != kafka::error_code::none) co_return std::unexpected(failure_);
        for (const offsets_record& record : partitions_[partition]) {
            if (record.value) {
                visit(record.key, std::span<const std::byte>(*record.value));
            } else {
                visit(record.key, std::nullopt);
            }
        }
        co_return std::expected<void, kafka::error_code>();
    }

    /// Nothing completes until `release`.
    void hold() { held_ = true; }
    void release() {
        held_ = false;
        released_.notify_all();
    }
    void fail_with(kafka::error_code error) { failure_ = error; }

    [[nodiscard]] std::size_t appends() const { return appends_; }
    /// Keys whose last record has a value.
    [[nodiscard]] std::size_t live_keys() const {
        std::map<std::vector<std::byte>, bool> live;
        for (const auto& [index, log] : partitions_) {
            for (const auto& record : log) live[record.key] = record.value.has_value();
        }
        std::size_t count = 0;
        for (const auto& [key, has_value] : live) count += has_value ? 1 : 0;
        return count;
    }

  private:
    std::map<kafka::partition_index, std::vector<offsets_record>> partitions_;
    std::size_t appends_ = 0;
    bool held_ = false;
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
