#include "runtime/sim/event_queue.h"

#include "runtime/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace verdikt::runtime::sim {
namespace {

class noted_event final : public event {
  public:
    noted_event(std::vector<int>& log, int number) : log_(log), number_(number) {}

  private:
    void fire() override { log_.push_back(number_); }

    std::vector<int>& log_;
    int number_;
};

instant at(std::int64_t nanoseconds) {
    return instant(duration(nanoseconds));
}

TEST(event_queue_test, events_fire_by_time_and_then_in_the_order_of_scheduling) {
    event_queue queue;
    std::vector<int> log;
    noted_event first(log, 1);
    noted_event second(log, 2);
    noted_event third(log, 3);
    queue.schedule(third, at(20));
    queue.schedule(second, at(10));
    queue.schedule(first, at(10));
    while (!queue.empty()) queue.fire_next();
    EXPECT_EQ(log, (std::vector{2, 1, 3}));
    EXPECT_EQ(queue.now(), at(20));
}

TEST(event_queue_test, an_event_that_dies_leaves_the_queue) {
    event_queue queue;
    std::vector<int> log;
    noted_event stays(log, 1);
    {
        noted_event goes(log, 2);
        queue.schedule(goes, at(5));
        queue.schedule(stays, at(6));
    }
    queue.fire_next();
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(log, std::vector{1});
}

TEST(event_queue_test, a_time_that_has_passed_means_now) {
    event_queue queue;
    std::vector<int> log;
    noted_event late(log, 1);
    queue.advance_to(at(100));
    queue.schedule(late, at(7));
    EXPECT_EQ(queue.next_due(), at(100));
    queue.fire_next();
    EXPECT_EQ(queue.now(), at(100));
}

// The model is a list that is searched for its earliest entry.
TEST(event_queue_test, any_mixture_of_scheduling_moving_and_removing_fires_as_a_sorted_list_would) {
    random_source random(42);
    for (int round = 0; round < 200; ++round) {
        event_queue queue;
        std::vector<int> log;
        std::vector<int> expected;
        std::deque<noted_event> events;
        std::vector<std::optional<std::pair<instant, int>>> model(30);
        int order = 0;
        for (int number = 0; number < 30; ++number) events.emplace_back(log, number);
        for (int step = 0; step < 300; ++step) {
            const auto which = static_cast<std::size_t>(random.below(30));
            switch (random.below(4)) {
                case 0:
                    events[which].unschedule();
                    model[which].reset();
                    break;
                case 1: {
                    const auto earliest =
                        std::ranges::min_element(model, {}, [](const auto& entry) {
                            return entry.value_or(std::pair(instant::max(), 0));
                        });
                    if (!earliest->has_value()) break;
                    expected.push_back(static_cast<int>(earliest - model.begin()));
                    earliest->reset();
                    queue.fire_next();
                    break;
                }
                default: {
                    const instant due = queue.now() + duration(random.below(20));
                    queue.schedule(events[which], due);
                    model[which] = std::pair(due, order++);
                }
            }
        }
        ASSERT_EQ(log, expected);
    }
}

}  // namespace
}  // namespace verdikt::runtime::sim
