/// The memory that requests of all connections share, and the buffers they lie in.
///
/// A request is read into one buffer, whose size counts from before the first byte is read until
/// the buffer is given back. While the budget is used up, whoever wants more waits, first come,
/// first served, and so stops reading from its connection. One request larger than the whole budget
/// is let in when it is alone.
///
/// Freed buffers are kept for the next request, so that steady traffic allocates nothing: the
/// kernel would hand out large ones page by page and clear each.
///
/// Invariant: used() is the sum of the sizes of all buffers alive. Outlives every buffer.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/files.h"
#include "runtime/wait_point.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace verdikt::broker::server {

class request_memory;

/// One request's bytes. Not initialised.
class request_buffer {
  public:
    request_buffer() = default;
    request_buffer(request_buffer&& other) noexcept
        : home_(std::exchange(other.home_, nullptr)),
          bytes_(std::move(other.bytes_)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    request_buffer& operator=(request_buffer&& other) noexcept {
        request_buffer old(std::move(*this));
        home_ = std::exchange(other.home_, nullptr);
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        return *this;
    }
    ~request_buffer();

    [[nodiscard]] runtime::mutable_bytes bytes() { return {bytes_.get(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// The same bytes as `part`, writable. Requires: `part` lies within this buffer.
    [[nodiscard]] runtime::mutable_bytes writable(runtime::const_bytes part);

  private:
    friend class request_memory;

    request_memory* home_ = nullptr;
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

class request_memory {
  public:
    explicit request_memory(std::uint64_t budget) : budget_(budget) {}
    request_memory(const request_memory&) = delete;
    request_memory& operator=(const request_memory&) = delete;
    ~request_memory();

    /// Waits until the budget allows `size` more bytes. Throws `operation_aborted` when cancelled.
    runtime::awaitable<request_buffer> allocate(std::size_t size);

    [[nodiscard]] std::uint64_t used() const { return used_; }
    [[nodiscard]] std::uint64_t budget() const { return budget_; }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  private:
    friend class request_buffer;
    struct waiter;
    struct spare_buffer {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t capacity = 0;
    };

    [[nodiscard]] bool fits(std::size_t size) const {
        return used_ == 0 || used_ + size <= budget_;
    }
    request_buffer take(std::size_t size);
    void give_back(std::unique_ptr<std::byte[]> bytes, std::size_t size, std::size_t capacity);
    void admit_waiting();

    std::uint64_t budget_;
    std::uint64_t used_ = 0;
    std::deque<waiter*> waiting_;
    std::vector<spare_buffer> spare_;
    std::size_t spare_bytes_ = 0;
};

}  // namespace verdikt::broker::server
