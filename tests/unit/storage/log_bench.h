/// A log directory on a simulated node, for tests of what storage does in service.
///
/// Each `run` is one life of the process: the directory is opened, handed to the test's body, and
/// stopped. Between two runs the test may cut the power, fill the disk or look at the files.
#pragma once

#include "broker/storage/log_directory.h"
#include "broker/storage/stored_log.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/control.h"
#include "runtime/sim/world.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

inline const std::filesystem::path data_directory = "/data/log";

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

struct batch_wish {
    std::vector<std::string> values = {"value"};
    std::int64_t time = 1000;
    int producer = -1;
    int epoch = 0;
    int sequence = -1;
    bool transactional = false;
    kafka::records::codec codec = kafka::records::codec::none;
    std::size_t padding = 0;
};

inline kafka::records::byte_buffer make_batch(const batch_wish& wish) {
    kafka::records::batch_builder builder;
    std::int64_t time = wish.time;
    for (const std::string& value : wish.values) {
        const std::string padded = value + std::string(wish.padding, '.');
        builder.append(
            {.time = kafka::timestamp(time++), .key = bytes_of(value), .value = bytes_of(padded)});
    }
    const auto built = builder.build(
        {.compression_codec = wish.codec,
         .producer_id = kafka::producer_id(wish.producer),
         .producer_epoch =
             kafka::producer_epoch(static_cast<std::int16_t>(wish.producer < 0 ? -1 : wish.epoch)),
         .base_sequence = kafka::sequence(wish.sequence),
         .transactional = wish.transactional},
        kafka::records::compression::of_this_thread());
    kafka::records::byte_buffer batch;
    batch.append(built.value());
    return batch;
}

class log_test : public testing::Test {
  protected:
    using body = std::function<runtime::awaitable<void>(log_directory&)>;
    using log_body = std::function<runtime::awaitable<void>(stored_log&)>;

    log_test() {
        settings.cluster_id = "cluster";
        settings.reserved_bytes = 0;
        config.index_interval_bytes = 200;
    }

    /// One life of the process; what leaves the body as an exception fails the test.
    void run(body what) {
        node.start([this, what](runtime::environment& world) -> runtime::awaitable<void> {
            co_await live(world, what);
        });
        universe.run(node.until_stopped());
        if (node.failure()) std::rethrow_exception(node.failure());
    }

    /// The directory is stopped however the body ends.
    runtime::awaitable<void> live(runtime::environment& world, body what) {
        auto opened = co_await log_directory::open(world, data_directory, settings);
        CHECK(opened.has_value(), "the directory does not open: {}", describe(opened.error()));
        const std::unique_ptr<log_directory> directory = std::move(*opened);
        std::exception_ptr failure;
        try {
            co_await what(*directory);
        } catch (...) {
            failure = std::current_exception();
        }
        co_await directory->stop();
        if (failure) std::rethrow_exception(failure);
    }

    /// Between two lives.
    void remove(const std::filesystem::path& path) {
        node.start([path](runtime::environment& env) -> runtime::awaitable<void> {
            CHECK((co_await env.files().remove(path)).has_value());
        });
        universe.run(node.until_stopped());
    }

    /// With the partition `topic-0`, created where it is absent.
    void run_log(log_body what) {
        run([this, what](log_directory& directory) -> runtime::awaitable<void> {
            auto log = directory.partition(which);
            if (log == nullptr) {
                auto created = co_await directory.create_partition(which, topic_id(), config);
                CHECK(created.has_value());
                log = *created;
            }
            log->configure(config);
            co_await what(dynamic_cast<stored_log&>(*log));
            dynamic_cast<stored_log&>(*log).check_invariants();
        });
    }

    static kafka::uuid topic_id() {
        kafka::uuid id;
        id.bytes[15] = std::byte{42};
        return id;
    }

    static runtime::awaitable<std::expected<append_result, errc>> append(
        partition_log& log,
        batch_wish wish,
        append_origin origin = append_origin::client,
        kafka::leader_epoch epoch = kafka::leader_epoch(0)) {
        kafka::records::byte_buffer batch = make_batch(wish);
        co_return co_await log.append(batch.bytes(), origin, epoch);
    }

    static runtime::awaitable<std::expected<append_result, errc>> append_marker(
        partition_log& log, int producer, kafka::records::control_type outcome, int epoch = 0) {
        kafka::records::byte_buffer marker = kafka::records::make_marker_batch(
            {.producer_id = kafka::producer_id(producer),
             .producer_epoch = kafka::producer_epoch(static_cast<std::int16_t>(epoch)),
             .outcome = outcome,
             .coordinator_epoch = 1,
             .time = kafka::timestamp(5000)});
        co_return co_await log.append(
            marker.bytes(), append_origin::internal, kafka::leader_epoch(0));
    }

    /// Values of all records from `from` on, in order.
    static runtime::awaitable<std::vector<std::string>> values(partition_log& log,
                                                               kafka::offset from) {
        std::vector<std::string> found;
        while (from < log.log_end()) {
            const auto bytes =
                co_await log.read_bytes({.from = from, .max_bytes = 300, .bound = log.log_end()});
            CHECK(bytes.has_value());
            if (bytes->empty()) break;
            kafka::records::batch_reader batches(*bytes);
            while (!batches.done()) {
                const auto batch = batches.next();
                CHECK(batch && batch->checksum_matches());
                collect(*batch, from, found);
                from = batch->next_offset();
            }
        }
        co_return found;
    }

    runtime::sim::world universe{1};
    runtime::sim::node& node = universe.add_node("broker");
    kafka::topic_partition which{.topic = "topic", .partition = kafka::partition_index(0)};
    directory_settings settings;
    log_config config;

  private:
    static void collect(const kafka::records::batch_view& batch,
                        kafka::offset from,
                        std::vector<std::string>& found) {
        if (batch.attributes().is_control()) return;
        kafka::records::byte_buffer scratch;
        const auto payload = kafka::records::uncompressed_payload(
            batch, kafka::records::compression::of_this_thread(), std::size_t{1} << 24, scratch);
        CHECK(payload.has_value());
        kafka::records::record_reader records(*payload, batch.record_count());
        while (!records.done()) {
            const auto record = records.next();
            CHECK(record.has_value());
            if (record->offset_in(batch.header()) < from) continue;
            const auto value = record->value.value_or(std::span<const std::byte>());
            std::string text(reinterpret_cast<const char*>(value.data()), value.size());
            found.push_back(text.substr(0, text.find('.')));
        }
    }
};

}  // namespace verdikt::broker::storage
