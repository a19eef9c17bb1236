#include "broker/server/request_memory.h"

#include "runtime/check.h"

#include <algorithm>
#include <bit>

namespace verdikt::broker::server {

namespace {

constexpr std::size_t capacity_min = 512;
/// Buffers up to this size are kept for reuse, and this much of them.
constexpr std::size_t spare_capacity_max = std::size_t{4} << 20;
constexpr std::size_t spare_bytes_max = std::size_t{32} << 20;
constexpr std::size_t spare_count_max = 64;

}  // namespace

/// Stands in the queue while its coroutine waits; what it is given, it accounts for from then on.
struct request_memory::waiter {
    waiter(request_memory& of, std::size_t wanted) : memory(of), size(wanted) {
        memory.waiting_.push_back(this);
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() {
        if (!admitted) std::erase(memory.waiting_, this);
        // A cancelled front may have been all that kept the next one out.
        if (!admitted) memory.admit_waiting();
    }

    request_memory& memory;
    std::size_t size;
    bool admitted = false;
    runtime::wait_point<request_buffer> granted;
};

request_buffer::~request_buffer() {
    if (home_ != nullptr) home_->give_back(std::move(bytes_), size_, capacity_);
}

runtime::mutable_bytes request_buffer::writable(runtime::const_bytes part) {
    if (part.empty()) return {};
    CHECK(part.data() >= bytes_.get() && part.data() + part.size() <= bytes_.get() + size_);
    return {bytes_.get() + (part.data() - bytes_.get()), part.size()};
}

request_memory::~request_memory() {
    CHECK(used_ == 0, "{} bytes of requests outlive their memory", used_);
}

runtime::awaitable<request_buffer> request_memory::allocate(std::size_t size) {
    if (waiting_.empty() && fits(size)) co_return take(size);
    waiter queued(*this, size);
    co_return co_await queued.granted.wait();
}

request_buffer request_memory::take(std::size_t size) {
    used_ += size;
    request_buffer buffer;
    buffer.home_ = this;
    buffer.size_ = size;
    // The newest is the likeliest to be in the processor's cache.
    const auto fitting = std::find_if(spare_.rbegin(), spare_.rend(), [size](const auto& spare) {
        return spare.capacity >= size && spare.capacity / 2 <= std::max(size, capacity_min);
    });
    if (fitting != spare_.rend()) {
        buffer.bytes_ = std::move(fitting->bytes);
        buffer.capacity_ = fitting->capacity;
        spare_bytes_ -= fitting->capacity;
        spare_.erase(std::next(fitting).base());
        return buffer;
    }
    buffer.capacity_ =
        size > spare_capacity_max ? size : std::bit_ceil(std::max(size, capacity_min));
    buffer.bytes_ = std::make_unique_for_overwrite<std::byte[]>(buffer.capacity_);
    return buffer;
}

void request_memory::give_back(std::unique_ptr<std::byte[]> bytes,
                               std::size_t size,
                               std::size_t capacity) {
    used_ -= size;
    const bool room = spare_.size() < spare_count_max && spare_bytes_ + capacity <= spare_bytes_max;
    if (capacity <= spare_capacity_max && room) {
        spare_.push_back({std::move(bytes), capacity});
        spare_bytes_ += capacity;
    }
    admit_waiting();
}

void request_memory::admit_waiting() {
    while (!waiting_.empty() && fits(waiting_.front()->size)) {
        waiter* next = waiting_.front();
        waiting_.pop_front();
        next->admitted = true;
        next->granted.deliver(take(next->size));
    }
}

}  // namespace verdikt::broker::server
