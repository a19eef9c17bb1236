/// Tests of faults in a lab: three brokers in namespaces, and what one asks of them.
#pragma once

#include "nemesis/nemesis.h"
#include "tests/nemesis/isolated.h"
#include "workloads/load_options.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::tests {

[[nodiscard]] std::unique_ptr<nemesis::lab> three_brokers(runtime::real::world& world,
                                                          const std::filesystem::path& folder,
                                                          bool own_network = true);

using lab_body = std::function<runtime::awaitable<void>(runtime::real::world&, nemesis::lab&)>;

/// Starts the lab, and stops it whatever happens.
runtime::awaitable<void> within(runtime::real::world& world,
                                nemesis::lab& where,
                                const lab_body& body);

[[nodiscard]] std::set<std::int32_t> node_set(const nemesis::lab& where);
/// Of clients of that lab.
[[nodiscard]] workloads::load_options load_of(const nemesis::lab& where);

/// Waits until there is one.
runtime::awaitable<std::int32_t> controller_of(runtime::real::world& world, nemesis::lab& where);
/// Until each of its partitions has a leader and all three replicas are in sync; it may be there
/// already.
runtime::awaitable<std::expected<void, std::string>> make_topic(runtime::real::world& world,
                                                                nemesis::lab& where,
                                                                std::string name,
                                                                runtime::duration patience);
/// Of a node's broker, as a shell names it: host/port.
[[nodiscard]] std::string shell_address(const nemesis::lab& where, std::int32_t node);
/// Whether a connection from one host to another's broker comes about.
runtime::awaitable<bool> connects(nemesis::lab& where, std::int32_t from, std::int32_t to);

runtime::awaitable<nemesis::evidence> applied(nemesis::lab& where,
                                              nemesis::act_id act,
                                              nemesis::placed_fault what);
runtime::awaitable<nemesis::evidence> healed(nemesis::lab& where,
                                             nemesis::act_id act,
                                             std::int32_t host);

class lab_test : public testing::Test {
  protected:
    void in_lab(identity who, const lab_body& body);

    shared_folder folder_;
};

/// Each fault alone: as an ordinary user, who can do less, where the kernel allows that.
class lab_here : public lab_test {
  protected:
    void SetUp() override;

    void in_lab(const lab_body& body) { lab_test::in_lab(who_, body); }
    /// Skips the test, with the lab's reason, where that kind of fault is refused.
    void in_lab_with(nemesis::fault_kind kind, const lab_body& body);

  private:
    identity who_ = identity::user;
};

}  // namespace verdikt::tests
