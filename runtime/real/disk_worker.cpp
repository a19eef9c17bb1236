#include "runtime/real/disk_worker.h"

#include <pthread.h>

#include <csignal>
#include <utility>

namespace verdikt::runtime::real {

namespace {

/// Signals are for the loop's thread: here they would only interrupt disk calls.
std::thread start_without_signals(std::function<void()> body) {
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread started(std::move(body));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

}  // namespace

disk_worker::disk_worker(executor loop, const std::string& name)
    : queue_(std::make_shared<disk_queue>(loop)) {
    try {
        for (std::size_t i = 0; i < thread_count; ++i) {
            threads_.push_back(start_without_signals([this] { serve(); }));
            // The kernel keeps 15 characters.
            pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
        }
    } catch (...) {
        end();
        throw;
    }
}

disk_worker::~disk_worker() {
    end();
}

void disk_worker::end() {
    queue_->stop();
    for (std::thread& each : threads_) each.join();
}

void disk_worker::serve() {
    disk_batch batch(counters_);
    const disk_batch::receiver finished = [this](disk_request_list over) {
        queue_->complete(over);
    };
    for (;;) {
        bool syncs_left = false;
        {
            const std::scoped_lock turn(turn_);
            while (!syncs_left) {
                const disk_request_list waiting = queue_->take();
                if (waiting.empty()) return;
                syncs_left = batch.transfer(waiting, finished);
            }
        }
        batch.sync(finished);
    }
}

awaitable<void> disk_worker::call(std::function<void()> work) {
    disk_request request{.call = std::move(work)};
    queue_->submit(request);
    co_await request.done.wait_uncancellable();
}

void disk_worker::call_later(std::uint64_t file_number, std::function<void()> work) {
    auto request = std::make_unique<disk_request>();
    request->file_number = file_number;
    request->call = std::move(work);
    request->detached = true;
    queue_->submit(*request.release());
}

disk_statistics disk_worker::statistics() const {
    const auto value = [](const std::atomic<std::uint64_t>& counter) {
        return counter.load(std::memory_order_relaxed);
    };
    return {.batches = value(counters_.batches),
            .writes = value(counters_.writes),
            .write_calls = value(counters_.write_calls),
            .bytes_written = value(counters_.bytes_written),
            .syncs = value(counters_.syncs),
            .sync_calls = value(counters_.sync_calls),
            .reads = value(counters_.reads)};
}

}  // namespace verdikt::runtime::real
