// What goes on by itself: the tick, checkpoints, the watch over directories; and the end of it.
#include "broker/replication/host/alter_partition_sender.h"
#include "broker/replication/host/leader_fetcher.h"
#include "broker/replication/host/replicas.h"

#include <utility>

namespace verdikt::broker::replication::host {

namespace {

// Who waits for nothing is looked at this often only: for followers that fell behind.
constexpr int ticks_of_the_restful = 5;

}  // namespace

void replicas::start() {
    tasks_.spawn(run_ticks());
    tasks_.spawn(run_checkpoints());
    tasks_.spawn(sender_->run());
    for (storage::log_directory* directory : around_.directories) {
        tasks_.spawn(watch(*directory));
    }
    if (around_.assign_directories) tasks_.spawn(run_reports());
}

runtime::awaitable<void> replicas::run_ticks() {
    for (int count = 1;; ++count) {
        co_await world_.sleep_for(settings_.tick_interval);
        const bool everybody = count % ticks_of_the_restful == 0;
        for (const auto& [name, each] : places_) {
            if (each.open && (everybody || each.open->is_restless())) each.open->tick();
        }
    }
}

/// A high watermark that a restart finds saves readers of a new leader the wait for the old one's.
runtime::awaitable<void> replicas::run_checkpoints() {
    std::map<kafka::topic_partition, kafka::offset> saved;
    for (;;) {
        co_await world_.sleep_for(settings_.checkpoint_interval);
        std::map<kafka::topic_partition, kafka::offset> present;
        for (const auto& [name, each] : places_) {
            if (each.open) present[name] = each.open->log().high_watermark();
        }
        if (present == saved) continue;
        saved = std::move(present);
        for (storage::log_directory* directory : around_.directories) {
            if (directory->online()) (void)co_await directory->checkpoint();
        }
    }
}

void replicas::stop_waiting() {
    waiting_is_over_ = true;
    for (read_wait* each : waiting_reads_) each->wake();
}

runtime::awaitable<void> replicas::stop() {
    stopped_ = true;
    stop_waiting();
    co_await tasks_.cancel_and_join();
    for (auto& [name, each] : places_) {
        if (each.open) co_await each.open->stop();
    }
    by_id_.clear();
    places_.clear();
}

}  // namespace verdikt::broker::replication::host
