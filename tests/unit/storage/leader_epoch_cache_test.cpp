#include "broker/storage/leader_epoch_cache.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

namespace verdikt::broker::storage {
namespace {

using kafka::leader_epoch;
using kafka::offset;

leader_epoch_cache example() {
    return leader_epoch_cache({{leader_epoch(1), offset(0)},
                               {leader_epoch(4), offset(10)},
                               {leader_epoch(5), offset(25)}});
}

TEST(leader_epoch_cache, tells_where_an_epoch_ends) {
    const leader_epoch_cache cache = example();
    const auto end = [&](int epoch) {
        return cache.end_offset_for(leader_epoch(epoch), offset(40));
    };
    EXPECT_EQ(end(5), (epoch_end{leader_epoch(5), offset(40)}));
    EXPECT_EQ(end(4), (epoch_end{leader_epoch(4), offset(25)}));
    EXPECT_EQ(end(3), (epoch_end{leader_epoch(1), offset(10)}));
    EXPECT_EQ(end(0), (epoch_end{leader_epoch(0), offset(0)}));
    EXPECT_EQ(end(6), std::nullopt);
    EXPECT_EQ(end(-1), std::nullopt);
}

TEST(leader_epoch_cache, takes_no_epoch_that_is_not_newer) {
    leader_epoch_cache cache = example();
    EXPECT_FALSE(cache.assign(leader_epoch(5), offset(30)));
    EXPECT_FALSE(cache.assign(leader_epoch(2), offset(30)));
    EXPECT_FALSE(cache.assign(kafka::no_leader_epoch, offset(30)));
    EXPECT_EQ(cache, example());
}

TEST(leader_epoch_cache, forgets_epochs_that_wrote_nothing) {
    leader_epoch_cache cache = example();
    EXPECT_TRUE(cache.assign(leader_epoch(6), offset(30)));
    EXPECT_TRUE(cache.assign(leader_epoch(7), offset(30)));
    EXPECT_EQ(cache.entries().size(), 4U);
    EXPECT_EQ(cache.latest(), leader_epoch(7));
    EXPECT_EQ(cache.epoch_of(offset(29)), leader_epoch(5));
    EXPECT_EQ(cache.epoch_of(offset(30)), leader_epoch(7));
}

TEST(leader_epoch_cache, is_cut_with_the_log_at_both_ends) {
    leader_epoch_cache cache = example();
    EXPECT_TRUE(cache.truncate_from_end(offset(25)));
    EXPECT_FALSE(cache.truncate_from_end(offset(25)));
    EXPECT_EQ(cache.latest(), leader_epoch(4));
    EXPECT_TRUE(cache.truncate_from_start(offset(12)));
    EXPECT_FALSE(cache.truncate_from_start(offset(12)));
    EXPECT_EQ(cache.entries(), (std::vector<epoch_start>{{leader_epoch(4), offset(12)}}));
}

/// What every record below the log end is stamped with, one by one.
struct naive_epochs {
    std::map<offset, leader_epoch> stamps;
    offset start{0};
    offset end{0};

    [[nodiscard]] leader_epoch of(offset at) const {
        const auto found = stamps.find(at);
        return found == stamps.end() ? kafka::no_leader_epoch : found->second;
    }
};

TEST(leader_epoch_cache, says_of_every_offset_what_its_record_says) {
    const bool holds =
        rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& script) {
            leader_epoch_cache cache;
            naive_epochs naive;
            leader_epoch epoch(0);
            for (const auto& [what, how_much] : script) {
                if (what < 200) {
                    if (what % 3 == 0) epoch = epoch.next();
                    for (int record = 0; record <= how_much % 4; ++record) {
                        cache.assign(epoch, naive.end);
                        naive.stamps[naive.end] = epoch;
                        naive.end = naive.end.next();
                    }
                } else if (what < 230) {
                    naive.end = std::max(naive.start, naive.end - how_much % 8);
                    cache.truncate_from_end(naive.end);
                } else {
                    naive.start = std::min(naive.end, naive.start + how_much % 8);
                    cache.truncate_from_start(naive.start);
                }
                naive.stamps.erase(naive.stamps.begin(), naive.stamps.lower_bound(naive.start));
                naive.stamps.erase(naive.stamps.lower_bound(naive.end), naive.stamps.end());
                cache.check_invariants();
                for (offset at = naive.start; at < naive.end; at = at.next()) {
                    RC_ASSERT(cache.epoch_of(at) == naive.of(at));
                }
            }
        });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace verdikt::broker::storage
