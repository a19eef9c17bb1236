#include "runtime/sim/disk_work.h"

#include "runtime/check.h"
#include "runtime/sim/world.h"

#include <algorithm>
#include <utility>

namespace verdikt::runtime::sim {

disk_job::~disk_job() {
    if (parked_) disk_.work().forget(*this);
}

void disk_job::begin(instant& after, std::uint64_t bytes) {
    after = disk_.work().schedule(*this, disk_.draw_latency(kind_, bytes), after);
}

void disk_job::complete_unattended() {
    unschedule();
    if (!disk_.work().hung()) perform();
}

void disk_job::be_cut_short() {
    unschedule();
    if (!disk_.work().hung()) cut_short();
}

void disk_job::fire() {
    if (disk_.work().hung()) {
        parked_ = true;
        disk_.work().park(*this);
        return;
    }
    perform();
    finish();
}

instant disk_work::schedule(disk_job& job, duration latency, instant after) {
    const instant due = std::max(world_.now() + latency, after);
    world_.events().schedule(job, due);
    return due;
}

void disk_work::thaw() {
    hung_ = false;
    for (disk_job* job : std::exchange(parked_, {})) {
        job->parked_ = false;
        world_.events().schedule(*job, world_.now());
    }
}

void disk_work::park(disk_job& job) {
    parked_.push_back(&job);
}

void disk_work::forget(disk_job& job) {
    std::erase(parked_, &job);
}

}  // namespace verdikt::runtime::sim
