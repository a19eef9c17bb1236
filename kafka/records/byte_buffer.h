/// Bytes that grow and are reused: unlike a vector, growing does not clear what is about to be
/// written.
///
/// Capacity is kept by `clear`, so that a buffer that lives as long as its connection or partition
/// stops allocating once it has met its largest batch.
#pragma once

#include "runtime/check.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace verdikt::kafka::records {

class byte_buffer {
  public:
    byte_buffer() = default;
    explicit byte_buffer(std::size_t capacity) { reserve(capacity); }

    byte_buffer(byte_buffer&& other) noexcept
        : bytes_(std::move(other.bytes_)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    byte_buffer& operator=(byte_buffer&& other) noexcept {
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        return *this;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::byte* data() { return bytes_.get(); }
    [[nodiscard]] const std::byte* data() const { return bytes_.get(); }
    [[nodiscard]] std::span<std::byte> bytes() { return {bytes_.get(), size_}; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

    void clear() { size_ = 0; }
    /// Requires: size <= size().
    void truncate(std::size_t size) {
        CHECK(size <= size_);
        size_ = size;
    }
    void reserve(std::size_t capacity) {
        if (capacity > capacity_) reallocate(capacity);
    }

    /// Makes room for `count` more bytes and returns where they go; they are not initialised.
    /// Invalidates every pointer into the buffer.
    [[nodiscard]] std::byte* extend(std::size_t count) {
        const std::size_t wanted = size_ + count;
        if (wanted > capacity_) reallocate(std::max(wanted, 2 * capacity_));
        return bytes_.get() + std::exchange(size_, wanted);
    }
    /// Requires: `more` does not point into this buffer.
    void append(std::span<const std::byte> more) {
        if (!more.empty()) std::memcpy(extend(more.size()), more.data(), more.size());
    }

  private:
    void reallocate(std::size_t capacity) {
        auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
        if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
        bytes_ = std::move(larger);
        capacity_ = capacity;
    }

    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace verdikt::kafka::records
