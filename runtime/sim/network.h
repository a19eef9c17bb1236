/// The network as one simulated process sees it: its listeners and streams.
///
/// Streams and listeners belong to coroutines of the process; when it dies their sockets vanish at
/// once, and what is left of them throws `operation_aborted` at every use.
#pragma once

#include "runtime/network.h"
#include "runtime/sim/connection.h"
#include "runtime/sim/death.h"
#include "runtime/sim/pending_wait.h"

#include <deque>
#include <memory>

namespace verdikt::runtime::sim {

class process;

class process_stream final : public stream {
  public:
    process_stream(process& of, held_end end, endpoint peer);
    ~process_stream() override { close(); }

    awaitable<std::expected<std::size_t, errc>> read_some(mutable_bytes into) override;
    awaitable<std::expected<void, errc>> write(std::span<const const_bytes> pieces) override;
    awaitable<std::expected<void, errc>> write_file(file& from,
                                                    std::uint64_t position,
                                                    std::uint64_t size) override;
    void close() noexcept override { end_->close(); }
    [[nodiscard]] endpoint peer() const override { return peer_; }

  private:
    process& process_;
    held_end end_;
    endpoint peer_;
};

class process_listener final : public listener, public unlinked_on_death {
  public:
    process_listener(process& of, std::uint16_t port);
    ~process_listener() override { close(); }

    awaitable<std::expected<std::unique_ptr<stream>, errc>> accept() override;
    void close() noexcept override;
    [[nodiscard]] endpoint local() const override;

    /// A connection arrived. False if too many wait to be accepted.
    bool offer(held_end end, endpoint peer);

  private:
    struct arrival {
        held_end end;
        endpoint peer;
    };

    process& process_;
    std::uint16_t port_;
    bool open_ = true;
    std::deque<arrival> arrived_;
    pending_wait* accepting_ = nullptr;
};

class process_network final : public network {
  public:
    explicit process_network(process& of) : process_(of) {}

    awaitable<std::expected<std::unique_ptr<listener>, errc>> listen(endpoint at) override;
    awaitable<std::expected<std::unique_ptr<stream>, errc>> connect(endpoint to) override;

    void enlist(connection_end& end) { ends_.push_back(end); }
    void enlist(process_listener& listening) { listeners_.push_back(listening); }
    void die(death how);

  private:
    process& process_;
    linked_list<connection_end> ends_;
    linked_list<process_listener> listeners_;
};

}  // namespace verdikt::runtime::sim
