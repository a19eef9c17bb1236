#include "broker/controller/active_controller.h"

#include "broker/controller/alter_partition.h"
#include "broker/controller/configs.h"
#include "broker/controller/elections.h"
#include "broker/controller/features.h"
#include "broker/controller/heartbeat.h"
#include "broker/controller/log_directories.h"
#include "broker/controller/producer_ids.h"
#include "broker/controller/reassignment.h"
#include "broker/controller/registration.h"
#include "broker/controller/topics.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;

active_controller::active_controller(controller_settings settings, const config_rules& rules)
    : settings_(std::move(settings)), rules_(rules), sessions_(settings_.session_timeout) {}

template <typename Decide>
auto active_controller::decide(moment when, Decide decide) {
    CHECK(appended_.has_value());
    draft into(*appended_, settings_, {.offset = when.log_end, .epoch = epoch_});
    using answer = std::invoke_result_t<Decide, draft&>;
    decision<answer> result{.records = {}, .answer = decide(into)};
    result.records = into.take();
    last_event_ = std::max(last_event_, when.now);
    return result;
}

decision<no_answer> active_controller::activate(metadata::image committed,
                                                kafka::leader_epoch epoch,
                                                moment when) {
    CHECK(committed.position().offset < when.log_end);
    appended_ = std::move(committed);
    epoch_ = epoch;
    last_event_ = when.now;
    next_balance_ = when.now + settings_.leader_imbalance_check_interval;
    sessions_.clear();
    // Those that shut down may have told the others enough, but only before this controller's time.
    const kafka::offset so_far = appended_->position().offset;
    for (const auto& [which, broker] : appended_->brokers()) {
        if (broker.fenced) continue;
        sessions_.heard(which, when.now, kafka::no_offset).shutdown_offset = so_far;
    }
    return decide(when, [&](draft& into) {
        begin_cluster(into);
        return no_answer{};
    });
}

void active_controller::deactivate() {
    appended_.reset();
    sessions_.clear();
}

decision<messages::broker_registration_response> active_controller::register_broker(
    const messages::broker_registration_request& request, moment when) {
    return decide(when, [&](draft& into) {
        return controller::register_broker(into, sessions_, request, when.now);
    });
}

decision<messages::unregister_broker_response> active_controller::unregister_broker(
    const messages::unregister_broker_request& request, moment when) {
    return decide(
        when, [&](draft& into) { return controller::unregister_broker(into, sessions_, request); });
}

decision<messages::broker_heartbeat_response> active_controller::heartbeat(
    const messages::broker_heartbeat_request& request, moment when) {
    return decide(when, [&](draft& into) {
        return controller::heartbeat(into, sessions_, request, when.now);
    });
}

void active_controller::connection_lost(kafka::node_id broker,
                                        kafka::broker_epoch epoch,
                                        runtime::instant now) {
    suspect(broker, epoch, now, settings_.lost_connection_grace);
}

void active_controller::process_ended(kafka::node_id broker,
                                      kafka::broker_epoch epoch,
                                      runtime::instant now) {
    suspect(broker, epoch, now, runtime::duration::zero());
}

void active_controller::suspect(kafka::node_id broker,
                                kafka::broker_epoch epoch,
                                runtime::instant now,
                                runtime::duration grace) {
    const metadata::broker_registration* present = appended().find_broker(broker);
    if (present == nullptr || present->epoch != epoch) return;
    sessions_.suspect(broker, now, grace);
}

decision<no_answer> active_controller::tick(moment when) {
    // A controller that stood still heard of nobody. What the brokers sent meanwhile is still to be
    // read, and to fence all of them for its own pause would stop the cluster.
    const runtime::duration pause = when.now - last_event_;
    if (pause > settings_.session_timeout / 2) sessions_.forgive(pause);
    return decide(when, [&](draft& into) {
        fence_silent_brokers(into, sessions_, when.now);
        if (when.now >= next_balance_) {
            next_balance_ = when.now + settings_.leader_imbalance_check_interval;
            if (settings_.auto_leader_rebalance_enable) balance_leaders(into);
        }
        return no_answer{};
    });
}

runtime::instant active_controller::next_tick() const {
    // Often enough to tell its own pauses from the brokers' silence.
    runtime::instant next = std::min(next_balance_, last_event_ + settings_.session_timeout / 4);
    if (const auto fencing = next_fencing(appended(), sessions_)) next = std::min(next, *fencing);
    return next;
}

decision<messages::alter_partition_response> active_controller::alter_partition(
    const messages::alter_partition_request& request, moment when) {
    return decide(when, [&](draft& into) { return controller::alter_partition(into, request); });
}

decision<messages::assign_replicas_to_dirs_response> active_controller::assign_replicas_to_dirs(
    const messages::assign_replicas_to_dirs_request& request, moment when) {
    return decide(when,
                  [&](draft& into) { return controller::assign_replicas_to_dirs(into, request); });
}

decision<messages::allocate_producer_ids_response> active_controller::allocate_producer_ids(
    const messages::allocate_producer_ids_request& request, moment when) {
    return decide(when,
                  [&](draft& into) { return controller::allocate_producer_ids(into, request); });
}

decision<messages::create_topics_response> active_controller::create_topics(
    const messages::create_topics_request& request, moment when, runtime::random_source& chance) {
    return decide(when, [&](draft& into) {
        return controller::create_topics(into, rules_, request, chance);
    });
}

decision<messages::create_partitions_response> active_controller::create_partitions(
    const messages::create_partitions_request& request,
    moment when,
    runtime::random_source& chance) {
    return decide(
        when, [&](draft& into) { return controller::create_partitions(into, request, chance); });
}

decision<messages::delete_topics_response> active_controller::delete_topics(
    const messages::delete_topics_request& request, moment when) {
    return decide(when, [&](draft& into) { return controller::delete_topics(into, request); });
}

decision<messages::incremental_alter_configs_response> active_controller::incremental_alter_configs(
    const messages::incremental_alter_configs_request& request, moment when) {
    return decide(when, [&](draft& into) {
        return controller::incremental_alter_configs(into, rules_, request);
    });
}

decision<messages::alter_configs_response> active_controller::alter_configs(
    const messages::alter_configs_request& request, moment when) {
    return decide(when,
                  [&](draft& into) { return controller::alter_configs(into, rules_, request); });
}

decision<messages::elect_leaders_response> active_controller::elect_leaders(
    const messages::elect_leaders_request& request, moment when) {
    return decide(when, [&](draft& into) { return controller::elect_leaders(into, request); });
}

decision<messages::alter_partition_reassignments_response> active_controller::reassign_partitions(
    const messages::alter_partition_reassignments_request& request, moment when) {
    return decide(when,
                  [&](draft& into) { return controller::reassign_partitions(into, request); });
}

decision<messages::list_partition_reassignments_response> active_controller::list_reassignments(
    const messages::list_partition_reassignments_request& request) const {
    return {.records = {}, .answer = controller::list_reassignments(appended(), request)};
}

decision<messages::update_features_response> active_controller::update_features(
    const messages::update_features_request& request, moment when) {
    return decide(when, [&](draft& into) { return controller::update_features(into, request); });
}

}  // namespace verdikt::broker::controller
