#include "runtime/sim/network.h"

#include "runtime/check.h"
#include "runtime/sim/connect_attempt.h"
#include "runtime/sim/process.h"
#include "runtime/sim/switchboard.h"
#include "runtime/sim/world.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace verdikt::runtime::sim {

namespace {

/// As net.core.somaxconn; beyond it a connection request goes unanswered.
constexpr std::size_t waiting_connections_max = 4096;

constexpr std::uint64_t file_chunk_bytes = 64U << 10U;

bool means_every_address(std::string_view host) {
    constexpr std::array<std::string_view, 3> wildcards{"", "0.0.0.0", "::"};
    return std::ranges::find(wildcards, host) != wildcards.end();
}

}  // namespace

process_stream::process_stream(process& of, held_end end, endpoint peer)
    : process_(of), end_(std::move(end)), peer_(std::move(peer)) {}

awaitable<std::expected<std::size_t, errc>> process_stream::read_some(mutable_bytes into) {
    for (;;) {
        throw_if(co_await boost::asio::this_coro::cancellation_state);
        process_.require_life();
        if (const auto ready = end_->try_read(into)) co_return *ready;
        listed_wait arrival(end_->reader());
        process_.enlist(arrival);
        co_await arrival.arrival();
        arrival.settle();
    }
}

awaitable<std::expected<void, errc>> process_stream::write(std::span<const const_bytes> pieces) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    for (const_bytes piece : pieces) {
        while (!piece.empty()) {
            process_.require_life();
            const auto taken = end_->try_write(piece);
            if (!taken) co_return std::unexpected(taken.error());
            piece = piece.subspan(*taken);
            if (*taken > 0) continue;
            throw_if(co_await boost::asio::this_coro::cancellation_state);
            listed_wait room(end_->writer());
            process_.enlist(room);
            co_await room.arrival();
            room.settle();
        }
    }
    co_return std::expected<void, errc>();
}

awaitable<std::expected<void, errc>> process_stream::write_file(file& from,
                                                                std::uint64_t position,
                                                                std::uint64_t size) {
    std::vector<std::byte> chunk(static_cast<std::size_t>(std::min(size, file_chunk_bytes)));
    while (size > 0) {
        const std::span<std::byte> into(chunk.data(), std::min<std::uint64_t>(size, chunk.size()));
        const auto got = co_await from.read_at(position, into);
        if (!got || *got == 0) co_return std::unexpected(errc::io_error);
        const const_bytes piece = into.first(*got);
        const auto written = co_await write({&piece, 1});
        if (!written) co_return written;
        position += *got;
        size -= *got;
    }
    co_return std::expected<void, errc>();
}

process_listener::process_listener(process& of, std::uint16_t port) : process_(of), port_(port) {
    of.sockets().enlist(*this);
}

bool process_listener::offer(held_end end, endpoint peer) {
    if (arrived_.size() >= waiting_connections_max) return false;
    process_.sockets().enlist(*end);
    arrived_.push_back({std::move(end), std::move(peer)});
    if (accepting_ != nullptr) accepting_->finish();
    return true;
}

awaitable<std::expected<std::unique_ptr<stream>, errc>> process_listener::accept() {
    for (;;) {
        throw_if(co_await boost::asio::this_coro::cancellation_state);
        process_.require_life();
        if (!open_) co_return std::unexpected(errc::closed);
        if (!arrived_.empty()) {
            arrival next = std::move(arrived_.front());
            arrived_.pop_front();
            co_return std::make_unique<process_stream>(
                process_, std::move(next.end), std::move(next.peer));
        }
        listed_wait offered(accepting_);
        process_.enlist(offered);
        co_await offered.arrival();
        offered.settle();
    }
}

void process_listener::close() noexcept {
    if (!open_) return;
    open_ = false;
    unlink();
    process_.universe().wires().remove_listener(process_.home().index(), port_);
    for (arrival& turned_away : arrived_) turned_away.end->reset_by_death();
    arrived_.clear();
    if (accepting_ != nullptr) accepting_->finish();
}

endpoint process_listener::local() const {
    return {.host = process_.home().name(), .port = port_};
}

awaitable<std::expected<std::unique_ptr<listener>, errc>> process_network::listen(endpoint at) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    process_.require_life();
    switchboard& wires = process_.universe().wires();
    const node_index here = process_.home().index();
    if (!means_every_address(at.host) && wires.resolve(at.host, here) != here) {
        co_return std::unexpected(errc::unreachable);
    }
    const std::uint16_t port = at.port != 0 ? at.port : wires.free_port(here);
    if (wires.listener_at(here, port) != nullptr) co_return std::unexpected(errc::address_in_use);
    auto opened = std::make_unique<process_listener>(process_, port);
    wires.add_listener(here, port, *opened);
    co_return opened;
}

awaitable<std::expected<std::unique_ptr<stream>, errc>> process_network::connect(endpoint to) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    process_.require_life();
    const auto target = process_.universe().wires().resolve(to.host, process_.home().index());
    if (!target) co_return std::unexpected(errc::unreachable);
    connect_attempt attempt(process_, *target, to.port);
    co_await attempt.arrival();
    attempt.settle();
    auto made = attempt.take_result();
    if (!made) co_return std::unexpected(made.error());
    co_return std::make_unique<process_stream>(process_, std::move(*made), std::move(to));
}

void process_network::die(death how) {
    while (!listeners_.empty()) listeners_.front().close();
    while (!ends_.empty()) {
        connection_end& end = ends_.front();
        ends_.pop_front();
        if (how == death::power_loss) {
            end.vanish();
        } else {
            end.reset_by_death();
        }
    }
}

}  // namespace verdikt::runtime::sim
