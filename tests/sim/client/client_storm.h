/// A broker, the machines of its clients, and everything that goes wrong between them.
///
/// Each seed draws its own mix of troubles, some often, some never (swarm testing, Groce et al.
/// 2012). The broker runs as it would for real: durable acknowledgements, recovery at every start.
#pragma once

#include "broker/server/broker_config.h"
#include "client/configuration.h"
#include "runtime/notification.h"
#include "runtime/sim/world.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

/// What can go wrong, and how often it did.
enum class trouble : std::uint8_t {
    broker_crash,
    broker_power_loss,
    client_crash,
    cut_one_way,
    cut_both_ways,
    reset_both_ends,
    reset_one_end,
    slow_link,
    stragglers,
    refused_connections,
    disk_hang,
    failed_sync,
};
inline constexpr std::size_t troubles = 12;

class client_storm {
  public:
    explicit client_storm(std::uint64_t seed);
    client_storm(const client_storm&) = delete;
    client_storm& operator=(const client_storm&) = delete;
    ~client_storm() { universe.end(); }

    /// A machine for a program under test. `crashes`: it may be killed and started again.
    runtime::sim::node& add_client(std::string name, bool crashes);

    /// For the broker, before it starts.
    void set(std::string key, std::string value) { config_.set(key, std::move(value)); }
    void start_broker();

    /// Troubles, until the time is over; then all is healed and everybody is up again.
    runtime::awaitable<void> rage(runtime::duration span);
    /// The broker loses power, and what was not on stable storage with it, and comes back.
    runtime::awaitable<void> cut_the_power();

    /// How clients reach the broker, impatient enough for a storm to show.
    [[nodiscard]] static client::client_config client_config();

    [[nodiscard]] std::uint64_t count(trouble which) const {
        return counts_[static_cast<std::size_t>(which)];
    }

    runtime::sim::world universe;
    runtime::sim::node& broker;

  private:
    struct client_machine {
        runtime::sim::node* machine;
        bool crashes;
    };

    runtime::awaitable<void> run_broker(runtime::environment& world);
    void strike();
    void apply(trouble what, const client_machine& at);
    [[nodiscard]] runtime::sim::link_settings bad_link();
    void heal();
    void restart_the_dead();

    std::vector<client_machine> clients_;
    broker::server::broker_config config_;
    runtime::notification never_;
    std::array<std::uint64_t, troubles> weights_{};
    std::array<std::uint64_t, troubles> counts_{};
};

}  // namespace verdikt::tests
