#include "runtime/sim/connection.h"

#include "runtime/check.h"
#include "runtime/sim/switchboard.h"
#include "runtime/sim/world.h"

#include <algorithm>

namespace verdikt::runtime::sim {

namespace {

/// What travels as one piece; longer writes are split, so that a link's bandwidth is shared.
constexpr std::size_t piece_bytes_max = 64U << 10U;

}  // namespace

connection_end::connection_end(connection& whole,
                               node_index at,
                               instant established,
                               std::uint64_t window)
    : whole_(whole), at_(at), window_(window), last_due_(established) {}

connection_end& connection_end::peer() const {
    return this == &whole_.client() ? whole_.server() : whole_.client();
}

std::optional<std::expected<std::size_t, errc>> connection_end::try_read(mutable_bytes into) {
    if (state_ == state::closed) return std::unexpected(errc::closed);
    if (state_ == state::broken) return std::unexpected(errc::connection_lost);
    connection_end& sender = peer();
    const std::uint64_t there = sender.delivered_ - sender.sent_.read_position();
    if (there == 0) {
        if (end_arrived_ || into.empty()) return std::size_t{0};
        return std::nullopt;
    }
    switchboard& wires = whole_.wires();
    auto count = static_cast<std::size_t>(std::min<std::uint64_t>(there, into.size()));
    if (count > 1 && wires.random().chance(wires.configured().short_read_chance)) {
        count = 1 + static_cast<std::size_t>(wires.random().below(count - 1));
        ++wires.counts().short_reads;
    }
    sender.sent_.read(into.first(count));
    wires.counts().bytes_read += count;
    if (sender.writer_ != nullptr) sender.writer_->finish();
    return count;
}

std::expected<std::size_t, errc> connection_end::try_write(const_bytes bytes) {
    if (state_ == state::closed) return std::unexpected(errc::closed);
    if (state_ == state::broken) return std::unexpected(errc::connection_lost);
    const std::uint64_t room = window_ - std::min(window_, sent_.size());
    const std::size_t count =
        std::min({bytes.size(), piece_bytes_max, static_cast<std::size_t>(room)});
    if (count == 0) return 0;
    const const_bytes taken = bytes.first(count);
    sent_.write(taken);
    push(piece_kind::data, count, hash_bytes(taken));
    whole_.wires().counts().bytes_sent += count;
    return count;
}

void connection_end::close() {
    if (state_ == state::closed) return;
    const bool was_open = state_ == state::open;
    const bool unread = peer().delivered_ > peer().sent_.read_position();
    state_ = state::closed;
    wake_both();
    if (!was_open) return;
    // Nobody will read what arrived: TCP tells the sender so instead of ending in good order.
    if (unread) {
        send_reset();
    } else {
        push(piece_kind::end, 0, 0);
    }
}

void connection_end::reset_by_death() {
    if (state_ != state::open) return;
    state_ = state::closed;
    send_reset();
}

void connection_end::vanish() {
    state_ = state::closed;
    drop_pieces();
}

void connection_end::lose() {
    drop_pieces();
    if (state_ != state::open) return;
    state_ = state::broken;
    ++whole_.wires().counts().broken;
    wake_both();
}

void connection_end::push(piece_kind kind, std::uint64_t size, std::uint64_t content) {
    switchboard& wires = whole_.wires();
    last_due_ = std::max(last_due_, wires.arrival(at_, peer().at_, size));
    pieces_.push_back({last_due_, sent_.written(), content, kind});
    if (!scheduled() && !held_) wires.universe().events().schedule(*this, pieces_.front().due);
}

void connection_end::fire() {
    switchboard& wires = whole_.wires();
    if (!wires.path_open(at_, peer().at_)) {
        held_ = true;
        ++wires.counts().pieces_held;
        wires.universe().record(effect::hold, at_, pieces_.size(), 0);
        start_giving_up();
        return;
    }
    const instant now = wires.universe().now();
    while (!pieces_.empty() && pieces_.front().due <= now) {
        const piece arrived = pieces_.front();
        pieces_.pop_front();
        deliver(arrived);
    }
    if (!pieces_.empty() && !scheduled()) {
        wires.universe().events().schedule(*this, pieces_.front().due);
    }
}

void connection_end::deliver(const piece& arrived) {
    connection_end& receiver = peer();
    switch (arrived.kind) {
        case piece_kind::data:
            receiver.arrive_data(arrived);
            break;
        case piece_kind::end:
            receiver.arrive_end();
            break;
        case piece_kind::reset:
            receiver.arrive_reset();
            break;
    }
    if (arrived.kind == piece_kind::reset) return;
    if (whole_.wires().path_open(receiver.at_, at_)) return;
    unacknowledged_ = true;
    start_giving_up();
}

void connection_end::arrive_data(const piece& arrived) {
    connection_end& sender = peer();
    const std::uint64_t size = arrived.end - sender.delivered_;
    sender.delivered_ = arrived.end;
    whole_.wires().universe().record(effect::deliver, at_, size, arrived.content);
    if (state_ != state::open) return send_reset();
    if (reader_ != nullptr) reader_->finish();
}

void connection_end::arrive_end() {
    whole_.wires().universe().record(effect::end_of_stream, at_, 0, 0);
    end_arrived_ = true;
    if (reader_ != nullptr) reader_->finish();
}

void connection_end::arrive_reset() {
    whole_.wires().universe().record(effect::reset, at_, 0, 0);
    lose();
}

void connection_end::send_reset() {
    if (reset_sent_) return;
    reset_sent_ = true;
    push(piece_kind::reset, 0, 0);
}

void connection_end::drop_pieces() {
    pieces_.clear();
    unschedule();
    held_ = false;
    unacknowledged_ = false;
    stop_giving_up();
}

void connection_end::start_giving_up() {
    if (give_up_.scheduled()) return;
    switchboard& wires = whole_.wires();
    const instant until = wires.universe().now() + wires.configured().retransmission_limit;
    wires.universe().events().schedule(give_up_, until);
}

void connection_end::stop_giving_up() {
    give_up_.unschedule();
}

void connection_end::give_up::fire() {
    end_.whole_.wires().universe().record(effect::give_up, end_.at_, end_.pieces_.size(), 0);
    end_.lose();
}

void connection_end::path_opened() {
    switchboard& wires = whole_.wires();
    if (held_ && wires.path_open(at_, peer().at_)) {
        held_ = false;
        const instant resent = wires.arrival(at_, peer().at_, 0) + wires.retransmission_pause();
        wires.universe().events().schedule(*this, std::max(resent, pieces_.front().due));
        last_due_ = std::max(last_due_, resent);
    }
    if (wires.path_open(peer().at_, at_)) unacknowledged_ = false;
    if (!held_ && !unacknowledged_) stop_giving_up();
}

void connection_end::wake_both() {
    if (reader_ != nullptr) reader_->finish();
    if (writer_ != nullptr) writer_->finish();
}

void connection_end::check_invariants() const {
    CHECK(sent_.read_position() <= delivered_);
    CHECK(delivered_ <= sent_.written());
    CHECK(std::ranges::is_sorted(pieces_, {}, &piece::due));
    CHECK(!held_ || !pieces_.empty());
}

connection::connection(switchboard& over, node_index client, node_index server)
    : wires_(over),
      client_(*this, client, over.universe().now(), over.configured().buffer_bytes),
      server_(*this, server, over.universe().now(), over.configured().buffer_bytes) {}

bool connection::between(node_index one, node_index other) const {
    return (client_.at() == one && server_.at() == other) ||
           (client_.at() == other && server_.at() == one);
}

void connection::release() {
    CHECK(held_by_ > 0);
    if (--held_by_ == 0) delete this;
}

}  // namespace verdikt::runtime::sim
