#include "tests/sim/storage/storm.h"

#include "broker/storage/log_directory.h"
#include "broker/storage/stored_log.h"
#include "runtime/sim/world.h"
#include "tests/sim/storage/naive_log.h"
#include "tests/sim/storage/state_check.h"
#include "tests/sim/storage/storm_clients.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

namespace {

using runtime::awaitable;
using namespace std::chrono_literals;

const std::filesystem::path root = "/data";

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
            co_await clients_.repeat_acknowledged(*log);
            const auto epoch = kafka::leader_epoch(static_cast<std::int32_t>(node_.starts()));
            const int count = 1 + static_cast<int>(env.random().below(4));
            for (int writer = 0; writer < count; ++writer) {
                writers.spawn(clients_.write(env, log, epoch));
            }
            if (env.random().chance(0.4)) writers.spawn(clients_.disturb(env, log));
        }
        serving_ = true;
        while (!stop_asked_) co_await stop_.wait();
    }

    void check_all(log_directory& directory) {
        for (const auto& which : partitions_) {
            const auto log = directory.partition(which);
            if (log == nullptr) {
                if (clients_.wrote_to(which)) note_violation("a partition is gone");
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
            clients_.check(which, truth, stored);
        }
    }

    storm_options options_;
    runtime::sim::world world_;
    runtime::sim::node& node_;
    storm_report report_;
    directory_settings settings_;
    log_config config_;
    std::vector<kafka::topic_partition> partitions_;
    storm_clients clients_{report_, [this](const std::string& what) { note_violation(what); }};
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
