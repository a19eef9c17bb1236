/// What holds of the active controller's image after every decision.
#include "broker/controller/active_controller.h"
#include "runtime/check.h"

namespace verdikt::broker::controller {

namespace {

void check_partition(const metadata::image& image,
                     const metadata::topic& topic,
                     const metadata::partition& each,
                     std::int64_t min_insync_replicas) {
    for (const kafka::node_id member : each.isr)
        CHECK(image.is_electable(each, member), "{}: {} in sync, but not able", topic.name, member);
    for (const kafka::node_id member : each.eligible)
        CHECK(image.find_broker(member) != nullptr, "{}: {} unregistered", topic.name, member);
    CHECK(each.leader != kafka::no_node || each.isr.empty(), "{}: nobody leads", topic.name);
    CHECK(each.leader == kafka::no_node || each.last_known_eligible.empty(), "{}", topic.name);
    const auto enough = metadata::effective_min_isr(min_insync_replicas, each);
    CHECK(
        each.eligible.empty() || each.isr.size() < enough, "{}: eligible for nothing", topic.name);
}

}  // namespace

void active_controller::check_invariants() const {
    if (!is_active()) return;
    appended_->check_invariants();
    for (const auto& [id, topic] : appended_->topics()) {
        const std::int64_t minimum = min_insync_replicas(*appended_, settings_, topic.name);
        for (const auto& each : topic.partitions) check_partition(*appended_, topic, each, minimum);
    }
    for (const auto& [which, broker] : appended_->brokers()) {
        const bool watched = broker.fenced || sessions_.find(which) != nullptr;
        CHECK(watched, "broker {} serves without a session", which);
    }
}

}  // namespace verdikt::broker::controller
