#include "runtime/scope.h"

#include "runtime/wait_point.h"
#include "tests/unit/runtime/note_end.h"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <stdexcept>
#include <string>

namespace verdikt::runtime {
namespace {

awaitable<void> append_after(notification& go, std::string& log, char letter) {
    co_await go.wait();
    log.push_back(letter);
}

awaitable<void> fail_after(notification& go) {
    co_await go.wait();
    throw std::runtime_error("broken");
}

awaitable<void> wait_for_ever(notification& never, std::string& log, char letter) {
    const note_end noted{log, letter};
    co_await never.wait();
}

class scope_test : public testing::Test {
  protected:
    boost::asio::io_context context;
    notification go;
    std::string log;
};

TEST_F(scope_test, join_returns_after_all_children_ended_in_the_order_they_came) {
    scope children(context.get_executor());
    scope joiner(context.get_executor());
    children.spawn(append_after(go, log, 'a'));
    children.spawn(append_after(go, log, 'b'));
    joiner.spawn([](scope& joined, std::string& noted) -> awaitable<void> {
        co_await joined.join();
        noted.push_back('j');
    }(children, log));
    context.poll();
    EXPECT_EQ(log, "");
    go.notify_all();
    context.poll();
    EXPECT_EQ(log, "abj");
}

TEST_F(scope_test, a_failure_cancels_the_siblings_and_is_thrown_from_join) {
    scope children(context.get_executor());
    scope joiner(context.get_executor());
    notification never;
    children.spawn(wait_for_ever(never, log, 'x'));
    children.spawn(fail_after(go));
    joiner.spawn([](scope& joined, std::string& noted) -> awaitable<void> {
        try {
            co_await joined.join();
        } catch (const std::runtime_error& error) {
            noted += error.what();
        }
    }(children, log));
    context.poll();
    go.notify_all();
    context.poll();
    EXPECT_EQ(log, "xbroken");
    EXPECT_EQ(never.waiting(), 0U);
}

TEST_F(scope_test, cancelling_the_joiner_cancels_the_children_and_waits_for_them) {
    scope children(context.get_executor());
    scope joiner(context.get_executor());
    notification never;
    children.spawn(wait_for_ever(never, log, 'x'));
    joiner.spawn([](scope& joined, std::string& noted) -> awaitable<void> {
        const note_end noted_end{noted, 'j'};
        co_await joined.join();
    }(children, log));
    context.poll();
    joiner.cancel();
    context.poll();
    EXPECT_EQ(log, "xj");
    EXPECT_EQ(children.running(), 0U);
}

TEST_F(scope_test, a_cancelled_waiter_leaves_the_notification) {
    scope children(context.get_executor());
    children.spawn(wait_for_ever(go, log, 'x'));
    context.poll();
    EXPECT_EQ(go.waiting(), 1U);
    children.cancel();
    context.poll();
    EXPECT_EQ(log, "x");
    EXPECT_EQ(go.waiting(), 0U);
}

TEST_F(scope_test, a_child_that_is_woken_and_cancelled_from_outside_the_executor_ends_once) {
    scope children(context.get_executor());
    children.spawn(wait_for_ever(go, log, 'x'));
    context.poll();
    go.notify_all();
    children.cancel();
    context.poll();
    EXPECT_EQ(log, "x");
    EXPECT_EQ(children.running(), 0U);
}

TEST_F(scope_test, a_child_that_is_cancelled_before_its_first_step_never_takes_it) {
    scope children(context.get_executor());
    children.spawn(wait_for_ever(go, log, 'x'));
    children.cancel();
    context.poll();
    EXPECT_EQ(log, "");
    EXPECT_EQ(children.running(), 0U);
}

TEST_F(scope_test, what_is_spawned_after_cancel_never_starts) {
    scope children(context.get_executor());
    children.cancel();
    children.spawn(wait_for_ever(go, log, 'x'));
    context.poll();
    EXPECT_EQ(log, "");
    EXPECT_EQ(children.running(), 0U);
}

}  // namespace
}  // namespace verdikt::runtime
