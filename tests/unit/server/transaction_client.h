/// A producer of transactions on the bare wire, step by step, and a reader of what came of them.
/// For tests.
#pragma once

#include "kafka/error_codes.h"
#include "tests/raw_wire/wire_client.h"
#include "tests/unit/server/requests.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::broker::server {

/// How it speaks: 1 before KIP-890, 2 with an epoch a transaction.
enum class spoken_version { one, two };

class transaction_client {
  public:
    transaction_client(tests::wire_client& wire, std::string transactional_id, spoken_version by)
        : wire_(wire), id_(std::move(transactional_id)), by_(by) {}

    runtime::awaitable<kafka::error_code> init();
    runtime::awaitable<kafka::error_code> add(std::string topic);
    /// One record. With version one the topic has to be added first.
    runtime::awaitable<kafka::error_code> send(std::string topic, std::string value);
    /// Takes the new epoch on, under version two.
    runtime::awaitable<kafka::error_code> end(bool commit);
    /// As `end`, until it is taken.
    runtime::awaitable<kafka::error_code> end_patiently(runtime::environment& world, bool commit);
    runtime::awaitable<kafka::error_code> add_offsets(std::string group);
    runtime::awaitable<kafka::error_code> commit_offset(std::string group,
                                                        std::string topic,
                                                        std::int64_t offset);

    std::int64_t producer = -1;
    std::int16_t epoch = -1;
    std::int32_t sequence = 0;

  private:
    [[nodiscard]] std::int16_t version(std::int16_t one, std::int16_t two) const {
        return by_ == spoken_version::one ? one : two;
    }

    tests::wire_client& wire_;
    std::string id_;
    spoken_version by_;
};

/// The values of all committed records of partition 0, as a read_committed reader finds them: to
/// the last stable offset, aborted transactions left out.
runtime::awaitable<std::vector<std::string>> read_committed(tests::wire_client& wire,
                                                            std::string topic);

struct fetched_offset {
    kafka::error_code error = kafka::error_code::none;
    std::int64_t at = -1;
};
runtime::awaitable<fetched_offset> fetch_offset(tests::wire_client& wire,
                                                std::string group,
                                                std::string topic,
                                                bool require_stable);

/// Until a coordinator of that type answers for the key.
runtime::awaitable<void> find_coordinator(runtime::environment& world,
                                          tests::wire_client& wire,
                                          std::string key,
                                          bool of_group = false);

}  // namespace verdikt::broker::server
