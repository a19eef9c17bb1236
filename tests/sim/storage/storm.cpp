#include "tests/sim/storage/storm.h"

#include "broker/storage/log_directory.h"
#include "broker/storage/stored_log.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/control.h"
#include "runtime/sim/world.h"
#include "tests/sim/storage/naive_log.h"
#include "tests/sim/storage/state_check.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

namespace {

using runtime::awaitable;
using namespace std::chrono_literals;

const std::filesystem::path root = "/data";

/// Outlives every incarnation of the process: what its clients know.
struct client_memory {
    struct batch {
        std::vector<std::byte> bytes;
        std::int64_t base = 0;
    };
    /// Acknowledged batches by partition and offset.
    std::map<kafka::topic_partition, std::map<kafka::offset, batch>> acknowledged;
    std::map<kafka::topic_partition, kafka::offset> deleted_below;
    /// The last acknowledged batch of producers that wrote nothing after it.
    std::map<kafka::topic_partition, std::map<kafka::producer_id, batch>> last_of_producer;
    std::int64_t next_producer = 1;
};

class storm {
  public:
    storm(std::uint64_t seed, storm_options options)
        : options_(options),
          world_(seed, {.trace_lines = 60, .lowest_log_level = runtime::log_level::info}),
          node_(world_.add_node("broker")) {
        report_.seed = seed;
        auto& dice = world_.random();
        settings_.cluster_id = "storm";
        settings_.reserved_bytes = dice.below(3) * 4096;
        settings_.checkpoint_interval = std::chrono::milliseconds(dice.between(20, 2000));
        settings_.retention_check_interval = std::chrono::milliseconds(dice.between(50, 3000));
        settings_.space_check_interval = std::chrono::milliseconds(dice.between(10, 200));
        config_.segment_bytes = dice.between(700, 9000);
        config_.index_interval_bytes = dice.between(50, 1500);
        config_.file_delete_delay_ms = std::chrono::milliseconds(dice.between(1, 400));
        config_.retention_ms = std::chrono::milliseconds(-1);
        config_.preallocate = dice.chance(0.2);
        if (!options_.durable) {
            config_.flush_messages = INT64_MAX;
            config_.segment_bytes = 1 << 30;  // Each roll would sync.
        }
        settings_.defaults = config_;
        for (int index = 0; index <= static_cast<int>(dice.below(3)); ++index) {
            partitions_.push_back({"storm", kafka::partition_index(index)});
        }
    }

    storm_report run() {
        world_.run(drive());
        const auto& counts = node_.disk().counted();
        report_.sectors_lost = counts.sectors_lost;
        report_.files_torn = counts.files_torn;
        report_.io_errors = counts.errors;
        report_.refused_for_space = counts.refused;
        report_.trace_hash = world_.trace_hash();
        return report_;
    }

  private:
    // ---- The driver: breaks things and brings the process back.

    awaitable<void> drive() {
        for (int count = 0; count <= options_.lives && report_.violation.empty(); ++count) {
            last_life_ = count == options_.lives;
            heal();
            start();
            while (!serving_ && node_.running()) co_await world_.sleep_for(1ms);
            if (!serving_) {
                if (report_.violation.empty()) note_violation("the process ended before serving");
                break;
            }
            co_await world_.sleep_for(random_span(1ms, 400ms));
            break_something();
            co_await world_.sleep_for(random_span(1ms, 400ms));
            end_life();
            co_await node_.until_stopped();
        }
        co_return;
    }

    void start() {
        serving_ = false;
        stop_asked_ = false;
        node_.start([this](runtime::environment& env) -> awaitable<void> { co_await live(env); });
    }

    void heal() {
        node_.disk().heal();
        node_.disk().set_capacity(1ULL << 40U);
    }

    runtime::duration random_span(runtime::duration low, runtime::duration high) {
        return runtime::duration(world_.random().between(low.count(), high.count()));
    }

    void break_something() {
        auto& dice = world_.random();
        auto& disk = node_.disk();
        switch (dice.below(8)) {
            case 0:
                disk.set_error_chance(runtime::sim::disk_operation::write, 0.2);
                break;
            case 1:
                disk.fail_next(runtime::sim::disk_operation::sync, 1);
                break;
            case 2:
                disk.set_capacity(disk.used() + dice.below(20'000));
                break;
            case 3:
                disk.hang();
                break;
            case 4:
                disk.set_latency(runtime::sim::disk_operation::sync,
                                 {.base = 2ms, .jitter = 20ms, .stall_chance = 0.1});
                break;
            case 5:
                disk.fail_next(runtime::sim::disk_operation::write, 1 + dice.below(3));
                break;
            case 6:
                disk.fail_next(runtime::sim::disk_operation::metadata, 1);
                break;
            default:
                break;
        }
    }

    void end_life() {
        if (!node_.running()) return;
        const std::uint64_t dice = world_.random().below(10);
        if (last_life_ || dice == 0) {
            heal();
            stop_asked_ = true;
            stop_.notify_all();
        } else if (dice < 3) {
            ++report_.kills;
            node_.crash();
        } else {
            ++report_.power_cuts;
            node_.power_loss();
        }
    }

    void note_violation(const std::string& what) {
        if (!report_.violation.empty()) return;
        report_.violation = fmt::format("seed {}: {}", report_.seed, what);
        report_.last_effects = world_.report();
        stop_asked_ = true;
        stop_.notify_all();
    }

    // ---- The process.

    awaitable<void> live(runtime::environment& env) {
        auto opened = co_await log_directory::open(env, root, settings_);
        if (!opened) {
            note_violation(fmt::format("recovery failed: {}", describe(opened.error())));
            co_return;
        }
        const std::unique_ptr<log_directory> directory = std::move(*opened);
        runtime::scope writers(env.get_executor());
        std::exception_ptr killed;
        try {
            co_await serve(env, *directory, writers);
        } catch (...) {
            killed = std::current_exception();
        }
        co_await writers.cancel_and_join();
        if (!directory->online()) ++report_.times_offline;
        co_await directory->stop();
        if (killed) std::rethrow_exception(killed);
    }

    awaitable<void> serve(runtime::environment& env,
                          log_directory& directory,
                          runtime::scope& writers) {
        check_all(directory);
        for (const auto& which : partitions_) {
            auto log = directory.partition(which);
            if (log == nullptr) {
                const auto made = co_await directory.create_partition(which, {}, config_);
                if (!made) {
                    note_violation("a partition could not be created");
                    co_return;
                }
                log = *made;
            }
            log->set_sole_replica(true);
            co_await repeat_acknowledged(*log);
            const int count = 1 + static_cast<int>(env.random().below(4));
            for (int writer = 0; writer < count; ++writer) writers.spawn(write(env, log));
            if (env.random().chance(0.4)) writers.spawn(disturb(env, log));
        }
        serving_ = true;
        while (!stop_asked_) co_await stop_.wait();
    }

    void check_all(log_directory& directory) {
        for (const auto& which : partitions_) {
            const auto log = directory.partition(which);
            if (log == nullptr) {
                if (memory_.acknowledged.contains(which)) note_violation("a partition is gone");
                continue;
            }
            const auto& stored = dynamic_cast<const stored_log&>(*log);
            stored.check_invariants();
            const naive::log truth = naive::read(node_.disk(), stored.directory());
            for (const auto& segment : truth.segments) {
                report_.batches_recovered += segment.batches.size();
            }
            const std::string difference = compare_with(truth, stored, config_);
            if (!difference.empty()) note_violation(fmt::format("{}: {}", which, difference));
            check_acknowledged(which, truth, stored);
        }
    }

    void check_acknowledged(const kafka::topic_partition& which,
                            const naive::log& truth,
                            const stored_log& log) {
        const kafka::offset deleted = memory_.deleted_below[which];
        if (log.log_start() < deleted) note_violation("deleted records came back");
        std::map<kafka::offset, const naive::batch*> found;
        for (const auto& segment : truth.segments) {
            for (const auto& each : segment.batches) found[each.header.base_offset] = &each;
        }
        for (const auto& [offset, batch] : memory_.acknowledged[which]) {
            if (offset < log.log_start()) continue;
            const auto here = found.find(offset);
            if (here == found.end()) {
                note_violation(fmt::format("{}: acknowledged offset {} is lost; the log ends at {}",
                                           which,
                                           offset,
                                           log.log_end()));
                return;
            }
            if (here->second->bytes != batch.bytes) {
                note_violation(fmt::format("{}: acknowledged offset {} changed", which, offset));
                return;
            }
        }
    }

    // ---- The clients.

    /// A producer whose last batch was acknowledged sends it again, as after a lost answer.
    awaitable<void> repeat_acknowledged(partition_log& log) {
        auto& last = memory_.last_of_producer[log.partition()];
        for (const auto& [producer, batch] : last) {
            std::vector<std::byte> again = batch.bytes;
            const auto done =
                co_await log.append(again, append_origin::client, kafka::leader_epoch(0));
            if (!done) {
                note_violation(fmt::format("a repeated batch of producer {} is refused: {}",
                                           producer,
                                           describe(done.error())));
            } else if (!done->duplicate || done->base_offset != kafka::offset(batch.base)) {
                note_violation(fmt::format("producer {}'s batch is appended twice", producer));
            } else {
                ++report_.duplicates;
            }
        }
        last.clear();
    }

    struct producer {
        kafka::producer_id id = kafka::no_producer_id;
        kafka::sequence next;
        bool in_transaction = false;
        bool transactional = false;
    };

    awaitable<void> write(runtime::environment& env, std::shared_ptr<partition_log> log) {
        auto dice = env.random().fork();
        producer me;
        if (dice.chance(0.7)) {
            me.id = kafka::producer_id(memory_.next_producer++);
            me.next = kafka::sequence(0);
            me.transactional = dice.chance(0.4);
        }
        for (;;) {
            const bool marker = me.in_transaction && dice.chance(0.3);
            std::vector<std::byte> bytes = marker ? make_marker(me, dice) : make_data(me, dice);
            if (!co_await write_until_acknowledged(*log, bytes, me, marker, env, dice)) co_return;
            co_await env.sleep_for(runtime::duration(dice.between(0, 12'000'000)));
        }
    }

    awaitable<bool> write_until_acknowledged(partition_log& log,
                                             std::vector<std::byte>& bytes,
                                             producer& me,
                                             bool marker,
                                             runtime::environment& env,
                                             runtime::random_source& dice) {
        const bool idempotent = me.id > kafka::no_producer_id && !marker;
        // From here on it is unknown what of this producer is in the log.
        memory_.last_of_producer[log.partition()].erase(me.id);
        for (;;) {
            const auto epoch = kafka::leader_epoch(static_cast<std::int32_t>(node_.starts()));
            const auto done = co_await log.append(
                bytes, marker ? append_origin::internal : append_origin::client, epoch);
            if (done) {
                if (!co_await log.wait_committed(done->last_offset.next())) co_return false;
                remember(log.partition(), bytes, *done, me, marker);
                co_return true;
            }
            ++report_.failed_appends;
            if (done.error() == errc::offline || done.error() == errc::stopped) co_return false;
            const bool may_retry =
                done.error() == errc::no_space || done.error() == errc::write_failed;
            if (!may_retry) {
                note_violation(fmt::format(
                    "an append of producer {} is refused: {}", me.id, describe(done.error())));
                co_return false;
            }
            co_await env.sleep_for(runtime::duration(dice.between(1'000'000, 20'000'000)));
            if (!idempotent && !marker && dice.chance(0.5)) co_return true;  // Gives it up.
        }
    }

    void remember(const kafka::topic_partition& which,
                  const std::vector<std::byte>& bytes,
                  const append_result& done,
                  producer& me,
                  bool marker) {
        if (done.duplicate) {
            ++report_.duplicates;
            return;
        }
        ++report_.acknowledged;
        const auto header = kafka::records::parse_batch_header(bytes);
        const client_memory::batch kept{.bytes = bytes, .base = done.base_offset.value()};
        memory_.acknowledged[which][done.base_offset] = kept;
        if (marker) {
            me.in_transaction = false;
        } else if (me.id > kafka::no_producer_id) {
            me.next = header->last_sequence().next();
            me.in_transaction = me.transactional;
            memory_.last_of_producer[which][me.id] = kept;
        }
    }

    std::vector<std::byte> make_data(const producer& me, runtime::random_source& dice) {
        kafka::records::batch_builder builder;
        std::vector<std::byte> value(dice.below(dice.chance(0.1) ? 3000 : 200));
        dice.fill(value);
        const auto count = 1 + dice.below(4);
        for (std::uint64_t record = 0; record < count; ++record) {
            builder.append({.time = kafka::timestamp(dice.between(1'000'000, 1'010'000)),
                            .key = std::nullopt,
                            .value = value});
        }
        const bool idempotent = me.id > kafka::no_producer_id;
        const auto built =
            builder.build({.producer_id = me.id,
                           .producer_epoch = kafka::producer_epoch(idempotent ? 0 : -1),
                           .base_sequence = idempotent ? me.next : kafka::sequence(),
                           .transactional = me.transactional},
                          kafka::records::compression::of_this_thread());
        return {built->begin(), built->end()};
    }

    std::vector<std::byte> make_marker(const producer& me, runtime::random_source& dice) {
        const auto batch = kafka::records::make_marker_batch(
            {.producer_id = me.id,
             .producer_epoch = kafka::producer_epoch(0),
             .outcome = dice.chance(0.5) ? kafka::records::control_type::abort
                                         : kafka::records::control_type::commit,
             .coordinator_epoch = 1,
             .time = kafka::timestamp(1'005'000)});
        return {batch.bytes().begin(), batch.bytes().end()};
    }

    /// Rolls, flushes, deletes records and reads, now and then.
    awaitable<void> disturb(runtime::environment& env, std::shared_ptr<partition_log> log) {
        auto dice = env.random().fork();
        for (;;) {
            co_await env.sleep_for(runtime::duration(dice.between(1'000'000, 80'000'000)));
            switch (dice.below(5)) {
                case 0:
                    (void)co_await log->roll();
                    break;
                case 1:
                    (void)co_await log->flush();
                    break;
                case 2:
                    co_await delete_some(*log, dice);
                    break;
                default:
                    co_await read_some(*log, dice);
                    break;
            }
            dynamic_cast<const stored_log&>(*log).check_invariants();
        }
    }

    awaitable<void> delete_some(partition_log& log, runtime::random_source& dice) {
        const std::int64_t span = log.high_watermark() - log.log_start();
        const kafka::offset up_to =
            log.log_start() +
            static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(span) / 2 + 1));
        const kafka::topic_partition which = log.partition();
        const auto deleted = co_await log.delete_records(up_to);
        if (deleted) memory_.deleted_below[which] = *deleted;
    }

    awaitable<void> read_some(partition_log& log, runtime::random_source& dice) {
        const kafka::offset start = log.log_start();
        const kafka::offset end = log.high_watermark();
        const kafka::offset from =
            start +
            static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(end - start) + 1));
        const auto bytes =
            co_await log.read_bytes({.from = from, .max_bytes = dice.below(5000), .bound = end});
        if (!bytes) co_return;
        kafka::records::batch_reader batches(*bytes);
        while (!batches.done()) {
            const auto batch = batches.next();
            if (!batch || !batch->checksum_matches()) {
                note_violation("a read gave a damaged batch");
                co_return;
            }
            if (batch->last_offset() >= end) note_violation("a read passed its bound");
        }
    }

    storm_options options_;
    runtime::sim::world world_;
    runtime::sim::node& node_;
    storm_report report_;
    directory_settings settings_;
    log_config config_;
    std::vector<kafka::topic_partition> partitions_;
    client_memory memory_;
    runtime::notification stop_;
    bool stop_asked_ = false;
    bool serving_ = false;
    bool last_life_ = false;
};

}  // namespace

storm_report run_storm(std::uint64_t seed, storm_options options) {
    storm made(seed, options);
    return made.run();
}

}  // namespace verdikt::broker::storage
