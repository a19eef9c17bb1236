#include "broker/storage/dump.h"
#include "tests/unit/storage/log_bench.h"

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using runtime::awaitable;

class dump_test : public log_test {
  protected:
    void look(std::function<awaitable<void>(runtime::file_system&)> what) {
        run_log([](stored_log& log) -> awaitable<void> {
            for (int at = 0; at < 8; ++at) {
                // More than a start reads at once, or there are no indexes.
                (void)co_await append(log,
                                      {.values = {"a", "b"},
                                       .producer = 2,
                                       .sequence = at * 2,
                                       .padding = segment::read_at_once_max / 16});
            }
        });
        node.start(
            [what](runtime::environment& env) -> awaitable<void> { co_await what(env.files()); });
        universe.run(node.until_stopped());
        if (node.failure()) std::rethrow_exception(node.failure());
    }

    const std::filesystem::path partition = data_directory / "topic-0";
};

TEST_F(dump_test, walks_the_batches_of_a_log) {
    look([this](runtime::file_system& files) -> awaitable<void> {
        auto reader = co_await segment_reader::open(files, partition / "00000000000000000000.log");
        int batches = 0;
        for (;;) {
            const auto found = co_await reader->next();
            if (!found.value()) break;
            EXPECT_EQ((*found)->header.base_offset, offset(batches * 2));
            EXPECT_EQ((*found)->bytes.size(), (*found)->header.size());
            ++batches;
        }
        EXPECT_EQ(batches, 8);
        EXPECT_EQ(reader->damage(), "");
        EXPECT_EQ(reader->position(), reader->size());
    });
}

TEST_F(dump_test, decodes_every_other_file_by_its_name) {
    look([this](runtime::file_system& files) -> awaitable<void> {
        const auto dump = [&](const char* name) { return dump_file(files, partition / name); };
        const auto offsets = co_await dump("00000000000000000000.index");
        EXPECT_FALSE(std::get<offset_index>(offsets.value()).entries().empty());
        const auto times = co_await dump("00000000000000000000.timeindex");
        EXPECT_FALSE(std::get<time_index>(times.value()).entries().empty());
        const auto producers = co_await dump("00000000000000000016.snapshot");
        EXPECT_EQ(std::get<dumped_snapshot>(producers.value()).entries.size(), 5U);
        const auto epochs = co_await dump("leader-epoch-checkpoint");
        EXPECT_EQ(std::get<std::vector<epoch_start>>(epochs.value()).size(), 1U);
        const auto points =
            co_await dump_file(files, data_directory / recovery_point_checkpoint_name);
        EXPECT_EQ(std::get<offset_checkpoint>(points.value()).begin()->second, offset(16));
        EXPECT_EQ((co_await dump("partition.metadata")).error(), errc::corrupt);
        EXPECT_EQ((co_await dump("00000000000000000001.index")).error(), errc::not_found);
    });
}

TEST_F(dump_test, tells_where_a_log_is_damaged) {
    look([this](runtime::file_system& files) -> awaitable<void> {
        const auto path = partition / "00000000000000000000.log";
        const std::uint64_t size = node.disk().content(path)->size();
        node.disk().flip_bits(path, size / 2 + 30, 1, 1);
        auto reader = co_await segment_reader::open(files, path);
        while ((co_await reader->next()).value()) continue;
        EXPECT_EQ(reader->position(), size / 2);
        EXPECT_EQ(reader->damage(), "a checksum that does not match");
    });
}

}  // namespace
}  // namespace verdikt::broker::storage
