// That the simulated disk bites: a server which acknowledges what it has only written loses
// acknowledged records at a power loss, and one that syncs first never does. Without the first
// half, the second would prove nothing, here or for the broker.
#include "runtime/deadline.h"
#include "runtime/sim/world.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <vector>

namespace verdikt::runtime::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t port = 9000;

using record = std::uint64_t;

awaitable<std::optional<record>> receive_record(stream& from) {
    record received = 0;
    const std::span<std::byte> into = std::as_writable_bytes(std::span(&received, 1));
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got = co_await from.read_some(into.subspan(done));
        if (!got || *got == 0) co_return std::nullopt;
        done += *got;
    }
    co_return received;
}

awaitable<bool> send_record(stream& to, record sent) {
    const const_bytes piece = std::as_bytes(std::span(&sent, 1));
    co_return (co_await to.write({&piece, 1})).has_value();
}

/// Appends each record that it receives to a file, and acknowledges it.
class journal {
  public:
    explicit journal(bool syncs) : syncs_(syncs) {}

    awaitable<void> operator()(environment& env) const {
        const auto opened = co_await env.files().open("/journal", open_mode::create);
        CHECK(opened.has_value());
        CHECK((co_await env.files().sync_directory("/")).has_value());
        const auto listening = co_await env.net().listen({.host = "", .port = port});
        for (;;) {
            const auto accepted = co_await (*listening)->accept();
            co_await serve(**accepted, **opened);
        }
    }

  private:
    awaitable<void> serve(stream& with, file& into) const {
        // A torn record at the end would shift all that follow.
        co_await into.truncate(into.size() / sizeof(record) * sizeof(record));
        while (const auto received = co_await receive_record(with)) {
            const const_bytes piece = std::as_bytes(std::span(&*received, 1));
            CHECK((co_await into.write_at(into.size(), {&piece, 1})).has_value());
            if (syncs_) CHECK((co_await into.sync()).has_value());
            if (!co_await send_record(with, *received)) co_return;
        }
    }

    bool syncs_;
};

/// Sends records that rise, and notes which were acknowledged.
class sender {
  public:
    awaitable<void> run(environment& env) {
        for (;;) {
            const auto made = co_await with_deadline(
                env, env.now() + 1s, env.net().connect({.host = "server", .port = port}));
            if (made && *made) {
                co_await with_deadline(env, env.now() + 5s, send_until_broken(***made));
            }
            co_await env.sleep_for(10ms);
        }
    }

    [[nodiscard]] const std::vector<record>& acknowledged() const { return acknowledged_; }

  private:
    awaitable<void> send_until_broken(stream& to) {
        while (co_await send_record(to, next_)) {
            const auto answer = co_await receive_record(to);
            if (!answer) co_return;
            acknowledged_.push_back(*answer);
            ++next_;
        }
    }

    record next_ = 1;
    std::vector<record> acknowledged_;
};

/// Acknowledged records that are not in the file after several power losses.
std::size_t count_lost(std::uint64_t seed, bool syncs) {
    world universe(seed);
    node& server = universe.add_node("server");
    node& client = universe.add_node("client");
    sender sending;
    server.start(journal(syncs));
    client.start([&sending](environment& env) { return sending.run(env); });
    for (int life = 0; life < 3; ++life) {
        universe.run_for(duration(universe.random().between(20'000'000, 300'000'000)));
        server.power_loss();
        universe.run_for(duration(universe.random().between(0, 1'000'000'000)));
        server.restart();
    }
    universe.run_for(100ms);
    server.power_loss();
    universe.settle();

    const auto bytes = server.disk().content("/journal");
    std::vector<record> stored(bytes ? bytes->size() / sizeof(record) : 0);
    if (!stored.empty()) std::memcpy(stored.data(), bytes->data(), stored.size() * sizeof(record));
    const std::set<record> found(stored.begin(), stored.end());
    EXPECT_GT(sending.acknowledged().size(), 10U);
    return static_cast<std::size_t>(std::ranges::count_if(
        sending.acknowledged(), [&found](record each) { return !found.contains(each); }));
}

TEST(journal_test, a_server_that_syncs_before_it_acknowledges_loses_nothing) {
    for_each_seed(200, [](std::uint64_t seed) { EXPECT_EQ(count_lost(seed, true), 0U); });
}

TEST(journal_test, a_server_that_only_writes_before_it_acknowledges_loses_records) {
    std::size_t seeds_with_loss = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        seeds_with_loss += count_lost(seed, false) > 0 ? 1 : 0;
    }
    EXPECT_GT(seeds_with_loss, 25U);
}

}  // namespace
}  // namespace verdikt::runtime::sim
