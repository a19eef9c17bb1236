/// A partition under attack: clients write, everything breaks, then the weather clears and the
/// judge looks at what is left.
#pragma once

#include "tests/sim/replication/world.h"

#include <cstdint>
#include <set>

namespace verdikt::broker::replication {

class storm {
  public:
    storm(const storm_settings& settings, runtime::random_source random, mark_table& marks)
        : world_(settings, random, marks) {}

    void run();
    [[nodiscard]] const judge& verdict() const { return world_.verdict; }

  private:
    void write();
    void watch();
    void make_trouble();
    void one_trouble();
    void crash_one(kafka::node_id which);
    void everybody_loses_power();
    void cut_something(kafka::node_id which);
    void restart_later(kafka::node_id which);
    void calm_down();
    void check_recovered();
    [[nodiscard]] bool may_crash() const;
    [[nodiscard]] bool may_lose_its_tail(kafka::node_id which) const;
    [[nodiscard]] kafka::node_id any_node();
    [[nodiscard]] kafka::node_id target();
    void misbehave();

    world world_;
    std::uint64_t last_value_ = 0;
    bool over_ = false;
    bool final_write_done_ = false;
    std::set<kafka::node_id> lost_tails_;  ///< Not registered again since.
};

}  // namespace verdikt::broker::replication
