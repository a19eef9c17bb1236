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
    thread_ = start_without_signals([this] { serve(); });
    // The kernel keeps 15 characters.
    pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
}

disk_worker::~disk_worker() {
    queue_->stop();
    thread_.join();
}

void disk_worker::serve() {
    disk_batch batch(counters_);
    const std::function<void(disk_request_list)> finished = [this](disk_request_list over) {
        queue_->complete(over);
    };
    for (;;) {
        const disk_request_list waiting = queue_->take();
        if (waiting.empty()) return;
        batch.run(waiting, finished);
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
