#include "checker/history/buffered_text.h"

#include "runtime/check.h"

#include <algorithm>
#include <cstring>

namespace verdikt::checker::history {

namespace {

constexpr std::size_t piece_max = std::size_t{256} << 10;

}  // namespace

bool buffered_text::grow() {
    if (ended_) return false;
    if (end_ - begin_ > window_bytes_max) {
        failure_ = "one operation is longer than the reader takes";
        ended_ = true;
        return false;
    }
    if (begin_ > 0) {
        std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    // A long line is read in ever longer pieces: whoever searches it again each time stays linear.
    const std::size_t wanted = std::max(piece_, end_);
    piece_ = std::min(piece_max, 4 * piece_);
    bytes_.resize(std::max(bytes_.size(), end_ + wanted + padding));
    const auto count = source_->read({bytes_.data() + end_, wanted});
    if (!count) failure_ = count.error();
    ended_ = !count || *count == 0;
    if (count) end_ += *count;
    return !ended_;
}

void buffered_text::consume(std::size_t count) {
    CHECK(count <= end_ - begin_);
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto lines = std::count(from, from + static_cast<std::ptrdiff_t>(count), '\n');
    line_ += static_cast<std::uint64_t>(lines);
    begin_ += count;
}

char buffered_text::next_letter(std::string_view blanks) {
    while (true) {
        const std::size_t found = window().find_first_not_of(blanks);
        if (found != std::string_view::npos) {
            consume(found);
            return window().front();
        }
        consume(window().size());
        if (!grow()) return 0;
    }
}

}  // namespace verdikt::checker::history
