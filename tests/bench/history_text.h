/// The text of a history that keeps every promise, made while it is read, so that ten million
/// operations need no disk and no memory.
///
/// Twenty processes work on ten keys at a time: a key is left for a fresh one after 32 writes, as
/// Elle's own generator does it, so lists stay short.
#pragma once

#include "checker/history/reader.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace verdikt::bench {

enum class history_of : std::uint8_t { lists, registers, messages };

class history_text : public checker::history::byte_source {
  public:
    /// `operations` begin, and each of them ends.
    history_text(history_of what, std::uint64_t operations);

    [[nodiscard]] std::expected<std::size_t, std::string> read(std::span<char> into) override;

  private:
    struct key {
        std::uint64_t name = 0;
        std::vector<std::uint64_t> values;
        /// Messages of a log are only counted.
        std::size_t sent = 0;
    };
    struct process {
        bool busy = false;
        std::string meant;
        /// For each process of a log how far it has read each key, by the key's place.
        std::vector<std::size_t> positions;
    };

    void add_line();
    void begin(process& one);
    void end(process& one);
    void add_transaction(process& one, std::string& done);
    void add_messages(process& one, std::string& done);
    void add(std::size_t process, std::string_view type, std::string_view value);
    [[nodiscard]] std::uint64_t pick(std::uint64_t below);

    history_of what_;
    std::uint64_t left_;
    std::uint64_t lines_ = 0;
    std::uint64_t random_ = 88172645463325252ULL;
    std::uint64_t keys_made_ = 0;
    std::vector<key> keys_;
    std::vector<process> processes_;
    std::string text_;
    std::size_t used_ = 0;
};

}  // namespace verdikt::bench
