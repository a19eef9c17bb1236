#include "runtime/sim/file_content.h"

#include "tests/unit/runtime_sim/bytes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace verdikt::runtime::sim {
namespace {

// The model is two strings: what the cache shows, and what the medium holds for certain.
class modelled_file {
  public:
    explicit modelled_file(std::uint64_t seed) : random_(seed) {}

    void step() {
        switch (random_.below(8)) {
            case 0:
                content_.sync_succeeded();
                durable_ = cached_;
                break;
            case 1:
                truncate();
                break;
            default:
                write();
                break;
        }
        content_.check_invariants();
    }

    void compare() {
        ASSERT_EQ(content_.size(), cached_.size());
        std::vector<std::byte> bytes(cached_.size() + 10);
        ASSERT_EQ(content_.read(0, bytes), cached_.size());
        ASSERT_EQ(as_text(std::span(bytes).first(cached_.size())), cached_);
    }

    // Each sector left is the cached one, the durable one, or lost (zeros or garbage) where the
    // file had grown past its durable sectors.
    void lose_power_and_compare() {
        content_.lose_power(random_);
        content_.check_invariants();
        std::vector<std::byte> bytes(content_.size());
        content_.read(0, bytes);
        const std::string left = as_text(bytes);
        ASSERT_LE(left.size(), std::max(cached_.size(), durable_.size()));
        const std::size_t durable_end = (durable_.size() + 511) / 512 * 512;
        for (std::size_t at = 0; at < std::min(left.size(), durable_end); at += 512) {
            const std::size_t size = std::min<std::size_t>(512, left.size() - at);
            const std::string part = left.substr(at, size);
            ASSERT_TRUE(part == padded(cached_, at, size) || part == padded(durable_, at, size))
                << "at " << at;
        }
        cached_ = durable_ = left;
    }

  private:
    static std::string padded(const std::string& text, std::size_t at, std::size_t size) {
        std::string part = at < text.size() ? text.substr(at, size) : std::string();
        part.resize(size, '\0');
        return part;
    }

    void write() {
        const auto at = static_cast<std::size_t>(random_.below(cached_.size() + 1000));
        const auto size = static_cast<std::size_t>(1 + random_.below(9000));
        const std::string text(size, static_cast<char>('a' + random_.below(26)));
        ASSERT_EQ(content_.write(at, as_bytes(text)), size);
        if (cached_.size() < at + size) cached_.resize(at + size, '\0');
        cached_.replace(at, size, text);
    }

    void truncate() {
        const auto size = static_cast<std::size_t>(random_.below(cached_.size() + 5000));
        content_.truncate(size);
        cached_.resize(size, '\0');
    }

    random_source random_;
    page_budget budget_{.used = 0, .limit = 1U << 20U};
    file_content content_{budget_};
    std::string cached_;
    std::string durable_;
};

TEST(file_content_test, it_reads_back_what_a_string_would_and_loses_only_what_was_not_synced) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        modelled_file file(seed);
        for (int life = 0; life < 5; ++life) {
            for (int step = 0; step < 12; ++step) file.step();
            ASSERT_NO_FATAL_FAILURE(file.compare()) << "seed " << seed;
            ASSERT_NO_FATAL_FAILURE(file.lose_power_and_compare()) << "seed " << seed;
            ASSERT_NO_FATAL_FAILURE(file.compare()) << "seed " << seed;
        }
    }
}

TEST(file_content_test, the_budget_bounds_pages_and_gets_them_back) {
    page_budget budget{.used = 0, .limit = 2};
    {
        file_content file(budget);
        EXPECT_EQ(file.write(0, as_bytes(std::string(10'000, 'x'))), 8192U);
        EXPECT_EQ(file.size(), 8192U);
        EXPECT_EQ(budget.used, 2U);
        file.truncate(100);
        EXPECT_EQ(budget.used, 1U);
        file.set_charged(false);
        EXPECT_EQ(budget.used, 0U);
        file.set_charged(true);
        EXPECT_EQ(budget.used, 1U);
    }
    EXPECT_EQ(budget.used, 0U);
}

TEST(file_content_test, write_back_makes_some_overwritten_sectors_durable_early) {
    random_source random(7);
    page_budget budget{.used = 0, .limit = 100};
    std::size_t kept = 0;
    for (int round = 0; round < 100; ++round) {
        file_content file(budget);
        file.write(0, as_bytes(std::string(4096, 'o')));
        file.sync_succeeded();
        file.write(0, as_bytes(std::string(4096, 'n')));
        file.write_some_back(random);
        file.sync_failed();
        file.lose_power(random);
        std::vector<std::byte> bytes(4096);
        file.read(0, bytes);
        kept += static_cast<std::size_t>(std::ranges::count(bytes, std::byte{'n'})) / 512;
    }
    EXPECT_GT(kept, 200U);
    EXPECT_LT(kept, 600U);
}

}  // namespace
}  // namespace verdikt::runtime::sim
