#include "client/connection.h"

#include "kafka/endian.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace verdikt::client {

namespace {

constexpr std::size_t size_field = 4;
constexpr std::size_t input_size = 64 * 1024;

error broken_by(runtime::errc why) {
    return {.reason = errc::disconnected, .detail = std::string(runtime::describe(why))};
}

}  // namespace

/// Lives in the coroutine that waits, and takes itself out of the connection when that ends.
class connection::waiter {
  public:
    waiter(connection& in, bool is_post) : post(is_post), in_(in) {}
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() { in_.forget(*this); }

    void fail(const error& why) {
        arrived.deliver(std::unexpected(call_failure{.why = why, .may_have_arrived = started}));
    }

    runtime::wait_point<exchange_result> arrived;
    bool post;
    bool started = false;

  private:
    connection& in_;
};

connection::connection(runtime::environment& world,
                       std::unique_ptr<runtime::stream> transport,
                       std::size_t answer_size_max)
    : world_(world),
      transport_(std::move(transport)),
      answer_size_max_(answer_size_max),
      input_(input_size) {}

runtime::awaitable<void> connection::serve(std::shared_ptr<connection> self) {
    struct close_at_end {
        connection& served;
        ~close_at_end() { served.close({.reason = errc::closed}); }
    };
    CHECK(self.get() == this);
    runtime::scope moving(world_.get_executor());
    const close_at_end closing{*this};
    moving.spawn(write_all());
    moving.spawn(read_all());
    co_await moving.join();
}

runtime::awaitable<exchange_result> connection::exchange(std::vector<std::byte> frame,
                                                         std::int32_t correlation,
                                                         runtime::instant deadline) {
    if (ended_) co_return std::unexpected(call_failure{.why = *ended_});
    waiter mine(*this, false);
    outgoing_.push_back({.frame = std::move(frame), .sender = &mine});
    expected_.push_back({.correlation = correlation, .asker = &mine});
    to_write_.notify_all();
    co_return co_await await_outcome(mine, deadline);
}

runtime::awaitable<std::expected<void, call_failure>> connection::post(std::vector<std::byte> frame,
                                                                       runtime::instant deadline) {
    if (ended_) co_return std::unexpected(call_failure{.why = *ended_});
    waiter mine(*this, true);
    outgoing_.push_back({.frame = std::move(frame), .sender = &mine});
    to_write_.notify_all();
    exchange_result written = co_await await_outcome(mine, deadline);
    if (!written) co_return std::unexpected(std::move(written.error()));
    co_return std::expected<void, call_failure>();
}

runtime::awaitable<exchange_result> connection::await_outcome(waiter& mine,
                                                              runtime::instant deadline) {
    std::optional<exchange_result> outcome =
        co_await runtime::with_deadline<exchange_result>(world_, deadline, mine.arrived.wait());
    if (outcome) co_return std::move(*outcome);
    // What was not even begun to be written is taken back; otherwise answers behind this one may
    // never be told from a late one, and are as stuck as it is.
    if (!mine.started) co_return std::unexpected(call_failure{.why = {.reason = errc::timed_out}});
    close({.reason = errc::timed_out});
    co_return std::unexpected(
        call_failure{.why = {.reason = errc::timed_out}, .may_have_arrived = true});
}

void connection::close(error why) {
    if (ended_) return;
    ended_ = std::move(why);
    transport_->close();
    fail_all();
    to_write_.notify_all();
}

void connection::fail_all() {
    // A request stands in `expected_` from the start; a post in `outgoing_` until it is written.
    for (expected_answer& each : std::exchange(expected_, {})) {
        if (each.asker != nullptr) each.asker->fail(*ended_);
    }
    for (outgoing& each : std::exchange(outgoing_, {})) {
        if (each.sender != nullptr && each.sender->post) each.sender->fail(*ended_);
    }
    for (waiter* each : std::exchange(posters_, {})) {
        if (each != nullptr) each->fail(*ended_);
    }
}

void connection::forget(waiter& gone) {
    for (waiter*& each : posters_) {
        if (each == &gone) each = nullptr;
    }
    std::erase_if(outgoing_, [&](const outgoing& each) { return each.sender == &gone; });
    // Without a first byte on the wire there will be no answer either.
    if (!gone.started) {
        std::erase_if(expected_, [&](const expected_answer& each) { return each.asker == &gone; });
    }
    for (expected_answer& each : expected_) {
        if (each.asker == &gone) each.asker = nullptr;
    }
}

std::vector<std::vector<std::byte>> connection::take_outgoing() {
    std::vector<std::vector<std::byte>> frames;
    frames.reserve(outgoing_.size());
    for (outgoing& each : outgoing_) {
        frames.push_back(std::move(each.frame));
        each.sender->started = true;
        if (each.sender->post) posters_.push_back(each.sender);
    }
    outgoing_.clear();
    return frames;
}

void connection::tell_posters() {
    for (waiter* each : std::exchange(posters_, {})) {
        if (each != nullptr) each->arrived.deliver(answer_bytes());
    }
}

runtime::awaitable<void> connection::write_all() {
    while (open()) {
        if (outgoing_.empty()) {
            co_await to_write_.wait();
            continue;
        }
        const auto frames = take_outgoing();
        const std::vector<runtime::const_bytes> pieces(frames.begin(), frames.end());
        const auto written = co_await transport_->write(pieces);
        if (!written) {
            close(broken_by(written.error()));
            co_return;
        }
        tell_posters();
    }
}

runtime::awaitable<void> connection::read_all() {
    while (open()) {
        std::array<std::byte, size_field> size_bytes{};
        auto filled = co_await fill(size_bytes);
        if (!filled) {
            close(broken_by(filled.error()));
            co_return;
        }
        const auto size = kafka::load_big_endian<std::int32_t>(size_bytes.data());
        if (size < static_cast<std::int32_t>(size_field) ||
            static_cast<std::size_t>(size) > answer_size_max_) {
            close({.reason = errc::malformed_answer, .detail = fmt::format("of {} bytes", size)});
            co_return;
        }
        kafka::records::byte_buffer answer;
        const auto count = static_cast<std::size_t>(size);
        const runtime::mutable_bytes into(answer.extend(count), count);
        filled = co_await fill(into);
        if (!filled) {
            close(broken_by(filled.error()));
            co_return;
        }
        if (!hand_out(std::move(answer))) co_return;
    }
}

runtime::awaitable<std::expected<void, runtime::errc>> connection::fill(
    runtime::mutable_bytes into) {
    while (!into.empty()) {
        const std::size_t buffered = std::min(into.size(), input_end_ - input_begin_);
        if (buffered > 0) {
            std::memcpy(into.data(), input_.data() + input_begin_, buffered);
            input_begin_ += buffered;
            into = into.subspan(buffered);
            continue;
        }
        // Large answers go where they belong at once; small ones come many at a time.
        const bool direct = into.size() >= input_.size();
        const auto got =
            co_await transport_->read_some(direct ? into : runtime::mutable_bytes(input_));
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) co_return std::unexpected(runtime::errc::connection_lost);
        if (direct) {
            into = into.subspan(*got);
        } else {
            input_begin_ = 0;
            input_end_ = *got;
        }
    }
    co_return std::expected<void, runtime::errc>();
}

bool connection::hand_out(kafka::records::byte_buffer answer) {
    const auto correlation = kafka::load_big_endian<std::int32_t>(answer.data());
    if (expected_.empty() || expected_.front().correlation != correlation) {
        close(
            {.reason = errc::malformed_answer,
             .detail = fmt::format("an answer to request {}, which is not the next", correlation)});
        return false;
    }
    waiter* const asker = expected_.front().asker;
    expected_.pop_front();
    if (asker != nullptr) {
        asker->arrived.deliver(
            std::make_shared<const kafka::records::byte_buffer>(std::move(answer)));
    }
    return true;
}

}  // namespace verdikt::client
