#include "trial/demos.h"

#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace verdikt::trial {

namespace {

using namespace std::chrono_literals;
using nemesis::fault_kind;
using nemesis::role;
using workloads::load_options;

/// So that a cluster knows soon that its leader is gone.
constexpr std::array<std::string_view, 2> quick_sessions{"broker.session.timeout.ms=3000",
                                                         "broker.heartbeat.interval.ms=500"};
constexpr std::array<std::string_view, 3> alone_is_enough{
    "broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500", "min.insync.replicas=1"};

nemesis::step at(std::chrono::milliseconds when,
                 std::chrono::milliseconds lasts,
                 fault_kind kind,
                 role who) {
    const kafka::topic_partition first{.topic = "queue", .partition = kafka::partition_index(0)};
    return {.at = when,
            .lasts = lasts,
            .what = {.kind = kind, .target = {.who = who, .partition = first}}};
}

void one_partition(load_options& load) {
    load.partitions = 1;
    load.sub_via = "assign";
}

/// The followers stand still while the leader acknowledges what it alone has. It dies before they
/// go on, and one of them leads: two of three are also a majority, so nobody could vote meanwhile.
nemesis::schedule leader_dies_alone() {
    return {.steps = {at(2s, 5s, fault_kind::pause, role::followers),
                      at(4s, 8s, fault_kind::kill, role::leader)}};
}

/// With five nodes a quorum is left when the followers die, so they leave the ISR. The leader is
/// all that is left of it, and dies when they come back.
nemesis::schedule last_in_sync_dies() {
    return {.steps = {at(1s, 8s, fault_kind::kill, role::followers),
                      at(8s, 8s, fault_kind::kill, role::leader)}};
}

/// Longer than a request waits for its answer, shorter than a session: what was sent arrives when
/// the leader goes on, and so does what was sent again.
nemesis::schedule leader_pauses() {
    return {.steps = {at(1s, 4s, fault_kind::pause, role::leader),
                      at(8s, 4s, fault_kind::pause, role::leader)}};
}

nemesis::schedule clients_crash() {
    return {.steps = {at(3s, 0s, fault_kind::client_crash, role::clients),
                      at(6s, 0s, fault_kind::client_crash, role::clients)}};
}

/// Eight at once, most of them in the middle of their work; others take their partitions when their
/// sessions are over.
nemesis::schedule instances_crash() {
    return {.steps = {at(6s, 0s, fault_kind::client_crash, role::clients)}};
}

constexpr std::array demos{
    demo{.name = "lost-write",
         .summary = "acks=1: the leader dies with writes that it alone had",
         .workload = "queue",
         .overrides = quick_sessions,
         .prepare = one_partition,
         .relax =
             [](load_options& load) {
                 load.acks = "1";
                 load.expect_durable = true;
             },
         .faults = leader_dies_alone},
    demo{.name = "unclean-election",
         .summary = "unclean.leader.election.enable: a replica out of sync leads",
         .workload = "queue",
         .nodes = 5,
         .overrides = alone_is_enough,
         .prepare =
             [](load_options& load) {
                 one_partition(load);
                 load.replication_factor = 3;
             },
         .relax =
             [](load_options& load) {
                 load.unclean_elections = true;
                 load.expect_durable = true;
             },
         .faults = last_in_sync_dies},
    demo{.name = "duplicate",
         .summary = "no idempotence: what is sent again is there twice",
         .workload = "queue",
         .prepare = one_partition,
         .relax =
             [](load_options& load) {
                 load.no_idempotence = true;
                 load.expect_idempotent = true;
             },
         .faults = leader_pauses},
    demo{.name = "aborted-read",
         .summary = "read_uncommitted: what was aborted is read",
         .workload = "queue",
         .seconds = 8,
         .prepare = one_partition,
         .relax =
             [](load_options& load) {
                 load.isolation_level = "read_uncommitted";
                 load.expect_committed = true;
             },
         .faults = clients_crash},
    demo{.name = "auto-commit",
         .summary = "enable.auto.commit: what is committed before it is processed is passed over",
         .workload = "exactly-once",
         .seconds = 13,
         .prepare =
             [](load_options& load) {
                 load.partitions = 8;
                 load.concurrency = 9;
             },
         .relax =
             [](load_options& load) {
                 load.auto_commit = true;
                 load.expect_processed = true;
             },
         .faults = instances_crash},
};

}  // namespace

std::span<const demo> all_demos() {
    return demos;
}

std::expected<const demo*, std::string> find_demo(std::string_view name) {
    std::vector<std::string_view> names;
    for (const demo& each : demos) {
        if (each.name == name) return &each;
        names.push_back(each.name);
    }
    return std::unexpected(fmt::format(
        "unknown demo '{}'; did you mean {}?", name, runtime::nearest_name(name, names)));
}

}  // namespace verdikt::trial
