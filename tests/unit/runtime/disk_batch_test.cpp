#include "runtime/real/disk_batch.h"

#include "runtime/real/descriptor.h"
#include "runtime/real/directory_calls.h"
#include "tests/unit/runtime/bytes.h"
#include "tests/unit/runtime/real_bench.h"

#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <sstream>

namespace verdikt::runtime::real {
namespace {

class disk_batch_test : public testing::Test {
  protected:
    /// Opens a file for this batch to write.
    struct target {
        descriptor open;
        std::uint64_t number;
    };

    target open(const std::string& name) {
        auto opened = open_file(directory_.path() / name, open_mode::create);
        return {.open = std::move(opened.value()), .number = ++files_};
    }

    disk_request& add(disk_request::kind what, const target& to) {
        disk_request& request = requests_.emplace_back();
        request.what = what;
        request.file_descriptor = to.open.number();
        request.file_number = to.number;
        waiting_.push(request);
        return request;
    }

    disk_request& write(const target& to, std::uint64_t position, std::string_view text) {
        disk_request& request = add(disk_request::kind::write, to);
        request.position = position;
        request.pieces = {&pieces_.emplace_back(bytes_of(text)), 1};
        request.size = text.size();
        return request;
    }

    void run() {
        const disk_batch::receiver count_them = [this](disk_request_list over) {
            std::size_t count = 0;
            for (; !over.empty(); over.pop()) ++count;
            finished_.push_back(count);
        };
        if (batch_.transfer(waiting_.take_all(), count_them)) batch_.sync(count_them);
    }

    std::string content(const std::string& name) const {
        std::ifstream file(directory_.path() / name, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }

    temporary_directory directory_;
    disk_counters counters_{};
    disk_batch batch_{counters_};
    std::uint64_t files_ = 0;
    std::deque<disk_request> requests_;
    std::deque<const_bytes> pieces_;
    disk_request_list waiting_;
    std::vector<std::size_t> finished_;
};

TEST_F(disk_batch_test, adjacent_writes_become_one_call_though_other_files_lie_between) {
    const target one = open("one");
    const target two = open("two");
    write(one, 0, "aa");
    write(two, 0, "xx");
    write(one, 2, "bb");
    write(two, 2, "yy");
    run();
    EXPECT_EQ(content("one"), "aabb");
    EXPECT_EQ(content("two"), "xxyy");
    EXPECT_EQ(counters_.writes, 4U);
    EXPECT_EQ(counters_.write_calls, 2U);
    EXPECT_EQ(counters_.bytes_written, 8U);
}

TEST_F(disk_batch_test, overlapping_writes_keep_their_order) {
    const target one = open("one");
    write(one, 0, "aaaa");
    write(one, 2, "bb");
    write(one, 0, "c");
    run();
    EXPECT_EQ(content("one"), "cabb");
    EXPECT_EQ(counters_.write_calls, 3U);
}

TEST_F(disk_batch_test, a_call_sees_the_writes_before_it) {
    const target one = open("one");
    write(one, 0, "aaaa");
    std::string seen;
    add(disk_request::kind::call, one).call = [this, &seen] { seen = content("one"); };
    write(one, 4, "bb");
    run();
    EXPECT_EQ(seen, "aaaa");
    EXPECT_EQ(content("one"), "aaaabb");
}

TEST_F(disk_batch_test, a_read_sees_the_writes_before_it) {
    const target one = open("one");
    write(one, 0, "abcd");
    std::array<std::byte, 8> into{};
    disk_request& read = add(disk_request::kind::read, one);
    read.position = 1;
    read.into = into;
    run();
    EXPECT_EQ(read.transferred, 3U);
    EXPECT_EQ(text_of(std::span(into).first(3)), "bcd");
}

TEST_F(disk_batch_test, each_file_is_synced_once_and_writes_are_reported_before) {
    const target one = open("one");
    const target two = open("two");
    write(one, 0, "a");
    add(disk_request::kind::sync, one);
    write(one, 1, "b");
    add(disk_request::kind::sync, two);
    add(disk_request::kind::sync, one);
    run();
    EXPECT_EQ(counters_.write_calls, 1U);
    EXPECT_EQ(counters_.syncs, 3U);
    EXPECT_EQ(counters_.sync_calls, 2U);
    EXPECT_EQ(finished_, (std::vector<std::size_t>{2, 2, 1}));
}

TEST_F(disk_batch_test, more_pieces_than_one_call_takes_are_all_written) {
    const target one = open("one");
    for (std::uint64_t position = 0; position < 3000; ++position) write(one, position, "z");
    run();
    EXPECT_EQ(content("one"), std::string(3000, 'z'));
    EXPECT_EQ(counters_.write_calls, 3U);
}

TEST_F(disk_batch_test, a_failed_write_fails_those_it_was_joined_with_and_no_others) {
    auto full = open_file("/dev/full", open_mode::read_write);
    const target broken{.open = std::move(full.value()), .number = 99};
    const target sound = open("sound");
    const disk_request& first = write(broken, 0, "a");
    const disk_request& second = write(broken, 1, "b");
    const disk_request& other = write(sound, 0, "c");
    run();
    EXPECT_EQ(first.error, errc::no_space);
    EXPECT_EQ(second.error, errc::no_space);
    EXPECT_EQ(other.error, std::nullopt);
    EXPECT_EQ(content("sound"), "c");
}

}  // namespace
}  // namespace verdikt::runtime::real
