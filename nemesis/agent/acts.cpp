#include "nemesis/agent/acts.h"

#include "nemesis/agent/delay_acts.h"
#include "nemesis/agent/disk_acts.h"
#include "nemesis/agent/network_acts.h"
#include "nemesis/agent/process_acts.h"
#include "nemesis/agent/read_only_disk.h"

#include <fmt/format.h>

#include <set>

namespace verdikt::nemesis::agent {

namespace {

using made = std::expected<std::unique_ptr<act>, std::string>;

struct maker {
    act_id id;
    host& on;

    made operator()(const kill_process&) const { return of_broker(make_kill); }
    made operator()(const stop_process&) const { return of_broker(make_stop); }
    made operator()(const pause_process&) const { return of_broker(make_pause); }
    made operator()(const restart_process&) const { return of_broker(make_restart); }
    made operator()(const drop_packets& what) const {
        if (auto stranger = unknown_host(what.from)) return std::unexpected(*stranger);
        return make_drop(id, what, on);
    }
    made operator()(const refuse_new_connections& what) const {
        if (auto stranger = unknown_host(what.from)) return std::unexpected(*stranger);
        if (on.setup.ports.empty()) return std::unexpected("nobody listens on this host");
        return make_refuse(id, what, on);
    }
    made operator()(const end_connections& what) const {
        if (auto stranger = unknown_host(what.with)) return std::unexpected(*stranger);
        return make_end_connections(what, on);
    }
    made operator()(const limit_rate& what) const {
        if (on.setup.device.empty()) return std::unexpected("the host shares its network");
        return make_limit_rate(what, on);
    }
    made operator()(const delay_packets& what) const {
        if (on.setup.device.empty()) return std::unexpected("the host shares its network");
        return make_delay(what, on);
    }
    made operator()(const fill_disk&) const {
        if (on.setup.disk_bytes == 0) return std::unexpected("the host has no disk of its own");
        return make_fill_disk(on);
    }
    made operator()(const freeze_disk&) const {
        if (on.setup.disk_bytes == 0) return std::unexpected("the host has no disk of its own");
        if (!on.broker) return std::unexpected("there is no broker on this host");
        return make_freeze_disk(id, on);
    }
    made operator()(const crash_clients&) const {
        return std::unexpected("clients are crashed by their workload");
    }

    template <typename Make>
    [[nodiscard]] made of_broker(Make make) const {
        if (!on.broker) return std::unexpected("there is no broker on this host");
        return make(on);
    }

    [[nodiscard]] std::optional<std::string> unknown_host(
        const std::set<std::int32_t>& hosts) const {
        if (hosts.empty()) return "no host is named";
        for (const std::int32_t host : hosts) {
            if (!on.setup.addresses.contains(host)) return fmt::format("unknown host {}", host);
        }
        return std::nullopt;
    }
};

}  // namespace

made make_act(act_id id, const node_fault& what, host& on) {
    return std::visit(maker{.id = id, .on = on}, what);
}

}  // namespace verdikt::nemesis::agent
