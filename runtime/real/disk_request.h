/// One operation that a disk worker carries out.
///
/// It lives in the coroutine that awaits it and points into that coroutine's buffers. That is safe
/// because nobody abandons it: the coroutine waits on `done` uncancellably. The one exception is
/// `detached`, a request that nobody awaits and that the queue deletes.
#pragma once

#include "runtime/files.h"
#include "runtime/wait_point.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace verdikt::runtime::real {

struct disk_request {
    enum class kind { call, read, write, sync };

    kind what = kind::call;
    int file_descriptor = -1;
    /// Requests of one file share a number and keep their order; 0 is no file.
    std::uint64_t file_number = 0;
    std::uint64_t position = 0;
    mutable_bytes into = {};                   ///< `read` fills it from `position`.
    std::span<const const_bytes> pieces = {};  ///< `write` puts them at `position`.
    std::uint64_t size = 0;  ///< Bytes to transfer, counted against the queue's bound.
    std::function<void()> call = {};
    bool detached = false;

    std::size_t transferred = 0;
    std::optional<errc> error = {};
    wait_point<bool> done = {};

    disk_request* next = nullptr;
};

/// First in, first out, through `disk_request::next`.
class disk_request_list {
  public:
    [[nodiscard]] bool empty() const { return first_ == nullptr; }
    [[nodiscard]] disk_request* front() const { return first_; }

    void push(disk_request& request) {
        request.next = nullptr;
        (first_ == nullptr ? first_ : last_->next) = &request;
        last_ = &request;
    }

    /// Requires: not empty.
    disk_request& pop() {
        disk_request& request = *first_;
        first_ = request.next;
        return request;
    }

    [[nodiscard]] disk_request_list take_all() { return std::exchange(*this, {}); }

    void append(disk_request_list&& more) {
        if (more.empty()) return;
        (first_ == nullptr ? first_ : last_->next) = more.first_;
        last_ = more.last_;
        more = {};
    }

  private:
    disk_request* first_ = nullptr;
    disk_request* last_ = nullptr;
};

}  // namespace verdikt::runtime::real
