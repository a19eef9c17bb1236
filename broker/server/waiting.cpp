#include "broker/server/waiting.h"

#include "runtime/scope.h"

namespace verdikt::broker::server {

namespace {

// Each looks before it waits: the log may have moved before the coroutine got its first turn.
runtime::awaitable<void> end_when_moved(watched_log which, runtime::scope& waiting) {
    while (!which.moved()) co_await which.log->changed().wait();
    waiting.cancel();
}

runtime::awaitable<void> end_at(runtime::environment& world,
                                runtime::instant deadline,
                                runtime::scope& waiting) {
    co_await world.sleep_until(deadline);
    waiting.cancel();
}

runtime::awaitable<void> end_when_stopping(node_services& here, runtime::scope& waiting) {
    while (!here.stopping) co_await here.stop_announced.wait();
    waiting.cancel();
}

}  // namespace

bool watched_log::moved() const {
    const kafka::offset end = committed_only ? log->last_stable_offset() : log->high_watermark();
    return end != seen || log->failure().has_value();
}

runtime::awaitable<void> wait_for_records(node_services& here,
                                          runtime::instant deadline,
                                          std::vector<watched_log> logs) {
    runtime::scope waiting(here.world.get_executor());
    for (watched_log& which : logs) waiting.spawn(end_when_moved(std::move(which), waiting));
    waiting.spawn(end_when_stopping(here, waiting));
    waiting.spawn(end_at(here.world, deadline, waiting));
    co_await waiting.join();
}

}  // namespace verdikt::broker::server
