#include "steady_sender.h"

#include <utility>
#include <variant>

namespace verdikt::bench {

namespace {

constexpr std::string_view content =
    "a record of a hundred bytes, as dull as they come, sent again and again until a broker dies";

}  // namespace

runtime::awaitable<void> steady_sender::send() {
    for (;;) {
        const runtime::instant at = world_.now();
        const auto placed = co_await producer_.append({.topic = topic_,
                                                       .partition = kafka::partition_index(0),
                                                       .value = client::as_bytes(content)});
        if (placed) {
            waiting_.push_back({.delivery = *placed, .at = at});
            changed_.notify_all();
        } else {
            ++lost_;
        }
        co_await world_.sleep_until(at + pace_);
    }
}

runtime::awaitable<void> steady_sender::listen() {
    for (;;) {
        if (waiting_.empty()) {
            co_await changed_.wait();
            continue;
        }
        const sent_record next = waiting_.front();
        waiting_.pop_front();
        const client::delivery outcome = co_await next.delivery.wait();
        if (!std::holds_alternative<client::delivered>(outcome)) {
            ++lost_;
            continue;
        }
        ++acknowledged_;
        if (!first_ && next.at >= watched_from_) {
            first_ = world_.now();
            changed_.notify_all();
        }
    }
}

void steady_sender::start_watch() {
    watched_from_ = world_.now();
    first_.reset();
}

runtime::awaitable<runtime::instant> steady_sender::first_acknowledged() {
    while (!first_) co_await changed_.wait();
    co_return *first_;
}

}  // namespace verdikt::bench
