/// Contract: the bytes of files.
#include "runtime/scope.h"
#include "tests/unit/runtime/bench.h"
#include "tests/unit/runtime/bytes.h"

#include <string>

namespace verdikt::runtime {
namespace {

using namespace std::chrono_literals;

class files : public world_test {
  protected:
    /// Runs `main` with a new, empty file.
    template <typename Main>
    void run_with_file(Main main) {
        run([](environment& world, std::filesystem::path path, Main inner) -> awaitable<void> {
            auto opened = co_await world.files().open(path, open_mode::create_new);
            EXPECT_TRUE(opened.has_value());
            if (opened.has_value()) co_await inner(world, **opened);
        }(world(), directory() / "data", main));
    }
};
INSTANTIATE_TEST_SUITE_P(each_world, files, testing::ValuesIn(worlds()), name_of_world);

TEST_P(files, what_was_written_is_read) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "hello")).has_value());
        EXPECT_TRUE((co_await write_text(data, 5, " world")).has_value());
        EXPECT_EQ(data.size(), 11U);
        EXPECT_EQ(co_await read_text(data, 0, 11), "hello world");
        EXPECT_EQ(co_await read_text(data, 4, 3), "o w");
    });
}

TEST_P(files, a_read_is_short_only_where_the_file_ends) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "hello")).has_value());
        EXPECT_EQ(co_await read_text(data, 3, 100), "lo");
        EXPECT_EQ(co_await read_text(data, 5, 100), "");
        EXPECT_EQ(co_await read_text(data, 500, 100), "");
    });
}

TEST_P(files, pieces_are_gathered_in_order) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        const std::vector<std::byte> bytes = pattern(9000);
        std::vector<const_bytes> pieces;
        for (std::size_t start = 0; start < bytes.size(); start += 3) {
            pieces.push_back(std::span(bytes).subspan(start, 3));
            pieces.emplace_back();
        }
        EXPECT_TRUE((co_await data.write_at(0, pieces)).has_value());
        std::vector<std::byte> read(9001);
        EXPECT_EQ((co_await data.read_at(0, read)).value(), 9000U);
        read.resize(9000);
        EXPECT_TRUE(read == bytes);
    });
}

TEST_P(files, a_write_beyond_the_end_leaves_zeros_between) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 3, "x")).has_value());
        EXPECT_EQ(data.size(), 4U);
        EXPECT_EQ(co_await read_text(data, 0, 10), std::string("\0\0\0x", 4));
    });
}

TEST_P(files, a_later_write_replaces_what_it_covers) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "abcdef")).has_value());
        EXPECT_TRUE((co_await write_text(data, 2, "XY")).has_value());
        EXPECT_EQ(co_await read_text(data, 0, 10), "abXYef");
    });
}

TEST_P(files, writing_nothing_changes_nothing) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await data.write_at(100, {})).has_value());
        EXPECT_TRUE((co_await write_text(data, 100, "")).has_value());
        EXPECT_EQ(data.size(), 0U);
    });
}

TEST_P(files, truncating_cuts_or_fills_with_zeros) {
    run_with_file([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "abcdef")).has_value());
        EXPECT_TRUE((co_await data.truncate(2)).has_value());
        EXPECT_EQ(data.size(), 2U);
        EXPECT_EQ(co_await read_text(data, 0, 10), "ab");
        EXPECT_TRUE((co_await data.truncate(4)).has_value());
        EXPECT_EQ(co_await read_text(data, 0, 10), std::string("ab\0\0", 4));
    });
}

TEST_P(files, a_sync_may_be_started_behind_a_write_that_has_not_completed) {
    run_with_file([](environment& world, file& data) -> awaitable<void> {
        std::string log;
        scope operations(world.get_executor());
        operations.spawn([](file& to, std::string& noted) -> awaitable<void> {
            EXPECT_TRUE((co_await write_text(to, 0, "x")).has_value());
            noted.push_back('w');
        }(data, log));
        operations.spawn([](file& to, std::string& noted) -> awaitable<void> {
            EXPECT_TRUE((co_await to.sync()).has_value());
            noted.push_back('s');
        }(data, log));
        co_await operations.join();
        EXPECT_EQ(log, "ws");
    });
}

TEST_P(files, writes_and_truncates_of_many_coroutines_keep_their_order) {
    run_with_file([](environment& world, file& data) -> awaitable<void> {
        static constexpr int count = 200;
        std::vector<std::string> texts;
        for (int number = 0; number < count; ++number)
            texts.push_back(std::to_string(1000 + number));
        scope writers(world.get_executor());
        for (int number = 0; number < count; ++number) {
            // Each pair overlaps the one before: only the order decides what is left.
            const auto position = static_cast<std::uint64_t>(number) * 2;
            writers.spawn(
                [](file& to, std::uint64_t at, const std::string& text) -> awaitable<void> {
                    EXPECT_TRUE((co_await write_text(to, at, text)).has_value());
                }(data, position, texts[static_cast<std::size_t>(number)]));
        }
        writers.spawn([](file& to) -> awaitable<void> {
            EXPECT_TRUE((co_await to.truncate(2 * (count - 1))).has_value());
        }(data));
        co_await writers.join();
        std::string expected;
        for (int number = 0; number + 1 < count; ++number) {
            expected += texts[static_cast<std::size_t>(number)].substr(0, 2);
        }
        EXPECT_EQ(co_await read_text(data, 0, 10 * count), expected);
    });
}

TEST_P(files, a_cancelled_writer_learns_how_its_write_ended_before_it_unwinds) {
    std::string log;
    run_with_file([&log](environment& world, file& data) -> awaitable<void> {
        scope writers(world.get_executor());
        writers.spawn([](environment& inner, file& to, std::string& noted) -> awaitable<void> {
            EXPECT_TRUE((co_await write_text(to, 0, "kept")).has_value());
            noted.push_back('w');
            EXPECT_TRUE((co_await to.sync()).has_value());
            noted.push_back('s');
            co_await inner.sleep_for(1ms);
            noted.push_back('?');
        }(world, data, log));
        // Let it start, then cancel it while its write is under way.
        co_await boost::asio::post(world.get_executor(), frameless);
        co_await writers.cancel_and_join();
        EXPECT_EQ(co_await read_text(data, 0, 10), "kept");
    });
    EXPECT_EQ(log, "ws");
}

TEST_P(files, reads_of_many_coroutines_do_not_mix) {
    run_with_file([](environment& world, file& data) -> awaitable<void> {
        const std::vector<std::byte> bytes = pattern(64UL * 1024);
        const const_bytes piece = bytes;
        EXPECT_TRUE((co_await data.write_at(0, {&piece, 1})).has_value());
        scope readers(world.get_executor());
        for (std::size_t start = 0; start < bytes.size(); start += 1024) {
            readers.spawn([](file& from, std::size_t at, const_bytes whole) -> awaitable<void> {
                std::vector<std::byte> read(1024);
                EXPECT_EQ((co_await from.read_at(at, read)).value(), 1024U);
                EXPECT_TRUE(std::ranges::equal(read, whole.subspan(at, 1024)));
            }(data, start, piece));
        }
        co_await readers.join();
    });
}

}  // namespace
}  // namespace verdikt::runtime
