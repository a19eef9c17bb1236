// Four nodes that send each other messages, store them and answer, while everything breaks.
//
// It proves nothing about a product: it is there to pass through every path of the simulated world,
// so that whatever in it does not follow from the seed shows as a differing trace hash.
#include "runtime/deadline.h"
#include "runtime/environment.h"
#include "tests/sim/determinism/scenario.h"
#include "tests/sim/faults/fault_mix.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace runtime;

constexpr std::uint16_t port = 9000;
constexpr std::array<const char*, 4> names{"north", "east", "south", "west"};

awaitable<void> append(environment& env, file& journal, const_bytes message) {
    const std::array pieces{message};
    const auto written = co_await journal.write_at(journal.size(), pieces);
    if (written && env.random().chance(0.3)) (void)co_await journal.sync();
}

awaitable<void> answer(environment& env, std::unique_ptr<stream> with, file& journal) {
    std::vector<std::byte> buffer(2000);
    for (;;) {
        const auto got = co_await with->read_some(buffer);
        if (!got || *got == 0) co_return;
        const const_bytes message = std::span(buffer).first(*got);
        co_await append(env, journal, message);
        if (!(co_await with->write({&message, 1})).has_value()) co_return;
    }
}

awaitable<void> serve(environment& env, scope& answering, file& journal) {
    const auto listening = co_await env.net().listen({.host = "", .port = port});
    for (;;) {
        auto accepted = co_await (*listening)->accept();
        if (!accepted) co_return;
        answering.spawn(answer(env, std::move(*accepted), journal));
    }
}

awaitable<void> converse(environment& env, std::string peer) {
    const auto made = co_await env.net().connect({.host = std::move(peer), .port = port});
    if (!made) co_return;
    std::vector<std::byte> message(1 + env.random().below(3000));
    std::vector<std::byte> reply(message.size());
    for (std::uint64_t round = env.random().below(20); round > 0; --round) {
        env.random().fill(message);
        const const_bytes piece = message;
        if (!(co_await (*made)->write({&piece, 1})).has_value()) co_return;
        std::size_t done = 0;
        while (done < reply.size()) {
            const auto got = co_await (*made)->read_some(std::span(reply).subspan(done));
            if (!got || *got == 0) co_return;
            done += *got;
        }
        co_await env.sleep_for(duration(env.random().below(20'000'000)));
    }
}

awaitable<void> chat(environment& env) {
    for (;;) {
        const char* const peer = names[env.random().below(names.size())];
        const bool done = co_await with_deadline(env, env.now() + 1s, converse(env, peer));
        if (!done) env.log().write(log_level::warning, "gave_up", {{"peer", peer}});
        co_await env.sleep_for(duration(env.random().below(50'000'000)));
    }
}

awaitable<void> shuffle_files(environment& env) {
    for (;;) {
        co_await env.sleep_for(duration(env.random().below(300'000'000)));
        auto made = co_await env.files().open("/data/next", open_mode::create);
        if (!made) continue;
        const std::string text = std::to_string(env.wall_time().time_since_epoch().count());
        const const_bytes piece = std::as_bytes(std::span(text.data(), text.size()));
        (void)co_await (*made)->write_at(0, {&piece, 1});
        if (env.random().chance(0.5)) (void)co_await (*made)->sync();
        (void)co_await env.files().rename("/data/next", "/data/current");
        if (env.random().chance(0.5)) (void)co_await env.files().sync_directory("/data");
    }
}

awaitable<void> live(environment& env) {
    (void)co_await env.files().create_directories("/data");
    const auto journal = co_await env.files().open("/data/journal", open_mode::create);
    if (!journal) co_return;
    scope running(env.get_executor());
    running.spawn(serve(env, running, **journal));
    running.spawn(shuffle_files(env));
    for (int talker = 0; talker < 3; ++talker) running.spawn(chat(env));
    co_await running.join();
}

void run_busy_cluster(sim::world& universe) {
    std::vector<sim::node*> nodes;
    for (const char* const name : names) {
        nodes.push_back(&universe.add_node(name));
        nodes.back()->start(live);
    }
    fault_mix faults(universe, nodes);
    universe.run(faults.strike(instant(3s)));
    universe.run_for(500ms);
}

const scenario_registration registered("busy_cluster", run_busy_cluster);

}  // namespace
}  // namespace verdikt::tests
