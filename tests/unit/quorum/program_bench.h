/// A machine on which a test runs a piece of program to its end, again and again.
#pragma once

#include "runtime/sim/world.h"

#include <gtest/gtest.h>

#include <exception>
#include <functional>

namespace verdikt::broker::quorum {

class program_test : public testing::Test {
  protected:
    using body = std::function<runtime::awaitable<void>(runtime::environment&)>;

    /// One life; what leaves the body as an exception fails the test.
    void run(const body& what) {
        machine.start([what](runtime::environment& world) { return what(world); });
        universe.run(machine.until_stopped());
        if (machine.failure()) std::rethrow_exception(machine.failure());
    }

    runtime::sim::world universe{1};
    runtime::sim::node& machine = universe.add_node("node-1");
};

}  // namespace verdikt::broker::quorum
