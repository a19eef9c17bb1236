/// A growing ring of bytes on their way: written at one end, read at the other, addressed by
/// position in the stream. Idle ones hold no memory.
#pragma once

#include "runtime/check.h"
#include "runtime/files.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>

namespace verdikt::runtime::sim {

class byte_ring {
  public:
    [[nodiscard]] std::uint64_t size() const { return written_ - read_; }
    [[nodiscard]] std::uint64_t written() const { return written_; }
    [[nodiscard]] std::uint64_t read_position() const { return read_; }

    void write(const_bytes bytes) {
        if (size() + bytes.size() > capacity_) grow(size() + bytes.size());
        each_part(written_, bytes.size(), [&](std::byte* at, std::size_t done, std::size_t count) {
            std::memcpy(at, bytes.data() + done, count);
        });
        written_ += bytes.size();
    }

    /// Requires: that many bytes are there.
    void read(mutable_bytes into) {
        CHECK(into.size() <= size());
        each_part(
            read_, into.size(), [&](const std::byte* at, std::size_t done, std::size_t count) {
                std::memcpy(into.data() + done, at, count);
            });
        read_ += into.size();
    }

    void drop_all() {
        read_ = written_;
        bytes_.reset();
        capacity_ = 0;
    }

  private:
    static constexpr std::uint64_t capacity_min = 512;

    // Calls `copy` for the one or two runs of memory that hold the stretch.
    template <typename Copy>
    void each_part(std::uint64_t from, std::size_t count, Copy copy) {
        if (count == 0) return;
        const std::uint64_t offset = from & (capacity_ - 1);
        const auto first =
            static_cast<std::size_t>(std::min<std::uint64_t>(count, capacity_ - offset));
        copy(bytes_.get() + offset, std::size_t{0}, first);
        if (first < count) copy(bytes_.get(), first, count - first);
    }

    void grow(std::uint64_t needed) {
        byte_ring larger;
        larger.capacity_ = std::bit_ceil(std::max(needed, capacity_min));
        larger.bytes_ = std::make_unique_for_overwrite<std::byte[]>(larger.capacity_);
        larger.read_ = larger.written_ = read_;
        each_part(read_,
                  static_cast<std::size_t>(size()),
                  [&](const std::byte* at, std::size_t, std::size_t count) {
                      larger.write({at, count});
                  });
        bytes_ = std::move(larger.bytes_);
        capacity_ = larger.capacity_;
    }

    std::unique_ptr<std::byte[]> bytes_;
    std::uint64_t capacity_ = 0;
    std::uint64_t read_ = 0;
    std::uint64_t written_ = 0;
};

}  // namespace verdikt::runtime::sim
