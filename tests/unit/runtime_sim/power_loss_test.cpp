#include "runtime/sim/world.h"
#include "tests/unit/runtime_sim/bytes.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

namespace verdikt::runtime::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seeds = 400;

using steps = std::function<awaitable<void>(file_system&)>;

/// What a node's disk holds after `life` and then a power loss.
class aftermath {
  public:
    aftermath(std::uint64_t seed, const steps& life) : universe_(seed) {
        node_.disk().set_write_back_chance(0);
        node_.start([&life](environment& env) -> awaitable<void> {
            co_await life(env.files());
            co_await env.sleep_for(24h);
        });
        universe_.run_for(1h);
        node_.power_loss();
        universe_.settle();
    }

    [[nodiscard]] std::optional<std::string> content(const char* path) {
        const auto bytes = node_.disk().content(path);
        if (!bytes) return std::nullopt;
        return as_text(*bytes);
    }
    [[nodiscard]] std::set<std::string> names() {
        std::set<std::string> found;
        for (const auto& path : node_.disk().files_below("/")) found.insert(path.native());
        return found;
    }
    [[nodiscard]] const disk::counts& counted() { return node_.disk().counted(); }

  private:
    world universe_;
    node& node_ = universe_.add_node("a");
};

awaitable<std::unique_ptr<file>> create(file_system& files, const char* path) {
    auto opened = co_await files.open(path, open_mode::create);
    EXPECT_TRUE(opened.has_value());
    co_return std::move(*opened);
}

awaitable<void> create_durably(file_system& files, const char* path, std::string text) {
    const auto made = co_await create(files, path);
    EXPECT_TRUE((co_await write_text(*made, 0, text)).has_value());
    EXPECT_TRUE((co_await made->sync()).has_value());
    EXPECT_TRUE((co_await files.sync_directory("/")).has_value());
}

TEST(power_loss_test, what_was_synced_is_always_there) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            co_await create_durably(files, "/f", std::string(10'000, 'd'));
        });
        ASSERT_EQ(left.content("/f"), std::string(10'000, 'd')) << "seed " << seed;
    }
}

TEST(power_loss_test, an_unsynced_append_ends_anywhere_and_never_harms_what_was_synced) {
    std::set<std::size_t> sizes;
    std::uint64_t lost_all = 0;
    std::uint64_t kept_all = 0;
    std::uint64_t torn = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            co_await create_durably(files, "/f", std::string(1000, 'd'));
            const auto again = co_await files.open("/f", open_mode::read_write);
            EXPECT_TRUE((co_await write_text(**again, 1000, std::string(20'000, 'u'))).has_value());
        });
        const std::string text = left.content("/f").value();
        ASSERT_EQ(text.substr(0, 1000), std::string(1000, 'd')) << "seed " << seed;
        sizes.insert(text.size());
        lost_all += text.size() == 1000 ? 1 : 0;
        kept_all += text == std::string(1000, 'd') + std::string(20'000, 'u') ? 1 : 0;
        torn += left.counted().files_torn;
    }
    EXPECT_GT(lost_all, seeds / 20);
    EXPECT_GT(kept_all, seeds / 20);
    EXPECT_GT(torn, seeds / 20);
    EXPECT_GT(sizes.size(), seeds / 10);
}

TEST(power_loss_test, an_unsynced_overwrite_leaves_old_and_new_sectors_side_by_side) {
    std::uint64_t mixed = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            co_await create_durably(files, "/f", std::string(8192, 'o'));
            const auto again = co_await files.open("/f", open_mode::read_write);
            EXPECT_TRUE((co_await write_text(**again, 0, std::string(8192, 'n'))).has_value());
        });
        const std::string text = left.content("/f").value();
        ASSERT_EQ(text.size(), 8192U);
        for (std::size_t sector = 0; sector < 16; ++sector) {
            const std::string part = text.substr(sector * 512, 512);
            ASSERT_TRUE(part == std::string(512, 'o') || part == std::string(512, 'n'));
        }
        const bool has_old = text.find('o') != std::string::npos;
        mixed += has_old && text.find('n') != std::string::npos ? 1 : 0;
    }
    EXPECT_GT(mixed, seeds / 10);
}

TEST(power_loss_test, a_file_that_was_never_synced_may_be_missing_empty_torn_or_whole) {
    std::map<std::string, int> outcomes;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            const auto made = co_await create(files, "/f");
            EXPECT_TRUE((co_await write_text(*made, 0, std::string(5000, 'x'))).has_value());
        });
        const auto text = left.content("/f");
        ++outcomes[!text                             ? "missing"
                   : text->empty()                   ? "empty"
                   : *text == std::string(5000, 'x') ? "whole"
                                                     : "torn"];
    }
    EXPECT_EQ(outcomes.size(), 4U);
}

TEST(power_loss_test, a_synced_file_without_a_synced_directory_may_lose_its_name) {
    std::uint64_t missing = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            const auto made = co_await create(files, "/f");
            EXPECT_TRUE((co_await write_text(*made, 0, "data")).has_value());
            EXPECT_TRUE((co_await made->sync()).has_value());
        });
        const auto text = left.content("/f");
        ASSERT_TRUE(!text || *text == "data");
        missing += text ? 0 : 1;
    }
    EXPECT_GT(missing, seeds / 10);
    EXPECT_LT(missing, seeds - seeds / 10);
}

TEST(power_loss_test, an_unsynced_rename_leaves_the_old_or_the_new_file_whole) {
    std::map<std::string, int> outcomes;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            co_await create_durably(files, "/f", "old");
            co_await create_durably(files, "/f.tmp", "new");
            EXPECT_TRUE((co_await files.rename("/f.tmp", "/f")).has_value());
        });
        const std::string text = left.content("/f").value();
        ASSERT_EQ(left.names().contains("/f.tmp"), text == "old");
        ++outcomes[text];
    }
    EXPECT_GT(outcomes["old"], 10);
    EXPECT_GT(outcomes["new"], 10);
}

TEST(power_loss_test, an_unsynced_removal_may_bring_a_file_and_its_content_back) {
    std::uint64_t back = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        aftermath left(seed, [](file_system& files) -> awaitable<void> {
            EXPECT_TRUE((co_await files.create_directories("/d")).has_value());
            EXPECT_TRUE((co_await files.sync_directory("/")).has_value());
            co_await create_durably(files, "/d/f", "data");
            EXPECT_TRUE((co_await files.sync_directory("/d")).has_value());
            EXPECT_TRUE((co_await files.remove_all("/d")).has_value());
        });
        const auto text = left.content("/d/f");
        ASSERT_TRUE(!text || *text == "data");
        back += text ? 1 : 0;
    }
    EXPECT_GT(back, seeds / 20);
    EXPECT_LT(back, seeds - seeds / 20);
}

TEST(power_loss_test, a_failed_sync_drops_what_it_should_have_written_although_it_reads_back) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        world universe(seed);
        node& machine = universe.add_node("a");
        machine.disk().set_write_back_chance(0);
        machine.start([&machine](environment& env) -> awaitable<void> {
            co_await create_durably(env.files(), "/f", std::string(2000, 'd'));
            const auto again = co_await env.files().open("/f", open_mode::read_write);
            EXPECT_TRUE((co_await write_text(**again, 512, std::string(512, 'x'))).has_value());
            machine.disk().fail_next(disk_operation::sync, 1);
            EXPECT_EQ((co_await (*again)->sync()).error(), errc::io_error);
            EXPECT_EQ(co_await read_text(**again, 512, 512), std::string(512, 'x'));
            // The retry that lies: it succeeds, and saves nothing.
            EXPECT_TRUE((co_await (*again)->sync()).has_value());
            co_await env.sleep_for(24h);
        });
        universe.run_for(1h);
        machine.power_loss();
        universe.settle();
        ASSERT_EQ(as_text(*machine.disk().content("/f")), std::string(2000, 'd'));
    }
}

TEST(power_loss_test, the_space_of_lost_files_is_free_again) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        world universe(seed);
        node& machine = universe.add_node("a");
        machine.start([](environment& env) -> awaitable<void> {
            const auto made = co_await create(env.files(), "/f");
            co_await write_text(*made, 0, std::string(50'000, 'x'));
            co_await env.sleep_for(24h);
        });
        universe.run_for(1h);
        machine.power_loss();
        universe.settle();
        const auto left = machine.disk().content("/f");
        const std::uint64_t pages = left ? (left->size() + 4095) / 4096 : 0;
        ASSERT_LE(machine.disk().used(), pages * 4096);
    }
}

}  // namespace
}  // namespace verdikt::runtime::sim
