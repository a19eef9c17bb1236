#include "runtime/real/disk_queue.h"

#include "runtime/check.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace verdikt::runtime::real {

namespace {

void delete_detached(disk_request_list requests) {
    while (!requests.empty()) {
        disk_request& request = requests.pop();
        if (request.detached) delete &request;
    }
}

}  // namespace

disk_queue::~disk_queue() {
    delete_detached(held_back_.take_all());
    delete_detached(submitted_.take_all());
    delete_detached(completed_.take_all());
}

void disk_queue::submit(disk_request& request) {
    held_back_.push(request);
    hand_over_what_fits();
}

void disk_queue::hand_over_what_fits() {
    disk_request_list fitting;
    while (!held_back_.empty()) {
        const std::uint64_t size = held_back_.front()->size;
        const bool fits = handed_over_bytes_ + size <= handed_over_bytes_max;
        if (!fits && handed_over_count_ > 0) break;
        handed_over_bytes_ += size;
        ++handed_over_count_;
        fitting.push(held_back_.pop());
    }
    if (fitting.empty()) return;
    bool worker_waits = false;
    {
        const std::scoped_lock lock(mutex_);
        submitted_.append(std::move(fitting));
        worker_waits = std::exchange(worker_waits_, false);
    }
    if (worker_waits) work_arrived_.notify_one();
}

void disk_queue::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        worker_waits_ = false;
    }
    work_arrived_.notify_one();
}

disk_request_list disk_queue::take() {
    std::unique_lock lock(mutex_);
    while (submitted_.empty() && !stopping_) {
        worker_waits_ = true;
        work_arrived_.wait(lock);
    }
    return submitted_.take_all();
}

void disk_queue::complete(disk_request_list over) {
    bool wake_up_needed = false;
    {
        const std::scoped_lock lock(mutex_);
        completed_.append(std::move(over));
        wake_up_needed = !std::exchange(wake_up_under_way_, true);
    }
    if (!wake_up_needed) return;
    boost::asio::post(loop_, [self = shared_from_this()] { self->deliver_completed(); });
}

void disk_queue::deliver_completed() {
    disk_request_list over;
    {
        const std::scoped_lock lock(mutex_);
        over = completed_.take_all();
        wake_up_under_way_ = false;
    }
    while (!over.empty()) {
        disk_request& request = over.pop();
        handed_over_bytes_ -= request.size;
        --handed_over_count_;
        if (request.detached) {
            delete &request;
        } else {
            request.done.deliver(true);
        }
    }
    hand_over_what_fits();
}

}  // namespace verdikt::runtime::real
