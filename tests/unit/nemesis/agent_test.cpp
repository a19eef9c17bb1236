#include "nemesis/agent/packet_rules.h"
#include "nemesis/agent/protocol.h"
#include "nemesis/agent/run_program.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace verdikt::nemesis::agent {
namespace {

using namespace std::chrono_literals;

const host_addresses hosts{{0, "10.0.0.9"}, {1, "10.0.0.1"}, {2, "10.0.0.2"}};

TEST(protocol, every_fault_passes_the_pipe_unchanged) {
    const std::vector<node_fault> all{kill_process{},
                                      stop_process{},
                                      pause_process{},
                                      restart_process{},
                                      drop_packets{.from = {1, 2}, .percent = 30},
                                      refuse_new_connections{.from = {0}},
                                      end_connections{.with = {0, 2}},
                                      limit_rate{.kilobits = 512},
                                      delay_packets{.delay = 20ms, .jitter = 5ms},
                                      fill_disk{},
                                      freeze_disk{},
                                      crash_clients{}};
    EXPECT_EQ(all.size(), std::variant_size_v<node_fault>);
    for (const node_fault& each : all) {
        const std::string line = to_json(each).dump();
        EXPECT_EQ(node_fault_from(nlohmann::json::parse(line)), each) << line;
    }
    EXPECT_THROW((void)node_fault_from({{"kind", "flood"}}), std::invalid_argument);
}

TEST(protocol, hosts_evidence_and_capabilities_pass_the_pipe_unchanged) {
    const host_setup setup{.self = 2,
                           .addresses = hosts,
                           .ports = {9092, 9093},
                           .device = "eth0",
                           .disk = "/data",
                           .disk_bytes = 1 << 20,
                           .broker = {"/bin/broker", "--config", "x y"},
                           .output = "/log"};
    EXPECT_EQ(host_setup_from(to_json(setup)), setup);
    const evidence bite{.bit = true, .text = "3 packets", .counts = {{"packets", 3}}};
    EXPECT_EQ(evidence_from(to_json(bite)), bite);
    lacking all;
    for (const capability each : all_capabilities()) all[each] = "for a reason";
    EXPECT_EQ(lacking_from(to_json(all)), all);
    EXPECT_THROW((void)lacking_from({{"wings", "none"}}), std::invalid_argument);
}

TEST(packet_rules, a_cut_drops_whatever_comes_from_those_hosts) {
    const std::string rules = rules_of(7, drop_packets{.from = {0, 2}}, hosts);
    EXPECT_EQ(rules,
              "table inet verdikt_7 {\n"
              "  counter hits { }\n"
              "  chain arriving {\n"
              "    type filter hook input priority -200; policy accept;\n"
              "    ip saddr { 10.0.0.9, 10.0.0.2 } counter name \"hits\" drop\n"
              "  }\n"
              "}\n");
    EXPECT_EQ(removal_of(7), "delete table inet verdikt_7\n");
}

TEST(packet_rules, loss_drops_a_share) {
    const std::string rules = rules_of(1, drop_packets{.from = {1}, .percent = 25}, hosts);
    EXPECT_NE(rules.find("ip saddr { 10.0.0.1 } numgen random mod 100 < 25 counter"),
              std::string::npos)
        << rules;
}

TEST(packet_rules, every_packet_to_the_ports_of_the_broker_is_refused) {
    const std::string rules = rules_of(1, refuse_new_connections{.from = {1}}, hosts, {9092, 9093});
    EXPECT_NE(rules.find("tcp dport { 9092, 9093 } counter name"), std::string::npos) << rules;
    EXPECT_NE(rules.find("reject with tcp reset"), std::string::npos) << rules;
}

TEST(packet_rules, the_counter_is_read_from_what_nft_lists) {
    const auto counted = packets_counted(
        "table inet verdikt_3 {\n\tcounter hits {\n\t\tpackets 42 bytes 2520\n\t}\n}\n");
    EXPECT_EQ(counted, 42);
    EXPECT_FALSE(packets_counted("table inet verdikt_3 {\n}\n").has_value());
    EXPECT_FALSE(packets_counted("packets many").has_value());
}

TEST(run_program, tells_code_output_and_errors_and_gives_input) {
    const auto ended = run_program({"sh", "-c", "cat; echo wrong >&2; exit 3"}, "given\n");
    ASSERT_TRUE(ended.has_value()) << ended.error();
    EXPECT_EQ(ended->exit_code, 3);
    EXPECT_EQ(ended->output, "given\n");
    EXPECT_EQ(ended->errors, "wrong\n");
    EXPECT_EQ(run_or_reason({"sh", "-c", "echo wrong >&2; exit 3"}).error(),
              "sh -c echo wrong >&2; exit 3: wrong");
}

TEST(run_program, that_is_missing_or_takes_too_long_is_a_reason) {
    EXPECT_EQ(run_program({"no-such-program"}).error(), "there is no program 'no-such-program'");
    EXPECT_EQ(run_program({"sleep", "20"}, {}, 50ms).error(), "sleep did not end in time");
}

TEST(run_program, more_output_than_a_pipe_holds_is_taken_in) {
    const auto ended = run_program({"head", "-c", "300000", "/dev/zero"});
    ASSERT_TRUE(ended.has_value()) << ended.error();
    EXPECT_EQ(ended->output.size(), 300'000U);
}

}  // namespace
}  // namespace verdikt::nemesis::agent
