/// Any bytes, in any pieces, over several connections, against a whole broker in the simulated
/// world: it never crashes, keeps its limits, serves a well-behaved client afterwards, and shuts
/// down.
///
/// The input is a list of steps. The low two bits of a step's first byte name the connection, which
/// is opened where needed; connection 3 never reads its answers. The next three bits say what to
/// do:
///     0, 1    two bytes of length (big endian), and that many bytes to send as they are
///     2, 3    the same, with the length sent in front: mutations then reach what lies behind it
///     4       close it
///     5       a byte: let that many tenths of a second pass
///     6, 7    nothing
#include "broker/server/broker.h"
#include "broker/server/metrics.h"
#include "broker/server/node_services.h"
#include "runtime/check.h"
#include "runtime/deadline.h"
#include "runtime/sim/world.h"
#include "tests/raw_wire/wire_client.h"

#include "kafka/endian.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/metadata.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace verdikt::broker::server {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::const_bytes;
using runtime::environment;
using tests::wire_client;

constexpr std::uint64_t request_bytes_budget = 1 << 20;

broker_config small_broker() {
    broker_config config;
    config.set("listeners", "PLAINTEXT://broker:9092");
    config.set("log.dirs", "/data");
    config.set("group.initial.rebalance.delay.ms", "0");
    config.set("offsets.topic.num.partitions", "1");
    config.set("queued.max.request.bytes", std::to_string(request_bytes_budget));
    config.set("socket.request.max.bytes", "262144");
    config.set("socket.request.timeout.ms", "5000");
    return config;
}

/// One client with several connections, all hostile.
class attacker {
  public:
    attacker(environment& world, const_bytes script)
        : world_(world), script_(script), reading_(world.get_executor()) {}

    awaitable<void> run() {
        while (!script_.empty()) co_await step();
        wires_ = {};
        for (const auto& wire : opened_) wire->close();
        co_await reading_.cancel_and_join();
    }

  private:
    awaitable<void> step() {
        const auto first = take_byte();
        const std::size_t which = first & 3U;
        switch ((first >> 2U) & 7U) {
            case 0:
            case 1:
                co_return co_await send(which, take_block(), false);
            case 2:
            case 3:
                co_return co_await send(which, take_block(), true);
            case 4:
                if (wires_[which] != nullptr) wires_[which]->close();
                wires_[which] = nullptr;
                co_return;
            case 5:
                co_return co_await world_.sleep_for(take_byte() * 100ms);
            default:
                co_return;
        }
    }

    unsigned take_byte() {
        if (script_.empty()) return 0;
        const auto byte = std::to_integer<unsigned>(script_.front());
        script_ = script_.subspan(1);
        return byte;
    }

    const_bytes take_block() {
        const std::size_t wanted = take_byte() * 256 + take_byte();
        const const_bytes block = script_.first(std::min(wanted, script_.size()));
        script_ = script_.subspan(block.size());
        return block;
    }

    awaitable<void> send(std::size_t which, const_bytes block, bool framed) {
        if (wires_[which] == nullptr) co_await open(which);
        std::array<std::byte, 4> size{};
        kafka::store_big_endian<std::int32_t>(size.data(), static_cast<std::int32_t>(block.size()));
        const std::array<const_bytes, 2> pieces{size, block};
        const auto parts = std::span(pieces).subspan(framed ? 0 : 1);
        auto written = wires_[which]->write(parts);
        const auto done =
            co_await runtime::with_deadline(world_, world_.now() + 1s, std::move(written));
        if (!done || !*done) wires_[which] = nullptr;
    }

    awaitable<void> open(std::size_t which) {
        auto wire = co_await world_.net().connect({"broker", 9092});
        CHECK(wire.has_value(), "the broker takes no connection");
        wires_[which] = opened_.emplace_back(std::move(*wire)).get();
        if (which != 3) reading_.spawn(drain(*wires_[which]));
    }

    static awaitable<void> drain(runtime::stream& wire) {
        std::vector<std::byte> buffer(4096);
        for (;;) {
            const auto read = co_await wire.read_some(buffer);
            if (!read || *read == 0) co_return;
        }
    }

    environment& world_;
    const_bytes script_;
    std::vector<std::unique_ptr<runtime::stream>> opened_;
    std::array<runtime::stream*, 4> wires_{};
    runtime::scope reading_;
};

awaitable<void> expect_service(environment& world) {
    auto client = co_await wire_client::connect(world, {"broker", 9092});
    const auto versions = co_await client.ask<kafka::messages::api_versions_response>(
        kafka::messages::api_versions_request{}, 0);
    CHECK(versions.error_code == 0);
    const auto metadata = co_await client.ask<kafka::messages::metadata_response>(
        kafka::messages::metadata_request{.topics = std::nullopt}, 4);
    CHECK(metadata.brokers.size() == 1);
    client.close();
}

// Parsed once: an execution should spend its time on the script.
const broker_config& small_broker_config() {
    static const broker_config config = small_broker();
    return config;
}

awaitable<void> serve(environment& world, runtime::notification& stop_requested) {
    broker node(world, small_broker_config());
    const auto started = co_await node.start();
    CHECK(started.has_value(), "{}", started.error());
    co_await stop_requested.wait();
    node.services().topics.check_invariants();
    CHECK(node.measured().request_bytes_used <= request_bytes_budget);
    co_await node.stop();
}

void check(const_bytes script) {
    runtime::notification stop_requested;
    runtime::sim::world universe(1,
                                 {.virtual_time_max = std::chrono::hours(24),
                                  .events_max = 10'000'000,
                                  .lowest_log_level = runtime::log_level::error});
    auto& broker_node = universe.add_node("broker");
    auto& client_node = universe.add_node("client");
    broker_node.start([&](environment& world) { return serve(world, stop_requested); });
    universe.run_for(100ms);
    client_node.start([&](environment& world) -> awaitable<void> {
        attacker hostile(world, script);
        co_await hostile.run();
        co_await expect_service(world);
    });
    universe.run(client_node.until_stopped());
    CHECK(client_node.failure() == nullptr && broker_node.running());
    stop_requested.notify_all();
    universe.run(broker_node.until_stopped());
    CHECK(broker_node.failure() == nullptr);
}

}  // namespace
}  // namespace verdikt::broker::server

// For speed: without fake stacks, and with short stacks in allocation reports.
extern "C" const char* __asan_default_options() {
    return "detect_stack_use_after_return=0:malloc_context_size=4";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    verdikt::broker::server::check(std::as_bytes(std::span(data, size)));
    return 0;
}
