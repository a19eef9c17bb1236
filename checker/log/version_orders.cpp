#include "checker/log/version_orders.h"

#include <algorithm>

namespace verdikt::checker::log {

using history::op_type;

version_orders::version_orders(const recording& history, positions order)
    : history_(history),
      order_(order),
      facts_(history.messages().size()),
      committed_(history.rows().size()),
      logs_(history.partitions().size() + 1) {
    find_writers_and_readers();
    find_committed();
    find_places();
    group_places();
    for (std::uint32_t partition = 0; partition + 1 < logs_.size(); ++partition) {
        number_places(partition);
    }
}

void version_orders::find_writers_and_readers() {
    const auto& rows = history_.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        for (const event& one : history_.events_of(rows[at])) {
            if (one.kind == event_kind::sent) {
                note_writer(facts_[one.subject], at);
            } else if (one.kind == event_kind::polled && rows[at].type == op_type::ok) {
                note_reader(facts_[one.subject], at);
            }
        }
    }
}

void version_orders::note_writer(fact& message, std::uint32_t row) {
    if (message.writer == none) {
        message.writer = row;
    } else {
        ++sent_twice_;
    }
}

void version_orders::note_reader(fact& message, std::uint32_t row) {
    if (message.first_reader == none) message.first_reader = row;
    message.last_reader = row;
}

void version_orders::find_committed() {
    const auto& rows = history_.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        committed_[at] = rows[at].type == op_type::ok;
        if (rows[at].type != op_type::info) continue;
        committed_[at] =
            std::ranges::any_of(history_.events_of(rows[at]), [this](const event& one) {
                return one.kind == event_kind::sent && facts_[one.subject].first_reader != none;
            });
    }
}

void version_orders::find_places() {
    const auto& rows = history_.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        for (const event& one : history_.events_of(rows[at])) {
            const bool acknowledged =
                one.kind == event_kind::sent && committed_[at] && !rows[at].is_weak();
            if (acknowledged || one.kind == event_kind::polled) add_place(one);
        }
    }
}

void version_orders::add_place(const event& what) {
    fact& message = facts_[what.subject];
    if (what.offset == unknown_offset || what.offset == message.offset) return;
    if (message.offset == unknown_offset) {
        message.offset = what.offset;
    } else {
        further_.push_back({what.offset, what.subject});
    }
}

void version_orders::group_places() {
    const auto partition_of = [this](std::uint32_t message) {
        return history_.messages().partition_of(message);
    };
    std::ranges::sort(further_);
    further_.erase(std::ranges::unique(further_).begin(), further_.end());
    for (std::uint32_t message = 0; message < facts_.size(); ++message) {
        if (facts_[message].offset != unknown_offset) ++logs_[partition_of(message) + 1];
    }
    for (const place& one : further_) ++logs_[partition_of(one.message) + 1];
    for (std::size_t at = 1; at < logs_.size(); ++at) logs_[at] += logs_[at - 1];
    places_.resize(logs_.back());
    positions_.resize(logs_.back());
    std::vector<std::size_t> next(logs_.begin(), logs_.end() - 1);
    for (std::uint32_t message = 0; message < facts_.size(); ++message) {
        if (facts_[message].offset == unknown_offset) continue;
        places_[next[partition_of(message)]++] = {facts_[message].offset, message};
    }
    for (const place& one : further_) places_[next[partition_of(one.message)]++] = one;
}

void version_orders::number_places(std::uint32_t partition) {
    const std::size_t begin = logs_[partition];
    const auto log = std::span(places_).subspan(begin, logs_[partition + 1] - begin);
    std::ranges::sort(log);
    std::uint32_t position = 0;
    for (std::size_t at = 0; at < log.size(); ++at) {
        if (at > 0 && log[at].offset != log[at - 1].offset) ++position;
        positions_[begin + at] = position;
        fact& message = facts_[log[at].message];
        if (message.first_position == none) message.first_position = position;
        message.last_position = position;
    }
}

std::span<const place> version_orders::between(std::uint32_t partition,
                                               std::uint32_t above,
                                               std::uint32_t below) const {
    const std::size_t begin = logs_[partition];
    const auto positions = std::span(positions_).subspan(begin, logs_[partition + 1] - begin);
    const auto first = std::ranges::upper_bound(positions, above) - positions.begin();
    const auto last = std::ranges::lower_bound(positions, below) - positions.begin();
    return log_of(partition).subspan(static_cast<std::size_t>(first),
                                     static_cast<std::size_t>(last - first));
}

std::uint32_t version_orders::position_of(const event& what) const {
    const fact& message = facts_[what.subject];
    if (order_ == positions::by_value) return message.last_position;
    const bool one_place = message.first_position == message.last_position;
    if (what.offset == unknown_offset) return one_place ? message.first_position : none;
    if (one_place && message.offset == what.offset) return message.first_position;
    const std::uint32_t partition = history_.partition_of(what);
    const auto log = log_of(partition);
    const auto found = std::ranges::lower_bound(log, what.offset, {}, &place::offset);
    if (found == log.end() || found->offset != what.offset) return none;
    return positions_[logs_[partition] + static_cast<std::size_t>(found - log.begin())];
}

}  // namespace verdikt::checker::log
