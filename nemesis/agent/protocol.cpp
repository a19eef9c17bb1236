#include "nemesis/agent/protocol.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace verdikt::nemesis::agent {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

struct writer {
    json operator()(const kill_process&) const { return {{"kind", "kill-process"}}; }
    json operator()(const stop_process&) const { return {{"kind", "stop-process"}}; }
    json operator()(const pause_process&) const { return {{"kind", "pause-process"}}; }
    json operator()(const restart_process&) const { return {{"kind", "restart-process"}}; }
    json operator()(const drop_packets& what) const {
        return {{"kind", "drop-packets"}, {"from", what.from}, {"percent", what.percent}};
    }
    json operator()(const refuse_new_connections& what) const {
        return {{"kind", "refuse-new-connections"}, {"from", what.from}};
    }
    json operator()(const end_connections& what) const {
        return {{"kind", "end-connections"}, {"with", what.with}};
    }
    json operator()(const limit_rate& what) const {
        return {{"kind", "limit-rate"}, {"kilobits", what.kilobits}};
    }
    json operator()(const delay_packets& what) const {
        return {{"kind", "delay-packets"},
                {"delay_ms", what.delay.count()},
                {"jitter_ms", what.jitter.count()}};
    }
    json operator()(const fill_disk&) const { return {{"kind", "fill-disk"}}; }
    json operator()(const freeze_disk&) const { return {{"kind", "freeze-disk"}}; }
    json operator()(const crash_clients&) const { return {{"kind", "crash-clients"}}; }
};

std::set<std::int32_t> hosts(const json& from, const char* name) {
    return from.at(name).get<std::set<std::int32_t>>();
}

std::optional<node_fault> process_fault(const std::string& kind) {
    if (kind == "kill-process") return kill_process{};
    if (kind == "stop-process") return stop_process{};
    if (kind == "pause-process") return pause_process{};
    if (kind == "restart-process") return restart_process{};
    return std::nullopt;
}

std::optional<node_fault> network_fault(const std::string& kind, const json& from) {
    if (kind == "drop-packets") {
        return drop_packets{.from = hosts(from, "from"), .percent = from.at("percent")};
    }
    if (kind == "refuse-new-connections") {
        return refuse_new_connections{.from = hosts(from, "from")};
    }
    if (kind == "end-connections") return end_connections{.with = hosts(from, "with")};
    if (kind == "limit-rate") return limit_rate{.kilobits = from.at("kilobits")};
    if (kind == "delay-packets") {
        return delay_packets{.delay = milliseconds(from.at("delay_ms").get<std::int64_t>()),
                             .jitter = milliseconds(from.at("jitter_ms").get<std::int64_t>())};
    }
    return std::nullopt;
}

capability capability_named(const std::string& name) {
    const auto all = all_capabilities();
    const auto found =
        std::ranges::find(all, name, [](capability each) { return std::string(to_text(each)); });
    if (found == all.end()) throw std::invalid_argument("unknown capability " + name);
    return *found;
}

}  // namespace

json to_json(const node_fault& what) {
    return std::visit(writer(), what);
}

json to_json(const evidence& what) {
    return {{"bit", what.bit}, {"text", what.text}, {"counts", what.counts}};
}

json to_json(const host_setup& what) {
    json addresses = json::object();
    for (const auto& [host, address] : what.addresses) addresses[std::to_string(host)] = address;
    return {{"self", what.self},
            {"addresses", std::move(addresses)},
            {"ports", what.ports},
            {"device", what.device},
            {"disk", what.disk},
            {"disk_bytes", what.disk_bytes},
            {"broker", what.broker},
            {"output", what.output}};
}

json to_json(const lacking& what) {
    json reasons = json::object();
    for (const auto& [which, reason] : what) reasons[std::string(to_text(which))] = reason;
    return reasons;
}

json to_json(const program_result& what) {
    return {{"exit_code", what.exit_code}, {"output", what.output}, {"errors", what.errors}};
}

node_fault node_fault_from(const json& from) {
    const auto kind = from.at("kind").get<std::string>();
    if (auto found = process_fault(kind)) return *found;
    if (auto found = network_fault(kind, from)) return *found;
    if (kind == "fill-disk") return fill_disk{};
    if (kind == "freeze-disk") return freeze_disk{};
    if (kind == "crash-clients") return crash_clients{};
    throw std::invalid_argument("unknown fault " + kind);
}

evidence evidence_from(const json& from) {
    return {.bit = from.at("bit"), .text = from.at("text"), .counts = from.at("counts")};
}

host_setup host_setup_from(const json& from) {
    host_setup setup{.self = from.at("self"),
                     .addresses = {},
                     .ports = from.at("ports"),
                     .device = from.at("device"),
                     .disk = from.at("disk"),
                     .disk_bytes = from.at("disk_bytes"),
                     .broker = from.at("broker"),
                     .output = from.at("output")};
    for (const auto& [host, address] : from.at("addresses").items()) {
        setup.addresses[std::stoi(host)] = address;
    }
    return setup;
}

lacking lacking_from(const json& from) {
    lacking reasons;
    for (const auto& [name, reason] : from.items()) reasons[capability_named(name)] = reason;
    return reasons;
}

program_result program_result_from(const json& from) {
    return {.exit_code = from.at("exit_code"),
            .output = from.at("output"),
            .errors = from.at("errors")};
}

}  // namespace verdikt::nemesis::agent
