#include "broker/storage/producer_table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using kafka::producer_epoch;
using kafka::producer_id;
using kafka::sequence;
using kafka::timestamp;
using kafka::records::batch_header;

constexpr timestamp noon{43'200'000};

struct wanted_batch {
    int producer = 1;
    int epoch = 0;
    int first = 0;
    int count = 1;
    bool transactional = false;
};

batch_header header_of(const wanted_batch& wanted) {
    batch_header header;
    header.producer_id = producer_id(wanted.producer);
    header.producer_epoch = producer_epoch(static_cast<std::int16_t>(wanted.epoch));
    header.base_sequence = sequence(wanted.first);
    header.last_offset_delta = wanted.count - 1;
    header.record_count = wanted.count;
    header.attributes = header.attributes.with_transactional(wanted.transactional);
    return header;
}

/// A log that asks the table as the real one does.
class producer_table_test : public testing::Test {
  protected:
    /// The offset that the batch has now, or why it has none.
    std::expected<offset, errc> append(const wanted_batch& wanted) {
        batch_header header = header_of(wanted);
        const auto admitted = table.admit(header);
        if (!admitted) return std::unexpected(admitted.error());
        if (admitted->duplicate_of) return admitted->duplicate_of->base_offset;
        header.base_offset = end;
        table.record(header, noon);
        end = header.next_offset();
        table.check_invariants();
        return header.base_offset;
    }

    std::optional<transaction_index::entry> mark(int producer,
                                                 kafka::records::control_type outcome,
                                                 int epoch = 0) {
        const kafka::records::end_transaction_marker marker{
            .producer_id = producer_id(producer),
            .producer_epoch = producer_epoch(static_cast<std::int16_t>(epoch)),
            .outcome = outcome,
            .coordinator_epoch = 3};
        EXPECT_TRUE(table.admit(marker).has_value());
        const auto aborted = table.record(marker, end, noon);
        end = end.next();
        table.check_invariants();
        return aborted;
    }

    producer_table table;
    offset end{0};
};

using refused = std::unexpected<errc>;

TEST_F(producer_table_test, a_batch_that_is_repeated_is_answered_with_its_offset) {
    for (int batch = 0; batch < 5; ++batch)
        ASSERT_EQ(append({.first = batch * 2, .count = 2}), offset(batch * 2));
    for (int batch = 0; batch < 5; ++batch)
        EXPECT_EQ(append({.first = batch * 2, .count = 2}), offset(batch * 2));
    EXPECT_EQ(end, offset(10));
}

TEST_F(producer_table_test, the_sixth_last_batch_is_out_of_order) {
    for (int batch = 0; batch < 6; ++batch) ASSERT_TRUE(append({.first = batch}).has_value());
    EXPECT_EQ(append({.first = 1}), offset(1));
    EXPECT_EQ(append({.first = 0}), refused(errc::out_of_order_sequence));
}

TEST_F(producer_table_test, gaps_and_overlaps_are_out_of_order) {
    ASSERT_TRUE(append({.first = 0, .count = 3}).has_value());
    EXPECT_EQ(append({.first = 4}), refused(errc::out_of_order_sequence));
    EXPECT_EQ(append({.first = 0, .count = 2}), refused(errc::out_of_order_sequence));
    EXPECT_EQ(append({.first = 2, .count = 2}), refused(errc::out_of_order_sequence));
    EXPECT_EQ(append({.first = 3}), offset(3));
}

TEST_F(producer_table_test, one_that_is_not_known_must_start_over) {
    EXPECT_EQ(append({.first = 7}), refused(errc::unknown_producer));
    EXPECT_EQ(append({.first = 0}), offset(0));
}

TEST_F(producer_table_test, a_new_epoch_starts_over_and_fences_the_old) {
    ASSERT_TRUE(append({.epoch = 0, .first = 0}).has_value());
    EXPECT_EQ(append({.epoch = 1, .first = 1}), refused(errc::out_of_order_sequence));
    EXPECT_EQ(append({.epoch = 1, .first = 0}), offset(1));
    EXPECT_EQ(append({.epoch = 0, .first = 1}), refused(errc::producer_fenced));
    EXPECT_EQ(append({.epoch = 0, .first = 0}), refused(errc::producer_fenced));
}

TEST_F(producer_table_test, sequences_wrap_to_zero) {
    producer_state state{.epoch = producer_epoch(0),
                         .recent = {{.first = sequence(INT32_MAX - 1),
                                     .last = sequence(INT32_MAX),
                                     .base_offset = offset(5),
                                     .last_offset = offset(6)}}};
    table.restore(producer_id(1), state);
    end = offset(7);
    EXPECT_EQ(append({.first = 1}), refused(errc::out_of_order_sequence));
    EXPECT_EQ(append({.first = 0}), offset(7));
}

TEST_F(producer_table_test, producers_without_an_id_and_do_not_matter) {
    batch_header header;
    header.base_sequence = sequence(0);  // As two JavaScript clients send it.
    EXPECT_TRUE(table.admit(header).has_value());
    table.record(header, noon);
    EXPECT_TRUE(table.producers().empty());
}

TEST_F(producer_table_test, a_sequence_below_zero_is_refused) {
    EXPECT_EQ(append({.first = -1}), refused(errc::out_of_order_sequence));
}

TEST_F(producer_table_test, the_first_undecided_offset_waits_for_the_marker_to_be_committed) {
    ASSERT_TRUE(append({.producer = 9}).has_value());
    ASSERT_TRUE(append({.producer = 1, .transactional = true}).has_value());
    ASSERT_TRUE(append({.producer = 2, .transactional = true}).has_value());
    EXPECT_EQ(table.first_undecided_offset(), offset(1));
    mark(1, kafka::records::control_type::commit);
    EXPECT_EQ(table.first_undecided_offset(), offset(1));
    table.advance_high_watermark(offset(3));
    EXPECT_EQ(table.first_undecided_offset(), offset(1));
    table.advance_high_watermark(offset(4));
    EXPECT_EQ(table.first_undecided_offset(), offset(2));
    mark(2, kafka::records::control_type::abort);
    table.advance_high_watermark(end);
    EXPECT_EQ(table.first_undecided_offset(), std::nullopt);
}

TEST_F(producer_table_test, an_abort_says_what_it_aborted_and_what_is_stable_then) {
    ASSERT_TRUE(append({.producer = 1, .transactional = true}).has_value());
    ASSERT_TRUE(append({.producer = 2, .transactional = true}).has_value());
    EXPECT_EQ(mark(2, kafka::records::control_type::abort),
              (transaction_index::entry{producer_id(2), offset(1), offset(2), offset(0)}));
    EXPECT_EQ(mark(1, kafka::records::control_type::abort),
              (transaction_index::entry{producer_id(1), offset(0), offset(3), offset(4)}));
    EXPECT_EQ(mark(1, kafka::records::control_type::abort), std::nullopt);
}

TEST_F(producer_table_test, a_plain_batch_within_a_transaction_is_refused) {
    ASSERT_TRUE(append({.first = 0, .transactional = true}).has_value());
    EXPECT_EQ(append({.first = 1}), refused(errc::invalid_transaction));
    mark(1, kafka::records::control_type::commit);
    EXPECT_TRUE(append({.first = 1}).has_value());
}

TEST_F(producer_table_test, markers_of_older_coordinators_and_epochs_are_fenced) {
    ASSERT_TRUE(append({.epoch = 2, .transactional = true}).has_value());
    mark(1, kafka::records::control_type::commit, 2);
    kafka::records::end_transaction_marker late{
        .producer_id = producer_id(1), .producer_epoch = producer_epoch(1), .coordinator_epoch = 3};
    EXPECT_EQ(table.admit(late), refused(errc::producer_fenced));
    late.producer_epoch = producer_epoch(2);
    late.coordinator_epoch = 2;
    EXPECT_EQ(table.admit(late), refused(errc::coordinator_fenced));
}

TEST_F(producer_table_test, whoever_is_silent_for_long_is_forgotten_unless_in_a_transaction) {
    ASSERT_TRUE(append({.producer = 1}).has_value());
    ASSERT_TRUE(append({.producer = 2, .transactional = true}).has_value());
    table.expire(noon);
    EXPECT_EQ(table.producers().size(), 2U);
    table.expire(noon.next());
    EXPECT_EQ(table.producers().size(), 1U);
    EXPECT_EQ(append({.producer = 1, .first = 1}), refused(errc::unknown_producer));
}

TEST_F(producer_table_test, a_transaction_that_began_below_the_log_start_is_still_open) {
    ASSERT_TRUE(append({.producer = 1, .transactional = true}).has_value());
    ASSERT_TRUE(append({.producer = 2, .transactional = true}).has_value());
    mark(2, kafka::records::control_type::commit);
    table.forget_decided_below(offset(3));
    EXPECT_EQ(table.first_undecided_offset(), offset(0));
    EXPECT_EQ(mark(1, kafka::records::control_type::abort)->first_offset, offset(0));
    table.forget_decided_below(offset(4));
    EXPECT_EQ(table.first_undecided_offset(), std::nullopt);
}

TEST_F(producer_table_test, a_snapshot_keeps_all_five_batches) {
    for (int batch = 0; batch < 7; ++batch) {
        ASSERT_TRUE(append({.first = batch * 3, .count = 3}).has_value());
    }
    ASSERT_TRUE(append({.producer = 2, .transactional = true}).has_value());
    mark(3, kafka::records::control_type::commit, 4);
    const auto restored = decode_snapshot(encode_snapshot(table));
    ASSERT_TRUE(restored.has_value());
    restored->check_invariants();
    EXPECT_EQ(restored->producers(), table.producers());
    EXPECT_EQ(restored->first_undecided_offset(), offset(21));
}

TEST_F(producer_table_test, a_snapshot_of_kafka_has_one_batch_a_producer) {
    ASSERT_TRUE(append({.first = 0, .count = 4}).has_value());
    const std::vector<std::byte> ours = encode_snapshot(table);
    EXPECT_EQ(ours.size(), 10U + 46U);
    const auto entries = decode_snapshot_entries(ours);
    ASSERT_TRUE(entries.has_value());
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().last_sequence, sequence(3));
    EXPECT_EQ(entries->front().offset_delta, 3);
    EXPECT_EQ(entries->front().transaction_start, kafka::no_offset);
}

TEST_F(producer_table_test, a_damaged_snapshot_is_refused) {
    ASSERT_TRUE(append({.first = 0}).has_value());
    const std::vector<std::byte> good = encode_snapshot(table);
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::vector<std::byte> bad = good;
        bad[at] ^= std::byte{0x10};
        EXPECT_EQ(decode_snapshot(bad).error(), errc::corrupt) << at;
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(decode_snapshot(std::span(good).first(size)).has_value()) << size;
    }
}

/// Keeps every batch of every producer for ever and decides from the rules alone.
struct naive_producers {
    struct batch {
        int epoch;
        int first;
        int count;
        offset at;
    };
    std::map<int, std::vector<batch>> all;

    [[nodiscard]] std::expected<std::optional<offset>, errc> ask(const wanted_batch& wanted) const {
        const auto found = all.find(wanted.producer);
        if (found == all.end()) {
            if (wanted.first != 0) return std::unexpected(errc::unknown_producer);
            return std::nullopt;
        }
        const std::vector<batch>& mine = found->second;
        const batch& last = mine.back();
        int in_window = 0;
        for (auto each = mine.rbegin(); each != mine.rend() && in_window < 5; ++each) {
            if (each->epoch != last.epoch) break;
            ++in_window;
            if (each->epoch == wanted.epoch && each->first == wanted.first &&
                each->count == wanted.count) {
                return each->at;
            }
        }
        if (wanted.epoch < last.epoch) return std::unexpected(errc::producer_fenced);
        const int next = wanted.epoch > last.epoch ? 0 : last.first + last.count;
        if (wanted.first != next) return std::unexpected(errc::out_of_order_sequence);
        return std::nullopt;
    }
};

TEST(producer_table, decides_as_one_that_remembers_everything) {
    const bool holds = rc::check([](const std::vector<std::uint32_t>& script) {
        producer_table table;
        naive_producers naive;
        offset end(0);
        for (const std::uint32_t dice : script) {
            const auto& mine = naive.all[static_cast<int>(dice % 3)];
            const int next = mine.empty() ? 0 : mine.back().first + mine.back().count;
            const int back = static_cast<int>(dice / 3 % 8);
            wanted_batch wanted{.producer = static_cast<int>(dice % 3),
                                .epoch = mine.empty() ? 0 : mine.back().epoch,
                                .first = next,
                                .count = 1 + static_cast<int>(dice / 24 % 3)};
            if (back < 5 && static_cast<std::size_t>(back) < mine.size()) {
                const auto& repeated = mine[mine.size() - 1 - static_cast<std::size_t>(back)];
                wanted.epoch = repeated.epoch;
                wanted.first = repeated.first;
                wanted.count = repeated.count;
            } else if (back == 6) {
                wanted.first = static_cast<int>(dice / 72 % 9);
            } else if (back == 7) {
                wanted.epoch += static_cast<int>(dice / 72 % 3) - 1;
                wanted.first = 0;
            }
            if (naive.all[wanted.producer].empty()) naive.all.erase(wanted.producer);
            if (wanted.epoch < 0) continue;

            batch_header header = header_of(wanted);
            const auto expected = naive.ask(wanted);
            const auto admitted = table.admit(header);
            RC_ASSERT(admitted.has_value() == expected.has_value());
            if (!expected) {
                RC_ASSERT(admitted.error() == expected.error());
                continue;
            }
            RC_ASSERT(admitted->duplicate_of.has_value() == expected->has_value());
            if (*expected) {
                RC_ASSERT(admitted->duplicate_of->base_offset == **expected);
                continue;
            }
            header.base_offset = end;
            table.record(header, noon);
            naive.all[wanted.producer].push_back(
                {.epoch = wanted.epoch, .first = wanted.first, .count = wanted.count, .at = end});
            end = header.next_offset();
            table.check_invariants();
            // Through a snapshot nothing may be lost.
            const auto restored = decode_snapshot(encode_snapshot(table));
            RC_ASSERT(restored.has_value());
            RC_ASSERT(*restored == table);
        }
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace verdikt::broker::storage
