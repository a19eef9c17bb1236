#include "runtime/real/page_cache.h"

#include "runtime/real/descriptor.h"
#include "runtime/real/directory_calls.h"
#include "tests/unit/runtime/bytes.h"
#include "tests/unit/runtime/real_bench.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace verdikt::runtime::real {
namespace {

constexpr std::uint64_t file_size = 1024 * 1024;

class page_cache : public testing::Test {
  protected:
    page_cache() {
        const std::vector<std::byte> bytes = pattern(file_size);
        EXPECT_EQ(::pwrite(file(), bytes.data(), file_size, 0), static_cast<ssize_t>(file_size));
        EXPECT_EQ(::fdatasync(file()), 0);
    }

    int file() const { return open_.number(); }

    /// The kernel only promises to try: a page that somebody holds at that moment stays. False
    /// where the file system keeps its files in memory alone.
    bool drop(std::uint64_t from, std::uint64_t count) const {
        for (int attempt = 0; attempt < 100; ++attempt) {
            ::posix_fadvise(
                file(), static_cast<off_t>(from), static_cast<off_t>(count), POSIX_FADV_DONTNEED);
            if (has_none(from, count)) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return false;
    }

    bool has_none(std::uint64_t from, std::uint64_t count) const {
        for (std::uint64_t page = from; page < from + count; page += 4096) {
            if (detail::ask_mincore(file(), page, 1) != detail::presence::not_all) return false;
        }
        return true;
    }

    temporary_directory directory_;
    descriptor open_ = std::move(open_file(directory_.path() / "data", open_mode::create).value());
};

TEST_F(page_cache, has_what_was_just_written) {
    EXPECT_TRUE(in_page_cache(file(), 0, file_size));
    EXPECT_TRUE(in_page_cache(file(), 4097, 3));
    EXPECT_EQ(detail::ask_mincore(file(), 0, file_size), detail::presence::all);
    EXPECT_EQ(detail::ask_mincore(file(), 5000, 70000), detail::presence::all);
}

TEST_F(page_cache, has_not_what_was_dropped) {
    if (!drop(0, file_size)) GTEST_SKIP() << "this file system drops no pages";
    EXPECT_FALSE(in_page_cache(file(), 0, file_size));
    EXPECT_FALSE(in_page_cache(file(), file_size - 1, 1));
    EXPECT_EQ(detail::ask_mincore(file(), 0, file_size), detail::presence::not_all);
}

TEST_F(page_cache, both_ways_to_ask_notice_a_hole_in_the_middle) {
    if (!drop(0, file_size)) GTEST_SKIP() << "this file system drops no pages";
    std::vector<std::byte> into(256UL * 1024);
    EXPECT_EQ(::posix_fadvise(file(), 0, 0, POSIX_FADV_RANDOM), 0);
    EXPECT_EQ(::pread(file(), into.data(), into.size(), 0), static_cast<ssize_t>(into.size()));
    EXPECT_EQ(::pread(file(), into.data(), into.size(), 512 * 1024),
              static_cast<ssize_t>(into.size()));
    EXPECT_TRUE(in_page_cache(file(), 0, into.size()));
    EXPECT_TRUE(in_page_cache(file(), 512UL * 1024, into.size()));
    EXPECT_FALSE(in_page_cache(file(), 0, 768UL * 1024));
    EXPECT_NE(detail::ask_cachestat(file(), 0, 768UL * 1024), detail::presence::all);
    EXPECT_EQ(detail::ask_mincore(file(), 0, 768UL * 1024), detail::presence::not_all);
}

TEST_F(page_cache, gives_what_it_has_without_waiting) {
    std::vector<std::byte> into(1000);
    const auto found = read_from_page_cache(file(), 100, into);
    if (!found.has_value()) GTEST_SKIP() << "this file system cannot read without waiting";
    EXPECT_EQ(found, std::optional<std::size_t>(1000));
    const std::vector<std::byte> expected = pattern(file_size);
    EXPECT_TRUE(std::ranges::equal(into, std::span(expected).subspan(100, 1000)));
    if (!drop(0, file_size)) GTEST_SKIP() << "this file system drops no pages";
    EXPECT_EQ(read_from_page_cache(file(), 100, into), std::optional<std::size_t>(0));
}

}  // namespace
}  // namespace verdikt::runtime::real
