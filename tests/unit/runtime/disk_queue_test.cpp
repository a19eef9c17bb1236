#include "runtime/real/disk_queue.h"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <array>

namespace verdikt::runtime::real {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

std::size_t count_of(disk_request_list requests) {
    std::size_t count = 0;
    for (; !requests.empty(); requests.pop()) ++count;
    return count;
}

class disk_queue_test : public testing::Test {
  protected:
    boost::asio::io_context context;
    std::array<disk_request, 10> requests;  // Outlives the queue, which may still list some.
    std::shared_ptr<disk_queue> queue = std::make_shared<disk_queue>(context.get_executor());
};

TEST_F(disk_queue_test, what_exceeds_the_bound_is_held_back_until_there_is_room) {
    for (std::size_t number = 0; number < 4; ++number) {
        requests[number].size = handed_over_bytes_max / 2;
        queue->submit(requests[number]);
    }
    disk_request_list first = queue->take();
    EXPECT_EQ(count_of(first), 2U);
    disk_request_list over;
    over.push(requests[0]);
    queue->complete(over);
    context.poll();
    EXPECT_TRUE(requests[0].done.has_value());
    EXPECT_EQ(queue->take().front(), &requests[2]);
}

TEST_F(disk_queue_test, a_request_larger_than_the_bound_goes_alone) {
    requests[0].size = 2 * handed_over_bytes_max;
    requests[1].size = mebibyte;
    queue->submit(requests[0]);
    queue->submit(requests[1]);
    disk_request_list first = queue->take();
    EXPECT_EQ(first.front(), &requests[0]);
    EXPECT_EQ(count_of(first), 1U);
    queue->complete(first);
    context.restart();
    context.poll();
    EXPECT_EQ(queue->take().front(), &requests[1]);
}

TEST_F(disk_queue_test, nothing_overtakes_what_is_held_back) {
    requests[0].size = handed_over_bytes_max;
    requests[1].size = mebibyte;
    requests[2].size = 0;
    for (std::size_t number = 0; number < 3; ++number) queue->submit(requests[number]);
    EXPECT_EQ(count_of(queue->take()), 1U);
}

TEST_F(disk_queue_test, many_completions_wake_the_loop_once) {
    for (disk_request& request : requests) queue->submit(request);
    disk_request_list taken = queue->take();
    while (!taken.empty()) {
        disk_request_list one;
        one.push(taken.pop());
        queue->complete(one);
    }
    EXPECT_EQ(context.poll(), 1U);
    for (const disk_request& request : requests) EXPECT_TRUE(request.done.has_value());
}

TEST_F(disk_queue_test, a_stopped_queue_gives_what_it_has_and_then_nothing) {
    queue->submit(requests[0]);
    queue->stop();
    EXPECT_EQ(queue->take().front(), &requests[0]);
    EXPECT_TRUE(queue->take().empty());
}

}  // namespace
}  // namespace verdikt::runtime::real
