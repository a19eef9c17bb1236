#include "broker/server/list_offsets_refusal.h"

#include <gtest/gtest.h>

namespace verdikt::broker::server {
namespace {

using kafka::error_code;

TEST(list_offsets_refusal,
     tells_an_old_client_to_wait_for_a_leader_that_does_not_know_its_end_yet) {
    EXPECT_EQ(list_offsets_refusal(error_code::offset_not_available, 1),
              error_code::leader_not_available);
    EXPECT_EQ(list_offsets_refusal(error_code::offset_not_available, 4),
              error_code::leader_not_available);
}

TEST(list_offsets_refusal, tells_a_client_that_knows_it_what_it_is) {
    EXPECT_EQ(list_offsets_refusal(error_code::offset_not_available, 5),
              error_code::offset_not_available);
}

TEST(list_offsets_refusal, leaves_every_other_reason_as_it_is) {
    EXPECT_EQ(list_offsets_refusal(error_code::not_leader_or_follower, 1),
              error_code::not_leader_or_follower);
}

}  // namespace
}  // namespace verdikt::broker::server
