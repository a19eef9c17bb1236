/// What a case of the contract suite runs on: one node of one of the two worlds.
///
/// Each fixture of the suite is parameterised by `worlds()`, so every case runs in the real and in
/// the simulated world and may not tell them apart.
#pragma once

#include "runtime/environment.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace verdikt::runtime {

class bench {
  public:
    virtual ~bench() = default;

    [[nodiscard]] virtual environment& world() = 0;

    /// Drives the executor until `main` has ended; throws what `main` threw.
    virtual void run(awaitable<void> main) = 0;

    /// An empty directory of the node, of this bench's own.
    [[nodiscard]] virtual std::filesystem::path directory() const = 0;

    /// The name under which the node listens and reaches itself.
    [[nodiscard]] virtual std::string host() const = 0;
};

struct world_under_test {
    std::string name;
    std::unique_ptr<bench> (*make)();

    /// For GoogleTest, which else prints its bytes, addresses among them, into the test's name.
    friend void PrintTo(const world_under_test& which, std::ostream* out) { *out << which.name; }
};

/// Every world that keeps the contract.
[[nodiscard]] std::vector<world_under_test> worlds();

class world_test : public testing::TestWithParam<world_under_test> {
  protected:
    environment& world() { return bench_->world(); }
    std::filesystem::path directory() const { return bench_->directory(); }
    endpoint anywhere() const { return {.host = bench_->host(), .port = 0}; }
    void run(awaitable<void> main) { bench_->run(std::move(main)); }

  private:
    std::unique_ptr<bench> bench_ = GetParam().make();
};

inline std::string name_of_world(const testing::TestParamInfo<world_under_test>& world) {
    return world.param.name;
}

}  // namespace verdikt::runtime
