#include "nemesis/agent/line_pipe.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <utility>

namespace verdikt::nemesis::agent {

namespace {

/// Whoever sends longer lines does not speak our language.
constexpr std::size_t line_max = 4 << 20;

}  // namespace

line_pipe::line_pipe(const runtime::executor& loop, int input, int output)
    : input_(loop, input), output_(loop, output), sending_(loop) {}

runtime::awaitable<std::optional<std::string>> line_pipe::read_line() {
    for (std::size_t looked_at = 0;;) {
        if (const std::size_t end = received_.find('\n', looked_at); end != std::string::npos) {
            std::string line = received_.substr(0, end);
            received_.erase(0, end + 1);
            co_return line;
        }
        looked_at = received_.size();
        if (looked_at > line_max) co_return std::nullopt;
        runtime::throw_if(co_await boost::asio::this_coro::cancellation_state);
        std::array<char, 4096> buffer{};
        const auto [error, count] =
            co_await input_.async_read_some(boost::asio::buffer(buffer), runtime::frameless);
        if (error == boost::asio::error::operation_aborted) {
            throw boost::system::system_error(error);
        }
        if (error) co_return std::nullopt;
        received_.append(buffer.data(), count);
    }
}

void line_pipe::send(const std::string& line) {
    waiting_ += line + "\n";
    if (writing_) return;
    writing_ = true;
    sending_.spawn(write_waiting());
}

runtime::awaitable<void> line_pipe::write_waiting() {
    while (!waiting_.empty()) {
        const std::string now = std::exchange(waiting_, {});
        const auto [error, count] = co_await boost::asio::async_write(
            output_, boost::asio::buffer(now), runtime::frameless);
        if (error) waiting_.clear();
    }
    writing_ = false;
}

runtime::awaitable<void> line_pipe::stop() {
    co_await sending_.cancel_and_join();
    boost::system::error_code ignored;  // Closing cannot fail in a way that matters here.
    input_.close(ignored);
    output_.close(ignored);
}

}  // namespace verdikt::nemesis::agent
