/// Operations on a simulated disk on their way: when they happen, and what they do then.
///
/// Lives in its disk. An operation lives in the coroutine that waits for it, which is not woken
/// before it is over; its effect takes place at one instant, the one of its completion. Those on
/// one file complete in the order in which they began. While the disk hangs they pile up here.
#pragma once

#include "runtime/sim/directory_tree.h"
#include "runtime/sim/disk.h"
#include "runtime/sim/event_queue.h"
#include "runtime/sim/pending_wait.h"

#include <cstdint>
#include <vector>

namespace verdikt::runtime::sim {

class disk_job : public event, public pending_wait {
  public:
    disk_job(sim::disk& on, disk_operation kind) : disk_(on), kind_(kind) {}

    /// Sets it going, `bytes` long, to complete no earlier than `after`, which it moves on.
    void begin(instant& after, std::uint64_t bytes);
    /// The process died while it was under way; the kernel completes it all the same, if the disk
    /// lets it.
    void complete_unattended();
    /// The process died; the kernel had done some part of it.
    void be_cut_short();

  protected:
    ~disk_job();

    /// Does some part of it, or none.
    virtual void cut_short() = 0;

    /// Does it, faults and all.
    virtual void perform() = 0;

    sim::disk& disk_;

  private:
    friend class disk_work;

    void fire() final;

    disk_operation kind_;
    bool parked_ = false;
};

class disk_work {
  public:
    explicit disk_work(world& in) : world_(in) {}

    /// Returns when it will be over.
    instant schedule(disk_job& job, duration latency, instant after);
    void hang() { hung_ = true; }
    void thaw();
    [[nodiscard]] bool hung() const { return hung_; }
    void park(disk_job& job);
    void forget(disk_job& job);

  private:
    world& world_;
    bool hung_ = false;
    std::vector<disk_job*> parked_;  ///< In the order in which they came due.
};

}  // namespace verdikt::runtime::sim
