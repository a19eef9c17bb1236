#include "cli/line_input.h"

#include <sys/stat.h>
#include <unistd.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>

#include <array>

namespace verdikt::cli {

namespace {

bool is_regular_file(int descriptor) {
    struct stat about{};
    return fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

line_input::line_input(runtime::executor runs_on)
    : input_(runs_on), waits_(!is_regular_file(STDIN_FILENO)) {
    // epoll refuses regular files, and closing the descriptor must leave standard input open.
    if (waits_) input_.assign(::dup(STDIN_FILENO));
}

runtime::awaitable<void> line_input::fill() {
    std::array<char, 65536> piece{};
    std::size_t count = 0;
    if (waits_) {
        boost::system::error_code ended;
        count = co_await input_.async_read_some(
            boost::asio::buffer(piece), boost::asio::redirect_error(runtime::use_awaitable, ended));
        co_await runtime::throw_if_cancelled();
    } else {
        count = static_cast<std::size_t>(
            std::max<ssize_t>(0, ::read(STDIN_FILENO, piece.data(), piece.size())));
    }
    ended_ = count == 0;
    buffer_.erase(0, taken_);
    taken_ = 0;
    buffer_.append(piece.data(), count);
}

std::optional<std::string> line_input::take_line() {
    const std::size_t newline = buffer_.find('\n', taken_);
    if (newline == std::string::npos && !(ended_ && taken_ < buffer_.size())) return std::nullopt;
    const std::size_t end = std::min(newline, buffer_.size());
    std::string line = buffer_.substr(taken_, end - taken_);
    taken_ = std::min(end + 1, buffer_.size());
    return line;
}

runtime::awaitable<std::optional<std::string>> line_input::next() {
    while (true) {
        if (auto line = take_line()) co_return line;
        if (ended_) co_return std::nullopt;
        co_await fill();
    }
}

}  // namespace verdikt::cli
