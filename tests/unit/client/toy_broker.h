/// A broker of one node and one topic for the client's tests, whose manners the test decides.
///
/// It keeps its log in memory, as batches, with Kafka's rules for idempotent producers, and serves
/// just the requests that producers and consumers send. Before each answer it asks the test what to
/// do with the request.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/error_codes.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/produce.h"
#include "runtime/environment.h"
#include "runtime/scope.h"
#include "tests/unit/client/log_model.h"
#include "tests/unit/client/toy_controller.h"
#include "tests/unit/client/toy_group.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::client {

/// What becomes of one request.
struct manners {
    bool ignore = false;   ///< The connection breaks before the request is looked at.
    bool swallow = false;  ///< It is carried out, and the connection breaks before the answer.
    bool silent = false;   ///< It is carried out and, as all behind it, never answered.
                           ///< The connection stays.
    std::optional<kafka::error_code> error = {};  ///< Not carried out, refused with this.
    runtime::duration delay{};
};

struct stored_batch {
    std::int64_t base = 0;
    std::int32_t count = 0;
    std::vector<std::byte> bytes;
};

/// What outlives the broker's process.
struct toy_log {
    log_model producers;
    std::vector<stored_batch> batches;
    std::int64_t start = 0;  ///< What is below was deleted.
    std::int64_t end = 0;
    std::int64_t next_producer_id = 1'000;
    toy_group group;
    toy_controller controller;
};

class toy_broker {
  public:
    using decide = std::function<manners(kafka::api_key, int nth)>;

    toy_broker(runtime::environment& world, toy_log& log) : world_(world), log_(log) {}

    /// `nth` counts the requests of that kind, from 1.
    decide behave = [](kafka::api_key, int) { return manners(); };
    std::map<std::int16_t, std::pair<std::int16_t, std::int16_t>> versions;  ///< Offered; see .cpp.
    bool old_api_versions = false;  ///< Knows only version 0 of ApiVersions.
    std::int32_t node = 0;          ///< It may go by another id from now on, like another broker.
    std::int32_t leader_epoch = 0;
    std::optional<std::int64_t> epoch_end;  ///< Told of every epoch; the log's end if absent.

    runtime::awaitable<void> serve();
    [[nodiscard]] int served(kafka::api_key key) const {
        const auto found = counts_.find(key);
        return found == counts_.end() ? 0 : found->second;
    }

  private:
    struct asked {
        kafka::api_key key;
        std::int16_t version;
        std::span<const std::byte> body;
    };

    runtime::awaitable<void> accept(runtime::scope& talking);
    runtime::awaitable<void> talk(std::unique_ptr<runtime::stream> with);
    [[nodiscard]] std::vector<std::byte> carry_out(const asked& what,
                                                   std::optional<kafka::error_code> refuse);
    [[nodiscard]] std::vector<std::byte> api_versions(std::int16_t version);
    [[nodiscard]] std::vector<std::byte> metadata(const asked& what);
    [[nodiscard]] std::vector<std::byte> produce(const asked& what,
                                                 std::optional<kafka::error_code> refuse);
    [[nodiscard]] static std::int64_t awaited_end(const asked& what);
    [[nodiscard]] std::vector<std::byte> fetch(const asked& what,
                                               std::optional<kafka::error_code> refuse);
    [[nodiscard]] std::vector<std::byte> epoch_ends(const asked& what);
    [[nodiscard]] std::vector<std::byte> list_offsets(const asked& what,
                                                      std::optional<kafka::error_code> refuse);
    void append(const kafka::messages::produce_request::partition_produce_data& data,
                kafka::messages::produce_response::partition_produce_response& told);

    runtime::environment& world_;
    toy_log& log_;
    std::map<kafka::api_key, int> counts_;
};

/// The numbers that the log's records carry as their values, in order.
[[nodiscard]] std::vector<int> numbers_in(const toy_log& log);

}  // namespace verdikt::client
