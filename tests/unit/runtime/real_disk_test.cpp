/// Disk workers of the real world: group commit, a disk that hangs, one that is full.
#include "runtime/scope.h"
#include "tests/unit/runtime/blocked_disk.h"
#include "tests/unit/runtime/bytes.h"
#include "tests/unit/runtime/connection.h"
#include "tests/unit/runtime/real_bench.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace verdikt::runtime {
namespace {

using namespace std::chrono_literals;
using path = std::filesystem::path;

class real_disk : public testing::Test {
  protected:
    real::world& world() { return bench_.world(); }
    path directory() const { return bench_.directory(); }
    endpoint anywhere() const { return {.host = bench_.host(), .port = 0}; }
    void run(awaitable<void> main) { bench_.run(std::move(main)); }

  private:
    real_bench bench_;
};

awaitable<void> append_and_sync(file& to,
                                std::uint64_t position,
                                std::string_view text,
                                int& done) {
    EXPECT_TRUE((co_await write_text(to, position, text)).has_value());
    EXPECT_TRUE((co_await to.sync()).has_value());
    ++done;
}

awaitable<void> sync_only(file& to, int& done) {
    EXPECT_TRUE((co_await to.sync()).has_value());
    ++done;
}

TEST_F(real_disk, whatever_waits_is_written_by_one_call_and_synced_by_one) {
    run([](real::world& world, path folder) -> awaitable<void> {
        const auto opened = co_await world.files().open(folder / "log", open_mode::create_new);
        file& log = **opened;
        blocked_disk disk(world, folder);
        co_await disk.wait_until_it_hangs();
        const real::disk_statistics before = world.disk();

        scope writers(world.get_executor());
        int done = 0;
        for (std::uint64_t number = 0; number < 50; ++number) {
            writers.spawn([](file& to, std::uint64_t at) -> awaitable<void> {
                EXPECT_TRUE((co_await write_text(to, at * 4, "abcd")).has_value());
            }(log, number));
            writers.spawn(sync_only(log, done));
        }
        co_await world.sleep_for(5ms);
        EXPECT_EQ(done, 0);
        co_await disk.release();
        co_await writers.join();

        EXPECT_EQ(done, 50);
        EXPECT_EQ(log.size(), 200U);
        const real::disk_statistics after = world.disk();
        EXPECT_EQ(after.writes - before.writes, 50U);
        EXPECT_EQ(after.write_calls - before.write_calls, 1U);
        EXPECT_EQ(after.syncs - before.syncs, 50U);
        EXPECT_EQ(after.sync_calls - before.sync_calls, 1U);
    }(world(), directory()));
}

TEST_F(real_disk, writers_that_sync_each_append_share_syncs) {
    run([](real::world& world, path folder) -> awaitable<void> {
        const auto opened = co_await world.files().open(folder / "log", open_mode::create_new);
        scope writers(world.get_executor());
        int done = 0;
        for (std::uint64_t number = 0; number < 100; ++number) {
            writers.spawn(append_and_sync(**opened, number * 4, "abcd", done));
        }
        co_await writers.join();
        EXPECT_EQ(done, 100);
        EXPECT_EQ(world.disk().syncs, 100U);
        EXPECT_LT(world.disk().sync_calls, 20U);
    }(world(), directory()));
}

TEST_F(real_disk, a_disk_that_hangs_holds_up_no_timer_and_no_connection) {
    run([](real::world& world, path folder, endpoint at) -> awaitable<void> {
        const auto opened = co_await world.files().open(folder / "log", open_mode::create_new);
        blocked_disk disk(world, folder);
        co_await disk.wait_until_it_hangs();
        int done = 0;
        scope writers(world.get_executor());
        writers.spawn(append_and_sync(**opened, 0, "held up", done));

        connection pair = co_await connect_pair(world, at);
        EXPECT_TRUE((co_await write_text(*pair.client, "ping")).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 4)), "ping");
        co_await world.sleep_for(5ms);
        EXPECT_EQ(done, 0);
        co_await disk.release();
        co_await writers.join();
        EXPECT_EQ(done, 1);
    }(world(), directory(), anywhere()));
}

TEST_F(real_disk, what_the_page_cache_has_is_read_and_sent_while_the_disk_hangs) {
    run([](real::world& world, path folder, endpoint at) -> awaitable<void> {
        const auto opened = co_await world.files().open(folder / "log", open_mode::create_new);
        EXPECT_TRUE((co_await write_text(**opened, 0, "in memory")).has_value());
        connection pair = co_await connect_pair(world, at);
        blocked_disk disk(world, folder);
        co_await disk.wait_until_it_hangs();
        EXPECT_EQ(co_await read_text(**opened, 3, 100), "memory");
        EXPECT_TRUE((co_await pair.client->write_file(**opened, 3, 6)).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 6)), "memory");
        co_await disk.release();
    }(world(), directory(), anywhere()));
}

TEST_F(real_disk, what_left_the_page_cache_is_read_and_sent_by_the_worker) {
    run([](real::world& world, path folder, endpoint at) -> awaitable<void> {
        const std::vector<std::byte> stored = pattern(3UL * 1024 * 1024 + 5);
        const auto opened = co_await world.files().open(folder / "log", open_mode::create_new);
        const const_bytes piece = stored;
        EXPECT_TRUE((co_await (*opened)->write_at(0, {&piece, 1})).has_value());
        EXPECT_TRUE((co_await (*opened)->sync()).has_value());
        const int other = ::open((folder / "log").c_str(), O_RDONLY | O_CLOEXEC);
        ::posix_fadvise(other, 0, 0, POSIX_FADV_DONTNEED);

        connection pair = co_await connect_pair(world, at);
        scope writers(world.get_executor());
        writers.spawn([](stream& to, file& from, std::uint64_t size) -> awaitable<void> {
            EXPECT_TRUE((co_await to.write_file(from, 0, size)).has_value());
        }(*pair.client, **opened, stored.size()));
        EXPECT_TRUE(co_await read_up_to(*pair.server, stored.size()) == stored);
        co_await writers.join();
        EXPECT_GT(world.disk().reads, 0U);

        ::posix_fadvise(other, 0, 0, POSIX_FADV_DONTNEED);
        ::close(other);
        std::vector<std::byte> read(stored.size());
        EXPECT_EQ((co_await (*opened)->read_at(0, read)).value(), stored.size());
        EXPECT_TRUE(read == stored);
    }(world(), directory(), anywhere()));
}

TEST_F(real_disk, a_full_disk_is_no_space) {
    run([](real::world& world) -> awaitable<void> {
        const auto opened = co_await world.files().open("/dev/full", open_mode::read_write);
        EXPECT_EQ((co_await write_text(**opened, 0, "x")).error(), errc::no_space);
    }(world()));
}

TEST_F(real_disk, a_sync_that_failed_is_never_tried_again) {
    run([](real::world& world) -> awaitable<void> {
        // This device cannot be synced: the kernel says EINVAL.
        const auto opened = co_await world.files().open("/dev/full", open_mode::read_write);
        EXPECT_EQ((co_await (*opened)->sync()).error(), errc::io_error);
        const std::uint64_t calls = world.disk().sync_calls;
        EXPECT_EQ((co_await (*opened)->sync()).error(), errc::io_error);
        EXPECT_EQ(world.disk().sync_calls, calls);
    }(world()));
}

TEST(real_disk_roots, a_disk_that_hangs_holds_up_its_own_root_alone) {
    const temporary_directory roots;
    const path outer = roots.path();
    const path inner = outer / "inner";
    std::filesystem::create_directory(inner);
    real_bench bench({.node = "test", .seed = 1, .disk_roots = {outer, inner}});
    bench.run([](real::world& world, path blocked, path free) -> awaitable<void> {
        const auto opened = co_await world.files().open(free / "log", open_mode::create_new);
        blocked_disk disk(world, blocked);
        co_await disk.wait_until_it_hangs();
        int done = 0;
        co_await append_and_sync(**opened, 0, "not held up", done);
        EXPECT_EQ(done, 1);
        co_await disk.release();
    }(bench.world(), outer, inner));
}

}  // namespace
}  // namespace verdikt::runtime
