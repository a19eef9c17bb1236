/// Record batches inside a message: borrowed bytes, never copied into a message of their own.
///
/// When encoding, the bytes may instead be a splice: the message states their size, and whoever
/// sends it puts them in from elsewhere (a file, by sendfile) at the place that encoding reports.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace verdikt::kafka::messages {

class record_data {
  public:
    /// No bytes, which is not the same as null.
    record_data() = default;
    /// The bytes must outlive this object and every copy of it.
    explicit record_data(std::span<const std::byte> bytes) : bytes_(bytes), size_(bytes.size()) {}
    /// `size` bytes that the sender supplies; `tag` means something to the sender alone.
    static record_data spliced(std::size_t size, std::uint64_t tag) {
        record_data result;
        result.size_ = size;
        result.tag_ = tag;
        result.spliced_ = true;
        return result;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool is_spliced() const { return spliced_; }
    /// Empty for a splice.
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t tag() const { return tag_; }

    bool operator==(const record_data& other) const {
        return size_ == other.size_ && spliced_ == other.spliced_ && tag_ == other.tag_ &&
               std::ranges::equal(bytes_, other.bytes_);
    }

  private:
    std::span<const std::byte> bytes_;
    std::size_t size_ = 0;
    std::uint64_t tag_ = 0;
    bool spliced_ = false;
};

}  // namespace verdikt::kafka::messages
