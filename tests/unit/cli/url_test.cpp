#include "cli/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verdikt::cli {

namespace {

using testing::ElementsAre;
using testing::Pair;

}  // namespace

TEST(url, is_taken_apart_and_decoded) {
    const auto where = parse_url("/runs//a%20b/%c3%a4?test=x%26y&verdict=&=z&alone");
    ASSERT_TRUE(where.has_value());
    EXPECT_THAT(where->path, ElementsAre("runs", "a b", "ä"));
    EXPECT_THAT(where->query,
                ElementsAre(Pair("alone", ""), Pair("test", "x&y"), Pair("verdict", "")));
}

TEST(url, that_climbs_is_refused_however_it_is_written) {
    for (const std::string_view target :
         {"/../etc/passwd", "/runs/%2e%2e/x", "/runs/..", "/./x", "/runs/.%2E/x"}) {
        EXPECT_FALSE(parse_url(target).has_value()) << target;
    }
}

TEST(url, that_is_malformed_is_refused) {
    for (const std::string_view target :
         {"", "runs", "http://host/", "/%", "/%4", "/%zz", "/%+1", "/%00", "/x%00.log"}) {
        EXPECT_FALSE(parse_url(target).has_value()) << target;
    }
}

TEST(url, is_encoded_so_that_it_comes_back) {
    const std::string hostile = "a?b#c%d\"e<f>'g h\n\xff";
    const auto where = parse_url("/" + percent_encoded(hostile));
    ASSERT_TRUE(where.has_value());
    EXPECT_THAT(where->path, ElementsAre(hostile));
    EXPECT_EQ(percent_encoded("runs/a-b_c.d~e"), "runs/a-b_c.d~e");
}

}  // namespace verdikt::cli
