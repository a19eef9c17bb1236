/// A node of the simulated world to run a case on.
#pragma once

#include "runtime/sim/world.h"
#include "tests/unit/runtime/bench.h"

namespace verdikt::runtime {

class sim_bench final : public bench {
  public:
    sim_bench();

    [[nodiscard]] environment& world() override { return node_.current(); }
    void run(awaitable<void> main) override { universe_.run(std::move(main)); }
    [[nodiscard]] std::filesystem::path directory() const override { return "/case"; }
    [[nodiscard]] std::string host() const override { return node_.name(); }

  private:
    sim::world universe_{1};
    sim::node& node_;
};

}  // namespace verdikt::runtime
