#include "broker/link/line.h"

#include "kafka/endian.h"
#include "kafka/messages/frame.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace verdikt::broker::link {

namespace {

using kafka::messages::frame_prefix_size;

constexpr std::size_t input_size = std::size_t{64} * 1024;
/// Every answer begins with it.
constexpr std::size_t correlation_size = sizeof(std::int32_t);

}  // namespace

/// Lives in the coroutine that waits, and takes itself out of the line when that ends.
class line::caller {
  public:
    explicit caller(line& in) : in_(in) {}
    caller(const caller&) = delete;
    caller& operator=(const caller&) = delete;
    ~caller() { in_.forget(*this); }

    runtime::wait_point<exchange_result> arrived;
    bool started = false;

  private:
    line& in_;
};

line::line(runtime::environment& world, runtime::endpoint to, const link_settings& settings)
    : world_(world), to_(std::move(to)), settings_(settings), next_attempt_(world.now()) {}

runtime::awaitable<exchange_result> line::exchange(std::vector<std::byte> frame,
                                                   std::int32_t correlation,
                                                   runtime::instant deadline) {
    if (closed_) co_return std::unexpected(link_error{.why = *closed_});
    if (waiting_.size() + sent_.size() >= settings_.calls_max) {
        co_return std::unexpected(link_error{.why = link_errc::too_many_calls});
    }
    caller mine(*this);
    waiting_.push_back({.correlation = correlation, .frame = std::move(frame), .asker = &mine});
    to_write_.notify_all();
    std::optional<exchange_result> outcome =
        co_await runtime::with_deadline<exchange_result>(world_, deadline, mine.arrived.wait());
    if (outcome) co_return std::move(*outcome);
    // It may have been delivered at the very moment at which the deadline came.
    if (mine.arrived.has_value()) co_return mine.arrived.take();
    if (!mine.started) co_return std::unexpected(link_error{.why = link_errc::timed_out});
    break_connection({.why = link_errc::connection_lost,
                      .of_request = fate::unknown,
                      .detail = "an earlier request was not answered in time"});
    co_return std::unexpected(link_error{.why = link_errc::timed_out, .of_request = fate::unknown});
}

void line::close(link_errc why) {
    if (closed_) return;
    closed_ = why;
    break_connection({.why = why, .of_request = fate::unknown});
    fail_waiting({.why = why});
    to_write_.notify_all();
}

void line::forget(const caller& gone) {
    std::erase_if(waiting_, [&](const call& each) { return each.asker == &gone; });
    for (call& each : sent_) {
        if (each.asker == &gone) each.asker = nullptr;
    }
}

void line::fail_waiting(const link_error& why) {
    for (const call& each : std::exchange(waiting_, {})) {
        each.asker->arrived.deliver(std::unexpected(why));
    }
}

void line::break_connection(link_error why) {
    if (transport_ == nullptr || broken_) return;
    broken_ = true;
    transport_->close();
    for (const call& each : std::exchange(sent_, {})) {
        if (each.asker != nullptr) each.asker->arrived.deliver(std::unexpected(why));
    }
    to_write_.notify_all();
}

runtime::awaitable<void> line::serve() {
    while (!closed_) {
        if (waiting_.empty()) {
            co_await to_write_.wait();
        } else if (world_.now() < next_attempt_) {
            co_await world_.sleep_until(next_attempt_);
        } else {
            co_await connect();
            if (transport_ != nullptr) co_await converse();
        }
    }
}

runtime::awaitable<void> line::connect() {
    using made_stream = std::expected<std::unique_ptr<runtime::stream>, runtime::errc>;
    const runtime::instant deadline = world_.now() + settings_.connect_timeout;
    std::optional<made_stream> made =
        co_await runtime::with_deadline<made_stream>(world_, deadline, world_.net().connect(to_));
    if (closed_) co_return;
    if (made && made->has_value()) {
        transport_ = std::move(**made);
        co_return;
    }
    const runtime::errc why = made ? made->error() : runtime::errc::unreachable;
    back_off();
    const bool refused = why == runtime::errc::refused;
    fail_waiting({.why = refused ? link_errc::refused : link_errc::unreachable,
                  .detail = std::string(runtime::describe(why))});
}

void line::back_off() {
    ++failures_;
    runtime::duration wait = settings_.reconnect_backoff;
    for (std::uint32_t doubled = 1; doubled < failures_; ++doubled) {
        if (wait >= settings_.reconnect_backoff_max) break;
        wait *= 2;
    }
    wait = std::min(wait, settings_.reconnect_backoff_max);
    // A fifth either way, so that nodes do not come back in step.
    const auto spread = wait.count() / 5;
    next_attempt_ =
        world_.now() + wait + runtime::duration(world_.random().between(-spread, spread));
}

runtime::awaitable<void> line::converse() {
    struct end_of_connection {
        line& of;
        ~end_of_connection() {
            of.break_connection({.why = link_errc::connection_lost, .of_request = fate::unknown});
            of.transport_.reset();
        }
    };
    broken_ = false;
    has_answered_ = false;
    input_.resize(input_size);
    input_begin_ = input_end_ = 0;
    {
        runtime::scope moving(world_.get_executor());
        const end_of_connection at_end{*this};
        moving.spawn(write_all());
        moving.spawn(read_all());
        co_await moving.join();
    }
    // Somebody who takes connections and answers nothing is not to be stormed either.
    if (!has_answered_) back_off();
}

std::vector<std::vector<std::byte>> line::take_waiting() {
    std::vector<std::vector<std::byte>> frames;
    frames.reserve(waiting_.size());
    for (call& each : waiting_) {
        each.asker->started = true;
        frames.push_back(std::exchange(each.frame, {}));
        sent_.push_back(std::move(each));
    }
    waiting_.clear();
    return frames;
}

runtime::awaitable<void> line::write_all() {
    while (!broken_) {
        if (waiting_.empty()) {
            co_await to_write_.wait();
            continue;
        }
        const auto frames = take_waiting();
        const std::vector<runtime::const_bytes> pieces(frames.begin(), frames.end());
        const auto written = co_await transport_->write(pieces);
        if (!written) {
            break_connection({.why = link_errc::connection_lost,
                              .of_request = fate::unknown,
                              .detail = std::string(runtime::describe(written.error()))});
        }
    }
}

runtime::awaitable<void> line::read_all() {
    while (!broken_) {
        std::array<std::byte, frame_prefix_size> prefix{};
        if (!co_await fill(prefix)) co_return;
        const auto size = kafka::load_big_endian<std::int32_t>(prefix.data());
        if (size < static_cast<std::int32_t>(correlation_size) ||
            static_cast<std::size_t>(size) > settings_.answer_size_max) {
            co_return break_connection({.why = link_errc::malformed_answer,
                                        .of_request = fate::unknown,
                                        .detail = fmt::format("of {} bytes", size)});
        }
        kafka::records::byte_buffer answer;
        const auto count = static_cast<std::size_t>(size);
        const runtime::mutable_bytes into(answer.extend(count), count);
        if (!co_await fill(into)) co_return;
        hand_out(std::move(answer));
    }
}

runtime::awaitable<bool> line::fill(runtime::mutable_bytes into) {
    while (!into.empty()) {
        if (const std::size_t buffered = std::min(into.size(), input_end_ - input_begin_)) {
            std::memcpy(into.data(), input_.data() + input_begin_, buffered);
            input_begin_ += buffered;
            into = into.subspan(buffered);
            continue;
        }
        // Large answers go where they belong at once; small ones come many at a time.
        const bool direct = into.size() >= input_.size();
        const auto got =
            co_await transport_->read_some(direct ? into : runtime::mutable_bytes(input_));
        if (!got || *got == 0) {
            const auto why = got ? runtime::errc::connection_lost : got.error();
            break_connection({.why = link_errc::connection_lost,
                              .of_request = fate::unknown,
                              .detail = std::string(runtime::describe(why))});
            co_return false;
        }
        if (direct) {
            into = into.subspan(*got);
        } else {
            input_begin_ = 0;
            input_end_ = *got;
        }
    }
    co_return !broken_;
}

void line::hand_out(kafka::records::byte_buffer answer) {
    const auto correlation = kafka::load_big_endian<std::int32_t>(answer.data());
    if (sent_.empty() || sent_.front().correlation != correlation) {
        return break_connection(
            {.why = link_errc::malformed_answer,
             .of_request = fate::unknown,
             .detail = fmt::format("an answer to request {}, which is not the next", correlation)});
    }
    has_answered_ = true;
    failures_ = 0;
    caller* const asker = sent_.front().asker;
    sent_.pop_front();
    if (asker == nullptr) return;
    asker->arrived.deliver(std::make_shared<const kafka::records::byte_buffer>(std::move(answer)));
}

}  // namespace verdikt::broker::link
