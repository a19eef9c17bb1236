#include "workloads/keyed_transactions/key_step.h"

#include "checker/history/writer.h"
#include "workloads/recorder/datums.h"

#include <gtest/gtest.h>

namespace verdikt::workloads {
namespace {

std::string line_with(const checker::history::datum& what,
                      const checker::history::datum& more = {}) {
    std::string text;
    checker::history::operation line;
    line.f = "txn";
    line.value = what;
    line.more = more;
    append_ndjson(text, line);
    return text.substr(text.find("\"value\""));
}

std::vector<key_step> write_and_read() {
    return {{.key = 1, .value = 7, .offset = 12},
            {.is_write = false,
             .key = 2,
             .done = true,
             .found = {{.offset = 3, .value = "5"}, {.offset = 9, .value = "6"}}},
            {.is_write = false, .key = 3, .done = true},
            {.is_write = false, .key = 4}};
}

TEST(key_steps, of_lists_are_written_as_elle_reads_them) {
    EXPECT_EQ(line_with(value_of(key_kind::list, write_and_read())),
              "\"value\":[[\"append\",1,7],[\"r\",2,[5,6]],[\"r\",3,[]],[\"r\",4,null]]}\n");
}

TEST(key_steps, of_registers_are_the_newest_record_and_its_offset) {
    const auto steps = write_and_read();
    EXPECT_EQ(
        line_with(value_of(key_kind::newest, steps), field_of("offsets", offsets_of(steps).view())),
        "\"value\":[[\"w\",1,7],[\"r\",2,6],[\"r\",3,null],[\"r\",4,null]],"
        "\"offsets\":[12,9,null,null]}\n");
}

TEST(key_steps, keep_what_nobody_can_have_written) {
    const std::vector<key_step> steps{
        {.is_write = false, .key = 1, .done = true, .found = {{.offset = 0, .value = "7x"}}}};
    EXPECT_EQ(line_with(value_of(key_kind::newest, steps)), "\"value\":[[\"r\",1,\"7x\"]]}\n");
}

TEST(keyed_options, find_the_partition_of_each_key) {
    keyed_options plan{.topic = "list-append"};
    plan.load.partitions = 4;
    EXPECT_EQ(plan.topic_of(3), "list-append-0");
    EXPECT_EQ(plan.topic_of(4), "list-append-1");
    EXPECT_EQ(plan.place_of(6),
              (client::topic_partition{.topic = "list-append-1",
                                       .partition = kafka::partition_index(2)}));
}

}  // namespace
}  // namespace verdikt::workloads
