/// Carries out the effects of one node's state machine.
#pragma once

#include "tests/sim/replication/replica_node.h"

namespace verdikt::broker::replication {

class node_effects {
  public:
    explicit node_effects(replica_node& node) : node_(node) {}

    void operator()(const assign_epoch& wanted);
    void operator()(const advance_high_watermark& wanted);
    void operator()(const answer_produce& wanted);
    void operator()(const answer_deletion& wanted);
    void operator()(const send_alter_partition& wanted);
    void operator()(const send_fetch& wanted);
    void operator()(const append_fetched& wanted);
    void operator()(const truncate_log& wanted);
    void operator()(const restart_log& wanted);
    void operator()(const raise_log_start& wanted);
    void operator()(const ask_leader_bounds& wanted);

  private:
    void settled();
    void note_cut(kafka::offset to, bool below_high_watermark);
    void note_alter_outcome(const send_alter_partition& request, const alter_outcome& outcome);

    replica_node& node_;
};

}  // namespace verdikt::broker::replication
